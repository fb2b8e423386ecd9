//! What a comparison says, in plain sentences.

use super::figures::{Basis, Claim, Figure, FigureKind, Unit};
use super::model::{Comparison, ComparisonContext};
use crate::format;
use crate::period::DateRange;
use crate::usage::Better;

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its text.
    pub text: String,
    /// Whether it is what the sentence is about.
    pub is_strong: bool,
}

/// What may be said of two versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The sentences, each a run of pieces: first what is clearly different, then what is not.
    pub sentences: Vec<Vec<Span>>,
    /// On what the sentences rest, in one line; empty where there is no interval to rest on.
    pub rests_on: String,
}

impl Verdict {
    /// The sentences as plain text.
    pub fn plain(&self) -> String {
        let plain = |sentence: &Vec<Span>| sentence.iter().map(|span| span.text.as_str()).collect::<String>();
        self.sentences.iter().map(plain).collect::<Vec<_>>().join(" ")
    }
}

/// The verdict of a comparison, from its figures.
pub fn verdict(comparison: &Comparison, figures: &[Figure], basis: Basis) -> Verdict {
    let has_intervals = figures.iter().any(|figure| figure.interval.is_some());
    let rests_on = if has_intervals { basis.words() } else { "" };
    Verdict { sentences: sentences(comparison, figures, basis), rests_on: rests_on.to_owned() }
}

fn sentences(comparison: &Comparison, figures: &[Figure], basis: Basis) -> Vec<Vec<Span>> {
    if let Some(sentence) = nothing_to_compare(comparison) {
        return vec![vec![plain(sentence)]];
    }
    let is_rate = |figure: &&Figure| figure.kind.unit() == Unit::Rate;
    let is_weighed = |figure: &&Figure| figure.interval.is_some() || figure.claim == Claim::TooFewCalls;
    let rates = || figures.iter().filter(is_rate).filter(is_weighed);
    let clear = || rates().filter(|figure| matches!(figure.claim, Claim::Higher | Claim::Lower));
    // What has a good and a bad side comes before what has none.
    let judged = clear().filter(|figure| figure.kind.better() != Better::Neither);
    let mut sentences: Vec<Vec<Span>> = judged.map(clear_sentence).collect();
    if sentences.is_empty() {
        sentences.extend(clear().max_by(|a, b| size(a).total_cmp(&size(b))).map(clear_sentence));
    }
    let completion = figures.iter().find(|figure| figure.kind == FigureKind::Completion);
    sentences.extend(completion.and_then(|completion| open_sentence(comparison, completion, basis)));
    let others = || rates().filter(|figure| figure.kind != FigureKind::Completion);
    let unsettled = others().filter(|figure| figure.is_clear_at_one_look && figure.kind.better() != Better::Neither);
    sentences.extend(unsettled.map(unsettled_sentence));
    let is_open = |figure: &Figure| figure.claim == Claim::NoClearDifference && !figure.is_clear_at_one_look;
    sentences.extend(figures.iter().filter(|figure| !is_rate(figure)).filter_map(mean_sentence));
    // "Either": the completion rate's sentence has just said the same.
    if others().next().is_some() && others().all(is_open) && completion.is_some_and(is_open) {
        sentences.push(vec![plain("Who ended the calls does not differ clearly either.")]);
    }
    sentences
}

/// What the calls themselves tell of a mean: "B's average duration is 28.0 s against 32.0 s, clearly lower."
fn mean_sentence(figure: &Figure) -> Option<Vec<Span>> {
    let words = figure.words();
    let end = match figure.claim {
        Claim::Higher => ", clearly higher.",
        Claim::Lower => ", clearly lower.",
        _ if figure.is_clear_at_one_look => "; one look would call that clear, but calls may still come in.",
        _ => return None,
    };
    let label = figure.kind.label().to_lowercase();
    Some(vec![plain(format!("B's {label} is ")), strong(format!("{} against {}", words.b, words.a)), plain(end)])
}

fn size(figure: &Figure) -> f64 {
    figure.difference.unwrap_or(0.0).abs()
}

