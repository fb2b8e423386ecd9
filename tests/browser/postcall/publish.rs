//! Publishing: nothing is called live before it was read back.

use serde_json::json;

use super::{
    AGENT, answer_questions, behind_proxy, draft_id, live, open, publish_beside, put, questions, settled, start_draft,
    typed, version_count,
};
use crate::browser::harness::{DEMO, Page, Plan, demo, run};

const TYPED: &str = "Did the caller get what they asked for in this call?";

async fn publish(page: &Page, label: &str) {
    page.click("#version-label").await;
    page.keys(label).await;
    page.click("#publish").await;
}

/// The page says live, the server has it live, and it asks what was typed.
async fn is_live(page: &Page, label: &str, prompt: &str) {
    page.until("that it is live", "document.querySelector('.outcome.live')").await;
    let said = page.text(".outcome.live").await;
    assert!(said.contains(label) && said.contains("read back"), "{said}");
    let (id, config) = live(page).await;
    assert_eq!(config["dispositionMetrics"][0]["dispositionMetricPrompt"], json!(prompt));
    settled(page).await;
    page.until_address(&format!("/post-call?agent={AGENT}")).await;
    let chosen: String = page.ask("document.querySelector('select[aria-label=Version]').value").await;
    assert_eq!(chosen, id, "the page shows what is live");
    page.until_text(prompt).await;
}

#[test]
fn what_is_typed_goes_live_and_only_then_is_called_so() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page).await;
        let versions = version_count(&page).await;
        start_draft(&page).await;
        assert!(page.ask::<bool>("document.querySelector('#publish').disabled").await, "nothing differs yet");
        put(&page, "prompt", 0, TYPED).await;
        publish(&page, "Clearer").await;
        is_live(&page, "Clearer", TYPED).await;
        assert_eq!(version_count(&page).await, versions + 1);
        page.press("Close").await;
        assert!(!page.has(".outcome").await);
    });
}

#[test]
fn an_older_version_goes_live_again_and_what_is_said_of_it_stays_true() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page).await;
        let (first, config) = live(&page).await;
        let second = publish_beside(&page, "Second", &json!({"dispositionMetrics": []})).await;
        page.open(&format!("/post-call?agent={AGENT}&version={first}")).await;
        settled(&page).await;
        answer_questions(&page, false).await;
        page.press("Let it go live").await;
        assert_eq!(questions(&page).await.len(), 1);
        assert_eq!(live(&page).await.0, second);
        answer_questions(&page, true).await;
        page.press("Let it go live").await;
        page.until("that it is live", "document.querySelector('.outcome.live')").await;
        assert_eq!(live(&page).await, (first, config));
        settled(&page).await;
        assert!(!page.has("#let-live").await);
        // Somebody lets another one go live: the page does not say otherwise any more.
        super::ask(&page, "PATCH", &format!("/versions/{second}/activate"), None).await;
        page.press("Refresh").await;
        page.until_text("Since then").await;
        assert!(!page.has(".outcome.live").await);
        page.click("select[aria-label=Agent] option:last-child").await;
        page.until("nothing of it with another agent", "!document.querySelector('.outcome')").await;
    });
}

#[test]
fn a_check_is_waited_for_and_then_the_version_is_let_live() {
    run(async {
        let (_server, _proxy, page) = behind_proxy(&["--security-check-secs", "2"]).await;
        let (before, _) = live(&page).await;
        start_draft(&page).await;
        put(&page, "prompt", 0, TYPED).await;
        publish(&page, "Checked").await;
        page.until("the wait", "document.querySelector('.steps .now')?.textContent.includes('security check')").await;
        assert!(!page.has(".outcome").await);
        assert_eq!(live(&page).await.0, before, "it is not live while it is checked");
        is_live(&page, "Checked", TYPED).await;
    });
}

#[test]
fn a_refused_activation_is_told_and_goes_on_where_it_stopped() {
    run(async {
        let (_server, proxy, page) = behind_proxy(&["--security-check-secs", "1"]).await;
        page.expects("403");
        // The draft is gone once a version was made of it.
        page.expects("404");
        let (before, _) = live(&page).await;
        let versions = version_count(&page).await;
        start_draft(&page).await;
        put(&page, "prompt", 0, TYPED).await;
        let refused = r#"{"status":false,"errors":["Only an editor may activate a version."]}"#;
        proxy.plan("/activate", 50, Plan::Instead("403 Forbidden", "Content-Type: application/json\r\n", refused));
        publish(&page, "Refused").await;
        page.until("the step", "document.querySelector('.steps .failed')?.textContent.includes('go live')").await;
        assert!(!page.has(".outcome.live").await);
        page.until_text("Only an editor may activate a version.").await;
        assert_eq!(typed(&page, "prompt", 0).await, TYPED);
        assert_eq!(live(&page).await.0, before);
        proxy.calm();
        page.press("Go on").await;
        is_live(&page, "Refused", TYPED).await;
        assert_eq!(version_count(&page).await, versions + 1, "no second version was made");
    });
}

/// Wherever the connection is cut, also where the request has arrived and only its answer is lost: nothing
/// typed is lost, nothing is called live that is not, and going on ends with one new version.
#[test]
fn a_connection_cut_at_any_step_loses_nothing() {
    run(async {
        let (_server, proxy, page) = behind_proxy(&["--security-check-secs", "1"]).await;
        page.expects("net::ERR");
        page.expects("409");
        page.expects("404");
        for (number, part) in ["/config", "/drafts/", "/publish", "/versions/", "/activate"].into_iter().enumerate() {
            let prompt = format!("{TYPED} Look {number} more times before answering.");
            let versions = version_count(&page).await;
            start_draft(&page).await;
            let id = draft_id(&page).await;
            put(&page, "prompt", 0, &prompt).await;
            let is_of_saving = part == "/config" || part == "/drafts/";
            proxy.plan(part, 100, Plan::Cut);
            publish(&page, &format!("Cut {number}")).await;
            if is_of_saving {
                page.until(
                    "that it is not saved",
                    "document.body.innerText.includes('Not saved. What you typed is here.')",
                )
                .await;
            } else {
                page.until("where it stopped", "document.querySelector('.steps .failed')").await;
            }
            assert!(!page.has(".outcome").await, "{part}");
            assert_eq!(typed(&page, "prompt", 0).await, prompt, "{part}");
            assert_eq!(draft_id(&page).await, id, "{part}");
            proxy.calm();
            if is_of_saving {
                page.press("Save again").await;
                page.until("that it is saved", "document.querySelector('.saved').textContent.startsWith('Saved')")
                    .await;
                assert!(!page.has(".conflict").await, "one's own edit is no one else's");
                page.click("#publish").await;
            } else {
                page.press("Go on").await;
            }
            is_live(&page, &format!("Cut {number}"), &prompt).await;
            assert_eq!(version_count(&page).await, versions + 1, "{part}");
            page.press("Close").await;
        }
    });
}
