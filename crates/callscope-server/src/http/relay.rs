//! Agents of a connected account: what is asked of their configurations is asked of the vendor, with the
//! organisation's key, and the vendor's words come back. The browser never holds the key.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, on};
use callscope_core::postcall::{LiveConfig, parse_live};

use super::AppState;
use super::error::ApiError;
use crate::db::{Agent, AgentRow};
use crate::sync::{self, SyncError};
use crate::vendor::{Atoms, Passed, Patience, VendorError};

/// The longest answer that is passed back.
pub(super) const MOST_BYTES: usize = 64 << 20;

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

/// The account that a question of an agent goes to; none where it is answered here.
pub(super) async fn of_reading(
    state: &AppState,
    agent: &AgentRow,
    below: &str,
    query: Option<&str>,
) -> Result<Option<Relay>, ApiError> {
    let is_fresh = || query.unwrap_or_default().split('&').any(|pair| pair == "fresh=true");
    let is_read_there = READ_THERE.contains(&below) || (below == "/versions" && is_fresh());
    if is_read_there { of_writing(state, agent).await } else { Ok(None) }
}

/// The account that an agent is at; none where it is this server's own.
pub(super) async fn of_writing(state: &AppState, agent: &AgentRow) -> Result<Option<Relay>, ApiError> {
    let Some(connection) = state.db.connection_of(&agent.organisation_id).await? else { return Ok(None) };
    let vendor = state.config.accounts.atoms(&connection, Patience::AT_A_PAGE).map_err(|error| {
        tracing::warn!(organisation = connection.organisation_name, "{error:#}");
        ApiError::vendor("its key is not to be had where the server runs")
    })?;
    Ok(vendor.map(|vendor| Relay { vendor }))
}

/// What is live of an agent of a connected account; none where the agent is this server's own.
pub(super) async fn live(state: &AppState, agent: &AgentRow) -> Result<Option<LiveConfig>, ApiError> {
    let Some(relay) = of_writing(state, agent).await? else { return Ok(None) };
    let bytes = relay.vendor.agent(&agent.id).await.map_err(ApiError::vendor)?;
    parse_live(&bytes).map(Some).map_err(ApiError::vendor)
}

impl Relay {
    /// What the vendor answers to a question.
    pub(super) async fn read(&self, uri: &Uri) -> Result<Response, ApiError> {
        let passed = self.vendor.pass(Method::GET, path(uri), None).await.map_err(ApiError::vendor)?;
        Ok(response(passed))
    }

    /// What the vendor answers to a change, and whether it is known what became of it.
    pub(super) async fn write(&self, method: Method, uri: &Uri, body: Vec<u8>) -> (Response, bool) {
        let body = (!body.is_empty()).then_some(body);
        match self.vendor.pass(method, path(uri), body).await {
            Ok(passed) => {
                let response = response(passed);
                let is_known = !response.status().is_server_error();
                (response, is_known)
            }
            // It was not done: nobody let it in.
            Err(VendorError::Unauthorized) => (ApiError::vendor(VendorError::Unauthorized).into_response(), true),
            Err(error) => {
                let why = format!("{error}; whether it was done is not known, look before doing it again");
                (ApiError::vendor(why).into_response(), false)
            }
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
fn response(passed: Passed) -> Response {
    let status = StatusCode::from_u16(passed.status).unwrap_or(StatusCode::BAD_GATEWAY);
    if status.is_server_error() {
        return ApiError::vendor(format_args!("it failed ({status})")).into_response();
    }
    let mut response = Response::new(Body::from(passed.bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(secs) = passed.retry_after_secs {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
    }
    response
}

/// Below an agent: what only an account with branches knows, and what is done there.
pub(super) const BRANCHES: [(Method, &str, &str); 11] = [
    (Method::GET, "/branches", "The branches of an agent."),
    (Method::GET, "/branches/{branchId}", "A branch."),
    (Method::POST, "/branches/{branchId}/live", "Lets a branch take the agent's calls."),
    (Method::GET, "/branches/{branchId}/draft", "The open draft of a branch."),
    (Method::PUT, "/branches/{branchId}/draft", "Changes the open draft of a branch, or opens one."),
    (Method::DELETE, "/branches/{branchId}/draft", "Throws the open draft of a branch away."),
    (Method::POST, "/branches/{branchId}/draft/publish", "Makes a revision of the open draft."),
    (Method::POST, "/branches/{branchId}/draft/publish/cancel", "Cancels publishing while it is checked."),
    (Method::GET, "/branches/{branchId}/revisions", "The revisions of a branch."),
    (Method::GET, "/branches/{branchId}/revisions/{revisionId}", "A revision."),
    (Method::GET, "/diff", "What changed between two revisions, or a revision and a draft."),
];

/// Their routes: where nothing is passed on, the agent is this server's own.
pub(super) fn branches() -> Router<AppState> {
    BRANCHES.into_iter().fold(Router::new(), |router, (method, path, _)| {
        let filter = MethodFilter::try_from(method).unwrap_or(MethodFilter::GET);
        router.route(path, on(filter, without_branches))
    })
}

/// Agents of this server have versions.
async fn without_branches() -> ApiError {
    ApiError::not_found("This agent has versions, not branches.")
}
