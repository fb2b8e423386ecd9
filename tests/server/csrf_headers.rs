//! Which pages may call, and what every answer carries.

use std::collections::BTreeMap;

use callscope_server::http::{Config, Origin};

use super::app::{Answer, Ask, HOST, PASSWORD, TestApp};

const ANN: &str = "ann@callscope.example";
const REFUSED: &str = "This request comes from a page that may not make it.";
const OWN: &str = "http://callscope.test:8787";
const PUBLIC: &str = "https://reports.example.com";
const LISTED: &str = "https://console.example.com";

fn origins(list: &[&str]) -> Vec<Origin> {
    list.iter().map(|origin| origin.parse().unwrap()).collect()
}

fn config(public_origin: Option<&str>, allowed: &[&str]) -> Config {
    let public_origin = public_origin.map(|origin| origin.parse().unwrap());
    Config { public_origin, allowed_origins: origins(allowed), ..Config::default() }
}

/// Headers of a request that changes something, and whether it may: without configuration, and with
/// a public origin and another page's listed.
type Change = (&'static [(&'static str, &'static str)], bool, bool);

const CHANGES: &[Change] = &[
    (&[("origin", OWN)], true, false),
    (&[("origin", PUBLIC)], false, true),
    (&[("origin", LISTED)], false, true),
    (&[("origin", "https://evil.example")], false, false),
    (&[("origin", "null")], false, false),
    (&[("origin", "")], false, false),
    (&[("origin", "file://")], false, false),
    (&[("origin", "http://callscope.test")], false, false),
    (&[("origin", "http://callscope.test:8788")], false, false),
    (&[("origin", "http://callscope.test:8787.evil.example")], false, false),
    (&[("origin", "http://sub.callscope.test:8787")], false, false),
    (&[("origin", "http://evil.example?http://callscope.test:8787")], false, false),
    (&[("origin", "callscope.test:8787")], false, false),
    (&[("origin", "http://reports.example.com")], false, false),
    (&[("origin", "https://reports.example.com.evil.example")], false, false),
    (&[("origin", "https://console.example.com:8443")], false, false),
    (&[("origin", "null"), ("sec-fetch-site", "same-origin")], false, false),
    (&[("origin", "https://evil.example"), ("sec-fetch-site", "none")], false, false),
    (&[("sec-fetch-site", "cross-site")], false, false),
    (&[("sec-fetch-site", "same-site")], false, false),
    (&[("sec-fetch-site", "Same-Origin")], false, false),
    (&[("sec-fetch-site", "")], false, false),
    (&[("sec-fetch-site", "same-origin")], true, true),
    (&[("sec-fetch-site", "none")], true, true),
    // A cookie without any of it: an old browser, on whatever page.
    (&[], false, false),
];

#[tokio::test]
async fn only_pages_of_ours_may_change_something() {
    for is_configured in [false, true] {
        let config = if is_configured { config(Some(PUBLIC), &[LISTED]) } else { Config::default() };
        let app = TestApp::small_world(config).await;
        for (headers, plain, configured) in CHANGES {
            let may = if is_configured { *configured } else { *plain };
            let token = app.sign_in(ANN).await;
            let with_headers =
                |ask: Ask| headers.iter().fold(ask.token(&token), |ask, (name, value)| ask.header(name, value));
            let signed_in = app.send(with_headers(Ask::sign_in("guy@callscope.example", PASSWORD))).await;
            check_change(&signed_in, may, 200, headers);
            let out = app.send(with_headers(Ask::new("DELETE", "/session"))).await;
            check_change(&out, may, 204, headers);
            let still = app.send(Ask::get("/session").token(&token)).await.status;
            assert_eq!(still, if may { 401 } else { 200 }, "{headers:?}");
        }
    }
}

#[track_caller]
fn check_change(answer: &Answer, may: bool, status: u16, headers: &[(&str, &str)]) {
    assert_eq!(answer.status, if may { status } else { 403 }, "{headers:?}: {}", answer.text());
    if !may {
        answer.check_error(403, REFUSED);
        assert_eq!(answer.header("set-cookie"), None);
    }
}

#[tokio::test]
async fn a_program_without_cookie_may_sign_in_but_no_foreign_page() {
    let app = TestApp::small_world(Config::default()).await;
    let ask = || Ask::sign_in(ANN, PASSWORD);
    assert_eq!(app.send(ask()).await.status, 200);
    // Signing somebody in to an account that is not theirs is an attack too.
    for (name, value) in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
        app.send(ask().header(name, value)).await.check_error(403, REFUSED);
    }
}

