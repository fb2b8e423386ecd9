//! What holds for every picture of two versions, however wide it is and whatever it shows.

use callscope_charts::{
    ACTIVITY_HEIGHT_CSS_PX, ApproximateText, Color, DifferenceUnit, Font, IntervalRow, IntervalsInput, Mark, Point,
    Reading, Rect, Scene, Theme, activity, intervals, intervals_height, mix, mix_height, rates,
};
use callscope_core::export::Cell;
use callscope_core::period::Date;

use super::inputs::{Runs, random_rows, random_runs, random_sources, row, ten_years, twelve};
use crate::charts::inputs::{Random, size};
use crate::charts::invariants::{Order, check, check_rows, close, filled, for_random, text_box};

fn theme_of(random: &mut Random) -> Theme {
    if random.one_in(2) { Theme::light() } else { Theme::dark() }
}

fn discs(scene: &Scene) -> Vec<(Point, f64, Color)> {
    let disc = |mark: &Mark| match mark {
        Mark::Disc(center, radius, color) => Some((*center, *radius, *color)),
        _ => None,
    };
    scene.marks.iter().filter_map(disc).collect()
}

fn texts(scene: &Scene) -> Vec<&str> {
    scene.marks.iter().filter_map(text_box).map(|(text, _)| text).collect()
}

// Differences.

fn intervals_scene(rows: &[IntervalRow], unit: DifferenceUnit, width: u32, theme: &Theme) -> Scene {
    let height = intervals_height(rows.len()) as u32;
    intervals(&IntervalsInput { rows, unit }, size(width, height), theme, &ApproximateText)
}

#[test]
fn differences_lie_in_place() {
    for_random(|width, random| {
        let (rows, unit) = random_rows(random);
        let theme = theme_of(random);
        let scene = intervals_scene(&rows, unit, width, &theme);
        check(&scene, Order::TopToBottom);
        check_rows(&scene, rows.len());
        let unknown = texts(&scene).iter().filter(|text| **text == "unknown").count();
        assert!(unknown >= rows.iter().filter(|row| row.difference.is_none()).count(), "what is unknown is said");
    });
}

/// The dots of the rows whose difference is known, in order: where, and whether hollow.
fn dots(scene: &Scene, theme: &Theme) -> Vec<(Point, bool)> {
    let mut dots: Vec<(Point, bool)> = Vec::new();
    for (center, _, color) in discs(scene) {
        if color == theme.card {
            dots.last_mut().unwrap().1 = true;
        } else {
            dots.push((center, false));
        }
    }
    dots
}

#[test]
fn dots_and_lines_lie_about_zero_by_their_values() {
    for_random(|width, random| {
        let (rows, unit) = random_rows(random);
        let theme = theme_of(random);
        let scene = intervals_scene(&rows, unit, width, &theme);
        let known: Vec<_> = rows.iter().zip(scene.targets.iter()).filter(|(row, _)| row.difference.is_some()).collect();
        let dots = dots(&scene, &theme);
        assert_eq!(dots.len(), known.len(), "a dot for each known difference and for no other");
        let zero = zero_of(&scene, &theme);
        let mut spans: Vec<(f64, f64)> = Vec::new();
        for ((dot, is_hollow), (row, target)) in dots.iter().zip(known) {
            assert!(target.region.distance(*dot) <= 0.0 && close(dot.x, target.anchor.x), "{dot:?} {target:?}");
            assert_eq!(*is_hollow, matches!(row.reading, Reading::TooFew | Reading::Unknown));
            let rects = filled(&scene, |color| color == reading_color(row.reading, &theme));
            spans.extend(drawn_values(row, *dot, &rects).into_iter().map(|(value, x)| (value, x - zero)));
        }
        // All are to one scale: pixels are in proportion to values.
        let Some(largest) = spans.iter().copied().max_by(|a, b| a.0.abs().total_cmp(&b.0.abs())) else { return };
        for (value, pixels) in &spans {
            let expected = largest.1 * (value / largest.0);
            assert!(largest.0 == 0.0 || (pixels - expected).abs() < 1e-6 * f64::from(width), "{value} at {pixels}");
        }
    });
}

