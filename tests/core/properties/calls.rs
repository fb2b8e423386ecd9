//! Summaries of calls, and the answers made of them.

use callscope_core::calls::{AgentId, Outcome, UsageFacts, UsageSummary};
use callscope_core::period::{Date, DateRange, Transition, Zone};
use callscope_core::usage::{AgentEntry, Asked, Narrowing, UsageReport, answer, parse, wire};
use callscope_core::wire::Field;
use callscope_core::{FindingCode, Severity};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::config;

/// Two weeks around the end of summer time in Berlin.
fn berlin() -> (Zone, DateRange) {
    let change = Transition { at_secs: 1_729_990_800, offset_secs: 3600 };
    let range = DateRange::new(Date::constant(2024, 10, 20), Date::constant(2024, 11, 2)).unwrap();
    (Zone::new("Europe/Berlin", 7200, &[change]).unwrap(), range)
}

#[derive(Clone, Debug)]
struct Call {
    facts: UsageFacts<'static>,
    /// In which of three summaries it is counted first.
    shard: usize,
}

/// Calls inside the range with everything known or not; figures lie inside their bounds.
fn calls() -> impl Strategy<Value = Vec<Call>> {
    let (zone, range) = berlin();
    let (start_ms, end_ms) = range.instants_ms(&zone);
    let handled = (
        start_ms..end_ms,
        0..3_600_000_u64,
        select(Outcome::ALL.to_vec()),
        option::of(select(vec!["a", "b", "Ⅽ, \"c\""])),
        option::of(select(vec!["price", "lost card", "=1+1"])),
    );
    let telemetry = (
        option::of(0.0..1e5),
        option::of(any::<bool>()),
        option::of(0..4_u32),
        option::of((0..1000_u64, 0..1000_u64)),
        option::of(0.0..=1.0),
        option::of((0..50_u64, 0..50_u64)),
    );
    let call = (handled, telemetry, 0..3_usize).prop_map(|(handled, telemetry, shard)| {
        let (started_ms, duration_ms, outcome, agent_id, escalation_reason) = handled;
        let (response_ms, positive_sentiment, corrections, tokens, transcript_confidence, tool_calls) = telemetry;
        let tokens = tokens.map(|(cached, others)| (cached, cached + others));
        let facts = UsageFacts {
            agent_id: agent_id.map(AgentId::from),
            response_ms,
            positive_sentiment,
            corrections,
            tokens,
            transcript_confidence,
            tool_calls,
            escalation_reason,
            ..UsageFacts::bare(started_ms, duration_ms, outcome)
        };
        Call { facts, shard }
    });
    vec(call, 0..60)
}

fn summed<'a>(calls: impl IntoIterator<Item = &'a Call>) -> UsageSummary {
    let mut summary = UsageSummary::default();
    for call in calls {
        summary.add(&call.facts, &berlin().0);
    }
    summary
}

fn merged(a: &UsageSummary, b: &UsageSummary) -> UsageSummary {
    let mut both = a.clone();
    both.merge(b);
    both
}

