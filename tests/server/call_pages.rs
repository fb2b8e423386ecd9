//! Pages of long lists, beside the same lists cut by hand.

use std::cmp::Ordering;

use callscope_core::calls::{CallSort, Outcome};
use callscope_server::db::{CallQuery, CallRow, CallWindow, Database};
use callscope_server::http::Config;
use oorandom::Rand64;

use super::app::{TestApp, call, put_calls};

const SORTS: [CallSort; 4] = [CallSort::Updated, CallSort::Started, CallSort::Duration, CallSort::Latency];
/// More than are sorted for each page, in each of two organisations; ids are the same in both.
const CALLS: u64 = 10_500;

fn some_calls(organisation: &str, random: &mut Rand64) -> Vec<CallRow> {
    let mut one = |number: u64| {
        let mut call = call(
            organisation,
            &format!("{organisation}-one"),
            &format!("{number:05}"),
            "2026-03-01T00:00:00Z",
            Outcome::Other,
        );
        // Many are alike in what they are sorted by.
        call.started_ms += random.rand_range(0..3000) as i64 * 1000;
        call.duration_ms = random.rand_range(0..40) * 1000;
        call.latency_ms = (random.rand_range(0..3) > 0).then(|| random.rand_range(0..500) as f64);
        call.disconnection_reason = (random.rand_range(0..5) == 0).then(|| "user_hangup".to_owned());
        call
    };
    (0..CALLS).map(&mut one).collect()
}

async fn long_lists() -> (TestApp, Vec<CallRow>) {
    let app = TestApp::small_world(Config::default()).await;
    app.sql("DELETE FROM calls").await;
    let mut random = Rand64::new(3);
    let mut all = some_calls("alpha", &mut random);
    all.extend(some_calls("beta", &mut random));
    put_calls(&app.db, &all).await;
    (app, all)
}

fn updated_ms(call: &CallRow) -> i64 {
    call.started_ms + call.duration_ms as i64
}

/// Where calls without a latency stand last in either direction.
fn compared(a: &CallRow, b: &CallRow, window: CallWindow) -> Ordering {
    let by_figure = match window.sort {
        CallSort::Updated => updated_ms(a).cmp(&updated_ms(b)),
        CallSort::Started => a.started_ms.cmp(&b.started_ms),
        CallSort::Duration => a.duration_ms.cmp(&b.duration_ms),
        CallSort::Latency => {
            let last = a.latency_ms.is_none().cmp(&b.latency_ms.is_none());
            let last = if window.is_ascending { last } else { last.reverse() };
            last.then(a.latency_ms.unwrap_or(0.0).total_cmp(&b.latency_ms.unwrap_or(0.0)))
        }
    };
    let forward = by_figure.then_with(|| (&a.id, &a.organisation_id).cmp(&(&b.id, &b.organisation_id)));
    if window.is_ascending { forward } else { forward.reverse() }
}

fn is_wanted(call: &CallRow, query: &CallQuery) -> bool {
    query.organisation_ids.contains(&call.organisation_id)
        && query.from_ms.is_none_or(|from_ms| call.started_ms >= from_ms)
        && query.to_ms.is_none_or(|to_ms| call.started_ms <= to_ms)
        && (query.reasons.is_empty() || call.disconnection_reason.is_some())
}

/// A page by its names, as the list itself has it.
fn cut(all: &[CallRow], query: &CallQuery, window: CallWindow) -> (Vec<String>, u64) {
    let mut list: Vec<&CallRow> = all.iter().filter(|call| is_wanted(call, query)).collect();
    list.sort_by(|a, b| compared(a, b, window));
    let page = list.iter().skip(window.skip as usize).take(window.limit as usize);
    (page.map(|call| name(call)).collect(), list.len() as u64)
}

fn name(call: &CallRow) -> String {
    format!("{}/{}", call.organisation_id, call.id)
}

async fn page(db: &Database, query: &CallQuery, window: CallWindow) -> (Vec<String>, u64) {
    let (calls, total) = db.call_page(query, window).await.unwrap();
    (calls.iter().map(|listed| name(&listed.call)).collect(), total)
}

fn queries() -> Vec<CallQuery> {
    let of = |names: &[&str]| CallQuery {
        organisation_ids: names.iter().map(|name| (*name).to_owned()).collect(),
        ..CallQuery::default()
    };
    let [early, late] = ["2026-03-01T00:02:00Z", "2026-03-01T00:40:00Z"].map(|at| Some(super::app::at(at)));
    vec![
        of(&["alpha"]),
        of(&["alpha", "beta", "gamma"]),
        CallQuery { from_ms: late, ..of(&["alpha", "beta"]) },
        CallQuery { from_ms: early, to_ms: late, ..of(&["alpha", "beta"]) },
        CallQuery { reasons: vec!["user_hangup".to_owned()], ..of(&["beta", "alpha"]) },
        of(&["gamma"]),
    ]
}

#[tokio::test]
async fn pages_of_long_lists_are_those_of_the_list() {
    let (app, all) = long_lists().await;
    let mut random = Rand64::new(4);
    // First nothing is remembered, since the calls are not summed yet; then more and more of each list is.
    for is_remembered in [false, true] {
        if is_remembered {
            app.db.roll_up().await.unwrap();
        }
        for query in queries() {
            for (sort, is_ascending) in SORTS.into_iter().flat_map(|sort| [(sort, false), (sort, true)]) {
                for step in 0..6 {
                    let skip = if step == 3 { 0 } else { random.rand_range(0..2 * CALLS + 200) };
                    let window = CallWindow { sort, is_ascending, limit: 70, skip };
                    // The page after it, too: that is the way people go.
                    for window in [window, CallWindow { skip: skip + 70, ..window }] {
                        let (expected, got) = (cut(&all, &query, window), page(&app.db, &query, window).await);
                        assert_eq!(got, expected, "{window:?} {query:?}");
                    }
                }
            }
        }
    }
}

/// What is remembered of a list is forgotten with the next call that is written, however it is.
#[tokio::test]
async fn a_list_that_changes_is_read_anew() {
    let (app, mut all) = long_lists().await;
    app.db.roll_up().await.unwrap();
    let query = &queries()[0];
    let window =
        |number: u64| CallWindow { sort: CallSort::Updated, is_ascending: false, limit: 100, skip: number * 100 };
    for number in 0..80 {
        assert_eq!(page(&app.db, query, window(number)).await, cut(&all, query, window(number)), "{number}");
    }
    for (id, sums_follow) in [("00007", true), ("00008", false)] {
        let newest = super::app::at("2026-04-01T00:00:00Z");
        let statement =
            format!("UPDATE calls SET updated_ms = {newest}, started_ms = {newest}, duration_ms = 0 WHERE id = '{id}'");
        assert_eq!(app.sql(&statement).await, 2);
        for call in all.iter_mut().filter(|call| call.id == id) {
            (call.started_ms, call.duration_ms) = (newest, 0);
        }
        if sums_follow {
            app.db.roll_up().await.unwrap();
        }
        for number in [79, 0, 40] {
            assert_eq!(page(&app.db, query, window(number)).await, cut(&all, query, window(number)), "{id} {number}");
        }
    }
}
