//! Answers that did not change are not sent again.

use callscope_core::calls::Outcome;
use callscope_server::http::Config;

use super::app::{Ask, TestApp, call, put_calls};

const ANN: &str = "ann@callscope.example";
const DAY: &str = "startDate=2026-03-02&endDate=2026-03-02";

#[tokio::test]
async fn a_report_is_sent_again_only_when_it_is_another() {
    let app = TestApp::small_world(Config::default()).await;
    let token = app.sign_in(ANN).await;
    let ask = |known: Option<&str>| {
        let ask = Ask::get(&format!("/v1/metrics?{DAY}")).token(&token);
        app.send(known.into_iter().fold(ask, |ask, known| ask.header("if-none-match", known)))
    };
    let first = ask(None).await;
    let tag = first.header("etag").unwrap().to_owned();
    assert!(first.status == 200 && tag.starts_with("W/\"") && tag.len() > 16, "{tag}");
    for known in [tag.as_str(), "*", &format!("\"other\", {tag}"), tag.trim_start_matches("W/")] {
        let again = ask(Some(known)).await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{known}");
        assert_eq!((again.header("etag"), again.header("cache-control")), (Some(tag.as_str()), Some("no-store")));
    }
    for known in ["\"other\"", "W/\"\"", "nonsense", &tag[..tag.len() - 2]] {
        assert_eq!(ask(Some(known)).await.status, 200, "{known}");
    }
    put_calls(&app.db, &[call("alpha", "alpha-one", "new", "2026-03-02T10:00:00Z", Outcome::Resolved)]).await;
    let other = ask(Some(&tag)).await;
    assert_eq!(other.status, 200);
    assert_ne!(other.header("etag"), Some(tag.as_str()));
}

#[tokio::test]
async fn what_is_refused_or_changes_something_has_no_tag() {
    let app = TestApp::small_world(Config::default()).await;
    let token = app.sign_in(ANN).await;
    let refused = app.send(Ask::get(&format!("/v1/metrics?{DAY}")).header("if-none-match", "*")).await;
    assert_eq!((refused.status, refused.header("etag")), (401, None));
    let wrong = app.send(Ask::get("/v1/metrics?startDate=x").token(&token).header("if-none-match", "*")).await;
    assert_eq!((wrong.status, wrong.header("etag")), (400, None));
    let search =
        Ask::new("POST", "/atoms/v1/conversation/search").token(&token).header("sec-fetch-site", "same-origin");
    let search = app.send(search.json(&serde_json::json!({ "callIds": ["none"] })).header("if-none-match", "*")).await;
    assert_eq!((search.status, search.header("etag")), (200, None), "{}", search.text());
}
