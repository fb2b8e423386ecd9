//! `GET /agent` and `GET /agent/{id}`: the agents that a caller may see.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use callscope_core::agents::wire::{AgentAnswer, AgentPage, AgentsAnswer, ListedAgent};
use callscope_core::session::ErrorAnswer;
use callscope_core::wire::Field;
use serde_json::json;

use super::AppState;
use super::caller::Caller;
use super::error::ApiError;
use super::postcall;
use super::query::Query;
use super::relay;
use super::scope;
use crate::db::{AgentRow, Organisation};

/// Agents of one page where nothing is asked for, and at most.
const PAGE: u64 = 10;
const MOST: u64 = 500;

/// The agents, by name.
#[utoipa::path(get, path = "/atoms/v1/agent", tag = "Agents", security(("session" = []), ("key" = [])), params(
    ("page" = Option<u64>, Query, description = "Which page, from 1 on."),
    ("offset" = Option<u64>, Query, description = "Agents of a page; default 10, at most 500."),
    ("archived" = Option<bool>, Query, description = "Only agents that were put away, or only others."),
    ("search" = Option<String>, Query, description = "Only agents whose name holds this, in any case."),
    ("organizationId" = Option<String>, Query, description = "Only agents of this organisation. An addition of this server."),
), responses(
    (status = 200, body = AgentsAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn list(
    State(state): State<AppState>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<AgentsAnswer>, ApiError> {
    let query = Query::read(query.as_deref(), &["page", "offset", "search", "organizationId", "archived"])?;
    let page = query.number("page", (1, 1_000_000), 1)?;
    let size = query.number("offset", (1, MOST), PAGE)?;
    let organisations = ids(scope::organisations(&query, &caller.access)?);
    let mut agents = state.db.agent_rows(&organisations).await?;
    if let Some(archived) = query.flag("archived")? {
        agents.retain(|agent| (agent.status == "deleted") == archived);
    }
    if let Some(search) = query.get("search") {
        let search = search.to_lowercase();
        agents.retain(|agent| agent.name.to_lowercase().contains(&search));
    }
    let total = agents.len() as u64;
    let mut shown: Vec<_> = agents.into_iter().skip(((page - 1) * size) as usize).take(size as usize).collect();
    state.db.count_calls_of(&mut shown).await?;
    let agents: Vec<_> = shown.into_iter().map(described).collect();
    let data = AgentPage { agents: agents.into(), total: total.into() };
    Ok(Json(AgentsAnswer { status: Field::Value(true), data: Field::Value(data) }))
}

/// One agent.
#[utoipa::path(get, path = "/atoms/v1/agent/{id}", tag = "Agents", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."),
), responses(
    (status = 200, body = AgentAnswer), (status = 401, body = ErrorAnswer), (status = 403, body = ErrorAnswer),
    (status = 404, body = ErrorAnswer),
    (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<AgentAnswer>, ApiError> {
    let mut agent = find(&state, &caller, &id).await?;
    state.db.count_calls_of(std::slice::from_mut(&mut agent)).await?;
    let there = relay::live(&state, &agent).await?;
    let (version_id, post_call) = match there {
        Some(live) => (live.version_id, live.config),
        None => (agent.active_version_id.clone(), postcall::live(&state, &agent.id).await?),
    };
    let resolved_config = Field::Value(json!({ "postCallAnalyticsConfig": post_call }));
    let agent = AgentRow { active_version_id: version_id, ..agent };
    let data = ListedAgent { resolved_config, ..described(agent) };
    Ok(Json(AgentAnswer { status: Field::Value(true), data: Field::Value(data) }))
}

/// An agent that the caller may see: 404 where there is none of that id, 403 where it is another
/// organisation's. Ids are random, so that nothing can be learnt by trying.
pub(super) async fn find(state: &AppState, caller: &Caller, id: &str) -> Result<AgentRow, ApiError> {
    let Some(agent) = state.db.agent(id).await? else {
        return Err(ApiError::not_found("There is no such agent."));
    };
    if !caller.may_see(&agent.organisation_id) {
        return Err(ApiError::forbidden("You may not see this agent."));
    }
    Ok(agent)
}

/// Their ids.
pub(super) fn ids(organisations: Vec<Organisation>) -> Vec<String> {
    organisations.into_iter().map(|organisation| organisation.id).collect()
}

fn described(agent: AgentRow) -> ListedAgent {
    ListedAgent {
        archived: Field::Value(agent.status == "deleted"),
        state: agent.status.into(),
        id: agent.id.into(),
        name: agent.name.into(),
        organization: agent.organisation_id.into(),
        active_version_id: agent.active_version_id.clone().into(),
        version_id: agent.active_version_id.into(),
        timezone: agent.time_zone.into(),
        total_calls: agent.calls.map(|calls| calls as f64).into(),
        resolved_config: Field::Missing,
    }
}
