//! What is compared: chosen, swapped, kept in the address.

use serde_json::Value;

use super::{Agent, STORY, all_chosen, choose, open, row, rows, settled, story_page, text};
use crate::browser::harness::{Browser, DEMO, Page, demo, run};
use crate::browser::sign_in::fill;

#[test]
fn the_newest_two_versions_are_chosen_and_any_others_can_be() {
    run(async {
        let (server, page) = demo(DEMO).await;
        // A third version, older than the two, so that "the newest two" is not "all".
        let story = Agent::named(&server, STORY).await;
        let older = format!(
            "INSERT INTO versions (id, agent_id, label, config, published_ms, activated_ms) \
             SELECT 'older', agent_id, 'trial', config, published_ms - 1000, NULL FROM versions WHERE id = '{}'",
            story.v1
        );
        assert_eq!(server.sql(&older).await, 1);
        open(&page, "/compare").await;
        let first = Agent::named(&server, "Account enquiries").await;
        assert_eq!(all_chosen(&page).await, [first.id, first.v1, first.v2], "the first agent, its newest two versions");
        assert_eq!(page.address().await, "/compare", "defaults are left out");
        let before = (text(&page, ".verdict").await, rows(&page).await);
        choose(&page, "Agent", &story.id).await;
        page.until_address(&story.newest()).await;
        page.until("the story", "document.querySelector('.context').innerText.startsWith('Card services · A v2')")
            .await;
        settled(&page).await;
        let context = text(&page, ".context").await;
        assert!(context.starts_with("Card services · A v2 · v1 (n 1,250), B v3 · v2 (n 1,400) · "), "{context}");
        assert_eq!(all_chosen(&page).await, [&story.id, &story.v1, &story.v2].map(String::clone));
        assert_eq!(row(&page, "Calls").await[1..4], ["1,250", "1,400", "+150 +12.0 %"]);
        let after = (text(&page, ".verdict").await, rows(&page).await);
        assert!(before.0 != after.0 && before.1 != after.1, "the verdict or the figures are still those of another");
        choose(&page, "Version A", "older").await;
        page.until_address(&story.address("older", &story.v2)).await;
        page.until("no call", "document.querySelector('.verdict').innerText.includes('A took no call')").await;
        choose(&page, "Version B", &story.v1).await;
        page.until_address(&story.address("older", &story.v1)).await;
        page.until("the other", "document.querySelector('.context').innerText.includes('B v2 · v1 (n 1,250)')").await;
        assert_eq!(all_chosen(&page).await[1..], ["older".to_owned(), story.v1.clone()]);
    });
}

/// A difference, or the ends of an interval, seen from the other side.
fn turned(text: &str) -> String {
    let opposite = |number: &str| match number.strip_prefix('+') {
        Some(rest) => format!("−{rest}"),
        None => number.strip_prefix('−').map_or_else(|| number.to_owned(), |rest| format!("+{rest}")),
    };
    let (number, unit) = text.strip_suffix(" pp").map_or((text, ""), |number| (number, " pp"));
    match number.split_once(" to ") {
        Some((low, high)) => format!("{} to {}{unit}", opposite(high), opposite(low)),
        None => format!("{}{unit}", opposite(number)),
    }
}

/// Whether the second table is the first one with A and B exchanged.
fn assert_turned(before: &[[String; 7]], after: &[[String; 7]]) {
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(after) {
        assert_eq!((&before[1], &before[2]), (&after[2], &after[1]), "{}", before[0]);
        assert_eq!(turned(&before[4]), after[4], "the interval of {}", before[0]);
        // Behind the difference may stand its percentage, of the other side now.
        let difference = |cell: &str| {
            let words: Vec<&str> = cell.split(' ').collect();
            if cell.ends_with(" pp") { cell.to_owned() } else { words[0].to_owned() }
        };
        assert_eq!(turned(&difference(&before[3])), difference(&after[3]), "{}", before[0]);
    }
}

#[test]
fn swapping_turns_the_differences_round_and_back_undoes_it() {
    run(async {
        let (_server, page, story) = story_page().await;
        let start = story.newest();
        let (before, page_before) = (rows(&page).await, seen(&page).await);
        assert_eq!(before[0][3], "+1.3 pp");
        let swapped = "document.querySelector('.context').innerText.includes('A v2 (n 1,400), B v1 (n 1,250)')";
        let unswapped = "document.querySelector('.context').innerText.includes('A v1 (n 1,250), B v2 (n 1,400)')";
        for act in ["button", "key"] {
            if act == "key" {
                page.keys("s").await;
            } else {
                page.click("#swap").await;
            }
            page.until_address(&story.address(&story.v2, &story.v1)).await;
            page.until("A and B exchanged", swapped).await;
            settled(&page).await;
            let after = rows(&page).await;
            assert_eq!(after[0][3], "−1.3 pp", "after the {act}");
            assert_turned(&before, &after);
            assert!(text(&page, ".verdict").await.contains("1.3 points lower"), "after the {act}");
            assert_eq!(all_chosen(&page).await[1..], [story.v2.clone(), story.v1.clone()]);
            let timeout: [String; 2] = page
                .ask("['del', 'ins'].map(side => document.querySelector(`#change-0 .sides ${side}`).textContent)")
                .await;
            assert_eq!(timeout, ["5000", "3000"]);
            page.back().await;
            page.until_address(&start).await;
            page.until("A and B as before", unswapped).await;
            assert_eq!(seen(&page).await, page_before, "back after the {act}");
        }
    });
}

