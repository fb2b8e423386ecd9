//! Agents, versions, their diff, and the comparison of two of them.

use callscope_core::calls::Outcome;
use callscope_core::compare::{Asked, Basis, Claim, FigureKind, figures, parse};
use callscope_core::session::Role;
use callscope_server::db::{CallRow, Version, insert_version};
use callscope_server::http::Config;
use serde_json::{Value, json};

use super::app::{Answer, Ask, TestApp, at, call, put_calls};

const AGENT: &str = "/atoms/v1/agent/alpha-one";

/// The small world, with two versions of `alpha-one` that have a configuration and calls.
async fn app() -> TestApp {
    let app = TestApp::small_world(Config::default()).await;
    let mut transaction = app.db.begin().await.unwrap();
    for (id, label, live, config) in [
        ("one", "first", "2026-05-01T08:00:00Z", json!({"llm": {"heat": 1}, "voice": {"id": "x"}})),
        ("two", "second", "2026-05-03T08:00:00Z", json!({"llm": {"heat": 2}, "voice": {"id": "x"}})),
    ] {
        let bare = Version::bare(id.to_owned(), "alpha-one".to_owned(), label.to_owned(), Some(at(live)));
        let version = Version { config: config.to_string(), is_pinned: id == "two", ..bare };
        insert_version(&mut transaction, &version).await.unwrap();
    }
    transaction.commit().await.unwrap();
    put_calls(&app.db, &calls()).await;
    app
}

/// Version one: 3 calls on two local days, 2 answered. Version two: 2 calls, both answered.
fn calls() -> Vec<CallRow> {
    let of = |id: &str, version: &str, started: &str, status: &str, reason: Option<&str>, cost: Option<f64>| CallRow {
        version_id: Some(version.to_owned()),
        status: status.to_owned(),
        disconnection_reason: reason.map(str::to_owned),
        cost,
        call_type: Some("webcall".to_owned()),
        is_test: id == "c3",
        ..call("alpha", "alpha-one", id, started, Outcome::Resolved)
    };
    vec![
        of("c1", "one", "2026-05-01T10:00:00Z", "completed", Some("user_hangup"), Some(0.5)),
        // 00:30 of 3 May in Berlin.
        of("c2", "one", "2026-05-02T22:30:00Z", "completed", Some("agent_hangup"), Some(0.25)),
        of("c3", "one", "2026-05-02T21:30:00Z", "no_answer", Some("dial_no_answer"), Some(0.25)),
        of("c4", "two", "2026-05-03T10:00:00Z", "completed", None, Some(1.0)),
        of("c5", "two", "2026-05-04T10:00:00Z", "completed", Some("user_hangup"), None),
    ]
}

async fn get(app: &TestApp, path: &str) -> Answer {
    let token = app.sign_in("ann@callscope.example").await;
    app.send(Ask::get(path).token(&token)).await
}

/// Refused with a sentence that begins so.
#[track_caller]
fn refused(answer: &Answer, status: u16, sentence: &str) {
    assert_eq!(answer.status, status, "{}", answer.brief());
    assert!(answer.error().starts_with(sentence), "{} is not {sentence}", answer.error());
}

#[tokio::test]
async fn the_list_of_agents_is_the_callers_own() {
    let app = app().await;
    let answer = get(&app, "/atoms/v1/agent?offset=1&page=2").await.json();
    assert_eq!(answer["data"]["total"], 2);
    assert_eq!(answer["data"]["agents"][0]["_id"], "alpha-two");
    let found = get(&app, "/atoms/v1/agent?search=ALPHA-ONE").await.json();
    assert_eq!(found["data"]["agents"].as_array().unwrap().len(), 1);
    let agent = &found["data"]["agents"][0];
    assert_eq!((&agent["organization"], &agent["timezone"]), (&json!("alpha"), &json!("Europe/Berlin")));
    assert_eq!((&agent["activeVersionId"], &agent["versionId"]), (&json!("alpha-one-v1"), &json!("alpha-one-v1")));
    let mut alone = get(&app, AGENT).await.json()["data"].clone();
    // Of one agent it is told what it asks after a call, too.
    assert_eq!(alone.as_object_mut().unwrap().remove("_resolvedConfig"), Some(json!({"postCallAnalyticsConfig": {}})));
    assert_eq!(alone, *agent);
    refused(
        &get(&app, "/atoms/v1/agent?organizationId=gamma").await,
        403,
        "organizationId: you may not see this organisation",
    );
    refused(&get(&app, "/atoms/v1/agent?page=0").await, 400, "page");
    refused(&get(&app, "/atoms/v1/agent?offset=501").await, 400, "offset");
}

