//! Signing in and staying so.

use std::sync::LazyLock;

use sqlx::Row as _;
use tokio::sync::Semaphore;

use super::accounts::{PasswordError, account_of};
use super::secrets::{self, Secret};
use super::{Database, User, now_ms};

/// A session ends after this time without a request: 12 hours.
pub const IDLE_LIMIT_MS: i64 = 12 * 3_600_000;
/// A session ends this long after signing in, whatever happens: 7 days.
pub const ABSOLUTE_LIMIT_MS: i64 = 7 * 86_400_000;
/// Failures older than this are forgotten: 15 minutes.
const FAILURE_WINDOW_MS: i64 = 15 * 60_000;
/// So many failures for one account within the window, then it must wait.
const MOST_PER_ACCOUNT: i64 = 5;
/// So many failures from one address within the window, then it must wait.
const MOST_PER_ADDRESS: i64 = 30;
/// How exactly the last request of a session is known: a write a minute is enough.
const SEEN_STEP_MS: i64 = 60_000;

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInRefused {
    /// The account does not exist or the password is another; which of the two is not said.
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    /// Too many failures for this account or from this address.
    #[error("too many attempts; try again in {wait_secs} seconds")]
    TooManyAttempts {
        /// How long to wait, in seconds.
        wait_secs: u64,
    },
    /// The address has an account already, and the password is not its own.
    #[error("this address has an account already: give its password")]
    HasAccount,
    /// The new password cannot be one.
    #[error(transparent)]
    BadPassword(#[from] PasswordError),
    /// The server failed.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl From<sqlx::Error> for SignInRefused {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Turns at hashing. Each takes 19 MiB and a core: no more at a time than there are cores.
static HASHING: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(1, std::num::NonZero::get)));

/// The hash of a password.
pub(super) async fn hash(password: &str) -> anyhow::Result<String> {
    let password = password.to_owned();
    let turn = HASHING.acquire().await?;
    let hash = tokio::task::spawn_blocking(move || secrets::hash_password(&password)).await?;
    drop(turn);
    hash
}

/// Whether a password is the one of a hash; takes as long where there is no hash.
pub(super) async fn is_password(password: &str, hash: Option<String>) -> anyhow::Result<bool> {
    let password = password.to_owned();
    let turn = HASHING.acquire().await?;
    let is_right = tokio::task::spawn_blocking(move || secrets::verify_password(&password, hash.as_deref())).await?;
    drop(turn);
    Ok(is_right)
}

impl Database {
    /// Signs a person in: a new session, whatever session was presented before.
    ///
    /// # Errors
    /// Says why not; see [`SignInRefused`].
    pub async fn sign_in(&self, email: &str, password: &str, address: &str) -> Result<(Secret, User), SignInRefused> {
        let account = account_of(email);
        self.begin_attempt(&account, address).await?;
        // A closed account is as good as none.
        let sql = "SELECT id, email, name, password_hash FROM users WHERE email = ? AND disabled_ms IS NULL";
        let row = sqlx::query(sql).bind(&account).fetch_optional(&self.pool).await?;
        let hash: Option<String> = row.as_ref().map(|row| row.try_get(3)).transpose()?;
        let right = is_password(password, hash.clone()).await?;
        let (Some(row), Some(hash)) = (row.filter(|_| right), hash) else {
            return Err(SignInRefused::WrongCredentials);
        };
        let user = User { id: row.try_get(0)?, email: row.try_get(1)?, name: row.try_get(2)? };
        self.forgive(&account).await?;
        Ok((self.new_session(&user.id, &hash).await?, user))
    }

    /// Forgets the failures of an account.
    pub(super) async fn forgive(&self, account: &str) -> sqlx::Result<()> {
        let delete = sqlx::query("DELETE FROM sign_in_failures WHERE account = ?").bind(account);
        delete.execute(&self.pool).await.map(|_| ())
    }

