//! `cargo xtask bench`: the product beside the libraries that a user would otherwise take, in one browser.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::app::SMALL;
use crate::cut::{bind, optimise, shorten};
use crate::scale;
use crate::shell::{cargo, program, quiet_output, root, run as run_program, say, step};
use crate::tools::{self, BuildTools};
use crate::widget;

const NAME: &str = "callscope-bench";
/// The scripts of the pages: one that times all, one that times what is kept, and one of each library alone.
const ENTRIES: [&str; 7] =
    ["bench", "kept", "by-hand-worker", "cold-callscope", "cold-uplot", "cold-chartjs", "cold-echarts"];
/// A browser that takes longer has stopped.
const MOST: Duration = Duration::from_mins(10);

/// How to run.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// What to measure; default the page and the server.
    what: Option<What>,
    /// Fail where a bar is missed twice in a row.
    #[arg(long)]
    check: bool,
    /// Of the page, measure only what has this in its name, as far as that goes before a comma.
    #[arg(long, default_value = "")]
    only: String,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Charts and sums in a browser, beside other libraries.
    Page,
    /// Answers and imports of the server, as calls get more.
    Server,
    /// What every run of the tests holds.
    Kept,
}

/// A bar: at one density of pixels, some work may take at most so many times as long as with another library.
struct Bar {
    density: u8,
    work: &'static str,
    peer: &'static str,
    /// What is aimed at.
    aim: f64,
    /// What every run of the tests holds: about half as much again as was measured, so that no other machine is taken for
    /// a fault.
    kept: f64,
}

/// Where there is no bar.
const NONE: f64 = f64::INFINITY;

const fn bar(density: u8, work: &'static str, peer: &'static str, aim: f64, kept: f64) -> Bar {
    Bar { density, work, peer, aim, kept }
}

const BARS: [Bar; 27] = [
    bar(1, "dashboard, cold", "uplot", 0.80, NONE),
    bar(1, "dashboard, cold", "chartjs", 0.50, NONE),
    bar(1, "dashboard, redraw", "uplot", 0.75, 0.75),
    bar(2, "dashboard, redraw", "uplot", 0.70, 0.85),
    bar(1, "dashboard, create", "uplot", 0.60, 1.15),
    bar(2, "dashboard, create", "uplot", 0.75, 1.20),
    bar(1, "dashboard, hover", "uplot", 1.0, 1.3),
    bar(2, "dashboard, hover", "uplot", 1.0, 1.3),
    bar(1, "3,650 days and 5,000 agents, redraw", "uplot", 0.95, 0.20),
    bar(1, "3,650 days and 5,000 agents, redraw", "chartjs", 0.09, 0.09),
    bar(1, "3,650 days and 5,000 agents, hover", "uplot", 1.0, 1.3),
    bar(2, "3,650 days and 5,000 agents, hover", "uplot", 1.0, 1.4),
    bar(2, "3,650 days and 5,000 agents, redraw", "uplot", 0.95, 0.20),
    bar(1, "two series × 100,000 points, redraw", "uplot", 0.42, 0.20),
    bar(2, "two series × 100,000 points, redraw", "uplot", 0.32, 0.15),
    bar(1, "two series × 1,000,000 points, redraw", "uplot", 0.16, 0.12),
    bar(2, "two series × 1,000,000 points, redraw", "uplot", 0.22, 0.12),
    bar(1, "two series × 100,000 points, hover", "uplot", 1.0, 1.3),
    bar(2, "two series × 100,000 points, hover", "uplot", 1.0, 1.3),
    bar(1, "two series × 1,000,000 points, hover", "uplot", 1.0, 1.3),
    bar(2, "two series × 1,000,000 points, hover", "uplot", 1.0, 1.3),
    bar(1, "10,000 calls", "JSON.parse", 1.0 / 3.5, NONE),
    bar(1, "100,000 calls", "JSON.parse", NONE, 0.42),
    bar(1, "100,000 calls, two workers", "JSON.parse", NONE, 0.60),
    bar(1, "1,000,000 calls", "JSON.parse", 1.0 / 4.5, NONE),
    bar(1, "1,000,000 calls, two workers", "JSON.parse", 1.0 / 5.0, NONE),
    bar(1, "1,000,000 calls, in a database", "DuckDB", 1.0 / 15.0, NONE),
];

