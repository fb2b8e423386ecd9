//! What counts say of the rate behind them, where nothing is known of it beforehand.

use libm::{exp, log, log1p};

use super::Proportion;
use super::special::stirling_error;

/// The density of a rate under a uniform prior: that of Beta(1 + successes, 1 + failures).
///
/// Its logarithm is taken from its peak on, whose height comes from the errors of Stirling's formula
/// (C. Loader, "Fast and accurate computation of binomial probabilities", 2000): logarithms of
/// factorials of millions would cancel, and with them eight digits.
pub(super) struct Posterior {
    successes: f64,
    failures: f64,
    /// Where the density is highest: the rate that is seen.
    pub(super) rate: f64,
    failure_rate: f64,
    /// The logarithm of the density there; never below 0.
    pub(super) ln_peak: f64,
}

impl Posterior {
    /// Unknown where the counts are impossible or beyond [`super::MOST_TRIALS`].
    pub(super) fn of(counts: Proportion) -> Option<Self> {
        let counts = counts.countable()?;
        let trials = counts.trials as f64;
        let (successes, failures) = (counts.successes as f64, (counts.trials - counts.successes) as f64);
        let ln_peak = log1p(trials) + ln_most_probable(successes, failures);
        Some(Self { successes, failures, rate: successes / trials, failure_rate: failures / trials, ln_peak })
    }

    /// How far the logarithm of the density lies below its peak; without end where the rate is
    /// impossible after what was seen.
    pub(super) fn drop_at(&self, rate: f64) -> f64 {
        if (rate <= 0.0 && self.successes > 0.0) || (rate >= 1.0 && self.failures > 0.0) {
            return f64::INFINITY;
        }
        let off = rate - self.rate;
        times(self.successes, -log1p(off / self.rate)) + times(self.failures, -log1p(-off / self.failure_rate))
    }

    /// How fast that grows with the rate.
    pub(super) fn drop_slope(&self, rate: f64) -> f64 {
        times(self.failures, 1.0 / (1.0 - rate)) - times(self.successes, 1.0 / rate)
    }

    /// The density at a rate.
    pub(super) fn density(&self, rate: f64) -> f64 {
        exp(self.ln_peak - self.drop_at(rate))
    }

    /// The rates between which the density is not negligible: above e^-40 of its peak.
    pub(super) fn span(&self) -> (f64, f64) {
        (self.edge(0.0), self.edge(1.0))
    }

    fn edge(&self, end: f64) -> f64 {
        const NEGLIGIBLE: f64 = 40.0;
        if self.drop_at(end) <= NEGLIGIBLE {
            return end;
        }
        let (mut inside, mut outside) = (self.rate, end);
        for _ in 0..60 {
            let middle = f64::midpoint(inside, outside);
            if self.drop_at(middle) > NEGLIGIBLE { outside = middle } else { inside = middle }
        }
        outside
    }
}

/// The logarithm of the probability of so many successes and failures at the rate that makes them most
/// probable.
fn ln_most_probable(successes: f64, failures: f64) -> f64 {
    if successes <= 0.0 || failures <= 0.0 {
        return 0.0;
    }
    let trials = successes + failures;
    let errors = stirling_error(trials) - stirling_error(successes) - stirling_error(failures);
    errors + 0.5 * log(trials / successes / failures / std::f64::consts::TAU)
}

/// A product in which no call at all outweighs an infinite logarithm.
fn times(count: f64, value: f64) -> f64 {
    if count > 0.0 { count * value } else { 0.0 }
}
