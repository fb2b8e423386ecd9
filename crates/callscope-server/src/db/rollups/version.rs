//! Comparisons of versions from sums and calls.

use std::collections::BTreeMap;

use callscope_core::compare::{VersionDay, VersionTally};
use callscope_core::period::{DAY_MS, Zone};
use futures_util::TryStreamExt as _;
use sqlx::{Row as _, SqliteConnection};

use super::span::{Parts, Span};
use super::{decoded, decoded_bytes, encoded, version_facts};
use crate::db::Database;

/// The calls of two versions that a comparison is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionScope {
    /// The organisation of the agent.
    pub organisation_id: String,
    /// The versions.
    pub version_ids: [String; 2],
    /// The first instant in Unix milliseconds, itself inside; none for the beginning.
    pub from_ms: Option<i64>,
    /// The first instant after it; none for no end.
    pub end_ms: Option<i64>,
}

impl Database {
    /// Sums the calls of each of the versions, by the clock of a zone.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn tally_versions(&self, scope: &VersionScope, zone: &Zone) -> sqlx::Result<[VersionTally; 2]> {
        // One transaction: what is stale, the sums and the calls are of one moment.
        let mut snapshot = self.begin().await?;
        let mut reading = Reading { connection: &mut snapshot, scope, zone, tallies: Default::default() };
        // Not from the beginning of time: clocks of long ago kept to no quarters of an hour, and nothing is told from sums
        // where one that is asked of did not.
        if let Some(from_ms) = reading.start_ms().await? {
            reading.add_span((from_ms, scope.end_ms.unwrap_or(i64::MAX))).await?;
        }
        Ok(reading.tallies)
    }
}

/// By their own index: there may be a hundred times as many of other versions.
const CALLS: &str = "SELECT started_ms, duration_ms, status, disconnection_reason, cost, type, is_test
    FROM calls INDEXED BY calls_by_version
    WHERE version_id = ? AND organisation_id = ? AND started_ms >= ? AND started_ms < ?";

/// The calls of versions on their way into a comparison.
struct Reading<'a> {
    connection: &'a mut SqliteConnection,
    scope: &'a VersionScope,
    zone: &'a Zone,
    tallies: [VersionTally; 2],
}

impl Reading<'_> {
    /// Where the scope begins, or the first call of its organisation; none where there is no call.
    async fn start_ms(&mut self) -> sqlx::Result<Option<i64>> {
        if self.scope.from_ms.is_some() {
            return Ok(self.scope.from_ms);
        }
        let first = sqlx::query_scalar("SELECT min(started_ms) FROM calls WHERE organisation_id = ?");
        first.bind(&self.scope.organisation_id).fetch_one(&mut *self.connection).await
    }

    /// Takes in the calls of a span: whole days from the sums as far as they reach, else from the calls.
    async fn add_span(&mut self, span: Span) -> sqlx::Result<()> {
        let parts = Parts::of(span, DAY_MS, &self.scope.organisation_id, self.zone, self.connection).await?;
        for part in &parts.from_calls {
            self.add_calls(*part).await?;
        }
        self.add_days(&parts).await
    }

    async fn add_calls(&mut self, (from_ms, end_ms): Span) -> sqlx::Result<()> {
        let Self { connection, scope, zone, tallies } = self;
        for (tally, version_id) in tallies.iter_mut().zip(&scope.version_ids) {
            let query = sqlx::query(CALLS).bind(version_id).bind(&scope.organisation_id).bind(from_ms).bind(end_ms);
            let mut rows = query.fetch(&mut **connection);
            while let Some(row) = rows.try_next().await? {
                tally.add(&version_facts(&row, 2)?, zone);
            }
        }
        Ok(())
    }

    async fn add_days(&mut self, parts: &Parts) -> sqlx::Result<()> {
        let Self { connection, scope, zone, tallies } = self;
        let (first, end) = (parts.summed.0.div_euclid(DAY_MS), parts.summed.1.div_euclid(DAY_MS));
        let sql = "SELECT day, versions FROM day_rollups WHERE organisation_id = ? AND day >= ? AND day < ?";
        let mut rows = sqlx::query(sql).bind(&scope.organisation_id).bind(first).bind(end).fetch(&mut **connection);
        while let Some(row) = rows.try_next().await? {
            if parts.stale.contains(&row.try_get(0)?) {
                continue;
            }
            let versions: Encoded<'_> = decoded(&row, 1)?;
            for (tally, version_id) in tallies.iter_mut().zip(&scope.version_ids) {
                if let Some((_, day)) = versions.iter().find(|(id, _)| id == version_id) {
                    tally.add_day(&decoded_bytes::<VersionDay>(day)?, zone);
                }
            }
        }
        Ok(())
    }
}

/// Versions by their ids, each still encoded: one is found without reading the others.
type Encoded<'b> = Vec<(&'b str, &'b [u8])>;

/// The versions of a day as they are stored.
pub(super) fn encoded_versions(versions: &BTreeMap<String, VersionDay>) -> sqlx::Result<Vec<u8>> {
    let each = versions.iter().map(|(id, day)| Ok((id, encoded(day)?)));
    encoded(&each.collect::<sqlx::Result<Vec<_>>>()?)
}
