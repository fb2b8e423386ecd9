//! Reports from sums that are kept, beside the same reports from the calls themselves.

use callscope_core::calls::{Outcome, UsageSummary};
use callscope_core::period::Zone;
use callscope_core::usage::Narrowing;
use callscope_server::db::{CallRow, Database, Scope, roll_up};
use oorandom::Rand64;

use super::app::{TestApp, at, call, put_calls};
use callscope_server::http::Config;

/// Zones whose offsets are whole hours, halves and quarters, one that moves its clock by half an hour, and one
/// whose offset was no whole quarter until 1972: −0:44:30.
const ZONES: [&str; 8] = [
    "UTC",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/New_York",
    "Europe/Berlin",
    "Pacific/Kiritimati",
    "Africa/Monrovia",
];

/// Around the changes of clock of a spring, and around the first of 1970: days before it are numbered below 0.
const STARTS: [&str; 2] = ["2026-03-01T00:00:00Z", "1969-12-20T00:00:00Z"];
const DAYS: u64 = 40;
const DAY_MS: i64 = 86_400_000;

fn some<T>(random: &mut Rand64, value: impl FnOnce(&mut Rand64) -> T) -> Option<T> {
    (random.rand_range(0..4) > 0).then(|| value(random))
}

/// A call with everything that a report is made of, each part now and then unknown.
fn random_call(random: &mut Rand64, number: usize, start: &str) -> CallRow {
    let outcome = Outcome::ALL[random.rand_range(0..4) as usize];
    let id = format!("{start}-{number}");
    let agent = ["alpha-one", "alpha-two"][random.rand_range(0..2) as usize];
    let mut call = call("alpha", agent, &id, start, outcome);
    // Often on the very edge of a quarter of an hour.
    let offset = random.rand_range(0..DAYS * DAY_MS as u64) as i64;
    let edge = 900_000 * random.rand_range(0..2) as i64;
    call.started_ms += if edge == 0 { offset } else { offset - offset % edge - random.rand_range(0..2) as i64 };
    call.agent_id = some(random, |_| agent.to_owned());
    call.duration_ms = random.rand_range(0..900_000);
    call.response_ms = some(random, |random| random.rand_float() * 2000.0);
    call.positive_sentiment = some(random, |random| random.rand_range(0..2) == 0);
    call.corrections = some(random, |random| random.rand_range(0..3) as u32);
    call.tokens = some(random, |random| (random.rand_range(0..900), random.rand_range(0..1000)));
    call.transcript_confidence = some(random, |random| random.rand_float() * 1.1);
    call.tool_calls = some(random, |random| (random.rand_range(0..5), random.rand_range(0..6)));
    call.escalation_reason = some(random, |random| format!("reason {}", random.rand_range(0..3)));
    call
}

/// A zone, a span of any length with ends anywhere, and perhaps an agent or an hour.
fn random_question(random: &mut Rand64, start: &str) -> (Zone, Scope) {
    let start_ms = at(start) - DAY_MS;
    let within = |random: &mut Rand64| start_ms + random.rand_range(0..(DAYS + 2) * DAY_MS as u64) as i64;
    let (mut from_ms, mut to_ms) = (within(random), within(random));
    if to_ms < from_ms {
        (from_ms, to_ms) = (to_ms, from_ms);
    }
    match random.rand_range(0..4) {
        // Whole quarters, the end inside.
        0 => (from_ms, to_ms) = (from_ms - from_ms.rem_euclid(900_000), to_ms - to_ms.rem_euclid(900_000) - 1),
        // Less than one.
        1 => to_ms = from_ms + random.rand_range(0..900_000) as i64,
        _ => {}
    }
    let name = ZONES[random.rand_range(0..ZONES.len() as u64) as usize];
    let zone = callscope_server::zone(name, from_ms, to_ms).unwrap();
    let agent_id = (random.rand_range(0..3) == 0).then(|| "alpha-one".to_owned());
    let hour = (random.rand_range(0..3) == 0).then(|| random.rand_range(0..24) as u8);
    let organisation_ids = vec!["alpha".to_owned(), "beta".to_owned()];
    (zone, Scope { organisation_ids, from_ms, to_ms, narrowing: Narrowing { agent_id, hour } })
}

async fn answers(db: &Database, questions: &[(Zone, Scope)]) -> Vec<UsageSummary> {
    let mut answers = Vec::new();
    for (zone, scope) in questions {
        answers.push(db.summarise(scope, zone).await.unwrap());
    }
    answers
}

/// With every day stale, nothing but calls is read.
const ALL_STALE: &str =
    "INSERT OR IGNORE INTO stale_days (organisation_id, day) SELECT organisation_id, day FROM day_rollups";

