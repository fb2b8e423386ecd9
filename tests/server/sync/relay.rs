//! Working on the agents of a connected account: everything goes to the vendor with the organisation's key.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use callscope_core::session::Role;
use callscope_server::db::Database;
use callscope_server::http::Config;
use callscope_server::vendor::Vendor;
use serde_json::{Value, json};

use super::Mirror;
use super::stand_in::StandIn;
use crate::server::app::{Answer, Ask, TestApp};

const AGENT: &str = "/atoms/v1/agent/agent-a";

/// A server whose organisation has its agents at a vendor, and an editor of it.
struct Desk {
    app: TestApp,
    mirror: Mirror,
    editor: String,
    viewer: String,
}

impl Desk {
    async fn over(mirror: Mirror) -> Self {
        let app = TestApp::over(mirror.db.clone(), Config::default());
        let key = async |role| {
            let key = mirror.db.create_key(&format!("{role:?}"), Some("org-Mirror"), role).await.unwrap();
            key.expose().to_owned()
        };
        let (editor, viewer) = (key(Role::Editor).await, key(Role::Viewer).await);
        Self { app, mirror, editor, viewer }
    }

    async fn of(stand_in: &StandIn) -> Self {
        let mirror = Mirror::of(stand_in, true).await;
        mirror.run().await.unwrap();
        Self::over(mirror).await
    }

    async fn send(&self, method: &'static str, path: &str, body: Value) -> Answer {
        let ask = Ask::new(method, &format!("{AGENT}{path}")).key(&self.editor);
        self.app.send(if body.is_null() { ask } else { ask.json(&body) }).await
    }

    async fn deeds(&self) -> Vec<String> {
        let page = self.mirror.db.audit("org-Mirror", 0, 100).await.unwrap();
        let told = |of: callscope_core::people::AuditEntry| {
            let text = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
            assert!(of.who.starts_with("the key 'Editor' ("), "{}", of.who);
            format!("KEY {} {} {}", of.action, text(of.detail), text(of.outcome))
        };
        page.entries.into_iter().rev().map(told).collect()
    }
}

async fn number(db: &Database, sql: &str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&mut *db.begin().await.unwrap()).await.unwrap()
}

