//! The address is the state of the page.

use serde_json::Value;

use super::harness::{DEMO, Page, Server, demo, run};

/// Everything that a person sees, canvases by a digest of their pixels.
const SEEN: &str = "({
    text: document.querySelector('main').innerText,
    fields: [...document.querySelectorAll('select, input')].map(field => field.type === 'checkbox' ? field.checked : field.value),
    pressed: [...document.querySelectorAll('[aria-pressed=true], [aria-sort=ascending], [aria-sort=descending]')].map(one => one.textContent),
    canvases: [...document.querySelectorAll('canvas')].map(canvas =>
        [...canvas.toDataURL()].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7)),
})";

async fn seen(page: &Page) -> Value {
    page.settled().await;
    page.drawn().await;
    page.ask(SEEN).await
}

async fn full_address(server: &Server) -> String {
    let organisation = server.text("SELECT id FROM organisations WHERE name = 'Harbour Health'").await;
    let agent = server.text("SELECT id FROM agents WHERE name = 'Appointments'").await;
    format!(
        "/?org={organisation}&range=90d&zone=Asia%2FKolkata&compare=off&agent={agent}&hour=9&hours=minutes&sort=-name&find=app"
    )
}

#[test]
fn a_reload_shows_the_same_page() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let address = full_address(&server).await;
        page.open_usage(&address).await;
        let before = seen(&page).await;
        assert_eq!(page.address().await, address);
        for part in ["Asia/Kolkata", "Appointments", "9:00", "1 of"] {
            assert!(before.to_string().contains(part), "{part} is not on the page: {before:#}");
        }
        page.reload().await;
        assert_eq!(seen(&page).await, before);
        page.open_usage("/").await;
        page.back().await;
        assert_eq!(seen(&page).await, before, "coming back from another document");
    });
}

#[test]
fn back_and_forward_undo_and_redo() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/?compare=off").await;
        let mut steps = vec![("/?compare=off".to_owned(), seen(&page).await)];
        for (act, address) in
            [("7 days", "/?range=7d&compare=off"), ("Minutes", "/?range=7d&compare=off&hours=minutes")]
        {
            page.press(act).await;
            page.until_address(address).await;
            steps.push((address.to_owned(), seen(&page).await));
        }
        page.click(".agents thead th:first-child button").await;
        page.until_address("/?range=7d&compare=off&hours=minutes&sort=name").await;
        steps.push((page.address().await, seen(&page).await));
        assert!(steps.windows(2).all(|pair| pair[0].1 != pair[1].1), "a step changed nothing");
        for (address, before) in steps.iter().rev().skip(1) {
            page.back().await;
            page.until_address(address).await;
            assert_eq!(seen(&page).await, *before, "back to {address}");
        }
        for (address, before) in steps.iter().skip(1) {
            page.forward().await;
            page.until_address(address).await;
            assert_eq!(seen(&page).await, *before, "forward to {address}");
        }
    });
}

#[test]
fn defaults_are_left_out_and_typing_fills_no_history() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        page.press("7 days").await;
        page.until_address("/?range=7d").await;
        page.press("30 days").await;
        page.until_address("/").await;
        page.settled().await;
        let before: usize = page.ask("history.length").await;
        page.click(".find").await;
        page.keys("card").await;
        page.until_address("/?find=card").await;
        page.until("one agent", "document.querySelectorAll('.agents tbody tr').length === 1").await;
        assert_eq!(page.ask::<usize>("history.length").await, before);
        page.back().await;
        page.until_address("/?range=7d").await;
    });
}

#[test]
fn names_in_another_order_are_no_other_page() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/?zone=UTC&range=7d").await;
        let before: usize = page.ask("history.length").await;
        page.keys("1").await;
        page.press("7 days").await;
        page.click(".find").await;
        page.keys("card").await;
        page.until("one agent", "document.querySelectorAll('.agents tbody tr').length === 1").await;
        assert_eq!(page.ask::<usize>("history.length").await, before);
    });
}

#[test]
fn an_address_with_nonsense_still_shows_a_page() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/?range=1y&from=2024-02-30&hour=99&sort=x&zone=Mars%2FOlympus&find=%E0%A4%A").await;
        page.until_text("'Mars/Olympus' is not a time zone").await;
        assert_ne!(page.tile("Calls").await, "–");
    });
}
