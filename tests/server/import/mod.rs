//! Calls from files into the database, and out again through the API.

mod bank;
mod files;
mod killed;
mod maps;
mod rows;

use std::path::{Path, PathBuf};

use callscope_server::db::Database;
use callscope_server::import::{Map, Report, import};

pub(super) use killed::program;

/// An input of the suite.
fn input(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("suite").join(name)
}

fn map(name: &str) -> Map {
    Map::read(&input(name)).unwrap()
}

/// What an import did, or why it failed, in words.
async fn import_all(db: &Database, map: &Map, files: &[PathBuf]) -> Result<Report, String> {
    import(db, map, files, &()).await.map_err(|error| format!("{error:#}"))
}

/// Texts that a statement gives, in its order.
async fn texts(db: &Database, statement: &str) -> Vec<String> {
    let mut transaction = db.begin().await.unwrap();
    sqlx::query_scalar(statement).fetch_all(&mut *transaction).await.unwrap()
}

/// Everything that an import may change, in a form that can be compared.
async fn contents(db: &Database) -> Vec<String> {
    let mut all = Vec::new();
    for statement in [
        "SELECT id || ' ' || name || ' ' || time_zone FROM organisations ORDER BY 1",
        "SELECT id || ' ' || name || ' ' || status FROM agents ORDER BY 1",
        "SELECT id || ' ' || label || ' ' || coalesce(activated_ms, '-') FROM versions ORDER BY 1",
        "SELECT organisation_id || ' ' || id || ' ' || started_ms || ' ' || duration_ms || ' ' || outcome
         FROM calls ORDER BY 1",
    ] {
        all.extend(texts(db, statement).await);
    }
    all
}

/// The refusals as line and reason.
fn refusals(report: &Report) -> Vec<(u64, &str)> {
    report.refusals.iter().map(|refusal| (refusal.line, refusal.reason.as_str())).collect()
}
