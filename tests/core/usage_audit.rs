//! Every kind of finding about a usage report: brought about by a small change to a good answer,
//! and nothing else with it.

use callscope_core::usage::{Asked, Narrowing, UsageReport};
use callscope_core::{Finding, FindingCode, Severity};
use serde_json::{Value, json};

use super::usage_inputs::{FULL_DAYS, asked, good, pointers, put, read};

/// A finding without its sentence, which must be one.
type Expected = (FindingCode, Severity, Option<(f64, f64)>);

fn note(code: FindingCode) -> Expected {
    (code, Severity::Note, None)
}

fn warning(code: FindingCode) -> Expected {
    (code, Severity::Warning, None)
}

fn note_of(code: FindingCode, expected: f64, found: f64) -> Expected {
    (code, Severity::Note, Some((expected, found)))
}

fn warning_of(code: FindingCode, expected: f64, found: f64) -> Expected {
    (code, Severity::Warning, Some((expected, found)))
}

fn in_short(findings: &[Finding]) -> Vec<Expected> {
    let mut all: Vec<_> = findings.iter().map(|f| (f.code, f.severity, f.expected.zip(f.found))).collect();
    all.sort_by_key(|finding| finding.0);
    all
}

#[track_caller]
fn check_asked(asked: &Asked, changes: &[(&str, Option<Value>)], expected: &[Expected]) {
    let mut answer = good();
    for (pointer, value) in changes {
        put(&mut answer, pointer, value.clone());
    }
    let (_, findings) = read(&answer, asked);
    let mut expected = expected.to_vec();
    expected.sort_by_key(|finding| finding.0);
    assert_eq!(in_short(&findings), expected, "{findings:#?}");
    for finding in &findings {
        assert!(finding.sentence.ends_with('.') && !finding.sentence.contains('\n'), "{}", finding.sentence);
    }
}

#[track_caller]
fn check_all(changes: &[(&str, Option<Value>)], expected: &[Expected]) {
    check_asked(&asked(FULL_DAYS), changes, expected);
}

#[track_caller]
fn check(pointer: &str, value: Value, expected: &[Expected]) {
    check_all(&[(pointer, Some(value))], expected);
}

#[track_caller]
fn check_without(pointer: &str, expected: &[Expected]) {
    check_all(&[(pointer, None)], expected);
}

#[test]
fn a_good_answer_has_no_findings() {
    check_all(&[], &[]);
}

#[test]
fn values_that_cannot_be() {
    use FindingCode::{NoTelemetry, NotACount, OutOfBounds, WrongType};
    check("/data/agentPerformance/0/avgDuration", json!("fast"), &[warning(WrongType)]);
    check("/data/metrics/sentimentPercent", json!("62.5"), &[warning(WrongType), note(NoTelemetry)]);
    check_all(
        &[("/data/agentPerformance/2/agentId", None), ("/data/agentPerformance/2/agentName", None)],
        &[warning(WrongType)],
    );
    for count in [json!(-1), json!(1.5), json!(1e300), json!(9_007_199_254_740_992_u64)] {
        check("/data/agentPerformance/0/other", count, &[warning(NotACount)]);
    }
    check("/data/agentPerformance/0/sentimentPercent", json!(100.5), &[warning(OutOfBounds)]);
    check("/data/agentPerformance/0/sentimentPercent", json!(-0.5), &[warning(OutOfBounds)]);
    check("/data/agentPerformance/0/sentimentPercent", json!(100), &[]);
    check("/data/agentPerformance/0/avgDuration", json!(-3), &[warning(OutOfBounds)]);
    check("/data/metrics/responseTime", json!(-1), &[warning(OutOfBounds), note(NoTelemetry)]);
}

