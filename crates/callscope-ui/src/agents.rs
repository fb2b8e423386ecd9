//! The agents that one chooses from.

use callscope_core::agents::AgentSummary;
use callscope_core::session::Session;

use crate::usage::Scope;

/// The agents of a scope, by their names.
pub(crate) fn agents_of(scope: &Scope, agents: &[AgentSummary], session: &Session) -> Vec<AgentSummary> {
    let of_reseller = |id: &String, reseller: &String| {
        session.organisations.iter().any(|of| of.id == *id && of.reseller_id.as_ref() == Some(reseller))
    };
    let is_inside = |agent: &&AgentSummary| match (scope, &agent.organisation_id) {
        (Scope::Everything, _) => true,
        (Scope::Organisation(id), of) => of.as_ref() == Some(id),
        (Scope::Reseller(id), Some(of)) => of_reseller(of, id),
        (Scope::Reseller(_), None) => false,
    };
    let mut agents: Vec<AgentSummary> = agents.iter().filter(is_inside).cloned().collect();
    agents.sort_unstable_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    agents
}
