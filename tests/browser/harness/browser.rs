//! A browser of its own for each test.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tempfile::TempDir;

use super::process::{Process, Turns};
use super::webdriver::Driver;
use super::{OPEN, Page, environment};

/// A browser that ends with the test.
#[derive(Clone)]
pub(in crate::browser) struct Browser {
    driver: Driver,
    inner: Arc<Inner>,
}

struct Inner {
    folder: TempDir,
    expected: Mutex<Vec<String>>,
    process: Process,
}

const ARGUMENTS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--lang=en-US",
];

impl Browser {
    pub(in crate::browser) async fn start() -> Self {
        match environment::firefox() {
            Some((firefox, geckodriver)) => Self::start_firefox(&firefox, &geckodriver).await,
            None => Self::start_chromium().await,
        }
    }

    async fn start_firefox(firefox: &Path, geckodriver: &Path) -> Self {
        let folder = TempDir::new().unwrap();
        let mut command = Command::new(geckodriver);
        // What it keeps for a session lies beside the rest, and ends with it.
        command.args(["--port=0", "--profile-root"]).arg(folder.path());
        let mut process = Process::start(&mut command, &folder.path().join("driver.log"));
        let port = process.number_after("Listening on 127.0.0.1:").await.unwrap();
        let capabilities = json!({
            "browserName": "firefox",
            "moz:firefoxOptions": {
                "binary": firefox,
                // The last one lets a test say what the system prefers.
                "args": ["-headless", "--width=1320", "--height=986", "-remote-allow-system-access"],
                "prefs": { "intl.accept_languages": "en-US", "datareporting.policy.dataSubmissionEnabled": false },
            },
        });
        Self::opened(Driver::open_firefox(port, capabilities).await, folder, process)
    }

    async fn start_chromium() -> Self {
        let folder = TempDir::new().unwrap();
        let (process, port) = start_driver(folder.path()).await;
        let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
        let arguments: Vec<&str> = ARGUMENTS.into_iter().chain([profile.as_str()]).collect();
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "binary": environment::chromium(), "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let browser = Self::opened(Driver::open(port, capabilities).await, folder, process);
        browser.page("").size(1320, 900, 1.0).await;
        browser
    }

    fn opened(driver: Driver, folder: TempDir, process: Process) -> Self {
        // At the start nobody is signed in, and the browser writes the refusal down.
        let nobody = "/session - Failed to load resource: the server responded with a status of 401";
        // A file that is opened by itself names no icon, so that the browser looks for one.
        let icon = "/favicon.ico - Failed to load resource: the server responded with a status of 404";
        let expected = Mutex::new(vec![nobody.to_owned(), icon.to_owned()]);
        let browser = Self { driver, inner: Arc::new(Inner { folder, expected, process }) };
        OPEN.with_borrow_mut(|open| open.push(browser.clone()));
        browser
    }

    /// What the browser shows of an origin.
    pub(in crate::browser) fn page(&self, origin: &str) -> Page {
        Page::new(self.driver.clone(), self.clone(), origin)
    }

    /// Errors in the console that hold this are no failure of the test.
    pub(super) fn expects(&self, part: &str) {
        self.inner.expected.lock().unwrap().push(part.to_owned());
    }

    /// How the main threads of pages got their turns so far, by their programs; empty where the system does not tell.
    pub(super) fn turns(&self) -> BTreeMap<u32, Turns> {
        self.inner.process.turns("--type=renderer")
    }

    /// A folder that ends with the browser.
    pub(super) fn downloads(&self) -> PathBuf {
        let folder: &Path = self.inner.folder.path();
        folder.join("downloads")
    }

    /// What the console holds and nobody expected.
    pub(super) async fn unexpected_errors(&self) -> Vec<String> {
        let log = self.driver.console().await;
        let expected = self.inner.expected.lock().unwrap().clone();
        let wrong = log.into_iter().filter(|(level, _)| level == "SEVERE");
        let wrong = wrong.map(|(_, message)| message);
        wrong.filter(|message| !expected.iter().any(|part| message.contains(part))).collect()
    }

    pub(super) async fn quit(&self) {
        self.driver.quit().await;
    }
}

/// Starts the driver. It looks for a port that is free in IPv6 and ends where the same one is taken
/// in IPv4; then the next attempt finds another.
async fn start_driver(folder: &Path) -> (Process, u16) {
    const ATTEMPTS: usize = 5;
    let mut last_words = String::new();
    for _ in 0..ATTEMPTS {
        let mut command = Command::new(environment::chromedriver());
        let mut process = Process::start(command.arg("--port=0"), &folder.join("driver.log"));
        match process.number_after("successfully on port ").await {
            Ok(port) => return (process, port),
            Err(log) => last_words = log,
        }
    }
    panic!("the driver does not start: {last_words}");
}
