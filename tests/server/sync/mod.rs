//! Bringing the calls of an account: the server plays the vendor for a second database, over real HTTP that
//! fails in every way.

mod faults;
mod killed;
mod relay;
mod shapes;
mod stand_in;

use callscope_core::session::Role;
use callscope_server::db::{Connection, Database, NewConnection, Organisation};
use callscope_server::http::Config;
use callscope_server::sync::{Run, Silent, SyncReport};
use callscope_server::vendor::{Atoms, Base, KeyPlace, Patience, Vendor};
use sqlx::Row as _;

use super::app::{Ask, TestApp};
use stand_in::StandIn;

/// Short waits: what matters is what happens after them.
const IMPATIENT: Patience =
    Patience { request: std::time::Duration::from_secs(6), first_wait: std::time::Duration::from_millis(2), tries: 8 };

/// A database whose calls come from a stand-in.
struct Mirror {
    db: Database,
    folder: tempfile::TempDir,
}

impl Mirror {
    /// A connection to a stand-in, kept in a file of its own.
    async fn of(stand_in: &StandIn, keeps_transcripts: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&folder.path().join("mirror.db")).await.unwrap();
        let mirror = Self { db, folder };
        mirror.connect("Mirror", stand_in, &stand_in.key, keeps_transcripts).await;
        mirror
    }

    /// Connects an organisation by a key, which lies in a file.
    async fn connect(&self, name: &str, stand_in: &StandIn, key: &str, keeps_transcripts: bool) {
        let organisation = Organisation {
            id: format!("org-{name}"),
            name: name.to_owned(),
            time_zone: "UTC".to_owned(),
            reseller_id: None,
        };
        self.db.put_organisation(&organisation).await.unwrap();
        let file = self.folder.path().join(format!("key-{name}"));
        std::fs::write(&file, key).unwrap();
        let new = NewConnection {
            vendor: Vendor::Atoms,
            base: stand_in.base.parse::<Base>().unwrap(),
            key_place: KeyPlace::File(file),
            account: String::new(),
            keeps_transcripts,
            keeps_numbers: true,
        };
        self.db.put_connection(&organisation.id, &new, 0).await.unwrap();
    }

    async fn connection(&self, name: &str) -> Connection {
        let all = self.db.connections().await.unwrap();
        all.into_iter().find(|of| of.organisation_name == name).unwrap()
    }

    async fn run_of(&self, name: &str) -> Result<SyncReport, callscope_server::sync::SyncError> {
        let of = self.connection(name).await;
        let vendor = Atoms::new(of.base.clone(), of.key_place.key().unwrap(), IMPATIENT).unwrap();
        let ended = Run::new(&self.db, &vendor, &of, &Silent).run().await;
        // However it ended, what it brought is summed.
        assert_eq!(
            contents(&self.db, "any", &["SELECT 1 FROM stale_days WHERE ? <> ''"]).await,
            [vec![] as Vec<String>]
        );
        ended
    }

    async fn run(&self) -> Result<SyncReport, callscope_server::sync::SyncError> {
        self.run_of("Mirror").await
    }
}

/// What both databases must agree on, row by row, without what only one of them can know.
const COMPARED: [&str; 4] = [
    "SELECT id, name, status FROM agents WHERE organisation_id = ?",
    "SELECT versions.id, agent_id, label, description, config, published_ms, activated_ms FROM versions
     JOIN agents ON agents.id = agent_id WHERE organisation_id = ?",
    "SELECT id, started_ms, agent_id, version_id, duration_ms, status, outcome, disconnection_reason, type, to_number,
     from_number, is_test, cost, response_ms, positive_sentiment, corrections, cached_tokens, all_tokens,
     transcript_confidence, tool_calls, tool_errors, escalation_reason, campaign_id, latency_ms, updated_ms
     FROM calls WHERE organisation_id = ?",
    "SELECT call_id, transcript, latencies, analytics, failure_reason FROM call_details
     WHERE organisation_id = ? AND (transcript <> '[]' OR analytics NOT IN ('{}', '{\"summary\":null,\"answers\":[]}')
     OR failure_reason IS NOT NULL)",
];

