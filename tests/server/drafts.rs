//! Drafts: what two people who work on one do to each other, and what publishing does.

use callscope_server::http::Config;
use serde_json::{Value, json};

use super::app::{Answer, Ask, TestApp};

const AGENT: &str = "/atoms/v1/agent/alpha-one";

async fn send(app: &TestApp, method: &'static str, path: &str, body: Option<Value>) -> Answer {
    let token = app.sign_in("ann@callscope.example").await;
    let ask = Ask::new(method, &format!("{AGENT}{path}")).token(&token).header("origin", "http://callscope.test:8787");
    app.send(match body {
        Some(body) => ask.json(&body),
        None => ask,
    })
    .await
}

/// A draft of the only version, and its id.
async fn draft(app: &TestApp) -> String {
    let body = json!({"sourceVersionId": "alpha-one-v1", "draftName": "work"});
    let answer = send(app, "POST", "/drafts", Some(body)).await;
    assert_eq!(answer.status, 201, "{}", answer.brief());
    answer.json()["data"]["draftId"].as_str().unwrap().to_owned()
}

fn asks(identifier: &str) -> Value {
    json!({"postCallAnalyticsConfig": {"dispositionMetrics": [
        {"identifier": identifier, "dispositionMetricPrompt": "p", "dispositionMetricType": "BOOLEAN"}
    ]}})
}

fn with_revision(mut body: Value, revision: u64) -> Value {
    body["expectedRevision"] = json!(revision);
    body
}

#[tokio::test]
async fn of_two_editors_the_second_is_told_and_nothing_is_lost() {
    let app = TestApp::small_world(Config::default()).await;
    let id = draft(&app).await;
    let config = format!("/drafts/{id}/config");
    let first = send(&app, "PATCH", &config, Some(with_revision(asks("mine"), 1))).await;
    assert_eq!((first.status, &first.json()["data"]["draftRevision"]), (200, &json!(2)));
    let second = send(&app, "PATCH", &config, Some(with_revision(asks("yours"), 1))).await;
    assert_eq!(second.status, 409);
    let answer = second.json();
    assert_eq!(answer["errors"], json!(["The draft was changed by somebody else since it was read."]));
    let conflict = &answer["data"]["conflict"];
    assert_eq!((&conflict["expectedRevision"], &conflict["latestRevision"]), (&json!(1), &json!(2)));
    let changes = conflict["diffs"].to_string();
    assert!(changes.contains("mine") && changes.contains("yours"), "{changes}");
    let stands = send(&app, "GET", &format!("/drafts/{id}"), None).await.json();
    let asked = &stands["data"]["resolvedConfig"]["postCallAnalyticsConfig"]["dispositionMetrics"][0];
    assert_eq!(asked["identifier"], "mine");
    // Of the revision that stands, the second one's change is taken.
    assert_eq!(send(&app, "PATCH", &config, Some(with_revision(asks("yours"), 2))).await.status, 200);
    let stands = send(&app, "GET", &format!("/drafts/{id}"), None).await.json();
    assert_eq!((&stands["data"]["editCount"], &stands["data"]["editHistory"][0]["revision"]), (&json!(2), &json!(3)));
}

#[tokio::test]
async fn a_version_goes_live_by_publishing_unless_a_check_is_to_be_awaited() {
    for check_ms in [0, 60_000] {
        let app = TestApp::small_world(Config { check_ms, ..Config::default() }).await;
        let id = draft(&app).await;
        send(&app, "PATCH", &format!("/drafts/{id}/config"), Some(asks("mine"))).await;
        let body = json!({"label": "new", "activate": true});
        let published = send(&app, "POST", &format!("/drafts/{id}/publish"), Some(body)).await;
        assert_eq!(published.status, 201, "{}", published.brief());
        let version = published.json()["data"].clone();
        assert_eq!((&version["label"], &version["isActive"]), (&json!("new"), &json!(check_ms == 0)));
        let activate = format!("/versions/{}/activate", version["_id"].as_str().unwrap());
        let answer = send(&app, "PATCH", &activate, None).await;
        if check_ms == 0 {
            assert_eq!((answer.status, &answer.json()["data"]["isActive"]), (200, &json!(true)));
            assert!(version.get("securityCheck").is_none());
            continue;
        }
        answer.check_error(409, "The security check of this version is not done yet.");
        assert_eq!(version["securityCheck"]["status"], "pending");
        // As if a minute had passed.
        assert_eq!(app.sql("UPDATE versions SET checked_ms = 1 WHERE label = 'new'").await, 1);
        assert_eq!(send(&app, "PATCH", &activate, None).await.json()["data"]["isActive"], true);
        let detail = send(&app, "GET", activate.trim_end_matches("/activate"), None).await.json();
        assert_eq!(detail["data"]["version"]["securityCheck"]["status"], "passed");
        // It is no draft any more.
        send(&app, "GET", &format!("/drafts/{id}"), None)
            .await
            .check_error(404, "draftId: this agent has no such draft.");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_draft_is_named() {
    let app = TestApp::small_world(Config::default()).await;
    let id = draft(&app).await;
    let (config, one) = (format!("/drafts/{id}/config"), format!("/drafts/{id}"));
    let long = "x".repeat(101);
    let cases: Vec<(&'static str, &str, Value, u16, &str)> = vec![
        ("POST", "/drafts", json!({}), 400, "sourceVersionId: is missing"),
        (
            "POST",
            "/drafts",
            json!({"sourceVersionId": "nobody"}),
            404,
            "sourceVersionId: this agent has no such version.",
        ),
        ("POST", "/drafts", json!({"sourceDraftId": "nobody"}), 404, "draftId: this agent has no such draft."),
        ("POST", "/drafts", json!({"sourceDraftId": id, "draftName": " "}), 400, "draftName: must have 1 to 100 signs"),
        ("PATCH", &one, json!({"draftName": long}), 400, "draftName: must have 1 to 100 signs"),
        ("PATCH", &config, json!({"expectedRevision": 0}), 400, "expectedRevision: must be a whole number from 1 on"),
        (
            "PATCH",
            &config,
            json!({"postCallAnalyticsConfig": {"dispositionMetrics": 1}}),
            400,
            "dispositionMetrics: the post-call configuration holds metrics that are no list",
        ),
        ("PATCH", "/drafts/nobody/config", json!({}), 404, "draftId: this agent has no such draft."),
        ("POST", "/drafts/nobody/publish", json!({}), 404, "draftId: this agent has no such draft."),
        ("DELETE", "/drafts/nobody", json!({}), 404, "draftId: this agent has no such draft."),
        ("GET", "/drafts/nobody/diff", json!({}), 404, "draftId: this agent has no such draft."),
    ];
    for (method, path, body, status, sentence) in cases {
        send(&app, method, path, Some(body)).await.check_error(status, sentence);
    }
    // A draft of one agent is none of another's.
    let token = app.sign_in("ann@callscope.example").await;
    let other = Ask::get(&format!("/atoms/v1/agent/alpha-two/drafts/{id}")).token(&token);
    app.send(other).await.check_error(404, "draftId: this agent has no such draft.");
    let foreign = Ask::get("/atoms/v1/agent/gamma-one/drafts").token(&token);
    app.send(foreign).await.check_error(403, "You may not see this agent.");
    assert_eq!(send(&app, "DELETE", &one, None).await.json(), json!({"status": true, "data": null}));
}
