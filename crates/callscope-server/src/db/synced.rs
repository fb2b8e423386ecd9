//! Calls of a vendor as they are brought: each once, and anew where it has changed since.

use std::collections::HashSet;

use sha2::{Digest as _, Sha256};
use sqlx::{Row as _, SqliteConnection};

use super::call_log::CallDetails;
use super::calls::{CallRow, INTO, ROW, bound};
use super::{Agent, Connection, Database, Version, connections, insert_agent, insert_version, put_details, roll_up};

/// A row of a vendor's list.
#[derive(Clone, Debug, PartialEq)]
pub struct SyncedCall {
    /// The call.
    pub call: CallRow,
    /// What is known of it beside: all but what was said.
    pub details: CallDetails,
    /// When it was last written to, in Unix milliseconds.
    pub updated_ms: i64,
    /// The row as it came.
    pub row: String,
}

/// What became of the rows of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Calls that were not there before.
    pub new: u64,
    /// Calls that had changed.
    pub changed: u64,
    /// Calls that were there just so.
    pub known: u64,
    /// Rows that are no calls, or another organisation's.
    pub refused: u64,
}

impl Taken {
    /// Adds another page.
    pub fn add(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.known += other.known;
        self.refused += other.refused;
    }

    /// Whether anything was brought.
    pub fn is_news(&self) -> bool {
        self.new + self.changed > 0
    }
}

impl Database {
    /// Stores a page of calls, rows that are none, and how far the first walk has come: all of it or nothing. Its days
    /// are left to be summed when all pages are there ([`Database::roll_up`]): a busy one is in hundreds of them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn take_calls(
        &self,
        of: &Connection,
        calls: &[SyncedCall],
        refused: &[(String, String)],
        walked_ms: Option<i64>,
        now_ms: i64,
    ) -> sqlx::Result<Taken> {
        let mut transaction = self.begin_writing().await?;
        let mut taken = Taken::default();
        let pruned = "SELECT pruned_ms FROM organisations WHERE id = ?";
        let pruned_ms: Option<i64> =
            sqlx::query_scalar(pruned).bind(&of.organisation_id).fetch_one(&mut *transaction).await?;
        for call in calls.iter().filter(|call| pruned_ms.is_none_or(|pruned_ms| call.call.started_ms >= pruned_ms)) {
            match take(&mut transaction, of, call).await? {
                Row::New => taken.new += 1,
                Row::Changed => taken.changed += 1,
                Row::Known => taken.known += 1,
                Row::Foreign => {
                    let reason = "its agent or version belongs to another organisation here";
                    refuse(&mut transaction, of, reason, &call.row, now_ms).await?;
                    taken.refused += 1;
                }
            }
        }
        for (reason, row) in refused {
            refuse(&mut transaction, of, reason, row, now_ms).await?;
            taken.refused += 1;
        }
        let sql = "UPDATE connections SET touched_ms = ? WHERE id = ?";
        sqlx::query(sql).bind(now_ms).bind(&of.id).execute(&mut *transaction).await?;
        if let Some(walked_ms) = walked_ms {
            connections::set_walked(&mut transaction, &of.id, walked_ms).await?;
        }
        transaction.commit().await?;
        Ok(taken)
    }

    /// Stores an agent of an account with its versions, as the account has them now. False where another
    /// organisation has the agent: then nothing is stored.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn take_agent(&self, agent: &Agent, versions: &[Version]) -> sqlx::Result<bool> {
        let mut transaction = self.begin_writing().await?;
        if !is_own(&mut transaction, &agent.id, &agent.organisation_id).await? {
            return Ok(false);
        }
        insert_agent(&mut transaction, agent).await?;
        for version in versions {
            put_version(&mut transaction, version).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// The versions of an agent whose configuration is here: a published one never changes.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn configured_versions(&self, agent_id: &str) -> sqlx::Result<HashSet<String>> {
        let sql = "SELECT id FROM versions WHERE agent_id = ? AND config <> '{}'";
        let ids: Vec<String> = sqlx::query_scalar(sql).bind(agent_id).fetch_all(&self.pool).await?;
        Ok(ids.into_iter().collect())
    }

    /// Calls of which what was said is not here yet, or has changed since, each as it was then: the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn calls_without_detail(&self, of: &Connection, most: usize) -> sqlx::Result<Vec<(String, Vec<u8>)>> {
        let sql =
            "SELECT call_id, digest FROM synced_calls JOIN calls ON calls.id = call_id AND calls.organisation_id = ?
                   WHERE connection_id = ? AND has_detail = 0 ORDER BY started_ms DESC LIMIT ?";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        sqlx::query_as(sql).bind(&of.organisation_id).bind(&of.id).bind(most).fetch_all(&self.pool).await
    }

    /// Stores what was said in calls, where none has changed since; of one that the vendor has no more nothing.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn take_details(
        &self,
        of: &Connection,
        found: &[(String, Vec<u8>, Option<CallDetails>)],
    ) -> sqlx::Result<()> {
        let mut transaction = self.begin_writing().await?;
        for (call_id, digest, details) in found {
            let sql = "UPDATE synced_calls SET has_detail = 1 WHERE connection_id = ? AND call_id = ? AND digest = ?";
            let done = sqlx::query(sql).bind(&of.id).bind(call_id).bind(digest).execute(&mut *transaction).await?;
            if let Some(details) = details.as_ref().filter(|_| done.rows_affected() == 1) {
                put_details(&mut transaction, (&of.organisation_id, call_id), details).await?;
            }
        }
        transaction.commit().await
    }

    /// Deletes the calls of an organisation that started before an instant, with everything that is known of
    /// them, and sees to it that a connection does not bring them again. Gives how many there were.
    ///
    /// # Errors
    /// Those of the database; then nothing is deleted.
    pub async fn prune(&self, organisation_id: &str, before_ms: i64) -> sqlx::Result<u64> {
        let mut transaction = self.begin_writing().await?;
        let sql =
            "DELETE FROM synced_calls WHERE connection_id IN (SELECT id FROM connections WHERE organisation_id = ?1)
                   AND call_id IN (SELECT id FROM calls WHERE organisation_id = ?1 AND started_ms < ?2)";
        sqlx::query(sql).bind(organisation_id).bind(before_ms).execute(&mut *transaction).await?;
        let sql = "UPDATE organisations SET pruned_ms = max(coalesce(pruned_ms, ?2), ?2) WHERE id = ?1";
        sqlx::query(sql).bind(organisation_id).bind(before_ms).execute(&mut *transaction).await?;
        // Rows that were kept aside may hold the same.
        let sql =
            "DELETE FROM refused_rows WHERE connection_id IN (SELECT id FROM connections WHERE organisation_id = ?)";
        sqlx::query(sql).bind(organisation_id).execute(&mut *transaction).await?;
        let sql = "DELETE FROM calls WHERE organisation_id = ? AND started_ms < ?";
        let done = sqlx::query(sql).bind(organisation_id).bind(before_ms).execute(&mut *transaction).await?;
        roll_up(&mut transaction).await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }

    /// How many calls a connection brought, and of how many what was said is missing.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn synced_counts(&self, of: &Connection) -> sqlx::Result<(u64, u64)> {
        let sql = "SELECT count(*), count(*) FILTER (WHERE has_detail = 0) FROM synced_calls WHERE connection_id = ?";
        let row = sqlx::query(sql).bind(&of.id).fetch_one(&self.pool).await?;
        Ok((row.try_get::<i64, _>(0)?.unsigned_abs(), row.try_get::<i64, _>(1)?.unsigned_abs()))
    }

    /// Rows that were kept aside, by their reasons, the most frequent first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn refused_rows(&self, of: &Connection) -> sqlx::Result<Vec<(String, u64)>> {
        let sql = "SELECT reason, count(*) FROM refused_rows WHERE connection_id = ? GROUP BY 1 ORDER BY 2 DESC, 1";
        let reason = |row: sqlx::sqlite::SqliteRow| Ok((row.try_get(0)?, row.try_get::<i64, _>(1)?.unsigned_abs()));
        sqlx::query(sql).bind(&of.id).try_map(reason).fetch_all(&self.pool).await
    }
}

