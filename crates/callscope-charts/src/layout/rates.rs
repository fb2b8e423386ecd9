//! The daily completion rate of two versions, and when each went live.

use callscope_core::export::{Cell, Column, Table};
use callscope_core::format;
use callscope_core::period::{Date, DateRange, days_between};
use callscope_core::stats::{FEWEST_TRIALS, Proportion};

use super::axis::{date_axis, day_slot, label_left, vertical};
use super::{CENTER_MIDDLE, LEFT_MIDDLE, RIGHT_MIDDLE, SIDES, nothing, side, side_colors, side_text, text};
use crate::downsample::reduced;
use crate::scale::Scale;
use crate::scene::{Legend, Mark, Point, Rect, Scene, Series, Size, Stroke, Target, TargetId};
use crate::text::{Font, MeasureText};
use crate::{Color, Theme};

/// What the chart of daily rates is made of.
#[derive(Clone, Copy, Debug)]
pub struct RatesInput<'a> {
    /// The days shown.
    pub range: DateRange,
    /// What people call version A and version B; may be empty.
    pub labels: [&'a str; 2],
    /// The days on which A and B went live, where they are known.
    pub activated: [Option<Date>; 2],
    /// Days of the range, in order; a day may be left out.
    pub days: &'a [RateDay],
}

/// The answered calls of both versions on one day, among all of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateDay {
    /// The day.
    pub date: Date,
    /// Of version A.
    pub a: Option<Proportion>,
    /// Of version B.
    pub b: Option<Proportion>,
}

impl RateDay {
    fn of(&self, side: usize) -> Option<Proportion> {
        if side == 0 { self.a } else { self.b }
    }
}

/// What the chart is called.
pub const RATES_NAME: &str = "Completion rate by day";
const TOP: f64 = 20.0;
const EVENT_LINE: f64 = 14.0;
const FOOT: f64 = 28.0;
/// Days narrower than this have no dot of their own.
const DOTS_FROM: f64 = 5.0;

/// Lays the chart out.
pub fn rates(input: &RatesInput<'_>, size: Size, theme: &Theme, measure: &dyn MeasureText) -> Scene {
    let days = in_order(input);
    let table = table(input, &days).into();
    let has_rate = |day: &RateDay| [day.a, day.b].into_iter().flatten().any(|calls| calls.trials > 0);
    if !days.iter().any(has_rate) {
        return nothing(RATES_NAME, "The daily completion rate is unknown.", size, theme, table);
    }
    let (scale, plot) = axis(input, size, measure);
    let mut marks = Vec::new();
    grid(&scale, plot, theme, &mut marks);
    date_axis(input.range, plot, size.width_css_px, theme, measure, &mut marks);
    activations(input, plot, theme, measure, &mut marks);
    let (mut series, mut legend) = (Vec::new(), Vec::new());
    for (side, color) in side_colors(theme).into_iter().enumerate() {
        let line = SideLine { side, color, slot_width: plot.width / f64::from(input.range.len_days()) };
        let points = points(input.range, &days, side, &scale, plot);
        line.draw(&days, &points, theme, &mut marks);
        if points.iter().any(Option::is_some) {
            legend.push(Legend { label: side_name(input, side), color, dashed: side == 0 });
        }
        series.push(Series { color, points: points.into() });
    }
    letters(&series, plot, &mut marks);
    let targets = targets(input.range, &days, &series, plot);
    let summary = summary(input, &days);
    Scene { size, name: RATES_NAME.to_owned(), summary, marks, targets: targets.into(), series, legend, table, plot }
}

/// The days of the range that are given, each once.
fn in_order(input: &RatesInput<'_>) -> Vec<RateDay> {
    let mut days: Vec<RateDay> = Vec::new();
    for day in input.days {
        if input.range.contains(day.date) && days.last().is_none_or(|last| last.date < day.date) {
            days.push(*day);
        }
    }
    days
}

/// All calls of a version on the days shown; unknown where there is none, or too many to count.
fn pooled(days: &[RateDay], side: usize) -> Option<Proportion> {
    let mut all = Proportion { successes: 0, trials: 0 };
    for calls in days.iter().filter_map(|day| day.of(side)) {
        all.successes = all.successes.checked_add(calls.successes)?;
        all.trials = all.trials.checked_add(calls.trials)?;
    }
    Some(all).filter(|all| all.trials > 0)
}

fn side_name(input: &RatesInput<'_>, index: usize) -> String {
    let (letter, name) = side(&input.labels, index);
    match name.trim() {
        "" => letter.to_owned(),
        name => format!("{letter} · {name}"),
    }
}

