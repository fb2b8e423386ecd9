//! Brings the calls of an account at a vendor here, and keeps them as they are there.
//!
//! The first time all calls are walked through by their start, the oldest first: what is new comes at the end
//! then, and no page moves under the walk. Each page is stored together with how far the walk has come, so it
//! may end anywhere, however suddenly, and goes on from there. It is over only once a whole reading from the
//! beginning saw as many calls as the vendor counts, or brought nothing new: rows may have moved after all.
//!
//! After that, and every time from then on, calls are read by when they were last written to, the newest first,
//! down to what an earlier run has seen: calls change after they end, when analytics and recordings come. While
//! that is read more may change and move to the front, so it is read again until the first page brings nothing.
//! What was said is told of each call alone, and brought last.
//!
//! What goes wrong with one agent or one call does not keep the others from being brought: it is told at the end.

mod calls;
mod details;
mod row;
mod turn;

use callscope_core::agents::AgentVersion;
use callscope_core::calls::parse_instant_ms;

use crate::db::{Agent, Connection, Database, Taken, Version, now_ms};
use crate::vendor::{Atoms, VendorError};

pub use turn::Turn;

/// Pages and calls that are asked for at once.
const AT_ONCE: usize = 4;
/// So many failures in a row are no matter of one agent or call any more.
const MOST_FAILURES: u32 = 4;

/// Why bringing calls ended early. What was stored by then stays.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The vendor gave no answer, or none that can be used.
    #[error(transparent)]
    Vendor(#[from] VendorError),
    /// The database failed.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// Everything else was brought.
    #[error("{count} agents or calls could not be read, the last: {last}")]
    Partly {
        /// How many.
        count: u64,
        /// Why the last one could not.
        last: VendorError,
    },
    /// The vendor counts more calls than it gives.
    #[error("the vendor's pages do not hold still: not all calls are here yet")]
    Unsettled,
    /// There are rows, and none of them is a call of this organisation.
    #[error("none of the {0} rows could be kept: see the connections")]
    AllRefused(u64),
}

/// Told how far it is.
pub trait Progress: Send + Sync {
    /// So many calls of so many are here; the number of all is not always known.
    fn calls(&self, here: u64, of: Option<u64>);
    /// What was said is here for so many of so many calls.
    fn details(&self, here: u64, of: u64);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn calls(&self, _: u64, _: Option<u64>) {}
    fn details(&self, _: u64, _: u64) {}
}

/// What a run brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// Agents.
    pub agents: u64,
    /// Versions of theirs.
    pub versions: u64,
    /// Calls.
    pub calls: Taken,
    /// Calls of which what was said was brought.
    pub details: u64,
}

/// What could not be read, one by one.
#[derive(Default)]
struct Failures {
    count: u64,
    in_a_row: u32,
    last: Option<VendorError>,
}

impl Failures {
    /// Takes note of an answer: gives it where there is one, and ends everything where it is no use to go on.
    fn pass<T>(&mut self, answer: Result<T, VendorError>) -> Result<Option<T>, VendorError> {
        match answer {
            Ok(value) => {
                self.in_a_row = 0;
                Ok(Some(value))
            }
            Err(VendorError::Unauthorized) => Err(VendorError::Unauthorized),
            Err(error) => {
                self.count += 1;
                self.in_a_row += 1;
                if self.in_a_row >= MOST_FAILURES {
                    return Err(error);
                }
                self.last = Some(error);
                Ok(None)
            }
        }
    }
}

/// Brings an account up to date, once.
pub struct Run<'s> {
    db: &'s Database,
    vendor: &'s Atoms,
    of: &'s Connection,
    progress: &'s dyn Progress,
}

impl<'s> Run<'s> {
    /// A run for a connection as it is stored now.
    pub fn new(db: &'s Database, vendor: &'s Atoms, of: &'s Connection, progress: &'s dyn Progress) -> Self {
        Self { db, vendor, of, progress }
    }

