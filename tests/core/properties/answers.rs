//! Answers of any shape.

use callscope_core::ErrorKind;
use callscope_core::period::DateRange;
use callscope_core::usage::{UsageReport, parse};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use super::config;
use crate::core::usage_inputs::{FULL_DAYS, asked, good, pointers, put};

pub(in super::super) fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        select(vec![
            "data",
            "callscope",
            "metrics",
            "totalCalls",
            "totalMinutes",
            "resolutionRate",
            "dailyVolume",
            "date",
            "hourlyDistribution",
            "hour",
            "calls",
            "minutes",
            "resolutionBreakdown",
            "resolved",
            "transferred",
            "agentPerformance",
            "agentId",
            "agentName",
            "status",
            "aiInsights",
            "trainingSessions",
            "escalationReasons",
            "reason",
            "count",
            "percentOfTotal",
            "timeZone",
            "releases",
            "label",
        ])
        .prop_map(str::to_owned),
        ".{0,6}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0..30_i64).prop_map(Value::from),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}(T.{0,3})?|[0-9+]{1,3}:00|.{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((key.clone(), inner), 0..6).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// A report of whatever came in has the shape that pages rely on, and no figure beyond its bounds.
fn check_report(report: &UsageReport, range: DateRange) -> Result<(), TestCaseError> {
    prop_assert!(report.days.is_empty() || report.days.iter().map(|day| day.date).eq(range.days()));
    prop_assert!(report.hours.is_empty() || report.hours.iter().map(|hour| hour.hour).eq(0..24));
    let (totals, insights) = (&report.totals, &report.insights);
    let fractions = [
        totals.resolution_rate,
        totals.positive_sentiment,
        totals.escalation_rate,
        insights.uncorrected_calls,
        insights.cached_token_share,
        insights.transcript_confidence,
        insights.tool_call_success,
    ];
    let of_agents = report.agents.iter().map(|agent| agent.positive_sentiment);
    let of_reasons = report.escalation_reasons.iter().map(|reason| reason.share);
    for fraction in fractions.into_iter().chain(of_agents).chain(of_reasons).flatten() {
        prop_assert!((0.0..=1.0).contains(&fraction), "{}", fraction);
    }
    let amounts = [totals.minutes, totals.average_duration_secs, totals.response_time_ms, insights.response_latency_ms];
    let of_hours = report.hours.iter().map(|hour| hour.minutes);
    for amount in amounts.into_iter().chain(of_hours).flatten() {
        prop_assert!(amount >= 0.0 && amount.is_finite(), "{}", amount);
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200)) {
        if let Err(error) = parse(&bytes, &asked(FULL_DAYS)) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn any_json_is_read_or_refused(json in any_json(), wrapped in any::<bool>()) {
        let text = if wrapped { format!("{{\"data\":{json}}}") } else { json.to_string() };
        let asked = asked(FULL_DAYS);
        if let Ok((report, _)) = parse(text.as_bytes(), &asked) {
            check_report(&report, asked.range)?;
        }
    }

    /// Values anywhere in a good answer may be replaced by anything, and it is still read.
    #[test]
    fn a_spoilt_answer_is_still_read(spoilt in vec((any::<prop::sample::Index>(), any_json()), 1..6)) {
        let mut answer = good();
        for (index, json) in spoilt {
            let all = pointers(&answer["data"]);
            if !all.is_empty() {
                put(&mut answer, &format!("/data{}", index.get(&all)), Some(json));
            }
        }
        let asked = asked(FULL_DAYS);
        let (report, findings) = parse(answer.to_string().as_bytes(), &asked).unwrap();
        check_report(&report, asked.range)?;
        prop_assert!(findings.iter().all(|finding| finding.sentence.ends_with('.')));
    }

    /// Cut anywhere, an answer is an error that says so, and never half a report.
    #[test]
    fn a_cut_answer_is_refused(cut in any::<prop::sample::Index>()) {
        let text = good().to_string();
        let error = parse(&text.as_bytes()[..cut.index(text.len())], &asked(FULL_DAYS)).unwrap_err();
        prop_assert_eq!(error.kind(), ErrorKind::Syntax);
    }
}
