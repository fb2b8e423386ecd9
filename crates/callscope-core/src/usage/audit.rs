//! What an answer is checked for, beyond each field by itself: the sums and shares it states twice.

use super::model::{AgentStatus, AgentUsage, OutcomeCounts, UsageReport};
use super::read::Asked;
use crate::calls::Outcome;
use crate::{Finding, FindingCode, Severity, format};

/// A printed percentage may be rounded to a whole one, so it may differ by half a point.
const PERCENT_TOLERANCE: f64 = 0.005 + 1e-9;

/// Appends everything that the answer contradicts itself in.
pub(super) fn audit(report: &UsageReport, asked: &Asked, findings: &mut Vec<Finding>) {
    for check in [sums, rates, minutes, agents, insights, reasons] {
        check(report, findings);
    }
    context(report, asked, findings);
}

fn differ(findings: &mut Vec<Finding>, code: FindingCode, what: &str, expected: u64, found: u64) {
    if expected != found {
        let sentence = format!("{what}: {} against {}.", format::count(found), format::count(expected));
        findings.push(Finding::warning(code, sentence).with_numbers(expected as f64, found as f64));
    }
}

fn summed(counts: impl IntoIterator<Item = Option<u64>>) -> Option<u64> {
    counts.into_iter().try_fold(0_u64, |sum, count| sum.checked_add(count?))
}

fn sums(report: &UsageReport, findings: &mut Vec<Finding>) {
    let resolved = report.outcomes.and_then(|outcomes| outcomes.resolved);
    if let (Some(days), Some(resolved), false) =
        (summed(report.days.iter().map(|day| day.resolved)), resolved, report.days.is_empty())
    {
        differ(
            findings,
            FindingCode::ResolvedSum,
            "Resolved calls of the days differ from those of the outcomes",
            resolved,
            days,
        );
    }
    let Some(total) = report.totals.calls else { return };
    if let (Some(days), false) = (summed(report.days.iter().map(|day| day.calls)), report.days.is_empty()) {
        differ(findings, FindingCode::DaysSum, "The days do not sum to the total of calls", total, days);
    }
    if let (Some(hours), false) = (summed(report.hours.iter().map(|hour| hour.calls)), report.hours.is_empty()) {
        differ(findings, FindingCode::HoursSum, "The hours do not sum to the total of calls", total, hours);
    }
    if let Some(outcomes) = report.outcomes.and_then(OutcomeCounts::sum) {
        differ(findings, FindingCode::OutcomesSum, "The outcomes do not sum to the total of calls", total, outcomes);
    }
    if let Some(resolved) = resolved.filter(|resolved| *resolved > total) {
        let sentence = format!("{} calls were resolved of only {}.", format::count(resolved), format::count(total));
        let finding = Finding::warning(FindingCode::ResolvedAboveTotal, sentence);
        findings.push(finding.with_numbers(total as f64, resolved as f64));
    }
    agents_sum(report, total, findings);
}

fn agents_sum(report: &UsageReport, total: u64, findings: &mut Vec<Finding>) {
    let (Some(agents), false) = (summed(report.agents.iter().map(|agent| agent.calls)), report.agents.is_empty())
    else {
        return;
    };
    if agents < total {
        // Calls that reached no agent are real: this is something to know, not a contradiction.
        let sentence =
            format!("{} of {} calls belong to no listed agent.", format::count(total - agents), format::count(total));
        findings.push(Finding::note(FindingCode::AgentsSum, sentence).with_numbers(total as f64, agents as f64));
    } else {
        differ(findings, FindingCode::AgentsSum, "The agents have more calls than the total", total, agents);
    }
}