/// Times of every library at one density, by the work.
type Times = BTreeMap<String, BTreeMap<String, Vec<f64>>>;

/// Measures the page and the server, and holds the figures against the bars.
///
/// # Errors
/// Where something is missing or fails; with `--check`, names the bars that were missed twice.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    if options.what == Some(What::Kept) {
        return keep(&tools::for_building()?, &tools::for_browser()?.chromium);
    }
    let wants = |what| options.what.is_none_or(|only| only == what);
    let mut missed = Vec::new();
    if wants(What::Page) {
        let tools = tools::for_building()?;
        let browser = tools::for_browser()?.chromium;
        let site = step("the page of the bench", || build(&tools))?;
        let page = format!("index.html?only={}", options.only.replace(' ', "%20"));
        missed.extend(missed_twice(options.check, || measured(&browser, &site, &page))?);
    }
    if wants(What::Server) {
        missed.extend(missed_twice(options.check, scale::measured)?);
    }
    anyhow::ensure!(!options.check || missed.is_empty(), "missed twice: {}", missed.join("; "));
    Ok(())
}

/// Holds what is drawn and summed against the bars that are kept.
///
/// # Errors
/// Where something is missing or fails, or a bar is missed twice.
pub(crate) fn keep(tools: &BuildTools, browser: &Path) -> anyhow::Result<()> {
    let site = step("the page of the bench", || build(tools))?;
    let missed = missed_twice(true, || {
        let all = times_of(browser, &site, "kept.html")?;
        for Bar { density, work, peer, .. } in BARS.iter().filter(|bar| bar.kept < NONE) {
            let times = all.get(density).and_then(|times| times.get(*work));
            let is_there = times.is_some_and(|of| of.contains_key("callscope") && of.contains_key(*peer));
            anyhow::ensure!(is_there, "{work} is not measured beside {peer} at {density}×");
        }
        Ok(missed_in(&all, |bar| bar.kept))
    })?;
    anyhow::ensure!(missed.is_empty(), "slower than it was: {}", missed.join("; "));
    Ok(())
}

/// The bars that are missed; where it matters, those that are missed a second time, too.
fn missed_twice(is_checked: bool, measure: impl Fn() -> anyhow::Result<Vec<String>>) -> anyhow::Result<Vec<String>> {
    let mut missed = measure()?;
    if is_checked && !missed.is_empty() {
        say("\nOnce more: a machine may be busy with something else.");
        let again = measure()?;
        missed.retain(|bar| again.contains(bar));
    }
    Ok(missed)
}

/// Measures all, keeps it in `target/bench/result.json`, and gives the bars that were missed.
fn measured(browser: &Path, site: &Path, page: &str) -> anyhow::Result<Vec<String>> {
    let all = times_of(browser, site, page)?;
    anyhow::ensure!(all.values().any(|times| !times.is_empty()), "nothing of that name is measured");
    let kept = root().join("target/bench/result.json");
    std::fs::write(&kept, serde_json::to_vec_pretty(&json!({ "machine": machine(browser), "times_ms": all }))?)?;
    say(format_args!("\nEvery time is in {}", kept.display()));
    Ok(missed_in(&all, |bar| bar.aim.min(bar.kept)))
}

/// Runs a page at both densities, and prints what came of it.
fn times_of(browser: &Path, site: &Path, page: &str) -> anyhow::Result<BTreeMap<u8, Times>> {
    let mut all = BTreeMap::new();
    for density in [1_u8, 2] {
        let told = step(&format!("{density} pixels to a CSS pixel"), || told_by(browser, site, density, page))?;
        let times = told.get("times").cloned().context("the page told no times")?;
        all.insert(density, serde_json::from_value(times)?);
    }
    say(format_args!("\n{}", machine(browser)));
    for (density, times) in &all {
        print(*density, times);
    }
    Ok(all)
}

