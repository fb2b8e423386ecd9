//! Who may see what: users, organisations, resellers, memberships, keys.

use std::collections::BTreeMap;

use anyhow::Context as _;
use callscope_core::session::Role;
use sqlx::{Row as _, SqliteConnection};
use uuid::Uuid;

use super::secrets::{self, Secret};
use super::sessions::hash;
use super::{Database, now_ms};

/// An organisation: a fleet of agents with one time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The IANA name of its time zone.
    pub time_zone: String,
    /// The reseller it belongs to.
    pub reseller_id: Option<String>,
}

/// A reseller: several organisations under one roof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reseller {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The account's id.
    pub id: String,
    /// The address to sign in with.
    pub email: String,
    /// The person's name.
    pub name: String,
}

/// What a caller may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Organisations, by name.
    pub organisations: Vec<Organisation>,
    /// Resellers that may be seen as a whole, by name.
    pub resellers: Vec<Reseller>,
    /// What the caller may do, by the ids of the organisations.
    pub roles: BTreeMap<String, Role>,
    /// What the caller may do in whatever a reseller has or will have, by the ids of the resellers.
    pub reseller_roles: BTreeMap<String, Role>,
}

impl ApiKey {
    /// As it is named on record: by what it is for, and by the beginning of its id.
    pub fn shown(&self) -> String {
        format!("the key '{}' ({})", plain(&self.label, LONGEST_NAME), self.id.get(..8).unwrap_or(&self.id))
    }
}

impl Access {
    /// Whether the caller may do in an organisation what a role may.
    pub fn allows(&self, organisation_id: &str, role: Role) -> bool {
        self.roles.get(organisation_id).is_some_and(|mine| *mine >= role)
    }

    /// Whether everything that somebody else may see is administered by the caller, now and whatever a reseller gets
    /// some day.
    pub fn administers_all_of(&self, other: &Self) -> bool {
        let is_mine = |role: Option<&Role>| role == Some(&Role::Admin);
        other.organisations.iter().all(|organisation| is_mine(self.roles.get(&organisation.id)))
            && other.resellers.iter().all(|reseller| is_mine(self.reseller_roles.get(&reseller.id)))
    }
}

/// A key that was presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub label: String,
    /// The organisation that it may see; none for everything.
    pub organisation_id: Option<String>,
    /// What may be done with it.
    pub role: Role,
}

/// An address as it is stored and looked up: however it is written, it is one account.
pub(super) fn account_of(email: &str) -> String {
    email.trim().to_lowercase()
}

/// An address as an account has it.
pub(super) fn address(given: &str) -> Result<String, AddressError> {
    let email = account_of(given);
    let has_parts = email.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if has_parts && email.len() <= 254 && email.chars().all(|sign| is_seen(sign) && !sign.is_whitespace()) {
        Ok(email)
    } else {
        Err(AddressError(email.chars().take(254).collect()))
    }
}

/// Whether a sign is seen where it stands, and turns none of what follows around.
pub(super) fn is_seen(sign: char) -> bool {
    let is_format = matches!(sign, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
    !sign.is_control() && !is_format
}

/// A name or an id as it is kept: what is seen of it, and no more than is a name's.
pub(super) fn plain(text: &str, most: usize) -> String {
    text.trim().chars().filter(|sign| is_seen(*sign)).take(most).collect()
}

/// The most signs of a person's name.
pub(super) const LONGEST_NAME: usize = 100;

/// Why a password cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too easily guessed.
    #[error("the password must have at least 10 characters")]
    TooShort,
    /// Longer than anybody needs.
    #[error("the password must have at most 1024 bytes")]
    TooLong,
}

/// Refuses what cannot be a password.
pub(super) fn check_password(password: &str) -> Result<(), PasswordError> {
    if password.chars().count() < 10 {
        return Err(PasswordError::TooShort);
    }
    if password.len() > 1024 { Err(PasswordError::TooLong) } else { Ok(()) }
}

/// An address that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not an e-mail address")]
pub struct AddressError(String);

pub(super) async fn insert_user(connection: &mut SqliteConnection, user: &User, hash: &str) -> sqlx::Result<()> {
    let sql = "INSERT INTO users (id, email, name, password_hash) VALUES (?, ?, ?, ?)";
    let insert = sqlx::query(sql).bind(&user.id).bind(&user.email).bind(&user.name).bind(hash);
    insert.execute(connection).await.map(|_| ())
}

pub(super) async fn put_member(
    connection: &mut SqliteConnection,
    user_id: &str,
    organisation_id: &str,
    role: Role,
) -> sqlx::Result<()> {
    let sql = "INSERT INTO memberships (user_id, organisation_id, role) VALUES (?, ?, ?)
         ON CONFLICT (user_id, organisation_id) WHERE organisation_id IS NOT NULL DO UPDATE SET role = excluded.role";
    let insert = sqlx::query(sql).bind(user_id).bind(organisation_id).bind(role.name());
    insert.execute(&mut *connection).await?;
    // Who made one administered everything that the account saw; now it sees more.
    forget_codes(connection, user_id).await
}

