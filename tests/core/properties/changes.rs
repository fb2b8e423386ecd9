//! Changes between periods, and the intervals of rates.

use callscope_core::calls::Outcome;
use callscope_core::stats::{Proportion, newcombe, wilson};
use callscope_core::usage::{Change, Delta, OutcomeCounts, Totals, UsageReport, compare};
use proptest::option;
use proptest::prelude::*;

use super::config;

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// A report whose rates are those of its counts, with anything unknown.
fn any_totals() -> impl Strategy<Value = UsageReport> {
    let figures = (
        option::of(prop_oneof![Just(0.0), 0.0..1e6]),
        option::of(prop_oneof![Just(0.0), 0.0..1e4]),
        option::of(0..500_u64),
        option::of(0.0..1e4),
        option::of(0.0..=1.0),
    );
    (option::of(prop_oneof![[0..300_u64, 0..300, 0..300, 0..300], [0..12_u64, 0..12, 0..12, 0..12]]), figures).prop_map(
        |(counts, figures)| {
            let (minutes, average_duration_secs, active_agents, response_time_ms, positive_sentiment) = figures;
            let outcomes = counts.map(|[resolved, transferred, abandoned, other]| OutcomeCounts {
                resolved: Some(resolved),
                transferred: Some(transferred),
                abandoned: Some(abandoned),
                other: Some(other),
            });
            let rate = |outcome| outcomes?.proportion(outcome)?.rate();
            let totals = Totals {
                calls: outcomes.and_then(OutcomeCounts::sum),
                minutes,
                resolution_rate: rate(Outcome::Resolved),
                average_duration_secs,
                active_agents,
                response_time_ms,
                positive_sentiment,
                escalation_rate: rate(Outcome::Transferred),
            };
            UsageReport { totals, outcomes, ..UsageReport::default() }
        },
    )
}

fn all_changes(now: &UsageReport, before: Option<&UsageReport>) -> [Change; 8] {
    let change = compare(now, before);
    [
        change.calls,
        change.minutes,
        change.average_duration_secs,
        change.active_agents,
        change.response_time_ms,
        change.resolution_rate,
        change.escalation_rate,
        change.positive_sentiment,
    ]
}

fn all_figures(totals: &Totals) -> [Option<f64>; 8] {
    [
        totals.calls.map(|calls| calls as f64),
        totals.minutes,
        totals.average_duration_secs,
        totals.active_agents.map(|agents| agents as f64),
        totals.response_time_ms,
        totals.resolution_rate,
        totals.escalation_rate,
        totals.positive_sentiment,
    ]
}

