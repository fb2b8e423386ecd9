//! Whatever goes wrong on the way, in the end both hold the same.

use std::time::Duration;

use callscope_server::sync::SyncError;
use callscope_server::vendor::VendorError;

use super::stand_in::{FAULTS, StandIn};
use super::{COMPARED, Mirror, assert_equal};

#[tokio::test]
async fn everything_is_brought_once_and_a_second_run_brings_nothing() {
    let stand_in = StandIn::with(1_237).await;
    let mirror = Mirror::of(&stand_in, true).await;
    let first = mirror.run().await.unwrap();
    assert_eq!((first.agents, first.versions, first.calls.new, first.details), (3, 9, 1_237, 1_237));
    assert_equal(&stand_in, &mirror, &COMPARED).await;
    let again = mirror.run().await.unwrap();
    assert_eq!((again.calls.new, again.calls.changed, again.details), (0, 0, 0));
    // What came and what changed since, and nothing else, is brought by the next.
    stand_in.write(1_237..1_300, 40..50).await;
    let third = mirror.run().await.unwrap();
    assert_eq!((third.calls.new, third.calls.changed, third.details), (63, 10, 73));
    assert_equal(&stand_in, &mirror, &COMPARED).await;
}

/// Every other request goes wrong while calls are written, and change.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_faults_and_writing_both_end_the_same() {
    let stand_in = StandIn::with(4_000).await;
    stand_in.fail_one_in(2);
    let mirror = Mirror::of(&stand_in, false).await;
    let writer = async {
        for round in 0..12 {
            let (from, at) = (4_000 + round * 60, round * 311 % 3_900);
            stand_in.write(from..from + 60, at..at + 25).await;
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    };
    let (first, ()) = tokio::join!(mirror.run(), writer);
    // Whoever gave up is asked to go on, as the next run of a schedule does; and until everything went wrong.
    let mut last = first;
    for round in 0..12 {
        let happened = stand_in.schedule.lock().unwrap().happened.clone();
        if last.is_ok() && FAULTS.iter().all(|fault| happened.contains(fault)) {
            break;
        }
        stand_in.write(4_720 + round * 10..4_730 + round * 10, round * 50..round * 50 + 9).await;
        last = mirror.run().await;
    }
    assert!(last.is_ok(), "{last:?}");
    let happened = stand_in.schedule.lock().unwrap().happened.clone();
    for fault in FAULTS {
        assert!(happened.contains(&fault), "{fault:?} never happened in {}", happened.len());
    }
    // What was said is not brought here.
    assert_equal(&stand_in, &mirror, &COMPARED[..3]).await;
}

/// As many as a large account has, with every tenth request going wrong.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_calls_end_the_same() {
    let stand_in = StandIn::with(100_000).await;
    stand_in.fail_one_in(10);
    let mirror = Mirror::of(&stand_in, false).await;
    let writer = async {
        for round in 0..20 {
            let (from, at) = (100_000 + round * 50, round * 4_999);
            stand_in.write(from..from + 50, at..at + 20).await;
            tokio::time::sleep(Duration::from_millis(400)).await;
        }
    };
    let (mut last, ()) = tokio::join!(mirror.run(), writer);
    for _ in 0..12 {
        if last.is_ok() {
            break;
        }
        last = mirror.run().await;
    }
    // What was written while the last run came to its end.
    let last = mirror.run().await.or(last);
    assert!(last.is_ok(), "{last:?}");
    assert!(stand_in.schedule.lock().unwrap().happened.len() > 20);
    assert_equal(&stand_in, &mirror, &COMPARED[..3]).await;
}

#[tokio::test]
async fn details_come_whatever_fails_and_none_again_that_are_here() {
    let stand_in = StandIn::with(600).await;
    stand_in.fail_one_in(4);
    let mirror = Mirror::of(&stand_in, true).await;
    for _ in 0..10 {
        if mirror.run().await.is_ok() {
            break;
        }
    }
    stand_in.fail_one_in(0);
    mirror.run().await.unwrap();
    assert_equal(&stand_in, &mirror, &COMPARED).await;
    // Agents and their versions, what changed, and no call alone.
    let before = stand_in.schedule.lock().unwrap().asked;
    mirror.run().await.unwrap();
    let asked = stand_in.schedule.lock().unwrap().asked - before;
    assert!(asked < 15, "{asked} requests where nothing was new");
}

