//! Commands for accounts and keys: who may see and do what.

use std::io::{IsTerminal as _, Read as _, Write as _};

use anyhow::Context as _;
use callscope_core::session::Role;
use callscope_server::db::{Actor, AuditEvent, Database, MemberChanged, Organisation, User, now_ms};
use clap::{Args, Subcommand};

use super::{DatabaseFile, WHO, find_all, say};

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Add an account. The password is read from standard input, so that it stands in no history.
    Add {
        #[command(flatten)]
        of: AccountOptions,
        /// The person's name.
        #[arg(long, default_value = "")]
        name: String,
        /// An organisation that the person may see, by name or id. May be repeated.
        #[arg(long = "organisation", required = true, value_name = "NAME")]
        organisations: Vec<String>,
        #[command(flatten)]
        role: RoleOption,
    },
    /// Who may do what in each organisation, and who was invited.
    List(DatabaseFile),
    /// Make a code by which somebody comes to an organisation and chooses a password.
    Invite {
        #[command(flatten)]
        of: AccountOptions,
        #[command(flatten)]
        place: OrganisationOption,
        #[command(flatten)]
        role: RoleOption,
    },
    /// Give an account a role in an organisation; another one than before where it had one.
    Role {
        #[command(flatten)]
        of: AccountOptions,
        #[command(flatten)]
        place: OrganisationOption,
        /// What the person may do: viewer, editor or admin.
        #[arg(long)]
        role: Role,
    },
    /// Take an account out of an organisation. The account stays.
    Remove {
        #[command(flatten)]
        of: AccountOptions,
        #[command(flatten)]
        place: OrganisationOption,
    },
    /// Close an account and end its sessions.
    Disable(AccountOptions),
    /// Open an account that was closed.
    Enable(AccountOptions),
    /// Give an account another password, read from standard input, and end its sessions.
    Password(AccountOptions),
    /// End all sessions of an account.
    SignOut(AccountOptions),
}

/// An account.
#[derive(Debug, Args)]
pub(super) struct AccountOptions {
    #[command(flatten)]
    file: DatabaseFile,
    /// The address to sign in with.
    #[arg(long)]
    email: String,
}

#[derive(Debug, Args)]
pub(super) struct OrganisationOption {
    /// The organisation, by name or id.
    #[arg(long, value_name = "NAME")]
    organisation: String,
}

#[derive(Debug, Args)]
pub(super) struct RoleOption {
    /// What may be done: viewer (see), editor (change agents) or admin (say who may).
    #[arg(long, default_value = "viewer")]
    role: Role,
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key and print it as the last word. It cannot be read again.
    Create {
        #[command(flatten)]
        file: DatabaseFile,
        /// What the key is for.
        #[arg(long, default_value = "key")]
        label: String,
        /// The organisation, by name or id, that the key may see; without it, everything in this database.
        #[arg(long, value_name = "NAME")]
        organisation: Option<String>,
        #[command(flatten)]
        role: RoleOption,
    },
    /// The keys, each with its id and what may be done with it.
    List(DatabaseFile),
    /// Have a key be none any more.
    Revoke {
        #[command(flatten)]
        file: DatabaseFile,
        /// Its id, as the list has it.
        #[arg(long)]
        id: String,
    },
}

pub(super) async fn users(command: UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Add { of, name, organisations, role } => add(of, &name, &organisations, role.role).await,
        UserCommand::List(file) => list(&file).await,
        UserCommand::Invite { of, place, role } => invite(of, &place, role.role).await,
        UserCommand::Role { of, place, role } => set_role(of, &place, role).await,
        UserCommand::Remove { of, place } => remove(of, &place).await,
        UserCommand::Disable(of) => set_disabled(of, true).await,
        UserCommand::Enable(of) => set_disabled(of, false).await,
        UserCommand::Password(of) => set_password(of).await,
        UserCommand::SignOut(of) => sign_out(of).await,
    }
}

