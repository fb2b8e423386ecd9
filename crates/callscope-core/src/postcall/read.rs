//! The answers about agents, versions and drafts, as far as post-call metrics go. Accounts with versions
//! and accounts with branches answer in one shape where it matters here.

use serde_json::{Map, Value};

use super::config::{Metric, MetricType};
use crate::agents::{self, AgentVersion, wire};
use crate::diff::{ConfigChange, ConfigDiff, Step};
use crate::error::{Error, ErrorKind};
use crate::wire::{Field, Reader};

const CONFIG: &str = "postCallAnalyticsConfig";
/// Where the configuration of a version may hold it.
const SECTION: &str = "analytics";

/// What an agent asks after its calls now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveConfig {
    /// The version that takes its calls; none where it has none.
    pub version_id: Option<String>,
    /// The configuration as it came; an empty object where there is none.
    pub config: Value,
}

/// How the security check of a version stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SecurityCheck {
    /// There is none, or it was passed.
    #[default]
    Passed,
    /// It goes on.
    Pending,
    /// It was not passed; why, where the server says so.
    Failed(Option<String>),
}

/// A version with how it stands and what it asks.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionState {
    /// The version.
    pub version: AgentVersion,
    /// How its security check stands.
    pub check: SecurityCheck,
    /// Its configuration as it came; an empty object where there is none.
    pub config: Value,
}

/// A draft with what it asks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DraftState {
    /// Its id; that of its branch where the account has branches.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// Counts up with every change.
    pub revision: Option<u64>,
    /// The version that it began from.
    pub source_version_id: Option<String>,
    /// When it was changed last, as the server wrote it.
    pub updated_at: Option<String>,
    /// Its configuration as it came; none where this answer does not hold it.
    pub config: Option<Value>,
}

/// A branch of an agent, of an account that has branches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branch {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether its newest revision takes the agent's calls.
    pub is_live: bool,
    /// Whether it is the one that every agent has.
    pub is_default: bool,
    /// Its newest revision.
    pub head_revision_id: Option<String>,
    /// Whether somebody works on it.
    pub has_draft: bool,
}

/// Reads `GET /agent/{id}`: which version is live, and what it asks.
///
/// # Errors
/// Where the bytes are no JSON or not such an answer.
pub fn parse_live(bytes: &[u8]) -> Result<LiveConfig, Error> {
    let agent = data(bytes)?;
    let version_id = text(&agent, "activeVersionId").or_else(|| text(&agent, "versionId"));
    let config = agent.get("_resolvedConfig").and_then(found).or_else(|| found(&agent));
    Ok(LiveConfig { version_id, config: config.unwrap_or_else(nothing) })
}

/// Reads `GET /agent/{id}/versions/{versionId}`, and that of a branch's revision.
///
/// # Errors
/// Where the bytes are no JSON or not such an answer.
pub fn parse_version(bytes: &[u8]) -> Result<VersionState, Error> {
    let data = data(bytes)?;
    let described = data.get("version").or_else(|| data.get("revision")).unwrap_or(&data);
    let config = data.get("resolvedConfig").and_then(found).unwrap_or_else(nothing);
    Ok(VersionState { version: version(described)?, check: check(described), config })
}

/// Reads the answer to publishing or activating: the version; none where it is not made yet.
///
/// # Errors
/// Where the bytes are no JSON or not such an answer.
pub fn parse_published(bytes: &[u8]) -> Result<Option<AgentVersion>, Error> {
    let data = data(bytes)?;
    let is_of_branch = data.get("state").is_some();
    match data.get("revision") {
        Some(revision) if !revision.is_null() => version(revision).map(Some),
        _ if is_of_branch => Ok(None),
        _ => version(&data).map(Some),
    }
}

/// Reads `GET /agent/{id}/branches/{branchId}/revisions`: the published ones, the newest first.
///
/// # Errors
/// Where the bytes are no JSON or not such an answer.
pub fn parse_revisions(bytes: &[u8]) -> Result<Vec<AgentVersion>, Error> {
    let data = data(bytes)?;
    let is_published = |revision: &&Value| text(revision, "status").is_none_or(|status| status == "published");
    Ok(entries(&data, "revisions").iter().filter(is_published).filter_map(|revision| version(revision).ok()).collect())
}