/// The first bytes of a digest: enough to tell the rows of one account apart.
fn digest(row: &str) -> Vec<u8> {
    Sha256::digest(row.as_bytes()).iter().take(16).copied().collect()
}

/// What became of a row.
enum Row {
    New,
    Changed,
    Known,
    /// Of an agent or a version that another organisation has.
    Foreign,
}

/// Stores a call, with an agent and a version for it where the vendor lists none of that id (any more).
async fn take(connection: &mut SqliteConnection, of: &Connection, synced: &SyncedCall) -> sqlx::Result<Row> {
    let digest = digest(&synced.row);
    let known = "SELECT digest FROM synced_calls WHERE connection_id = ? AND call_id = ?";
    let known: Option<Vec<u8>> =
        sqlx::query_scalar(known).bind(&of.id).bind(&synced.call.id).fetch_optional(&mut *connection).await?;
    if known.as_ref() == Some(&digest) {
        return Ok(Row::Known);
    }
    if !has_parts(&mut *connection, &synced.call).await? {
        return Ok(Row::Foreign);
    }
    put_call(&mut *connection, &synced.call, synced.updated_ms).await?;
    keep_said(&mut *connection, synced).await?;
    let sql = "INSERT INTO synced_calls (connection_id, call_id, digest) VALUES (?, ?, ?)
               ON CONFLICT (connection_id, call_id) DO UPDATE SET digest = excluded.digest, has_detail = 0";
    sqlx::query(sql).bind(&of.id).bind(&synced.call.id).bind(&digest).execute(connection).await?;
    Ok(if known.is_none() { Row::New } else { Row::Changed })
}