fn any_float() -> impl Strategy<Value = f64> {
    prop_oneof![prop::num::f64::ANY, select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY])]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn merging_is_adding_in_any_order(calls in calls()) {
        let whole = summed(&calls);
        let [a, b, c] = [0, 1, 2].map(|shard| summed(calls.iter().filter(|call| call.shard == shard)));
        prop_assert_eq!(&merged(&merged(&a, &b), &c), &whole);
        prop_assert_eq!(&merged(&a, &merged(&b, &c)), &whole);
        prop_assert_eq!(merged(&a, &b), merged(&b, &a));
        prop_assert_eq!(&merged(&whole, &UsageSummary::default()), &whole);
        prop_assert_eq!(&summed(calls.iter().rev()), &whole);
    }

    /// Also values that are no measurement leave the summary mergeable and its figures finite.
    #[test]
    fn no_measurement_breaks_a_mean(values in vec(any_float(), 0..20), cut in 0..20_usize) {
        let call = |value: f64| Call {
            facts: UsageFacts { response_ms: Some(value), ..UsageFacts::bare(0, 0, Outcome::Other) },
            shard: 0,
        };
        let calls: Vec<Call> = values.iter().copied().map(call).collect();
        let (a, b) = calls.split_at(cut.min(calls.len()));
        prop_assert_eq!(merged(&summed(a), &summed(b)), summed(&calls));
        let mean = summed(&calls).response_ms();
        prop_assert_eq!(mean.is_some(), values.iter().any(|value| value.is_finite()));
        prop_assert!(mean.is_none_or(f64::is_finite));
    }

    #[test]
    fn every_way_of_counting_gives_the_total(calls in calls()) {
        let summary = summed(&calls);
        let total = calls.len() as u64;
        let days: Vec<_> = berlin().1.days().map(|date| summary.day(date)).collect();
        prop_assert_eq!(summary.calls(), total);
        prop_assert_eq!(days.iter().map(|day| day.calls).sum::<u64>(), total);
        prop_assert_eq!(days.iter().map(|day| day.resolved).sum::<u64>(), summary.ended(Outcome::Resolved));
        prop_assert_eq!(summary.hours().iter().map(|hour| hour.calls).sum::<u64>(), total);
        prop_assert_eq!(summary.hours().iter().map(|hour| hour.duration_ms).sum::<u64>(), summary.duration_ms());
        prop_assert_eq!(Outcome::ALL.into_iter().map(|outcome| summary.ended(outcome)).sum::<u64>(), total);
        let without_agent = calls.iter().filter(|call| call.facts.agent_id.is_none()).count() as u64;
        prop_assert_eq!(summary.agents().values().map(|agent| agent.calls).sum::<u64>() + without_agent, total);
        for agent in summary.agents().values() {
            prop_assert_eq!(Outcome::ALL.into_iter().map(|outcome| agent.ended(outcome)).sum::<u64>(), agent.calls);
        }
        let reasons = summary.reasons().values().map(|reason| reason.calls).sum::<u64>();
        prop_assert!(reasons <= summary.ended(Outcome::Transferred));
        prop_assert_eq!(summary.last_started_ms(), calls.iter().map(|call| call.facts.started_ms).max());
    }

    /// What one side writes, the other reads without a warning and with the same figures.
    #[test]
    fn an_answer_is_read_as_it_was_meant(calls in calls(), in_envelope in any::<bool>()) {
        let (_, range) = berlin();
        let summary = summed(&calls);
        let directory = ["a", "b", "idle"].map(|id| AgentEntry {
            id: id.to_owned(),
            name: format!("Agent {id}"),
            status: "active".to_owned(),
        });
        let data = answer(&summary, range, &directory);
        let bytes = if in_envelope {
            let context = wire::Context { time_zone: "Europe/Berlin".into(), ..wire::Context::default() };
            serde_json::to_vec(&wire::Answer { data: Field::Value(data), callscope: Field::Value(context) }).unwrap()
        } else {
            serde_json::to_vec(&data).unwrap()
        };
        let (report, findings) = parse(&bytes, &Asked { range, narrowing: Narrowing::default() }).unwrap();

        let mut expected = Vec::new();
        let without_agent = calls.iter().filter(|call| call.facts.agent_id.is_none()).count();
        if without_agent > 0 {
            expected.push(FindingCode::AgentsSum);
        }
        let unknown = [summary.response_ms(), summary.positive_sentiment(), summary.uncorrected(),
            summary.cached_token_share(), summary.transcript_confidence(), summary.tool_success()];
        if !calls.is_empty() && unknown.contains(&None) {
            expected.push(FindingCode::NoTelemetry);
        }
        if !in_envelope {
            expected.push(FindingCode::ZoneUnknown);
        }
        let found: Vec<_> = findings.iter().map(|finding| finding.code).collect();
        prop_assert_eq!(found, expected, "{:#?}", findings);
        prop_assert!(findings.iter().all(|finding| finding.severity == Severity::Note));

        check_counts(&report, &summary, range)?;
    }
}

fn check_counts(report: &UsageReport, summary: &UsageSummary, range: DateRange) -> Result<(), TestCaseError> {
    prop_assert_eq!(report.totals.calls, Some(summary.calls()));
    prop_assert_eq!(report.totals.active_agents, Some(summary.agents().len() as u64));
    let days: Vec<_> = report.days.iter().map(|day| (day.date, day.calls, day.resolved)).collect();
    let counted = range.days().map(|date| (date, summary.day(date)));
    prop_assert_eq!(days, counted.map(|(date, day)| (date, Some(day.calls), Some(day.resolved))).collect::<Vec<_>>());
    for ((hour, volume), tally) in (0..).zip(&report.hours).zip(summary.hours()) {
        prop_assert_eq!((volume.hour, volume.calls), (hour, Some(tally.calls)));
    }
    prop_assert_eq!(report.hours.len(), 24);
    let outcomes = report.outcomes.unwrap();
    for outcome in Outcome::ALL {
        prop_assert_eq!(outcomes.of(outcome), Some(summary.ended(outcome)));
    }
    for agent in &report.agents {
        let tally = summary.agents().get(agent.id.as_str()).copied().copied().unwrap_or_default();
        prop_assert_eq!(agent.calls, Some(tally.calls));
        for outcome in Outcome::ALL {
            prop_assert_eq!(agent.outcomes.of(outcome), Some(tally.ended(outcome)));
        }
    }
    prop_assert!(summary.agents().keys().all(|id| report.agents.iter().any(|agent| agent.id == **id)));
    prop_assert_eq!(report.escalation_reasons.len(), summary.reasons().len());
    for reason in &report.escalation_reasons {
        prop_assert_eq!(reason.calls, summary.reasons().get(&reason.reason).map(|tally| tally.calls));
    }
    let minutes = summary.duration_ms() as f64 / 60_000.0;
    prop_assert!((report.totals.minutes.unwrap() - minutes).abs() < 1e-6);
    Ok(())
}
