//! Laws of the comparison of two versions.

use callscope_core::compare::{
    Asked, Basis, Claim, Comparison, VersionFigures, confounders, figures, hangup_mix, parse, verdict,
};
use proptest::prelude::*;

use super::answers::any_json;
use super::config;

fn version() -> impl Strategy<Value = VersionFigures> {
    let counts = (0..5_000_u64, 0..5_000_u64, prop::collection::vec(0..2_000_u64, 4));
    (counts, prop::option::of(0.0..500.0_f64), prop::option::of(0.0..900.0_f64)).prop_map(
        |((calls, answered, hangups), average_duration_secs, cost_credits)| VersionFigures {
            calls: Some(calls),
            answered: Some(answered.min(calls)),
            average_duration_secs,
            cost_credits,
            hangups: Some(["agent", "carrier", "system", "user"].map(str::to_owned).into_iter().zip(hangups).collect()),
            ..VersionFigures::default()
        },
    )
}

fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
        (a, b) => a == b,
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_swap_mirrors_every_delta_interval_and_claim(a in version(), b in version(), watched in any::<bool>()) {
        let basis = if watched { Basis::AlwaysValid } else { Basis::Fixed };
        let there = Comparison { a: a.clone(), b: b.clone(), ..Comparison::default() };
        let back = Comparison { a: b, b: a, ..Comparison::default() };
        for (x, y) in figures(&there, basis).into_iter().zip(figures(&back, basis)) {
            prop_assert_eq!(&x.kind, &y.kind);
            prop_assert_eq!((x.a, x.b), (y.b, y.a));
            prop_assert!(close(x.difference, y.difference.map(|difference| -difference)));
            prop_assert!(close(x.interval.map(|of| of.low), y.interval.map(|of| -of.high)));
            prop_assert!(close(x.interval.map(|of| of.high), y.interval.map(|of| -of.low)));
            prop_assert!(close(x.calls_needed, y.calls_needed) || x.claim != y.claim);
            let mirrored = match y.claim {
                Claim::Higher => Claim::Lower,
                Claim::Lower => Claim::Higher,
                other => other,
            };
            prop_assert_eq!(x.claim, mirrored);
            prop_assert_eq!(x.is_clearly_better(), y.is_clearly_better().map(|better| !better));
        }
        let (mix, mirror) = (hangup_mix(&there), hangup_mix(&back));
        prop_assert_eq!(mix.is_some(), mirror.is_some());
        prop_assert!(!verdict(&there, &figures(&there, basis), basis).plain().is_empty());
    }

    #[test]
    fn a_version_against_itself_differs_in_nothing(a in version()) {
        let same = Comparison { a: a.clone(), b: a, ..Comparison::default() };
        for figure in figures(&same, Basis::Fixed) {
            prop_assert!(!matches!(figure.claim, Claim::Higher | Claim::Lower));
            prop_assert!(figure.difference.is_none_or(|difference| difference == 0.0));
        }
    }

    #[test]
    fn any_json_is_read_or_refused(data in any_json(), context in any_json()) {
        let answer = serde_json::json!({"data": {"metrics": data, "configDiff": context}, "callscope": context});
        let asked = Asked { version_a: "a".to_owned(), version_b: "b".to_owned(), range: None };
        if let Ok((comparison, _)) = parse(&serde_json::to_vec(&answer).unwrap(), &asked) {
            let figures = figures(&comparison, Basis::AlwaysValid);
            let has_intervals = figures.iter().any(|figure| figure.interval.is_some());
            prop_assert_eq!(verdict(&comparison, &figures, Basis::AlwaysValid).rests_on.is_empty(), !has_intervals);
            prop_assert!(confounders(&comparison).len() <= 7);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let asked = Asked { version_a: "a".to_owned(), version_b: "b".to_owned(), range: None };
        if let Err(error) = parse(&bytes, &asked) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
