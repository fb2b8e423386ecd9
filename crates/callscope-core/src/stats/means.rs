//! Means of two versions, where the calls themselves are known.

use super::Interval;
use super::special::student_975;

/// Count, mean and spread of values in their own unit, taken in one by one and mergeable (B. P. Welford,
/// Technometrics 4, 1962; T. F. Chan, G. H. Golub & R. J. `LeVeque`, The American Statistician 37, 1983).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    count: u64,
    mean: f64,
    /// The sum of the squared distances from the mean.
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

    /// Their sample variance, in the square of the unit; unknown for fewer than two.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }

    /// The variance of the mean of as many values drawn from these with replacement.
    pub(super) fn variance_of_resampled_mean(&self) -> f64 {
        self.squares / self.count as f64 / self.count as f64
    }
}

/// Half of the 95 % interval of the difference of two means with unequal variances (B. L. Welch,
/// Biometrika 34, 1947; degrees of freedom after F. E. Satterthwaite, Biometrics Bulletin 2, 1946).
/// Unknown for fewer than two values on a side.
pub(super) fn reach(a: &Moments, b: &Moments) -> Option<f64> {
    let (per_a, per_b) = (a.variance()? / a.count as f64, b.variance()? / b.count as f64);
    let variance = per_a + per_b;
    if variance <= 0.0 {
        return Some(0.0);
    }
    // As shares, because the squares of very small or large variances do not fit into a double.
    let (share_a, share_b) = (per_a / variance, per_b / variance);
    let (free_a, free_b) = ((a.count - 1) as f64, (b.count - 1) as f64);
    let freedom = 1.0 / (share_a * share_a / free_a + share_b * share_b / free_b);
    Some(student_975(freedom) * variance.sqrt())
}

/// The 95 % interval of the difference `b − a` of two means, in the values' unit, by Welch's method.
/// Unknown for fewer than two values on a side; without any spread it is the difference itself.
pub fn welch(a: &Moments, b: &Moments) -> Option<Interval> {
    let (difference, reach) = (b.mean - a.mean, reach(a, b)?);
    Interval { low: difference - reach, high: difference + reach }.finite()
}

/// The 95 % interval of a mean, in the values' unit, by Student's distribution (W. S. Gosset, Biometrika 6,
/// 1908). Unknown for fewer than two values, and where all are equal: then nothing is known of their spread.
pub fn mean_interval(of: &Moments) -> Option<Interval> {
    let error = (of.variance()? / of.count as f64).sqrt();
    if error <= 0.0 {
        return None;
    }
    let reach = student_975((of.count - 1) as f64) * error;
    Interval { low: of.mean - reach, high: of.mean + reach }.finite()
}
