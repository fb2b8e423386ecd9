//! Answers in the documents' shape → figures in the units of the model.

use callscope_core::calls::Outcome;
use callscope_core::period::parse_date;
use callscope_core::usage::{
    AgentStatus, AgentUsage, DayVolume, EscalationReason, HourVolume, Insights, OutcomeCounts, Release, Totals,
    UsageReport, parse,
};
use callscope_core::{ErrorKind, FindingCode};
use serde_json::{Value, json};

use super::usage_inputs::{FULL, FULL_DAYS, OLDER, asked, good, put, read};

const OLDER_DAYS: (&str, &str) = ("2024-05-06", "2024-05-07");

#[track_caller]
fn check(text: &str, days: (&str, &str), codes: &[FindingCode]) -> UsageReport {
    let (report, findings) = parse(text.as_bytes(), &asked(days)).unwrap();
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), codes, "{findings:#?}");
    report
}

fn full() -> UsageReport {
    check(FULL, FULL_DAYS, &[FindingCode::ZoneUnknown])
}

fn older() -> UsageReport {
    use FindingCode::{MissingHours, MissingPart, NoTelemetry, ZoneUnknown};
    check(OLDER, OLDER_DAYS, &[MissingPart, MissingHours, NoTelemetry, ZoneUnknown])
}

fn day(date: &str, calls: u64, resolved: u64) -> DayVolume {
    DayVolume { date: parse_date(date).unwrap(), calls: Some(calls), resolved: Some(resolved) }
}

fn outcomes([resolved, transferred, abandoned, other]: [u64; 4]) -> OutcomeCounts {
    OutcomeCounts {
        resolved: Some(resolved),
        transferred: Some(transferred),
        abandoned: Some(abandoned),
        other: Some(other),
    }
}

#[track_caller]
fn check_busy_hours(report: &UsageReport, busy: &[(u8, u64, f64)]) {
    assert_eq!(report.hours.len(), 24);
    for (hour, volume) in (0..24).zip(&report.hours) {
        let (calls, minutes) = busy.iter().find(|entry| entry.0 == hour).map_or((0, 0.0), |entry| (entry.1, entry.2));
        assert_eq!(*volume, HourVolume { hour, calls: Some(calls), minutes: Some(minutes) });
    }
}

#[test]
fn percents_become_fractions_and_other_units_stay() {
    let expected = Totals {
        calls: Some(200),
        minutes: Some(500.0),
        resolution_rate: Some(0.7),
        average_duration_secs: Some(150.0),
        active_agents: Some(2),
        response_time_ms: Some(640.5),
        positive_sentiment: Some(0.625),
        escalation_rate: Some(0.15),
    };
    assert_eq!(full().totals, expected);
    let expected = Insights {
        uncorrected_calls: Some(0.91),
        cached_token_share: Some(0.485),
        transcript_confidence: Some(0.9325),
        tool_call_success: Some(0.975),
        response_latency_ms: Some(640.5),
        sessions: Some(200),
    };
    assert_eq!(full().insights, expected);
}

#[test]
fn volumes_come_by_day_and_by_hour() {
    let days = [day("2024-05-06", 80, 60), day("2024-05-07", 70, 46), day("2024-05-08", 50, 34)];
    assert_eq!(full().days, days);
    check_busy_hours(&full(), &[(9, 50, 125.0), (10, 60, 150.0), (14, 55, 137.5), (20, 35, 87.5)]);
    assert_eq!(full().outcomes, Some(outcomes([140, 30, 20, 10])));
}

#[test]
fn agents_keep_their_order_and_their_unknowns() {
    let agent =
        |id: &str, name: &str, status, counts: [u64; 4], average_duration_secs, positive_sentiment| AgentUsage {
            id: id.to_owned(),
            name: name.to_owned(),
            status,
            calls: Some(counts.iter().sum()),
            outcomes: outcomes(counts),
            average_duration_secs: Some(average_duration_secs),
            positive_sentiment,
        };
    let expected = [
        agent(
            "0d3a5c1e-7b42-4f0e-9a86-2f1c5b7d9e10",
            "Front desk",
            AgentStatus::Active,
            [90, 12, 10, 8],
            140.0,
            Some(0.6425),
        ),
        agent("6f8e2b94-1c3d-4a57-b0e2-8d7c6a5f4e31", "Billing", AgentStatus::Inactive, [50, 18, 10, 2], 165.0, None),
        agent("b1a7d6c5-9e08-4b3f-8c21-4e5f6a7b8c92", "Night line", AgentStatus::Pending, [0; 4], 0.0, None),
    ];
    assert_eq!(full().agents, expected);
    let shares: Vec<_> = full().agents.iter().map(|agent| agent.share(Outcome::Transferred)).collect();
    assert_eq!(shares, [Some(0.1), Some(0.225), None]);
}

