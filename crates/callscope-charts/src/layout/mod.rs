//! From a report to a scene: one file a chart.

mod activity;
mod agents;
mod axis;
mod daily;
mod days;
mod hourly;
mod intervals;
mod mix;
mod outcomes;
mod rates;
mod reasons;
mod shares;
mod spark;
mod trend;

pub use activity::{ACTIVITY_HEIGHT_CSS_PX, ACTIVITY_NAME, ActivityDay, ActivityInput, activity};
pub use agents::{agents, agents_table};
pub use daily::{DailyInput, daily};
pub use days::DaySeries;
pub use hourly::{HourFigure, hourly};
pub use intervals::{
    DifferenceUnit, INTERVALS_NAME, IntervalRow, IntervalsInput, Reading, intervals, intervals_height,
};
pub use mix::{MIX_NAME, MixInput, MixSource, mix, mix_height};
pub use outcomes::outcomes;
pub use rates::{RATES_NAME, RateDay, RatesInput, rates};
pub use reasons::reasons;
pub use shares::{ShareRow, SharesInput, shares, shares_height};
pub use spark::sparkline;
pub use trend::{TrendDay, TrendInput, trend};

use crate::lazy::LazyTable;
use crate::scene::{Mark, Point, Rect, Scene, Size};
use crate::text::{Anchor, Font, HorizontalAnchor, MeasureText, VerticalAnchor, fitted};
use crate::{Color, Theme};
use callscope_core::format;

/// A text mark.
fn text(text: impl Into<String>, at: Point, anchor: Anchor, font: Font, color: Color) -> Mark {
    Mark::Text { text: text.into(), at, anchor, font, color }
}

const LEFT_MIDDLE: Anchor = (HorizontalAnchor::Left, VerticalAnchor::Middle);
const RIGHT_MIDDLE: Anchor = (HorizontalAnchor::Right, VerticalAnchor::Middle);
const CENTER_MIDDLE: Anchor = (HorizontalAnchor::Center, VerticalAnchor::Middle);
const CENTER_TOP: Anchor = (HorizontalAnchor::Center, VerticalAnchor::Top);

/// A scene that says that there is nothing to draw.
fn nothing(name: &str, why: &str, size: Size, theme: &Theme, table: LazyTable) -> Scene {
    let plot = Rect { left: 0.0, top: 0.0, width: size.width_css_px, height: size.height_css_px };
    Scene {
        size,
        name: name.to_owned(),
        summary: why.to_owned(),
        marks: vec![text(why, plot.center(), CENTER_MIDDLE, Font::LABEL, theme.third)],
        targets: Vec::new().into(),
        series: Vec::new(),
        legend: Vec::new(),
        table,
        plot,
    }
}

/// The letters of two versions that are compared, the earlier one first.
const SIDES: [&str; 2] = ["A", "B"];

/// The colours of two versions that are compared, the same in every chart.
fn side_colors(theme: &Theme) -> [Color; 2] {
    [theme.second, theme.accent]
}

/// A version's letter, and what people call it.
fn side<'a>(labels: &[&'a str; 2], index: usize) -> (&'static str, &'a str) {
    (SIDES.get(index).copied().unwrap_or_default(), labels.get(index).copied().unwrap_or_default())
}

/// A number of calls, in words.
fn calls_text(calls: u64) -> String {
    format!("{} call{}", format::count(calls), if calls == 1 { "" } else { "s" })
}

/// A version's letter, as much of its name as there is room for, and what is said of it: always whole.
fn side_text(letter: &str, name: &str, rest: &str, room_css_px: f64, measure: &dyn MeasureText) -> String {
    let room = room_css_px - measure.width_css_px(&format!("{letter} · {rest}"), Font::LABEL);
    let name = fitted(name.trim(), room, Font::LABEL, measure);
    match name.trim() {
        "" => format!("{letter}{rest}"),
        // The mark keeps figures after a name from right to left in their place.
        name => format!("{letter} · {name}\u{200e}{rest}"),
    }
}

/// How many rows there is room for, the last of them given to [`more_rows`] where not all fit.
fn rows_shown(room_css_px: f64, row_css_px: f64, rows: usize) -> usize {
    let fitting = ((room_css_px / row_css_px) as usize).clamp(1, rows.max(1));
    if fitting < rows { fitting.saturating_sub(1).max(1) } else { rows }
}

/// Says how many rows are left out.
fn more_rows(left_out: usize, at: Point, theme: &Theme) -> Mark {
    text(format!("and {} more in the table", format::count(left_out as u64)), at, LEFT_MIDDLE, Font::LABEL, theme.third)
}
