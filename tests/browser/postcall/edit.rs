//! Editing: what is typed is what is saved, and what nobody touched comes back as it was.

use serde_json::json;

use super::{
    answer_questions, draft, draft_id, identifiers, live, open, put, questions, save, settled, start_draft, typed,
    write,
};
use crate::browser::harness::{DEMO, demo, run};

#[test]
fn what_is_typed_is_saved_and_what_is_unknown_comes_back() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page).await;
        start_draft(&page).await;
        let id = draft_id(&page).await;
        let before = json!({
            "dispositionMetrics": [
                {"identifier": "a", "dispositionMetricType": "BOOLEAN", "dispositionMetricPrompt": "Was the caller content at the end of this call?", "weight": {"deep": [1, null]}},
                {"identifier": "b", "dispositionMetricType": "INTEGER", "dispositionMetricPrompt": "How many cards did the caller mention in this call?"},
                {"identifier": "c", "dispositionMetricType": "ENUM", "dispositionMetricPrompt": "What was wanted first? Options: x, y", "choices": ["x", "y"]},
            ],
            "successMetrics": [{"name": "kept", "of": [true, 1.5, "\u{00e9}"]}],
            "useInternalModel": true, "ours": null,
        });
        write(&page, &id, &before).await;
        page.press("Refresh").await;
        page.until("the other metrics", "document.querySelectorAll('[id^=identifier-]')[2]?.value === 'c'").await;
        assert_eq!(identifiers(&page).await, ["a", "b", "c"]);
        // Changed, moved, removed and put back, added of a template.
        put(&page, "prompt", 0, "Was the caller content when the call ended?").await;
        put(&page, "choices", 0, "x\n\n  y \nz").await;
        page.click("li:nth-child(3) [aria-label^='Move up']").await;
        page.until("another order", "document.querySelectorAll('[id^=identifier-]')[1].value === 'c'").await;
        page.click("[aria-label='Remove b']").await;
        page.until_text("b was removed.").await;
        page.click("[aria-label='Remove a']").await;
        page.until_text("a was removed.").await;
        assert_eq!(identifiers(&page).await, ["c"]);
        page.press("Put it back").await;
        page.until_text("b was removed.").await;
        page.press("Put it back").await;
        page.until("b", "document.querySelectorAll('[id^=identifier-]')[2]?.value === 'b'").await;
        page.click("select[aria-label=Template] option:nth-child(2)").await;
        page.press("Add the template").await;
        page.until("a fourth", "document.querySelectorAll('[id^=identifier-]').length === 4").await;
        let added = (typed(&page, "identifier", 3).await, typed(&page, "prompt", 3).await);
        assert!(!added.0.is_empty() && !added.1.is_empty());
        page.click("[aria-label^='Remove a']").await;
        page.press("Put it back").await;
        page.click(".flags label:last-of-type input").await;
        assert!(page.text(".saved").await.contains("Not saved"));
        save(&page).await;
        let (after, _) = draft(&page, &id).await;
        let templates =
            page.run("return fetch('/atoms/v1/disposition-metric-templates').then(answer => answer.json())").await;
        let first = &templates["data"][0];
        let template = json!({
            "identifier": first["identifier"], "dispositionMetricType": first["dispositionMetricType"],
            "dispositionMetricPrompt": first["dispositionMetricPrompt"],
        });
        assert_eq!(template["identifier"], json!(added.0), "{templates}");
        let mut expected = before.clone();
        expected["dispositionMetrics"][0]["dispositionMetricPrompt"] =
            json!("Was the caller content when the call ended?");
        expected["dispositionMetrics"][2]["choices"] = json!(["x", "y", "z"]);
        let list = expected["dispositionMetrics"].as_array_mut().unwrap();
        list.swap(1, 2);
        list.push(template);
        expected["useReasoningModel"] = json!(true);
        assert_eq!(after, expected);
        // It is the same after a reload, and nothing is called unsaved.
        page.reload().await;
        settled(&page).await;
        assert_eq!(identifiers(&page).await, ["a", "c", "b", added.0.as_str()]);
        assert_eq!(page.text(".saved").await, "");
    });
}

#[test]
fn findings_come_and_go_as_one_types() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page).await;
        start_draft(&page).await;
        assert!(!page.has(".lint").await);
        page.press("Add a metric").await;
        page.until("the new one", "document.activeElement.id.startsWith('identifier-')").await;
        page.keys("Call Outcome").await;
        page.until_text("Name it call_outcome.").await;
        let last = "[...document.querySelectorAll('.metrics ol > li')].at(-1)";
        page.until("its finding stands with it", &format!("{last}.querySelector('.lint')")).await;
        let at = identifiers(&page).await.len() - 1;
        put(&page, "identifier", at, "resolved").await;
        page.until(
            "a duplicate",
            &format!("{last}.innerText.includes('resolved') && document.querySelectorAll('.lint').length > 1"),
        )
        .await;
        put(&page, "identifier", at, "call_outcome").await;
        put(&page, "prompt", at, "Did the agent settle what the caller asked for in this call?").await;
        page.until("nothing", "!document.querySelector('.lint')").await;
        page.until_text("nothing found wrong").await;
        // An ENUM without choices, with one twice, with others than the prompt names.
        page.click(".metrics ol > li:last-child select option[value=ENUM]").await;
        page.until("no choices", &format!("{last}.querySelector('.lint')")).await;
        put(&page, "prompt", at, "How did the call end for the caller? Options: settled, open").await;
        let choices: usize = page.ask("document.querySelectorAll('[id^=choices-]').length - 1").await;
        put(&page, "choices", choices, "settled\nsettled\nother").await;
        page.until_text("'settled' stands there twice").await;
        page.until_text("Name the same values in both.").await;
        put(&page, "choices", choices, "settled\nopen").await;
        page.until("nothing", "!document.querySelector('.lint')").await;
        page.click("select[aria-label=Template] option:nth-child(2)").await;
        for _ in 0..2 {
            page.press("Add the template").await;
        }
        page.until("too many", "[...document.querySelectorAll('.lint')].some(of => of.innerText.includes('5'))").await;
    });
}

#[test]
fn a_draft_is_thrown_away_only_when_one_says_so() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page).await;
        let before = live(&page).await;
        start_draft(&page).await;
        let id = draft_id(&page).await;
        answer_questions(&page, false).await;
        page.press("Throw away").await;
        assert_eq!(questions(&page).await.len(), 1);
        assert!(page.has("#save-draft").await);
        answer_questions(&page, true).await;
        page.press("Throw away").await;
        page.until("what is live", "document.querySelector('.postcall[aria-busy=false] #start-draft')").await;
        page.expects("404");
        let gone = super::ask(&page, "GET", &format!("/drafts/{id}"), None).await;
        assert_eq!(gone["status"], json!(false), "{gone}");
        assert_eq!(live(&page).await, before);
    });
}
