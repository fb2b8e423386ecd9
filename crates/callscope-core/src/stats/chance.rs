//! How likely one rate is the higher one.

use super::Proportion;
use super::posterior::Posterior;

/// The chance that B's rate is higher than A's, 0–1, where nothing is known of either beforehand: under
/// independent uniform priors, so Beta(1 + successes, 1 + failures) afterwards (T. Bayes, 1763).
/// Integrated by Simpson's rule; good to 1e-8. Unknown where the counts of a side are impossible, or
/// beyond ten thousand million.
pub fn chance_b_higher(a: Proportion, b: Proportion) -> Option<f64> {
    let (a, b) = (Posterior::of(a)?, Posterior::of(b)?);
    let width = |of: &Posterior| of.span().1 - of.span().0;
    // Integrated along the narrower of the two, over which the other one changes slowly.
    let chance = if width(&a) < width(&b) { 1.0 - higher(&b, &a) } else { higher(&a, &b) };
    Some(chance.clamp(0.0, 1.0))
}

/// So many pairs of steps take a density's whole span, some 18 standard deviations: steps of a 170th.
const PAIRS: u32 = 1500;

/// The probability that a value of `high` exceeds one of `low`: the integral of the density of `high`
/// times the distribution of `low`, which is carried along.
fn higher(low: &Posterior, high: &Posterior) -> f64 {
    let (from, to) = high.span();
    let mut below = below(low, from);
    let mut at_start = (low.density(from), high.density(from) * below);
    let mut sum = 0.0;
    let step = (to - from) / f64::from(2 * PAIRS);
    for (middle, end) in pairs(from, step) {
        let (in_middle, at_end) = (low.density(middle), low.density(end));
        // The integral of the parabola through three densities, over its first half and over all of it.
        let below_middle = below + step / 12.0 * (5.0 * at_start.0 + 8.0 * in_middle - at_end);
        below += step / 3.0 * (at_start.0 + 4.0 * in_middle + at_end);
        let product_at_end = high.density(end) * below;
        sum += at_start.1 + 4.0 * high.density(middle) * below_middle + product_at_end;
        at_start = (at_end, product_at_end);
    }
    sum * step / 3.0
}

/// The probability of a value below a rate.
fn below(of: &Posterior, rate: f64) -> f64 {
    let (from, to) = of.span();
    // Not `clamp`: its panic would bring the formatting of floats along into the browser.
    let step = (rate.max(from).min(to) - from) / f64::from(2 * PAIRS);
    let mut at_start = of.density(from);
    let mut sum = 0.0;
    for (middle, end) in pairs(from, step) {
        let at_end = of.density(end);
        sum += at_start + 4.0 * of.density(middle) + at_end;
        at_start = at_end;
    }
    sum * step / 3.0
}

/// The middle and the end of each pair of steps.
fn pairs(from: f64, step: f64) -> impl Iterator<Item = (f64, f64)> {
    let at = move |steps: u32| from + f64::from(steps) * step;
    (0..PAIRS).map(move |pair| (at(2 * pair + 1), at(2 * pair + 2)))
}