fn nothing_to_compare(comparison: &Comparison) -> Option<String> {
    let none = |calls: Option<u64>| calls == Some(0);
    match (none(comparison.a.calls), none(comparison.b.calls)) {
        (true, true) => Some("Neither version took a call in this range, so there is nothing to compare.".to_owned()),
        (true, false) => Some("A took no call in this range, so there is nothing to compare B with.".to_owned()),
        (false, true) => Some("B took no call in this range, so there is nothing to compare.".to_owned()),
        (false, false) => None,
    }
}

/// What one look would call clear, and watching does not yet.
fn unsettled_sentence(figure: &Figure) -> Vec<Span> {
    let mut sentence = compared(figure, figure.difference > Some(0.0));
    sentence.push(plain("; one look would call that clear, but calls may still come in."));
    sentence
}

/// "B completes more of its calls than A: 89.3 % against 86.0 %, clearly higher."
fn clear_sentence(figure: &Figure) -> Vec<Span> {
    let is_higher = figure.claim == Claim::Higher;
    let mut sentence = compared(figure, is_higher);
    sentence.push(plain(if is_higher { ", clearly higher." } else { ", clearly lower." }));
    sentence
}

/// "B completes more of its calls than A: 89.3 % against 86.0 %"
fn compared(figure: &Figure, is_more: bool) -> Vec<Span> {
    let lead = match &figure.kind {
        FigureKind::EndedBy(source) => {
            let share = if is_more { "larger" } else { "smaller" };
            format!("A {share} share of B's calls than of A's was ended by {source}: ")
        }
        _ => format!("B completes {} of its calls than A: ", if is_more { "more" } else { "fewer" }),
    };
    let written = |rate: Option<f64>| rate.map_or_else(|| format::UNKNOWN.to_owned(), format::percent);
    vec![plain(lead), strong(format!("{} against {}", written(figure.b), written(figure.a)))]
}

/// What is to be said of the completion rate where it is not clearly different.
fn open_sentence(comparison: &Comparison, figure: &Figure, basis: Basis) -> Option<Vec<Span>> {
    match figure.claim {
        Claim::NoClearDifference => Some(unclear_sentence(comparison, figure, basis)),
        Claim::TooFewCalls => {
            let count = |calls: Option<u64>| calls.map_or_else(|| format::UNKNOWN.to_owned(), format::count);
            let counts = format!("{} and {} calls", count(comparison.a.calls), count(comparison.b.calls));
            Some(vec![
                plain("With "),
                strong(counts),
                plain(" there are too few to say whether the completion rate differs."),
            ])
        }
        Claim::Unknown | Claim::NeedsCalls => {
            let sentence =
                "Whether the completion rate differs is unknown: the counts of a side are missing or cannot be.";
            Some(vec![plain(sentence)])
        }
        _ => None,
    }
}

fn unclear_sentence(comparison: &Comparison, figure: &Figure, basis: Basis) -> Vec<Span> {
    let points = figure.difference.unwrap_or(0.0) * 100.0;
    let written = format::number(points.abs(), 1);
    let is_zero = written.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if is_zero {
        return vec![
            plain("The completion rates are "),
            strong("the same to a tenth of a point".to_owned()),
            plain("."),
        ];
    }
    let height = if points > 0.0 { "higher" } else { "lower" };
    if figure.is_clear_at_one_look {
        return vec![
            plain("B's completion rate is "),
            strong(format!("{written} points {height}")),
            plain(". One look would call that clear; as calls may still come in, it is not settled yet."),
        ];
    }
    let mut sentence = vec![
        plain("B's completion rate is "),
        strong(format!("{written} points {height}")),
        plain(", which may be chance"),
    ];
    match needed(comparison, figure) {
        Some(Needed::Calls(missing)) => {
            sentence.push(plain(": about "));
            sentence.push(strong(missing.words()));
            if let Some(time) = missing.days.map(duration) {
                sentence.push(plain(format!(", {time} at the volume of these days,")));
            }
            sentence.push(plain(format!(" {}.", settles(basis))));
            if basis == Basis::AlwaysValid {
                sentence.push(plain(" Watched every day it takes more."));
            }
        }
        Some(Needed::TooMany) => sentence.push(plain(": it is too small for calls like these to tell.")),
        None => sentence.push(plain(".")),
    }
    sentence
}