/// The bars that are missed; those of what was not measured are not.
fn missed_in(all: &BTreeMap<u8, Times>, most: impl Fn(&Bar) -> f64) -> Vec<String> {
    let missed = BARS.iter().filter_map(|bar| missed(bar, most(bar), all.get(&bar.density)?)).collect::<Vec<_>>();
    for bar in &missed {
        say(format_args!("missed: {bar}"));
    }
    missed
}

/// What is missed of a bar, in words without figures that change from run to run.
fn missed(bar: &Bar, most: f64, times: &Times) -> Option<String> {
    let of = times.get(bar.work)?;
    let ratio = median(of.get("callscope")?)? / median(of.get(bar.peer)?)?;
    let Bar { density, work, peer, .. } = bar;
    (ratio > most).then(|| format!("{work} at {density}×: at most {most:.2} × {peer}"))
}

fn print(density: u8, times: &Times) {
    say(format_args!("\n{density} pixels to a CSS pixel, ms: median [least..most], and Callscope's median beside it"));
    for (work, of) in times {
        let own = of.get("callscope").and_then(|times| median(times));
        for (library, times) in of {
            let (Some(middle), Some(own)) = (median(times), own) else { continue };
            let least = times.iter().copied().fold(f64::INFINITY, f64::min);
            let most = times.iter().copied().fold(0.0, f64::max);
            say(format_args!("{work:<39} {library:<11} {middle:>8.2} [{least:.2}..{most:.2}]  {:>6.2}", own / middle));
        }
    }
}

fn median(times: &[f64]) -> Option<f64> {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied()
}

fn machine(browser: &Path) -> String {
    let version = quiet_output(program(browser).arg("--version")).unwrap_or_default();
    let model = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, name)| name);
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{version}, headless, drawing by software; {processors} processors, {}", model.unwrap_or("unknown"))
}

/// Builds the page: the module as it is released, the other libraries, and what times them.
fn build(tools: &BuildTools) -> anyhow::Result<PathBuf> {
    let (own, bench) = (root().join("crates/callscope-bench/page"), root().join("target/bench"));
    let (work, site) = (bench.join("work"), bench.join("site"));
    std::fs::remove_dir_all(&work).ok();
    std::fs::remove_dir_all(&site).ok();
    std::fs::create_dir_all(&work)?;
    std::fs::create_dir_all(&site)?;
    for file in ["package.json", "package-lock.json"] {
        std::fs::copy(own.join(file), bench.join(file))?;
    }
    run_program(program("npm").args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]).arg(&bench))?;
    let mut module = cargo();
    module.args(["build", "--target", "wasm32-unknown-unknown", "--profile", "wasm", "--package", NAME]);
    run_program(module.envs(SMALL))?;
    let linked = root().join("target/wasm32-unknown-unknown/wasm/callscope_bench.wasm");
    bind(tools, &linked, &work, NAME)?;
    let bound = format!("{NAME}_bg.wasm");
    shorten(&work.join(&bound), &work.join(format!("{NAME}.js")))?;
    optimise(tools, &work.join(&bound), &site.join(&bound))?;
    let mut join = program(&tools.esbuild);
    join.args(["--bundle", "--format=esm", "--minify", "--charset=utf8", "--log-level=warning"]);
    join.env("NODE_PATH", bench.join("node_modules")).arg("--external:./functions.js");
    join.arg(format!("--alias:callscope-module={}", work.join(format!("{NAME}.js")).display()));
    join.arg(format!("--outdir={}", site.display()));
    run_program(join.args(ENTRIES.map(|entry| own.join(format!("{entry}.mjs")))))?;
    for file in ["www/css/tokens.css", "www/css/views.css"].map(|file| root().join(file)) {
        std::fs::copy(&file, site.join(file.file_name().unwrap_or_default()))?;
    }
    for file in [
        "uplot/dist/uPlot.min.css",
        "@duckdb/duckdb-wasm/dist/duckdb-eh.wasm",
        "@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js",
    ] {
        let file = bench.join("node_modules").join(file);
        std::fs::copy(&file, site.join(file.file_name().unwrap_or_default()))?;
    }
    for file in ["index.html", "frames.js", "cold.html", "cold.js"] {
        std::fs::copy(own.join(file), site.join(file))?;
    }
    let page = std::fs::read_to_string(own.join("index.html"))?;
    std::fs::write(site.join("kept.html"), page.replace("bench.js", "kept.js"))?;
    // The functions for data teams as the package has them.
    widget::functions(tools, &site)?;
    Ok(site)
}

