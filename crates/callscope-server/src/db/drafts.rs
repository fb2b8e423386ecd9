//! Drafts: configurations that people work on, and how they become versions.

use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};
use uuid::Uuid;

use super::Database;
use super::versions::{Version, after_the_last, insert_version};

/// A draft as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Its id.
    pub id: String,
    /// The agent it belongs to.
    pub agent_id: String,
    /// The version that it began from.
    pub source_version_id: Option<String>,
    /// What people call it.
    pub name: String,
    /// The configuration: an object keyed by section.
    pub config: Value,
    /// Counts up with every change, from 1 on.
    pub revision: u64,
    /// When it was made, in Unix milliseconds.
    pub created_ms: i64,
    /// When it was changed last, in Unix milliseconds.
    pub updated_ms: i64,
}

/// A change of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftEdit {
    /// The revision that it made.
    pub revision: u64,
    /// The names of the sections that it changed.
    pub changed: Vec<String>,
    /// When, in Unix milliseconds.
    pub at_ms: i64,
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq)]
pub enum Changed {
    /// There is no such draft.
    Missing,
    /// It was changed.
    Done(Draft),
    /// Somebody changed it since the revision that was named; this is how it stands.
    Conflict(Draft),
}

/// What a draft is published as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// The label of the version; the draft's name where there is none.
    pub label: Option<String>,
    /// What changed in it.
    pub description: Option<String>,
    /// Whether it should go live.
    pub activate: bool,
    /// How long its security check takes, in milliseconds; nothing goes live before.
    pub check_ms: i64,
}

const DRAFT: &str =
    "SELECT id, agent_id, source_version_id, name, config, revision, created_ms, updated_ms FROM drafts";

fn draft(row: &SqliteRow) -> sqlx::Result<Draft> {
    let config: &str = row.try_get(4)?;
    Ok(Draft {
        config: serde_json::from_str(config).map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
        id: row.try_get(0)?,
        agent_id: row.try_get(1)?,
        source_version_id: row.try_get(2)?,
        name: row.try_get(3)?,
        revision: row.try_get::<i64, _>(5)?.unsigned_abs(),
        created_ms: row.try_get(6)?,
        updated_ms: row.try_get(7)?,
    })
}

async fn find(connection: &mut SqliteConnection, agent_id: &str, id: &str) -> sqlx::Result<Option<Draft>> {
    let sql = format!("{DRAFT} WHERE agent_id = ? AND id = ?");
    sqlx::query(&sql).bind(agent_id).bind(id).try_map(|row: SqliteRow| draft(&row)).fetch_optional(connection).await
}