/// Reads `GET /agent/{id}/branches`.
///
/// # Errors
/// Where the bytes are no JSON or not such an answer.
pub fn parse_branches(bytes: &[u8]) -> Result<Vec<Branch>, Error> {
    let data = data(bytes)?;
    let is = |of: &Value, name: &str| of.get(name).and_then(Value::as_bool).unwrap_or(false);
    let branch = |listed: &Value| {
        let own = listed.get("branch")?;
        let id = text(own, "_id")?;
        Some(Branch {
            name: text(own, "name").unwrap_or_else(|| id.clone()),
            id,
            is_live: is(listed, "isLive"),
            is_default: is(own, "isDefault"),
            head_revision_id: text(own, "headRevisionId"),
            has_draft: is(listed, "hasOpenDraft"),
        })
    };
    Ok(entries(&data, "branches").iter().filter_map(branch).collect())
}

/// Reads `GET /agent/{id}/drafts`, without what they ask.
///
/// # Errors
/// Where the bytes are no JSON or not such an answer.
pub fn parse_drafts(bytes: &[u8]) -> Result<Vec<DraftState>, Error> {
    let data = data(bytes)?;
    Ok(entries(&data, "drafts").iter().filter_map(described).collect())
}

/// Reads `GET /agent/{id}/drafts/{draftId}`, and that of a branch's draft.
///
/// # Errors
/// Where the bytes are no JSON or not such an answer.
pub fn parse_draft(bytes: &[u8]) -> Result<DraftState, Error> {
    let data = data(bytes)?;
    let latest = data.get("latest").unwrap_or(&data);
    let draft = described(latest).ok_or_else(|| Error::new(ErrorKind::Shape, "the draft has no id"))?;
    let config = data.get("resolvedConfig").or_else(|| latest.get("_resolvedConfig")).map(|config| {
        // A configuration that holds none asks nothing.
        found(config).unwrap_or_else(nothing)
    });
    Ok(DraftState { config: config.or_else(|| found(latest)), ..draft })
}

/// Reads what a draft asks out of `GET /agent/{id}/drafts/{draftId}/diff`; none where that is not among what
/// it changes.
///
/// # Errors
/// Where the bytes are no JSON or not such an answer.
pub fn parse_draft_config(bytes: &[u8]) -> Result<Option<Value>, Error> {
    let data = data(bytes)?;
    let section = data.get("sections").and_then(|sections| sections.get(SECTION));
    Ok(section.and_then(|section| section.get("after")).map(|after| found(after).unwrap_or_else(nothing)))
}

/// A configuration with the changes of a diff applied, as far as they are about it; none where they can be
/// read in more than one way, which is so where a list grew or shrank.
pub fn changed_config(before: Value, diff: &ConfigDiff) -> Option<Value> {
    let mut config = before;
    for change in diff.sections.iter().flat_map(|section| &section.changes) {
        let is_of_config = |step: &Step| *step == Step::Key(CONFIG.to_owned());
        let steps = change.path.steps();
        let Some(at) = steps.iter().position(is_of_config) else { continue };
        apply(&mut config, steps.get(at + 1..)?, change.new.as_ref(), change.old.is_some())?;
    }
    Some(config)
}

/// What a diff changes beside what is asked after a call: sections, each with how many changes.
pub fn changed_beside(diff: &ConfigDiff) -> Vec<(String, usize)> {
    let is_beside = |of: &&ConfigChange| !of.path.steps().contains(&Step::Key(CONFIG.to_owned()));
    let counted = diff.sections.iter().map(|of| (of.name.clone(), of.changes.iter().filter(is_beside).count()));
    counted.filter(|(_, count)| *count > 0).collect()
}

