//! The embedded database: everything that is read from it and written to it.

mod accounts;
mod agents;
mod audit;
mod call_log;
mod call_pages;
mod calls;
mod codes;
mod connections;
mod drafts;
mod people;
mod rollups;
mod secrets;
mod sessions;
mod synced;
mod versions;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use call_pages::KnownLists;

pub use accounts::{Access, AddressError, ApiKey, Organisation, PasswordError, Reseller, User, keep_organisation};
pub use agents::{Agent, AgentRow, insert_agent};
pub use audit::{AuditEvent, DONE};
pub use call_log::{
    AT_VENDOR, CallAnalytics, CallDetails, CallQuery, CallWindow, ListedCall, MetricResult, Said, StageLatencies,
    put_details,
};
pub use calls::{CallRow, Scope, insert_calls};
pub use codes::{InviteError, NewCode};
pub use connections::{Connection, NewConnection};
pub use drafts::{Changed, Draft, DraftEdit, Publication};
pub use people::{Actor, ActorId, MemberChanged};
pub use rollups::{VersionScope, roll_up};
pub use secrets::{Digest, Secret};
pub use sessions::{ABSOLUTE_LIMIT_MS, IDLE_LIMIT_MS, SignInRefused};
pub use synced::{SyncedCall, Taken};
pub use versions::{ReleaseRow, Version, VersionRow, insert_version};

/// A handle to the database; clones share it.
#[derive(Clone, Debug)]
pub struct Database {
    pool: SqlitePool,
    lists: Arc<KnownLists>,
    /// What keeps a database in memory: it ends with its last connection, and a request that is given
    /// up half-way may take the connection of `pool` along.
    _keeper: Option<SqlitePool>,
}

impl Database {
    /// Opens a database file, making it and bringing it up to date where needed.
    ///
    /// # Errors
    /// Where the file cannot be opened, or holds something else.
    pub async fn open(file: &Path) -> anyhow::Result<Self> {
        make_private(file).with_context(|| format!("cannot open the database {}", file.display()))?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            // What a statement may have to undo: of many rows at once, files of their own would be written for it.
            .pragma("temp_store", "MEMORY")
            .row_buffer_size(1000)
            .busy_timeout(Duration::from_secs(10));
        let pool = SqlitePoolOptions::new().max_connections(8).connect_with(options).await;
        let pool = pool.with_context(|| format!("cannot open the database {}", file.display()))?;
        let database = Self::migrated(pool).await;
        let database = database.with_context(|| format!("cannot bring the database {} up to date", file.display()))?;
        // Days that are not summed are told from their calls: slower, and no reason not to open.
        if let Err(error) = database.roll_up().await {
            tracing::warn!(%error, "the calls are not summed");
        }
        Ok(database)
    }

    /// A database in memory, for tests.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn in_memory() -> anyhow::Result<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        // A name with a slash is one database for all connections of this process: https://sqlite.org/inmemorydb.html
        let name = format!("/callscope-{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let options = SqliteConnectOptions::new().filename(name).vfs("memdb").create_if_missing(true);
        let options = options.foreign_keys(true).busy_timeout(Duration::from_secs(10));
        let one = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let keeper = one.clone().connect_with(options.clone()).await?;
        let database = Self::migrated(one.connect_with(options).await?).await?;
        Ok(Self { _keeper: Some(keeper), ..database })
    }

    async fn migrated(pool: SqlitePool) -> anyhow::Result<Self> {
        sqlx::migrate!("./migrations").run(&pool).await?;
        Ok(Self { pool, lists: Arc::default(), _keeper: None })
    }

    /// Waits for what is under way and closes the file.
    pub async fn close(&self) {
        // What is written lies in the one file then, which can be copied alone. Where another process
        // still reads, the rest stays beside it as ever.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.pool).await.ok();
        self.pool.close().await;
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> sqlx::Result<()> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map(|_| ())
    }

    /// Begins a transaction that is undone unless committed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn begin(&self) -> sqlx::Result<sqlx::Transaction<'static, sqlx::Sqlite>> {
        self.pool.begin().await
    }

    /// Begins a transaction that writes more than the usual 2 MB of pages: what does not fit into memory is written to
    /// the file and read again, over and over where rows come in any order.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn begin_bulk(&self) -> sqlx::Result<sqlx::Transaction<'static, sqlx::Sqlite>> {
        let mut transaction = self.begin_writing().await?;
        sqlx::query("PRAGMA cache_size = -65536").execute(&mut *transaction).await?;
        Ok(transaction)
    }

    /// Begins a transaction that writes: what it reads nobody changes until its end, and it waits for its turn in the
    /// place of failing half-way.
    ///
    /// # Errors
    /// Those of the database.
    async fn begin_writing(&self) -> sqlx::Result<sqlx::Transaction<'static, sqlx::Sqlite>> {
        self.pool.begin_with("BEGIN IMMEDIATE").await
    }
}

/// Makes the file, for its owner alone where the system knows owners: numbers of people lie in it.
/// `SQLite` gives the files beside it the same mode. A file that is there keeps its own.
fn make_private(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(|_| ())
}

/// Now, in Unix milliseconds.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn keys(db: &Database) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM api_keys").fetch_one(&db.pool).await.unwrap()
    }

    #[tokio::test]
    async fn a_database_in_memory_outlives_its_connection() {
        let (db, other) = (Database::in_memory().await.unwrap(), Database::in_memory().await.unwrap());
        db.create_key("one", None, callscope_core::session::Role::Viewer).await.unwrap();
        db.pool.acquire().await.unwrap().close().await.unwrap();
        assert_eq!((keys(&db).await, keys(&other).await), (1, 0));
    }
}
