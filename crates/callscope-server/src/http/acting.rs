//! What is done to an agent: who may, what goes on record, and whether it is done here or at the vendor.
//!
//! What is done is put on record before, and ended once it is known how it ended. What a vendor did not answer
//! to stays without an end: nobody knows whether it was done.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{MatchedPath, OriginalUri, RawPathParams, Request, State};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use callscope_core::session::{Role, parse_errors};
use serde_json::Value;

use super::agents;
use super::caller::Caller;
use super::error::ApiError;
use super::relay::{self, Relay};
use super::{AppState, MOST_BYTES};
use crate::db::{AgentRow, AuditEvent, DONE, now_ms};

/// Nobody waits longer for versions to be brought.
const LONGEST_BRINGING: Duration = Duration::from_secs(5);
/// The longest answer that is looked into for what was done.
const MOST_ANSWER: usize = 1 << 20;

/// Below an agent: what is done by a method at an address.
const ACTIONS: [(Method, &str, &str); 12] = [
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
    params: Result<RawPathParams, RawPathParamsRejection>,
    OriginalUri(uri): OriginalUri,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let params = params.map_err(|_| ApiError::not_found("There is nothing at this address."))?;
    let mut values = params.iter().map(|(_, value)| value.to_owned());
    let agent = agents::find(&state, &caller, &values.next().unwrap_or_default()).await?;
    let below = matched.as_str().split_once("/agent/{id}").map_or("", |(_, below)| below).to_owned();
    let subject = values.last();
    let is_passable = params.iter().all(|(_, value)| relay::is_id(value));
    let at_vendor = async || match Relay::of(&state, &agent).await? {
        Some(_) if !is_passable => Err(relay::no_id()),
        relay => Ok(relay),
    };
    request.extensions_mut().insert(caller.clone());
    if request.method() == Method::GET || request.method() == Method::HEAD {
        let relay = if relay::is_read_there(&below, uri.query()) { at_vendor().await? } else { None };
        return match relay {
            Some(relay) => relay.read(&uri).await,
            None => Ok(next.run(request).await),
        };
    }
    caller.must(Role::Editor, &agent.organisation_id)?;
    let known = ACTIONS.iter().find(|(method, path, _)| method == request.method() && *path == below);
    // A method that the address does not know: its own refusal is the answer.
    let Some((_, _, action)) = known else { return Ok(next.run(request).await) };
    let relay = at_vendor().await?;
    let doing = Doing { state: state.clone(), action, agent, subject, relay, uri, who: caller.who };
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
        let number = self.state.db.begin_event(&self.event(&body), now_ms()).await?;
        let (response, is_known) = match &self.relay {
            Some(relay) => relay.write(parts.method, &self.uri, body.to_vec()).await,
            // What fails here is undone here.
            None => (next.run(Request::from_parts(parts, Body::from(body))).await, true),
        };
        let response = if is_known { self.recorded(number, response).await } else { response };
        if response.status().is_success() && !self.action.starts_with("draft.") {
            self.bring_versions().await;
        }
        Ok(response)
    }

    fn event(&self, body: &[u8]) -> AuditEvent {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let named = match self.action {
            PUBLISHED => body.get("label"),
            "draft.created" | "draft.renamed" => body.get("draftName"),
            _ => None,
        };
        let named = named.and_then(Value::as_str).filter(|name| !name.trim().is_empty());
        AuditEvent {
            organisation_id: self.agent.organisation_id.clone(),
            who: self.who.clone(),
            action: self.action,
            agent_id: Some(self.agent.id.clone()),
            subject: self.subject.clone(),
            detail: named.map(str::to_owned),
        }
    }

    /// Says on record how it ended, by the answer, and gives the answer on. It was done or not by then: what fails
    /// here is logged, and the answer is the same.
    async fn recorded(&self, number: i64, response: Response) -> Response {
        let status = response.status();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let looked_at = bytes.get(..bytes.len().min(MOST_ANSWER)).unwrap_or_default();
        // Some servers refuse with a status of success.
        let answer: Value = serde_json::from_slice(looked_at).unwrap_or_default();
        let is_done = status.is_success() && answer.get("status") != Some(&Value::Bool(false));
        let outcome = if is_done {
            DONE.to_owned()
        } else {
            let why = parse_errors(looked_at).into_iter().next().unwrap_or_else(|| reason(status).to_owned());
            format!("refused: {}", why.chars().take(300).collect::<String>())
        };
        let made = made(&answer).filter(|_| is_done);
        if let Err(error) = self.state.db.end_event(number, &outcome, made).await {
            tracing::error!(%error, number, "how it ended could not be put on record");
        }
        Response::from_parts(parts, Body::from(bytes))
    }

    /// What was done shows on the other pages at once, not after the next time that calls are brought; unless the
    /// vendor is slow, since whoever did it waits.
    async fn bring_versions(&self) {
        let Some(relay) = &self.relay else { return };
        let brought = relay.bring_versions(&self.state, &self.agent);
        match tokio::time::timeout(LONGEST_BRINGING, brought).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(agent = self.agent.id, "the versions could not be brought: {error}"),
            Err(_) => tracing::warn!(agent = self.agent.id, "the versions were not brought in time"),
        }
    }
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("for no reason")
}

/// The id of what an answer says was made: a version, a draft, or a revision.
fn made(answer: &Value) -> Option<&str> {
    let places = ["/data/draftId", "/data/revision/_id", "/data/_id"];
    places.into_iter().find_map(|place| answer.pointer(place)?.as_str())
}
