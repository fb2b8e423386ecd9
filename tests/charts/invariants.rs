//! What holds for every picture, however wide it is and whatever it shows.

use std::panic::AssertUnwindSafe;

use callscope_charts::{
    ApproximateText, Color, DailyInput, DaySeries, Font, FrameText, Highlight, HorizontalAnchor, HourFigure, Mark,
    MeasureText, Point, Rect, Scene, Stroke, TargetId, Theme, VerticalAnchor, agents, daily, framed, hourly, outcomes,
    reasons, sparkline,
};
use callscope_core::calls::Outcome;
use callscope_core::export::Cell;
use callscope_core::period::{Date, DateRange, add_days};
use callscope_core::usage::{AgentUsage, DayVolume, EscalationReason, OutcomeCounts};

use super::inputs::{Random, Volume, agent, counts, size, unknown_agent};

/// From a narrow phone to a wide screen.
fn widths() -> impl Iterator<Item = u32> {
    (280..=2400).step_by(37)
}

/// Runs a check for every width, with inputs that differ each time. A failure names the seed.
pub(super) fn for_random(check: impl Fn(u32, &mut Random)) {
    for width in widths() {
        for round in 0..12 {
            check(width, &mut Random::seeded(u64::from(width) << 8 | round));
        }
    }
}

/// In which direction a keyboard walks the targets.
#[derive(Clone, Copy)]
pub(super) enum Order {
    LeftToRight,
    TopToBottom,
}

/// The box around a text, in CSS pixels.
pub(super) fn text_box(mark: &Mark) -> Option<(&str, Rect)> {
    let Mark::Text { text, at, anchor: (horizontal, vertical), font, .. } = mark else { return None };
    let (width, height) = (ApproximateText.width_css_px(text, *font), font.size_css_px);
    let left = match horizontal {
        HorizontalAnchor::Left => at.x,
        HorizontalAnchor::Center => at.x - width / 2.0,
        HorizontalAnchor::Right => at.x - width,
    };
    let top = match vertical {
        VerticalAnchor::Top => at.y,
        VerticalAnchor::Middle => at.y - height / 2.0,
        VerticalAnchor::Bottom => at.y - height,
    };
    Some((text, Rect { left, top, width, height }))
}

pub(super) fn overlap(a: Rect, b: Rect) -> bool {
    let across = a.right().min(b.right()) - a.left.max(b.left);
    let down = a.bottom().min(b.bottom()) - a.top.max(b.top);
    across > 0.01 && down > 0.01
}

/// Every place that a mark reaches, in CSS pixels.
fn reach(mark: &Mark) -> Vec<Point> {
    let corners = |rect: &Rect| vec![Point { x: rect.left, y: rect.top }, Point { x: rect.right(), y: rect.bottom() }];
    match mark {
        Mark::Rect(rect, _) => corners(rect),
        Mark::Line(points, _) | Mark::Area(points, _) => points.clone(),
        Mark::Curve(curve, _) | Mark::Under(curve, ..) => curve.runs().flatten().collect(),
        Mark::Disc(center, _, _) => vec![*center],
        Mark::Text { .. } => text_box(mark).map(|(_, rect)| corners(&rect)).unwrap_or_default(),
    }
}

#[track_caller]
pub(super) fn check(scene: &Scene, order: Order) {
    let (width, height) = (scene.size.width_css_px, scene.size.height_css_px);
    for mark in &scene.marks {
        for Point { x, y } in reach(mark) {
            assert!(x.is_finite() && y.is_finite(), "{mark:?}");
            let inside = (-1.0..=width + 1.0).contains(&x) && (-1.0..=height + 1.0).contains(&y);
            assert!(inside, "{x:.1}, {y:.1} lies outside of {width} x {height}: {mark:?}");
        }
    }
    let boxes: Vec<_> = scene.marks.iter().filter_map(text_box).collect();
    for (i, (text, rect)) in boxes.iter().enumerate() {
        for (other, other_rect) in &boxes[i + 1..] {
            assert!(!overlap(*rect, *other_rect), "at width {width}, '{text}' lies over '{other}'");
        }
    }
    check_targets(scene, order);
}

