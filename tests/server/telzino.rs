//! An account that gives usage reports alone: its token, its cache, and what is said where there are no calls.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use callscope_core::session::Role;
use callscope_server::db::{Database, NewConnection, Organisation};
use callscope_server::http::Config;
use callscope_server::vendor::{KeyPlace, TelzinoCredentials, Vendor};
use serde_json::{Value, json};

use super::app::{Answer, Ask, TestApp, is_in_folder};
use super::import::program;

const SECRET: &str = "telzino-secret-4711";

/// How a vendor behaves, and what it was asked.
#[derive(Default)]
struct StandIn {
    /// How long a token lasts, in seconds.
    lasts: u64,
    /// Tokens that were given out, and from which on they are good.
    tokens: u64,
    good_from: u64,
    /// The queries of reports.
    reports: Vec<String>,
    /// What stands in the place of a report.
    instead: Option<&'static str>,
}

type Shared = Arc<Mutex<StandIn>>;

fn report(calls: u64) -> Value {
    json!({ "data": {
        "metrics": { "totalCalls": calls, "totalMinutes": 12.5, "resolutionRate": 50, "avgDuration": 60, "activeAgents": 1,
                     "responseTime": null, "sentimentPercent": null, "escalationRate": 0 },
        "dailyVolume": [], "hourlyDistribution": [],
        "resolutionBreakdown": { "resolved": 6, "transferred": 0, "abandoned": 0, "other": calls - 6 },
        "agentPerformance": [], "escalationReasons": [],
    } })
}

async fn answer(vendor: Shared, headers: HeaderMap, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let mut vendor = vendor.lock().unwrap();
    if parts.uri.path() == "/oauth/token" {
        let asked: Value = serde_json::from_slice(&body).unwrap();
        let right = json!({ "client_id": "program", "client_secret": SECRET, "audience": "all", "grant_type": "client_credentials" });
        if asked != right {
            return (StatusCode::FORBIDDEN, Json(json!({ "error": "access_denied" }))).into_response();
        }
        vendor.tokens += 1;
        let token = format!("token-{}", vendor.tokens);
        return Json(json!({ "access_token": token, "token_type": "Bearer", "expires_in": vendor.lasts }))
            .into_response();
    }
    let token = headers.get("authorization").and_then(|text| text.to_str().ok()?.strip_prefix("Bearer token-"));
    if token.is_none_or(|number| number.parse::<u64>().unwrap() < vendor.good_from) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    vendor.reports.push(parts.uri.query().unwrap_or_default().to_owned());
    match vendor.instead {
        Some("elsewhere") => (StatusCode::FOUND, [("location", "http://127.0.0.1:1/")]).into_response(),
        Some(text) => ([("content-type", "application/json")], text).into_response(),
        None => Json(report(12)).into_response(),
    }
}

async fn serve(vendor: &Shared) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let vendor = Arc::clone(vendor);
    let app = Router::new().fallback(move |headers, request| answer(Arc::clone(&vendor), headers, request));
    tokio::spawn(async move { axum::serve(listener, app).await });
    base
}

/// A small world with an organisation more, whose reports come from a vendor.
struct World {
    app: TestApp,
    vendor: Shared,
    key: String,
    _folder: tempfile::TempDir,
}

impl World {
    async fn lasting(lasts: u64) -> Self {
        let vendor: Shared = Arc::new(Mutex::new(StandIn { lasts, ..StandIn::default() }));
        let base = serve(&vendor).await;
        let app = TestApp::small_world(Config::default()).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, SECRET).unwrap();
        for (id, remote) in [("tel", "remote-1"), ("zino", "remote-2")] {
            let organisation = Organisation {
                id: id.to_owned(),
                name: format!("Reports of {id}"),
                time_zone: "UTC".to_owned(),
                reseller_id: None,
            };
            app.db.put_organisation(&organisation).await.unwrap();
            let program = TelzinoCredentials {
                client_id: "program".to_owned(),
                audience: "all".to_owned(),
                organization_id: Some(remote.to_owned()),
                reseller_id: None,
            };
            let new = NewConnection {
                vendor: Vendor::Telzino(program),
                base: base.parse().unwrap(),
                key_place: KeyPlace::File(file.clone()),
                account: "program".to_owned(),
                keeps_transcripts: true,
                keeps_numbers: true,
            };
            app.db.put_connection(id, &new, 0).await.unwrap();
        }
        let key = app.db.create_key("k", None, Role::Viewer).await.unwrap().expose().to_owned();
        Self { app, vendor, key, _folder: folder }
    }

    async fn ask(&self, query: &str) -> Answer {
        let answer = self.app.send(Ask::get(&format!("/v1/metrics?{query}")).key(&self.key)).await;
        assert!(!answer.text().contains(SECRET) && !answer.text().contains("token-"), "{}", answer.text());
        answer
    }

    fn asked(&self) -> (u64, usize) {
        let vendor = self.vendor.lock().unwrap();
        (vendor.tokens, vendor.reports.len())
    }
}

