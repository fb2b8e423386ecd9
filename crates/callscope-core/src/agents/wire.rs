//! The answers about agents and their versions as they go over the wire:
//! `GET /agent`, `GET /agent/{id}`, `GET /agent/{id}/versions` and `GET /agent/{id}/versions/{versionId}`.

use serde_json::Value;

use crate::wire::{Field, List, Number, Open, Text, objects};

objects! {
    /// The answer of the list of agents.
    AgentsAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// A page of the list.
        data "data": Field<AgentPage> = AgentPage,
    }
    /// A page of agents.
    AgentPage {
        /// The agents.
        agents "agents": List<ListedAgent> = Vec<ListedAgent>,
        /// How many there are on all pages.
        total "total": Number = u64,
    }
    /// The answer about one agent.
    AgentAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// The agent.
        data "data": Field<ListedAgent> = ListedAgent,
    }
    /// An agent.
    ListedAgent {
        /// Its id.
        #[serde(rename = "_id")]
        id "_id": Text = String,
        /// Its name.
        name "name": Text = String,
        /// The organisation that it belongs to.
        organization "organization": Text = String,
        /// The version that takes its calls.
        active_version_id "activeVersionId": Text = Option<String>,
        /// The same.
        version_id "versionId": Text = Option<String>,
        /// IANA name of the zone that it works by.
        timezone "timezone": Text = Option<String>,
        /// Whether it was put away.
        archived "archived": Field<bool> = bool,
        /// `active`, `pending`, `inactive`, `deleted`. An addition of this server.
        #[serde(rename = "status", skip_serializing_if = "Field::is_missing")]
        state "status": Text = Option<String>,
        /// All calls it ever took.
        total_calls "totalCalls": Number = u64,
        /// The configuration of the version that takes its calls, as far as it is told; not in lists.
        #[serde(rename = "_resolvedConfig", skip_serializing_if = "Field::is_missing")]
        resolved_config "_resolvedConfig": Field<Value> = Object,
    }
    /// The answer of the list of an agent's versions.
    VersionsAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// A page of the list.
        data "data": Field<VersionPage> = VersionPage,
    }
    /// A page of versions, newest first.
    VersionPage {
        /// The versions.
        versions "versions": List<Version> = Vec<Version>,
        /// How many the agent has, pinned or not.
        total "total": Number = u64,
    }
    /// The answer about one version.
    VersionAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// The version with its configuration.
        data "data": Field<VersionDetail> = VersionDetail,
    }
    /// How the security check of a version stands.
    SecurityCheck {
        /// `pending`, `passed` or `failed`.
        status "status": Text = String,
        /// Why it failed.
        #[serde(skip_serializing_if = "Field::is_missing")]
        reason "reason": Text = Option<String>,
        /// When it ends or ended, RFC 3339 in UTC.
        completed_at "completedAt": Text = Option<String>,
    }
    /// The answer about a draft.
    DraftAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// The draft.
        data "data": Field<Version> = Version,
    }
    /// The answer of the list of drafts.
    DraftsAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// The drafts, the newest first.
        data "data": List<Version> = Vec<Version>,
    }
    /// The answer about a draft with everything.
    DraftDetailAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// The draft.
        data "data": Field<DraftDetail> = DraftDetail,
    }
    /// A draft with its configuration and what was changed in it.
    DraftDetail {
        /// The draft as it stands.
        latest "latest": Field<Version> = Version,
        /// Its configuration. An addition of this server.
        resolved_config "resolvedConfig": Field<Value> = Object,
        /// The changes, the newest first.
        edit_history "editHistory": List<DraftEdit> = Vec<DraftEdit>,
        /// How many there were.
        edit_count "editCount": Number = u64,
    }
    /// A change of a draft.
    DraftEdit {
        /// The revision that it made.
        revision "revision": Number = u64,
        /// The sections that it changed.
        changed_sections "changedSections": List<String> = Vec<String>,
        /// When, RFC 3339 in UTC.
        timestamp "timestamp": Text = String,
    }
    /// The answer of what a draft changes.
    DraftDiffAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// The sections as they were and as they are.
        data "data": Field<crate::diff::wire::DraftDiff> = crate::diff::wire::DraftDiff,
    }
    /// The answer where there is nothing to say.
    NothingAnswer {
        /// Whether the server could do it.
        status "status": Field<bool> = bool,
        /// Nothing.
        data "data": Field<Value> = Option<String>,
    }
    /// The answer about a version that was published or let live.
    PublishedAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// The version.
        data "data": Field<Version> = Version,
    }
    /// A version with its configuration.
    VersionDetail {
        /// The version.
        version "version": Field<Version> = Version,
        /// The configuration, keyed by section.
        resolved_config "resolvedConfig": Field<Value> = Object,
    }
    /// A published version of an agent's configuration.
    Version {
        /// Its id.
        #[serde(rename = "_id")]
        id "_id": Text = String,
        /// The agent that it belongs to.
        agent "agent": Text = String,
        /// `published`, `draft` or `archived`.
        status "status": Text = String,
        /// Its number, from 1 on.
        version_number "versionNumber": Number = u64,
        /// Its number on its branch, from 1 on; only where the account has branches.
        #[serde(skip_serializing_if = "Field::is_missing")]
        revision_number "revisionNumber": Number = Option<u64>,
        /// Its label.
        label "label": Text = Option<String>,
        /// What changed in it.
        description "description": Text = Option<String>,
        /// Whether it is kept at hand.
        is_pinned "isPinned": Field<bool> = bool,
        /// Who published it.
        published_by "publishedBy": Text = Option<String>,
        /// The name of whoever published it.
        published_by_name "publishedByName": Text = Option<String>,
        /// When it was published, RFC 3339 in UTC.
        published_at "publishedAt": Text = Option<String>,
        /// When it last went live, RFC 3339 in UTC.
        activated_at "activatedAt": Text = Option<String>,
        /// Whether it takes the agent's calls now.
        is_active "isActive": Field<bool> = bool,
        /// The blocks of its configuration: an id for each section, the same where it did not change.
        blocks "blocks": Field<Open<String>> = std::collections::BTreeMap<String, String>,
        /// When it was made, RFC 3339 in UTC.
        created_at "createdAt": Text = Option<String>,
        /// When it was changed last, RFC 3339 in UTC; drafts only, as what follows.
        #[serde(skip_serializing_if = "Field::is_missing")]
        updated_at "updatedAt": Text = Option<String>,
        /// The draft's id.
        #[serde(skip_serializing_if = "Field::is_missing")]
        draft_id "draftId": Text = Option<String>,
        /// What people call it.
        #[serde(skip_serializing_if = "Field::is_missing")]
        draft_name "draftName": Text = Option<String>,
        /// Counts up with every change, from 1 on.
        #[serde(skip_serializing_if = "Field::is_missing")]
        draft_revision "draftRevision": Number = Option<u64>,
        /// The version that it began from.
        #[serde(skip_serializing_if = "Field::is_missing")]
        source_version_id "sourceVersionId": Text = Option<String>,
        /// How its security check stands; only where there is one.
        #[serde(skip_serializing_if = "Field::is_missing")]
        security_check "securityCheck": Field<SecurityCheck> = Option<SecurityCheck>,
    }
}
