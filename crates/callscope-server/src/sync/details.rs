//! What is told of one call alone: what was said in it, and how long each stage took.

use std::collections::HashSet;

use futures_util::{StreamExt as _, stream};

use callscope_core::calls::CallDetail;

use super::{AT_ONCE, Failures, Run, SyncError, SyncReport, row};
use crate::db::now_ms;

impl Run<'_> {
    /// What was said in the calls that were brought, the newest first. A call that cannot be read is left for
    /// the next run.
    pub(super) async fn details(&self, report: &mut SyncReport, failures: &mut Failures) -> Result<(), SyncError> {
        const BATCH: usize = 200;
        let (all, mut missing) = self.db.synced_counts(self.of).await?;
        let mut left_out = HashSet::<String>::new();
        loop {
            let mut wanted = self.db.calls_without_detail(self.of, BATCH + left_out.len()).await?;
            wanted.retain(|(id, _)| !left_out.contains(id));
            if wanted.is_empty() {
                return Ok(());
            }
            let mut found = Vec::with_capacity(wanted.len());
            let one = |(id, digest): (String, Vec<u8>)| async move {
                let call = self.vendor.call(&id).await;
                (id, digest, call)
            };
            let mut answers = stream::iter(wanted.into_iter().map(one)).buffer_unordered(AT_ONCE);
            let mut ended = None;
            while let Some((id, digest, answer)) = answers.next().await {
                match failures.pass(answer) {
                    // The next run asks again.
                    Ok(Some(Some(call))) if is_early(&call, now_ms()) => drop(left_out.insert(id)),
                    Ok(Some(call)) => found.push((id, digest, call.map(|call| row::details(self.of, &call)))),
                    Ok(None) => drop(left_out.insert(id)),
                    // What was brought by then is kept.
                    Err(error) => {
                        ended = Some(error);
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
            if let Some(error) = ended {
                return Err(error.into());
            }
        }
    }
}

/// Whether what was said in a call may still come: vendors write it down after the call, and do not always say that
/// the call has changed then.
fn is_early(call: &CallDetail, now_ms: i64) -> bool {
    /// Vendors take seconds.
    const LONGEST_MS: i64 = 60 * 60 * 1000;
    let record = &call.call;
    let ended_ms = record.started_ms.saturating_add(record.duration_ms.unwrap_or(0).try_into().unwrap_or(i64::MAX));
    let has_ended = record.status.as_deref() == Some("completed");
    has_ended && call.transcript.is_empty() && now_ms.saturating_sub(ended_ms) < LONGEST_MS
}