fn apply(value: &mut Value, steps: &[Step], new: Option<&Value>, was_there: bool) -> Option<()> {
    let Some((step, rest)) = steps.split_first() else {
        *value = new.cloned().unwrap_or_else(nothing);
        return Some(());
    };
    match (step, value) {
        (Step::Key(name), Value::Object(members)) => match (rest.is_empty(), new) {
            (true, None) => {
                members.remove(name);
                Some(())
            }
            (true, Some(new)) => {
                members.insert(name.clone(), new.clone());
                Some(())
            }
            (false, _) => apply(members.get_mut(name)?, rest, new, was_there),
        },
        // Where an element came or went, the others moved, and the path does not say from where.
        (Step::Index(_), _) if rest.is_empty() && !(was_there && new.is_some()) => None,
        (Step::Index(index), Value::Array(list)) => apply(list.get_mut(*index)?, rest, new, was_there),
        _ => None,
    }
}

/// Reads `GET /disposition-metric-templates`. One without identifier or prompt is left out.
///
/// # Errors
/// Where the bytes are no JSON or not such an answer.
pub fn parse_templates(bytes: &[u8]) -> Result<Vec<Metric>, Error> {
    let data = data(bytes)?;
    let template = |entry: &Value| {
        let kind = text(entry, "dispositionMetricType").map(|kind| MetricType::from_key(&kind));
        let prompt = text(entry, "dispositionMetricPrompt")?;
        Some(Metric::new(&text(entry, "identifier")?, &kind.unwrap_or(MetricType::Text), &prompt))
    };
    Ok(entries(&data, "templates").iter().filter_map(template).collect())
}

/// What stands in the envelope.
fn data(bytes: &[u8]) -> Result<Value, Error> {
    let mut answer: Value = serde_json::from_slice(bytes)?;
    let data = answer.get_mut("data").map(Value::take).unwrap_or_default();
    if data.is_object() || data.is_array() {
        return Ok(data);
    }
    Err(Error::new(ErrorKind::Shape, "the answer has no 'data'"))
}

/// A list that is the whole answer, or a member of it.
fn entries<'v>(data: &'v Value, name: &str) -> &'v [Value] {
    let list = data.as_array().or_else(|| data.get(name)?.as_array());
    list.map(Vec::as_slice).unwrap_or_default()
}

fn text(of: &Value, name: &str) -> Option<String> {
    let text = of.get(name)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

fn nothing() -> Value {
    Value::Object(Map::new())
}

/// What a configuration asks after a call.
fn found(config: &Value) -> Option<Value> {
    let config = config.get(CONFIG).or_else(|| config.get(SECTION)?.get(CONFIG))?;
    (!config.is_null()).then(|| config.clone())
}

fn version(described: &Value) -> Result<AgentVersion, Error> {
    let missing = || Error::new(ErrorKind::Shape, "the answer holds no version");
    let field = Field::<wire::Version>::take(described.clone(), &mut 0);
    agents::version(&mut Reader::default(), field.into_value().ok_or_else(missing)?).ok_or_else(missing)
}

/// A version that is no published one yet is being checked, too.
fn check(described: &Value) -> SecurityCheck {
    let check = described.get("securityCheck");
    let is_published = text(described, "status").is_none_or(|status| status == "published");
    match check.and_then(|check| text(check, "status")).as_deref() {
        Some("failed" | "rejected" | "blocked") => SecurityCheck::Failed(check.and_then(|check| text(check, "reason"))),
        Some("pending" | "scanning" | "in_progress" | "running" | "queued") => SecurityCheck::Pending,
        _ if is_published => SecurityCheck::Passed,
        _ => SecurityCheck::Pending,
    }
}

fn described(draft: &Value) -> Option<DraftState> {
    let count = |name: &str| draft.get(name)?.as_u64();
    Some(DraftState {
        // The documents name it one way, an example of the vendor's the other.
        id: text(draft, "draftId").or_else(|| text(draft, "_id"))?,
        name: text(draft, "draftName"),
        revision: count("draftRevision"),
        source_version_id: text(draft, "sourceVersionId"),
        updated_at: text(draft, "updatedAt"),
        config: None,
    })
}