const DAY: &str = "startDate=2026-05-06T00:00:00Z&endDate=2026-05-06T23:59:59Z";

#[tokio::test]
async fn reports_are_passed_on_for_one_organisation_and_kept_for_a_minute() {
    let world = World::lasting(86_400).await;
    let of = |id: &str| format!("{DAY}&organizationId={id}");
    for _ in 0..3 {
        let answer = world.ask(&of("tel")).await;
        assert_eq!((answer.status, answer.json()), (200, report(12)), "{}", answer.text());
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
    assert_eq!(world.asked(), (1, 1));
    assert_eq!(world.ask(&of("zino")).await.status, 200);
    assert_eq!(
        world.ask("startDate=2026-05-07T00:00:00Z&endDate=2026-05-07T23:59:59Z&organizationId=tel").await.status,
        200
    );
    // A token for each account, though the program is the same: each is asked by itself.
    assert_eq!(world.asked(), (2, 3));
    let queries = world.vendor.lock().unwrap().reports.clone();
    let asked = |day: u32, remote: &str| {
        format!(
            "startDate=2026-05-0{day}T00%3A00%3A00.000Z&endDate=2026-05-0{day}T23%3A59%3A59.000Z&organizationId={remote}"
        )
    };
    assert_eq!(queries, [asked(6, "remote-1"), asked(6, "remote-2"), asked(7, "remote-1")]);
    // An end that is now moves, and the report of this minute is good all the same.
    for _ in 0..3 {
        assert_eq!(world.ask("startDate=2026-05-06&organizationId=tel").await.status, 200);
    }
    // One more, or two where the minute turned meanwhile.
    assert!(world.asked().1 <= 5, "{:?}", world.asked());
    // Another part of the account is another report.
    world.app.sql("UPDATE connections SET vendor = replace(vendor, 'remote-1', 'remote-3')").await;
    let before = world.asked().1;
    assert_eq!(world.ask(&of("tel")).await.status, 200);
    assert_eq!(world.asked().1, before + 1);
    // The vendor takes no narrowing: a part is not passed for by the whole.
    for (narrowing, name) in [("agentId=x", "agentId"), ("hour=3", "hour")] {
        let said = format!("{name}: the reports of this organisation's vendor cannot be narrowed");
        world.ask(&format!("{}&{narrowing}", of("tel"))).await.check_error(400, &said);
    }
}

#[tokio::test]
async fn several_organisations_are_not_summed_from_reports_and_that_is_said() {
    let world = World::lasting(86_400).await;
    let answer = world.ask(&format!("{DAY}&timeZone=UTC")).await.json();
    assert_eq!(answer["data"]["metrics"]["totalCalls"], 15);
    assert_eq!(answer["callscope"]["leftOut"], "Reports of tel, Reports of zino");
    assert_eq!(world.asked(), (0, 0));
    let none = world.ask(&format!("{DAY}&organizationId=alpha")).await.json();
    assert_eq!(none["callscope"]["leftOut"], Value::Null);
    // No calls are claimed: the organisation says that it has reports alone, and no agents.
    let user = world.app.db.user_by_email("ann@callscope.example").await.unwrap().unwrap();
    world.app.db.add_member(&user.id, "tel", Role::Viewer).await.unwrap();
    let token = world.app.sign_in("ann@callscope.example").await;
    let session = world.app.send(Ask::get("/session").token(&token)).await.json();
    let organisations = session["data"]["organisations"].as_array().unwrap().clone();
    let told = |id: &str| organisations.iter().find(|of| of["id"] == id).unwrap()["hasReportsOnly"].clone();
    assert_eq!((told("tel"), told("alpha")), (json!(true), Value::Null));
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_and_once_where_it_is_refused() {
    let world = World::lasting(6).await;
    let at = |day: u32| {
        format!("startDate=2026-05-{day:02}T00:00:00Z&endDate=2026-05-{day:02}T23:59:59Z&organizationId=tel")
    };
    assert_eq!(world.ask(&at(1)).await.status, 200);
    assert_eq!(world.ask(&at(2)).await.status, 200);
    assert_eq!(world.asked().0, 1);
    // Half of its time is over: nobody waits for it to end.
    tokio::time::sleep(std::time::Duration::from_millis(3_200)).await;
    assert_eq!(world.ask(&at(3)).await.status, 200);
    assert_eq!(world.asked().0, 2);
    // All tokens are refused: another one is no better, and the vendor is not asked without end.
    world.vendor.lock().unwrap().good_from = 1_000;
    let refused = world.ask(&at(4)).await;
    let said =
        "The account at the vendor: the vendor does not accept the key (401): it is wrong, expired or withdrawn.";
    refused.check_error(502, said);
    // The second token was brand-new: no third is asked for.
    assert_eq!(world.asked().0, 2);
    // One that was good for a while is given up, and another one asked for.
    let world = World::lasting(86_400).await;
    assert_eq!(world.ask(&at(1)).await.status, 200);
    tokio::time::sleep(std::time::Duration::from_millis(5_200)).await;
    world.vendor.lock().unwrap().good_from = 2;
    assert_eq!((world.ask(&at(2)).await.status, world.asked().0), (200, 2));
}

#[tokio::test]
async fn what_is_no_report_is_not_passed_for_one() {
    let world = World::lasting(86_400).await;
    for (instead, why) in [
        ("[]", "no usage report"),
        ("{\"data\": 7}", "not an object"),
        ("elsewhere", "leads elsewhere"),
        ("{\"data", "broken JSON"),
    ] {
        world.vendor.lock().unwrap().instead = Some(instead);
        let answer = world.ask(&format!("{DAY}&organizationId=tel")).await;
        assert_eq!(answer.status, 502, "{instead}");
        assert!(answer.error().contains(why), "{instead}: {}", answer.text());
    }
    // What failed is not kept.
    world.vendor.lock().unwrap().instead = None;
    assert_eq!(world.ask(&format!("{DAY}&organizationId=tel")).await.status, 200);
    // And nobody sees the reports of others.
    let ann = world.app.sign_in("ann@callscope.example").await;
    let foreign = Ask::get(&format!("/v1/metrics?{DAY}&organizationId=tel")).token(&ann);
    assert_eq!(world.app.send(foreign).await.status, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_connects_it_and_stores_no_secret() {
    let vendor: Shared = Arc::new(Mutex::new(StandIn { lasts: 3600, ..StandIn::default() }));
    let base = serve(&vendor).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("reports.db");
    let run = |arguments: &[&str], db: &Path, secret: &str| {
        let output = Command::new(program())
            .args(arguments)
            .arg("--db")
            .arg(db)
            .env("CALLSCOPE_TEST_SECRET", secret)
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let connect = [
        "connect",
        "telzino",
        "--organisation",
        "Reports",
        "--client-id",
        "program",
        "--audience",
        "all",
        "--secret-env",
        "CALLSCOPE_TEST_SECRET",
        "--base",
        &base,
    ];
    let (is_good, wrong) = run(&connect, &file, "another-secret");
    assert!(!is_good && wrong.contains("does not accept the key") && !wrong.contains("another-secret"), "{wrong}");
    let (is_good, said) = run(&connect, &file, SECRET);
    assert!(is_good && said.contains("Connected Reports: it sees 12 calls of the last 30 days"), "{said}");
    let (_, list) = run(&["connections", "list"], &file, SECRET);
    assert!(list.contains("usage reports, asked for as they are looked at; no single calls"), "{list}");
    assert!(run(&["connections", "test"], &file, SECRET).0);
    assert!(!run(&["connections", "test"], &file, "another-secret").0);
    let (is_good, synced) = run(&["sync"], &file, SECRET);
    assert!(is_good && synced.contains("there are usage reports alone"), "{synced}");
    let db = Database::open(&file).await.unwrap();
    assert_eq!(db.count_calls().await.unwrap(), 0);
    db.close().await;
    assert!(is_in_folder(folder.path(), "program"), "what is stored is looked at");
    for secret in [SECRET, "token-1", "token-2"] {
        assert!(!is_in_folder(folder.path(), secret), "{secret}");
    }
}
