//! The versions of an agent, what changed from one to another, and how two of them do.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use callscope_core::agents::title;
use callscope_core::agents::wire::{SecurityCheck, Version, VersionAnswer, VersionDetail, VersionPage, VersionsAnswer};
use callscope_core::compare::wire::{
    ComparedMetrics, ComparedPeriod, Comparison, ComparisonAnswer, Run, RunContext, VersionMetrics,
};
use callscope_core::compare::{VersionTally, deltas};
use callscope_core::diff;
use callscope_core::diff::wire::{DiffAnswer, VersionDiff};
use callscope_core::period::{Date, Zone, add_days, iso_date};
use callscope_core::session::ErrorAnswer;
use callscope_core::wire::{Field, Open, Text};
use serde_json::Value;

use super::AppState;
use super::agents;
use super::caller::Caller;
use super::error::ApiError;
use super::query::Query;
use crate::db::{AgentRow, VersionRow, VersionScope, now_ms};

/// The published versions of an agent, the newest first.
#[utoipa::path(get, path = "/atoms/v1/agent/{id}/versions", tag = "Versions", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."),
    ("limit" = Option<u64>, Query, description = "Versions at most, 1-100; default 20."),
    ("skip" = Option<u64>, Query, description = "Versions to pass over."),
    ("isPinned" = Option<bool>, Query, description = "Only pinned versions, or only others."),
    ("fresh" = Option<bool>, Query, description = "Whether the vendor of a connected account is asked, in the place of what was brought. An addition of this server."),
), responses(
    (status = 200, body = VersionsAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<VersionsAnswer>, ApiError> {
    let query = Query::read(query.as_deref(), &["limit", "skip", "isPinned", "fresh"])?;
    let limit = query.number("limit", (1, 100), 20)?;
    let skip = query.number("skip", (0, 1_000_000), 0)?;
    let pinned = query.flag("isPinned")?;
    let agent = agents::find(&state, &caller, &id).await?;
    let rows = state.db.versions(&agent.id).await?;
    // As the vendor does: the total is of all versions, pinned or not.
    let total = rows.len() as u64;
    let wanted = rows.iter().filter(|row| pinned.is_none_or(|pinned| row.version.is_pinned == pinned));
    let shown = wanted.skip(skip as usize).take(limit as usize).map(described);
    let data = VersionPage { versions: shown.collect::<Vec<_>>().into(), total: total.into() };
    Ok(Json(VersionsAnswer { status: Field::Value(true), data: Field::Value(data) }))
}

/// One version with its configuration.
#[utoipa::path(get, path = "/atoms/v1/agent/{id}/versions/{versionId}", tag = "Versions", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."), ("versionId" = String, Path, description = "The version."),
), responses(
    (status = 200, body = VersionAnswer), (status = 401, body = ErrorAnswer), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
    (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path((id, version_id)): Path<(String, String)>,
) -> Result<Json<VersionAnswer>, ApiError> {
    let agent = agents::find(&state, &caller, &id).await?;
    let rows = state.db.versions(&agent.id).await?;
    let row = find(&rows, "versionId", &version_id)?;
    let data = VersionDetail { version: Field::Value(described(row)), resolved_config: Field::Value(config(row)?) };
    Ok(Json(VersionAnswer { status: Field::Value(true), data: Field::Value(data) }))
}

/// What changed in the configuration from version A to version B.
#[utoipa::path(get, path = "/atoms/v1/agent/{id}/versions/diff", tag = "Versions", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."),
    ("versionA" = String, Query, description = "The version before."),
    ("versionB" = String, Query, description = "The version after."),
), responses(
    (status = 200, body = DiffAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn diff(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<DiffAnswer>, ApiError> {
    let query = Query::read(query.as_deref(), &["versionA", "versionB"])?;
    let names = (query.needed("versionA")?.to_owned(), query.needed("versionB")?.to_owned());
    let agent = agents::find(&state, &caller, &id).await?;
    let rows = state.db.versions(&agent.id).await?;
    let (a, b) = (find(&rows, "versionA", &names.0)?, find(&rows, "versionB", &names.1)?);
    Ok(Json(DiffAnswer { status: Field::Value(true), data: Field::Value(config_diff(a, b)?) }))
}

/// How two versions of an agent do, and what changed between them.
#[utoipa::path(get, path = "/atoms/v1/agent/{id}/versions/compare-metrics", tag = "Versions", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."),
    ("versionA" = String, Query, description = "The version that is compared with."),
    ("versionB" = String, Query, description = "The version that is compared; may be the same."),
    ("dateFrom" = Option<String>, Query, description = "First local day, YYYY-MM-DD; default the beginning."),
    ("dateTo" = Option<String>, Query, description = "Last local day, itself inside; default no end."),
    ("timeZone" = Option<String>, Query, description = "IANA name of the zone by which days are cut; default the organisation's. An addition of this server."),
), responses(
    (status = 200, body = ComparisonAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn compare(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<ComparisonAnswer>, ApiError> {
    let query = Query::read(query.as_deref(), &["versionA", "versionB", "dateFrom", "dateTo", "timeZone"])?;
    let names = (query.needed("versionA")?.to_owned(), query.needed("versionB")?.to_owned());
    let days = query.days("dateFrom", "dateTo")?;
    let agent = agents::find(&state, &caller, &id).await?;
    let zone = zone(query.get("timeZone").unwrap_or(&agent.time_zone), days)?;
    let rows = state.db.versions(&agent.id).await?;
    let (a, b) = (find(&rows, "versionA", &names.0)?, find(&rows, "versionB", &names.1)?);
    let [tally_a, tally_b] = state.db.tally_versions(&scope(&agent, [a, b], days, &zone), &zone).await?;
    let metrics = ComparedMetrics {
        version_a: Field::Value(figures(&agent, a, &tally_a, days)),
        version_b: Field::Value(figures(&agent, b, &tally_b, days)),
        deltas: Field::Value(deltas(&tally_a, &tally_b)),
    };
    let context = RunContext {
        time_zone: zone.name().into(),
        calls_through: tally_a.last_started_ms().max(tally_b.last_started_ms()).and_then(crate::rfc3339).into(),
        version_a: Field::Value(run(a, &tally_a, &zone)),
        version_b: Field::Value(run(b, &tally_b, &zone)),
    };
    let data = Comparison { config_diff: Field::Value(config_diff(a, b)?), metrics: Field::Value(metrics) };
    Ok(Json(ComparisonAnswer {
        status: Field::Value(true),
        data: Field::Value(data),
        callscope: Field::Value(context),
    }))
}

type Days = (Option<Date>, Option<Date>);

pub(super) fn find<'r>(rows: &'r [VersionRow], name: &str, id: &str) -> Result<&'r VersionRow, ApiError> {
    let found = rows.iter().find(|row| row.version.id == id);
    found.ok_or_else(|| ApiError::not_found(format!("{name}: this agent has no such version.")))
}

/// The zone, with its offsets over everything that may be asked.
fn zone(name: &str, (from, to): Days) -> Result<Zone, ApiError> {
    const DECADE_MS: i64 = 10 * 366 * 86_400_000;
    let rough = |date: Date| Zone::utc().start_of_day_ms(date);
    let now = now_ms();
    let from_ms = from.map_or(0, rough).min(now - DECADE_MS);
    let to_ms = to.map_or(now, rough).max(now);
    crate::zone(name, from_ms, to_ms).map_err(|error| ApiError::parameter("timeZone", error))
}

fn scope(agent: &AgentRow, rows: [&VersionRow; 2], (from, to): Days, zone: &Zone) -> VersionScope {
    VersionScope {
        organisation_id: agent.organisation_id.clone(),
        version_ids: rows.map(|row| row.version.id.clone()),
        from_ms: from.map(|date| zone.start_of_day_ms(date)),
        // The calendar's last day has no next one, and no call either.
        end_ms: to.filter(|date| add_days(*date, 1) > *date).map(|date| zone.start_of_day_ms(add_days(date, 1))),
    }
}

fn figures(agent: &AgentRow, row: &VersionRow, tally: &VersionTally, (from, to): Days) -> VersionMetrics {
    VersionMetrics {
        org_id: agent.organisation_id.as_str().into(),
        agent_id: agent.id.as_str().into(),
        version_id: row.version.id.as_str().into(),
        period: Field::Value(ComparedPeriod { date_from: from.map(iso_date).into(), date_to: to.map(iso_date).into() }),
        ..tally.metrics()
    }
}

fn run(row: &VersionRow, tally: &VersionTally, zone: &Zone) -> Run {
    Run {
        label: Text::from(title(Some(row.number), Some(&row.version.label))),
        activated: row.version.activated_ms.map(|ms| iso_date(zone.local(ms).date)).into(),
        is_live: Field::Value(row.is_active),
        ..tally.run()
    }
}

pub(super) fn config(row: &VersionRow) -> Result<Value, ApiError> {
    serde_json::from_str(&row.version.config).map_err(|error| ApiError::internal(&error))
}

fn config_diff(a: &VersionRow, b: &VersionRow) -> Result<VersionDiff, ApiError> {
    Ok(diff::to_wire(&diff::compute(&config(a)?, &config(b)?)))
}

pub(super) fn described(row: &VersionRow) -> Version {
    let version = &row.version;
    Version {
        id: version.id.as_str().into(),
        agent: version.agent_id.as_str().into(),
        status: "published".into(),
        version_number: row.number.into(),
        label: version.label.as_str().into(),
        description: version.description.clone().into(),
        is_pinned: Field::Value(version.is_pinned),
        published_by: version.published_by.clone().into(),
        published_by_name: version.published_by.clone().into(),
        published_at: version.published_ms.or(version.activated_ms).and_then(crate::rfc3339).into(),
        activated_at: version.activated_ms.and_then(crate::rfc3339).into(),
        is_active: Field::Value(row.is_active),
        blocks: Field::Value(blocks(version)),
        created_at: version.published_ms.or(version.activated_ms).and_then(crate::rfc3339).into(),
        security_check: security_check(version),
        ..Version::default()
    }
}

/// How the security check of a version stands; nothing where it had none.
fn security_check(version: &crate::db::Version) -> Field<SecurityCheck> {
    if version.checked_ms == 0 {
        return Field::Missing;
    }
    let status = if version.checked_ms > now_ms() { "pending" } else { "passed" };
    Field::Value(SecurityCheck {
        status: status.into(),
        reason: Field::Missing,
        completed_at: crate::rfc3339(version.checked_ms).into(),
    })
}

/// An id for each section of the configuration, equal where the sections are.
fn blocks(version: &crate::db::Version) -> Open<String> {
    let config: Value = serde_json::from_str(&version.config).unwrap_or_default();
    let block = |(name, value): (&String, &Value)| {
        let id =
            uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, format!("{}/{name}/{value}", version.agent_id).as_bytes());
        (name.clone(), Text::from(id.simple().to_string()))
    };
    Open(config.as_object().into_iter().flatten().map(block).collect())
}