#[track_caller]
fn check_targets(scene: &Scene, order: Order) {
    let along = |rect: Rect| match order {
        Order::LeftToRight => rect.left,
        Order::TopToBottom => rect.top,
    };
    assert!(scene.targets.iter().is_sorted_by(|a, b| along(a.region) <= along(b.region)), "the keyboard jumps back");
    for (i, target) in scene.targets.iter().enumerate() {
        assert!(target.anchor.x.is_finite() && target.anchor.y.is_finite(), "{target:?}");
        if target.region.width > 1.0 {
            assert_eq!(scene.hit(target.region.center()), Some(i), "at width {width}", width = scene.size.width_css_px);
        }
        let near = Rect {
            left: -1.0,
            top: -1.0,
            width: scene.size.width_css_px + 2.0,
            height: scene.size.height_css_px + 2.0,
        };
        let points = match scene.highlight(i).unwrap() {
            Highlight::Line { x, dots } => {
                assert_eq!(dots.len(), scene.series.len());
                dots.into_iter().flatten().chain([Point { x, y: scene.plot.top }]).collect()
            }
            Highlight::Frame(rect) => {
                assert!(scene.series.is_empty() && rect == target.region);
                Vec::new()
            }
        };
        assert!(points.iter().all(|point| near.distance(*point) == 0.0), "{points:?} lies outside");
    }
    assert_eq!(scene.highlight(scene.targets.len()), None);
    for series in &scene.series {
        assert_eq!(series.points.len(), scene.targets.len());
    }
    assert_eq!(scene.hit(Point { x: -30.0, y: -30.0 }), None);
}

/// A row for each target; a chart that shows nothing has no targets but keeps its table.
#[track_caller]
pub(super) fn check_rows(scene: &Scene, rows: usize) {
    assert_eq!(scene.table.rows.len(), rows);
    assert!(scene.table.rows.iter().all(|row| row.len() == scene.table.columns.len()));
    assert_eq!(scene.targets.len(), rows);
}

pub(super) fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}

/// The filled rectangles of some colours.
pub(super) fn filled(scene: &Scene, of: impl Fn(Color) -> bool) -> Vec<Rect> {
    let rect = |mark: &Mark| match mark {
        Mark::Rect(rect, color) if of(*color) => Some(*rect),
        _ => None,
    };
    scene.marks.iter().filter_map(rect).collect()
}

/// The same for colours of which the opacity does not matter.
fn bars(scene: &Scene, colors: &[Color]) -> Vec<Rect> {
    filled(scene, |color| colors.iter().any(|of| of.rgb == color.rgb))
}

fn outcome_colors(theme: &Theme) -> Vec<Color> {
    Outcome::ALL.map(|outcome| theme.outcome(outcome)).to_vec()
}

/// A height as pages choose them, and others.
fn height(random: &mut Random) -> u32 {
    random.pick(&[220, 160, 200, 240, 300, 480])
}

// Days.

fn daily_scene(days: &Volume, width: u32, height: u32) -> Scene {
    days.chart(size(width, height), &Theme::light(), &ApproximateText)
}

#[test]
fn days_lie_in_place() {
    for_random(|width, random| {
        let days = random.days();
        let scene = daily_scene(&days, width, height(random));
        check(&scene, Order::LeftToRight);
        check_rows(&scene, days.days.len());
    });
}

/// The runs of a series, without the markers.
fn drawn_runs(scene: &Scene, color: Color) -> Vec<Vec<Point>> {
    let runs = |mark: &Mark| match mark {
        Mark::Curve(curve, stroke) if stroke.color == color => curve.runs().collect(),
        Mark::Line(points, stroke) if stroke.color == color && stroke.width_css_px > 1.0 => vec![points.clone()],
        Mark::Disc(center, _, of) if *of == color => vec![vec![*center]],
        _ => Vec::new(),
    };
    scene.marks.iter().flat_map(runs).collect()
}

/// Exactly the known days are drawn, each run of them on its own.
#[track_caller]
fn check_series(scene: &Scene, color: Color, values: &[Option<u64>]) {
    let runs = values.split(Option::is_none).filter(|run| !run.is_empty());
    let drawn = drawn_runs(scene, color);
    assert_eq!(drawn.iter().map(Vec::len).collect::<Vec<_>>(), runs.map(<[_]>::len).collect::<Vec<_>>());
    let known = values.iter().zip(scene.targets.iter()).filter(|(value, _)| value.is_some());
    for (point, (_, target)) in drawn.iter().flatten().zip(known) {
        assert!(close(point.x, target.anchor.x), "{point:?} is not at {:?}", target.id);
    }
}

