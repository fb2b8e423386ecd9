//! The vendor's own client, unmodified, against this server.

use std::path::Path;
use std::process::Command;

use callscope_server::db::Database;
use callscope_server::demo;
use callscope_server::http::{Config, router};
use tokio::net::TcpListener;

use super::app::at;

/// The Python that has the client; none, with the reason printed, where it is not there.
fn python() -> Option<String> {
    let python = std::env::var("CALLSCOPE_PYTHON").ok().filter(|path| !path.is_empty());
    if python.is_none() {
        println!("skipped: there is no Python with the vendor's client (`cargo xtask test` brings it where it can)");
    }
    python
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vendors_client_reads_versions_diff_and_comparison() {
    let Some(python) = python() else { return };
    let db = Database::in_memory().await.unwrap();
    demo::fill(&db, demo::SEED, at("2026-05-20T12:00:00Z")).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(axum::serve(listener, router(db.clone(), Config::default())).into_future());
    let organisations = db.organisations().await.unwrap();
    let id_of = |name: &str| organisations.iter().find(|organisation| organisation.name == name).unwrap().id.clone();
    let (own, other) = (id_of("North Star Bank"), id_of("Lumen Energy"));
    let agents = db.agent_rows(std::slice::from_ref(&own)).await.unwrap();
    let agent = agents.iter().find(|agent| agent.name == "Card services").unwrap().id.clone();
    let key = db.create_key("client", Some(&own)).await.unwrap().expose().to_owned();
    let foreign_key = db.create_key("another", Some(&other)).await.unwrap().expose().to_owned();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/sdk/client.py");
    let run = tokio::task::spawn_blocking(move || {
        Command::new(python).arg(script).args([base, key, agent, own, foreign_key]).output().unwrap()
    });
    let output = run.await.unwrap();
    serving.abort();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
