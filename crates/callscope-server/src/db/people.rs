//! The people of an organisation: what they may do, how they come, and how they are kept out.

use callscope_core::people::{Invitation, Member};
use callscope_core::session::Role;
use sqlx::{Row as _, SqliteConnection};
use uuid::Uuid;

use super::accounts::{account_of, address, forget_codes, hashed, insert_user, put_member, role};
use super::audit::{DONE, Deed, instant, record};
use super::secrets::{Digest, Secret};
use super::sessions::is_password;
use super::{Database, SignInRefused, User, now_ms};

/// A code ends after this time: 7 days.
const CODE_LIMIT_MS: i64 = 7 * 86_400_000;

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

/// An invitation, or where no organisation is named the leave to set another password.
struct Kept {
    id: String,
    organisation_id: Option<String>,
    role: Role,
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
                seen_at: row.try_get::<Option<i64>, _>(6)?.map(instant),
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
        let sql = "SELECT id, email, role, expires_ms FROM invitations
                   WHERE organisation_id = ? AND expires_ms > ? ORDER BY email";
        let invitation = |row: sqlx::sqlite::SqliteRow| {
            Ok(Invitation {
                id: row.try_get(0)?,
                email: row.try_get(1)?,
                role: role(row.try_get(2)?)?,
                expires_at: instant(row.try_get(3)?),
            })
        };
        sqlx::query(sql).bind(organisation_id).bind(now_ms()).try_map(invitation).fetch_all(&self.pool).await
    }

    /// Asks somebody to come, by a code that can be used once; an earlier one for the same is worth nothing then.
    ///
    /// # Errors
    /// Where the address is none.
    pub async fn invite(&self, organisation_id: &str, email: &str, role: Role, who: &str) -> anyhow::Result<NewCode> {
        let email = address(email)?;
        let deed = deed(organisation_id, who, "member.invited", &email, Some(role.name()));
        self.new_code(&email, Some(organisation_id), role, &[deed]).await
    }

    /// Lets whoever has the code set another password for an account; the old one is good until then.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn allow_new_password(&self, user: &User, organisation_id: &str, who: &str) -> anyhow::Result<NewCode> {
        let deed = deed(organisation_id, who, "account.code", &user.email, None);
        self.new_code(&user.email, None, Role::Viewer, &[deed]).await
    }

    async fn new_code(
        &self,
        email: &str,
        organisation_id: Option<&str>,
        role: Role,
        deeds: &[Deed],
    ) -> anyhow::Result<NewCode> {
        let code = Secret::code()?;
        let now = now_ms();
        let expires_ms = now + CODE_LIMIT_MS;
        let mut transaction = self.begin().await?;
        let delete = "DELETE FROM invitations WHERE email = ?1 AND organisation_id IS ?2";
        sqlx::query(delete).bind(email).bind(organisation_id).execute(&mut *transaction).await?;
        let insert = "INSERT INTO invitations (id, code_digest, email, organisation_id, role, created_ms, expires_ms)
                      VALUES (?, ?, ?, ?, ?, ?, ?)";
        let insert = sqlx::query(insert).bind(Uuid::new_v4().to_string()).bind(code.digest()).bind(email);
        let insert = insert.bind(organisation_id).bind(role.name()).bind(now).bind(expires_ms);
        insert.execute(&mut *transaction).await?;
        for deed in deeds {
            record(&mut transaction, deed, Some(DONE), now).await?;
        }
        transaction.commit().await?;
        Ok(NewCode { email: email.to_owned(), code, expires_ms })
    }

    /// Takes an invitation back; false where there is none of this id in the organisation.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn withdraw_invitation(&self, organisation_id: &str, id: &str, who: &str) -> sqlx::Result<bool> {
        let mut transaction = self.begin().await?;
        let sql = "DELETE FROM invitations WHERE id = ? AND organisation_id = ? RETURNING email";
        let email: Option<String> =
            sqlx::query_scalar(sql).bind(id).bind(organisation_id).fetch_optional(&mut *transaction).await?;
        let Some(email) = email else { return Ok(false) };
        let deed = deed(organisation_id, who, "invitation.withdrawn", &email, None);
        record(&mut transaction, &deed, Some(DONE), now_ms()).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Uses a code: makes the account, lets the one that is there see one organisation more, or gives it another
    /// password. The person is signed in then.
    ///
    /// # Errors
    /// [`SignInRefused`]; the code stays good then.
    pub async fn use_code(
        &self,
        (email, code): (&str, &str),
        (password, name): (&str, &str),
        from: &str,
    ) -> Result<(Secret, User), SignInRefused> {
        let account = account_of(email);
        self.begin_attempt(&account, from).await?;
        let kept = self.kept_code(&account, Secret::typed(code).digest()).await?;
        let kept = kept.ok_or(SignInRefused::WrongCredentials)?;
        let user = self.user_by_email(&account).await?;
        let user = match (user, &kept.organisation_id) {
            (Some(user), None) => {
                let hash = hashed(password).await.map_err(|error| SignInRefused::BadPassword(error.to_string()))?;
                self.take_password(&kept, &user, &hash).await?
            }
            (Some(user), Some(_)) => {
                let sql = "SELECT password_hash FROM users WHERE id = ? AND disabled_ms IS NULL";
                let hash = sqlx::query_scalar(sql).bind(&user.id).fetch_optional(&self.pool).await?;
                if !is_password(password, hash).await? {
                    return Err(SignInRefused::HasAccount);
                }
                self.join(&kept, &user, None).await?
            }
            (None, Some(_)) => {
                let hash = hashed(password).await.map_err(|error| SignInRefused::BadPassword(error.to_string()))?;
                let user =
                    User { id: Uuid::new_v4().to_string(), email: account.clone(), name: name.trim().to_owned() };
                self.join(&kept, &user, Some(&hash)).await?
            }
            (None, None) => None,
        };
        let user = user.ok_or(SignInRefused::WrongCredentials)?;
        self.forgive(&account).await?;
        Ok((self.new_session(&user.id).await?, user))
    }

    async fn kept_code(&self, account: &str, digest: Digest) -> sqlx::Result<Option<Kept>> {
        let sql = "SELECT id, organisation_id, role FROM invitations
                   WHERE code_digest = ? AND email = ? AND expires_ms > ?";
        let kept = |row: sqlx::sqlite::SqliteRow| {
            Ok(Kept { id: row.try_get(0)?, organisation_id: row.try_get(1)?, role: role(row.try_get(2)?)? })
        };
        sqlx::query(sql).bind(digest).bind(account).bind(now_ms()).try_map(kept).fetch_optional(&self.pool).await
    }

    /// Lets a person into the organisation of an invitation, with a new account where a hash is given. None where the
    /// invitation is used by now.
    async fn join(&self, kept: &Kept, user: &User, new: Option<&str>) -> sqlx::Result<Option<User>> {
        let Some(organisation_id) = &kept.organisation_id else { return Ok(None) };
        let mut transaction = self.begin().await?;
        if !take(&mut transaction, kept).await? {
            return Ok(None);
        }
        if let Some(hash) = new {
            insert_user(&mut transaction, user, hash).await?;
        }
        put_member(&mut transaction, &user.id, organisation_id, kept.role).await?;
        let deed = deed(organisation_id, &user.email, "member.joined", &user.email, Some(kept.role.name()));
        record(&mut transaction, &deed, Some(DONE), now_ms()).await?;
        transaction.commit().await?;
        Ok(Some(user.clone()))
    }

    async fn take_password(&self, kept: &Kept, user: &User, hash: &str) -> sqlx::Result<Option<User>> {
        let mut transaction = self.begin().await?;
        if !take(&mut transaction, kept).await? {
            return Ok(None);
        }
        set_hash(&mut transaction, user, hash, &user.email).await?;
        transaction.commit().await?;
        Ok(Some(user.clone()))
    }

    /// Gives somebody who is in an organisation by itself another role there; false where nobody is.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_role(&self, organisation_id: &str, user: &User, role: Role, who: &str) -> sqlx::Result<bool> {
        let mut transaction = self.begin().await?;
        let sql = "UPDATE memberships SET role = ? WHERE user_id = ? AND organisation_id = ?";
        let update = sqlx::query(sql).bind(role.name()).bind(&user.id).bind(organisation_id);
        if update.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(false);
        }
        let deed = deed(organisation_id, who, "member.role", &user.email, Some(role.name()));
        record(&mut transaction, &deed, Some(DONE), now_ms()).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Takes somebody out of an organisation; false where nobody is in it by itself. The account stays.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn remove_member(&self, organisation_id: &str, user: &User, who: &str) -> sqlx::Result<bool> {
        let mut transaction = self.begin().await?;
        let sql = "DELETE FROM memberships WHERE user_id = ? AND organisation_id = ?";
        let delete = sqlx::query(sql).bind(&user.id).bind(organisation_id);
        if delete.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(false);
        }
        let deed = deed(organisation_id, who, "member.removed", &user.email, None);
        record(&mut transaction, &deed, Some(DONE), now_ms()).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Closes an account and ends its sessions, or opens it again.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_disabled(&self, user: &User, is_disabled: bool, who: &str) -> sqlx::Result<()> {
        let mut transaction = self.begin().await?;
        let sql = "UPDATE users SET disabled_ms = ? WHERE id = ?";
        let since = is_disabled.then(now_ms);
        sqlx::query(sql).bind(since).bind(&user.id).execute(&mut *transaction).await?;
        if is_disabled {
            delete_sessions(&mut transaction, &user.id).await?;
            forget_codes(&mut transaction, &user.id).await?;
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
        let mut transaction = self.begin().await?;
        delete_sessions(&mut transaction, &user.id).await?;
        record_everywhere(&mut transaction, user, who, "sessions.ended").await?;
        transaction.commit().await
    }

    /// Gives an account another password and ends its sessions.
    ///
    /// # Errors
    /// Where the password is too short or too long.
    pub async fn set_password(&self, user: &User, password: &str, who: &str) -> anyhow::Result<()> {
        let hash = hashed(password).await?;
        let mut transaction = self.begin().await?;
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
        current: &str,
        password: &str,
        from: &str,
    ) -> Result<Secret, SignInRefused> {
        self.begin_attempt(&user.email, from).await?;
        let sql = "SELECT password_hash FROM users WHERE id = ?";
        let hash = sqlx::query_scalar(sql).bind(&user.id).fetch_optional(&self.pool).await?;
        if !is_password(current, hash).await? {
            return Err(SignInRefused::WrongCredentials);
        }
        self.forgive(&user.email).await?;
        self.set_password(user, password, &user.email)
            .await
            .map_err(|error| SignInRefused::BadPassword(error.to_string()))?;
        Ok(self.new_session(&user.id).await?)
    }

    /// The account of an id, where there is one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn user(&self, id: &str) -> sqlx::Result<Option<User>> {
        let user = |row: sqlx::sqlite::SqliteRow| {
            Ok(User { id: row.try_get(0)?, email: row.try_get(1)?, name: row.try_get(2)? })
        };
        let sql = "SELECT id, email, name FROM users WHERE id = ?";
        sqlx::query(sql).bind(id).try_map(user).fetch_optional(&self.pool).await
    }
}

