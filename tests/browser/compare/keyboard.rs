//! Everything by keyboard.

use serde_json::{Value, json};

use super::{Agent, STORY, chosen, has_focus, lengthen_prompts, open, settled, story_page, text};
use crate::browser::harness::{DEMO, Page, demo, run};

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const DOWN: &str = "\u{e015}";
const RIGHT: &str = "\u{e014}";

/// Presses Tab until the focus is on such an element.
async fn tab_to(page: &Page, selector: &str) {
    for _ in 0..80 {
        page.keys(TAB).await;
        if page.ask::<bool>(&format!("document.activeElement.matches({})", json!(selector))).await {
            return;
        }
    }
    panic!("Tab never comes to {selector}");
}

/// Shift and Tab, which the driver holds only within one run of strokes.
async fn tab_back(page: &Page) {
    for kind in ["rawKeyDown", "keyUp"] {
        let stroke = json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9, "modifiers": 8 });
        page.devtools("Input.dispatchKeyEvent", stroke).await;
    }
}

#[test]
fn agent_and_versions_are_chosen_and_swapped_without_a_pointer() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let first = Agent::named(&server, "Account enquiries").await;
        open(&page, "/compare").await;
        tab_to(&page, "select[aria-label=Agent]").await;
        page.keys("Card").await;
        let story = Agent::named(&server, STORY).await;
        page.until("the story", "document.querySelector('.context').innerText.startsWith('Card services')").await;
        settled(&page).await;
        assert_ne!(chosen(&page, "Agent").await, first.id);
        has_focus(&page, "select[aria-label=Agent]").await;
        page.keys(TAB).await;
        has_focus(&page, "select[aria-label='Version A']").await;
        page.keys("v2").await;
        page.until_address(&story.address(&story.v2, &story.v2)).await;
        settled(&page).await;
        page.keys(TAB).await;
        has_focus(&page, "#swap").await;
        page.keys(TAB).await;
        has_focus(&page, "select[aria-label='Version B']").await;
        page.keys(DOWN).await;
        page.until_address(&story.address(&story.v2, &story.v1)).await;
        settled(&page).await;
        tab_back(&page).await;
        has_focus(&page, "#swap").await;
        page.keys(ENTER).await;
        page.until_address(&story.address(&story.v1, &story.v2)).await;
        page.until("A and B exchanged", "document.querySelector('.figures tbody tr td').innerText.startsWith('88')")
            .await;
        has_focus(&page, "#swap").await;
        let has_ring: bool = page.ask("getComputedStyle(document.activeElement).outlineStyle !== 'none'").await;
        assert!(has_ring, "the focus cannot be seen");
    });
}

#[test]
fn the_table_scrolls_and_a_charts_table_opens_without_a_pointer() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let story = Agent::named(&server, STORY).await;
        page.size(390, 844, 1.0).await;
        open(&page, &story.newest()).await;
        tab_to(&page, ".figures [role=region]").await;
        let region: (i64, bool) = page
            .ask(
                "[document.activeElement.tabIndex, \
                 document.activeElement.scrollWidth > document.activeElement.clientWidth]",
            )
            .await;
        assert_eq!(region, (0, true));
        page.keys(RIGHT).await;
        page.until("a scrolled table", "document.activeElement.scrollLeft > 0").await;
        tab_to(&page, "button[aria-label='Table of Differences, B minus A']").await;
        page.keys(ENTER).await;
        page.until("the table", "document.activeElement.closest('.chart').querySelector('.twin tbody tr')").await;
        let table = text(&page, ".chart .twin").await;
        assert!(table.contains("Completion rate") && table.contains("1.3"), "{table}");
        page.keys(ENTER).await;
        page.until("no table", "!document.querySelector('.twin')").await;
    });
}

#[test]
fn keys_walk_through_the_changes_and_the_raw_ones_open() {
    run(async {
        let (_server, page, _story) = story_page().await;
        // Four changes, round the ends.
        for (key, at) in [("n", 0), ("n", 1), ("n", 2), ("n", 3), ("n", 0), ("p", 3), ("p", 2)] {
            page.keys(key).await;
            has_focus(&page, &format!("#change-{at}")).await;
        }
        let is_seen: bool = page
            .ask(
                "(() => { const box = document.activeElement.getBoundingClientRect(); \
                 return box.top >= 0 && box.bottom <= innerHeight; })()",
            )
            .await;
        assert!(is_seen, "the change with the focus is outside the window");
        let has_ring: bool = page.ask("getComputedStyle(document.activeElement).outlineStyle !== 'none'").await;
        assert!(has_ring, "the focus cannot be seen");
        page.run("document.activeElement.blur(); document.getElementById('next-change').focus();").await;
        page.keys(TAB).await;
        page.keys(TAB).await;
        assert_eq!(page.ask::<String>("document.activeElement.textContent").await, "Raw JSON");
        page.keys(ENTER).await;
        page.until("the raw changes", "document.querySelector('.changes pre.raw')").await;
        let raw: Value = serde_json::from_str(&page.text(".changes pre.raw").await).unwrap();
        assert_eq!(raw["diffs"][0]["changes"][0]["oldValue"], 3000, "{raw:#}");
        has_focus(&page, "[aria-pressed=true]").await;
        page.keys(ENTER).await;
        page.until("the changes", "document.querySelector('.changes li') && !document.querySelector('pre.raw')").await;
        // From the raw ones a key leads back to a change.
        page.keys(ENTER).await;
        page.until("the raw changes", "document.querySelector('.changes pre.raw')").await;
        page.keys("n").await;
        has_focus(&page, "#change-3").await;
    });
}

#[test]
fn walking_on_leaves_open_what_was_opened() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let story = Agent::named(&server, STORY).await;
        lengthen_prompts(&server, &story).await;
        open(&page, &story.newest()).await;
        page.keys("n").await;
        has_focus(&page, "#change-0").await;
        page.press("Whole text").await;
        let whole = "[...document.querySelectorAll('.changes .texts button')].find(b => b.textContent === 'Less')";
        page.until("the whole text", whole).await;
        page.keys("n").await;
        has_focus(&page, "#change-1").await;
        page.drawn().await;
        assert!(page.ask::<bool>(&format!("!!{whole}")).await, "the whole text was closed");
    });
}

#[test]
fn the_menu_of_the_whole_comparison_closes_by_escape() {
    run(async {
        let (_server, page, _story) = story_page().await;
        tab_to(&page, ".title .menu summary").await;
        assert_eq!(page.ask::<String>("document.activeElement.ariaLabel").await, "Save Comparison");
        page.keys(ENTER).await;
        page.until("the menu", "document.querySelector('.title .menu').open").await;
        page.keys(TAB).await;
        assert_eq!(page.ask::<String>("document.activeElement.textContent").await, "PNG 1×");
        page.keys(ESCAPE).await;
        page.until("no menu", "!document.querySelector('.title .menu').open").await;
        has_focus(&page, ".title .menu summary").await;
    });
}