#[test]
fn unknown_days_are_gaps() {
    let theme = Theme::light();
    for_random(|width, random| {
        let days = random.days();
        // More days than pixels are thinned out; that is a test of its own.
        if days.days.len() > 90 {
            return;
        }
        let scene = daily_scene(&days, width, 220);
        check_series(&scene, theme.accent, &days.days.iter().map(|day| day.calls).collect::<Vec<_>>());
        check_series(&scene, theme.resolved, &days.days.iter().map(|day| day.resolved).collect::<Vec<_>>());
        let before = |i| days.previous.get(i).and_then(|day: &DayVolume| day.calls);
        check_series(&scene, theme.third, &(0..days.days.len()).map(before).collect::<Vec<_>>());
    });
}

#[test]
fn days_are_drawn_from_zero() {
    for_random(|width, random| {
        let mut days = random.days();
        days.previous.clear();
        let scene = daily_scene(&days, width, 220);
        let Some(largest) = days.days.iter().filter_map(|day| day.calls.max(day.resolved)).max() else { return };
        let value = |day: &DayVolume| day.calls.map(|calls| calls as f64);
        let known = days.days.iter().zip(scene.targets.iter()).filter_map(|(day, target)| Some((value(day)?, target)));
        let bottom = scene.plot.bottom();
        let top = known.clone().map(|(value, _)| value).fold(0.0, f64::max);
        let highest = known.clone().map(|(_, target)| bottom - target.anchor.y).fold(0.0, f64::max);
        assert!(highest <= scene.plot.height + 1e-6);
        assert!(largest == 0 || highest >= scene.plot.height * 0.3 * top / largest as f64, "the axis is far too long");
        for (value, target) in known {
            assert!(close((bottom - target.anchor.y) * top, highest * value) || top > 1e6, "{target:?}");
            assert!(value > 0.0 || close(target.anchor.y, bottom), "{target:?}");
        }
    });
}

#[test]
fn ten_years_have_four_points_per_pixel_column_at_most() {
    let noise = |i: i32| Some((i * 7_919 % 431).unsigned_abs().into());
    let mut days = Volume::of(Date::constant(2016, 3, 1), 3_660, |i| (noise(i), noise(i).map(|calls: u64| calls / 2)));
    days.previous = days.days.iter().rev().copied().collect();
    for width in [280, 317, 720] {
        let scene = daily_scene(&days, width, 220);
        let curves = scene.marks.iter().filter_map(|mark| match mark {
            Mark::Curve(curve, _) | Mark::Under(curve, ..) if curve.is_known() => Some(curve),
            _ => None,
        });
        let curves: Vec<_> = curves.collect();
        assert_eq!(curves.len(), 4);
        for curve in curves {
            let points: Vec<Point> = curve.runs().flatten().collect();
            assert!(points.len() > width as usize, "{} points are too few to show the extremes", points.len());
            let columns = points.chunk_by(|a, b| close(a.x.floor(), b.x.floor())).map(<[_]>::len);
            assert!(columns.max() <= Some(4), "at width {width}");
        }
    }
}

