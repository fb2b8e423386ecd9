//! The app without a server: it says so, and shows samples that are alive.

use super::harness::{Browser, StaticFiles, run};

#[test]
fn without_a_server_the_samples_are_offered_and_alive() {
    run(async {
        let files = StaticFiles::serve().await;
        let page = Browser::start().await.page(&files.origin());
        page.expects("404");
        page.open("/").await;
        page.until_text("Look around without a server").await;
        assert!(!page.has(".sign-in").await, "a sign-in without a server");
        page.press("Explore the samples").await;
        page.until_address("/?data=sample").await;
        page.settled().await;
        let month = page.tile("Calls").await;
        assert_ne!(month, "–");
        page.press("7 days").await;
        page.until_address("/?range=7d&data=sample").await;
        page.until(
            "fewer calls",
            &format!("document.querySelector('.tile .figure-large span').textContent !== '{month}'"),
        )
        .await;
        let all = page.tile("Calls").await;
        page.click(".agents tbody tr .name").await;
        page.until("one agent", "document.querySelector('.chip')").await;
        page.until(
            "fewer calls",
            &format!("document.querySelector('.tile .figure-large span').textContent !== '{all}'"),
        )
        .await;
        page.reload().await;
        page.settled().await;
        assert!(page.has(".chip").await && page.has(".sample").await);
        let asked: Vec<String> = page.ask("performance.getEntriesByType('resource').map(entry => entry.name)").await;
        assert!(asked.iter().all(|name| !name.contains("/v1/") && !name.ends_with("/session")), "{asked:?}");
        page.click(".sample").await;
        page.until_text("Look around without a server").await;
    });
}
