//! Reports inside somebody else's page.

mod exports;
mod functions;
mod hosts;
mod lifecycle;
mod requests;
mod settings;

use serde_json::json;

use super::harness::{Browser, DEMO, Page, Server};

/// The first report of the page, as it stands in expressions.
const REPORT: &str = "document.querySelector('callscope-report')";
/// What it shows.
const ROOT: &str = "document.querySelector('callscope-report').shadowRoot";

/// A page of the demo before a server with the demo data, signed in; nothing of it is waited for.
async fn opened(page_name: &str) -> (Server, Page) {
    let server = Server::demo().await;
    let page = Browser::start().await.page(&server.origin());
    page.sign_in(DEMO).await;
    page.open(&format!("/demo/{page_name}.html")).await;
    (server, page)
}

/// The same once every report of the page is drawn.
async fn drawn(page_name: &str) -> (Server, Page) {
    let (server, page) = opened(page_name).await;
    all_drawn(&page).await;
    (server, page)
}

/// Waits until every report of the page shows figures and awaits none.
pub(super) async fn all_drawn(page: &Page) {
    page.until(
        "reports",
        "(reports => reports.length && reports.every(report => { const root = report.shadowRoot; \
         return root?.querySelector('.card:not(.bone):not(.state)') && !root.querySelector('.skeleton') \
         && !root.querySelector('[aria-busy=true]'); }))([...document.querySelectorAll('callscope-report')])",
    )
    .await;
    page.drawn().await;
}

/// A page without a report of its own, for tests that make theirs: `script` runs with the module as `callscope`.
async fn blank() -> (Server, Page) {
    let (server, page) = opened("two").await;
    page.until("the element", "customElements.get('callscope-report')").await;
    page.run(
        "document.querySelector('main').replaceChildren(); window.heard = []; \
         for (const name of ['load', 'error', 'unauthorized', 'select', 'navigate']) \
         document.addEventListener(`callscope-${name}`, event => heard.push([name, event.detail])); \
         return import('/callscope/callscope.js').then(module => { window.callscope = module; });",
    )
    .await;
    (server, page)
}

/// Adds a report with attributes to the end of the page.
async fn add(page: &Page, attributes: &[(&str, &str)]) {
    let attributes: serde_json::Map<String, serde_json::Value> =
        attributes.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    page.run(&format!(
        "const report = document.createElement('callscope-report'); \
         for (const [name, value] of Object.entries({})) report.setAttribute(name, value); \
         document.querySelector('main').append(report);",
        json!(attributes)
    ))
    .await;
}

/// The text of a part of the first report.
async fn text(page: &Page, selector: &str) -> String {
    page.ask(&format!("{ROOT}.querySelector({}).innerText", json!(selector))).await
}

/// Waits until a part of the first report is there.
async fn until(page: &Page, selector: &str) {
    page.until(selector, &format!("{ROOT}?.querySelector({})", json!(selector))).await;
}

/// Waits until an event of a name was heard, and gives what it held the last time.
async fn heard(page: &Page, name: &str) -> serde_json::Value {
    page.until(name, &format!("heard.some(([name]) => name === {})", json!(name))).await;
    page.ask(&format!("heard.findLast(([name]) => name === {})[1]", json!(name))).await
}
