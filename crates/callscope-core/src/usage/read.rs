//! Bytes → wire → model, collecting findings on the way.

use super::audit;
use super::model::{
    AgentStatus, AgentUsage, DayVolume, EscalationReason, HourVolume, Insights, Narrowing, OutcomeCounts, Release,
    ServerContext, Totals, UsageReport,
};
use super::wire;
use crate::error::{Error, ErrorKind};
use crate::period::{DateRange, days_between, parse_date};
use crate::wire::{Field, List, Reader, shortened};
use crate::{Finding, FindingCode};

/// What was asked of the server, to hold the answer against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The local days.
    pub range: DateRange,
    /// The agent and hour that the report should be narrowed to.
    pub narrowing: Narrowing,
}

/// Reads and checks the answer of `GET /v1/metrics`.
///
/// Absent and wrong parts are left out and said as findings; the rest is kept.
///
/// # Errors
/// Where the bytes are no JSON, end too early, or are not such an answer at all.
pub fn parse(bytes: &[u8], asked: &Asked) -> Result<(UsageReport, Vec<Finding>), Error> {
    parse_tree(serde_json::from_slice(bytes)?, asked)
}

/// The same of an answer that somebody else has read already.
///
/// # Errors
/// Where it is not such an answer at all.
pub fn parse_tree(answer: serde_json::Value, asked: &Asked) -> Result<(UsageReport, Vec<Finding>), Error> {
    let (answer, unknown_fields) = decode(answer)?;
    check(answer, unknown_fields, asked)
}

/// The days that an answer names, from the first to the last; none where it names none.
pub fn named_days(answer: &serde_json::Value) -> Option<DateRange> {
    let days = answer.get("data").unwrap_or(answer).get("dailyVolume")?.as_array()?;
    let dates = days.iter().filter_map(|day| parse_date(day.get("date")?.as_str()?).ok());
    let (first, last) = (dates.clone().min()?, dates.max()?);
    DateRange::new(first, last).ok()
}

/// Checks an answer that did not come over the wire, such as one computed on the page.
///
/// # Errors
/// Where it holds none of the parts of a usage report.
pub fn check_answer(answer: wire::Answer, asked: &Asked) -> Result<(UsageReport, Vec<Finding>), Error> {
    check(answer, 0, asked)
}

fn check(answer: wire::Answer, unknown_fields: usize, asked: &Asked) -> Result<(UsageReport, Vec<Finding>), Error> {
    let mut reader = Reader::default();
    let usage = match answer.data {
        Field::Value(usage) => usage,
        Field::Wrong(what) => return Err(Error::new(ErrorKind::Shape, format!("'data' is {what}, not an object"))),
        _ => return Err(Error::new(ErrorKind::Shape, "the answer has no 'data'")),
    };
    if is_nothing(&usage) {
        return Err(Error::new(ErrorKind::Shape, "the answer holds none of the parts of a usage report"));
    }
    let mut report = reader.usage(usage, asked.range);
    report.context = reader.context(answer.callscope);
    reader.findings.extend(Finding::unknown_fields(unknown_fields));
    let mut findings = reader.findings;
    audit::audit(&report, asked, &mut findings);
    Ok((report, findings))
}

/// Decodes the answer, with its envelope or without, and counts the fields it could not place.
fn decode(value: serde_json::Value) -> Result<(wire::Answer, usize), Error> {
    if !value.is_object() {
        return Err(Error::new(ErrorKind::Shape, "the answer is no usage report"));
    }
    let has_envelope = value.get("data").is_some();
    let mut unknown = 0;
    if has_envelope {
        let answer = Field::<wire::Answer>::take(value, &mut unknown).into_value().unwrap_or_default();
        return Ok((answer, unknown));
    }
    // Some gateways strip the envelope.
    let data = Field::take(value, &mut unknown);
    Ok((wire::Answer { data, callscope: Field::Missing }, unknown))
}

