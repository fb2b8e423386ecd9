//! A figure by day: a share of the calls, or a mean over them.

use callscope_core::export::{Cell, Column, Table};
use callscope_core::format;
use callscope_core::period::{Date, DateRange, days_between};
use callscope_core::stats::FEWEST_TRIALS;

use super::axis::{date_axis, day_slot};
use super::{RIGHT_MIDDLE, nothing, text};
use crate::Theme;
use crate::downsample::reduced;
use crate::scale::Scale;
use crate::scene::{Legend, Mark, Point, Rect, Scene, Series, Size, Stroke, Target, TargetId};
use crate::text::{Font, MeasureText};

/// What the chart of a figure by day is made of.
#[derive(Clone, Copy, Debug)]
pub struct TrendInput<'a> {
    /// What the chart is called.
    pub name: &'a str,
    /// What the figure is called.
    pub figure: &'a str,
    /// Whether the figure is a share, 0–1; else a mean in its own unit.
    pub is_share: bool,
    /// The days shown.
    pub range: DateRange,
    /// Days of the range, in order; a day may be left out.
    pub days: &'a [TrendDay],
}

/// The figure of one day, and of how many calls it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrendDay {
    /// The day.
    pub date: Date,
    /// The figure; none where no call has it.
    pub value: Option<f64>,
    /// The calls that it is of.
    pub calls: u64,
}

const TOP: f64 = 12.0;
const FOOT: f64 = 28.0;
/// Days narrower than this have no dot of their own.
const DOTS_FROM: f64 = 5.0;

impl TrendInput<'_> {
    fn written(&self, value: f64) -> String {
        if self.is_share { format::percent(value) } else { format::number(value, 2) }
    }

    fn known(&self) -> Vec<TrendDay> {
        let mut days: Vec<TrendDay> = Vec::new();
        for day in self.days {
            let is_next = days.last().is_none_or(|last| last.date < day.date);
            if self.range.contains(day.date) && is_next {
                let value = day.value.filter(|value| value.is_finite());
                days.push(TrendDay { value, ..*day });
            }
        }
        days
    }
}

/// Lays the chart out.
pub fn trend(input: &TrendInput<'_>, size: Size, theme: &Theme, measure: &dyn MeasureText) -> Scene {
    let days = input.known();
    let table = table(input, &days).into();
    let known = || days.iter().filter_map(|day| day.value);
    let (Some(least), Some(largest)) = (known().reduce(f64::min), known().reduce(f64::max)) else {
        return nothing(input.name, "No day has an answer.", size, theme, table);
    };
    let ends = if input.is_share { (0.0, 1.0) } else { (least, largest) };
    let (scale, plot) = axis(input, ends, size, measure);
    let mut marks = Vec::new();
    grid(input, &scale, plot, theme, &mut marks);
    date_axis(input.range, plot, size.width_css_px, theme, measure, &mut marks);
    let point = |day: &TrendDay| {
        Some(Point { x: day_slot(input.range, plot, day.date).center().x, y: scale.css_px(day.value?) })
    };
    let points: Vec<Option<Point>> = days.iter().map(point).collect();
    lines(&days, &points, theme, &mut marks);
    if plot.width / f64::from(input.range.len_days()) >= DOTS_FROM {
        dots(&days, &points, theme, &mut marks);
    }
    let target = |(day, point): (&TrendDay, &Option<Point>)| {
        let region = day_slot(input.range, plot, day.date);
        let y = point.map_or(plot.bottom(), |point| point.y);
        Target { id: TargetId::Day(day.date), region, anchor: Point { x: region.center().x, y } }
    };
    let targets: Vec<Target> = days.iter().zip(&points).map(target).collect();
    let legend = vec![Legend { label: input.figure.to_owned(), color: theme.accent, dashed: false }];
    let series = vec![Series { color: theme.accent, points: points.into() }];
    let summary = summary(input, &days);
    Scene { size, name: input.name.to_owned(), summary, marks, targets: targets.into(), series, legend, table, plot }
}

