//! What answers cost as calls get more, and what bringing calls costs beside `SQLite`'s own insertion.
//!
//! `cargo bench --package callscope-server`; `cargo xtask bench` reads the figures and holds them against its bars.

#![expect(clippy::unwrap_used, reason = "a benchmark may end")]

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use callscope_core::calls::Outcome;
use callscope_core::session::Role;
use callscope_server::db::{
    Agent, CallRow, Database, Organisation, Version, insert_agent, insert_calls, insert_version, roll_up,
};
use callscope_server::http::{Config, router};
use callscope_server::import::{Map, import};
use criterion::{Criterion, criterion_group, criterion_main};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

const YEAR_START_MS: i64 = 1_735_689_600_000;
const YEAR_MS: u64 = 365 * 86_400_000;
const AGENTS: u64 = 50;
const SIZES: [(&str, u64); 3] = [("10000", 10_000), ("100000", 100_000), ("1000000", 1_000_000)];
/// Bringing a million takes too long to be repeated.
const BROUGHT: u64 = 100_000;
/// What is told from sums. A year as a fleet in India asks for it: its days begin half-way through an hour of UTC.
const SUMMED: [(&str, &str); 3] = [
    ("metrics", "/v1/metrics?startDate=2025-01-02&endDate=2025-12-30&timeZone=Asia/Kolkata"),
    (
        "comparison",
        "/atoms/v1/agent/agent-7/versions/compare-metrics?versionA=agent-7-v0&versionB=agent-7-v1&timeZone=Asia/Kolkata",
    ),
    ("agents", "/atoms/v1/agent?offset=50"),
];

/// A row of numbers that look like chance, always the same.
struct Mixed(u64);

impl Mixed {
    /// `SplitMix64`: <https://prng.di.unimi.it/splitmix64.c>.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

fn call(number: u64, mixed: &mut Mixed) -> CallRow {
    let agent = mixed.below(AGENTS);
    let outcome = Outcome::ALL.get(mixed.below(4) as usize).copied().unwrap_or(Outcome::Other);
    let tokens = 500 + mixed.below(4000);
    CallRow {
        organisation_id: "fleet".to_owned(),
        id: format!("CALL-{number:08}"),
        started_ms: YEAR_START_MS + mixed.below(YEAR_MS) as i64,
        agent_id: Some(format!("agent-{agent}")),
        version_id: Some(format!("agent-{agent}-v{}", mixed.below(2))),
        duration_ms: 5_000 + mixed.below(300_000),
        status: "completed".to_owned(),
        outcome,
        disconnection_reason: Some(if mixed.below(2) == 0 { "user_hangup" } else { "agent_hangup" }.to_owned()),
        call_type: Some("telephony_inbound".to_owned()),
        to_number: Some(format!("+4915{:08}", mixed.below(100_000_000))),
        from_number: Some(format!("+4915{:08}", mixed.below(100_000_000))),
        is_test: false,
        cost: Some(mixed.below(1000) as f64 / 100.0),
        response_ms: Some(300.0 + mixed.below(9000) as f64 / 10.0),
        positive_sentiment: Some(mixed.below(3) > 0),
        corrections: Some(mixed.below(3) as u32),
        tokens: Some((mixed.below(tokens), tokens)),
        transcript_confidence: Some(0.8 + mixed.below(200) as f64 / 1000.0),
        tool_calls: Some((mixed.below(4), 0)),
        escalation_reason: (outcome == Outcome::Transferred).then(|| format!("reason {}", mixed.below(6))),
        campaign_id: None,
        latency_ms: Some(700.0 + mixed.below(900) as f64),
    }
}

fn calls(count: u64) -> Vec<CallRow> {
    let mut mixed = Mixed(count);
    (0..count).map(|number| call(number, &mut mixed)).collect()
}

async fn put_fleet(db: &Database) {
    let organisation = Organisation {
        id: "fleet".to_owned(),
        name: "Fleet".to_owned(),
        time_zone: "Asia/Kolkata".to_owned(),
        reseller_id: None,
    };
    db.put_organisation(&organisation).await.unwrap();
    let mut transaction = db.begin().await.unwrap();
    for number in 0..AGENTS {
        let id = format!("agent-{number}");
        let agent = Agent {
            id: id.clone(),
            organisation_id: "fleet".to_owned(),
            name: id.clone(),
            status: "active".to_owned(),
        };
        insert_agent(&mut transaction, &agent).await.unwrap();
        for version in 0..2 {
            let version = Version::bare(format!("{id}-v{version}"), id.clone(), format!("v{version}"), None);
            insert_version(&mut transaction, &version).await.unwrap();
        }
    }
    transaction.commit().await.unwrap();
}

/// A server over so many calls of a year.
struct Fleet {
    db: Database,
    router: Router,
    key: String,
}

impl Fleet {
    async fn new(file: &Path, count: u64) -> Self {
        let db = Database::open(file).await.unwrap();
        put_fleet(&db).await;
        let mut transaction = db.begin().await.unwrap();
        insert_calls(&mut transaction, &calls(count)).await.unwrap();
        roll_up(&mut transaction).await.unwrap();
        transaction.commit().await.unwrap();
        let key = db.create_key("bench", None, Role::Viewer).await.unwrap().expose().to_owned();
        let config = Config { requests_per_minute: u32::MAX, ..Config::default() };
        Self { router: router(db.clone(), config), db, key }
    }

    async fn ask(&self, address: &str) -> Vec<u8> {
        let request = Request::get(address).header("host", "localhost");
        let request = request.header("authorization", format!("Bearer {}", self.key)).body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200, "{address}");
        to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
    }

