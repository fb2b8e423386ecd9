//! Laws that the statistics of two versions keep for any counts.

use callscope_core::stats::{
    Interval, Proportion, always_valid, calls_needed, chance_b_higher, fisher_exact, newcombe, pooled_test,
};
use proptest::prelude::*;

fn counts(most: u64) -> impl Strategy<Value = Proportion> {
    (1..=most, 0.0..=1.0_f64).prop_map(|(trials, share)| {
        let successes = (trials as f64 * share).round() as u64;
        Proportion { successes: successes.min(trials), trials }
    })
}

fn mirrored(interval: Interval) -> Interval {
    Interval { low: -interval.high, high: -interval.low }
}

fn near(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance,
        (a, b) => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_swap_mirrors_everything(a in counts(2_000_000), b in counts(2_000_000)) {
        prop_assert_eq!(always_valid(a, b), always_valid(b, a).map(mirrored));
        let (there, back) = (newcombe(a, b).unwrap(), mirrored(newcombe(b, a).unwrap()));
        prop_assert!((there.low - back.low).abs() < 1e-12 && (there.high - back.high).abs() < 1e-12);
        prop_assert!(near(pooled_test(a, b).map(|test| test.z), pooled_test(b, a).map(|test| -test.z), 1e-9));
        prop_assert!(near(fisher_exact(a, b), fisher_exact(b, a), 1e-6));
        prop_assert!(near(chance_b_higher(a, b), chance_b_higher(b, a).map(|chance| 1.0 - chance), 1e-6));
        prop_assert!(near(calls_needed(a, b), calls_needed(b, a), 1e-6 * calls_needed(a, b).unwrap_or(0.0)));
    }

    #[test]
    fn intervals_hold_the_estimate(a in counts(2_000_000), b in counts(2_000_000)) {
        let difference = b.rate().unwrap() - a.rate().unwrap();
        for interval in [newcombe(a, b).unwrap(), always_valid(a, b).unwrap()] {
            prop_assert!(interval.low <= difference + 1e-12 && difference - 1e-12 <= interval.high, "{interval:?} {difference}");
            prop_assert!((-1.0..=1.0).contains(&interval.low) && (-1.0..=1.0).contains(&interval.high));
        }
    }

    #[test]
    fn more_calls_at_equal_rates_never_widen(a in counts(5_000), b in counts(5_000), times in 2..400_u64) {
        let more = |of: Proportion| Proportion { successes: of.successes * times, trials: of.trials * times };
        for interval in [newcombe, always_valid] {
            let (few, many) = (interval(a, b).unwrap(), interval(more(a), more(b)).unwrap());
            prop_assert!(many.high - many.low <= few.high - few.low + 1e-9, "{few:?} {many:?}");
        }
    }

    #[test]
    fn what_may_be_watched_is_never_narrower(a in counts(100_000), b in counts(100_000)) {
        prop_assume!(a.trials >= 20 && b.trials >= 20);
        let (fixed, always) = (newcombe(a, b).unwrap(), always_valid(a, b).unwrap());
        prop_assert!(always.high - always.low >= fixed.high - fixed.low, "{fixed:?} {always:?}");
    }
}
