//! What axe-core and narrow windows say.

use serde_json::json;

use super::{draft, draft_id, open, publish_beside, put, start_draft, write};
use crate::browser::harness::{DEMO, demo, run};

async fn check(theme: &str, width: u32) {
    let (_server, page) = demo(DEMO).await;
    page.expects("409");
    page.size(width, 900, 1.0).await;
    page.theme(theme).await;
    let mut found = Vec::new();
    open(&page).await;
    page.click("#read-answers").await;
    page.until("the answers", "document.querySelector('.postcall').innerText.includes('with an answer.')").await;
    found.extend(page.faults(width, "postcall-live").await);
    start_draft(&page).await;
    let id = draft_id(&page).await;
    page.press("Add a metric").await;
    put(&page, "identifier", 3, "Bad-Name-That-Is-Long-And-Has-No-Space-In-It-Anywhere-At-All").await;
    put(&page, "choices", 0, "information\nrequest\nrequest\nunexpected").await;
    page.click("[aria-label='Remove resolved']").await;
    page.until("findings", "document.querySelectorAll('.lint').length > 2").await;
    found.extend(page.faults(width, "postcall-draft").await);
    let (config, _) = draft(&page, &id).await;
    let mut theirs = config.clone();
    theirs["dispositionMetrics"][0]["dispositionMetricPrompt"] =
        json!("Was the call a success for the caller, all in all?");
    write(&page, &id, &theirs).await;
    publish_beside(&page, "A label that somebody made rather long, with-words-of-its-own", &theirs).await;
    page.click("#save-draft").await;
    page.until("both sides", "document.querySelector('.conflict')").await;
    page.press("Refresh").await;
    page.until("what went live, too", "document.querySelectorAll('.conflict').length === 2").await;
    found.extend(page.faults(width, "postcall-conflict").await);
    page.press("Keep mine").await;
    page.press("Let mine take it back").await;
    page.until("nothing in the way", "!document.querySelector('.conflict')").await;
    page.click("#publish").await;
    page.until("that it is live", "document.querySelector('.outcome.live')").await;
    found.extend(page.faults(width, "postcall-outcome").await);
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
