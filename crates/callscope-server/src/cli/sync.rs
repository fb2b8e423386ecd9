//! Commands that bring the calls of connected accounts, and delete old ones.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::Context as _;
use callscope_server::db::{Connection, Database};
use callscope_server::sync::{self, SyncReport, Turn};
use callscope_server::vendor::{Atoms, Clients, Patience};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;

use super::{DatabaseFile, note, say, stop_asked};

#[derive(Debug, Args)]
pub(super) struct SyncOptions {
    #[command(flatten)]
    file: DatabaseFile,
    /// Only calls that started on this day or after it, by UTC.
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: Option<Date>,
    /// Go on until stopped, and look again after this time, such as 60s or 5m.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    follow: Option<Duration>,
}

#[derive(Debug, Args)]
pub(super) struct Prune {
    #[command(flatten)]
    file: DatabaseFile,
    /// The first day that is kept, by UTC.
    #[arg(long, value_name = "YYYY-MM-DD")]
    before: Date,
    /// Only of this organisation, by name or id; without it, of all.
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
}

/// A number of seconds, such as `60` or `60s`, or of minutes, such as `5m`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.strip_suffix('m') {
        Some(number) => (number, 60),
        None => (text.strip_suffix('s').unwrap_or(text), 1),
    };
    let number: u64 = number.parse().map_err(|_| "give seconds, such as 60s, or minutes, such as 5m")?;
    if number == 0 {
        return Err("give at least one second".to_owned());
    }
    Ok(Duration::from_secs(number.saturating_mul(unit)))
}

pub(super) async fn bring(options: SyncOptions) -> anyhow::Result<()> {
    let db = Database::open(&options.file.db).await?;
    anyhow::ensure!(!db.connections().await?.is_empty(), "nothing is connected: see callscope-server connect --help");
    if let Some(since) = options.since {
        let since_ms = begin_ms(since)?;
        for of in db.connections().await? {
            db.set_since(&of.id, Some(since_ms)).await?;
        }
    }
    let turn = Turn::take(&options.file.db).context("cannot take the turn at bringing calls")?;
    let turn =
        turn.context("another process is bringing the calls of this database: wait until it is done, or stop it")?;
    let clients = Clients::default();
    let outcome = tokio::select! {
        outcome = follow(&db, &clients, options.follow) => outcome,
        // Whatever was stored by then stays, and the next run goes on from there.
        () = stop_asked() => say("Stopped; the next run goes on from here."),
    };
    drop(turn);
    db.close().await;
    outcome
}

/// When a day begins by UTC, in Unix milliseconds.
fn begin_ms(day: Date) -> anyhow::Result<i64> {
    Ok(day.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp().as_millisecond())
}

pub(super) async fn prune(options: Prune) -> anyhow::Result<()> {
    let before_ms = begin_ms(options.before)?;
    let db = Database::open(&options.file.db).await?;
    let organisations = match options.organisation {
        Some(name) => super::find_all(&db, &[name]).await?,
        None => db.organisations().await?,
    };
    for organisation in organisations {
        let deleted = db.prune(&organisation.id, before_ms).await?;
        note(&db, &organisation.id, "calls.pruned", &options.before.to_string()).await?;
        say(&format!("{}: {deleted} calls before {} deleted", organisation.name, options.before))?;
    }
    db.close().await;
    Ok(())
}

/// Brings calls beside the server until that ends. What goes wrong is logged, and tried again next time.
pub(super) async fn in_background(db: Database, file: PathBuf, clients: Clients, every: Duration) {
    loop {
        match Turn::take(&file) {
            Ok(Some(_turn)) => bring_all_quietly(&db, &clients).await,
            Ok(None) => tracing::info!("another process is bringing calls"),
            Err(error) => tracing::error!(%error, "cannot take the turn at bringing calls"),
        }
        tokio::time::sleep(every).await;
    }
}

async fn bring_all_quietly(db: &Database, clients: &Clients) {
    match db.connections().await {
        Ok(connections) => {
            for of in connections.into_iter().filter(|of| of.vendor.gives_calls()) {
                bring_quietly(db, clients, &of).await;
            }
        }
        Err(error) => tracing::error!(%error, "cannot read the connections"),
    }
}

