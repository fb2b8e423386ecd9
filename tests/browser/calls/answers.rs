//! Answers that are late, fail, or are of other calls than were asked for.

use std::time::Duration;

use super::{choose, column, open, settled};
use crate::browser::harness::{Browser, DEMO, Page, Plan, Proxy, Server, run};

async fn behind_proxy() -> (Server, Proxy, Page) {
    let server = Server::demo().await;
    let proxy = Proxy::before(&server).await;
    let page = Browser::start().await.page(&proxy.origin());
    page.sign_in(DEMO).await;
    (server, proxy, page)
}

#[test]
fn calls_of_a_filter_that_the_server_ignored_are_left_out_and_it_is_said() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        let body = r#"{"status":true,"data":{"logs":[
            {"callId":"A","createdAt":"2026-11-01T10:00:00Z","status":"failed","duration":3},
            {"callId":"B","createdAt":"2026-11-01T11:00:00Z","status":"completed","duration":3},
            {"createdAt":"2026-11-01T11:00:00Z"}],
            "pagination":{"total":900,"page":1,"hasMore":false,"limit":50}}}"#;
        proxy.plan("conversation?", 100, Plan::Instead("200 OK", "Content-Type: application/json\r\n", body));
        open(&page, "/calls?status=failed&from=2026-11-01&to=2026-11-01").await;
        assert_eq!(column(&page, 0).await.len(), 1);
        page.click(".findings summary").await;
        page.until_text("The server did not apply the filter by status.").await;
        page.until_text("1 row without an id or a start is left out.").await;
        let context = page.text(".context").await;
        assert!(context.starts_with("Calls 1–1 ·"), "{context} counts calls of another filter");
    });
}

#[test]
fn a_late_list_never_replaces_a_newer_one() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        open(&page, "/calls").await;
        proxy.plan("statusFilter=failed", 1, Plan::Late(Duration::from_millis(1500)));
        choose(&page, "Status", "failed").await;
        page.until("waiting", "document.querySelector('.calls-page[aria-busy=true]')").await;
        choose(&page, "Status", "completed").await;
        page.until_address("/calls?status=completed").await;
        settled(&page).await;
        tokio::time::sleep(Duration::from_millis(1800)).await;
        assert_eq!(page.address().await, "/calls?status=completed");
        assert!(column(&page, 3).await.iter().any(|clock| clock != "0:00"), "failed calls last no time");
    });
}

#[test]
fn a_list_that_fails_offers_to_try_again_and_shows_no_calls_of_another_filter() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        page.expects("500");
        open(&page, "/calls").await;
        proxy.plan("statusFilter=failed", 1, Plan::Instead("500 Oops", "Content-Type: application/json\r\n", "{}"));
        choose(&page, "Status", "failed").await;
        page.until_text("The server failed").await;
        assert!(!page.has(".calls tbody tr").await);
        page.press("Try again").await;
        settled(&page).await;
    });
}
