//! The calls themselves: lists, one with everything, some by their ids, recordings.

use std::collections::BTreeSet;

use callscope_core::calls::{Outcome, UsageSummary, scan};
use callscope_core::compare::hangup_source;
use callscope_core::period::DateRange;
use callscope_core::session::Role;
use callscope_core::usage;
use callscope_server::db::{CallDetails, CallRow, now_ms, put_details};
use callscope_server::demo;
use callscope_server::http::Config;
use serde_json::{Value, json};

use super::app::{Answer, Ask, TestApp, at, call, put_calls};

const LIST: &str = "/atoms/v1/conversation";
/// Said of a call that is not there and of one that somebody else has.
const NO_CALL: &str = "There is no such call among those that you may see.";

/// The small world and seven more calls of alpha, each different in every way that is asked for.
async fn app() -> TestApp {
    let app = TestApp::small_world(Config::default()).await;
    put_calls(&app.db, &calls()).await;
    app
}

fn calls() -> Vec<CallRow> {
    let text = |text: &str| Some(text.to_owned());
    let of = |id: &str, started: &str, outcome| call("alpha", "alpha-two", id, started, outcome);
    vec![
        CallRow {
            duration_ms: 29_999,
            disconnection_reason: text("user_hangup"),
            from_number: text("+12025550142"),
            latency_ms: Some(900.0),
            ..of("A-1", "2026-05-07T08:00:00Z", Outcome::Resolved)
        },
        CallRow {
            duration_ms: 30_000,
            disconnection_reason: text("agent_hangup"),
            to_number: text("+12025550142"),
            version_id: text("alpha-two-v1"),
            latency_ms: Some(700.0),
            ..of("A-2", "2026-05-07T09:00:00Z", Outcome::Resolved)
        },
        CallRow {
            duration_ms: 299_999,
            disconnection_reason: text("transfer_complete"),
            escalation_reason: text("wants a person, now"),
            ..of("A-3", "2026-05-07T10:00:00Z", Outcome::Transferred)
        },
        CallRow {
            duration_ms: 300_000,
            disconnection_reason: text("dial_no_answer"),
            status: "no_answer".to_owned(),
            campaign_id: text("spring"),
            ..of("A-4", "2026-05-07T11:00:00Z", Outcome::Abandoned)
        },
        CallRow { call_type: text("webcall"), is_test: true, ..of("A-5", "2026-05-07T21:59:59.999Z", Outcome::Other) },
        // Midnight in Berlin.
        CallRow { disconnection_reason: text(""), ..of("A-6", "2026-05-07T22:00:00Z", Outcome::Other) },
        CallRow { disconnection_reason: text("unknown"), ..of("A-7", "2026-05-08T12:00:00Z", Outcome::Other) },
    ]
}

async fn get(app: &TestApp, query: &str) -> Answer {
    let token = app.sign_in("ann@callscope.example").await;
    app.send(Ask::get(&format!("{LIST}{query}")).token(&token)).await
}

