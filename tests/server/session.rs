//! Signing in, staying signed in, signing out.

use std::time::{Duration, Instant};

use callscope_core::session::Role;
use callscope_server::db::{ABSOLUTE_LIMIT_MS, Database, IDLE_LIMIT_MS, now_ms};
use callscope_server::http::Config;

use super::app::{Ask, PASSWORD, TestApp, fill_small_world};

const ANN: &str = "ann@callscope.example";
const ENDED: &str = "The session has ended; sign in again.";

async fn app() -> TestApp {
    TestApp::small_world(Config::default()).await
}

fn sign_out(token: &str) -> Ask {
    Ask::new("DELETE", "/session").token(token).header("sec-fetch-site", "same-origin")
}

fn show(token: &str) -> Ask {
    Ask::get("/session").token(token)
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_other_sites() {
    for (public_origin, secure) in
        [(None, ""), (Some("http://reports.example.com"), ""), (Some("https://reports.example.com"), "; Secure")]
    {
        let public_origin = public_origin.map(|origin| origin.parse().unwrap());
        let app = TestApp::small_world(Config { public_origin, ..Config::default() }).await;
        let answer = app.send(Ask::sign_in(ANN, PASSWORD)).await;
        let token = answer.token();
        assert!(token.len() == 43 && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)), "{token}");
        let attributes = "Path=/; HttpOnly; SameSite=Lax; Max-Age=";
        let expected = format!("callscope_session={token}; {attributes}604800{secure}");
        assert_eq!(answer.headers.get_all("set-cookie").iter().collect::<Vec<_>>(), [expected.as_str()]);
        assert!(!answer.text().contains(&token), "the token stands in the cookie alone");
        let out = app.send(sign_out(&token)).await;
        assert_eq!((out.status, out.text().as_str()), (204, ""));
        assert_eq!(out.header("set-cookie"), Some(format!("callscope_session=; {attributes}0{secure}").as_str()));
    }
}

#[tokio::test]
async fn the_answers_of_signing_in_and_of_looking_are_one() {
    let app = app().await;
    let signed_in = app.send(Ask::sign_in(ANN, PASSWORD)).await;
    let shown = app.send(show(&signed_in.token())).await;
    assert_eq!(shown.json(), signed_in.json());
    let session = callscope_core::session::parse(&shown.body).unwrap();
    assert_eq!((session.user.email.as_str(), session.organisations.len()), (ANN, 1));
    assert_eq!(shown.header("set-cookie"), None);
}

#[tokio::test]
async fn an_account_is_found_however_its_address_is_written() {
    let app = app().await;
    app.db.add_user(" Ärztin@Callscope.example ", "", PASSWORD).await.unwrap();
    for written in [ANN, "ANN@callscope.EXAMPLE", "  ann@callscope.example ", "Ärztin@Callscope.example"] {
        assert_eq!(app.send(Ask::sign_in(written, PASSWORD)).await.status, 200, "{written}");
    }
    let again = app.db.add_user("ANN@callscope.example", "", PASSWORD).await.unwrap_err();
    assert_eq!(again.to_string(), "there is already an account for ANN@callscope.example");
}

#[tokio::test]
async fn accounts_need_an_address_and_a_long_password() {
    let app = app().await;
    for (email, password) in [
        ("nobody", PASSWORD),
        ("", PASSWORD),
        (&format!("{}@callscope.example", "a".repeat(254)), PASSWORD),
        ("new@callscope.example", "nine char"),
        ("new@callscope.example", &"x".repeat(1025)),
    ] {
        let error = app.db.add_user(email, "", password).await.unwrap_err().to_string();
        assert!(!error.contains(password), "{error}");
    }
    app.db.add_user("new@callscope.example", "", "zehn Öäüß!").await.unwrap();
}

#[tokio::test]
async fn every_sign_in_gets_a_token_of_its_own() {
    let app = app().await;
    let (here, there) = (app.sign_in(ANN).await, app.sign_in(ANN).await);
    assert_ne!(here, there);
    // Another device stays signed in.
    for token in [&here, &there] {
        assert_eq!(app.send(show(token)).await.status, 200);
    }
}

#[tokio::test]
async fn a_token_from_before_is_dead_after_signing_in() {
    let app = app().await;
    let signed_in = async |presented: &str| {
        let ask = Ask::sign_in(ANN, PASSWORD).token(presented).header("sec-fetch-site", "same-origin");
        let answer = app.send(ask).await;
        assert_eq!(answer.status, 200);
        answer.token()
    };
    // The person's own from before, somebody else's that was slipped in, and an invented one.
    let own = app.sign_in(ANN).await;
    let slipped_in = app.sign_in("guy@callscope.example").await;
    for old in [&own, &slipped_in, "chosen-by-somebody-else"] {
        let new = signed_in(old).await;
        assert_ne!(new, old);
        app.send(show(old)).await.check_error(401, ENDED);
        assert_eq!(app.send(show(&new)).await.status, 200);
    }
    // A sign-in that fails ends nothing.
    let token = app.sign_in(ANN).await;
    let ask = Ask::sign_in(ANN, "wrong password").token(&token).header("sec-fetch-site", "same-origin");
    assert_eq!(app.send(ask).await.status, 401);
    assert_eq!(app.send(show(&token)).await.status, 200);
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let app = app().await;
    let (here, there) = (app.sign_in(ANN).await, app.sign_in(ANN).await);
    assert_eq!(app.send(sign_out(&here)).await.status, 204);
    for path in ["/session", "/v1/metrics"] {
        app.send(Ask::get(path).token(&here)).await.check_error(401, ENDED);
        assert_eq!(app.send(Ask::get(path).token(&there)).await.status, 200);
    }
    // Once more, or without a session: it is all the same.
    assert_eq!(app.send(sign_out(&here)).await.status, 204);
    assert_eq!(app.send(Ask::new("DELETE", "/session")).await.status, 204);
    app.db.end_all_sessions().await.unwrap();
    app.send(show(&there)).await.check_error(401, ENDED);
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let app = app().await;
    let minute = 60_000;
    for (created_ago, seen_ago, lives) in [
        (0, 0, true),
        (IDLE_LIMIT_MS, IDLE_LIMIT_MS - minute, true),
        (IDLE_LIMIT_MS, IDLE_LIMIT_MS, false),
        (ABSOLUTE_LIMIT_MS - minute, 0, true),
        (ABSOLUTE_LIMIT_MS, 0, false),
        (ABSOLUTE_LIMIT_MS + minute, IDLE_LIMIT_MS + minute, false),
    ] {
        let token = app.sign_in(ANN).await;
        let now = now_ms();
        let set = format!("UPDATE sessions SET created_ms = {}, seen_ms = {}", now - created_ago, now - seen_ago);
        assert!(app.sql(&set).await >= 1);
        for path in ["/session", "/v1/metrics"] {
            let answer = app.send(Ask::get(path).token(&token)).await;
            assert_eq!(answer.status, if lives { 200 } else { 401 }, "{created_ago} {seen_ago} {path}");
        }
        app.sql("DELETE FROM sessions").await;
    }
    assert_eq!((IDLE_LIMIT_MS, ABSOLUTE_LIMIT_MS), (12 * 3_600_000, 7 * 24 * 3_600_000));
}

