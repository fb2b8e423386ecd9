//! When two versions took calls: a strip each, a cell a day, darker the more calls it had.

use callscope_core::export::{Cell, Column, Table};
use callscope_core::format;
use callscope_core::period::{Date, DateRange, days_between};

use super::axis::{date_axis, day_slot};
use super::{LEFT_MIDDLE, RIGHT_MIDDLE, SIDES, calls_text, nothing, side, side_colors, side_text, text};
use crate::scene::{Legend, Mark, Point, Rect, Scene, Size, Target, TargetId};
use crate::text::{Font, MeasureText};
use crate::{Color, Theme};

/// What the strips are made of.
#[derive(Clone, Copy, Debug)]
pub struct ActivityInput<'a> {
    /// The days shown.
    pub range: DateRange,
    /// What people call version A and version B; may be empty.
    pub labels: [&'a str; 2],
    /// Days of the range, in order. A day that is left out is unknown; one without calls has zero.
    pub days: &'a [ActivityDay],
}

/// The calls of both versions on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivityDay {
    /// The day.
    pub date: Date,
    /// Calls that A took.
    pub a: Option<u64>,
    /// Calls that B took.
    pub b: Option<u64>,
}

impl ActivityDay {
    fn of(&self, side: usize) -> Option<u64> {
        if side == 0 { self.a } else { self.b }
    }
}

/// What the chart is called.
pub const ACTIVITY_NAME: &str = "When each version ran";
/// How high the chart is drawn best, in CSS pixels.
pub const ACTIVITY_HEIGHT_CSS_PX: f64 = 112.0;
const LINE: f64 = 18.0;
const BETWEEN: f64 = 10.0;
const FOOT: f64 = 26.0;
/// Least room between two texts on a line.
const GAP: f64 = 12.0;
/// Narrower ones would run into each other.
const LEAST_CELL: f64 = 2.5;

/// Lays the chart out.
pub fn activity(input: &ActivityInput<'_>, size: Size, theme: &Theme, measure: &dyn MeasureText) -> Scene {
    let days = in_order(input);
    let table = table(&days).into();
    if days.iter().all(|day| day.a.is_none() && day.b.is_none()) {
        return nothing(ACTIVITY_NAME, "When each version ran is unknown.", size, theme, table);
    }
    let height = ((size.height_css_px - 2.0 * LINE - BETWEEN - FOOT) / 2.0).clamp(8.0, 40.0);
    let plot = Rect { left: 0.0, top: 0.0, width: size.width_css_px, height: 2.0 * (LINE + height) + BETWEEN };
    let span = span_days(plot.width / f64::from(input.range.len_days()));
    let cells = [cells(input.range, &days, 0, span), cells(input.range, &days, 1, span)];
    let most = cells.iter().flatten().map(|cell| cell.calls).fold(0.0, f64::max);
    let mut marks = Vec::new();
    let key = Key::of(most, span, measure);
    // Beside the first version's letter and calls; its name gives way.
    let least = side_line(input, &days, 0, 0.0, measure);
    let has_key = most > 0.0 && measure.width_css_px(&least, Font::LABEL) + GAP + key.width <= plot.width;
    if has_key {
        key.draw(plot.right(), theme, &mut marks);
    }
    for (side, (cells, color)) in cells.iter().zip(side_colors(theme)).enumerate() {
        let top = side as f64 * (LINE + height + BETWEEN);
        let room = if side == 0 && has_key { plot.width - key.width - GAP } else { plot.width };
        let line = side_line(input, &days, side, room, measure);
        let at = Point { x: 0.0, y: top + LINE / 2.0 - 1.0 };
        marks.push(text(line, at, LEFT_MIDDLE, Font::LABEL, theme.second));
        let strip = Rect { top: top + LINE, height, ..plot };
        marks.push(Mark::Rect(Rect { top: strip.bottom(), height: 1.0, ..strip }, theme.line));
        for cell in cells {
            marks.push(drawn(cell, input.range, span, strip, shade(cell.calls, most, color, theme)));
        }
    }
    date_axis(input.range, plot, size.width_css_px, theme, measure, &mut marks);
    let target = |day: &ActivityDay| {
        let region = day_slot(input.range, plot, day.date);
        Target { id: TargetId::Day(day.date), region, anchor: region.center() }
    };
    let (targets, summary): (Vec<Target>, _) = (days.iter().map(target).collect(), summary(input, &days));
    let legend = if most > 0.0 && !has_key { key.legend(theme) } else { Vec::new() };
    let series = Vec::new();
    Scene { size, name: ACTIVITY_NAME.to_owned(), summary, marks, targets: targets.into(), series, legend, table, plot }
}

/// The days of the range that are given, each once.
fn in_order(input: &ActivityInput<'_>) -> Vec<ActivityDay> {
    let mut days: Vec<ActivityDay> = Vec::new();
    for day in input.days {
        if input.range.contains(day.date) && days.last().is_none_or(|last| last.date < day.date) {
            days.push(*day);
        }
    }
    days
}

/// How many days a cell stands for: one, or where that is too narrow as many weeks as it takes.
fn span_days(day_width: f64) -> i32 {
    let mut span = 1;
    while f64::from(span) * day_width < LEAST_CELL && span < DateRange::MOST_DAYS {
        span = if span == 1 { 7 } else { span * 2 };
    }
    span
}