impl Reader {
    fn usage(&mut self, usage: wire::Usage, range: DateRange) -> UsageReport {
        self.say_missing(&usage);
        let metrics = self.take(usage.metrics, "metrics").unwrap_or_default();
        let daily = self.list(usage.daily_volume, "dailyVolume");
        let hourly = self.list(usage.hourly_distribution, "hourlyDistribution");
        let outcomes = self.take(usage.resolution_breakdown, "resolutionBreakdown");
        let agents = self.list(usage.agent_performance, "agentPerformance");
        let insights = self.take(usage.ai_insights, "aiInsights").unwrap_or_default();
        let reasons = self.list(usage.escalation_reasons, "escalationReasons");
        UsageReport {
            totals: self.totals(&metrics),
            days: self.days(daily, range),
            hours: self.hours(hourly),
            outcomes: outcomes.map(|outcomes| self.outcomes(&outcomes)),
            agents: agents.into_iter().filter_map(|agent| self.agent(agent)).collect(),
            insights: self.insights(&insights),
            escalation_reasons: reasons.into_iter().filter_map(|reason| self.reason(reason)).collect(),
            context: None,
        }
    }

    fn say_missing(&mut self, usage: &wire::Usage) {
        let calls = usage.metrics.value().and_then(|metrics| metrics.total_calls.value());
        let has_calls = calls.is_some_and(|calls| *calls > 0.0);
        let parts = [
            ("metrics", usage.metrics.value().is_none()),
            ("dailyVolume", usage.daily_volume.value().is_none() || has_calls && is_empty(&usage.daily_volume)),
            (
                "hourlyDistribution",
                usage.hourly_distribution.value().is_none() || has_calls && is_empty(&usage.hourly_distribution),
            ),
            ("resolutionBreakdown", usage.resolution_breakdown.value().is_none()),
            (
                "agentPerformance",
                usage.agent_performance.value().is_none() || has_calls && is_empty(&usage.agent_performance),
            ),
            ("aiInsights", usage.ai_insights.value().is_none()),
            ("escalationReasons", usage.escalation_reasons.value().is_none()),
        ];
        let missing: Vec<_> = parts.iter().filter(|(_, missing)| *missing).map(|(name, _)| *name).collect();
        if !missing.is_empty() {
            let sentence = format!("The answer lacks {}; what they hold is unknown.", missing.join(", "));
            self.findings.push(Finding::note(FindingCode::MissingPart, sentence));
        }
    }

    fn totals(&mut self, metrics: &wire::Metrics) -> Totals {
        Totals {
            calls: self.count(&metrics.total_calls, "metrics.totalCalls"),
            minutes: self.amount(&metrics.total_minutes, "metrics.totalMinutes"),
            resolution_rate: self.fraction(&metrics.resolution_rate, "metrics.resolutionRate"),
            average_duration_secs: self.amount(&metrics.avg_duration, "metrics.avgDuration"),
            active_agents: self.count(&metrics.active_agents, "metrics.activeAgents"),
            response_time_ms: self.amount(&metrics.response_time, "metrics.responseTime"),
            positive_sentiment: self.fraction(&metrics.sentiment_percent, "metrics.sentimentPercent"),
            escalation_rate: self.fraction(&metrics.escalation_rate, "metrics.escalationRate"),
        }
    }

    /// Every day of the range once, in order. Days that are absent are zero where the list has any
    /// day at all, and unknown where it has none.
    fn days(&mut self, daily: Vec<wire::Day>, range: DateRange) -> Vec<DayVolume> {
        let mut known = vec![None; range.len_days() as usize];
        let mut outside = 0;
        for day in daily {
            let Some(date) = self.date(day.date, "dailyVolume") else { continue };
            let calls = self.count(&day.total_calls, "dailyVolume.totalCalls");
            let resolved = self.count(&day.resolved_calls, "dailyVolume.resolvedCalls");
            let place = usize::try_from(days_between(range.first(), date)).ok().and_then(|at| known.get_mut(at));
            let Some(place) = place else {
                outside += 1;
                continue;
            };
            if place.replace(DayVolume { date, calls, resolved }).is_some() {
                self.warn(
                    FindingCode::RepeatedDate,
                    format!("dailyVolume has {date} twice; the later entry is shown."),
                );
            }
        }
        if outside > 0 {
            let sentence =
                format!("{outside} days of dailyVolume lie outside the range asked for; they were left out.");
            self.warn(FindingCode::DateOutsideRange, sentence);
        }
        let absent = known.iter().filter(|day| day.is_none()).count();
        if absent == known.len() {
            return Vec::new();
        }
        if absent > 0 {
            let sentence =
                format!("dailyVolume lacks {absent} days of the range; they are shown as days without calls.");
            self.findings.push(Finding::note(FindingCode::MissingDates, sentence));
        }
        let empty = |date| DayVolume { date, calls: Some(0), resolved: Some(0) };
        range.days().zip(known).map(|(date, day)| day.unwrap_or_else(|| empty(date))).collect()
    }

