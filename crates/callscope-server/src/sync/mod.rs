//! Brings the calls of an account at a vendor here, and keeps them as they are there.
//!
//! The first time all calls are walked through by their start, the oldest first: what is new comes at the end
//! then, and no page moves under the walk. Each page is stored together with how far the walk has come, so it
//! may end anywhere, however suddenly, and goes on from there. Where the vendor counts more calls than were
//! seen, rows have moved after all, and it is walked again.
//!
//! After that, and every time from then on, calls are read by when they were last written to, the newest first,
//! down to what an earlier run has seen: calls change after they end, when analytics and recordings come. While
//! that is read more may change and move to the front, so it is read again until the first page brings nothing.

mod row;

use std::collections::HashSet;

use callscope_core::agents::AgentVersion;
use callscope_core::calls::{CallRows, parse_instant_ms};
use futures_util::StreamExt as _;
use futures_util::stream;

use crate::db::{Agent, Connection, Database, SyncedCall, Taken, Version, now_ms};
use crate::vendor::{Atoms, CallOrder, PAGE, VendorError};

/// Pages and calls that are asked for at once.
const AT_ONCE: usize = 4;
/// Vendors' clocks and indexes run behind by no more.
const OVERLAP_MS: i64 = 10 * 60 * 1000;
/// A list that never stands still is left after so many readings; the next run goes on.
const MOST_READINGS: u32 = 10;

