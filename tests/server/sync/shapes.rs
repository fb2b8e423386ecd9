//! Answers as vendors really write them.

use axum::Json;
use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::routing::get;
use callscope_server::db::Database;
use serde_json::{Value, json};

use super::Mirror;
use super::stand_in::{StandIn, calm};

/// A vendor that answers with these rows, by their pages of any size.
async fn vendor(rows: Vec<Value>, is_bare: bool) -> StandIn {
    let list = move |RawQuery(query): RawQuery| {
        let page: usize =
            query.unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("page=")?.parse().ok()).unwrap_or(1);
        let shown = if page == 1 { rows.clone() } else { Vec::new() };
        let data =
            json!({"logs": shown, "pagination": {"total": rows.len(), "page": page, "limit": 500, "hasMore": false}});
        async move { Json(if is_bare { data } else { json!({"status": true, "data": data}) }) }
    };
    let branches = (
        StatusCode::CONFLICT,
        Json(json!({"status": false, "error_type": "versioning_v2_migration_required", "errors": ["branches"]})),
    );
    let revision = |Path((_, _, id)): Path<(String, String, String)>| async move {
        let revision = json!({"_id": id, "revisionNumber": 1, "status": "published"});
        Json(json!({"status": true, "data": {"revision": revision, "resolvedConfig": {"of": id}}}))
    };
    let app = Router::new()
        .route("/atoms/v1/user", get(|| async { Json(json!({"status": true, "data": {"firstName": "Ann", "userEmail": "ann@example.com", "organizationId": "o1"}})) }))
        .route("/atoms/v1/agent", get(|| async { Json(json!({"success": true, "data": {"agents": [{"_id": "g", "name": "Desk"}], "total": 1}})) }))
        .route("/atoms/v1/agent/{id}/versions", get(move || async move { branches }))
        .route("/atoms/v1/agent/{id}/branches", get(|| async {
            Json(json!({"status": true, "data": {"branches": [{"branch": {"_id": "b", "name": "main", "isDefault": true}, "isLive": true}]}}))
        }))
        .route("/atoms/v1/agent/{id}/branches/{branch}/revisions", get(|| async {
            let newest = json!({"_id": "r2", "revisionNumber": 2, "label": "Second", "status": "published", "publishedAt": "2026-11-02T10:00:00Z"});
            let first = json!({"_id": "r1", "revisionNumber": 1, "status": "published", "publishedAt": "2026-11-01T10:00:00Z", "activatedAt": "2026-11-01T10:00:05Z"});
            Json(json!({"status": true, "data": {"revisions": [newest, first], "total": 2}}))
        }))
        .route("/atoms/v1/agent/{id}/branches/{branch}/revisions/{revision}", get(revision))
        .route("/atoms/v1/conversation", get(list));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/atoms/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let db = Database::in_memory().await.unwrap();
    StandIn { db, key: "sk-test".to_owned(), base, organisation_id: String::new(), schedule: calm() }
}