    /// The 24 hours in order; absent ones are zero where the list has any hour at all.
    fn hours(&mut self, hourly: Vec<wire::Hour>) -> Vec<HourVolume> {
        let mut known: [Option<HourVolume>; 24] = [None; 24];
        let mut some = false;
        for entry in hourly {
            let Some(text) = self.needed(entry.hour, "hourlyDistribution", "An hour") else { continue };
            let hour = hour_of(&text);
            let calls = self.count(&entry.calls, "hourlyDistribution.calls");
            let minutes = self.amount(&entry.minutes, "hourlyDistribution.minutes");
            let slot = hour.and_then(|hour| Some((hour, known.get_mut(usize::from(hour))?)));
            if let Some((hour, slot)) = slot {
                some = true;
                if slot.replace(HourVolume { hour, calls, minutes }).is_some() {
                    let sentence = format!("hourlyDistribution has {text} twice; the later entry is shown.");
                    self.warn(FindingCode::BadHour, sentence);
                }
            } else {
                let sentence = format!("hourlyDistribution has an hour '{}', which is none.", shortened(&text));
                self.warn(FindingCode::BadHour, sentence);
            }
        }
        if !some {
            return Vec::new();
        }
        let absent = known.iter().filter(|hour| hour.is_none()).count();
        if absent > 0 {
            let sentence = format!(
                "hourlyDistribution lists {} of 24 hours; the others are shown as hours without calls.",
                24 - absent
            );
            self.findings
                .push(Finding::note(FindingCode::MissingHours, sentence).with_numbers(24.0, (24 - absent) as f64));
        }
        let empty = |hour| HourVolume { hour, calls: Some(0), minutes: Some(0.0) };
        (0..24).zip(known).map(|(hour, entry)| entry.unwrap_or_else(|| empty(hour))).collect()
    }

    fn outcomes(&mut self, outcomes: &wire::Outcomes) -> OutcomeCounts {
        OutcomeCounts {
            resolved: self.count(&outcomes.resolved, "resolutionBreakdown.resolved"),
            transferred: self.count(&outcomes.transferred, "resolutionBreakdown.transferred"),
            abandoned: self.count(&outcomes.abandoned, "resolutionBreakdown.abandoned"),
            other: self.count(&outcomes.other, "resolutionBreakdown.other"),
        }
    }

    fn agent(&mut self, agent: wire::Agent) -> Option<AgentUsage> {
        let id = self.text(agent.agent_id, "agentPerformance.agentId");
        let name = self.text(agent.agent_name, "agentPerformance.agentName").filter(|name| !name.trim().is_empty());
        let Some(name) = name.or_else(|| id.clone()) else {
            self.warn(FindingCode::WrongType, "An agent without id and name was left out.".to_owned());
            return None;
        };
        let status = self.text(agent.status, "agentPerformance.status");
        let outcomes = OutcomeCounts {
            resolved: self.count(&agent.resolved, "agentPerformance.resolved"),
            transferred: self.count(&agent.transferred, "agentPerformance.transferred"),
            abandoned: self.count(&agent.abandoned, "agentPerformance.abandoned"),
            other: self.count(&agent.other, "agentPerformance.other"),
        };
        let usage = AgentUsage {
            id: id.unwrap_or_else(|| name.clone()),
            status: status.map_or(AgentStatus::Unknown, |key| AgentStatus::from_key(&key)),
            calls: self.count(&agent.total_calls, "agentPerformance.totalCalls"),
            outcomes,
            average_duration_secs: self.amount(&agent.avg_duration, "agentPerformance.avgDuration"),
            positive_sentiment: self.fraction(&agent.sentiment_percent, "agentPerformance.sentimentPercent"),
            name,
        };
        let printed = [
            ("agentPerformance.resolvedPercent", agent.resolved_percent, usage.outcomes.resolved),
            ("agentPerformance.transferredPercent", agent.transferred_percent, usage.outcomes.transferred),
            ("agentPerformance.abandonedPercent", agent.abandoned_percent, usage.outcomes.abandoned),
            ("agentPerformance.otherPercent", agent.other_percent, usage.outcomes.other),
        ];
        for (field, percent, count) in printed {
            let Some(fraction) = self.fraction(&percent, field) else { continue };
            self.findings.extend(audit::agent_percent(&usage, field, fraction, count));
        }
        Some(usage)
    }