fn rates(report: &UsageReport, findings: &mut Vec<Finding>) {
    let (Some(total @ 1..), Some(outcomes)) = (report.totals.calls, report.outcomes) else { return };
    let printed = [
        ("resolution rate", report.totals.resolution_rate, outcomes.resolved),
        ("escalation rate", report.totals.escalation_rate, outcomes.transferred),
    ];
    for (name, rate, count) in printed {
        let (Some(rate), Some(count)) = (rate, count) else { continue };
        let counted = count as f64 / total as f64;
        if (rate - counted).abs() > PERCENT_TOLERANCE {
            let sentence = format!(
                "The {name} is given as {}, but its counts make {}.",
                format::percent(rate),
                format::percent(counted)
            );
            findings.push(Finding::warning(FindingCode::RateAgainstCounts, sentence).with_numbers(counted, rate));
        }
    }
}

fn minutes(report: &UsageReport, findings: &mut Vec<Finding>) {
    let totals = &report.totals;
    let Some(minutes) = totals.minutes else { return };
    let hours: Option<f64> = report.hours.iter().map(|hour| hour.minutes).sum();
    if let (Some(hours), false) = (hours, report.hours.is_empty()) {
        // Each hour may be rounded to a whole minute.
        near(findings, FindingCode::MinutesSum, "The minutes of the hours", minutes, hours, 12.0);
    }
    if let (Some(calls), Some(average)) = (totals.calls, totals.average_duration_secs) {
        // The average may be rounded to a whole second.
        let made = calls as f64 * average / 60.0;
        near(
            findings,
            FindingCode::MinutesAgainstDuration,
            "Calls times average duration",
            minutes,
            made,
            calls as f64 / 120.0,
        );
    }
}

fn near(findings: &mut Vec<Finding>, code: FindingCode, what: &str, expected: f64, found: f64, tolerance: f64) {
    if (expected - found).abs() > tolerance.max(expected.abs() * 1e-6) + 0.5 {
        let sentence = format!(
            "{what} make {} minutes, but the total says {}.",
            format::number(found, 1),
            format::number(expected, 1)
        );
        findings.push(Finding::warning(code, sentence).with_numbers(expected, found));
    }
}

fn agents(report: &UsageReport, findings: &mut Vec<Finding>) {
    let mut ids: Vec<&str> = report.agents.iter().map(|agent| agent.id.as_str()).collect();
    ids.sort_unstable();
    let repeated = ids.windows(2).filter(|pair| pair.first() == pair.last()).count();
    if repeated > 0 {
        let sentence = format!("{repeated} agents are listed more than once.");
        findings.push(Finding::warning(FindingCode::RepeatedAgent, sentence));
    }
    for agent in &report.agents {
        // Of thousands of agents no sentence is made that nobody reads.
        if let (Some(calls), Some(sum)) = (agent.calls, agent.outcomes.sum())
            && calls != sum
        {
            let what = format!("The outcomes of {} do not sum to its calls", agent.name);
            differ(findings, FindingCode::AgentOutcomes, &what, calls, sum);
        }
        if let AgentStatus::Other(status) = &agent.status {
            let sentence = format!("{} has the status '{status}', which the documents do not name.", agent.name);
            findings.push(Finding::note(FindingCode::UnknownStatus, sentence));
        }
    }
    let with_calls = report.agents.iter().filter(|agent| agent.calls.is_some_and(|calls| calls > 0)).count() as u64;
    if let (Some(active), false) = (report.totals.active_agents, report.agents.is_empty()) {
        differ(
            findings,
            FindingCode::ActiveAgents,
            "Active agents differ from the listed agents with calls",
            with_calls,
            active,
        );
    }
}

/// Whether a percentage printed for an agent agrees with its counts.
pub(super) fn agent_percent(agent: &AgentUsage, field: &str, printed: f64, count: Option<u64>) -> Option<Finding> {
    let calls = agent.calls.filter(|calls| *calls > 0)?;
    let counted = count? as f64 / calls as f64;
    ((printed - counted).abs() > PERCENT_TOLERANCE).then(|| {
        let field = field.strip_prefix("agentPerformance.").unwrap_or(field);
        let sentence = format!(
            "{field} of {} is given as {}, but its counts make {}.",
            agent.name,
            format::percent(printed),
            format::percent(counted)
        );
        Finding::warning(FindingCode::AgentPercent, sentence).with_numbers(counted, printed)
    })
}

