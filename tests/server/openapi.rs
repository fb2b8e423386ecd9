//! The description of the API, held against itself and against what the router answers.

use std::collections::BTreeSet;

use callscope_server::http::{Config, openapi_document};
use serde_json::Value;

use super::app::{Ask, PASSWORD, TestApp};

fn document() -> Value {
    serde_json::to_value(openapi_document()).unwrap()
}

/// Every operation: path, method, description.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| {
        let path = path.clone();
        let operations = item.as_object().unwrap().clone().into_iter();
        operations.map(move |(method, operation)| (path.clone(), method, operation)).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

/// Every `$ref` in a document.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            found.extend(object.get("$ref").map(|target| target.as_str().unwrap().to_owned()));
            object.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn it_is_served_as_it_is_printed() {
    let app = TestApp::empty(Config::default()).await;
    let answer = app.send(Ask::get("/openapi.json")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(answer.json(), document());
    let printed: Value = serde_json::from_str(&openapi_document().to_pretty_json().unwrap()).unwrap();
    assert_eq!(answer.json(), printed);
    assert!(answer.json()["openapi"].as_str().unwrap().starts_with("3."));
}

#[test]
fn every_route_of_the_api_is_in_it() {
    let document = document();
    let found: BTreeSet<(String, String)> =
        operations(&document).into_iter().map(|(path, method, _)| (path, method)).collect();
    let expected = [
        ("/atoms/v1/agent", "get"),
        ("/atoms/v1/agent/{id}", "get"),
        ("/atoms/v1/agent/{id}/drafts", "get"),
        ("/atoms/v1/agent/{id}/drafts", "post"),
        ("/atoms/v1/agent/{id}/drafts/{draftId}", "delete"),
        ("/atoms/v1/agent/{id}/drafts/{draftId}", "get"),
        ("/atoms/v1/agent/{id}/drafts/{draftId}", "patch"),
        ("/atoms/v1/agent/{id}/drafts/{draftId}/config", "patch"),
        ("/atoms/v1/agent/{id}/drafts/{draftId}/diff", "get"),
        ("/atoms/v1/agent/{id}/drafts/{draftId}/publish", "post"),
        ("/atoms/v1/agent/{id}/post-call-analytics", "get"),
        ("/atoms/v1/agent/{id}/post-call-analytics", "post"),
        ("/atoms/v1/agent/{id}/versions", "get"),
        ("/atoms/v1/agent/{id}/versions/compare-metrics", "get"),
        ("/atoms/v1/agent/{id}/versions/diff", "get"),
        ("/atoms/v1/agent/{id}/versions/{versionId}", "get"),
        ("/atoms/v1/agent/{id}/versions/{versionId}/activate", "patch"),
        ("/atoms/v1/conversation", "get"),
        ("/atoms/v1/conversation/search", "post"),
        ("/atoms/v1/conversation/{callId}", "get"),
        ("/atoms/v1/conversation/{callId}/recording", "get"),
        ("/atoms/v1/disposition-metric-templates", "get"),
        ("/atoms/v1/agent/{id}/branches", "get"),
        ("/atoms/v1/agent/{id}/branches/{branchId}", "get"),
        ("/atoms/v1/agent/{id}/branches/{branchId}/draft", "delete"),
        ("/atoms/v1/agent/{id}/branches/{branchId}/draft", "get"),
        ("/atoms/v1/agent/{id}/branches/{branchId}/draft", "put"),
        ("/atoms/v1/agent/{id}/branches/{branchId}/draft/publish", "post"),
        ("/atoms/v1/agent/{id}/branches/{branchId}/draft/publish/cancel", "post"),
        ("/atoms/v1/agent/{id}/branches/{branchId}/live", "post"),
        ("/atoms/v1/agent/{id}/branches/{branchId}/revisions", "get"),
        ("/atoms/v1/agent/{id}/branches/{branchId}/revisions/{revisionId}", "get"),
        ("/atoms/v1/agent/{id}/diff", "get"),
        ("/audit", "get"),
        ("/members", "get"),
        ("/members", "post"),
        ("/members/invitations/{id}", "delete"),
        ("/members/{userId}", "delete"),
        ("/members/{userId}", "patch"),
        ("/members/{userId}/password", "post"),
        ("/members/{userId}/sessions", "delete"),
        ("/session", "delete"),
        ("/session/all", "delete"),
        ("/session/code", "post"),
        ("/session/password", "post"),
        ("/session", "get"),
        ("/session", "post"),
        ("/v1/metrics", "get"),
    ];
    assert_eq!(found, expected.map(|(path, method)| (path.to_owned(), method.to_owned())).into());
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    for wanted in ["Answer", "SessionAnswer", "ErrorAnswer", "Credentials", "Usage", "Metrics"] {
        assert!(found.contains(&format!("#/components/schemas/{wanted}")), "{wanted} is referred to nowhere");
    }
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("a reference inside the document");
        let target = document.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"));
        assert!(target.is_object(), "{reference}");
    }
}

