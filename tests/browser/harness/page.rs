//! What the browser shows, and what a person can do with it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::browser::Browser;
use super::environment;
use super::process::Turns;
use super::webdriver::{Driver, Element};

/// How long the page may take for anything.
const PATIENCE: Duration = Duration::from_secs(15);

/// Figures are there, and none is awaited.
const SETTLED: &str = "document.querySelector('.tile') && !document.querySelector('.usage .skeleton') \
     && document.querySelector('.usage').getAttribute('aria-busy') === 'false'";

/// A page of one origin.
#[derive(Clone)]
pub(in crate::browser) struct Page {
    driver: Driver,
    browser: Browser,
    origin: String,
}

impl Page {
    pub(super) fn new(driver: Driver, browser: Browser, origin: &str) -> Self {
        Self { driver, browser, origin: origin.to_owned() }
    }

    /// How the main threads of the browser's pages got their turns so far, by their programs; empty where the system does
    /// not tell.
    pub(in crate::browser) fn turns(&self) -> BTreeMap<u32, Turns> {
        self.browser.turns()
    }

    /// Goes to an address of the origin.
    pub(in crate::browser) async fn open(&self, address: &str) {
        self.driver.go(&format!("{}{address}", self.origin)).await;
    }

    /// Goes to an address and waits for its figures.
    pub(in crate::browser) async fn open_usage(&self, address: &str) {
        self.open(address).await;
        self.settled().await;
    }

    /// Waits until the page shows figures and awaits none.
    pub(in crate::browser) async fn settled(&self) {
        self.until("figures", SETTLED).await;
    }

    /// Opens a session without the form, so that tests of other things start faster.
    pub(in crate::browser) async fn sign_in(&self, (email, password): (&str, &str)) {
        self.open("/boot.js").await;
        let credentials = json!({ "email": email, "password": password });
        let ask = format!(
            "return fetch('/session', {{ method: 'POST', headers: {{ 'Content-Type': 'application/json' }}, \
             body: JSON.stringify({credentials}) }}).then(answer => answer.status)"
        );
        assert_eq!(self.run(&ask).await, json!(200), "cannot sign in as {email}");
    }

    /// Runs a function body in the page; a promise is awaited.
    pub(in crate::browser) async fn run(&self, script: &str) -> Value {
        let done = self.driver.run(script).await;
        done.unwrap_or_else(|error| panic!("{}: {error}", script.chars().take(300).collect::<String>()))
    }

    /// The value of an expression in the page.
    pub(in crate::browser) async fn ask<T: DeserializeOwned>(&self, expression: &str) -> T {
        let value = self.run(&format!("return ({expression});")).await;
        serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{expression} gave {value}: {error}"))
    }