/// A browser that ends with what holds it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Opens the page in a fresh browser, and waits for what it tells.
fn told_by(browser: &Path, site: &Path, density: u8, page: &str) -> anyhow::Result<Value> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let profile = root().join(format!("target/bench/profile-{density}"));
    std::fs::remove_dir_all(&profile).ok();
    let mut command = program(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]);
    command.args(["--disable-background-networking", "--disable-component-update", "--disable-sync"]);
    command.arg("--window-size=1000,1200").arg(format!("--force-device-scale-factor={density}"));
    command.arg(format!("--user-data-dir={}", profile.display()));
    command.arg(format!("http://{address}/{page}"));
    let opened = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let _running = Running(opened.context("the browser cannot be started")?);
    let told = served(listener, site).recv_timeout(MOST);
    let told = told.with_context(|| format!("the browser told nothing within {} minutes", MOST.as_secs() / 60))?;
    if let Some(failed) = told.get("failed") {
        anyhow::bail!("the page failed: {failed}");
    }
    Ok(told)
}

/// Answers each request at once, in a thread of its own: what waits for others would be timed with what is loaded. Gives
/// what the page tells.
fn served(listener: TcpListener, site: &Path) -> Receiver<Value> {
    let (tell, told) = channel();
    let site = site.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (tell, site) = (tell.clone(), site.clone());
            std::thread::spawn(move || {
                // A request that is broken off says nothing of what is measured.
                if let Ok(Some(told)) = answer(&stream, &site) {
                    // Nobody listens any more where it told something before.
                    tell.send(told).ok();
                }
            });
        }
    });
    told
}

/// A section that means nothing, by which a module is another one: a browser compiles no module twice that it holds.
fn section(name: &str) -> Vec<u8> {
    let name = name.as_bytes().get(..100).unwrap_or(name.as_bytes());
    let length = name.len() as u8;
    [&[0, length + 1, length], name].concat()
}

/// Gives a file of the page; what the page tells is given back.
fn answer(mut stream: &TcpStream, site: &Path) -> anyhow::Result<Option<Value>> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while reader.read_line(&mut head)? > 2 {}
    let mut words = head.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let told = if method == "POST" {
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or_default()];
        reader.read_exact(&mut body)?;
        Some(serde_json::from_slice(&body)?)
    } else {
        None
    };
    let (file, asked) = path.split_once('?').unwrap_or((path, ""));
    let file = file.trim_start_matches('/');
    let kind = match file.rsplit('.').next() {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        _ => "application/wasm",
    };
    let is_own = !file.is_empty() && !file.contains('/');
    let bytes = is_own.then(|| std::fs::read(site.join(file)).ok()).flatten();
    let status = if bytes.is_some() { "200 OK" } else { "404 Not Found" };
    let mut bytes = bytes.unwrap_or_default();
    if kind == "application/wasm" && !asked.is_empty() {
        bytes.extend(section(asked));
    }
    // A page of its own process has clocks twenty times as fine.
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Embedder-Policy: require-corp\r\nConnection: close\r\n\r\n",
        bytes.len()
    );
    // A browser that has gone needs no answer.
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&bytes)).ok();
    Ok(told)
}
