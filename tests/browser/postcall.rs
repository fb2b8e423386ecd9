//! What every call is asked: shown, edited, published and proved live; and what calls answered.

mod branches;
mod conflicts;
mod connected;
mod edit;
mod keyboard;
mod leaving;
mod looks;
mod publish;
mod results;
mod show;

use serde_json::{Value, json};

use super::harness::{Browser, DEMO, Page, Proxy, Server};

/// The agent of the demo that the stories are about.
pub(super) const AGENT: &str = "00692cd7-0ffa-5cd0-991f-fc55fdb86d74";

fn address() -> String {
    format!("/post-call?agent={AGENT}")
}

/// The page shows a version or a draft, and nothing is awaited.
async fn settled(page: &Page) {
    page.until("the metrics", "document.querySelector('.postcall[aria-busy=false] .metrics')").await;
}

async fn open(page: &Page) {
    page.open(&address()).await;
    settled(page).await;
}

/// A signed-in page at what is live, behind a proxy, of a server that checks new versions for a second.
async fn behind_proxy(options: &'static [&'static str]) -> (Server, Proxy, Page) {
    let server = Server::demo_with(options).await;
    let proxy = Proxy::before(&server).await;
    let page = Browser::start().await.page(&proxy.origin());
    page.sign_in(DEMO).await;
    open(&page).await;
    (server, proxy, page)
}

/// Begins a draft of what is shown.
async fn start_draft(page: &Page) {
    page.click("#start-draft").await;
    page.until("a draft", "document.querySelector('.postcall[aria-busy=false] #save-draft')").await;
}

/// The draft's id, from the page's address.
async fn draft_id(page: &Page) -> String {
    page.address().await.rsplit("draft=").next().unwrap().to_owned()
}

/// Puts a text into a field of a metric, by its place among the fields of that kind.
async fn put(page: &Page, field: &str, at: usize, text: &str) {
    page.run(&format!(
        "const field = document.querySelectorAll('[id^={field}-]')[{at}]; field.value = {}; \
         field.dispatchEvent(new Event('input', {{ bubbles: true }}))",
        json!(text)
    ))
    .await;
}

/// What stands in such a field.
async fn typed(page: &Page, field: &str, at: usize) -> String {
    page.ask(&format!("document.querySelectorAll('[id^={field}-]')[{at}].value")).await
}

async fn identifiers(page: &Page) -> Vec<String> {
    page.ask("[...document.querySelectorAll('[id^=identifier-]')].map(field => field.value)").await
}

async fn save(page: &Page) {
    page.click("#save-draft").await;
    page.until_text("Saved, and read back the same").await;
}

/// Asks the server beside the page, as the same person at another screen would.
async fn ask(page: &Page, method: &str, path: &str, body: Option<Value>) -> Value {
    let body = body.map_or_else(|| "undefined".to_owned(), |body| format!("JSON.stringify({body})"));
    page.run(&format!(
        "return fetch('/atoms/v1/agent/{AGENT}{path}', {{ method: '{method}', headers: {{ 'Content-Type': \
         'application/json' }}, body: {body} }}).then(answer => answer.json())"
    ))
    .await
}

/// The version that is live, and what it asks.
async fn live(page: &Page) -> (String, Value) {
    let agent = ask(page, "GET", "", None).await;
    let data = &agent["data"];
    let id = data["activeVersionId"].as_str().unwrap_or_else(|| panic!("{agent}")).to_owned();
    (id, data["_resolvedConfig"]["postCallAnalyticsConfig"].clone())
}

async fn version_count(page: &Page) -> usize {
    let listed = ask(page, "GET", "/versions?limit=100", None).await;
    listed["data"]["versions"].as_array().unwrap_or_else(|| panic!("{listed}")).len()
}

/// What a draft asks, and its revision.
async fn draft(page: &Page, id: &str) -> (Value, u64) {
    let answer = ask(page, "GET", &format!("/drafts/{id}"), None).await;
    let data = &answer["data"];
    let config = if data["resolvedConfig"].is_object() { &data["resolvedConfig"] } else { &data["_resolvedConfig"] };
    let revision = data["latest"]["draftRevision"].as_u64().unwrap_or_else(|| panic!("{answer}"));
    (config["postCallAnalyticsConfig"].clone(), revision)
}

/// Somebody else writes to a draft.
async fn write(page: &Page, id: &str, config: &Value) {
    let (_, revision) = draft(page, id).await;
    let body = json!({ "postCallAnalyticsConfig": config, "expectedRevision": revision });
    let answer = ask(page, "PATCH", &format!("/drafts/{id}/config"), Some(body)).await;
    assert_eq!(answer["status"], json!(true), "{answer}");
}

/// Somebody else publishes a configuration, with a draft of their own; gives the version's id.
async fn publish_beside(page: &Page, label: &str, config: &Value) -> String {
    let (source, _) = live(page).await;
    let body = json!({ "sourceVersionId": source, "draftName": label });
    let begun = ask(page, "POST", "/drafts", Some(body)).await;
    let id = begun["data"]["draftId"].as_str().unwrap_or_else(|| panic!("{begun}")).to_owned();
    write(page, &id, config).await;
    let body = json!({ "label": label, "activate": true });
    let done = ask(page, "POST", &format!("/drafts/{id}/publish"), Some(body)).await;
    done["data"]["_id"].as_str().unwrap_or_else(|| panic!("{done}")).to_owned()
}

/// Answers every question of the page from now on, and remembers it.
async fn answer_questions(page: &Page, with: bool) {
    page.run(&format!(
        "window.asked ??= []; window.confirm = question => {{ window.asked.push(question); return {with}; }}"
    ))
    .await;
}

async fn questions(page: &Page) -> Vec<String> {
    page.ask("window.asked").await
}
