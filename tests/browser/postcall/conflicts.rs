//! Two people at once: both sides are shown, and nothing of either is lost unseen.

use serde_json::{Value, json};

use super::{draft, draft_id, live, open, publish_beside, put, save, settled, start_draft, typed, write};
use crate::browser::harness::{DEMO, Page, demo, run};

const MINE: &str = "Did the caller get what they asked for in this call?";
const THEIRS: &str = "Was the caller's request settled by the agent alone in this call?";

fn with_prompt(config: &Value, prompt: &str) -> Value {
    let mut config = config.clone();
    config["dispositionMetrics"][0]["dispositionMetricPrompt"] = json!(prompt);
    config
}

async fn first_prompt(page: &Page, id: &str) -> Value {
    draft(page, id).await.0["dispositionMetrics"][0]["dispositionMetricPrompt"].clone()
}

/// A draft that was changed by somebody else after it was read, and by the page's user.
async fn in_conflict(page: &Page) -> String {
    open(page).await;
    start_draft(page).await;
    let id = draft_id(page).await;
    let (config, _) = draft(page, &id).await;
    write(page, &id, &with_prompt(&config, THEIRS)).await;
    put(page, "prompt", 0, MINE).await;
    page.click("#save-draft").await;
    page.until("both sides", "document.querySelector('.conflict')").await;
    let shown = page.text(".conflict").await;
    // Equal parts stand once.
    assert!(shown.contains("Two people edited this draft") && shown.contains("in this call?"), "{shown}");
    assert!(shown.contains("settled by the agent") && shown.contains("asked for"), "{shown}");
    assert_eq!(first_prompt(page, &id).await, json!(THEIRS), "nothing was written over");
    assert_eq!(typed(page, "prompt", 0).await, MINE);
    assert!(page.ask::<bool>("document.querySelector('#publish').disabled").await, "first choose");
    id
}

#[test]
fn one_can_keep_what_one_typed() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.expects("409");
        let id = in_conflict(&page).await;
        page.press("Keep mine").await;
        page.until(
            "that it is saved",
            "!document.querySelector('.conflict') && document.querySelector('.saved').textContent.startsWith('Saved')",
        )
        .await;
        assert_eq!(first_prompt(&page, &id).await, json!(MINE));
    });
}

#[test]
fn one_can_take_what_somebody_else_wrote() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.expects("409");
        let id = in_conflict(&page).await;
        page.press("Take theirs").await;
        page.until("theirs", &format!("document.querySelector('[id^=prompt-]').value === {}", json!(THEIRS))).await;
        assert!(!page.has(".conflict").await);
        put(&page, "prompt", 0, &format!("{THEIRS} Answer false where it cannot be told.")).await;
        save(&page).await;
        assert_eq!(first_prompt(&page, &id).await, json!(format!("{THEIRS} Answer false where it cannot be told.")));
    });
}

#[test]
fn a_version_that_went_live_meanwhile_is_not_taken_back_unseen() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page).await;
        start_draft(&page).await;
        put(&page, "prompt", 0, MINE).await;
        let (_, config) = live(&page).await;
        let mut other = config.clone();
        other["dispositionMetrics"][1]["dispositionMetricPrompt"] = json!(THEIRS);
        let published = publish_beside(&page, "Theirs", &other).await;
        page.click("#publish").await;
        page.until("both sides", "document.querySelector('.conflict')").await;
        let shown = page.text(".conflict").await;
        assert!(shown.contains("Somebody published meanwhile") && shown.contains("Theirs has gone live"), "{shown}");
        assert_eq!(live(&page).await.0, published, "theirs stays live");
        assert_eq!(typed(&page, "prompt", 0).await, MINE);
        // On a new draft of what is live now, one sees what one would take back, and mends it.
        page.press("Carry my metrics over to a new draft").await;
        page.until(
            "the new draft",
            "!document.querySelector('.conflict') && document.querySelector('.postcall[aria-busy=false] #save-draft')",
        )
        .await;
        assert_eq!(typed(&page, "prompt", 0).await, MINE);
        put(&page, "prompt", 1, THEIRS).await;
        page.click("#publish").await;
        page.until("that it is live", "document.querySelector('.outcome.live')").await;
        let (_, after) = live(&page).await;
        assert_eq!(after, with_prompt(&other, MINE));
    });
}

#[test]
fn one_may_take_a_version_back_knowingly() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page).await;
        start_draft(&page).await;
        put(&page, "prompt", 0, MINE).await;
        let (_, config) = live(&page).await;
        publish_beside(&page, "Theirs", &json!({"dispositionMetrics": []})).await;
        page.press("Refresh").await;
        page.until("both sides", "document.querySelector('.conflict')").await;
        settled(&page).await;
        assert_eq!(typed(&page, "prompt", 0).await, MINE);
        page.press("Let mine take it back").await;
        page.until("no more", "!document.querySelector('.conflict')").await;
        page.click("#publish").await;
        page.until("that it is live", "document.querySelector('.outcome.live')").await;
        assert_eq!(live(&page).await.1, with_prompt(&config, MINE));
    });
}

#[test]
fn a_draft_that_somebody_threw_away_keeps_what_one_typed() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.expects("404");
        open(&page).await;
        start_draft(&page).await;
        let id = draft_id(&page).await;
        put(&page, "prompt", 0, MINE).await;
        super::ask(&page, "DELETE", &format!("/drafts/{id}"), None).await;
        page.click("#save-draft").await;
        page.until_text("What you typed is here.").await;
        assert_eq!(typed(&page, "prompt", 0).await, MINE);
        assert!(!page.has(".outcome").await);
    });
}

#[test]
fn without_a_server_nothing_typed_is_lost() {
    run(async {
        let (mut server, page) = demo(DEMO).await;
        page.expects("net::ERR");
        open(&page).await;
        start_draft(&page).await;
        let id = draft_id(&page).await;
        put(&page, "prompt", 0, MINE).await;
        server.stop();
        page.click("#save-draft").await;
        page.until_text("Not saved. What you typed is here.").await;
        assert_eq!(typed(&page, "prompt", 0).await, MINE);
        server.start().await;
        page.press("Save again").await;
        page.until("that it is saved", "document.querySelector('.saved').textContent.startsWith('Saved')").await;
        assert_eq!(first_prompt(&page, &id).await, json!(MINE));
    });
}