#[tokio::test]
async fn asking_keeps_a_session_alive_but_not_for_ever() {
    let app = app().await;
    let token = app.sign_in(ANN).await;
    let seen_ago = async || now_ms() - app.number("SELECT seen_ms FROM sessions").await;
    app.sql("UPDATE sessions SET seen_ms = seen_ms - 3600000").await;
    app.report("", &token).await;
    assert!(seen_ago().await < 30_000, "the request was noted");
    app.sql("UPDATE sessions SET seen_ms = seen_ms - 31000").await;
    app.report("", &token).await;
    assert!(seen_ago().await >= 31_000, "not every request is written down");
    let created = app.number("SELECT created_ms FROM sessions").await;
    assert!(now_ms() - created < 30_000);
    app.sql(&format!("UPDATE sessions SET created_ms = created_ms - {ABSOLUTE_LIMIT_MS}")).await;
    app.send(show(&token)).await.check_error(401, ENDED);
    // What has ended is cleared away by the next sign-in.
    app.sign_in("guy@callscope.example").await;
    assert_eq!(app.number("SELECT count(*) FROM sessions").await, 1);
}

#[tokio::test]
async fn the_cookie_is_found_among_others() {
    let app = app().await;
    let token = app.sign_in(ANN).await;
    for (cookies, status) in [
        (vec![format!("a=b; callscope_session={token}; c=\"d;e\"")], 200),
        (vec!["theme=dark".to_owned(), format!("callscope_session={token}")], 200),
        (vec![format!("a; ;callscope_session={token}")], 200),
        (vec![format!("xcallscope_session={token}")], 401),
        (vec![format!("callscope_session=x{token}")], 401),
        (vec![format!("callscope_session={token}x")], 401),
        (vec![format!("other=callscope_session={token}")], 401),
        (vec![format!("Callscope_Session={token}")], 401),
    ] {
        let ask = cookies.iter().fold(Ask::get("/session"), |ask, cookie| ask.header("cookie", cookie));
        assert_eq!(app.send(ask).await.status, status, "{cookies:?}");
    }
}

#[tokio::test]
async fn no_secret_stands_in_the_database_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    let db = Database::open(&file).await.unwrap();
    fill_small_world(&db).await;
    let app = TestApp::over(db, Config::default());
    let token = app.sign_in(ANN).await;
    let attempt = "a password that was mistyped";
    assert_eq!(app.send(Ask::sign_in(ANN, attempt)).await.status, 401);
    let key = app.db.create_key("a label", None, Role::Editor).await.unwrap();
    assert_eq!(format!("{key:?}"), "Secret(…)");
    let key = key.expose().to_owned();
    assert_eq!(app.send(Ask::get("/v1/metrics").key(&key)).await.status, 200);
    let all_bytes = || -> Vec<u8> {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        // What lies beside the database may be put into it, and be gone, while it is looked for.
        let bytes = |path| match std::fs::read(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            other => other.unwrap(),
        };
        files.flat_map(bytes).collect()
    };
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let while_open = all_bytes();
    app.db.close().await;
    for bytes in [while_open, all_bytes()] {
        for there in [ANN, "a label", "argon2id"] {
            assert!(holds(&bytes, there), "{there} should be found");
        }
        for secret in [token.as_str(), &key, key.trim_start_matches("csk_"), PASSWORD, attempt] {
            assert!(!holds(&bytes, secret), "{secret} is stored");
        }
    }
}

#[tokio::test]
async fn whether_an_account_exists_is_not_said() {
    let app = app().await;
    let mut fastest = [Duration::MAX; 2];
    let mut answers = Vec::new();
    for _ in 0..4 {
        for (email, fastest) in [ANN, "nobody@callscope.example"].into_iter().zip(&mut fastest) {
            let started = Instant::now();
            let answer = app.send(Ask::sign_in(email, "wrong password")).await;
            *fastest = started.elapsed().min(*fastest);
            answer.check_error(401, "The e-mail address or the password is wrong.");
            answers.push((answer.text(), answer.headers));
        }
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let [known, unknown] = fastest;
    assert!(unknown > known / 3, "an unknown account is told by its speed: {unknown:?} against {known:?}");
}