/// What was said comes a while after the call, and the call itself does not change by that.
#[tokio::test]
async fn what_is_said_late_is_brought_by_a_later_run() {
    let stand_in = StandIn::with(20).await;
    let now = callscope_server::db::now_ms();
    let recent = format!(
        "UPDATE calls SET started_ms = {now} - 120000, duration_ms = 60000, status = 'completed' WHERE id = 'CALL-000001'"
    );
    let mut transaction = stand_in.db.begin().await.unwrap();
    sqlx::query("DELETE FROM call_details WHERE call_id = 'CALL-000001'").execute(&mut *transaction).await.unwrap();
    sqlx::query(&recent).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    let mirror = Mirror::of(&stand_in, true).await;
    assert_eq!(mirror.run().await.unwrap().details, 19);
    assert_eq!(mirror.run().await.unwrap().details, 0);
    let late = "INSERT INTO call_details (organisation_id, call_id, latencies, analytics, transcript)
                VALUES ('vendor-org', 'CALL-000001', '{\"transcriberMs\":null,\"agentMs\":null,\"synthesizerMs\":null,\"turnsMs\":[]}', '{\"summary\":null,\"answers\":[]}', '[{\"role\":\"agent\",\"content\":\"late\",\"afterMs\":0}]')";
    let mut transaction = stand_in.db.begin().await.unwrap();
    sqlx::query(late).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(mirror.run().await.unwrap().details, 1);
    assert_equal(&stand_in, &mirror, &COMPARED).await;
    assert_eq!(mirror.run().await.unwrap().details, 0);
}

/// One agent and one call that can never be read keep nothing else away, and are told.
#[tokio::test]
async fn what_cannot_be_read_keeps_nothing_else_away() {
    let stand_in = StandIn::with(300).await;
    stand_in.schedule.lock().unwrap().never =
        vec!["/agent/agent-b/versions".to_owned(), "/conversation/CALL-000007".to_owned()];
    let mirror = Mirror::of(&stand_in, true).await;
    let error = mirror.run().await.unwrap_err();
    assert!(matches!(error, SyncError::Partly { count: 2, .. }), "{error}");
    let of = mirror.connection("Mirror").await;
    assert!(of.failure.is_some_and(|failure| failure.contains("2 agents or calls")) && of.synced_ms.is_some());
    assert_eq!(mirror.db.synced_counts(&mirror.connection("Mirror").await).await.unwrap(), (300, 1));
    stand_in.schedule.lock().unwrap().never.clear();
    mirror.run().await.unwrap();
    assert_equal(&stand_in, &mirror, &COMPARED).await;
    assert_eq!(mirror.connection("Mirror").await.failure, None);
}

/// A version id that another organisation has changes nothing there.
#[tokio::test]
async fn another_organisations_version_stays_as_it_is() {
    let stand_in = StandIn::with(30).await;
    let mirror = Mirror::of(&stand_in, false).await;
    mirror.run().await.unwrap();
    let other = StandIn::with(0).await;
    let mut transaction = other.db.begin().await.unwrap();
    for sql in [
        "INSERT INTO agents (id, organisation_id, name, status) VALUES ('agent-x', 'vendor-org', 'X', 'active')",
        "UPDATE versions SET agent_id = 'agent-x', label = 'stolen', activated_ms = 1 WHERE id = 'agent-a-v1'",
        "DELETE FROM versions WHERE agent_id <> 'agent-x'",
        "DELETE FROM agents WHERE id <> 'agent-x'",
    ] {
        sqlx::query(sql).execute(&mut *transaction).await.unwrap();
    }
    transaction.commit().await.unwrap();
    mirror.connect("Other", &other, &other.key, false).await;
    mirror.run_of("Other").await.unwrap();
    assert_equal(&stand_in, &mirror, &COMPARED[..3]).await;
}

/// Another account behind the same organisation is brought from its beginning.
#[tokio::test]
async fn another_account_is_brought_from_its_beginning() {
    let stand_in = StandIn::with(20).await;
    let mirror = Mirror::of(&stand_in, false).await;
    mirror.run().await.unwrap();
    let other = StandIn::with(60).await;
    mirror.connect("Mirror", &other, &other.key, false).await;
    let of = mirror.connection("Mirror").await;
    assert_eq!((of.is_walked, of.mark_ms), (false, None));
    assert_eq!(mirror.run().await.unwrap().calls.new, 60);
    assert_equal(&other, &mirror, &COMPARED[..3]).await;
}

