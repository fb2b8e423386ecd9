//! Summary of calls → the answer that goes over the wire.

use hashbrown::HashSet;

use super::wire;
use crate::calls::{AgentTally, Outcome, UsageSummary};
use crate::format;
use crate::period::{DateRange, iso_date};
use crate::wire::Field;

/// What is known of an agent besides its calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentEntry {
    /// The agent's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its status on the wire.
    pub status: String,
}

/// The usage report of a summary. Agents without calls are listed with zeros; calls of an agent
/// that the directory does not know are listed under its id as `deleted`.
pub fn answer(summary: &UsageSummary, range: DateRange, directory: &[AgentEntry]) -> wire::Usage {
    wire::Usage {
        metrics: Field::Value(metrics(summary)),
        daily_volume: days(summary, range).into(),
        hourly_distribution: hours(summary).into(),
        resolution_breakdown: Field::Value(outcomes(summary)),
        agent_performance: agents(summary, directory).into(),
        ai_insights: Field::Value(insights(summary)),
        escalation_reasons: reasons(summary).into(),
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn percent(fraction: Option<f64>) -> Field<f64> {
    fraction.map(|fraction| fraction * 100.0).into()
}

fn minutes(duration_ms: u64) -> Field<f64> {
    Field::Value(duration_ms as f64 / 60_000.0)
}

fn mean_secs(duration_ms: u64, calls: u64) -> Field<f64> {
    share(duration_ms, calls).map(|millis| millis / 1000.0).into()
}

fn metrics(summary: &UsageSummary) -> wire::Metrics {
    let calls = summary.calls();
    wire::Metrics {
        total_calls: calls.into(),
        total_minutes: minutes(summary.duration_ms()),
        resolution_rate: percent(share(summary.ended(Outcome::Resolved), calls)),
        avg_duration: mean_secs(summary.duration_ms(), calls),
        active_agents: summary.active_agents().into(),
        response_time: summary.response_ms().into(),
        sentiment_percent: percent(summary.positive_sentiment()),
        escalation_rate: percent(share(summary.ended(Outcome::Transferred), calls)),
    }
}

fn days(summary: &UsageSummary, range: DateRange) -> Vec<wire::Day> {
    range
        .days()
        .map(|date| {
            let day = summary.day(date);
            wire::Day {
                date: iso_date(date).into(),
                total_calls: day.calls.into(),
                resolved_calls: day.resolved.into(),
            }
        })
        .collect()
}

fn hours(summary: &UsageSummary) -> Vec<wire::Hour> {
    (0..24)
        .zip(summary.hours())
        .map(|(hour, tally)| wire::Hour {
            hour: format::hour(hour).into(),
            calls: tally.calls.into(),
            minutes: minutes(tally.duration_ms),
        })
        .collect()
}

fn outcomes(summary: &UsageSummary) -> wire::Outcomes {
    wire::Outcomes {
        resolved: summary.ended(Outcome::Resolved).into(),
        transferred: summary.ended(Outcome::Transferred).into(),
        abandoned: summary.ended(Outcome::Abandoned).into(),
        other: summary.ended(Outcome::Other).into(),
    }
}

fn agents(summary: &UsageSummary, directory: &[AgentEntry]) -> Vec<wire::Agent> {
    let none = AgentTally::default();
    let mut rows: Vec<(u64, wire::Agent)> = directory
        .iter()
        .map(|entry| (entry, summary.of_agent(&entry.id).unwrap_or(&none)))
        .map(|(entry, tally)| (tally.calls, agent(&entry.id, &entry.name, &entry.status, tally)))
        .collect();
    let known: HashSet<&str> = directory.iter().map(|entry| entry.id.as_str()).collect();
    let gone = summary.agents().into_iter().filter(|(id, _)| !known.contains(id));
    rows.extend(gone.map(|(id, tally)| (tally.calls, agent(id, id, "deleted", tally))));
    rows.sort_by(|(a_calls, a), (b_calls, b)| {
        b_calls.cmp(a_calls).then_with(|| a.agent_name.value().cmp(&b.agent_name.value()))
    });
    rows.into_iter().map(|(_, agent)| agent).collect()
}

fn agent(id: &str, name: &str, status: &str, tally: &AgentTally) -> wire::Agent {
    let ended = |outcome| tally.ended(outcome);
    let percent_of = |outcome| percent(share(tally.ended(outcome), tally.calls));
    wire::Agent {
        agent_id: id.into(),
        agent_name: name.into(),
        total_calls: tally.calls.into(),
        resolved: ended(Outcome::Resolved).into(),
        transferred: ended(Outcome::Transferred).into(),
        abandoned: ended(Outcome::Abandoned).into(),
        other: ended(Outcome::Other).into(),
        resolved_percent: percent_of(Outcome::Resolved),
        transferred_percent: percent_of(Outcome::Transferred),
        abandoned_percent: percent_of(Outcome::Abandoned),
        other_percent: percent_of(Outcome::Other),
        avg_duration: mean_secs(tally.duration_ms, tally.calls),
        sentiment_percent: percent(tally.positive_sentiment()),
        status: status.into(),
    }
}

fn insights(summary: &UsageSummary) -> wire::AiInsights {
    wire::AiInsights {
        intent_accuracy: percent(summary.uncorrected()),
        context_retention: percent(summary.cached_token_share()),
        speech_recognition: percent(summary.transcript_confidence()),
        entity_extraction: percent(summary.tool_success()),
        response_latency: summary.response_ms().into(),
        training_sessions: summary.calls().into(),
    }
}

fn reasons(summary: &UsageSummary) -> Vec<wire::Reason> {
    let transferred = summary.ended(Outcome::Transferred);
    let mut reasons: Vec<_> = summary.reasons().iter().collect();
    reasons.sort_by(|(a_text, a), (b_text, b)| b.calls.cmp(&a.calls).then_with(|| a_text.cmp(b_text)));
    reasons
        .into_iter()
        .map(|(reason, tally)| wire::Reason {
            reason: reason.as_str().into(),
            count: tally.calls.into(),
            percent_of_total: percent(share(tally.calls, transferred)),
            avg_time_before_escalation: mean_secs(tally.duration_ms, tally.calls),
        })
        .collect()
}