/// Everything that a person sees, canvases by a digest of their pixels.
async fn seen(page: &Page) -> Value {
    settled(page).await;
    page.drawn().await;
    page.ask(
        "({
            text: document.querySelector('main').innerText,
            fields: [...document.querySelectorAll('select')].map(field => field.value),
            pressed: [...document.querySelectorAll('[aria-pressed=true]')].map(one => one.textContent),
            canvases: [...document.querySelectorAll('canvas')].map(canvas =>
                [...canvas.toDataURL()].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7)),
        })",
    )
    .await
}

#[test]
fn an_address_shows_the_same_page_to_somebody_else_and_after_a_reload() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let story = Agent::named(&server, STORY).await;
        let bank = server.text("SELECT id FROM organisations WHERE name = 'North Star Bank'").await;
        // Nothing of it is a default.
        let address = format!(
            "/compare?org={bank}&agent={}&a={}&b={}&zone=Asia%2FKolkata&range=90d",
            story.id, story.v2, story.v1
        );
        open(&page, &address).await;
        let before = seen(&page).await;
        assert_eq!(page.address().await, address);
        for part in ["Card services · A v2", "Asia/Kolkata", "90 days", "points lower"] {
            assert!(before.to_string().contains(part), "{part} is not on the page: {before:#}");
        }
        page.reload().await;
        assert_eq!(seen(&page).await, before, "after a reload");
        let other = Browser::start().await.page(&server.origin());
        other.open(&address).await;
        fill(&other, DEMO.0, DEMO.1).await;
        other.press("Sign in").await;
        assert_eq!(seen(&other).await, before, "in a session of one's own");
        assert_eq!(other.address().await, address);
    });
}

#[test]
fn the_header_leads_from_usage_to_the_same_agent_and_back() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let story = Agent::named(&server, STORY).await;
        let bank = server.text("SELECT id FROM organisations WHERE name = 'North Star Bank'").await;
        let current = "[...document.querySelectorAll('header nav [aria-current=page]')].map(link => link.textContent)";
        page.open_usage(&format!("/?org={bank}&agent={}", story.id)).await;
        assert_eq!(page.ask::<Vec<String>>(current).await, ["Usage"]);
        page.run("window.isSameDocument = true").await;
        page.press_link("Compare").await;
        page.until_address(&format!("/compare?org={bank}&agent={}", story.id)).await;
        settled(&page).await;
        assert!(page.ask::<bool>("window.isSameDocument === true").await, "the app was loaded anew");
        assert_eq!(page.ask::<Vec<String>>(current).await, ["Compare"]);
        assert!(text(&page, ".context").await.starts_with("Card services · A v1"));
        // Only the organisation's agents are offered.
        let offered: Vec<String> = page
            .ask("[...document.querySelectorAll('select[aria-label=Agent] option')].map(option => option.textContent)")
            .await;
        assert!(offered.iter().any(|name| name == "Fraud line"), "{offered:?}");
        assert!(!offered.iter().any(|name| name == "Appointments" || name == "Meter readings"), "{offered:?}");
        page.press_link("Usage").await;
        page.until_address(&format!("/?org={bank}&agent={}", story.id)).await;
        page.settled().await;
        assert_eq!(page.ask::<Vec<String>>(current).await, ["Usage"]);
        page.back().await;
        page.until_address(&format!("/compare?org={bank}&agent={}", story.id)).await;
        settled(&page).await;
    });
}

/// Browsers list a zone under one of its names only.
#[test]
fn a_zone_by_another_name_is_still_the_one_that_is_shown() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page, "/compare?zone=Asia%2FKolkata").await;
        settled(&page).await;
        assert!(text(&page, ".context").await.ends_with(" · Asia/Kolkata"));
        let shown = "document.querySelector('select[aria-label^=\"Time zone\"]').selectedOptions[0].textContent";
        assert_eq!(page.ask::<String>(shown).await, "Asia/Kolkata");
    });
}

#[test]
fn an_address_beside_the_page_is_still_no_page() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        for address in ["/comparison", "/compare/agents", "/nowhere"] {
            page.open(address).await;
            page.until_text("There is no such page").await;
            assert!(!page.has(".compare").await && !page.has("header nav [aria-current=page]").await, "{address}");
        }
        page.press_link("Compare").await;
        settled(&page).await;
        assert_eq!(page.address().await, "/compare");
    });
}
