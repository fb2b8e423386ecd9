//! Two versions to draw: a plausible month, the hard cases, and random ones from a seed.

use callscope_charts::{
    ActivityDay, ActivityInput, DifferenceUnit, IntervalRow, MixInput, MixSource, RateDay, RatesInput, Reading,
};
use callscope_core::period::{Date, DateRange, add_days};
use callscope_core::stats::{Interval, Proportion};

use crate::charts::inputs::{NAMES, Random};

// Differences.

pub(in crate::charts) fn row(
    label: &str,
    difference: Option<f64>,
    interval: Option<(f64, f64)>,
    reading: Reading,
) -> IntervalRow {
    let interval = interval.map(|(low, high)| Interval { low, high });
    IntervalRow { label: label.to_owned(), difference, interval, reading }
}

/// Rates of two versions, each with another reading.
pub(in crate::charts) fn differences() -> Vec<IntervalRow> {
    vec![
        row("Completion rate", Some(0.0129), Some((-0.0113, 0.0370)), Reading::Unclear),
        row("Ended by system", Some(0.0371), Some((0.0111, 0.0628)), Reading::Worse),
        row("Ended by agent", Some(-0.0400), Some((-0.0716, -0.0085)), Reading::Different),
        row("Resolved without a person", Some(0.0312), Some((0.0098, 0.0521)), Reading::Better),
        row("Ended by carrier", Some(-0.0210), None, Reading::TooFew),
        row("Positive sentiment", None, None, Reading::Unknown),
    ]
}

// Sources.

/// Everything that the chart of sources borrows.
pub(in crate::charts) struct Mixed {
    pub(in crate::charts) labels: [String; 2],
    pub(in crate::charts) sources: Vec<MixSource>,
    pub(in crate::charts) stands_out: Option<usize>,
}

impl Mixed {
    pub(in crate::charts) fn of(sources: &[(&str, Option<u64>, Option<u64>)], stands_out: Option<usize>) -> Self {
        let source =
            |(name, a, b): &(&str, Option<u64>, Option<u64>)| MixSource { name: (*name).to_owned(), a: *a, b: *b };
        Self { labels: labels(), sources: sources.iter().map(source).collect(), stands_out }
    }

    pub(in crate::charts) fn input(&self) -> MixInput<'_> {
        MixInput {
            labels: self.labels.each_ref().map(String::as_str),
            sources: &self.sources,
            stands_out: self.stands_out,
        }
    }
}

fn labels() -> [String; 2] {
    ["v14 calmer greeting".to_owned(), "v15 shorter prompts".to_owned()]
}

pub(in crate::charts) fn sources() -> Mixed {
    let counts = [
        ("user", Some(800), Some(900)),
        ("agent", Some(300), Some(280)),
        ("system", Some(150), Some(220)),
        ("unknown", Some(12), Some(9)),
    ];
    Mixed::of(&counts, Some(2))
}

/// Twelve sources, some of them in one version only.
pub(in crate::charts) fn twelve() -> Mixed {
    let names = [
        "user",
        "agent",
        "system",
        "unknown",
        "carrier",
        "sip_timeout",
        "supervisor",
        "queue",
        "ivr",
        "watchdog",
        "transfer",
        "operator_console_of_the_regional_office",
    ];
    let source = |(i, name): (usize, &str)| MixSource {
        name: name.to_owned(),
        a: Some(if i % 5 == 4 { 0 } else { 900 / (i as u64 + 1) }),
        b: Some(if i % 4 == 3 { 0 } else { 700 / (i as u64 + 2) + 40 }),
    };
    Mixed { labels: labels(), sources: names.into_iter().enumerate().map(source).collect(), stands_out: Some(5) }
}

// Days.

/// Everything that the charts of days borrow.
#[derive(Clone)]
pub(in crate::charts) struct Runs {
    pub(in crate::charts) range: DateRange,
    pub(in crate::charts) labels: [String; 2],
    pub(in crate::charts) activated: [Option<Date>; 2],
    pub(in crate::charts) rates: Vec<RateDay>,
    pub(in crate::charts) activity: Vec<ActivityDay>,
}

impl Runs {
    /// The days of a range, with the answered calls and all calls of both versions for each index.
    pub(in crate::charts) fn of(first: Date, len: i32, day: impl Fn(i32) -> [Option<(u64, u64)>; 2]) -> Self {
        let range = DateRange::new(first, add_days(first, len - 1)).unwrap();
        let days: Vec<_> = range.days().zip(0..).map(|(date, i)| (date, day(i))).collect();
        let rate = |of: Option<(u64, u64)>| of.map(|(successes, trials)| Proportion { successes, trials });
        let rates = days.iter().map(|(date, [a, b])| RateDay { date: *date, a: rate(*a), b: rate(*b) }).collect();
        let calls = |of: Option<(u64, u64)>| of.map(|(_, trials)| trials);
        let activity = days.iter().map(|(date, [a, b])| ActivityDay { date: *date, a: calls(*a), b: calls(*b) });
        Self { range, labels: labels(), activated: [None; 2], rates, activity: activity.collect() }
    }

    pub(in crate::charts) fn rates(&self) -> RatesInput<'_> {
        let labels = self.labels.each_ref().map(String::as_str);
        RatesInput { range: self.range, labels, activated: self.activated, days: &self.rates }
    }

    pub(in crate::charts) fn activity(&self) -> ActivityInput<'_> {
        let labels = self.labels.each_ref().map(String::as_str);
        ActivityInput { range: self.range, labels, days: &self.activity }
    }
}

