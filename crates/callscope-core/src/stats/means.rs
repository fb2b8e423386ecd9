//! Means of two versions, where the calls themselves are known.

use super::Interval;
use super::special::student_975;

/// Count, mean and spread of values, taken in one by one and mergeable (B. P. Welford, Technometrics
/// 4, 1962; T. F. Chan, G. H. Golub & R. J. `LeVeque`, 1979).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Takes one value in. One that is not finite is left out.
    pub fn push(&mut self, value: f64) {
        if value.is_finite() {
            self.merge(&Self { count: 1, mean: value, squares: 0.0 });
        }
    }

    /// Takes in everything that another holds.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        let (n, m) = (self.count as f64, other.count as f64);
        let apart = other.mean - self.mean;
        self.count = self.count.saturating_add(other.count);
        self.mean += apart * (m / (n + m));
        self.squares += other.squares + apart * apart * (n * m / (n + m));
    }

    /// How many values were taken in.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean; unknown without a value.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// Their sample variance; unknown for fewer than two.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }
}

/// The 95 % interval of the difference `b − a` of two means with unequal variances (B. L. Welch,
/// Biometrika 34, 1947; degrees of freedom after Satterthwaite, 1946). Unknown for fewer than two
/// values on a side; without any spread it is the difference itself.
pub fn welch(a: &Moments, b: &Moments) -> Option<Interval> {
    let (per_a, per_b) = (a.variance()? / a.count as f64, b.variance()? / b.count as f64);
    let difference = b.mean - a.mean;
    let variance = per_a + per_b;
    if variance <= 0.0 {
        return Some(Interval { low: difference, high: difference });
    }
    let (free_a, free_b) = ((a.count - 1) as f64, (b.count - 1) as f64);
    let freedom = variance * variance / (per_a * per_a / free_a + per_b * per_b / free_b);
    let reach = student_975(freedom) * libm::sqrt(variance);
    Some(Interval { low: difference - reach, high: difference + reach })
}

/// So many resamples at least, and at most.
const RESAMPLES: (usize, usize) = (400, 2000);
/// About so many draws in all, as long as the least number of resamples allows: 200,000 values take a
/// quarter of a second.
const DRAWS: usize = 40_000_000;

/// The 95 % interval of the difference `b − a` of two means by the percentile bootstrap (B. Efron &
/// R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13): for costs, whose few
/// large values a normal interval does not know of. The same seed gives the same interval everywhere.
/// Values that are not finite are left out; unknown for fewer than two on a side.
pub fn bootstrap_mean_difference(a: &[f64], b: &[f64], seed: u64) -> Option<Interval> {
    let finite = |values: &[f64]| values.iter().copied().filter(|value| value.is_finite()).collect::<Vec<_>>();
    let (a, b) = (finite(a), finite(b));
    if a.len() < 2 || b.len() < 2 {
        return None;
    }
    let resamples = (DRAWS / (a.len() + b.len())).clamp(RESAMPLES.0, RESAMPLES.1);
    let mut random = oorandom::Rand32::new(seed);
    let mut differences: Vec<f64> =
        (0..resamples).map(|_| -resampled_mean(&a, &mut random) + resampled_mean(&b, &mut random)).collect();
    differences.sort_unstable_by(f64::total_cmp);
    // As many are left out below as above.
    let low = (0.025 * (resamples - 1) as f64) as usize;
    Some(Interval { low: *differences.get(low)?, high: *differences.get(resamples - 1 - low)? })
}

fn resampled_mean(values: &[f64], random: &mut oorandom::Rand32) -> f64 {
    let count = values.len() as u32;
    let draw = |_| values.get(random.rand_range(0..count) as usize).copied().unwrap_or(0.0);
    (0..count).map(draw).sum::<f64>() / f64::from(count)
}
