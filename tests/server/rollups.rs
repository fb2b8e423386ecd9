//! Reports from sums that are kept, beside the same reports from the calls themselves.

use std::collections::BTreeMap;

use callscope_core::calls::{Outcome, UsageSummary};
use callscope_core::compare::{VersionFacts, VersionTally};
use callscope_core::period::Zone;
use callscope_core::session::Role;
use callscope_core::usage::Narrowing;
use callscope_server::db::{CallRow, Database, Scope, VersionScope, roll_up};
use oorandom::Rand64;

use super::app::{Ask, TestApp, at, call, put_calls};
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
/// Of the two agents of `alpha`.
const VERSIONS: [&str; 2] = ["alpha-one-v1", "alpha-two-v1"];
const DAYS: u64 = 40;
const DAY_MS: i64 = 86_400_000;

fn some<T>(random: &mut Rand64, value: impl FnOnce(&mut Rand64) -> T) -> Option<T> {
    (random.rand_range(0..4) > 0).then(|| value(random))
}

fn one_of(random: &mut Rand64, texts: &[&str]) -> String {
    texts[random.rand_range(0..texts.len() as u64) as usize].to_owned()
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
    call.version_id = some(random, |random| one_of(random, &VERSIONS));
    call.status = one_of(random, &["completed", "no_answer", "failed"]);
    call.disconnection_reason = some(random, |random| one_of(random, &["user_hangup", "agent_hangup", "error", ""]));
    call.cost = some(random, |random| random.rand_float() * 3.0);
    call.call_type = some(random, |random| one_of(random, &["webcall", "telephony_inbound"]));
    call.is_test = random.rand_range(0..5) == 0;
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

/// The small world with so many calls by chance, all of them summed; the chance goes on.
async fn summed(seed: u128, count: usize) -> (TestApp, Rand64, Vec<CallRow>) {
    let app = TestApp::small_world(Config::default()).await;
    let mut random = Rand64::new(seed);
    let calls: Vec<_> = (0..count).map(|number| random_call(&mut random, number, STARTS[0])).collect();
    put_calls(&app.db, &calls).await;
    app.db.roll_up().await.unwrap();
    (app, random, calls)
}

async fn answers(db: &Database, questions: &[(Zone, Scope)]) -> Vec<UsageSummary> {
    let mut answers = Vec::new();
    for (zone, scope) in questions {
        answers.push(db.summarise(scope, zone).await.unwrap());
    }
    answers
}

/// A zone, and the calls of versions of any span, which may have no beginning and no end.
fn random_comparison(random: &mut Rand64, start: &str) -> (Zone, VersionScope) {
    let (zone, scope) = random_question(random, start);
    let (organisation_id, version_ids) = ("alpha".to_owned(), VERSIONS.map(str::to_owned));
    let (from_ms, end_ms) = (some(random, |_| scope.from_ms), some(random, |_| scope.to_ms + 1));
    (zone, VersionScope { organisation_id, version_ids, from_ms, end_ms })
}

/// The same from calls in memory, in the words of the definition: every call of a version in the span, once.
fn told_from((zone, scope): &(Zone, VersionScope), calls: &[CallRow]) -> [VersionTally; 2] {
    scope.version_ids.clone().map(|version_id| {
        let mut tally = VersionTally::default();
        let is_in = |call: &&CallRow| {
            call.organisation_id == scope.organisation_id
                && call.version_id.as_ref() == Some(&version_id)
                && scope.from_ms.is_none_or(|from_ms| call.started_ms >= from_ms)
                && scope.end_ms.is_none_or(|end_ms| call.started_ms < end_ms)
        };
        for call in calls.iter().filter(is_in) {
            let facts = VersionFacts {
                started_ms: call.started_ms,
                duration_ms: call.duration_ms,
                is_answered: call.status == "completed",
                disconnection_reason: call.disconnection_reason.as_deref(),
                cost_credits: call.cost,
                call_type: call.call_type.as_deref(),
                is_test: call.is_test,
            };
            tally.add(&facts, zone);
        }
        tally
    })
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
async fn comparisons_from_sums_are_those_of_the_calls_to_the_last_bit() {
    let app = TestApp::small_world(Config::default()).await;
    let mut random = Rand64::new(9);
    let mut calls = Vec::new();
    for start in STARTS {
        calls.extend((0..1500).map(|number| random_call(&mut random, number, start)));
    }
    // A stranger that names a version of others.
    for (number, call) in calls.iter_mut().enumerate().filter(|(number, _)| number % 10 == 0) {
        (call.organisation_id, call.id) = ("beta".to_owned(), format!("stranger {number}"));
    }
    put_calls(&app.db, &calls).await;
    let questions: Vec<_> = (0..200).map(|number| random_comparison(&mut random, STARTS[number % 2])).collect();
    let is_with_calls = |tallies: &[VersionTally; 2]| tallies.iter().all(|tally| tally.last_started_ms().is_some());
    let expected: Vec<_> = questions.iter().map(|question| told_from(question, &calls)).collect();
    assert!(expected.iter().filter(|tallies| is_with_calls(tallies)).count() > 150);
    // From the calls alone, from sums, and from sums of all days but some.
    for stale in [None, Some("0"), Some("day % 3 = 0")] {
        if let Some(stale) = stale {
            app.db.roll_up().await.unwrap();
            assert_eq!(app.number("SELECT count(*) FROM stale_days").await, 0);
            app.sql(&format!("{ALL_STALE} WHERE {stale}")).await;
        }
        for ((question, told), expected) in questions.iter().zip(compared(&app.db, &questions).await).zip(&expected) {
            assert!(told == *expected, "{stale:?}: {question:?}");
        }
    }
}

async fn compared(db: &Database, questions: &[(Zone, VersionScope)]) -> Vec<[VersionTally; 2]> {
    let mut told = Vec::new();
    for (zone, scope) in questions {
        told.push(db.tally_versions(scope, zone).await.unwrap());
    }
    told
}

/// What is counted for the list of agents is what there is, summed or not.
#[tokio::test]
async fn agents_have_as_many_calls_as_there_are() {
    let app = TestApp::small_world(Config::default()).await;
    let mut random = Rand64::new(10);
    let calls: Vec<_> = (0..800).map(|number| random_call(&mut random, number, STARTS[1])).collect();
    put_calls(&app.db, &calls).await;
    let mut counts = Vec::new();
    for step in ["not summed yet", "", ALL_STALE, "DELETE FROM calls WHERE started_ms % 7 = 0", ""] {
        match step {
            "not summed yet" => assert_eq!(app.number("SELECT count(*) FROM quarter_rollups").await, 0),
            "" => app.db.roll_up().await.unwrap(),
            statement => assert!(app.sql(statement).await > 10, "{statement}"),
        }
        let mut rows = app.db.agent_rows(&["alpha", "beta"].map(str::to_owned)).await.unwrap();
        app.db.count_calls_of(&mut rows).await.unwrap();
        let mut listed = BTreeMap::new();
        for agent in &rows {
            let (organisation, id) = (&agent.organisation_id, &agent.id);
            let sql =
                format!("SELECT count(*) FROM calls WHERE organisation_id = '{organisation}' AND agent_id = '{id}'");
            assert_eq!(agent.calls.map(u64::cast_signed), Some(app.number(&sql).await), "{step}: {}", agent.id);
            listed.insert(agent.id.clone(), agent.calls);
        }
        counts.push(listed);
    }
    assert_eq!(counts[0]["beta-one"], Some(2));
    assert!(counts[0]["alpha-one"] > Some(200) && counts[4]["alpha-one"] < counts[0]["alpha-one"]);
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
    let (app, mut random, _) = summed(8, 800).await;
    let questions: Vec<_> = (0..60).map(|_| random_question(&mut random, STARTS[0])).collect();
    let comparisons: Vec<_> = (0..60).map(|_| random_comparison(&mut random, STARTS[0])).collect();
    let told = async || (answers(&app.db, &questions).await, compared(&app.db, &comparisons).await);
    let mut before = told().await;
    for statement in [
        "DELETE FROM calls WHERE started_ms % 7 = 0",
        "UPDATE calls SET duration_ms = duration_ms + 1 WHERE started_ms % 11 = 0",
        "UPDATE calls SET started_ms = started_ms + 86400000 WHERE started_ms % 13 = 0",
        "UPDATE calls SET organisation_id = 'gamma' WHERE started_ms % 17 = 0",
        // What only comparisons tell.
        "UPDATE calls SET version_id = 'alpha-two-v1' WHERE started_ms % 3 = 0",
        "UPDATE calls SET status = 'failed', cost = 9 WHERE started_ms % 5 = 0",
        "DELETE FROM calls",
    ] {
        assert!(app.sql(statement).await > 10, "{statement}");
        let stale = told().await;
        let is_of_versions = statement.contains("version_id") || statement.contains("status");
        assert!(stale.1 != before.1 && (stale.0 == before.0) == is_of_versions, "{statement}");
        let mut transaction = app.db.begin().await.unwrap();
        roll_up(&mut transaction).await.unwrap();
        transaction.commit().await.unwrap();
        assert!(told().await == stale, "{statement}");
        app.sql(ALL_STALE).await;
        assert!(told().await == stale, "{statement}");
        app.db.roll_up().await.unwrap();
        before = stale;
    }
    assert_eq!(app.number("SELECT count(*) FROM day_rollups").await, 0);
    assert_eq!(app.number("SELECT count(*) FROM quarter_rollups").await, 0);
}

/// Whole days of a version are summed, by clocks of today and whatever clocks showed long ago.
#[tokio::test]
async fn a_comparison_without_a_beginning_is_told_from_sums() {
    let (app, _, calls) = summed(11, 300).await;
    // The day of the first call is not asked of as a whole.
    let first_day = calls.iter().map(|call| call.started_ms.div_euclid(DAY_MS)).min();
    let is_meant = |call: &&CallRow| {
        call.version_id.as_deref() == Some(VERSIONS[0]) && Some(call.started_ms.div_euclid(DAY_MS)) > first_day
    };
    let expected = calls.iter().filter(is_meant).count();
    assert!(expected > 50, "{expected}");
    // Behind everybody's back, so that nothing can be told but from sums.
    app.sql("UPDATE calls SET version_id = NULL").await;
    app.sql("DELETE FROM stale_days").await;
    let token = app.sign_in("ann@callscope.example").await;
    for zone in ["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"] {
        let of = "/atoms/v1/agent/alpha-one/versions/compare-metrics?versionA=alpha-one-v1&versionB=alpha-one-v1";
        let answer = app.send(Ask::get(&format!("{of}&timeZone={zone}")).token(&token)).await;
        assert_eq!(answer.json()["data"]["metrics"]["versionA"]["totalCalls"], expected, "{zone}");
    }
}

/// As `0009_version_rollups.sql` finds a database: summed, with sums that say nothing of versions.
#[tokio::test]
async fn sums_that_lack_something_hold_no_more() {
    let (app, mut random, _) = summed(12, 300).await;
    let days = app.number("SELECT count(*) FROM day_rollups").await;
    let questions: Vec<_> = (0..20).map(|_| random_question(&mut random, STARTS[0])).collect();
    let comparisons: Vec<_> = (0..20).map(|_| random_comparison(&mut random, STARTS[0])).collect();
    let told = async || (answers(&app.db, &questions).await, compared(&app.db, &comparisons).await);
    let before = told().await;
    app.sql("ALTER TABLE day_rollups DROP COLUMN versions").await;
    app.sql(include_str!("../../crates/callscope-server/migrations/0009_version_rollups.sql")).await;
    assert_eq!(app.number("SELECT count(*) FROM stale_days").await, days);
    assert!(told().await == before);
    app.db.roll_up().await.unwrap();
    assert_eq!(app.number("SELECT count(*) FROM day_rollups").await, days);
    assert!(told().await == before);
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
    // All agents are listed, those of that organisation uncounted.
    let key = app.db.create_key("all", None, Role::Viewer).await.unwrap();
    let bearer = format!("Bearer {}", key.expose());
    let listed = app.send(Ask::get("/atoms/v1/agent?offset=50").header("authorization", &bearer)).await.json();
    let counts = listed["data"]["agents"].as_array().unwrap().iter().map(|agent| &agent["totalCalls"]);
    assert_eq!(counts.filter(|count| count.is_null()).count(), 2, "{listed}");
}