#[test]
fn reasons_have_their_minutes_before_the_hand_over() {
    let reason = |reason: &str, calls, average_secs_before, share| EscalationReason {
        reason: reason.to_owned(),
        calls: Some(calls),
        average_secs_before: Some(average_secs_before),
        share: Some(share),
    };
    let expected = [
        reason("asks for a person", 12, 95.5, 0.4),
        reason("refund above the limit", 9, 180.0, 0.3),
        reason("identity not confirmed", 6, 60.0, 0.2),
    ];
    assert_eq!(full().escalation_reasons, expected);
    let minutes: Vec<_> = full().escalation_reasons.iter().map(EscalationReason::minutes_before).collect();
    assert_eq!(minutes, [Some(19.1), Some(27.0), Some(6.0)]);
}

#[test]
fn the_older_form_is_read_and_what_it_lacks_is_unknown() {
    let report = older();
    let expected = Totals {
        calls: Some(48),
        minutes: Some(100.8),
        resolution_rate: Some(0.75),
        average_duration_secs: Some(126.0),
        active_agents: Some(1),
        response_time_ms: None,
        positive_sentiment: None,
        escalation_rate: None,
    };
    assert_eq!(report.totals, expected);
    assert_eq!(report.insights, Insights::default());
    assert_eq!(report.escalation_reasons, []);
    assert_eq!(report.days, [day("2024-05-06", 28, 22), day("2024-05-07", 20, 14)]);
    check_busy_hours(&report, &[(8, 10, 21.0), (11, 18, 37.8), (15, 14, 29.4), (17, 6, 12.6)]);
    assert_eq!(report.agents.iter().map(|agent| agent.positive_sentiment).collect::<Vec<_>>(), [None]);
}

#[test]
fn what_the_older_form_lacks_is_said() {
    let (_, findings) = parse(OLDER.as_bytes(), &asked(OLDER_DAYS)).unwrap();
    let sentences: Vec<_> = findings.iter().map(|finding| finding.sentence.as_str()).collect();
    assert_eq!(
        sentences,
        [
            "The answer lacks aiInsights, escalationReasons; what they hold is unknown.",
            "hourlyDistribution lists 4 of 24 hours; the others are shown as hours without calls.",
            "No data on response time, sentiment, corrections, cached tokens, transcript confidence, tool calls in \
             this period: unknown, not zero.",
            "This server does not say by which time zone it cuts days and hours: they are its own.",
        ]
    );
    assert_eq!((findings[1].expected, findings[1].found), (Some(24.0), Some(4.0)));
}

#[test]
fn the_envelope_may_be_there_or_not() {
    #[track_caller]
    fn check(bare: &Value, days: (&str, &str)) {
        assert_eq!(read(bare, &asked(days)), read(&json!({ "data": bare }), &asked(days)));
    }
    check(&serde_json::from_str::<Value>(FULL).unwrap()["data"], FULL_DAYS);
    check(&serde_json::from_str(OLDER).unwrap(), OLDER_DAYS);
}

#[test]
fn integers_and_floats_are_one() {
    /// Every number as a float, or every whole one as an integer.
    fn turned(value: &Value, to_float: bool) -> Value {
        match value {
            Value::Number(number) => {
                let number = number.as_f64().unwrap();
                if !to_float && number.fract() == 0.0 { json!(number as i64) } else { json!(number) }
            }
            Value::Array(items) => items.iter().map(|item| turned(item, to_float)).collect(),
            Value::Object(fields) => fields.iter().map(|(key, field)| (key.clone(), turned(field, to_float))).collect(),
            other => other.clone(),
        }
    }
    #[track_caller]
    fn check(text: &str, days: (&str, &str)) {
        let answer: Value = serde_json::from_str(text).unwrap();
        let (floats, integers) = (turned(&answer, true), turned(&answer, false));
        assert!(floats.to_string().contains(".0") && !integers.to_string().contains(".0,"));
        assert_eq!(read(&floats, &asked(days)), read(&integers, &asked(days)));
        assert_eq!(read(&floats, &asked(days)), read(&answer, &asked(days)));
    }
    check(FULL, FULL_DAYS);
    check(OLDER, OLDER_DAYS);
}

