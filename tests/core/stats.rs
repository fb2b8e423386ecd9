//! Intervals against values computed elsewhere.

use std::path::Path;

use callscope_core::stats::{Interval, Proportion, newcombe, wilson};
use serde_json::Value;

const TOLERANCE: f64 = 1e-9;

#[track_caller]
fn check(case: &Value, name: &str, interval: Option<Interval>) {
    let expected: Vec<f64> = case[name].as_array().unwrap().iter().map(|end| end.as_f64().unwrap()).collect();
    let found = interval.unwrap();
    assert!((found.low - expected[0]).abs() <= TOLERANCE, "{name}: {found:?}, {case}");
    assert!((found.high - expected[1]).abs() <= TOLERANCE, "{name}: {found:?}, {case}");
}

#[test]
fn intervals_agree_with_reference_values() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/reference/two_version_statistics.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("not compared: the reference values ({}) are not here", path.display());
        return;
    };
    let cases: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(cases.len(), 200);
    for case in &cases {
        let count = |name: &str| case[name].as_u64().unwrap();
        let a = Proportion { successes: count("x_a"), trials: count("n_a") };
        let b = Proportion { successes: count("x_b"), trials: count("n_b") };
        check(case, "wilson_a", wilson(a));
        check(case, "wilson_b", wilson(b));
        check(case, "newcombe_diff", newcombe(a, b));
        let difference = b.rate().unwrap() - a.rate().unwrap();
        assert!((difference - case["diff"].as_f64().unwrap()).abs() <= TOLERANCE, "{case}");
    }
}

#[test]
fn without_trials_nothing_is_known() {
    let (none, some) = (Proportion { successes: 0, trials: 0 }, Proportion { successes: 3, trials: 9 });
    assert_eq!((none.rate(), wilson(none)), (None, None));
    assert_eq!((newcombe(none, some), newcombe(some, none), newcombe(none, none)), (None, None, None));
    assert!(newcombe(some, some).is_some());
}

#[test]
fn a_difference_needs_enough_calls() {
    #[track_caller]
    fn check(a: (u64, u64), b: (u64, u64), expected: bool) {
        let [a, b] = [a, b].map(|(successes, trials)| Proportion { successes, trials });
        assert_eq!((a.enough(b), b.enough(a)), (expected, expected));
    }
    check((10, 20), (10, 20), true);
    check((10, 19), (500, 1000), false);
    // Pooled, 20 calls expect 4.9 and 5.0 successes.
    check((5, 20), (240, 980), false);
    check((5, 20), (245, 980), true);
    // The same of failures.
    check((15, 20), (740, 980), false);
    check((0, 0), (500, 1000), false);
    check((0, 0), (0, 0), false);
}

#[test]
fn zero_is_outside_only_where_both_ends_are_on_one_side() {
    #[track_caller]
    fn check(low: f64, high: f64, expected: bool) {
        assert_eq!(Interval { low, high }.excludes_zero(), expected);
    }
    check(0.01, 0.02, true);
    check(-0.02, -0.01, true);
    check(-0.01, 0.01, false);
    check(0.0, 0.01, false);
    check(-0.01, 0.0, false);
}
