//! Accounts with branches: everything of theirs is asked and done at the vendor; agents of this server have none.

use axum::Router;
use axum::http::Method;
use axum::routing::{MethodFilter, on};

use super::AppState;
use super::error::ApiError;

/// Below an agent: what only an account with branches knows, and what is done there.
pub(super) const ROUTES: [(Method, &str, &str); 11] = [
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
pub(super) fn routes() -> Router<AppState> {
    ROUTES.into_iter().fold(Router::new(), |router, (method, path, _)| {
        let filter = MethodFilter::try_from(method).unwrap_or(MethodFilter::GET);
        router.route(path, on(filter, without_branches))
    })
}

/// Agents of this server have versions.
async fn without_branches() -> ApiError {
    ApiError::not_found("This agent has versions, not branches.")
}
