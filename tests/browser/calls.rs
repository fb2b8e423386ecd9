//! The calls themselves: the list, one of them, and the ways that lead there.

mod all;
mod answers;
mod keyboard;
mod list;
mod looks;
mod one;
mod ways;

use serde_json::json;

use super::harness::{Page, Server};

/// Calls are there, and none is awaited.
pub(super) async fn settled(page: &Page) {
    page.until("calls", "document.querySelector('.calls-page[aria-busy=false] .calls tbody tr')").await;
}

async fn open(page: &Page, address: &str) {
    page.open(address).await;
    settled(page).await;
}

/// The texts of a column of the list, from 0 on.
async fn column(page: &Page, at: usize) -> Vec<String> {
    page.ask(&format!(
        "[...document.querySelectorAll('.calls tbody tr')].map(row => row.cells[{at}].innerText.replaceAll('\\u202f', ' ').trim())"
    ))
    .await
}

/// How many calls the page says there are.
async fn total(page: &Page) -> u64 {
    let context = page.text(".context").await;
    let of = context.split(" calls").next().unwrap().rsplit("of ").next().unwrap().replace(',', "");
    of.parse().unwrap_or_else(|_| panic!("no total in '{context}'"))
}

/// What the database counts.
async fn counted(server: &Server, condition: &str) -> u64 {
    server.text(&format!("SELECT cast(count(*) AS TEXT) FROM calls WHERE {condition}")).await.parse().unwrap()
}

/// The query of days that hold every call of the demo.
async fn all_days(server: &Server) -> String {
    let day =
        |edge: &str, by: &str| format!("SELECT date({edge}(started_ms) / 1000, 'unixepoch', '{by} day') FROM calls");
    let (from, to) = (server.text(&day("min", "-1")).await, server.text(&day("max", "+1")).await);
    format!("from={from}&to={to}")
}

pub(super) async fn choose(page: &Page, list: &str, value: &str) {
    page.click(&format!("select[aria-label={}] option[value={}]", json!(list), json!(value))).await;
}
