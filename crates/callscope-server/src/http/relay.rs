//! Agents of a connected account: what is asked of their configurations is asked of the vendor, with the
//! organisation's key, and the vendor's words come back. The browser never holds the key.

use axum::body::Body;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use callscope_core::postcall::{LiveConfig, parse_live};

use super::AppState;
use super::error::ApiError;
use crate::db::{Agent, AgentRow};
use crate::sync::{self, SyncError};
use crate::vendor::{Atoms, Forwarded, Patience, VendorError};

/// Below an agent: what is read at the vendor, since it changes there. Versions are read here, where they have been
/// brought, unless the question says `fresh`.
const READ_THERE: [&str; 11] = [
    "/post-call-analytics",
    "/drafts",
    "/drafts/{draftId}",
    "/drafts/{draftId}/diff",
    "/versions/{versionId}",
    "/diff",
    "/branches",
    "/branches/{branchId}",
    "/branches/{branchId}/draft",
    "/branches/{branchId}/revisions",
    "/branches/{branchId}/revisions/{revisionId}",
];

/// The account that an agent is at.
pub(super) struct Relay {
    vendor: Atoms,
}

/// Whether a question below an agent is asked at the vendor.
pub(super) fn is_read_there(below: &str, query: Option<&str>) -> bool {
    let is_fresh = || query.unwrap_or_default().split('&').any(|pair| pair == "fresh=true");
    READ_THERE.contains(&below) || (below == "/versions" && is_fresh())
}

/// What is live of an agent of a connected account; none where the agent is this server's own.
pub(super) async fn live(state: &AppState, agent: &AgentRow) -> Result<Option<LiveConfig>, ApiError> {
    let Some(relay) = Relay::of(state, agent).await? else { return Ok(None) };
    let bytes = relay.vendor.agent(&agent.id).await.map_err(ApiError::vendor)?;
    parse_live(&bytes).map(Some).map_err(ApiError::vendor)
}

impl Relay {
    /// The account that an agent is at; none where it is this server's own.
    pub(super) async fn of(state: &AppState, agent: &AgentRow) -> Result<Option<Self>, ApiError> {
        Self::of_organisation(state, &agent.organisation_id).await
    }

    /// The account of an organisation; none where it has none.
    pub(super) async fn of_organisation(state: &AppState, id: &str) -> Result<Option<Self>, ApiError> {
        let Some(connection) = state.db.connection_of(id).await? else { return Ok(None) };
        let vendor = state.config.clients.atoms(&connection, Patience::AT_A_PAGE).map_err(|error| {
            tracing::warn!(organisation = connection.organisation_name, "{error:#}");
            ApiError::vendor("its key is not to be had where the server runs")
        })?;
        Ok(vendor.map(|vendor| Self { vendor }))
    }

    /// The account itself.
    pub(super) fn vendor(&self) -> &Atoms {
        &self.vendor
    }

    /// What the vendor answers to a question.
    pub(super) async fn read(&self, uri: &Uri) -> Result<Response, ApiError> {
        let passed = self.vendor.forward(Method::GET, path(uri), None).await.map_err(ApiError::vendor)?;
        Ok(response(passed))
    }

    /// What the vendor answers to a change, and whether it is known what became of it.
    pub(super) async fn write(&self, method: Method, uri: &Uri, body: Vec<u8>) -> (Response, bool) {
        let body = (!body.is_empty()).then_some(body);
        match self.vendor.forward(method, path(uri), body).await {
            Ok(answer) if answer.status >= 500 || answer.status == 408 => (unknown(&failed(answer.status)), false),
            Ok(answer) => (response(answer), true),
            // It was not done: nobody let it in.
            Err(error @ (VendorError::Unauthorized | VendorError::NotSent(_))) => {
                (ApiError::vendor(error).into_response(), true)
            }
            Err(error) => (unknown(&error.to_string()), false),
        }
    }

    /// Brings the versions of an agent.
    pub(super) async fn bring_versions(&self, state: &AppState, of: &AgentRow) -> Result<(), SyncError> {
        let agent = Agent {
            id: of.id.clone(),
            organisation_id: of.organisation_id.clone(),
            name: of.name.clone(),
            status: of.status.clone(),
        };
        sync::bring_versions(&state.db, &self.vendor, &agent).await
    }
}

/// Whether a part of an address can be passed on: an id as vendors make them. What else it held, such as two dots,
/// might lead elsewhere there.
pub(super) fn is_id(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    !text.is_empty() && text.bytes().all(is_plain) && !text.bytes().all(|byte| byte == b'.')
}

/// 404: no vendor has such an id.
pub(super) fn no_id() -> ApiError {
    ApiError::not_found("There is nothing of this id.")
}

/// The address below the vendor's base, without what is meant for this server.
fn path(uri: &Uri) -> &str {
    let path = uri.path_and_query().map_or("", axum::http::uri::PathAndQuery::as_str);
    path.strip_prefix("/atoms/v1").unwrap_or(path)
}

/// The vendor's words. That the vendor fails is no failure of this server.
fn response(answer: Forwarded) -> Response {
    if answer.status >= 500 {
        return ApiError::vendor(failed(answer.status)).into_response();
    }
    let mut response = Response::new(Body::from(answer.bytes));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(secs) = answer.retry_after_secs {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
    }
    response
}

fn failed(status: u16) -> String {
    format!("it failed ({status})")
}

/// A change that may have been made.
fn unknown(why: &str) -> Response {
    ApiError::vendor(format_args!("{why}; whether it was done is not known, look before doing it again"))
        .into_response()
}
