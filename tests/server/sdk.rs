//! The vendor's own clients, unmodified, against this server.

use std::path::{Path, PathBuf};
use std::process::Command;

use callscope_core::calls::CallSort;
use callscope_core::session::Role;
use callscope_server::db::{CallQuery, CallWindow, Database};
use callscope_server::demo;
use callscope_server::http::{Config, router};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::app::at;

/// The Python that a variable names; none, with the reason printed, where it is not there.
fn python(variable: &str) -> Option<String> {
    let python = std::env::var(variable).ok().filter(|path| !path.is_empty());
    if python.is_none() {
        println!("skipped: there is no Python with the vendor's client (`cargo xtask test` brings it where it can)");
    }
    python
}

/// The demo, served.
struct Served {
    db: Database,
    /// `http://` and the address.
    base: String,
    /// The organisation of the story, another one, and the story's agent.
    own: String,
    other: String,
    agent: String,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Served {
    async fn demo(recordings: Option<PathBuf>) -> Self {
        let db = Database::in_memory().await.unwrap();
        demo::fill(&db, demo::SEED, at("2026-05-20T12:00:00Z")).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let config = Config { recordings, ..Config::default() };
        let serving = tokio::spawn(axum::serve(listener, router(db.clone(), config)).into_future());
        let organisations = db.organisations().await.unwrap();
        let id_of = |name: &str| organisations.iter().find(|of| of.name == name).unwrap().id.clone();
        let (own, other) = (id_of("North Star Bank"), id_of("Lumen Energy"));
        let agents = db.agent_rows(std::slice::from_ref(&own)).await.unwrap();
        let agent = agents.iter().find(|agent| agent.name == "Card services").unwrap().id.clone();
        Self { db, base, own, other, agent, serving }
    }

    async fn key(&self, organisation: &str) -> String {
        self.db.create_key("client", Some(organisation), Role::Editor).await.unwrap().expose().to_owned()
    }

    /// Runs a script of the suite to its end, which must be a good one.
    async fn run(self, python: String, script: &str, arguments: Vec<String>, environment: Vec<(&'static str, String)>) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/sdk").join(script);
        let run = move || Command::new(python).arg(script).args(arguments).envs(environment).output().unwrap();
        let output = tokio::task::spawn_blocking(run).await.unwrap();
        self.serving.abort();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vendors_client_reads_versions_diff_and_comparison() {
    let Some(python) = python("CALLSCOPE_PYTHON") else { return };
    let served = Served::demo(None).await;
    let (key, foreign_key) = (served.key(&served.own).await, served.key(&served.other).await);
    let arguments = vec![served.base.clone(), key, served.agent.clone(), served.own.clone(), foreign_key];
    served.run(python, "client.py", arguments, Vec::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documents_own_examples_read_calls() {
    let Some(python) = python("CALLSCOPE_PYTHON_OLDER") else { return };
    let folder = tempfile::tempdir().unwrap();
    demo::write_recordings(folder.path()).unwrap();
    let served = Served::demo(Some(folder.path().to_owned())).await;
    let of_agent = CallQuery {
        organisation_ids: vec![served.own.clone()],
        agent_ids: vec![served.agent.clone()],
        statuses: vec!["completed".to_owned()],
        ..CallQuery::default()
    };
    let first = CallWindow { sort: CallSort::Started, is_ascending: true, limit: 1, skip: 0 };
    let call = served.db.call_page(&of_agent, first).await.unwrap().0.remove(0).call;
    let foreign = CallQuery { organisation_ids: vec![served.other.clone()], ..CallQuery::default() };
    let foreign = served.db.call_page(&foreign, first).await.unwrap().0.remove(0).call;
    let arguments = vec![served.agent.clone(), call.id, call.from_number.unwrap(), foreign.id];
    let environment = vec![
        ("SMALLEST_BASE_URL", format!("{}/atoms/v1", served.base)),
        ("SMALLEST_API_KEY", served.key(&served.own).await),
    ];
    served.run(python, "calls.py", arguments, environment).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documents_own_flow_sets_what_is_asked_after_calls() {
    let Some(python) = python("CALLSCOPE_PYTHON_OLDER") else { return };
    let served = Served::demo(None).await;
    let environment = vec![
        ("SMALLEST_BASE_URL", format!("{}/atoms/v1", served.base)),
        ("SMALLEST_API_KEY", served.key(&served.own).await),
    ];
    let arguments = vec![served.agent.clone()];
    served.run(python, "metrics_flow.py", arguments, environment).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vendors_client_works_on_drafts_and_publishes_them() {
    let Some(python) = python("CALLSCOPE_PYTHON") else { return };
    let served = Served::demo(None).await;
    let arguments = vec![served.base.clone(), served.key(&served.own).await, served.agent.clone()];
    served.run(python, "drafts.py", arguments, Vec::new()).await;
}
