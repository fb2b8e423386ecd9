//! Selection → agents → versions → comparison, each asked for when the one before is known.

use std::sync::Arc;

use callscope_client::{ClientError, Problem, Source};
use callscope_core::agents::{AgentSummary, AgentVersion};
use callscope_core::session::Session;

use super::answers::Answers;
use super::question::Question;
use super::selection::Compared;
use crate::agents::agents_of;
use crate::piece::State;
use crate::usage::Now;

/// The lists that one choose from, kept from question to question.
#[derive(Clone)]
pub(super) struct Lists {
    source: Source,
    /// The count of refreshes that they were asked for at.
    refresh: u32,
    agents: Option<Arc<[AgentSummary]>>,
    /// The agent whose versions they are, and the versions.
    versions: Option<(String, Arc<[AgentVersion]>)>,
}

impl Lists {
    pub(super) fn new(source: Source, refresh: u32) -> Self {
        Self { source, refresh, agents: None, versions: None }
    }

    /// What is known still holds, until a refresh or another source.
    pub(super) fn known(kept: State<Option<Self>>, source: Source, refresh: u32) -> Self {
        let known = kept.get_untracked();
        let holds = |known: &Self| known.refresh == refresh && known.source.is_sample() == source.is_sample();
        known.filter(holds).unwrap_or_else(|| Self::new(source, refresh))
    }

    async fn agents(&mut self) -> Result<Arc<[AgentSummary]>, ClientError> {
        if let Some(agents) = &self.agents {
            return Ok(Arc::clone(agents));
        }
        let agents: Arc<[AgentSummary]> = self.source.agents(None).await?.into();
        self.agents = Some(Arc::clone(&agents));
        Ok(agents)
    }

    async fn versions(&mut self, agent_id: &str) -> Result<Arc<[AgentVersion]>, ClientError> {
        if let Some((of, versions)) = &self.versions
            && of == agent_id
        {
            return Ok(Arc::clone(versions));
        }
        let versions: Arc<[AgentVersion]> = self.source.versions(agent_id).await?.into();
        self.versions = Some((agent_id.to_owned(), Arc::clone(&versions)));
        Ok(versions)
    }
}

/// What decides what is asked.
pub(super) struct Asking {
    pub(super) session: Session,
    pub(super) selection: Compared,
    pub(super) now: Now,
}

impl Asking {
    /// Asks for what is not known yet. Where the comparison itself fails, the lists are there to
    /// choose another one from.
    pub(super) async fn ask(self, known: &mut Lists) -> Result<Answers, ClientError> {
        let all = known.agents().await?;
        let agents = agents_of(&self.selection.scope, &all, &self.session);
        // An address may name one of another scope: it is still that agent, with its name and zone.
        let agent = match &self.selection.agent_id {
            None => agents.first().cloned(),
            Some(id) => {
                Some(all.iter().find(|agent| agent.id == *id).cloned().unwrap_or_else(|| AgentSummary::of_id(id)))
            }
        };
        let mut answers = Answers { has_answered: true, agents, agent: agent.clone(), ..Answers::default() };
        let Some(agent) = agent else { return Ok(answers) };
        let outcome = self.compare(known, &agent, &mut answers).await;
        match outcome {
            Err(error) if error.problem == Problem::SignedOut => return Err(error),
            Err(error) => answers.error = Some(error),
            Ok(()) => {}
        }
        Ok(answers)
    }

    async fn compare(&self, known: &mut Lists, agent: &AgentSummary, answers: &mut Answers) -> Result<(), ClientError> {
        let versions = known.versions(&agent.id).await?;
        answers.versions = Arc::clone(&versions);
        let Some(question) = Question::new(&self.selection, agent, &versions, self.now, crate::zone) else {
            return Ok(());
        };
        answers.question = Some(question.clone());
        let (comparison, findings) = known.source.compare(&question.request).await?;
        answers.set_comparison(&question, comparison, findings);
        Ok(())
    }
}
