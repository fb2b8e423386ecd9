//! Usage reports that come from a vendor as a whole: asked for as they are looked at, checked, and kept for a minute.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use callscope_core::period::DateRange;
use callscope_core::usage::{self, Asked, Narrowing};

use super::AppState;
use super::error::ApiError;
use crate::db::{Connection, now_ms};

/// How long a report is good for.
const KEPT: Duration = Duration::from_mins(1);
/// No more are kept at a time.
const MOST: usize = 256;
const MINUTE_MS: i64 = 60_000;

/// A connection, and the two instants that a report is of.
type Key = (String, i64, i64);

/// The reports of the last minute. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Reports(Arc<Mutex<HashMap<Key, (Instant, Bytes)>>>);

impl Reports {
    /// The vendor's report between two instants, both inside, as it came; of the days that are named.
    pub(super) async fn report(
        &self,
        state: &AppState,
        of: &Connection,
        (from_ms, to_ms): (i64, i64),
        range: DateRange,
    ) -> Result<Bytes, ApiError> {
        let to_ms = settled(to_ms, now_ms());
        let key = (of.id.clone(), from_ms, to_ms);
        if let Some(kept) = self.kept(&key) {
            return Ok(kept);
        }
        let vendor = state.config.accounts.telzino(of).map_err(|error| {
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

    fn keep(&self, key: Key, bytes: Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (since, _)| since.elapsed() < KEPT);
        if kept.len() < MOST {
            kept.insert(key, (Instant::now(), bytes));
        }
    }
}

/// The end of a period. One that is now moves with every question: up to the end of the minute there are no other
/// calls, and the same report can be given again.
fn settled(to_ms: i64, now_ms: i64) -> i64 {
    let end = (now_ms.div_euclid(MINUTE_MS) + 1) * MINUTE_MS - 1;
    if (now_ms - MINUTE_MS..=end).contains(&to_ms) { end } else { to_ms }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_end_that_is_now_is_moved() {
        let now = 90_000;
        for (to_ms, settled_ms) in [(90_000, 119_999), (89_000, 119_999), (29_999, 29_999), (500_000, 500_000)] {
            assert_eq!(settled(to_ms, now), settled_ms, "{to_ms}");
        }
    }
}
