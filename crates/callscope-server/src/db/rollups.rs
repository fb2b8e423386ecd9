//! Sums of calls by quarters of an hour, kept beside the calls, and the reports that are told from them.
//!
//! Triggers mark a day as stale whenever a call of it is written, by whomever; [`roll_up`] sums stale days again
//! before a transaction ends. What is stale is read from the calls, so a report is right either way.

use std::collections::BTreeSet;

use callscope_core::calls::{
    AgentId, AgentQuarters, DayRollup, Outcome, QUARTER_MS, UsageFacts, UsageSummary, WholeDay,
};
use callscope_core::period::{DAY_MS, Zone};
use callscope_core::usage::Narrowing;
use futures_util::TryStreamExt as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::Database;
use super::calls::{ROWS, Scope};

/// Milliseconds from one instant to another, the second outside.
type Span = (i64, i64);

const FACTS: &str = "SELECT started_ms, duration_ms, outcome, agent_id, response_ms, positive_sentiment, corrections,
    cached_tokens, all_tokens, transcript_confidence, tool_calls, tool_errors, escalation_reason, version_id
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
        rollup.add(&facts(row)?, row.try_get(13)?);
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
    let sql = "INSERT INTO day_rollups (organisation_id, day, calls) VALUES (?, ?, ?)";
    let insert = sqlx::query(sql).bind(organisation_id).bind(day).bind(encoded(rollup.whole())?);
    insert.execute(&mut *connection).await?;
    put_agents(connection, organisation_id, day, rollup).await
}

async fn put_agents(
    connection: &mut SqliteConnection,
    organisation_id: &str,
    day: i64,
    rollup: &DayRollup,
) -> sqlx::Result<()> {
    let mut agents = Vec::new();
    for (agent_id, version_id, quarters) in rollup.agents() {
        agents.push((agent_id, version_id, encoded(quarters)?));
    }
    for chunk in agents.chunks(ROWS) {
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO quarter_rollups (organisation_id, day, agent_id, version_id, calls) ",
        );
        insert.push_values(chunk, |mut row, (agent_id, version_id, calls)| {
            row.push_bind(organisation_id).push_bind(day).push_bind(*agent_id).push_bind(*version_id);
            row.push_bind(calls.as_slice());
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

    /// Sums the calls of a scope, by the clock of a zone.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn summarise(&self, scope: &Scope, zone: &Zone) -> sqlx::Result<UsageSummary> {
        // One transaction: what is stale, the sums and the calls are of one moment.
        let mut snapshot = self.begin().await?;
        let span = (scope.from_ms, scope.to_ms.saturating_add(1));
        let mut summary = UsageSummary::default();
        for organisation_id in &scope.organisation_ids {
            let narrowing = &scope.narrowing;
            let mut reading = Reading { connection: &mut snapshot, organisation_id, zone, narrowing };
            reading.add_span(&mut summary, span).await?;
        }
        Ok(summary)
    }
}

/// The calls of one organisation on their way into a report.
struct Reading<'a> {
    connection: &'a mut SqliteConnection,
    organisation_id: &'a str,
    zone: &'a Zone,
    narrowing: &'a Narrowing,
}