/// A chart of so many days is laid out without an item for each, and each can be read.
#[test]
fn a_million_days_are_found_by_where_they_lie() {
    let count = 1_000_000;
    let calls = |at: usize| Some((at * 7_919 % 1_009) as u64);
    let day = |at: usize| DayVolume {
        date: add_days(Date::constant(100, 1, 1), at as i32),
        calls: calls(at).filter(|_| !at.is_multiple_of(5)),
        resolved: calls(at).map(|calls| calls / 2),
    };
    let days = DaySeries::from((0..count).map(day).collect::<Vec<_>>());
    let input = DailyInput {
        range: DateRange::of_days(Date::constant(100, 1, 1), count),
        days: &days,
        previous: &DaySeries::default(),
        releases: &[],
        clock_changes: &[],
        unfinished: None,
    };
    let scene = daily(&input, size(800, 320), &Theme::light(), &ApproximateText);
    assert!(scene.marks.len() < 60, "{} marks", scene.marks.len());
    assert_eq!((scene.targets.len(), scene.series[0].points.len()), (count, count));
    let labels: Vec<_> = scene.marks.iter().filter_map(text_box).collect();
    assert!(labels.len() > 6, "the axis has no dates: {labels:?}");
    for (i, (text, rect)) in labels.iter().enumerate() {
        assert!(labels[..i].iter().all(|(_, other)| !overlap(*rect, *other)), "{text} lies over another");
    }
    for at in [0, 1, 63, 64, 499_999, count - 1] {
        let target = scene.targets.get(at).unwrap();
        assert_eq!(target.id, TargetId::Day(day(at).date));
        // A thousand days share a pixel, but not a place.
        assert_eq!(scene.hit(target.region.center()), Some(at));
        let row = scene.table.row(at).unwrap();
        assert_eq!(row[..2], [Cell::Day(day(at).date), Cell::count(day(at).calls)]);
        assert_eq!(scene.series[0].points.get(at).unwrap().is_some(), day(at).calls.is_some());
    }
    assert_eq!((scene.targets.get(count), scene.table.row(count)), (None, None));
}

#[test]
fn marks_are_bounded() {
    for_random(|width, random| {
        let mut days = random.days();
        // With a gap at every other day, nothing can be thinned out.
        for day in days.days.iter_mut().skip(1).step_by(2) {
            day.calls = None;
        }
        let texts = width as usize / 20 + 20;
        let events = days.releases.len() + days.clock_changes.len();
        let scene = daily_scene(&days, width, 220);
        let most = 4 * days.days.len() + 2 * events + texts;
        assert!(scene.marks.len() <= most, "{} marks for {} days", scene.marks.len(), days.days.len());
        let all = random.agents();
        let scene = agents(&all.clone().into(), size(width, 360), &Theme::light(), &ApproximateText);
        assert!(scene.marks.len() <= 10 * 6 + 1, "{} marks for ten rows", scene.marks.len());
    });
}

// Hours.

#[test]
fn hours_lie_in_place_and_stand_on_zero() {
    let theme = Theme::light();
    for_random(|width, random| {
        let hours = random.hours();
        let figure = random.pick(&[HourFigure::Calls, HourFigure::Minutes]);
        let scene = hourly(&hours, figure, size(width, height(random)), &theme, &ApproximateText);
        check(&scene, Order::LeftToRight);
        check_rows(&scene, hours.len());
        let values = hours.iter().zip(scene.targets.iter()).filter_map(|(hour, target)| match figure {
            HourFigure::Calls => Some((hour.calls? as f64, target)),
            HourFigure::Minutes => Some((hour.minutes?, target)),
        });
        let values: Vec<_> = values.collect();
        let bars = filled(&scene, |color| color != theme.grid);
        assert_eq!(bars.len(), values.len(), "a bar for each known hour and for no other");
        let largest = values.iter().map(|(value, _)| *value).fold(0.0, f64::max);
        let highest = bars.iter().map(|bar| bar.height).fold(0.0, f64::max);
        for (bar, (value, target)) in bars.iter().zip(values) {
            assert!(close(bar.bottom(), scene.plot.bottom()), "{bar:?} floats");
            assert!(close(bar.height / highest.max(1.0), value / largest * (highest / highest.max(1.0))), "{bar:?}");
            assert!(bar.left >= target.region.left && bar.right() <= target.region.right() + 1e-6, "{bar:?}");
        }
    });
}

// Ways that calls ended.

#[test]
fn outcomes_fill_the_bar() {
    let theme = Theme::light();
    for_random(|width, random| {
        let counts = random.outcome_counts(u64::MAX);
        let scene = outcomes(Some(counts), size(width, 24), &theme);
        check(&scene, Order::LeftToRight);
        check_rows(&scene, 4);
        let bars = bars(&scene, &outcome_colors(&theme));
        let above_zero = Outcome::ALL.into_iter().filter(|outcome| counts.of(*outcome) > Some(0)).count();
        assert_eq!(bars.len(), above_zero, "a part for each way that is there");
        assert!(bars.iter().all(|bar| bar.width >= 1.0 && bar.right() <= f64::from(width) + 1e-6), "{bars:?}");
        let end = scene.targets.iter().last().map(|target| target.region.right());
        assert!(above_zero == 0 || end.is_some_and(|end| close(end, f64::from(width))));
    });
}

