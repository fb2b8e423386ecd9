//! Who ended the calls of two versions, and which source moved most.

use super::figures::sources;
use super::model::Comparison;
use crate::stats::{ChiSquare, Proportion, chi_square};

/// The hangup mix of both versions.
#[derive(Clone, Debug, PartialEq)]
pub struct HangupMix {
    /// Every source that either version names.
    pub sources: Vec<SourceShare>,
    /// The χ² test of independence; none where there is nothing to test.
    pub test: Option<ChiSquare>,
    /// Which source adds most to χ², as an index into the sources; none without a test.
    pub moved_most: Option<usize>,
}

/// One source in both versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceShare {
    /// Its name.
    pub name: String,
    /// The calls that it ended, of all of A's.
    pub a: Proportion,
    /// The calls that it ended, of all of B's.
    pub b: Proportion,
}

impl SourceShare {
    /// B's share minus A's, as a fraction.
    pub fn difference(&self) -> Option<f64> {
        Some(self.b.rate()? - self.a.rate()?)
    }

    /// What this source adds to χ².
    fn contribution(&self) -> f64 {
        let trials = (self.a.trials + self.b.trials) as f64;
        let pooled = (self.a.successes + self.b.successes) as f64 / trials;
        let part = |of: Proportion| {
            let expected = pooled * of.trials as f64;
            let off = of.successes as f64 - expected;
            if expected > 0.0 { off * off / expected } else { 0.0 }
        };
        part(self.a) + part(self.b)
    }
}

impl HangupMix {
    /// Whether the mixes differ clearly: p below 0.05, and counts large enough for the test.
    pub fn is_clear(&self) -> bool {
        self.test.as_ref().is_some_and(|test| test.p < 0.05 && test.smallest_expected >= 5.0)
    }
}

/// The hangup mix of a comparison; none where a version's is unknown.
pub fn hangup_mix(comparison: &Comparison) -> Option<HangupMix> {
    let share = |name: String| {
        let (a, b) = (comparison.a.ended_by(&name)?, comparison.b.ended_by(&name)?);
        Some(SourceShare { name, a, b })
    };
    let sources: Vec<SourceShare> = sources(comparison).into_iter().map(share).collect::<Option<_>>()?;
    if sources.is_empty() {
        return None;
    }
    let counts = |of: fn(&SourceShare) -> u64| sources.iter().map(of).collect::<Vec<_>>();
    let test = chi_square(&counts(|source| source.a.successes), &counts(|source| source.b.successes));
    let largest = sources.iter().map(SourceShare::contribution).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
    let moved_most = largest.filter(|(_, contribution)| test.is_some() && *contribution > 0.0).map(|(i, _)| i);
    Some(HangupMix { sources, test, moved_most })
}
