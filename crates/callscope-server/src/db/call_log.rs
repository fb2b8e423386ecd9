//! Calls as people look through them: lists, one with everything, some by their ids.

use std::collections::HashMap;

use callscope_core::calls::{CallSort, DurationClass, Outcome};
use callscope_core::period::Zone;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::Database;
use super::calls::{CallRow, push_list};

/// In the place of a file: the recording is asked of the vendor whenever it is heard. No file has such a name.
pub const AT_VENDOR: &str = "@vendor";

/// What is kept of a call beside what the reports read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallDetails {
    /// What was said.
    pub transcript: Vec<Said>,
    /// How long the answers took.
    pub latencies: StageLatencies,
    /// What was found out afterwards.
    pub analytics: CallAnalytics,
    /// The recording of both voices in one channel: a file in the folder of recordings, or [`AT_VENDOR`].
    pub recording: Option<String>,
    /// The recording with a channel for each voice.
    pub recording_dual: Option<String>,
    /// From when on the recordings are there, in Unix milliseconds.
    pub recording_ready_ms: i64,
    /// Why the call failed, where it did.
    pub failure_reason: Option<String>,
}

/// Something that was said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Said {
    /// Who said it: `agent` or `user`.
    pub role: String,
    /// What.
    pub content: String,
    /// When, in milliseconds after the call started.
    pub after_ms: u64,
}

/// How long the answers of a call took, in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StageLatencies {
    /// Speech to text, on average.
    pub transcriber_ms: Option<f64>,
    /// The language model, on average.
    pub agent_ms: Option<f64>,
    /// Text to speech, on average.
    pub synthesizer_ms: Option<f64>,
    /// Each turn, from the end of what the caller said to the beginning of the answer.
    pub turns_ms: Vec<f64>,
}

/// What was found out about a call after it ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CallAnalytics {
    /// What it was about.
    pub summary: Option<String>,
    /// The answer to each question.
    pub answers: Vec<MetricResult>,
}

/// The answer to one question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MetricResult {
    /// The question's name.
    pub identifier: String,
    /// The answer as text.
    pub value: String,
    /// How sure it is, 0–1.
    pub confidence: Option<f64>,
}

/// Which calls are listed. Of each part any of the values; an empty part is not looked at.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "named as the parameters of the address")]
pub struct CallQuery {
    pub organisation_ids: Vec<String>,
    pub agent_ids: Vec<String>,
    pub campaign_ids: Vec<String>,
    pub version_ids: Vec<String>,
    pub call_types: Vec<String>,
    pub statuses: Vec<String>,
    pub reasons: Vec<String>,
    pub durations: Vec<DurationClass>,
    pub outcomes: Vec<Outcome>,
    pub escalation_reasons: Vec<String>,
    /// Who ended them, by the names of a comparison.
    pub hangup_sources: Vec<String>,
    /// A part of the id or of either number.
    pub search: Option<String>,
    /// First and last instant, both inside, in Unix milliseconds.
    pub from_ms: Option<i64>,
    pub to_ms: Option<i64>,
    /// The local hour in which they started, and by which clock.
    pub hour: Option<(u8, Zone)>,
}

/// A page of a list of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallWindow {
    /// By what it is sorted.
    pub sort: CallSort,
    /// Whether the smallest comes first.
    pub is_ascending: bool,
    /// Calls of a page.
    pub limit: u64,
    /// Calls before it.
    pub skip: u64,
}

/// A call of a list, with its details.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedCall {
    /// The call.
    pub call: CallRow,
    /// When it was last written to, in Unix milliseconds.
    pub updated_ms: i64,
    /// The number of its version.
    pub version_number: Option<u64>,
    /// Its details; of lists without what was said.
    pub details: CallDetails,
}

/// Stores the details of a call that is there, in the place of those it had.
///
/// # Errors
/// Those of the database.
pub async fn put_details(
    connection: &mut SqliteConnection,
    (organisation_id, call_id): (&str, &str),
    details: &CallDetails,
) -> sqlx::Result<()> {
    let sql = "INSERT INTO call_details (organisation_id, call_id, transcript, latencies, analytics, recording, recording_dual,
               recording_ready_ms, failure_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT (organisation_id, call_id) DO UPDATE SET transcript = excluded.transcript,
               latencies = excluded.latencies, analytics = excluded.analytics, recording = excluded.recording,
               recording_dual = excluded.recording_dual, recording_ready_ms = excluded.recording_ready_ms,
               failure_reason = excluded.failure_reason";
    let insert = sqlx::query(sql).bind(organisation_id).bind(call_id);
    let insert = insert.bind(json(&details.transcript)?);
    let insert = insert.bind(json(&details.latencies)?);
    let insert = insert.bind(json(&details.analytics)?);
    let insert = insert.bind(&details.recording).bind(&details.recording_dual).bind(details.recording_ready_ms);
    insert.bind(&details.failure_reason).execute(connection).await?;
    Ok(())
}

