//! Reports of calls whose figures can be counted by hand.

use callscope_core::calls::Outcome;
use callscope_core::period::{DateRange, parse_date};
use callscope_core::usage::{Asked, Narrowing, UsageReport};
use callscope_server::db::{CallRow, now_ms};
use callscope_server::http::Config;
use serde_json::{Value, json};

use super::app::{Ask, TestApp, at, call, put_calls};

const ANN: &str = "ann@callscope.example";

/// Calls of the organisation in Berlin around the night in which its clock goes back, each with the
/// hour that the wall showed.
const AUTUMN: [(&str, &str, u8); 8] = [
    ("last moment of the day before", "2026-10-24T23:59:59.999+02:00", 23),
    ("first moment", "2026-10-25T00:00:00+02:00", 0),
    ("half past two, summer time", "2026-10-25T02:30:00+02:00", 2),
    ("last of summer time", "2026-10-25T02:59:59.999+02:00", 2),
    ("first of winter time", "2026-10-25T02:00:00+01:00", 2),
    ("half past two, winter time", "2026-10-25T02:30:00+01:00", 2),
    ("last moment", "2026-10-25T23:59:59.999+01:00", 23),
    ("first moment of the day after", "2026-10-26T00:00:00+01:00", 0),
];

fn rows(calls: &[(&str, &str, u8)]) -> Vec<CallRow> {
    calls.iter().map(|(name, started, _)| call("alpha", "alpha-one", name, started, Outcome::Resolved)).collect()
}

async fn app(calls: &[CallRow]) -> (TestApp, String) {
    let app = TestApp::small_world(Config::default()).await;
    app.sql("DELETE FROM calls").await;
    put_calls(&app.db, calls).await;
    let token = app.sign_in(ANN).await;
    (app, token)
}

fn days(report: &Value) -> Vec<(&str, u64)> {
    let days = report["data"]["dailyVolume"].as_array().unwrap().iter();
    days.map(|day| (day["date"].as_str().unwrap(), day["totalCalls"].as_u64().unwrap())).collect()
}

fn busy_hours(report: &Value) -> Vec<(&str, u64)> {
    let hours = report["data"]["hourlyDistribution"].as_array().unwrap().iter();
    let hours = hours.map(|hour| (hour["hour"].as_str().unwrap(), hour["calls"].as_u64().unwrap()));
    hours.filter(|(_, calls)| *calls > 0).collect()
}

fn total(report: &Value) -> u64 {
    report["data"]["metrics"]["totalCalls"].as_u64().unwrap()
}

#[tokio::test]
async fn a_day_of_25_hours_is_one_day() {
    let (app, token) = app(&rows(&AUTUMN)).await;
    let report = app.report("startDate=2026-10-24&endDate=2026-10-26", &token).await;
    assert_eq!(days(&report), [("2026-10-24", 1), ("2026-10-25", 6), ("2026-10-26", 1)]);
    assert_eq!(busy_hours(&report), [("00:00", 2), ("02:00", 4), ("23:00", 2)]);
    let report = app.report("startDate=2026-10-25&endDate=2026-10-25", &token).await;
    assert_eq!(days(&report), [("2026-10-25", 6)]);
    assert_eq!(report["callscope"]["callsThrough"], "2026-10-25T22:59:59.999Z");
    // The hour that came twice is one hour of the day.
    let report = app.report("startDate=2026-10-25&endDate=2026-10-25&hour=2", &token).await;
    assert_eq!((total(&report), busy_hours(&report)), (4, vec![("02:00", 4)]));
    // The same calls by another clock: no change there, and other days.
    let report = app.report("startDate=2026-10-24&endDate=2026-10-26&timeZone=UTC", &token).await;
    assert_eq!(days(&report), [("2026-10-24", 2), ("2026-10-25", 6), ("2026-10-26", 0)]);
    for (name, started, hour) in AUTUMN {
        let instant = jiff::Timestamp::from_millisecond(at(started)).unwrap();
        let report = app.report(&format!("startDate={instant}&endDate={instant}&hour={hour}"), &token).await;
        assert_eq!(total(&report), 1, "{name}");
    }
}

