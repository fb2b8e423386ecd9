//! Agents and the versions of their configuration.

pub mod wire;

use crate::error::{Error, ErrorKind};
use crate::wire::{Field, Object, Reader};
use crate::{Finding, FindingCode};

/// An agent, as a person chooses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentSummary {
    /// Its id.
    pub id: String,
    /// Its name; its id where it has none.
    pub name: String,
    /// The organisation that it belongs to.
    pub organisation_id: Option<String>,
    /// The version that takes its calls.
    pub active_version_id: Option<String>,
    /// IANA name of the zone that it works by.
    pub time_zone: Option<String>,
    /// Its status, in the documents' words; unknown where the server does not say.
    pub status: Option<String>,
}

/// A published version, as a person chooses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentVersion {
    /// Its id.
    pub id: String,
    /// Its number, from 1 on.
    pub number: Option<u64>,
    /// Its label.
    pub label: Option<String>,
    /// What changed in it.
    pub description: Option<String>,
    /// When it was published, as the server wrote it.
    pub published_at: Option<String>,
    /// When it last went live, as the server wrote it.
    pub activated_at: Option<String>,
    /// Whether it takes the agent's calls now.
    pub is_active: bool,
}

impl AgentSummary {
    /// An agent of which no more is known than its id.
    pub fn of_id(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            organisation_id: None,
            active_version_id: None,
            time_zone: None,
            status: None,
        }
    }
}

impl AgentVersion {
    /// A version of which no more is known than its id.
    pub fn of_id(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            number: None,
            label: None,
            description: None,
            published_at: None,
            activated_at: None,
            is_active: false,
        }
    }

    /// What people call it: its number and its label, or its id where it has neither.
    pub fn title(&self) -> String {
        title(self.number, self.label.as_deref()).unwrap_or_else(|| self.id.clone())
    }
}

/// What people call a version of a number and a label: `v3 · shorter greeting`.
pub fn title(number: Option<u64>, label: Option<&str>) -> Option<String> {
    let number = number.map(|number| format!("v{number}"));
    let label = label.map(str::trim).filter(|label| !label.is_empty());
    match (number, label) {
        // A label that only repeats the number says nothing more.
        (Some(number), Some(label)) if number != label => Some(format!("{number} · {label}")),
        (Some(number), _) => Some(number),
        (None, label) => label.map(str::to_owned),
    }
}

/// One page of a list, and how long the whole list is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries of this page, in the server's order.
    pub entries: Vec<T>,
    /// How many there are on all pages; unknown where the server does not say.
    pub total: Option<u64>,
}

/// Reads the answer of `GET /agent`.
///
/// # Errors
/// Where the bytes are no JSON, end too early, or are not such an answer at all.
pub fn parse_agents(bytes: &[u8]) -> Result<(Page<AgentSummary>, Vec<Finding>), Error> {
    let answer: wire::AgentsAnswer = decode(bytes)?;
    let mut reader = Reader::default();
    let page = data(answer.data)?;
    let agents = reader.list(page.agents, "agents");
    let entries = agents.into_iter().filter_map(|entry| agent(&mut reader, entry)).collect();
    Ok((Page { entries, total: reader.count(&page.total, "total") }, reader.findings))
}

/// Reads the answer of `GET /agent/{id}/versions`. Drafts among them are left out.
///
/// # Errors
/// Where the bytes are no JSON, end too early, or are not such an answer at all.
pub fn parse_versions(bytes: &[u8]) -> Result<(Page<AgentVersion>, Vec<Finding>), Error> {
    let answer: wire::VersionsAnswer = decode(bytes)?;
    let mut reader = Reader::default();
    let page = data(answer.data)?;
    let versions = reader.list(page.versions, "versions");
    let is_draft = |version: &wire::Version| version.status.value().is_some_and(|status| status == "draft");
    let published = versions.into_iter().filter(|version| !is_draft(version));
    let entries = published.filter_map(|entry| version(&mut reader, entry)).collect();
    Ok((Page { entries, total: reader.count(&page.total, "total") }, reader.findings))
}

