//! Everything by keyboard.

use super::harness::{Browser, DEMO, Page, Server, demo, run};

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const RIGHT: &str = "\u{e014}";
const LEFT: &str = "\u{e012}";
const END: &str = "\u{e010}";

/// Presses Tab until the focus is on such an element.
async fn tab_to(page: &Page, selector: &str) {
    for _ in 0..60 {
        page.keys(TAB).await;
        if page.ask::<bool>(&format!("document.activeElement.matches('{selector}')")).await {
            return;
        }
    }
    panic!("Tab never comes to {selector}");
}

/// What the live region of the chart with the focus says.
async fn spoken(page: &Page) -> String {
    page.ask("document.activeElement.querySelector('[aria-live]').textContent").await
}

#[test]
fn a_person_without_a_pointer_signs_in_reads_and_narrows() {
    run(async {
        let server = Server::demo().await;
        let page = Browser::start().await.page(&server.origin());
        page.open("/").await;
        page.until("the form", "document.activeElement.name === 'email'").await;
        page.keys(DEMO.0).await;
        page.keys(TAB).await;
        page.keys(DEMO.1).await;
        page.keys(ENTER).await;
        page.settled().await;
        tab_to(&page, ".plot").await;
        let name: String = page.ask("document.activeElement.getAttribute('aria-label')").await;
        assert!(name.starts_with("Calls per day"), "{name}");
        let has_ring: bool = page.ask("getComputedStyle(document.activeElement).outlineStyle !== 'none'").await;
        assert!(has_ring, "the focus cannot be seen");
        page.keys(RIGHT).await;
        let first = spoken(&page).await;
        page.keys(RIGHT).await;
        let second = spoken(&page).await;
        assert!(first.contains("Calls ") && second.contains("Calls ") && first != second, "{first} / {second}");
        page.keys(LEFT).await;
        assert_eq!(spoken(&page).await, first);
        page.keys(END).await;
        let last = spoken(&page).await;
        page.keys(LEFT).await;
        let chosen = spoken(&page).await;
        assert_ne!(last, chosen);
        page.shift_key(ENTER).await;
        page.until("one day", "/^\\?from=(\\S+)&to=\\1$/.test(location.search)").await;
        page.settled().await;
        let day = chosen.split(':').next().unwrap().to_owned();
        assert_eq!(page.text(".chip span").await, day);
        page.keys(ESCAPE).await;
        page.click(".chip").await;
        page.until_address("/").await;
        page.until("no chip", "!document.querySelector('.chip')").await;
    });
}

#[test]
fn letters_change_what_is_shown() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        for (key, address) in [
            ("1", "/?range=7d"),
            ("3", "/?range=90d"),
            ("4", "/?range=mtd"),
            ("2", "/"),
            ("c", "/?compare=off"),
            ("c", "/"),
        ] {
            page.keys(key).await;
            page.until_address(address).await;
            page.settled().await;
        }
        let asked =
            "performance.getEntriesByType('resource').filter(entry => entry.name.includes('/v1/metrics')).length";
        let before: usize = page.ask(asked).await;
        page.keys("r").await;
        page.until("new questions", &format!("{asked} === {}", before + 2)).await;
        page.settled().await;
        let theme = "document.documentElement.dataset.theme";
        for next in ["light", "dark", "auto"] {
            page.keys("t").await;
            page.until(next, &format!("{theme} === '{next}'")).await;
        }
        page.keys("/").await;
        page.until("the search", "document.activeElement.matches('.find')").await;
        // A letter that is typed is no command.
        page.keys("c1").await;
        page.until_address("/?find=c1").await;
    });
}

#[test]
fn a_key_for_a_period_closes_the_form_of_days_and_works_from_a_checkbox() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        page.press("Custom").await;
        page.until("the form", "document.querySelector('form.days')").await;
        page.run(
            "const first = document.querySelector('form.days input');
             first.value = '';
             first.dispatchEvent(new Event('input', { bubbles: true }));",
        )
        .await;
        page.press("Show").await;
        page.until_text("Choose a first and a last day.").await;
        page.run("document.querySelector('.check input').focus()").await;
        page.keys("1").await;
        page.until_address("/?range=7d").await;
        page.until("no form", "!document.querySelector('form.days')").await;
    });
}

#[test]
fn the_list_of_keys_opens_and_closes_and_w_widens() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/?hour=9").await;
        page.keys("?").await;
        page.until("the list", "document.querySelector('dialog').open").await;
        // Under the list no key acts.
        page.keys("1c").await;
        page.keys(ESCAPE).await;
        page.until("no list", "!document.querySelector('dialog').open").await;
        assert_eq!(page.address().await, "/?hour=9");
        page.keys("?").await;
        page.until("the list again", "document.querySelector('dialog').open").await;
        page.press("Close").await;
        page.until("no list", "!document.querySelector('dialog').open").await;
        page.keys("w").await;
        page.until_address("/").await;
        page.until("no chip", "!document.querySelector('.chip')").await;
    });
}

#[test]
fn the_save_menu_closes_by_escape_and_gives_the_focus_back() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        tab_to(&page, ".chart .menu summary").await;
        page.keys(ENTER).await;
        page.until("the menu", "document.querySelector('.chart .menu').open").await;
        page.keys(TAB).await;
        assert_eq!(page.ask::<String>("document.activeElement.textContent").await, "PNG 1×");
        page.keys(ESCAPE).await;
        page.until("no menu", "!document.querySelector('.chart .menu').open").await;
        assert!(page.ask::<bool>("document.activeElement.matches('.chart .menu summary')").await);
        // The first Tab of the page offers to skip what comes before it.
        page.open_usage("/").await;
        page.keys(TAB).await;
        assert!(page.ask::<bool>("document.activeElement.matches('.skip')").await);
        page.keys(ENTER).await;
        page.until("the page", "document.activeElement.id === 'page'").await;
    });
}
