//! Calls per day: total and resolved, the previous period on the same weekdays, releases and
//! changes of clock.

use callscope_core::export::{Cell, Column};
use callscope_core::format;
use callscope_core::period::{ClockChange, Date, DateRange, add_days, days_between};
use callscope_core::usage::Release;

use super::axis::{date_labels, label_left, value_grid, value_label_room, vertical};
use super::days::DaySeries;
use super::{CENTER_TOP, LEFT_MIDDLE, nothing, text};
use crate::curve::Curve;
use crate::lazy::{LazyTable, Made};
use crate::scale::Scale;
use crate::scene::{Legend, Mark, Point, Rect, Scene, Series, Size, Stroke, Target, TargetId, Targets};
use crate::text::{Font, MeasureText, fitted};
use crate::values::Values;
use crate::{Color, Theme};

/// What the chart of calls per day is made of.
#[derive(Clone, Copy, Debug)]
pub struct DailyInput<'a> {
    /// The days shown.
    pub range: DateRange,
    /// A value for every day of the range, in order.
    pub days: &'a DaySeries,
    /// The previous period's days, in order; the first is compared with the first of the range.
    pub previous: &'a DaySeries,
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
    let table = table(input);
    if input.days.most().is_none() {
        return nothing(NAME, "The daily volume is unknown.", size, theme, table);
    }
    let direct = size.width_css_px >= DIRECT_LABELS_FROM;
    let top = top(input);
    let scale = Scale::of_counts(largest(input), (bottom(size, top), top), most_ticks(size));
    let plot = plot(size, &scale, top, direct, measure);
    let mut marks = Vec::new();
    value_grid(&scale, plot, theme, &mut marks);
    for (date, label) in date_labels(input.range, plot, measure) {
        // The outermost ones are moved inwards rather than cut.
        let half = measure.width_css_px(&label, Font::LABEL) / 2.0;
        let x = x_of(input.range, plot, date).min(size.width_css_px - half).max(half);
        marks.push(text(label, Point { x, y: plot.bottom() + 8.0 }, CENTER_TOP, Font::LABEL, theme.third));
    }
    let (left, step) = places(input.range, plot);
    let curve = |values| Curve::new(values, left, step, scale);
    let lines = [
        ("Total", theme.accent, curve(input.days.calls())),
        ("Resolved", theme.resolved, curve(input.days.resolved())),
        ("Previous", theme.third, curve(input.previous.calls()).part(0..input.days.len())),
    ];
    let [(_, _, total), (_, _, resolved), (_, _, before)] = &lines;
    marks.push(Mark::Under(total.clone(), plot.bottom(), theme.accent.with_alpha(0.08)));
    markers(input, plot, theme, measure, &mut marks);
    marks.push(Mark::Curve(before.clone(), Stroke::dashed(theme.third, 1.5)));
    for (curve, color) in [(resolved, theme.resolved), (total, theme.accent)] {
        line(curve, input, Stroke::solid(color, 2.0), &mut marks);
    }
    let mut legend = Vec::new();
    if direct {
        direct_labels(&lines, plot, &mut marks);
    } else {
        let drawn = lines.iter().filter(|(_, _, curve)| curve.is_known());
        legend.extend(drawn.map(|(label, color, _)| Legend {
            label: (*label).to_owned(),
            color: *color,
            dashed: *label == "Previous",
        }));
    }
    let targets = targets(input, plot, total);
    let count = input.days.len();
    let series = |(_, color, curve): (&str, Color, Curve)| Series {
        color,
        points: Made::new(count, move |at| Some(curve.point(at))),
    };
    Scene {
        size,
        name: NAME.to_owned(),
        summary: summary(input),
        marks,
        targets,
        series: lines.into_iter().map(series).collect(),
        legend,
        table,
        plot,
    }
}

fn most_ticks(size: Size) -> usize {
    ((size.height_css_px / 48.0) as usize).clamp(2, 5)
}

