//! Mixes of open classes: whether two of them differ.

use super::special::chi_square_above;

/// The outcome of a χ² test of independence.
#[derive(Clone, Debug, PartialEq)]
pub struct ChiSquare {
    /// χ².
    pub statistic: f64,
    /// What each class adds to χ², in the order of the rows.
    pub contributions: Vec<f64>,
    /// Classes with a call, less one.
    pub degrees_of_freedom: usize,
    /// How likely mixes at least as different are where there is no difference.
    pub p: f64,
    /// How strongly the mix depends on the version, 0–1 (H. Cramér, 1946).
    pub cramers_v: f64,
    /// The smallest expected count; below 5 the test's p is not to be trusted (W. G. Cochran, 1954).
    pub smallest_expected: f64,
}

impl ChiSquare {
    /// Whether the counts are large enough for p to be trusted.
    pub fn has_enough(&self) -> bool {
        self.smallest_expected >= 5.0
    }
}

/// Pearson's χ² test of two rows of counts by class (K. Pearson, Philosophical Magazine 50, 1900), without
/// continuity correction. Classes that are empty in both rows count for nothing. Unknown where the rows
/// are not equally long, one is empty, or fewer than two classes remain.
pub fn chi_square(a: &[u64], b: &[u64]) -> Option<ChiSquare> {
    let (total_a, total_b) = totals(a, b)?;
    let all = total_a + total_b;
    let (mut statistic, mut smallest_expected, mut classes) = (0.0, f64::INFINITY, 0_usize);
    let mut contributions = Vec::with_capacity(a.len());
    for (a, b) in a.iter().zip(b).map(|(a, b)| (*a as f64, *b as f64)) {
        let mut contribution = 0.0;
        for (seen, row) in [(a, total_a), (b, total_b)].into_iter().filter(|_| a + b > 0.0) {
            let expected = row * (a + b) / all;
            contribution += (seen - expected) * (seen - expected) / expected;
            smallest_expected = expected.min(smallest_expected);
        }
        statistic += contribution;
        contributions.push(contribution);
        classes += usize::from(a + b > 0.0);
    }
    let degrees_of_freedom = classes.checked_sub(1).filter(|degrees| *degrees > 0)?;
    Some(ChiSquare {
        statistic,
        contributions,
        degrees_of_freedom,
        p: chi_square_above(statistic, degrees_of_freedom as f64),
        // With two rows the smaller side of the table less one is always 1.
        cramers_v: (statistic / all).sqrt().min(1.0),
        smallest_expected,
    })
}

/// How many each row counts.
fn totals(a: &[u64], b: &[u64]) -> Option<(f64, f64)> {
    let total = |row: &[u64]| row.iter().map(|count| *count as f64).sum::<f64>();
    let totals = (total(a), total(b));
    (a.len() == b.len() && totals.0 > 0.0 && totals.1 > 0.0).then_some(totals)
}
