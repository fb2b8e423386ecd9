//! Every status of the API, each with its sentence.

use callscope_core::session::Role;
use callscope_server::http::Config;
use serde_json::json;

use super::app::{Answer, Ask, PASSWORD, TestApp};

const METRICS: &str = "/v1/metrics";
const FAILED: &str = "The server failed; the error is in its log.";

async fn app() -> TestApp {
    TestApp::small_world(Config::default()).await
}

/// A query that is refused with 400, by the parameter that must be named and a word of the reason.
const BAD_QUERIES: &[(&str, &str, &str)] = &[
    ("startDate=yesterday", "startDate", "'yesterday'"),
    ("startDate=", "startDate", "''"),
    ("startDate=2026-5-6", "startDate", "'2026-5-6'"),
    ("startDate=2026-02-30", "startDate", "2026-02-30"),
    ("startDate=2026-05-06T00:00:00", "startDate", "instant"),
    ("startDate=2026-05-06T00:00:00%2B99:00", "startDate", "instant"),
    ("endDate=now", "endDate", "'now'"),
    ("endDate=20260506", "endDate", "'20260506'"),
    ("endDate=2026-05-06%00", "endDate", "2026-05-06"),
    ("startDate=2026-05-06&endDate=2026-06-31", "endDate", "2026-06-31"),
    ("startDate=2026-05-07&endDate=2026-05-06", "startDate", "before"),
    ("startDate=2026-05-06T12:00:00Z&endDate=2026-05-06T11:59:59Z", "startDate", "after endDate"),
    ("startDate=2026-05-06T12:00:00Z&endDate=2026-05-05", "startDate", "before"),
    ("startDate=2010-01-01&endDate=2026-05-06", "startDate", "at most 3660"),
    ("startDate=0001-01-01&endDate=9999-12-31", "startDate", "at most 3660"),
    ("timeZone=Mars/Olympus", "timeZone", "'Mars/Olympus'"),
    ("timeZone=", "timeZone", "''"),
    ("timeZone=../../etc/passwd", "timeZone", "is not a time zone"),
    ("timeZone=/etc/localtime", "timeZone", "is not a time zone"),
    ("timeZone=Europe/Berlin%00", "timeZone", "is not a time zone"),
    ("timeZone=%2B02:00", "timeZone", "is not a time zone"),
    ("timeZone=Etc/Unknown", "timeZone", "is not a time zone"),
    ("hour=24", "hour", "0 to 23"),
    ("hour=-1", "hour", "0 to 23"),
    ("hour=", "hour", "0 to 23"),
    ("hour=noon", "hour", "0 to 23"),
    ("hour=7.5", "hour", "0 to 23"),
    ("startDate=2026-05-06&startDate=2026-05-06", "startDate", "twice"),
    ("endDate=2026-05-06&endDate=2026-05-07", "endDate", "twice"),
    ("organizationId=alpha&organizationId=gamma", "organizationId", "twice"),
    ("resellerId=red&resellerId=red", "resellerId", "twice"),
    ("timeZone=UTC&timeZone=UTC", "timeZone", "twice"),
    ("agentId=alpha-one&agentId=alpha-two", "agentId", "twice"),
    ("hour=1&hour=2", "hour", "twice"),
    ("hour=1&h%6Fur=2", "hour", "twice"),
];

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let app = app().await;
    let token = app.sign_in("ann@callscope.example").await;
    let mut wrong = Vec::new();
    for (query, name, reason) in BAD_QUERIES {
        let answer = app.send(Ask::get(&format!("{METRICS}?{query}")).token(&token)).await;
        if answer.status != 400 {
            wrong.push(format!("{query}: {} {}", answer.status, answer.brief()));
            continue;
        }
        let sentence = answer.error();
        assert!(sentence.starts_with(&format!("{name}: ")), "{query}: {sentence}");
        assert!(sentence.contains(reason), "{query}: {sentence}");
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn a_wrong_value_is_not_repeated_at_length() {
    let app = app().await;
    let token = app.sign_in("ann@callscope.example").await;
    let long = "x".repeat(5000);
    for name in ["startDate", "endDate", "timeZone", "hour", "organizationId", "resellerId", "agentId"] {
        let answer = app.send(Ask::get(&format!("{METRICS}?{name}={long}")).token(&token)).await;
        assert!(matches!(answer.status, 400 | 403), "{name}: {}", answer.status);
        assert!(answer.error().starts_with(&format!("{name}: ")));
        assert!(answer.body.len() < 300, "{name}: {}", answer.text());
    }
}

#[tokio::test]
async fn right_requests_get_200() {
    let app = app().await;
    let token = app.sign_in("ann@callscope.example").await;
    let queries = [
        "",
        "startDate=2026-05-06",
        "endDate=2026-05-06",
        "startDate=2026-05-06&endDate=2026-05-06",
        "startDate=2026-05-06T00:00:00Z&endDate=2026-05-06T23:59:59.999Z",
        "startDate=2026-05-06T00:00:00%2B02:00&endDate=2026-05-06",
        "startDate=2016-05-01&endDate=2026-05-06",
        "startDate=1970-01-01&endDate=1970-01-01",
        "startDate=0000-01-01&endDate=0000-01-02",
        "startDate=9999-12-30&endDate=9999-12-30",
        "organizationId=alpha&agentId=alpha-two&hour=0&timeZone=Asia/Kathmandu",
        "unheardOf=1&unheardOf=2&%ff=%zz&&=",
    ];
    for query in queries {
        let report = app.report(query, &token).await;
        assert_eq!(report["data"]["hourlyDistribution"].as_array().unwrap().len(), 24, "{query}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_credentials_is_refused() {
    let app = app().await;
    let shape = "The body must be JSON with the texts 'email' and 'password'.";
    let json_body = |body: &str| Ask::new("POST", "/session").header("content-type", "application/json").body(body);
    let too_large = format!(r#"{{"email":"ann@callscope.example","password":"{}"}}"#, "x".repeat(70_000));
    let shapeless = [
        json_body(""),
        json_body("{"),
        json_body("[]"),
        json_body("null"),
        json_body(r#"{"email":"ann@callscope.example"}"#),
        json_body(r#"{"email":"ann@callscope.example","password":["x"]}"#),
        json_body(r#"{"email":"ann@callscope.example","password":"x"}{"#),
        json_body("{\"email\":\"\u{0}\u{feff}"),
        json_body(&too_large),
        Ask::new("POST", "/session").body(r#"{"email":"ann@callscope.example","password":"x"}"#),
        Ask::new("POST", "/session")
            .header("content-type", "application/x-www-form-urlencoded")
            .body("email=ann@callscope.example&password=x"),
        Ask::new("POST", "/session"),
    ];
    for ask in shapeless {
        app.send(ask).await.check_error(400, shape);
    }
    for (email, password, sentence) in [
        ("", "x", "email: must be an e-mail address"),
        ("  ", "x", "email: must be an e-mail address"),
        (&"a".repeat(255), "x", "email: must be an e-mail address"),
        ("ann@callscope.example", "", "password: must have between 1 and 1024 bytes"),
        ("ann@callscope.example", &"é".repeat(513), "password: must have between 1 and 1024 bytes"),
    ] {
        app.send(Ask::sign_in(email, password)).await.check_error(400, sentence);
    }
}

#[tokio::test]
async fn who_is_not_signed_in_gets_401() {
    let app = app().await;
    let ended = app.sign_in("ann@callscope.example").await;
    assert_eq!(
        app.send(Ask::new("DELETE", "/session").token(&ended).header("sec-fetch-site", "none")).await.status,
        204
    );
    let key = app.db.create_key("k", Some("alpha"), Role::Editor).await.unwrap().expose().to_owned();
    let nobody = "Nobody is signed in.";
    let over = "The session has ended; sign in again.";
    let no_key = "This API key is not valid.";
    for path in [METRICS, "/session"] {
        let check = async |ask: Ask, sentence: &str| {
            let answer = app.send(ask).await;
            answer.check_error(401, sentence);
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
            assert_eq!(answer.header("set-cookie"), None);
        };
        check(Ask::get(path), nobody).await;
        check(Ask::get(path).header("cookie", "other=1; callscope_sessions=2"), nobody).await;
        check(Ask::get(path).token(""), over).await;
        check(Ask::get(path).token("x"), over).await;
        check(Ask::get(path).token(&"A".repeat(43)), over).await;
        check(Ask::get(path).token(&ended), over).await;
        check(Ask::get(path).header("authorization", "Basic YW5uOng="), nobody).await;
    }
    for wrong in ["", "csk_", &key[1..], &key.to_lowercase(), "' OR 1=1 --"] {
        app.send(Ask::get(METRICS).key(wrong)).await.check_error(401, no_key);
    }
    // A wrong key is not made good by a right cookie.
    let token = app.sign_in("ann@callscope.example").await;
    app.send(Ask::get(METRICS).key("csk_wrong").token(&token)).await.check_error(401, no_key);
    // A key is for reports; it is no person.
    app.send(Ask::get("/session").key(&key)).await.check_error(401, nobody);
    assert_eq!(app.send(Ask::get(METRICS).header("authorization", &format!("bearer  {key}"))).await.status, 200);
}

/// Queries that a caller may not make: with ids that exist elsewhere, and with ids that nobody has.
const FORBIDDEN: &[(&str, &str, &[&str])] = &[
    (
        "ann",
        "organizationId",
        &["organizationId=gamma", "organizationId=delta", "organizationId=nobody", "organizationId="],
    ),
    ("ann", "organizationId", &["organizationId='%20OR%201=1%20--", "organizationId=ALPHA", "organizationId=alpha%00"]),
    ("ann", "resellerId", &["resellerId=red", "resellerId=blue", "resellerId=nobody", "resellerId=", "resellerId=%25"]),
    ("ann", "resellerId", &["resellerId=blue&organizationId=alpha", "resellerId=nobody&organizationId=alpha"]),
    (
        "ann",
        "agentId",
        &["agentId=gamma-one", "agentId=delta-two", "agentId=nobody", "agentId=", "agentId=%3Cscript%3E"],
    ),
    ("rex", "organizationId", &["resellerId=red&organizationId=delta", "resellerId=red&organizationId=nobody"]),
    ("rex", "organizationId", &["organizationId=gamma", "organizationId=nobody"]),
    ("rex", "resellerId", &["resellerId=blue", "resellerId=nobody"]),
    ("rex", "agentId", &["organizationId=alpha&agentId=beta-one", "organizationId=alpha&agentId=nobody"]),
    ("nil", "organizationId", &["organizationId=alpha", "organizationId=nobody"]),
    ("nil", "agentId", &["agentId=alpha-one", "agentId=nobody"]),
];

#[tokio::test]
async fn what_may_not_be_seen_gets_403_and_nothing_else_is_said() {
    let app = app().await;
    for (name, parameter, queries) in FORBIDDEN {
        let token = app.sign_in(&format!("{name}@callscope.example")).await;
        let mut first: Option<Answer> = None;
        for query in *queries {
            let answer = app.send(Ask::get(&format!("{METRICS}?{query}")).token(&token)).await;
            assert_eq!(answer.status, 403, "{name} {query}: {}", answer.text());
            assert!(answer.error().starts_with(&format!("{parameter}: ")), "{name} {query}: {}", answer.text());
            let first =
                first.get_or_insert(Answer { headers: answer.headers.clone(), body: answer.body.clone(), ..answer });
            assert_eq!(first.text(), answer.text(), "{name} {query}");
            assert_eq!(first.headers, answer.headers, "{name} {query}");
        }
    }
}

#[tokio::test]
async fn an_unknown_address_gets_404() {
    let app = app().await;
    for method in ["GET", "POST", "DELETE", "PUT"] {
        for path in [
            "/",
            "/v1",
            "/v1/",
            "/v1/metrics/",
            "/v1/metrics/x",
            "/v1/calls",
            "/v2/metrics",
            "/atoms/v1/agents",
            "/session/x",
        ] {
            app.send(Ask::new(method, path)).await.check_error(404, "There is nothing at this address.");
        }
    }
}

#[tokio::test]
async fn a_method_that_is_not_there_gets_405() {
    let app = app().await;
    let sentence = "This address does not know that method.";
    for (path, known, unknown) in [
        ("/session", &["DELETE", "GET", "HEAD", "POST"][..], &["PUT", "PATCH"][..]),
        (METRICS, &["GET", "HEAD"], &["POST", "PUT", "PATCH", "DELETE"]),
        ("/openapi.json", &["GET", "HEAD"], &["POST", "PUT", "PATCH", "DELETE"]),
    ] {
        for method in unknown {
            let answer = app.send(Ask::new(method, path)).await;
            answer.check_error(405, sentence);
            let mut allowed: Vec<&str> = answer.header("allow").expect("Allow").split(',').map(str::trim).collect();
            allowed.sort_unstable();
            assert_eq!(allowed, known, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_server_that_fails_says_nothing_of_its_inside() {
    for (table, ask) in [
        ("calls", Ask::get("/atoms/v1/conversation")),
        ("day_rollups", Ask::get(METRICS)),
        ("quarter_rollups", Ask::get(METRICS)),
        ("stale_days", Ask::get(METRICS)),
        ("versions", Ask::get(METRICS)),
        ("organisations", Ask::get(METRICS)),
        ("memberships", Ask::get("/session")),
        ("sessions", Ask::get("/session")),
        ("sessions", Ask::new("DELETE", "/session").header("sec-fetch-site", "same-origin")),
        ("sign_in_failures", Ask::sign_in("ann@callscope.example", PASSWORD).header("sec-fetch-site", "none")),
        ("users", Ask::sign_in("ann@callscope.example", PASSWORD).header("sec-fetch-site", "none")),
    ] {
        let app = app().await;
        let token = app.sign_in("ann@callscope.example").await;
        app.sql("PRAGMA foreign_keys = OFF").await;
        app.sql(&format!("ALTER TABLE {table} RENAME TO gone")).await;
        app.send(ask.token(&token)).await.check_error(500, FAILED);
    }
}

#[tokio::test]
async fn a_database_that_is_closed_fails_every_request_but_the_sign_of_life() {
    let app = app().await;
    let token = app.sign_in("ann@callscope.example").await;
    let key = app.db.create_key("k", None, Role::Editor).await.unwrap().expose().to_owned();
    assert_eq!((app.send(Ask::get("/readyz")).await.status, app.send(Ask::get("/healthz")).await.status), (200, 200));
    app.db.close().await;
    for ask in [
        Ask::get(METRICS).token(&token),
        Ask::get(METRICS).key(&key),
        Ask::get("/session").token(&token),
        Ask::new("DELETE", "/session").token(&token).header("sec-fetch-site", "same-origin"),
        Ask::sign_in("ann@callscope.example", PASSWORD),
    ] {
        app.send(ask).await.check_error(500, FAILED);
    }
    let ready = app.send(Ask::get("/readyz")).await;
    assert_eq!((ready.status, ready.text().as_str()), (503, "the database does not answer\n"));
    assert_eq!(app.send(Ask::get("/healthz")).await.status, 200);
}

#[tokio::test]
async fn a_caller_who_asks_too_often_waits() {
    let app = TestApp::small_world(Config { requests_per_minute: 3, ..Config::default() }).await;
    let ann = app.sign_in("ann@callscope.example").await;
    let ann_again = app.sign_in("ann@callscope.example").await;
    let guy = app.sign_in("guy@callscope.example").await;
    let key = app.db.create_key("k", Some("alpha"), Role::Editor).await.unwrap().expose().to_owned();
    for token in [&ann, &ann_again, &ann] {
        app.report("", token).await;
    }
    for ask in [Ask::get(METRICS).token(&ann), Ask::get(METRICS).token(&ann_again).from("198.51.100.7")] {
        let answer = app.send(ask).await;
        assert_eq!(answer.status, 429);
        let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=21).contains(&wait), "{wait}");
        assert_eq!(answer.error(), format!("Too many requests; try again in {wait} seconds."));
    }
    app.report("", &guy).await;
    for _ in 0..3 {
        assert_eq!(app.send(Ask::get(METRICS).key(&key)).await.status, 200);
    }
    assert_eq!(app.send(Ask::get(METRICS).key(&key)).await.status, 429);
    // Who was never let in uses up nothing of anybody's.
    app.send(Ask::get(METRICS).token("x")).await.check_error(401, "The session has ended; sign in again.");
}

#[tokio::test]
async fn answers_are_json_whatever_is_asked_for() {
    let app = app().await;
    for accept in ["text/html", "application/xml", "*/*"] {
        let answer = app.send(Ask::get(METRICS).header("accept", accept)).await;
        assert_eq!(answer.json(), json!({ "status": false, "errors": ["Nobody is signed in."] }));
    }
}
