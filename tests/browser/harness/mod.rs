//! What a test of the app stands on: a server with the demo data, a browser, and what may lie between.

mod browser;
mod environment;
mod page;
mod process;
mod proxy;
mod server;
mod static_files;
mod webdriver;
mod wire;

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

pub(super) use browser::Browser;
pub(super) use environment::workspace;
pub(super) use page::{Page, saved};
pub(super) use process::Turns;
pub(super) use proxy::{Plan, Proxy};
pub(super) use server::{Server, command};
pub(super) use static_files::StaticFiles;

/// The account that sees every organisation of the demo.
pub(super) const DEMO: (&str, &str) = callscope_server::demo::ACCOUNT;
/// The account that sees Harbour Health alone.
pub(super) const CLINIC: (&str, &str) = callscope_server::demo::SECOND_ACCOUNT;

/// A browser takes a whole processor: one test at a time, or each would wait for the others.
static TURN: Mutex<()> = Mutex::new(());

thread_local! {
    /// The browsers that the running test opened.
    static OPEN: RefCell<Vec<Browser>> = const { RefCell::new(Vec::new()) };
    /// What must outlive the running test.
    static KEPT: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(Vec::new()) };
}

/// Runs a test. Afterwards no console may hold an error that was not expected; of a failed test a
/// picture stays under `target/screenshots/`.
#[track_caller]
pub(super) fn run(test: impl Future<Output = ()>) {
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let at = Location::caller();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let outcome = catch_unwind(AssertUnwindSafe(|| runtime.block_on(test)));
    let browsers = OPEN.take();
    let file = Path::new(at.file()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let complaints = runtime.block_on(async {
        let mut complaints = Vec::new();
        for browser in &browsers {
            if outcome.is_err() {
                browser.page("").keep_picture(&format!("failed-{file}-{}", at.line())).await;
            }
            complaints.extend(browser.unexpected_errors().await);
            browser.quit().await;
        }
        complaints
    });
    drop(browsers);
    drop(KEPT.take());
    drop(runtime);
    drop(turn);
    match outcome {
        Ok(()) => assert!(complaints.is_empty(), "the console holds errors: {complaints:#?}"),
        Err(panic) => {
            println!("console: {complaints:#?}");
            resume_unwind(panic)
        }
    }
}

/// Keeps something until the test is over and its browsers are closed.
fn keep(thing: impl Any) {
    KEPT.with_borrow_mut(|kept| kept.push(Box::new(thing)));
}

/// A browser that is signed in to a server of its own with the demo data.
pub(super) async fn demo(account: (&str, &str)) -> (Server, Page) {
    let server = Server::demo().await;
    let page = Browser::start().await.page(&server.origin());
    page.sign_in(account).await;
    (server, page)
}
