//! Intervals of rates and of their differences.

/// The 97.5 % quantile of the normal distribution, for two-sided 95 % intervals.
const Z_95: f64 = 1.959_963_984_540_054;

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
    /// The rate, 0–1; unknown without trials.
    pub fn rate(self) -> Option<f64> {
        (self.trials > 0).then(|| self.successes as f64 / self.trials as f64)
    }

    /// Whether there are enough trials on both sides to speak of a difference: 20 each, and at
    /// least 5 expected successes and failures in each under the pooled rate.
    pub fn enough(self, other: Self) -> bool {
        let trials = (self.trials + other.trials) as f64;
        let pooled = (self.successes + other.successes) as f64 / trials;
        let fewest = self.trials.min(other.trials);
        fewest >= 20 && fewest as f64 * pooled.min(1.0 - pooled) >= 5.0
    }
}

/// The 95 % interval of a rate by Wilson's score method (E. B. Wilson, JASA 22, 1927), without
/// continuity correction. Unknown without trials.
pub fn wilson(of: Proportion) -> Option<Interval> {
    let rate = of.rate()?;
    let n = of.trials as f64;
    let z2 = Z_95 * Z_95;
    let centre = (rate + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let spread = Z_95 / (1.0 + z2 / n) * (rate * (1.0 - rate) / n + z2 / (4.0 * n * n)).sqrt();
    Some(Interval { low: (centre - spread).max(0.0), high: (centre + spread).min(1.0) })
}

/// The 95 % interval of the difference `b − a` of two rates by Newcombe's hybrid score method
/// (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10). Unknown without trials on a side.
pub fn newcombe(a: Proportion, b: Proportion) -> Option<Interval> {
    let (rate_a, rate_b) = (a.rate()?, b.rate()?);
    let (in_a, in_b) = (wilson(a)?, wilson(b)?);
    let difference = rate_b - rate_a;
    let down = libm::hypot(rate_b - in_b.low, in_a.high - rate_a);
    let up = libm::hypot(in_b.high - rate_b, rate_a - in_a.low);
    Some(Interval { low: difference - down, high: difference + up })
}