    /// Without sums for any day, reports are told from the calls.
    async fn forget_sums(&self) {
        let sql =
            "INSERT OR IGNORE INTO stale_days (organisation_id, day) SELECT organisation_id, day FROM day_rollups";
        let mut transaction = self.db.begin().await.unwrap();
        sqlx::query(sql).execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }
}

fn answers(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, count) in SIZES {
        let fleet = runtime.block_on(Fleet::new(&folder.path().join(format!("{name}.db")), count));
        let mut group = criterion.benchmark_group("answers");
        group.sample_size(20);
        for (what, address) in SUMMED {
            group.bench_function(format!("{what} of {name}"), |bencher| {
                bencher.to_async(&runtime).iter(|| fleet.ask(address));
            });
        }
        if count < 1_000_000 {
            continue;
        }
        let days = "&dateFrom=2000-01-01T00:00:00Z&dateTo=2099-12-31T23:59:59Z";
        for (kind, days) in [("", ""), (", of some days", days)] {
            for page in [1, 10_000] {
                let address = format!("/atoms/v1/conversation?limit=100&page={page}{days}");
                group.bench_function(format!("page {page} of {name}{kind}"), |bencher| {
                    bencher.to_async(&runtime).iter(|| fleet.ask(&address));
                });
            }
        }
        let from_sums = SUMMED.map(|(_, address)| runtime.block_on(fleet.ask(address)));
        runtime.block_on(fleet.forget_sums());
        group.sample_size(10);
        for ((what, address), from_sums) in SUMMED.into_iter().zip(from_sums) {
            assert!(runtime.block_on(fleet.ask(address)) == from_sums, "{what}: the calls tell something else");
            group.bench_function(format!("{what} of {name}, from the calls"), |bencher| {
                bencher.to_async(&runtime).iter(|| fleet.ask(address));
            });
        }
    }
}

const MAP: &str = r#"
organisation = "Fleet"
time_zone = "Asia/Kolkata"
id = { column = "id" }
started = { column = "started" }
duration = { column = "seconds" }
status = { column = "status" }
outcome = { column = "outcome" }
agent = { column = "agent" }
version = { column = "version" }
disconnection_reason = { column = "reason" }
from = { column = "from" }
to = { column = "to" }
cost = { column = "cost" }
corrections = { column = "corrections" }
"#;

fn file_of(calls: &[CallRow]) -> String {
    let mut text = "id,started,seconds,status,outcome,agent,version,reason,from,to,cost,corrections\n".to_owned();
    for call in calls {
        let started = callscope_server::rfc3339(call.started_ms).unwrap();
        let (seconds, cost) = (call.duration_ms as f64 / 1000.0, call.cost.unwrap_or_default());
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        let (agent, version, reason) = (part(&call.agent_id), part(&call.version_id), part(&call.disconnection_reason));
        let (from, to, corrections) = (part(&call.from_number), part(&call.to_number), call.corrections.unwrap_or(0));
        let (id, status, outcome) = (&call.id, &call.status, call.outcome.key());
        writeln!(
            text,
            "{id},{started},{seconds},{status},{outcome},{agent},{version},{reason},{from},{to},{cost},{corrections}"
        )
        .unwrap();
    }
    text
}

/// The same rows by `SQLite` alone: one statement, one transaction, the same table with its indexes.
fn insert_plainly(file: &Path, calls: &[CallRow]) -> Duration {
    let mut connection = rusqlite::Connection::open(file).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL").unwrap();
    connection
        .execute_batch("DROP TRIGGER calls_inserted; DROP TRIGGER calls_updated; DROP TRIGGER calls_deleted")
        .unwrap();
    let started = Instant::now();
    let transaction = connection.transaction().unwrap();
    let sql = "INSERT INTO calls (organisation_id, started_ms, id, agent_id, version_id, duration_ms, status, outcome,
               disconnection_reason, to_number, from_number, cost, corrections, updated_ms)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let mut insert = transaction.prepare(sql).unwrap();
    for call in calls {
        let values = rusqlite::params![
            call.organisation_id,
            call.started_ms,
            call.id,
            call.agent_id,
            call.version_id,
            call.duration_ms as i64,
            call.status,
            call.outcome.key(),
            call.disconnection_reason,
            call.to_number,
            call.from_number,
            call.cost,
            call.corrections,
            call.started_ms
        ];
        insert.execute(values).unwrap();
    }
    drop(insert);
    transaction.commit().unwrap();
    started.elapsed()
}

fn bringing(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let calls = calls(BROUGHT);
    let source = folder.path().join("calls.csv");
    std::fs::write(&source, file_of(&calls)).unwrap();
    let map = Map::parse(MAP).unwrap();
    let mut number = 0;
    let mut fresh = || {
        number += 1;
        folder.path().join(format!("{number}.db"))
    };
    let mut group = criterion.benchmark_group("bringing");
    group.sample_size(10);
    group.bench_function("import", |bencher| {
        bencher.iter_custom(|times| {
            let once = |file: &Path| {
                runtime.block_on(async {
                    let db = Database::open(file).await.unwrap();
                    let started = Instant::now();
                    let report = import(&db, &map, std::slice::from_ref(&source), &()).await.unwrap();
                    let took = started.elapsed();
                    assert_eq!(report.taken, BROUGHT, "{report}");
                    db.close().await;
                    took
                })
            };
            (0..times).map(|_| once(&fresh())).sum()
        });
    });
    group.bench_function("SQLite alone", |bencher| {
        bencher.iter_custom(|times| {
            let once = |file: &Path| {
                runtime.block_on(async {
                    let db = Database::open(file).await.unwrap();
                    put_fleet(&db).await;
                    db.close().await;
                });
                insert_plainly(file, &calls)
            };
            (0..times).map(|_| once(&fresh())).sum()
        });
    });
}

criterion_group!(benches, answers, bringing);
criterion_main!(benches);