#[test]
fn every_answer_with_a_body_has_a_schema() {
    for (path, method, operation) in operations(&document()) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let schema = &response["content"]["application/json"]["schema"]["$ref"];
            let answer = match path.as_str() {
                "/atoms/v1/agent/{id}/drafts" if method == "get" => "DraftsAnswer",
                "/atoms/v1/agent/{id}/drafts/{draftId}" if method == "get" => "DraftDetailAnswer",
                "/atoms/v1/agent/{id}/drafts/{draftId}" if method == "delete" => "NothingAnswer",
                "/atoms/v1/agent/{id}/drafts/{draftId}/diff" => "DraftDiffAnswer",
                "/atoms/v1/agent/{id}/drafts/{draftId}/publish" => "PublishedAnswer",
                path if path.contains("/drafts") => "DraftAnswer",
                "/audit" => "AuditAnswer",
                "/members" if method == "get" => "MembersAnswer",
                "/members" | "/members/{userId}/password" => "CodeAnswer",
                path if path.starts_with("/members/") => "NothingAnswer",
                "/session" | "/session/code" | "/session/password" => "SessionAnswer",
                "/v1/metrics" => "Answer",
                "/atoms/v1/conversation" => "CallsAnswer",
                "/atoms/v1/conversation/search" => "FoundAnswer",
                "/atoms/v1/conversation/{callId}" => "CallAnswer",
                "/atoms/v1/agent" => "AgentsAnswer",
                "/atoms/v1/agent/{id}" => "AgentAnswer",
                "/atoms/v1/agent/{id}/post-call-analytics" => "ConfigAnswer",
                "/atoms/v1/agent/{id}/versions/{versionId}/activate" => "PublishedAnswer",
                "/atoms/v1/disposition-metric-templates" => "TemplatesAnswer",
                "/atoms/v1/agent/{id}/versions" => "VersionsAnswer",
                "/atoms/v1/agent/{id}/versions/{versionId}" => "VersionAnswer",
                "/atoms/v1/agent/{id}/versions/diff" => "DiffAnswer",
                _ => "ComparisonAnswer",
            };
            let is_sound = path.ends_with("/recording");
            let is_the_vendors = path.contains("/branches") || path == "/atoms/v1/agent/{id}/diff";
            let expected = match status.as_str() {
                "204" | "416" => Value::Null,
                "200" | "202" | "206" if is_sound || is_the_vendors => Value::Null,
                "200" | "201" => Value::from(format!("#/components/schemas/{answer}")),
                _ => Value::from("#/components/schemas/ErrorAnswer"),
            };
            assert_eq!(*schema, expected, "{method} {path} {status}");
        }
    }
}

#[test]
fn every_security_scheme_that_is_asked_for_is_described() {
    let document = document();
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    assert_eq!(schemes["session"]["in"], "cookie");
    assert_eq!(schemes["session"]["name"], callscope_server::http::COOKIE);
    assert_eq!(schemes["key"]["scheme"], "bearer");
    for (path, method, operation) in operations(&document) {
        for requirement in operation["security"].as_array().unwrap_or(&Vec::new()) {
            assert!(requirement.as_object().unwrap().keys().all(|name| schemes.contains_key(name)), "{method} {path}");
        }
    }
}

#[test]
fn every_parameter_is_described() {
    let document = document();
    let parameters = document["paths"]["/v1/metrics"]["get"]["parameters"].as_array().unwrap();
    let names: Vec<&str> = parameters.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["startDate", "endDate", "organizationId", "resellerId", "timeZone", "agentId", "hour"]);
    for parameter in parameters {
        assert_eq!((&parameter["in"], &parameter["required"]), (&Value::from("query"), &Value::from(false)));
        assert!(!parameter["description"].as_str().unwrap().is_empty());
    }
}

