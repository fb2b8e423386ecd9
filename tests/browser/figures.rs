//! What the page shows is what the server answered.

use serde_json::Value;

use super::harness::{DEMO, Page, demo, run};

/// The server's answer to the page's own question about the present period.
async fn answer(page: &Page) -> Value {
    page.run(
        "const asked = performance.getEntriesByType('resource').map(entry => entry.name)
             .filter(name => name.includes('/v1/metrics'));
         const start = name => new URL(name).searchParams.get('startDate');
         const latest = asked.sort((a, b) => start(a) < start(b) ? 1 : -1)[0];
         return fetch(latest).then(answer => answer.json());",
    )
    .await
}

async fn twin(page: &Page, chart: &str) -> Vec<Vec<String>> {
    page.click(&format!("button[aria-label='Table of {chart}']")).await;
    page.until("the table", "document.querySelector('.twin tbody tr')").await;
    let rows: Vec<Vec<String>> = page
        .ask(
            "[...document.querySelectorAll('.twin tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))",
        )
        .await;
    page.click(&format!("button[aria-label='Table of {chart}']")).await;
    page.until("no table", "!document.querySelector('.twin')").await;
    rows
}

fn number(text: &str) -> f64 {
    text.replace(',', "").replace('−', "-").parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

#[track_caller]
fn assert_near(shown: &str, answered: &Value, decimals: i32) {
    let half = 0.5 / f64::from(10_i32.pow(decimals.unsigned_abs())) + 1e-9;
    let answered = answered.as_f64().unwrap();
    assert!((number(shown) - answered).abs() <= half, "the page shows {shown}, the server answered {answered}");
}

#[test]
fn the_tables_behind_the_charts_hold_the_answer() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/?zone=America%2FSao_Paulo").await;
        let data = answer(&page).await["data"].clone();
        let days = twin(&page, "Calls per day").await;
        let answered = data["dailyVolume"].as_array().unwrap();
        assert_eq!(days.len(), answered.len());
        assert_eq!(days.len(), 30);
        for (shown, answered) in days.iter().zip(answered) {
            let day = answered["date"].as_str().unwrap().rsplit('-').next().unwrap().trim_start_matches('0').to_owned();
            assert!(
                shown[0].split(|c: char| !c.is_ascii_digit()).any(|part| part == day),
                "{} is not the {day}th",
                shown[0]
            );
            assert_near(&shown[1], &answered["totalCalls"], 0);
            assert_near(&shown[2], &answered["resolvedCalls"], 0);
        }
        let hours = twin(&page, "Hour of day").await;
        assert_eq!(hours.len(), 24);
        for (shown, answered) in hours.iter().zip(data["hourlyDistribution"].as_array().unwrap()) {
            assert_near(&shown[1], &answered["calls"], 0);
            assert_near(&shown[2], &answered["minutes"], 1);
        }
        let outcomes = twin(&page, "How calls ended").await;
        for (shown, name) in outcomes.iter().zip(["resolved", "transferred", "abandoned", "other"]) {
            assert_near(&shown[1], &data["resolutionBreakdown"][name], 0);
        }
        let reasons = twin(&page, "Minutes before hand-off").await;
        assert_eq!(reasons.len(), data["escalationReasons"].as_array().unwrap().len());
    });
}

#[test]
fn tiles_and_agents_hold_the_answer() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        let data = answer(&page).await["data"].clone();
        for (label, name, decimals) in [
            ("Calls", "totalCalls", 0),
            ("Minutes", "totalMinutes", 0),
            ("Resolution rate", "resolutionRate", 1),
            ("Active agents", "activeAgents", 0),
            ("Response time", "responseTime", 0),
            ("Positive sentiment", "sentimentPercent", 1),
            ("Escalation rate", "escalationRate", 1),
        ] {
            assert_near(&page.tile(label).await, &data["metrics"][name], decimals);
        }
        let shown: Vec<(String, String)> = page
            .ask("[...document.querySelectorAll('.agents tbody tr')].map(row => [row.querySelector('.name').textContent, row.cells[1].textContent])")
            .await;
        let answered = data["agentPerformance"].as_array().unwrap();
        assert_eq!(shown.len(), answered.len());
        for (name, calls) in &shown {
            let agent = answered.iter().find(|agent| agent["agentName"] == **name).unwrap_or_else(|| panic!("{name}"));
            assert_near(calls, &agent["totalCalls"], 0);
        }
    });
}

#[test]
fn nothing_is_asked_of_another_origin() {
    run(async {
        let (server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        page.press("7 days").await;
        page.settled().await;
        let asked: Vec<String> = page.ask("performance.getEntriesByType('resource').map(entry => entry.name)").await;
        assert!(asked.len() > 5, "{asked:?}");
        let strangers: Vec<_> = asked.iter().filter(|name| !name.starts_with(&server.origin())).collect();
        assert!(strangers.is_empty(), "{strangers:?}");
    });
}

#[test]
fn no_secret_is_kept_where_scripts_can_read_it() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/?find=card").await;
        let (cookie, kept): (String, String) =
            page.ask("[document.cookie, JSON.stringify([{ ...localStorage }, { ...sessionStorage }])]").await;
        assert_eq!(cookie, "");
        assert_eq!(kept, r#"[{"callscope-appearance":"auto"},{}]"#);
    });
}
