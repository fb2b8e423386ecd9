//! Pictures as text. `UPDATE_EXPECT=1 cargo test -p callscope-tests charts::` accepts new ones.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use callscope_charts::{
    ApproximateText, FrameText, HourFigure, Scene, Size, Theme, agents, framed, hourly, outcomes, reasons, sparkline,
    svg,
};
use callscope_core::period::Date;
use callscope_core::usage::{AgentUsage, EscalationReason, HourVolume, OutcomeCounts};
use expect_test::expect_file;

use super::answers::{shares_cases, trend_cases};
use super::compare::golden::{activity_cases, intervals_cases, large, mix_cases, rates_cases};
use super::inputs::{
    NAMES, Volume, agent, counts, even_hours, fleet, hours, month, reason, reasons as six_reasons, size, thousands,
    unknown_agent,
};

const HASHES: &str = "hashes.txt";
const WIDTHS: [u32; 3] = [280, 720, 1600];
/// A phone, where hard cases are hardest.
pub(super) const NARROW: u32 = 280;

/// A picture and the name of its file.
pub(super) struct Case {
    name: String,
    svg: String,
}

pub(super) fn case(name: impl Into<String>, scene: &Scene, theme: &Theme) -> Case {
    Case { name: format!("{}.svg", name.into()), svg: svg(scene, theme) }
}

/// A chart in both themes and three widths.
pub(super) fn matrix(name: &str, height: u32, chart: impl Fn(Size, &Theme) -> Scene) -> Vec<Case> {
    let mut cases = Vec::new();
    for (theme_name, theme) in [("light", Theme::light()), ("dark", Theme::dark())] {
        for width in WIDTHS {
            let scene = chart(size(width, height), &theme);
            cases.push(case(format!("{name}_{theme_name}_{width}"), &scene, &theme));
        }
    }
    cases
}

fn daily_chart(days: &Volume, size: Size, theme: &Theme) -> Scene {
    days.chart(size, theme, &ApproximateText)
}

fn daily_cases() -> Vec<Case> {
    let month = month();
    let mut cases = matrix("daily", 220, |size, theme| daily_chart(&month, size, theme));
    let first = Date::constant(2026, 3, 2);
    let mut nothing = Volume::of(first, 7, |_| (Some(0), Some(0)));
    nothing.days.clear();
    let gaps = |i| if matches!(i, 3 | 4 | 9 | 11) { None } else { Some(200 + 13 * i as u64) };
    let mut several_years = Volume::of(Date::constant(2024, 11, 20), 500, |i| (Some(90 + i as u64 % 7), None));
    several_years.releases.clone_from(&month.releases);
    let hard = [
        ("daily_empty", nothing),
        ("daily_one_day", Volume::of(first, 1, |_| (Some(1_312), Some(1_004)))),
        ("daily_two_days", Volume::of(first, 2, |i| (Some(1_312 + i as u64), Some(1_004)))),
        ("daily_week", Volume::of(first, 7, |i| (Some(1_312 - 90 * i as u64), Some(900 - 80 * i as u64)))),
        ("daily_all_zero", Volume::of(first, 7, |_| (Some(0), Some(0)))),
        ("daily_all_null", Volume::of(first, 7, |_| (None, None))),
        ("daily_gaps", Volume::of(first, 14, |i| (gaps(i), gaps(i).map(|calls| calls / 2)))),
        ("daily_tiny", Volume::of(first, 7, |i| (Some(u64::from(i == 3)), Some(0)))),
        ("daily_huge", Volume::of(first, 7, |i| (Some(u64::MAX - i as u64), Some(u64::MAX / 3)))),
        ("daily_several_years", several_years),
    ];
    let theme = Theme::light();
    cases.extend(hard.map(|(name, days)| case(name, &daily_chart(&days, size(NARROW, 220), &theme), &theme)));
    // Direct labels that all want the same place.
    let level =
        Volume { previous: month.days.clone(), ..Volume::of(month.range.first(), 30, |_| (Some(40), Some(40))) };
    cases.push(case("daily_labels_collide", &daily_chart(&level, size(720, 220), &theme), &theme));
    cases
}