/// The axis from 0 to 100 %, and the plot beside it.
fn axis(input: &RatesInput<'_>, size: Size, measure: &dyn MeasureText) -> (Scale, Rect) {
    // A line of labels for each version that went live within the range.
    let events = input.activated.iter().flatten().filter(|date| input.range.contains(**date)).count();
    let top = TOP + if events > 1 { EVENT_LINE } else { 0.0 };
    let bottom = (size.height_css_px - FOOT).max(top + 1.0);
    let scale = Scale::to_largest(100.0, (bottom, top), if bottom - top >= 120.0 { 4 } else { 2 });
    let left = measure.width_css_px(&percent(100.0), Font::LABEL) + 12.0;
    (scale, Rect { left, top, width: (size.width_css_px - left - 12.0).max(1.0), height: bottom - top })
}

fn percent(value: f64) -> String {
    format::with_unit(format::number(value, 0), "%")
}

fn grid(scale: &Scale, plot: Rect, theme: &Theme, marks: &mut Vec<Mark>) {
    for tick in scale.ticks() {
        let y = scale.css_px(tick).round();
        marks.push(Mark::Rect(Rect { top: y, height: 1.0, ..plot }, theme.grid));
        marks.push(text(percent(tick), Point { x: plot.left - 8.0, y }, RIGHT_MIDDLE, Font::LABEL, theme.third));
    }
}

/// Where a version went live: a dashed line with its name, on the first of two lines that is free.
fn activations(input: &RatesInput<'_>, plot: Rect, theme: &Theme, measure: &dyn MeasureText, marks: &mut Vec<Mark>) {
    let mut taken: Option<(f64, f64)> = None;
    for (index, color) in side_colors(theme).into_iter().enumerate() {
        let date = input.activated.get(index).copied().flatten().filter(|date| input.range.contains(*date));
        let Some(date) = date else { continue };
        let x = day_slot(input.range, plot, date).left;
        marks.push(vertical(plot, x, Stroke::dashed(color, 1.0)));
        let (letter, name) = side(&input.labels, index);
        let label = side_text(letter, name, " live", plot.width.min(180.0), measure);
        let width = measure.width_css_px(&label, Font::LABEL);
        let left = label_left(x, width, plot);
        let is_free = taken.is_none_or(|(from, to)| left > to + 12.0 || left + width + 12.0 < from);
        let y = plot.top - 10.0 - if is_free { 0.0 } else { EVENT_LINE };
        marks.push(text(label, Point { x: left, y }, LEFT_MIDDLE, Font::LABEL, color));
        taken = Some((left, left + width));
    }
}

fn points(range: DateRange, days: &[RateDay], side: usize, scale: &Scale, plot: Rect) -> Vec<Option<Point>> {
    let point = |day: &RateDay| {
        let rate = day.of(side)?.rate()?;
        Some(Point { x: day_slot(range, plot, day.date).center().x, y: scale.css_px(rate * 100.0) })
    };
    days.iter().map(point).collect()
}

/// How a version's days are drawn: A's line is dashed, so that the colour is not alone.
struct SideLine {
    side: usize,
    color: Color,
    slot_width: f64,
}

/// Known days that follow each other, and whether the line between them is faint.
struct Run {
    points: Vec<Point>,
    is_faint: bool,
}

impl SideLine {
    fn draw(&self, days: &[RateDay], points: &[Option<Point>], theme: &Theme, marks: &mut Vec<Mark>) {
        for run in self.runs(days, points) {
            let color = if run.is_faint { self.color.with_alpha(0.4).over(theme.card) } else { self.color };
            let dash = (self.side == 0).then_some((5.0, 3.0));
            let stroke = Stroke { dash, ..Stroke::solid(color, 1.5) };
            match run.points.as_slice() {
                // Its dot, where days are too narrow to have one each.
                [single] if self.slot_width < DOTS_FROM => marks.push(Mark::Disc(*single, 1.5, color)),
                [_] => {}
                _ => marks.push(Mark::Line(reduced(&run.points), stroke)),
            }
        }
        if self.slot_width < DOTS_FROM {
            return;
        }
        let radius = if self.slot_width < 10.0 { 2.0 } else { 3.0 };
        for (day, point) in days.iter().zip(points) {
            let Some(point) = point else { continue };
            marks.push(Mark::Disc(*point, radius, self.color));
            if self.is_few(day) {
                marks.push(Mark::Disc(*point, radius - 1.0, theme.card));
            }
        }
    }

    fn is_few(&self, day: &RateDay) -> bool {
        day.of(self.side).is_some_and(|calls| calls.trials < FEWEST_TRIALS)
    }

    /// Nothing is drawn across a day without a rate; to and from a day with few calls the line is faint.
    fn runs(&self, days: &[RateDay], points: &[Option<Point>]) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let mut before: Option<(&RateDay, Point)> = None;
        for (day, point) in days.iter().zip(points) {
            let Some(point) = *point else {
                before = None;
                continue;
            };
            let is_faint = self.is_few(day) || before.is_some_and(|(other, _)| self.is_few(other));
            let follows = before.filter(|(other, _)| days_between(other.date, day.date) == 1);
            match (follows, runs.last_mut()) {
                (Some(_), Some(run)) if run.is_faint == is_faint => run.points.push(point),
                // A single day goes on as whatever follows it.
                (Some(_), Some(run)) if run.points.len() == 1 => {
                    run.is_faint = is_faint;
                    run.points.push(point);
                }
                (Some((_, from)), _) => runs.push(Run { points: vec![from, point], is_faint }),
                (None, _) => runs.push(Run { points: vec![point], is_faint: self.is_few(day) }),
            }
            before = Some((day, point));
        }
        runs
    }
}

