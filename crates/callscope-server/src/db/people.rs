//! The people of an organisation: what they may do, how they come, and how they are kept out.

use callscope_core::people::{CodeUse, Invitation, Member, PasswordChange};
use callscope_core::session::Role;
use sqlx::{Row as _, SqliteConnection};
use uuid::Uuid;

use super::accounts::{
    AddressError, LONGEST_NAME, account_of, address, check_password, forget_codes, insert_user, plain, put_member, role,
};
use super::audit::{AuditEvent, DONE, record};
use super::secrets::{Digest, Secret};
use super::sessions::{hash, is_password};
use super::{Database, SignInRefused, User, now_ms};

/// A code that lets somebody in ends after this time: 7 days.
const INVITATION_LIMIT_MS: i64 = 7 * 86_400_000;
/// A code for another password ends after this time: a day.
const PASSWORD_CODE_LIMIT_MS: i64 = 86_400_000;

/// Who does something to an account, as it is put on record and as far as it can be asked again later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// An address, the name of a key, or the command line.
    pub name: String,
    /// The account; none where it is no person.
    pub user_id: Option<String>,
}

/// What became of a change to what somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberChanged {
    /// It was made.
    Done,
    /// Nobody of this account is in the organisation by itself.
    Missing,
    /// It was not made: nobody would administer the organisation any more.
    LastAdmin,
}

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
    /// The account that made it; none where it was no person.
    made_by: Option<String>,
}

/// Somebody whom a code let in, with the hash of the password.
type Taken = (User, String);

const MEMBERS: &str = "SELECT users.id, users.email, users.name, memberships.role, resellers.name,
      users.disabled_ms IS NOT NULL,
      (SELECT max(seen_ms) FROM sessions WHERE sessions.user_id = users.id)
    FROM organisations
    JOIN memberships ON memberships.organisation_id = organisations.id
      OR memberships.reseller_id = organisations.reseller_id
    JOIN users ON users.id = memberships.user_id
    LEFT JOIN resellers ON resellers.id = memberships.reseller_id
    WHERE organisations.id = ?
    ORDER BY users.email, memberships.reseller_id IS NOT NULL";