fn hourly_cases() -> Vec<Case> {
    let mut cases =
        matrix("hourly", 220, |size, theme| hourly(&hours(), HourFigure::Calls, size, theme, &ApproximateText));
    let mut one = even_hours(None, None);
    one[13] = HourVolume { hour: 13, calls: Some(1), minutes: Some(0.01) };
    let hard = [
        ("hourly_minutes", hours(), HourFigure::Minutes),
        ("hourly_empty", Vec::new(), HourFigure::Calls),
        ("hourly_one", one.clone(), HourFigure::Calls),
        ("hourly_tiny", one, HourFigure::Minutes),
        ("hourly_all_zero", even_hours(Some(0), Some(0.0)), HourFigure::Calls),
        ("hourly_all_null", even_hours(None, None), HourFigure::Minutes),
        ("hourly_huge", even_hours(Some(u64::MAX), None), HourFigure::Calls),
    ];
    let theme = Theme::light();
    cases.extend(hard.map(|(name, hours, figure)| {
        case(name, &hourly(&hours, figure, size(NARROW, 220), &theme, &ApproximateText), &theme)
    }));
    cases
}

fn outcomes_cases() -> Vec<Case> {
    let usual = Some(counts([26_671, 4_561, 3_827, 546]));
    let mut cases = matrix("outcomes", 24, |size, theme| outcomes(usual, size, theme));
    let partly = OutcomeCounts { other: None, ..counts([3, 2, 1, 0]) };
    let hard = [
        ("outcomes_absent", None),
        ("outcomes_partly_null", Some(partly)),
        ("outcomes_all_zero", Some(counts([0; 4]))),
        ("outcomes_one", Some(counts([0, 0, 1, 0]))),
        ("outcomes_tiny", Some(counts([10_000_000, 1, 0, 1]))),
        ("outcomes_huge", Some(counts([u64::MAX / 4; 4]))),
    ];
    let theme = Theme::light();
    cases.extend(hard.map(|(name, counts)| case(name, &outcomes(counts, size(NARROW, 24), &theme), &theme)));
    cases
}

fn agents_cases() -> Vec<Case> {
    let chart =
        |agents_of: &[AgentUsage], size: Size, theme: &Theme| agents(&agents_of.into(), size, theme, &ApproximateText);
    let mut cases = matrix("agents", 8 * 36, |size, theme| chart(&fleet(), size, theme));
    let split_unknown = AgentUsage {
        outcomes: OutcomeCounts { transferred: None, ..counts([80, 0, 15, 5]) },
        ..agent("One outcome unknown", [80, 0, 15, 5])
    };
    let hard = [
        ("agents_empty", Vec::new()),
        ("agents_one", vec![agent("Pilot", [1, 0, 0, 0])]),
        ("agents_all_zero", vec![agent("Pilot", [0; 4]), agent("Second pilot", [0; 4])]),
        ("agents_all_null", vec![unknown_agent("Pilot"), unknown_agent("Second pilot")]),
        ("agents_partly_null", vec![split_unknown, unknown_agent("Unknown"), agent("Known", [50, 20, 20, 10])]),
        ("agents_huge", vec![agent("Huge", [1 << 62, 1, 1 << 60, 0]), agent("Tiny", [1, 0, 0, 0])]),
        ("agents_names", NAMES.map(|name| agent(name, [40, 20, 10, 5])).to_vec()),
        ("agents_thousands", thousands()),
    ];
    let theme = Theme::light();
    cases.extend(hard.map(|(name, agents)| {
        let rows = agents.len().clamp(1, 12) as u32;
        case(name, &chart(&agents, size(NARROW, rows * 36), &theme), &theme)
    }));
    cases
}

fn reasons_cases() -> Vec<Case> {
    let chart = |of: &[EscalationReason], size: Size, theme: &Theme| reasons(of, size, theme, &ApproximateText);
    let mut cases = matrix("reasons", 6 * 40, |size, theme| chart(&six_reasons(), size, theme));
    let hard = [
        ("reasons_empty", Vec::new()),
        ("reasons_one", vec![reason("Asked for a person", Some(1), Some(30.0))]),
        ("reasons_all_zero", vec![reason("a", Some(0), Some(0.0)), reason("b", Some(0), Some(0.0))]),
        ("reasons_all_null", vec![reason("a", None, Some(9.0)), reason("b", Some(4), None)]),
        ("reasons_partly_null", vec![reason("unknown", None, None), reason("known", Some(4), Some(90.0))]),
        ("reasons_huge", vec![reason("huge", Some(u64::MAX), Some(1e9)), reason("tiny", Some(1), Some(0.01))]),
        ("reasons_names", NAMES.map(|name| reason(name, Some(7), Some(60.0))).to_vec()),
    ];
    let theme = Theme::light();
    cases.extend(hard.map(|(name, of)| {
        let rows = of.len().max(1) as u32;
        case(name, &chart(&of, size(NARROW, rows * 40), &theme), &theme)
    }));
    cases
}