    /// Brings everything that is new or has changed. How it ended is stored with the connection.
    ///
    /// # Errors
    /// Where the vendor or the database fails; the next run goes on from there.
    pub async fn run(&self) -> Result<SyncReport, SyncError> {
        self.db.set_touched(&self.of.id, now_ms()).await?;
        let mut report = SyncReport::default();
        let outcome = self.bring(&mut report).await;
        let outcome = outcome.and(self.db.roll_up().await.map_err(SyncError::from));
        let failure = outcome.as_ref().err().map(ToString::to_string);
        self.db.set_ended(&self.of.id, failure.as_deref()).await?;
        outcome.map(|()| report)
    }

    async fn bring(&self, report: &mut SyncReport) -> Result<(), SyncError> {
        let mut failures = Failures::default();
        self.agents(report, &mut failures).await?;
        let mark_ms = self.mark().await?;
        if !self.of.is_walked {
            self.walk(report).await?;
        }
        let newest_ms = self.changes(mark_ms, report).await?;
        // A clock of a vendor that runs ahead must not hide what comes until then.
        self.db.set_mark(&self.of.id, newest_ms.max(mark_ms).min(now_ms())).await?;
        if self.of.keeps_transcripts {
            self.details(report, &mut failures).await?;
        }
        let Taken { new, changed, known, refused } = report.calls;
        if refused > 0 && new + changed + known == 0 {
            return Err(SyncError::AllRefused(refused));
        }
        self.db.set_synced(&self.of.id, now_ms()).await?;
        match failures.last {
            Some(last) => Err(SyncError::Partly { count: failures.count, last }),
            None => Ok(()),
        }
    }

    async fn agents(&self, report: &mut SyncReport, failures: &mut Failures) -> Result<(), SyncError> {
        for summary in self.vendor.agents().await? {
            let versions = failures.pass(versions(self.db, self.vendor, &summary.id).await?)?.unwrap_or_default();
            let agent = Agent {
                id: summary.id,
                organisation_id: self.of.organisation_id.clone(),
                name: summary.name,
                status: summary.status.unwrap_or_else(|| "active".to_owned()),
            };
            if self.db.take_agent(&agent, &versions).await? {
                report.agents += 1;
                report.versions += versions.len() as u64;
            }
        }
        Ok(())
    }
}

/// The versions of an agent as they are kept; those that are known already without their configurations.
async fn versions(db: &Database, vendor: &Atoms, agent_id: &str) -> sqlx::Result<Result<Vec<Version>, VendorError>> {
    let known = db.configured_versions(agent_id).await?;
    Ok(vendor.versions(agent_id, &known).await.map(|listed| {
        listed.iter().map(|(version, config)| kept_version(agent_id, version, config.as_ref())).collect()
    }))
}

/// Brings the versions of an agent that is here, after something was done to them.
///
/// # Errors
/// Where the vendor or the database fails.
pub async fn bring_versions(db: &Database, vendor: &Atoms, agent: &Agent) -> Result<(), SyncError> {
    let versions = versions(db, vendor, &agent.id).await??;
    db.take_agent(agent, &versions).await?;
    Ok(())
}

/// A version as it is kept; without a configuration where that is not to be changed.
fn kept_version(agent_id: &str, version: &AgentVersion, config: Option<&serde_json::Value>) -> Version {
    let at = |text: &Option<String>| text.as_deref().and_then(parse_instant_ms);
    let published_ms = at(&version.published_at);
    // The one that takes the calls went live at some time, also where nobody says when.
    let activated_ms = at(&version.activated_at).or(published_ms.filter(|_| version.is_active));
    let label = version.label.clone().unwrap_or_default();
    Version {
        description: version.description.clone(),
        config: config.map_or_else(|| "{}".to_owned(), ToString::to_string),
        published_ms,
        ..Version::bare(version.id.clone(), agent_id.to_owned(), label, activated_ms)
    }
}
