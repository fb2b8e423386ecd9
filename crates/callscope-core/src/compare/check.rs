//! The server's deltas, recomputed.

use super::figures::FigureKind;
use super::model::Comparison;
use crate::finding::{Finding, FindingCode};

/// How a printed delta stands to B minus A.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DeltaCheck {
    /// It is the same number.
    Agrees,
    /// It is the same number, rounded to the digits that it has.
    AgreesAfterRounding,
    /// It is the change in percent of A, or a rate's difference in percentage points.
    IsPercentage,
    /// It is neither.
    Disagrees {
        /// B minus A.
        expected: f64,
        /// What is printed.
        printed: f64,
    },
    /// It was not printed, or a side is unknown.
    Unknown,
}

impl DeltaCheck {
    /// The check in words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::AgreesAfterRounding => "agrees after rounding",
            Self::IsPercentage => "is a percentage",
            Self::Disagrees { .. } => "disagrees",
            Self::Unknown => "unknown",
        }
    }
}

/// The five deltas of an answer, each held against B minus A.
pub fn delta_checks(comparison: &Comparison) -> [(FigureKind, DeltaCheck); 5] {
    let (a, b, printed) = (&comparison.a, &comparison.b, comparison.printed);
    let count = |count: Option<u64>| count.map(|count| count as f64);
    let millis = |secs: Option<f64>| secs.map(|secs| secs * 1000.0);
    [
        (FigureKind::Calls, check(printed.calls, count(a.calls), count(b.calls))),
        (FigureKind::Answered, check(printed.answered, count(a.answered), count(b.answered))),
        (
            FigureKind::AverageDuration,
            check(printed.average_duration_ms, millis(a.average_duration_secs), millis(b.average_duration_secs)),
        ),
        (FigureKind::Completion, check_rate(comparison)),
        (FigureKind::Cost, check(printed.cost_credits, a.cost_credits, b.cost_credits)),
    ]
}

/// The rate's delta may be made of the counts, or of the rates as printed.
fn check_rate(comparison: &Comparison) -> DeltaCheck {
    let (a, b, printed) = (&comparison.a, &comparison.b, comparison.printed.completion_rate);
    let of_counts = check(printed, a.completion_rate(), b.completion_rate());
    let of_printed = check(printed, a.printed_completion_rate, b.printed_completion_rate);
    match (of_counts, of_printed) {
        (DeltaCheck::Disagrees { .. }, DeltaCheck::Agrees) => DeltaCheck::AgreesAfterRounding,
        (DeltaCheck::Disagrees { expected, printed }, _) if is_close(printed, expected * 100.0) => {
            DeltaCheck::IsPercentage
        }
        _ => of_counts,
    }
}

/// Whether a number is another one, rounded to the digits that it has.
fn is_close(printed: f64, to: f64) -> bool {
    (printed - to).abs() <= half_of_last_digit(printed) + 1e-9 * to.abs().max(1e-3)
}

fn check(printed: Option<f64>, a: Option<f64>, b: Option<f64>) -> DeltaCheck {
    let (Some(printed), Some(a), Some(b)) = (printed, a, b) else { return DeltaCheck::Unknown };
    let expected = b - a;
    // What is lost where two large numbers are taken from each other.
    let exact = 1e-9 * a.abs().max(b.abs()).max(1e-3);
    let in_percent = (a.abs() > 0.0).then(|| expected / a * 100.0);
    match in_percent {
        _ if (printed - expected).abs() <= exact => DeltaCheck::Agrees,
        _ if (printed - expected).abs() <= half_of_last_digit(printed) + exact => DeltaCheck::AgreesAfterRounding,
        Some(percent) if is_close(printed, percent) => DeltaCheck::IsPercentage,
        _ => DeltaCheck::Disagrees { expected, printed },
    }
}

/// Half of one unit in the last digit that a number is written with, at most a half.
fn half_of_last_digit(number: f64) -> f64 {
    let text = number.to_string();
    let digits = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    (0..digits).fold(0.5, |unit, _| unit / 10.0)
}

/// A delta as the server gives it, with no more digits than tell it apart.
fn written(kind: &FigureKind, delta: f64) -> String {
    let decimals = match kind {
        FigureKind::Completion => 4,
        FigureKind::Cost => 2,
        _ => 0,
    };
    let unit = if *kind == FigureKind::AverageDuration { "\u{202f}ms" } else { "" };
    format!("{}{unit}", crate::format::signed(delta, decimals))
}

/// A finding for every delta that disagrees or is a percentage.
pub(super) fn findings(comparison: &Comparison) -> impl Iterator<Item = Finding> {
    delta_checks(comparison).into_iter().filter_map(|(kind, check)| match check {
        DeltaCheck::Disagrees { expected, printed } => {
            let [said, is] = [printed, expected].map(|number| written(&kind, number));
            let of = kind.label();
            let sentence = format!("The server's delta of \"{of}\" is {said}, but B minus A is {is}, which is shown.");
            Some(Finding::warning(FindingCode::DeltaDisagrees, sentence).with_numbers(expected, printed))
        }
        DeltaCheck::IsPercentage => {
            let of = kind.label();
            let sentence = format!("The server's delta of \"{of}\" is in percent; B minus A is shown.");
            Some(Finding::note(FindingCode::DeltaIsPercentage, sentence))
        }
        _ => None,
    })
}
