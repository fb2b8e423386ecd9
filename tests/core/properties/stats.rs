//! Laws that the statistics of two versions keep for any counts.

use callscope_core::stats::{
    Interval, Proportion, always_valid, bootstrap_mean_difference, calls_needed, chance_b_higher, chi_square,
    fisher_exact, newcombe, pooled_test, wilson,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Successes out of up to so many trials, of every order of size, often none or all.
fn counts(most: u64) -> impl Strategy<Value = Proportion> {
    let trials =
        (0..20_u32, 0.5..=1.0_f64).prop_map(move |(halved, part)| ((most >> halved) as f64 * part).ceil() as u64);
    let share = prop_oneof![4 => 0.0..=1.0_f64, 1 => Just(0.0), 1 => Just(1.0), 1 => 0.0..=1e-3];
    (trials, share).prop_map(|(trials, share)| {
        let trials = trials.max(1);
        let successes = (trials as f64 * share).round() as u64;
        Proportion { successes: successes.min(trials), trials }
    })
}

/// Counts that no server should send.
fn nonsense() -> impl Strategy<Value = Proportion> {
    let edge = select(vec![0, 1, 2, 10_000_000_000, 1 << 53, u64::MAX / 2, u64::MAX - 1, u64::MAX]);
    let count = prop_oneof![edge, any::<u64>(), 0..10_000_000_000_u64];
    (count.clone(), count).prop_map(|(successes, trials)| Proportion { successes, trials })
}

fn mirrored(interval: Interval) -> Interval {
    Interval { low: -interval.high, high: -interval.low }
}

fn width(interval: Option<Interval>) -> f64 {
    interval.map(|interval| interval.high - interval.low).unwrap()
}

/// Equal within a tolerance, relative above 1, or both unknown.
fn near(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance * a.abs().max(1.0),
        (a, b) => a == b,
    }
}

fn is_in_order(interval: Option<Interval>, low: f64, high: f64) -> bool {
    interval.is_none_or(|ends| low <= ends.low && ends.low <= ends.high && ends.high <= high)
}

