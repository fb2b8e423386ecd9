//! Accounts with versions.

use callscope_core::agents::{self, AgentVersion};
use callscope_core::diff::{self, ConfigDiff};
use callscope_core::postcall::{
    DraftState, parse_draft, parse_draft_config, parse_drafts, parse_published, parse_version,
};
use serde_json::{Value, json};

use super::agent_url;
use crate::access::Method;
use crate::api::{Api, encoded};
use crate::error::ClientError;

/// The published versions, the newest first. A server that keeps those of a vendor is to ask there where `is_fresh`;
/// every other server passes over that.
pub(crate) async fn published(
    api: &Api,
    agent_id: &str,
    most: u64,
    is_fresh: bool,
) -> Result<Vec<AgentVersion>, ClientError> {
    let fresh = if is_fresh { "&fresh=true" } else { "" };
    let bytes = api.access.get(&format!("{}/versions?limit={most}{fresh}", agent_url(api, agent_id))).await?;
    Ok(agents::parse_versions(&bytes)?.0.entries)
}

fn drafts_url(api: &Api, agent_id: &str) -> String {
    format!("{}/drafts", agent_url(api, agent_id))
}

fn draft_url(api: &Api, agent_id: &str, id: &str) -> String {
    format!("{}/{}", drafts_url(api, agent_id), encoded(id))
}

pub(super) async fn drafts(api: &Api, agent_id: &str) -> Result<Vec<DraftState>, ClientError> {
    Ok(parse_drafts(&api.access.get(&drafts_url(api, agent_id)).await?)?)
}

/// A draft. Where the server does not say what it asks, that follows from what it changes.
pub(super) async fn draft(api: &Api, agent_id: &str, id: &str) -> Result<DraftState, ClientError> {
    let url = draft_url(api, agent_id, id);
    let mut draft = parse_draft(&api.access.get(&url).await?)?;
    if draft.config.is_none() {
        draft.config = Some(match parse_draft_config(&api.access.get(&format!("{url}/diff")).await?)? {
            Some(config) => config,
            None => unchanged(api, agent_id, &draft).await?,
        });
    }
    Ok(draft)
}

/// What a draft changes in the whole configuration.
pub(super) async fn draft_changes(api: &Api, agent_id: &str, id: &str) -> Result<ConfigDiff, ClientError> {
    Ok(diff::parse_draft(&api.access.get(&format!("{}/diff", draft_url(api, agent_id, id))).await?)?.0)
}

/// What the version asks that a draft began from.
async fn unchanged(api: &Api, agent_id: &str, draft: &DraftState) -> Result<Value, ClientError> {
    let Some(source) = &draft.source_version_id else { return Ok(json!({})) };
    let url = format!("{}/versions/{}", agent_url(api, agent_id), encoded(source));
    Ok(parse_version(&api.access.get(&url).await?)?.config)
}

pub(super) async fn begin(api: &Api, agent_id: &str, version_id: &str, name: &str) -> Result<DraftState, ClientError> {
    let body = json!({ "sourceVersionId": version_id, "draftName": name });
    Ok(parse_draft(&api.access.send(Method::Post, &drafts_url(api, agent_id), Some(body.to_string())).await?)?)
}

pub(super) async fn write(
    api: &Api,
    agent_id: &str,
    id: &str,
    config: &Value,
    revision: Option<u64>,
) -> Result<(), ClientError> {
    let url = format!("{}/config", draft_url(api, agent_id, id));
    api.access.send(Method::Patch, &url, Some(body(config, revision).to_string())).await.map(drop)
}

/// A change of a draft: what it asks, and of which revision.
pub(super) fn body(config: &Value, revision: Option<u64>) -> Value {
    let mut body = json!({ "postCallAnalyticsConfig": config });
    if let (Some(members), Some(revision)) = (body.as_object_mut(), revision) {
        members.insert("expectedRevision".to_owned(), revision.into());
    }
    body
}

pub(super) async fn discard(api: &Api, agent_id: &str, id: &str) -> Result<(), ClientError> {
    api.access.send(Method::Delete, &draft_url(api, agent_id, id), None).await.map(drop)
}

/// Makes a version of a draft. It is asked to go live at once, which not every server does.
pub(super) async fn publish(api: &Api, agent_id: &str, id: &str, label: &str) -> Result<Option<String>, ClientError> {
    let body = json!({ "label": label, "activate": true });
    let bytes = api
        .access
        .send(Method::Post, &format!("{}/publish", draft_url(api, agent_id, id)), Some(body.to_string()))
        .await?;
    Ok(parse_published(&bytes)?.map(|version| version.id))
}

pub(super) async fn activate(api: &Api, agent_id: &str, version_id: &str) -> Result<(), ClientError> {
    let url = format!("{}/versions/{}/activate", agent_url(api, agent_id), encoded(version_id));
    api.access.send(Method::Patch, &url, None).await.map(drop)
}
