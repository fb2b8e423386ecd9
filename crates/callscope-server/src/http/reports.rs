//! Usage reports that come from a vendor as a whole: asked for as they are looked at, checked, and kept for a minute.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use callscope_core::period::DateRange;
use callscope_core::usage::{self, Asked, Narrowing};

use super::error::ApiError;
use crate::db::{Connection, now_ms};
use crate::vendor::Clients;

/// How long a report is good for.
const KEPT: Duration = Duration::from_mins(1);
/// As much is kept at a time, in bytes; a longer report is not kept at all.
const MOST_BYTES: usize = 32 << 20;
const LONGEST: usize = 2 << 20;
const MINUTE_MS: i64 = 60_000;

/// The account as it is connected now, and the two instants that a report is of.
type Key = (String, i64, i64);

/// The reports of the last minute. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Reports(Arc<Mutex<HashMap<Key, (Instant, Bytes)>>>);

impl Reports {
    /// The vendor's report between two instants, both inside, as it came; of the days that are named.
    pub(super) async fn report(
        &self,
        clients: &Clients,
        of: &Connection,
        (from_ms, to_ms): (i64, i64),
        range: DateRange,
    ) -> Result<Bytes, ApiError> {
        let to_ms = settled(to_ms, now_ms());
        let account = format!("{} {} {:?} {:?}", of.id, of.base.as_str(), of.vendor, of.key_place);
        let key = (account, from_ms, to_ms);
        if let Some(kept) = self.kept(&key) {
            return Ok(kept);
        }
        let vendor = clients.telzino(of).map_err(|error| {
            tracing::warn!(organisation = of.organisation_name, "{error:#}");
            ApiError::vendor("its secret is not to be had where the server runs")
        })?;
        let vendor = vendor.ok_or_else(|| ApiError::vendor("it gives no usage reports"))?;
        let bytes = Bytes::from(vendor.report(from_ms, to_ms).await.map_err(ApiError::vendor)?);
        let asked = Asked { range, narrowing: Narrowing::default() };
        let (_, findings) = usage::parse(&bytes, &asked).map_err(ApiError::vendor)?;
        for finding in findings {
            tracing::info!(organisation = of.organisation_name, "the vendor's report: {}", finding.sentence);
        }
        self.keep(key, bytes.clone());
        Ok(bytes)
    }

    fn kept(&self, key: &Key) -> Option<Bytes> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).filter(|(since, _)| since.elapsed() < KEPT).map(|(_, bytes)| bytes.clone())
    }

    /// Keeps a report; where there are too many, the oldest go.
    fn keep(&self, key: Key, bytes: Bytes) {
        if bytes.len() > LONGEST {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (since, _)| since.elapsed() < KEPT);
        kept.insert(key, (Instant::now(), bytes));
        while kept.values().map(|(_, bytes)| bytes.len()).sum::<usize>() > MOST_BYTES {
            let oldest = kept.iter().min_by_key(|(_, (since, _))| *since).map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { return };
            kept.remove(&oldest);
        }
    }
}

/// The end of a period. One that is now moves with every question: up to the end of the minute there are no other
/// calls, and the same report can be given again.
fn settled(to_ms: i64, now_ms: i64) -> i64 {
    /// What is asked now arrives within this time.
    const SHORT_MS: i64 = 10_000;
    let is_now = (now_ms - SHORT_MS..=now_ms + SHORT_MS).contains(&to_ms);
    let minute = now_ms.div_euclid(MINUTE_MS);
    if is_now && to_ms.div_euclid(MINUTE_MS) == minute { (minute + 1) * MINUTE_MS - 1 } else { to_ms }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_where_there_is_too_much() {
        let reports = Reports::default();
        let key = |number: i64| ("a".to_owned(), number, 0);
        for number in 0..17 {
            reports.keep(key(number), Bytes::from(vec![0; LONGEST]));
        }
        assert!(reports.kept(&key(0)).is_none() && reports.kept(&key(16)).is_some());
        reports.keep(key(99), Bytes::from(vec![0; LONGEST + 1]));
        assert!(reports.kept(&key(99)).is_none());
    }

    #[test]
    fn only_an_end_that_is_now_is_moved() {
        let now = 90_000;
        for (to_ms, settled_ms) in
            [(90_000, 119_999), (89_000, 119_999), (59_999, 59_999), (79_000, 79_000), (500_000, 500_000)]
        {
            assert_eq!(settled(to_ms, now), settled_ms, "{to_ms}");
        }
        // The last instant of a day that is over stays on that day.
        assert_eq!(settled(59_999, 61_000), 59_999);
    }
}