#[test]
fn parts_and_fields_that_are_absent_or_unknown() {
    use FindingCode::{MissingPart, NoTelemetry, UnknownFields, UnknownStatus};
    check_without("/data/escalationReasons", &[note(MissingPart)]);
    check_without("/data/agentPerformance", &[note(MissingPart)]);
    check_without("/data/aiInsights", &[note(MissingPart), note(NoTelemetry)]);
    check_without("/data/metrics", &[note(MissingPart)]);
    check("/data/metrics/satisfaction", json!(4.5), &[note(UnknownFields)]);
    check("/requestId", json!("r-1"), &[note(UnknownFields)]);
    check("/data/agentPerformance/1/status", json!("retired"), &[note(UnknownStatus)]);
    for (part, field) in [
        ("metrics", "responseTime"),
        ("metrics", "sentimentPercent"),
        ("aiInsights", "intentAccuracy"),
        ("aiInsights", "contextRetention"),
        ("aiInsights", "speechRecognition"),
        ("aiInsights", "entityExtraction"),
    ] {
        check(&format!("/data/{part}/{field}"), json!(null), &[note(NoTelemetry)]);
    }
}

#[test]
fn telemetry_is_not_missed_where_there_was_no_call() {
    let mut answer = json!({ "callscope": { "timeZone": "UTC" } });
    answer["data"] = json!({
        "metrics": { "totalCalls": 0 }, "dailyVolume": [], "hourlyDistribution": [], "resolutionBreakdown": {},
        "agentPerformance": [], "aiInsights": {}, "escalationReasons": []
    });
    assert_eq!(in_short(&read(&answer, &asked(FULL_DAYS)).1), []);
    answer["data"]["metrics"]["totalCalls"] = json!(1);
    assert!(in_short(&read(&answer, &asked(FULL_DAYS)).1).contains(&note(FindingCode::NoTelemetry)));
}

#[test]
fn days() {
    use FindingCode::{BadDate, DateOutsideRange, DaysSum, MissingDates, RepeatedDate, ResolvedSum};
    let lost = [note(MissingDates), warning_of(DaysSum, 200.0, 150.0), warning_of(ResolvedSum, 140.0, 106.0)];
    check_without("/data/dailyVolume/2", &lost);
    for date in ["2024-02-30", "8 May 2024", "", "2024-5-8"] {
        check("/data/dailyVolume/2/date", json!(date), &[[warning(BadDate)].as_slice(), &lost].concat());
    }
    check_asked(&asked(("2024-05-06", "2024-05-09")), &[], &[note(MissingDates)]);
    let once_more = |date| json!({ "date": date, "totalCalls": 50, "resolvedCalls": 34 });
    check("/data/dailyVolume/-", once_more("2024-05-08"), &[warning(RepeatedDate)]);
    check("/data/dailyVolume/-", once_more("2024-05-09"), &[warning(DateOutsideRange)]);
    check("/data/dailyVolume/-", once_more("2023-05-08"), &[warning(DateOutsideRange)]);
    check("/data/dailyVolume/0/totalCalls", json!(81), &[warning_of(DaysSum, 200.0, 201.0)]);
    check("/data/dailyVolume/0/totalCalls", json!(null), &[]);
    check("/data/dailyVolume/0/resolvedCalls", json!(59), &[warning_of(ResolvedSum, 140.0, 139.0)]);
}

#[test]
fn hours() {
    use FindingCode::{BadHour, HoursSum, MinutesSum, MissingHours};
    let one_less = note_of(MissingHours, 24.0, 23.0);
    check_without("/data/hourlyDistribution/3", &[one_less]);
    for hour in ["02:00", "24:00", "3 am", "03:30", "-3:00", ""] {
        check("/data/hourlyDistribution/3/hour", json!(hour), &[one_less, warning(BadHour)]);
    }
    let lost = [one_less, warning_of(HoursSum, 200.0, 150.0), warning_of(MinutesSum, 500.0, 375.0)];
    check_without("/data/hourlyDistribution/9", &lost);
    check("/data/hourlyDistribution/9/calls", json!(49), &[warning_of(HoursSum, 200.0, 199.0)]);
    check("/data/hourlyDistribution/9/minutes", json!(150), &[warning_of(MinutesSum, 500.0, 525.0)]);
    // Each of 24 hours may be rounded by half a minute.
    check("/data/hourlyDistribution/9/minutes", json!(137), &[]);
    check("/data/hourlyDistribution/9/minutes", json!(112), &[warning_of(MinutesSum, 500.0, 487.0)]);
}

