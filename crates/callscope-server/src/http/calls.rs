//! The calls themselves: lists, one with everything, some by their ids.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, RawQuery, State};
use callscope_core::calls::wire::{
    Additions, Analytics, CallAnswer, CallLog, CallPage, CallsAnswer, FoundAnswer, FoundCalls, Message, MetricResult,
    Pagination, Transition, TurnLatency,
};
use callscope_core::calls::{CallSort, DurationClass, Outcome};
use callscope_core::period::add_days;
use callscope_core::session::ErrorAnswer;
use callscope_core::wire::{Field, Number, Open, Text};
use serde::Deserialize;

use super::AppState;
use super::agents::ids;
use super::caller::Caller;
use super::error::ApiError;
use super::query::Query;
use super::scope::{self, Bound};
use crate::db::{CallAnalytics, CallQuery, CallWindow, ListedCall, StageLatencies, now_ms};

/// Calls of a page where nothing is asked for, and at most: more is cut to that, as the vendor does.
const PAGE: u64 = 5;
const MOST: u64 = 500;
/// Ids of one search at most.
const MOST_IDS: usize = 100;
const MOST_PAGES: u64 = 100_000_000;
const NAMES: [&str; 20] = [
    "page",
    "limit",
    "agentIds",
    "campaignIds",
    "callTypes",
    "statusFilter",
    "disconnectReasonFilter",
    "durationFilter",
    "versionFilter",
    "search",
    "sortBy",
    "sortOrder",
    "dateFrom",
    "dateTo",
    "organizationId",
    "resellerId",
    "timeZone",
    "outcomeFilter",
    "escalationReasonFilter",
    "hangupSourceFilter",
];

