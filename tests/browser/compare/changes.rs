//! A configuration of which very much changed.

use std::time::Instant;

use serde_json::{Value, json};

use super::{Agent, has_focus, open, story_behind_proxy, text};
use crate::browser::harness::{Page, Plan, run};

const CHANGES: usize = 2000;

/// A diff of 2,000 changes in six sections; among the first hundred is a prompt of 200 KB.
fn big_diff() -> Value {
    let line =
        |at: usize, word: &str| format!("{at:05} When the caller {word} the card, ask for the last four digits.");
    let prompt = |word: &str| {
        let lines: Vec<String> = (0..3200).map(|at| line(at, if at % 40 == 7 { word } else { "mentions" })).collect();
        lines.join("\n")
    };
    let (old, new) = (prompt("has lost"), prompt("looks for"));
    assert!(old.len() > 200_000, "{}", old.len());
    let prompt = json!({"section": "prompt", "changes": [{"path": "prompt.text", "oldValue": old, "newValue": new}]});
    let section = |name: &str, count: usize| {
        let change = |at: usize| {
            let path = format!("{name}.nodes[{}].actions[{}].parameters.timeout", at / 4, at % 4);
            json!({ "path": path, "oldValue": at * 10, "newValue": at * 10 + 5 })
        };
        json!({ "section": name, "changes": (0..count).map(change).collect::<Vec<_>>() })
    };
    let rest = CHANGES - 1 - 70;
    json!({
        "unchangedSections": ["voice"],
        "diffs": [
            section("dialog", 70), prompt, section("intents", 500), section("entities", 500),
            section("llm", 500), section("tools", rest - 1500),
        ],
    })
}

/// The server's answer for the story with a diff of our own.
async fn with_diff(page: &Page, story: &Agent, diff: Value) -> String {
    let address =
        format!("/atoms/v1/agent/{}/versions/compare-metrics?versionA={}&versionB={}", story.id, story.v1, story.v2);
    let mut answer = page.run(&format!("return fetch('{address}').then(answer => answer.json());")).await;
    answer["data"]["configDiff"] = diff;
    answer.to_string()
}

/// The longest task since the list was emptied, in milliseconds. Tasks from 50 ms on are listed.
async fn longest_task(page: &Page) -> f64 {
    // What the last stroke set off is listed by then.
    page.drawn().await;
    page.run("return new Promise(done => setTimeout(() => done(Math.max(0, ...window.longTasks.splice(0))), 100));")
        .await
        .as_f64()
        .unwrap()
}

#[test]
fn among_two_thousand_changes_nothing_takes_longer_than_a_fifth_of_a_second() {
    run(async {
        let (_server, proxy, page, story) = story_behind_proxy().await;
        let body = with_diff(&page, &story, big_diff()).await;
        println!("an answer of {} KB", body.len() / 1000);
        let body: &'static str = body.leak();
        proxy.plan("compare-metrics", 100, Plan::Instead("200 OK", "Content-Type: application/json\r\n", body));
        page.before_load(
            "window.longTasks = []; new PerformanceObserver(list => list.getEntries()\
             .forEach(entry => window.longTasks.push(entry.duration))).observe({ type: 'longtask', buffered: true });",
        )
        .await;
        let start = Instant::now();
        open(&page, &story.newest()).await;
        let shown = start.elapsed().as_millis();
        assert_eq!(text(&page, ".changes .note").await, "2,000 changes in 6 sections");
        let opening = longest_task(&page).await;
        let (mut strokes, mut tasks) = (Vec::new(), Vec::new());
        for at in 0..120 {
            let start = Instant::now();
            page.keys("n").await;
            has_focus(&page, &format!("#change-{at}")).await;
            strokes.push(start.elapsed().as_millis());
            tasks.push((longest_task(&page).await.round() as u64, at));
        }
        let slowest = tasks.iter().max().unwrap();
        strokes.sort_unstable();
        println!("page shown after {shown} ms, longest task {opening:.0} ms");
        println!("120 × n: longest task {} ms, at change {}", slowest.0, slowest.1);
        println!("a stroke and its focus: median {} ms, slowest {} ms", strokes[60], strokes[119]);
        page.press("Raw JSON").await;
        page.until("the raw changes", "document.querySelector('pre.raw')").await;
        let raw = longest_task(&page).await;
        println!("raw: longest task {raw:.0} ms");
        assert!(opening.max(raw) <= 200.0, "opening {opening} ms, raw {raw} ms");
        assert!(slowest.0 <= 200, "{:?}", tasks.iter().filter(|task| task.0 > 100).collect::<Vec<_>>());
    });
}