#[tokio::test]
async fn a_day_of_23_hours_is_one_day() {
    let spring = [
        ("last moment of the day before", "2027-03-27T23:59:59.999+01:00", 23),
        ("first moment", "2027-03-28T00:00:00+01:00", 0),
        ("last of winter time", "2027-03-28T01:59:59.999+01:00", 1),
        ("first of summer time", "2027-03-28T03:00:00+02:00", 3),
        ("last moment", "2027-03-28T23:59:59.999+02:00", 23),
        ("first moment of the day after", "2027-03-29T00:00:00+02:00", 0),
    ];
    let (app, token) = app(&rows(&spring)).await;
    let report = app.report("startDate=2027-03-27&endDate=2027-03-29", &token).await;
    assert_eq!(days(&report), [("2027-03-27", 1), ("2027-03-28", 4), ("2027-03-29", 1)]);
    assert_eq!(busy_hours(&report), [("00:00", 2), ("01:00", 1), ("03:00", 1), ("23:00", 2)]);
    let report = app.report("startDate=2027-03-28&endDate=2027-03-28&hour=2", &token).await;
    assert_eq!((total(&report), days(&report)), (0, vec![("2027-03-28", 0)]));
    // A year that holds both changes is not thrown off by the first.
    let report = app.report("startDate=2026-06-01&endDate=2027-05-31", &token).await;
    assert_eq!((total(&report), days(&report).len()), (6, 365));
    assert!(days(&report).contains(&("2027-03-28", 4)));
}

#[tokio::test]
async fn a_skipped_midnight_loses_no_call() {
    // The clock of Beirut goes forward at midnight: 2026-03-29 begins at 01:00.
    let calls = [("before", "2026-03-28T23:59:59.999+02:00", 23), ("after", "2026-03-29T01:00:00+03:00", 1)];
    let (app, token) = app(&rows(&calls)).await;
    let report = app.report("startDate=2026-03-28&endDate=2026-03-29&timeZone=Asia/Beirut", &token).await;
    assert_eq!(days(&report), [("2026-03-28", 1), ("2026-03-29", 1)]);
    assert_eq!(busy_hours(&report), [("01:00", 1), ("23:00", 1)]);
    let report = app.report("startDate=2026-03-29&endDate=2026-03-29&timeZone=Asia/Beirut", &token).await;
    assert_eq!(total(&report), 1);
}

/// Four calls a quarter of an hour before and after midnight in Berlin, by the bounds asked for.
#[tokio::test]
async fn bounds_are_local_days_or_instants_and_lie_inside() {
    let calls = [
        ("1", "2026-05-05T23:45:00+02:00", 23),
        ("2", "2026-05-06T00:00:00+02:00", 0),
        ("3", "2026-05-06T23:59:59.999+02:00", 23),
        ("4", "2026-05-07T00:00:00+02:00", 0),
    ];
    let (app, token) = app(&rows(&calls)).await;
    for (start, end, expected, listed) in [
        ("2026-05-06", "2026-05-06", 2, &["2026-05-06"][..]),
        ("2026-05-05", "2026-05-07", 4, &["2026-05-05", "2026-05-06", "2026-05-07"]),
        ("2026-05-05T21:45:00Z", "2026-05-05T22:00:00Z", 2, &["2026-05-05", "2026-05-06"]),
        ("2026-05-05T21:45:00.001Z", "2026-05-05T21:59:59.999Z", 0, &["2026-05-05"]),
        ("2026-05-05T22:00:00Z", "2026-05-06T21:59:59.999Z", 2, &["2026-05-06"]),
        ("2026-05-05T22:00:00Z", "2026-05-06T22:00:00Z", 3, &["2026-05-06", "2026-05-07"]),
        ("2026-05-06T00:00:00%2B02:00", "2026-05-06T00:00:00%2B02:00", 1, &["2026-05-06"]),
        // A day and an instant may stand together.
        ("2026-05-06", "2026-05-06T22:00:00Z", 3, &["2026-05-06", "2026-05-07"]),
        ("2026-05-05T22:00:00.001Z", "2026-05-07", 2, &["2026-05-06", "2026-05-07"]),
    ] {
        let report = app.report(&format!("startDate={start}&endDate={end}"), &token).await;
        assert_eq!(total(&report), expected, "{start} to {end}");
        let dates: Vec<&str> = days(&report).into_iter().map(|(date, _)| date).collect();
        assert_eq!(dates, listed, "{start} to {end}");
        let summed: u64 = days(&report).into_iter().map(|(_, calls)| calls).sum();
        assert_eq!(summed, expected, "{start} to {end}");
    }
}

#[tokio::test]
async fn without_bounds_it_is_thirty_days_up_to_today() {
    let (app, token) = app(&[]).await;
    let today = || jiff::Timestamp::from_millisecond(now_ms()).unwrap().to_zoned(jiff::tz::TimeZone::UTC).date();
    let before = today();
    let report = app.report("timeZone=UTC", &token).await;
    let listed = days(&report);
    assert_eq!(listed.len(), 30);
    let last: jiff::civil::Date = listed[29].0.parse().unwrap();
    assert!((before..=today()).contains(&last), "{last}");
    let report = app.report("timeZone=UTC&endDate=2026-05-06", &token).await;
    assert_eq!((days(&report)[0].0, days(&report).len()), ("2026-04-07", 30));
    let report = app.report(&format!("timeZone=UTC&startDate={last}"), &token).await;
    assert!(!days(&report).is_empty());
}

