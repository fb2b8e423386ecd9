//! `cargo xtask run`: from a fresh checkout to a page with demo data.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::app;
use crate::shell::{program, root, run as run_program, say};

/// How to run.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Open the page in the browser.
    #[arg(long)]
    open: bool,
    /// The port on 127.0.0.1.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// The database file; demo data are added where it has none.
    #[arg(long, value_name = "FILE", default_value = "data/callscope.db")]
    db: PathBuf,
}

/// Builds everything and serves it until stopped.
///
/// # Errors
/// Says what is missing or failed.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    say("The first time this brings the tools it needs and builds everything, which takes 10 to 20 minutes.");
    app::build()?;
    let server = app::build_server()?;
    let db = root().join(&options.db);
    if let Some(folder) = db.parent() {
        std::fs::create_dir_all(folder)?;
    }
    run_program(program(&server).arg("demo").arg("--db").arg(&db))?;
    let address = format!("127.0.0.1:{}", options.port);
    let mut serve = program(&server);
    serve.arg("serve").arg("--db").arg(&db).args(["--listen", &address, "--assets", "dist"]);
    // `trunk serve` stands before this server while the app is being worked on.
    for page in ["http://127.0.0.1:8080", "http://localhost:8080"] {
        serve.args(["--allow-origin", page]);
    }
    let mut child = serve.stdin(Stdio::null()).spawn().context("cannot start the server")?;
    if wait_for(&address) {
        say(format_args!("\nCallscope is at http://{address}\nSign in as demo@callscope.example with callscope-demo"));
        say("Stop with Ctrl-C.");
        if options.open {
            open(&format!("http://{address}"));
        }
    }
    let status = child.wait()?;
    anyhow::ensure!(status.success(), "the server ended ({status})");
    Ok(())
}

/// Whether something answers at an address within ten seconds.
fn wait_for(address: &str) -> bool {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(10) {
        if std::net::TcpStream::connect(address).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}

fn open(url: &str) {
    let opened = program("xdg-open").arg(url).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if opened.is_err() {
        say("There is no xdg-open here; open the address by hand.");
    }
}
