//! The embedded database: everything that is read from it and written to it.

mod accounts;
mod agents;
mod call_log;
mod calls;
mod connections;
mod drafts;
mod secrets;
mod sessions;
mod synced;
mod versions;

use std::path::Path;
use std::str::FromStr as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

pub use accounts::{Access, Organisation, Reseller, User, keep_organisation};
pub use agents::{Agent, AgentRow, insert_agent};
pub use call_log::{
    CallAnalytics, CallDetails, CallQuery, CallWindow, ListedCall, MetricResult, Said, StageLatencies, put_details,
};
pub use calls::{CallRow, Scope, insert_call};
pub use connections::{Connection, NewConnection};
pub use drafts::{Changed, Draft, DraftEdit, Publication};
pub use secrets::{Digest, Secret};
pub use sessions::{ABSOLUTE_LIMIT_MS, IDLE_LIMIT_MS, SignInRefused};
pub use synced::{SyncedCall, Taken};
pub use versions::{ReleaseRow, Version, VersionRow, VersionScope, insert_version};

/// A handle to the database; clones share it.
#[derive(Clone, Debug)]
pub struct Database {
    pool: SqlitePool,
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
            .busy_timeout(Duration::from_secs(10));
        let pool = SqlitePoolOptions::new().max_connections(8).connect_with(options).await;
        let pool = pool.with_context(|| format!("cannot open the database {}", file.display()))?;
        Self::migrated(pool).await.with_context(|| format!("cannot bring the database {} up to date", file.display()))
    }

    /// A database in memory, for tests.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn in_memory() -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::from_str("sqlite::memory:")?.foreign_keys(true);
        // Each connection would have a database of its own.
        let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        Self::migrated(pool.connect_with(options).await?).await
    }

    async fn migrated(pool: SqlitePool) -> anyhow::Result<Self> {
        sqlx::migrate!("./migrations").run(&pool).await?;
        Ok(Self { pool })
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
