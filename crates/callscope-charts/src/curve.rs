//! A line over values that lie evenly side by side, drawn for the pixels that there are.
//!
//! Where there are at least two values to a column of pixels, the line is the column's own stretch from its largest
//! value to its least, as wide as its stroke: that covers what the line through all of them covers, within a pixel (Jugel
//! et al., "M4", PVLDB 7(10), 2014). A filled rectangle a column takes a twelfth of the time of a stroke through them.

use std::fmt;
use std::ops::Range;

use crate::downsample::reduced;
use crate::scale::Scale;
use crate::scene::Point;
use crate::values::Values;

/// From so many values to a column of pixels on, columns are drawn.
const CROWDED: f64 = 2.0;

/// A line over values side by side; nothing is drawn across an unknown one, unless known ones share its column of pixels.
/// Lengths are CSS pixels.
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
        let last = device(self.drawn.end.saturating_sub(1));
        let mut next = self.drawn.start;
        (device(self.drawn.start)..=last).filter_map(move |x| {
            // The last value may lie on the border of its column, and by rounding behind it.
            let end = if x == last { self.drawn.end } else { self.first_in(x + 1, density).max(next) };
            let stretch = next..end;
            next = end;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Every known value lies in its column or at its border, and a column reaches no farther than its own values and
    /// the one before.
    #[track_caller]
    fn check(numbers: &[Option<u64>], left: f64, width: f64, density: f64) {
        let number = |number: &Option<u64>| number.map_or(f64::NAN, |number| number as f64);
        let values = Values::of(numbers.iter().map(number).collect());
        let scale = Scale::of_counts(1_000.0, (200.0, 10.0), 4);
        let curve = Curve::new(&values, left, width / (numbers.len() - 1) as f64, scale);
        assert!(curve.is_crowded(density));
        let columns: Vec<Column> = curve.columns(density).collect();
        assert!(columns.is_sorted_by(|a, b| a.x < b.x));
        let known = || (0..numbers.len()).filter_map(|at| curve.point(at));
        let near = |point: &Point, column: &Column| (point.x * density - f64::from(column.x)).floor().abs() <= 1.0;
        let within = |point: &Point, column: &Column| {
            column.top <= point.y * density + 1e-6 && point.y * density <= column.bottom + 1e-6
        };
        for point in known() {
            let found = columns.iter().any(|column| near(&point, column) && within(&point, column));
            assert!(found, "{point:?} of {} values from {left} on {width} px at {density}×", numbers.len());
        }
        let points: Vec<Point> = known().collect();
        for column in &columns {
            let before = f64::from(column.x) / density;
            let reached = points.iter().filter(|point| point.x >= before - 2.0 / density && near(point, column));
            let farther = points.iter().rev().find(|point| point.x < before);
            let ends = reached.chain(farther).map(|point| point.y * density);
            let (top, bottom) = ends.fold((f64::MAX, f64::MIN), |(top, bottom), y| (top.min(y), bottom.max(y)));
            assert!(top <= column.top && column.bottom <= bottom, "{column:?} reaches beyond {top}–{bottom}");
        }
    }

    #[test]
    fn columns_hold_every_value_and_nothing_else() {
        let shapes: [fn(usize, usize) -> Option<u64>; 5] = [
            |at, count| Some((at * 1_000 / count) as u64),
            |at, count| Some(if at + 1 == count { 1_000 } else { 20 }),
            |at, _| Some((at * 7_919 % 1_000) as u64),
            |at, _| (!at.is_multiple_of(3)).then_some((at * 31 % 1_000) as u64),
            |at, _| at.is_multiple_of(40).then_some(500),
        ];
        for shape in shapes {
            // The second has its right edge at a whole number: the last value lies on a border.
            for (count, left, width) in [(3_660, 44.3, 676.1), (2_500, 26.8, 281.0 - 12.0 - 26.8), (9_000, 0.0, 500.0)]
            {
                let numbers: Vec<Option<u64>> = (0..count).map(|at| shape(at, count)).collect();
                for density in [1.0, 1.25, 2.0] {
                    check(&numbers, left, width, density);
                }
            }
        }
    }

    #[test]
    fn the_columns_of_a_slope_touch() {
        let values = Values::of((0..5_000).map(f64::from).collect());
        let curve = Curve::new(&values, 10.0, 0.1, Scale::of_counts(5_000.0, (400.0, 0.0), 4));
        let columns: Vec<Column> = curve.columns(1.0).collect();
        assert_eq!(columns.len(), 500);
        for pair in columns.windows(2) {
            assert!(pair[1].x == pair[0].x + 1 && pair[1].bottom >= pair[0].top, "{pair:?}");
        }
    }
}