impl Database {
    /// Everybody who may see an organisation, by address; whoever has a role of its own and one by a reseller is
    /// there with both.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn members(&self, organisation_id: &str) -> sqlx::Result<Vec<Member>> {
        let member = |row: sqlx::sqlite::SqliteRow| {
            Ok(Member {
                id: row.try_get(0)?,
                email: row.try_get(1)?,
                name: row.try_get(2)?,
                role: role(row.try_get(3)?)?,
                reseller: row.try_get(4)?,
                is_disabled: row.try_get(5)?,
                seen_at: row.try_get::<Option<i64>, _>(6)?.and_then(crate::rfc3339),
                is_self: false,
                is_ours: false,
            })
        };
        sqlx::query(MEMBERS).bind(organisation_id).try_map(member).fetch_all(&self.pool).await
    }

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
        let insert = insert.bind(organisation_id).bind(role).bind(&by.user_id).bind(now).bind(expires_ms);
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
        if !self.is_still_granted(&code, known.as_ref()).await? {
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
            Ok(StoredCode { id: row.try_get(0)?, grant, made_by: row.try_get(3)? })
        };
        sqlx::query(sql).bind(digest).bind(account).bind(now_ms()).try_map(stored).fetch_optional(&self.pool).await
    }

    /// Whether whoever made a code could make it now as well.
    async fn is_still_granted(&self, code: &StoredCode, known: Option<&User>) -> sqlx::Result<bool> {
        let Some(made_by) = &code.made_by else { return Ok(true) };
        let sql = "SELECT EXISTS (SELECT 1 FROM users WHERE id = ? AND disabled_ms IS NULL)";
        if !sqlx::query_scalar::<_, bool>(sql).bind(made_by).fetch_one(&self.pool).await? {
            return Ok(false);
        }
        let maker = self.access_of_user(made_by).await?;
        Ok(match (&code.grant, known) {
            (Grant::Membership { organisation_id, .. }, _) => maker.allows(organisation_id, Role::Admin),
            (Grant::NewPassword, Some(user)) => maker.administers_all_of(&self.access_of_user(&user.id).await?),
            (Grant::NewPassword, None) => false,
        })
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
        if !take(&mut transaction, code).await? {
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
        if !take(&mut transaction, code).await? {
            return Ok(None);
        }
        set_hash(&mut transaction, &user, &hash, &user.email).await?;
        transaction.commit().await?;
        Ok(Some((user, hash)))
    }

    /// Gives somebody a role in an organisation, with or without having had one there.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn give_role(&self, organisation_id: &str, user: &User, role: Role, who: &str) -> sqlx::Result<()> {
        let mut transaction = self.begin_writing().await?;
        put_member(&mut transaction, &user.id, organisation_id, role).await?;
        let event = event(organisation_id, who, "member.role", &user.email, Some(role.name()));
        record(&mut transaction, &event, Some(DONE), now_ms()).await?;
        transaction.commit().await
    }

    /// Gives somebody who is in an organisation by itself another role there.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_role(
        &self,
        organisation_id: &str,
        user: &User,
        role: Role,
        who: &str,
    ) -> sqlx::Result<MemberChanged> {
        let mut transaction = self.begin_writing().await?;
        let had_admin = has_admin(&mut transaction, organisation_id).await?;
        let sql = "UPDATE memberships SET role = ? WHERE user_id = ? AND organisation_id = ?";
        let update = sqlx::query(sql).bind(role.name()).bind(&user.id).bind(organisation_id);
        if update.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(MemberChanged::Missing);
        }
        if had_admin && !has_admin(&mut transaction, organisation_id).await? {
            return Ok(MemberChanged::LastAdmin);
        }
        forget_invitation(&mut transaction, user, organisation_id).await?;
        let event = event(organisation_id, who, "member.role", &user.email, Some(role.name()));
        record(&mut transaction, &event, Some(DONE), now_ms()).await?;
        transaction.commit().await?;
        Ok(MemberChanged::Done)
    }

    /// Takes somebody out of an organisation. The account stays.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn remove_member(&self, organisation_id: &str, user: &User, who: &str) -> sqlx::Result<MemberChanged> {
        let mut transaction = self.begin_writing().await?;
        let had_admin = has_admin(&mut transaction, organisation_id).await?;
        let sql = "DELETE FROM memberships WHERE user_id = ? AND organisation_id = ?";
        let delete = sqlx::query(sql).bind(&user.id).bind(organisation_id);
        if delete.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(MemberChanged::Missing);
        }
        if had_admin && !has_admin(&mut transaction, organisation_id).await? {
            return Ok(MemberChanged::LastAdmin);
        }
        forget_invitation(&mut transaction, user, organisation_id).await?;
        let event = event(organisation_id, who, "member.removed", &user.email, None);
        record(&mut transaction, &event, Some(DONE), now_ms()).await?;
        transaction.commit().await?;
        Ok(MemberChanged::Done)
    }

    /// Closes an account and ends its sessions and codes, or opens it again.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_disabled(&self, user: &User, is_disabled: bool, who: &str) -> sqlx::Result<()> {
        let mut transaction = self.begin_writing().await?;
        let sql = "UPDATE users SET disabled_ms = ? WHERE id = ?";
        let since = is_disabled.then(now_ms);
        sqlx::query(sql).bind(since).bind(&user.id).execute(&mut *transaction).await?;
        if is_disabled {
            delete_sessions(&mut transaction, &user.id).await?;
            let forget = sqlx::query("DELETE FROM codes WHERE email = ?").bind(&user.email);
            forget.execute(&mut *transaction).await?;
        }
        let action = if is_disabled { "account.disabled" } else { "account.enabled" };
        record_everywhere(&mut transaction, user, who, action).await?;
        transaction.commit().await
    }

    /// Ends all sessions of a person.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_sessions_of(&self, user: &User, who: &str) -> sqlx::Result<()> {
        let mut transaction = self.begin_writing().await?;
        delete_sessions(&mut transaction, &user.id).await?;
        record_everywhere(&mut transaction, user, who, "sessions.ended").await?;
        transaction.commit().await
    }

    /// Gives an account another password and ends its sessions and codes; gives the hash.
    ///
    /// # Errors
    /// Where the password cannot be one, or the server fails.
    pub async fn set_password(&self, user: &User, password: &str, who: &str) -> Result<String, SignInRefused> {
        check_password(password)?;
        let hash = hash(password).await?;
        let mut transaction = self.begin_writing().await?;
        set_hash(&mut transaction, user, &hash, who).await?;
        transaction.commit().await?;
        Ok(hash)
    }

    /// Changes the password of a person who knows the present one, ends all sessions, and begins one anew.
    ///
    /// # Errors
    /// [`SignInRefused`]; then nothing is changed.
    pub async fn change_password(
        &self,
        user: &User,
        change: &PasswordChange,
        from: &str,
    ) -> Result<Secret, SignInRefused> {
        check_password(&change.password)?;
        self.begin_attempt(&user.email, from).await?;
        let sql = "SELECT password_hash FROM users WHERE id = ?";
        let present = sqlx::query_scalar(sql).bind(&user.id).fetch_optional(&self.pool).await?;
        if !is_password(&change.current, present).await? {
            return Err(SignInRefused::WrongCredentials);
        }
        self.forgive(&user.email).await?;
        let hash = self.set_password(user, &change.password, &user.email).await?;
        self.new_session(&user.id, &hash).await
    }
}

