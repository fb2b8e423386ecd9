//! Calls: walked through once, then read by what has changed.

use std::collections::HashSet;

use callscope_core::calls::CallRows;
use futures_util::{StreamExt as _, stream};

use super::{AT_ONCE, Run, SyncError, SyncReport, row};
use crate::db::{SyncedCall, Taken, now_ms};
use crate::vendor::{CallOrder, PAGE};

/// Vendors' clocks and indexes run behind by no more.
const OVERLAP_MS: i64 = 10 * 60 * 1000;
/// A list that never stands still is left after so many readings; the next run goes on.
const MOST_READINGS: u32 = 10;
/// A page that only repeats what was seen has moved, or is beyond the end: it is asked for again so often.
const MOST_REPEATS: u32 = 3;

/// A page, told apart.
#[derive(Default)]
struct Sorted {
    calls: Vec<SyncedCall>,
    /// Rows that are no calls: why, and the row.
    bad: Vec<(String, String)>,
    /// What tells the rows apart, wanted or not.
    names: Vec<String>,
    /// When each was written to; of a vendor that does not say, when it ended.
    updated_ms: Vec<i64>,
    /// Whether the vendor says when any of them was.
    is_dated: bool,
}

/// What one walk saw.
#[derive(Default)]
struct Reading {
    seen: HashSet<String>,
    total: Option<u64>,
    taken: Taken,
}

impl Reading {
    /// Whether every row of a page was seen before; so of an empty one.
    fn has_all(&self, page: &Sorted) -> bool {
        page.names.iter().all(|name| self.seen.contains(name))
    }

    /// Whether it saw all there is, as far as the vendor counts.
    fn is_whole(&self) -> bool {
        self.total.is_some_and(|total| self.seen.len() as u64 >= total)
    }
}