impl AccountOptions {
    async fn open(&self) -> anyhow::Result<(Database, User)> {
        let db = Database::open(&self.file.db).await?;
        let user = db.user_by_email(&self.email).await?;
        Ok((db, user.with_context(|| format!("there is no account for {}", self.email))?))
    }
}

async fn find_one(db: &Database, name: &str) -> anyhow::Result<Organisation> {
    find_all(db, &[name.to_owned()]).await?.pop().context("there is no such organisation")
}

async fn add(of: AccountOptions, name: &str, organisations: &[String], role: Role) -> anyhow::Result<()> {
    let db = Database::open(&of.file.db).await?;
    let found = find_all(&db, organisations).await?;
    let user = db.add_user(&of.email, name, &typed_password(&of.email)?).await?;
    for organisation in &found {
        db.give_role(&organisation.id, &user, role, WHO).await?;
    }
    db.close().await;
    say(&format!("Added {} as {}", of.email, role.name()))
}

fn typed_password(email: &str) -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        writeln!(std::io::stderr(), "Password for {email} (it will be shown while you type), then Enter and Ctrl-D:")
            .ok();
    }
    let mut password = String::new();
    std::io::stdin().take(4096).read_to_string(&mut password).context("cannot read the password")?;
    Ok(password.trim_end_matches(['\r', '\n']).to_owned())
}

async fn list(file: &DatabaseFile) -> anyhow::Result<()> {
    let db = Database::open(&file.db).await?;
    for organisation in db.organisations().await? {
        say(&organisation.name)?;
        for member in db.members(&organisation.id).await? {
            let closed = if member.is_disabled { ", closed" } else { "" };
            let by = member.reseller.map(|reseller| format!(" by {reseller}")).unwrap_or_default();
            say(&format!("  {}: {}{by}{closed}", member.email, member.role.name()))?;
        }
        for invitation in db.invitations(&organisation.id).await? {
            let (email, role, until) = (&invitation.email, invitation.role.name(), &invitation.expires_at);
            say(&format!("  {email}: invited as {role}, until {until}"))?;
        }
    }
    db.close().await;
    Ok(())
}

async fn invite(of: AccountOptions, place: &OrganisationOption, role: Role) -> anyhow::Result<()> {
    let db = Database::open(&of.file.db).await?;
    let organisation = find_one(&db, &place.organisation).await?;
    let made = db.invite(&organisation.id, &of.email, role, &Actor { name: WHO.to_owned(), id: None }).await?;
    db.close().await;
    let (email, name) = (&made.email, &organisation.name);
    say(&format!("Tell {email}: open the page, choose \"I have a code\", and give this one within a week."))?;
    say(&format!("It lets in as {} of {name}, and cannot be read again: {}", role.name(), made.code.expose()))
}

async fn set_role(of: AccountOptions, place: &OrganisationOption, role: Role) -> anyhow::Result<()> {
    let (db, user) = of.open().await?;
    let organisation = find_one(&db, &place.organisation).await?;
    let is_done = db.give_role(&organisation.id, &user, role, WHO).await?;
    db.close().await;
    anyhow::ensure!(is_done, "nobody would administer {} any more", organisation.name);
    say(&format!("{} is {} of {}", user.email, role.name(), organisation.name))
}

async fn remove(of: AccountOptions, place: &OrganisationOption) -> anyhow::Result<()> {
    let (db, user) = of.open().await?;
    let organisation = find_one(&db, &place.organisation).await?;
    let changed = db.remove_member(&organisation.id, &user, WHO).await?;
    db.close().await;
    match changed {
        MemberChanged::Done => {}
        MemberChanged::Missing => anyhow::bail!("{} is not in {} by itself", user.email, organisation.name),
        MemberChanged::LastAdmin => anyhow::bail!("nobody would administer {} any more", organisation.name),
    }
    say(&format!("{} does not see {} any more", user.email, organisation.name))
}

