//! What a comparison is checked for.

use super::check;
use super::model::{Comparison, VersionFigures};
use super::read::Asked;
use crate::{Finding, FindingCode};

/// Holds a comparison against itself and against what was asked.
pub(super) fn audit(comparison: &Comparison, asked: &Asked, findings: &mut Vec<Finding>) {
    for (side, figures) in [("A", &comparison.a), ("B", &comparison.b)] {
        findings.extend(answered(side, figures));
        findings.extend(hangups(side, figures));
        findings.extend(completion_rate(side, figures));
    }
    findings.extend(periods(comparison, asked));
    findings.extend(check::findings(comparison));
    if asked.version_a == asked.version_b {
        let sentence = "A and B are the same version: every difference is zero.";
        findings.push(Finding::note(FindingCode::SameVersion, sentence));
    }
}

fn answered(side: &str, figures: &VersionFigures) -> Option<Finding> {
    let (answered, calls) = (figures.answered?, figures.calls?);
    let sentence =
        format!("{side} has {answered} answered calls of {calls}, which cannot be; no rate is made of them.");
    let finding = Finding::warning(FindingCode::AnsweredAboveTotal, sentence);
    (answered > calls).then(|| finding.with_numbers(calls as f64, answered as f64))
}

fn hangups(side: &str, figures: &VersionFigures) -> Option<Finding> {
    let calls = figures.calls?;
    let sum = figures.hangups.as_ref()?.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
    let sentence = format!("{side}'s hangups by source sum to {sum}, its calls are {calls}; shares are of {sum}.");
    let finding = Finding::warning(FindingCode::HangupsSum, sentence);
    (sum != calls).then(|| finding.with_numbers(calls as f64, sum as f64))
}

/// The rate may be printed with two decimals; beyond half of the last one it is another rate.
fn completion_rate(side: &str, figures: &VersionFigures) -> Option<Finding> {
    const ROUNDING: f64 = 0.005_000_1;
    let (printed, counted) = (figures.printed_completion_rate?, figures.completion()?.rate()?);
    let sentence = format!(
        "{side}'s completion rate is given as {printed}, its counts give {}; the counts are shown.",
        crate::format::number(counted, 4)
    );
    let finding = Finding::warning(FindingCode::RateAgainstCounts, sentence);
    ((printed - counted).abs() > ROUNDING).then(|| finding.with_numbers(counted, printed))
}

fn periods(comparison: &Comparison, asked: &Asked) -> Option<Finding> {
    let (a, b) = (comparison.a.period?, comparison.b.period?);
    let written = |range: crate::period::DateRange| crate::format::date_range(range.first(), range.last());
    if a != b {
        let sentence = format!("The figures of A are of {}, those of B of {}.", written(a), written(b));
        return Some(Finding::warning(FindingCode::PeriodsDiffer, sentence));
    }
    let range = asked.range.filter(|range| *range != b)?;
    let sentence = format!("The figures are of {}, though {} was asked for.", written(b), written(range));
    Some(Finding::warning(FindingCode::PeriodNotAsked, sentence))
}
