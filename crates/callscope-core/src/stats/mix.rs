//! Mixes of open classes: whether two of them differ.

use super::special::gamma_upper_regularised;

/// The outcome of a χ² test of independence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChiSquare {
    /// χ².
    pub statistic: f64,
    /// Classes with a call, less one.
    pub degrees_of_freedom: usize,
    /// How likely mixes at least as different are where there is no difference.
    pub p: f64,
    /// How strongly the mix depends on the version, 0–1 (H. Cramér, 1946).
    pub cramers_v: f64,
    /// The smallest expected count; below 5 the test's p is not to be trusted (W. G. Cochran, 1954).
    pub smallest_expected: f64,
}

/// Pearson's χ² test of two rows of counts by class, without continuity correction. Classes that are
/// empty in both rows count for nothing. Unknown where a row is empty or fewer than two classes remain.
pub fn chi_square(a: &[u64], b: &[u64]) -> Option<ChiSquare> {
    let classes = || a.iter().zip(b).map(|(a, b)| (*a as f64, *b as f64)).filter(|(a, b)| a + b > 0.0);
    let (total_a, total_b) = classes().fold((0.0, 0.0), |(sum_a, sum_b), (a, b)| (sum_a + a, sum_b + b));
    let count = classes().count();
    if total_a <= 0.0 || total_b <= 0.0 || count < 2 {
        return None;
    }
    let all = total_a + total_b;
    let (mut statistic, mut smallest_expected) = (0.0, f64::INFINITY);
    for (a, b) in classes() {
        for (seen, row) in [(a, total_a), (b, total_b)] {
            let expected = row * (a + b) / all;
            statistic += (seen - expected) * (seen - expected) / expected;
            smallest_expected = expected.min(smallest_expected);
        }
    }
    let degrees_of_freedom = count - 1;
    Some(ChiSquare {
        statistic,
        degrees_of_freedom,
        p: gamma_upper_regularised(degrees_of_freedom as f64 / 2.0, statistic / 2.0),
        // With two rows the smaller side of the table less one is always 1.
        cramers_v: libm::sqrt(statistic / all),
        smallest_expected,
    })
}