    /// Waits until an expression is true.
    pub(in crate::browser) async fn until(&self, what: &str, expression: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            let value = self.driver.run(&format!("return !!({expression});")).await;
            if value.is_ok_and(|value| value == json!(true)) {
                return;
            }
            if Instant::now() > end {
                let shown: String = self.ask("document.body.innerText.slice(0, 800)").await;
                panic!("no {what}: {expression} is not true. The page says: {shown}");
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Waits until the address behind the origin is this.
    pub(in crate::browser) async fn until_address(&self, address: &str) {
        self.until(address, &format!("location.pathname + location.search === {}", json!(address))).await;
    }

    /// Waits until the page's text holds this.
    pub(in crate::browser) async fn until_text(&self, text: &str) {
        self.until(text, &format!("document.body.innerText.includes({})", json!(text))).await;
    }

    /// Path and query.
    pub(in crate::browser) async fn address(&self) -> String {
        self.ask("location.pathname + location.search").await
    }

    /// Whether there is such an element.
    pub(in crate::browser) async fn has(&self, selector: &str) -> bool {
        self.ask(&format!("document.querySelector({}) !== null", json!(selector))).await
    }

    /// The text of the first such element, as it is read.
    pub(in crate::browser) async fn text(&self, selector: &str) -> String {
        self.ask(&format!("document.querySelector({}).innerText", json!(selector))).await
    }

    /// The figure of a tile.
    pub(in crate::browser) async fn tile(&self, label: &str) -> String {
        self.ask(&format!(
            "[...document.querySelectorAll('.tile')].find(tile => tile.querySelector('h2').textContent === {})\
             .querySelector('.figure-large span').textContent",
            json!(label)
        ))
        .await
    }

    pub(in crate::browser) async fn find(&self, selector: &str) -> Element {
        let found = self.driver.find("css selector", selector).await;
        found.unwrap_or_else(|error| panic!("{selector}: {error}"))
    }

    /// Clicks as a person does: on what is seen there.
    pub(in crate::browser) async fn click(&self, selector: &str) {
        self.until(selector, &format!("document.querySelector({})", json!(selector))).await;
        self.find(selector).await.click().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Clicks the button with this text.
    pub(in crate::browser) async fn press(&self, text: &str) {
        self.mark_button(text).await;
        self.click("[data-test-pressed]").await;
    }

    async fn mark_button(&self, text: &str) {
        let found = format!(
            "(() => {{ document.querySelectorAll('[data-test-pressed]').forEach(old => delete old.dataset.testPressed); \
             const button = [...document.querySelectorAll('button')].find(button => button.textContent.trim() === {} \
             && button.checkVisibility()); \
             if (button) button.dataset.testPressed = ''; return button; }})()",
            json!(text)
        );
        self.until(text, &found).await;
    }

    /// Clicks the link with this text.
    pub(in crate::browser) async fn press_link(&self, text: &str) {
        let link = self.driver.find("link text", text).await;
        link.unwrap_or_else(|error| panic!("{text}: {error}")).click().await.unwrap();
    }

    /// Clicks a point of an element, in CSS pixels from its upper left corner.
    pub(in crate::browser) async fn click_at(&self, selector: &str, x: f64, y: f64) {
        let (left, top) = self.point(selector, x, y).await;
        self.driver.point(left, top, true).await;
    }

    /// Strikes a key with Shift held.
    pub(in crate::browser) async fn shift_key(&self, key: &str) {
        self.driver.shift_key(key).await;
    }

    /// Clicks with Shift held.
    pub(in crate::browser) async fn shift_click_at(&self, selector: &str, x: f64, y: f64) {
        let (left, top) = self.point(selector, x, y).await;
        self.driver.shift_click(left, top).await;
    }

    /// Points at it.
    pub(in crate::browser) async fn hover_at(&self, selector: &str, x: f64, y: f64) {
        let (left, top) = self.point(selector, x, y).await;
        self.driver.point(left, top, false).await;
    }

    async fn point(&self, selector: &str, x: f64, y: f64) -> (i64, i64) {
        let corner: (f64, f64) = self
            .ask(&format!(
                "(() => {{ const element = document.querySelector({}); element.scrollIntoView({{ block: 'center' }}); \
                 const box = element.getBoundingClientRect(); return [box.left, box.top]; }})()",
                json!(selector)
            ))
            .await;
        ((corner.0 + x).round() as i64, (corner.1 + y).round() as i64)
    }

    /// Types into whatever has the focus.
    pub(in crate::browser) async fn keys(&self, keys: &str) {
        self.driver.keys(keys).await;
    }

    /// Goes on by Tab until an element has the focus.
    pub(in crate::browser) async fn tab_to(&self, selector: &str) {
        const TAB: &str = "\u{e004}";
        for _ in 0..120 {
            self.keys(TAB).await;
            if self.ask::<bool>(&format!("document.activeElement.matches({})", json!(selector))).await {
                return;
            }
        }
        panic!("Tab does not lead to {selector}");
    }

    /// Keeps a picture of the page as it stands, and says what axe-core and a window of this width have against it.
    pub(in crate::browser) async fn faults(&self, width: u32, what: &str) -> Vec<String> {
        self.drawn().await;
        self.keep_picture(&format!("{what}-{width}")).await;
        let mut found: Vec<String> = self.axe_violations().await.iter().map(|one| format!("{what}: {one}")).collect();
        let wide: u32 = self.ask("document.scrollingElement.scrollWidth").await;
        found.extend((wide > width).then(|| format!("{what}: {wide} wide in a window of {width}")));
        found
    }

    pub(in crate::browser) async fn reload(&self) {
        self.driver.turn("refresh").await;
    }

    pub(in crate::browser) async fn back(&self) {
        self.driver.turn("back").await;
    }

    pub(in crate::browser) async fn forward(&self) {
        self.driver.turn("forward").await;
    }

    /// A command of the developer tools.
    pub(in crate::browser) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let done = self.driver.devtools(command, parameters).await;
        done.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Sets the window, in CSS pixels, and how many device pixels each has. Narrow ones are phones.
    pub(in crate::browser) async fn size(&self, width: u32, height: u32, density: f64) {
        if self.driver.is_firefox {
            return self.driver.set_window(width, height).await;
        }
        let phone = width < 600;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": density, "mobile": phone });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Sets what the system prefers: `light` or `dark`.
    pub(in crate::browser) async fn theme(&self, theme: &str) {
        if self.driver.is_firefox {
            let number = u8::from(theme == "light");
            return self.driver.set_preference("layout.css.prefers-color-scheme.content-override", number).await;
        }
        let features = json!([{ "name": "prefers-color-scheme", "value": theme }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Has nothing kept that was loaded before, where the browser lets that be told: as on a first visit.
    pub(in crate::browser) async fn forget_what_was_loaded(&self) {
        if !self.driver.is_firefox {
            self.devtools("Network.enable", json!({})).await;
            self.devtools("Network.setCacheDisabled", json!({ "cacheDisabled": true })).await;
        }
    }

    /// Runs a script in every page before its own.
    pub(in crate::browser) async fn before_load(&self, script: &str) {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await;
    }

    /// Errors in the console that hold this are no failure of the test.
    pub(in crate::browser) fn expects(&self, part: &str) {
        self.browser.expects(part);
    }

    /// Two frames: everything that was to be drawn is.
    pub(in crate::browser) async fn drawn(&self) {
        self.run("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
            .await;
    }

    /// Keeps the whole page as a picture under `target/screenshots/`.
    pub(in crate::browser) async fn keep_picture(&self, name: &str) {
        let folder = environment::workspace().join("target/screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        if let Some(png) = self.driver.picture().await {
            std::fs::write(folder.join(format!("{name}.png")), png).unwrap();
        }
    }

    /// What axe-core has against the page.
    pub(in crate::browser) async fn axe_violations(&self) -> Vec<String> {
        let axe = std::fs::read_to_string(environment::axe()).unwrap();
        let script = format!(
            "{axe};\nreturn window.axe.run(document, {{ resultTypes: ['violations'] }}).then(found => \
             found.violations.flatMap(rule => rule.nodes.map(node => \
             `${{rule.id}}: ${{node.target.join(' ')}}: ${{node.failureSummary}}`)))"
        );
        serde_json::from_value(self.run(&script).await).unwrap()
    }

    /// Has downloads kept, and says where.
    pub(in crate::browser) async fn keep_downloads(&self) -> PathBuf {
        let folder = self.browser.downloads();
        std::fs::create_dir_all(&folder).unwrap();
        let parameters = json!({ "behavior": "allow", "downloadPath": folder });
        self.devtools("Browser.setDownloadBehavior", parameters).await;
        folder
    }
}

/// Waits for a file that the browser has saved whole.
pub(in crate::browser) async fn saved(path: &std::path::Path) -> Vec<u8> {
    let end = Instant::now() + PATIENCE;
    // A file that is still being written has another name.
    while !path.is_file() {
        let beside = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(Instant::now() < end, "{} was not saved; there are {:?}", path.display(), beside.collect::<Vec<_>>());
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    std::fs::read(path).unwrap()
}
