//! Calls per day: total and resolved, the previous period on the same weekdays, releases and
//! changes of clock.

use callscope_core::export::{Cell, Column, Table};
use callscope_core::format;
use callscope_core::period::{ClockChange, Date, DateRange, days_between};
use callscope_core::usage::{DayVolume, Release};

use super::axis::{date_labels, value_grid, value_label_room, vertical};
use super::{CENTER_TOP, LEFT_MIDDLE, nothing, text};
use crate::downsample::reduced;
use crate::scale::Scale;
use crate::scene::{LazyTable, Legend, Mark, Point, Rect, Scene, Series, Size, Stroke, Target, TargetId};
use crate::text::{Font, MeasureText, fitted};
use crate::{Color, Theme};

/// What the chart of calls per day is made of.
#[derive(Clone, Copy, Debug)]
pub struct DailyInput<'a> {
    /// The days shown.
    pub range: DateRange,
    /// A value for every day of the range, in order.
    pub days: &'a [DayVolume],
    /// The previous period's days, in order; the first is compared with the first of the range.
    pub previous: &'a [DayVolume],
    /// Versions that went live.
    pub releases: &'a [Release],
    /// Days with a change of clock.
    pub clock_changes: &'a [ClockChange],
    /// The day that is still running, where it is in the range: its figures are of a part of it.
    pub unfinished: Option<Date>,
}

const NAME: &str = "Calls per day";
/// Below this width direct labels would take the plot's room; the legend says the same then.
const DIRECT_LABELS_FROM: f64 = 520.0;

/// Lays the chart out.
pub fn daily(input: &DailyInput<'_>, size: Size, theme: &Theme, measure: &dyn MeasureText) -> Scene {
    let table = lazy_table(input);
    if input.days.iter().all(|day| day.calls.is_none()) {
        return nothing(NAME, "The daily volume is unknown.", size, theme, table);
    }
    let direct = size.width_css_px >= DIRECT_LABELS_FROM;
    let largest = largest(input);
    let top = top(input);
    let scale = Scale::of_counts(largest, (bottom(size, top), top), most_ticks(size));
    let plot = plot(size, &scale, top, direct, measure);
    let x_of = |date: Date| x_of(input.range, plot, date);
    let xs = xs(input, plot);
    let mut marks = Vec::new();
    value_grid(&scale, plot, theme, &mut marks);
    for (date, label) in date_labels(input.range, plot, measure) {
        // The outermost ones are moved inwards rather than cut.
        let half = measure.width_css_px(&label, Font::LABEL) / 2.0;
        let x = x_of(date).min(size.width_css_px - half).max(half);
        marks.push(text(label, Point { x, y: plot.bottom() + 8.0 }, CENTER_TOP, Font::LABEL, theme.third));
    }
    let line = |values: &dyn Fn(usize, &DayVolume) -> Option<u64>| -> Vec<Option<Point>> {
        let point =
            |((i, day), x): ((usize, &DayVolume), &f64)| Some(Point { x: *x, y: scale.css_px(values(i, day)? as f64) });
        input.days.iter().enumerate().zip(&xs).map(point).collect()
    };
    let total = line(&|_, day| day.calls);
    let resolved = line(&|_, day| day.resolved);
    let before = line(&|i, _| input.previous.get(i)?.calls);
    area(&total, plot, theme.accent.with_alpha(0.08), &mut marks);
    markers(input, plot, theme, measure, &mut marks);
    strokes(&before, Stroke::dashed(theme.third, 1.5), &mut marks);
    let whole_days = input.days.iter().take_while(|day| Some(day.date) != input.unfinished).count();
    for (points, color) in [(&resolved, theme.resolved), (&total, theme.accent)] {
        let (whole, unfinished) = points.split_at(whole_days.min(points.len()));
        strokes(whole, Stroke::solid(color, 2.0), &mut marks);
        // The way to a day that is still running: it falls for no other reason than the hour.
        if let (Some(Some(from)), Some(Some(to))) = (whole.last(), unfinished.first()) {
            marks.push(Mark::Line(vec![*from, *to], Stroke { dash: Some((2.0, 3.0)), ..Stroke::solid(color, 2.0) }));
        } else {
            strokes(unfinished, Stroke::solid(color, 2.0), &mut marks);
        }
    }
    let lines =
        [("Total", theme.accent, &total), ("Resolved", theme.resolved, &resolved), ("Previous", theme.third, &before)];
    let mut legend = Vec::new();
    if direct {
        direct_labels(&lines, plot, &mut marks);
    } else {
        let drawn = lines.iter().filter(|(_, _, points)| points.iter().any(Option::is_some));
        legend.extend(drawn.map(|(label, color, _)| Legend {
            label: (*label).to_owned(),
            color: *color,
            dashed: *label == "Previous",
        }));
    }
    let series = lines.into_iter().map(|(_, color, points)| Series { color, points: points.clone() }).collect();
    Scene {
        size,
        name: NAME.to_owned(),
        summary: summary(input),
        marks,
        targets: targets(input, plot, &xs, &total),
        series,
        legend,
        table,
        plot,
    }
}

