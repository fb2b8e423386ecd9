//! What every call is asked after it ends, set at once; and which version is live.

use callscope_core::postcall::{PostCallConfig, lint};
use callscope_server::http::Config;
use serde_json::{Value, json};

use super::app::{Answer, Ask, TestApp};

const CONFIG: &str = "/atoms/v1/agent/alpha-one/post-call-analytics";
const ORIGIN: (&str, &str) = ("origin", "http://callscope.test:8787");

async fn send(app: &TestApp, method: &'static str, path: &str, body: Option<Value>) -> Answer {
    let token = app.sign_in("ann@callscope.example").await;
    let ask = Ask::new(method, path).token(&token).header(ORIGIN.0, ORIGIN.1);
    app.send(match body {
        Some(body) => ask.json(&body),
        None => ask,
    })
    .await
}

fn metric(identifier: &str) -> Value {
    json!({"identifier": identifier, "dispositionMetricPrompt": "p", "dispositionMetricType": "BOOLEAN", "mine": [1]})
}

#[tokio::test]
async fn what_is_set_is_live_at_once_and_what_is_not_named_stays() {
    let app = TestApp::small_world(Config::default()).await;
    let empty = send(&app, "GET", CONFIG, None).await.json();
    assert_eq!(empty, json!({"status": true, "data": {}}));
    let first = json!({"dispositionMetrics": [metric("a")], "successMetrics": [{"x": 1}], "useReasoningModel": true});
    assert_eq!(send(&app, "POST", CONFIG, Some(first.clone())).await.json()["data"], first);
    let second =
        send(&app, "POST", CONFIG, Some(json!({"dispositionMetrics": [metric("b"), metric("a")]}))).await.json();
    assert_eq!(second["data"]["dispositionMetrics"], json!([metric("b"), metric("a")]));
    assert_eq!(
        (&second["data"]["successMetrics"], &second["data"]["useReasoningModel"]),
        (&json!([{"x": 1}]), &json!(true))
    );
    let agent = send(&app, "GET", "/atoms/v1/agent/alpha-one", None).await.json();
    assert_eq!(agent["data"]["_resolvedConfig"]["postCallAnalyticsConfig"], second["data"]);
    // Each was a version of its own; the newest is live.
    let versions = send(&app, "GET", "/atoms/v1/agent/alpha-one/versions", None).await.json();
    let live: Vec<_> =
        versions["data"]["versions"].as_array().unwrap().iter().map(|of| of["isActive"].clone()).collect();
    assert_eq!(live, [json!(true), json!(false), json!(false)]);
    assert_eq!(agent["data"]["activeVersionId"], versions["data"]["versions"][0]["_id"]);
    // The list tells of agents, not of their configurations.
    let list = send(&app, "GET", "/atoms/v1/agent", None).await.json();
    assert!(list["data"]["agents"][0].get("_resolvedConfig").is_none());
}

#[tokio::test]
async fn what_cannot_be_a_configuration_is_refused_and_changes_nothing() {
    let app = TestApp::small_world(Config::default()).await;
    let wrong = [
        (
            json!({"dispositionMetrics": {}}),
            "dispositionMetrics: the post-call configuration holds metrics that are no list",
        ),
        (
            json!({"dispositionMetrics": [1]}),
            "dispositionMetrics: the post-call configuration holds a metric that is no object",
        ),
        (json!([]), "The body must be a JSON object."),
        (json!("x"), "The body must be a JSON object."),
    ];
    for (body, sentence) in wrong {
        send(&app, "POST", CONFIG, Some(body)).await.check_error(400, sentence);
    }
    let versions = send(&app, "GET", "/atoms/v1/agent/alpha-one/versions", None).await.json();
    assert_eq!(versions["data"]["total"], 1);
}

#[tokio::test]
async fn nobody_sets_what_others_ask() {
    let app = TestApp::small_world(Config::default()).await;
    let of_gamma = CONFIG.replace("alpha-one", "gamma-one");
    send(&app, "GET", &of_gamma, None).await.check_error(403, "You may not see this agent.");
    send(&app, "POST", &of_gamma, Some(json!({}))).await.check_error(403, "You may not see this agent.");
    let activate = "/atoms/v1/agent/gamma-one/versions/gamma-one-v1/activate";
    send(&app, "PATCH", activate, None).await.check_error(403, "You may not see this agent.");
    let foreign = "/atoms/v1/agent/alpha-one/versions/gamma-one-v1/activate";
    send(&app, "PATCH", foreign, None).await.check_error(404, "versionId: this agent has no such version.");
    // A page of somebody else's cannot do it in the name of who is signed in.
    let token = app.sign_in("ann@callscope.example").await;
    let ask = Ask::new("POST", CONFIG).token(&token).header("origin", "https://evil.example").json(&json!({}));
    assert_eq!(app.send(ask).await.status, 403);
    let total = app.number("SELECT count(*) FROM versions").await;
    assert_eq!(total, 8);
}

#[tokio::test]
async fn an_older_version_goes_live_again_and_stays_so() {
    let app = TestApp::small_world(Config::default()).await;
    send(&app, "POST", CONFIG, Some(json!({"dispositionMetrics": [metric("a")]}))).await;
    let activate = "/atoms/v1/agent/alpha-one/versions/alpha-one-v1/activate";
    let first = send(&app, "PATCH", activate, None).await.json();
    assert_eq!((&first["data"]["_id"], &first["data"]["isActive"]), (&json!("alpha-one-v1"), &json!(true)));
    let again = send(&app, "PATCH", activate, None).await.json();
    assert_eq!(again, first, "a version that is live stays as it is");
    let agent = send(&app, "GET", "/atoms/v1/agent/alpha-one", None).await.json();
    assert_eq!(agent["data"]["activeVersionId"], "alpha-one-v1");
    assert_eq!(send(&app, "GET", CONFIG, None).await.json()["data"], json!({}));
}

#[tokio::test]
async fn the_templates_break_no_rule_of_their_own_linter() {
    let app = TestApp::small_world(Config::default()).await;
    let answer = send(&app, "GET", "/atoms/v1/disposition-metric-templates", None).await.json();
    assert_eq!(answer["success"], true);
    let config = PostCallConfig::read(&json!({"dispositionMetrics": answer["data"]})).unwrap();
    assert_eq!((config.metrics().len(), lint(&config)), (5, vec![]));
}