#[tokio::test]
async fn versions_come_newest_first_by_pages() {
    let app = app().await;
    let all = get(&app, &format!("{AGENT}/versions")).await.json();
    let ids: Vec<_> = all["data"]["versions"].as_array().unwrap().iter().map(|of| of["_id"].clone()).collect();
    assert_eq!(ids, ["alpha-one-v1", "two", "one"]);
    let newest = &all["data"]["versions"][0];
    assert_eq!(
        (&newest["isActive"], &newest["versionNumber"], &newest["status"]),
        (&json!(true), &json!(3), &json!("published"))
    );
    let page = get(&app, &format!("{AGENT}/versions?limit=1&skip=1")).await.json();
    assert_eq!((&page["data"]["versions"][0]["_id"], &page["data"]["total"]), (&json!("two"), &json!(3)));
    let pinned = get(&app, &format!("{AGENT}/versions?isPinned=true")).await.json();
    assert_eq!((pinned["data"]["versions"].as_array().unwrap().len(), &pinned["data"]["total"]), (1, &json!(3)));
    for (query, name) in
        [("limit=0", "limit"), ("limit=101", "limit"), ("skip=-1", "skip"), ("isPinned=yes", "isPinned")]
    {
        refused(&get(&app, &format!("{AGENT}/versions?{query}")).await, 400, name);
    }
}

#[tokio::test]
async fn a_version_comes_with_its_configuration() {
    let app = app().await;
    let answer = get(&app, &format!("{AGENT}/versions/two")).await.json();
    assert_eq!(answer["data"]["resolvedConfig"], json!({"llm": {"heat": 2}, "voice": {"id": "x"}}));
    let (one, two) = (get(&app, &format!("{AGENT}/versions/one")).await.json(), &answer["data"]["version"]["blocks"]);
    assert_eq!(one["data"]["version"]["blocks"]["voice"], two["voice"]);
    assert_ne!(one["data"]["version"]["blocks"]["llm"], two["llm"]);
    refused(&get(&app, &format!("{AGENT}/versions/none")).await, 404, "versionId");
}

#[tokio::test]
async fn the_diff_says_what_changed() {
    let app = app().await;
    let answer = get(&app, &format!("{AGENT}/versions/diff?versionA=one&versionB=two")).await.json();
    assert_eq!(answer["status"], true);
    assert_eq!(answer["data"]["unchangedSections"], json!(["voice"]));
    let change = json!({"path": "llm.heat", "oldValue": 1, "newValue": 2});
    assert_eq!(answer["data"]["diffs"], json!([{"section": "llm", "changes": [change]}]));
}

#[tokio::test]
async fn the_comparison_is_computed_from_the_calls() {
    let app = app().await;
    let answer = get(&app, &format!("{AGENT}/versions/compare-metrics?versionA=one&versionB=two")).await;
    let json = answer.json();
    let metrics = &json["data"]["metrics"];
    let a = json!({
        "orgId": "alpha", "agentId": "alpha-one", "versionId": "one", "totalCalls": 3, "answeredCalls": 2,
        "avgDurationMs": 60_000, "completionRate": 2.0 / 3.0, "totalCost": 1,
        "hangupSourceDistribution": {"agent": 1, "system": 1, "user": 1},
        "period": {"dateFrom": null, "dateTo": null}
    });
    assert_eq!(metrics["versionA"], a);
    // One of B's calls has no cost on record: a sum of the others would pass for all of it.
    assert_eq!((&metrics["versionB"]["totalCost"], &metrics["deltas"]["totalCost"]), (&Value::Null, &Value::Null));
    assert_eq!(metrics["versionB"]["hangupSourceDistribution"], json!({"unknown": 1, "user": 1}));
    assert_eq!(metrics["deltas"]["totalCalls"], -1);
    let run = &json["callscope"]["versionA"];
    assert_eq!(
        (&run["label"], &run["activated"], &run["isLive"]),
        (&json!("v1 · first"), &json!("2026-05-01"), &json!(false))
    );
    assert_eq!((&run["types"], &run["testCalls"]), (&json!({"webcall": 3}), &json!(1)));
    let days: Vec<_> = run["days"].as_array().unwrap().iter().map(|day| day["date"].clone()).collect();
    assert_eq!(days, ["2026-05-01", "2026-05-02", "2026-05-03"]);
    // The page's own reader finds nothing wrong with it.
    let asked = Asked { version_a: "one".to_owned(), version_b: "two".to_owned(), range: None };
    let (_, findings) = parse(&answer.body, &asked).unwrap();
    assert_eq!(findings, []);
}