pub(super) const COLUMNS: &str = "calls.organisation_id, calls.id, started_ms, agent_id, version_id, duration_ms, status, outcome,
    disconnection_reason, type, to_number, from_number, is_test, cost, response_ms, positive_sentiment, corrections,
    cached_tokens, all_tokens, transcript_confidence, tool_calls, tool_errors, escalation_reason, campaign_id, latency_ms,
    updated_ms, latencies, analytics, recording, recording_dual, recording_ready_ms, failure_reason";
pub(super) const DETAILS: &str =
    " LEFT JOIN call_details ON call_details.organisation_id = calls.organisation_id AND call_id = calls.id";

impl Database {
    /// The calls of some ids that belong to organisations, in the order of the ids.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn calls_by_id(&self, organisation_ids: &[String], ids: &[String]) -> sqlx::Result<Vec<ListedCall>> {
        let mut query = QueryBuilder::new(format!("SELECT {COLUMNS}, NULL FROM calls{DETAILS} WHERE "));
        of_organisations(&mut query, organisation_ids);
        query.push(" AND calls.id IN (");
        push_list(&mut query, ids);
        query.push(")");
        let mut calls = listed(&mut *self.pool.acquire().await?, &mut query).await?;
        calls.sort_by_key(|listed| ids.iter().position(|id| *id == listed.call.id));
        Ok(calls)
    }

    /// One call of organisations with everything that is kept of it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn call(&self, organisation_ids: &[String], id: &str) -> sqlx::Result<Option<ListedCall>> {
        let mut query = QueryBuilder::new(format!("SELECT {COLUMNS}, transcript FROM calls{DETAILS} WHERE "));
        of_organisations(&mut query, organisation_ids);
        query.push(" AND calls.id = ").push_bind(id).push(" ORDER BY started_ms LIMIT 1");
        Ok(listed(&mut *self.pool.acquire().await?, &mut query).await?.pop())
    }
}

/// The calls of a query that gives [`COLUMNS`], with the numbers of their versions.
pub(super) async fn listed(
    connection: &mut SqliteConnection,
    query: &mut QueryBuilder<'_, Sqlite>,
) -> sqlx::Result<Vec<ListedCall>> {
    // Hardly any two are alike, and a long one takes megabytes where it is kept.
    let rows = query.build().persistent(false).fetch_all(&mut *connection).await?;
    let mut calls = rows.iter().map(read).collect::<sqlx::Result<Vec<ListedCall>>>()?;
    let mut agents: Vec<String> = calls.iter().filter_map(|listed| listed.call.agent_id.clone()).collect();
    agents.sort_unstable();
    agents.dedup();
    let numbers = version_numbers(connection, &agents).await?;
    for listed in &mut calls {
        listed.version_number = listed.call.version_id.as_ref().and_then(|id| numbers.get(id)).copied();
    }
    Ok(calls)
}

/// The numbers of all versions of some agents, by the versions' ids.
async fn version_numbers(
    connection: &mut SqliteConnection,
    agent_ids: &[String],
) -> sqlx::Result<HashMap<String, u64>> {
    let mut query = QueryBuilder::new(
        "SELECT id, row_number() OVER (PARTITION BY agent_id ORDER BY coalesce(published_ms, activated_ms), label, id)
         FROM versions WHERE agent_id IN (",
    );
    push_list(&mut query, agent_ids);
    query.push(")");
    let number = |row: SqliteRow| Ok((row.try_get(0)?, row.try_get::<i64, _>(1)?.unsigned_abs()));
    Ok(query.build().try_map(number).fetch_all(connection).await?.into_iter().collect())
}

pub(super) fn of_organisations<'q>(query: &mut QueryBuilder<'q, Sqlite>, ids: &'q [String]) {
    query.push("calls.organisation_id IN (");
    push_list(query, ids);
    query.push(")");
}

/// What a query asks for beside the organisations, as further conditions.
pub(super) fn restrict<'q>(query: &mut QueryBuilder<'q, Sqlite>, of: &'q CallQuery) {
    let lists = [
        ("agent_id", &of.agent_ids),
        ("campaign_id", &of.campaign_ids),
        ("version_id", &of.version_ids),
        ("type", &of.call_types),
        ("status", &of.statuses),
        ("disconnection_reason", &of.reasons),
        ("escalation_reason", &of.escalation_reasons),
    ];
    for (column, values) in lists.into_iter().filter(|(_, values)| !values.is_empty()) {
        query.push(format!(" AND {column} IN ("));
        push_list(query, values);
        query.push(")");
    }
    if !of.outcomes.is_empty() {
        query.push(" AND outcome IN (");
        let mut list = query.separated(", ");
        for outcome in &of.outcomes {
            list.push_bind(outcome.key());
        }
        query.push(")");
    }
    any_of(query, of.durations.iter().map(|class| duration_condition(*class)));
    any_of(query, of.hangup_sources.iter().map(|source| source_condition(source).to_owned()));
    if let Some(from_ms) = of.from_ms {
        query.push(" AND started_ms >= ").push_bind(from_ms);
    }
    if let Some(to_ms) = of.to_ms {
        query.push(" AND started_ms <= ").push_bind(to_ms);
    }
    if let Some((hour, zone)) = &of.hour {
        query.push(format!(" AND {} = ", local_hour(zone, of.from_ms, of.to_ms))).push_bind(i64::from(*hour));
    }
    if let Some(search) = &of.search {
        query.push(" AND (instr(lower(calls.id), lower(").push_bind(search).push(")) > 0 OR instr(from_number, ");
        query.push_bind(search).push(") > 0 OR instr(to_number, ").push_bind(search).push(") > 0)");
    }
}