/// The difference and both ends of the interval, each with where it is drawn.
#[track_caller]
fn drawn_values(row: &IntervalRow, dot: Point, rects: &[Rect]) -> Vec<(f64, f64)> {
    let dot_value = (row.difference.unwrap(), dot.x);
    let beside = |rect: &&Rect| (rect.center().y - dot.y).abs() < 1e-6 && rect.height < 12.0;
    let marks: Vec<_> = rects.iter().filter(beside).collect();
    let Some(interval) = row.interval else {
        assert!(marks.is_empty(), "a line where no interval is known: {marks:?}");
        return vec![dot_value];
    };
    let [line, low, high] = marks.as_slice() else { panic!("{marks:?} for {row:?}") };
    assert!(close(low.center().x, line.left) && close(high.center().x, line.right()));
    vec![dot_value, (interval.low, line.left), (interval.high, line.right())]
}

/// The zero line, which is in the middle between the two words for its sides.
fn zero_of(scene: &Scene, theme: &Theme) -> f64 {
    let boxes: Vec<_> = scene.marks.iter().filter_map(text_box).collect();
    let side = |word: &str| boxes.iter().find(|(text, _)| text.contains(word)).unwrap().1;
    let zero = f64::midpoint(side("← lower").right(), side("higher →").left);
    let lines = filled(scene, |color| color == theme.third);
    assert!(lines.iter().any(|line| line.height > 12.0 && (line.center().x - zero).abs() <= 1.0), "no zero line");
    zero
}

fn reading_color(reading: Reading, theme: &Theme) -> Color {
    match reading {
        Reading::Better => theme.better,
        Reading::Worse => theme.worse,
        Reading::Different => theme.accent,
        _ => theme.third,
    }
}

#[test]
fn every_reading_is_a_word_too() {
    let cases = [
        (Reading::Better, 0.1, "higher, better", "better"),
        (Reading::Better, -0.1, "lower, better", "better"),
        (Reading::Worse, 0.1, "higher, worse", "worse"),
        (Reading::Worse, -0.1, "lower, worse", "worse"),
        (Reading::Different, 0.1, "higher", "higher"),
        (Reading::Different, -0.1, "lower", "lower"),
        (Reading::Unclear, 0.1, "no clear difference", "unclear"),
        (Reading::TooFew, 0.1, "too few calls", "too few"),
        (Reading::Unknown, 0.1, "unknown", "unknown"),
    ];
    for (reading, difference, word, short) in cases {
        let rows = [row("Completion rate", Some(difference), Some((-0.2, 0.2)), reading)];
        for (width, expected) in [(1200, word), (280, short)] {
            let scene = intervals_scene(&rows, DifferenceUnit::Points, width, &Theme::light());
            assert!(texts(&scene).contains(&expected), "{expected} is missing from {:?}", texts(&scene));
            assert_eq!(scene.table.rows[0][4], Cell::Text(word.to_owned()));
        }
    }
}

#[test]
fn the_table_of_differences_is_in_the_units_of_its_heads() {
    let rows = [row("Completion rate", Some(0.0125), Some((-0.5, 0.75)), Reading::Unclear)];
    for (unit, written, scale) in [
        (DifferenceUnit::Points, "pp", 100.0),
        (DifferenceUnit::Seconds, "s", 1.0),
        (DifferenceUnit::Credits, "credits", 1.0),
        (DifferenceUnit::Count, "calls", 1.0),
    ] {
        let table = intervals_scene(&rows, unit, 720, &Theme::light()).table;
        let figures = [0.0125, -0.5, 0.75].map(|value| value * scale);
        for (i, figure) in figures.into_iter().enumerate() {
            assert!(table.columns[i + 1].heading.ends_with(&format!("({written})")), "{:?}", table.columns);
            assert!(
                matches!(table.rows[0][i + 1], Cell::Measure(value, _) if close(value, figure)),
                "{:?}",
                table.rows
            );
        }
    }
}

// Mixed.

#[test]
fn sources_lie_in_place() {
    for_random(|width, random| {
        let of = random_sources(random);
        let theme = theme_of(random);
        let scene = mix(&of.input(), size(width, mix_height(of.sources.len()) as u32), &theme, &ApproximateText);
        check(&scene, Order::TopToBottom);
        assert_eq!(scene.table.rows.len(), of.sources.len());
        let unknown =
            |side: fn(&callscope_charts::MixSource) -> Option<u64>| of.sources.iter().any(|s| side(s).is_none());
        if unknown(|source| source.a) && unknown(|source| source.b) {
            assert!(scene.targets.is_empty());
        } else {
            check_rows(&scene, of.sources.len());
        }
    });
}

