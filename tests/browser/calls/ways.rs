//! The ways to calls: from the charts of usage and of a comparison.

use super::{counted, settled, total};
use crate::browser::harness::{DEMO, Page, demo, run};

fn canvas(name: &str) -> String {
    format!(".plot[aria-label^='{name}'] canvas")
}

/// Points at a place of a chart, by shares of its width and height, and gives the heading of its note.
async fn point(page: &Page, chart: &str, across: f64, down: f64) -> (f64, f64, String) {
    page.until("the chart", &format!("document.querySelector(\"{chart}\")")).await;
    let (width, height): (f64, f64) = page
        .ask(&format!("(() => {{ const box = document.querySelector(\"{chart}\").getBoundingClientRect(); return [box.width, box.height]; }})()"))
        .await;
    let (x, y) = (width * across, height * down);
    page.hover_at(chart, x, y).await;
    page.until("the note", "document.querySelector('.chart-note.shown strong')").await;
    (x, y, page.text(".chart-note.shown strong").await)
}

#[test]
fn a_day_an_hour_an_outcome_and_a_reason_lead_to_their_calls() {
    run(async {
        let (server, page) = demo(DEMO).await;
        page.open_usage("/?zone=UTC").await;
        let chart = canvas("Calls per day");
        let (x, y, _) = point(&page, &chart, 0.5, 0.6).await;
        let calls: String = page.ask("document.querySelector('.chart-note.shown dd').textContent").await;
        page.click_at(&chart, x, y).await;
        page.until(
            "calls of a day",
            r"/^\/calls\?from=(\S+)&to=\1&zone=UTC$/.test(location.pathname + location.search)",
        )
        .await;
        settled(&page).await;
        assert_eq!(total(&page).await.to_string(), calls.replace(',', ""));
        page.back().await;
        page.settled().await;
        let chart = canvas("Hour of day");
        let (x, y, _) = point(&page, &chart, 0.5, 0.6).await;
        page.click_at(&chart, x, y).await;
        page.until("calls of an hour", r"/^\/calls\?zone=UTC&hour=\d+$/.test(location.pathname + location.search)")
            .await;
        settled(&page).await;
        page.back().await;
        page.settled().await;
        let chart = canvas("How calls ended");
        let (x, y, _) = point(&page, &chart, 0.2, 0.5).await;
        page.click_at(&chart, x, y).await;
        page.until_address("/calls?zone=UTC&outcome=resolved").await;
        settled(&page).await;
        page.back().await;
        page.settled().await;
        let chart = canvas("Minutes before hand-off");
        let (x, y, reason) = point(&page, &chart, 0.4, 0.08).await;
        page.click_at(&chart, x, y).await;
        page.until("calls of a reason", "location.search.includes('handover=')").await;
        settled(&page).await;
        assert!(total(&page).await <= counted(&server, &format!("escalation_reason = '{reason}'")).await);
        assert!(page.text(".chip").await.contains(&reason));
    });
}

/// From an odd day to what was said in one of its hours.
#[test]
fn three_clicks_lead_from_an_odd_day_to_a_transcript_of_its_hour() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        let chart = canvas("Calls per day");
        let (x, y, _) = point(&page, &chart, 0.4, 0.6).await;
        page.click_at(&chart, x, y).await;
        settled(&page).await;
        super::choose(&page, "Hour", "10").await;
        page.until("the hour", "location.search.includes('hour=10')").await;
        settled(&page).await;
        let answered = "[...document.querySelectorAll('.calls tbody tr')].find(row => row.cells[4].innerText.includes('Resolved')).querySelector('.name')";
        page.run(&format!("{answered}.click()")).await;
        page.until("what was said", "document.querySelectorAll('.said li').length > 3").await;
    });
}

#[test]
fn the_charts_of_a_comparison_lead_to_calls_of_the_agent() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let agent = server.text("SELECT id FROM agents WHERE name = 'Card services'").await;
        let v2 = server.text(&format!("SELECT id FROM versions WHERE agent_id = '{agent}' AND label = 'v2'")).await;
        page.open(&format!("/compare?agent={agent}")).await;
        page.until("figures", "document.querySelector('.compare[aria-busy=false] .figures tbody tr')").await;
        let chart = canvas("Who ended the calls");
        // The third of the listed sources.
        let (x, y, source) = point(&page, &chart, 0.2, 0.93).await;
        assert_eq!(source.to_lowercase(), "system");
        page.click_at(&chart, x, y).await;
        page.until("calls of a source", "location.search.includes('source=system')").await;
        settled(&page).await;
        assert!(page.address().await.contains(&format!("version={v2}")));
        // The story: the system ended 220 of the newer version's calls.
        assert_eq!(total(&page).await, 220);
    });
}

#[test]
fn the_header_leads_to_the_calls_of_the_same_agent() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let agent = server.text("SELECT id FROM agents WHERE name = 'Appointments'").await;
        page.open_usage(&format!("/?agent={agent}")).await;
        page.press_link("Calls").await;
        page.until_address(&format!("/calls?agent={agent}")).await;
        settled(&page).await;
        assert!(super::column(&page, 1).await.iter().all(|name| name.starts_with("Appointments")));
    });
}
