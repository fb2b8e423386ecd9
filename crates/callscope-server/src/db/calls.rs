//! Calls.

use callscope_core::calls::Outcome;
use callscope_core::usage::Narrowing;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::Database;

/// A call as stored. `None` is unknown.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "named as the columns, which the schema explains")]
pub struct CallRow {
    pub organisation_id: String,
    pub id: String,
    pub started_ms: i64,
    pub agent_id: Option<String>,
    pub version_id: Option<String>,
    pub duration_ms: u64,
    pub status: String,
    pub outcome: Outcome,
    pub disconnection_reason: Option<String>,
    pub call_type: Option<String>,
    pub to_number: Option<String>,
    pub from_number: Option<String>,
    pub is_test: bool,
    pub cost: Option<f64>,
    pub response_ms: Option<f64>,
    pub positive_sentiment: Option<bool>,
    pub corrections: Option<u32>,
    pub tokens: Option<(u64, u64)>,
    pub transcript_confidence: Option<f64>,
    pub tool_calls: Option<(u64, u64)>,
    pub escalation_reason: Option<String>,
    pub campaign_id: Option<String>,
    pub latency_ms: Option<f64>,
}

/// Which calls a report is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The organisations whose calls count.
    pub organisation_ids: Vec<String>,
    /// The first instant, in Unix milliseconds.
    pub from_ms: i64,
    /// The last instant, itself inside.
    pub to_ms: i64,
    /// The agent and hour that are asked for.
    pub narrowing: Narrowing,
}

impl Scope {
    /// All calls that an organisation ever had.
    pub(super) fn ever(organisation_id: &str) -> Self {
        let organisation_ids = vec![organisation_id.to_owned()];
        Self { organisation_ids, from_ms: i64::MIN, to_ms: i64::MAX, narrowing: Narrowing::default() }
    }
}

/// What stands before the rows of an insertion, and a row: its values are those of [`bound`] and when it was
/// written to.
pub(super) const INTO: &str = "INSERT INTO calls (organisation_id, started_ms, id, agent_id, version_id, duration_ms,
    status, outcome, disconnection_reason, type, to_number, from_number, is_test, cost, response_ms,
    positive_sentiment, corrections, cached_tokens, all_tokens, transcript_confidence, tool_calls, tool_errors,
    escalation_reason, campaign_id, latency_ms, updated_ms) VALUES ";
pub(super) const ROW: &str = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
/// Rows of one statement: each is a trip to the thread of the database, and has room for 32,766 values.
pub(super) const ROWS: usize = 128;

/// Stores calls and gives how many are new: one whose id is there already is left as it is.
///
/// # Errors
/// Those of the database.
pub async fn insert_calls(connection: &mut SqliteConnection, calls: &[CallRow]) -> sqlx::Result<u64> {
    let mut new = 0;
    for chunk in calls.chunks(ROWS) {
        let rows = vec![ROW; chunk.len()].join(", ");
        let sql = format!("{INTO}{rows} ON CONFLICT DO NOTHING");
        let insert = chunk.iter().fold(sqlx::query(&sql), |insert, call| {
            bound(insert, call).bind(call.started_ms.saturating_add(integer(call.duration_ms)))
        });
        new += insert.execute(&mut *connection).await?.rows_affected();
    }
    Ok(new)
}

type Statement<'q> = sqlx::query::Query<'q, Sqlite, sqlx::sqlite::SqliteArguments<'q>>;

/// Binds everything of a call in the order of its columns, up to when it was written to.
pub(super) fn bound<'q>(statement: Statement<'q>, call: &'q CallRow) -> Statement<'q> {
    statement
        .bind(&call.organisation_id)
        .bind(call.started_ms)
        .bind(&call.id)
        .bind(&call.agent_id)
        .bind(&call.version_id)
        .bind(integer(call.duration_ms))
        .bind(&call.status)
        .bind(call.outcome.key())
        .bind(&call.disconnection_reason)
        .bind(&call.call_type)
        .bind(&call.to_number)
        .bind(&call.from_number)
        .bind(call.is_test)
        .bind(call.cost)
        .bind(call.response_ms)
        .bind(call.positive_sentiment)
        .bind(call.corrections)
        .bind(call.tokens.map(|(cached, _)| integer(cached)))
        .bind(call.tokens.map(|(_, all)| integer(all)))
        .bind(call.transcript_confidence)
        .bind(call.tool_calls.map(|(made, _)| integer(made)))
        .bind(call.tool_calls.map(|(_, failed)| integer(failed)))
        .bind(&call.escalation_reason)
        .bind(&call.campaign_id)
        .bind(call.latency_ms)
}

pub(super) fn integer(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Database {
    /// Whether an organisation has any call here.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn has_calls(&self, organisation_id: &str) -> sqlx::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM calls WHERE organisation_id = ?)";
        sqlx::query_scalar(sql).bind(organisation_id).fetch_one(&self.pool).await
    }

    /// How many calls there are in all.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_calls(&self) -> sqlx::Result<u64> {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM calls").fetch_one(&self.pool).await?;
        Ok(count.unsigned_abs())
    }
}

pub(super) fn push_list<'a>(query: &mut QueryBuilder<'a, Sqlite>, values: &'a [String]) {
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
}
