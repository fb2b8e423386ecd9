//! Agent → how its account keeps configurations → versions, drafts, what is live; and the one that is shown.

use std::sync::Arc;

use callscope_client::{ClientError, Problem, Source, VersionModel, Versioning};
use callscope_core::agents::{AgentSummary, AgentVersion};
use callscope_core::postcall::{DraftState, LiveConfig, Metric, SecurityCheck, VersionState};
use callscope_core::session::{Role, Session};
use futures_util::future::join4;

use crate::agents::agents_of;
use crate::usage::Scope;

/// An agent with what can be chosen of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Desk {
    /// Whether it was asked for at all yet.
    pub(super) is_asked: bool,
    /// The agents to choose from.
    pub(super) agents: Vec<AgentSummary>,
    /// The one that is shown; none where there is none.
    pub(super) agent: Option<AgentSummary>,
    /// Whether the person may change what it asks; the server decides in the end.
    pub(super) may_edit: bool,
    /// Its configurations; none where they could not be asked for.
    pub(super) versioning: Option<Versioning>,
    /// Its published versions, the newest first.
    pub(super) published: Vec<AgentVersion>,
    pub(super) drafts: Vec<DraftState>,
    pub(super) live: LiveConfig,
    /// Metrics to begin with; none where the server has none to give.
    pub(super) templates: Vec<Metric>,
    /// Why the rest is not there.
    pub(super) error: Option<ClientError>,
}

impl Desk {
    /// What people call a version; its id where the list does not hold it.
    pub(super) fn title_of(&self, id: &str) -> String {
        let found = self.published.iter().find(|version| version.id == id);
        found.map_or_else(|| id.to_owned(), AgentVersion::title)
    }

    /// The same agent asked anew: where that failed, what was known of it stays, and why it failed stands with it.
    pub(super) fn or_before(self: Arc<Self>, before: &Arc<Self>) -> Arc<Self> {
        let is_same = self.agent.as_ref().map(|agent| &agent.id) == before.agent.as_ref().map(|agent| &agent.id);
        if self.versioning.is_some() || before.versioning.is_none() || !is_same {
            return self;
        }
        Arc::new(Self { error: self.error.clone(), agents: self.agents.clone(), ..Self::clone(before) })
    }

    /// The branch that is worked on, of an account that has branches.
    pub(super) fn branch(&self) -> Option<&str> {
        match self.versioning.as_ref()?.model() {
            VersionModel::Branches(branch) => Some(&branch.name),
            VersionModel::Versions => None,
        }
    }
}

/// Asks for everything that can be chosen of an agent; of the first one where none is named.
pub(super) async fn ask_desk(
    source: Source,
    session: Session,
    scope: Scope,
    agent_id: Option<String>,
) -> Result<Desk, ClientError> {
    let all = source.agents(None).await?;
    let agents = agents_of(&scope, &all, &session);
    let agent = match &agent_id {
        None => agents.first().cloned(),
        Some(id) => Some(all.iter().find(|agent| agent.id == *id).cloned().unwrap_or_else(|| AgentSummary::of_id(id))),
    };
    let may_edit = agent.as_ref().is_none_or(|agent| may_edit(agent, &session));
    let mut desk = Desk { is_asked: true, agents, agent: agent.clone(), may_edit, ..Desk::default() };
    let Some(agent) = agent else { return Ok(desk) };
    match ask_agent(&source, &agent.id, &mut desk).await {
        Err(error) if error.problem == Problem::SignedOut => return Err(error),
        // Another agent can still be chosen.
        Err(error) => desk.error = Some(error),
        Ok(()) => {}
    }
    Ok(desk)
}

async fn ask_agent(source: &Source, agent_id: &str, desk: &mut Desk) -> Result<(), ClientError> {
    let versioning = source.versioning(agent_id).await?;
    let all = join4(versioning.published(), versioning.drafts(), versioning.live(), versioning.templates());
    let (published, drafts, live, templates) = all.await;
    (desk.published, desk.drafts, desk.live) = (published?, drafts?, live?);
    // Nothing to begin with is no reason to show nothing.
    desk.templates = templates.unwrap_or_default();
    for version in &mut desk.published {
        version.is_active = desk.live.version_id.as_ref() == Some(&version.id);
    }
    desk.versioning = Some(versioning);
    Ok(())
}

/// What is shown of the agent.
#[derive(Clone, Debug)]
pub(super) enum Shown {
    /// A version, the live one or another.
    Version(VersionState),
    /// A draft.
    Draft(DraftState),
    /// The agent has no version.
    Nothing,
}

/// Asks for the draft or the version that is named; what is live is known already.
pub(super) async fn ask_shown(
    desk: Arc<Desk>,
    version_id: Option<String>,
    draft_id: Option<String>,
) -> Result<Shown, ClientError> {
    let Some(versioning) = &desk.versioning else { return Ok(Shown::Nothing) };
    if let Some(id) = draft_id {
        return versioning.draft(&id).await.map(Shown::Draft);
    }
    let live = desk.live.version_id.as_ref();
    match version_id.as_ref().or(live) {
        None => Ok(Shown::Nothing),
        Some(id) => {
            let listed = desk.published.iter().find(|version| version.id == *id && live == Some(id));
            match listed {
                Some(version) => Ok(Shown::Version(VersionState {
                    version: version.clone(),
                    check: SecurityCheck::Passed,
                    config: desk.live.config.clone(),
                })),
                None => versioning.version(id).await.map(Shown::Version),
            }
        }
    }
}

/// Whether somebody may change what an agent does.
fn may_edit(agent: &AgentSummary, session: &Session) -> bool {
    let own = session.organisations.iter().find(|of| agent.organisation_id.as_ref() == Some(&of.id));
    own.is_none_or(|of| of.allows(Role::Editor))
}
