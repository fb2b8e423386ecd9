//! Recordings, from files beside the database.

use std::path::PathBuf;

use axum::body::Body;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::header;
use axum::response::Response;
use callscope_core::session::ErrorAnswer;
use tower::ServiceExt as _;
use tower_http::services::ServeFile;

use super::AppState;
use super::caller::Caller;
use super::calls;
use super::error::ApiError;
use super::query::Query;
use crate::db::now_ms;

/// The recording of a call, whole or the range that is asked for.
#[utoipa::path(get, path = "/atoms/v1/conversation/{callId}/recording", tag = "Calls", security(("session" = []), ("key" = [])), params(
    ("callId" = String, Path, description = "The call."),
    ("channels" = Option<String>, Query, description = "dual for a channel for each voice."),
), responses(
    (status = 200, content_type = "audio/wav"), (status = 206, content_type = "audio/wav"), (status = 400, body = ErrorAnswer),
    (status = 401, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
    (status = 416), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn play(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, ApiError> {
    let query = Query::read(query.as_deref(), &["channels"])?;
    let details = calls::find(&state, &caller, &id).await?.details;
    let file = match query.get("channels") {
        None | Some("mono") => details.recording,
        Some("dual") => details.recording_dual,
        Some(_) => return Err(ApiError::parameter("channels", "must be mono or dual")),
    };
    let missing = || ApiError::not_found("This call has no recording.");
    if details.recording_ready_ms > now_ms() {
        return Err(ApiError::not_found("The recording of this call is not there yet."));
    }
    let path = path(&state, &file.ok_or_else(missing)?).ok_or_else(missing)?;
    let Ok(response) = ServeFile::new(path).oneshot(request).await;
    if response.status() == axum::http::StatusCode::NOT_FOUND {
        return Err(missing());
    }
    let mut response = response.map(Body::new);
    // Whoever signs out takes the right to hear it along.
    response.headers_mut().remove(header::LAST_MODIFIED);
    Ok(response)
}

/// Where a recording lies. A name that is more than a name of a file leads nowhere.
fn path(state: &AppState, name: &str) -> Option<PathBuf> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_name = !name.starts_with('.') && !name.is_empty() && name.chars().all(is_plain);
    state.config.recordings.as_ref().filter(|_| is_name).map(|folder| folder.join(name))
}
