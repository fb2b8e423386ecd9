//! An account with branches answers the older way with 409: the same page works on its branch.

use serde_json::{Value, json};

use super::{address, put, save, settled, typed};
use crate::browser::harness::{DEMO, Page, demo, run};

const MINE: &str = "Did the caller get what they asked for in this call?";

async fn open(page: &Page) {
    page.before_load(include_str!("branches.js")).await;
    page.open(&address()).await;
    settled(page).await;
}

async fn account(page: &Page) -> Value {
    page.ask("window.account").await
}

#[test]
fn a_branch_is_edited_published_and_proved_live() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page).await;
        page.until_text("this account has branches; worked on is 'main'").await;
        assert!(page.text(".metrics header").await.contains("v1 · First"));
        page.press("Begin the draft").await;
        page.until("the draft", "document.querySelector('.postcall[aria-busy=false] #save-draft')").await;
        put(&page, "prompt", 0, MINE).await;
        save(&page).await;
        assert_eq!(
            account(&page).await["draft"]["config"]["dispositionMetrics"][0]["dispositionMetricPrompt"],
            json!(MINE)
        );
        page.reload().await;
        settled(&page).await;
        assert_eq!(typed(&page, "prompt", 0).await, MINE, "what the draft asks follows from what it changes");
        page.click("#version-label").await;
        page.keys("Second").await;
        page.click("#publish").await;
        page.until("the wait", "document.querySelector('.steps .now')?.textContent.includes('security check')").await;
        assert!(!page.has(".outcome").await);
        page.until("that it is live", "document.querySelector('.outcome.live')").await;
        let account = account(&page).await;
        let newest = &account["revisions"][1];
        assert_eq!((&account["live"], &newest["id"], &newest["label"]), (&json!("r2"), &json!("r2"), &json!("Second")));
        assert_eq!(newest["config"]["dispositionMetrics"][0]["dispositionMetricPrompt"], json!(MINE));
        assert_eq!(newest["config"]["successMetrics"], json!([{ "kept": true }]));
        settled(&page).await;
        page.until_text("v2 · Second").await;
    });
}

/// The server tells of a draft only what it changes. Where a list grew, that can be read in more than one way:
/// nothing is called read back that was not.
#[test]
fn what_a_branch_does_not_tell_is_not_claimed() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page).await;
        page.press("Begin the draft").await;
        page.until("the draft", "document.querySelector('.postcall[aria-busy=false] #save-draft')").await;
        page.press("Add a metric").await;
        page.until("a third", "document.querySelectorAll('[id^=identifier-]').length === 3").await;
        put(&page, "identifier", 2, "third").await;
        put(&page, "prompt", 2, MINE).await;
        page.click("#save-draft").await;
        page.until("that it is saved", "document.querySelector('.saved').textContent === 'Saved'").await;
        page.click("#publish").await;
        page.until("that it is live", "document.querySelector('.outcome.live')").await;
        let live = account(&page).await;
        assert_eq!(live["revisions"][1]["config"]["dispositionMetrics"][2]["identifier"], json!("third"));
    });
}
