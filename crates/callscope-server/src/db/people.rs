//! The people of an organisation: what they may do, and how they are kept out.

use callscope_core::people::{Member, PasswordChange};
use callscope_core::session::Role;
use sqlx::{Row as _, SqliteConnection};

use super::accounts::{check_password, forget_codes, put_member, role};
use super::audit::{AuditEvent, DONE, record};
use super::secrets::Secret;
use super::sessions::{hash, is_password};
use super::{Database, SignInRefused, User, now_ms};

/// Who does something to an account, as it is put on record and as far as it can be asked again later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// An address, the name of a key, or the command line.
    pub name: String,
    /// The account or the key; none for the command line.
    pub id: Option<ActorId>,
}

/// An account or a key that does something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActorId {
    /// A person, by the account's id.
    User(String),
    /// A program, by the key's id.
    Key(String),
}

impl ActorId {
    /// As it is stored.
    pub(super) fn written(&self) -> String {
        match self {
            Self::User(id) => format!("user:{id}"),
            Self::Key(id) => format!("key:{id}"),
        }
    }

    /// What was stored.
    pub(super) fn read(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("user", id) => Some(Self::User(id.to_owned())),
            ("key", id) => Some(Self::Key(id.to_owned())),
            _ => None,
        }
    }
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

    /// Gives somebody a role in an organisation, with or without having had one there. False, and nothing is changed,
    /// where nobody would administer it any more.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn give_role(&self, organisation_id: &str, user: &User, role: Role, who: &str) -> sqlx::Result<bool> {
        let mut transaction = self.begin_writing().await?;
        let had_admin = has_admin(&mut transaction, organisation_id).await?;
        put_member(&mut transaction, &user.id, organisation_id, role).await?;
        if had_admin && !has_admin(&mut transaction, organisation_id).await? {
            return Ok(false);
        }
        forget_invitation(&mut transaction, user, organisation_id).await?;
        let event = event(organisation_id, who, "member.role", &user.email, Some(role.name()));
        record(&mut transaction, &event, Some(DONE), now_ms()).await?;
        transaction.commit().await?;
        Ok(true)
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

    /// Closes an account and ends its sessions and codes, or opens it again. False, and nothing is changed, where an
    /// organisation would have nobody who administers it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_disabled(&self, user: &User, is_disabled: bool, who: &str) -> sqlx::Result<bool> {
        let mut transaction = self.begin_writing().await?;
        let organisations = organisations_of(&mut transaction, user).await?;
        let mut administered = Vec::new();
        for id in &organisations {
            if has_admin(&mut transaction, id).await? {
                administered.push(id);
            }
        }
        let sql = "UPDATE users SET disabled_ms = ? WHERE id = ?";
        let since = is_disabled.then(now_ms);
        sqlx::query(sql).bind(since).bind(&user.id).execute(&mut *transaction).await?;
        if is_disabled {
            delete_sessions(&mut transaction, &user.id).await?;
            let forget = sqlx::query("DELETE FROM codes WHERE email = ?").bind(&user.email);
            forget.execute(&mut *transaction).await?;
        }
        for id in administered {
            if !has_admin(&mut transaction, id).await? {
                return Ok(false);
            }
        }
        let action = if is_disabled { "account.disabled" } else { "account.enabled" };
        record_everywhere(&mut transaction, user, who, action).await?;
        transaction.commit().await?;
        Ok(true)
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

    /// Gives an account another password and ends its sessions and codes.
    ///
    /// # Errors
    /// Where the password cannot be one, or the server fails.
    pub async fn set_password(&self, user: &User, password: &str, who: &str) -> Result<(), SignInRefused> {
        check_password(password)?;
        let hash = hash(password).await?;
        let mut transaction = self.begin_writing().await?;
        set_hash(&mut transaction, user, &hash, who).await?;
        transaction.commit().await?;
        Ok(())
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
        let present: Option<String> = sqlx::query_scalar(sql).bind(&user.id).fetch_optional(&self.pool).await?;
        if !is_password(&change.current, present.clone()).await? {
            return Err(SignInRefused::WrongCredentials);
        }
        let hash = hash(&change.password).await?;
        let mut transaction = self.begin_writing().await?;
        // Somebody may have changed it meanwhile, to keep out whoever knows this one.
        let sql = "SELECT password_hash FROM users WHERE id = ? AND disabled_ms IS NULL";
        let now: Option<String> = sqlx::query_scalar(sql).bind(&user.id).fetch_optional(&mut *transaction).await?;
        if now != present {
            return Err(SignInRefused::WrongCredentials);
        }
        set_hash(&mut transaction, user, &hash, &user.email).await?;
        transaction.commit().await?;
        self.forgive(&user.email).await?;
        self.new_session(&user.id, &hash).await
    }
}

pub(super) fn event(
    organisation_id: &str,
    who: &str,
    action: &'static str,
    subject: &str,
    detail: Option<&str>,
) -> AuditEvent {
    AuditEvent {
        organisation_id: organisation_id.to_owned(),
        who: who.to_owned(),
        action,
        subject: Some(subject.to_owned()),
        detail: detail.map(str::to_owned),
        agent_id: None,
    }
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

pub(super) async fn set_hash(
    connection: &mut SqliteConnection,
    user: &User,
    hash: &str,
    who: &str,
) -> sqlx::Result<()> {
    let update = sqlx::query("UPDATE users SET password_hash = ? WHERE id = ?").bind(hash).bind(&user.id);
    update.execute(&mut *connection).await?;
    delete_sessions(connection, &user.id).await?;
    forget_codes(connection, &user.id).await?;
    record_everywhere(connection, user, who, "password.changed").await
}

/// The ids of the organisations that somebody sees.
async fn organisations_of(connection: &mut SqliteConnection, user: &User) -> sqlx::Result<Vec<String>> {
    let sql = "SELECT id FROM organisations
               WHERE id IN (SELECT organisation_id FROM memberships WHERE user_id = ?1)
                  OR reseller_id IN (SELECT reseller_id FROM memberships WHERE user_id = ?1)";
    sqlx::query_scalar(sql).bind(&user.id).fetch_all(connection).await
}

/// Takes on record what is done to an account, in every organisation that it sees.
async fn record_everywhere(
    connection: &mut SqliteConnection,
    user: &User,
    who: &str,
    action: &'static str,
) -> sqlx::Result<()> {
    let now = now_ms();
    for organisation_id in organisations_of(connection, user).await? {
        record(connection, &event(&organisation_id, who, action, &user.email, None), Some(DONE), now).await?;
    }
    Ok(())
}