fn is_probability(value: Option<f64>) -> bool {
    value.is_none_or(|value| (0.0..=1.0).contains(&value))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..super::config() })]

    #[test]
    fn a_swap_mirrors_everything(a in counts(2_000_000), b in counts(2_000_000)) {
        prop_assert_eq!(always_valid(a, b), always_valid(b, a).map(mirrored));
        prop_assert_eq!(newcombe(a, b), newcombe(b, a).map(mirrored));
        prop_assert_eq!(pooled_test(a, b).map(|test| test.z), pooled_test(b, a).map(|test| -test.z));
        prop_assert_eq!(pooled_test(a, b).map(|test| test.p), pooled_test(b, a).map(|test| test.p));
        prop_assert_eq!(calls_needed(a, b), calls_needed(b, a));
        prop_assert!(near(fisher_exact(a, b), fisher_exact(b, a), 1e-9));
        prop_assert!(near(chance_b_higher(a, b), chance_b_higher(b, a).map(|chance| 1.0 - chance), 1e-8));
    }

    /// What is said of successes is said of failures, the other way round.
    #[test]
    fn failures_mirror_successes(a in counts(2_000_000), b in counts(2_000_000)) {
        let failures = |of: Proportion| Proportion { successes: of.trials - of.successes, trials: of.trials };
        let (not_a, not_b) = (failures(a), failures(b));
        prop_assert!(near(chance_b_higher(not_a, not_b), chance_b_higher(b, a), 1e-8));
        prop_assert!(near(fisher_exact(not_a, not_b), fisher_exact(a, b), 1e-9));
        let (there, back) = (always_valid(a, b).unwrap(), always_valid(not_b, not_a).unwrap());
        let tolerance = 1e-9 * (there.high - there.low);
        prop_assert!((there.low - back.low).abs() < tolerance, "{:?} {:?}", there, back);
        prop_assert!((there.high - back.high).abs() < tolerance, "{:?} {:?}", there, back);
    }

    /// The one that may be watched reaches further than the fixed one, and both hold the estimate.
    #[test]
    fn always_valid_holds_newcombe_holds_the_estimate(a in counts(2_000_000), b in counts(2_000_000)) {
        let difference = b.rate().unwrap() - a.rate().unwrap();
        let (fixed, always) = (newcombe(a, b).unwrap(), always_valid(a, b).unwrap());
        prop_assert!(-1.0 <= always.low && always.low <= fixed.low, "{:?} {:?}", always, fixed);
        prop_assert!(fixed.low <= difference && difference <= fixed.high, "{:?} {}", fixed, difference);
        prop_assert!(fixed.high <= always.high && always.high <= 1.0, "{:?} {:?}", always, fixed);
        for one in [a, b] {
            let (interval, rate) = (wilson(one).unwrap(), one.rate().unwrap());
            prop_assert!(interval.low <= rate && rate <= interval.high, "{:?} {}", interval, rate);
        }
    }

    #[test]
    fn more_calls_at_equal_rates_never_widen(a in counts(5_000), b in counts(5_000), times in 2..400_u64) {
        let more = |of: Proportion| Proportion { successes: of.successes * times, trials: of.trials * times };
        for interval in [newcombe, always_valid] {
            let (few, many) = (width(interval(a, b)), width(interval(more(a), more(b))));
            prop_assert!(many <= few + 1e-12, "{} {}", few, many);
        }
    }

    #[test]
    fn a_success_more_makes_b_more_likely_the_higher_one(a in counts(2_000_000), b in counts(2_000_000)) {
        prop_assume!(b.successes < b.trials);
        let more = Proportion { successes: b.successes + 1, ..b };
        prop_assert!(chance_b_higher(a, b).unwrap() <= chance_b_higher(a, more).unwrap() + 1e-8);
    }

    #[test]
    fn whatever_the_counts_nothing_breaks(a in nonsense(), b in nonsense()) {
        prop_assert!(is_in_order(wilson(a), 0.0, 1.0));
        for interval in [newcombe(a, b), always_valid(a, b)] {
            prop_assert!(is_in_order(interval, -1.0, 1.0), "{:?}", interval);
        }
        let test = pooled_test(a, b);
        prop_assert!(test.is_none_or(|test| test.z.is_finite()) && is_probability(test.map(|test| test.p)));
        prop_assert!(is_probability(fisher_exact(a, b)) && is_probability(chance_b_higher(a, b)));
        prop_assert!(calls_needed(a, b).is_none_or(|calls| calls.is_finite() && calls >= 0.0));
        let _ = a.is_enough_with(b);
    }

    #[test]
    fn a_mix_is_tested_whatever_its_counts(rows in vec((any::<u64>(), 0..100_u64, any::<bool>()), 0..12)) {
        let row = |is_b: bool| -> Vec<u64> {
            rows.iter().map(|(huge, small, is_huge)| if *is_huge == is_b { *small } else { *huge >> 3 }).collect()
        };
        let (a, b) = (row(false), row(true));
        if let Some(test) = chi_square(&a, &b) {
            prop_assert!(is_probability(Some(test.p)) && is_probability(Some(test.cramers_v)), "{:?}", test);
            prop_assert!(test.statistic >= 0.0 && test.smallest_expected > 0.0 && test.degrees_of_freedom < rows.len());
        }
        prop_assert_eq!(chi_square(&a, &a).is_none_or(|test| test.p > 0.999), true);
    }

    #[test]
    fn the_bootstrap_stays_within_the_values(a in vec(-1e6..1e6, 0..40), b in vec(-1e6..1e6, 0..40), seed: u64) {
        let found = bootstrap_mean_difference(&a, &b, seed);
        prop_assert_eq!(found.is_some(), a.len() > 1 && b.len() > 1);
        let least = |of: &[f64]| of.iter().copied().fold(f64::INFINITY, f64::min);
        let most = |of: &[f64]| of.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        prop_assert!(is_in_order(found, least(&b) - most(&a) - 1e-6, most(&b) - least(&a) + 1e-6), "{:?}", found);
    }
}