/// The rows of both sides as texts, in order.
async fn contents(db: &Database, organisation_id: &str, tables: &[&str]) -> Vec<Vec<String>> {
    let mut transaction = db.begin().await.unwrap();
    let mut all = Vec::new();
    for sql in tables {
        let rows = sqlx::query(sql).bind(organisation_id).fetch_all(&mut *transaction).await.unwrap();
        let text = |row: &sqlx::sqlite::SqliteRow| {
            let cells = (0..row.len()).map(|at| cell(row, at)).collect::<Vec<_>>();
            cells.join(" | ")
        };
        let mut rows: Vec<String> = rows.iter().map(text).collect();
        rows.sort_unstable();
        all.push(rows);
    }
    all
}

fn cell(row: &sqlx::sqlite::SqliteRow, at: usize) -> String {
    if let Ok(value) = row.try_get::<Option<i64>, _>(at) {
        return value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    }
    if let Ok(value) = row.try_get::<Option<f64>, _>(at) {
        return value.map_or_else(|| "-".to_owned(), |value| format!("{:x}", value.to_bits()));
    }
    let text = row.try_get::<Option<String>, _>(at).unwrap().unwrap_or_else(|| "-".to_owned());
    // Members of JSON come in any order.
    serde_json::from_str::<serde_json::Value>(&text).map_or(text, |value| value.to_string())
}

#[track_caller]
fn same(theirs: &[Vec<String>], ours: &[Vec<String>]) {
    for (at, (theirs, ours)) in theirs.iter().zip(ours).enumerate() {
        let missing: Vec<_> = theirs.iter().filter(|row| ours.binary_search(row).is_err()).take(3).collect();
        let surplus: Vec<_> = ours.iter().filter(|row| theirs.binary_search(row).is_err()).take(3).collect();
        assert!(missing.is_empty() && surplus.is_empty(), "table {at}: missing {missing:#?}, surplus {surplus:#?}");
        assert_eq!(theirs.len(), ours.len(), "table {at}");
    }
}

/// The mirror holds what the stand-in holds.
async fn assert_equal(stand_in: &StandIn, mirror: &Mirror, tables: &[&str]) {
    let theirs = contents(&stand_in.db, &stand_in.organisation_id, tables).await;
    let ours = contents(&mirror.db, "org-Mirror", tables).await;
    assert!(theirs.iter().all(|rows| !rows.is_empty()), "nothing is compared with nothing");
    same(&theirs, &ours);
    assert_eq!(reports(&stand_in.db, &stand_in.organisation_id).await, reports(&mirror.db, "org-Mirror").await);
}

/// The usage report and a comparison as the API gives them: numbers as they are written, which is to the last bit.
async fn reports(db: &Database, organisation_id: &str) -> [serde_json::Value; 2] {
    let app = TestApp::over(db.clone(), Config::default());
    let key = db.create_key("reports", Some(organisation_id), Role::Viewer).await.unwrap();
    let days = "2025-10-01&endDate=2025-12-31";
    let usage = format!("/v1/metrics?timeZone=UTC&startDate={days}");
    let comparison = "/atoms/v1/agent/agent-a/versions/compare-metrics?versionA=agent-a-v1&versionB=agent-a-v2";
    let mut found = [serde_json::Value::Null, serde_json::Value::Null];
    for (path, found) in [usage.as_str(), comparison].into_iter().zip(&mut found) {
        let answer = app.send(Ask::get(path).key(key.expose())).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        *found = answer.json()["data"].take();
    }
    assert_ne!(found[0]["metrics"]["totalCalls"], 0, "{}", found[0]["metrics"]);
    // Each has the organisation by an id of its own; everything else is a figure or what it is of.
    for version in ["versionA", "versionB"] {
        let own = found[1]["metrics"][version].as_object_mut().and_then(|version| version.remove("orgId"));
        assert_eq!(own, Some(organisation_id.into()), "{}", found[1]);
    }
    found
}