#[test]
fn unknown_outcomes_are_not_drawn() {
    let theme = Theme::light();
    let partly = OutcomeCounts { abandoned: None, ..counts([3, 4, 5, 6]) };
    for unknown in [None, Some(OutcomeCounts::default()), Some(partly)] {
        let scene = outcomes(unknown, size(280, 24), &theme);
        check(&scene, Order::LeftToRight);
        assert!(scene.targets.is_empty() && bars(&scene, &outcome_colors(&theme)).is_empty());
        assert_eq!(scene.table.rows.len(), 4);
    }
}

// Agents.

/// The parts of each agent's bar.
fn agent_bars(scene: &Scene, theme: &Theme) -> Vec<Vec<Rect>> {
    let bars = bars(scene, &outcome_colors(theme));
    let inside = |rect: &Rect, region: Rect| rect.top >= region.top && rect.bottom() <= region.bottom();
    let of = |region: Rect| bars.iter().filter(|bar| inside(bar, region)).copied().collect();
    scene.targets.iter().map(|target| of(target.region)).collect()
}

#[test]
fn agents_lie_in_place() {
    for_random(|width, random| {
        let all = random.agents();
        let rows = random.pick(&[all.len() as u32, 2, 7]);
        let scene = agents(&all.clone().into(), size(width, rows * 36), &Theme::light(), &ApproximateText);
        check(&scene, Order::TopToBottom);
        assert_eq!(scene.table.rows.len(), all.len());
        let left_out = scene.marks.iter().filter_map(text_box).any(|(text, _)| text.starts_with("and "));
        assert_eq!(left_out, scene.targets.len() < all.len(), "agents that are left out are counted");
    });
}

#[test]
fn bars_of_agents_are_as_long_as_their_calls() {
    let theme = Theme::light();
    for_random(|width, random| {
        let mut all: Vec<AgentUsage> =
            (0..8).map(|i| agent(&format!("{i}"), [0; 4].map(|_: u64| 20 + random.below(400)))).collect();
        all[3] = unknown_agent("unknown");
        let scene = agents(&all.clone().into(), size(width, 8 * 36), &theme, &ApproximateText);
        let largest = all.iter().filter_map(|agent| agent.calls).max().unwrap_or(0) as f64;
        for ((agent, target), bars) in all.iter().zip(scene.targets.iter()).zip(agent_bars(&scene, &theme)) {
            let Some(calls) = agent.calls else {
                assert!(bars.is_empty(), "a bar for an agent of which nothing is known");
                continue;
            };
            let length = calls as f64 / largest * f64::from(width);
            assert!(close(bars[0].left, 0.0) && bars.is_sorted_by(|a, b| a.right() <= b.left), "{bars:?}");
            assert!((bars[3].right() - length).abs() <= 1.01, "{bars:?} should reach {length}");
            assert!((target.anchor.x - length).abs() <= 1.01, "the note stands at {}, not {length}", target.anchor.x);
        }
    });
}

/// The parts that are known stay within the bar.
#[test]
fn agents_with_an_unknown_outcome_keep_their_length() {
    let theme = Theme::light();
    for_random(|width, random| {
        let one_unknown = random.pick(&[
            OutcomeCounts { resolved: None, ..counts([0, 20, 15, 5]) },
            OutcomeCounts { transferred: None, ..counts([80, 0, 15, 5]) },
            OutcomeCounts { other: None, ..counts([80, 20, 15, 0]) },
        ]);
        let second = AgentUsage { outcomes: one_unknown, ..agent("One unknown", [80, 20, 15, 5]) };
        let all = vec![agent("All known", [50, 20, 20, 10]), second];
        let scene = agents(&all.clone().into(), size(width, 72), &theme, &ApproximateText);
        check(&scene, Order::TopToBottom);
    });
}

// Reasons.

