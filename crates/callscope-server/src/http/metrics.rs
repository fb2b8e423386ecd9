//! `GET /v1/metrics`: the usage report of a scope and a period.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use callscope_core::period::{DateRange, Zone, add_days, iso_date};
use callscope_core::session::ErrorAnswer;
use callscope_core::usage::wire::{Answer, Context, ReleaseMark};
use callscope_core::usage::{self, Narrowing};
use callscope_core::wire::Field;

use super::AppState;
use super::caller::Caller;
use super::error::ApiError;
use super::query::Query;
use super::scope::{self, Bound};
use crate::db::{Connection, Organisation, ReleaseRow, Scope, now_ms};

/// Without a start, so many days before the end, both inside.
const DEFAULT_DAYS: i32 = 30;

/// Usage of a period: volume, outcomes, hours, agents, insights, escalation reasons.
#[utoipa::path(get, path = "/v1/metrics", tag = "Usage", security(("session" = []), ("key" = [])), params(
    ("startDate" = Option<String>, Query, description = "First instant (RFC 3339) or first local day (YYYY-MM-DD); default 30 days up to the end."),
    ("endDate" = Option<String>, Query, description = "Last instant (RFC 3339) or last local day (YYYY-MM-DD), itself inside; default today."),
    ("organizationId" = Option<String>, Query, description = "One organisation; default all that the caller may see."),
    ("resellerId" = Option<String>, Query, description = "All organisations of one reseller."),
    ("timeZone" = Option<String>, Query, description = "IANA name of the zone by which days and hours are cut; default the organisation's. An addition of this server."),
    ("agentId" = Option<String>, Query, description = "Only the calls of this agent. An addition of this server."),
    ("hour" = Option<u8>, Query, description = "Only calls that started in this hour of the day, 0-23. An addition of this server."),
), responses(
    (status = 200, body = Answer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn metrics(
    State(state): State<AppState>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let query = Query::read(query.as_deref(), &NAMES)?;
    let organisations = scope::organisations(&query, &caller.access)?;
    let period = period(&query, &scope::zone_name(&query, &organisations))?;
    let narrowing = narrowing(&query)?;
    let (organisations, elsewhere) = apart(&state, organisations).await?;
    if let ([], [(_, connection)]) = (&*organisations, &*elsewhere) {
        if narrowing != Narrowing::default() {
            let name = if narrowing.hour.is_some() { "hour" } else { "agentId" };
            return Err(ApiError::parameter(name, "the reports of this organisation's vendor cannot be narrowed"));
        }
        let instants = (period.from_ms, period.to_ms);
        let bytes = state.reports.report(&state.config.clients, connection, instants, period.range).await?;
        return Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response());
    }
    let scope = Scope {
        organisation_ids: organisations.into_iter().map(|organisation| organisation.id).collect(),
        from_ms: period.from_ms,
        to_ms: period.to_ms,
        narrowing,
    };
    let summary = state.db.summarise(&scope, &period.zone).await?;
    let mut agents = state.db.agents(&scope.organisation_ids).await?;
    if let Some(agent_id) = &scope.narrowing.agent_id {
        agents.retain(|agent| agent.id == *agent_id);
        if agents.is_empty() {
            return Err(ApiError::forbidden("agentId: there is no such agent among those that you may see"));
        }
    }
    let releases = state.db.releases(&scope).await?;
    let context = Context {
        time_zone: period.zone.name().into(),
        calls_through: summary.last_started_ms().and_then(crate::rfc3339).into(),
        left_out: (!elsewhere.is_empty()).then(|| names(&elsewhere)).into(),
        agent_id: scope.narrowing.agent_id.into(),
        hour: scope.narrowing.hour.map(f64::from).into(),
        releases: releases.iter().map(|release| release_mark(release, &period.zone)).collect::<Vec<_>>().into(),
    };
    let data = usage::answer(&summary, period.range, &agents);
    Ok(Json(Answer { data: Field::Value(data), callscope: Field::Value(context) }).into_response())
}

fn names(organisations: &[(Organisation, Connection)]) -> String {
    organisations.iter().map(|(organisation, _)| organisation.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The organisations whose calls are here, and those whose vendor gives reports alone.
async fn apart(
    state: &AppState,
    organisations: Vec<Organisation>,
) -> Result<(Vec<Organisation>, Vec<(Organisation, Connection)>), ApiError> {
    let mut connections = state.db.connections().await?;
    connections.retain(|connection| !connection.vendor.gives_calls());
    let (mut here, mut elsewhere) = (Vec::new(), Vec::new());
    for organisation in organisations {
        match connections.iter().find(|connection| connection.organisation_id == organisation.id) {
            Some(connection) => elsewhere.push((organisation, connection.clone())),
            None => here.push(organisation),
        }
    }
    Ok((here, elsewhere))
}

fn release_mark(release: &ReleaseRow, zone: &Zone) -> ReleaseMark {
    ReleaseMark {
        date: iso_date(zone.local(release.activated_ms).date).into(),
        agent_name: release.agent_name.as_str().into(),
        label: release.label.as_str().into(),
    }
}

/// The period of a report: local days, and the instants that cut them.
struct Period {
    zone: Zone,
    range: DateRange,
    from_ms: i64,
    to_ms: i64,
}

const NAMES: [&str; 7] = ["startDate", "endDate", "organizationId", "resellerId", "timeZone", "agentId", "hour"];

fn narrowing(query: &Query) -> Result<Narrowing, ApiError> {
    let hour = query.optional_number("hour", (0, 23))?.map(|hour| hour as u8);
    Ok(Narrowing { agent_id: query.get("agentId").map(str::to_owned), hour })
}

fn period(query: &Query, zone_name: &str) -> Result<Period, ApiError> {
    let (start, end) = (query.bound("startDate")?, query.bound("endDate")?);
    let (last, end_ms) = end.unwrap_or(Bound::Instant(now_ms())).place(zone_name)?;
    let (first, from_ms) = start.unwrap_or(Bound::Day(add_days(last, 1 - DEFAULT_DAYS))).place(zone_name)?;
    let range = DateRange::new(first, last).map_err(|error| ApiError::parameter("startDate", error))?;
    // The table of offsets is made for the whole of it.
    let zone = scope::zone(zone_name, from_ms, end_ms)?;
    let to_ms = match end {
        Some(Bound::Instant(ms)) => ms,
        _ => range.instants_ms(&zone).1 - 1,
    };
    if to_ms < from_ms {
        return Err(ApiError::parameter("startDate", "lies after endDate"));
    }
    Ok(Period { zone, range, from_ms, to_ms })
}