async fn set_disabled(of: AccountOptions, is_disabled: bool) -> anyhow::Result<()> {
    let (db, user) = of.open().await?;
    let is_done = db.set_disabled(&user, is_disabled, WHO).await?;
    db.close().await;
    anyhow::ensure!(is_done, "an organisation would have nobody who administers it any more");
    say(&format!("The account of {} is {}", user.email, if is_disabled { "closed" } else { "open" }))
}

async fn set_password(of: AccountOptions) -> anyhow::Result<()> {
    let (db, user) = of.open().await?;
    db.set_password(&user, &typed_password(&user.email)?, WHO).await?;
    db.close().await;
    say(&format!("The password of {} is changed, and its sessions have ended", user.email))
}

async fn sign_out(of: AccountOptions) -> anyhow::Result<()> {
    let (db, user) = of.open().await?;
    db.end_sessions_of(&user, WHO).await?;
    db.close().await;
    say(&format!("All sessions of {} have ended", user.email))
}

pub(super) async fn keys(command: KeyCommand) -> anyhow::Result<()> {
    match command {
        KeyCommand::Create { file, label, organisation, role } => {
            create_key(&file, &label, organisation, role.role).await
        }
        KeyCommand::List(file) => list_keys(&file).await,
        KeyCommand::Revoke { file, id } => revoke_key(&file, &id).await,
    }
}

async fn create_key(file: &DatabaseFile, label: &str, organisation: Option<String>, role: Role) -> anyhow::Result<()> {
    let db = Database::open(&file.db).await?;
    let scope = match organisation {
        Some(name) => Some(find_one(&db, &name).await?),
        None => None,
    };
    let organisation_id = scope.as_ref().map(|organisation| organisation.id.as_str());
    let key = db.create_key(label, organisation_id, role).await?;
    note_key(&db, organisation_id, "key.made", label, Some(role)).await?;
    db.close().await;
    let sees = scope.map_or_else(|| "everything in this database".to_owned(), |organisation| organisation.name);
    let role = role.name();
    say(&format!("A key that sees {sees} as {role}. Keep it, it cannot be read again: {}", key.expose()))
}

/// Takes on record what was done to a key, in every organisation that it sees.
async fn note_key(
    db: &Database,
    organisation_id: Option<&str>,
    action: &'static str,
    label: &str,
    role: Option<Role>,
) -> anyhow::Result<()> {
    for organisation in db.organisations().await? {
        if organisation_id.is_none_or(|id| organisation.id == id) {
            let event = AuditEvent {
                organisation_id: organisation.id,
                who: WHO.to_owned(),
                action,
                subject: Some(label.to_owned()),
                detail: role.map(|role| role.name().to_owned()),
                agent_id: None,
            };
            db.note_event(&event, now_ms()).await?;
        }
    }
    Ok(())
}

async fn list_keys(file: &DatabaseFile) -> anyhow::Result<()> {
    let db = Database::open(&file.db).await?;
    let organisations = db.organisations().await?;
    for key in db.keys().await? {
        let of = organisations.iter().find(|of| key.organisation_id.as_ref() == Some(&of.id));
        let sees = of.map_or("everything in this database", |of| of.name.as_str());
        say(&format!("{}: '{}', {} of {sees}", key.id, key.label, key.role.name()))?;
    }
    db.close().await;
    Ok(())
}

async fn revoke_key(file: &DatabaseFile, id: &str) -> anyhow::Result<()> {
    let db = Database::open(&file.db).await?;
    let key = db.keys().await?.into_iter().find(|key| key.id == id);
    let key = key.with_context(|| format!("there is no key '{id}': see callscope-server key list"))?;
    db.revoke_key(&key.id).await?;
    note_key(&db, key.organisation_id.as_deref(), "key.revoked", &key.label, None).await?;
    db.close().await;
    say(&format!("The key '{}' is none any more", key.label))
}