#[tokio::test]
async fn the_zone_is_the_one_asked_for_or_the_organisations_own() {
    let app = TestApp::small_world(Config::default()).await;
    for (who, query, zone) in [
        ("ann", "", "Europe/Berlin"),
        ("ann", "timeZone=Asia/Tokyo", "Asia/Tokyo"),
        ("guy", "", "America/New_York"),
        // Two organisations with different clocks share none.
        ("eve", "", "UTC"),
        ("eve", "organizationId=gamma", "America/New_York"),
        ("rex", "resellerId=red&organizationId=beta", "Europe/Paris"),
        ("nil", "", "UTC"),
    ] {
        let token = app.sign_in(&format!("{who}@callscope.example")).await;
        let report = app.report(query, &token).await;
        assert_eq!(report["callscope"]["timeZone"], zone, "{who} {query}");
    }
    app.sql("UPDATE organisations SET time_zone = 'Europe/Berlin' WHERE id = 'beta'").await;
    let token = app.sign_in("rex@callscope.example").await;
    assert_eq!(app.report("", &token).await["callscope"]["timeZone"], "Europe/Berlin");
}

#[tokio::test]
async fn a_report_says_to_what_it_was_narrowed() {
    let hours = [("a", "alpha-one", "09:10"), ("b", "alpha-one", "10:00"), ("c", "alpha-two", "09:59")];
    let calls: Vec<CallRow> = hours
        .iter()
        .map(|(id, agent, time)| call("alpha", agent, id, &format!("2026-05-06T{time}:00+02:00"), Outcome::Transferred))
        .collect();
    let (app, token) = app(&calls).await;
    for (query, expected, agents, agent_id, hour) in [
        ("", 3, vec!["alpha-one", "alpha-two"], json!(null), json!(null)),
        ("agentId=alpha-one", 2, vec!["alpha-one"], json!("alpha-one"), json!(null)),
        ("hour=9", 2, vec!["alpha-one", "alpha-two"], json!(null), json!(9)),
        ("agentId=alpha-one&hour=09", 1, vec!["alpha-one"], json!("alpha-one"), json!(9)),
        ("hour=0", 0, vec!["alpha-one", "alpha-two"], json!(null), json!(0)),
        ("agentId=alpha-two&hour=10", 0, vec!["alpha-two"], json!("alpha-two"), json!(10)),
    ] {
        let report = app.report(&format!("startDate=2026-05-06&endDate=2026-05-06&{query}"), &token).await;
        assert_eq!(total(&report), expected, "{query}");
        assert_eq!(report["callscope"]["agentId"], agent_id, "{query}");
        assert_eq!(report["callscope"]["hour"], hour, "{query}");
        let listed = report["data"]["agentPerformance"].as_array().unwrap().iter();
        let listed: Vec<&str> = listed.map(|agent| agent["agentId"].as_str().unwrap()).collect();
        assert_eq!(listed, agents, "{query}");
        let released = report["callscope"]["releases"].as_array().unwrap().len();
        assert_eq!(released, agents.len(), "{query}");
    }
}

#[tokio::test]
async fn releases_are_those_of_the_period_by_the_local_day() {
    let (app, token) = app(&[]).await;
    let set = |agent: &str, instant: &str| {
        format!("UPDATE versions SET activated_ms = {} WHERE agent_id = '{agent}'", at(instant))
    };
    app.sql(&set("alpha-one", "2026-05-06T22:30:00Z")).await;
    app.sql(&set("alpha-two", "2026-05-06T21:59:59.999Z")).await;
    let release =
        |date: &str, agent: &str| json!({ "date": date, "agentName": format!("Agent {agent}"), "label": "v1" });
    for (start, end, expected) in [
        ("2026-05-06", "2026-05-07", json!([release("2026-05-06", "alpha-two"), release("2026-05-07", "alpha-one")])),
        ("2026-05-06", "2026-05-06", json!([release("2026-05-06", "alpha-two")])),
        ("2026-05-07", "2026-05-07", json!([release("2026-05-07", "alpha-one")])),
        ("2026-05-08", "2026-05-08", json!([])),
    ] {
        let report = app.report(&format!("startDate={start}&endDate={end}"), &token).await;
        assert_eq!(report["callscope"]["releases"], expected, "{start} to {end}");
    }
}

