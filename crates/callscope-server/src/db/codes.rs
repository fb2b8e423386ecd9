//! Codes that can be used once: by one somebody comes to an organisation, by another they set another password.
//!
//! A code is worth nothing once whoever made it might not make it any more.

use callscope_core::people::{CodeUse, Invitation};
use callscope_core::session::Role;
use sqlx::{Row as _, SqliteConnection};
use uuid::Uuid;

use super::accounts::{
    AddressError, LONGEST_NAME, account_of, address, check_password, insert_user, plain, put_member, role,
};
use super::audit::{AuditEvent, DONE, record};
use super::people::{Actor, ActorId, event, set_hash};
use super::secrets::{Digest, Secret};
use super::sessions::{hash, is_password};
use super::{Database, SignInRefused, User, now_ms};

/// A code that lets somebody in ends after this time: 7 days.
const INVITATION_LIMIT_MS: i64 = 7 * 86_400_000;
/// A code for another password ends after this time: a day.
const PASSWORD_CODE_LIMIT_MS: i64 = 86_400_000;

/// A code that was made, with its end in Unix milliseconds.
#[derive(Debug)]
pub struct NewCode {
    /// The address that it is for.
    pub email: String,
    /// The code.
    pub code: Secret,
    /// When it ends, in Unix milliseconds.
    pub expires_ms: i64,
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The address is none.
    #[error(transparent)]
    BadAddress(#[from] AddressError),
    /// The server failed.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

/// What a code is good for.
enum Grant {
    /// To come to an organisation with a role.
    Membership { organisation_id: String, role: Role },
    /// To set another password.
    NewPassword,
}

/// A code that is good.
struct StoredCode {
    id: String,
    grant: Grant,
    /// Who made it; none for the command line.
    made_by: Option<ActorId>,
}

/// Somebody whom a code let in, with the hash of the password.
type Taken = (User, String);

impl Database {
    /// The invitations of an organisation that were not used yet and have not ended, by address.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn invitations(&self, organisation_id: &str) -> sqlx::Result<Vec<Invitation>> {
        let sql = "SELECT id, email, role, expires_ms FROM codes
                   WHERE organisation_id = ? AND expires_ms > ? ORDER BY email";
        let invitation = |row: sqlx::sqlite::SqliteRow| {
            Ok(Invitation {
                id: row.try_get(0)?,
                email: row.try_get(1)?,
                role: role(row.try_get(2)?)?,
                expires_at: crate::rfc3339(row.try_get(3)?).unwrap_or_default(),
            })
        };
        sqlx::query(sql).bind(organisation_id).bind(now_ms()).try_map(invitation).fetch_all(&self.pool).await
    }

    /// Asks somebody to come, by a code that can be used once; an earlier one for the same is worth nothing then.
    ///
    /// # Errors
    /// Where the address is none, or the server fails.
    pub async fn invite(
        &self,
        organisation_id: &str,
        email: &str,
        role: Role,
        by: &Actor,
    ) -> Result<NewCode, InviteError> {
        let email = address(email)?;
        let event = event(organisation_id, &by.name, "member.invited", &email, Some(role.name()));
        let grant = Grant::Membership { organisation_id: organisation_id.to_owned(), role };
        Ok(self.new_code(&email, &grant, &event, by).await?)
    }

    /// Lets whoever has the code set another password for an account; the old one is good until then.
    ///
    /// # Errors
    /// Where the server fails.
    pub async fn allow_new_password(&self, user: &User, organisation_id: &str, by: &Actor) -> anyhow::Result<NewCode> {
        let event = event(organisation_id, &by.name, "account.code", &user.email, None);
        self.new_code(&user.email, &Grant::NewPassword, &event, by).await
    }

    async fn new_code(&self, email: &str, grant: &Grant, event: &AuditEvent, by: &Actor) -> anyhow::Result<NewCode> {
        let code = Secret::code()?;
        let now = now_ms();
        let (organisation_id, role, limit_ms) = match grant {
            Grant::Membership { organisation_id, role } => {
                (Some(organisation_id), Some(role.name()), INVITATION_LIMIT_MS)
            }
            Grant::NewPassword => (None, None, PASSWORD_CODE_LIMIT_MS),
        };
        let expires_ms = now + limit_ms;
        let mut transaction = self.begin_writing().await?;
        let delete = "DELETE FROM codes WHERE (email = ?1 AND organisation_id IS ?2) OR expires_ms <= ?3";
        sqlx::query(delete).bind(email).bind(organisation_id).bind(now).execute(&mut *transaction).await?;
        let insert = "INSERT INTO codes (id, digest, email, organisation_id, role, made_by, created_ms, expires_ms)
                      VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let insert = sqlx::query(insert).bind(Uuid::new_v4().to_string()).bind(code.digest()).bind(email);
        let insert = insert
            .bind(organisation_id)
            .bind(role)
            .bind(by.id.as_ref().map(ActorId::written))
            .bind(now)
            .bind(expires_ms);
        insert.execute(&mut *transaction).await?;
        record(&mut transaction, event, Some(DONE), now).await?;
        transaction.commit().await?;
        Ok(NewCode { email: email.to_owned(), code, expires_ms })
    }

    /// Takes an invitation back; false where there is none of this id in the organisation.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn withdraw_invitation(&self, organisation_id: &str, id: &str, who: &str) -> sqlx::Result<bool> {
        let mut transaction = self.begin_writing().await?;
        let sql = "DELETE FROM codes WHERE id = ? AND organisation_id = ? RETURNING email";
        let email: Option<String> =
            sqlx::query_scalar(sql).bind(id).bind(organisation_id).fetch_optional(&mut *transaction).await?;
        let Some(email) = email else { return Ok(false) };
        let event = event(organisation_id, who, "invitation.withdrawn", &email, None);
        record(&mut transaction, &event, Some(DONE), now_ms()).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Uses a code: makes the account, lets the one that is there see one organisation more, or gives it another
    /// password. The person is signed in then.
    ///
    /// # Errors
    /// [`SignInRefused`]; the code stays good then.
    pub async fn use_code(&self, used: &CodeUse, from: &str) -> Result<(Secret, User), SignInRefused> {
        // Of the code nothing is told by this, and nothing is counted.
        check_password(&used.password)?;
        let account = account_of(&used.email);
        self.begin_attempt(&account, from).await?;
        let code = self.stored_code(&account, Secret::typed(&used.code).digest()).await?;
        let code = code.ok_or(SignInRefused::WrongCredentials)?;
        let known = self.user_by_email(&account).await?;
        // Once more when it is taken: hashing takes a while.
        if !is_granted(&mut *self.pool.acquire().await?, &code, known.as_ref()).await? {
            return Err(SignInRefused::WrongCredentials);
        }
        let taken = match (&code.grant, known) {
            (Grant::NewPassword, Some(user)) => self.reset_password(&code, user, &used.password).await?,
            (Grant::NewPassword, None) => None,
            (Grant::Membership { .. }, Some(user)) => self.join_known(&code, user, &used.password).await?,
            (Grant::Membership { .. }, None) => self.join_new(&code, &account, used).await?,
        };
        let (user, hash) = taken.ok_or(SignInRefused::WrongCredentials)?;
        self.forgive(&account).await?;
        Ok((self.new_session(&user.id, &hash).await?, user))
    }

    async fn stored_code(&self, account: &str, digest: Digest) -> sqlx::Result<Option<StoredCode>> {
        let sql = "SELECT id, organisation_id, role, made_by FROM codes
                   WHERE digest = ? AND email = ? AND expires_ms > ?";
        let stored = |row: sqlx::sqlite::SqliteRow| {
            let (organisation_id, its_role): (Option<String>, Option<String>) = (row.try_get(1)?, row.try_get(2)?);
            let grant = match (organisation_id, its_role) {
                (Some(organisation_id), Some(its_role)) => {
                    Grant::Membership { organisation_id, role: role(&its_role)? }
                }
                _ => Grant::NewPassword,
            };
            let made_by: Option<String> = row.try_get(3)?;
            let unreadable = || sqlx::Error::Decode("who made a code is none".into());
            let made_by = made_by.map(|by| ActorId::read(&by).ok_or_else(unreadable)).transpose()?;
            Ok(StoredCode { id: row.try_get(0)?, grant, made_by })
        };
        sqlx::query(sql).bind(digest).bind(account).bind(now_ms()).try_map(stored).fetch_optional(&self.pool).await
    }

    /// Somebody who has an account, and shows it by its password, comes to an organisation more.
    async fn join_known(&self, code: &StoredCode, user: User, password: &str) -> Result<Option<Taken>, SignInRefused> {
        let sql = "SELECT password_hash FROM users WHERE id = ? AND disabled_ms IS NULL";
        let hash: Option<String> = sqlx::query_scalar(sql).bind(&user.id).fetch_optional(&self.pool).await?;
        let is_right = is_password(password, hash.clone()).await?;
        let hash = hash.filter(|_| is_right).ok_or(SignInRefused::HasAccount)?;
        self.join(code, user, hash, false).await
    }

    /// Somebody new comes, with a password of their choice.
    async fn join_new(&self, code: &StoredCode, account: &str, used: &CodeUse) -> Result<Option<Taken>, SignInRefused> {
        let hash = hash(&used.password).await?;
        let name = plain(&used.name, LONGEST_NAME);
        let user = User { id: Uuid::new_v4().to_string(), email: account.to_owned(), name };
        self.join(code, user, hash, true).await
    }

    /// Lets a person in. None where the code was used meanwhile. A role that is there already is never lessened.
    async fn join(
        &self,
        code: &StoredCode,
        user: User,
        hash: String,
        is_new: bool,
    ) -> Result<Option<Taken>, SignInRefused> {
        let Grant::Membership { organisation_id, role: granted } = &code.grant else { return Ok(None) };
        let mut transaction = self.begin_writing().await?;
        let known = (!is_new).then_some(&user);
        if !take(&mut transaction, code, known).await? || !is_new && !has_hash(&mut transaction, &user, &hash).await? {
            return Ok(None);
        }
        if is_new && let Err(error) = insert_user(&mut transaction, &user, &hash).await {
            // Somebody came by another code at the same moment.
            let is_taken = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
            return Err(if is_taken { SignInRefused::HasAccount } else { error.into() });
        }
        let sql = "SELECT role FROM memberships WHERE user_id = ? AND organisation_id = ?";
        let before: Option<String> =
            sqlx::query_scalar(sql).bind(&user.id).bind(organisation_id).fetch_optional(&mut *transaction).await?;
        let before = before.map(|before| role(&before)).transpose()?;
        let granted = before.map_or(*granted, |before| before.max(*granted));
        put_member(&mut transaction, &user.id, organisation_id, granted).await?;
        let event = event(organisation_id, &user.email, "member.joined", &user.email, Some(granted.name()));
        record(&mut transaction, &event, Some(DONE), now_ms()).await?;
        transaction.commit().await?;
        Ok(Some((user, hash)))
    }

    async fn reset_password(
        &self,
        code: &StoredCode,
        user: User,
        password: &str,
    ) -> Result<Option<Taken>, SignInRefused> {
        let hash = hash(password).await?;
        let mut transaction = self.begin_writing().await?;
        if !take(&mut transaction, code, Some(&user)).await? {
            return Ok(None);
        }
        set_hash(&mut transaction, &user, &hash, &user.email).await?;
        transaction.commit().await?;
        Ok(Some((user, hash)))
    }
}

/// Uses a code up; false where somebody did meanwhile, or whoever made it might not make it any more.
async fn take(connection: &mut SqliteConnection, code: &StoredCode, known: Option<&User>) -> sqlx::Result<bool> {
    let delete = sqlx::query("DELETE FROM codes WHERE id = ?").bind(&code.id);
    Ok(delete.execute(&mut *connection).await?.rows_affected() == 1 && is_granted(connection, code, known).await?)
}

/// Whether somebody has this hash of a password now, and the account is open.
async fn has_hash(connection: &mut SqliteConnection, user: &User, hash: &str) -> sqlx::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM users WHERE id = ? AND password_hash = ? AND disabled_ms IS NULL)";
    sqlx::query_scalar(sql).bind(&user.id).bind(hash).fetch_one(connection).await
}

