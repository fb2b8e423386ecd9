//! Agents' versions: which there are, and what is in them.

use serde_json::Value;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::Database;
use super::calls::{Scope, push_list};

/// A version of an agent as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: String,
    /// The agent it belongs to.
    pub agent_id: String,
    /// Its label.
    pub label: String,
    /// What changed in it.
    pub description: Option<String>,
    /// Its configuration: a JSON object keyed by section.
    pub config: String,
    /// When it was published, in Unix milliseconds.
    pub published_ms: Option<i64>,
    /// Who published it.
    pub published_by: Option<String>,
    /// When it went live, in Unix milliseconds.
    pub activated_ms: Option<i64>,
    /// Whether it is kept at hand.
    pub is_pinned: bool,
    /// From when on it has passed its security check, in Unix milliseconds; 0 where there was none.
    pub checked_ms: i64,
}

impl Version {
    /// A version of which only the name is known, and when it went live.
    pub fn bare(id: String, agent_id: String, label: String, activated_ms: Option<i64>) -> Self {
        Self {
            id,
            agent_id,
            label,
            description: None,
            config: "{}".to_owned(),
            published_ms: None,
            published_by: None,
            activated_ms,
            is_pinned: false,
            checked_ms: 0,
        }
    }
}

/// A version as it is read, with what follows from its neighbours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    /// The version.
    pub version: Version,
    /// Its place among the agent's versions, from 1 on, the oldest first.
    pub number: u64,
    /// Whether it is the one that last went live.
    pub is_active: bool,
}

/// A version that went live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseRow {
    /// The agent's name.
    pub agent_name: String,
    /// The version's label.
    pub label: String,
    /// When, in Unix milliseconds.
    pub activated_ms: i64,
}

/// Stores a version. Of one of this id that is there already the label and the earliest time of going
/// live are taken over; configuration, description and publication stay as they are.
///
/// # Errors
/// Those of the database.
pub async fn insert_version(connection: &mut SqliteConnection, version: &Version) -> sqlx::Result<()> {
    let sql = "INSERT INTO versions (id, agent_id, label, activated_ms, description, config, published_ms, published_by,
               is_pinned, checked_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT (id) DO UPDATE SET label = excluded.label,
               activated_ms = min(coalesce(activated_ms, excluded.activated_ms), coalesce(excluded.activated_ms, activated_ms))
               WHERE agent_id = excluded.agent_id";
    let insert = sqlx::query(sql).bind(&version.id).bind(&version.agent_id).bind(&version.label);
    let insert = insert.bind(version.activated_ms).bind(&version.description).bind(&version.config);
    let insert = insert.bind(version.published_ms).bind(&version.published_by).bind(version.is_pinned);
    let insert = insert.bind(version.checked_ms);
    insert.execute(connection).await.map(|_| ())
}

impl Database {
    /// The configuration of the version that takes an agent's calls; null where none does.
    ///
    /// # Errors
    /// Those of the database, and a stored configuration that is no JSON.
    pub async fn live_config(&self, agent_id: &str) -> sqlx::Result<Value> {
        let mut connection = self.pool.acquire().await?;
        live_config(&mut connection, agent_id).await
    }