/// Calls, those written to last first unless another order is asked for.
#[utoipa::path(get, path = "/atoms/v1/conversation", tag = "Calls", security(("session" = []), ("key" = [])), params(
    ("page" = Option<u64>, Query, description = "Which page, from 1 on."),
    ("limit" = Option<u64>, Query, description = "Calls of a page; default 5, more than 500 count as 500."),
    ("agentIds" = Option<String>, Query, description = "Only calls of these agents, parted by commas; so are the values of every filter below."),
    ("campaignIds" = Option<String>, Query, description = "Only calls of these campaigns."),
    ("callTypes" = Option<String>, Query, description = "Only calls of these types."),
    ("statusFilter" = Option<String>, Query, description = "Only calls of these statuses."),
    ("disconnectReasonFilter" = Option<String>, Query, description = "Only calls that ended for these reasons."),
    ("durationFilter" = Option<String>, Query, description = "Only calls of these lengths: 0-30 and 30-60 seconds, 1-5 and 5+ minutes."),
    ("versionFilter" = Option<String>, Query, description = "Only calls of these versions."),
    ("search" = Option<String>, Query, description = "Only calls whose id or one of whose numbers holds this."),
    ("sortBy" = Option<String>, Query, description = "updatedAt, createdAt, callDuration or avgLatency; default updatedAt."),
    ("sortOrder" = Option<String>, Query, description = "asc or desc; default desc."),
    ("dateFrom" = Option<String>, Query, description = "First instant (RFC 3339) or first local day (YYYY-MM-DD) of their starts."),
    ("dateTo" = Option<String>, Query, description = "Last instant or last local day, itself inside."),
    ("organizationId" = Option<String>, Query, description = "One organisation; default all that the caller may see. This and what follows are additions of this server."),
    ("resellerId" = Option<String>, Query, description = "All organisations of one reseller."),
    ("timeZone" = Option<String>, Query, description = "IANA name of the zone of days and hours; default the organisation's."),
    ("outcomeFilter" = Option<String>, Query, description = "Only calls that ended so: resolved, transferred, abandoned, other."),
    ("escalationReasonFilter" = Option<String>, Query, description = "Only calls handed over for this reason, which may hold commas."),
    ("hangupSourceFilter" = Option<String>, Query, description = "Only calls ended by these: user, agent, system, unknown."),
    ("hour" = Option<u8>, Query, description = "Only calls that started in this hour of the day, 0-23."),
), responses(
    (status = 200, body = CallsAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn list(
    State(state): State<AppState>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<CallsAnswer>, ApiError> {
    let names: Vec<&str> = NAMES.into_iter().chain(["hour"]).collect();
    let query = Query::read(query.as_deref(), &names)?;
    let page = query.number("page", (1, MOST_PAGES), 1)?;
    let limit = query.number("limit", (1, u64::MAX), PAGE)?.min(MOST);
    let window =
        CallWindow { sort: sort(&query)?, is_ascending: is_ascending(&query)?, limit, skip: (page - 1) * limit };
    let (calls, total) = state.db.call_page(&wanted(&query, &caller)?, window).await?;
    let has_more = window.skip + (calls.len() as u64) < total;
    let now = now_ms();
    let pagination = Pagination {
        total: total.into(),
        page: page.into(),
        limit: limit.into(),
        has_more: Field::Value(has_more),
        total_pages: total.div_ceil(limit).into(),
    };
    let logs = calls.iter().map(|call| described(call, now)).collect::<Vec<_>>();
    let data = CallPage { logs: logs.into(), pagination: Field::Value(pagination) };
    Ok(Json(CallsAnswer { status: Field::Value(true), data: Field::Value(data) }))
}

/// One call with what was said and how long each stage took.
#[utoipa::path(get, path = "/atoms/v1/conversation/{callId}", tag = "Calls", security(("session" = []), ("key" = [])), params(
    ("callId" = String, Path, description = "The call."),
), responses(
    (status = 200, body = CallAnswer), (status = 401, body = ErrorAnswer),
    (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<CallAnswer>, ApiError> {
    let call = find(&state, &caller, &id).await?;
    let log = detailed(&call, now_ms());
    Ok(Json(CallAnswer { status: Field::Value(true), data: Field::Value(log) }))
}

/// The ids of a search.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Search {
    /// At most 100.
    call_ids: Vec<String>,
}

/// Some calls by their ids. Those that are not there, or not the caller's, are left out.
#[utoipa::path(post, path = "/atoms/v1/conversation/search", tag = "Calls", security(("session" = []), ("key" = [])),
    request_body = Search, responses(
    (status = 200, body = FoundAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn search(
    State(state): State<AppState>,
    caller: Caller,
    search: Result<Json<Search>, JsonRejection>,
) -> Result<Json<FoundAnswer>, ApiError> {
    let Json(Search { call_ids }) =
        search.map_err(|_| ApiError::bad_request("The body must be JSON with a list of texts named callIds."))?;
    if call_ids.len() > MOST_IDS {
        return Err(ApiError::parameter("callIds", format!("at most {MOST_IDS} ids at once, not {}", call_ids.len())));
    }
    let mut wanted = call_ids.clone();
    wanted.sort_unstable();
    wanted.dedup();
    let calls = state.db.calls_by_id(&ids(caller.access.organisations), &wanted).await?;
    let now = now_ms();
    let logs = calls.iter().map(|call| described(call, now)).collect::<Vec<_>>();
    let data = FoundCalls {
        total: (logs.len() as u64).into(),
        logs: logs.into(),
        requested_count: (call_ids.len() as u64).into(),
    };
    Ok(Json(FoundAnswer { status: Field::Value(true), data: Field::Value(data) }))
}

/// A call that the caller may see. Whether another organisation has one of that id is not said: ids of
/// calls can be guessed.
pub(super) async fn find(state: &AppState, caller: &Caller, id: &str) -> Result<ListedCall, ApiError> {
    let call = state.db.call(&ids(caller.access.organisations.clone()), id).await?;
    call.ok_or_else(|| ApiError::not_found("There is no such call among those that you may see."))
}

/// The order that the documents have where none is asked for.
fn sort(query: &Query) -> Result<CallSort, ApiError> {
    let Some(key) = query.get("sortBy") else { return Ok(CallSort::Updated) };
    let wrong = || ApiError::parameter("sortBy", "must be createdAt, updatedAt, callDuration or avgLatency");
    CallSort::from_key(key).ok_or_else(wrong)
}

fn is_ascending(query: &Query) -> Result<bool, ApiError> {
    match query.get("sortOrder") {
        None | Some("desc") => Ok(false),
        Some("asc") => Ok(true),
        Some(_) => Err(ApiError::parameter("sortOrder", "must be asc or desc")),
    }
}

fn wanted(query: &Query, caller: &Caller) -> Result<CallQuery, ApiError> {
    let organisations = scope::organisations(query, &caller.access)?;
    let zone_name = scope::zone_name(query, &organisations);
    let from_ms = match query.bound("dateFrom")? {
        None => None,
        Some(bound) => Some(bound.place(&zone_name)?.1),
    };
    let to_ms = match query.bound("dateTo")? {
        None => None,
        Some(Bound::Instant(ms)) => Some(ms),
        Some(Bound::Day(date)) => Some(Bound::Day(add_days(date, 1)).place(&zone_name)?.1 - 1),
    };
    if from_ms.zip(to_ms).is_some_and(|(from, to)| to < from) {
        return Err(ApiError::parameter("dateFrom", "lies after dateTo"));
    }
    let hour = query.optional_number("hour", (0, 23))?;
    let zone = scope::zone(&zone_name, from_ms.unwrap_or(0), to_ms.unwrap_or_else(now_ms))?;
    Ok(CallQuery {
        organisation_ids: ids(organisations),
        agent_ids: query.list("agentIds"),
        campaign_ids: query.list("campaignIds"),
        version_ids: query.list("versionFilter"),
        call_types: query.list("callTypes"),
        statuses: query.list("statusFilter"),
        reasons: query.list("disconnectReasonFilter"),
        durations: query.list_of(
            "durationFilter",
            &DurationClass::ALL.map(DurationClass::key),
            DurationClass::from_key,
        )?,
        outcomes: query.list_of("outcomeFilter", &Outcome::ALL.map(Outcome::key), Outcome::from_key)?,
        escalation_reasons: query.get("escalationReasonFilter").map(str::to_owned).into_iter().collect(),
        hangup_sources: query.list("hangupSourceFilter"),
        search: query.get("search").map(str::trim).filter(|search| !search.is_empty()).map(str::to_owned),
        from_ms,
        to_ms,
        hour: hour.map(|hour| (hour as u8, zone)),
    })
}

/// A call as it stands in lists.
fn described(listed: &ListedCall, now_ms: i64) -> CallLog {
    let ListedCall { call, details, .. } = listed;
    let is_ready = details.recording_ready_ms <= now_ms;
    let address = |file: &Option<String>, channels: &str| -> Text {
        match file {
            Some(_) if is_ready => format!("/atoms/v1/conversation/{}/recording{channels}", call.id).into(),
            _ => "".into(),
        }
    };
    CallLog {
        record_id: call.id.as_str().into(),
        call_id: call.id.as_str().into(),
        state: call.status.as_str().into(),
        duration: (call.duration_ms as f64 / 1000.0).into(),
        from: call.from_number.clone().into(),
        to: call.to_number.clone().into(),
        call_type: call.call_type.clone().into(),
        agent_id: call.agent_id.clone().into(),
        campaign_id: call.campaign_id.clone().into(),
        version_id: call.version_id.clone().into(),
        version_number: listed.version_number.map(|number| number as f64).into(),
        is_test: Field::Value(call.is_test),
        disconnection_reason: call.disconnection_reason.clone().into(),
        call_failure_reason: details.failure_reason.clone().into(),
        retry_count: Field::Null,
        created_at: instant(call.started_ms),
        updated_at: instant(listed.updated_ms),
        call_cost: call.cost.into(),
        recording_url: address(&details.recording, ""),
        recording_dual_url: address(&details.recording_dual, "?channels=dual"),
        disposition_metrics: Field::Value(by_name(&details.analytics)),
        post_call_analytics: analytics(&details.analytics),
        turn_latency_metrics: turns(&details.latencies, call.latency_ms),
        callscope: Field::Value(additions(listed)),
        ..CallLog::default()
    }
}

/// The same with what was said and how long each stage took.
fn detailed(listed: &ListedCall, now_ms: i64) -> CallLog {
    let message = |said: &crate::db::Said| Message {
        role: said.role.as_str().into(),
        content: said.content.as_str().into(),
        timestamp: instant(listed.call.started_ms.saturating_add_unsigned(said.after_ms)),
    };
    let latencies = &listed.details.latencies;
    CallLog {
        transcript: listed.details.transcript.iter().map(message).collect::<Vec<_>>().into(),
        transcriber_ms: latencies.transcriber_ms.into(),
        agent_ms: latencies.agent_ms.into(),
        synthesizer_ms: latencies.synthesizer_ms.into(),
        ..described(listed, now_ms)
    }
}

/// An instant as it goes out, RFC 3339 in UTC.
fn instant(ms: i64) -> Text {
    crate::rfc3339(ms).into()
}

fn by_name(analytics: &CallAnalytics) -> Open<String> {
    Open(analytics.answers.iter().map(|answer| (answer.identifier.clone(), answer.value.as_str().into())).collect())
}

fn analytics(of: &CallAnalytics) -> Field<Analytics> {
    if of.summary.is_none() && of.answers.is_empty() {
        return Field::Null;
    }
    let result = |answer: &crate::db::MetricResult| MetricResult {
        identifier: answer.identifier.as_str().into(),
        value: answer.value.as_str().into(),
        confidence: answer.confidence.into(),
    };
    let results = of.answers.iter().map(result).collect::<Vec<_>>();
    Field::Value(Analytics { summary: of.summary.clone().into(), disposition_metrics: results.into() })
}

fn turns(latencies: &StageLatencies, average_ms: Option<f64>) -> Field<TurnLatency> {
    let turns = &latencies.turns_ms;
    if turns.is_empty() && average_ms.is_none() {
        return Field::Null;
    }
    let mut sorted = turns.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let middle = |at: usize| sorted.get(at).copied();
    let median = middle(sorted.len() / 2).zip(middle(sorted.len().saturating_sub(1) / 2));
    let transition =
        |(index, latency): (usize, &f64)| Transition { turn: (index as u64 + 1).into(), latency: (*latency).into() };
    Field::Value(TurnLatency {
        avg_latency: average_ms.into(),
        median_latency: median.map(|(a, b)| f64::midpoint(a, b)).into(),
        min_latency: sorted.first().copied().into(),
        max_latency: sorted.last().copied().into(),
        turns: (turns.len() as u64).into(),
        transitions: turns.iter().enumerate().map(transition).collect::<Vec<_>>().into(),
    })
}

fn additions(listed: &ListedCall) -> Additions {
    let call = &listed.call;
    let count = |count: Option<u64>| -> Number { count.map(|count| count as f64).into() };
    Additions {
        outcome: call.outcome.key().into(),
        response_ms: call.response_ms.into(),
        positive_sentiment: call.positive_sentiment.into(),
        corrections: count(call.corrections.map(u64::from)),
        cached_tokens: count(call.tokens.map(|(cached, _)| cached)),
        all_tokens: count(call.tokens.map(|(_, all)| all)),
        transcript_confidence: call.transcript_confidence.into(),
        tool_calls: count(call.tool_calls.map(|(made, _)| made)),
        tool_errors: count(call.tool_calls.map(|(_, failed)| failed)),
        escalation_reason: call.escalation_reason.clone().into(),
    }
}
