//! Intervals and tests of rates, of mixes and of means.
//!
//! Everything is made of `libm`, plain arithmetic and crates made of them, so that native code and the browser agree to the
//! last bit. Nothing here panics or runs without end, whatever the counts: what cannot be computed is
//! unknown.

mod bootstrap;
mod chance;
mod exact;
mod means;
mod mix;
mod posterior;
mod rates;
mod sequence;
mod special;

pub use bootstrap::bootstrap_mean_difference;
pub use chance::chance_b_higher;
pub use exact::fisher_exact;
pub use means::{Moments, mean_interval, welch};
pub use mix::{ChiSquare, chi_square};
pub use rates::{ZTest, calls_needed, newcombe, pooled_test, wilson};
pub use sequence::always_valid;

/// The 97.5 % quantile of the normal distribution, for two-sided 95 % intervals.
pub(crate) const Z_95: f64 = 1.959_963_984_540_054;

/// Of fewer trials no difference is spoken of, and no rate is drawn as if it were firm.
pub const FEWEST_TRIALS: u64 = 20;

/// From more trials than these on a side nothing is computed whose work or rounding grows with them:
/// ten thousand million, far beyond any year of calls.
const MOST_TRIALS: u64 = 10_000_000_000;

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
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
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

    /// The interval of the same difference the other way round.
    fn mirrored(self) -> Self {
        Self { low: -self.high, high: -self.low }
    }

    /// Unknown rather than endless or no number.
    fn finite(self) -> Option<Self> {
        (self.low.is_finite() && self.high.is_finite()).then_some(self)
    }
}

impl Proportion {
    /// The rate, 0–1; unknown without trials, or with more successes than trials.
    pub fn rate(self) -> Option<f64> {
        (self.trials > 0 && self.successes <= self.trials).then(|| self.successes as f64 / self.trials as f64)
    }

    /// Whether there are enough trials on both sides to speak of a difference: [`FEWEST_TRIALS`] each, and at
    /// least 5 expected successes and failures in each under the pooled rate.
    pub fn is_enough_with(self, other: Self) -> bool {
        let trials = self.trials as f64 + other.trials as f64;
        let pooled = (self.successes as f64 + other.successes as f64) / trials;
        let fewest = self.trials.min(other.trials);
        fewest >= FEWEST_TRIALS && fewest as f64 * pooled.min(1.0 - pooled) >= 5.0
    }

    /// The same, where the counts are possible and not beyond [`MOST_TRIALS`].
    fn countable(self) -> Option<Self> {
        (self.rate().is_some() && self.trials <= MOST_TRIALS).then_some(self)
    }
}