/// Has codes for another password of an account be worth nothing.
pub(super) async fn forget_codes(connection: &mut SqliteConnection, user_id: &str) -> sqlx::Result<()> {
    let sql = "DELETE FROM codes WHERE organisation_id IS NULL
               AND email = (SELECT email FROM users WHERE id = ?)";
    sqlx::query(sql).bind(user_id).execute(connection).await.map(|_| ())
}

fn user(row: &sqlx::sqlite::SqliteRow) -> sqlx::Result<User> {
    Ok(User { id: row.try_get(0)?, email: row.try_get(1)?, name: row.try_get(2)? })
}

fn api_key(row: &sqlx::sqlite::SqliteRow) -> sqlx::Result<ApiKey> {
    Ok(ApiKey {
        id: row.try_get(0)?,
        label: row.try_get(1)?,
        organisation_id: row.try_get(2)?,
        role: role(row.try_get(3)?)?,
    })
}

/// A role as it is stored.
pub(super) fn role(text: &str) -> sqlx::Result<Role> {
    text.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// Stores an organisation that a file names; of one that is there already only the zone is changed.
///
/// # Errors
/// Those of the database.
pub async fn keep_organisation(connection: &mut SqliteConnection, organisation: &Organisation) -> sqlx::Result<()> {
    let sql = "INSERT INTO organisations (id, name, time_zone) VALUES (?, ?, ?)
               ON CONFLICT (id) DO UPDATE SET time_zone = excluded.time_zone";
    let insert = sqlx::query(sql).bind(&organisation.id).bind(&organisation.name).bind(&organisation.time_zone);
    insert.execute(connection).await.map(|_| ())
}

impl Database {
    /// Adds an organisation, or updates the one of this id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_organisation(&self, organisation: &Organisation) -> sqlx::Result<()> {
        let sql = "INSERT INTO organisations (id, name, time_zone, reseller_id) VALUES (?, ?, ?, ?)
                   ON CONFLICT (id) DO UPDATE SET name = excluded.name, time_zone = excluded.time_zone,
                   reseller_id = excluded.reseller_id";
        let query = sqlx::query(sql).bind(&organisation.id).bind(&organisation.name).bind(&organisation.time_zone);
        query.bind(&organisation.reseller_id).execute(&self.pool).await.map(|_| ())
    }

    /// Adds a reseller, or renames the one of this id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_reseller(&self, reseller: &Reseller) -> sqlx::Result<()> {
        let sql = "INSERT INTO resellers (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name";
        sqlx::query(sql).bind(&reseller.id).bind(&reseller.name).execute(&self.pool).await.map(|_| ())
    }

    /// Adds an account.
    ///
    /// # Errors
    /// Where the address is taken or none, or the password is shorter than ten characters.
    pub async fn add_user(&self, email: &str, name: &str, password: &str) -> anyhow::Result<User> {
        let given = email.trim();
        let user = User { id: Uuid::new_v4().to_string(), email: address(given)?, name: plain(name, LONGEST_NAME) };
        check_password(password)?;
        let hash = hash(password).await?;
        let mut connection = self.pool.acquire().await?;
        let added = insert_user(&mut connection, &user, &hash).await;
        if let Err(sqlx::Error::Database(error)) = &added
            && error.is_unique_violation()
        {
            anyhow::bail!("there is already an account for {given}");
        }
        added.context("cannot add the account")?;
        Ok(user)
    }

    /// Gives a person a role in an organisation; another one than before where it had one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_member(&self, user_id: &str, organisation_id: &str, role: Role) -> sqlx::Result<()> {
        let mut connection = self.pool.acquire().await?;
        put_member(&mut connection, user_id, organisation_id, role).await
    }

    /// Gives a person a role in everything under a reseller; another one than before where it had one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_reseller_member(&self, user_id: &str, reseller_id: &str, role: Role) -> sqlx::Result<()> {
        let sql = "INSERT INTO memberships (user_id, reseller_id, role) VALUES (?, ?, ?)
                   ON CONFLICT (user_id, reseller_id) WHERE reseller_id IS NOT NULL DO UPDATE SET role = excluded.role";
        let mut connection = self.pool.acquire().await?;
        let insert = sqlx::query(sql).bind(user_id).bind(reseller_id).bind(role.name());
        insert.execute(&mut *connection).await?;
        forget_codes(&mut connection, user_id).await
    }

    /// What a person may see.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn access_of_user(&self, user_id: &str) -> sqlx::Result<Access> {
        // By the alphabet the role that may most comes first.
        let organisations = sqlx::query(
            "SELECT id, name, time_zone, reseller_id, (SELECT min(role) FROM memberships AS mine
               WHERE mine.user_id = ?1 AND (mine.organisation_id = organisations.id
                  OR mine.reseller_id = organisations.reseller_id))
             FROM organisations WHERE id IN (SELECT organisation_id FROM memberships WHERE user_id = ?1)
                OR reseller_id IN (SELECT reseller_id FROM memberships WHERE user_id = ?1)
             ORDER BY name, id",
        );
        let resellers = sqlx::query(
            "SELECT resellers.id, name, role FROM resellers JOIN memberships ON memberships.reseller_id = resellers.id
             WHERE user_id = ?1 ORDER BY name, resellers.id",
        );
        self.access(organisations.bind(user_id), resellers.bind(user_id)).await
    }

    /// What a key may see: one organisation, or everything.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn access_of_key(&self, organisation_id: Option<&str>, role: Role) -> sqlx::Result<Access> {
        let organisations = sqlx::query(
            "SELECT id, name, time_zone, reseller_id, ?2 FROM organisations WHERE ?1 IS NULL OR id = ?1
             ORDER BY name, id",
        );
        let resellers = sqlx::query("SELECT id, name, ?2 FROM resellers WHERE ?1 IS NULL ORDER BY name, id");
        let organisations = organisations.bind(organisation_id).bind(role.name());
        self.access(organisations, resellers.bind(organisation_id).bind(role.name())).await
    }

    async fn access<'q>(
        &self,
        organisations: sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments<'q>>,
        resellers: sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments<'q>>,
    ) -> sqlx::Result<Access> {
        let organisation = |row: sqlx::sqlite::SqliteRow| {
            let organisation = Organisation {
                id: row.try_get(0)?,
                name: row.try_get(1)?,
                time_zone: row.try_get(2)?,
                reseller_id: row.try_get(3)?,
            };
            Ok((organisation, role(row.try_get(4)?)?))
        };
        let reseller = |row: sqlx::sqlite::SqliteRow| {
            Ok((Reseller { id: row.try_get(0)?, name: row.try_get(1)? }, role(row.try_get(2)?)?))
        };
        let resellers = resellers.try_map(reseller).fetch_all(&self.pool).await?;
        let found = organisations.try_map(organisation).fetch_all(&self.pool).await?;
        Ok(Access {
            roles: found.iter().map(|(organisation, role)| (organisation.id.clone(), *role)).collect(),
            organisations: found.into_iter().map(|(organisation, _)| organisation).collect(),
            reseller_roles: resellers.iter().map(|(reseller, role)| (reseller.id.clone(), *role)).collect(),
            resellers: resellers.into_iter().map(|(reseller, _)| reseller).collect(),
        })
    }

    /// The account of an id, where there is one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn user(&self, id: &str) -> sqlx::Result<Option<User>> {
        let sql = "SELECT id, email, name FROM users WHERE id = ?";
        sqlx::query(sql).bind(id).try_map(|row| user(&row)).fetch_optional(&self.pool).await
    }

    /// The user of an address, where there is one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn user_by_email(&self, email: &str) -> sqlx::Result<Option<User>> {
        let sql = "SELECT id, email, name FROM users WHERE email = ?";
        sqlx::query(sql).bind(account_of(email)).try_map(|row| user(&row)).fetch_optional(&self.pool).await
    }

    /// Makes a key, for one organisation or for everything, and returns it: it cannot be read again.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn create_key(&self, label: &str, organisation_id: Option<&str>, role: Role) -> anyhow::Result<Secret> {
        let secret = Secret::random("csk_")?;
        let sql =
            "INSERT INTO api_keys (id, key_digest, label, organisation_id, created_ms, role) VALUES (?, ?, ?, ?, ?, ?)";
        let insert = sqlx::query(sql).bind(Uuid::new_v4().to_string()).bind(secret.digest()).bind(label);
        let insert = insert.bind(organisation_id).bind(now_ms()).bind(role.name());
        insert.execute(&self.pool).await.context("cannot store the key")?;
        Ok(secret)
    }

    /// All keys, the oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn keys(&self) -> sqlx::Result<Vec<ApiKey>> {
        let sql = "SELECT id, label, organisation_id, role FROM api_keys ORDER BY created_ms, id";
        sqlx::query(sql).try_map(|row| api_key(&row)).fetch_all(&self.pool).await
    }

    /// Has a key be none any more; false where there is none of this id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn revoke_key(&self, id: &str) -> sqlx::Result<bool> {
        let done = sqlx::query("DELETE FROM api_keys WHERE id = ?").bind(id).execute(&self.pool).await?;
        Ok(done.rows_affected() == 1)
    }

    /// A presented key; none where there is no such key.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn key(&self, presented: &str) -> sqlx::Result<Option<ApiKey>> {
        let sql = "SELECT id, label, organisation_id, role FROM api_keys WHERE key_digest = ?";
        let digest = secrets::digest(presented);
        sqlx::query(sql).bind(digest).try_map(|row| api_key(&row)).fetch_optional(&self.pool).await
    }

    /// All organisations, by name.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn organisations(&self) -> sqlx::Result<Vec<Organisation>> {
        Ok(self.access_of_key(None, Role::Viewer).await?.organisations)
    }
}