/// The statuses that the router really gives are all described.
#[tokio::test]
async fn every_status_is_in_it() {
    let document = document();
    let app = TestApp::small_world(Config { requests_per_minute: 2, ..Config::default() }).await;
    let token = app.sign_in("ann@callscope.example").await;
    let mut missing = BTreeSet::new();
    let mut note = |method: &str, path: &str, status: u16| {
        let responses = &document["paths"][path][method]["responses"];
        if responses.get(status.to_string()).is_none() {
            missing.insert(format!("{method} {path} {status}"));
        }
    };
    for query in ["", "?hour=x", "?hour=1"] {
        let answer = app.send(Ask::get(&format!("/v1/metrics{query}")).token(&token)).await;
        note("get", "/v1/metrics", answer.status);
    }
    note("get", "/v1/metrics", app.send(Ask::get("/v1/metrics")).await.status);
    note("get", "/session", app.send(Ask::get("/session")).await.status);
    note("get", "/session", app.send(Ask::get("/session").token(&token)).await.status);
    let own = |ask: Ask| ask.token(&token).header("sec-fetch-site", "same-origin");
    note("delete", "/session", app.send(Ask::new("DELETE", "/session").header("origin", "null")).await.status);
    note("post", "/session", app.send(Ask::sign_in("", "")).await.status);
    note("post", "/session", app.send(Ask::sign_in("a@b", "c")).await.status);
    note("post", "/session", app.send(Ask::sign_in("ann@callscope.example", PASSWORD)).await.status);
    note("delete", "/session", app.send(own(Ask::new("DELETE", "/session"))).await.status);
    app.db.close().await;
    note("get", "/v1/metrics", app.send(Ask::get("/v1/metrics").token(&token)).await.status);
    note("get", "/session", app.send(Ask::get("/session").token(&token)).await.status);
    note("post", "/session", app.send(Ask::sign_in("a@b", "c")).await.status);
    note("delete", "/session", app.send(own(Ask::new("DELETE", "/session"))).await.status);
    assert_eq!(missing, BTreeSet::new());
}

/// What is answered has the fields that are described, and no others.
#[tokio::test]
async fn the_answers_have_the_described_fields() {
    let document = document();
    let app = TestApp::small_world(Config::default()).await;
    let token = app.sign_in("ann@callscope.example").await;
    app.sql("UPDATE calls SET escalation_reason = 'wants a person'").await;
    let report = app.report("startDate=2026-05-06&endDate=2026-05-06", &token).await;
    let fields = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let data = &report["data"];
    // An account at a vendor has more to tell, all of it known.
    let connected = "INSERT INTO connections (id, organisation_id, vendor, base, secret_place, created_ms, walked_ms, synced_ms,
                     failure) SELECT id, id, '{\"kind\":\"atoms\"}', 'https://api.example.com', 'env:X', 0, 1, 2, 'wrong' FROM organisations";
    app.sql(connected).await;
    let session = app.send(Ask::get("/session").token(&token)).await.json();
    for (schema, value) in [
        ("Answer", &report),
        ("Usage", data),
        ("Metrics", &data["metrics"]),
        ("Day", &data["dailyVolume"][0]),
        ("Hour", &data["hourlyDistribution"][0]),
        ("Outcomes", &data["resolutionBreakdown"]),
        ("Agent", &data["agentPerformance"][0]),
        ("AiInsights", &data["aiInsights"]),
        ("Reason", &data["escalationReasons"][0]),
        ("Context", &report["callscope"]),
        ("ReleaseMark", &report["callscope"]["releases"][0]),
        ("SessionAnswer", &session),
        ("Session", &session["data"]),
        ("SessionUser", &session["data"]["user"]),
        ("SessionOrganisation", &session["data"]["organisations"][0]),
        ("OrganisationSync", &session["data"]["organisations"][0]["sync"]),
    ] {
        let mut described = fields(&document["components"]["schemas"][schema]["properties"]);
        // Said only where it is so.
        described.remove("hasReportsOnly");
        assert_eq!(fields(value), described, "{schema}");
    }
}
