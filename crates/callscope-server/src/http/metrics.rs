//! `GET /v1/metrics`: the usage report of a scope and a period.

use axum::Json;
use axum::extract::{RawQuery, State};
use callscope_core::period::{Date, DateRange, Zone, add_days, iso_date, parse_date};
use callscope_core::session::ErrorAnswer;
use callscope_core::usage::wire::{Answer, Context, ReleaseMark};
use callscope_core::usage::{self, Narrowing};
use callscope_core::wire::Field;
use jiff::Timestamp;

use super::AppState;
use super::caller::Caller;
use super::error::ApiError;
use super::query::Query;
use crate::db::{Access, Organisation, ReleaseRow, Scope, now_ms};

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
) -> Result<Json<Answer>, ApiError> {
    let parameters = Parameters::read(query.as_deref())?;
    let organisations = parameters.organisations(&caller.access)?;
    let zone_name = parameters.zone_name(&organisations);
    let period = parameters.period(&zone_name)?;
    let scope = Scope {
        organisation_ids: organisations.into_iter().map(|organisation| organisation.id).collect(),
        from_ms: period.from_ms,
        to_ms: period.to_ms,
        narrowing: parameters.narrowing()?,
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
        calls_through: summary
            .last_started_ms()
            .and_then(|ms| Some(Timestamp::from_millisecond(ms).ok()?.to_string()))
            .into(),
        agent_id: scope.narrowing.agent_id.into(),
        hour: scope.narrowing.hour.map(f64::from).into(),
        releases: releases.iter().map(|release| release_mark(release, &period.zone)).collect::<Vec<_>>().into(),
    };
    let data = usage::answer(&summary, period.range, &agents);
    Ok(Json(Answer { data: Field::Value(data), callscope: Field::Value(context) }))
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

/// A bound as it was given: a local day, or an instant.
enum Bound {
    Day(Date),
    Instant(i64),
}

/// The query's parameters.
struct Parameters {
    start_date: Option<String>,
    end_date: Option<String>,
    organization_id: Option<String>,
    reseller_id: Option<String>,
    time_zone: Option<String>,
    agent_id: Option<String>,
    hour: Option<String>,
}

const NAMES: [&str; 7] = ["startDate", "endDate", "organizationId", "resellerId", "timeZone", "agentId", "hour"];

impl Parameters {
    fn read(query: Option<&str>) -> Result<Self, ApiError> {
        let query = Query::read(query, &NAMES)?;
        let own = |name: &str| query.get(name).map(str::to_owned);
        Ok(Self {
            start_date: own("startDate"),
            end_date: own("endDate"),
            organization_id: own("organizationId"),
            reseller_id: own("resellerId"),
            time_zone: own("timeZone"),
            agent_id: own("agentId"),
            hour: own("hour"),
        })
    }

    /// The organisations asked for, among those that the caller may see. Whether an id exists
    /// elsewhere is not said.
    fn organisations(&self, access: &Access) -> Result<Vec<Organisation>, ApiError> {
        if let Some(id) = &self.reseller_id
            && !access.resellers.iter().any(|reseller| reseller.id == *id)
        {
            return Err(ApiError::forbidden("resellerId: you may not see this reseller"));
        }
        let wanted = |organisation: &&Organisation| {
            self.organization_id.as_ref().is_none_or(|id| organisation.id == *id)
                && self.reseller_id.as_ref().is_none_or(|id| organisation.reseller_id.as_ref() == Some(id))
        };
        let found: Vec<_> = access.organisations.iter().filter(wanted).cloned().collect();
        if found.is_empty() && self.organization_id.is_some() {
            return Err(ApiError::forbidden("organizationId: you may not see this organisation"));
        }
        Ok(found)
    }

    /// The zone asked for, or the one that the organisations share, or UTC.
    fn zone_name(&self, organisations: &[Organisation]) -> String {
        if let Some(name) = &self.time_zone {
            return name.clone();
        }
        let mut names = organisations.iter().map(|organisation| organisation.time_zone.as_str());
        let first = names.next().unwrap_or("UTC");
        if names.all(|name| name == first) { first.to_owned() } else { "UTC".to_owned() }
    }

    fn narrowing(&self) -> Result<Narrowing, ApiError> {
        let hour = self.hour.as_ref().map(|text| match text.parse::<u8>() {
            Ok(hour @ 0..24) => Ok(hour),
            _ => Err(ApiError::parameter("hour", "must be a whole number from 0 to 23")),
        });
        Ok(Narrowing { agent_id: self.agent_id.clone(), hour: hour.transpose()? })
    }

    fn period(&self, zone_name: &str) -> Result<Period, ApiError> {
        let start = self.start_date.as_deref().map(|text| bound("startDate", text)).transpose()?;
        let end = self.end_date.as_deref().map(|text| bound("endDate", text)).transpose()?;
        let now = now_ms();
        let zone_of = |from: i64, to: i64| {
            crate::zone(zone_name, from, to).map_err(|error| ApiError::parameter("timeZone", error))
        };
        // Offsets around the bounds are enough to place them; the table is then made for the whole.
        let place = |bound: &Bound| -> Result<(Date, i64), ApiError> {
            match bound {
                Bound::Instant(ms) => Ok((zone_of(*ms, *ms)?.local(*ms).date, *ms)),
                Bound::Day(date) => {
                    let about = Zone::utc().start_of_day_ms(*date);
                    Ok((*date, zone_of(about, about)?.start_of_day_ms(*date)))
                }
            }
        };
        let (last, end_ms) = place(end.as_ref().unwrap_or(&Bound::Instant(now)))?;
        let start = start.unwrap_or(Bound::Day(add_days(last, 1 - DEFAULT_DAYS)));
        let (first, from_ms) = place(&start)?;
        let range = DateRange::new(first, last).map_err(|error| ApiError::parameter("startDate", error))?;
        let zone = zone_of(from_ms, end_ms)?;
        let to_ms = match end {
            Some(Bound::Instant(ms)) => ms,
            _ => range.instants_ms(&zone).1 - 1,
        };
        if to_ms < from_ms {
            return Err(ApiError::parameter("startDate", "lies after endDate"));
        }
        Ok(Period { zone, range, from_ms, to_ms })
    }
}

fn bound(name: &str, text: &str) -> Result<Bound, ApiError> {
    if let Ok(date) = parse_date(text) {
        return Ok(Bound::Day(date));
    }
    let instant = text.parse::<Timestamp>();
    instant.map(|instant| Bound::Instant(instant.as_millisecond())).map_err(|_| {
        let shown: String = text.chars().take(40).collect();
        ApiError::parameter(
            name,
            format!("'{shown}' is neither a date (2025-01-31) nor an instant (2025-01-31T00:00:00.000Z)"),
        )
    })
}