/// What the calls that are missing would do. Their number is for 80 % power and one look: more than
/// that must not be promised.
fn settles(basis: Basis) -> &'static str {
    match basis {
        Basis::Fixed => "would probably settle it",
        Basis::AlwaysValid => "would probably settle it at one look",
    }
}

/// What it takes to settle a difference as large as the one that is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Needed {
    /// So many calls.
    Calls(MissingCalls),
    /// So many times the calls there are that nobody could collect them.
    TooMany,
}

impl Needed {
    /// The same in a few words; for how many looks is said elsewhere.
    pub fn words(self) -> String {
        match self {
            Self::Calls(missing) => format!("about {}", missing.words()),
            Self::TooMany => "too small to tell".to_owned(),
        }
    }
}

/// Calls that a comparison lacks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MissingCalls {
    /// Those that A lacks.
    pub a: u64,
    /// Those that B lacks.
    pub b: u64,
    /// Days in which as many calls come, at the volume of the range; unknown without its length, or
    /// where a version is not live.
    pub days: Option<f64>,
}

impl MissingCalls {
    /// "8,231 more calls per version": the mean of both, or those of the only one that lacks some.
    fn words(self) -> String {
        let count = |count| format::count(count);
        match (self.a, self.b) {
            (0, b) => format!("{} more calls of B", count(b)),
            (a, 0) => format!("{} more calls of A", count(a)),
            (a, b) => format!("{} more calls per version", count(a.midpoint(b))),
        }
    }
}

/// A difference that needs so many times the calls there are is too small for calls like these to tell.
const TOO_MANY: f64 = 20.0;

/// What a rate's difference needs; none where it is clear, zero or unknown, or where the calls are
/// there already and only bad luck hid it.
pub fn needed(comparison: &Comparison, figure: &Figure) -> Option<Needed> {
    let target = figure.calls_needed.filter(|_| !figure.is_clear_at_one_look)?;
    let (a, b) = (comparison.a.calls? as f64, comparison.b.calls? as f64);
    let lacks = |calls: f64| libm::round((target - calls).max(0.0));
    let missing = lacks(a) + lacks(b);
    if missing < 1.0 {
        return None;
    }
    if missing >= TOO_MANY * (a + b) {
        return Some(Needed::TooMany);
    }
    // A version that is not live gets no more calls, at any volume.
    let has_ended = |context: &ComparisonContext| context.a.is_live == Some(false) || context.b.is_live == Some(false);
    let days = days_spanned(comparison).filter(|_| !comparison.context.as_ref().is_some_and(has_ended));
    let days = days.map(|days| missing / ((a + b) / days));
    Some(Needed::Calls(MissingCalls { a: lacks(a) as u64, b: lacks(b) as u64, days }))
}

/// The days that the calls lie in: from the first to the last day on which either version ran, else
/// the days asked for.
fn days_spanned(comparison: &Comparison) -> Option<f64> {
    let ran = comparison.context.as_ref().and_then(|context| {
        let (a, b) = (context.a.ran()?, context.b.ran()?);
        Some(crate::period::days_between(a.first().min(b.first()), a.last().max(b.last())) + 1)
    });
    let asked = || comparison.b.period.map(DateRange::len_days);
    ran.or_else(asked).map(f64::from)
}

/// Days as people say them: days, weeks, or years.
fn duration(days: f64) -> String {
    let (value, unit) = match days {
        _ if days < 14.0 => (days, "day"),
        _ if days < 730.0 => (days / 7.0, "week"),
        _ => (days / 365.25, "year"),
    };
    let whole = libm::ceil(value).max(1.0);
    format!("{} {unit}{}", format::number(whole, 0), if whole > 1.0 { "s" } else { "" })
}

fn plain(text: impl Into<String>) -> Span {
    Span { text: text.into(), is_strong: false }
}

fn strong(text: String) -> Span {
    Span { text, is_strong: true }
}
