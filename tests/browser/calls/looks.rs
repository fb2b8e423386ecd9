//! What axe-core and narrow windows say.

use super::open;
use crate::browser::harness::{DEMO, demo, run};

async fn check(theme: &str, width: u32) {
    let (server, page) = demo(DEMO).await;
    let call = server.text("SELECT id FROM calls WHERE outcome = 'transferred' LIMIT 1").await;
    page.size(width, 900, 1.0).await;
    page.theme(theme).await;
    let mut found = Vec::new();
    open(&page, "/calls?range=90d&outcome=transferred&handover=wants%20a%20person").await;
    found.extend(page.faults(width, "calls-list").await);
    page.click(".ids summary").await;
    page.click(".ids textarea").await;
    page.keys("nobody").await;
    page.press("Find these calls").await;
    page.until_text("Found 0 of 1").await;
    found.extend(page.faults(width, "calls-ids").await);
    page.open(&format!("/calls?call={call}")).await;
    page.until("what was said", "document.querySelector('.said li')").await;
    page.until("the recordings", "document.querySelectorAll('audio').length === 2").await;
    found.extend(page.faults(width, "calls-call").await);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn nothing_is_wrong_in_light_on_a_desktop() {
    run(check("light", 1320));
}

#[test]
fn nothing_is_wrong_in_dark_on_a_desktop() {
    run(check("dark", 1320));
}

#[test]
fn nothing_is_wrong_in_light_on_a_phone() {
    run(check("light", 390));
}

#[test]
fn nothing_is_wrong_in_dark_in_the_narrowest_window() {
    run(check("dark", 280));
}