/// Some days of one version.
struct CellOfDays {
    /// How many cells lie before it, drawn or not.
    place: i32,
    /// On an average day of those that are known.
    calls: f64,
}

/// The cells of a version; where all of its days are unknown there is none.
fn cells(range: DateRange, days: &[ActivityDay], side: usize, span: i32) -> Vec<CellOfDays> {
    let mut cells: Vec<CellOfDays> = Vec::new();
    let mut known = 0.0;
    for day in days {
        let Some(calls) = day.of(side).map(|calls| calls as f64) else { continue };
        let place = days_between(range.first(), day.date) / span;
        if let Some(cell) = cells.last_mut().filter(|cell| cell.place == place) {
            known += 1.0;
            cell.calls += (calls - cell.calls) / known;
        } else {
            known = 1.0;
            cells.push(CellOfDays { place, calls });
        }
    }
    cells
}

fn drawn(cell: &CellOfDays, range: DateRange, span: i32, strip: Rect, color: Color) -> Mark {
    let width = strip.width / f64::from(range.len_days()) * f64::from(span);
    let left = strip.left + width * f64::from(cell.place);
    let gap = if width >= 5.0 { 1.0 } else { 0.0 };
    // The last one has what is left of the range.
    Mark::Rect(Rect { left, width: width.min(strip.right() - left) - gap, ..strip }, color)
}

/// From light for a single call to full for the most. Days without calls have the grid's colour.
fn shade(calls: f64, most: f64, color: Color, theme: &Theme) -> Color {
    if calls <= 0.0 { theme.grid } else { shaded(calls / most, color, theme) }
}

fn shaded(share: f64, color: Color, theme: &Theme) -> Color {
    const LIGHTEST: f64 = 0.25;
    color.with_alpha(LIGHTEST + (1.0 - LIGHTEST) * share).over(theme.card)
}

/// What the shades stand for.
struct Key {
    label: String,
    /// With its swatches.
    width: f64,
}

impl Key {
    const SWATCH: f64 = 10.0;
    const SHADES: [f64; 3] = [0.0, 0.5, 1.0];

    fn of(most: f64, span: i32, measure: &dyn MeasureText) -> Self {
        let decimals = usize::from(span > 1 && most < 10.0);
        let days = if span > 1 { format!(", by {span} days") } else { String::new() };
        let label = format!("up to {} a day{days}", format::number(most, decimals));
        let swatches = Self::SHADES.len() as f64 * Self::SWATCH;
        let width = measure.width_css_px(&label, Font::LABEL) + swatches + 8.0;
        Self { label, width }
    }

    /// On the right of the first line.
    fn draw(&self, right: f64, theme: &Theme, marks: &mut Vec<Mark>) {
        let (y, [_, color]) = (6.0, side_colors(theme));
        let mut left = right - self.width;
        for share in Self::SHADES {
            let swatch = Rect { left, top: y - 5.0, width: Self::SWATCH - 1.0, height: Self::SWATCH };
            marks.push(Mark::Rect(swatch, shaded(share, color, theme)));
            left += Self::SWATCH;
        }
        marks.push(text(self.label.clone(), Point { x: right, y }, RIGHT_MIDDLE, Font::LABEL, theme.third));
    }

    /// The same below the chart.
    fn legend(&self, theme: &Theme) -> Vec<Legend> {
        let named = |(letter, color)| Legend { label: format!("{letter}: {}", self.label), color, dashed: false };
        SIDES.into_iter().zip(side_colors(theme)).map(named).collect()
    }
}

/// The version's letter, name and calls above its strip.
fn side_line(
    input: &ActivityInput<'_>,
    days: &[ActivityDay],
    index: usize,
    room: f64,
    measure: &dyn MeasureText,
) -> String {
    let (letter, name) = side(&input.labels, index);
    let calls = total(days, index).map_or_else(|| " · unknown".to_owned(), |calls| format!(" · {}", calls_text(calls)));
    side_text(letter, name, &calls, room, measure)
}

/// The calls of the days that are known; unknown where none is, or where they are too many to count.
fn total(days: &[ActivityDay], side: usize) -> Option<u64> {
    let mut known = days.iter().filter_map(|day| day.of(side));
    let first = known.next()?;
    known.try_fold(first, u64::checked_add)
}

fn summary(input: &ActivityInput<'_>, days: &[ActivityDay]) -> String {
    let said = |index: usize| {
        let (letter, _) = side(&input.labels, index);
        let mut active = days.iter().filter(|day| day.of(index).is_some_and(|calls| calls > 0));
        let Some(calls) = total(days, index) else { return format!("{letter}'s calls are unknown") };
        let Some(first) = active.next() else { return format!("{letter} took no call") };
        let last = active.next_back().unwrap_or(first);
        format!("{letter} took {}, {}", calls_text(calls), format::date_range(first.date, last.date))
    };
    format!("{}; {}, of {}.", said(0), said(1), format::date_range(input.range.first(), input.range.last()))
}

fn table(days: &[ActivityDay]) -> Table {
    let columns = vec![Column::text("Date"), Column::figure("A, calls"), Column::figure("B, calls")];
    let row = |day: &ActivityDay| vec![Cell::Day(day.date), Cell::count(day.a), Cell::count(day.b)];
    Table { caption: ACTIVITY_NAME.to_owned(), columns, rows: days.iter().map(row).collect() }
}
