//! The whole way without a pointer.

use serde_json::json;

use super::{live, open};
use crate::browser::harness::{DEMO, demo, run};

const ENTER: &str = "\u{e007}";

#[test]
fn metrics_are_changed_and_go_live_without_a_pointer() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page).await;
        page.tab_to("#start-draft").await;
        page.keys(ENTER).await;
        page.until("a draft", "document.querySelector('.postcall[aria-busy=false] #save-draft')").await;
        page.until("the focus at its head", "document.activeElement.id === 'draft-title'").await;
        // The second metric goes up, and the focus stays with it, on a button that can be used.
        page.tab_to("[aria-label='Move up reason']").await;
        page.keys(ENTER).await;
        page.until("it is first", "document.querySelector('[id^=identifier-]').value === 'reason'").await;
        page.until("the focus", "document.activeElement.getAttribute('aria-label') === 'Move down reason'").await;
        page.tab_to("[aria-label='Remove resolved']").await;
        page.keys(ENTER).await;
        page.until("the way back", "document.activeElement.id === 'put-back'").await;
        page.keys(ENTER).await;
        page.until("the focus in what came back", "document.activeElement.value === 'resolved'").await;
        page.tab_to("#add-metric").await;
        page.keys(ENTER).await;
        page.until("the focus in the new one", "document.activeElement.id.startsWith('identifier-')").await;
        page.keys("callback_wanted").await;
        page.tab_to("[id^=prompt-]").await;
        // Keys of the page are letters here.
        page.keys("Did the caller ask to be called back? 1234 ? / b").await;
        page.run("document.querySelector('#draft-title').focus()").await;
        page.tab_to("#save-draft").await;
        page.keys(ENTER).await;
        page.until("that it is saved", "document.querySelector('.saved').textContent.startsWith('Saved')").await;
        page.until("the focus where it was", "document.activeElement.id === 'save-draft'").await;
        page.tab_to("#version-label").await;
        page.keys("By keyboard").await;
        page.keys(ENTER).await;
        page.until("that it is live", "document.querySelector('.outcome.live')").await;
        page.until("the focus on what came of it", "document.activeElement.id === 'outcome'").await;
        let (_, config) = live(&page).await;
        let names: Vec<&str> = config["dispositionMetrics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|of| of["identifier"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["reason", "resolved", "satisfaction", "callback_wanted"]);
        assert_eq!(
            config["dispositionMetrics"][3]["dispositionMetricPrompt"],
            json!("Did the caller ask to be called back? 1234 ? / b")
        );
    });
}