/// The parts of the two bars, the upper one first.
fn parts(scene: &Scene, theme: &Theme) -> [Vec<(Rect, Color)>; 2] {
    let mut bars = [Vec::new(), Vec::new()];
    for mark in &scene.marks {
        match mark {
            Mark::Rect(rect, color) if close(rect.height, 22.0) && *color != theme.grid => {
                bars[usize::from(rect.top > 40.0)].push((*rect, *color));
            }
            _ => {}
        }
    }
    bars
}

#[test]
fn parts_are_as_long_as_their_share_and_differ_from_their_neighbours() {
    for_random(|width, random| {
        let of = random_sources(random);
        let theme = theme_of(random);
        let scene = mix(&of.input(), size(width, mix_height(of.sources.len()) as u32), &theme, &ApproximateText);
        for (side, bar) in parts(&scene, &theme).into_iter().enumerate() {
            let counts: Option<Vec<u64>> = of.sources.iter().map(|s| if side == 0 { s.a } else { s.b }).collect();
            let counts: Vec<f64> = counts.unwrap_or_default().into_iter().map(|count| count as f64).collect();
            let total: f64 = counts.iter().sum();
            let counts: Vec<f64> = counts.into_iter().filter(|count| *count > 0.0).collect();
            assert_eq!(bar.len(), counts.len(), "a part for each source with calls and for no other");
            for ((rect, _), count) in bar.iter().zip(counts) {
                let expected = count / total * f64::from(width);
                assert!((rect.width - expected).abs() <= 1.01, "{rect:?} should be {expected} wide");
            }
            for pair in bar.windows(2) {
                assert!(pair[0].1 != pair[1].1, "two neighbours of one colour: {pair:?}");
            }
            let end = bar.last().map(|(rect, _)| rect.right());
            assert!(end.is_none_or(|end| (end - f64::from(width)).abs() <= 1.01), "the bar ends at {end:?}");
        }
    });
}

