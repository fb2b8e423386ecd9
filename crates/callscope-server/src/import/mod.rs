//! Calls from files into the database.
//!
//! A [`Map`] says which column is what. Rows are read one by one; a bad one is refused with its line
//! and the reason and never stops the rest. Everything is written in one transaction: an import
//! that breaks off leaves the database as it was, and a second import of the same file adds nothing.

mod lines;
mod map;
mod report;
mod row;
mod source;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use anyhow::Context as _;
use sqlx::SqliteConnection;

use crate::db::{
    Agent, CallRow, Database, Organisation, Version, insert_agent, insert_calls, insert_version, keep_organisation,
    roll_up,
};

pub use map::{Map, organisation_id};
pub use report::{Progress, Refusal, Report};
use row::{Mapped, RowMapper};

/// Rows that are read before their calls are stored.
const BATCH: u64 = 512;

/// Imports files as one whole.
///
/// # Errors
/// Where a file cannot be read at all or the database fails; then nothing was imported.
pub async fn import(db: &Database, map: &Map, files: &[PathBuf], progress: &dyn Progress) -> anyhow::Result<Report> {
    let organisation = Organisation {
        id: organisation_id(&map.organisation),
        name: map.organisation.clone(),
        time_zone: map.time_zone.clone(),
        reseller_id: None,
    };
    let mapper = RowMapper::new(map, &organisation.id)?;
    let mut report = Report::default();
    let mut transaction = db.begin_bulk().await?;
    keep_organisation(&mut transaction, &organisation).await?;
    let mut seen = Seen::default();
    let mut batch = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let mut source = source::open(file, map).with_context(|| format!("cannot read {name}"))?;
        progress.file(&name, source.total_bytes());
        while let Some(record) = source.next().with_context(|| format!("{name} breaks off; nothing was imported"))? {
            report.read += 1;
            let mapped = record.fields.and_then(|fields| mapper.map(&fields));
            match mapped {
                Ok(mapped) => batch.push(seen.store_parts(&mut transaction, &organisation.id, mapped).await?),
                Err(reason) => report.refuse(&name, record.line, &reason),
            }
            if report.read.is_multiple_of(BATCH) {
                store(&mut transaction, &mut batch, &mut report).await?;
                progress.at(source.bytes_read());
            }
        }
        store(&mut transaction, &mut batch, &mut report).await?;
        progress.at(source.total_bytes());
    }
    if report.taken + report.known == 0 {
        // Nothing of the map may stay either: it may be the wrong one.
        transaction.rollback().await.context("cannot undo the import")?;
        return Ok(report);
    }
    roll_up(&mut transaction).await.context("cannot sum the calls; nothing was imported")?;
    transaction.commit().await.context("cannot commit the import; nothing was imported")?;
    Ok(report)
}

/// Stores calls that were read, which leaves none.
async fn store(connection: &mut SqliteConnection, batch: &mut Vec<CallRow>, report: &mut Report) -> sqlx::Result<()> {
    report.count(batch.len() as u64, insert_calls(connection, batch).await?);
    batch.clear();
    Ok(())
}

/// Agents and versions that this import has stored already.
#[derive(Default)]
struct Seen {
    agents: HashSet<String>,
    /// With the earliest start of a call, which is the best that is known of when each went live.
    versions: HashMap<String, i64>,
}

impl Seen {
    /// Stores the agent and the version of a call, and gives the call.
    async fn store_parts(
        &mut self,
        connection: &mut SqliteConnection,
        organisation_id: &str,
        mapped: Mapped,
    ) -> sqlx::Result<CallRow> {
        if let (Some(id), Some(name)) = (&mapped.call.agent_id, mapped.agent_name)
            && self.agents.insert(id.clone())
        {
            let organisation_id = organisation_id.to_owned();
            let agent = Agent { id: id.clone(), organisation_id, name, status: "active".to_owned() };
            insert_agent(connection, &agent).await?;
        }
        if let (Some(id), Some(agent_id), Some(label)) =
            (&mapped.call.version_id, &mapped.call.agent_id, mapped.version_label)
            && self.versions.get(id).is_none_or(|earliest| mapped.call.started_ms < *earliest)
        {
            let started_ms = mapped.call.started_ms;
            self.versions.insert(id.clone(), started_ms);
            let version = Version::bare(id.clone(), agent_id.clone(), label, Some(started_ms));
            insert_version(connection, &version).await?;
        }
        Ok(mapped.call)
    }
}
