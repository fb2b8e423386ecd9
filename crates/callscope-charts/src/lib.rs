//! Charts of the reports.
//!
//! A chart is a pure function of a report, a [`Theme`], a [`Size`] and a [`MeasureText`]: it gives a
//! [`Scene`], laid out in CSS pixels, that knows what lies under a point, in which order a keyboard
//! walks it, and the table that says the same in figures. [`draw()`] puts a scene on any plotters
//! backend: a canvas in the browser, [`svg()`] or a bitmap anywhere.
//!
//! Non-features: no animation, no zoom, no axis that does not start at zero, no 3-D, no pie.

mod color;
mod curve;
mod downsample;
mod draw;
mod frame;
mod layout;
mod lazy;
mod scale;
mod scene;
mod sheet;
mod svg;
mod text;
mod theme;
mod values;

pub use color::Color;
pub use curve::Curve;
pub use draw::draw;
pub use frame::{FrameText, framed};
pub use layout::{
    ACTIVITY_HEIGHT_CSS_PX, ACTIVITY_NAME, ActivityDay, ActivityInput, DailyInput, DaySeries, DifferenceUnit,
    HourFigure, INTERVALS_NAME, IntervalRow, IntervalsInput, MIX_NAME, MixInput, MixSource, RATES_NAME, RateDay,
    RatesInput, Reading, ShareRow, SharesInput, TrendDay, TrendInput, activity, agents, agents_table, daily, hourly,
    intervals, intervals_height, mix, mix_height, outcomes, rates, reasons, shares, shares_height, sparkline, trend,
};
pub use lazy::{LazyTable, Made};
pub use scene::{Highlight, Legend, Mark, Point, Rect, Scene, Series, Size, Stroke, Target, TargetId, Targets};
pub use sheet::{SheetInput, sheet};
pub use svg::svg;
pub use text::{Anchor, ApproximateText, Font, HorizontalAnchor, MeasureText, VerticalAnchor, Weight, fitted};
pub use theme::Theme;
