//! Escalation reasons as a Pareto: minutes spent before handing over, largest first, with the
//! running share of all such minutes.

use callscope_core::export::{Cell, Column, Table};
use callscope_core::format;
use callscope_core::usage::EscalationReason;

use super::{LEFT_MIDDLE, RIGHT_MIDDLE, nothing, text};
use crate::Theme;
use crate::scene::{Legend, Mark, Point, Rect, Scene, Size, Target, TargetId};
use crate::text::{Font, MeasureText, fitted};

const NAME: &str = "Minutes before hand-off";
const ROW_CSS_PX: f64 = 40.0;

/// A reason with the figures of the Pareto.
struct Row<'a> {
    reason: &'a EscalationReason,
    minutes: Option<f64>,
    running_share: Option<f64>,
}

/// Reasons by minutes, most first; unknown ones last.
fn ranked(reasons: &[EscalationReason]) -> Vec<Row<'_>> {
    let mut rows: Vec<_> =
        reasons.iter().map(|reason| Row { reason, minutes: reason.minutes_before(), running_share: None }).collect();
    rows.sort_by(|a, b| b.minutes.unwrap_or(-1.0).total_cmp(&a.minutes.unwrap_or(-1.0)));
    let total: f64 = rows.iter().filter_map(|row| row.minutes).sum();
    let mut running = 0.0;
    for row in &mut rows {
        running += row.minutes.unwrap_or(0.0);
        row.running_share = (row.minutes.is_some() && total > 0.0).then(|| running / total);
    }
    rows
}

/// Lays the chart out: as many reasons as the height has room for.
pub fn reasons(reasons: &[EscalationReason], size: Size, theme: &Theme, measure: &dyn MeasureText) -> Scene {
    let rows = ranked(reasons);
    let table = table(&rows).into();
    if rows.is_empty() {
        return nothing(NAME, "No reason for handing over was recorded.", size, theme, table);
    }
    let shown = ((size.height_css_px / ROW_CSS_PX) as usize).clamp(1, rows.len());
    let plot = Rect { left: 0.0, top: 0.0, width: size.width_css_px, height: shown as f64 * ROW_CSS_PX };
    let total: f64 = rows.iter().filter_map(|row| row.minutes).sum();
    let mut marks = Vec::new();
    let mut targets = Vec::new();
    for (i, row) in rows.iter().take(shown).enumerate() {
        let region = Rect { top: i as f64 * ROW_CSS_PX, height: ROW_CSS_PX, ..plot };
        bar(row, region, total, theme, measure, &mut marks);
        let anchor = Point { x: plot.width / 2.0, y: region.top + 27.0 };
        targets.push(Target { id: TargetId::Reason(row.reason.reason.clone()), region, anchor });
    }
    let legend = vec![
        Legend { label: "Minutes before hand-off".to_owned(), color: theme.transferred, dashed: false },
        Legend { label: "Running share".to_owned(), color: theme.second, dashed: false },
    ];
    let summary = summary(&rows);
    let targets = targets.into();
    Scene { size, name: NAME.to_owned(), summary, marks, targets, series: Vec::new(), legend, table, plot }
}

/// The reason's share as a bar, and behind it, up to a tick, that of all reasons so far.
fn bar(row: &Row<'_>, region: Rect, total: f64, theme: &Theme, measure: &dyn MeasureText, marks: &mut Vec<Mark>) {
    let figure = match row.minutes {
        Some(minutes) => format!("{} min", format::number(minutes, 0)),
        None => format::UNKNOWN.to_owned(),
    };
    let y = region.top + 10.0;
    let room = region.width - measure.width_css_px(&figure, Font::LABEL) - 12.0;
    let name = fitted(&row.reason.reason, room, Font::LABEL, measure);
    marks.push(text(name, Point { x: 0.0, y }, LEFT_MIDDLE, Font::LABEL, theme.ink));
    marks.push(text(figure, Point { x: region.right(), y }, RIGHT_MIDDLE, Font::LABEL, theme.second));
    let (Some(minutes), Some(share)) = (row.minutes, row.running_share) else { return };
    let part = |left: f64, width: f64| Rect { left, top: region.top + 21.0, width, height: 12.0 };
    let reached = share * region.width;
    marks.push(Mark::Rect(part(0.0, reached), theme.line));
    if minutes > 0.0 {
        marks.push(Mark::Rect(part(0.0, minutes / total * region.width), theme.transferred));
    }
    marks.push(Mark::Rect(part((reached - 2.0).max(0.0), 2.0), theme.second));
}

fn summary(rows: &[Row<'_>]) -> String {
    let total: f64 = rows.iter().filter_map(|row| row.minutes).sum();
    match rows.first() {
        Some(Row { reason, minutes: Some(minutes), .. }) if total > 0.0 => format!(
            "{} minutes before hand-off; most for '{}' with {}.",
            format::number(total, 0),
            reason.reason,
            format::percent(minutes / total)
        ),
        _ => "Minutes before hand-off are unknown.".to_owned(),
    }
}

fn table(rows: &[Row<'_>]) -> Table {
    let columns = vec![
        Column::text("Reason"),
        Column::figure("Calls"),
        Column::figure("Share of hand-offs (%)"),
        Column::figure("Average before hand-off (s)"),
        Column::figure("Minutes before hand-off"),
        Column::figure("Running share (%)"),
    ];
    let row = |row: &Row<'_>| {
        vec![
            Cell::Text(row.reason.reason.clone()),
            Cell::count(row.reason.calls),
            Cell::measure(row.reason.share.map(|share| share * 100.0), 1),
            Cell::measure(row.reason.average_secs_before, 1),
            Cell::measure(row.minutes, 1),
            Cell::measure(row.running_share.map(|share| share * 100.0), 1),
        ]
    };
    Table { caption: NAME.to_owned(), columns, rows: rows.iter().map(row).collect() }
}
