//! Calls or minutes by hour of the day.

use callscope_core::export::{Cell, Column};
use callscope_core::format;
use callscope_core::usage::HourVolume;

use super::axis::{spaced_labels, value_grid, value_label_room};
use super::{CENTER_MIDDLE, nothing, text};
use crate::Theme;
use crate::lazy::{LazyTable, Made};
use crate::scale::Scale;
use crate::scene::{Mark, Point, Rect, Scene, Size, Target, TargetId};
use crate::text::{Font, MeasureText};

/// Which figure of the hours is drawn; the table has both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HourFigure {
    /// Calls that started in the hour.
    #[default]
    Calls,
    /// Minutes that those calls lasted.
    Minutes,
}

impl HourFigure {
    fn of(self, hour: &HourVolume) -> Option<f64> {
        match self {
            Self::Calls => hour.calls.map(|calls| calls as f64),
            Self::Minutes => hour.minutes,
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Minutes => "minutes",
        }
    }
}

const NAME: &str = "Hour of day";

/// Lays the chart out. The busiest hour is drawn full, the others lighter.
pub fn hourly(hours: &[HourVolume], figure: HourFigure, size: Size, theme: &Theme, measure: &dyn MeasureText) -> Scene {
    let table = table(hours);
    if hours.iter().all(|hour| figure.of(hour).is_none()) {
        return nothing(NAME, "The hours of the day are unknown.", size, theme, table);
    }
    let largest = hours.iter().filter_map(|hour| figure.of(hour)).fold(0.0, f64::max);
    let (top, bottom) = (20.0, 28.0);
    let pixels = ((size.height_css_px - bottom).max(top + 1.0), top);
    let most_ticks = ((size.height_css_px / 48.0) as usize).clamp(2, 5);
    let scale = match figure {
        HourFigure::Calls => Scale::of_counts(largest, pixels, most_ticks),
        HourFigure::Minutes => Scale::to_largest(largest.max(1.0), pixels, most_ticks),
    };
    let left = value_label_room(&scale, measure).min(size.width_css_px / 3.0);
    let plot = Rect {
        left,
        top,
        width: (size.width_css_px - left - 8.0).max(1.0),
        height: (size.height_css_px - top - bottom).max(1.0),
    };
    let slot = plot.width / hours.len() as f64;
    let mut marks = Vec::new();
    value_grid(&scale, plot, theme, &mut marks);
    let mut targets = Vec::new();
    let mut labels = Vec::new();
    let mut peaks = Vec::new();
    for (i, hour) in hours.iter().enumerate() {
        let from = plot.left + i as f64 * slot;
        let mut anchor = Point { x: from + slot / 2.0, y: plot.bottom() };
        if let Some(value) = figure.of(hour) {
            let y = scale.css_px(value);
            anchor.y = y;
            let gap = (slot * 0.14).min(3.0);
            let bar = Rect { left: from + gap, top: y, width: (slot - 2.0 * gap).max(1.0), height: plot.bottom() - y };
            let busiest = value >= largest && largest > 0.0;
            if busiest {
                peaks.push((anchor, value));
            }
            marks.push(Mark::Rect(
                bar,
                if busiest { theme.accent } else { theme.accent.with_alpha(0.72).over(theme.card) },
            ));
        }
        let region = Rect { left: from, top: plot.top, width: slot, height: plot.height };
        targets.push(Target { id: TargetId::Hour(hour.hour), region, anchor });
        labels.push((from + slot / 2.0, format::hour(hour.hour)));
    }
    spaced_labels(&labels, &[1, 2, 3, 4, 6, 12], plot, theme, measure, &mut marks);
    // Where several hours are equally busy, a number on each would say less than the axis does.
    if let [(at, value)] = peaks.as_slice() {
        marks.push(peak_label(*at, *value, size, theme, measure));
    }
    let summary = summary(hours, figure);
    let targets = targets.into();
    Scene { size, name: NAME.to_owned(), summary, marks, targets, series: Vec::new(), legend: Vec::new(), table, plot }
}

/// The figure of the busiest hour, above its bar.
fn peak_label(at: Point, value: f64, size: Size, theme: &Theme, measure: &dyn MeasureText) -> Mark {
    let label = format::number(value, 0);
    let half = measure.width_css_px(&label, Font::STRONG) / 2.0;
    let x = at.x.min(size.width_css_px - half).max(half);
    text(label, Point { x, y: at.y - 10.0 }, CENTER_MIDDLE, Font::STRONG, theme.ink)
}

fn summary(hours: &[HourVolume], figure: HourFigure) -> String {
    let values = hours.iter().filter_map(|hour| Some((figure.of(hour)?, hour.hour)));
    match values.max_by(|(a, a_hour), (b, b_hour)| a.total_cmp(b).then(b_hour.cmp(a_hour))) {
        Some((most, hour)) if most > 0.0 => {
            format!("Busiest at {} with {} {}.", format::hour(hour), format::number(most, 0), figure.unit())
        }
        _ => format!("No {}.", figure.unit()),
    }
}

fn table(hours: &[HourVolume]) -> LazyTable {
    let columns = vec![Column::text("Hour"), Column::figure("Calls"), Column::figure("Minutes")];
    let kept = hours.to_vec();
    let row = move |at: usize| {
        let hour = kept.get(at)?;
        Some(vec![Cell::Text(format::hour(hour.hour)), Cell::count(hour.calls), Cell::measure(hour.minutes, 1)])
    };
    LazyTable::new(NAME, columns, Made::new(hours.len(), row))
}
