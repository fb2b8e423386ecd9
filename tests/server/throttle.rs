//! How often a password may be tried.

use std::sync::Arc;

use callscope_server::db::now_ms;
use callscope_server::http::Config;

use super::app::{Answer, Ask, PASSWORD, TestApp};

const ANN: &str = "ann@callscope.example";
const WRONG: &str = "The e-mail address or the password is wrong.";
const MINUTE_MS: i64 = 60_000;

async fn app() -> TestApp {
    TestApp::small_world(Config::default()).await
}

/// A failure in the past, as the server notes it.
async fn note(app: &TestApp, account: &str, address: &str, minutes_ago: i64) {
    let at = now_ms() - minutes_ago * MINUTE_MS;
    app.sql(&format!("INSERT INTO sign_in_failures VALUES ('{account}', '{address}', {at})")).await;
}

#[track_caller]
fn check_waits(answer: &Answer, secs: std::ops::RangeInclusive<u64>) {
    assert_eq!(answer.status, 429, "{}", answer.text());
    let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!(secs.contains(&wait), "{wait} outside {secs:?}");
    assert_eq!(answer.error(), format!("Too many attempts; try again in {wait} seconds."));
    assert_eq!(answer.header("set-cookie"), None);
}

#[tokio::test]
async fn an_account_waits_after_five_failures() {
    for account in [ANN, "nobody@callscope.example"] {
        let app = app().await;
        // However the address is written, it is one account.
        for written in
            [account.to_owned(), account.to_uppercase(), format!(" {account} "), account.to_owned(), account.to_owned()]
        {
            app.send(Ask::sign_in(&written, "wrong password").from("192.0.2.7")).await.check_error(401, WRONG);
        }
        // Now the right password does not help, nor does another address.
        check_waits(&app.send(Ask::sign_in(account, PASSWORD)).await, 890..=900);
        check_waits(&app.send(Ask::sign_in(account, PASSWORD).from("2001:db8::1")).await, 890..=900);
        assert_eq!(app.send(Ask::sign_in("guy@callscope.example", PASSWORD).from("192.0.2.7")).await.status, 200);
    }
}

#[tokio::test]
async fn a_wait_ends_when_it_was_said_to_end() {
    let app = app().await;
    for _ in 0..5 {
        note(&app, ANN, "192.0.2.7", 5).await;
    }
    let answer = app.send(Ask::sign_in(ANN, PASSWORD)).await;
    check_waits(&answer, 590..=600);
    let wait: i64 = answer.header("retry-after").unwrap().parse().unwrap();
    app.sql(&format!("UPDATE sign_in_failures SET at_ms = at_ms - {} * 1000", wait - 2)).await;
    check_waits(&app.send(Ask::sign_in(ANN, PASSWORD)).await, 1..=2);
    app.sql("UPDATE sign_in_failures SET at_ms = at_ms - 2000").await;
    assert_eq!(app.send(Ask::sign_in(ANN, PASSWORD)).await.status, 200);
}

#[tokio::test]
async fn the_wait_is_that_of_the_failures_that_cause_it() {
    let app = app().await;
    // An older failure of somebody else at the same address does not shorten the account's wait.
    note(&app, "guy@callscope.example", "192.0.2.1", 14).await;
    for _ in 0..5 {
        note(&app, ANN, "192.0.2.7", 1).await;
    }
    check_waits(&app.send(Ask::sign_in(ANN, PASSWORD)).await, 830..=840);
    // Of more failures than are allowed, enough must have passed, not only the oldest.
    note(&app, ANN, "192.0.2.7", 14).await;
    check_waits(&app.send(Ask::sign_in(ANN, PASSWORD)).await, 830..=840);
}

#[tokio::test]
async fn an_address_waits_after_thirty_failures() {
    let app = app().await;
    for number in 0..29 {
        note(&app, &format!("person{number}@callscope.example"), "192.0.2.1", 1).await;
    }
    app.send(Ask::sign_in("guy@callscope.example", "wrong password")).await.check_error(401, WRONG);
    check_waits(&app.send(Ask::sign_in(ANN, PASSWORD)).await, 830..=840);
    assert_eq!(app.send(Ask::sign_in(ANN, PASSWORD).from("192.0.2.2")).await.status, 200);
}

#[tokio::test]
async fn signing_in_forgives_the_account_but_not_the_address() {
    let app = app().await;
    for round in 0..7 {
        for _ in 0..4 {
            note(&app, ANN, "192.0.2.9", 1).await;
        }
        assert_eq!(app.send(Ask::sign_in(ANN, PASSWORD)).await.status, 200, "{round}");
    }
    assert_eq!(app.number("SELECT count(*) FROM sign_in_failures WHERE account = 'ann@callscope.example'").await, 0);
    note(&app, "guy@callscope.example", "192.0.2.9", 1).await;
    assert_eq!(app.send(Ask::sign_in(ANN, PASSWORD)).await.status, 200);
    assert_eq!(app.number("SELECT count(*) FROM sign_in_failures").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attempts_at_the_same_moment_are_counted_too() {
    let app = Arc::new(app().await);
    let tries: Vec<_> = (0..24)
        .map(|number| {
            let app = Arc::clone(&app);
            let ask = Ask::sign_in(ANN, &format!("guess number {number}"));
            tokio::spawn(async move { app.send(ask).await.status })
        })
        .collect();
    let mut tried = 0;
    for attempt in tries {
        match attempt.await.unwrap() {
            401 => tried += 1,
            status => assert_eq!(status, 429),
        }
    }
    assert_eq!(tried, 5, "so many passwords were tried, whatever came at once");
}

#[tokio::test]
async fn failures_that_are_too_old_are_forgotten() {
    let app = app().await;
    for _ in 0..40 {
        note(&app, ANN, "192.0.2.1", 15).await;
    }
    app.send(Ask::sign_in(ANN, "wrong password")).await.check_error(401, WRONG);
    assert_eq!(app.number("SELECT count(*) FROM sign_in_failures").await, 1);
}

#[tokio::test]
async fn the_address_is_the_peer_or_what_the_proxy_says() {
    for (behind_proxy, forwarded, expected) in [
        (false, Some("203.0.113.5"), "192.0.2.1"),
        (false, None, "192.0.2.1"),
        (true, None, "192.0.2.1"),
        (true, Some("203.0.113.5"), "203.0.113.5"),
        // What the caller wrote stands first; the proxy's own entry is the last.
        (true, Some("198.51.100.9, 203.0.113.5"), "203.0.113.5"),
    ] {
        let app = TestApp::small_world(Config { behind_proxy, ..Config::default() }).await;
        let ask = Ask::sign_in(ANN, "wrong password");
        let ask = forwarded.into_iter().fold(ask, |ask, value| ask.header("x-forwarded-for", value));
        app.send(ask).await.check_error(401, WRONG);
        let noted = format!("SELECT count(*) FROM sign_in_failures WHERE address = '{expected}'");
        assert_eq!(app.number(&noted).await, 1, "{behind_proxy} {forwarded:?}");
    }
}