    /// Publishes a version with a change of the live one's configuration and lets it go live, in one step:
    /// nobody else publishes between reading the one and writing the other. Gives the new version's id.
    ///
    /// # Errors
    /// Those of the database; then nothing was published.
    pub async fn publish_live(
        &self,
        agent_id: &str,
        label: &str,
        change: impl FnOnce(Value) -> Value + Send,
        now_ms: i64,
    ) -> sqlx::Result<String> {
        let mut transaction = self.begin_writing().await?;
        let config = change(live_config(&mut transaction, agent_id).await?);
        let id = uuid::Uuid::new_v4().to_string();
        let live_ms = after_the_last(&mut transaction, agent_id, now_ms).await?;
        let bare = Version::bare(id.clone(), agent_id.to_owned(), label.to_owned(), Some(live_ms));
        let version = Version { config: config.to_string(), published_ms: Some(live_ms), ..bare };
        insert_version(&mut transaction, &version).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Lets a version of an agent take its calls; one that does so already stays as it is.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn activate(&self, agent_id: &str, version_id: &str, now_ms: i64) -> sqlx::Result<()> {
        let mut transaction = self.begin_writing().await?;
        let sql = format!("SELECT id {LIVE}");
        let live: Option<String> = sqlx::query_scalar(&sql).bind(agent_id).fetch_optional(&mut *transaction).await?;
        if live.as_deref() != Some(version_id) {
            let live_ms = after_the_last(&mut transaction, agent_id, now_ms).await?;
            let update = sqlx::query("UPDATE versions SET activated_ms = ? WHERE id = ? AND agent_id = ?");
            update.bind(live_ms).bind(version_id).bind(agent_id).execute(&mut *transaction).await?;
        }
        transaction.commit().await
    }

    /// All versions of an agent, the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn versions(&self, agent_id: &str) -> sqlx::Result<Vec<VersionRow>> {
        let sql =
            "SELECT id, agent_id, label, description, config, published_ms, published_by, activated_ms, is_pinned,
                   checked_ms, row_number() OVER (ORDER BY coalesce(published_ms, activated_ms), label, id) AS number
                   FROM versions WHERE agent_id = ? ORDER BY number DESC";
        let version = |row: sqlx::sqlite::SqliteRow| {
            let version = Version {
                id: row.try_get(0)?,
                agent_id: row.try_get(1)?,
                label: row.try_get(2)?,
                description: row.try_get(3)?,
                config: row.try_get(4)?,
                published_ms: row.try_get(5)?,
                published_by: row.try_get(6)?,
                activated_ms: row.try_get(7)?,
                is_pinned: row.try_get(8)?,
                checked_ms: row.try_get(9)?,
            };
            Ok(VersionRow { version, number: row.try_get::<i64, _>(10)?.unsigned_abs(), is_active: false })
        };
        let mut rows = sqlx::query(sql).bind(agent_id).try_map(version).fetch_all(&self.pool).await?;
        let live = |row: &VersionRow| (row.version.activated_ms, row.number);
        let newest = rows.iter().filter(|row| row.version.activated_ms.is_some()).max_by_key(|row| live(row));
        let newest = newest.map(|row| row.version.id.clone());
        for row in &mut rows {
            row.is_active = newest.as_ref() == Some(&row.version.id);
        }
        Ok(rows)
    }

    /// The versions that went live within a scope, in order of time.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn releases(&self, scope: &Scope) -> sqlx::Result<Vec<ReleaseRow>> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT agents.name, versions.label, versions.activated_ms FROM versions
             JOIN agents ON agents.id = versions.agent_id WHERE activated_ms >= ",
        );
        query.push_bind(scope.from_ms).push(" AND activated_ms <= ").push_bind(scope.to_ms);
        query.push(" AND agents.organisation_id IN (");
        push_list(&mut query, &scope.organisation_ids);
        query.push(")");
        if let Some(agent) = &scope.narrowing.agent_id {
            query.push(" AND agents.id = ").push_bind(agent);
        }
        query.push(" ORDER BY activated_ms, agents.name");
        let release = |row: sqlx::sqlite::SqliteRow| {
            Ok(ReleaseRow { agent_name: row.try_get(0)?, label: row.try_get(1)?, activated_ms: row.try_get(2)? })
        };
        query.build().try_map(release).fetch_all(&self.pool).await
    }
}

/// The version that takes an agent's calls: the one that went live last.
const LIVE: &str = "FROM versions WHERE agent_id = ? AND activated_ms IS NOT NULL
    ORDER BY activated_ms DESC, coalesce(published_ms, activated_ms) DESC, label DESC, id DESC LIMIT 1";

async fn live_config(connection: &mut SqliteConnection, agent_id: &str) -> sqlx::Result<Value> {
    let sql = format!("SELECT config {LIVE}");
    let text: Option<String> = sqlx::query_scalar(&sql).bind(agent_id).fetch_optional(connection).await?;
    let config = text.map(|text| serde_json::from_str(&text)).transpose();
    config.map(Option::unwrap_or_default).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// Now, or just after the version that went live last, where two do within a millisecond or a clock was
/// set back.
pub(super) async fn after_the_last(
    connection: &mut SqliteConnection,
    agent_id: &str,
    now_ms: i64,
) -> sqlx::Result<i64> {
    let last = "SELECT max(max(coalesce(activated_ms, 0), coalesce(published_ms, 0))) FROM versions WHERE agent_id = ?";
    let last: Option<i64> = sqlx::query_scalar(last).bind(agent_id).fetch_one(connection).await?;
    Ok(last.map_or(now_ms, |last| now_ms.max(last + 1)))
}
