//! A browser under remote control: as much of `WebDriver` as the tests need.

use base64::Engine as _;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::wire::Message;

/// The name under which `WebDriver` writes an element's id.
/// The name of the key in `WebDriver`.
const SHIFT: &str = "\u{e008}";
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A command that the driver refused, in its own words.
type Refused = String;

/// An open browser.
#[derive(Clone)]
pub(super) struct Driver {
    port: u16,
    session: String,
    /// Whether it is Firefox: then there are no developer tools.
    pub(super) is_firefox: bool,
}

/// An element that was found on the page.
pub(in crate::browser) struct Element {
    driver: Driver,
    id: String,
}

impl Driver {
    /// Opens a browser.
    pub(super) async fn open(port: u16, capabilities: Value) -> Self {
        let parameters = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let opened = ask(port, "POST", "/session", &parameters).await.unwrap();
        let session = opened["sessionId"].as_str().unwrap().to_owned();
        Self { port, session, is_firefox: false }
    }

    /// Opens Firefox.
    pub(super) async fn open_firefox(port: u16, capabilities: Value) -> Self {
        Self { is_firefox: true, ..Self::open(port, capabilities).await }
    }

    /// Sets the window of Firefox, borders included.
    pub(super) async fn set_window(&self, width: u32, height: u32) {
        self.post("window/rect", json!({ "width": width, "height": height })).await.unwrap();
    }

    /// Sets a number among the settings of Firefox.
    pub(super) async fn set_preference(&self, name: &str, value: u8) {
        self.post("moz/context", json!({ "context": "chrome" })).await.unwrap();
        self.run(&format!("Services.prefs.setIntPref({}, {value})", json!(name))).await.unwrap();
        self.post("moz/context", json!({ "context": "content" })).await.unwrap();
    }

    async fn post(&self, command: &str, parameters: Value) -> Result<Value, Refused> {
        ask(self.port, "POST", &format!("/session/{}/{command}", self.session), &parameters).await
    }

    pub(super) async fn go(&self, address: &str) {
        self.post("url", json!({ "url": address })).await.unwrap();
    }

    /// `back`, `forward` or `refresh`.
    pub(super) async fn turn(&self, command: &str) {
        self.post(command, json!({})).await.unwrap();
    }

    /// Runs a function body in the page; a promise is awaited.
    pub(super) async fn run(&self, script: &str) -> Result<Value, Refused> {
        self.post("execute/sync", json!({ "script": script, "args": [] })).await
    }

    /// A command of the developer tools.
    pub(super) async fn devtools(&self, command: &str, parameters: Value) -> Result<Value, Refused> {
        self.post("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    /// Finds an element, by `css selector` or `link text`.
    pub(super) async fn find(&self, by: &str, value: &str) -> Result<Element, Refused> {
        let found = self.post("element", json!({ "using": by, "value": value })).await?;
        Ok(Element { driver: self.clone(), id: found[ELEMENT].as_str().unwrap().to_owned() })
    }

    /// Types into whatever has the focus.
    pub(super) async fn keys(&self, keys: &str) {
        let strokes =
            keys.chars().flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key })));
        let strokes: Vec<Value> = strokes.collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] });
        self.post("actions", actions).await.unwrap();
    }

    /// Points at a place of the window, in CSS pixels.
    pub(super) async fn point(&self, x: i64, y: i64, click: bool) {
        let mut moves = vec![json!({ "type": "pointerMove", "duration": 0, "x": x, "y": y })];
        if click {
            moves.extend(["pointerDown", "pointerUp"].map(|kind| json!({ "type": kind, "button": 0 })));
        }
        let mouse =
            json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": moves });
        self.post("actions", json!({ "actions": [mouse] })).await.unwrap();
    }

    /// Strikes a key with Shift held.
    pub(super) async fn shift_key(&self, key: &str) {
        let stroke = |kind: &str, value: &str| json!({ "type": kind, "value": value });
        let strokes =
            json!([stroke("keyDown", SHIFT), stroke("keyDown", key), stroke("keyUp", key), stroke("keyUp", SHIFT),]);
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] });
        self.post("actions", actions).await.unwrap();
    }

    /// Clicks at a place with Shift held.
    pub(super) async fn shift_click(&self, x: i64, y: i64) {
        let pause = || json!({ "type": "pause" });
        let held =
            json!([{ "type": "keyDown", "value": SHIFT }, pause(), pause(), { "type": "keyUp", "value": SHIFT }]);
        let at = json!({ "type": "pointerMove", "duration": 0, "x": x, "y": y });
        let press = |kind: &str| json!({ "type": kind, "button": 0 });
        let moves = json!([at, press("pointerDown"), press("pointerUp"), pause()]);
        let actions = json!({ "actions": [
            { "type": "key", "id": "keyboard", "actions": held },
            { "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": moves },
        ] });
        self.post("actions", actions).await.unwrap();
    }

    /// What the console holds since it was read last: level and message.
    pub(super) async fn console(&self) -> Vec<(String, String)> {
        let log = self.post("se/log", json!({ "type": "browser" })).await.unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let entries = log.as_array().cloned().unwrap_or_default();
        entries.iter().map(|entry| (text(&entry["level"]), text(&entry["message"]))).collect()
    }

    /// The window as PNG; none where the browser gives none.
    pub(super) async fn picture(&self) -> Option<Vec<u8>> {
        let path = format!("/session/{}/screenshot", self.session);
        let picture = ask(self.port, "GET", &path, &Value::Null).await.ok()?;
        base64::engine::general_purpose::STANDARD.decode(picture.as_str()?).ok()
    }

    pub(super) async fn quit(&self) {
        ask(self.port, "DELETE", &format!("/session/{}", self.session), &Value::Null).await.ok();
    }
}

impl Element {
    async fn post(&self, command: &str, parameters: Value) -> Result<Value, Refused> {
        self.driver.post(&format!("element/{}/{command}", self.id), parameters).await
    }

    /// Clicks what is seen there, or says what covers it.
    pub(in crate::browser) async fn click(&self) -> Result<(), Refused> {
        self.post("click", json!({})).await.map(|_| ())
    }

    /// Empties the field and types into it.
    pub(in crate::browser) async fn fill(&self, text: &str) {
        self.post("clear", json!({})).await.unwrap();
        self.post("value", json!({ "text": text })).await.unwrap();
    }
}

/// Sends a command and returns its value.
async fn ask(port: u16, method: &str, path: &str, parameters: &Value) -> Result<Value, Refused> {
    let body = if parameters.is_null() { String::new() } else { parameters.to_string() };
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.map_err(|error| error.to_string())?;
    stream.write_all(format!("{head}{body}").as_bytes()).await.map_err(|error| error.to_string())?;
    // The driver leaves the connection open: the answer's length says where it ends.
    let answer = Message::read(&mut stream).await.ok_or("the driver's answer is not whole")?;
    let (head, body) = (answer.head, String::from_utf8_lossy(&answer.body));
    let value: Value = serde_json::from_str(&body).map_err(|error| format!("{error} in {body}"))?;
    let is_done = head.starts_with("HTTP/1.1 200");
    if is_done { Ok(value["value"].clone()) } else { Err(value["value"]["message"].to_string()) }
}