/// Whether whoever made a code could make it now as well.
async fn is_granted(connection: &mut SqliteConnection, code: &StoredCode, known: Option<&User>) -> sqlx::Result<bool> {
    /// ?1 administers the organisation ?2.
    const MEMBERSHIP_BY_USER: &str = "SELECT EXISTS (SELECT 1 FROM organisations
          JOIN memberships ON memberships.organisation_id = organisations.id
            OR memberships.reseller_id = organisations.reseller_id
          JOIN users ON users.id = memberships.user_id
        WHERE users.id = ?1 AND users.disabled_ms IS NULL AND memberships.role = 'admin' AND organisations.id = ?2)";
    const MEMBERSHIP_BY_KEY: &str = "SELECT EXISTS (SELECT 1 FROM api_keys
        WHERE id = ?1 AND role = 'admin' AND (organisation_id IS NULL OR organisation_id = ?2))";
    /// ?1 administers everything that ?2 sees, now and whatever a reseller gets some day.
    const PASSWORD_BY_USER: &str = "SELECT EXISTS (SELECT 1 FROM users WHERE id = ?1 AND disabled_ms IS NULL)
        AND NOT EXISTS (SELECT 1 FROM memberships AS theirs WHERE theirs.user_id = ?2 AND NOT EXISTS (
          SELECT 1 FROM memberships AS mine WHERE mine.user_id = ?1 AND mine.role = 'admin' AND (
            mine.organisation_id = theirs.organisation_id OR mine.reseller_id = theirs.reseller_id
            OR mine.reseller_id = (SELECT reseller_id FROM organisations WHERE id = theirs.organisation_id))))";
    const PASSWORD_BY_KEY: &str = "SELECT EXISTS (SELECT 1 FROM api_keys
        WHERE id = ?1 AND role = 'admin' AND (organisation_id IS NULL OR NOT EXISTS (
          SELECT 1 FROM memberships WHERE user_id = ?2 AND organisation_id IS NOT api_keys.organisation_id)))";
    let (sql, by, of) = match (&code.made_by, &code.grant, known) {
        (None, _, _) => return Ok(true),
        (Some(ActorId::User(by)), Grant::Membership { organisation_id, .. }, _) => {
            (MEMBERSHIP_BY_USER, by, organisation_id)
        }
        (Some(ActorId::Key(by)), Grant::Membership { organisation_id, .. }, _) => {
            (MEMBERSHIP_BY_KEY, by, organisation_id)
        }
        (Some(ActorId::User(by)), Grant::NewPassword, Some(user)) => (PASSWORD_BY_USER, by, &user.id),
        (Some(ActorId::Key(by)), Grant::NewPassword, Some(user)) => (PASSWORD_BY_KEY, by, &user.id),
        (Some(_), Grant::NewPassword, None) => return Ok(false),
    };
    sqlx::query_scalar(sql).bind(by).bind(of).fetch_one(connection).await
}
