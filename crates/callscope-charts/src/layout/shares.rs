//! The answers to a question that has a few: how many calls gave each, and how far the share may be off.

use callscope_core::export::{Cell, Column, Table};
use callscope_core::format;
use callscope_core::stats::{Interval, Proportion, wilson};

use super::{LEFT_MIDDLE, RIGHT_MIDDLE, calls_text, more_rows, nothing, rows_shown, text};
use crate::Theme;
use crate::scene::{Mark, Point, Rect, Scene, Size, Stroke, Target, TargetId};
use crate::text::{Font, MeasureText, fitted};

/// What the chart of shares is made of.
#[derive(Clone, Copy, Debug)]
pub struct SharesInput<'a> {
    /// What the chart is called.
    pub name: &'a str,
    /// The answers, in the order in which they stand.
    pub rows: &'a [ShareRow],
}

/// An answer, and how many of the calls gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareRow {
    /// The answer.
    pub label: String,
    /// Calls with it, of all with an answer.
    pub calls: Proportion,
}

const ROW_CSS_PX: f64 = 40.0;

/// How high a chart of so many answers is, in CSS pixels.
pub fn shares_height(rows: usize) -> f64 {
    ROW_CSS_PX * rows.clamp(1, 12) as f64
}

/// Lays the chart out: as many answers as the height has room for.
pub fn shares(input: &SharesInput<'_>, size: Size, theme: &Theme, measure: &dyn MeasureText) -> Scene {
    let table = table(input).into();
    if input.rows.iter().all(|row| row.calls.rate().is_none()) {
        return nothing(input.name, "No call has an answer.", size, theme, table);
    }
    let shown = rows_shown(size.height_css_px, ROW_CSS_PX, input.rows.len());
    let plot = Rect { left: 0.0, top: 0.0, width: size.width_css_px, height: shown as f64 * ROW_CSS_PX };
    let (mut marks, mut targets) = (Vec::new(), Vec::new());
    for (at, row) in input.rows.iter().take(shown).enumerate() {
        let region = Rect { top: at as f64 * ROW_CSS_PX, height: ROW_CSS_PX, ..plot };
        bar(row, region, theme, measure, &mut marks);
        let anchor = Point { x: plot.width / 2.0, y: region.top + 27.0 };
        targets.push(Target { id: TargetId::Row(at), region, anchor });
    }
    if shown < input.rows.len() {
        let at = Point { x: 0.0, y: plot.height + ROW_CSS_PX / 2.0 };
        marks.push(more_rows(input.rows.len() - shown, at, theme));
    }
    let summary = summary(input);
    let (series, legend) = (Vec::new(), Vec::new());
    Scene { size, name: input.name.to_owned(), summary, marks, targets: targets.into(), series, legend, table, plot }
}

/// The share as a bar over the whole width, and a line across its end as long as the interval.
fn bar(row: &ShareRow, region: Rect, theme: &Theme, measure: &dyn MeasureText, marks: &mut Vec<Mark>) {
    let share = row.calls.rate();
    let figure = match share {
        Some(share) => format!("{} · {}", format::percent(share), calls_text(row.calls.successes)),
        None => format::UNKNOWN.to_owned(),
    };
    let y = region.top + 10.0;
    let room = region.width - measure.width_css_px(&figure, Font::LABEL) - 12.0;
    let name = fitted(&row.label, room, Font::LABEL, measure);
    marks.push(text(name, Point { x: 0.0, y }, LEFT_MIDDLE, Font::LABEL, theme.ink));
    marks.push(text(figure, Point { x: region.right(), y }, RIGHT_MIDDLE, Font::LABEL, theme.second));
    let Some(share) = share else { return };
    let part = |width: f64| Rect { left: 0.0, top: region.top + 21.0, width, height: 12.0 };
    marks.push(Mark::Rect(part(region.width), theme.grid));
    if share > 0.0 {
        marks.push(Mark::Rect(part((share * region.width).max(1.0)), theme.accent));
    }
    if let Some(Interval { low, high }) = wilson(row.calls) {
        whisker(low * region.width, high * region.width, region.top + 27.0, theme, marks);
    }
}

/// A line from end to end with a stop at each, over the bar and its ground alike.
fn whisker(from: f64, to: f64, y: f64, theme: &Theme, marks: &mut Vec<Mark>) {
    let line = |a: Point, b: Point| Mark::Line(vec![a, b], Stroke::solid(theme.ink, 1.0));
    marks.push(line(Point { x: from, y }, Point { x: to, y }));
    for x in [from, to] {
        marks.push(line(Point { x, y: y - 3.0 }, Point { x, y: y + 3.0 }));
    }
}

fn summary(input: &SharesInput<'_>) -> String {
    let most = input.rows.iter().max_by_key(|row| row.calls.successes);
    match most.and_then(|row| Some((row, row.calls.rate()?))) {
        Some((row, share)) => format!(
            "{} with an answer; most often '{}' with {}.",
            calls_text(row.calls.trials),
            row.label,
            format::percent(share)
        ),
        None => "No call has an answer.".to_owned(),
    }
}

fn table(input: &SharesInput<'_>) -> Table {
    let columns = vec![
        Column::text("Answer"),
        Column::figure("Calls"),
        Column::figure("Share (%)"),
        Column::figure("95 % from (%)"),
        Column::figure("to (%)"),
    ];
    let row = |row: &ShareRow| {
        let interval = wilson(row.calls);
        let percent = |share: Option<f64>| Cell::measure(share.map(|share| share * 100.0), 1);
        vec![
            Cell::Text(row.label.clone()),
            Cell::Count(row.calls.successes),
            percent(row.calls.rate()),
            percent(interval.map(|of| of.low)),
            percent(interval.map(|of| of.high)),
        ]
    };
    Table { caption: input.name.to_owned(), columns, rows: input.rows.iter().map(row).collect() }
}