#[tokio::test]
async fn reading_is_shared_with_the_listed_pages_alone() {
    for (allowed, origin, shared) in [
        (&[][..], LISTED, false),
        (&[], OWN, false),
        (&[LISTED], LISTED, true),
        (&[LISTED, "http://127.0.0.1:9000"], "http://127.0.0.1:9000", true),
        (&[LISTED], "https://evil.example", false),
        (&[LISTED], "null", false),
        (&[LISTED], "https://console.example.com.evil.example", false),
        (&[LISTED], "http://console.example.com", false),
    ] {
        let app = TestApp::small_world(config(None, allowed)).await;
        let token = app.sign_in(ANN).await;
        for ask in [Ask::get("/v1/metrics").token(&token), Ask::get("/v1/metrics"), Ask::get("/session").token(&token)]
        {
            let answer = app.send(ask.header("origin", origin)).await;
            assert_eq!(answer.header("access-control-allow-origin"), shared.then_some(origin), "{allowed:?} {origin}");
            let credentials = answer.header("access-control-allow-credentials");
            assert_eq!(credentials, (!allowed.is_empty()).then_some("true"), "{allowed:?} {origin}");
            let exposed = answer.header("access-control-expose-headers");
            assert_eq!(exposed, (!allowed.is_empty()).then_some("retry-after,etag"));
            assert!(allowed.is_empty() || vary(&answer).contains(&"origin".to_owned()));
        }
    }
}

/// What an answer depends on.
fn vary(answer: &Answer) -> Vec<String> {
    let values = answer.headers.get_all("vary").iter().map(|value| value.to_str().unwrap());
    values.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect()
}

#[tokio::test]
async fn a_browser_that_asks_first_is_told_the_same() {
    for (allowed, origin, shared) in [
        (&[][..], LISTED, false),
        (&[LISTED], LISTED, true),
        (&[LISTED], "https://evil.example", false),
        (&[LISTED], "null", false),
    ] {
        let app = TestApp::small_world(config(None, allowed)).await;
        for (path, method) in [("/session", "POST"), ("/session", "DELETE"), ("/v1/metrics", "GET")] {
            let ask = Ask::new("OPTIONS", path)
                .header("origin", origin)
                .header("access-control-request-method", method)
                .header("access-control-request-headers", "content-type");
            let answer = app.send(ask).await;
            assert_eq!(answer.header("access-control-allow-origin"), shared.then_some(origin), "{allowed:?} {origin}");
            assert_eq!(answer.text(), "");
            if shared {
                assert_eq!(answer.status, 200);
                assert_eq!(answer.header("access-control-allow-methods"), Some("GET,POST,PUT,PATCH,DELETE"));
                assert_eq!(
                    answer.header("access-control-allow-headers"),
                    Some("content-type,authorization,if-none-match")
                );
                assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
            }
        }
    }
}

