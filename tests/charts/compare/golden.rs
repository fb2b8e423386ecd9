//! Pictures of two versions, as text.

use callscope_charts::{
    ACTIVITY_HEIGHT_CSS_PX, ApproximateText, DifferenceUnit, IntervalRow, IntervalsInput, MixSource, Reading, Scene,
    Size, Theme, activity, intervals, intervals_height, mix, mix_height, rates,
};
use callscope_core::period::Date;

use super::inputs::{Mixed, Runs, differences, may, row, sources, ten_years, twelve};
use crate::charts::golden::{Case, NARROW, case, check, matrix};
use crate::charts::inputs::{NAMES, size};

const UNIT: DifferenceUnit = DifferenceUnit::Points;

fn intervals_chart(rows: &[IntervalRow], unit: DifferenceUnit, size: Size, theme: &Theme) -> Scene {
    intervals(&IntervalsInput { rows, unit }, size, theme, &ApproximateText)
}

pub(in crate::charts) fn intervals_cases() -> Vec<Case> {
    let height = |rows: usize| intervals_height(rows) as u32;
    let usual = differences();
    let mut cases = matrix("intervals", height(6), |size, theme| intervals_chart(&usual, UNIT, size, theme));
    let zero_width = vec![
        row("Completion rate", Some(0.0), Some((0.0, 0.0)), Reading::Unclear),
        row("Ended by user", Some(0.02), Some((0.02, 0.02)), Reading::Different),
    ];
    let huge = vec![
        row("Cost", Some(-1.5e18), Some((-4e18, 2e18)), Reading::Unclear),
        row("Cost per call", Some(0.017), Some((0.011, 0.023)), Reading::Worse),
        row("Beyond measure", Some(f64::INFINITY), Some((f64::NEG_INFINITY, f64::NAN)), Reading::Unknown),
    ];
    let seconds = vec![
        row("Average duration", Some(-4.0), Some((-9.1, 1.1)), Reading::Unclear),
        row("Response time", Some(-0.42), Some((-0.61, -0.23)), Reading::Better),
        row("Silence", Some(1.7), None, Reading::Unknown),
    ];
    let unknown = ["Completion rate", "Average duration"].map(|label| row(label, None, None, Reading::Unknown));
    let named = NAMES.map(|name| row(name, Some(0.02), Some((0.01, 0.03)), Reading::Better));
    let hard = [
        ("intervals_empty", Vec::new(), UNIT),
        ("intervals_one", differences().drain(..1).collect(), UNIT),
        ("intervals_all_unknown", unknown.to_vec(), UNIT),
        ("intervals_all_zero", vec![row("Completion rate", Some(0.0), None, Reading::Unclear)], UNIT),
        ("intervals_zero_width", zero_width, UNIT),
        ("intervals_huge", huge, DifferenceUnit::Credits),
        ("intervals_seconds", seconds, DifferenceUnit::Seconds),
        ("intervals_names", named.to_vec(), UNIT),
    ];
    let theme = Theme::light();
    cases.extend(hard.map(|(name, rows, unit)| {
        case(name, &intervals_chart(&rows, unit, size(NARROW, height(rows.len())), &theme), &theme)
    }));
    let few = intervals_chart(&named, UNIT, size(NARROW, height(5)), &theme);
    cases.push(case("intervals_no_room", &few, &theme));
    let wide = intervals_chart(&named, UNIT, size(720, height(12)), &theme);
    cases.push(case("intervals_names_wide", &wide, &theme));
    cases
}

fn mix_chart(of: &Mixed, size: Size, theme: &Theme) -> Scene {
    mix(&of.input(), size, theme, &ApproximateText)
}

