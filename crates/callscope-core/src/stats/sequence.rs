//! An interval that stays right however often one looks.

use libm::{log, log1p};

use super::special::ln_beta;
use super::{Interval, Proportion};

/// An always-valid 95 % interval of the difference `b − a` of two rates: over the whole time that calls
/// come in, in whatever order the versions take them, it misses the true difference at any moment with
/// a probability of at most 5 %. So it may be watched, and watching may be stopped when one likes.
///
/// For each version the likelihood of its calls under a uniform mixture of rates, divided by that under
/// its true rate, is a nonnegative martingale that begins at 1 (H. Robbins, "Statistical methods
/// related to the law of the iterated logarithm", Annals of Mathematical Statistics 41, 1970). The
/// versions' calls are independent, so the product is one too, and by Ville's inequality it exceeds 20
/// with a probability of at most 5 %, ever. The pairs of rates for which it has not are a confidence
/// set at all times (S. R. Howard, A. Ramdas, J. `McAuliffe` & J. Sekhon, "Time-uniform, nonparametric,
/// nonasymptotic confidence sequences", Annals of Statistics 49, 2021); the interval is its projection
/// on the difference. Unknown without trials on a side.
pub fn always_valid(a: Proportion, b: Proportion) -> Option<Interval> {
    a.rate()?;
    b.rate()?;
    let (a, b) = (Evidence::of(a), Evidence::of(b));
    // Each end is the same function of the two versions in their order, so that a swap mirrors it.
    Some(Interval { low: -furthest(&b, &a), high: furthest(&a, &b) })
}

/// What a version's calls say against a rate.
struct Evidence {
    successes: f64,
    failures: f64,
    rate: f64,
    /// The logarithm of the martingale at the rate that is seen, where it is smallest. Never above 0.
    least: f64,
}

impl Evidence {
    fn of(counts: Proportion) -> Self {
        let (successes, failures) = (counts.successes as f64, (counts.trials - counts.successes) as f64);
        let rate = successes / counts.trials as f64;
        let ln_likelihood = times(successes, log(rate)) + times(failures, log1p(-rate));
        let least = ln_beta(successes + 1.0, failures + 1.0) - ln_likelihood;
        Self { successes, failures, rate, least: least.min(0.0) }
    }

    /// How much the martingale's logarithm grows from the rate that is seen to another one.
    fn against(&self, rate: f64) -> f64 {
        let seen = self.rate;
        let of_success = times(self.successes, -log1p((rate - seen) / seen));
        let of_failure = times(self.failures, -log1p((seen - rate) / (1.0 - seen)));
        of_success + of_failure
    }

    /// How fast it grows there.
    fn slope(&self, rate: f64) -> f64 {
        times(self.failures, 1.0 / (1.0 - rate)) - times(self.successes, 1.0 / rate)
    }
}

/// A product in which no call at all outweighs an infinite logarithm.
fn times(count: f64, value: f64) -> f64 {
    if count > 0.0 { count * value } else { 0.0 }
}

/// The largest difference `b − a` that the evidence allows.
fn furthest(a: &Evidence, b: &Evidence) -> f64 {
    const LN_20: f64 = 2.995_732_273_553_991;
    let allowed = LN_20 - a.least - b.least;
    let is_allowed = |difference: f64| least_against(a, b, difference) <= allowed;
    if is_allowed(1.0) {
        return 1.0;
    }
    let (mut inside, mut outside) = (b.rate - a.rate, 1.0);
    for _ in 0..60 {
        let middle = inside + (outside - inside) / 2.0;
        if is_allowed(middle) { inside = middle } else { outside = middle }
    }
    outside
}

/// The evidence against the pair of rates with a difference that the calls speak least against. The
/// sum is convex in A's rate, so its slope is zero there, or it lies at an end.
fn least_against(a: &Evidence, b: &Evidence, difference: f64) -> f64 {
    let (mut low, mut high) = ((-difference).max(0.0), (1.0 - difference).min(1.0));
    for _ in 0..60 {
        let middle = low + (high - low) / 2.0;
        if a.slope(middle) + b.slope(middle + difference) > 0.0 { high = middle } else { low = middle }
    }
    // The ends themselves are infinitely unlikely where a call speaks against them.
    [low, high].into_iter().map(|rate| a.against(rate) + b.against(rate + difference)).fold(f64::INFINITY, f64::min)
}