fn event(organisation_id: &str, who: &str, action: &'static str, subject: &str, detail: Option<&str>) -> AuditEvent {
    AuditEvent {
        organisation_id: organisation_id.to_owned(),
        who: who.to_owned(),
        action,
        subject: Some(subject.to_owned()),
        detail: detail.map(str::to_owned),
        agent_id: None,
    }
}

/// Uses a code up; false where somebody did meanwhile.
async fn take(connection: &mut SqliteConnection, code: &StoredCode) -> sqlx::Result<bool> {
    let delete = sqlx::query("DELETE FROM codes WHERE id = ?").bind(&code.id);
    Ok(delete.execute(connection).await?.rows_affected() == 1)
}

/// Whether anybody administers an organisation whose account is open.
async fn has_admin(connection: &mut SqliteConnection, organisation_id: &str) -> sqlx::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM organisations
                 JOIN memberships ON memberships.organisation_id = organisations.id
                   OR memberships.reseller_id = organisations.reseller_id
                 JOIN users ON users.id = memberships.user_id
               WHERE organisations.id = ? AND memberships.role = 'admin' AND users.disabled_ms IS NULL)";
    sqlx::query_scalar(sql).bind(organisation_id).fetch_one(connection).await
}

/// Has an invitation that somebody still has be worth nothing: it would undo what was just decided.
async fn forget_invitation(connection: &mut SqliteConnection, user: &User, organisation_id: &str) -> sqlx::Result<()> {
    let delete = sqlx::query("DELETE FROM codes WHERE email = ? AND organisation_id = ?");
    delete.bind(&user.email).bind(organisation_id).execute(connection).await.map(|_| ())
}

async fn delete_sessions(connection: &mut SqliteConnection, user_id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sessions WHERE user_id = ?").bind(user_id).execute(connection).await.map(|_| ())
}

async fn set_hash(connection: &mut SqliteConnection, user: &User, hash: &str, who: &str) -> sqlx::Result<()> {
    let update = sqlx::query("UPDATE users SET password_hash = ? WHERE id = ?").bind(hash).bind(&user.id);
    update.execute(&mut *connection).await?;
    delete_sessions(connection, &user.id).await?;
    forget_codes(connection, &user.id).await?;
    record_everywhere(connection, user, who, "password.changed").await
}

/// Takes on record what is done to an account, in every organisation that it sees.
async fn record_everywhere(
    connection: &mut SqliteConnection,
    user: &User,
    who: &str,
    action: &'static str,
) -> sqlx::Result<()> {
    let sql = "SELECT id FROM organisations
               WHERE id IN (SELECT organisation_id FROM memberships WHERE user_id = ?1)
                  OR reseller_id IN (SELECT reseller_id FROM memberships WHERE user_id = ?1)";
    let organisations: Vec<String> = sqlx::query_scalar(sql).bind(&user.id).fetch_all(&mut *connection).await?;
    let now = now_ms();
    for organisation_id in organisations {
        record(connection, &event(&organisation_id, who, action, &user.email, None), Some(DONE), now).await?;
    }
    Ok(())
}
