//! What the page says of the demo's story.

use serde_json::{Value, json};

use super::{row, settled, story_page, text};
use crate::browser::harness::{Page, Server, run};

#[test]
fn the_storys_figures_are_told_as_they_are() {
    run(async {
        let (server, page, _story) = story_page().await;
        let zone = server.text("SELECT time_zone FROM organisations WHERE name = 'North Star Bank'").await;
        let context = text(&page, ".context").await;
        let is_whole = context.starts_with("Card services · A v1 (n 1,250), B v2 (n 1,400) · ")
            && context.ends_with(&format!(" · {zone}"));
        assert!(is_whole, "{context}");
        // 1,100 of 1,250 against 1,250 of 1,400. It takes 9,556 calls each for 80 % power.
        let verdict = text(&page, ".verdict").await;
        for part in [
            "B's completion rate is 1.3 points higher, which may be chance: about 8,231 more calls per version \
             would probably settle it at one look. Watched every day it takes more.",
            "A larger share of B's calls than of A's was ended by system: 15.7 % against 12.0 %; one look would call that \
             clear",
        ] {
            assert!(verdict.contains(part), "'{part}' is not in {verdict}");
        }
        let completion = row(&page, "Completion rate").await;
        assert_eq!(completion[1..4], ["88.0 %", "89.3 %", "+1.3 pp"]);
        assert!(completion[6].starts_with("no clear difference"), "{completion:?}");
        assert!(completion[4].starts_with('−') && completion[4].contains("to +"), "the interval holds zero");
        for (name, cells) in [
            ("Ended by user", ["56.0 %", "55.7 %", "−0.3 pp"]),
            ("Ended by agent", ["32.0 %", "28.6 %", "−3.4 pp"]),
            ("Ended by system", ["12.0 %", "15.7 %", "+3.7 pp"]),
            ("Answered calls", ["1,100", "1,250", "+150 +13.6 %"]),
            ("Average duration", ["32.0 s", "28.0 s", "−4.0 s −12.5 %"]),
            ("Cost (credits)", ["451.25", "480.20", "+28.95 +6.4 %"]),
            ("Cost per call (credits)", ["0.3610", "0.3430", "−0.0180 −5.0 %"]),
            ("Cost per minute (credits)", ["0.6769", "0.7350", "+0.0581 +8.6 %"]),
        ] {
            assert_eq!(row(&page, name).await[1..4], cells, "{name}");
        }
    });
}

/// From the calls themselves duration and cost get intervals; as calls still come in, they are for one look.
#[test]
fn the_calls_of_both_give_duration_and_cost_their_intervals() {
    run(async {
        let (_server, page, _story) = story_page().await;
        assert_eq!(row(&page, "Average duration").await[4], "unknown");
        page.click("#load-spread").await;
        page.until_text("Duration and cost from 2,650 calls.").await;
        let duration = row(&page, "Average duration").await;
        assert!(duration[4].starts_with('−') && duration[4].ends_with("one look"), "{duration:?}");
        assert!(duration[6].starts_with("not settled yet"), "{duration:?}");
        assert!(row(&page, "Cost per call (credits)").await[4].ends_with("one look"));
        assert!(text(&page, ".verdict").await.contains("B's average duration is 28.0 s against 32.0 s"));
        // Another comparison knows nothing of these calls.
        page.keys("s").await;
        settled(&page).await;
        page.until("no interval", "[...document.querySelectorAll('.figures tbody tr')].some(row => row.innerText.startsWith('Average duration') && row.innerText.includes('unknown'))").await;
        assert!(page.has("#load-spread").await);
    });
}

/// The selector of the card of a chart.
async fn card(page: &Page, title: &str) -> String {
    let found = format!(
        "(() => {{ const card = [...document.querySelectorAll('.chart')].find(card => \
         card.querySelector('h2').textContent === {}); if (card) card.dataset.testCard = {}; return card; }})()",
        json!(title),
        json!(title)
    );
    page.until(title, &found).await;
    format!("[data-test-card='{title}']")
}

#[test]
fn the_storys_mix_names_what_moved_and_says_on_how_many_looks() {
    run(async {
        let (_server, page, _story) = story_page().await;
        let card = card(&page, "Who ended the calls").await;
        // χ² of 700, 400, 150 against 780, 400, 220 is 9.106 with two degrees of freedom.
        let note = text(&page, &format!("{card} .note")).await;
        assert_eq!(note, "system stands out, +3.7 pp · χ² p = 0.011, Cramér's V 0.059, at one look");
        page.click(&format!("{card} button[aria-label^='Table of']")).await;
        page.until("the table", &format!("document.querySelector(\"{card} .twin tbody tr\")")).await;
        let cells: Vec<Vec<String>> = page
            .ask(&format!(
                "[...document.querySelectorAll(\"{card} .twin tbody tr\")].map(row => \
                 [...row.cells].map(cell => cell.innerText))"
            ))
            .await;
        let expected = [
            ["User", "700", "56.0", "780", "55.7", "−0.3"],
            ["Agent", "400", "32.0", "400", "28.6", "−3.4"],
            ["System", "150", "12.0", "220", "15.7", "3.7"],
        ];
        assert_eq!(cells, expected.map(|row| row.map(str::to_owned).to_vec()));
    });
}

/// A value of a configuration, by a JSON pointer.
async fn configured(server: &Server, version: &str, pointer: &str) -> Value {
    let config = server.text(&format!("SELECT config FROM versions WHERE id = '{version}'")).await;
    serde_json::from_str::<Value>(&config).unwrap().pointer(pointer).unwrap().clone()
}

#[test]
fn the_storys_configuration_is_compared_value_by_value() {
    run(async {
        let (server, page, story) = story_page().await;
        assert_eq!(text(&page, ".changes .note").await, "4 changes in 3 sections");
        let short: Vec<[String; 3]> = page
            .ask(
                "[...document.querySelectorAll('.changes li')].filter(li => li.querySelector('.sides')).map(li => \
                 [li.querySelector('p code'), li.querySelector('del'), li.querySelector('ins')]\
                 .map(part => part.textContent))",
            )
            .await;
        let expected = [
            ["dialog.nodes[3].actions[0].parameters.timeout", "3000", "5000"],
            ["dialog.nodes[5].actions[1].type", "\"sendMessage\"", "\"playAudio\""],
            ["llm.temperature", "0.4", "0.2"],
        ];
        assert_eq!(short, expected.map(|change| change.map(str::to_owned)));
        assert!(text(&page, ".changes").await.contains("Unchanged: analytics, entities, intents, timeouts, voice."));
        // Of the prompt the changed pieces are marked; both sides can be read from them, letter by letter.
        let side = |without: &str| {
            format!(
                "(() => {{ const text = document.querySelector('.changes .texts pre').cloneNode(true); \
                 text.querySelectorAll('{without}').forEach(one => one.remove()); return text.textContent; }})()"
            )
        };
        let pair: [String; 2] = [page.ask(&side("ins")).await, page.ask(&side("del")).await];
        for (shown, version) in pair.iter().zip([&story.v1, &story.v2]) {
            let prompt = configured(&server, version, "/prompt/text").await;
            assert_eq!(shown.trim_end(), prompt.as_str().unwrap());
        }
    });
}