fn decode<T: Object>(bytes: &[u8]) -> Result<T, Error> {
    let value: serde_json::Value = serde_json::from_slice(bytes)?;
    let answer = Field::<T>::take(value, &mut 0).into_value();
    answer.ok_or_else(|| Error::new(ErrorKind::Shape, "the answer is no object"))
}

fn data<T>(field: Field<T>) -> Result<T, Error> {
    match field {
        Field::Value(data) => Ok(data),
        Field::Wrong(what) => Err(Error::new(ErrorKind::Shape, format!("'data' is {what}, not an object"))),
        _ => Err(Error::new(ErrorKind::Shape, "the answer has no 'data'")),
    }
}

fn agent(reader: &mut Reader, agent: wire::ListedAgent) -> Option<AgentSummary> {
    let id = id(reader, agent.id, "An agent")?;
    let name = reader.text(agent.name, "agents.name").filter(|name| !name.trim().is_empty());
    let active = reader.text(agent.active_version_id, "agents.activeVersionId");
    let is_archived = reader.take(agent.archived, "agents.archived").unwrap_or(false);
    Some(AgentSummary {
        name: name.unwrap_or_else(|| id.clone()),
        organisation_id: reader.text(agent.organization, "agents.organization"),
        active_version_id: active.or_else(|| reader.text(agent.version_id, "agents.versionId")),
        time_zone: reader.text(agent.timezone, "agents.timezone"),
        status: reader.text(agent.state, "agents.status").or_else(|| is_archived.then(|| "deleted".to_owned())),
        id,
    })
}

pub(crate) fn version(reader: &mut Reader, version: wire::Version) -> Option<AgentVersion> {
    Some(AgentVersion {
        id: id(reader, version.id, "A version")?,
        number: reader
            .count(&version.version_number, "versions.versionNumber")
            .or_else(|| reader.count(&version.revision_number, "versions.revisionNumber")),
        label: reader.text(version.label, "versions.label"),
        description: reader.text(version.description, "versions.description"),
        published_at: reader.text(version.published_at, "versions.publishedAt"),
        activated_at: reader.text(version.activated_at, "versions.activatedAt"),
        is_active: reader.take(version.is_active, "versions.isActive").unwrap_or(false),
    })
}

fn id(reader: &mut Reader, field: crate::wire::Text, what: &str) -> Option<String> {
    let id = field.into_value();
    if id.is_none() {
        reader.warn(FindingCode::WrongType, format!("{what} without an id was left out."));
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_drafts_left_out() {
        let bytes = br#"{"status": true, "data": {"total": 3, "versions": [
            {"_id": "b", "versionNumber": 2, "label": "shorter", "isActive": true, "status": "published", "new": 1},
            {"_id": "d", "status": "draft"}, {"versionNumber": 7}, {"_id": "a", "versionNumber": 1.0, "label": ""}]}}"#;
        let (page, findings) = parse_versions(bytes).unwrap();
        let titles: Vec<_> = page.entries.iter().map(AgentVersion::title).collect();
        assert_eq!(titles, ["v2 · shorter", "v1"]);
        assert_eq!(page.total, Some(3));
        assert_eq!(findings.len(), 1, "{findings:?}");
    }

    #[test]
    fn agents_without_a_name_go_by_their_id() {
        let bytes = br#"{"data": {"agents": [{"_id": "x", "versionId": "v"}, {"_id": "y", "name": "Desk"}, null]}}"#;
        let (page, findings) = parse_agents(bytes).unwrap();
        assert_eq!(page.entries.iter().map(|agent| agent.name.as_str()).collect::<Vec<_>>(), ["x", "Desk"]);
        assert_eq!(page.entries[0].active_version_id.as_deref(), Some("v"));
        assert_eq!((page.total, findings.len()), (None, 1));
    }

    #[test]
    fn what_is_no_list_is_an_error() {
        for bytes in [&b"[]"[..], b"{}", b"{\"data\": 3}", b"<html>", b""] {
            assert!(parse_agents(bytes).is_err());
            assert!(parse_versions(bytes).is_err());
        }
    }
}
