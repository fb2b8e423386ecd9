//! Commands for accounts at a vendor: connect, look after, and bring their calls.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::Context as _;
use callscope_server::db::{AuditEvent, Connection, Database, NewConnection, Organisation, now_ms};
use callscope_server::import::organisation_id;
use callscope_server::sync::{self, SyncReport, Turn};
use callscope_server::vendor::{
    ATOMS_BASE, Atoms, Base, Clients, KeyPlace, Patience, TELZINO_BASE, Telzino, TelzinoCredentials, Vendor,
};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;

use super::{DatabaseFile, say, stop_asked};

#[derive(Debug, Subcommand)]
pub(super) enum Connect {
    /// An account at Atoms: its agents, versions and calls.
    Atoms(ConnectAtoms),
    /// An account at Telzino: its usage reports. It gives no single calls.
    Telzino(ConnectTelzino),
}

/// Whose account it is.
#[derive(Debug, Args)]
struct Owner {
    #[command(flatten)]
    file: DatabaseFile,
    /// The organisation, by name or id, whose account this is; it is made where there is none.
    #[arg(long, value_name = "NAME")]
    organisation: String,
    /// The zone by which its days are cut, where the organisation is new.
    #[arg(long, value_name = "IANA NAME", default_value = "UTC")]
    time_zone: String,
}

#[derive(Debug, Args)]
pub(super) struct ConnectTelzino {
    #[command(flatten)]
    owner: Owner,
    /// The name of the program that the vendor gave out.
    #[arg(long, value_name = "ID")]
    client_id: String,
    #[command(flatten)]
    secret: SecretOptions,
    /// What the vendor wants the token to be asked for; the vendor's address unless it said otherwise.
    #[arg(long, value_name = "AUDIENCE")]
    audience: Option<String>,
    /// Only this organisation of the account, by the vendor's id.
    #[arg(long, value_name = "ID")]
    vendor_organization: Option<String>,
    /// Only this reseller of the account, by the vendor's id.
    #[arg(long, value_name = "ID")]
    vendor_reseller: Option<String>,
    /// The vendor's address.
    #[arg(long, value_name = "URL", default_value = TELZINO_BASE)]
    base: String,
}

/// Where the secret is read from, now and whenever it is needed: it is stored nowhere.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct SecretOptions {
    /// The environment variable with the program's secret.
    #[arg(long, value_name = "VARIABLE")]
    secret_env: Option<String>,
    /// The file with the program's secret.
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ConnectAtoms {
    #[command(flatten)]
    owner: Owner,
    #[command(flatten)]
    key: KeyOptions,
    /// The vendor's address.
    #[arg(long, value_name = "URL", default_value = ATOMS_BASE)]
    base: String,
    /// Keep nothing of what was said, and no summary of it.
    #[arg(long)]
    no_transcripts: bool,
    /// Keep no numbers of callers.
    #[arg(long)]
    no_numbers: bool,
}

/// Where the key is read from, now and whenever it is needed: it is stored nowhere.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct KeyOptions {
    /// The environment variable with the key.
    #[arg(long, value_name = "VARIABLE")]
    key_env: Option<String>,
    /// The file with the key.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Connections {
    /// What is connected, and how far each has come.
    List(DatabaseFile),
    /// Ask each vendor whether the key is good.
    Test(DatabaseFile),
    /// End a connection. What it brought stays.
    Remove {
        #[command(flatten)]
        file: DatabaseFile,
        /// The organisation, by name.
        #[arg(long, value_name = "NAME")]
        organisation: String,
    },
}

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

pub(super) async fn connect(command: Connect) -> anyhow::Result<()> {
    match command {
        Connect::Atoms(options) => connect_atoms(options).await,
        Connect::Telzino(options) => connect_telzino(options).await,
    }
}

