//! Differences of two versions, each as a dot with its 95 % interval, about a common zero.

use callscope_core::export::{Cell, Column, Table};
use callscope_core::format;
use callscope_core::stats::Interval;

use super::{CENTER_TOP, LEFT_MIDDLE, RIGHT_MIDDLE, more_rows, nothing, rows_shown, text};
use crate::scale::Scale;
use crate::scene::{Mark, Point, Rect, Scene, Size, Target, TargetId};
use crate::text::{Font, MeasureText, fitted};
use crate::{Color, Theme};

/// What the chart of differences is made of.
#[derive(Clone, Copy, Debug)]
pub struct IntervalsInput<'a> {
    /// The figures, in the order they are shown.
    pub rows: &'a [IntervalRow],
    /// In what all their differences are measured.
    pub unit: DifferenceUnit,
}

/// One figure: how far B's lies from A's.
#[derive(Clone, Debug, PartialEq)]
pub struct IntervalRow {
    /// The figure's name.
    pub label: String,
    /// B minus A, in the unit of the chart.
    pub difference: Option<f64>,
    /// The 95 % interval of the difference.
    pub interval: Option<Interval>,
    /// What may be said of it.
    pub reading: Reading,
}

/// What may be said of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Clear, and for the better.
    Better,
    /// Clear, and for the worse.
    Worse,
    /// Clear, of a figure that is neither good nor bad.
    Different,
    /// The interval holds zero.
    Unclear,
    /// The interval holds zero, though one for a single look does not.
    Unsettled,
    /// Too few calls for an interval to mean anything.
    TooFew,
    /// Nothing may be said.
    Unknown,
}

/// In what a difference is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceUnit {
    /// A difference of fractions, 0–1; written in percentage points.
    Points,
    /// A count.
    Count,
    /// Seconds.
    Seconds,
    /// The account's own money.
    Credits,
}

impl DifferenceUnit {
    /// Behind a figure, and how many of it are one in the input.
    fn written(self) -> (&'static str, f64) {
        match self {
            Self::Points => ("pp", 100.0),
            Self::Count => ("calls", 1.0),
            Self::Seconds => ("s", 1.0),
            Self::Credits => ("credits", 1.0),
        }
    }

    fn decimals(self) -> usize {
        match self {
            Self::Count => 0,
            Self::Points | Self::Seconds => 1,
            Self::Credits => 3,
        }
    }

    fn figure(self, difference: f64) -> String {
        let (unit, scale) = self.written();
        // The narrow space does not break.
        format::with_unit(format::signed(difference * scale, self.decimals()), unit)
    }
}

impl IntervalRow {
    fn known(&self) -> Option<f64> {
        self.difference.filter(|difference| difference.is_finite())
    }

    fn ends(&self) -> Option<Interval> {
        self.interval.filter(|interval| interval.low.is_finite() && interval.high.is_finite())
    }

    fn is_clear(&self) -> bool {
        matches!(self.reading, Reading::Better | Reading::Worse | Reading::Different)
    }

    fn color(&self, theme: &Theme) -> Color {
        match self.reading {
            Reading::Better => theme.better,
            Reading::Worse => theme.worse,
            Reading::Different => theme.accent,
            Reading::Unclear | Reading::Unsettled | Reading::TooFew | Reading::Unknown => theme.third,
        }
    }

    /// The reading in words, so that the colour is not alone.
    fn verdict(&self) -> &'static str {
        let is_lower = self.known().is_some_and(|difference| difference < 0.0);
        match self.reading {
            Reading::Better if is_lower => "lower, better",
            Reading::Better => "higher, better",
            Reading::Worse if is_lower => "lower, worse",
            Reading::Worse => "higher, worse",
            Reading::Different if is_lower => "lower",
            Reading::Different => "higher",
            Reading::Unclear => "no clear difference",
            Reading::Unsettled => "not settled yet",
            Reading::TooFew => "too few calls",
            Reading::Unknown => UNKNOWN,
        }
    }

    /// The same where there is little room.
    fn short_verdict(&self) -> &'static str {
        match self.reading {
            Reading::Better => "better",
            Reading::Worse => "worse",
            Reading::Unclear => "unclear",
            Reading::Unsettled => "not settled",
            Reading::TooFew => "too few",
            Reading::Different | Reading::Unknown => self.verdict(),
        }
    }
}