#[test]
fn null_is_unknown_and_zero_is_zero() {
    #[track_caller]
    fn check<T: PartialEq + std::fmt::Debug>(pointer: &str, of: fn(&UsageReport) -> Option<T>, zero: T) {
        for (value, expected) in [(Some(json!(null)), None), (None, None), (Some(json!(0)), Some(zero))] {
            let mut answer = good();
            put(&mut answer, pointer, value);
            let (report, _) = read(&answer, &asked(FULL_DAYS));
            assert_eq!(of(&report), expected, "{pointer}");
        }
    }
    check("/data/metrics/totalCalls", |report| report.totals.calls, 0);
    check("/data/metrics/totalMinutes", |report| report.totals.minutes, 0.0);
    check("/data/metrics/resolutionRate", |report| report.totals.resolution_rate, 0.0);
    check("/data/metrics/avgDuration", |report| report.totals.average_duration_secs, 0.0);
    check("/data/metrics/activeAgents", |report| report.totals.active_agents, 0);
    check("/data/metrics/responseTime", |report| report.totals.response_time_ms, 0.0);
    check("/data/metrics/sentimentPercent", |report| report.totals.positive_sentiment, 0.0);
    check("/data/metrics/escalationRate", |report| report.totals.escalation_rate, 0.0);
    check("/data/dailyVolume/1/totalCalls", |report| report.days[1].calls, 0);
    check("/data/dailyVolume/1/resolvedCalls", |report| report.days[1].resolved, 0);
    check("/data/hourlyDistribution/9/calls", |report| report.hours[9].calls, 0);
    check("/data/hourlyDistribution/9/minutes", |report| report.hours[9].minutes, 0.0);
    check("/data/resolutionBreakdown/resolved", |report| report.outcomes?.resolved, 0);
    check("/data/resolutionBreakdown/transferred", |report| report.outcomes?.transferred, 0);
    check("/data/resolutionBreakdown/abandoned", |report| report.outcomes?.abandoned, 0);
    check("/data/resolutionBreakdown/other", |report| report.outcomes?.other, 0);
    check("/data/agentPerformance/0/totalCalls", |report| report.agents[0].calls, 0);
    check("/data/agentPerformance/0/avgDuration", |report| report.agents[0].average_duration_secs, 0.0);
    check("/data/agentPerformance/0/sentimentPercent", |report| report.agents[0].positive_sentiment, 0.0);
    check("/data/aiInsights/intentAccuracy", |report| report.insights.uncorrected_calls, 0.0);
    check("/data/aiInsights/contextRetention", |report| report.insights.cached_token_share, 0.0);
    check("/data/aiInsights/speechRecognition", |report| report.insights.transcript_confidence, 0.0);
    check("/data/aiInsights/entityExtraction", |report| report.insights.tool_call_success, 0.0);
    check("/data/aiInsights/responseLatency", |report| report.insights.response_latency_ms, 0.0);
    check("/data/aiInsights/trainingSessions", |report| report.insights.sessions, 0);
    check("/data/escalationReasons/0/count", |report| report.escalation_reasons[0].calls, 0);
    check("/data/escalationReasons/0/percentOfTotal", |report| report.escalation_reasons[0].share, 0.0);
    check(
        "/data/escalationReasons/0/avgTimeBeforeEscalation",
        |report| report.escalation_reasons[0].average_secs_before,
        0.0,
    );
}

#[test]
fn absent_days_are_zero_but_no_days_are_unknown() {
    #[track_caller]
    fn check(pointer: &str, days: (&str, &str), expected: &[DayVolume]) {
        let mut answer = good();
        if !pointer.is_empty() {
            put(&mut answer, pointer, None);
        }
        assert_eq!(read(&answer, &asked(days)).0.days, expected);
    }
    let [first, second, third] = [day("2024-05-06", 80, 60), day("2024-05-07", 70, 46), day("2024-05-08", 50, 34)];
    check("", ("2024-05-05", "2024-05-08"), &[day("2024-05-05", 0, 0), first, second, third]);
    check("", ("2024-05-07", "2024-05-07"), &[second]);
    check("/data/dailyVolume/1", FULL_DAYS, &[first, day("2024-05-07", 0, 0), third]);
    check("/data/dailyVolume", FULL_DAYS, &[]);
    check("", ("2024-06-01", "2024-06-02"), &[]);
}

#[test]
fn a_date_may_come_as_a_timestamp() {
    let mut answer = good();
    put(&mut answer, "/data/dailyVolume/1/date", Some(json!("2024-05-07T00:00:00.000Z")));
    assert_eq!(read(&answer, &asked(FULL_DAYS)), read(&good(), &asked(FULL_DAYS)));
}

