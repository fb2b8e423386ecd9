//! Numbers in order, of which the least and the largest of any stretch are found without looking at each.

use std::ops::Range;
use std::sync::Arc;

/// The extremes of each so many numbers are kept: a chart of a million looks at fewer than a tenth of them.
const BLOCK: usize = 64;

/// Numbers in order, some of them unknown.
#[derive(Clone)]
pub(crate) struct Values(Arc<Indexed>);

struct Indexed {
    /// Not a number where it is unknown.
    numbers: Vec<f64>,
    blocks: Vec<Extremes>,
}

/// The least and the largest of some numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Extremes {
    pub(crate) least: f64,
    pub(crate) largest: f64,
}

/// What holds nothing yet.
const NOTHING: Extremes = Extremes { least: f64::INFINITY, largest: f64::NEG_INFINITY };

impl Extremes {
    /// With one more; what is unknown changes nothing.
    fn with(self, number: f64) -> Self {
        Self {
            least: if number < self.least { number } else { self.least },
            largest: if number > self.largest { number } else { self.largest },
        }
    }

    fn of(numbers: &[f64]) -> Self {
        numbers.iter().fold(NOTHING, |held, number| held.with(*number))
    }

    fn and(self, other: Self) -> Self {
        Self { least: self.least.min(other.least), largest: self.largest.max(other.largest) }
    }

    /// None where nothing was known.
    fn known(self) -> Option<Self> {
        (self.least <= self.largest).then_some(self)
    }
}

impl Values {
    /// Numbers in order, not a number where unknown.
    pub(crate) fn of(numbers: Vec<f64>) -> Self {
        let blocks = numbers.chunks(BLOCK).map(Extremes::of).collect();
        Self(Arc::new(Indexed { numbers, blocks }))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.numbers.len()
    }

    pub(crate) fn get(&self, at: usize) -> Option<f64> {
        self.0.numbers.get(at).copied().filter(|number| !number.is_nan())
    }

    /// The numbers of a stretch, not a number where unknown.
    pub(crate) fn slice(&self, stretch: Range<usize>) -> &[f64] {
        self.0.numbers.get(stretch).unwrap_or_default()
    }

    /// The least and the largest of a stretch; none where nothing in it is known.
    pub(crate) fn extremes(&self, stretch: Range<usize>) -> Option<Extremes> {
        let (first, last) = (stretch.start.div_ceil(BLOCK), stretch.end / BLOCK);
        let Some(blocks) = self.0.blocks.get(first..last).filter(|blocks| !blocks.is_empty()) else {
            return Extremes::of(self.slice(stretch)).known();
        };
        let ends = Extremes::of(self.slice(stretch.start..first * BLOCK))
            .and(Extremes::of(self.slice(last * BLOCK..stretch.end)));
        blocks.iter().fold(ends, |held, block| held.and(*block)).known()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_of_a_stretch_are_those_of_its_numbers() {
        let unknown_between = |at: u64| (at % 7 != 3 && !(200..330).contains(&at)).then_some(at * 7_919 % 1_009);
        let numbers = (0..1_000).map(|at| unknown_between(at).map_or(f64::NAN, |number| number as f64));
        let values = Values::of(numbers.collect());
        for start in (0..1_000).step_by(13) {
            for end in (start..=1_000).step_by(29) {
                let known = || (start..end).filter_map(|at| values.get(at));
                let expected = known().reduce(f64::min).zip(known().reduce(f64::max));
                let found = values.extremes(start..end).map(|found| (found.least, found.largest));
                assert_eq!(found, expected, "{start}..{end}");
            }
        }
    }
}