#[tokio::test]
async fn a_key_that_ends_half_way_stops_with_a_clear_word_and_the_next_run_goes_on() {
    let stand_in = StandIn::with(2_600).await;
    let mirror = Mirror::of(&stand_in, false).await;
    // After the agents, their versions and some pages.
    stand_in.schedule.lock().unwrap().ends_after = Some(21);
    let error = mirror.run().await.unwrap_err();
    assert!(matches!(error, SyncError::Vendor(VendorError::Unauthorized)), "{error}");
    assert!(error.to_string().contains("does not accept the key"), "{error}");
    stand_in.schedule.lock().unwrap().ends_after = None;
    mirror.run().await.unwrap();
    assert_equal(&stand_in, &mirror, &COMPARED[..3]).await;
}

#[tokio::test]
async fn only_what_started_since_a_day_is_brought_and_earlier_ones_when_asked() {
    let stand_in = StandIn::with(900).await;
    let mirror = Mirror::of(&stand_in, false).await;
    let since_ms = 1_761_000_000_000 + 60 * 61_003;
    mirror.db.set_since(&mirror.connection("Mirror").await.id, Some(since_ms)).await.unwrap();
    let report = mirror.run().await.unwrap();
    assert_eq!(report.calls.new, 900 - 60 * 7);
    // Later is nothing to be undone, and nothing that is known is forgotten.
    mirror.db.set_since(&mirror.connection("Mirror").await.id, Some(since_ms + 1)).await.unwrap();
    assert_eq!(mirror.run().await.unwrap().calls.new, 0);
    mirror.db.set_since(&mirror.connection("Mirror").await.id, Some(0)).await.unwrap();
    assert_eq!(mirror.run().await.unwrap().calls.new, 60 * 7);
    assert_equal(&stand_in, &mirror, &COMPARED[..3]).await;
}

#[tokio::test]
async fn personal_data_stay_away_where_they_are_not_wanted() {
    let stand_in = StandIn::with(50).await;
    let mirror = Mirror::of(&stand_in, false).await;
    let sql = "UPDATE connections SET keeps_numbers = 0";
    let mut transaction = mirror.db.begin().await.unwrap();
    sqlx::query(sql).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    mirror.run().await.unwrap();
    let mut transaction = mirror.db.begin().await.unwrap();
    let sql = "SELECT count(*) FROM calls WHERE from_number IS NOT NULL OR to_number IS NOT NULL";
    let numbers: i64 = sqlx::query_scalar(sql).fetch_one(&mut *transaction).await.unwrap();
    let sql = "SELECT count(*) FROM call_details WHERE transcript <> '[]' OR analytics LIKE '%About%'";
    let said: i64 = sqlx::query_scalar(sql).fetch_one(&mut *transaction).await.unwrap();
    let sql = "SELECT count(*) FROM call_details WHERE analytics LIKE '%resolved%'";
    let answers: i64 = sqlx::query_scalar(sql).fetch_one(&mut *transaction).await.unwrap();
    assert_eq!((numbers, said, answers), (0, 0, 5));
}

/// Two organisations with two keys of two accounts at one vendor.
#[tokio::test]
async fn two_organisations_never_hold_each_others_rows() {
    let stand_in = StandIn::with(200).await;
    let mirror = Mirror::of(&stand_in, false).await;
    mirror.run().await.unwrap();
    // A second connection that is answered with the same ids: they are another's here.
    mirror.connect("Other", &stand_in, &stand_in.key, false).await;
    let report = mirror.run_of("Other").await.unwrap();
    assert_eq!((report.agents, report.calls.changed), (0, 0));
    // Calls without an agent are nobody's yet: they are this account's own, under its own organisation.
    let without_agent = (0..200).filter(|number| number % 17 == 0).count() as u64;
    assert_eq!(report.calls.new, without_agent);
    assert_equal(&stand_in, &mirror, &COMPARED[..3]).await;
    let refused = mirror.db.refused_rows(&mirror.connection("Other").await).await.unwrap();
    assert_eq!(
        refused,
        [("its agent or version belongs to another organisation here".to_owned(), 200 - without_agent)]
    );
}
