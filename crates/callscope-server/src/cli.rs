//! Commands, their options, and what they print.

mod connect;
mod connections;
mod people;
mod sync;

use std::cell::RefCell;
use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use callscope_server::db::{AuditEvent, Database, Organisation, now_ms};
use callscope_server::http::{self, Config, Origin};
use callscope_server::vendor::Clients;
use callscope_server::{demo, import};
use clap::{Args, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

/// Who did it, as what was done is put on record.
const WHO: &str = "the command line";

/// Reports on voice agents: the API server, its database, and the app.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer requests until stopped.
    Serve(Serve),
    /// Read calls from CSV, TSV or NDJSON files (gzip or not) into the database.
    Import(Import),
    /// Fill the database with demo data: three organisations, 40,000 calls up to now.
    Demo(DatabaseFile),
    /// Connect an account at a vendor: its key is checked at once, and never stored.
    #[command(subcommand)]
    Connect(connect::Connect),
    /// The connected accounts.
    #[command(subcommand)]
    Connections(connections::Connections),
    /// Bring agents, versions and calls of the connected accounts: what is new, and what has changed.
    Sync(sync::SyncOptions),
    /// Delete calls that started before a day, with transcripts and numbers.
    Prune(sync::Prune),
    /// Clients, and what each may do.
    #[command(subcommand)]
    User(people::UserCommand),
    /// API keys, sent as `Authorization: Bearer KEY`.
    #[command(subcommand)]
    Key(people::KeyCommand),
    /// Write the sample answers that the app shows where it has no server.
    Sample {
        /// The folder for session.json and calls.json.
        folder: PathBuf,
    },
    /// Print the description of the API as `OpenAPI` JSON.
    Openapi,
}

#[derive(Debug, Args)]
struct DatabaseFile {
    /// The database file; it is made where it is not there.
    #[arg(long, value_name = "FILE", env = "CALLSCOPE_DB")]
    db: PathBuf,
}

#[derive(Debug, Args)]
struct Serve {
    #[command(flatten)]
    file: DatabaseFile,
    /// The address to listen on. Anything but loopback belongs behind a proxy with TLS.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,
    /// The folder of the built app; without it only the API is served.
    #[arg(long, value_name = "FOLDER")]
    assets: Option<PathBuf>,
    /// The address people open, such as <https://reports.example.com>; with https the session cookie is Secure.
    #[arg(long, value_name = "ORIGIN")]
    public_origin: Option<Origin>,
    /// A page of another origin that may call the API with the session cookie. May be repeated.
    #[arg(long = "allow-origin", value_name = "ORIGIN")]
    allowed_origins: Vec<Origin>,
    /// A page that may hold the app in a frame. May be repeated.
    #[arg(long = "frame-ancestor", value_name = "ORIGIN")]
    frame_ancestors: Vec<Origin>,
    /// Take the caller's address from the last entry of X-Forwarded-For.
    #[arg(long)]
    behind_proxy: bool,
    /// How many requests a caller may make in a minute.
    #[arg(long, value_name = "COUNT", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
    requests_per_minute: u32,
    /// How long a published version waits for its security check before it can go live, to try the waiting.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    security_check_secs: u32,
    /// Bring the calls of the connected accounts, now and again after this time, such as 60s or 5m.
    #[arg(long, value_name = "TIME", value_parser = sync::duration)]
    sync: Option<Duration>,
    /// Write the log as JSON, a line each.
    #[arg(long)]
    log_json: bool,
}

#[derive(Debug, Args)]
struct Import {
    #[command(flatten)]
    file: DatabaseFile,
    /// The map that says which column is what.
    #[arg(long, value_name = "MAP.toml")]
    map: PathBuf,
    /// The files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(options) => serve(options).await,
        Command::Import(options) => import_files(options).await,
        Command::Demo(file) => fill_demo(&file.db).await,
        Command::Connect(command) => connect::connect(command).await,
        Command::Connections(command) => connections::manage(command).await,
        Command::Sync(options) => sync::bring(options).await,
        Command::Prune(options) => sync::prune(options).await,
        Command::User(command) => people::users(command).await,
        Command::Key(command) => people::keys(command).await,
        Command::Sample { folder } => demo::write_samples(&folder),
        Command::Openapi => say(&http::openapi_document().to_pretty_json()?),
    }
}

/// Prints an error with its causes.
pub(crate) fn complain(error: &anyhow::Error) {
    writeln!(std::io::stderr(), "error: {error:#}").ok();
}

fn say(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{text}").context("cannot write to standard output")
}