/// May 2024: A runs until the 16th, B from there on, with two days of few calls.
pub(in crate::charts) fn may() -> Runs {
    let first = Date::constant(2024, 5, 1);
    let mut runs = Runs::of(first, 31, |i| {
        let weekday = u64::from(add_days(first, i).weekday().number_days_from_monday());
        let calls = if weekday >= 5 { 31 } else { 104 - weekday * 3 };
        let answered = |of: u64| of * (85 + (u64::from(i.unsigned_abs()) * 7_919) % 9) / 100;
        let all = |of: u64| Some((answered(of), of));
        let none = Some((0, 0));
        match i {
            0..=14 => [all(calls), none],
            15 => [all(calls / 2), all(calls / 2)],
            16 | 17 => [all(9 - i as u64 / 4), all(calls)],
            _ => [none, all(calls)],
        }
    });
    runs.activated = [Some(first), Some(Date::constant(2024, 5, 16))];
    runs
}

/// As long as a range may be: A for eight years, B from the seventh on.
pub(in crate::charts) fn ten_years() -> Runs {
    let mut runs = Runs::of(Date::constant(2016, 3, 1), 3_660, |i| {
        let calls = 40 + u64::from((i * 7_919 % 131).unsigned_abs());
        let of = |from: u64| Some((calls * (from + (u64::from(i.unsigned_abs()) * 31) % 9) / 100, calls));
        [(i < 2_900).then(|| of(80)).flatten(), (i > 2_200).then(|| of(86)).flatten()]
    });
    runs.activated = [Some(Date::constant(2016, 3, 1)), Some(Date::constant(2022, 3, 10))];
    runs
}

// Random ones.

fn name(random: &mut Random) -> String {
    match random.below(3) {
        0 => random.pick(&NAMES).to_owned(),
        1 => String::new(),
        _ => format!("v{} with a longer prompt", random.below(40)),
    }
}

pub(in crate::charts) fn random_rows(random: &mut Random) -> (Vec<IntervalRow>, DifferenceUnit) {
    let readings =
        [Reading::Better, Reading::Worse, Reading::Different, Reading::Unclear, Reading::TooFew, Reading::Unknown];
    let units = [DifferenceUnit::Points, DifferenceUnit::Count, DifferenceUnit::Seconds, DifferenceUnit::Credits];
    let magnitude = random.pick(&[1e-6, 0.01, 0.3, 1.0, 12.5, 999.0, 40_000.0, 1e9, 1e17, 1e299]);
    let missing = random.pick(&[1, 3, 1_000]);
    let rows = (0..=random.below(9))
        .map(|_| {
            let mut value = || (random.below(2_001) as f64 / 1_000.0 - 1.0) * magnitude;
            let (difference, below, above) = (value(), value().abs(), value().abs());
            let interval = if random.one_in(6) {
                Some((difference, difference))
            } else {
                (!random.one_in(4)).then_some((difference - below, difference + above))
            };
            let difference = (!random.one_in(missing)).then_some(difference);
            let label = name(random);
            row(&label, difference, interval, random.pick(&readings))
        })
        .collect();
    (rows, random.pick(&units))
}

pub(in crate::charts) fn random_sources(random: &mut Random) -> Mixed {
    let magnitude = random.pick(&[1, 3, 40, 1_250, 9_999_999, 1 << 60]);
    let known = ["user", "agent", "system", "unknown"];
    let (unknown_a, unknown_b) = (random.one_in(12), random.one_in(12));
    let mut sources = Vec::new();
    for i in 0..=random.below(12) as usize {
        let mut count = |is_unknown: bool| {
            let count = if random.one_in(4) { 0 } else { random.below(magnitude + 1) };
            (!is_unknown).then_some(count)
        };
        let (a, b) = (count(unknown_a), count(unknown_b));
        let name = match known.get(i) {
            Some(known) if !random.one_in(4) => (*known).to_owned(),
            _ => format!("{i}{}", name(random)),
        };
        sources.push(MixSource { name, a, b });
    }
    let stands_out = (!random.one_in(3)).then(|| random.below(sources.len() as u64) as usize);
    Mixed { labels: [name(random), name(random)], sources, stands_out }
}

pub(in crate::charts) fn random_runs(random: &mut Random) -> Runs {
    let len = random.pick(&[1, 2, 3, 5, 7, 8, 14, 28, 30, 31, 60, 90, 180, 366, 730, 1_100, 3_660]);
    let first = add_days(Date::constant(2015, 1, 1), random.below(3_500) as i32);
    let magnitude = random.pick(&[1, 12, 40, 1_250, 40_000, 1 << 60]);
    let missing = random.pick(&[2, 5, 30, u64::MAX]);
    let mut side = || {
        let trials = if random.one_in(5) { 0 } else { random.below(magnitude + 1) };
        let successes = if random.one_in(4) { trials } else { random.below(trials.saturating_add(1)) };
        (!random.one_in(missing)).then_some((successes, trials))
    };
    let mut days: Vec<[Option<(u64, u64)>; 2]> = (0..len).map(|_| [side(), side()]).collect();
    // A chart of which nothing is known is a case of its own.
    days[0][0] = Some((1, 2));
    let mut runs = Runs::of(first, len, |i| days[i as usize]);
    if random.one_in(3) {
        let kept = random.below(5) as usize + 2;
        // As some servers do, days are left out.
        runs.rates = runs.rates.into_iter().step_by(kept).collect();
        runs.activity = runs.activity.into_iter().step_by(kept).collect();
    }
    let mut live = || (!random.one_in(4)).then(|| add_days(first, random.below(len as u64 + 2) as i32 - 1));
    runs.activated = [live(), live()];
    runs.labels = [name(random), name(random)];
    runs
}
