//! What else differs between the two versions: what a difference of their figures may come from
//! besides the version. It is said, never weighed in, and never called a cause.

use super::model::{Comparison, RunDay, VersionRun};
use crate::diff::ConfigDiff;
use crate::format;
use crate::period::{Date, DateRange};
use crate::stats::{Proportion, chi_square, newcombe};

/// In what the two versions' calls differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfounderKind {
    /// The days on which they ran.
    Period,
    /// The weekdays of their calls.
    Weekdays,
    /// The hours of their calls.
    Hours,
    /// The types of their calls.
    Types,
    /// The share of test calls.
    TestCalls,
    /// What is asked after a call.
    MetricConfiguration,
    /// A clear difference of the completion rates that most of falls on one day.
    OneDay,
}

/// One difference, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confounder {
    /// In what.
    pub kind: ConfounderKind,
    /// One plain sentence with the numbers.
    pub sentence: String,
}

/// A mix counts as different from this strength of association on, Cramér's V: a small effect
/// (J. Cohen, 1988). Large counts make any mix "differ" by its p alone.
const LEAST_CRAMERS_V: f64 = 0.1;
/// The largest p at which a mix counts as different: below a twentieth, as five mixes are looked at.
const MOST_P: f64 = 0.01;

/// Everything in which the two versions' calls differ. Empty where the server does not say how they
/// ran, except for what the configuration tells.
pub fn confounders(comparison: &Comparison) -> Vec<Confounder> {
    let mut found: Vec<Confounder> = one_day(comparison).into_iter().collect();
    if let Some(context) = &comparison.context {
        let (a, b) = (&context.a, &context.b);
        found.extend(period(a, b));
        found.extend(weekdays(a, b));
        found.extend(hours(a, b));
        found.extend(types(a, b));
        found.extend(test_calls(a, b));
    }
    if comparison.config.as_ref().is_some_and(ConfigDiff::touches_metrics) {
        let sentence =
            "What is asked after a call changed between the two: results of post-call metrics are not comparable.";
        found.push(Confounder { kind: ConfounderKind::MetricConfiguration, sentence: sentence.to_owned() });
    }
    found
}

/// The day without which a clear difference of the completion rates would be at most half as large,
/// and no longer clear, both at one look. None where the days do not add up to the figures.
fn one_day(comparison: &Comparison) -> Option<Confounder> {
    let context = comparison.context.as_ref()?;
    let (a, b) = (comparison.a.completion()?, comparison.b.completion()?);
    let (days_a, days_b) = (&context.a.days, &context.b.days);
    if !newcombe(a, b)?.excludes_zero() || !add_up(days_a, a) || !add_up(days_b, b) {
        return None;
    }
    let without = |date: Date| {
        let (a, b) = (less(a, days_a, date), less(b, days_b, date));
        Some((date, b.rate()? - a.rate()?, a, b))
    };
    let rests = days_a.iter().chain(days_b).filter_map(|day| without(day.date));
    let (date, rest, rest_a, rest_b) = rests.min_by(|x, y| x.1.abs().total_cmp(&y.1.abs()))?;
    let whole = b.rate()? - a.rate()?;
    let is_most = rest * whole <= 0.0 || rest.abs() * 2.0 <= whole.abs();
    if !is_most || newcombe(rest_a, rest_b)?.excludes_zero() {
        return None;
    }
    let sentence = format!(
        "Most of the difference of the completion rates falls on {}: without that day it is {} instead of {}, which even one look would not call clear.",
        format::long_date(date),
        format::points(rest),
        format::points(whole)
    );
    Some(Confounder { kind: ConfounderKind::OneDay, sentence })
}

fn add_up(days: &[RunDay], whole: Proportion) -> bool {
    let sum = |count: fn(&RunDay) -> u64| days.iter().try_fold(0_u64, |sum, day| sum.checked_add(count(day)));
    sum(|day| day.calls) == Some(whole.trials) && sum(|day| day.answered) == Some(whole.successes)
}