fn key_place(environment: Option<String>, file: Option<PathBuf>) -> anyhow::Result<KeyPlace> {
    match (environment, file) {
        (Some(name), _) => Ok(KeyPlace::Environment(name)),
        (None, Some(path)) => Ok(KeyPlace::File(std::path::absolute(path)?)),
        (None, None) => anyhow::bail!("say where the secret is read from"),
    }
}

async fn connect_atoms(options: ConnectAtoms) -> anyhow::Result<()> {
    let key_place = key_place(options.key.key_env, options.key.key_file)?;
    options.owner.check()?;
    // Parsed here, since what it is called with may hold a password, and would be repeated.
    let base: Base = options.base.parse()?;
    let vendor = Atoms::new(base.clone(), key_place.key()?, Patience::AT_A_TERMINAL)?;
    let account = vendor.account().await.context("the account was not connected")?;
    let new = NewConnection {
        vendor: Vendor::Atoms,
        base,
        key_place,
        account: account.clone(),
        keeps_transcripts: !options.no_transcripts,
        keeps_numbers: !options.no_numbers,
    };
    let name = options.owner.store(&new).await?;
    say(&format!("Connected {name}: {account}. Bring its calls with: callscope-server sync"))
}

async fn connect_telzino(options: ConnectTelzino) -> anyhow::Result<()> {
    let key_place = key_place(options.secret.secret_env, options.secret.secret_file)?;
    options.owner.check()?;
    let base: Base = options.base.parse()?;
    let program = TelzinoCredentials {
        audience: options.audience.unwrap_or_else(|| base.as_str().to_owned()),
        client_id: options.client_id.clone(),
        organization_id: options.vendor_organization,
        reseller_id: options.vendor_reseller,
    };
    let vendor = Telzino::new(base.clone(), program.clone(), key_place.key()?, Patience::AT_A_TERMINAL)?;
    let calls = vendor.recent_calls(now_ms()).await.context("the account was not connected")?;
    let new = NewConnection {
        vendor: Vendor::Telzino(program),
        base,
        key_place,
        account: options.client_id,
        keeps_transcripts: true,
        keeps_numbers: true,
    };
    let name = options.owner.store(&new).await?;
    let calls = calls.map_or_else(|| "an unknown number of".to_owned(), |calls| calls.to_string());
    say(&format!(
        "Connected {name}: it sees {calls} calls of the last 30 days. Its usage is asked for as it is looked at."
    ))
}

impl Owner {
    /// Refuses what is wrong before anybody is asked.
    fn check(&self) -> anyhow::Result<()> {
        let zone = &self.time_zone;
        callscope_server::zone(zone, 0, 0).map(|_| ()).map_err(|_| anyhow::anyhow!("there is no zone '{zone}'"))
    }

    /// Stores a connection as the organisation's, and gives its name.
    async fn store(&self, new: &NewConnection) -> anyhow::Result<String> {
        let db = Database::open(&self.file.db).await?;
        let organisation = organisation(&db, &self.organisation, &self.time_zone).await?;
        // Its calls here would be counted nowhere any more.
        let is_mixed = !new.vendor.gives_calls() && db.has_calls(&organisation.id).await?;
        anyhow::ensure!(!is_mixed, "{} has calls here: give its usage reports another name", organisation.name);
        db.put_connection(&organisation.id, new, now_ms()).await?;
        note(&db, &organisation.id, "connection.made", &new.account).await?;
        db.close().await;
        Ok(organisation.name)
    }
}

/// The organisation of a name, made where there is none.
async fn organisation(db: &Database, name: &str, time_zone: &str) -> anyhow::Result<Organisation> {
    if let Some(found) = super::find(&db.organisations().await?, name)? {
        return Ok(found.clone());
    }
    let (id, name, time_zone) = (organisation_id(name), name.to_owned(), time_zone.to_owned());
    let new = Organisation { id, name, time_zone, reseller_id: None };
    db.put_organisation(&new).await?;
    Ok(new)
}