fn any_of(query: &mut QueryBuilder<'_, Sqlite>, conditions: impl Iterator<Item = String>) {
    let conditions: Vec<String> = conditions.collect();
    if !conditions.is_empty() {
        query.push(format!(" AND ({})", conditions.join(" OR ")));
    }
}

fn duration_condition(class: DurationClass) -> String {
    match class.bounds_ms() {
        (from, Some(below)) => format!("(duration_ms >= {from} AND duration_ms < {below})"),
        (from, None) => format!("duration_ms >= {from}"),
    }
}

/// As `callscope_core::compare::hangup_source` sorts the reasons.
fn source_condition(source: &str) -> &'static str {
    match source {
        "user" => "disconnection_reason = 'user_hangup'",
        "agent" => "disconnection_reason = 'agent_hangup'",
        "unknown" => "coalesce(disconnection_reason, '') IN ('', 'unknown')",
        "system" => "coalesce(disconnection_reason, '') NOT IN ('', 'unknown', 'user_hangup', 'agent_hangup')",
        _ => "0",
    }
}

/// The local hour of a call's start, as SQL: the offsets of the zone over the span that is asked for.
fn local_hour(zone: &Zone, from_ms: Option<i64>, to_ms: Option<i64>) -> String {
    let from_secs = from_ms.map_or(0, |ms| ms.div_euclid(1000));
    let to_secs = to_ms.map_or(i64::MAX, |ms| ms.div_euclid(1000));
    let stretches = zone.offsets_between(from_secs, to_secs);
    let until = |(at, next): (&(i64, i32), &(i64, i32))| {
        format!(" WHEN started_ms < {} THEN {}", next.0.saturating_mul(1000), at.1)
    };
    let before: String = stretches.iter().zip(stretches.iter().skip(1)).map(until).collect();
    let last = stretches.last().map_or(0, |last| last.1);
    let offset = if before.is_empty() { last.to_string() } else { format!("CASE{before} ELSE {last} END") };
    // Counted from an instant before all calls: SQL's remainder takes the sign of what is divided.
    format!("((started_ms / 1000 + 1000000 * 86400 + ({offset})) / 3600 % 24)")
}

fn read(row: &SqliteRow) -> sqlx::Result<ListedCall> {
    let pair = |a: Option<i64>, b: Option<i64>| Some((a?.unsigned_abs(), b?.unsigned_abs()));
    let call = CallRow {
        organisation_id: row.try_get(0)?,
        id: row.try_get(1)?,
        started_ms: row.try_get(2)?,
        agent_id: row.try_get(3)?,
        version_id: row.try_get(4)?,
        duration_ms: row.try_get::<i64, _>(5)?.unsigned_abs(),
        status: row.try_get(6)?,
        outcome: Outcome::from_key(row.try_get(7)?).unwrap_or(Outcome::Other),
        disconnection_reason: row.try_get(8)?,
        call_type: row.try_get(9)?,
        to_number: row.try_get(10)?,
        from_number: row.try_get(11)?,
        is_test: row.try_get(12)?,
        cost: row.try_get(13)?,
        response_ms: row.try_get(14)?,
        positive_sentiment: row.try_get(15)?,
        corrections: row.try_get(16)?,
        tokens: pair(row.try_get(17)?, row.try_get(18)?),
        transcript_confidence: row.try_get(19)?,
        tool_calls: pair(row.try_get(20)?, row.try_get(21)?),
        escalation_reason: row.try_get(22)?,
        campaign_id: row.try_get(23)?,
        latency_ms: row.try_get(24)?,
    };
    let details = CallDetails {
        transcript: stored(row, 32)?,
        latencies: stored(row, 26)?,
        analytics: stored(row, 27)?,
        recording: row.try_get(28)?,
        recording_dual: row.try_get(29)?,
        recording_ready_ms: row.try_get::<Option<i64>, _>(30)?.unwrap_or(0),
        failure_reason: row.try_get(31)?,
    };
    Ok(ListedCall { call, updated_ms: row.try_get(25)?, version_number: None, details })
}

/// What is stored as JSON; the default where nothing is.
fn stored<T: Default + for<'de> Deserialize<'de>>(row: &SqliteRow, column: usize) -> sqlx::Result<T> {
    let text: Option<&str> = row.try_get(column)?;
    let value = text.map(serde_json::from_str).transpose().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(value.unwrap_or_default())
}

/// What is stored as JSON.
fn json(value: &impl Serialize) -> sqlx::Result<String> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}
