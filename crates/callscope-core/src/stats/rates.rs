//! Rates of two versions: intervals, tests, chance, and how many calls it takes.

use libm::{exp, log, log1p};

use super::special::{beta_regularised, ln_beta, normal_two_sided};
use super::{Interval, Proportion, Z_95};

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

/// The outcome of a z test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZTest {
    /// The difference in standard errors.
    pub z: f64,
    /// How likely a difference at least as large is where there is none, two-sided.
    pub p: f64,
}

/// The test of two rates with the pooled variance, two-sided (e.g. Fleiss, Levin & Paik, "Statistical
/// Methods for Rates and Proportions", 2003, section 3.1, without continuity correction). Unknown
/// without trials on a side, or where the pooled rate is 0 or 1.
pub fn pooled_test(a: Proportion, b: Proportion) -> Option<ZTest> {
    let (rate_a, rate_b) = (a.rate()?, b.rate()?);
    let (n_a, n_b) = (a.trials as f64, b.trials as f64);
    let pooled = (a.successes as f64 + b.successes as f64) / (n_a + n_b);
    let variance = pooled * (1.0 - pooled) * (1.0 / n_a + 1.0 / n_b);
    if variance <= 0.0 {
        return None;
    }
    let z = (rate_b - rate_a) / libm::sqrt(variance);
    Some(ZTest { z, p: normal_two_sided(z) })
}

/// Fisher's exact test, two-sided: the probability of all tables with the same margins that are no
/// more probable than the one that is seen (R. A. Fisher, 1935). Unknown without trials on a side.
pub fn fisher_exact(a: Proportion, b: Proportion) -> Option<f64> {
    a.rate()?;
    b.rate()?;
    let table = Margins {
        successes: a.successes as f64 + b.successes as f64,
        trials_a: a.trials as f64,
        trials: a.trials as f64 + b.trials as f64,
    };
    let seen = a.successes as f64;
    let mode = table.mode();
    let mut walk = Walk { all: 1.0, seen: ((seen - mode).abs() < 0.5).then_some(1.0), weights: vec![1.0] };
    walk.go(mode, seen, |k| (table.up(k), k + 1.0));
    walk.go(mode, seen, |k| (table.down(k), k - 1.0));
    // A table beyond the walk is rarer than any double can tell from nothing.
    let most = walk.seen.map_or(0.0, |seen| seen * (1.0 + 1e-7));
    let rare: f64 = walk.weights.iter().filter(|weight| **weight <= most).sum();
    Some((rare / walk.all).min(1.0))
}

/// The margins of a two-by-two table. A table is told by A's successes.
struct Margins {
    successes: f64,
    trials_a: f64,
    trials: f64,
}

impl Margins {
    /// The most probable table.
    fn mode(&self) -> f64 {
        libm::floor((self.successes + 1.0) * (self.trials_a + 1.0) / (self.trials + 2.0))
    }

    /// How much more probable the table with one more success is.
    fn up(&self, k: f64) -> f64 {
        let others = self.trials - self.trials_a - self.successes + k + 1.0;
        (self.successes - k) * (self.trials_a - k) / ((k + 1.0) * others)
    }

    /// How much more probable the table with one success less is.
    fn down(&self, k: f64) -> f64 {
        let others = self.trials - self.trials_a - self.successes + k;
        k * others / ((self.successes - k + 1.0) * (self.trials_a - k + 1.0))
    }
}

/// Probabilities of tables as multiples of that of the most probable one.
struct Walk {
    all: f64,
    seen: Option<f64>,
    weights: Vec<f64>,
}

impl Walk {
    /// Goes from the mode in one direction until nothing that matters is left.
    fn go(&mut self, mode: f64, seen: f64, step: impl Fn(f64) -> (f64, f64)) {
        let (mut k, mut weight) = (mode, 1.0);
        loop {
            let (ratio, next) = step(k);
            weight *= ratio;
            k = next;
            // Zero beyond the last table; NaN only where there is no table at all.
            if weight.is_nan() || weight < 1e-30 {
                break;
            }
            self.all += weight;
            self.weights.push(weight);
            if (k - seen).abs() < 0.5 {
                self.seen = Some(weight);
            }
        }
    }
}