/// The calls of all days but one, whose days add up to them.
fn less(whole: Proportion, days: &[RunDay], date: Date) -> Proportion {
    days.iter().filter(|day| day.date == date).fold(whole, |rest, day| Proportion {
        successes: rest.successes.saturating_sub(day.answered),
        trials: rest.trials.saturating_sub(day.calls),
    })
}

fn period(a: &VersionRun, b: &VersionRun) -> Option<Confounder> {
    let (a, b) = (a.ran()?, b.ran()?);
    if a == b {
        return None;
    }
    let how = if shared_days(a, b) <= 1 { "one after the other" } else { "partly at the same time" };
    let range = |range: DateRange| format::date_range(range.first(), range.last());
    let sentence = format!("A ran {}, B {}: {how}.", range(a), range(b));
    Some(Confounder { kind: ConfounderKind::Period, sentence })
}

fn shared_days(a: DateRange, b: DateRange) -> i32 {
    let (first, last) = (a.first().max(b.first()), a.last().min(b.last()));
    crate::period::days_between(first, last) + 1
}

fn weekdays(a: &VersionRun, b: &VersionRun) -> Option<Confounder> {
    const NAMES: [&str; 7] = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
    let (at, shares) = largest_gap(&a.weekdays?, &b.weekdays?)?;
    let sentence = format!("Weekdays differ, most on {}: {shares}.", NAMES.get(at)?);
    Some(Confounder { kind: ConfounderKind::Weekdays, sentence })
}

fn hours(a: &VersionRun, b: &VersionRun) -> Option<Confounder> {
    let (at, shares) = largest_gap(&a.hours?, &b.hours?)?;
    let sentence = format!("Hours of the day differ, most from {}: {shares}.", format::hour(at as u8));
    Some(Confounder { kind: ConfounderKind::Hours, sentence })
}

fn types(a: &VersionRun, b: &VersionRun) -> Option<Confounder> {
    let mut names: Vec<&str> = a.types.iter().chain(&b.types).map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let of = |run: &VersionRun| -> Vec<u64> {
        let count = |name: &&str| run.types.iter().find(|(of, _)| of == name).map_or(0, |(_, count)| *count);
        names.iter().map(count).collect()
    };
    let (at, shares) = largest_gap(&of(a), &of(b))?;
    let sentence = format!("Types of calls differ, most {}: {shares}.", names.get(at)?);
    Some(Confounder { kind: ConfounderKind::Types, sentence })
}

fn test_calls(a: &VersionRun, b: &VersionRun) -> Option<Confounder> {
    let share = |run: &VersionRun| {
        let trials = run.days.iter().map(|day| day.calls).sum();
        run.test_calls.map(|successes| Proportion { successes, trials })
    };
    let (a, b) = (share(a)?, share(b)?);
    let is_clear = a.is_enough_with(b) && newcombe(a, b)?.excludes_zero();
    let shares = shares(a, b)?;
    let sentence = format!("The share of test calls differs: {shares}.");
    is_clear.then_some(Confounder { kind: ConfounderKind::TestCalls, sentence })
}

/// The class whose share differs most between two mixes, and its shares in words; none where the mixes
/// are alike.
fn largest_gap(a: &[u64], b: &[u64]) -> Option<(usize, String)> {
    let test = chi_square(a, b)?;
    if test.p >= MOST_P || test.cramers_v < LEAST_CRAMERS_V || !test.has_enough() {
        return None;
    }
    let totals: [u64; 2] = [a.iter().sum(), b.iter().sum()];
    let of = |successes: &u64, trials: u64| Proportion { successes: *successes, trials };
    let pairs = a.iter().zip(b).map(|(a, b)| (of(a, totals[0]), of(b, totals[1])));
    let gap = |(a, b): &(Proportion, Proportion)| (b.rate().unwrap_or(0.0) - a.rate().unwrap_or(0.0)).abs();
    let (at, (a, b)) = pairs.enumerate().max_by(|x, y| gap(&x.1).total_cmp(&gap(&y.1)))?;
    Some((at, shares(a, b)?))
}

fn shares(a: Proportion, b: Proportion) -> Option<String> {
    Some(format!("{} of B's calls, {} of A's", format::percent(b.rate()?), format::percent(a.rate()?)))
}
