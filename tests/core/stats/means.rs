//! Means of two versions, from the values themselves.

use std::time::{Duration, Instant};

use callscope_core::stats::{Interval, Moments, bootstrap_mean_difference, welch};
use oorandom::Rand64;

fn moments(values: &[f64]) -> Moments {
    let mut moments = Moments::default();
    for value in values {
        moments.push(*value);
    }
    moments
}

/// Costs as they are, most of them small, a few large: squares of nearly normal values.
fn costs(count: usize, random: &mut Rand64) -> Vec<f64> {
    let normal = |random: &mut Rand64| (0..12).map(|_| random.rand_float()).sum::<f64>() - 6.0;
    (0..count).map(|_| normal(random)).map(|normal| normal * normal).collect()
}

fn mirrored(interval: Interval) -> Interval {
    Interval { low: -interval.high, high: -interval.low }
}

/// scipy 1.17.1: `ttest_ind(b, a, equal_var=False).confidence_interval(0.95)`.
#[test]
fn welchs_interval_is_that_of_another_engine() {
    #[track_caller]
    fn check(a: &[f64], b: &[f64], low: f64, high: f64) {
        let found = welch(&moments(a), &moments(b)).unwrap();
        let tolerance = 1e-9 * (high - low);
        assert!((found.low - low).abs() < tolerance && (found.high - high).abs() < tolerance, "{found:?}");
        assert_eq!(welch(&moments(b), &moments(a)), Some(mirrored(found)));
    }
    let a = [12.0, 45.5, 31.0, 7.25, 88.0, 23.5, 19.0, 64.0];
    let b = [15.0, 9.5, 22.0, 31.0, 18.25, 12.0, 27.5, 40.0, 21.0, 16.5, 11.0];
    check(&a, &b, -39.525_324_548_554_69, 7.644_642_730_372_869);
    check(&[1.0, 2.0], &[3.0, 7.0], -16.743_378_906_988_756, 23.743_378_906_988_756);
    check(&[0.1, 0.2, 0.4], &[1000.0, 1.0, 250.0, 3.0], -438.368_539_724_372_45, 1_064.901_873_057_706);
    // Far from zero, where the sum of squares would lose every digit.
    let [a, b] = [vec![4.0, 7.0, 13.0, 16.0], vec![5.0, 9.0, 14.0, 30.0, 31.0]]
        .map(|values| values.into_iter().map(|value| 1e9 + value).collect::<Vec<_>>());
    check(&a, &b, -7.081_938_838_966_048, 22.681_938_743_598_614);
    let a: Vec<f64> = (0..3000).map(|i| f64::from(i * 7_919 % 613) / 7.0).collect();
    let b: Vec<f64> = (0..2500).map(|i| f64::from(i * 104_729 % 877) / 9.0).collect();
    check(&a, &b, 3.498_493_064_707_890_5, 6.352_548_205_133_385);
}

#[test]
fn an_interval_of_means_needs_two_values_a_side_and_numbers_that_fit() {
    let [one, two] = [moments(&[1.0]), moments(&[1.0, 4.0])];
    assert_eq!((welch(&one, &two), welch(&two, &one), welch(&Moments::default(), &two)), (None, None, None));
    assert_eq!((one.variance(), Moments::default().mean()), (None, None));
    let even = welch(&moments(&[2.0, 2.0]), &moments(&[3.0, 3.0]));
    assert_eq!(even, Some(Interval { low: 1.0, high: 1.0 }));
    let huge = [f64::MAX, -f64::MAX];
    assert_eq!(welch(&moments(&huge), &two), None);
    assert_eq!(bootstrap_mean_difference(&huge, &[f64::MAX, f64::MAX], 1), None);
    assert_eq!(bootstrap_mean_difference(&[1.0], &[1.0, 2.0], 1), None);
    assert_eq!(bootstrap_mean_difference(&[1.0, 2.0], &[1.0, f64::NAN], 1), None);
    let even = bootstrap_mean_difference(&[2.0, 2.0, f64::INFINITY], &[3.0, 3.0], 1);
    assert_eq!(even, Some(Interval { low: 1.0, high: 1.0 }));
}