/// The axis, with 0 on it.
fn axis(input: &TrendInput<'_>, ends: (f64, f64), size: Size, measure: &dyn MeasureText) -> (Scale, Rect) {
    let bottom = (size.height_css_px - FOOT).max(TOP + 1.0);
    let ticks = if bottom - TOP >= 120.0 { 4 } else { 2 };
    let scale = Scale::between(ends.0, ends.1, (bottom, TOP), ticks);
    let widest = scale.ticks().map(|tick| measure.width_css_px(&tick_text(input, &scale, tick), Font::LABEL));
    let left = widest.fold(0.0, f64::max) + 12.0;
    (scale, Rect { left, top: TOP, width: (size.width_css_px - left - 12.0).max(1.0), height: bottom - TOP })
}

fn tick_text(input: &TrendInput<'_>, scale: &Scale, tick: f64) -> String {
    if input.is_share {
        format::with_unit(format::number(tick * 100.0, 0), "%")
    } else {
        format::compact_beside(tick, scale.top())
    }
}

fn grid(input: &TrendInput<'_>, scale: &Scale, plot: Rect, theme: &Theme, marks: &mut Vec<Mark>) {
    for tick in scale.ticks() {
        let y = scale.css_px(tick).round();
        marks.push(Mark::Rect(Rect { top: y, height: 1.0, ..plot }, theme.grid));
        let at = Point { x: plot.left - 8.0, y };
        marks.push(text(tick_text(input, scale, tick), at, RIGHT_MIDDLE, Font::LABEL, theme.third));
    }
}

/// Lines over days that follow each other; nothing is drawn across a day without a figure.
fn lines(days: &[TrendDay], points: &[Option<Point>], theme: &Theme, marks: &mut Vec<Mark>) {
    let mut runs: Vec<Vec<Point>> = Vec::new();
    let mut before: Option<Date> = None;
    for (day, point) in days.iter().zip(points) {
        let Some(point) = *point else {
            before = None;
            continue;
        };
        let follows = before.is_some_and(|before| days_between(before, day.date) == 1);
        match runs.last_mut().filter(|_| follows) {
            Some(run) => run.push(point),
            None => runs.push(vec![point]),
        }
        before = Some(day.date);
    }
    for run in runs {
        marks.push(match run.as_slice() {
            [single] => Mark::Disc(*single, 1.5, theme.accent),
            _ => Mark::Line(reduced(&run), Stroke::solid(theme.accent, 1.5)),
        });
    }
}

/// A dot for each day, hollow where there are few calls.
fn dots(days: &[TrendDay], points: &[Option<Point>], theme: &Theme, marks: &mut Vec<Mark>) {
    const RADIUS: f64 = 3.0;
    for (day, point) in days.iter().zip(points) {
        let Some(point) = *point else { continue };
        marks.push(Mark::Disc(point, RADIUS, theme.accent));
        if day.calls < FEWEST_TRIALS {
            marks.push(Mark::Disc(point, RADIUS - 1.0, theme.card));
        }
    }
}

fn summary(input: &TrendInput<'_>, days: &[TrendDay]) -> String {
    let known: Vec<(Date, f64)> = days.iter().filter_map(|day| Some((day.date, day.value?))).collect();
    let (Some((first, from)), Some((last, to))) = (known.first(), known.last()) else { return String::new() };
    format!(
        "{}: {} on {}, {} on {}.",
        input.figure,
        input.written(*from),
        format::short_date(*first),
        input.written(*to),
        format::short_date(*last)
    )
}

fn table(input: &TrendInput<'_>, days: &[TrendDay]) -> Table {
    let (heading, factor, decimals) =
        if input.is_share { (format!("{} (%)", input.figure), 100.0, 1) } else { (input.figure.to_owned(), 1.0, 2) };
    let columns = vec![Column::text("Date"), Column::figure("Calls"), Column::figure(heading)];
    let row = |day: &TrendDay| {
        let value = day.value.map(|value| value * factor);
        vec![Cell::Day(day.date), Cell::Count(day.calls), Cell::measure(value, decimals)]
    };
    Table { caption: input.name.to_owned(), columns, rows: days.iter().map(row).collect() }
}