    /// Counts an attempt as a failure before its password is looked at, so that many at once are
    /// counted too; a success takes it back. Nothing is counted where there were too many.
    pub(super) async fn begin_attempt(&self, account: &str, address: &str) -> Result<(), SignInRefused> {
        let now = now_ms();
        let since = now - FAILURE_WINDOW_MS;
        let forget = sqlx::query("DELETE FROM sign_in_failures WHERE at_ms <= ?").bind(since);
        forget.execute(&self.pool).await?;
        let sql = "INSERT INTO sign_in_failures (account, address, at_ms) SELECT ?1, ?2, ?3
                   WHERE (SELECT count(*) FROM sign_in_failures WHERE account = ?1) < ?4
                     AND (SELECT count(*) FROM sign_in_failures WHERE address = ?2) < ?5";
        let insert =
            sqlx::query(sql).bind(account).bind(address).bind(now).bind(MOST_PER_ACCOUNT).bind(MOST_PER_ADDRESS);
        if insert.execute(&self.pool).await?.rows_affected() == 1 {
            return Ok(());
        }
        let wait_ms = self.wait_ms(account, address, now).await?.max(1000);
        Err(SignInRefused::TooManyAttempts { wait_secs: wait_ms.unsigned_abs().div_ceil(1000) })
    }

    /// How long until so many failures are forgotten that there is one less than the most.
    async fn wait_ms(&self, account: &str, address: &str, now: i64) -> sqlx::Result<i64> {
        let sql = "SELECT max(
                     coalesce((SELECT at_ms FROM sign_in_failures WHERE account = ?1 ORDER BY at_ms DESC LIMIT 1 OFFSET ?3), 0),
                     coalesce((SELECT at_ms FROM sign_in_failures WHERE address = ?2 ORDER BY at_ms DESC LIMIT 1 OFFSET ?4), 0))";
        let query = sqlx::query_scalar::<_, i64>(sql).bind(account).bind(address);
        let last = query.bind(MOST_PER_ACCOUNT - 1).bind(MOST_PER_ADDRESS - 1).fetch_one(&self.pool).await?;
        Ok(last + FAILURE_WINDOW_MS - now)
    }

    /// Begins a session of somebody whose password was found to be the one of a hash: refused where it has another
    /// one by now, or the account was closed.
    pub(super) async fn new_session(&self, user_id: &str, hash: &str) -> Result<Secret, SignInRefused> {
        let token = Secret::random("")?;
        let now = now_ms();
        let ended = sqlx::query("DELETE FROM sessions WHERE created_ms <= ? OR seen_ms <= ?");
        ended.bind(now - ABSOLUTE_LIMIT_MS).bind(now - IDLE_LIMIT_MS).execute(&self.pool).await?;
        let sql = "INSERT INTO sessions (token_digest, user_id, created_ms, seen_ms) SELECT ?, id, ?, ? FROM users
                   WHERE id = ? AND password_hash = ? AND disabled_ms IS NULL";
        let insert = sqlx::query(sql).bind(token.digest()).bind(now).bind(now).bind(user_id).bind(hash);
        if insert.execute(&self.pool).await?.rows_affected() == 0 {
            return Err(SignInRefused::WrongCredentials);
        }
        Ok(token)
    }

    /// The person behind a session token, where the session has not ended.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn user_of_session(&self, token: &str) -> sqlx::Result<Option<User>> {
        let now = now_ms();
        let digest = secrets::digest(token);
        let sql = "SELECT users.id, users.email, users.name, sessions.seen_ms FROM sessions
                   JOIN users ON users.id = sessions.user_id
                   WHERE token_digest = ? AND created_ms > ? AND seen_ms > ? AND users.disabled_ms IS NULL";
        let row = sqlx::query(sql).bind(&digest).bind(now - ABSOLUTE_LIMIT_MS).bind(now - IDLE_LIMIT_MS);
        let Some(row) = row.fetch_optional(&self.pool).await? else { return Ok(None) };
        let seen: i64 = row.try_get(3)?;
        if now - seen > SEEN_STEP_MS {
            let update = sqlx::query("UPDATE sessions SET seen_ms = ? WHERE token_digest = ?");
            update.bind(now).bind(&digest).execute(&self.pool).await?;
        }
        Ok(Some(User { id: row.try_get(0)?, email: row.try_get(1)?, name: row.try_get(2)? }))
    }

    /// Ends a session on the server.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_session(&self, token: &str) -> sqlx::Result<()> {
        let delete = sqlx::query("DELETE FROM sessions WHERE token_digest = ?").bind(secrets::digest(token));
        delete.execute(&self.pool).await.map(|_| ())
    }

    /// Ends every session of every person.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_all_sessions(&self) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM sessions").execute(&self.pool).await.map(|_| ())
    }
}
