//! What the calls themselves tell beyond their averages: how far durations and costs spread, and so how
//! sure a difference of their means is.

use super::figures::{Basis, Claim, Figure, FigureKind};
use super::model::Comparison;
use super::tally::VersionFacts;
use crate::stats::{Interval, Moments, bootstrap_mean_difference, welch};

/// From what the resamples of costs are drawn: the same calls give the same interval everywhere.
const SEED: u64 = 0x00ca_1150;

/// The durations and costs of the calls of one version.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    calls: u64,
    /// In seconds.
    durations: Moments,
    /// In credits, each call's.
    costs: Vec<f64>,
}

impl Spread {
    /// Takes one call in.
    pub fn add(&mut self, call: &VersionFacts<'_>) {
        self.calls += 1;
        self.durations.push(call.duration_ms as f64 / 1000.0);
        self.costs.extend(call.cost_credits);
    }

    /// Calls that were taken in.
    pub fn calls(&self) -> u64 {
        self.calls
    }
}

/// Gives the intervals that averages alone do not allow to the figures of a comparison: Welch's to the
/// average duration, the bootstrap's to the cost of a call. Both are for one look; where calls may still
/// come, a difference that one look would call clear is said as just that.
///
/// # Errors
/// Where the calls are not those that the comparison counts: figures of others would mislead.
pub fn with_spread(
    figures: &mut [Figure],
    comparison: &Comparison,
    [a, b]: [&Spread; 2],
    basis: Basis,
) -> Result<(), crate::Error> {
    for (side, spread, counted) in [("A", a, comparison.a.calls), ("B", b, comparison.b.calls)] {
        if counted.is_some_and(|counted| counted != spread.calls) {
            let (found, counted) = (spread.calls, counted.unwrap_or(0));
            let sentence =
                format!("{found} calls of {side} were loaded, but the comparison counts {counted}: ask again");
            return Err(crate::Error::invalid(sentence));
        }
    }
    for figure in figures {
        let interval = match figure.kind {
            FigureKind::AverageDuration => welch(&a.durations, &b.durations),
            // Where the cost of a call is unknown, so is that of all.
            FigureKind::CostPerCall if figure.difference.is_some() => {
                bootstrap_mean_difference(&a.costs, &b.costs, SEED)
            }
            _ => continue,
        };
        figure.interval = interval;
        figure.claim = claim(interval, a.calls.min(b.calls));
        if basis == Basis::AlwaysValid && matches!(figure.claim, Claim::Higher | Claim::Lower) {
            figure.claim = Claim::NoClearDifference;
            figure.is_clear_at_one_look = true;
        }
    }
    Ok(())
}

fn claim(interval: Option<Interval>, fewest_calls: u64) -> Claim {
    match interval {
        None => Claim::Unknown,
        Some(_) if fewest_calls < crate::stats::FEWEST_TRIALS => Claim::TooFewCalls,
        Some(interval) if interval.low > 0.0 => Claim::Higher,
        Some(interval) if interval.high < 0.0 => Claim::Lower,
        Some(_) => Claim::NoClearDifference,
    }
}
