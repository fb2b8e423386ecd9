//! Two versions of an agent side by side.
//!
//! What must stand on the page comes from the plan of the demo's story and from its database, never
//! from the page.

mod answers;
mod changes;
mod choices;
mod files;
mod keyboard;
mod looks;
mod story;

use serde_json::json;

use super::harness::{Browser, DEMO, Page, Proxy, Server, demo};

const STORY: &str = "Card services";

/// An agent of the demo with its two versions.
struct Agent {
    id: String,
    v1: String,
    v2: String,
}

impl Agent {
    async fn named(server: &Server, name: &str) -> Self {
        let id = server.text(&format!("SELECT id FROM agents WHERE name = '{name}'")).await;
        let version = |label| format!("SELECT id FROM versions WHERE agent_id = '{id}' AND label = '{label}'");
        let (v1, v2) = (server.text(&version("v1")).await, server.text(&version("v2")).await);
        Self { id, v1, v2 }
    }

    /// The address of its newest two versions.
    fn newest(&self) -> String {
        format!("/compare?agent={}", self.id)
    }

    /// The address of two of its versions.
    fn address(&self, a: &str, b: &str) -> String {
        format!("/compare?agent={}&a={a}&b={b}", self.id)
    }
}

/// Figures are there, and none is awaited.
async fn settled(page: &Page) {
    page.until("figures", "document.querySelector('.compare[aria-busy=false] .figures tbody tr')").await;
}

async fn open(page: &Page, address: &str) {
    page.open(address).await;
    settled(page).await;
}

/// Chooses in one of the lists: `Agent`, `Version A`, `Version B`.
async fn choose(page: &Page, list: &str, id: &str) {
    page.click(&format!("select[aria-label='{list}'] option[value='{id}']")).await;
}

/// The text of an element, thin spaces as plain ones.
async fn text(page: &Page, selector: &str) -> String {
    plain(&page.text(selector).await)
}

fn plain(text: &str) -> String {
    text.replace('\u{202f}', " ")
}

async fn chosen(page: &Page, list: &str) -> String {
    page.ask(&format!("document.querySelector(\"select[aria-label='{list}']\").selectedOptions[0].value")).await
}

/// The ids that stand in the three lists.
async fn all_chosen(page: &Page) -> [String; 3] {
    [chosen(page, "Agent").await, chosen(page, "Version A").await, chosen(page, "Version B").await]
}

/// The table of all figures: name, A, B, difference, interval, chance, verdict.
async fn rows(page: &Page) -> Vec<[String; 7]> {
    page.ask(
        "[...document.querySelectorAll('.figures tbody tr')]\
         .map(row => [...row.cells].map(cell => cell.innerText.replaceAll('\\u202f', ' ')))",
    )
    .await
}

async fn row(page: &Page, name: &str) -> [String; 7] {
    let rows = rows(page).await;
    rows.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("no {name} in {rows:?}")).clone()
}

async fn has_focus(page: &Page, selector: &str) {
    page.until(&format!("focus on {selector}"), &format!("document.activeElement.matches({})", json!(selector))).await;
}

/// The page of the story.
async fn story_page() -> (Server, Page, Agent) {
    let (server, page) = demo(DEMO).await;
    let story = Agent::named(&server, STORY).await;
    open(&page, &story.newest()).await;
    (server, page, story)
}

/// Gives both versions of the story a prompt of which one line changed and most is hidden at first.
async fn lengthen_prompts(server: &Server, story: &Agent) {
    let rest: Vec<String> = (0..40).map(|at| format!("Line {at} is about {} and stays.", "x".repeat(120))).collect();
    for (version, greeting) in [(&story.v1, "Greet kindly."), (&story.v2, "Greet in one short sentence.")] {
        let prompt = format!("{greeting}\n{}", rest.join("\n"));
        let change = format!(
            "UPDATE versions SET config = json_set(config, '$.prompt.text', '{prompt}') WHERE id = '{version}'"
        );
        assert_eq!(server.sql(&change).await, 1);
    }
}

/// The demo server behind a proxy with the agent of the story, signed in and the page not opened yet.
async fn story_behind_proxy() -> (Server, Proxy, Page, Agent) {
    let server = Server::demo().await;
    let proxy = Proxy::before(&server).await;
    let page = Browser::start().await.page(&proxy.origin());
    page.sign_in(DEMO).await;
    let story = Agent::named(&server, STORY).await;
    (server, proxy, page, story)
}
