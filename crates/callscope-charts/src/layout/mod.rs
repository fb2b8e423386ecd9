//! From a report to a scene: one file a chart.

mod agents;
mod axis;
mod daily;
mod hourly;
mod outcomes;
mod reasons;
mod spark;

pub use agents::{agents, agents_table};
pub use daily::{DailyInput, daily};
pub use hourly::{HourFigure, hourly};
pub use outcomes::outcomes;
pub use reasons::reasons;
pub use spark::sparkline;

use crate::scene::{Mark, Point, Rect, Scene, Size};
use crate::text::{Anchor, Font, HorizontalAnchor, VerticalAnchor};
use crate::{Color, Theme};
use callscope_core::export::Table;

/// A text mark.
fn text(text: impl Into<String>, at: Point, anchor: Anchor, font: Font, color: Color) -> Mark {
    Mark::Text { text: text.into(), at, anchor, font, color }
}

const LEFT_MIDDLE: Anchor = (HorizontalAnchor::Left, VerticalAnchor::Middle);
const RIGHT_MIDDLE: Anchor = (HorizontalAnchor::Right, VerticalAnchor::Middle);
const CENTER_MIDDLE: Anchor = (HorizontalAnchor::Center, VerticalAnchor::Middle);
const CENTER_TOP: Anchor = (HorizontalAnchor::Center, VerticalAnchor::Top);

/// A scene that says that there is nothing to draw.
fn nothing(name: &str, why: &str, size: Size, theme: &Theme, table: Table) -> Scene {
    let plot = Rect { left: 0.0, top: 0.0, width: size.width_css_px, height: size.height_css_px };
    Scene {
        size,
        name: name.to_owned(),
        summary: why.to_owned(),
        marks: vec![text(why, plot.center(), CENTER_MIDDLE, Font::LABEL, theme.third)],
        targets: Vec::new(),
        series: Vec::new(),
        legend: Vec::new(),
        table,
        plot,
    }
}
