//! What calls answered: shares of answers, and a figure by day.

use callscope_charts::{
    ApproximateText, Scene, ShareRow, SharesInput, Size, TargetId, Theme, TrendDay, TrendInput, shares, shares_height,
    trend,
};
use callscope_core::export::Cell;
use callscope_core::period::{Date, DateRange, add_days};
use callscope_core::stats::{Proportion, wilson};

use super::golden::{Case, NARROW, case, check as check_golden, matrix};
use super::inputs::{NAMES, Random, size};
use super::invariants::{Order, check, check_rows, close, filled, for_random};

fn row(label: &str, successes: u64, trials: u64) -> ShareRow {
    ShareRow { label: label.to_owned(), calls: Proportion { successes, trials } }
}

fn shares_chart(rows: &[ShareRow], size: Size, theme: &Theme) -> Scene {
    shares(&SharesInput { name: "reason: shares", rows }, size, theme, &ApproximateText)
}

fn usual() -> Vec<ShareRow> {
    [("request", 249), ("complaint", 239), ("information", 217), ("change", 206), ("other", 0)]
        .map(|(label, calls)| row(label, calls, 911))
        .to_vec()
}

pub(super) fn shares_cases() -> Vec<Case> {
    let height = |rows: usize| shares_height(rows) as u32;
    let mut cases = matrix("shares", height(5), |size, theme| shares_chart(&usual(), size, theme));
    let hard = [
        ("shares_empty", Vec::new()),
        ("shares_no_calls", vec![row("true", 0, 0), row("false", 0, 0)]),
        ("shares_one_call", vec![row("true", 1, 1), row("false", 0, 1)]),
        ("shares_huge", vec![row("true", u64::MAX - 1, u64::MAX), row("false", 1, u64::MAX)]),
        ("shares_names", NAMES.map(|name| row(name, 3, 60)).to_vec()),
        ("shares_many", (0..14).map(|number| row(&number.to_string(), 7, 98)).collect()),
    ];
    let theme = Theme::light();
    cases.extend(
        hard.map(|(name, rows)| case(name, &shares_chart(&rows, size(NARROW, height(rows.len())), &theme), &theme)),
    );
    cases
}

/// A figure by day of so many days from the first.
#[derive(Clone)]
struct Days {
    range: DateRange,
    is_share: bool,
    each: Vec<TrendDay>,
}

impl Days {
    fn of(len: i32, is_share: bool, value: impl Fn(i32) -> (Option<f64>, u64)) -> Self {
        let first = Date::constant(2026, 3, 2);
        let day = |i| {
            let (value, calls) = value(i);
            TrendDay { date: add_days(first, i), value, calls }
        };
        let range = DateRange::new(first, add_days(first, len - 1)).unwrap();
        Self { range, is_share, each: (0..len).map(day).collect() }
    }

    fn without(mut self, left_out: &[usize]) -> Self {
        let mut at = 0..;
        self.each.retain(|_| !left_out.contains(&at.next().unwrap_or_default()));
        self
    }

    fn chart(&self, size: Size, theme: &Theme) -> Scene {
        let figure = if self.is_share { "Share of 'true'" } else { "Mean" };
        let input = TrendInput {
            name: "resolved by day",
            figure,
            is_share: self.is_share,
            range: self.range,
            days: &self.each,
        };
        trend(&input, size, theme, &ApproximateText)
    }
}

pub(super) fn trend_cases() -> Vec<Case> {
    let month = Days::of(30, true, |i| (Some(0.8 + 0.1 * f64::from(i % 7) / 6.0), if i % 6 == 5 { 12 } else { 44 }));
    let mut cases = matrix("trend", 200, |size, theme| month.chart(size, theme));
    let hard = [
        ("trend_empty", Days::of(7, true, |_| (None, 0)).without(&[0, 1, 2, 3, 4, 5, 6])),
        ("trend_no_answer", Days::of(7, true, |_| (None, 0))),
        ("trend_one_day", Days::of(1, true, |_| (Some(1.0), 1))),
        ("trend_gaps", Days::of(14, true, |i| ((i % 5 != 3).then_some(0.5), 30)).without(&[0, 1, 6, 7, 9])),
        ("trend_mean", Days::of(14, false, |i| (Some(3.0 + f64::from(i % 3)), 30))),
        ("trend_below_zero", Days::of(14, false, |i| (Some(f64::from(i % 5) - 3.0), 30))),
        ("trend_huge", Days::of(7, false, |i| (Some(9e17 * f64::from(i - 2)), u64::MAX))),
        ("trend_odd", Days::of(4, false, |i| (Some([f64::NAN, f64::INFINITY, -0.0, 0.0][i as usize]), 30))),
        ("trend_years", Days::of(1_100, true, |i| (Some(f64::from(i % 90) / 90.0), 30))),
    ];
    let theme = Theme::light();
    cases.extend(hard.map(|(name, days)| case(name, &days.chart(size(NARROW, 200), &theme), &theme)));
    cases
}

#[test]
fn shares_of_answers() {
    check_golden(&shares_cases());
}

#[test]
fn figures_by_day() {
    check_golden(&trend_cases());
}

fn random_rows(random: &mut Random) -> Vec<ShareRow> {
    let trials = random.pick(&[1, 2, 19, 400, 1 << 40]);
    let count = 1 + random.below(20);
    let mut rows = Vec::new();
    for number in 0..count {
        let label = if random.one_in(3) { random.pick(&NAMES).to_owned() } else { format!("choice {number}") };
        rows.push(row(&label, random.below(trials + 1), trials));
    }
    rows
}