fn sparkline_cases() -> Vec<Case> {
    let usual: Vec<_> = month().days.iter().map(|day| day.calls.map(|calls| calls as f64)).collect();
    let mut cases = Vec::new();
    for (theme_name, theme) in [("light", Theme::light()), ("dark", Theme::dark())] {
        cases.push(case(format!("sparkline_{theme_name}"), &sparkline(&usual, size(70, 24), &theme), &theme));
    }
    let mut gaps = usual;
    for i in [4, 5, 7, 20] {
        gaps[i] = None;
    }
    let hard = [
        ("sparkline_empty", Vec::new()),
        ("sparkline_one", vec![Some(7.0)]),
        ("sparkline_all_zero", vec![Some(0.0); 7]),
        ("sparkline_all_null", vec![None; 7]),
        ("sparkline_gaps", gaps),
        ("sparkline_huge_and_tiny", vec![Some(1e18), Some(1e-9), Some(5e17)]),
    ];
    let theme = Theme::light();
    cases.extend(hard.map(|(name, values)| case(name, &sparkline(&values, size(70, 24), &theme), &theme)));
    cases
}

fn framed_cases() -> Vec<Case> {
    let texts = |title: &str| FrameText {
        title: title.to_owned(),
        context: "2–31 Mar 2026, Europe/Berlin, n = 35,605 calls".to_owned(),
        source: "Callscope, from the usage report of 1 Apr 2026 09:30".to_owned(),
    };
    let usual = Some(counts([26_671, 4_561, 3_827, 546]));
    let mut cases = matrix("framed", 24, |size, theme| {
        framed(&outcomes(usual, size, theme), &texts("How calls ended"), theme, &ApproximateText)
    });
    let theme = Theme::light();
    let scene = daily_chart(&month(), size(NARROW, 220), &theme);
    cases.push(case("framed_daily", &framed(&scene, &texts("Calls per day"), &theme, &ApproximateText), &theme));
    cases
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/golden/charts"))
}

#[track_caller]
pub(super) fn check(cases: &[Case]) {
    for Case { name, svg } in cases {
        expect_file![folder().join(name)].assert_eq(svg);
    }
}

#[test]
fn days() {
    check(&daily_cases());
}

#[test]
fn hours_of_the_day() {
    check(&hourly_cases());
}

#[test]
fn ways_that_calls_ended() {
    check(&outcomes_cases());
}

#[test]
fn agents_and_their_names() {
    check(&agents_cases());
}

#[test]
fn reasons_for_handing_over() {
    check(&reasons_cases());
}

#[test]
fn sparklines() {
    check(&sparkline_cases());
}

#[test]
fn exports_stand_alone() {
    check(&framed_cases());
}

/// FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo).
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Pictures too large to keep: only that they changed is seen.
#[test]
fn large_pictures_by_hash() {
    let theme = Theme::light();
    let all = thousands();
    let mut years = Volume::of(Date::constant(2016, 3, 1), 3_660, |i| {
        let calls = 900 + (i * 7_919 % 431) as u64;
        (Some(calls), Some(calls * 4 / 5))
    });
    years.previous = years.days.iter().rev().copied().collect();
    let pictures = [
        ("agents_all_5000", agents(&all.clone().into(), size(720, 5_000 * 36), &theme, &ApproximateText)),
        ("daily_ten_years_280", daily_chart(&years, size(280, 220), &theme)),
        ("daily_ten_years_1600", daily_chart(&years, size(1600, 220), &theme)),
    ];
    let mut lines = String::new();
    for (name, scene) in pictures.into_iter().chain(large()) {
        let svg = svg(&scene, &theme);
        writeln!(lines, "{name} {:016x} {} bytes", fnv(&svg), svg.len()).unwrap();
    }
    expect_file![folder().join(HASHES)].assert_eq(&lines);
}

#[test]
fn no_golden_file_is_left_over() {
    let cases = [
        daily_cases(),
        hourly_cases(),
        outcomes_cases(),
        agents_cases(),
        reasons_cases(),
        sparkline_cases(),
        framed_cases(),
        intervals_cases(),
        mix_cases(),
        rates_cases(),
        activity_cases(),
        shares_cases(),
        trend_cases(),
    ];
    let mut used: BTreeSet<_> = cases.iter().flatten().map(|case| case.name.clone()).collect();
    assert_eq!(used.len(), cases.iter().map(Vec::len).sum::<usize>(), "two cases share a file");
    used.insert(HASHES.to_owned());
    let entries = std::fs::read_dir(folder()).unwrap();
    let files: BTreeSet<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let unused: Vec<_> = files.difference(&used).collect();
    assert!(unused.is_empty(), "no case draws {unused:?}");
}