fn largest(input: &DailyInput<'_>) -> f64 {
    let of = |values: &Values| values.extremes(0..values.len().min(input.days.len())).map(|of| of.largest);
    let all = [input.days.calls(), input.days.resolved(), input.previous.calls(), input.previous.resolved()];
    all.into_iter().filter_map(of).fold(0.0, f64::max)
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

/// Where the first day lies, and how far apart they are: points from edge to edge. A single day stands in the middle.
fn places(range: DateRange, plot: Rect) -> (f64, f64) {
    match range.len_days() - 1 {
        0 => (plot.center().x, plot.width),
        last => (plot.left, plot.width / f64::from(last)),
    }
}

fn x_of(range: DateRange, plot: Rect, date: Date) -> f64 {
    let (left, step) = places(range, plot);
    left + f64::from(days_between(range.first(), date)) * step
}

/// A line, dotted to a day that is still running: it falls there for no other reason than the hour.
fn line(curve: &Curve, input: &DailyInput<'_>, stroke: Stroke, marks: &mut Vec<Mark>) {
    let count = input.days.len();
    let running = input.unfinished.and_then(|day| usize::try_from(days_between(input.range.first(), day)).ok());
    let whole = running.unwrap_or(count).min(count);
    marks.push(Mark::Curve(curve.part(0..whole), stroke));
    match (whole.checked_sub(1).and_then(|last| curve.point(last)), curve.point(whole)) {
        (Some(from), Some(to)) => {
            marks.push(Mark::Line(vec![from, to], Stroke { dash: Some((2.0, 3.0)), ..stroke }));
        }
        _ => marks.push(Mark::Curve(curve.part(whole..count), stroke)),
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
        // Each day stands there once, in order.
        let at = by_day.partition_point(|(day, ..)| *day < date);
        match by_day.get_mut(at).filter(|(day, ..)| *day == date) {
            Some((_, labels, released)) => {
                labels.push(label);
                *released |= release;
            }
            None => by_day.insert(at, (date, vec![label], release)),
        }
    }
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
        let left = label_left(x, width, plot);
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
fn direct_labels(lines: &[(&'static str, Color, Curve)], plot: Rect, marks: &mut Vec<Mark>) {
    const LINE_HEIGHT: f64 = 15.0;
    let at_end = |(label, color, curve): &(&'static str, Color, Curve)| Some((curve.last()?.y, *label, *color));
    let mut labels: Vec<(f64, &str, Color)> = lines.iter().filter_map(at_end).collect();
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

fn targets(input: &DailyInput<'_>, plot: Rect, total: &Curve) -> Targets {
    let (range, total) = (input.range, total.clone());
    let (first, width) = places(range, plot);
    let target = move |at: usize| {
        let x = first + at as f64 * width;
        let region = Rect { left: x - width / 2.0, width, ..plot };
        let y = total.point(at).map_or(plot.bottom(), |point| point.y);
        let date = add_days(range.first(), i32::try_from(at).ok()?);
        Some(Target { id: TargetId::Day(date), region, anchor: Point { x, y } })
    };
    Targets::side_by_side(Made::new(input.days.len(), target), first - width / 2.0, width)
}

fn summary(input: &DailyInput<'_>) -> String {
    let period = format::date_range(input.range.first(), input.range.last());
    match input.days.most() {
        Some((most, date)) if most > 0 => format!(
            "{} calls, {period}; most on {} with {}.",
            format::count(input.days.sum()),
            format::long_date(date),
            format::count(most)
        ),
        _ => format!("No calls, {period}."),
    }
}

/// The table, of figures that are kept for it.
fn table(input: &DailyInput<'_>) -> LazyTable {
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
    let (days, previous) = (input.days.clone(), input.previous.clone());
    let events = Events {
        releases: input.releases.to_vec(),
        clock_changes: input.clock_changes.to_vec(),
        unfinished: input.unfinished,
    };
    let row = move |at: usize| {
        let day = days.get(at)?;
        let calls = day.calls.map(|calls| calls as f64);
        let rate = ratio(day.resolved.map(|resolved| resolved as f64), calls);
        let mut row = vec![
            Cell::Day(day.date),
            Cell::count(day.calls),
            Cell::count(day.resolved),
            Cell::measure(rate.map(|rate| rate * 100.0), 1),
        ];
        if compared {
            let before = previous.get(at).and_then(|day| day.calls);
            let change = ratio(calls, before.map(|before| before as f64)).map(|ratio| (ratio - 1.0) * 100.0);
            row.extend([Cell::count(before), Cell::measure(change, 1)]);
        }
        if marked {
            row.push(Cell::Text(events.on(day.date)));
        }
        Some(row)
    };
    LazyTable::new(NAME, columns, Made::new(input.days.len(), row))
}

/// What happened on which day, for the table.
struct Events {
    releases: Vec<Release>,
    clock_changes: Vec<ClockChange>,
    unfinished: Option<Date>,
}

impl Events {
    fn on(&self, date: Date) -> String {
        let releases = self.releases.iter().filter(|release| release.date == date);
        let releases = releases.map(|release| format!("{}: {} live", release.agent_name, release.label));
        let changes = self.clock_changes.iter().filter(|change| change.date == date).copied().map(clock_label);
        let so_far = (self.unfinished == Some(date)).then(|| "so far".to_owned());
        releases.chain(changes).chain(so_far).collect::<Vec<_>>().join("; ")
    }
}

fn ratio(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    let whole = whole.filter(|whole| *whole > 0.0)?;
    Some(part? / whole)
}
