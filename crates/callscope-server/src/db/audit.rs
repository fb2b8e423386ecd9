//! Who did what: written before it is done, so that nothing is done unseen, and ended once it is known how it ended.

use sqlx::{Row as _, SqliteConnection};

use callscope_core::people::{AuditEntry, AuditPage};

use super::Database;
use super::accounts::{LONGEST_NAME, plain};

/// Something that somebody is about to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditEvent {
    /// The organisation that it is done in.
    pub organisation_id: String,
    /// Who: an address, the label of a key, or the command line.
    pub who: String,
    /// What, such as `version.published`.
    pub action: &'static str,
    /// The agent that it is done to.
    pub agent_id: Option<String>,
    /// The draft, version or address that it is done to.
    pub subject: Option<String>,
    /// What it is called, or made.
    pub detail: Option<String>,
}

/// The most signs of an id; addresses are as long.
const LONGEST_ID: usize = 254;

/// How something ended that was done.
pub const DONE: &str = "done";

/// Takes a deed on record in the transaction that does it; gives its number.
///
/// # Errors
/// Those of the database.
pub(super) async fn record(
    connection: &mut SqliteConnection,
    event: &AuditEvent,
    outcome: Option<&str>,
    now_ms: i64,
) -> sqlx::Result<i64> {
    let sql = "INSERT INTO audit (at_ms, organisation_id, who, action, agent_id, subject, detail, outcome)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let insert = sqlx::query(sql).bind(now_ms).bind(&event.organisation_id).bind(&event.who).bind(event.action);
    // What others write is cut to what it should be: the record is for ever.
    let short = |text: &Option<String>, most| text.as_deref().map(|text| plain(text, most));
    let insert = insert.bind(&event.agent_id).bind(short(&event.subject, LONGEST_ID));
    let insert = insert.bind(short(&event.detail, LONGEST_NAME)).bind(outcome);
    Ok(insert.execute(connection).await?.last_insert_rowid())
}

impl Database {
    /// Takes on record that something is about to be done.
    ///
    /// # Errors
    /// Those of the database; then it must not be done.
    pub async fn begin_event(&self, event: &AuditEvent, now_ms: i64) -> sqlx::Result<i64> {
        let mut connection = self.pool.acquire().await?;
        record(&mut connection, event, None, now_ms).await
    }

    /// Says how it ended, and what was made by it.
    ///
    /// # Errors
    /// Those of the database; then it stays on record as begun.
    pub async fn end_event(&self, number: i64, outcome: &str, made: Option<&str>) -> sqlx::Result<()> {
        let sql = "UPDATE audit SET outcome = ?, made = ? WHERE id = ?";
        let update = sqlx::query(sql).bind(outcome).bind(made.map(|made| plain(made, LONGEST_ID))).bind(number);
        update.execute(&self.pool).await.map(|_| ())
    }

    /// Takes on record something that was done.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_event(&self, event: &AuditEvent, now_ms: i64) -> sqlx::Result<()> {
        let mut connection = self.pool.acquire().await?;
        record(&mut connection, event, Some(DONE), now_ms).await.map(drop)
    }

    /// What was done in an organisation, the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn audit(&self, organisation_id: &str, skip: u64, most: u64) -> sqlx::Result<AuditPage> {
        let total = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM audit WHERE organisation_id = ?");
        let total = total.bind(organisation_id).fetch_one(&self.pool).await?;
        let sql = "SELECT audit.at_ms, audit.who, audit.action, audit.agent_id, agents.name, audit.subject,
                   audit.detail, audit.outcome, audit.made FROM audit
                   LEFT JOIN agents ON agents.id = audit.agent_id AND agents.organisation_id = audit.organisation_id
                   WHERE audit.organisation_id = ? ORDER BY audit.id DESC LIMIT ? OFFSET ?";
        let entry = |row: sqlx::sqlite::SqliteRow| {
            Ok(AuditEntry {
                at: crate::rfc3339(row.try_get(0)?).unwrap_or_default(),
                who: row.try_get(1)?,
                action: row.try_get(2)?,
                agent_id: row.try_get(3)?,
                agent_name: row.try_get(4)?,
                subject: row.try_get(5)?,
                detail: row.try_get(6)?,
                outcome: row.try_get(7)?,
                made: row.try_get(8)?,
            })
        };
        let bound = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let query = sqlx::query(sql).bind(organisation_id).bind(bound(most)).bind(bound(skip));
        let entries = query.try_map(entry).fetch_all(&self.pool).await?;
        Ok(AuditPage { entries, total: total.unsigned_abs() })
    }
}
