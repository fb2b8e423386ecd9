//! Usage reports from sums and calls.

use std::collections::BTreeSet;

use callscope_core::calls::{AgentId, AgentQuarters, QUARTER_MS, UsageSummary, WholeDay};
use callscope_core::period::{DAY_MS, Zone};
use callscope_core::usage::Narrowing;
use futures_util::TryStreamExt as _;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::span::{Parts, Span, down_to, up_to};
use super::{decoded, each_call, facts};
use crate::db::Database;
use crate::db::calls::Scope;

impl Database {
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
        let parts = Parts::of(span, QUARTER_MS, self.organisation_id, self.zone, self.connection).await?;
        for part in &parts.from_calls {
            self.add_calls(summary, *part).await?;
        }
        self.add_sums(summary, parts.summed, &parts.stale).await
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