/// Why bringing calls ended early. What was stored by then stays.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The vendor gave no answer, or none that can be used.
    #[error(transparent)]
    Vendor(#[from] VendorError),
    /// The database failed.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
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

    /// Brings everything that is new or has changed.
    ///
    /// # Errors
    /// Where the vendor or the database fails; the next run goes on from there.
    pub async fn run(&self) -> Result<SyncReport, SyncError> {
        self.db.set_touched(&self.of.id, now_ms()).await?;
        let outcome = self.bring().await;
        let failure = outcome.as_ref().err().map(ToString::to_string);
        self.db.set_ended(&self.of.id, failure.as_deref()).await?;
        outcome
    }

    async fn bring(&self) -> Result<SyncReport, SyncError> {
        let mut report = SyncReport::default();
        self.agents(&mut report).await?;
        let mark_ms = self.mark().await?;
        if !self.of.is_walked {
            self.walk(&mut report).await?;
        }
        let newest_ms = self.changes(mark_ms, &mut report).await?;
        if self.of.keeps_transcripts {
            self.details(&mut report).await?;
        }
        self.db.set_mark(&self.of.id, newest_ms.max(mark_ms), Some(now_ms())).await?;
        Ok(report)
    }

    async fn agents(&self, report: &mut SyncReport) -> Result<(), SyncError> {
        for summary in self.vendor.agents().await? {
            let listed = self.vendor.versions(&summary.id).await?;
            let versions: Vec<Version> =
                listed.iter().map(|(version, config)| kept_version(&summary.id, version, config)).collect();
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

    /// Up to when every change has been seen. Before the first walk: when that began, by the vendor's clock.
    async fn mark(&self) -> Result<i64, SyncError> {
        if let Some(mark_ms) = self.of.mark_ms {
            return Ok(mark_ms);
        }
        let newest = self.vendor.calls(CallOrder::Updated, 1, 1).await?;
        let mark_ms = newest.rows.iter().filter_map(|(_, call)| call.as_ref().ok()?.updated_ms).max().unwrap_or(0);
        self.db.set_mark(&self.of.id, mark_ms, None).await?;
        Ok(mark_ms)
    }

    /// All calls once, by their start.
    async fn walk(&self, report: &mut SyncReport) -> Result<(), SyncError> {
        let mut from_ms = self.of.walked_ms.or(self.of.since_ms);
        for _ in 0..MOST_READINGS {
            let (seen, total, taken) = self.walk_from(from_ms).await?;
            report.calls.add(taken);
            // Rows that moved from a page to one that was read already are missed: the vendor counts them.
            if total.is_none_or(|total| seen >= total) || !taken.is_news() {
                break;
            }
            from_ms = self.of.since_ms;
        }
        self.db.take_calls(self.of, &[], &[], Some((None, true)), now_ms()).await?;
        Ok(())
    }

    /// One walk: how many calls were seen, how many there are, and what became of them.
    async fn walk_from(&self, from_ms: Option<i64>) -> Result<(u64, Option<u64>, Taken), SyncError> {
        let (mut seen, mut total, mut taken) = (HashSet::<String>::new(), None, Taken::default());
        let order = CallOrder::Started(from_ms);
        let mut pages = stream::iter(1..).map(|page| self.vendor.calls(order, page, PAGE)).buffered(AT_ONCE);
        let mut refused = 0;
        while let Some(page) = pages.next().await {
            let page = page?;
            total = page.total.or(total);
            let (rows, before) = (page.rows.len() as u64, seen.len());
            let (calls, bad) = self.sorted(page);
            let walked_ms = calls.iter().map(|call| call.call.started_ms).max();
            seen.extend(calls.iter().map(|call| call.call.id.clone()));
            refused += bad.len() as u64;
            taken.add(self.db.take_calls(self.of, &calls, &bad, Some((walked_ms, false)), now_ms()).await?);
            self.progress.calls(seen.len() as u64, total);
            // The last page; or one that repeats what was there, as pages beyond the end may.
            let is_repeated = !calls.is_empty() && seen.len() == before && total.is_none();
            if rows == 0 || is_repeated || total.is_some_and(|total| seen.len() as u64 + refused >= total) {
                break;
            }
        }
        Ok((seen.len() as u64 + refused, total, taken))
    }

    /// What was written to since, the newest first. Gives when the newest was.
    async fn changes(&self, mark_ms: i64, report: &mut SyncReport) -> Result<i64, SyncError> {
        let mut newest_ms = mark_ms;
        for _ in 0..MOST_READINGS {
            let (taken, is_news, seen_ms) = self.read_changes(mark_ms).await?;
            report.calls.add(taken);
            newest_ms = newest_ms.max(seen_ms.unwrap_or(newest_ms));
            if !is_news {
                break;
            }
        }
        Ok(newest_ms)
    }

    /// One reading: what became of the calls, whether the first page brought anything, and when the newest call
    /// was written to.
    async fn read_changes(&self, mark_ms: i64) -> Result<(Taken, bool, Option<i64>), SyncError> {
        /// A page that only repeats what was seen is one that moved, or none: it is asked for again so often.
        const MOST_REPEATS: u32 = 3;
        let (mut all, mut is_news, mut newest_ms) = (Taken::default(), false, None);
        let (mut seen, mut repeats, mut number) = (HashSet::<String>::new(), 0, 1);
        loop {
            let page = self.vendor.calls(CallOrder::Updated, number, PAGE).await?;
            let rows = page.rows.len() as u64;
            let (calls, bad) = self.sorted(page);
            let updated = || calls.iter().map(|call| call.updated_ms);
            newest_ms = newest_ms.max(updated().max());
            let before = seen.len();
            seen.extend(calls.iter().map(|call| call.call.id.clone()));
            let taken = self.db.take_calls(self.of, &calls, &bad, None, now_ms()).await?;
            all.add(taken);
            is_news |= number == 1 && taken.is_news();
            if number > 1 && !calls.is_empty() && seen.len() == before && repeats < MOST_REPEATS {
                repeats += 1;
                continue;
            }
            let is_seen = updated().min().is_none_or(|oldest_ms| oldest_ms < mark_ms - OVERLAP_MS);
            if rows < PAGE || (is_seen && !taken.is_news()) {
                return Ok((all, is_news, newest_ms));
            }
            (repeats, number) = (0, number + 1);
        }
    }

    /// What was said in the calls that were brought.
    async fn details(&self, report: &mut SyncReport) -> Result<(), SyncError> {
        const BATCH: u32 = 200;
        let (all, mut missing) = self.db.synced_counts(self.of).await?;
        loop {
            let ids = self.db.calls_without_detail(self.of, BATCH).await?;
            if ids.is_empty() {
                return Ok(());
            }
            let mut found = Vec::with_capacity(ids.len());
            let one = |id: String| async move { self.vendor.call(&id).await.map(|call| (id, call)) };
            let mut answers = stream::iter(ids.into_iter().map(one)).buffer_unordered(AT_ONCE);
            let mut failure = None;
            while let Some(answer) = answers.next().await {
                match answer {
                    Ok((id, call)) => found.push((id, call.map(|call| row::details(self.of, &call)))),
                    // What was brought by then is kept.
                    Err(error) => {
                        failure = Some(error);
                        break;
                    }
                }
            }
            drop(answers);
            self.db.take_details(self.of, &found).await?;
            self.db.set_touched(&self.of.id, now_ms()).await?;
            report.details += found.len() as u64;
            missing = missing.saturating_sub(found.len() as u64);
            self.progress.details(all - missing, all);
            if let Some(error) = failure {
                return Err(error.into());
            }
        }
    }

    /// The calls of a page that are wanted, and the rows that are none, with the reason.
    fn sorted(&self, page: CallRows) -> (Vec<SyncedCall>, Vec<(String, String)>) {
        let (mut calls, mut bad) = (Vec::new(), Vec::new());
        for (row, read) in page.rows {
            match read {
                Ok(detail) if self.of.since_ms.is_some_and(|since_ms| detail.call.started_ms < since_ms) => {}
                Ok(detail) => calls.push(row::synced(self.of, &row, &detail)),
                Err(error) => bad.push((error.to_string(), row.to_string())),
            }
        }
        (calls, bad)
    }
}

fn kept_version(agent_id: &str, version: &AgentVersion, config: &serde_json::Value) -> Version {
    let at = |text: &Option<String>| text.as_deref().and_then(parse_instant_ms);
    let published_ms = at(&version.published_at);
    // The one that takes the calls went live at some time, also where nobody says when.
    let activated_ms = at(&version.activated_at).or(published_ms.filter(|_| version.is_active));
    Version {
        description: version.description.clone(),
        config: config.to_string(),
        published_ms,
        ..Version::bare(
            version.id.clone(),
            agent_id.to_owned(),
            version.label.clone().unwrap_or_default(),
            activated_ms,
        )
    }
}
