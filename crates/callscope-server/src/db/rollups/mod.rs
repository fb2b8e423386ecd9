//! Sums of calls by quarters of an hour, kept beside the calls, and the reports that are told from them.
//!
//! Triggers mark a day as stale whenever a call of it is written, by whomever; [`roll_up`] sums stale days again
//! before a transaction ends. What is stale is read from the calls, so a report is right either way.

mod span;
mod usage;
mod version;

pub use version::VersionScope;

use callscope_core::calls::{AgentId, COMPLETED, DayRollup, Outcome, UsageFacts};
use callscope_core::compare::VersionFacts;
use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use self::span::{Span, day_span};
use super::Database;
use super::calls::ROWS;

/// What is read of a call where both a report and a comparison are made of it: see [`facts`] and [`version_facts`].
const FACTS: &str = "SELECT started_ms, duration_ms, outcome, agent_id, response_ms, positive_sentiment, corrections,
    cached_tokens, all_tokens, transcript_confidence, tool_calls, tool_errors, escalation_reason, version_id,
    status, disconnection_reason, cost, type, is_test
    FROM calls WHERE organisation_id = ";

/// Days that are summed in one transaction where it is for nothing else: others want to write, too.
const DAYS: usize = 50;

/// Sums every day again of which a call was written since it was summed last.
///
/// # Errors
/// Those of the database. A call that cannot be read leaves its day as it is, which is told from its calls.
pub async fn roll_up(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    for (organisation_id, day) in stale_days(&mut *connection).await? {
        roll_up_day(&mut *connection, &organisation_id, day).await?;
    }
    Ok(())
}

async fn stale_days(connection: &mut SqliteConnection) -> sqlx::Result<Vec<(String, i64)>> {
    let stale = "SELECT organisation_id, day FROM stale_days ORDER BY organisation_id, day";
    sqlx::query_as(stale).fetch_all(connection).await
}

async fn roll_up_day(connection: &mut SqliteConnection, organisation_id: &str, day: i64) -> sqlx::Result<()> {
    let mut rollup = DayRollup::new(day);
    let add = |row: &SqliteRow| {
        rollup.add(&facts(row)?, row.try_get(13)?, &version_facts(row, 14)?);
        Ok(())
    };
    match each_call(&mut *connection, organisation_id, day_span(day), None, add).await {
        Err(error @ (sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. })) => {
            tracing::warn!(%error, day, "a call cannot be read: its day is not summed");
            return Ok(());
        }
        read => read?,
    }
    put_sums(connection, organisation_id, day, &rollup).await
}

/// Stores the sums of a day in the place of those it had; none of a day without a call.
async fn put_sums(
    connection: &mut SqliteConnection,
    organisation_id: &str,
    day: i64,
    rollup: &DayRollup,
) -> sqlx::Result<()> {
    for table in ["day_rollups", "quarter_rollups", "stale_days"] {
        let sql = format!("DELETE FROM {table} WHERE organisation_id = ? AND day = ?");
        sqlx::query(&sql).bind(organisation_id).bind(day).execute(&mut *connection).await?;
    }
    if rollup.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO day_rollups (organisation_id, day, calls, versions) VALUES (?, ?, ?, ?)";
    let insert = sqlx::query(sql).bind(organisation_id).bind(day).bind(encoded(rollup.whole())?);
    insert.bind(version::encoded_versions(rollup.versions())?).execute(&mut *connection).await?;
    put_agents(connection, organisation_id, day, rollup).await
}

async fn put_agents(
    connection: &mut SqliteConnection,
    organisation_id: &str,
    day: i64,
    rollup: &DayRollup,
) -> sqlx::Result<()> {
    let mut agents = Vec::new();
    for (agent_id, quarters) in rollup.agents() {
        agents.push((agent_id.as_deref(), encoded(quarters)?));
    }
    for chunk in agents.chunks(ROWS) {
        let mut insert =
            QueryBuilder::<Sqlite>::new("INSERT INTO quarter_rollups (organisation_id, day, agent_id, calls) ");
        insert.push_values(chunk, |mut row, (agent_id, calls)| {
            row.push_bind(organisation_id).push_bind(day).push_bind(*agent_id).push_bind(calls.as_slice());
        });
        insert.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Reads the calls of a span, of all agents or one.
async fn each_call(
    connection: &mut SqliteConnection,
    organisation_id: &str,
    (from_ms, end_ms): Span,
    agent_id: Option<&str>,
    mut add: impl FnMut(&SqliteRow) -> sqlx::Result<()>,
) -> sqlx::Result<()> {
    let mut query = QueryBuilder::<Sqlite>::new(FACTS);
    query.push_bind(organisation_id).push(" AND started_ms >= ").push_bind(from_ms);
    query.push(" AND started_ms < ").push_bind(end_ms);
    if let Some(agent_id) = agent_id {
        query.push(" AND agent_id = ").push_bind(agent_id);
    }
    let mut rows = query.build().fetch(connection);
    while let Some(row) = rows.try_next().await? {
        add(&row)?;
    }
    Ok(())
}

impl Database {
    /// Sums the days again that are stale.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn roll_up(&self) -> sqlx::Result<()> {
        let stale = stale_days(&mut *self.pool.acquire().await?).await?;
        for days in stale.chunks(DAYS) {
            let mut transaction = self.begin_writing().await?;
            for (organisation_id, day) in days {
                roll_up_day(&mut transaction, organisation_id, *day).await?;
            }
            transaction.commit().await?;
        }
        Ok(())
    }
}

fn encoded(sums: &impl Serialize) -> sqlx::Result<Vec<u8>> {
    postcard::to_stdvec(sums).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

fn decoded<'r, T: Deserialize<'r>>(row: &'r SqliteRow, column: usize) -> sqlx::Result<T> {
    decoded_bytes(row.try_get(column)?)
}

fn decoded_bytes<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> sqlx::Result<T> {
    postcard::from_bytes(bytes).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// The facts of a row of [`each_call`], borrowed from it.
fn facts(row: &SqliteRow) -> sqlx::Result<UsageFacts<'_>> {
    let pair = |a: Option<i64>, b: Option<i64>| Some((a?.unsigned_abs(), b?.unsigned_abs()));
    let outcome: &str = row.try_get(2)?;
    let duration: i64 = row.try_get(1)?;
    Ok(UsageFacts {
        started_ms: row.try_get(0)?,
        duration_ms: duration.unsigned_abs(),
        outcome: Outcome::from_key(outcome).unwrap_or(Outcome::Other),
        agent_id: row.try_get::<Option<&str>, _>(3)?.map(AgentId::from),
        response_ms: row.try_get(4)?,
        positive_sentiment: row.try_get(5)?,
        corrections: row.try_get(6)?,
        tokens: pair(row.try_get(7)?, row.try_get(8)?),
        transcript_confidence: row.try_get(9)?,
        tool_calls: pair(row.try_get(10)?, row.try_get(11)?),
        escalation_reason: row.try_get(12)?,
    })
}

/// What a comparison needs of a row, borrowed from it; its status and the columns after that begin at a place.
fn version_facts(row: &SqliteRow, status: usize) -> sqlx::Result<VersionFacts<'_>> {
    let duration: i64 = row.try_get(1)?;
    Ok(VersionFacts {
        started_ms: row.try_get(0)?,
        duration_ms: duration.unsigned_abs(),
        is_answered: row.try_get::<&str, _>(status)? == COMPLETED,
        disconnection_reason: row.try_get(status + 1)?,
        cost_credits: row.try_get(status + 2)?,
        call_type: row.try_get(status + 3)?,
        is_test: row.try_get(status + 4)?,
    })
}
