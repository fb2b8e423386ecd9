//! Who ended the calls of two versions, and which source stands out.

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
    pub stands_out: Option<usize>,
}

/// One source in both versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceShare {
    /// Its name.
    pub name: String,
    /// The calls that it ended, of A's whose hangup is counted.
    pub a: Proportion,
    /// The calls that it ended, of B's whose hangup is counted.
    pub b: Proportion,
}

impl SourceShare {
    /// B's share minus A's, as a fraction.
    pub fn difference(&self) -> Option<f64> {
        Some(self.b.rate()? - self.a.rate()?)
    }
}

impl HangupMix {
    /// Whether the mixes differ clearly: p below 0.05, and counts large enough for the test.
    pub fn is_clear(&self) -> bool {
        self.test.as_ref().is_some_and(|test| test.p < 0.05 && test.has_enough())
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
    let parts = test.iter().flat_map(|test| &test.contributions).enumerate();
    let largest = parts.max_by(|a, b| a.1.total_cmp(b.1)).filter(|(_, part)| **part > 0.0);
    Some(HangupMix { stands_out: largest.map(|(at, _)| at), sources, test })
}
