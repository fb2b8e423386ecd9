//! Intervals and tests of rates, of mixes and of means.
//!
//! Everything is made of `libm` and plain arithmetic, so that native code and the browser agree to the
//! last bit.

mod means;
mod mix;
mod rates;
mod sequence;
mod special;

pub use means::{Moments, bootstrap_mean_difference, welch};
pub use mix::{ChiSquare, chi_square};
pub use rates::{ZTest, calls_needed, chance_b_higher, fisher_exact, newcombe, pooled_test, wilson};
pub use sequence::always_valid;

/// The 97.5 % quantile of the normal distribution, for two-sided 95 % intervals.
pub(crate) const Z_95: f64 = 1.959_963_984_540_054;

/// Some of how many: the counts behind a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proportion {
    /// How many of them.
    pub successes: u64,
    /// How many there were.
    pub trials: u64,
}

/// Both ends of an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// Whether zero lies outside: then the difference is clear.
    pub fn excludes_zero(self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

impl Proportion {
    /// The rate, 0–1; unknown without trials, or with more successes than trials.
    pub fn rate(self) -> Option<f64> {
        (self.trials > 0 && self.successes <= self.trials).then(|| self.successes as f64 / self.trials as f64)
    }

    /// Whether there are enough trials on both sides to speak of a difference: 20 each, and at
    /// least 5 expected successes and failures in each under the pooled rate.
    pub fn enough(self, other: Self) -> bool {
        let trials = self.trials as f64 + other.trials as f64;
        let pooled = (self.successes as f64 + other.successes as f64) / trials;
        let fewest = self.trials.min(other.trials);
        fewest >= 20 && fewest as f64 * pooled.min(1.0 - pooled) >= 5.0
    }
}
