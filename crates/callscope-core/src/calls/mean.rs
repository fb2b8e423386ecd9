//! A mean that can be merged in any order.

use serde::{Deserialize, Serialize};

/// A sum in millionths with its count. Integers make the sum exact, so that merging is associative
/// and commutative to the last bit, which adding floats is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mean {
    sum_millionths: i128,
    count: u64,
}

impl Mean {
    const MILLION: f64 = 1e6;
    /// Larger values are no measurement of a call; they are held here so that nothing overflows.
    const LARGEST: f64 = 1e18;

    /// Takes one value in. One that is not finite is left out.
    pub fn add(&mut self, value: f64) {
        if value.is_finite() {
            let held = value.clamp(-Self::LARGEST, Self::LARGEST);
            self.sum_millionths = self.sum_millionths.saturating_add((held * Self::MILLION).round() as i128);
            self.count = self.count.saturating_add(1);
        }
    }

    /// Takes in everything that another mean holds.
    pub fn merge(&mut self, other: Self) {
        self.sum_millionths = self.sum_millionths.saturating_add(other.sum_millionths);
        self.count = self.count.saturating_add(other.count);
    }

    /// How many values were taken in.
    pub fn count(self) -> u64 {
        self.count
    }

    /// The sum of the values.
    pub fn sum(self) -> f64 {
        self.sum_millionths as f64 / Self::MILLION
    }

    /// The mean, unknown where there is no value.
    pub fn value(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum_millionths as f64 / Self::MILLION / self.count as f64)
    }
}