fn row(id: &str, more: &Value) -> Value {
    let mut row = json!({"_id": format!("m-{id}"), "callId": id, "createdAt": "2026-11-03T10:00:00.000Z", "status": "completed", "duration": 12.5});
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

/// Id, status, outcome, agent, version, milliseconds, whether it is a test, cost.
type Kept = (String, String, String, String, String, i64, bool, f64);

#[tokio::test]
async fn each_shape_gives_its_row_or_its_reason() {
    let rows = vec![
        row(
            "plain",
            &json!({"agentId": "g", "versionId": "r2", "type": "telephony_inbound", "callCost": 0.5, "isTest": true}),
        ),
        row("unknown-words", &json!({"status": "blocked", "disconnectionReason": "voicemail", "type": "fax"})),
        row("texts-for-numbers", &json!({"duration": "12", "callCost": "0.25"})),
        row("no-agent", &json!({"versionId": "r1", "agentId": null, "from": null})),
        row("gone-agent", &json!({"agentId": "left", "versionId": "left-v1"})),
        json!({"callId": "no-start", "status": "completed"}),
        json!({"createdAt": "2026-11-03T10:00:00Z"}),
        json!("a text"),
        json!(null),
        row("bad-start", &json!({"createdAt": "yesterday"})),
    ];
    for is_bare in [false, true] {
        let stand_in = vendor(rows.clone(), is_bare).await;
        let mirror = Mirror::of(&stand_in, false).await;
        let report = mirror.run().await.unwrap();
        assert_eq!((report.agents, report.versions, report.calls.new), (1, 2, 5), "bare: {is_bare}");
        let refused = mirror.db.refused_rows(&mirror.connection("Mirror").await).await.unwrap();
        let total: u64 = refused.iter().map(|(_, count)| count).sum();
        assert_eq!(total, 5, "{refused:?}");
        let reasons: Vec<&str> = refused.iter().map(|(reason, _)| reason.as_str()).collect();
        assert!(reasons.iter().any(|reason| reason.contains("no start")), "{reasons:?}");
        assert!(reasons.iter().any(|reason| reason.contains("no id")), "{reasons:?}");
        assert!(reasons.iter().any(|reason| reason.contains("no call")), "{reasons:?}");
        let sql = "SELECT id, status, outcome, coalesce(agent_id, '-'), coalesce(version_id, '-'), duration_ms, is_test, coalesce(cost, -1.0) FROM calls ORDER BY id";
        let mut transaction = mirror.db.begin().await.unwrap();
        let found: Vec<Kept> = sqlx::query_as(sql).fetch_all(&mut *transaction).await.unwrap();
        let expected =
            |id: &str, status: &str, outcome: &str, agent: &str, version: &str, ms: i64, is_test: bool, cost: f64| {
                (
                    id.to_owned(),
                    status.to_owned(),
                    outcome.to_owned(),
                    agent.to_owned(),
                    version.to_owned(),
                    ms,
                    is_test,
                    cost,
                )
            };
        assert_eq!(
            found,
            [
                expected("gone-agent", "completed", "resolved", "left", "left-v1", 12_500, false, -1.0),
                expected("no-agent", "completed", "resolved", "-", "-", 12_500, false, -1.0),
                expected("plain", "completed", "resolved", "g", "r2", 12_500, true, 0.5),
                // A text where a number is documented is unknown.
                expected("texts-for-numbers", "completed", "resolved", "-", "-", 0, false, -1.0),
                expected("unknown-words", "blocked", "other", "-", "-", 12_500, false, -1.0),
            ]
        );
        drop(transaction);
        // Revisions of a branch are versions; the newest of the live one takes the calls.
        let agent = mirror.db.agent("g").await.unwrap().unwrap();
        assert_eq!(agent.active_version_id.as_deref(), Some("r2"));
        let versions = mirror.db.versions("g").await.unwrap();
        assert_eq!(
            versions.iter().map(|row| row.version.config.as_str()).collect::<Vec<_>>(),
            [r#"{"of":"r2"}"#, r#"{"of":"r1"}"#]
        );
    }
}

#[tokio::test]
async fn the_account_is_named_and_a_server_without_names_is_asked_for_an_agent() {
    use callscope_server::vendor::{Atoms, KeyPlace, VendorError};
    let named = vendor(Vec::new(), false).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    std::fs::write(&file, "sk-test").unwrap();
    let key = KeyPlace::File(file.clone());
    let account =
        |base: &str, key: &KeyPlace| Atoms::new(base.parse().unwrap(), key.key().unwrap(), super::IMPATIENT).unwrap();
    assert_eq!(account(&named.base, &key).account().await.unwrap(), "Ann · ann@example.com · o1");
    let ours = StandIn::with(1).await;
    assert_eq!(account(&ours.base, &key).account().await, Err(VendorError::Unauthorized));
    std::fs::write(&file, &ours.key).unwrap();
    assert!(account(&ours.base, &key).account().await.unwrap().contains("does not name"));
}
