//! Commands that connect an account at a vendor.

use std::path::PathBuf;

use anyhow::Context as _;
use callscope_server::db::{Database, NewConnection, Organisation, now_ms};
use callscope_server::import::organisation_id;
use callscope_server::vendor::{
    ATOMS_BASE, Atoms, Base, KeyPlace, Patience, TELZINO_BASE, Telzino, TelzinoCredentials, Vendor,
};
use clap::{Args, Subcommand};

use super::{DatabaseFile, note, say};

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