#[test]
fn shares_fill_their_part_and_their_interval_holds_them() {
    let theme = Theme::light();
    for_random(|width, random| {
        let rows = random_rows(random);
        let scene = shares_chart(&rows, size(width, shares_height(rows.len()) as u32), &theme);
        check(&scene, Order::TopToBottom);
        assert_eq!(scene.table.rows.len(), rows.len(), "the table has every answer");
        let drawn = &rows[..scene.targets.len()];
        assert!(drawn.len() == rows.len() || drawn.len() >= 11, "{} of {}", drawn.len(), rows.len());
        let bars = filled(&scene, |color| color == theme.accent);
        let shares: Vec<f64> = drawn.iter().filter_map(|row| row.calls.rate()).filter(|share| *share > 0.0).collect();
        assert_eq!(bars.len(), shares.len(), "a bar for each answer that was given and for no other");
        for (bar, share) in bars.iter().zip(shares) {
            assert!(close(bar.left, 0.0), "{bar:?} does not start at zero");
            let expected = (share * f64::from(width)).max(1.0);
            assert!(close(bar.width, expected), "{bar:?} is no {share} of {width}");
        }
        for (target, row) in scene.targets.iter().zip(drawn) {
            let interval = wilson(row.calls).unwrap();
            let ends = [interval.low, interval.high].map(|end| end * f64::from(width));
            let crossing = filled(&scene, |color| color == theme.ink).into_iter().chain(lines(&scene, &theme));
            let within =
                crossing.filter(|rect| target.region.top <= rect.top && rect.bottom() <= target.region.bottom());
            let (left, right) =
                within.fold((f64::MAX, f64::MIN), |(left, right), rect| (left.min(rect.left), right.max(rect.right())));
            let reach = 1.5;
            assert!((left - ends[0]).abs() <= reach && (right - ends[1]).abs() <= reach, "{left}–{right} for {ends:?}");
        }
    });
}

/// The boxes around lines in ink.
fn lines(scene: &Scene, theme: &Theme) -> Vec<callscope_charts::Rect> {
    let of = |mark: &callscope_charts::Mark| match mark {
        callscope_charts::Mark::Line(points, stroke) if stroke.color == theme.ink => {
            let xs = || points.iter().map(|point| point.x);
            let ys = || points.iter().map(|point| point.y);
            let (left, right) = (xs().fold(f64::MAX, f64::min), xs().fold(f64::MIN, f64::max));
            let (top, bottom) = (ys().fold(f64::MAX, f64::min), ys().fold(f64::MIN, f64::max));
            Some(callscope_charts::Rect { left, top, width: right - left, height: bottom - top })
        }
        _ => None,
    };
    scene.marks.iter().filter_map(of).collect()
}

#[test]
fn days_with_a_figure_have_a_point_at_their_height() {
    let theme = Theme::light();
    for_random(|width, random| {
        let len = random.pick(&[1, 2, 7, 30, 90, 366]);
        let is_share = random.one_in(2);
        let least = if is_share { 0.0 } else { random.pick(&[0.0, -5.0, -1e9]) };
        let largest = if is_share { 1.0 } else { random.pick(&[1.0, 5.0, 1e12]) };
        let values: Vec<Option<f64>> = (0..len)
            .map(|_| {
                let share = random.below(1_001) as f64 / 1_000.0;
                (!random.one_in(6)).then_some(least + share * (largest - least))
            })
            .collect();
        let days = Days::of(len, is_share, |i| (values[i as usize], 5 + 30 * (i as u64 % 2)));
        let scene = days.chart(size(width, 200), &theme);
        if values.iter().all(Option::is_none) {
            assert!(scene.targets.is_empty());
            return;
        }
        check(&scene, Order::LeftToRight);
        check_rows(&scene, len as usize);
        let points = &scene.series[0].points;
        for ((point, value), target) in points.iter().zip(&values).zip(scene.targets.iter()) {
            assert_eq!(point.is_some(), value.is_some());
            assert!(matches!(target.id, TargetId::Day(_)));
        }
        // Higher values stand higher, and as much higher as they are.
        let known: Vec<(f64, f64)> =
            points.iter().zip(&values).filter_map(|(p, v)| Some((p.as_ref()?.y, (*v)?))).collect();
        let slope = |a: (f64, f64), b: (f64, f64)| (b.0 - a.0) / (b.1 - a.1);
        let mut apart = known.clone();
        apart.sort_by(|a, b| a.1.total_cmp(&b.1));
        if let (Some(first), Some(last)) = (apart.first().copied(), apart.last().copied())
            && last.1 > first.1
        {
            let expected = slope(first, last);
            assert!(expected < 0.0, "larger is not higher");
            for point in apart {
                let y = first.0 + (point.1 - first.1) * expected;
                assert!((point.0 - y).abs() < 1e-6, "{point:?} does not lie on the scale");
            }
        }
    });
}

#[test]
fn tables_say_what_the_pictures_show() {
    let theme = Theme::light();
    let scene = shares_chart(&usual(), size(720, 200), &theme);
    assert_eq!(scene.table.rows[0][..2], [Cell::Text("request".to_owned()), Cell::Count(249)]);
    assert!(scene.summary.contains("911 calls") && scene.summary.contains("'request'"), "{}", scene.summary);
    let days = Days::of(2, true, |i| (Some(0.25 + 0.5 * f64::from(i)), 8));
    let scene = days.chart(size(720, 200), &theme);
    assert_eq!(
        scene.table.rows[1],
        [Cell::Day(Date::constant(2026, 3, 3)), Cell::Count(8), Cell::measure(Some(75.0), 1)]
    );
    assert_eq!(scene.summary, "Share of 'true': 25.0\u{202f}% on 2 Mar, 75.0\u{202f}% on 3 Mar.");
}
