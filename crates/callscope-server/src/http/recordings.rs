//! Recordings: from files beside the database, or from the vendor of a connected account.

use std::path::PathBuf;

use axum::body::Body;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use callscope_core::session::ErrorAnswer;
use tower::ServiceExt as _;
use tower_http::services::ServeFile;

use super::AppState;
use super::caller::Caller;
use super::calls;
use super::error::ApiError;
use super::query::Query;
use super::relay::Relay;
use crate::db::{AT_VENDOR, CallRow, ListedCall, now_ms};
use crate::vendor::VendorError;

/// The recording of a call, whole or the range that is asked for.
#[utoipa::path(get, path = "/atoms/v1/conversation/{callId}/recording", tag = "Calls", security(("session" = []), ("key" = [])), params(
    ("callId" = String, Path, description = "The call."),
    ("channels" = Option<String>, Query, description = "dual for a channel for each voice."),
), responses(
    (status = 200, content_type = "audio/wav"), (status = 206, content_type = "audio/wav"), (status = 400, body = ErrorAnswer),
    (status = 401, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
    (status = 416), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer), (status = 502, body = ErrorAnswer),
))]
pub(super) async fn play(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, ApiError> {
    let query = Query::read(query.as_deref(), &["channels"])?;
    let is_dual = match query.get("channels") {
        None | Some("mono") => false,
        Some("dual") => true,
        Some(_) => return Err(ApiError::parameter("channels", "must be mono or dual")),
    };
    let ListedCall { call, details, .. } = calls::find(&state, &caller, &id).await?;
    let file = if is_dual { details.recording_dual } else { details.recording };
    if file.as_deref() == Some(AT_VENDOR) {
        return from_vendor(&state, &call, is_dual, request.headers().get(header::RANGE)).await;
    }
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

fn missing() -> ApiError {
    ApiError::not_found("This call has no recording.")
}

/// A recording as the vendor gives it, passed on while it comes: the browser knows neither key nor address.
async fn from_vendor(
    state: &AppState,
    call: &CallRow,
    is_dual: bool,
    range: Option<&HeaderValue>,
) -> Result<Response, ApiError> {
    // Nothing of what was said is to be kept, and none to be heard.
    let connection = state.db.connection_of(&call.organisation_id).await?;
    if connection.is_none_or(|connection| !connection.keeps_transcripts) {
        return Err(missing());
    }
    let relay = Relay::of_organisation(state, &call.organisation_id).await?.ok_or_else(missing)?;
    let range = range.and_then(|range| range.to_str().ok());
    let sound = match relay.vendor().recording(&call.id, is_dual, range).await {
        Err(VendorError::NotFound(_)) => return Err(missing()),
        other => other.map_err(ApiError::vendor)?,
    };
    let mut headers = HeaderMap::new();
    for name in [header::CONTENT_LENGTH, header::CONTENT_RANGE, header::ACCEPT_RANGES] {
        if let Some(value) = sound.headers().get(&name) {
            headers.insert(name, value.clone());
        }
    }
    // Whatever the vendor calls it, it is no page.
    let kind = sound.headers().get(header::CONTENT_TYPE).filter(|kind| kind.as_bytes().starts_with(b"audio/"));
    headers.insert(header::CONTENT_TYPE, kind.cloned().unwrap_or(HeaderValue::from_static("application/octet-stream")));
    let status = StatusCode::from_u16(sound.status().as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
    Ok((status, headers, Body::from_stream(sound.bytes_stream())).into_response())
}

/// Where a recording lies. A name that is more than a name of a file leads nowhere.
fn path(state: &AppState, name: &str) -> Option<PathBuf> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_name = !name.starts_with('.') && !name.is_empty() && name.chars().all(is_plain);
    state.config.recordings.as_ref().filter(|_| is_name).map(|folder| folder.join(name))
}