fn deed(organisation_id: &str, who: &str, action: &'static str, subject: &str, detail: Option<&str>) -> Deed {
    Deed {
        organisation_id: organisation_id.to_owned(),
        who: who.to_owned(),
        action,
        subject: Some(subject.to_owned()),
        detail: detail.map(str::to_owned),
        agent_id: None,
    }
}

/// Uses a code up; false where somebody did meanwhile.
async fn take(connection: &mut SqliteConnection, kept: &Kept) -> sqlx::Result<bool> {
    let delete = sqlx::query("DELETE FROM invitations WHERE id = ?").bind(&kept.id);
    Ok(delete.execute(connection).await?.rows_affected() == 1)
}

async fn delete_sessions(connection: &mut SqliteConnection, user_id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sessions WHERE user_id = ?").bind(user_id).execute(connection).await.map(|_| ())
}

async fn set_hash(connection: &mut SqliteConnection, user: &User, hash: &str, who: &str) -> sqlx::Result<()> {
    let update = sqlx::query("UPDATE users SET password_hash = ? WHERE id = ?").bind(hash).bind(&user.id);
    update.execute(&mut *connection).await?;
    delete_sessions(connection, &user.id).await?;
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
        record(connection, &deed(&organisation_id, who, action, &user.email, None), Some(DONE), now).await?;
    }
    Ok(())
}
