//! A chart, laid out: what is drawn where, what lies under a point, and the table that says the
//! same in figures. All lengths are CSS pixels from the top left.

use callscope_core::calls::Outcome;
use callscope_core::period::Date;

use crate::curve::Curve;
use crate::lazy::{LazyTable, Made};
use crate::{Anchor, Color, Font};

/// How large a chart is, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// From left to right.
    pub width_css_px: f64,
    /// From top to bottom.
    pub height_css_px: f64,
}

/// A point, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A rectangle, in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Its left edge.
    pub left: f64,
    /// Its top edge.
    pub top: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

impl Rect {
    /// Its right edge.
    pub fn right(self) -> f64 {
        self.left + self.width
    }

    /// Its bottom edge.
    pub fn bottom(self) -> f64 {
        self.top + self.height
    }

    /// Its middle.
    pub fn center(self) -> Point {
        Point { x: self.left + self.width / 2.0, y: self.top + self.height / 2.0 }
    }

    /// How far a point lies outside, 0 inside.
    pub fn distance(self, to: Point) -> f64 {
        let across = (self.left - to.x).max(to.x - self.right()).max(0.0);
        let down = (self.top - to.y).max(to.y - self.bottom()).max(0.0);
        (across * across + down * down).sqrt()
    }
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Its colour.
    pub color: Color,
    /// Its width in CSS pixels.
    pub width_css_px: f64,
    /// Lengths of dash and gap in CSS pixels; none for a solid line.
    pub dash: Option<(f64, f64)>,
}

impl Stroke {
    /// A solid line.
    pub fn solid(color: Color, width_css_px: f64) -> Self {
        Self { color, width_css_px, dash: None }
    }

    /// A dashed line.
    pub fn dashed(color: Color, width_css_px: f64) -> Self {
        Self { color, width_css_px, dash: Some((4.0, 3.0)) }
    }
}

/// One thing that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A filled rectangle.
    Rect(Rect, Color),
    /// A line through points.
    Line(Vec<Point>, Stroke),
    /// A line through values side by side.
    Curve(Curve, Stroke),
    /// What lies between such a line and a height, filled.
    Under(Curve, f64, Color),
    /// A filled polygon.
    Area(Vec<Point>, Color),
    /// A filled disc, with its radius in CSS pixels.
    Disc(Point, f64, Color),
    /// A text.
    Text {
        /// The text.
        text: String,
        /// Where it stands.
        at: Point,
        /// Which point of it stands there.
        anchor: Anchor,
        /// Size and weight.
        font: Font,
        /// Its colour.
        color: Color,
    },
}

/// What a target stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetId {
    /// A day.
    Day(Date),
    /// An hour of the day, 0–23.
    Hour(u8),
    /// An agent, by its id.
    Agent(String),
    /// A way that calls ended.
    Outcome(Outcome),
    /// A reason for handing over.
    Reason(String),
    /// A row of the input: a figure or a source of hangups, by its place there.
    Row(usize),
}

/// Something in the chart that can be pointed at. Its figures are the row of the same index in the
/// scene's table.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// What it stands for.
    pub id: TargetId,
    /// Where pointing at it counts.
    pub region: Rect,
    /// Where the note with its figures belongs.
    pub anchor: Point,
}

/// A line of values over the targets, for the dots on it where a target is pointed at.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its colour.
    pub color: Color,
    /// A point for each target; none where the value is unknown.
    pub points: Made<Option<Point>>,
}

/// What a colour stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Legend {
    /// The name.
    pub label: String,
    /// The colour.
    pub color: Color,
    /// Whether it is drawn as a dashed line.
    pub dashed: bool,
}

/// What can be pointed at, in the order a keyboard walks it. There may be a million of them, so each is made when it is
/// asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Targets {
    made: Made<Target>,
    /// Where they stand side by side from left to right: the left edge of the first, and how wide each is.
    row: Option<(f64, f64)>,
}

impl Targets {
    /// Targets of one width side by side, from the left edge of the first.
    pub(crate) fn side_by_side(made: Made<Target>, left: f64, width: f64) -> Self {
        Self { made, row: Some((left, width)) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.made.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.made.is_empty()
    }

    /// The one at a place; none behind the last one.
    pub fn get(&self, at: usize) -> Option<Target> {
        self.made.get(at)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Target> + Clone {
        self.made.iter()
    }

    /// The one that lies next to a point, and how far away.
    fn nearest(&self, to: Point) -> Option<(usize, f64)> {
        let distance = |target: &Target| target.region.distance(to);
        let Some((left, width)) = self.row else {
            return self.iter().map(|target| distance(&target)).enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        };
        let at = ((to.x - left) / width).max(0.0) as usize;
        let at = at.min(self.len().checked_sub(1)?);
        Some((at, distance(&self.get(at)?)))
    }
}

impl From<Vec<Target>> for Targets {
    fn from(targets: Vec<Target>) -> Self {
        Self { made: targets.into(), row: None }
    }
}

/// A chart, laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// Its size.
    pub size: Size,
    /// The chart's name.
    pub name: String,
    /// What it shows, in a sentence for those who cannot see it.
    pub summary: String,
    /// What is drawn, in order.
    pub marks: Vec<Mark>,
    /// What can be pointed at, in the order a keyboard walks it.
    pub targets: Targets,
    /// Lines, for the dots on them.
    pub series: Vec<Series>,
    /// Colours that are not labelled where they are drawn.
    pub legend: Vec<Legend>,
    /// The same in figures: a row for each target.
    pub table: LazyTable,
    /// Where the values are drawn.
    pub plot: Rect,
}

impl Scene {
    /// A scene with nothing in it, for the time before there is something to show.
    pub fn blank(size: Size) -> Self {
        Self {
            size,
            name: String::new(),
            summary: String::new(),
            marks: Vec::new(),
            targets: Vec::new().into(),
            series: Vec::new(),
            legend: Vec::new(),
            table: LazyTable::default(),
            plot: Rect { left: 0.0, top: 0.0, width: size.width_css_px, height: size.height_css_px },
        }
    }

    /// The target at or next to a point, none where the point is far from the plot.
    pub fn hit(&self, at: Point) -> Option<usize> {
        const REACH_CSS_PX: f64 = 24.0;
        if self.plot.distance(at) > REACH_CSS_PX {
            return None;
        }
        let (nearest, distance) = self.targets.nearest(at)?;
        (distance <= REACH_CSS_PX).then_some(nearest)
    }

    /// What is shown over the chart where a target is pointed at; none where there is no such target.
    pub fn highlight(&self, index: usize) -> Option<Highlight> {
        let target = self.targets.get(index)?;
        if self.series.is_empty() {
            return Some(Highlight::Frame(target.region));
        }
        let dots = self.series.iter().map(|series| series.points.get(index).flatten()).collect();
        Some(Highlight::Line { x: target.anchor.x, dots })
    }
}

/// What tells the target that is pointed at from the others.
#[derive(Clone, Debug, PartialEq)]
pub enum Highlight {
    /// A line from the top of the plot to its bottom, and a dot on each series that has a value there.
    Line {
        /// How far from the left.
        x: f64,
        /// Where the dots are, in the order of the series.
        dots: Vec<Option<Point>>,
    },
    /// A frame around it.
    Frame(Rect),
}