#[expect(clippy::disallowed_methods, reason = "a contrast, of which no bit is compared")]
fn luminance(color: Color) -> f64 {
    let linear = |byte: u8| {
        let share = f64::from(byte) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    let (red, green, blue) = color.rgb;
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

#[test]
fn labels_on_parts_can_be_read() {
    for theme in [Theme::light(), Theme::dark()] {
        let scene = mix(&twelve().input(), size(2400, 600), &theme, &ApproximateText);
        let [a, b] = parts(&scene, &theme);
        let mut labels = 0;
        for (part, color) in a.into_iter().chain(b) {
            for mark in &scene.marks {
                let Mark::Text { at, color: ink, .. } = mark else { continue };
                if part.distance(*at) <= 0.0 {
                    let (one, other) = (luminance(*ink) + 0.05, luminance(color) + 0.05);
                    assert!(one.max(other) / one.min(other) >= 4.5, "{mark:?} on {color:?}");
                    labels += 1;
                }
            }
        }
        assert!(labels >= 18, "{labels}");
    }
}

/// Colour is not alone: the source that moved most is bold and has a ground of its own.
#[test]
fn what_moved_most_is_set_apart() {
    for_random(|width, random| {
        let of = random_sources(random);
        let scene = mix(&of.input(), size(width, 900), &Theme::light(), &ApproximateText);
        for (i, target) in scene.targets.iter().enumerate() {
            let inside =
                |mark: &&Mark| text_box(mark).is_some_and(|(_, rect)| target.region.distance(rect.center()) <= 0.0);
            let bold = |mark: &Mark| matches!(mark, Mark::Text { font, .. } if *font == Font::STRONG);
            let bold = scene.marks.iter().filter(inside).filter(|mark| bold(mark)).count();
            // A name that has room in thin letters alone is written in them, whole.
            let is_short = of.sources[i].name.chars().count() <= 8 && width >= 400;
            let expected = match of.stands_out == Some(i) {
                true if is_short => 4..=4,
                true => 3..=4,
                false => 0..=0,
            };
            assert!(expected.contains(&bold), "{bold} in row {i} of {:?}", of.stands_out);
            let cut = scene
                .marks
                .iter()
                .filter(inside)
                .filter(|mark| matches!(text_box(mark), Some((text, _)) if text.ends_with('…')));
            assert!(bold != 3 || cut.count() == 0, "row {i}");
        }
    });
}

#[test]
fn rows_that_have_no_room_are_counted() {
    for_random(|width, random| {
        let of = random_sources(random);
        let (rows, unit) = random_rows(random);
        let room = 2 + random.below(5) as usize;
        let theme = Theme::light();
        let height = intervals_height(room) as u32;
        let scenes = [
            (mix(&of.input(), size(width, mix_height(room) as u32), &theme, &ApproximateText), of.sources.len()),
            (
                intervals(&IntervalsInput { rows: &rows, unit }, size(width, height), &theme, &ApproximateText),
                rows.len(),
            ),
        ];
        for (scene, all) in scenes.into_iter().filter(|(scene, _)| !scene.targets.is_empty()) {
            check(&scene, Order::TopToBottom);
            assert_eq!(scene.table.rows.len(), all);
            let more = format!("and {} more in the table", all - scene.targets.len());
            assert_eq!(texts(&scene).contains(&more.as_str()), scene.targets.len() < all);
            assert_eq!(scene.targets.len(), if all > room { room - 1 } else { all });
        }
    });
}

// Days.

fn rates_scene(runs: &Runs, width: u32, height: u32, theme: &Theme) -> Scene {
    rates(&runs.rates(), size(width, height), theme, &ApproximateText)
}

#[test]
fn rates_lie_in_place() {
    for_random(|width, random| {
        let runs = random_runs(random);
        let theme = theme_of(random);
        let height = random.pick(&[160, 220, 300]);
        let scene = rates_scene(&runs, width, height, &theme);
        check(&scene, Order::LeftToRight);
        assert_eq!(scene.table.rows.len(), runs.rates.len());
        assert!(scene.targets.is_empty() || scene.targets.len() == runs.rates.len());
        let live = runs.activated.iter().flatten().filter(|date| runs.range.contains(**date)).count();
        let labels = texts(&scene).iter().filter(|text| text.ends_with(" live")).count();
        assert!(scene.targets.is_empty() || labels == live, "{labels} labels for {live} activations");
    });
}

/// From 0 at the bottom to 100 % at the top, hollow below twenty calls, nothing where there is none.
#[test]
fn rates_are_drawn_by_their_value() {
    let theme = Theme::light();
    for_random(|width, random| {
        let runs = random_runs(random);
        // Narrower days have no dots.
        if runs.range.len_days() * 6 > width as i32 - 60 {
            return;
        }
        let scene = rates_scene(&runs, width, 220, &theme);
        for (side, color) in [theme.second, theme.accent].into_iter().enumerate() {
            let known = runs.rates.iter().zip(scene.targets.iter()).filter_map(|(day, target)| {
                let counts = if side == 0 { day.a } else { day.b };
                Some((counts.filter(|counts| counts.trials > 0)?, target.region))
            });
            let known: Vec<_> = known.filter(|_| !scene.targets.is_empty()).collect();
            let all = discs(&scene);
            let drawn: Vec<_> = all.iter().enumerate().filter(|(_, (_, _, of))| *of == color).collect();
            assert_eq!(drawn.len(), known.len(), "a dot for each day with calls and for no other");
            for ((i, (center, radius, _)), (counts, region)) in drawn.into_iter().zip(known) {
                let rate = counts.successes as f64 / counts.trials as f64;
                let plot = scene.plot;
                assert!(close(center.x, region.center().x) && close(center.y, plot.bottom() - rate * plot.height));
                let is_hollow =
                    all.get(i + 1).is_some_and(|(at, inner, of)| at == center && inner < radius && *of == theme.card);
                assert_eq!(is_hollow, counts.trials < 20, "{counts:?}");
            }
        }
    });
}

/// No line leads across a day without a rate.
#[test]
fn rates_have_gaps() {
    let theme = Theme::light();
    let known = |i: i32| (i % 7 != 3).then_some((80, 100));
    let runs = Runs::of(Date::constant(2024, 5, 1), 28, |i| [known(i), Some((0, 0))]);
    let scene = rates_scene(&runs, 720, 220, &theme);
    let line = |mark: &Mark| match mark {
        Mark::Line(points, stroke) if stroke.color == theme.second => Some(points.len()),
        _ => None,
    };
    let lines: Vec<_> = scene.marks.iter().filter_map(line).collect();
    assert_eq!(lines, [3, 6, 6, 6, 3]);
    assert!(scene.series[1].points.iter().all(|point| point.is_none()));
    assert_eq!(scene.legend.len(), 1, "what is not drawn is not explained");
}

fn activity_scene(runs: &Runs, width: u32, theme: &Theme) -> Scene {
    activity(&runs.activity(), size(width, ACTIVITY_HEIGHT_CSS_PX as u32), theme, &ApproximateText)
}

#[test]
fn strips_lie_in_place() {
    for_random(|width, random| {
        let runs = random_runs(random);
        let theme = theme_of(random);
        let scene = activity_scene(&runs, width, &theme);
        check(&scene, Order::LeftToRight);
        assert_eq!(scene.table.rows.len(), runs.activity.len());
        assert!(scene.targets.is_empty() || scene.targets.len() == runs.activity.len());
    });
}

/// The cells of both strips: whatever is filled and neither a hairline nor a key.
fn cells(scene: &Scene) -> Vec<(Rect, Color)> {
    let cell = |mark: &Mark| match mark {
        Mark::Rect(rect, color) if rect.height > 10.5 => Some((*rect, *color)),
        _ => None,
    };
    scene.marks.iter().filter_map(cell).collect()
}

fn darkness(color: Color) -> i32 {
    let (red, green, blue) = color.rgb;
    -(i32::from(red) + i32::from(green) + i32::from(blue))
}

#[test]
fn cells_are_darker_the_more_calls_a_day_had() {
    let theme = Theme::light();
    for_random(|width, random| {
        let runs = random_runs(random);
        if runs.range.len_days() * 3 > width as i32 {
            return;
        }
        let scene = activity_scene(&runs, width, &theme);
        let mut drawn = cells(&scene).into_iter();
        for side in 0..2 {
            let mut shades: Vec<(u64, i32)> = Vec::new();
            for (day, target) in runs.activity.iter().zip(scene.targets.iter()) {
                let Some(calls) = (if side == 0 { day.a } else { day.b }) else { continue };
                let (rect, color) = drawn.next().unwrap();
                assert!(rect.left >= target.region.left - 1e-6 && rect.right() <= target.region.right() + 1e-6);
                assert_eq!(color == theme.grid, calls == 0, "days without calls are told from all others");
                if calls > 0 {
                    shades.push((calls, darkness(color)));
                }
            }
            shades.sort_unstable();
            assert!(shades.is_sorted_by(|a, b| a.1 <= b.1 || a.0 == b.0), "{shades:?}");
        }
        assert!(drawn.next().is_none(), "a cell for a day of which nothing is known");
    });
}

#[test]
fn a_key_without_room_becomes_a_legend() {
    let runs = |calls| Runs::of(Date::constant(2024, 5, 1), 7, |_| [Some((0, calls)), None]);
    let key = |scene: &Scene| texts(scene).iter().any(|text| text.starts_with("up to "));
    for (calls, has_key, legends) in [(100, true, 0), (u64::MAX / 9, false, 2), (0, false, 0)] {
        let scene = activity_scene(&runs(calls), 280, &Theme::light());
        assert_eq!((key(&scene), scene.legend.len()), (has_key, legends), "{calls} calls a day");
    }
}

/// What a server sends twice, in disorder or of another time does no harm.
#[test]
fn days_in_disorder_are_left_out() {
    let mut runs = Runs::of(Date::constant(2024, 5, 1), 7, |i| [Some((i as u64, 30)), Some((9, 40))]);
    runs.rates.swap(1, 5);
    runs.activity.swap(1, 5);
    runs.rates.extend(ten_years().rates);
    runs.activity.extend(ten_years().activity);
    for scene in [rates_scene(&runs, 720, 220, &Theme::light()), activity_scene(&runs, 720, &Theme::light())] {
        check(&scene, Order::LeftToRight);
        // The first, the sixth, the seventh.
        check_rows(&scene, 3);
    }
}

#[test]
fn ten_years_of_two_versions_stay_small() {
    let runs = ten_years();
    for width in [280, 317, 1600, 2400] {
        let scene = activity_scene(&runs, width, &Theme::light());
        let drawn = cells(&scene);
        assert!(drawn.len() <= 2 * width as usize, "{} cells on {width} pixels", drawn.len());
        let is_whole = |rect: Rect| rect.width >= 2.0 || close(rect.right(), f64::from(width));
        assert!(drawn.iter().all(|(rect, _)| is_whole(*rect)), "cells run into each other");
        let named = scene.legend.iter().map(|legend| legend.label.as_str());
        let is_said = texts(&scene).into_iter().chain(named).any(|text| text.ends_with(" days"));
        assert!(is_said, "what a cell stands for is said");
        check(&scene, Order::LeftToRight);
        let scene = rates_scene(&runs, width, 220, &Theme::light());
        check(&scene, Order::LeftToRight);
        assert!(scene.marks.len() < 200, "{} marks", scene.marks.len());
    }
}
