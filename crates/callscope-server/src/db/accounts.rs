//! Who may see what: users, organisations, resellers, memberships, keys.

use anyhow::Context as _;
use sqlx::{Row as _, SqliteConnection};
use uuid::Uuid;

use super::secrets::{self, Secret};
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
}

/// An address as it is stored and looked up: however it is written, it is one account.
pub(super) fn account_of(email: &str) -> String {
    email.trim().to_lowercase()
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
        let email = account_of(given);
        anyhow::ensure!(email.contains('@') && email.len() <= 254, "'{email}' is not an e-mail address");
        anyhow::ensure!(password.chars().count() >= 10, "the password must have at least 10 characters");
        anyhow::ensure!(password.len() <= 1024, "the password must have at most 1024 bytes");
        let user = User { id: Uuid::new_v4().to_string(), email, name: name.trim().to_owned() };
        let password = password.to_owned();
        let hash = tokio::task::spawn_blocking(move || secrets::hash_password(&password)).await??;
        let sql = "INSERT INTO users (id, email, name, password_hash) VALUES (?, ?, ?, ?)";
        let added = sqlx::query(sql).bind(&user.id).bind(&user.email).bind(&user.name).bind(hash);
        let added = added.execute(&self.pool).await;
        if let Err(sqlx::Error::Database(error)) = &added
            && error.is_unique_violation()
        {
            anyhow::bail!("there is already an account for {given}");
        }
        added.context("cannot add the account")?;
        Ok(user)
    }

    /// Lets a person see an organisation.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_member(&self, user_id: &str, organisation_id: &str) -> sqlx::Result<()> {
        let sql = "INSERT OR IGNORE INTO memberships (user_id, organisation_id) VALUES (?, ?)";
        sqlx::query(sql).bind(user_id).bind(organisation_id).execute(&self.pool).await.map(|_| ())
    }

    /// Lets a person see everything under a reseller.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_reseller_member(&self, user_id: &str, reseller_id: &str) -> sqlx::Result<()> {
        let sql = "INSERT OR IGNORE INTO memberships (user_id, reseller_id) VALUES (?, ?)";
        sqlx::query(sql).bind(user_id).bind(reseller_id).execute(&self.pool).await.map(|_| ())
    }

    /// What a person may see.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn access_of_user(&self, user_id: &str) -> sqlx::Result<Access> {
        let organisations = sqlx::query(
            "SELECT id, name, time_zone, reseller_id FROM organisations
             WHERE id IN (SELECT organisation_id FROM memberships WHERE user_id = ?1)
                OR reseller_id IN (SELECT reseller_id FROM memberships WHERE user_id = ?1)
             ORDER BY name, id",
        );
        let resellers = sqlx::query(
            "SELECT id, name FROM resellers
             WHERE id IN (SELECT reseller_id FROM memberships WHERE user_id = ?1) ORDER BY name, id",
        );
        self.access(organisations.bind(user_id), resellers.bind(user_id)).await
    }

    /// What a key may see: one organisation, or everything.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn access_of_key(&self, organisation_id: Option<&str>) -> sqlx::Result<Access> {
        let organisations = sqlx::query(
            "SELECT id, name, time_zone, reseller_id FROM organisations WHERE ?1 IS NULL OR id = ?1 ORDER BY name, id",
        );
        let resellers = sqlx::query("SELECT id, name FROM resellers WHERE ?1 IS NULL ORDER BY name, id");
        self.access(organisations.bind(organisation_id), resellers.bind(organisation_id)).await
    }

    async fn access<'q>(
        &self,
        organisations: sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments<'q>>,
        resellers: sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments<'q>>,
    ) -> sqlx::Result<Access> {
        let organisation = |row: sqlx::sqlite::SqliteRow| {
            Ok(Organisation {
                id: row.try_get(0)?,
                name: row.try_get(1)?,
                time_zone: row.try_get(2)?,
                reseller_id: row.try_get(3)?,
            })
        };
        let reseller = |row: sqlx::sqlite::SqliteRow| Ok(Reseller { id: row.try_get(0)?, name: row.try_get(1)? });
        Ok(Access {
            organisations: organisations.try_map(organisation).fetch_all(&self.pool).await?,
            resellers: resellers.try_map(reseller).fetch_all(&self.pool).await?,
        })
    }

    /// The user of an address, where there is one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn user_by_email(&self, email: &str) -> sqlx::Result<Option<User>> {
        let sql = "SELECT id, email, name FROM users WHERE email = ?";
        let row = sqlx::query(sql).bind(account_of(email)).fetch_optional(&self.pool).await?;
        row.map(|row| Ok(User { id: row.try_get(0)?, email: row.try_get(1)?, name: row.try_get(2)? })).transpose()
    }

    /// Makes a key, for one organisation or for everything, and returns it: it cannot be read again.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn create_key(&self, label: &str, organisation_id: Option<&str>) -> anyhow::Result<Secret> {
        let secret = Secret::random("csk_")?;
        let sql = "INSERT INTO api_keys (id, key_digest, label, organisation_id, created_ms) VALUES (?, ?, ?, ?, ?)";
        let insert = sqlx::query(sql).bind(Uuid::new_v4().to_string()).bind(secret.digest()).bind(label);
        insert.bind(organisation_id).bind(now_ms()).execute(&self.pool).await.context("cannot store the key")?;
        Ok(secret)
    }

    /// The id and organisation of a presented key; none where there is no such key.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn key(&self, presented: &str) -> sqlx::Result<Option<(String, Option<String>)>> {
        let sql = "SELECT id, organisation_id FROM api_keys WHERE key_digest = ?";
        let row = sqlx::query(sql).bind(secrets::digest(presented)).fetch_optional(&self.pool).await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }

    /// All organisations, by name.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn organisations(&self) -> sqlx::Result<Vec<Organisation>> {
        Ok(self.access_of_key(None).await?.organisations)
    }
}
