//! What the pages say while calls of a connected account are being brought.

use super::harness::{CLINIC, DEMO, Page, Server, demo, run};

const BANK: &str = "(SELECT id FROM organisations WHERE name = 'North Star Bank')";

async fn connected(server: &Server, columns: &str, values: &str) {
    let sql = format!(
        "INSERT INTO connections (id, organisation_id, vendor, base, secret_place, created_ms, {columns}) \
         VALUES ('c', {BANK}, '{{\"kind\":\"atoms\"}}', 'https://api.example.com', 'env:X', 0, {values})"
    );
    assert_eq!(server.sql(&sql).await, 1);
}

async fn notice(page: &Page) -> String {
    page.ask("document.querySelector('.brought')?.innerText ?? ''").await
}

#[test]
fn a_part_is_called_a_part_on_every_page_and_no_longer_than_it_is_one() {
    run(async {
        let (server, page) = demo(DEMO).await;
        // Post-call asks the account's vendor for versions, and there is none: where the page is not left before, the
        // console says so.
        page.expects("/versions");
        connected(&server, "walked_ms, touched_ms", "1761000000000, 9999999999999").await;
        for address in ["/", "/compare", "/calls", "/post-call"] {
            page.open(address).await;
            page.until("the notice", "document.querySelector('.brought')").await;
            let said = notice(&page).await;
            assert!(said.contains("The calls of North Star Bank are being brought"), "{said}");
            // By the clock of the organisation.
            assert!(said.contains("Tue 21 Oct 2025, 00:40"), "{said}");
            page.until_text("yncing").await;
        }
        page.open_usage("/").await;
        assert_eq!(page.axe_violations().await, Vec::<String>::new());
        server.sql("UPDATE connections SET is_walked = 1, touched_ms = NULL, synced_ms = 1761000000000").await;
        page.press("Refresh").await;
        page.until("no notice", "!document.querySelector('.brought')").await;
        assert!(!page.ask::<bool>("document.body.innerText.includes('yncing')").await);
        // After a long break the newest come first, and what lies between is missing for a while.
        let behind = "UPDATE connections SET is_reading = 1, mark_ms = 1761000000000";
        server.sql(behind).await;
        page.press("Refresh").await;
        page.until_text(
            "The calls of North Star Bank since Tue 21 Oct 2025, 00:40 are being brought, the newest first",
        )
        .await;
        server.sql("UPDATE connections SET is_reading = 0").await;
        page.press("Refresh").await;
        page.until("no notice", "!document.querySelector('.brought')").await;
        // Rows that are no calls are in no figure: that is said.
        server.sql("INSERT INTO refused_rows (connection_id, digest, reason, row, at_ms) VALUES ('c', x'01', 'no start', '{}', 0), ('c', x'02', 'no start', '{}', 0)").await;
        page.press("Refresh").await;
        page.until_text("2 rows of North Star Bank's account could not be read as calls and were kept aside.").await;
        server.sql("DELETE FROM refused_rows").await;
        page.press("Refresh").await;
        page.until("no notice", "!document.querySelector('.brought')").await;
        // What went wrong is said, with how old the calls are.
        server.sql("UPDATE connections SET failure = '<b>the key is wrong</b>'").await;
        page.press("Refresh").await;
        page.until_text("ended early: <b>the key is wrong</b>. They are as they were at").await;
        // Of another organisation nothing is said.
        let health = server.text("SELECT id FROM organisations WHERE name = 'Harbour Health'").await;
        page.open_usage(&format!("/?org={health}")).await;
        assert_eq!(notice(&page).await, "");
    });
}

#[test]
fn nobody_hears_of_an_organisation_that_is_not_theirs() {
    run(async {
        let (server, page) = demo(CLINIC).await;
        connected(&server, "failure", "'the key of the bank is wrong'").await;
        page.open_usage("/").await;
        assert_eq!(notice(&page).await, "");
        let session: String =
            page.run("return fetch('/session').then(answer => answer.text())").await.as_str().unwrap().to_owned();
        assert!(!session.contains("the key of the bank") && !session.contains("North Star"), "{session}");
    });
}
