//! How calls ended: one bar, cut by outcome.

use callscope_core::calls::Outcome;
use callscope_core::export::{Cell, Column, Table};
use callscope_core::format;
use callscope_core::usage::OutcomeCounts;

use super::nothing;
use crate::Theme;
use crate::scene::{Legend, Mark, Rect, Scene, Size, Target, TargetId};

const NAME: &str = "How calls ended";

/// Lays the chart out.
pub fn outcomes(counts: Option<OutcomeCounts>, size: Size, theme: &Theme) -> Scene {
    let counts = counts.unwrap_or_default();
    let table = table(counts).into();
    let Some(total) = counts.sum() else {
        return nothing(NAME, "How calls ended is unknown.", size, theme, table);
    };
    let plot = Rect { left: 0.0, top: 0.0, width: size.width_css_px, height: size.height_css_px };
    let mut marks = Vec::new();
    let mut targets = Vec::new();
    let mut left = 0.0;
    for outcome in Outcome::ALL {
        let count = counts.of(outcome).unwrap_or(0);
        let share = if total == 0 { 0.0 } else { count as f64 / total as f64 };
        let width = share * plot.width;
        let region = Rect { left, width, ..plot };
        if count > 0 {
            // A hairline of the card between two parts.
            let drawn = Rect {
                left: left.min(plot.right() - 1.0),
                width: (width - if left + width < plot.right() - 0.5 { 1.0 } else { 0.0 }).max(1.0),
                ..region
            };
            marks.push(Mark::Rect(drawn, theme.outcome(outcome)));
        }
        targets.push(Target { id: TargetId::Outcome(outcome), region, anchor: region.center() });
        left += width;
    }
    if total == 0 {
        marks.push(Mark::Rect(plot, theme.grid));
    }
    let legend = Outcome::ALL
        .into_iter()
        .map(|outcome| Legend { label: outcome.label().to_owned(), color: theme.outcome(outcome), dashed: false })
        .collect();
    let summary = summary(counts, total);
    let targets = targets.into();
    Scene { size, name: NAME.to_owned(), summary, marks, targets, series: Vec::new(), legend, table, plot }
}

fn summary(counts: OutcomeCounts, total: u64) -> String {
    if total == 0 {
        return "No calls.".to_owned();
    }
    let part = |outcome| {
        let share = counts.of(outcome).unwrap_or(0) as f64 / total as f64;
        format!("{} {}", outcome.label(), format::percent(share))
    };
    format!("Of {} calls: {}.", format::count(total), Outcome::ALL.map(part).join(", "))
}

fn table(counts: OutcomeCounts) -> Table {
    let total = counts.sum();
    let row = |outcome| {
        let share = counts.proportion(outcome).and_then(callscope_core::stats::Proportion::rate);
        vec![
            Cell::Text(outcome.label().to_owned()),
            Cell::count(counts.of(outcome)),
            Cell::measure(share.filter(|_| total.is_some()).map(|share| share * 100.0), 1),
        ]
    };
    Table {
        caption: NAME.to_owned(),
        columns: vec![Column::text("Outcome"), Column::figure("Calls"), Column::figure("Share (%)")],
        rows: Outcome::ALL.into_iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Point;

    #[test]
    fn parts_fill_the_bar() {
        let counts =
            OutcomeCounts { resolved: Some(26_671), transferred: Some(0), abandoned: Some(5_904), other: Some(769) };
        let size = Size { width_css_px: 400.0, height_css_px: 24.0 };
        let scene = outcomes(Some(counts), size, &Theme::light());
        let last = scene.targets.iter().last().unwrap();
        assert!((last.region.right() - 400.0).abs() < 1e-9);
        assert_eq!(scene.hit(Point { x: 10.0, y: 10.0 }), Some(0));
        assert_eq!(scene.hit(Point { x: 399.0, y: 10.0 }), Some(3));
        assert_eq!(scene.table.rows[0][1], Cell::Count(26_671));
    }
}