/// What the chart is called.
pub const INTERVALS_NAME: &str = "Differences, B minus A";
const UNKNOWN: &str = "unknown";
/// The unit and the sides of zero, above the rows.
const HEAD: f64 = 24.0;
const ROW_CSS_PX: f64 = 40.0;
const FOOT: f64 = 26.0;
/// Below this width name and verdict stand above the line rather than beside it.
const BESIDE_FROM: f64 = 560.0;
/// Beside the plot, so that labels of the outermost ticks have room.
const MARGIN: f64 = 28.0;

/// How high the chart is with so many rows, in CSS pixels.
pub fn intervals_height(rows: usize) -> f64 {
    HEAD + rows.max(1) as f64 * ROW_CSS_PX + FOOT
}

/// Lays the chart out: as many rows as the height has room for.
pub fn intervals(input: &IntervalsInput<'_>, size: Size, theme: &Theme, measure: &dyn MeasureText) -> Scene {
    let table = table(input).into();
    if input.rows.is_empty() {
        return nothing(INTERVALS_NAME, "No figure to compare.", size, theme, table);
    }
    let shown = rows_shown(size.height_css_px - HEAD - FOOT, ROW_CSS_PX, input.rows.len());
    let rows = input.rows.get(..shown).unwrap_or_default();
    let columns = Columns::of(input, rows, size, measure);
    let area = Rect { left: 0.0, top: HEAD, width: size.width_css_px, height: shown as f64 * ROW_CSS_PX };
    let plot = Rect { left: columns.plot_left, width: columns.plot_right - columns.plot_left, ..area };
    let ruler = Ruler::of(rows, input.unit, plot, measure);
    let mut marks = Vec::new();
    ruler.head(theme, measure, &mut marks);
    ruler.draw(columns.is_beside, plot, theme, &mut marks);
    let mut targets = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let region = Rect { top: area.top + i as f64 * ROW_CSS_PX, height: ROW_CSS_PX, ..area };
        columns.texts(row, input.unit, region, theme, measure, &mut marks);
        let y = columns.line_y(region);
        ruler.row(row, y, theme, &mut marks);
        let x = row.known().map_or(ruler.zero, |difference| ruler.x(difference));
        targets.push(Target { id: TargetId::Row(i), region, anchor: Point { x, y } });
    }
    if shown < input.rows.len() {
        // Below the labels of the axis.
        let at = Point { x: 0.0, y: area.bottom() + FOOT + ROW_CSS_PX / 2.0 };
        marks.push(more_rows(input.rows.len() - shown, at, theme));
    }
    let (summary, name) = (summary(input), INTERVALS_NAME.to_owned());
    // Rows are pointed at over their whole width.
    let targets = targets.into();
    Scene { size, name, summary, marks, targets, series: Vec::new(), legend: Vec::new(), table, plot: area }
}

/// What stands where across the chart.
struct Columns {
    is_beside: bool,
    name_room: f64,
    plot_left: f64,
    plot_right: f64,
    figure_right: f64,
}

impl Columns {
    fn of(input: &IntervalsInput<'_>, rows: &[IntervalRow], size: Size, measure: &dyn MeasureText) -> Self {
        let width = size.width_css_px;
        if width < BESIDE_FROM {
            let (plot_left, plot_right) = (MARGIN, (width - MARGIN).max(MARGIN + 1.0));
            return Self { is_beside: false, name_room: width, plot_left, plot_right, figure_right: width };
        }
        let (mut name, mut figure, mut verdict) = (0.0_f64, 0.0_f64, 0.0_f64);
        for row in rows {
            name = name.max(measure.width_css_px(&row.label, Font::LABEL));
            figure = figure.max(measure.width_css_px(&figure_of(row, input.unit), Font::STRONG));
            verdict = verdict.max(measure.width_css_px(row.verdict(), Font::STRONG));
        }
        let name_room = name.min(width * 0.28);
        // A figure of many digits takes no room from the plot; it is in the table.
        let figure_right = width - verdict - 24.0;
        let plot_right = figure_right - figure.min(width * 0.15) - MARGIN;
        Self { is_beside: true, name_room, plot_left: name_room + MARGIN, plot_right, figure_right }
    }

    fn line_y(&self, region: Rect) -> f64 {
        region.top + if self.is_beside { ROW_CSS_PX / 2.0 } else { 27.0 }
    }