impl Run<'_> {
    /// Up to when every change has been seen. Before the first walk: when that began, by the vendor's clock.
    pub(super) async fn mark(&self) -> Result<i64, SyncError> {
        if let Some(mark_ms) = self.of.mark_ms {
            return Ok(mark_ms);
        }
        let newest = self.sorted(self.vendor.calls(CallOrder::Updated, 1, 1).await?);
        let mark_ms = newest.updated_ms.into_iter().max().unwrap_or(0).min(now_ms());
        self.db.set_mark(&self.of.id, mark_ms).await?;
        Ok(mark_ms)
    }

    /// All calls once, by their start.
    pub(super) async fn walk(&self, report: &mut SyncReport) -> Result<(), SyncError> {
        let mut from_ms = self.of.walked_ms.or(self.of.since_ms);
        for _ in 0..MOST_READINGS {
            let is_from_the_beginning = from_ms == self.of.since_ms;
            let reading = self.walk_from(from_ms).await?;
            report.calls.add(reading.taken);
            if is_from_the_beginning && (reading.is_whole() || !reading.taken.is_news()) {
                self.db.end_walk(self.of).await?;
                return Ok(());
            }
            from_ms = self.of.since_ms;
        }
        Err(SyncError::Unsettled)
    }

    async fn walk_from(&self, from_ms: Option<i64>) -> Result<Reading, SyncError> {
        let mut reading = Reading::default();
        let order = CallOrder::Started(from_ms);
        // Tasks of their own: a page that is asked for once more must not wait for one that nobody polls meanwhile.
        let mut pages = stream::iter(1_u64..)
            .map(|number| {
                let vendor = self.vendor.clone();
                let page = tokio::spawn(async move { vendor.calls(order, number, PAGE).await });
                async move { (number, page.await) }
            })
            .buffered(AT_ONCE);
        while let Some((number, page)) = pages.next().await {
            let Ok(page) = page else { break };
            let page = self.settled(order, number, page?, &mut reading).await?;
            if reading.has_all(&page) {
                // Beyond the end there is nothing, or what was there before.
                break;
            }
            let walked_ms = page.calls.iter().map(|call| call.call.started_ms).max();
            self.take(&mut reading, page, walked_ms).await?;
            self.progress.calls(reading.seen.len() as u64, reading.total);
        }
        Ok(reading)
    }

    /// A page that brings something that was not seen; the same page once more where it does not, since rows
    /// move while others are written.
    async fn settled(
        &self,
        order: CallOrder,
        number: u64,
        page: CallRows,
        reading: &mut Reading,
    ) -> Result<Sorted, SyncError> {
        let mut page = page;
        for _ in 0..MOST_REPEATS {
            reading.total = page.total.or(reading.total);
            let sorted = self.sorted(page);
            if sorted.names.is_empty() || !reading.has_all(&sorted) || reading.is_whole() {
                return Ok(sorted);
            }
            page = self.vendor.calls(order, number, PAGE).await?;
        }
        Ok(self.sorted(page))
    }

    async fn take(&self, reading: &mut Reading, page: Sorted, walked_ms: Option<i64>) -> Result<Taken, SyncError> {
        let taken = self.db.take_calls(self.of, &page.calls, &page.bad, walked_ms, now_ms()).await?;
        reading.seen.extend(page.names);
        reading.taken.add(taken);
        Ok(taken)
    }

    /// What was written to since, the newest first. Gives when the newest was.
    pub(super) async fn changes(&self, mark_ms: i64, report: &mut SyncReport) -> Result<i64, SyncError> {
        // Of a reading that broke off the first pages are here: that they are known says nothing of the others.
        let mut was_broken = self.db.begin_reading(&self.of.id).await?;
        let mut newest_ms = mark_ms;
        for _ in 0..MOST_READINGS {
            let (taken, is_news, seen_ms) = self.read_changes(mark_ms, was_broken).await?;
            was_broken = false;
            report.calls.add(taken);
            newest_ms = newest_ms.max(seen_ms.unwrap_or(newest_ms));
            if !is_news {
                break;
            }
        }
        self.db.end_reading(&self.of.id).await?;
        Ok(newest_ms)
    }

    /// One reading: what became of the calls, whether the first page brought anything, and when the newest call
    /// was written to.
    async fn read_changes(&self, mark_ms: i64, was_broken: bool) -> Result<(Taken, bool, Option<i64>), SyncError> {
        let (mut reading, mut is_news, mut newest_ms, mut quiet) = (Reading::default(), false, None, 0);
        for number in 1.. {
            let page = self.vendor.calls(CallOrder::Updated, number, PAGE).await?;
            let page = self.settled(CallOrder::Updated, number, page, &mut reading).await?;
            if reading.has_all(&page) {
                break;
            }
            let latest_ms = page.updated_ms.iter().copied().max();
            newest_ms = newest_ms.max(latest_ms);
            let is_dated = page.is_dated;
            let taken = self.take(&mut reading, page, None).await?;
            is_news |= number == 1 && taken.is_news();
            quiet = if taken.is_news() { 0 } else { quiet + 1 };
            let is_seen = latest_ms.is_none_or(|latest_ms| latest_ms < mark_ms - OVERLAP_MS);
            // Where the vendor does not date its rows, only that nothing comes any more says that it is enough.
            let is_enough = if is_dated { is_seen && quiet > 0 } else { quiet > 1 && !was_broken };
            if is_enough {
                break;
            }
        }
        Ok((reading.taken, is_news, newest_ms))
    }

    /// The calls of a page that are wanted, and the rows that are none, with the reason.
    fn sorted(&self, page: CallRows) -> Sorted {
        let mut sorted = Sorted::default();
        for (row, read) in page.rows {
            match read {
                Ok(detail) => {
                    let call = row::synced(self.of, &row, &detail);
                    sorted.names.push(call.call.id.clone());
                    sorted.updated_ms.push(call.updated_ms);
                    sorted.is_dated |= detail.updated_ms.is_some();
                    if self.of.since_ms.is_none_or(|since_ms| call.call.started_ms >= since_ms) {
                        sorted.calls.push(call);
                    }
                }
                Err(error) => {
                    sorted.names.push(row.to_string());
                    sorted.bad.push((error.to_string(), row::kept_aside(self.of, &row)));
                }
            }
        }
        sorted
    }
}
