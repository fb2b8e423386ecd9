//! What a version asks, to be read.

use serde_json::json;

use super::{AGENT, draft_id, live, open, publish_beside, put, settled, start_draft};
use crate::browser::harness::{CLINIC, DEMO, demo, run};

#[test]
fn the_live_version_is_shown_as_the_server_has_it_and_others_can_be_chosen() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page).await;
        let (first, config) = live(&page).await;
        let names: Vec<String> =
            page.ask("[...document.querySelectorAll('.metrics h3 code')].map(of => of.textContent)").await;
        let asked: Vec<&str> = config["dispositionMetrics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|of| of["identifier"].as_str().unwrap())
            .collect();
        assert_eq!(names, asked);
        assert!(page.text(".metrics header").await.contains("Asked after every call"));
        let second =
            publish_beside(&page, "Fewer", &json!({"dispositionMetrics": [config["dispositionMetrics"][0]]})).await;
        page.press("Refresh").await;
        page.until_text("Fewer is live").await;
        page.until("one metric", "document.querySelectorAll('.metrics h3').length === 1").await;
        page.click(&format!("select[aria-label=Version] option[value='{first}']")).await;
        page.until_address(&format!("/post-call?agent={AGENT}&version={first}")).await;
        page.until("all of them", &format!("document.querySelectorAll('.metrics h3').length === {}", asked.len()))
            .await;
        assert!(page.text(".metrics header").await.contains("Asked by this version"));
        page.back().await;
        page.until_text("Asked after every call").await;
        assert!(page.text(".metrics header").await.contains("Fewer"));
        assert_ne!(first, second);
    });
}

/// What people wrote into a configuration is text wherever it is shown.
#[test]
fn markup_in_a_configuration_is_text() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page).await;
        let nasty = "<img src=x onerror=alert(1)>";
        let metric = json!({
            "identifier": nasty, "dispositionMetricType": "ENUM",
            "dispositionMetricPrompt": format!("</textarea></p><script>alert(2)</script>{nasty}"),
            "choices": [nasty, "</li><b>x</b>", "\u{202e}evil"],
        });
        publish_beside(&page, &format!("</option>{nasty}"), &json!({"dispositionMetrics": [metric]})).await;
        open(&page).await;
        page.until("the metric", &format!("document.querySelector('.metrics code')?.textContent === {}", json!(nasty)))
            .await;
        start_draft(&page).await;
        put(&page, "prompt", 0, &format!("{nasty}<i>y</i>")).await;
        page.until("the change", "document.querySelector('.changes li')").await;
        page.click("#read-answers").await;
        page.until("the answers", "document.querySelector('.answered')").await;
        for markup in ["#page img", "#page b:not(.lint b)", "#page i", "#page script"] {
            assert!(!page.has(markup).await, "a text became {markup}");
        }
    });
}

#[test]
fn what_is_not_there_or_not_yours_is_said_and_leads_on() {
    run(async {
        let (server, page) = demo(CLINIC).await;
        server.sql("UPDATE memberships SET role = 'editor'").await;
        page.expects("404");
        page.expects("403");
        page.open(&super::address()).await;
        page.until_text("You may not see this agent.").await;
        assert!(!page.has("select[aria-label=Version], #start-draft, #read-answers").await);
        // Another agent can still be chosen.
        page.click("select[aria-label=Agent] option:last-child").await;
        settled(&page).await;
        let own = page.address().await;
        page.open(&format!("{own}&version=nobody")).await;
        page.press("To what is live").await;
        settled(&page).await;
        page.open(&format!("{own}&draft=nobody")).await;
        page.press("To what is live").await;
        settled(&page).await;
        start_draft(&page).await;
        assert!(!draft_id(&page).await.is_empty());
    });
}
