//! A line over values that lie evenly side by side, drawn for the pixels that there are.
//!
//! Where there are at least two values to a column of pixels, the line is the column's own stretch from its largest
//! value to its least, which covers the same pixels as the line through all of them (Jugel et al., "M4", PVLDB 7(10),
//! 2014). A filled rectangle a column takes a twelfth of the time of a stroke through them.

use std::fmt;
use std::ops::Range;

use crate::downsample::reduced;
use crate::scale::Scale;
use crate::scene::Point;
use crate::values::Values;

/// From so many values to a column of pixels on, columns are drawn.
const CROWDED: f64 = 2.0;

/// A line over values side by side; nothing is drawn across an unknown one. Lengths are CSS pixels.
#[derive(Clone)]
pub struct Curve {
    values: Values,
    /// Which of the values it is drawn through.
    drawn: Range<usize>,
    /// Where the first value lies, and how far each lies from the one before.
    left: f64,
    step: f64,
    scale: Scale,
}

/// What of a line lies in one column of pixels, from top to bottom, in pixels of the device.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) x: i32,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

impl Curve {
    pub(crate) fn new(values: &Values, left: f64, step: f64, scale: Scale) -> Self {
        Self { values: values.clone(), drawn: 0..values.len(), left, step, scale }
    }

    /// The line through some of the values only.
    pub(crate) fn part(&self, of: Range<usize>) -> Self {
        let drawn = of.start.max(self.drawn.start)..of.end.min(self.drawn.end);
        Self { drawn, ..self.clone() }
    }

    /// The same line elsewhere.
    pub(crate) fn moved(&self, right: f64, down: f64) -> Self {
        Self { left: self.left + right, scale: self.scale.moved(down), ..self.clone() }
    }

    /// Where a value lies; none where it is unknown.
    pub fn point(&self, at: usize) -> Option<Point> {
        let value = self.values.get(at).filter(|_| self.drawn.contains(&at))?;
        Some(Point { x: self.x(at), y: self.scale.css_px(value) })
    }

    /// Whether anything of it is known.
    pub fn is_known(&self) -> bool {
        self.values.extremes(self.drawn.clone()).is_some()
    }

    /// The last value that is known.
    pub(crate) fn last(&self) -> Option<Point> {
        if self.is_known() { self.drawn.clone().rev().find_map(|at| self.point(at)) } else { None }
    }

    fn x(&self, at: usize) -> f64 {
        self.left + at as f64 * self.step
    }

    /// Whether its values are too many to be drawn one by one, with so many pixels of the device to a CSS pixel.
    pub(crate) fn is_crowded(&self, density: f64) -> bool {
        self.step * density * CROWDED <= 1.0 && self.drawn.len() > 1
    }

    /// The runs of values that are known, in CSS pixels: at most four points to a CSS pixel across.
    pub fn runs(&self) -> impl Iterator<Item = Vec<Point>> {
        let numbers = self.values.slice(self.drawn.clone());
        let mut at = self.drawn.start;
        numbers.split(|number| number.is_nan()).filter_map(move |run| {
            let first = at;
            at += run.len() + 1;
            let point = |(at, number): (usize, &f64)| Point { x: self.x(at), y: self.scale.css_px(*number) };
            let points: Vec<Point> = (first..).zip(run).map(point).collect();
            (!points.is_empty()).then(|| reduced(&points))
        })
    }

    /// The first value that lies at or behind the left edge of a column.
    fn first_in(&self, column: i32, density: f64) -> usize {
        let at = ((f64::from(column) / density - self.left) / self.step).ceil();
        (at.max(0.0) as usize).clamp(self.drawn.start, self.drawn.end)
    }

    /// What of it lies in each column of pixels, from left to right. A column reaches to the last value of the column
    /// before, so that the line is whole.
    pub(crate) fn columns(&self, density: f64) -> impl Iterator<Item = Column> {
        let device = |at: usize| (self.x(at) * density).floor() as i32;
        let columns = device(self.drawn.start)..=device(self.drawn.end.saturating_sub(1));
        let mut next = self.drawn.start;
        columns.filter_map(move |x| {
            let stretch = next..self.first_in(x.saturating_add(1), density).max(next);
            next = stretch.end;
            let own = self.values.extremes(stretch.clone())?;
            let mut ends = (own.largest, own.least);
            let before = stretch.start.checked_sub(1).filter(|at| self.drawn.contains(at));
            let before = before.and_then(|at| self.values.get(at));
            if let (Some(before), Some(_)) = (before, self.values.get(stretch.start)) {
                ends = (ends.0.max(before), ends.1.min(before));
            }
            let css_px = |value| self.scale.css_px(value) * density;
            Some(Column { x, top: css_px(ends.0), bottom: css_px(ends.1) })
        })
    }
}

impl PartialEq for Curve {
    fn eq(&self, other: &Self) -> bool {
        let points = |curve: &Self| curve.drawn.clone().map(|at| curve.point(at)).collect::<Vec<_>>();
        points(self) == points(other)
    }
}

impl fmt::Debug for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.runs()).finish()
    }
}