#[tokio::test]
async fn dates_cut_by_the_organisations_clock() {
    let app = app().await;
    let calls = async |query: &str| {
        let path = format!("{AGENT}/versions/compare-metrics?versionA=one&versionB=one&{query}");
        get(&app, &path).await.json()["data"]["metrics"]["versionA"]["totalCalls"].clone()
    };
    assert_eq!(calls("dateTo=2026-05-02").await, 2);
    assert_eq!(calls("dateFrom=2026-05-03&dateTo=2026-05-03").await, 1);
    assert_eq!(calls("dateTo=2026-05-02&timeZone=UTC").await, 3);
    assert_eq!(calls("dateTo=9999-12-31").await, 3);
    assert_eq!(calls("dateFrom=2026-05-04").await, 0);
}

#[tokio::test]
async fn what_is_wrong_with_a_comparison_is_named() {
    let app = app().await;
    let queries: &[(&str, u16, &str)] = &[
        ("", 400, "versionA: is missing"),
        ("versionA=one", 400, "versionB: is missing"),
        ("versionA=&versionB=two", 400, "versionA: is missing"),
        ("versionA=one&versionB=two&dateFrom=2026-05-09&dateTo=2026-05-01", 400, "dateFrom"),
        ("versionA=one&versionB=two&dateFrom=May", 400, "dateFrom: 'May' is no date"),
        ("versionA=one&versionB=two&dateTo=2026-02-30", 400, "dateTo: '2026-02-30'"),
        ("versionA=one&versionB=two&versionB=two", 400, "versionB: is given twice"),
        ("versionA=one&versionB=two&timeZone=Mars", 400, "timeZone"),
        ("versionA=none&versionB=two", 404, "versionA"),
        ("versionA=one&versionB=gamma-one-v1", 404, "versionB"),
    ];
    for (query, status, sentence) in queries {
        refused(&get(&app, &format!("{AGENT}/versions/compare-metrics?{query}")).await, *status, sentence);
    }
    let unknown = get(&app, "/atoms/v1/agent/none/versions/compare-metrics?versionA=one&versionB=two").await;
    refused(&unknown, 404, "There is no such agent.");
}

#[tokio::test]
async fn nothing_of_a_foreign_agent_is_told() {
    let app = app().await;
    let token = app.sign_in("guy@callscope.example").await;
    let paths = ["", "/versions", "/versions/one", "/versions/diff?versionA=one&versionB=two"];
    for path in paths.into_iter().chain(["/versions/compare-metrics?versionA=one&versionB=two"]) {
        let foreign = app.send(Ask::get(&format!("{AGENT}{path}")).token(&token)).await;
        let unknown = app.send(Ask::get(&format!("/atoms/v1/agent/none{path}")).token(&token)).await;
        foreign.check_error(403, "You may not see this agent.");
        unknown.check_error(404, "There is no such agent.");
        let nobody = app.send(Ask::get(&format!("{AGENT}{path}"))).await;
        assert_eq!(nobody.status, 401, "{path}");
        let changing = app.send(Ask::new("POST", &format!("{AGENT}{path}")).token(&token)).await;
        assert!(matches!(changing.status, 403 | 405), "{path} {}", changing.status);
    }
}

#[tokio::test]
async fn the_demos_story_comes_out_as_planted() {
    let app = TestApp::empty(Config::default()).await;
    callscope_server::demo::fill(&app.db, callscope_server::demo::SEED, at("2026-05-20T12:00:00Z")).await.unwrap();
    let key = app.db.create_key("demo", None, Role::Editor).await.unwrap();
    let ask = async |path: &str| app.send(Ask::get(&format!("/atoms/v1/agent{path}")).key(key.expose())).await;
    let agents = ask("?search=Card%20services").await.json();
    let agent = agents["data"]["agents"][0]["_id"].as_str().unwrap().to_owned();
    let versions = ask(&format!("/{agent}/versions")).await.json();
    let id = |at: usize| versions["data"]["versions"][at]["_id"].as_str().unwrap().to_owned();
    let (b, a) = (id(0), id(1));
    let answer = ask(&format!("/{agent}/versions/compare-metrics?versionA={a}&versionB={b}")).await;
    let (comparison, findings) = parse(&answer.body, &Asked { version_a: a, version_b: b, range: None }).unwrap();
    assert_eq!(findings, []);
    assert!(comparison.config.as_ref().is_some_and(|config| config.change_count() >= 4));
    let figures = figures(&comparison, Basis::Fixed);
    let claim = |kind: &FigureKind| figures.iter().find(|figure| figure.kind == *kind).map(|figure| figure.claim);
    assert_eq!(claim(&FigureKind::Completion), Some(Claim::NoClearDifference));
    assert_eq!(claim(&FigureKind::EndedBy("system".to_owned())), Some(Claim::Higher));
    let relative = |kind: &FigureKind| figures.iter().find(|figure| figure.kind == *kind).unwrap().relative.unwrap();
    assert!(relative(&FigureKind::CostPerCall) < 0.0 && relative(&FigureKind::CostPerMinute) > 0.0);
}
