//! What calls answered is what the database holds.

use serde_json::Value;

use super::{AGENT, behind_proxy, open};
use crate::browser::harness::{DEMO, Page, Plan, Server, demo, run};

async fn read(page: &Page) {
    page.click("#read-answers").await;
    page.until("the answers", "document.querySelector('.postcall').innerText.includes('with an answer.')").await;
}

/// The rows of a chart's table: the texts of its cells.
async fn table(page: &Page, chart: &str) -> Vec<Vec<String>> {
    let card = format!(
        "[...document.querySelectorAll('.answered .chart')].find(of => of.querySelector('h2, h3, h4').textContent === '{chart}')"
    );
    page.until(chart, &card).await;
    page.run(&format!("const card = {card}; if (!card.querySelector('.twin')) [...card.querySelectorAll('button')].find(of => of.textContent.trim() === 'Table').click()")).await;
    page.until("the table", &format!("{card}.querySelector('.twin tbody tr')")).await;
    page.ask(&format!(
        "[...{card}.querySelectorAll('.twin tbody tr')].map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    ))
    .await
}

/// What the database says of the answers to a metric in the calls of 30 days: each value with its calls.
async fn counted(server: &Server, metric: &str, condition: &str) -> Vec<(String, u64)> {
    let sql = format!(
        "SELECT coalesce(json_group_array(json_array(value, calls)), '[]') FROM (\
           SELECT json_extract(answer.value, '$.value') AS value, count(*) AS calls \
           FROM calls JOIN call_details ON call_details.call_id = calls.id, json_each(call_details.analytics, '$.answers') AS answer \
           WHERE calls.agent_id = '{AGENT}' AND json_extract(answer.value, '$.identifier') = '{metric}' AND {condition} \
           GROUP BY 1 ORDER BY 1)"
    );
    let rows: Vec<Value> = serde_json::from_str(&server.text(&sql).await).unwrap();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    rows.iter().map(|row| (text(&row[0]), row[1].as_u64().unwrap())).collect()
}

/// The first and the last day that are read, as a condition.
async fn days(page: &Page) -> String {
    let days: Vec<String> =
        page.ask("[...document.querySelectorAll('.segments + .days input, .days input')].map(of => of.value)").await;
    let [from, to] = &*days else { panic!("{days:?}") };
    format!("date(calls.started_ms / 1000, 'unixepoch') BETWEEN '{from}' AND '{to}'")
}

#[test]
fn shares_means_days_and_versions_are_those_of_the_database() {
    run(async {
        let (server, page) = demo(DEMO).await;
        open(&page).await;
        page.press("Custom").await;
        page.until("the days", "document.querySelectorAll('.days input').length === 2").await;
        read(&page).await;
        let condition = days(&page).await;
        let resolved = counted(&server, "resolved", &condition).await;
        let total: u64 = resolved.iter().map(|(_, calls)| calls).sum();
        assert!(total > 500, "{resolved:?}");
        let rows = table(&page, "resolved: shares").await;
        assert_eq!(rows.len(), 2);
        for row in &rows {
            let calls = resolved.iter().find(|(value, _)| *value == row[0]).map_or(0, |(_, calls)| *calls);
            assert_eq!(row[1].replace(',', ""), calls.to_string(), "{row:?}");
            let share = format!("{:.1}", calls as f64 * 100.0 / total as f64);
            assert!(row[2..].iter().any(|cell| cell.starts_with(&share)), "{share} in {row:?}");
        }
        // Over time.
        let by_day = table(&page, "resolved: by day").await;
        let sum: u64 = by_day.iter().map(|row| row[1].replace(',', "").parse::<u64>().unwrap()).sum();
        assert_eq!(sum, total);
        // Whole numbers have a mean.
        let scores = counted(&server, "satisfaction", &condition).await;
        let calls: u64 = scores.iter().map(|(_, calls)| calls).sum();
        let all: u64 = scores.iter().map(|(score, calls)| score.parse::<u64>().unwrap() * calls).sum();
        let mean = format!("Mean {:.2}", all as f64 / calls as f64);
        let said = page.text(".mean").await;
        assert!(said.starts_with(&mean), "{mean} in {said}");
        // By version: every call has one or has none.
        let versions: Vec<Vec<String>> = page.ask("[...[...document.querySelectorAll('.answered')][0].querySelectorAll('.card:not(.chart) .twin tbody tr')].map(row => [...row.cells].map(cell => cell.innerText))").await;
        let by_version: u64 = versions.iter().map(|row| row[4].replace(',', "").parse::<u64>().unwrap()).sum();
        assert_eq!(by_version, total, "{versions:?}");
        page.until(
            "how it was asked",
            "document.querySelector('.answered .card:not(.chart) .twin tbody td:nth-child(4)').innerText === 'as now'",
        )
        .await;
    });
}

#[test]
fn a_day_leads_to_its_calls() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page).await;
        read(&page).await;
        page.until(
            "the days",
            "document.querySelectorAll('.answered .chart [tabindex=\"0\"], .answered .chart canvas').length > 1",
        )
        .await;
        page.run("[...document.querySelectorAll('.answered .chart')].find(of => of.innerText.includes('resolved: by day')).querySelector('[role=application], [tabindex=\"0\"]').focus()").await;
        page.keys("\u{e011}").await;
        page.keys("\u{e007}").await;
        page.until("calls", "location.pathname === '/calls' && document.querySelector('.calls tbody tr')").await;
        let address = page.address().await;
        assert!(address.contains(&format!("agent={AGENT}")) && address.contains("from="), "{address}");
    });
}

#[test]
fn what_failed_on_the_way_is_said_and_read_again() {
    run(async {
        let (_server, proxy, page) = behind_proxy(&[]).await;
        page.expects("500");
        proxy.plan("/conversation", 50, Plan::Instead("500 Internal Server Error", "", "no"));
        page.click("#read-answers").await;
        page.until_text("then it failed").await;
        proxy.calm();
        page.press("Try again").await;
        page.until("the answers", "document.querySelector('.postcall').innerText.includes('with an answer.')").await;
        // Other days forget what was read of these.
        page.press("7 days").await;
        page.until("nothing", "!document.querySelector('.answered')").await;
        read(&page).await;
    });
}