/// Takes on record what was done from the command line.
async fn note(db: &Database, organisation_id: &str, action: &'static str, subject: &str) -> anyhow::Result<()> {
    let event = AuditEvent {
        organisation_id: organisation_id.to_owned(),
        who: super::WHO.to_owned(),
        action,
        subject: Some(subject.to_owned()),
        ..AuditEvent::default()
    };
    Ok(db.note_event(&event, now_ms()).await?)
}

pub(super) async fn manage(command: Connections) -> anyhow::Result<()> {
    match command {
        Connections::List(file) => list(&file).await,
        Connections::Test(file) => test(&file).await,
        Connections::Remove { file, organisation } => remove(&file, &organisation).await,
    }
}

async fn list(file: &DatabaseFile) -> anyhow::Result<()> {
    let db = Database::open(&file.db).await?;
    let connections = db.connections().await?;
    if connections.is_empty() {
        say("Nothing is connected.")?;
    }
    for of in &connections {
        let (name, account, base) = (&of.organisation_name, &of.account, of.base.as_str());
        say(&format!("{name}: {account} at {base}, key from {}", of.key_place.written()))?;
        if !of.vendor.gives_calls() {
            say("  usage reports, asked for as they are looked at; no single calls")?;
            continue;
        }
        let (calls, without_detail) = db.synced_counts(of).await?;
        let state = match (of.synced_ms, of.is_walked) {
            (Some(at_ms), _) => format!("up to date at {}", instant(at_ms)),
            (None, true) => "its calls are here, what was said is not all".to_owned(),
            (None, false) if calls > 0 => "being brought for the first time".to_owned(),
            (None, false) => "not brought yet".to_owned(),
        };
        let missing = match without_detail {
            count if of.keeps_transcripts && count > 0 => format!(", {count} without what was said"),
            _ => String::new(),
        };
        say(&format!("  {calls} calls{missing}; {state}"))?;
        for (reason, count) in db.refused_rows(of).await? {
            say(&format!("  {count} rows kept aside: {reason}"))?;
        }
    }
    db.close().await;
    Ok(())
}

async fn test(file: &DatabaseFile) -> anyhow::Result<()> {
    let db = Database::open(&file.db).await?;
    let mut bad = 0;
    let clients = Clients::default();
    for of in db.connections().await? {
        match tried(&clients, &of).await {
            Ok(account) => say(&format!("{}: the key is good; it is {account}", of.organisation_name))?,
            Err(error) => {
                bad += 1;
                say(&format!("{}: {error:#}", of.organisation_name))?;
            }
        }
    }
    db.close().await;
    anyhow::ensure!(bad == 0, "{bad} connections do not work");
    Ok(())
}

async fn remove(file: &DatabaseFile, organisation: &str) -> anyhow::Result<()> {
    let db = Database::open(&file.db).await?;
    let found = db.connections().await?.into_iter().find(|of| of.organisation_name == organisation);
    let found = found.with_context(|| format!("no account of '{organisation}' is connected"))?;
    db.remove_connection(&found.id).await?;
    note(&db, &found.organisation_id, "connection.removed", &found.account).await?;
    db.close().await;
    say(&format!("The connection of {organisation} is ended. Its calls stay."))
}

/// Whose account a connection's key is of now.
async fn tried(clients: &Clients, of: &Connection) -> anyhow::Result<String> {
    if let Some(atoms) = clients.atoms(of, Patience::AT_A_TERMINAL)? {
        return Ok(atoms.account().await?);
    }
    if let Some(telzino) = clients.telzino(of)? {
        telzino.recent_calls(now_ms()).await?;
    }
    Ok(of.account.clone())
}

fn instant(ms: i64) -> String {
    callscope_server::rfc3339(ms).unwrap_or_else(|| "an unknown time".to_owned())
}

pub(super) async fn sync(options: SyncOptions) -> anyhow::Result<()> {
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