fn most_ticks(size: Size) -> usize {
    ((size.height_css_px / 48.0) as usize).clamp(2, 5)
}

fn largest(input: &DailyInput<'_>) -> f64 {
    let shown = input.days.iter().chain(input.previous.iter().take(input.days.len()));
    shown.filter_map(|day| day.calls.max(day.resolved)).max().unwrap_or(0) as f64
}

/// Room for the labels of events above the plot, and of dates below.
const TOP: f64 = 20.0;
const EVENT_LINE: f64 = 14.0;
const FOOT: f64 = 28.0;

/// Two lines of labels where there is more than one event.
fn top(input: &DailyInput<'_>) -> f64 {
    if input.releases.len() + input.clock_changes.len() > 1 { TOP + EVENT_LINE } else { TOP }
}

fn bottom(size: Size, top: f64) -> f64 {
    (size.height_css_px - FOOT).max(top + 1.0)
}

fn plot(size: Size, scale: &Scale, top: f64, direct: bool, measure: &dyn MeasureText) -> Rect {
    let left = value_label_room(scale, measure).min(size.width_css_px / 3.0);
    let right = if direct { measure.width_css_px("Resolved", Font::STRONG) + 16.0 } else { 12.0 };
    Rect { left, top, width: (size.width_css_px - left - right).max(1.0), height: bottom(size, top) - top }
}

/// Days are points from edge to edge; a single day stands in the middle.
fn x_of(range: DateRange, plot: Rect, date: Date) -> f64 {
    let last = range.len_days() - 1;
    let share = if last == 0 { 0.5 } else { f64::from(days_between(range.first(), date)) / f64::from(last) };
    plot.left + share * plot.width
}

/// Where the days lie. They follow each other, so that no dates need be reckoned with.
fn xs(input: &DailyInput<'_>, plot: Rect) -> Vec<f64> {
    let last = input.range.len_days() - 1;
    let share = |at: usize| if last == 0 { 0.5 } else { at as f64 / f64::from(last) };
    (0..input.days.len()).map(|at| plot.left + share(at) * plot.width).collect()
}

/// The runs of known points; nothing is drawn across an unknown one.
fn runs(points: &[Option<Point>]) -> impl Iterator<Item = Vec<Point>> {
    points
        .split(Option::is_none)
        .map(|run| run.iter().flatten().copied().collect())
        .filter(|run: &Vec<_>| !run.is_empty())
}

fn strokes(points: &[Option<Point>], stroke: Stroke, marks: &mut Vec<Mark>) {
    for run in runs(points) {
        match run.as_slice() {
            [single] => marks.push(Mark::Disc(*single, 3.0, stroke.color)),
            _ => marks.push(Mark::Line(reduced(&run), stroke)),
        }
    }
}

