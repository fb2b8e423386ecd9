//! Demo data: three organisations, fourteen agents, forty thousand calls, the same for the same seed
//! and the same `now`.
//!
//! Planted in it: a day of outage, two weeks without telemetry, a change of clock where the last 90
//! days hold one, names of every kind, an agent without a call and one that was deleted, and the
//! story of two versions that `plan::STORY` tells.

mod calls;
mod config;
mod details;
mod plan;
mod sample;
mod sounds;

use callscope_core::calls::Outcome;
use callscope_core::session::Role;
use uuid::Uuid;

use crate::db::{
    Agent, CallDetails, CallRow, Database, Organisation, Reseller, User, Version, insert_agent, insert_calls,
    insert_version, put_details, roll_up,
};

pub use sample::write as write_samples;
pub use sounds::write_recordings;

/// The account that sees the organisations of the reseller, and the one that stands alone.
pub const ACCOUNT: (&str, &str) = ("demo@callscope.example", "callscope-demo");
/// The account that sees one organisation only.
pub const SECOND_ACCOUNT: (&str, &str) = ("clinic@callscope.example", "callscope-demo");
/// What the demo data are made from unless said otherwise.
pub const SEED: u64 = 0x00ca_1150;

/// Everything that the demo consists of.
#[derive(Clone, Debug)]
pub struct Demo {
    /// The reseller that two of the organisations share.
    pub reseller: Reseller,
    /// The three organisations.
    pub organisations: Vec<Organisation>,
    /// The fourteen agents.
    pub agents: Vec<Agent>,
    /// Their versions.
    pub versions: Vec<Version>,
    /// Their calls, in no particular order.
    pub calls: Vec<CallRow>,
    /// What was said in those that were answered, each with its place among the calls.
    pub details: Vec<(usize, CallDetails)>,
}

/// Makes the demo data that end at `now_ms`.
pub fn generate(seed: u64, now_ms: i64) -> Demo {
    plan::generate(seed, now_ms)
}

/// Fills a database with the demo data and the two demo accounts. Does nothing where they are there.
///
/// # Errors
/// Those of the database; then nothing was added.
pub async fn fill(db: &Database, seed: u64, now_ms: i64) -> anyhow::Result<bool> {
    if let Some(user) = db.user_by_email(ACCOUNT.0).await?
        && db.access_of_user(&user.id).await?.organisations.len() >= 3
    {
        return Ok(false);
    }
    let demo = generate(seed, now_ms);
    db.put_reseller(&demo.reseller).await?;
    for organisation in &demo.organisations {
        db.put_organisation(organisation).await?;
    }
    let mut transaction = db.begin_bulk().await?;
    for agent in &demo.agents {
        insert_agent(&mut transaction, agent).await?;
    }
    for version in &demo.versions {
        insert_version(&mut transaction, version).await?;
    }
    insert_calls(&mut transaction, &demo.calls).await?;
    for (at, details) in &demo.details {
        if let Some(call) = demo.calls.get(*at) {
            put_details(&mut transaction, (&call.organisation_id, &call.id), details).await?;
        }
    }
    roll_up(&mut transaction).await?;
    transaction.commit().await?;
    add_accounts(db, &demo).await?;
    Ok(true)
}

async fn add_accounts(db: &Database, demo: &Demo) -> anyhow::Result<()> {
    let second = account(db, SECOND_ACCOUNT, "Noor Haddad").await?;
    for organisation in demo.organisations.iter().filter(|organisation| organisation.name == plan::HEALTH) {
        db.add_member(&second.id, &organisation.id, Role::Viewer).await?;
    }
    // Last, since its presence says that the demo is complete.
    let first = account(db, ACCOUNT, "Robin Vale").await?;
    db.add_reseller_member(&first.id, &demo.reseller.id, Role::Admin).await?;
    for organisation in demo.organisations.iter().filter(|organisation| organisation.reseller_id.is_none()) {
        db.add_member(&first.id, &organisation.id, Role::Admin).await?;
    }
    Ok(())
}

/// The account, also where an earlier filling broke off after making it.
async fn account(db: &Database, (email, password): (&str, &str), name: &str) -> anyhow::Result<User> {
    match db.user_by_email(email).await? {
        Some(user) => Ok(user),
        None => db.add_user(email, name, password).await,
    }
}

/// An id that is the same in every demo.
fn id(name: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("demo {name}").as_bytes()).to_string()
}

/// Calls by outcome: a row of shares that sum to 1.
type OutcomeShares = [(Outcome, f64); 4];