/// A letter at the last day of each line, above or below so that both can be read.
fn letters(series: &[Series], plot: Rect, marks: &mut Vec<Mark>) {
    const AWAY: f64 = 12.0;
    let last = |index: usize| series.get(index)?.points.iter().rev().flatten().next();
    let is_below = |index: usize| match (last(index), last(1 - index)) {
        (Some(this), Some(other)) => this.y > other.y || (this.y >= other.y && index == 0),
        _ => false,
    };
    let mut taken: Option<Point> = None;
    for (index, (letter, of_side)) in SIDES.into_iter().zip(series).enumerate() {
        let Some(point) = last(index) else { continue };
        let away = if is_below(index) { AWAY } else { -AWAY };
        let free = |y: &f64| {
            let is_inside = *y - 7.0 >= plot.top && *y + 7.0 <= plot.bottom();
            is_inside && taken.is_none_or(|other| (other.x - point.x).abs() > 14.0 || (other.y - y).abs() > 13.0)
        };
        let is_on_point = |y: f64| {
            let mut points = series.iter().flat_map(|series| series.points.iter().flatten());
            points.any(|other| (other.x - point.x).abs() < 8.0 && (other.y - y).abs() < 10.0)
        };
        let places = [away, -away, 2.2 * away, -2.2 * away, 3.4 * away, -3.4 * away].map(|away| point.y + away);
        let places: Vec<f64> = places.into_iter().filter(free).collect();
        // Where points are everywhere, on one of them.
        let Some(y) = places.iter().copied().find(|y| !is_on_point(*y)).or(places.first().copied()) else { continue };
        let at = Point { x: point.x, y };
        marks.push(text(letter, at, CENTER_MIDDLE, Font::STRONG, of_side.color));
        taken = Some(at);
    }
}

fn targets(range: DateRange, days: &[RateDay], series: &[Series], plot: Rect) -> Vec<Target> {
    let target = |(i, day): (usize, &RateDay)| {
        let region = day_slot(range, plot, day.date);
        let highest = series.iter().filter_map(|series| series.points.get(i)?).map(|point| point.y);
        let anchor = Point { x: region.center().x, y: highest.fold(plot.bottom(), f64::min) };
        Target { id: TargetId::Day(day.date), region, anchor }
    };
    days.iter().enumerate().map(target).collect()
}

fn summary(input: &RatesInput<'_>, days: &[RateDay]) -> String {
    let said = |index: usize| {
        let (letter, _) = side(&input.labels, index);
        match pooled(days, index).and_then(|all| Some((all.rate()?, all.trials))) {
            Some((rate, calls)) => format!("{letter} {} of {} calls", format::percent(rate), format::count(calls)),
            None => format!("{letter} unknown"),
        }
    };
    format!("{}, {}, {}.", said(0), said(1), format::date_range(input.range.first(), input.range.last()))
}

fn table(input: &RatesInput<'_>, days: &[RateDay]) -> Table {
    let is_marked = input.activated.iter().any(Option::is_some);
    let mut columns = vec![Column::text("Date")];
    for letter in SIDES {
        columns.push(Column::figure(format!("{letter}, calls")));
        columns.push(Column::figure(format!("{letter}, answered")));
        columns.push(Column::figure(format!("{letter}, completion rate (%)")));
    }
    if is_marked {
        columns.push(Column::text("Events"));
    }
    let row = |day: &RateDay| {
        let mut row = vec![Cell::Day(day.date)];
        for side in 0..SIDES.len() {
            let calls = day.of(side);
            row.push(Cell::count(calls.map(|calls| calls.trials)));
            row.push(Cell::count(calls.map(|calls| calls.successes)));
            row.push(Cell::measure(calls.and_then(Proportion::rate).map(|rate| rate * 100.0), 1));
        }
        if is_marked {
            row.push(Cell::Text(events(input, day.date)));
        }
        row
    };
    Table { caption: RATES_NAME.to_owned(), columns, rows: days.iter().map(row).collect() }
}

fn events(input: &RatesInput<'_>, date: Date) -> String {
    let live = |index: usize| input.activated.get(index).copied().flatten() == Some(date);
    let event = |index: usize| format!("{} live", side_name(input, index));
    match (live(0), live(1)) {
        (true, true) => format!("{}; {}", event(0), event(1)),
        (true, false) => event(0),
        (false, true) => event(1),
        (false, false) => String::new(),
    }
}