fn area(points: &[Option<Point>], plot: Rect, color: Color, marks: &mut Vec<Mark>) {
    for run in runs(points) {
        let mut outline = reduced(&run);
        let (Some(first), Some(last)) = (outline.first().copied(), outline.last().copied()) else { continue };
        outline.push(Point { x: last.x, y: plot.bottom() });
        outline.push(Point { x: first.x, y: plot.bottom() });
        marks.push(Mark::Area(outline, color));
    }
}

/// Releases as dashed lines with their label, changes of clock as dotted grey ones. Labels take the
/// first of two lines that is free and are left out where both are taken; the table has them all.
fn markers(input: &DailyInput<'_>, plot: Rect, theme: &Theme, measure: &dyn MeasureText, marks: &mut Vec<Mark>) {
    let mut by_day: Vec<(Date, Vec<String>, bool)> = Vec::new();
    // Where several agents have releases, "v2" alone would say nothing.
    let is_one_agent = input.releases.windows(2).all(|pair| match pair {
        [a, b] => a.agent_name == b.agent_name,
        _ => true,
    });
    let named = |release: &Release| {
        let label = release.label.clone();
        if is_one_agent { label } else { format!("{label} {}", release.agent_name) }
    };
    let releases = input.releases.iter().map(|release| (release.date, named(release), true));
    let changes = input.clock_changes.iter().map(|change| (change.date, clock_label(*change), false));
    for (date, label, release) in releases.chain(changes).filter(|(date, ..)| input.range.contains(*date)) {
        match by_day.iter_mut().find(|(day, ..)| *day == date) {
            Some((_, labels, released)) => {
                labels.push(label);
                *released |= release;
            }
            None => by_day.push((date, vec![label], release)),
        }
    }
    // Each day stands there once.
    by_day.sort_unstable_by_key(|(date, ..)| *date);
    let mut free_from = [plot.left; 2];
    for (date, labels, release) in by_day {
        let x = x_of(input.range, plot, date);
        let (color, dash) = if release { (theme.accent, (4.0, 3.0)) } else { (theme.third, (1.0, 3.0)) };
        marks.push(vertical(plot, x, Stroke { dash: Some(dash), ..Stroke::solid(color, 1.0) }));
        let label = match labels.as_slice() {
            [single] => single.clone(),
            several => format!("{} changes", several.len()),
        };
        let label = fitted(&label, 140.0, Font::LABEL, measure);
        let width = measure.width_css_px(&label, Font::LABEL);
        let left = (x - width / 2.0).clamp(plot.left, (plot.right() - width).max(plot.left));
        let Some(line) = free_from.iter().position(|free| left >= *free).filter(|_| !label.is_empty()) else {
            continue;
        };
        let at = Point { x: left, y: plot.top - 10.0 - line as f64 * EVENT_LINE };
        marks.push(text(label, at, LEFT_MIDDLE, Font::LABEL, color));
        if let Some(free) = free_from.get_mut(line) {
            *free = left + width + 12.0;
        }
    }
}

fn clock_label(change: ClockChange) -> String {
    let sign = if change.shift_secs > 0 { "+" } else { "−" };
    let minutes = change.shift_secs.abs() / 60;
    if minutes % 60 == 0 { format!("clock {sign}{} h", minutes / 60) } else { format!("clock {sign}{minutes} min") }
}

/// Names beside the ends of the lines, moved apart where they would collide.
fn direct_labels(lines: &[(&str, Color, &Vec<Option<Point>>)], plot: Rect, marks: &mut Vec<Mark>) {
    const LINE_HEIGHT: f64 = 15.0;
    let mut labels: Vec<(f64, &str, Color)> = lines
        .iter()
        .filter_map(|(label, color, points)| Some((points.iter().rev().flatten().next()?.y, *label, *color)))
        .collect();
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = plot.top;
    for (y, _, _) in &mut labels {
        *y = y.max(free);
        free = *y + LINE_HEIGHT;
    }
    let mut free = plot.bottom();
    for (y, _, _) in labels.iter_mut().rev() {
        *y = y.min(free);
        free = *y - LINE_HEIGHT;
    }
    for (y, label, color) in labels {
        marks.push(text(label, Point { x: plot.right() + 8.0, y }, LEFT_MIDDLE, Font::STRONG, color));
    }
}

