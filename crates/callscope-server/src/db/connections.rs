//! Clients at a vendor whose calls are brought here, and how far that has come.

use sqlx::{Row as _, SqliteConnection};

use super::Database;
use crate::vendor::{Base, KeyPlace, Vendor};

/// An account at a vendor. Its key is not here: only where it is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own, and none excludes another")]
pub struct Connection {
    /// Its id.
    pub id: String,
    /// The organisation whose calls these are.
    pub organisation_id: String,
    /// That organisation's name.
    pub organisation_name: String,
    /// Which vendor it is at.
    pub vendor: Vendor,
    /// The vendor's address.
    pub base: Base,
    /// Where the key is read from.
    pub key_place: KeyPlace,
    /// What the vendor calls the account.
    pub account: String,
    /// Whether what was said is kept.
    pub keeps_transcripts: bool,
    /// Whether the numbers of callers are kept.
    pub keeps_numbers: bool,
    /// Calls that started before are not brought, in Unix milliseconds.
    pub since_ms: Option<i64>,
    /// While calls are brought for the first time, in order of their start: up to where that is done.
    pub walked_ms: Option<i64>,
    /// Whether they were all brought once.
    pub is_walked: bool,
    /// Every call that was written to before has been seen as it was then.
    pub mark_ms: Option<i64>,
    /// Whether what has changed since is being read, the newest first, or that broke off.
    pub is_reading: bool,
    /// When the last run ended that brought everything there was.
    pub synced_ms: Option<i64>,
    /// When a run last stored something; none once it has ended.
    pub touched_ms: Option<i64>,
    /// Why the last run ended early.
    pub failure: Option<String>,
    /// Rows that are no calls and were kept aside.
    pub kept_aside: u64,
}

/// What is told of a connection when it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in `Connection`")]
pub struct NewConnection {
    pub vendor: Vendor,
    pub base: Base,
    pub key_place: KeyPlace,
    pub account: String,
    pub keeps_transcripts: bool,
    pub keeps_numbers: bool,
}

const SELECT: &str = "SELECT connections.id, organisation_id, organisations.name, base, secret_place, account,
    keeps_transcripts, keeps_numbers, since_ms, walked_ms, is_walked, mark_ms, synced_ms,
    touched_ms, failure, vendor, is_reading,
    (SELECT count(*) FROM refused_rows WHERE connection_id = connections.id) FROM connections JOIN organisations ON organisations.id = organisation_id";

fn connection(row: &sqlx::sqlite::SqliteRow) -> sqlx::Result<Connection> {
    let unreadable = |what: &str| sqlx::Error::Decode(format!("the stored {what} of a connection is none").into());
    Ok(Connection {
        id: row.try_get(0)?,
        organisation_id: row.try_get(1)?,
        organisation_name: row.try_get(2)?,
        base: row.try_get::<&str, _>(3)?.parse().map_err(|_| unreadable("base"))?,
        key_place: KeyPlace::read(row.try_get(4)?).ok_or_else(|| unreadable("place of the key"))?,
        account: row.try_get(5)?,
        keeps_transcripts: row.try_get(6)?,
        keeps_numbers: row.try_get(7)?,
        since_ms: row.try_get(8)?,
        walked_ms: row.try_get(9)?,
        is_walked: row.try_get(10)?,
        mark_ms: row.try_get(11)?,
        synced_ms: row.try_get(12)?,
        touched_ms: row.try_get(13)?,
        failure: row.try_get(14)?,
        vendor: serde_json::from_str(row.try_get(15)?).map_err(|_| unreadable("vendor"))?,
        is_reading: row.try_get(16)?,
        kept_aside: row.try_get::<i64, _>(17)?.unsigned_abs(),
    })
}