    fn texts(
        &self,
        row: &IntervalRow,
        unit: DifferenceUnit,
        region: Rect,
        theme: &Theme,
        measure: &dyn MeasureText,
        marks: &mut Vec<Mark>,
    ) {
        let y = region.top + if self.is_beside { ROW_CSS_PX / 2.0 } else { 10.0 };
        let right = Point { x: region.right(), y };
        // Where nothing at all is known, that stands in the plot.
        let is_said = row.reading != Reading::Unknown || row.known().is_some();
        let verdict = match (is_said, self.is_beside) {
            (false, _) => "",
            (true, true) => row.verdict(),
            (true, false) => row.short_verdict(),
        };
        let weight = if row.is_clear() { Font::STRONG } else { Font::LABEL };
        let taken = measure.width_css_px(verdict, weight) + 12.0;
        if !verdict.is_empty() {
            let color = if row.is_clear() { row.color(theme) } else { theme.second };
            marks.push(text(verdict, right, RIGHT_MIDDLE, weight, color));
        }
        let room = if self.is_beside { self.name_room } else { self.name_room - taken };
        let name = fitted(&row.label, room, Font::LABEL, measure);
        marks.push(text(name, Point { x: 0.0, y }, LEFT_MIDDLE, Font::LABEL, theme.ink));
        let figure = figure_of(row, unit);
        let room = self.figure_right - self.plot_right - 8.0;
        if self.is_beside && measure.width_css_px(&figure, Font::STRONG) <= room {
            let at = Point { x: self.figure_right, y };
            marks.push(text(figure, at, RIGHT_MIDDLE, Font::STRONG, theme.ink));
        }
    }
}

fn figure_of(row: &IntervalRow, unit: DifferenceUnit) -> String {
    row.known().map_or_else(|| format::UNKNOWN.to_owned(), |difference| unit.figure(difference))
}

/// The axis: zero in the middle, the same length to both sides.
struct Ruler {
    scale: Scale,
    zero: f64,
    unit: DifferenceUnit,
    /// Without a known value there is nothing to measure.
    has_ticks: bool,
}

impl Ruler {
    fn of(rows: &[IntervalRow], unit: DifferenceUnit, plot: Rect, measure: &dyn MeasureText) -> Self {
        let ends = rows.iter().filter_map(IntervalRow::ends).flat_map(|interval| [interval.low, interval.high]);
        let known = rows.iter().filter_map(IntervalRow::known).chain(ends);
        // Farther out even a round step would have no number.
        let largest = known.fold(0.0, |largest: f64, value| largest.max(value.abs())).min(1e300) * unit.written().1;
        let half = plot.width / 2.0;
        let ruler = |ticks| {
            let scale = Scale::to_largest(largest, (0.0, half), ticks);
            Self { scale, zero: plot.center().x, unit, has_ticks: rows.iter().any(|row| row.known().is_some()) }
        };
        (2..=4).rev().map(ruler).find(|ruler| ruler.has_room(half, measure)).unwrap_or_else(|| ruler(1))
    }

    fn has_room(&self, half: f64, measure: &dyn MeasureText) -> bool {
        let widths = self.scale.ticks().map(|tick| measure.width_css_px(&self.label(-tick), Font::LABEL));
        let steps = self.scale.ticks().count().saturating_sub(1).max(1);
        widths.fold(0.0, f64::max) + 12.0 <= half / steps as f64
    }

    /// Where a value of the input lies.
    fn x(&self, value: f64) -> f64 {
        self.zero + self.length(value * self.unit.written().1)
    }

    /// How far a value of the axis lies from zero.
    fn length(&self, value: f64) -> f64 {
        let length = self.scale.css_px(value.abs());
        if value < 0.0 { -length } else { length }
    }

    fn tick(&self, value: f64, plot: Rect, theme: &Theme, marks: &mut Vec<Mark>) {
        let at = Point { x: self.zero + self.length(value), y: plot.bottom() + 8.0 };
        marks.push(text(self.label(value), at, CENTER_TOP, Font::LABEL, theme.third));
    }

    fn label(&self, tick: f64) -> String {
        let sign = if tick > 0.0 { "+" } else { "−" };
        let size = format::compact_beside(tick.abs(), self.scale.top());
        if size == "0" { size } else { format!("{sign}{size}") }
    }

    /// Ticks and the zero line. Where names stand above the rows' lines, the
    /// rules would run through them, and keep to the lines.
    fn draw(&self, is_beside: bool, plot: Rect, theme: &Theme, marks: &mut Vec<Mark>) {
        rules(self.zero, is_beside, plot, theme.third, marks);
        if self.has_ticks {
            self.tick(0.0, plot, theme, marks);
            for tick in self.scale.ticks().skip(1) {
                for value in [-tick, tick] {
                    rules(self.zero + self.length(value), is_beside, plot, theme.grid, marks);
                    self.tick(value, plot, theme, marks);
                }
            }
        }
    }

