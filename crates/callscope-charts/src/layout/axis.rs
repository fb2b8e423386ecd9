//! Axes: labels that never overlap, and the grid.

use callscope_core::format;
use callscope_core::period::{Date, DateRange, add_days};

use super::{CENTER_TOP, RIGHT_MIDDLE, text};
use crate::scale::Scale;
use crate::scene::{Mark, Point, Rect, Stroke};
use crate::text::{Font, MeasureText};
use crate::{Color, Theme};

/// Least room between two labels on the same line.
const GAP: f64 = 12.0;

/// Draws the horizontal grid with its labels left of the plot.
pub(super) fn value_grid(scale: &Scale, plot: Rect, theme: &Theme, marks: &mut Vec<Mark>) {
    for tick in scale.ticks() {
        let y = scale.css_px(tick).round();
        marks.push(horizontal(plot.left, plot.right(), y, theme.grid));
        let at = Point { x: plot.left - 8.0, y };
        marks.push(text(format::compact(tick), at, RIGHT_MIDDLE, Font::LABEL, theme.third));
    }
}

/// A hairline as a rectangle, which every backend draws sharp.
fn horizontal(left: f64, right: f64, y: f64, color: Color) -> Mark {
    Mark::Rect(Rect { left, top: y, width: right - left, height: 1.0 }, color)
}

/// A vertical line from the top of the plot to its bottom.
pub(super) fn vertical(plot: Rect, x: f64, stroke: Stroke) -> Mark {
    Mark::Line(vec![Point { x, y: plot.top }, Point { x, y: plot.bottom() }], stroke)
}

/// How much room the labels of a value axis need, left of the plot.
pub(super) fn value_label_room(largest: f64, measure: &dyn MeasureText) -> f64 {
    let scale = Scale::of_counts(largest, (1.0, 0.0), 4);
    let widths = scale.ticks().map(|tick| measure.width_css_px(&format::compact(tick), Font::LABEL));
    widths.fold(0.0, f64::max) + 12.0
}

/// Draws labels below the plot at most as densely as their width allows. `step` is the distance of
/// neighbours that the labels may skip to: the first of `steps` that leaves room is taken.
pub(super) fn spaced_labels(
    labels: &[(f64, String)],
    steps: &[usize],
    plot: Rect,
    theme: &Theme,
    measure: &dyn MeasureText,
    marks: &mut Vec<Mark>,
) {
    let widest = labels.iter().map(|(_, label)| measure.width_css_px(label, Font::LABEL)).fold(0.0, f64::max);
    let apart = labels.windows(2).map(|pair| match pair {
        [(a, _), (b, _)] => b - a,
        _ => f64::INFINITY,
    });
    let apart = apart.fold(f64::INFINITY, f64::min);
    let step = steps.iter().copied().find(|step| *step as f64 * apart >= widest + GAP).unwrap_or(labels.len().max(1));
    let bounds = (plot.left - 40.0, plot.right() + 24.0);
    for (x, label) in labels.iter().step_by(step) {
        let half = measure.width_css_px(label, Font::LABEL) / 2.0;
        if x - half >= bounds.0 && x + half <= bounds.1 {
            let at = Point { x: *x, y: plot.bottom() + 8.0 };
            marks.push(text(label.clone(), at, CENTER_TOP, Font::LABEL, theme.third));
        }
    }
}

/// The dates that get a label, with the text: as many as fit, at steps people count in.
pub(super) fn date_labels(range: DateRange, plot: Rect, measure: &dyn MeasureText) -> Vec<(Date, String)> {
    const STEPS: [i32; 14] = [1, 2, 4, 7, 14, 28, 56, 91, 182, 364, 728, 1092, 1820, 3640];
    let several_years = range.first().year() != range.last().year();
    let label = |date: Date| {
        if several_years { format!("{} {}", format::short_date(date), date.year()) } else { format::short_date(date) }
    };
    let widest =
        measure.width_css_px(&label(range.last()), Font::LABEL).max(measure.width_css_px("28 May", Font::LABEL));
    let day_width = plot.width / f64::from((range.len_days() - 1).max(1));
    let fits = |step: &i32| f64::from(*step) * day_width >= widest + GAP;
    let step = STEPS.into_iter().find(fits).unwrap_or(3640);
    let ticks = (0..range.len_days()).step_by(step as usize);
    ticks.map(|days| add_days(range.first(), days)).map(|date| (date, label(date))).collect()
}