impl Database {
    /// Makes a connection, or gives the organisation's another key, address or account. What was brought stays;
    /// where it is another account, or other parts of it are kept, everything is brought anew.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_connection(&self, organisation_id: &str, new: &NewConnection, now_ms: i64) -> sqlx::Result<()> {
        let mut transaction = self.begin_writing().await?;
        let sql = "SELECT id FROM connections WHERE organisation_id = ? AND (base <> ? OR account <> ?
                   OR vendor <> ? OR keeps_transcripts <> ? OR keeps_numbers <> ?)";
        let other = sqlx::query_scalar(sql).bind(organisation_id).bind(new.base.as_str()).bind(&new.account);
        let vendor = serde_json::to_string(&new.vendor).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
        let other = other.bind(&vendor).bind(new.keeps_transcripts).bind(new.keeps_numbers);
        let other: Option<String> = other.fetch_optional(&mut *transaction).await?;
        if let Some(id) = other {
            let forget =
                "UPDATE connections SET walked_ms = NULL, is_walked = 0, mark_ms = NULL, synced_ms = NULL WHERE id = ?";
            sqlx::query(forget).bind(&id).execute(&mut *transaction).await?;
            sqlx::query("DELETE FROM synced_calls WHERE connection_id = ?")
                .bind(&id)
                .execute(&mut *transaction)
                .await?;
        }
        let sql =
            "INSERT INTO connections (id, organisation_id, vendor, base, secret_place, account, keeps_transcripts,
                   keeps_numbers, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                   ON CONFLICT (organisation_id) DO UPDATE SET base = excluded.base, vendor = excluded.vendor,
                   secret_place = excluded.secret_place, account = excluded.account,
                   keeps_transcripts = excluded.keeps_transcripts, keeps_numbers = excluded.keeps_numbers";
        let insert = sqlx::query(sql).bind(uuid::Uuid::new_v4().to_string()).bind(organisation_id).bind(&vendor);
        let insert = insert.bind(new.base.as_str()).bind(new.key_place.written()).bind(&new.account);
        let insert = insert.bind(new.keeps_transcripts).bind(new.keeps_numbers).bind(now_ms);
        insert.execute(&mut *transaction).await?;
        transaction.commit().await
    }

    /// A connection as it is now; none where it was ended.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn connection(&self, id: &str) -> sqlx::Result<Option<Connection>> {
        Ok(self.connections().await?.into_iter().find(|of| of.id == id))
    }

    /// The connection of an organisation, where it has one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn connection_of(&self, organisation_id: &str) -> sqlx::Result<Option<Connection>> {
        Ok(self.connections().await?.into_iter().find(|of| of.organisation_id == organisation_id))
    }

    /// All connections, by the names of their organisations.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn connections(&self) -> sqlx::Result<Vec<Connection>> {
        let sql = format!("{SELECT} ORDER BY organisations.name, connections.id");
        sqlx::query(&sql).try_map(|row: sqlx::sqlite::SqliteRow| connection(&row)).fetch_all(&self.pool).await
    }

    /// Ends a connection. What it brought stays. False where there is none of this id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn remove_connection(&self, id: &str) -> sqlx::Result<bool> {
        let done = sqlx::query("DELETE FROM connections WHERE id = ?").bind(id).execute(&self.pool).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Says since when calls are brought. Where earlier ones are wanted than before, all are walked through anew.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_since(&self, id: &str, since_ms: Option<i64>) -> sqlx::Result<()> {
        let sql = "UPDATE connections SET is_walked = 0, walked_ms = NULL, since_ms = ?2 WHERE id = ?1
                   AND (since_ms IS NOT ?2) AND (?2 IS NULL OR since_ms > ?2 OR (since_ms IS NULL AND walked_ms IS NULL))";
        sqlx::query(sql).bind(id).bind(since_ms).execute(&self.pool).await.map(|_| ())
    }

    /// Says how the last run ended; nothing is wrong where it brought everything.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_ended(&self, id: &str, failure: Option<&str>) -> sqlx::Result<()> {
        let sql = "UPDATE connections SET touched_ms = NULL, failure = ? WHERE id = ?";
        sqlx::query(sql).bind(failure).bind(id).execute(&self.pool).await.map(|_| ())
    }

    /// Says that a run is under way.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_touched(&self, id: &str, now_ms: i64) -> sqlx::Result<()> {
        let sql = "UPDATE connections SET touched_ms = ? WHERE id = ?";
        sqlx::query(sql).bind(now_ms).bind(id).execute(&self.pool).await.map(|_| ())
    }

    /// Says that every call written to before `mark_ms` was seen.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_mark(&self, id: &str, mark_ms: i64) -> sqlx::Result<()> {
        let sql = "UPDATE connections SET mark_ms = ? WHERE id = ?";
        sqlx::query(sql).bind(mark_ms).bind(id).execute(&self.pool).await.map(|_| ())
    }

    /// Says that everything there was is here.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_synced(&self, id: &str, at_ms: i64) -> sqlx::Result<()> {
        let sql = "UPDATE connections SET synced_ms = ? WHERE id = ?";
        sqlx::query(sql).bind(at_ms).bind(id).execute(&self.pool).await.map(|_| ())
    }

    /// Says that all calls were walked through, unless other ones are wanted by now.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_walk(&self, of: &Connection) -> sqlx::Result<()> {
        let sql = "UPDATE connections SET is_walked = 1 WHERE id = ? AND since_ms IS ?";
        sqlx::query(sql).bind(&of.id).bind(of.since_ms).execute(&self.pool).await.map(|_| ())
    }

    /// Says that what has changed is being read; true where an earlier reading did not come to its end.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn begin_reading(&self, id: &str) -> sqlx::Result<bool> {
        let before: Option<bool> = sqlx::query_scalar("SELECT is_reading FROM connections WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        sqlx::query("UPDATE connections SET is_reading = 1 WHERE id = ?").bind(id).execute(&self.pool).await?;
        Ok(before.unwrap_or(false))
    }

    /// Says that it has been read to its end.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_reading(&self, id: &str) -> sqlx::Result<()> {
        let sql = "UPDATE connections SET is_reading = 0 WHERE id = ?";
        sqlx::query(sql).bind(id).execute(&self.pool).await.map(|_| ())
    }
}

/// Says how far the first walk has come, in the transaction of what it brought.
///
/// # Errors
/// Those of the database.
pub(super) async fn set_walked(connection: &mut SqliteConnection, id: &str, walked_ms: i64) -> sqlx::Result<()> {
    let sql = "UPDATE connections SET walked_ms = max(coalesce(walked_ms, ?1), ?1) WHERE id = ?2";
    sqlx::query(sql).bind(walked_ms).bind(id).execute(connection).await.map(|_| ())
}