    fn insights(&mut self, insights: &wire::AiInsights) -> Insights {
        Insights {
            uncorrected_calls: self.fraction(&insights.intent_accuracy, "aiInsights.intentAccuracy"),
            cached_token_share: self.fraction(&insights.context_retention, "aiInsights.contextRetention"),
            transcript_confidence: self.fraction(&insights.speech_recognition, "aiInsights.speechRecognition"),
            tool_call_success: self.fraction(&insights.entity_extraction, "aiInsights.entityExtraction"),
            response_latency_ms: self.amount(&insights.response_latency, "aiInsights.responseLatency"),
            sessions: self.count(&insights.training_sessions, "aiInsights.trainingSessions"),
        }
    }

    fn reason(&mut self, reason: wire::Reason) -> Option<EscalationReason> {
        Some(EscalationReason {
            reason: self.needed(reason.reason, "escalationReasons", "A reason")?,
            calls: self.count(&reason.count, "escalationReasons.count"),
            average_secs_before: self
                .amount(&reason.avg_time_before_escalation, "escalationReasons.avgTimeBeforeEscalation"),
            share: self.fraction(&reason.percent_of_total, "escalationReasons.percentOfTotal"),
        })
    }

    fn context(&mut self, context: Field<wire::Context>) -> Option<ServerContext> {
        let context = self.take(context, "callscope")?;
        if let Some(names) = self.text(context.left_out, "callscope.leftOut") {
            let why = "The vendor reports on each organisation alone: choose it to see its figures.";
            let sentence = format!("The calls of {names} are not in these figures. {why}");
            self.findings.push(Finding::warning(FindingCode::OrganisationsLeftOut, sentence));
        }
        let releases = self.list(context.releases, "callscope.releases");
        Some(ServerContext {
            time_zone: self.text(context.time_zone, "callscope.timeZone"),
            calls_through: self.text(context.calls_through, "callscope.callsThrough"),
            narrowing: Narrowing {
                agent_id: self.text(context.agent_id, "callscope.agentId"),
                hour: self.count(&context.hour, "callscope.hour").and_then(|hour| u8::try_from(hour).ok()),
            },
            releases: releases.into_iter().filter_map(|release| self.release(release)).collect(),
        })
    }

    fn release(&mut self, release: wire::ReleaseMark) -> Option<Release> {
        Some(Release {
            date: self.date(release.date, "callscope.releases.date")?,
            agent_name: self.text(release.agent_name, "callscope.releases.agentName").unwrap_or_default(),
            label: self.text(release.label, "callscope.releases.label").unwrap_or_default(),
        })
    }
}

/// Whether there is none of the parts, not even one that is null.
fn is_nothing(usage: &wire::Usage) -> bool {
    usage.metrics.is_missing()
        && usage.daily_volume.is_missing()
        && usage.hourly_distribution.is_missing()
        && usage.resolution_breakdown.is_missing()
        && usage.agent_performance.is_missing()
        && usage.ai_insights.is_missing()
        && usage.escalation_reasons.is_missing()
}

/// Whether a list is there and holds nothing.
fn is_empty<T>(list: &List<T>) -> bool {
    list.value().is_some_and(Vec::is_empty)
}

/// The hour of a text like `09:00`; one digit is read too.
fn hour_of(text: &str) -> Option<u8> {
    let digits = text.strip_suffix(":00")?;
    let well_formed = matches!(digits.len(), 1 | 2) && digits.bytes().all(|b| b.is_ascii_digit());
    if well_formed { digits.parse().ok() } else { None }
}