/// The ids of a list, in its order.
async fn ids(app: &TestApp, query: &str) -> Vec<String> {
    let answer = get(app, &format!("?limit=500&{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.brief());
    let logs = answer.json()["data"]["logs"].as_array().unwrap().clone();
    logs.iter().map(|log| log["callId"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_page_has_the_documented_size_and_more_than_500_are_500() {
    let app = app().await;
    let first = get(&app, "").await.json();
    assert_eq!(first["data"]["logs"].as_array().unwrap().len(), 5);
    let expected = json!({"total": 11, "page": 1, "limit": 5, "hasMore": true, "totalPages": 3});
    assert_eq!(first["data"]["pagination"], expected);
    let all = get(&app, "?limit=100000").await.json();
    assert_eq!(
        (&all["data"]["pagination"]["limit"], &all["data"]["pagination"]["hasMore"]),
        (&json!(500), &json!(false))
    );
    let beyond = get(&app, "?page=9").await.json();
    assert_eq!((&beyond["data"]["logs"], &beyond["data"]["pagination"]["total"]), (&json!([]), &json!(11)));
    // Pages of one: every call once, also those that started and ended at the same instant.
    let mut seen = BTreeSet::new();
    for page in 1..=11 {
        let answer = get(&app, &format!("?limit=1&page={page}")).await.json();
        seen.insert(answer["data"]["logs"][0]["callId"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen.len(), 11);
}

#[tokio::test]
async fn a_list_is_sorted_as_asked() {
    let app = app().await;
    let of_two = |order: &str| format!("agentIds=alpha-two&{order}");
    let started = ["A-1", "A-2", "A-3", "A-4", "A-5", "A-6", "A-7"];
    assert_eq!(ids(&app, &of_two("sortBy=createdAt&sortOrder=asc")).await, started);
    let mut newest_first = started;
    newest_first.reverse();
    assert_eq!(ids(&app, &of_two("")).await, newest_first);
    assert_eq!(ids(&app, &of_two("sortBy=callDuration")).await[..2], ["A-4", "A-3"]);
    // Those without a figure come last either way.
    assert_eq!(ids(&app, &of_two("sortBy=avgLatency")).await[..2], ["A-1", "A-2"]);
    assert_eq!(ids(&app, &of_two("sortBy=avgLatency&sortOrder=asc")).await[..2], ["A-2", "A-1"]);
}

/// A filter, and the calls of `alpha-two` that it leaves, by their numbers.
const FILTERS: &[(&str, &[u8])] = &[
    ("agentIds=alpha-two", &[1, 2, 3, 4, 5, 6, 7]),
    ("agentIds=alpha-two,nobody", &[1, 2, 3, 4, 5, 6, 7]),
    ("agentIds=nobody", &[]),
    ("campaignIds=spring", &[4]),
    ("versionFilter=alpha-two-v1", &[2]),
    ("callTypes=webcall", &[5]),
    ("statusFilter=no_answer", &[4]),
    ("statusFilter=no_answer,completed&agentIds=alpha-two", &[1, 2, 3, 4, 5, 6, 7]),
    ("disconnectReasonFilter=user_hangup,agent_hangup", &[1, 2]),
    ("durationFilter=0-30", &[1]),
    ("durationFilter=30-60", &[2]),
    ("durationFilter=0-30,30-60", &[1, 2]),
    ("durationFilter=1-5&agentIds=alpha-two", &[3, 5, 6, 7]),
    ("durationFilter=5%2B", &[4]),
    ("outcomeFilter=transferred&agentIds=alpha-two", &[3]),
    ("escalationReasonFilter=wants%20a%20person,%20now", &[3]),
    ("hangupSourceFilter=user", &[1]),
    ("hangupSourceFilter=system", &[3, 4]),
    ("hangupSourceFilter=unknown&agentIds=alpha-two", &[5, 6, 7]),
    ("hangupSourceFilter=nobody", &[]),
    ("search=a-7", &[7]),
    ("search=%2B12025550142", &[1, 2]),
    ("search=5550142", &[1, 2]),
    ("search=%25", &[]),
    ("search=%20%20&agentIds=alpha-two", &[1, 2, 3, 4, 5, 6, 7]),
    ("dateFrom=2026-05-07T10:00:00Z&dateTo=2026-05-07T11:00:00Z", &[3, 4]),
    ("dateFrom=2026-05-07&dateTo=2026-05-07", &[1, 2, 3, 4, 5]),
    ("dateFrom=2026-05-08", &[6, 7]),
    ("dateFrom=2026-05-07&dateTo=2026-05-07&timeZone=UTC", &[1, 2, 3, 4, 5, 6]),
    ("hour=0", &[6]),
    ("hour=14&agentIds=alpha-two", &[7]),
    ("hour=12&timeZone=UTC", &[7]),
    ("hour=10&statusFilter=completed&durationFilter=0-30", &[1]),
    ("organizationId=alpha&agentIds=alpha-two&durationFilter=0-30", &[1]),
];

#[tokio::test]
async fn every_filter_leaves_what_it_means() {
    let app = app().await;
    for (query, expected) in FILTERS {
        let found = ids(&app, &format!("{query}&sortBy=createdAt&sortOrder=asc")).await;
        let expected: Vec<String> = expected.iter().map(|number| format!("A-{number}")).collect();
        assert_eq!(found, expected, "{query}");
    }
}

/// In the night of 2026-10-25 Berlin has the hour from two to three twice.
#[tokio::test]
async fn hours_are_those_of_the_clock_on_both_sides_of_a_change() {
    let app = TestApp::small_world(Config::default()).await;
    let of = |id: &str, started: &str| call("alpha", "alpha-two", id, started, Outcome::Resolved);
    let around = [
        of("before", "2026-10-24T23:59:00Z"),
        of("first", "2026-10-25T00:30:00Z"),
        of("second", "2026-10-25T01:30:00Z"),
        of("after", "2026-10-25T02:30:00Z"),
    ];
    put_calls(&app.db, &around).await;
    let of_hour = |hour: u8| format!("agentIds=alpha-two&hour={hour}&sortBy=createdAt&sortOrder=asc");
    assert_eq!(ids(&app, &of_hour(1)).await, ["before"]);
    assert_eq!(ids(&app, &of_hour(2)).await, ["first", "second"]);
    assert_eq!(ids(&app, &of_hour(3)).await, ["after"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_named() {
    let app = app().await;
    for (query, sentence) in [
        ("page=0", "page: must be"),
        ("limit=0", "limit: must be"),
        ("limit=x", "limit: must be"),
        ("sortBy=name", "sortBy: must be"),
        ("sortOrder=up", "sortOrder: must be"),
        ("durationFilter=2-3", "durationFilter: '2-3' is none of 0-30, 30-60, 1-5, 5+"),
        ("outcomeFilter=fine", "outcomeFilter: 'fine' is none of"),
        ("dateFrom=yesterday", "dateFrom: 'yesterday' is neither"),
        ("dateTo=2026-02-30", "dateTo: '2026-02-30' is neither"),
        ("dateFrom=2026-05-08&dateTo=2026-05-07", "dateFrom: lies after dateTo"),
        ("hour=24", "hour: must be"),
        ("timeZone=Mars", "timeZone:"),
        ("agentIds=a&agentIds=b", "agentIds: is given twice"),
    ] {
        let answer = get(&app, &format!("?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.error().starts_with(sentence), "{query}: {}", answer.error());
    }
}

/// What SQL calls the source of a hangup is what the comparison calls it.
#[tokio::test]
async fn sources_of_hangups_are_those_of_the_comparison() {
    let app = app().await;
    let rows = calls();
    for source in ["user", "agent", "system", "unknown"] {
        let found = ids(&app, &format!("agentIds=alpha-two&hangupSourceFilter={source}")).await;
        let found: BTreeSet<String> = found.into_iter().collect();
        let is_of = |call: &&CallRow| hangup_source(call.disconnection_reason.as_deref()) == source;
        assert_eq!(found, rows.iter().filter(is_of).map(|call| call.id.clone()).collect(), "{source}");
    }
}

#[tokio::test]
async fn nobody_sees_the_calls_of_others() {
    let app = app().await;
    let token = app.sign_in("ann@callscope.example").await;
    assert!(ids(&app, "").await.iter().all(|id| id.contains("alpha") || id.starts_with("A-")));
    assert_eq!(ids(&app, "agentIds=gamma-one").await.len(), 0);
    assert_eq!(ids(&app, "search=CALL-gamma-0").await.len(), 0);
    let foreign = get(&app, "?organizationId=gamma").await;
    foreign.check_error(403, "organizationId: you may not see this organisation");
    for path in ["/CALL-gamma-0", "/CALL-gamma-0/recording"] {
        get(&app, path).await.check_error(404, NO_CALL);
    }
    get(&app, "/nobody").await.check_error(404, NO_CALL);
    let search = json!({"callIds": ["CALL-gamma-0", "A-2", "A-1", "A-1", "nobody"]});
    let ask = Ask::new("POST", "/atoms/v1/conversation/search").token(&token).json(&search);
    let found = app.send(ask.header("origin", "http://callscope.test:8787")).await.json();
    let found: Vec<&str> =
        found["data"]["logs"].as_array().unwrap().iter().map(|log| log["callId"].as_str().unwrap()).collect();
    assert_eq!(found, ["A-1", "A-2"]);
    assert_eq!(app.send(Ask::get(LIST)).await.status, 401);
}

#[tokio::test]
async fn a_search_takes_a_hundred_ids_and_no_more() {
    let app = app().await;
    let token = app.sign_in("ann@callscope.example").await;
    let search = |body: Value| {
        let ask = Ask::new("POST", "/atoms/v1/conversation/search").token(&token).json(&body);
        app.send(ask.header("origin", "http://callscope.test:8787"))
    };
    let of = |count: usize| json!({"callIds": (0..count).map(|number| format!("A-{number}")).collect::<Vec<_>>()});
    let hundred = search(of(100)).await;
    assert_eq!((hundred.status, &hundred.json()["data"]["requestedCount"]), (200, &json!(100)));
    assert_eq!(hundred.json()["data"]["total"], 7);
    search(of(101)).await.check_error(400, "callIds: at most 100 ids at once, not 101");
    for body in [json!({}), json!({"callIds": "A-1"}), json!({"callIds": [1]}), json!([])] {
        let answer = search(body).await;
        answer.check_error(400, "The body must be JSON with a list of texts named callIds.");
    }
}

/// A call's recordings in a folder: there already, or a minute from now.
async fn with_recording(ready_ms: i64, name: &str) -> (TestApp, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    demo::write_recordings(folder.path()).unwrap();
    std::fs::write(folder.path().join("..").join("secret.wav"), "secret").ok();
    let config = Config { recordings: Some(folder.path().to_owned()), ..Config::default() };
    let app = TestApp::small_world(config).await;
    put_calls(&app.db, &calls()).await;
    let details =
        CallDetails { recording: Some(name.to_owned()), recording_ready_ms: ready_ms, ..CallDetails::default() };
    let mut transaction = app.db.begin().await.unwrap();
    put_details(&mut transaction, ("alpha", "A-1"), &details).await.unwrap();
    transaction.commit().await.unwrap();
    (app, folder)
}

#[tokio::test]
async fn a_recording_is_heard_whole_or_in_part_by_who_may() {
    let (app, _folder) = with_recording(0, "demo-1.wav").await;
    let log = get(&app, "/A-1").await.json()["data"].clone();
    assert_eq!(
        (&log["recordingUrl"], &log["recordingDualUrl"]),
        (&json!("/atoms/v1/conversation/A-1/recording"), &json!(""))
    );
    let whole = get(&app, "/A-1/recording").await;
    assert_eq!((whole.status, whole.header("content-type")), (200, Some("audio/wav")));
    assert_eq!(whole.header("cache-control"), Some("no-store"));
    let token = app.sign_in("ann@callscope.example").await;
    let part = Ask::get("/atoms/v1/conversation/A-1/recording").token(&token).header("range", "bytes=8-11");
    let part = app.send(part).await;
    assert_eq!((part.status, part.body.as_slice()), (206, b"WAVE".as_slice()));
    let beyond = Ask::get("/atoms/v1/conversation/A-1/recording").token(&token).header("range", "bytes=99999999-");
    assert_eq!(app.send(beyond).await.status, 416);
    get(&app, "/A-1/recording?channels=dual").await.check_error(404, "This call has no recording.");
    get(&app, "/A-1/recording?channels=5.1").await.check_error(400, "channels: must be mono or dual");
    get(&app, "/A-2/recording").await.check_error(404, "This call has no recording.");
}

#[tokio::test]
async fn a_recording_that_is_not_there_yet_has_no_address() {
    let (app, _folder) = with_recording(now_ms() + 60_000, "demo-1.wav").await;
    assert_eq!(get(&app, "/A-1").await.json()["data"]["recordingUrl"], "");
    get(&app, "/A-1/recording").await.check_error(404, "The recording of this call is not there yet.");
}

#[tokio::test]
async fn a_name_leads_to_a_file_of_the_folder_alone() {
    for name in ["../secret.wav", "/etc/passwd", "..", "", "a/b.wav", ".hidden", "gone.wav", "demo-1.wav\0"] {
        let (app, _folder) = with_recording(0, name).await;
        get(&app, "/A-1/recording").await.check_error(404, "This call has no recording.");
    }
}

/// What the page computes from the calls is what the server answers, figure by figure.
#[tokio::test]
async fn usage_from_all_calls_is_the_servers_own() {
    let app = TestApp::empty(Config::default()).await;
    demo::fill(&app.db, demo::SEED, at("2026-05-20T12:00:00Z")).await.unwrap();
    let key = app.db.create_key("all", None, Role::Editor).await.unwrap().expose().to_owned();
    let (zone_name, first, last) = ("Europe/Berlin", "2026-05-04", "2026-05-17");
    let day = |text| callscope_core::period::parse_date(text).unwrap();
    let range = DateRange::new(day(first), day(last)).unwrap();
    let zone = callscope_server::zone(zone_name, at("2026-01-01T00:00:00Z"), at("2026-06-01T00:00:00Z")).unwrap();
    let mut summary = UsageSummary::default();
    let mut read = 0;
    for page in 1.. {
        let query =
            format!("?limit=500&page={page}&dateFrom={first}&dateTo={last}&timeZone={zone_name}&sortBy=createdAt");
        let answer = app.send(Ask::get(&format!("{LIST}{query}")).key(&key)).await;
        let info = scan(&answer.body, &mut |call| summary.add(&call.usage_facts(), &zone)).unwrap();
        assert_eq!(info.refused, 0);
        read += info.read;
        if info.has_more != Some(true) {
            assert_eq!(info.total, Some(read as u64));
            break;
        }
    }
    assert!(read > 5_000, "{read}");
    let query = format!("startDate={first}&endDate={last}&timeZone={zone_name}");
    let answer = app.send(Ask::get(&format!("/v1/metrics?{query}")).key(&key)).await.json();
    let organisations: Vec<String> = app.db.organisations().await.unwrap().into_iter().map(|of| of.id).collect();
    let computed = usage::answer(&summary, range, &app.db.agents(&organisations).await.unwrap());
    // Written and read as the answer was.
    let computed: Value = serde_json::from_str(&serde_json::to_string(&computed).unwrap()).unwrap();
    for (part, figures) in answer["data"].as_object().unwrap() {
        assert_eq!(computed[part], *figures, "{part}");
    }
    assert_eq!(computed, answer["data"]);
}