fn insights(report: &UsageReport, findings: &mut Vec<Finding>) {
    let (totals, insights) = (&report.totals, &report.insights);
    if let (Some(a), Some(b)) = (totals.response_time_ms, insights.response_latency_ms)
        && (a - b).abs() > 0.5 + a.abs() * 1e-9
    {
        let sentence = format!("Response time is given twice, as {} and as {}.", format::millis(a), format::millis(b));
        findings.push(Finding::warning(FindingCode::ResponseTimeTwice, sentence).with_numbers(a, b));
    }
    if let (Some(calls), Some(sessions)) = (totals.calls, insights.sessions) {
        differ(
            findings,
            FindingCode::SessionsAgainstCalls,
            "The number of sessions differs from the calls",
            calls,
            sessions,
        );
    }
    if totals.calls.is_some_and(|calls| calls > 0) {
        let unknown: Vec<_> = [
            ("response time", totals.response_time_ms.is_none()),
            ("sentiment", totals.positive_sentiment.is_none()),
            ("corrections", insights.uncorrected_calls.is_none()),
            ("cached tokens", insights.cached_token_share.is_none()),
            ("transcript confidence", insights.transcript_confidence.is_none()),
            ("tool calls", insights.tool_call_success.is_none()),
        ]
        .into_iter()
        .filter_map(|(name, unknown)| unknown.then_some(name))
        .collect();
        if !unknown.is_empty() {
            let sentence = format!("No data on {} in this period: unknown, not zero.", unknown.join(", "));
            findings.push(Finding { severity: Severity::Note, ..Finding::note(FindingCode::NoTelemetry, sentence) });
        }
    }
}

fn reasons(report: &UsageReport, findings: &mut Vec<Finding>) {
    let reasons = &report.escalation_reasons;
    let counts: Vec<u64> = reasons.iter().filter_map(|reason| reason.calls).collect();
    if !counts.is_sorted_by(|a, b| a >= b) {
        let sentence = "Escalation reasons are not sorted by count.".to_owned();
        findings.push(Finding::note(FindingCode::ReasonsOrder, sentence));
    }
    let Some(transferred) = report.outcomes.and_then(|outcomes| outcomes.of(Outcome::Transferred)) else { return };
    let sum = counts.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
    if sum > transferred {
        differ(findings, FindingCode::ReasonsSum, "Reasons count more calls than were transferred", transferred, sum);
    }
    for reason in reasons {
        let (Some(calls), Some(share), 1..) = (reason.calls, reason.share, transferred) else { continue };
        let counted = calls as f64 / transferred as f64;
        if (share - counted).abs() > PERCENT_TOLERANCE {
            let sentence = format!(
                "The share of '{}' is given as {}, but its counts make {}.",
                reason.reason,
                format::percent(share),
                format::percent(counted)
            );
            findings.push(Finding::warning(FindingCode::ReasonPercent, sentence).with_numbers(counted, share));
        }
    }
}

fn context(report: &UsageReport, asked: &Asked, findings: &mut Vec<Finding>) {
    let applied = report.context.as_ref().map(|context| &context.narrowing);
    let ignored = |wanted: bool, same: bool| wanted && !same;
    let agent = ignored(
        asked.narrowing.agent_id.is_some(),
        applied.is_some_and(|applied| applied.agent_id == asked.narrowing.agent_id),
    );
    let hour =
        ignored(asked.narrowing.hour.is_some(), applied.is_some_and(|applied| applied.hour == asked.narrowing.hour));
    if agent || hour {
        let what = if agent { "the agent" } else { "the hour" };
        let sentence = format!("This server did not narrow the report to {what}: the figures are those of all calls.");
        findings.push(Finding::warning(FindingCode::FilterIgnored, sentence));
    }
    if report.context.as_ref().and_then(|context| context.time_zone.as_ref()).is_none() {
        let sentence = "This server does not say by which time zone it cuts days and hours: they are its own.";
        findings.push(Finding::note(FindingCode::ZoneUnknown, sentence));
    }
}
