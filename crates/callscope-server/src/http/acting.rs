//! What is done to an agent: who may, what goes on record, and whether it is done here or at the vendor.
//!
//! A deed is put on record before it is done, and ended once it is known how it ended. What a vendor did not answer
//! to stays without an end: nobody knows whether it was done.

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, OriginalUri, RawPathParams, Request, State};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use callscope_core::session::{Role, parse_errors};
use serde_json::Value;

use super::AppState;
use super::agents;
use super::caller::Caller;
use super::error::ApiError;
use super::relay::{self, Relay};
use crate::db::{AgentRow, DONE, Deed, now_ms};

/// The longest body of a request.
const MOST_BYTES: usize = 64 * 1024;
/// The longest answer that is looked into for what was done.
const MOST_ANSWER: usize = 1 << 20;

/// Below an agent: what is done by a method at an address.
const DEEDS: [(Method, &str, &str); 12] = [
    (Method::POST, "/post-call-analytics", "metrics.set"),
    (Method::PATCH, "/versions/{versionId}/activate", "version.activated"),
    (Method::POST, "/drafts", "draft.created"),
    (Method::PATCH, "/drafts/{draftId}", "draft.renamed"),
    (Method::DELETE, "/drafts/{draftId}", "draft.discarded"),
    (Method::PATCH, "/drafts/{draftId}/config", "draft.changed"),
    (Method::POST, "/drafts/{draftId}/publish", PUBLISHED),
    (Method::PUT, "/branches/{branchId}/draft", "draft.changed"),
    (Method::DELETE, "/branches/{branchId}/draft", "draft.discarded"),
    (Method::POST, "/branches/{branchId}/draft/publish", PUBLISHED),
    (Method::POST, "/branches/{branchId}/draft/publish/cancel", "publishing.cancelled"),
    (Method::POST, "/branches/{branchId}/live", "version.activated"),
];
const PUBLISHED: &str = "version.published";

/// Lets through what may be done to an agent, puts it on record, and passes on what its vendor is to do.
pub(super) async fn at_agent(
    State(state): State<AppState>,
    caller: Caller,
    matched: MatchedPath,
    params: RawPathParams,
    OriginalUri(uri): OriginalUri,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let mut values = params.iter().map(|(_, value)| value.to_owned());
    let agent = agents::find(&state, &caller, &values.next().unwrap_or_default()).await?;
    let below = matched.as_str().split_once("/agent/{id}").map_or("", |(_, below)| below).to_owned();
    let subject = values.last();
    let is_passable = params.iter().all(|(_, value)| relay::is_id(value));
    request.extensions_mut().insert(caller.clone());
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return match relay::of_reading(&state, &agent, &below, uri.query()).await? {
            Some(relay) if is_passable => relay.read(&uri).await,
            Some(_) => Err(relay::no_id()),
            None => Ok(next.run(request).await),
        };
    }
    caller.must(Role::Editor, &agent.organisation_id)?;
    let known = DEEDS.iter().find(|(method, path, _)| method == request.method() && *path == below);
    // A method that the address does not know: its own refusal is the answer.
    let Some((_, _, action)) = known else { return Ok(next.run(request).await) };
    let relay = relay::of_writing(&state, &agent).await?;
    if relay.is_some() && !is_passable {
        return Err(relay::no_id());
    }
    let doing = Doing { state, action, agent, subject, relay, uri, who: caller.who };
    // Whoever asked may be gone before it ends; it ends all the same, and is on record.
    let done = tokio::spawn(doing.carry_out(request, next)).await;
    done.map_err(|error| ApiError::internal(&error))?
}

/// Something that is being done to an agent.
struct Doing {
    state: AppState,
    action: &'static str,
    agent: AgentRow,
    subject: Option<String>,
    /// The account where it is done; none where it is done here.
    relay: Option<Relay>,
    /// The address as it was asked, from the beginning.
    uri: Uri,
    who: String,
}

impl Doing {
    async fn carry_out(self, request: Request, next: Next) -> Result<Response, ApiError> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, MOST_BYTES).await;
        let body = body.map_err(|_| ApiError::bad_request(format!("The body is longer than {MOST_BYTES} bytes.")))?;
        let number = self.state.db.begin_deed(&self.deed(&body), now_ms()).await?;
        let (response, is_known) = match &self.relay {
            Some(relay) => relay.write(parts.method, &self.uri, body.to_vec()).await,
            // What fails here is undone here.
            None => (next.run(Request::from_parts(parts, Body::from(body))).await, true),
        };
        let response = if is_known { self.recorded(number, response).await? } else { response };
        if response.status().is_success() && !self.action.starts_with("draft.") {
            self.bring_versions().await;
        }
        Ok(response)
    }

    fn deed(&self, body: &[u8]) -> Deed {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let named = ["label", "draftName"].into_iter().find_map(|name| body.get(name)?.as_str());
        // A name is as long as a name: whatever else is sent in its place does not swell the record.
        let named = named.map(|name| name.chars().take(100).collect());
        Deed {
            organisation_id: self.agent.organisation_id.clone(),
            who: self.who.clone(),
            action: self.action,
            agent_id: Some(self.agent.id.clone()),
            subject: self.subject.clone(),
            detail: named,
        }
    }

    /// Ends the deed on record by what the answer says, and gives the answer on.
    async fn recorded(&self, number: i64, response: Response) -> Result<Response, ApiError> {
        let status = response.status();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, relay::MOST_BYTES).await.map_err(|error| ApiError::internal(&error))?;
        let looked_at = bytes.get(..bytes.len().min(MOST_ANSWER)).unwrap_or_default();
        let outcome = if status.is_success() {
            DONE.to_owned()
        } else {
            let why = parse_errors(looked_at).into_iter().next().unwrap_or_else(|| reason(status).to_owned());
            format!("refused: {}", why.chars().take(300).collect::<String>())
        };
        let made = if status.is_success() { made(looked_at) } else { None };
        self.state.db.end_deed(number, &outcome, made.as_deref()).await?;
        Ok(Response::from_parts(parts, Body::from(bytes)))
    }

    /// What was done shows on the other pages at once, not after the next time that calls are brought.
    async fn bring_versions(&self) {
        let Some(relay) = &self.relay else { return };
        if let Err(error) = relay.bring_versions(&self.state, &self.agent).await {
            tracing::warn!(agent = self.agent.id, "the versions could not be brought: {error}");
        }
    }
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("for no reason")
}

/// The id of what an answer says was made: a version, a draft, or a revision.
fn made(bytes: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(bytes).ok()?;
    let places = ["/data/draftId", "/data/revision/_id", "/data/_id"];
    places.into_iter().find_map(|place| answer.pointer(place)?.as_str()).map(str::to_owned)
}
