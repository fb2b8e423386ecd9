//! The difference of two means of which nothing is assumed, not even that they are nearly normal.

use std::cmp::Ordering;

use oorandom::Rand32;

use super::Interval;
use super::means::{Moments, reach};
use super::special::normal_above;

/// So many resamples: 2.5 % of one more is a whole number, the order of the resample at that end (A. C.
/// Davison & D. V. Hinkley, "Bootstrap Methods and their Application", 1997).
const RESAMPLES: u32 = 1999;
/// So many groups at most are drawn from on a side.
const MOST_GROUPS: usize = 5000;

/// The 95 % interval of the difference `b − a` of two means, in the values' unit, by the bootstrap: for
/// costs, whose few large values a normal interval does not know of.
///
/// The expanded percentile interval (T. C. Hesterberg, "What Teachers Should Know About the Bootstrap",
/// The American Statistician 69, 2015): the percentiles of the resampled differences, taken further out
/// by what the bootstrap is too narrow and Student's t wider than the normal distribution. In simulations
/// with lognormal costs it covered the true difference in 94 % with 20 calls a side of like versions, and in
/// 87 % where the version with twice the cost was also the more skewed; the plain percentiles covered two
/// points less, and the studentised bootstrap no more while coming apart where a resample has no spread.
///
/// The work is bounded: 1999 resamples of at most 5000 draws a side, 20 million in all. Larger samples
/// are first dealt at random into 5000 groups, and groups are drawn: that leaves the mean, its variance
/// and its skewness what they were.
///
/// The same values, in whatever order, and the same seed give the same interval everywhere, and
/// exchanging the sides mirrors it. Values that are not finite are left out; unknown for fewer than two
/// on a side; without any spread it is the difference itself.
pub fn bootstrap_mean_difference(a: &[f64], b: &[f64], seed: u64) -> Option<Interval> {
    let (a, b) = (sorted(a), sorted(b));
    // One order of the sides for both questions, so that their answers mirror each other.
    if order(&a, &b) == Ordering::Greater {
        interval(&b, &a, seed)?.mirrored().finite()
    } else {
        interval(&a, &b, seed)?.finite()
    }
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    finite.sort_unstable_by(f64::total_cmp);
    finite
}

fn order(a: &[f64], b: &[f64]) -> Ordering {
    let first_that_differs = a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne());
    a.len().cmp(&b.len()).then(first_that_differs.unwrap_or(Ordering::Equal))
}

fn interval(a: &[f64], b: &[f64], seed: u64) -> Option<Interval> {
    let share = share_beyond(&moments(a), &moments(b))?;
    let mut random = Rand32::new(seed);
    let (a, b) = (groups(a, &mut random), groups(b, &mut random));
    let mut differences: Vec<f64> =
        (0..RESAMPLES).map(|_| -resampled_mean(&a, &mut random) + resampled_mean(&b, &mut random)).collect();
    differences.sort_unstable_by(f64::total_cmp);
    let beyond = ((share * f64::from(RESAMPLES + 1)) as usize).saturating_sub(1);
    let (low, high) = (differences.get(beyond)?, differences.iter().rev().nth(beyond)?);
    Some(Interval { low: *low, high: *high })
}

/// The share of resamples beyond each end: 2.5 % in large samples, less in small ones. Unknown for fewer
/// than two values on a side.
fn share_beyond(a: &Moments, b: &Moments) -> Option<f64> {
    let resampled = (a.variance_of_resampled_mean() + b.variance_of_resampled_mean()).sqrt();
    // Without any spread no number, but then all resamples are alike.
    Some(normal_above(reach(a, b)? / resampled))
}

fn moments(values: &[f64]) -> Moments {
    let mut moments = Moments::default();
    for value in values {
        moments.push(*value);
    }
    moments
}

/// Values that are drawn together.
#[derive(Clone, Copy, Default)]
struct Group {
    sum: f64,
    size: f64,
}

/// Every value for itself, or, where there are too many, dealt at random.
fn groups(values: &[f64], random: &mut Rand32) -> Vec<Group> {
    let mut groups = vec![Group::default(); values.len().min(MOST_GROUPS)];
    let dealt = if values.len() > MOST_GROUPS { shuffled(values, random) } else { values.to_vec() };
    for round in dealt.chunks(MOST_GROUPS) {
        for (group, value) in groups.iter_mut().zip(round) {
            group.sum += value;
            group.size += 1.0;
        }
    }
    groups
}

/// In random order (R. A. Fisher & F. Yates, 1938).
fn shuffled(values: &[f64], random: &mut Rand32) -> Vec<f64> {
    let mut values = values.to_vec();
    for last in (1..values.len()).rev() {
        values.swap(last, random.rand_range(0..last as u32 + 1) as usize);
    }
    values
}

fn resampled_mean(groups: &[Group], random: &mut Rand32) -> f64 {
    let count = groups.len() as u32;
    let draw = |_| groups.get(random.rand_range(0..count) as usize).copied().unwrap_or_default();
    let drawn = (0..count)
        .map(draw)
        .fold(Group::default(), |all, one| Group { sum: all.sum + one.sum, size: all.size + one.size });
    drawn.sum / drawn.size
}
