//! From values to pixels, with round numbers on the axis.

/// A linear scale from `bottom..=top` to pixels. Bars and lines of counts start at zero, always.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    bottom: f64,
    top: f64,
    step: f64,
    from_css_px: f64,
    to_css_px: f64,
}

impl Scale {
    /// A scale whose top is the round number at or above the largest value. Values that are not
    /// finite, and a largest value of 0, give a scale to 1.
    pub(crate) fn to_largest(largest: f64, pixels: (f64, f64), most_ticks: usize) -> Self {
        Self::between(0.0, largest, pixels, most_ticks)
    }

    /// A scale that holds 0 and both values, and ends at round numbers.
    pub(crate) fn between(least: f64, largest: f64, pixels: (f64, f64), most_ticks: usize) -> Self {
        let least = if least.is_finite() { least.min(0.0) } else { 0.0 };
        let largest = if largest.is_finite() && largest > 0.0 {
            largest
        } else if least < 0.0 {
            0.0
        } else {
            1.0
        };
        let step = round_step((largest - least) / most_ticks.max(1) as f64).max(1e-12);
        let top = (largest / step).ceil() * step;
        let bottom = (least / step).floor() * step;
        Self { bottom, top, step, from_css_px: pixels.0, to_css_px: pixels.1 }
    }

    /// The same, for counts: no tick between two whole numbers.
    pub(crate) fn of_counts(largest: f64, pixels: (f64, f64), most_ticks: usize) -> Self {
        let scale = Self::to_largest(largest, pixels, most_ticks);
        if scale.step.fract() == 0.0 {
            return scale;
        }
        let step = if scale.step < 1.0 { 1.0 } else { 5.0 };
        Self { step, top: (scale.top / step).ceil().max(1.0) * step, ..scale }
    }

    /// The largest value on the axis.
    pub(crate) fn top(&self) -> f64 {
        self.top
    }

    /// Where a value lies.
    pub(crate) fn css_px(&self, value: f64) -> f64 {
        let share = (value - self.bottom) / (self.top - self.bottom);
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        self.from_css_px + share * (self.to_css_px - self.from_css_px)
    }

    /// The same scale farther down.
    pub(crate) fn moved(self, down: f64) -> Self {
        Self { from_css_px: self.from_css_px + down, to_css_px: self.to_css_px + down, ..self }
    }

    /// The round numbers from the bottom to the top.
    pub(crate) fn ticks(&self) -> impl Iterator<Item = f64> {
        let (first, last) = ((self.bottom / self.step).round() as i64, (self.top / self.step).round() as i64);
        let step = self.step;
        (first..=last.min(first.saturating_add(100))).map(move |i| i as f64 * step)
    }
}

/// The smallest of 1, 2, 2.5 and 5 times a power of ten that is at least the raw step.
fn round_step(raw: f64) -> f64 {
    let (_, power) = callscope_core::format::magnitude(raw);
    let share = raw / power;
    let round = [1.0, 2.0, 2.5, 5.0].into_iter().find(|step| *step >= share - 1e-9).unwrap_or(10.0);
    round * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(largest: f64, expected: &[f64]) {
        let scale = Scale::of_counts(largest, (100.0, 0.0), 4);
        assert_eq!(scale.ticks().collect::<Vec<_>>(), expected);
        assert!(scale.css_px(largest) >= 0.0 && (scale.css_px(0.0) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn ticks_are_round_and_reach_the_largest() {
        check(1_943.0, &[0.0, 500.0, 1000.0, 1500.0, 2000.0]);
        check(0.0, &[0.0, 1.0]);
        check(3.0, &[0.0, 1.0, 2.0, 3.0]);
        check(10.0, &[0.0, 5.0, 10.0]);
        check(100.0, &[0.0, 25.0, 50.0, 75.0, 100.0]);
        check(f64::NAN, &[0.0, 1.0]);
        check(9e15, &[0.0, 2.5e15, 5e15, 7.5e15, 1e16]);
    }

    #[test]
    fn values_below_zero_have_their_place() {
        let ticks = |least, largest| Scale::between(least, largest, (100.0, 0.0), 4).ticks().collect::<Vec<_>>();
        assert_eq!(ticks(-3.0, 4.5), [-4.0, -2.0, 0.0, 2.0, 4.0, 6.0]);
        assert_eq!(ticks(-3.0, -1.0), [-3.0, -2.0, -1.0, 0.0]);
        assert_eq!(ticks(f64::NEG_INFINITY, f64::NAN), [0.0, 0.25, 0.5, 0.75, 1.0]);
        let scale = Scale::between(-4.0, 4.0, (100.0, 0.0), 4);
        for (value, expected) in [(-4.0, 100.0), (0.0, 50.0), (4.0, 0.0), (9.0, 0.0)] {
            assert!((scale.css_px(value) - expected).abs() < 1e-9, "{value}");
        }
    }
}
