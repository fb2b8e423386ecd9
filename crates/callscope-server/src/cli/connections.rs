//! Commands that look after connected accounts.

use anyhow::Context as _;
use callscope_server::db::{Connection, Database, now_ms};
use callscope_server::vendor::{Clients, Patience};
use clap::Subcommand;

use super::{DatabaseFile, note, say};

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
        /// The organisation, by name or id.
        #[arg(long, value_name = "NAME")]
        organisation: String,
    },
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
    let all = db.organisations().await?;
    let id = super::find(&all, organisation)?.map(|organisation| organisation.id.clone()).unwrap_or_default();
    let found = db.connection_of(&id).await?;
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
