//! Accounts with branches: each has one open draft, and revisions behind it.

use callscope_core::agents::AgentVersion;
use callscope_core::diff::ConfigDiff;
use callscope_core::postcall::{
    Branch, DraftState, changed_config, parse_branches, parse_draft, parse_published, parse_revisions, parse_version,
};
use serde_json::{Value, json};

use super::versions::body;
use super::{Versioning, agent_url};
use crate::access::Method;
use crate::api::{Api, encoded};
use crate::error::{ClientError, Problem};

/// The live branch; the one that every agent has, where none is.
pub(super) async fn live(api: &Api, agent_id: &str) -> Result<Branch, ClientError> {
    let branches = parse_branches(&api.access.get(&format!("{}/branches", agent_url(api, agent_id))).await?)?;
    let chosen = branches.iter().find(|branch| branch.is_live).or_else(|| branches.iter().find(|of| of.is_default));
    chosen.cloned().ok_or_else(|| ClientError::new(Problem::NotFound, "This agent has no branch."))
}

fn branch_url(api: &Api, agent_id: &str, branch: &Branch) -> String {
    format!("{}/branches/{}", agent_url(api, agent_id), encoded(&branch.id))
}

pub(super) async fn revisions(api: &Api, agent_id: &str, branch: &Branch) -> Result<Vec<AgentVersion>, ClientError> {
    let url = format!("{}/revisions?limit=100", branch_url(api, agent_id, branch));
    let mut revisions = parse_revisions(&api.access.get(&url).await?)?;
    // The newest revision of the live branch is what takes the calls, and no revision says so itself.
    if let Some(newest) = revisions.first_mut().filter(|_| branch.is_live) {
        newest.is_active = true;
    }
    Ok(revisions)
}

pub(super) async fn drafts(api: &Api, agent_id: &str, branch: &Branch) -> Result<Vec<DraftState>, ClientError> {
    match api.access.get(&format!("{}/draft", branch_url(api, agent_id, branch))).await {
        Ok(bytes) => Ok(vec![of_branch(parse_draft(&bytes)?, branch)]),
        Err(error) if error.problem == Problem::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// The open draft. The server says what it changes, not what it asks: that follows from the revision
/// before it, where it can be told at all.
pub(super) async fn draft(of: &Versioning, branch: &Branch) -> Result<DraftState, ClientError> {
    let (api, agent_id) = (&*of.api, &*of.agent_id);
    let url = branch_url(api, agent_id, branch);
    let mut draft = of_branch(parse_draft(&api.access.get(&format!("{url}/draft")).await?)?, branch);
    if draft.config.is_none() {
        let Some(head) = head(api, agent_id, branch).await? else { return Ok(draft) };
        let before = parse_version(&api.access.get(&format!("{url}/revisions/{}", encoded(&head))).await?)?;
        let changes = since(of, branch, &head).await?;
        draft.config = changed_config(before.config, &changes);
        draft.source_version_id = Some(head);
    }
    Ok(draft)
}

/// What the open draft changes since a revision.
async fn since(of: &Versioning, branch: &Branch, revision: &str) -> Result<ConfigDiff, ClientError> {
    of.changes(revision, &format!("{}:draft", branch.id)).await
}

/// What the open draft changes since the branch's newest revision.
pub(super) async fn draft_changes(of: &Versioning, branch: &Branch) -> Result<ConfigDiff, ClientError> {
    match head(&of.api, &of.agent_id, branch).await? {
        Some(head) => since(of, branch, &head).await,
        None => Ok(ConfigDiff::default()),
    }
}

/// The newest revision, as it is now.
async fn head(api: &Api, agent_id: &str, branch: &Branch) -> Result<Option<String>, ClientError> {
    Ok(revisions(api, agent_id, branch).await?.first().map(|revision| revision.id.clone()))
}

/// A branch has one draft, known by the branch.
fn of_branch(draft: DraftState, branch: &Branch) -> DraftState {
    DraftState { id: branch.id.clone(), name: draft.name.or_else(|| Some(branch.name.clone())), ..draft }
}

/// The open draft where there is one; else one that is made by writing what stands there already.
pub(super) async fn begin(of: &Versioning, branch: &Branch) -> Result<DraftState, ClientError> {
    match draft(of, branch).await {
        Err(error) if error.problem == Problem::NotFound => {}
        other => return other,
    }
    let live = of.live().await?;
    write(&of.api, &of.agent_id, branch, &live.config, None).await?;
    draft(of, branch).await
}

pub(super) async fn write(
    api: &Api,
    agent_id: &str,
    branch: &Branch,
    config: &Value,
    revision: Option<u64>,
) -> Result<(), ClientError> {
    let url = format!("{}/draft", branch_url(api, agent_id, branch));
    api.access.send(Method::Put, &url, Some(body(config, revision).to_string())).await.map(drop)
}

pub(super) async fn discard(api: &Api, agent_id: &str, branch: &Branch) -> Result<(), ClientError> {
    api.access.send(Method::Delete, &format!("{}/draft", branch_url(api, agent_id, branch)), None).await.map(drop)
}

/// Publishes the open draft. While it is being checked there is no revision to name yet.
pub(super) async fn publish(
    api: &Api,
    agent_id: &str,
    branch: &Branch,
    label: &str,
) -> Result<Option<String>, ClientError> {
    let url = format!("{}/draft/publish", branch_url(api, agent_id, branch));
    let bytes = api.access.send(Method::Post, &url, Some(json!({ "label": label }).to_string())).await?;
    Ok(parse_published(&bytes)?.map(|revision| revision.id))
}

pub(super) async fn make_live(api: &Api, agent_id: &str, branch: &Branch) -> Result<(), ClientError> {
    api.access.send(Method::Post, &format!("{}/live", branch_url(api, agent_id, branch)), None).await.map(drop)
}