#[tokio::test]
async fn sums_tell_the_same_as_the_calls_to_the_last_bit() {
    let app = TestApp::small_world(Config::default()).await;
    let mut random = Rand64::new(7);
    for start in STARTS {
        let calls: Vec<_> = (0..1500).map(|number| random_call(&mut random, number, start)).collect();
        put_calls(&app.db, &calls).await;
    }
    let ask = |number: usize, random: &mut Rand64| random_question(random, STARTS[number % 2]);
    let questions: Vec<_> = (0..300).map(|number| ask(number, &mut random)).collect();
    assert_eq!(app.number("SELECT count(*) FROM day_rollups").await, 0);
    let from_calls = answers(&app.db, &questions).await;
    app.db.roll_up().await.unwrap();
    assert_eq!(app.number("SELECT count(*) FROM stale_days").await, 0);
    let days = app.number("SELECT count(*) FROM day_rollups WHERE organisation_id = 'alpha'").await;
    assert!((80..=83).contains(&days), "{days}");
    for ((question, sums), calls) in questions.iter().zip(answers(&app.db, &questions).await).zip(&from_calls) {
        assert!(sums == *calls, "{question:?}");
    }
}

#[tokio::test]
async fn without_the_calls_whole_quarters_are_told_all_the_same() {
    let app = TestApp::small_world(Config::default()).await;
    app.db.roll_up().await.unwrap();
    app.sql("ALTER TABLE calls RENAME TO calls_gone").await;
    let token = app.sign_in("ann@callscope.example").await;
    let report = app.report("startDate=2026-05-06&endDate=2026-05-06", &token).await;
    assert_eq!(report["data"]["metrics"]["totalCalls"], 4);
}

/// Whoever writes, and however: the day is told from its calls until it is summed again.
#[tokio::test]
async fn what_is_written_behind_their_back_is_told_at_once() {
    let app = TestApp::small_world(Config::default()).await;
    let mut random = Rand64::new(8);
    let calls: Vec<_> = (0..800).map(|number| random_call(&mut random, number, STARTS[0])).collect();
    put_calls(&app.db, &calls).await;
    app.db.roll_up().await.unwrap();
    let questions: Vec<_> = (0..60).map(|_| random_question(&mut random, STARTS[0])).collect();
    let mut before = answers(&app.db, &questions).await;
    for statement in [
        "DELETE FROM calls WHERE started_ms % 7 = 0",
        "UPDATE calls SET duration_ms = duration_ms + 1 WHERE started_ms % 11 = 0",
        "UPDATE calls SET started_ms = started_ms + 86400000 WHERE started_ms % 13 = 0",
        "UPDATE calls SET organisation_id = 'gamma' WHERE started_ms % 17 = 0",
        "DELETE FROM calls",
    ] {
        assert!(app.sql(statement).await > 10, "{statement}");
        let stale = answers(&app.db, &questions).await;
        assert!(stale != before, "{statement}");
        let mut transaction = app.db.begin().await.unwrap();
        roll_up(&mut transaction).await.unwrap();
        transaction.commit().await.unwrap();
        assert!(answers(&app.db, &questions).await == stale, "{statement}");
        app.sql(ALL_STALE).await;
        assert!(answers(&app.db, &questions).await == stale, "{statement}");
        app.db.roll_up().await.unwrap();
        before = stale;
    }
    assert_eq!(app.number("SELECT count(*) FROM day_rollups").await, 0);
    assert_eq!(app.number("SELECT count(*) FROM quarter_rollups").await, 0);
}

#[tokio::test]
async fn a_database_of_before_is_summed_when_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calls.db");
    let db = Database::open(&file).await.unwrap();
    super::app::fill_small_world(&db).await;
    db.close().await;
    let app = TestApp::over(Database::open(&file).await.unwrap(), Config::default());
    assert_eq!(app.number("SELECT count(*) FROM stale_days").await, 0);
    assert_eq!(app.number("SELECT count(*) FROM day_rollups").await, 4);
    // An organisation that goes takes its sums along at the next summing.
    app.sql("DELETE FROM organisations WHERE id = 'gamma'").await;
    app.db.roll_up().await.unwrap();
    assert_eq!(app.number("SELECT count(*) FROM day_rollups WHERE organisation_id = 'gamma'").await, 0);
    assert_eq!(app.number("SELECT count(*) FROM stale_days").await, 0);
}

/// A call that cannot be read keeps neither its database from being opened nor other days from being summed.
#[tokio::test]
async fn a_call_that_cannot_be_read_stops_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calls.db");
    let db = Database::open(&file).await.unwrap();
    super::app::fill_small_world(&db).await;
    let app = TestApp::over(db, Config::default());
    app.sql("UPDATE calls SET corrections = -1 WHERE organisation_id = 'delta'").await;
    app.db.close().await;
    let app = TestApp::over(Database::open(&file).await.unwrap(), Config::default());
    assert_eq!(app.number("SELECT count(*) FROM stale_days WHERE organisation_id = 'delta'").await, 1);
    assert_eq!(app.number("SELECT count(*) FROM stale_days").await, 1);
    let token = app.sign_in("ann@callscope.example").await;
    let report = app.report("startDate=2026-05-06&endDate=2026-05-06", &token).await;
    assert_eq!(report["data"]["metrics"]["totalCalls"], 4);
}