fn targets(input: &DailyInput<'_>, plot: Rect, xs: &[f64], total: &[Option<Point>]) -> Vec<Target> {
    let width = plot.width / f64::from((input.range.len_days() - 1).max(1));
    let target = |((day, x), point): ((&DayVolume, &f64), &Option<Point>)| {
        let x = *x;
        let region = Rect { left: x - width / 2.0, top: plot.top, width, height: plot.height };
        Target {
            id: TargetId::Day(day.date),
            region,
            anchor: Point { x, y: point.map_or(plot.bottom(), |point| point.y) },
        }
    };
    input.days.iter().zip(xs).zip(total).map(target).collect()
}

fn summary(input: &DailyInput<'_>) -> String {
    let known = || input.days.iter().filter_map(|day| Some((day.calls?, day.date)));
    let calls: u64 = known().fold(0, |sum, (calls, _)| sum.saturating_add(calls));
    let period = format::date_range(input.range.first(), input.range.last());
    match known().max_by_key(|(calls, date)| (*calls, std::cmp::Reverse(*date))) {
        Some((most, date)) if most > 0 => format!(
            "{} calls, {period}; most on {} with {}.",
            format::count(calls),
            format::long_date(date),
            format::count(most)
        ),
        _ => format!("No calls, {period}."),
    }
}

/// The table, of figures that are kept for it.
fn lazy_table(input: &DailyInput<'_>) -> LazyTable {
    let DailyInput { range, unfinished, .. } = *input;
    let (days, previous) = (input.days.to_vec(), input.previous.to_vec());
    let (releases, clock_changes) = (input.releases.to_vec(), input.clock_changes.to_vec());
    LazyTable::new(move || {
        table(&DailyInput {
            range,
            days: &days,
            previous: &previous,
            releases: &releases,
            clock_changes: &clock_changes,
            unfinished,
        })
    })
}

fn table(input: &DailyInput<'_>) -> Table {
    let compared = !input.previous.is_empty();
    let marked = !input.releases.is_empty() || !input.clock_changes.is_empty() || input.unfinished.is_some();
    let mut columns = vec![
        Column::text("Date"),
        Column::figure("Calls"),
        Column::figure("Resolved"),
        Column::figure("Resolution rate (%)"),
    ];
    if compared {
        columns.extend([Column::figure("Calls before"), Column::figure("Change (%)")]);
    }
    if marked {
        columns.push(Column::text("Events"));
    }
    let row = |(i, day): (usize, &DayVolume)| {
        let calls = day.calls.map(|calls| calls as f64);
        let rate = ratio(day.resolved.map(|resolved| resolved as f64), calls);
        let mut row = vec![
            Cell::Day(day.date),
            Cell::count(day.calls),
            Cell::count(day.resolved),
            Cell::measure(rate.map(|rate| rate * 100.0), 1),
        ];
        if compared {
            let before = input.previous.get(i).and_then(|day| day.calls);
            let change = ratio(calls, before.map(|before| before as f64)).map(|ratio| (ratio - 1.0) * 100.0);
            row.extend([Cell::count(before), Cell::measure(change, 1)]);
        }
        if marked {
            row.push(Cell::Text(events(input, day.date)));
        }
        row
    };
    Table { caption: NAME.to_owned(), columns, rows: input.days.iter().enumerate().map(row).collect() }
}

fn events(input: &DailyInput<'_>, date: Date) -> String {
    let releases = input.releases.iter().filter(|release| release.date == date);
    let releases = releases.map(|release| format!("{}: {} live", release.agent_name, release.label));
    let changes = input.clock_changes.iter().filter(|change| change.date == date).copied().map(clock_label);
    let so_far = (input.unfinished == Some(date)).then(|| "so far".to_owned());
    releases.chain(changes).chain(so_far).collect::<Vec<_>>().join("; ")
}

fn ratio(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    let whole = whole.filter(|whole| *whole > 0.0)?;
    Some(part? / whole)
}