#[test]
fn every_documented_status_is_known() {
    #[track_caller]
    fn check(value: Option<Value>, expected: &AgentStatus, label: &str) {
        let mut answer = good();
        put(&mut answer, "/data/agentPerformance/1/status", value);
        let status = read(&answer, &asked(FULL_DAYS)).0.agents[1].status.clone();
        assert_eq!((status.label(), &status), (label, expected));
    }
    check(Some(json!("active")), &AgentStatus::Active, "active");
    check(Some(json!("inactive")), &AgentStatus::Inactive, "inactive");
    check(Some(json!("cancelled")), &AgentStatus::Cancelled, "cancelled");
    check(Some(json!("pending")), &AgentStatus::Pending, "pending");
    check(Some(json!("deleted")), &AgentStatus::Deleted, "deleted");
    check(Some(json!("Active")), &AgentStatus::Other("Active".to_owned()), "Active");
    check(None, &AgentStatus::Unknown, "unknown");
}

#[test]
fn an_agent_has_its_id_for_a_name_and_its_name_for_an_id() {
    #[track_caller]
    fn check(id: Option<Value>, name: Option<Value>, expected: Option<(&str, &str)>) {
        let mut answer = good();
        put(&mut answer, "/data/agentPerformance/2/agentId", id);
        put(&mut answer, "/data/agentPerformance/2/agentName", name);
        let (report, _) = read(&answer, &asked(FULL_DAYS));
        let agent = report.agents.get(2).map(|agent| (agent.id.as_str(), agent.name.as_str()));
        assert_eq!(agent, expected);
    }
    check(Some(json!("a7")), Some(json!("Night")), Some(("a7", "Night")));
    check(Some(json!("a7")), None, Some(("a7", "a7")));
    check(Some(json!("a7")), Some(json!(" ")), Some(("a7", "a7")));
    check(None, Some(json!("Night")), Some(("Night", "Night")));
    check(None, None, None);
}

#[test]
fn the_server_may_say_how_it_made_the_report() {
    let mut answer = good();
    put(&mut answer, "/callscope/agentId", Some(json!("a7")));
    put(&mut answer, "/callscope/hour", Some(json!(23)));
    let context = read(&answer, &asked(FULL_DAYS)).0.context.unwrap();
    assert_eq!(context.time_zone.as_deref(), Some("Europe/Berlin"));
    assert_eq!(context.calls_through.as_deref(), Some("2024-05-08T18:59:12Z"));
    assert_eq!(context.narrowing.agent_id.as_deref(), Some("a7"));
    assert_eq!(context.narrowing.hour, Some(23));
    let date = parse_date("2024-05-07").unwrap();
    let release = Release { date, agent_name: "Front desk".to_owned(), label: "v8".to_owned() };
    assert_eq!(context.releases, [release]);
    assert_eq!(full().context, None);
}

#[test]
fn what_is_no_answer_is_an_error() {
    #[track_caller]
    fn check(text: &str, kind: ErrorKind, message: &str) {
        let error = parse(text.as_bytes(), &asked(FULL_DAYS)).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, message));
    }
    let half = &FULL[..FULL.len() / 2];
    assert_eq!(parse(half.as_bytes(), &asked(FULL_DAYS)).unwrap_err().kind(), ErrorKind::Syntax);
    check("", ErrorKind::Syntax, "the answer ends too early (line 1, column 0)");
    check("{\"data\": {", ErrorKind::Syntax, "the answer ends too early (line 1, column 10)");
    check("<html>", ErrorKind::Syntax, "the answer is not JSON (line 1, column 1)");
    check("{} {}", ErrorKind::Syntax, "the answer is not JSON (line 1, column 4)");
    check("7", ErrorKind::Shape, "the answer is no usage report");
    check("[{\"metrics\": {\"totalCalls\": 5}}]", ErrorKind::Shape, "the answer is no usage report");
    check("{}", ErrorKind::Shape, "the answer holds none of the parts of a usage report");
    check("{\"message\": \"no\"}", ErrorKind::Shape, "the answer holds none of the parts of a usage report");
    check("{\"data\": {\"id\": 1}}", ErrorKind::Shape, "the answer holds none of the parts of a usage report");
    check("{\"data\": null}", ErrorKind::Shape, "the answer has no 'data'");
    check("{\"data\": [1]}", ErrorKind::Shape, "'data' is a list, not an object");
    check("{\"data\": \"x\"}", ErrorKind::Shape, "'data' is a text, not an object");
}
