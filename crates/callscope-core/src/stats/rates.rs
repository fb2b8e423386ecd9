//! Rates of two versions: intervals, a test, and how many calls it takes.

use super::special::normal_two_sided;
use super::{Interval, Proportion, Z_95};

/// The 95 % interval of a rate, as fractions, by Wilson's score method (E. B. Wilson, JASA 22, 1927), without
/// continuity correction. Unknown where the counts are impossible.
pub fn wilson(of: Proportion) -> Option<Interval> {
    let rate = of.rate()?;
    let n = of.trials as f64;
    let z2 = Z_95 * Z_95;
    let centre = (rate + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let spread = Z_95 / (1.0 + z2 / n) * (rate * (1.0 - rate) / n + z2 / (4.0 * n * n)).sqrt();
    // At a rate of 0 or 1 that end is the rate itself, which rounding may miss on either side.
    let low = if of.successes == 0 { 0.0 } else { (centre - spread).max(0.0) };
    let high = if of.successes == of.trials { 1.0 } else { (centre + spread).min(1.0) };
    Some(Interval { low, high })
}

/// The 95 % interval of the difference `b − a` of two rates, as fractions, by Newcombe's hybrid score method
/// (R. G. Newcombe, Statistics in Medicine 17, 1998, 873–890, method 10). Unknown where the counts of a side
/// are impossible.
pub fn newcombe(a: Proportion, b: Proportion) -> Option<Interval> {
    let (rate_a, rate_b) = (a.rate()?, b.rate()?);
    let (in_a, in_b) = (wilson(a)?, wilson(b)?);
    let difference = rate_b - rate_a;
    let down = together(rate_b - in_b.low, in_a.high - rate_a);
    let up = together(in_b.high - rate_b, rate_a - in_a.low);
    Some(Interval { low: (difference - down).max(-1.0), high: (difference + up).min(1.0) })
}

/// The distance that two distances at right angles make; each is at most 1, so that no square overflows.
fn together(a: f64, b: f64) -> f64 {
    (a * a + b * b).sqrt()
}

/// The outcome of a z test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZTest {
    /// The difference in standard errors.
    pub z: f64,
    /// How likely a difference at least as large is where there is none, two-sided, 0–1.
    pub p: f64,
}

/// The test of two rates with the pooled variance, two-sided (e.g. Fleiss, Levin & Paik, "Statistical
/// Methods for Rates and Proportions", 2003, chapter 3), without continuity correction. Unknown where the
/// counts of a side are impossible, or where the pooled rate is 0 or 1.
pub fn pooled_test(a: Proportion, b: Proportion) -> Option<ZTest> {
    let (rate_a, rate_b) = (a.rate()?, b.rate()?);
    let (n_a, n_b) = (a.trials as f64, b.trials as f64);
    let pooled = (a.successes as f64 + b.successes as f64) / (n_a + n_b);
    let variance = pooled * (1.0 - pooled) * (1.0 / n_a + 1.0 / n_b);
    if variance <= 0.0 {
        return None;
    }
    let z = (rate_b - rate_a) / variance.sqrt();
    Some(ZTest { z, p: normal_two_sided(z) })
}

/// The 80 % quantile of the normal distribution.
const Z_80: f64 = 0.841_621_233_572_914_3;

/// How many calls each version needs for the difference that is seen to show with 80 % power at the 5 %
/// level, two-sided, by the normal approximation with unpooled variances (e.g. Fleiss, Levin & Paik, 2003,
/// chapter 4); to be rounded up. 0 between rates of 0 and 1, where it sees no variance. Unknown where the
/// counts of a side are impossible, and where there is no difference.
pub fn calls_needed(a: Proportion, b: Proportion) -> Option<f64> {
    let (rate_a, rate_b) = (a.rate()?, b.rate()?);
    let difference = rate_b - rate_a;
    let reach = Z_95 + Z_80;
    let variance = rate_a * (1.0 - rate_a) + rate_b * (1.0 - rate_b);
    (difference.abs() > 0.0).then(|| reach * reach * variance / (difference * difference))
}
