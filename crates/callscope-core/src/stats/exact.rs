//! Fisher's exact test.

use std::iter::{once, successors};

use super::Proportion;

/// Fisher's exact test, two-sided: the probability, 0–1, of all tables with the same margins that are no
/// more probable than the one that is seen (R. A. Fisher, "The Design of Experiments", 1935). Tables
/// within a ten-millionth of its probability count as equally probable, for rounding. 0 where it is
/// 1e-300 times as probable as the most probable one, or less. Unknown where the counts of a side are
/// impossible, or beyond ten thousand million.
pub fn fisher_exact(a: Proportion, b: Proportion) -> Option<f64> {
    let (a, b) = (a.countable()?, b.countable()?);
    let tables = Tables {
        successes: a.successes as f64 + b.successes as f64,
        trials_a: a.trials as f64,
        trials_b: b.trials as f64,
    };
    Some(tables.no_more_probable_than(a.successes as f64))
}

/// The tables with the same margins, each told by A's successes.
struct Tables {
    successes: f64,
    trials_a: f64,
    trials_b: f64,
}

/// A table, and its probability as a multiple of that of the most probable one.
type Weighted = (f64, f64);

impl Tables {
    fn no_more_probable_than(&self, seen: f64) -> f64 {
        let Some((_, weight)) = self.all().find(|(table, _)| (table - seen).abs() < 0.5) else {
            return 0.0;
        };
        let most = weight * (1.0 + 1e-7);
        let (rare, all) = self.all().fold((0.0, 0.0), |(rare, all), (_, weight)| {
            (if weight <= most { rare + weight } else { rare }, all + weight)
        });
        rare / all
    }

    /// All tables that are not negligible, from the most probable one upwards, then downwards. Walked
    /// twice rather than kept: there may be a million.
    fn all(&self) -> impl Iterator<Item = Weighted> {
        const NEGLIGIBLE: f64 = 1e-300;
        let first = (self.most_probable(), 1.0);
        let kept = |next: Weighted| (next.1 > NEGLIGIBLE).then_some(next);
        let up = successors(Some(first), move |(table, weight)| kept((table + 1.0, weight * self.step_up(*table))));
        let down = successors(Some(first), move |(table, weight)| kept((table - 1.0, weight * self.step_down(*table))));
        once(first).chain(up.skip(1)).chain(down.skip(1))
    }

    fn most_probable(&self) -> f64 {
        let mode = (self.successes + 1.0) * (self.trials_a + 1.0) / (self.trials_a + self.trials_b + 2.0);
        // Rounding must not lead out of the tables that there are.
        mode.floor().max(self.successes - self.trials_b).max(0.0).min(self.successes).min(self.trials_a)
    }

    /// How much more probable the table with one more success is; 0 where there is none.
    fn step_up(&self, table: f64) -> f64 {
        let failures_b = self.trials_b - self.successes + table;
        (self.successes - table) * (self.trials_a - table) / ((table + 1.0) * (failures_b + 1.0))
    }

    /// How much more probable the table with one success less is; 0 where there is none.
    fn step_down(&self, table: f64) -> f64 {
        let failures_b = self.trials_b - self.successes + table;
        table * failures_b / ((self.successes - table + 1.0) * (self.trials_a - table + 1.0))
    }
}
