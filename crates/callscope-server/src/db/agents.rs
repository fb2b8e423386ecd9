//! Agents: which there are, and whose they are.

use std::collections::BTreeSet;

use callscope_core::period::Zone;
use callscope_core::usage::AgentEntry;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::Database;
use super::calls::{Scope, push_list};

/// An agent as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Its id.
    pub id: String,
    /// The organisation it belongs to.
    pub organisation_id: String,
    /// Its name.
    pub name: String,
    /// Its status, in the documents' words.
    pub status: String,
}

/// An agent as it is chosen from a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The organisation it belongs to.
    pub organisation_id: String,
    /// The zone of that organisation.
    pub time_zone: String,
    /// Its status, in the documents' words.
    pub status: String,
    /// The version that last went live.
    pub active_version_id: Option<String>,
    /// All calls it ever took, where they were counted.
    pub calls: Option<u64>,
}

/// Stores an agent, or updates the one of this id.
///
/// # Errors
/// Those of the database.
pub async fn insert_agent(connection: &mut SqliteConnection, agent: &Agent) -> sqlx::Result<()> {
    let sql = "INSERT INTO agents (id, organisation_id, name, status) VALUES (?, ?, ?, ?)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name, status = excluded.status";
    let insert = sqlx::query(sql).bind(&agent.id).bind(&agent.organisation_id).bind(&agent.name).bind(&agent.status);
    insert.execute(connection).await.map(|_| ())
}

/// What an [`AgentRow`] is read from.
const AGENT: &str = "SELECT agents.id, agents.name, agents.organisation_id, time_zone, status,
    (SELECT id FROM versions WHERE agent_id = agents.id AND activated_ms IS NOT NULL
     ORDER BY activated_ms DESC, coalesce(published_ms, activated_ms) DESC, label DESC, id DESC LIMIT 1)";
const FROM: &str = "FROM agents JOIN organisations ON organisations.id = agents.organisation_id";

fn agent(row: &sqlx::sqlite::SqliteRow) -> sqlx::Result<AgentRow> {
    Ok(AgentRow {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        organisation_id: row.try_get(2)?,
        time_zone: row.try_get(3)?,
        status: row.try_get(4)?,
        active_version_id: row.try_get(5)?,
        calls: None,
    })
}

impl Database {
    /// The agents of organisations.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn agents(&self, organisation_ids: &[String]) -> sqlx::Result<Vec<AgentEntry>> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT id, name, status FROM agents WHERE organisation_id IN (");
        push_list(&mut query, organisation_ids);
        query.push(") ORDER BY name, id");
        let entry = |row: sqlx::sqlite::SqliteRow| {
            Ok(AgentEntry { id: row.try_get(0)?, name: row.try_get(1)?, status: row.try_get(2)? })
        };
        query.build().try_map(entry).fetch_all(&self.pool).await
    }

    /// The agents of organisations, by name, their calls uncounted.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn agent_rows(&self, organisation_ids: &[String]) -> sqlx::Result<Vec<AgentRow>> {
        let mut query = QueryBuilder::<Sqlite>::new(format!("{AGENT} {FROM} WHERE agents.organisation_id IN ("));
        push_list(&mut query, organisation_ids);
        query.push(") ORDER BY agents.name, agents.id");
        query.build().try_map(|row: sqlx::sqlite::SqliteRow| agent(&row)).fetch_all(&self.pool).await
    }

    /// Counts all calls that each of some agents ever took. Those of an organisation of which a call cannot be read stay
    /// uncounted.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_calls_of(&self, agents: &mut [AgentRow]) -> sqlx::Result<()> {
        let organisations: BTreeSet<String> = agents.iter().map(|agent| agent.organisation_id.clone()).collect();
        for organisation_id in organisations {
            let summary = match self.summarise(&Scope::ever(&organisation_id), &Zone::utc()).await {
                Err(error @ (sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. })) => {
                    tracing::warn!(%error, organisation_id, "a call cannot be read: calls are not counted");
                    continue;
                }
                read => read?,
            };
            let tallies = summary.agents();
            for agent in agents.iter_mut().filter(|agent| agent.organisation_id == organisation_id) {
                agent.calls = Some(tallies.get(agent.id.as_str()).map_or(0, |tally| tally.calls));
            }
        }
        Ok(())
    }

    /// The agent of an id, whosever it is, its calls uncounted.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn agent(&self, id: &str) -> sqlx::Result<Option<AgentRow>> {
        let mut query = QueryBuilder::<Sqlite>::new(format!("{AGENT} {FROM} WHERE agents.id = "));
        let query = query.push_bind(id).build();
        query.try_map(|row: sqlx::sqlite::SqliteRow| agent(&row)).fetch_optional(&self.pool).await
    }
}
