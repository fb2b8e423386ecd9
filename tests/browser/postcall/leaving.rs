//! What is typed and not saved is not lost without a question.

use super::{address, answer_questions, open, put, questions, save, settled, start_draft, typed};
use crate::browser::harness::{DEMO, Page, demo, run};

const TYPED: &str = "Did the caller get what they asked for in this call?";

async fn edited() -> (crate::browser::harness::Server, Page) {
    let (server, page) = demo(DEMO).await;
    open(&page).await;
    start_draft(&page).await;
    put(&page, "prompt", 0, TYPED).await;
    (server, page)
}

/// Whether the browser would ask before the tab is closed.
async fn holds_the_tab(page: &Page) -> bool {
    page.ask("(() => { const end = new Event('beforeunload', { cancelable: true }); window.dispatchEvent(end); return end.defaultPrevented; })()").await
}

#[test]
fn every_way_out_asks_and_no_keeps_what_is_typed() {
    run(async {
        let (_server, page) = edited().await;
        let here = page.address().await;
        answer_questions(&page, false).await;
        assert!(holds_the_tab(&page).await);
        page.press_link("Usage").await;
        page.until("a question", "window.asked.length === 1").await;
        page.keys("\u{e00c}").await;
        page.back().await;
        page.until("another", "window.asked.length === 2").await;
        page.until_address(&here).await;
        page.click("select[aria-label=Agent] option:last-child").await;
        page.until("a third", "window.asked.length === 3").await;
        page.click("select[aria-label=Version] option:last-child").await;
        page.until("a fourth", "window.asked.length === 4").await;
        assert_eq!(page.address().await, here);
        assert_eq!(typed(&page, "prompt", 0).await, TYPED);
        assert!(questions(&page).await.iter().all(|of| of.contains("not saved")), "{:?}", questions(&page).await);
        // The lists show what is so, not what was refused.
        page.click("select[aria-label='Whose calls'] option:last-child").await;
        page.until("a fifth", "window.asked.length === 5").await;
        page.drawn().await;
        let shown: Vec<String> = page
            .ask("['Agent', 'Version', 'Whose calls'].map(name => document.querySelector(`select[aria-label='${name}']`).selectedOptions[0].textContent)")
            .await;
        assert_eq!(shown, ["Card services", "A draft", "Everything"]);
        // Asking anew throws nothing away either.
        page.press("Refresh").await;
        settled(&page).await;
        assert_eq!(typed(&page, "prompt", 0).await, TYPED);
    });
}

#[test]
fn yes_leaves_and_what_is_saved_asks_nothing() {
    run(async {
        let (_server, page) = edited().await;
        answer_questions(&page, true).await;
        page.press_link("Usage").await;
        page.settled().await;
        assert_eq!(questions(&page).await.len(), 1);
        assert!(!holds_the_tab(&page).await, "another page holds nothing");
        page.open(&address()).await;
        settled(&page).await;
        start_draft(&page).await;
        put(&page, "prompt", 0, TYPED).await;
        save(&page).await;
        answer_questions(&page, false).await;
        assert!(!holds_the_tab(&page).await);
        page.press_link("Usage").await;
        page.settled().await;
        assert_eq!(questions(&page).await.len(), 0);
    });
}
