//! A click with Shift on a day or an hour, and one on an agent, narrows the page to it.

use super::harness::{DEMO, Page, demo, run};

/// The middle of a chart's drawing.
async fn middle(page: &Page, chart: &str) -> (f64, f64) {
    page.ask(&format!("(() => {{ const box = document.querySelector(\"{chart}\").getBoundingClientRect(); return [box.width / 2, box.height * 0.6]; }})()")).await
}

/// A chart's canvas, by the chart's name.
fn canvas(name: &str) -> String {
    format!(".plot[aria-label^='{name}'] canvas")
}

#[test]
fn a_click_with_shift_on_a_day_shows_that_day_alone() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        let all = page.tile("Calls").await;
        let chart = canvas("Calls per day");
        let (x, y) = middle(&page, &chart).await;
        page.hover_at(&chart, x, y).await;
        page.until("the note", "document.querySelector('.chart-note.shown strong')").await;
        let day = page.text(".chart-note.shown strong").await;
        let calls: String = page.ask("document.querySelector('.chart-note.shown dd').textContent").await;
        page.shift_click_at(&chart, x, y).await;
        page.until("one day", "/^\\?from=(\\S+)&to=\\1$/.test(location.search)").await;
        page.settled().await;
        page.until(
            "that day's calls",
            &format!("document.querySelector('.tile .figure-large span').textContent === '{calls}'"),
        )
        .await;
        assert_ne!(page.tile("Calls").await, all);
        assert_eq!(page.text(".chip span").await, day);
        page.click(".chip").await;
        page.until_address("/").await;
        page.until("all calls", &format!("document.querySelector('.tile .figure-large span').textContent === '{all}'"))
            .await;
    });
}

#[test]
fn a_click_with_shift_on_an_hour_shows_that_hour_alone() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        let chart = canvas("Hour of day");
        let (x, y) = middle(&page, &chart).await;
        page.hover_at(&chart, x, y).await;
        page.until("the note", "document.querySelector('.chart-note.shown strong')").await;
        let calls: String = page.ask("document.querySelector('.chart-note.shown dd').textContent").await;
        page.shift_click_at(&chart, x, y).await;
        page.until("one hour", "/^\\?hour=\\d+$/.test(location.search)").await;
        page.until(
            "that hour's calls",
            &format!("document.querySelector('.tile .figure-large span').textContent === '{calls}'"),
        )
        .await;
        // The same again widens.
        page.settled().await;
        page.keys("w").await;
        page.until_address("/").await;
    });
}

#[test]
fn a_click_on_an_agent_shows_that_agent_alone_and_again_all() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        let (name, calls): (String, String) = page
            .ask("(() => { const row = document.querySelector('.agents tbody tr'); return [row.querySelector('.name').textContent, row.cells[1].textContent]; })()")
            .await;
        page.click(".agents tbody tr .name").await;
        page.until("one agent", "/^\\?agent=[\\w-]+$/.test(location.search)").await;
        page.until(
            "that agent's calls",
            &format!("document.querySelector('.tile .figure-large span').textContent === '{calls}'"),
        )
        .await;
        page.settled().await;
        assert_eq!(page.text(".chip span").await, name);
        assert_eq!(
            page.ask::<String>("document.querySelector('.agents .name').getAttribute('aria-pressed')").await,
            "true"
        );
        page.click(".agents tbody tr .name").await;
        page.until_address("/").await;
        page.settled().await;
        assert!(!page.has(".chip").await);
    });
}

#[test]
fn a_change_of_organisation_leaves_the_agent_behind() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let agent = server.text("SELECT id FROM agents WHERE name = 'Appointments'").await;
        let bank = server.text("SELECT id FROM organisations WHERE name = 'North Star Bank'").await;
        page.open_usage(&format!("/?agent={agent}")).await;
        page.run(&format!(
            "const choice = document.querySelector('.scope'); choice.value = 'o{bank}'; \
             choice.dispatchEvent(new Event('change', {{ bubbles: true }}));"
        ))
        .await;
        page.until_address(&format!("/?org={bank}")).await;
        page.settled().await;
        assert!(!page.has(".chip").await);
    });
}
