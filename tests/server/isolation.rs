//! Nobody sees, or is told of, anything of an organisation that is not theirs.

use std::collections::BTreeSet;

use callscope_core::session::Role;
use callscope_server::http::Config;
use serde_json::{Value, json};

use super::app::{Ask, TestApp};

const DAY: &str = "startDate=2026-05-06&endDate=2026-05-06&timeZone=UTC";

/// Who asks for what, and the organisations whose calls must be in the answer, in order of name.
const SCOPES: &[(&str, &str, &[&str])] = &[
    ("ann", "", &["alpha"]),
    ("ann", "organizationId=alpha", &["alpha"]),
    ("guy", "", &["gamma"]),
    ("eve", "", &["alpha", "gamma"]),
    ("eve", "organizationId=gamma", &["gamma"]),
    ("eve", "organizationId=alpha", &["alpha"]),
    ("rex", "", &["alpha", "beta"]),
    ("rex", "resellerId=red", &["alpha", "beta"]),
    ("rex", "organizationId=beta", &["beta"]),
    ("rex", "resellerId=red&organizationId=alpha", &["alpha"]),
    ("nil", "", &[]),
    ("key of gamma", "", &["gamma"]),
    ("key of gamma", "organizationId=gamma", &["gamma"]),
    ("key of all", "", &["alpha", "beta", "delta", "gamma"]),
    ("key of all", "resellerId=blue", &["delta"]),
    ("key of all", "resellerId=red", &["alpha", "beta"]),
    ("key of all", "organizationId=delta", &["delta"]),
];

fn calls_of(organisation: &str) -> u64 {
    match organisation {
        "alpha" => 4,
        "beta" => 2,
        "gamma" => 1,
        _ => 8,
    }
}

async fn ask_as(app: &TestApp, who: &str, path: &str) -> Ask {
    let key = match who {
        "key of gamma" => app.db.create_key(who, Some("gamma"), Role::Editor).await.unwrap(),
        "key of all" => app.db.create_key(who, None, Role::Editor).await.unwrap(),
        name => return Ask::get(path).token(&app.sign_in(&format!("{name}@callscope.example")).await),
    };
    Ask::get(path).key(key.expose())
}

fn texts(list: &Value, field: &str) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_report_sums_the_callers_organisations_and_no_other() {
    let app = TestApp::small_world(Config::default()).await;
    for (who, query, organisations) in SCOPES {
        let answer = app.send(ask_as(&app, who, &format!("/v1/metrics?{DAY}&{query}")).await).await;
        let report = answer.json();
        let calls: u64 = organisations.iter().copied().map(calls_of).sum();
        assert_eq!(report["data"]["metrics"]["totalCalls"], calls, "{who} {query}");
        let agents: BTreeSet<String> =
            organisations.iter().flat_map(|id| [format!("{id}-one"), format!("{id}-two")]).collect();
        assert_eq!(texts(&report["data"]["agentPerformance"], "agentId"), agents, "{who} {query}");
        let names: BTreeSet<String> = agents.iter().map(|id| format!("Agent {id}")).collect();
        assert_eq!(texts(&report["callscope"]["releases"], "agentName"), names, "{who} {query}");
        for other in ["alpha", "beta", "gamma", "delta"].iter().filter(|id| !organisations.contains(id)) {
            assert!(!answer.text().contains(other), "{who} {query} is told of {other}");
        }
    }
}

#[tokio::test]
async fn a_session_lists_what_the_person_may_see_and_no_more() {
    let app = TestApp::small_world(Config::default()).await;
    let alpha = json!({ "id": "alpha", "name": "Organisation alpha", "timeZone": "Europe/Berlin", "resellerId": "red", "role": "editor" });
    let beta = json!({ "id": "beta", "name": "Organisation beta", "timeZone": "Europe/Paris", "resellerId": "red", "role": "editor" });
    let gamma = json!({ "id": "gamma", "name": "Organisation gamma", "timeZone": "America/New_York", "resellerId": null, "role": "editor" });
    let red = json!({ "id": "red", "name": "Reseller red" });
    for (who, organisations, resellers) in [
        ("ann", json!([alpha]), json!([])),
        ("eve", json!([alpha, gamma]), json!([])),
        ("rex", json!([alpha, beta]), json!([red])),
        ("nil", json!([]), json!([])),
    ] {
        let user = json!({ "email": format!("{who}@callscope.example"), "name": who });
        let data = json!({ "user": user, "organisations": organisations, "resellers": resellers });
        let session = app.send(ask_as(&app, who, "/session").await).await.json();
        assert_eq!(session, json!({ "status": true, "data": data }));
    }
}

#[tokio::test]
async fn a_key_for_one_organisation_opens_no_other() {
    let app = TestApp::small_world(Config::default()).await;
    for query in
        ["organizationId=alpha", "organizationId=nobody", "resellerId=red", "resellerId=nobody", "agentId=alpha-one"]
    {
        let answer = app.send(ask_as(&app, "key of gamma", &format!("/v1/metrics?{query}")).await).await;
        assert_eq!(answer.status, 403, "{query}");
    }
    let answer = app.send(ask_as(&app, "key of all", "/v1/metrics?organizationId=nobody").await).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn what_is_taken_away_is_gone_at_once() {
    let app = TestApp::small_world(Config::default()).await;
    let ann = app.sign_in("ann@callscope.example").await;
    let rex = app.sign_in("rex@callscope.example").await;
    let key = app.db.create_key("k", Some("gamma"), Role::Editor).await.unwrap().expose().to_owned();
    let asked = format!("{DAY}&organizationId=alpha");
    assert_eq!(app.report(&asked, &ann).await["data"]["metrics"]["totalCalls"], 4);
    app.sql("DELETE FROM memberships WHERE organisation_id = 'alpha'").await;
    assert_eq!(app.send(Ask::get(&format!("/v1/metrics?{asked}")).token(&ann)).await.status, 403);
    assert_eq!(app.report(DAY, &ann).await["data"]["metrics"]["totalCalls"], 0);
    app.sql("UPDATE organisations SET reseller_id = 'blue' WHERE id = 'beta'").await;
    assert_eq!(app.report(DAY, &rex).await["data"]["metrics"]["totalCalls"], 4);
    app.sql("DELETE FROM organisations WHERE id = 'gamma'").await;
    app.send(Ask::get("/v1/metrics").key(&key)).await.check_error(401, "This API key is not valid.");
    app.sql("DELETE FROM users WHERE email = 'ann@callscope.example'").await;
    app.send(Ask::get("/session").token(&ann)).await.check_error(401, "The session has ended; sign in again.");
}