async fn bring_quietly(db: &Database, clients: &Clients, of: &Connection) {
    let organisation = of.organisation_name.as_str();
    let brought = match opened(db, clients, of).await {
        Ok(vendor) => sync::Run::new(db, &vendor, of, &sync::Silent).run().await.map_err(anyhow::Error::from),
        Err(error) => Err(error),
    };
    match brought {
        Ok(report) => {
            let calls = report.calls;
            tracing::info!(organisation, new = calls.new, changed = calls.changed, refused = calls.refused, "synced");
        }
        Err(error) => tracing::warn!(organisation, "not synced: {error:#}"),
    }
}

async fn follow(db: &Database, clients: &Clients, again: Option<Duration>) -> anyhow::Result<()> {
    loop {
        let outcome = sync_all(db, clients).await;
        let Some(wait) = again else { return outcome };
        if let Err(error) = outcome {
            super::complain(&error);
        }
        tokio::time::sleep(wait).await;
    }
}

/// Every connection once. One that fails does not keep the others from being brought.
async fn sync_all(db: &Database, clients: &Clients) -> anyhow::Result<()> {
    let mut failed = 0;
    for of in db.connections().await? {
        // It may have been ended while others were brought.
        let Some(of) = db.connection(&of.id).await? else { continue };
        if !of.vendor.gives_calls() {
            say(&format!("{}: there are usage reports alone, asked for as they are looked at", of.organisation_name))?;
            continue;
        }
        match sync_one(db, clients, &of).await {
            Ok(report) => say(&format!("{}: {}", of.organisation_name, told(&report)))?,
            Err(error) => {
                failed += 1;
                super::complain(&error.context(of.organisation_name.clone()));
            }
        }
    }
    anyhow::ensure!(failed == 0, "not everything was brought; what was stays, and the next run goes on from there");
    Ok(())
}

/// The account; where its key is not to be had, the pages say so.
async fn opened(db: &Database, clients: &Clients, of: &Connection) -> anyhow::Result<Atoms> {
    let vendor = clients.atoms(of, Patience::default());
    match vendor.and_then(|vendor| vendor.context("there are no calls at this vendor")) {
        Ok(vendor) => Ok(vendor),
        Err(error) => {
            db.set_ended(&of.id, Some(&format!("{error:#}"))).await?;
            Err(error)
        }
    }
}

async fn sync_one(db: &Database, clients: &Clients, of: &Connection) -> anyhow::Result<SyncReport> {
    let vendor = opened(db, clients, of).await?;
    let bar = Bar::new(&of.organisation_name);
    let outcome = sync::Run::new(db, &vendor, of, &bar).run().await;
    bar.finish();
    Ok(outcome?)
}

fn told(report: &SyncReport) -> String {
    let of = &report.calls;
    let refused = if of.refused > 0 { format!(", {} rows kept aside", of.refused) } else { String::new() };
    let (agents, versions, details) = (report.agents, report.versions, report.details);
    let calls = format!("{} new calls, {} changed{refused}", of.new, of.changed);
    format!("{agents} agents, {versions} versions; {calls}; what was said in {details}")
}

/// A bar on the terminal; silent elsewhere.
struct Bar {
    on_terminal: Option<ProgressBar>,
    stage: Mutex<&'static str>,
    name: String,
}

impl Bar {
    fn new(name: &str) -> Self {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let on_terminal = std::io::stderr().is_terminal().then(|| ProgressBar::new(0).with_style(style));
        Self { on_terminal, stage: Mutex::default(), name: name.to_owned() }
    }

    fn at(&self, stage: &'static str, here: u64, of: Option<u64>) {
        let Some(bar) = &self.on_terminal else { return };
        if let Ok(mut last) = self.stage.lock()
            && *last != stage
        {
            *last = stage;
            bar.reset();
            bar.set_message(format!("{}: {stage}", self.name));
        }
        bar.set_length(of.unwrap_or(here));
        bar.set_position(here);
    }

    fn finish(&self) {
        if let Some(bar) = &self.on_terminal {
            bar.finish_and_clear();
        }
    }
}

impl sync::Progress for Bar {
    fn calls(&self, here: u64, of: Option<u64>) {
        self.at("calls", here, of);
    }

    fn details(&self, here: u64, of: u64) {
        self.at("what was said", here, Some(of));
    }
}