/// Whether the agent and the version of a call are the organisation's own; made where there are none, and only
/// once it is known that both may be.
async fn has_parts(connection: &mut SqliteConnection, call: &CallRow) -> sqlx::Result<bool> {
    let Some(agent_id) = &call.agent_id else { return Ok(call.version_id.is_none()) };
    if !is_own(&mut *connection, agent_id, &call.organisation_id).await? {
        return Ok(false);
    }
    if let Some(version_id) = &call.version_id {
        let owner = "SELECT agent_id FROM versions WHERE id = ?";
        let owner: Option<String> = sqlx::query_scalar(owner).bind(version_id).fetch_optional(&mut *connection).await?;
        if owner.is_some_and(|owner| owner != *agent_id) {
            return Ok(false);
        }
    }
    let sql = "INSERT INTO agents (id, organisation_id, name, status) VALUES (?1, ?2, ?1, 'deleted')
               ON CONFLICT (id) DO NOTHING";
    sqlx::query(sql).bind(agent_id).bind(&call.organisation_id).execute(&mut *connection).await?;
    if let Some(version_id) = &call.version_id {
        let sql = "INSERT INTO versions (id, agent_id, label) VALUES (?, ?, '') ON CONFLICT (id) DO NOTHING";
        sqlx::query(sql).bind(version_id).bind(agent_id).execute(connection).await?;
    }
    Ok(true)
}

async fn is_own(connection: &mut SqliteConnection, agent_id: &str, organisation_id: &str) -> sqlx::Result<bool> {
    let owner = "SELECT organisation_id FROM agents WHERE id = ?";
    let owner: Option<String> = sqlx::query_scalar(owner).bind(agent_id).fetch_optional(connection).await?;
    Ok(owner.is_none_or(|owner| owner == organisation_id))
}

/// Stores a version in the place of the one of this id and agent; an empty configuration changes nothing.
async fn put_version(connection: &mut SqliteConnection, version: &Version) -> sqlx::Result<()> {
    let sql = "UPDATE versions SET label = ?1, description = ?2, config = CASE ?3 WHEN '{}' THEN config ELSE ?3 END,
               published_ms = ?4, activated_ms = ?5 WHERE id = ?6 AND agent_id = ?7";
    insert_version(&mut *connection, version).await?;
    let update = sqlx::query(sql).bind(&version.label).bind(&version.description).bind(&version.config);
    let update = update.bind(version.published_ms).bind(version.activated_ms);
    update.bind(&version.id).bind(&version.agent_id).execute(connection).await.map(|_| ())
}

/// Stores a call in the place of the one of this id, whatever has changed in it.
async fn put_call(connection: &mut SqliteConnection, call: &CallRow, updated_ms: i64) -> sqlx::Result<()> {
    let anew = "ON CONFLICT (organisation_id, id) DO UPDATE SET started_ms = excluded.started_ms,
               agent_id = excluded.agent_id, version_id = excluded.version_id, duration_ms = excluded.duration_ms,
               status = excluded.status, outcome = excluded.outcome,
               disconnection_reason = excluded.disconnection_reason, type = excluded.type,
               to_number = excluded.to_number, from_number = excluded.from_number, is_test = excluded.is_test,
               cost = excluded.cost, response_ms = excluded.response_ms,
               positive_sentiment = excluded.positive_sentiment, corrections = excluded.corrections,
               cached_tokens = excluded.cached_tokens, all_tokens = excluded.all_tokens,
               transcript_confidence = excluded.transcript_confidence, tool_calls = excluded.tool_calls,
               tool_errors = excluded.tool_errors, escalation_reason = excluded.escalation_reason,
               campaign_id = excluded.campaign_id, latency_ms = excluded.latency_ms, updated_ms = excluded.updated_ms";
    let sql = format!("{INTO}{ROW} {anew}");
    bound(sqlx::query(&sql), call).bind(updated_ms).execute(connection).await.map(|_| ())
}

/// Stores what a list tells of a call beside the call itself; what was said stays until it is brought anew.
async fn keep_said(connection: &mut SqliteConnection, synced: &SyncedCall) -> sqlx::Result<()> {
    let key = (synced.call.organisation_id.as_str(), synced.call.id.as_str());
    let before = "SELECT transcript FROM call_details WHERE organisation_id = ? AND call_id = ?";
    let before: Option<String> =
        sqlx::query_scalar(before).bind(key.0).bind(key.1).fetch_optional(&mut *connection).await?;
    put_details(&mut *connection, key, &synced.details).await?;
    if let Some(before) = before {
        let restore = "UPDATE call_details SET transcript = ? WHERE organisation_id = ? AND call_id = ?";
        sqlx::query(restore).bind(before).bind(key.0).bind(key.1).execute(connection).await?;
    }
    Ok(())
}

/// Keeps a row aside that is no call.
async fn refuse(
    connection: &mut SqliteConnection,
    of: &Connection,
    reason: &str,
    row: &str,
    now_ms: i64,
) -> sqlx::Result<()> {
    /// So much of a row is enough to find out what is wrong with it.
    const MOST: usize = 4_096;
    let start: String = row.chars().take(MOST).collect();
    let sql = "INSERT INTO refused_rows (connection_id, digest, reason, row, at_ms) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT (connection_id, digest) DO UPDATE SET reason = excluded.reason";
    let insert = sqlx::query(sql).bind(&of.id).bind(digest(row)).bind(reason).bind(start).bind(now_ms);
    insert.execute(connection).await.map(|_| ())
}