fn asking(identifier: &str) -> Value {
    json!({ "dispositionMetrics": [{ "identifier": identifier, "dispositionMetricType": "BOOLEAN", "dispositionMetricPrompt": "Was it settled?" }] })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_is_made_and_published_at_the_vendor_and_shows_here_at_once() {
    let stand_in = StandIn::with(3).await;
    let desk = Desk::of(&stand_in).await;
    let made = desk.send("POST", "/drafts", json!({ "sourceVersionId": "agent-a-v3", "draftName": "Mine" })).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let draft = made.json()["data"]["draftId"].as_str().unwrap().to_owned();
    let of_vendor = number(&stand_in.db, "SELECT count(*) FROM drafts").await;
    let of_ours = number(&desk.mirror.db, "SELECT count(*) FROM drafts").await;
    assert_eq!((of_vendor, of_ours), (1, 0));
    let body = json!({ "postCallAnalyticsConfig": asking("settled"), "expectedRevision": 1 });
    assert_eq!(desk.send("PATCH", &format!("/drafts/{draft}/config"), body.clone()).await.status, 200);
    // Both sides of a conflict come through as the vendor tells them.
    let conflict = desk.send("PATCH", &format!("/drafts/{draft}/config"), body).await;
    assert_eq!((conflict.status, &conflict.json()["data"]["conflict"]["latestRevision"]), (409, &json!(2)));
    let read = desk.send("GET", &format!("/drafts/{draft}"), Value::Null).await.json();
    assert_eq!(read["data"]["editCount"], 1);
    let body = json!({ "label": "Asks if settled", "activate": true });
    let published = desk.send("POST", &format!("/drafts/{draft}/publish"), body).await;
    assert_eq!(published.status, 201, "{}", published.text());
    let version = published.json()["data"]["_id"].as_str().unwrap().to_owned();
    // What is live is read there, and what was published is known here.
    let live = desk.send("GET", "", Value::Null).await.json();
    assert_eq!(live["data"]["activeVersionId"], json!(version));
    assert_eq!(live["data"]["_resolvedConfig"]["postCallAnalyticsConfig"], asking("settled"));
    for path in ["/versions", "/versions?fresh=true"] {
        let versions = desk.send("GET", path, Value::Null).await.json();
        let newest = &versions["data"]["versions"][0];
        assert_eq!((&newest["_id"], &newest["isActive"]), (&json!(version), &json!(true)), "{path} {versions}");
    }
    let shown = desk.send("GET", &format!("/versions/{version}"), Value::Null).await.json();
    assert_eq!(shown["data"]["version"]["label"], "Asks if settled");
    assert_eq!(desk.send("PATCH", "/versions/agent-a-v1/activate", Value::Null).await.status, 200);
    let live = desk.send("GET", "", Value::Null).await.json();
    assert_eq!(live["data"]["activeVersionId"], "agent-a-v1");
    assert_eq!(
        desk.deeds().await,
        [
            "KEY draft.created Mine done",
            "KEY draft.changed - done",
            "KEY draft.changed - refused: The draft was changed by somebody else since it was read.",
            "KEY version.published Asks if settled done",
            "KEY version.activated - done",
        ]
    );
    // Who published what.
    let entries = desk.mirror.db.audit("org-Mirror", 1, 1).await.unwrap().entries;
    assert_eq!((entries[0].subject.clone(), entries[0].made.clone()), (Some(draft), Some(version)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_does_not_reach_the_vendor_and_no_id_leads_elsewhere() {
    let stand_in = StandIn::with(3).await;
    let desk = Desk::of(&stand_in).await;
    let asked = || stand_in.schedule.lock().unwrap().asked;
    let before = asked();
    let draft = json!({ "sourceVersionId": "agent-a-v3" });
    let viewer = Ask::new("POST", &format!("{AGENT}/drafts")).key(&desk.viewer).json(&draft);
    let refused = "For this you need the role editor in this organisation.";
    desk.app.send(viewer).await.check_error(403, refused);
    for path in [
        "/drafts/%2e%2e",
        "/drafts/..%2F..",
        "/drafts/%2E%2E/config",
        "/drafts/x%5c..",
        "/drafts/a%3Fb",
        "/drafts/a%23b",
    ] {
        for method in ["PATCH", "DELETE", "GET"] {
            let answer = desk.send(method, path, json!({ "draftName": "x" })).await;
            assert!(matches!(answer.status, 404 | 405), "{method} {path} {}", answer.status);
        }
    }
    assert_eq!((asked(), desk.deeds().await), (before, Vec::<String>::new()));
    // A viewer may look, and is told what the vendor says.
    let look = desk.app.send(Ask::get(&format!("{AGENT}/drafts")).key(&desk.viewer)).await;
    assert_eq!((look.status, asked()), (200, before + 1));
    assert!(!look.text().contains(&stand_in.key));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vendor_that_fails_is_no_failure_of_the_session() {
    let stand_in = StandIn::with(3).await;
    let desk = Desk::of(&stand_in).await;
    let draft = || json!({ "sourceVersionId": "agent-a-v3" });
    // It fails: whether it was done is not known, and nothing is tried again by itself.
    stand_in.schedule.lock().unwrap().never = vec!["/drafts".to_owned()];
    let asked = stand_in.schedule.lock().unwrap().asked;
    let failed = desk.send("POST", "/drafts", draft()).await;
    let said =
        "The account at the vendor: it failed (500); whether it was done is not known, look before doing it again.";
    failed.check_error(502, said);
    assert_eq!(stand_in.schedule.lock().unwrap().asked, asked + 1);
    // The key is withdrawn: nobody is signed out here, and it is known that nothing was done.
    {
        let mut schedule = stand_in.schedule.lock().unwrap();
        schedule.never.clear();
        schedule.ends_after = Some(0);
    }
    let said =
        "The account at the vendor: the vendor does not accept the key (401): it is wrong, expired or withdrawn.";
    desk.send("POST", "/drafts", draft()).await.check_error(502, said);
    desk.send("GET", "/drafts", Value::Null).await.check_error(502, said);
    desk.send("GET", "", Value::Null).await.check_error(502, said);
    // What was brought can still be looked at.
    assert_eq!(desk.send("GET", "/versions", Value::Null).await.status, 200);
    // The key is gone from where it lay.
    std::fs::remove_file(desk.mirror.folder.path().join("key-Mirror")).unwrap();
    let gone = desk.send("GET", "/drafts", Value::Null).await;
    gone.check_error(502, "The account at the vendor: its key is not to be had where the server runs.");
    assert_eq!(
        desk.deeds().await,
        ["KEY draft.created - -".to_owned(), format!("KEY draft.created - refused: {said}"),]
    );
}

/// What a vendor was asked for: method, path with query, body.
type Asked = Arc<Mutex<Vec<(Method, String, String)>>>;

/// A vendor whose account has branches.
async fn with_branches(asked: Asked, key: &'static str) -> String {
    let answer = async move |headers: HeaderMap, request: Request| -> Response {
        if headers.get("authorization").unwrap() != format!("Bearer {key}").as_str() {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        let (parts, body) = request.into_parts();
        let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        let path = parts.uri.to_string();
        asked.lock().unwrap().push((parts.method.clone(), path.clone(), body));
        let json =
            |status: u16, value: Value| (StatusCode::from_u16(status).unwrap(), axum::Json(value)).into_response();
        let below = path.split("/agent/agent-a").nth(1).unwrap_or("").split('?').next().unwrap().to_owned();
        match (parts.method.as_str(), below.as_str()) {
            (_, below) if below.starts_with("/drafts") || below == "/versions" => {
                let why = json!({ "status": false, "error_type": "versioning_v2_migration_required", "errors": ["This account uses branches."] });
                json(409, why)
            }
            ("POST", "/branches/b1/draft/publish") => {
                json(202, json!({ "status": true, "data": { "state": "scanning" } }))
            }
            ("DELETE", below) if below.starts_with("/branches/b2") => StatusCode::NO_CONTENT.into_response(),
            ("PUT", below) if below.starts_with("/branches/b2") => {
                (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7")], "<html>").into_response()
            }
            ("POST", "/branches/b2/live") => json(200, json!({ "status": false, "errors": ["not now"] })),
            ("DELETE", _) => (StatusCode::FOUND, [("location", "http://127.0.0.1:1/elsewhere")], "{}").into_response(),
            ("GET", "/diff") => Response::new(Body::from("<html>busy</html>")),
            (_, below) => json(200, json!({ "status": true, "data": { "below": below } })),
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/atoms/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    base
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_with_branches_is_passed_on_to_as_well() {
    let stand_in = StandIn::with(3).await;
    let asked = Asked::default();
    let base = with_branches(Arc::clone(&asked), "sk-branches").await;
    let mirror = Mirror::of(&stand_in, true).await;
    mirror.run().await.unwrap();
    let file = mirror.folder.path().join("key-Mirror");
    std::fs::write(&file, "sk-branches\n").unwrap();
    let new = callscope_server::db::NewConnection {
        vendor: Vendor::Atoms,
        base: base.parse().unwrap(),
        key_place: callscope_server::vendor::KeyPlace::File(file),
        account: String::new(),
        keeps_transcripts: true,
        keeps_numbers: true,
    };
    mirror.db.put_connection("org-Mirror", &new, 0).await.unwrap();
    let desk = Desk::over(mirror).await;
    // The refusal by which a page learns that there are branches comes through as it is.
    for (method, path) in [("GET", "/versions?limit=1&fresh=true"), ("POST", "/drafts")] {
        let answer = desk.send(method, path, json!({})).await;
        assert_eq!(
            (answer.status, &answer.json()["error_type"]),
            (409, &json!("versioning_v2_migration_required")),
            "{path}"
        );
    }
    // What was brought is told here.
    assert_eq!(desk.send("GET", "/versions", Value::Null).await.status, 200);
    asked.lock().unwrap().clear();
    let config = json!({ "postCallAnalyticsConfig": asking("settled"), "expectedRevision": 4 });
    assert_eq!(desk.send("PUT", "/branches/b1/draft", config.clone()).await.status, 200);
    assert_eq!(
        desk.send("GET", "/branches/b1/revisions?limit=100&skip=0", Value::Null).await.json()["data"]["below"],
        "/branches/b1/revisions"
    );
    assert_eq!(desk.send("POST", "/branches/b1/draft/publish", json!({ "label": "Two" })).await.status, 202);
    let seen: Vec<_> = asked
        .lock()
        .unwrap()
        .iter()
        .take(3)
        .map(|(method, path, body)| (method.to_string(), path.clone(), body.clone()))
        .collect();
    let base = "/atoms/v1/agent/agent-a/branches/b1";
    assert_eq!(seen[0].0, "PUT");
    assert_eq!(serde_json::from_str::<Value>(&seen[0].2).unwrap(), config);
    assert_eq!(seen[1], ("GET".to_owned(), format!("{base}/revisions?limit=100&skip=0"), String::new()));
    assert_eq!((&*seen[2].0, &*seen[2].1), ("POST", &*format!("{base}/draft/publish")));
    // Nobody is led elsewhere, and no page of a proxy is passed for an answer.
    let led = desk.send("DELETE", "/branches/b1/draft", Value::Null).await;
    assert_eq!(led.status, 502, "{}", led.text());
    assert!(led.error().contains("it leads elsewhere; that is not followed"), "{}", led.text());
    assert!(desk.send("GET", "/diff?a=r1&b=r2", Value::Null).await.error().contains("is no JSON"));
    // Done without a word, refused in other words, and refused with a status of success.
    let done = desk.send("DELETE", "/branches/b2/draft", Value::Null).await;
    assert_eq!((done.status, done.json()), (200, json!({ "status": true, "data": null })));
    let busy = desk.send("PUT", "/branches/b2/draft", config).await;
    assert_eq!((busy.status, busy.header("retry-after")), (429, Some("7")));
    assert_eq!(busy.error(), "The vendor refused it (429).");
    assert_eq!(desk.send("POST", "/branches/b2/live", Value::Null).await.status, 200);
    assert_eq!(
        desk.deeds().await,
        [
            "KEY draft.created - refused: This account uses branches.",
            "KEY draft.changed - done",
            "KEY version.published Two done",
            "KEY draft.discarded - refused: The account at the vendor: it was not asked: it leads elsewhere; that is not followed.",
            "KEY draft.discarded - done",
            "KEY draft.changed - refused: The vendor refused it (429).",
            "KEY version.activated - refused: not now",
        ]
    );
}

#[tokio::test]
async fn agents_of_this_server_have_no_branches() {
    let app = TestApp::small_world(Config::default()).await;
    let key = app.db.create_key("k", Some("alpha"), Role::Editor).await.unwrap();
    let answer = app.send(Ask::get("/atoms/v1/agent/alpha-one/branches").key(key.expose())).await;
    answer.check_error(404, "This agent has versions, not branches.");
    let unknown = Ask::new("PUT", "/atoms/v1/agent/alpha-one/drafts").key(key.expose()).json(&json!({}));
    assert_eq!(app.send(unknown).await.status, 405);
}

/// Recordings are heard through the server, piece by piece, and the page learns neither where they are nor the key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_is_passed_on_while_it_is_heard() {
    let made = StandIn::with(12).await;
    let folder = tempfile::tempdir().unwrap();
    let sound: Vec<u8> = (0..5_000_u32).map(|at| (at % 251) as u8).collect();
    std::fs::write(folder.path().join("one.wav"), &sound).unwrap();
    let mut transaction = made.db.begin().await.unwrap();
    sqlx::query("UPDATE call_details SET recording = 'one.wav' WHERE call_id = 'CALL-000010'")
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let config = Config { recordings: Some(folder.path().to_owned()), ..Config::default() };
    let stand_in = StandIn::configured(made.db.clone(), "vendor-org", config).await;
    let desk = Desk::of(&stand_in).await;
    let ask = |call: &str| Ask::get(&format!("/atoms/v1/conversation/{call}/recording")).key(&desk.viewer);
    let call = desk.app.send(Ask::get("/atoms/v1/conversation/CALL-000010").key(&desk.viewer)).await.json();
    assert_eq!(call["data"]["recordingUrl"], "/atoms/v1/conversation/CALL-000010/recording");
    let whole = desk.app.send(ask("CALL-000010")).await;
    assert_eq!((whole.status, whole.header("content-type")), (200, Some("audio/wav")), "{}", whole.brief());
    assert_eq!(whole.body, sound);
    let part = desk.app.send(ask("CALL-000010").header("range", "bytes=100-199")).await;
    assert_eq!((part.status, part.header("content-range")), (206, Some("bytes 100-199/5000")));
    assert_eq!(part.body, sound[100..200]);
    desk.app.send(ask("CALL-000011")).await.check_error(404, "This call has no recording.");
    let nobody = desk.app.db.create_key("other", Some("nobody"), Role::Viewer).await;
    assert!(nobody.is_err());
    // Without the connection there is nothing to ask.
    let of = desk.mirror.connection("Mirror").await;
    desk.mirror.db.remove_connection(&of.id).await.unwrap();
    desk.app.send(ask("CALL-000010")).await.check_error(404, "This call has no recording.");
    // Who keeps nothing of what was said keeps no recording either.
    let quiet = Mirror::of(&stand_in, false).await;
    quiet.run().await.unwrap();
    assert_eq!(number(&quiet.db, "SELECT count(*) FROM call_details WHERE recording IS NOT NULL").await, 0);
}
