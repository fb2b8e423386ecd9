//! Stretches of time, and which of their calls are told from sums.

use std::collections::BTreeSet;

use callscope_core::calls::QUARTER_MS;
use callscope_core::period::{DAY_MS, Zone};
use sqlx::SqliteConnection;

/// Milliseconds from one instant to another, the second outside.
pub(super) type Span = (i64, i64);

/// A span, by how its calls are told.
pub(super) struct Parts {
    /// What sums reach, but for days that are stale. May be empty.
    pub(super) summed: Span,
    /// Days, since 1 January 1970, of which a call was written since they were summed.
    pub(super) stale: BTreeSet<i64>,
    /// What is read from the calls, in order.
    pub(super) from_calls: Vec<Span>,
}

impl Parts {
    /// Parts a span where sums are of whole steps, such as days: sums reach as far as there are whole ones, and nowhere
    /// where the zone's offsets are no whole quarters of an hour.
    pub(super) async fn of(
        span: Span,
        step_ms: i64,
        organisation_id: &str,
        zone: &Zone,
        connection: &mut SqliteConnection,
    ) -> sqlx::Result<Self> {
        let whole = (up_to(span.0, step_ms), down_to(span.1, step_ms));
        if whole.0 >= whole.1 || !zone.keeps_to(QUARTER_MS, whole) {
            return Ok(Self { summed: (span.0, span.0), stale: BTreeSet::new(), from_calls: vec![span] });
        }
        let stale = stale_days(whole, organisation_id, connection).await?;
        let mut from_calls = vec![(span.0, whole.0), (whole.1, span.1)];
        from_calls.extend(stale.iter().map(|day| overlap(day_span(*day), whole)));
        Ok(Self { summed: whole, stale, from_calls: joined(from_calls) })
    }
}

async fn stale_days(
    span: Span,
    organisation_id: &str,
    connection: &mut SqliteConnection,
) -> sqlx::Result<BTreeSet<i64>> {
    let sql = "SELECT day FROM stale_days WHERE organisation_id = ? AND day BETWEEN ? AND ?";
    let query = sqlx::query_scalar(sql).bind(organisation_id).bind(span.0.div_euclid(DAY_MS));
    let days: Vec<i64> = query.bind(span.1.div_euclid(DAY_MS)).fetch_all(connection).await?;
    Ok(days.into_iter().collect())
}

/// A day, by its number since 1 January 1970.
pub(super) fn day_span(day: i64) -> Span {
    let start_ms = day.saturating_mul(DAY_MS);
    (start_ms, start_ms.saturating_add(DAY_MS))
}

fn overlap(a: Span, b: Span) -> Span {
    (a.0.max(b.0), a.1.min(b.1))
}

/// The instant itself or the next one that is a whole number of steps.
pub(super) fn up_to(at_ms: i64, step_ms: i64) -> i64 {
    down_to(at_ms.saturating_add(step_ms - 1), step_ms)
}

/// The instant itself or the last one before that is a whole number of steps.
pub(super) fn down_to(at_ms: i64, step_ms: i64) -> i64 {
    at_ms.div_euclid(step_ms).saturating_mul(step_ms)
}

/// Spans in order, those that touch made one, empty ones left out.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| span.0 < span.1);
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if last.1 >= span.0 => last.1 = last.1.max(span.1),
            _ => joined.push(span),
        }
    }
    joined
}