async fn serve(options: Serve) -> anyhow::Result<()> {
    start_log(options.log_json);
    if let Some(assets) = &options.assets {
        let page = assets.join("index.html");
        anyhow::ensure!(page.is_file(), "{} is not there: build the app first", page.display());
    }
    let db = Database::open(&options.file.db).await?;
    let clients = Clients::default();
    let config = Config {
        clients: clients.clone(),
        assets: options.assets,
        public_origin: options.public_origin,
        allowed_origins: options.allowed_origins,
        frame_ancestors: options.frame_ancestors,
        behind_proxy: options.behind_proxy,
        requests_per_minute: options.requests_per_minute,
        recordings: Some(recordings(&options.file.db)),
        check_ms: i64::from(options.security_check_secs) * 1000,
    };
    let listener = tokio::net::TcpListener::bind(options.listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {}", options.listen))?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    // It ends with the process: whatever is stored by then stays.
    if let Some(every) = options.sync {
        tokio::spawn(sync::in_background(db.clone(), options.file.db, clients, every));
    }
    let router = http::router(db.clone(), config).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, router).with_graceful_shutdown(stop_asked()).await?;
    db.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Waits until the process is asked to stop.
async fn stop_asked() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
    tracing::info!("stopping: finishing what is under way");
}

fn start_log(json: bool) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("CALLSCOPE_LOG");
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    if json {
        builder.json().init();
    } else {
        builder.init();
    }
}

/// The folder of recordings that belongs to a database file: beside it, by the same name.
fn recordings(file: &Path) -> PathBuf {
    file.with_extension("recordings")
}

async fn fill_demo(file: &Path) -> anyhow::Result<()> {
    let db = Database::open(file).await?;
    let is_new = demo::fill(&db, demo::SEED, now_ms()).await?;
    demo::write_recordings(&recordings(file))?;
    let calls = db.count_calls().await?;
    db.close().await;
    let (email, password) = demo::ACCOUNT;
    let what = if is_new { "Filled" } else { "The demo is there already:" };
    say(&format!("{what} {} with {calls} calls. Sign in as {email} with {password}", file.display()))
}

async fn import_files(options: Import) -> anyhow::Result<()> {
    let map = import::Map::read(&options.map)?;
    let db = Database::open(&options.file.db).await?;
    let bar = Bar::default();
    let report = import::import(&db, &map, &options.files, &bar).await;
    bar.finish();
    let report = report?;
    db.close().await;
    say(report.to_string().trim_end())?;
    anyhow::ensure!(report.taken + report.known > 0, "nothing was imported");
    Ok(())
}

/// A bar on the terminal; silent elsewhere.
#[derive(Default)]
struct Bar {
    bar: RefCell<Option<ProgressBar>>,
}

impl Bar {
    fn finish(&self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl import::Progress for Bar {
    fn file(&self, name: &str, total_bytes: u64) {
        if !std::io::stderr().is_terminal() {
            return;
        }
        let style = ProgressStyle::with_template("{msg} {wide_bar} {percent}% {bytes_per_sec} {eta}");
        let bar = ProgressBar::new(total_bytes).with_message(name.to_owned());
        self.finish();
        self.bar.replace(Some(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))));
    }

    fn at(&self, bytes_read: u64) {
        if let Some(bar) = self.bar.borrow().as_ref() {
            bar.set_position(bytes_read);
        }
    }
}

/// Takes on record what was done from the command line.
async fn note(db: &Database, organisation_id: &str, action: &'static str, subject: &str) -> anyhow::Result<()> {
    let event = AuditEvent {
        organisation_id: organisation_id.to_owned(),
        who: WHO.to_owned(),
        action,
        subject: Some(subject.to_owned()),
        ..AuditEvent::default()
    };
    Ok(db.note_event(&event, now_ms()).await?)
}

async fn find_all(db: &Database, names: &[String]) -> anyhow::Result<Vec<Organisation>> {
    let all = db.organisations().await?;
    let one = |name: &String| {
        let known = || all.iter().map(|organisation| organisation.name.as_str()).collect::<Vec<_>>().join(", ");
        let found = find(&all, name)?.cloned();
        found.with_context(|| format!("there is no organisation '{name}'; there are: {}", known()))
    };
    names.iter().map(one).collect()
}

/// The organisation of a name or an id; none where there is none, and an error where several have the name.
fn find<'o>(all: &'o [Organisation], name: &str) -> anyhow::Result<Option<&'o Organisation>> {
    let by_id = all.iter().find(|organisation| organisation.id == name);
    let mut named = all.iter().filter(|organisation| organisation.name == name);
    let (first, second) = (named.next(), named.next());
    anyhow::ensure!(by_id.is_some() || second.is_none(), "several organisations are named '{name}': give the id");
    Ok(by_id.or(first))
}