impl Reading<'_> {
    /// Takes in the calls of a span: from the sums as far as they reach, else from the calls.
    async fn add_span(&mut self, summary: &mut UsageSummary, span: Span) -> sqlx::Result<()> {
        let whole = (up_to(span.0, QUARTER_MS), down_to(span.1, QUARTER_MS));
        if whole.0 >= whole.1 || !self.zone.keeps_to(QUARTER_MS, whole) {
            return self.add_calls(summary, span).await;
        }
        let stale = self.stale_days(whole).await?;
        let mut from_calls = vec![(span.0, whole.0), (whole.1, span.1)];
        from_calls.extend(stale.iter().map(|day| overlap(day_span(*day), whole)));
        for part in joined(from_calls) {
            self.add_calls(summary, part).await?;
        }
        self.add_sums(summary, whole, &stale).await
    }

    async fn stale_days(&mut self, span: Span) -> sqlx::Result<BTreeSet<i64>> {
        let sql = "SELECT day FROM stale_days WHERE organisation_id = ? AND day BETWEEN ? AND ?";
        let query = sqlx::query_scalar(sql).bind(self.organisation_id).bind(span.0.div_euclid(DAY_MS));
        let days: Vec<i64> = query.bind(span.1.div_euclid(DAY_MS)).fetch_all(&mut *self.connection).await?;
        Ok(days.into_iter().collect())
    }

    async fn add_calls(&mut self, summary: &mut UsageSummary, span: Span) -> sqlx::Result<()> {
        let (zone, narrowing) = (self.zone, self.narrowing);
        let agent_id = narrowing.agent_id.as_deref();
        each_call(&mut *self.connection, self.organisation_id, span, agent_id, |row| {
            let facts = facts(row)?;
            if is_in_hour(narrowing, zone, facts.started_ms) {
                summary.add(&facts, zone);
            }
            Ok(())
        })
        .await
    }

    /// Takes in whole quarters of an hour: days as a whole where nothing narrows them.
    async fn add_sums(&mut self, summary: &mut UsageSummary, span: Span, stale: &BTreeSet<i64>) -> sqlx::Result<()> {
        let days = (up_to(span.0, DAY_MS) / DAY_MS, down_to(span.1, DAY_MS) / DAY_MS);
        if *self.narrowing != Narrowing::default() || days.0 >= days.1 {
            return self.add_quarters(summary, span, stale).await;
        }
        self.add_days(summary, days, stale).await?;
        for edge in [(span.0, days.0 * DAY_MS), (days.1 * DAY_MS, span.1)] {
            self.add_quarters(summary, edge, stale).await?;
        }
        Ok(())
    }

    async fn add_days(
        &mut self,
        summary: &mut UsageSummary,
        (first, end): (i64, i64),
        stale: &BTreeSet<i64>,
    ) -> sqlx::Result<()> {
        let sql = "SELECT day, calls FROM day_rollups WHERE organisation_id = ? AND day >= ? AND day < ?";
        let mut rows = sqlx::query(sql).bind(self.organisation_id).bind(first).bind(end).fetch(&mut *self.connection);
        while let Some(row) = rows.try_next().await? {
            if !stale.contains(&row.try_get(0)?) {
                summary.add_day(&decoded::<WholeDay>(&row, 1)?, self.zone);
            }
        }
        Ok(())
    }

    async fn add_quarters(
        &mut self,
        summary: &mut UsageSummary,
        span: Span,
        stale: &BTreeSet<i64>,
    ) -> sqlx::Result<()> {
        if span.0 >= span.1 {
            return Ok(());
        }
        let mut query =
            QueryBuilder::<Sqlite>::new("SELECT day, agent_id, calls FROM quarter_rollups WHERE organisation_id = ");
        query.push_bind(self.organisation_id);
        query.push(" AND day >= ").push_bind(span.0.div_euclid(DAY_MS));
        query.push(" AND day <= ").push_bind((span.1 - 1).div_euclid(DAY_MS));
        if let Some(agent_id) = &self.narrowing.agent_id {
            query.push(" AND agent_id = ").push_bind(agent_id);
        }
        let (zone, narrowing) = (self.zone, self.narrowing);
        let is_wanted = |at_ms: i64| (span.0..span.1).contains(&at_ms) && is_in_hour(narrowing, zone, at_ms);
        let mut rows = query.build().fetch(&mut *self.connection);
        while let Some(row) = rows.try_next().await? {
            if !stale.contains(&row.try_get(0)?) {
                summary.add_quarters(
                    row.try_get::<Option<&str>, _>(1)?.map(AgentId::from),
                    &decoded::<AgentQuarters>(&row, 2)?,
                    zone,
                    is_wanted,
                );
            }
        }
        Ok(())
    }
}

fn is_in_hour(narrowing: &Narrowing, zone: &Zone, at_ms: i64) -> bool {
    narrowing.hour.is_none_or(|hour| zone.local(at_ms).hour == hour)
}

fn day_span(day: i64) -> Span {
    let start_ms = day.saturating_mul(DAY_MS);
    (start_ms, start_ms.saturating_add(DAY_MS))
}

fn overlap(a: Span, b: Span) -> Span {
    (a.0.max(b.0), a.1.min(b.1))
}

/// The instant itself or the next one that is a whole number of steps.
fn up_to(at_ms: i64, step_ms: i64) -> i64 {
    down_to(at_ms.saturating_add(step_ms - 1), step_ms)
}

fn down_to(at_ms: i64, step_ms: i64) -> i64 {
    at_ms.div_euclid(step_ms).saturating_mul(step_ms)
}

/// Spans in order, those that touch made one, empty ones left out.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| span.0 < span.1);
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if last.1 >= span.0 => last.1 = last.1.max(span.1),
            _ => joined.push(span),
        }
    }
    joined
}

fn encoded(sums: &impl Serialize) -> sqlx::Result<Vec<u8>> {
    postcard::to_stdvec(sums).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

fn decoded<T: DeserializeOwned>(row: &SqliteRow, column: usize) -> sqlx::Result<T> {
    postcard::from_bytes(row.try_get(column)?).map_err(|error| sqlx::Error::Decode(Box::new(error)))
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