/// What a call may tell, and every figure that comes of it.
#[tokio::test]
async fn figures_are_those_of_the_calls() {
    let day = "2026-05-06T10:00:00Z";
    let told = CallRow {
        duration_ms: 90_000,
        response_ms: Some(400.0),
        positive_sentiment: Some(true),
        corrections: Some(0),
        tokens: Some((30, 40)),
        transcript_confidence: Some(0.9),
        tool_calls: Some((4, 1)),
        escalation_reason: Some("wants a person".to_owned()),
        ..call("alpha", "alpha-one", "a", day, Outcome::Transferred)
    };
    let other = CallRow {
        duration_ms: 30_000,
        response_ms: Some(600.0),
        positive_sentiment: Some(false),
        corrections: Some(2),
        tokens: Some((0, 0)),
        transcript_confidence: None,
        tool_calls: Some((0, 0)),
        agent_id: None,
        ..call("alpha", "", "b", day, Outcome::Resolved)
    };
    let silent = CallRow { duration_ms: 0, ..call("alpha", "alpha-two", "c", day, Outcome::Abandoned) };
    let misplaced = CallRow {
        duration_ms: 60_000,
        escalation_reason: Some("not transferred".to_owned()),
        ..call("alpha", "alpha-two", "d", day, Outcome::Other)
    };
    let (app, token) = app(&[told, other, silent, misplaced]).await;
    let report = app.report("startDate=2026-05-06&endDate=2026-05-06", &token).await;
    let metrics = json!({
        "totalCalls": 4, "totalMinutes": 3, "resolutionRate": 25, "avgDuration": 45, "activeAgents": 2,
        "responseTime": 500, "sentimentPercent": 50, "escalationRate": 25,
    });
    assert_eq!(report["data"]["metrics"], metrics);
    let insights = json!({
        "intentAccuracy": 50, "contextRetention": 75, "speechRecognition": 90, "entityExtraction": 75,
        "responseLatency": 500, "trainingSessions": 4,
    });
    assert_eq!(report["data"]["aiInsights"], insights);
    let outcomes = json!({ "resolved": 1, "transferred": 1, "abandoned": 1, "other": 1 });
    assert_eq!(report["data"]["resolutionBreakdown"], outcomes);
    let reasons =
        json!([{ "reason": "wants a person", "count": 1, "percentOfTotal": 100, "avgTimeBeforeEscalation": 90 }]);
    assert_eq!(report["data"]["escalationReasons"], reasons);
    let two = &report["data"]["agentPerformance"][0];
    assert_eq!(
        (&two["agentId"], &two["totalCalls"], &two["sentimentPercent"]),
        (&json!("alpha-two"), &json!(2), &json!(null))
    );
    assert_eq!(report["data"]["dailyVolume"], json!([{ "date": "2026-05-06", "totalCalls": 4, "resolvedCalls": 1 }]));
}

#[tokio::test]
async fn without_a_call_what_needs_one_is_unknown_and_not_zero() {
    let (app, token) = app(&[]).await;
    let report = app.report("startDate=2026-05-06&endDate=2026-05-06", &token).await;
    let metrics = json!({
        "totalCalls": 0, "totalMinutes": 0, "resolutionRate": null, "avgDuration": null, "activeAgents": 0,
        "responseTime": null, "sentimentPercent": null, "escalationRate": null,
    });
    assert_eq!(report["data"]["metrics"], metrics);
    assert_eq!(report["callscope"]["callsThrough"], json!(null));
    assert_eq!(days(&report), [("2026-05-06", 0)]);
}

/// The server's own answers, held against what the browser checks.
#[tokio::test]
async fn the_browser_finds_nothing_to_object_to() {
    let app = TestApp::small_world(Config::default()).await;
    let token = app.sign_in("eve@callscope.example").await;
    let day = parse_date("2026-05-06").unwrap();
    for (query, hour) in [("", None), ("&hour=15", Some(15))] {
        let path = format!("/v1/metrics?startDate={day}&endDate={day}&timeZone=UTC{query}");
        let answer = app.send(Ask::get(&path).token(&token)).await;
        let asked = Asked { range: DateRange::day(day), narrowing: Narrowing { agent_id: None, hour } };
        let (report, findings): (UsageReport, _) = callscope_core::usage::parse(&answer.body, &asked).unwrap();
        assert_eq!(report.totals.calls, Some(5));
        let codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [callscope_core::FindingCode::NoTelemetry], "{findings:#?}");
    }
}