/// The chance that B's rate is higher than A's, where nothing is known of either beforehand: the
/// probability under independent uniform priors, so Beta(1 + successes, 1 + failures) afterwards.
/// Unknown without trials on a side. Good to about 1e-8.
pub fn chance_b_higher(a: Proportion, b: Proportion) -> Option<f64> {
    a.rate()?;
    b.rate()?;
    let (a, b) = (Posterior::of(a), Posterior::of(b));
    // Integrated along the narrower of the two, over which the other one changes slowly.
    let (from, to) = a.span();
    let (b_from, b_to) = b.span();
    if to - from < b_to - b_from { Some(1.0 - higher(&b, &a, from, to)) } else { Some(higher(&a, &b, b_from, b_to)) }
}

/// The density of a rate after the counts are known.
struct Posterior {
    successes: f64,
    failures: f64,
    ln_scale: f64,
}

impl Posterior {
    fn of(counts: Proportion) -> Self {
        let (successes, failures) = (counts.successes as f64, (counts.trials - counts.successes) as f64);
        Self { successes, failures, ln_scale: ln_beta(successes + 1.0, failures + 1.0) }
    }

    fn ln_density(&self, rate: f64) -> f64 {
        // Zero times an infinite logarithm is zero here.
        let part = |count: f64, ln: f64| if count > 0.0 { count * ln } else { 0.0 };
        part(self.successes, log(rate)) + part(self.failures, log1p(-rate)) - self.ln_scale
    }

    fn density(&self, rate: f64) -> f64 {
        exp(self.ln_density(rate))
    }

    fn below(&self, rate: f64) -> f64 {
        beta_regularised(rate, self.successes + 1.0, self.failures + 1.0)
    }

    /// The rates between which the density is not negligible: within e^-40 of its peak.
    fn span(&self) -> (f64, f64) {
        const NEGLIGIBLE: f64 = 40.0;
        let mode = self.successes / (self.successes + self.failures);
        let peak = self.ln_density(mode);
        let is_out = |rate: f64| peak - self.ln_density(rate) > NEGLIGIBLE;
        let edge = |end: f64| {
            if !is_out(end) {
                return end;
            }
            let (mut inside, mut outside) = (mode, end);
            for _ in 0..60 {
                let middle = inside + (outside - inside) / 2.0;
                if is_out(middle) { outside = middle } else { inside = middle }
            }
            outside
        };
        (edge(0.0), edge(1.0))
    }
}

/// The probability that a value of `high` exceeds one of `low`, integrated over the span of `high` by
/// Simpson's rule; the distribution of `low` is carried along by the same rule.
fn higher(low: &Posterior, high: &Posterior, from: f64, to: f64) -> f64 {
    const PAIRS: usize = 1500;
    let step = (to - from) / (2 * PAIRS) as f64;
    let mut below = low.below(from);
    let (mut density, mut product) = (low.density(from), high.density(from) * below);
    let mut sum = 0.0;
    for pair in 0..PAIRS {
        let middle = from + (2 * pair + 1) as f64 * step;
        let end = from + (2 * pair + 2) as f64 * step;
        let (in_middle, at_end) = (low.density(middle), low.density(end));
        // The half of Simpson's parabola, and the whole of it.
        let below_middle = below + step / 12.0 * (5.0 * density + 8.0 * in_middle - at_end);
        below += step / 3.0 * (density + 4.0 * in_middle + at_end);
        density = at_end;
        let product_end = high.density(end) * below;
        sum += product + 4.0 * high.density(middle) * below_middle + product_end;
        product = product_end;
    }
    (sum * step / 3.0).clamp(0.0, 1.0)
}

/// The 80 % quantile of the normal distribution.
const Z_80: f64 = 0.841_621_233_572_914_3;

/// The calls that each version needs for the difference that is seen to show with 80 % power at the
/// 5 % level, two-sided, by the normal approximation with unpooled variances (e.g. Fleiss, Levin &
/// Paik, 2003, section 4.2). Unknown without trials on a side, without a difference, and where both
/// rates are 0 or 1.
pub fn calls_needed(a: Proportion, b: Proportion) -> Option<f64> {
    let (rate_a, rate_b) = (a.rate()?, b.rate()?);
    let difference = rate_b - rate_a;
    let reach = Z_95 + Z_80;
    let variance = rate_a * (1.0 - rate_a) + rate_b * (1.0 - rate_b);
    // Without a difference there is nothing to show, without a variance nothing to wait for.
    let is_open = difference.abs() > 0.0 && variance > 0.0;
    is_open.then(|| reach * reach * variance / (difference * difference))
}