#[test]
fn totals_against_each_other() {
    use FindingCode::{
        MinutesAgainstDuration, OutcomesSum, RateAgainstCounts, ResolvedAboveTotal, ResolvedSum, SessionsAgainstCalls,
    };
    check("/data/resolutionBreakdown/other", json!(11), &[warning_of(OutcomesSum, 200.0, 201.0)]);
    check(
        "/data/resolutionBreakdown/resolved",
        json!(201),
        &[
            warning_of(OutcomesSum, 200.0, 261.0),
            warning_of(ResolvedSum, 201.0, 140.0),
            warning_of(ResolvedAboveTotal, 200.0, 201.0),
            warning_of(RateAgainstCounts, 1.005, 0.7),
        ],
    );
    check("/data/metrics/resolutionRate", json!(71), &[warning_of(RateAgainstCounts, 0.7, 0.71)]);
    check("/data/metrics/escalationRate", json!(14), &[warning_of(RateAgainstCounts, 0.15, 0.14)]);
    // A rate may be rounded to a whole percent, an average to a whole second.
    check("/data/metrics/resolutionRate", json!(70.5), &[]);
    check("/data/metrics/resolutionRate", json!(69.4), &[warning_of(RateAgainstCounts, 0.7, 69.4 / 100.0)]);
    check("/data/metrics/avgDuration", json!(150.5), &[]);
    let minutes = 200.0 * 160.0 / 60.0;
    check("/data/metrics/avgDuration", json!(160), &[warning_of(MinutesAgainstDuration, 500.0, minutes)]);
    check("/data/aiInsights/trainingSessions", json!(199), &[warning_of(SessionsAgainstCalls, 200.0, 199.0)]);
}

#[test]
fn agents() {
    use FindingCode::{ActiveAgents, AgentOutcomes, AgentPercent, AgentsSum, RepeatedAgent};
    check_without("/data/agentPerformance/1", &[note_of(AgentsSum, 200.0, 120.0), warning_of(ActiveAgents, 1.0, 2.0)]);
    check(
        "/data/agentPerformance/-",
        json!({ "agentId": "a7", "totalCalls": 1 }),
        &[warning_of(AgentsSum, 200.0, 201.0), warning_of(ActiveAgents, 3.0, 2.0)],
    );
    check("/data/metrics/activeAgents", json!(3), &[warning_of(ActiveAgents, 2.0, 3.0)]);
    check_all(
        &[
            ("/data/agentPerformance/0/other", Some(json!(9))),
            ("/data/agentPerformance/0/otherPercent", Some(json!(7.5))),
        ],
        &[warning_of(AgentOutcomes, 120.0, 121.0)],
    );
    for (field, counted) in [("resolved", 0.625), ("transferred", 0.225), ("abandoned", 0.125), ("other", 0.025)] {
        check(
            &format!("/data/agentPerformance/1/{field}Percent"),
            json!(50),
            &[warning_of(AgentPercent, counted, 0.5)],
        );
    }
    check("/data/agentPerformance/0/abandonedPercent", json!(8), &[]);
    let mut answer = good();
    put(&mut answer, "/data/agentPerformance/1/otherPercent", Some(json!(50)));
    let (_, findings) = read(&answer, &asked(FULL_DAYS));
    assert!(findings[0].sentence.starts_with("otherPercent of "), "{findings:?}");
    check_all(
        &[("/data/agentPerformance/2/agentId", Some(good()["data"]["agentPerformance"][0]["agentId"].clone()))],
        &[warning(RepeatedAgent)],
    );
}

#[test]
fn response_time_and_reasons() {
    use FindingCode::{ReasonPercent, ReasonsOrder, ReasonsSum, ResponseTimeTwice};
    check("/data/aiInsights/responseLatency", json!(700), &[warning_of(ResponseTimeTwice, 640.5, 700.0)]);
    check("/data/aiInsights/responseLatency", json!(641), &[]);
    let first = |count: u64, percent: f64| {
        [
            ("/data/escalationReasons/0/count", Some(json!(count))),
            ("/data/escalationReasons/0/percentOfTotal", Some(json!(percent))),
        ]
    };
    check_all(&first(9, 30.0), &[]);
    check_all(&first(8, 26.7), &[note(ReasonsOrder)]);
    check_all(&first(15, 50.0), &[]);
    check_all(&first(16, 53.3), &[warning_of(ReasonsSum, 30.0, 31.0)]);
    check_all(&first(12, 41.0), &[warning_of(ReasonPercent, 0.4, 0.41)]);
}