impl Database {
    /// Makes a draft of a configuration.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn create_draft(
        &self,
        agent_id: &str,
        source_version_id: Option<&str>,
        name: &str,
        config: Value,
        now_ms: i64,
    ) -> sqlx::Result<Draft> {
        let draft = Draft {
            id: Uuid::new_v4().to_string(),
            agent_id: agent_id.to_owned(),
            source_version_id: source_version_id.map(str::to_owned),
            name: name.to_owned(),
            config,
            revision: 1,
            created_ms: now_ms,
            updated_ms: now_ms,
        };
        let sql = "INSERT INTO drafts (id, agent_id, source_version_id, name, config, created_ms, updated_ms)
                   VALUES (?, ?, ?, ?, ?, ?, ?)";
        let insert = sqlx::query(sql).bind(&draft.id).bind(agent_id).bind(source_version_id).bind(name);
        insert.bind(draft.config.to_string()).bind(now_ms).bind(now_ms).execute(&self.pool).await?;
        Ok(draft)
    }

    /// The drafts of an agent, the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn drafts(&self, agent_id: &str) -> sqlx::Result<Vec<Draft>> {
        let sql = format!("{DRAFT} WHERE agent_id = ? ORDER BY created_ms DESC, id");
        sqlx::query(&sql).bind(agent_id).try_map(|row: SqliteRow| draft(&row)).fetch_all(&self.pool).await
    }

    /// A draft of an agent.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn draft(&self, agent_id: &str, id: &str) -> sqlx::Result<Option<Draft>> {
        let mut connection = self.pool.acquire().await?;
        find(&mut connection, agent_id, id).await
    }

    /// The changes of a draft, the newest first, at most so many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn draft_edits(&self, id: &str, most: u64) -> sqlx::Result<Vec<DraftEdit>> {
        let sql = "SELECT revision, changed, at_ms FROM draft_edits WHERE draft_id = ? ORDER BY revision DESC LIMIT ?";
        let edit = |row: SqliteRow| {
            let changed: &str = row.try_get(1)?;
            Ok(DraftEdit {
                revision: row.try_get::<i64, _>(0)?.unsigned_abs(),
                changed: serde_json::from_str(changed).map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
                at_ms: row.try_get(2)?,
            })
        };
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        sqlx::query(sql).bind(id).bind(most).try_map(edit).fetch_all(&self.pool).await
    }

    /// Changes the configuration of a draft, where it still is of the revision that the change was made
    /// for: nobody's change is lost unseen. Without a revision the last one counts.
    ///
    /// # Errors
    /// Those of the database; then nothing was changed.
    pub async fn change_draft(
        &self,
        (agent_id, id): (&str, &str),
        expected: Option<u64>,
        change: impl FnOnce(Value) -> Value + Send,
        now_ms: i64,
    ) -> sqlx::Result<Changed> {
        let mut transaction = self.begin_writing().await?;
        let Some(mut draft) = find(&mut transaction, agent_id, id).await? else { return Ok(Changed::Missing) };
        if expected.is_some_and(|expected| expected != draft.revision) {
            return Ok(Changed::Conflict(draft));
        }
        let config = change(draft.config.clone());
        let changed = changed_sections(&draft.config, &config);
        (draft.config, draft.revision, draft.updated_ms) = (config, draft.revision + 1, now_ms);
        let revision = i64::try_from(draft.revision).unwrap_or(i64::MAX);
        let update = sqlx::query("UPDATE drafts SET config = ?, revision = ?, updated_ms = ? WHERE id = ?");
        update.bind(draft.config.to_string()).bind(revision).bind(now_ms).bind(id).execute(&mut *transaction).await?;
        let insert = sqlx::query("INSERT INTO draft_edits (draft_id, revision, changed, at_ms) VALUES (?, ?, ?, ?)");
        let changed = Value::from(changed).to_string();
        insert.bind(id).bind(revision).bind(changed).bind(now_ms).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(Changed::Done(draft))
    }

    /// Gives a draft another name; none where there is no such draft.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn rename_draft(&self, agent_id: &str, id: &str, name: &str) -> sqlx::Result<Option<Draft>> {
        let update = sqlx::query("UPDATE drafts SET name = ? WHERE agent_id = ? AND id = ?");
        update.bind(name).bind(agent_id).bind(id).execute(&self.pool).await?;
        self.draft(agent_id, id).await
    }

    /// Throws a draft away; false where there is no such draft.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn delete_draft(&self, agent_id: &str, id: &str) -> sqlx::Result<bool> {
        let delete = sqlx::query("DELETE FROM drafts WHERE agent_id = ? AND id = ?");
        Ok(delete.bind(agent_id).bind(id).execute(&self.pool).await?.rows_affected() == 1)
    }

    /// Makes a version of a draft, which is no draft any more then, and gives the version's id; none where
    /// there is no such draft. It goes live at once where that is wanted and no check is to be awaited.
    ///
    /// # Errors
    /// Those of the database; then nothing was published.
    pub async fn publish_draft(
        &self,
        (agent_id, id): (&str, &str),
        publication: &Publication,
        now_ms: i64,
    ) -> sqlx::Result<Option<String>> {
        let mut transaction = self.begin_writing().await?;
        let Some(draft) = find(&mut transaction, agent_id, id).await? else { return Ok(None) };
        let at_ms = after_the_last(&mut transaction, agent_id, now_ms).await?;
        let live = (publication.activate && publication.check_ms == 0).then_some(at_ms);
        let label = publication.label.clone().unwrap_or(draft.name);
        let bare = Version::bare(Uuid::new_v4().to_string(), agent_id.to_owned(), label, live);
        let version = Version {
            config: draft.config.to_string(),
            description: publication.description.clone(),
            published_ms: Some(at_ms),
            checked_ms: if publication.check_ms > 0 { now_ms.saturating_add(publication.check_ms) } else { 0 },
            ..bare
        };
        insert_version(&mut transaction, &version).await?;
        sqlx::query("DELETE FROM drafts WHERE id = ?").bind(id).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(Some(version.id))
    }
}

/// The names of the sections that differ.
fn changed_sections(before: &Value, after: &Value) -> Vec<String> {
    let names = |of: &Value| of.as_object().map(|of| of.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let mut names: Vec<String> = names(before).into_iter().chain(names(after)).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| before.get(name) != after.get(name));
    names
}