/// The difference, where both sides are known.
fn difference(delta: Delta) -> Option<f64> {
    match delta {
        Delta::Unknown => None,
        Delta::Relative { absolute, .. } => Some(absolute),
        Delta::Points { difference, .. } => Some(difference),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_delta_leads_from_before_to_now(now in any_totals(), before in any_totals()) {
        let changes = all_changes(&now, Some(&before));
        prop_assert_eq!(changes.map(|change| change.now), all_figures(&now.totals));
        prop_assert_eq!(changes.map(|change| change.before), all_figures(&before.totals));
        for (i, change) in changes.into_iter().enumerate() {
            let (Some(is), Some(was)) = (change.now, change.before) else {
                prop_assert_eq!(change.delta, Delta::Unknown);
                continue;
            };
            match change.delta {
                Delta::Relative { absolute, fraction } if i < 5 => {
                    prop_assert!(near(was + absolute, is));
                    prop_assert_eq!(fraction.is_none(), was.abs() <= 0.0);
                    prop_assert!(fraction.is_none_or(|fraction| near(was * (1.0 + fraction), is)));
                }
                Delta::Points { difference, interval, is_too_few } if i >= 5 => {
                    prop_assert!(near(was + difference, is));
                    prop_assert!(interval.is_none_or(|i| (i.low..=i.high).contains(&difference)));
                    prop_assert!(!(is_too_few && interval.is_some()));
                }
                other => prop_assert!(false, "figure {i} has {other:?}"),
            }
            prop_assert!(difference(change.delta).is_some_and(f64::is_finite));
        }
    }

    /// A rate has an interval exactly where there are enough calls; other figures are never clear.
    #[test]
    fn only_rates_of_enough_calls_are_clear(now in any_totals(), before in any_totals()) {
        let change = compare(&now, Some(&before));
        let rates = [(change.resolution_rate, Outcome::Resolved), (change.escalation_rate, Outcome::Transferred)];
        for (of, outcome) in rates {
            let counts = |report: &UsageReport| report.outcomes?.proportion(outcome);
            let enough = counts(&before).zip(counts(&now)).is_some_and(|(was, is)| was.is_enough_with(is));
            let has_interval = matches!(of.delta, Delta::Points { interval: Some(_), .. });
            prop_assert_eq!(has_interval, enough);
            prop_assert!(of.is_clearly_better().is_none() || enough);
        }
        for of in [change.calls, change.minutes, change.average_duration_secs, change.active_agents,
            change.response_time_ms, change.positive_sentiment]
        {
            prop_assert_eq!(of.is_clearly_better(), None);
        }
    }

    /// Looked at from the other side, every difference turns its sign, and better becomes worse.
    #[test]
    fn comparing_the_other_way_round_turns_the_sign(now in any_totals(), before in any_totals()) {
        let (there, back) = (all_changes(&now, Some(&before)), all_changes(&before, Some(&now)));
        for (there, back) in there.into_iter().zip(back) {
            prop_assert_eq!(difference(there.delta), difference(back.delta).map(|difference| 0.0 - difference));
            prop_assert_eq!(there.is_clearly_better(), back.is_clearly_better().map(|is_better| !is_better));
        }
        for same in all_changes(&now, Some(&now)) {
            prop_assert_eq!(difference(same.delta), same.now.map(|_| 0.0));
            prop_assert_eq!(same.is_clearly_better(), None);
        }
        for alone in all_changes(&now, None) {
            prop_assert_eq!((alone.before, alone.delta), (None, Delta::Unknown));
        }
    }

    /// More resolved calls of as many can only be better, more escalated ones only worse.
    #[test]
    fn better_is_the_right_way(few in 0..150_u64, more in 0..150_u64) {
        let report = |[resolved, transferred]: [u64; 2]| {
            let rate = |count| Some(count as f64 / 300.0);
            let totals = Totals {
                resolution_rate: rate(resolved),
                escalation_rate: rate(transferred),
                ..Totals::default()
            };
            let outcomes = OutcomeCounts {
                resolved: Some(resolved),
                transferred: Some(transferred),
                abandoned: Some(0),
                other: Some(300 - resolved - transferred),
            };
            UsageReport { totals, outcomes: Some(outcomes), ..UsageReport::default() }
        };
        let (was, is) = (few, few + more);
        let resolution = compare(&report([is, 0]), Some(&report([was, 0]))).resolution_rate;
        let escalation = compare(&report([0, is]), Some(&report([0, was]))).escalation_rate;
        prop_assert_ne!(resolution.is_clearly_better(), Some(false));
        prop_assert_ne!(escalation.is_clearly_better(), Some(true));
        if more >= 60 {
            prop_assert_eq!(resolution.is_clearly_better(), Some(true));
            prop_assert_eq!(escalation.is_clearly_better(), Some(false));
        }
    }
}

fn any_proportion() -> impl Strategy<Value = Proportion> {
    (1..5000_u64).prop_flat_map(|trials| (0..=trials).prop_map(move |successes| Proportion { successes, trials }))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn intervals_hold_their_rates(a in any_proportion(), b in any_proportion()) {
        let (rate_a, rate_b) = (a.rate().unwrap(), b.rate().unwrap());
        let of_a = wilson(a).unwrap();
        prop_assert!(0.0 <= of_a.low && of_a.high <= 1.0);
        prop_assert!(of_a.low - 1e-12 <= rate_a && rate_a <= of_a.high + 1e-12, "{:?} of {:?}", of_a, a);
        let (there, back) = (newcombe(a, b).unwrap(), newcombe(b, a).unwrap());
        prop_assert!(there.low - 1e-12 <= rate_b - rate_a && rate_b - rate_a <= there.high + 1e-12);
        prop_assert!(near(there.low, -back.high) && near(there.high, -back.low));
        prop_assert_eq!(a.is_enough_with(b), b.is_enough_with(a));
    }
}