#[test]
fn what_the_server_did_with_the_question() {
    use FindingCode::{FilterIgnored, ZoneUnknown};
    let wanted = |agent_id: Option<&str>, hour| Asked {
        narrowing: Narrowing { agent_id: agent_id.map(str::to_owned), hour },
        ..asked(FULL_DAYS)
    };
    check_without("/callscope/timeZone", &[note(ZoneUnknown)]);
    check_without("/callscope", &[note(ZoneUnknown)]);
    check_asked(&wanted(Some("a7"), None), &[], &[warning(FilterIgnored)]);
    check_asked(&wanted(None, Some(9)), &[], &[warning(FilterIgnored)]);
    check_asked(&wanted(None, Some(9)), &[("/callscope", None)], &[warning(FilterIgnored), note(ZoneUnknown)]);
    let done = [("/callscope/agentId", Some(json!("a7"))), ("/callscope/hour", Some(json!(9)))];
    check_asked(&wanted(Some("a7"), Some(9)), &done, &[]);
    check_asked(&wanted(Some("a8"), Some(9)), &done, &[warning(FilterIgnored)]);
    check_asked(&wanted(Some("a7"), Some(8)), &done, &[warning(FilterIgnored)]);
}

/// The part of a report that a pointer into its answer speaks of is emptied.
fn without_part(mut report: UsageReport, pointer: &str) -> UsageReport {
    match pointer.split('/').nth(if pointer.starts_with("/data/") { 2 } else { 1 }) {
        Some("metrics") => report.totals = UsageReport::default().totals,
        Some("dailyVolume") => report.days.clear(),
        Some("hourlyDistribution") => report.hours.clear(),
        Some("resolutionBreakdown") => report.outcomes = None,
        Some("agentPerformance") => report.agents.clear(),
        Some("aiInsights") => report.insights = UsageReport::default().insights,
        Some("escalationReasons") => report.escalation_reasons.clear(),
        Some("callscope") => report.context = None,
        other => panic!("{other:?}"),
    }
    report
}

/// A value of a wrong type, anywhere, is as good as null: what it would have said is unknown, one
/// warning more says so, and all other parts stay as they were.
#[test]
fn a_wrong_type_anywhere_loses_nothing_else() {
    #[track_caller]
    fn check(good: &Value, pointer: &str, wrong: &Value) {
        let read_with = |value: Value| {
            let mut answer = good.clone();
            put(&mut answer, pointer, Some(value));
            read(&answer, &asked(FULL_DAYS))
        };
        let (report, mut findings) = read_with(wrong.clone());
        let (unknown, mut without) = read_with(Value::Null);
        assert_eq!(report, unknown, "{wrong} at {pointer}");
        // Null in the place of an entry, or of what names one, is warned of as well.
        without.retain(|finding| finding.code != FindingCode::WrongType);
        let warned = findings.extract_if(.., |finding| finding.code == FindingCode::WrongType).count();
        assert_eq!((warned, in_short(&findings)), (1, in_short(&without)), "{wrong} at {pointer}");
        let (before, _) = read(good, &asked(FULL_DAYS));
        assert_eq!(without_part(report, pointer), without_part(before, pointer), "{wrong} at {pointer}");
    }
    let good = good();
    let wrong =
        [json!(true), json!("12"), json!(12), json!([]), json!([1, [2]]), json!({}), json!({ "a": { "b": 1 } })];
    let mut checked = 0;
    for pointer in pointers(&good).iter().filter(|pointer| *pointer != "/data") {
        let right = good.pointer(pointer).unwrap();
        for wrong in &wrong {
            if !right.is_null() && std::mem::discriminant(right) != std::mem::discriminant(wrong) {
                check(&good, pointer, wrong);
                checked += 1;
            }
        }
    }
    assert!(checked > 700, "{checked}");
}
