//! `cargo xtask test`: everything, in the order in which it fails fastest.

use std::path::PathBuf;
use std::process::Command;

use crate::shell::{cargo, root, run as run_program, say, step};
use crate::tools::BrowserTools;
use crate::{app, bench, budgets, tools};

/// The tests with many clients at once.
const LOAD: &str = "server::load";

/// What runs in the browser.
const BROWSER_CRATES: [&str; 6] =
    ["callscope-core", "callscope-charts", "callscope-client", "callscope-ui", "callscope-app", "callscope-widget"];
/// What has tests that run in a real browser as WebAssembly.
const WASM_TESTED: [&str; 2] = ["callscope-core", "callscope-ui"];

/// What to run.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only the tests whose name contains this, without lints, documents and budgets.
    filter: Option<String>,
}

/// What the tests need from outside, as environment variables.
pub(crate) struct Environment {
    server: PathBuf,
    browser: BrowserTools,
    vite: PathBuf,
}

impl Environment {
    /// Sets the variables for a program.
    pub(crate) fn on<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .env("CALLSCOPE_SERVER", &self.server)
            .env("CALLSCOPE_DIST", root().join("dist"))
            .env("CALLSCOPE_CHROMIUM", &self.browser.chromium)
            .env("CALLSCOPE_CHROMEDRIVER", &self.browser.chromedriver)
            .env("CALLSCOPE_AXE", &self.browser.axe)
            .env("CALLSCOPE_VITE", &self.vite)
    }
}

/// Brings the browser and builds the server; the app must be built already.
///
/// # Errors
/// Names what is missing.
pub(crate) fn environment() -> anyhow::Result<Environment> {
    let browser = step("tools for the browser", tools::for_browser)?;
    let vite = tools::vite()?;
    Ok(Environment { server: app::build_server()?, browser, vite })
}

/// Runs everything.
///
/// # Errors
/// At the first step that fails.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    if options.filter.is_none() {
        step("rustfmt", || run_program(cargo().args(["fmt", "--all", "--check"])))?;
        lints()?;
    }
    app::build()?;
    let environment = environment()?;
    let clients = step("the vendor's clients", || {
        let newer = ("CALLSCOPE_PYTHON", tools::vendor_client(tools::VENDOR_CLIENT)?);
        Ok([newer, ("CALLSCOPE_PYTHON_OLDER", tools::vendor_client(tools::OLDER_VENDOR_CLIENT)?)])
    })?;
    step("tests", || {
        // A test kills the server's binary in the middle of an import; it must be of this build.
        run_program(cargo().args(["build", "--package", "callscope-server"]))?;
        let filter = options.filter.iter().map(String::as_str);
        let mut test = cargo();
        test.args(["test", "--workspace", "--no-fail-fast", "--"]).args(filter).args(["--skip", "browser::"]);
        if options.filter.is_none() {
            test.args(["--skip", LOAD]);
        }
        for (name, python) in &clients {
            if let Some(python) = python {
                test.env(name, python);
            }
        }
        run_program(environment.on(&mut test))
    })?;
    if options.filter.as_ref().is_none_or(|filter| filter.contains("browser")) {
        step("tests in the browser, and with many clients", || {
            let mut test = cargo();
            // One at a time: a browser, and many clients, take all that two cores have.
            test.args(["test", "--package", "callscope-tests", "--no-fail-fast", "--", "--test-threads=1"]);
            match options.filter.as_deref() {
                Some(filter) => test.arg(filter),
                None => test.args(["browser::", LOAD]),
            };
            run_program(environment.on(&mut test))
        })?;
    }
    if options.filter.as_ref().is_none_or(|filter| filter.contains("widget")) {
        in_firefox(&environment, options.filter.as_deref())?;
    }
    if options.filter.is_some() {
        return Ok(());
    }
    step("tests as WebAssembly in the browser", || wasm_tests(&environment))?;
    documents()?;
    budgets::weight()?;
    bench::keep(&tools::for_building()?, &environment.browser.chromium)?;
    say(
        "\nEverything passed: rustfmt, clippy (native and wasm32), tests (native, WebAssembly, server, browser), documents, budgets, speed.",
    );
    Ok(())
}

/// Runs the widget's tests in Firefox, where it can be had: other people's pages are opened in any browser.
fn in_firefox(environment: &Environment, filter: Option<&str>) -> anyhow::Result<()> {
    let Some((firefox, geckodriver)) = step("Firefox", || Ok(tools::firefox()))? else { return Ok(()) };
    step("tests in Firefox", || {
        let mut test = cargo();
        let filter = filter.unwrap_or("browser::widget");
        test.args(["test", "--package", "callscope-tests", "--no-fail-fast", "--", filter, "--test-threads=1"]);
        // What is held is asked of Chromium's developer tools.
        test.args(["--skip", "leave_nothing_behind"]);
        test.env("CALLSCOPE_BROWSER", "firefox").env("CALLSCOPE_FIREFOX", firefox);
        run_program(environment.on(test.env("CALLSCOPE_GECKODRIVER", geckodriver)))
    })
}

fn lints() -> anyhow::Result<()> {
    step("clippy", || {
        run_program(cargo().args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
    })?;
    step("clippy for wasm32", || {
        let mut clippy = cargo();
        clippy.env("CLIPPY_CONF_DIR", root().join("crates/xtask/clippy-wasm"));
        clippy.args(["clippy", "--target", "wasm32-unknown-unknown"]);
        for name in BROWSER_CRATES {
            clippy.args(["--package", name]);
        }
        run_program(clippy.args(["--", "--deny", "warnings"]))?;
        // The release build asks for pages that stand apart.
        let mut split = cargo();
        split.env("CLIPPY_CONF_DIR", root().join("crates/xtask/clippy-wasm"));
        split.args([
            "clippy",
            "--target",
            "wasm32-unknown-unknown",
            "--package",
            "callscope-app",
            "--package",
            "callscope-widget",
            "--features",
            "callscope-app/split,callscope-widget/split",
        ]);
        run_program(split.args(["--", "--deny", "warnings"]))?;
        let mut functions = cargo();
        functions.env("CLIPPY_CONF_DIR", root().join("crates/xtask/clippy-wasm"));
        functions.args(["clippy", "--target", "wasm32-unknown-unknown", "--package", "callscope-widget"]);
        functions.args(["--no-default-features", "--features", "functions"]);
        run_program(functions.args(["--", "--deny", "warnings"]))
    })
}

fn wasm_tests(environment: &Environment) -> anyhow::Result<()> {
    let tools = tools::for_building()?;
    for name in WASM_TESTED {
        let mut test = cargo();
        test.args(["test", "--target", "wasm32-unknown-unknown", "--package", name, "--lib"])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
            .env("CHROMEDRIVER", &environment.browser.chromedriver);
        run_program(tools.on(&mut test))?;
    }
    Ok(())
}

fn documents() -> anyhow::Result<()> {
    step("documents", || {
        let mut doc = cargo();
        doc.args(["doc", "--workspace", "--no-deps", "--document-private-items"])
            .env("RUSTDOCFLAGS", "--deny warnings");
        run_program(&mut doc)
    })
}