#[test]
fn an_origin_is_one_page_and_not_a_pattern() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        ("https://a.example", Some("https://a.example")),
        ("HTTPS://A.Example/", Some("https://a.example")),
        ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
        ("http://[::1]:8080", Some("http://[::1]:8080")),
        // As browsers write it: the port of the scheme is left out.
        ("https://a.example:443", Some("https://a.example")),
        ("http://a.example:80/", Some("http://a.example")),
        ("https://a.example:80", Some("https://a.example:80")),
        ("https://*", None),
        ("https://*.example.com", None),
        ("https://a.example;", None),
        ("https://a.example, https://b.example", None),
        ("https://", None),
        ("https://a.example/path", None),
        ("https://a.example/?", None),
        ("https://user@a.example", None),
        ("ws://a.example", None),
        ("null", None),
        ("*", None),
        ("", None),
    ] {
        let origin = text.parse::<Origin>().ok();
        let found = origin.as_ref().map(Origin::as_str);
        if found != expected {
            wrong.push(format!("{text}: {found:?} and not {expected:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// An answer of every kind, by a name for it.
async fn every_kind(config: Config) -> Vec<(&'static str, Answer)> {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [("index.html", "<!doctype html>"), ("boot.js", "1"), ("app-0123456789abcdef.css", "a{}")] {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let app =
        TestApp::small_world(Config { assets: Some(folder.path().to_owned()), requests_per_minute: 4, ..config }).await;
    let token = app.sign_in(ANN).await;
    let own = |ask: Ask| ask.header("sec-fetch-site", "same-origin");
    let mut answers = Vec::new();
    for (kind, ask) in [
        ("api 200 of session", Ask::get("/session").token(&token)),
        ("api 200", Ask::get("/v1/metrics").token(&token)),
        ("api 400", Ask::get("/v1/metrics?hour=x").token(&token)),
        ("api 403", Ask::get("/v1/metrics?organizationId=x").token(&token)),
        ("api 429", Ask::get("/v1/metrics").token(&token)),
        ("api 401", Ask::get("/v1/metrics")),
        ("api 404", Ask::get("/v1/nothing")),
        ("api 405", Ask::new("PUT", "/v1/metrics")),
        ("api 403 to a page", Ask::sign_in(ANN, PASSWORD).header("origin", "null")),
        ("api 200 of sign-in", Ask::sign_in(ANN, PASSWORD)),
        ("api 401 of sign-in", Ask::sign_in(ANN, "wrong password")),
        ("api 200 of description", Ask::get("/openapi.json")),
        ("api 204", own(Ask::new("DELETE", "/session").token(&token))),
        ("page", Ask::get("/")),
        ("page of the app", Ask::get("/usage")),
        ("file", Ask::get("/boot.js")),
        ("hashed file", Ask::get("/app-0123456789abcdef.css")),
        ("file not changed", Ask::get("/boot.js").header("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT")),
        ("no file", Ask::get("/nothing.js")),
        ("no method", Ask::new("POST", "/usage")),
        ("sign of life", Ask::get("/healthz")),
        ("readiness", Ask::get("/readyz")),
        ("preflight", Ask::new("OPTIONS", "/session").header("origin", LISTED)),
    ] {
        answers.push((kind, app.send(ask).await));
    }
    app.db.close().await;
    answers.push(("api 500", app.send(Ask::get("/session").token(&token)).await));
    answers.push(("readiness 503", app.send(Ask::get("/readyz")).await));
    answers
}

/// The policy as its directives.
fn directives(answer: &Answer) -> BTreeMap<String, String> {
    assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1);
    let policy = answer.header("content-security-policy").unwrap();
    let parts = policy.split(';').map(str::trim);
    parts.map(|part| part.split_once(' ').unwrap()).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn expected_directives(ancestors: &str) -> BTreeMap<String, String> {
    let rule = [
        ("default-src", "'none'"),
        ("script-src", "'self' 'wasm-unsafe-eval'"),
        ("style-src", "'self'"),
        ("img-src", "'self' blob: data:"),
        ("connect-src", "'self'"),
        ("font-src", "'self'"),
        ("base-uri", "'none'"),
        ("form-action", "'self'"),
        ("frame-ancestors", ancestors),
        // Beyond the rule: the app can be installed.
        ("manifest-src", "'self'"),
        ("frame-src", "'self'"),
        ("media-src", "'self'"),
    ];
    rule.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[tokio::test]
async fn every_answer_carries_the_policy() {
    for (kind, answer) in every_kind(Config::default()).await {
        assert_eq!(directives(&answer), expected_directives("'none'"), "{kind}");
        for (name, value) in [
            ("x-content-type-options", Some("nosniff")),
            ("referrer-policy", Some("same-origin")),
            ("cross-origin-opener-policy", Some("same-origin")),
            ("cross-origin-resource-policy", Some("same-origin")),
            ("permissions-policy", Some("camera=(), geolocation=(), microphone=(), payment=(), usb=()")),
            ("x-frame-options", Some("DENY")),
            ("strict-transport-security", None),
            ("server", None),
            ("x-powered-by", None),
        ] {
            assert_eq!(answer.header(name), value, "{kind} {name}");
        }
    }
}

#[tokio::test]
async fn the_policy_follows_the_configuration() {
    let configured =
        Config { frame_ancestors: origins(&[LISTED, "https://other.example.com"]), ..config(Some(PUBLIC), &[LISTED]) };
    for (kind, answer) in every_kind(configured).await {
        let ancestors = "https://console.example.com https://other.example.com";
        assert_eq!(directives(&answer), expected_directives(ancestors), "{kind}");
        assert_eq!(answer.header("x-frame-options"), None, "{kind}");
        assert_eq!(answer.header("cross-origin-resource-policy"), None, "{kind}");
        let hsts = answer.header("strict-transport-security").unwrap();
        assert!(hsts.starts_with("max-age=31536000"), "{kind}: {hsts}");
    }
}

#[tokio::test]
async fn the_page_of_a_frame_may_be_held_by_this_server_and_by_who_is_listed() {
    let folder = tempfile::TempDir::new().unwrap();
    let page = r#"<meta name="callscope-parents" content="">"#;
    std::fs::write(folder.path().join("embed.html"), page).unwrap();
    let assets = Some(folder.path().to_owned());
    for (listed, ancestors, parents, framing) in [
        (vec![], "'self'", "", Some("SAMEORIGIN")),
        (vec![LISTED], "'self' https://console.example.com", "https://console.example.com", None),
    ] {
        let config = Config { assets: assets.clone(), frame_ancestors: origins(&listed), ..Config::default() };
        let app = TestApp::small_world(config).await;
        let answer = app.send(Ask::get("/embed?view=daily")).await;
        assert_eq!(directives(&answer), expected_directives(ancestors));
        assert_eq!(answer.header("x-frame-options"), framing);
        assert!(
            answer.text().contains(&format!(r#"name="callscope-parents" content="{parents}""#)),
            "{}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn an_answer_of_the_api_is_never_stored() {
    let mut wrong = Vec::new();
    for (kind, answer) in every_kind(Config::default()).await {
        let value = match kind {
            _ if kind.starts_with("api") => Some("no-store"),
            "page" | "page of the app" | "file" | "file not changed" => Some("no-cache"),
            "hashed file" => Some("public, max-age=31536000, immutable"),
            _ => continue,
        };
        let found = answer.header("cache-control");
        if found != value {
            wrong.push(format!("{kind}: {found:?} and not {value:?}"));
        }
        if let Some((status, _)) = kind.strip_prefix("api ").map(|rest| rest.split_once(' ').unwrap_or((rest, ""))) {
            assert_eq!(answer.status.to_string(), status, "{kind}");
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_host_of_the_tests_is_that_of_their_own_origin() {
    assert_eq!(OWN, format!("http://{HOST}"));
}