#[test]
fn moments_merge_as_if_taken_in_one_by_one() {
    let values = costs(500, &mut Rand64::new(1));
    let whole = moments(&values);
    let mut merged = Moments::default();
    for chunk in values.chunks(37) {
        merged.merge(&moments(chunk));
    }
    merged.merge(&Moments::default());
    assert_eq!(whole.count(), merged.count());
    assert!((whole.mean().unwrap() / merged.mean().unwrap() - 1.0).abs() < 1e-12);
    assert!((whole.variance().unwrap() / merged.variance().unwrap() - 1.0).abs() < 1e-12);
    // By the definition.
    let mean = values.iter().sum::<f64>() / 500.0;
    let squares = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
    assert!(
        (whole.mean().unwrap() - mean).abs() < 1e-12 && (whole.variance().unwrap() - squares / 499.0).abs() < 1e-11
    );
}

/// Where values are spread evenly the normal interval is right. The ends are order statistics of 1999
/// resamples, each off by 1.6 % of the width (one standard error).
#[test]
fn the_bootstrap_agrees_with_the_normal_interval_of_even_values() {
    // Also beyond the 5000 values from which on groups are drawn.
    for count in [60, 400, 12_000] {
        let mut random = Rand64::new(count);
        let mut values = |most: f64| (0..count).map(|_| random.rand_float() * most).collect::<Vec<_>>();
        let (a, b) = (values(6.0), values(9.0));
        let found = bootstrap_mean_difference(&a, &b, 7).unwrap();
        let normal = welch(&moments(&a), &moments(&b)).unwrap();
        let width = normal.high - normal.low;
        assert!((found.low - normal.low).abs() < 0.06 * width, "{count}: {found:?} {normal:?}");
        assert!((found.high - normal.high).abs() < 0.06 * width, "{count}: {found:?} {normal:?}");
    }
}

#[test]
fn the_bootstrap_depends_on_the_values_and_the_seed_alone() {
    let mut random = Rand64::new(3);
    for counts in [(30, 30), (30, 41), (5200, 20)] {
        let (a, b) = (costs(counts.0, &mut random), costs(counts.1, &mut random));
        let found = bootstrap_mean_difference(&a, &b, 7);
        let backwards: Vec<f64> = a.iter().rev().copied().collect();
        assert_eq!(bootstrap_mean_difference(&backwards, &b, 7), found);
        assert_eq!(bootstrap_mean_difference(&b, &a, 7), found.map(mirrored));
        assert_ne!(bootstrap_mean_difference(&a, &b, 8), found);
    }
}

/// In small samples the ends lie further out than 2.5 %: with two values a side at the very ends.
#[test]
fn the_bootstrap_of_few_values_reaches_as_far_as_they_do() {
    let found = bootstrap_mean_difference(&[1.0, 2.0], &[3.0, 7.0], 7);
    assert_eq!(found, Some(Interval { low: 1.0, high: 6.0 }));
}

/// 20 skewed costs a side, of the same mean: in 20,000 simulations with numpy this interval covered the true
/// difference in 94.5 % of the runs, the plain percentiles in 92.6 %. 600 runs have a standard error of one
/// point; these are three.
#[test]
fn the_bootstrap_covers_the_true_difference_of_skewed_costs() {
    let mut random = Rand64::new(11);
    let covers = |run: u64, random: &mut Rand64| {
        let found = bootstrap_mean_difference(&costs(20, random), &costs(20, random), run).unwrap();
        found.low <= 0.0 && found.high >= 0.0
    };
    let covered = (0..600).filter(|run| covers(*run, &mut random)).count();
    assert!((546..=582).contains(&covered), "{covered} of 600");
}

/// The number of draws does not grow with the values: without optimisation some seconds, never minutes.
#[test]
fn the_bootstrap_of_many_values_ends() {
    let values: Vec<f64> = (0..300_000).map(|i| f64::from(i % 977)).collect();
    let start = Instant::now();
    assert!(bootstrap_mean_difference(&values, &values, 1).is_some());
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}