#[test]
fn reasons_lie_in_place_and_start_at_zero() {
    let theme = Theme::light();
    for_random(|width, random| {
        let of = random.reasons();
        let scene = reasons(&of, size(width, of.len() as u32 * 40), &theme, &ApproximateText);
        check(&scene, Order::TopToBottom);
        check_rows(&scene, of.len());
        let mut minutes: Vec<_> = of.iter().filter_map(EscalationReason::minutes_before).collect();
        minutes.retain(|minutes| *minutes > 0.0);
        minutes.sort_by(|a, b| b.total_cmp(a));
        let bars = bars(&scene, &[theme.transferred]);
        assert_eq!(bars.len(), minutes.len(), "a bar for each reason with minutes and for no other");
        for (bar, of) in bars.iter().zip(&minutes) {
            assert!(close(bar.left, 0.0), "{bar:?} does not start at zero");
            assert!(close(bar.width / bars[0].width, of / minutes[0]), "{bar:?}");
        }
    });
}

// Sparklines and frames.

#[test]
fn sparklines_lie_in_place() {
    let theme = Theme::light();
    for_random(|width, random| {
        let values = random.values();
        let scene = sparkline(&values, size(width / 4, 24), &theme);
        check(&scene, Order::LeftToRight);
        let runs: Vec<_> = values.split(Option::is_none).filter(|run| !run.is_empty()).collect();
        let drawn = drawn_runs(&scene, theme.accent);
        assert_eq!(drawn.len(), runs.len(), "a line or a dot for each run of known values");
        for (points, run) in drawn.iter().zip(runs) {
            assert!(points.len() <= run.len());
            for (point, value) in points.iter().zip(run).filter(|_| points.len() == run.len()) {
                assert!(*value > Some(0.0) || close(point.y, scene.plot.bottom()), "zero is not at the bottom");
            }
        }
    });
}

#[test]
fn frames_hold_their_texts() {
    let theme = Theme::dark();
    for_random(|width, random| {
        let days = random.days();
        let texts = FrameText {
            title: "Calls per day".to_owned(),
            context: "1 January – 31 December 2026, Europe/Berlin, n = 1,234,567 calls".to_owned(),
            source: "Callscope, from the usage report of 1 January 2027 at 09:30".to_owned(),
        };
        let plain = daily_scene(&days, width, 220);
        let scene = framed(&plain, &texts, &theme, &ApproximateText);
        check_marks_of_frame(&scene);
        assert_eq!((scene.table, scene.name), (plain.table, texts.title));
        let counts = random.outcome_counts(u64::MAX);
        let plain = outcomes(Some(counts), size(width, 24), &theme);
        let scene = framed(&plain, &FrameText::default(), &theme, &ApproximateText);
        check_marks_of_frame(&scene);
        let texts: Vec<_> = scene.marks.iter().filter_map(text_box).map(|(text, _)| text).collect();
        for legend in &plain.legend {
            assert!(texts.contains(&legend.label.as_str()), "at width {width}, {} is not explained", legend.label);
        }
    });
}

/// As [`check`], without the targets, which stay those of the chart inside.
#[track_caller]
fn check_marks_of_frame(scene: &Scene) {
    check(&Scene { targets: Vec::new().into(), series: Vec::new(), ..scene.clone() }, Order::LeftToRight);
}

/// The checks themselves can fail.
#[test]
fn faults_are_found() {
    let text = |x, anchor| Mark::Text {
        text: "12 Mar".to_owned(),
        at: Point { x, y: 100.0 },
        anchor: (anchor, VerticalAnchor::Middle),
        font: Font::LABEL,
        color: Color::hex(0),
    };
    let plain = daily_scene(&super::inputs::month(), 720, 220);
    let with = |marks: &[Mark]| {
        let mut scene = plain.clone();
        scene.marks.extend_from_slice(marks);
        scene
    };
    let faulty = [
        with(&[text(300.0, HorizontalAnchor::Left), text(310.0, HorizontalAnchor::Center)]),
        with(&[text(10.0, HorizontalAnchor::Right)]),
        with(&[Mark::Line(vec![Point { x: 0.0, y: f64::NAN }; 2], Stroke::solid(Color::hex(0), 1.0))]),
        Scene { targets: plain.targets.iter().rev().collect::<Vec<_>>().into(), ..plain.clone() },
    ];
    check(&plain, Order::LeftToRight);
    for (i, scene) in faulty.iter().enumerate() {
        let caught = std::panic::catch_unwind(AssertUnwindSafe(|| check(scene, Order::LeftToRight)));
        assert!(caught.is_err(), "fault {i} passes");
    }
}