    /// In what is measured, and which side of zero is which.
    fn head(&self, theme: &Theme, measure: &dyn MeasureText, marks: &mut Vec<Mark>) {
        const LOWER: &str = "← lower";
        let y = HEAD / 2.0 - 2.0;
        let unit = format!("B − A, {}", self.unit.written().0);
        let free_from = measure.width_css_px(&unit, Font::LABEL) + 8.0;
        let mut label =
            |label: &str, x: f64, anchor| marks.push(text(label, Point { x, y }, anchor, Font::LABEL, theme.third));
        label(&unit, 0.0, LEFT_MIDDLE);
        let (left, right) = (self.zero - 10.0, self.zero + 10.0);
        if left - measure.width_css_px(LOWER, Font::LABEL) >= free_from {
            label(LOWER, left, RIGHT_MIDDLE);
            label("higher →", right, LEFT_MIDDLE);
        }
    }

    fn row(&self, row: &IntervalRow, y: f64, theme: &Theme, marks: &mut Vec<Mark>) {
        let color = row.color(theme);
        let Some(difference) = row.known() else {
            let at = Point { x: self.zero + 10.0, y };
            marks.push(text(UNKNOWN, at, LEFT_MIDDLE, Font::LABEL, theme.third));
            return;
        };
        if let Some(interval) = row.ends() {
            let (low, high) = (self.x(interval.low.min(interval.high)), self.x(interval.low.max(interval.high)));
            marks.push(Mark::Rect(Rect { left: low, top: y - 1.0, width: high - low, height: 2.0 }, color));
            for end in [low, high] {
                marks.push(Mark::Rect(Rect { left: end - 1.0, top: y - 5.0, width: 2.0, height: 10.0 }, color));
            }
        }
        let center = Point { x: self.x(difference), y };
        marks.push(Mark::Disc(center, 4.5, color));
        if matches!(row.reading, Reading::TooFew | Reading::Unknown) {
            marks.push(Mark::Disc(center, 3.0, theme.card));
        }
    }
}

/// A vertical hairline, through all rows or through the lower part of each.
fn rules(x: f64, is_whole: bool, plot: Rect, color: Color, marks: &mut Vec<Mark>) {
    let mut rule = |top: f64, height: f64| {
        marks.push(Mark::Rect(Rect { left: (x - 0.5).round(), top, width: 1.0, height }, color));
    };
    if is_whole {
        return rule(plot.top, plot.height);
    }
    let rows = (plot.height / ROW_CSS_PX).round() as usize;
    for i in 0..rows {
        rule(plot.top + i as f64 * ROW_CSS_PX + 18.0, 18.0);
    }
}

fn summary(input: &IntervalsInput<'_>) -> String {
    const NAMED: usize = 3;
    let said = |row: &IntervalRow| format!("{} {}, {}", row.label, figure_of(row, input.unit), row.verdict());
    let clear: Vec<_> = input.rows.iter().filter(|row| row.is_clear()).map(said).collect();
    let of = match input.rows.len() {
        1 => "1 difference".to_owned(),
        several => format!("{} differences", format::count(several as u64)),
    };
    match clear.len() {
        0 => format!("Of {of} none is clear."),
        some => {
            let named = clear.get(..some.min(NAMED)).unwrap_or_default().join("; ");
            let rest = if some > NAMED { format!("; and {} more", some - NAMED) } else { String::new() };
            format!("Of {of} {some} clear: {named}{rest}.")
        }
    }
}

fn table(input: &IntervalsInput<'_>) -> Table {
    let ((unit, scale), decimals) = (input.unit.written(), input.unit.decimals());
    let columns = vec![
        Column::text("Figure"),
        Column::figure(format!("B − A ({unit})")),
        Column::figure(format!("95 % interval from ({unit})")),
        Column::figure(format!("to ({unit})")),
        Column::text("Verdict"),
    ];
    let row = |row: &IntervalRow| {
        let measure = |value: Option<f64>| Cell::measure(value.map(|value| value * scale), decimals);
        let interval = row.ends();
        vec![
            Cell::Text(row.label.clone()),
            measure(row.known()),
            measure(interval.map(|interval| interval.low)),
            measure(interval.map(|interval| interval.high)),
            Cell::Text(row.verdict().to_owned()),
        ]
    };
    Table { caption: INTERVALS_NAME.to_owned(), columns, rows: input.rows.iter().map(row).collect() }
}
