//! Axes: labels that never overlap, and the grid.

use callscope_core::format;
use callscope_core::period::{Date, DateRange, days_between};

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
        marks.push(text(format::compact_beside(tick, scale.top()), at, RIGHT_MIDDLE, Font::LABEL, theme.third));
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

/// Where the label of a vertical line begins: it stands in the middle above it, or begins or ends at it where there is no
/// room for that, so that it is not taken for that of a neighbour.
pub(super) fn label_left(x: f64, width: f64, plot: Rect) -> f64 {
    let middle = x - width / 2.0;
    let left = if middle < plot.left {
        x
    } else if middle + width > plot.right() {
        x - width
    } else {
        middle
    };
    left.clamp(plot.left, (plot.right() - width).max(plot.left))
}

/// How much room the labels of a value axis need, left of the plot.
pub(super) fn value_label_room(scale: &Scale, measure: &dyn MeasureText) -> f64 {
    let widths =
        scale.ticks().map(|tick| measure.width_css_px(&format::compact_beside(tick, scale.top()), Font::LABEL));
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

/// The dates that get a label, with the text: as many as fit, at steps people count in. Days, then
/// weeks, then first days of months, then of years.
pub(super) fn date_labels(range: DateRange, plot: Rect, measure: &dyn MeasureText) -> Vec<(Date, String)> {
    const DAY_STEPS: [usize; 4] = [1, 2, 7, 14];
    const MONTH_STEPS: [i32; 14] = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000, 12_000];
    let day_width = plot.width / f64::from((range.len_days() - 1).max(1));
    let several_years = range.first().year() != range.last().year();
    let day = |date: Date| {
        if several_years { format!("{} {}", format::short_date(date), date.year()) } else { format::short_date(date) }
    };
    let month = |date: Date| {
        if several_years { format!("{} {}", format::month(date), date.year()) } else { format::month(date) }
    };
    let fits = |step_days: f64, sample: &str| step_days * day_width >= measure.width_css_px(sample, Font::LABEL) + GAP;
    let sample = if several_years { "28 May 2028" } else { "28 May" };
    if let Some(step) = DAY_STEPS.into_iter().find(|step| fits(*step as f64, sample)) {
        return range.days().step_by(step).map(|date| (date, day(date))).collect();
    }
    let sample = if several_years { "May 2028" } else { "May" };
    let step = MONTH_STEPS.into_iter().find(|step| fits(f64::from(*step) * 28.0, sample)).unwrap_or(24_000);
    let months = |date: Date| date.year() * 12 + i32::from(date.month()) - 1;
    let mut firsts = Vec::new();
    let mut next = months(range.first()).div_euclid(step) * step;
    while next <= months(range.last()) {
        let date = Date::new(next.div_euclid(12), next.rem_euclid(12) as u8 + 1, 1);
        firsts.extend(date.filter(|date| range.contains(*date)).map(|date| (date, month(date))));
        next += step;
    }
    firsts
}

/// The share of the plot that a day has, where all days of a range have the same.
pub(super) fn day_slot(range: DateRange, plot: Rect, date: Date) -> Rect {
    let width = plot.width / f64::from(range.len_days());
    Rect { left: plot.left + width * f64::from(days_between(range.first(), date)), width, ..plot }
}

/// Draws dates below the plot, each below the middle of its day. The outermost ones are moved inwards
/// rather than cut, and one that would then touch its neighbour is left out.
pub(super) fn date_axis(
    range: DateRange,
    plot: Rect,
    width_css_px: f64,
    theme: &Theme,
    measure: &dyn MeasureText,
    marks: &mut Vec<Mark>,
) {
    let mut free_from = 0.0;
    for (date, label) in date_labels(range, plot, measure) {
        let half = measure.width_css_px(&label, Font::LABEL) / 2.0;
        let x = day_slot(range, plot, date).center().x.min(width_css_px - half).max(half);
        if x - half >= free_from {
            let at = Point { x, y: plot.bottom() + 8.0 };
            marks.push(text(label, at, CENTER_TOP, Font::LABEL, theme.third));
            free_from = x + half + GAP / 2.0;
        }
    }
}
