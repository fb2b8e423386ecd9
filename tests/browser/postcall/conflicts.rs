//! Two people at once: both sides are shown, and nothing of either is lost unseen.

use serde_json::{Value, json};

use super::{behind_proxy, draft, draft_id, live, open, publish_beside, put, save, settled, start_draft, typed, write};
use crate::browser::harness::{DEMO, Page, Plan, demo, run};

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
        assert!(shown.contains("Another version is live") && shown.contains("Theirs is live"), "{shown}");
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

/// A version that goes live while another waits for its check is not taken back unseen either.
#[test]
fn a_version_that_went_live_during_the_check_stays_until_one_says_so() {
    run(async {
        let (_server, _proxy, page) = behind_proxy(&["--security-check-secs", "4"]).await;
        page.expects("404");
        let (first, config) = live(&page).await;
        // One that was published before, to go back to; it needs no check any more.
        start_draft(&page).await;
        put(&page, "prompt", 0, THEIRS).await;
        page.click("#publish").await;
        page.until("that it is live", "document.querySelector('.outcome.live')").await;
        settled(&page).await;
        start_draft(&page).await;
        put(&page, "prompt", 0, MINE).await;
        page.click("#publish").await;
        page.until("the wait", "document.querySelector('.steps .now')?.textContent.includes('security check')").await;
        assert!(
            page.ask::<bool>("document.querySelector('.editing').disabled").await,
            "what is published stands still"
        );
        let back = super::ask(&page, "PATCH", &format!("/versions/{first}/activate"), None).await;
        assert_eq!(back["status"], json!(true), "{back}");
        page.until("what came of it", "document.querySelector('.outcome:not(.live)')").await;
        let said = page.text(".outcome").await;
        assert!(said.contains("Not live: another version went live"), "{said}");
        assert_eq!(live(&page).await, (first, config.clone()));
        assert_eq!(typed(&page, "prompt", 0).await, MINE);
        page.press("Let mine take its place").await;
        page.until("that it is live", "document.querySelector('.outcome.live')").await;
        assert_eq!(live(&page).await.1, with_prompt(&config, MINE));
    });
}

#[test]
fn asking_anew_in_vain_keeps_what_is_typed_and_what_is_known() {
    run(async {
        let (_server, proxy, page) = behind_proxy(&[]).await;
        page.expects("500");
        start_draft(&page).await;
        put(&page, "prompt", 0, MINE).await;
        for part in ["/versions?", "/drafts", "/agent/", "/agent?"] {
            proxy.plan(part, 50, Plan::Instead("500 Internal Server Error", "", "no"));
            page.press("Refresh").await;
            page.until_text("The server failed").await;
            assert_eq!(typed(&page, "prompt", 0).await, MINE, "{part}");
            proxy.calm();
            page.press("Try again").await;
            page.until("all of it", "!document.body.innerText.includes('The server failed')").await;
            settled(&page).await;
            assert_eq!(typed(&page, "prompt", 0).await, MINE, "{part}");
        }
        save(&page).await;
    });
}

/// A draft is of the whole configuration: what somebody else changed in it goes live with it, and is said.
#[test]
fn what_else_a_draft_changes_is_said() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page).await;
        start_draft(&page).await;
        let id = draft_id(&page).await;
        put(&page, "prompt", 0, MINE).await;
        save(&page).await;
        assert!(!page.text(".changes").await.contains("goes live together"));
        let (_, revision) = draft(&page, &id).await;
        let body = json!({"globalPrompt": "Be brief.", "expectedRevision": revision});
        let written = super::ask(&page, "PATCH", &format!("/drafts/{id}/config"), Some(body)).await;
        assert_eq!(written["status"], json!(true), "{written}");
        page.press("Refresh").await;
        page.until_text("This draft changes more than what is asked").await;
    });
}

/// A tab that was left open publishes nothing over what others published since, its own draft among it.
#[test]
fn a_stale_tab_takes_nothing_back_unseen() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.expects("404");
        open(&page).await;
        start_draft(&page).await;
        let id = draft_id(&page).await;
        put(&page, "prompt", 0, MINE).await;
        save(&page).await;
        let body = json!({"label": "By another", "activate": true});
        let done = super::ask(&page, "POST", &format!("/drafts/{id}/publish"), Some(body)).await;
        assert_eq!(done["status"], json!(true), "{done}");
        let newest = publish_beside(&page, "Newer", &json!({"dispositionMetrics": []})).await;
        page.click("#publish").await;
        page.until("what came of it", "document.querySelector('.outcome:not(.live)')").await;
        let said = page.text(".outcome").await;
        assert!(said.contains("Not live: another version went live"), "{said}");
        assert_eq!(live(&page).await.0, newest);
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
        // And it leads on.
        page.press("Carry it over to a new draft").await;
        page.until(
            "another draft",
            &format!(
                "!location.search.includes('{id}') && document.querySelector('.postcall[aria-busy=false] #save-draft')"
            ),
        )
        .await;
        assert_eq!(typed(&page, "prompt", 0).await, MINE);
        let other = draft_id(&page).await;
        assert_eq!(first_prompt(&page, &other).await, json!(MINE));
        // The same where it was saved before.
        super::ask(&page, "DELETE", &format!("/drafts/{other}"), None).await;
        page.click("#publish").await;
        page.until_text("The draft is gone").await;
        page.press("Carry it over to a new draft").await;
        page.until("a third", &format!("!location.search.includes('{other}') && document.querySelector('.postcall[aria-busy=false] #save-draft')")).await;
        assert_eq!(first_prompt(&page, &draft_id(&page).await).await, json!(MINE));
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