pub(in crate::charts) fn mix_cases() -> Vec<Case> {
    let height = |sources: usize| mix_height(sources) as u32;
    let usual = sources();
    let mut cases = matrix("mix", height(4), |size, theme| mix_chart(&usual, size, theme));
    let opposite = [("user", Some(99), Some(1)), ("agent", Some(1), Some(99))];
    let mut named = Mixed::of(&[], Some(2));
    named.labels = [NAMES[0].to_owned(), NAMES[2].to_owned()];
    named.sources = NAMES.map(|name| MixSource { name: name.to_owned(), a: Some(7), b: Some(6) }).to_vec();
    let hard = [
        ("mix_empty", Mixed::of(&[], None)),
        ("mix_one", Mixed::of(&[("user", Some(1), Some(1))], None)),
        ("mix_all_null", Mixed::of(&[("user", None, None), ("agent", None, None)], None)),
        ("mix_partly_null", Mixed::of(&[("user", Some(4), None), ("agent", Some(2), Some(3))], None)),
        ("mix_all_zero", Mixed::of(&[("user", Some(0), Some(3)), ("agent", Some(0), Some(2))], Some(7))),
        ("mix_tiny", Mixed::of(&[("user", Some(10_000_000), Some(1)), ("system", Some(1), Some(0))], Some(1))),
        ("mix_huge", Mixed::of(&[("user", Some(u64::MAX), Some(u64::MAX / 2)), ("agent", Some(1), Some(9))], None)),
        ("mix_opposite", Mixed::of(&opposite, Some(0))),
        ("mix_twelve", twelve()),
        ("mix_names", named),
    ];
    let theme = Theme::light();
    for (name, of) in hard {
        let size = size(NARROW, height(of.sources.len()));
        cases.push(case(name, &mix_chart(&of, size, &theme), &theme));
    }
    cases.push(case("mix_twelve_wide", &mix_chart(&twelve(), size(720, height(12)), &Theme::dark()), &Theme::dark()));
    cases.push(case("mix_no_room", &mix_chart(&twelve(), size(NARROW, height(5)), &theme), &theme));
    cases
}

/// Days on which each case is hard.
fn hard_runs() -> Vec<(&'static str, Runs)> {
    let first = Date::constant(2024, 5, 1);
    let mut empty = may();
    empty.rates.clear();
    empty.activity.clear();
    let mut same_day = Runs::of(first, 7, |_| [Some((88, 100)), Some((88, 100))]);
    same_day.activated = [Some(first), Some(first)];
    let mut named = may();
    named.labels = [NAMES[1].to_owned(), NAMES[2].to_owned()];
    let gaps = |i| if matches!(i, 2 | 5 | 6 | 9) { [None, Some((0, 0))] } else { [Some((9, 10 + 3 * i as u64)), None] };
    vec![
        ("empty", empty),
        ("one_day", Runs::of(first, 1, |_| [Some((3, 4)), Some((88, 100))])),
        ("two_days", Runs::of(first, 2, |i| [Some((i as u64, 4)), Some((99, 100))])),
        ("all_null", Runs::of(first, 7, |_| [None, None])),
        ("all_zero", Runs::of(first, 7, |_| [Some((0, 0)), Some((0, 40))])),
        ("gaps", Runs::of(first, 12, gaps)),
        ("huge", Runs::of(first, 7, |i| [Some((u64::MAX / 2, u64::MAX)), Some((i as u64, 7))])),
        ("same_day", same_day),
        ("names", named),
    ]
}

fn rates_chart(runs: &Runs, size: Size, theme: &Theme) -> Scene {
    rates(&runs.rates(), size, theme, &ApproximateText)
}

pub(in crate::charts) fn rates_cases() -> Vec<Case> {
    let may = may();
    let mut cases = matrix("rates", 220, |size, theme| rates_chart(&may, size, theme));
    let theme = Theme::light();
    for (name, runs) in hard_runs() {
        cases.push(case(format!("rates_{name}"), &rates_chart(&runs, size(NARROW, 220), &theme), &theme));
    }
    cases
}

fn activity_chart(runs: &Runs, size: Size, theme: &Theme) -> Scene {
    activity(&runs.activity(), size, theme, &ApproximateText)
}

pub(in crate::charts) fn activity_cases() -> Vec<Case> {
    let (may, height) = (may(), ACTIVITY_HEIGHT_CSS_PX as u32);
    let mut cases = matrix("activity", height, |size, theme| activity_chart(&may, size, theme));
    let theme = Theme::light();
    let hard = hard_runs().into_iter().chain([("ten_years", ten_years())]);
    for (name, runs) in hard {
        cases.push(case(format!("activity_{name}"), &activity_chart(&runs, size(NARROW, height), &theme), &theme));
    }
    cases
}

/// Pictures too large to keep.
pub(in crate::charts) fn large() -> Vec<(&'static str, Scene)> {
    let (runs, theme) = (ten_years(), Theme::light());
    vec![
        ("rates_ten_years_280", rates_chart(&runs, size(280, 220), &theme)),
        ("rates_ten_years_1600", rates_chart(&runs, size(1600, 220), &theme)),
        ("activity_ten_years_2400", activity_chart(&runs, size(2400, 220), &theme)),
    ]
}

#[test]
fn differences_and_their_intervals() {
    check(&intervals_cases());
}

#[test]
fn sources_of_two_versions() {
    check(&mix_cases());
}

#[test]
fn daily_rates_of_two_versions() {
    check(&rates_cases());
}

#[test]
fn when_two_versions_ran() {
    check(&activity_cases());
}
