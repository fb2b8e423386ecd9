//! How people come, what they may do, and how they are kept out.

use std::io::Write as _;
use std::process::{Command, Stdio};

use callscope_core::session::Role;
use callscope_server::db::Database;
use callscope_server::http::Config;
use serde_json::{Value, json};

use super::app::{Answer, Ask, PASSWORD, TestApp, fill_small_world};
use super::import::program;

const NEW: &str = "a brand new password";

/// A small world where `ann` administers alpha.
struct World {
    app: TestApp,
    ann: String,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::small_world(Config::default()).await;
        app.sql("UPDATE memberships SET role = 'admin' WHERE organisation_id = 'alpha' AND user_id IN (SELECT id FROM users WHERE name = 'ann')").await;
        let ann = app.sign_in("ann@callscope.example").await;
        Self { app, ann }
    }

    async fn id(&self, name: &str) -> String {
        self.app.db.user_by_email(&format!("{name}@callscope.example")).await.unwrap().unwrap().id
    }

    async fn do_as(&self, token: &str, method: &'static str, path: &str, body: Value) -> Answer {
        let ask = Ask::new(method, path).token(token).header("sec-fetch-site", "same-origin");
        self.app.send(ask.json(&body)).await
    }

    async fn ann_does(&self, method: &'static str, path: &str, body: Value) -> Answer {
        self.do_as(&self.ann.clone(), method, path, body).await
    }

    /// The code of an invitation to alpha.
    async fn invite(&self, email: &str, role: &str) -> String {
        let body = json!({ "organizationId": "alpha", "email": email, "role": role });
        let answer = self.ann_does("POST", "/members", body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["data"]["code"].as_str().unwrap().to_owned()
    }

    async fn use_code(&self, email: &str, code: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "code": code, "password": password, "name": "Kim" });
        self.app.send(Ask::new("POST", "/session/code").json(&body)).await
    }

    async fn role_in_alpha(&self, token: &str) -> Value {
        let session = self.app.send(Ask::get("/session").token(token)).await.json();
        let organisations = session["data"]["organisations"].as_array().unwrap().clone();
        organisations.into_iter().find(|of| of["id"] == "alpha").map_or(Value::Null, |of| of["role"].clone())
    }

    async fn status(&self, token: &str) -> u16 {
        self.app.send(Ask::get("/session").token(token)).await.status
    }
}

#[tokio::test]
async fn a_code_lets_in_once_with_the_role_it_was_made_for() {
    let world = World::new().await;
    let code = world.invite("Kim@Callscope.example", "editor").await;
    let refused = "The e-mail address or the code is wrong, or the code has ended.";
    world.use_code("other@callscope.example", &code, NEW).await.check_error(401, refused);
    world.use_code("kim@callscope.example", "AAAA-AAAA", NEW).await.check_error(401, refused);
    let short = world.use_code("kim@callscope.example", &code, "short").await;
    short.check_error(400, "password: the password must have at least 10 characters");
    // Typed as it was read out.
    let typed = code.replace('-', " ").to_lowercase();
    let joined = world.use_code(" KIM@callscope.example", &typed, NEW).await;
    assert_eq!(joined.status, 200, "{}", joined.text());
    let kim = joined.token();
    assert_eq!(world.role_in_alpha(&kim).await, "editor");
    assert_eq!(joined.json()["data"]["user"], json!({ "email": "kim@callscope.example", "name": "Kim" }));
    assert_eq!(joined.json()["data"]["organisations"].as_array().unwrap().len(), 1);
    world.use_code("kim@callscope.example", &code, NEW).await.check_error(401, refused);
    // A code stands in the database as its digest, and it ends.
    let late = world.invite("late@callscope.example", "viewer").await;
    let plain = format!("SELECT count(*) FROM codes WHERE CAST(digest AS TEXT) LIKE '%{late}%'");
    assert_eq!(world.app.number(&plain).await, 0);
    world.app.sql("UPDATE codes SET expires_ms = 1").await;
    world.use_code("late@callscope.example", &late, NEW).await.check_error(401, refused);
}

#[tokio::test]
async fn who_has_an_account_joins_with_its_password_and_only_one_code_is_good() {
    let world = World::new().await;
    let first = world.invite("guy@callscope.example", "viewer").await;
    let second = world.invite("guy@callscope.example", "admin").await;
    assert_eq!(world.use_code("guy@callscope.example", &first, PASSWORD).await.status, 401);
    let refused = "This address has an account already: give the password of that account.";
    world.use_code("guy@callscope.example", &second, NEW).await.check_error(401, refused);
    let joined = world.use_code("guy@callscope.example", &second, PASSWORD).await;
    assert_eq!(world.role_in_alpha(&joined.token()).await, "admin");
    // Taken back, it is worth nothing.
    let third = world.invite("nil@callscope.example", "viewer").await;
    let list = world.app.send(Ask::get("/members?organizationId=alpha").token(&world.ann)).await.json();
    let invitations = list["data"]["invitations"].as_array().unwrap();
    assert_eq!(invitations.len(), 1, "{list}");
    let path = format!("/members/invitations/{}?organizationId=alpha", invitations[0]["id"].as_str().unwrap());
    let elsewhere = path.replace("alpha", "gamma");
    assert_eq!(world.do_as(&joined.token(), "DELETE", &elsewhere, json!({})).await.status, 403);
    assert_eq!(world.ann_does("DELETE", &path, json!({})).await.status, 200);
    assert_eq!(world.ann_does("DELETE", &path, json!({})).await.status, 404);
    assert_eq!(world.use_code("nil@callscope.example", &third, PASSWORD).await.status, 401);
    let wrong = json!({ "organizationId": "alpha", "email": "no address", "role": "viewer" });
    world.ann_does("POST", "/members", wrong).await.check_error(400, "email: 'no address' is not an e-mail address");
}

#[tokio::test]
async fn a_role_counts_at_once_and_nobody_changes_their_own() {
    let world = World::new().await;
    let code = world.invite("kim@callscope.example", "viewer").await;
    let kim = world.use_code("kim@callscope.example", &code, NEW).await.token();
    let (kim_id, ann_id) = (world.id("kim").await, world.id("ann").await);
    let set = |id: &str, role: &str| (format!("/members/{id}"), json!({ "organizationId": "alpha", "role": role }));
    let draft = json!({ "sourceVersionId": "alpha-one-v1" });
    let drafts = "/atoms/v1/agent/alpha-one/drafts";
    let refused = "For this you need the role editor in this organisation.";
    world.do_as(&kim, "POST", drafts, draft.clone()).await.check_error(403, refused);
    let (path, body) = set(&kim_id, "editor");
    assert_eq!(world.do_as(&kim, "PATCH", &path, body.clone()).await.status, 403);
    assert_eq!(world.ann_does("PATCH", &path, body).await.status, 200);
    assert_ne!(world.do_as(&kim, "POST", drafts, draft).await.status, 403);
    let (path, body) = set(&ann_id, "viewer");
    let own = "Nobody changes this of their own account: ask another admin.";
    world.ann_does("PATCH", &path, body).await.check_error(403, own);
    world.ann_does("DELETE", &format!("{path}?organizationId=alpha"), json!({})).await.check_error(403, own);
    // Who comes by a reseller is changed where resellers are.
    let (path, body) = set(&world.id("rex").await, "viewer");
    let by = "This person sees the organisation by its reseller: that is changed where the server runs.";
    world.ann_does("PATCH", &path, body).await.check_error(403, by);
    assert_eq!(
        world.ann_does("PATCH", &set(&world.id("guy").await, "viewer").0, set("", "viewer").1).await.status,
        404
    );
    // Gone, at once.
    let path = format!("/members/{kim_id}?organizationId=alpha");
    assert_eq!(world.ann_does("DELETE", &path, json!({})).await.status, 200);
    assert_eq!(world.role_in_alpha(&kim).await, Value::Null);
}

#[tokio::test]
async fn a_closed_account_is_none_until_it_is_opened() {
    let world = World::new().await;
    let code = world.invite("kim@callscope.example", "editor").await;
    let kim = world.use_code("kim@callscope.example", &code, NEW).await.token();
    let path = format!("/members/{}", world.id("kim").await);
    let set = |is: bool| json!({ "organizationId": "alpha", "isDisabled": is });
    let both = json!({ "organizationId": "alpha", "isDisabled": true, "role": "viewer" });
    let refused = "Change the role or isDisabled, one at a time.";
    world.ann_does("PATCH", &path, both).await.check_error(400, refused);
    assert_eq!(world.ann_does("PATCH", &path, set(true)).await.status, 200);
    assert_eq!(world.status(&kim).await, 401);
    let sign_in = || world.app.send(Ask::sign_in("kim@callscope.example", NEW));
    sign_in().await.check_error(401, "The e-mail address or the password is wrong.");
    let list = world.app.send(Ask::get("/members?organizationId=alpha").token(&world.ann)).await.json();
    let listed = list["data"]["members"].as_array().unwrap();
    let listed = listed.iter().find(|of| of["email"] == "kim@callscope.example").unwrap();
    assert_eq!(
        (&listed["isDisabled"], &listed["isOurs"], &listed["role"]),
        (&json!(true), &json!(true), &json!("editor"))
    );
    let code = format!("{path}/password?organizationId=alpha");
    world.ann_does("POST", &code, json!({})).await.check_error(400, "This account is closed: open it first.");
    assert_eq!(world.ann_does("PATCH", &path, set(false)).await.status, 200);
    let again = sign_in().await;
    assert_eq!(again.status, 200);
    let sessions = format!("{path}/sessions?organizationId=alpha");
    assert_eq!(world.ann_does("DELETE", &sessions, json!({})).await.status, 200);
    assert_eq!(world.status(&again.token()).await, 401);
}

#[tokio::test]
async fn an_account_of_others_is_out_of_reach() {
    let world = World::new().await;
    let eve = world.app.sign_in("eve@callscope.example").await;
    let rex = world.app.sign_in("rex@callscope.example").await;
    let refused = "This account also sees organisations that you do not administer: remove it from yours.";
    for name in ["eve", "rex"] {
        let path = format!("/members/{}", world.id(name).await);
        let close = json!({ "organizationId": "alpha", "isDisabled": true, "role": "viewer" });
        world.ann_does("PATCH", &path, close).await.check_error(403, refused);
        let at = |what: &str| format!("{path}/{what}?organizationId=alpha");
        world.ann_does("DELETE", &at("sessions"), json!({})).await.check_error(403, refused);
        world.ann_does("POST", &at("password"), json!({})).await.check_error(403, refused);
    }
    assert_eq!((world.status(&eve).await, world.status(&rex).await), (200, 200));
    // Nothing of the refused change was done.
    assert_eq!(world.role_in_alpha(&eve).await, "editor");
}

#[tokio::test]
async fn a_code_for_a_password_ends_what_was_before_and_with_what_comes_after() {
    let world = World::new().await;
    let code = world.invite("kim@callscope.example", "viewer").await;
    let before = world.use_code("kim@callscope.example", &code, NEW).await.token();
    let kim = world.id("kim").await;
    let path = format!("/members/{kim}/password?organizationId=alpha");
    let made = world.ann_does("POST", &path, json!({})).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let code = made.json()["data"]["code"].as_str().unwrap().to_owned();
    assert_eq!(world.status(&before).await, 200);
    let other = "quite another password";
    let after = world.use_code("kim@callscope.example", &code, other).await;
    assert_eq!(after.status, 200, "{}", after.text());
    assert_eq!((world.status(&before).await, world.status(&after.token()).await), (401, 200));
    assert_eq!(world.app.send(Ask::sign_in("kim@callscope.example", NEW)).await.status, 401);
    // Who made a code administered all that the account saw: where it sees more by now, the code is worth nothing.
    let made = world.ann_does("POST", &path, json!({})).await.json();
    world.app.db.add_member(&kim, "gamma", Role::Viewer).await.unwrap();
    let code = made["data"]["code"].as_str().unwrap();
    assert_eq!(world.use_code("kim@callscope.example", code, NEW).await.status, 401);
}

#[tokio::test]
async fn ones_own_password_is_changed_by_who_knows_it() {
    let world = World::new().await;
    let other = world.app.sign_in("ann@callscope.example").await;
    let change = |current: &str, password: &str| json!({ "current": current, "password": password });
    let wrong = world.ann_does("POST", "/session/password", change("no", NEW)).await;
    wrong.check_error(400, "current: this is not the password");
    let short = world.ann_does("POST", "/session/password", change(PASSWORD, "short")).await;
    short.check_error(400, "password: the password must have at least 10 characters");
    assert_eq!(world.status(&other).await, 200);
    let changed = world.ann_does("POST", "/session/password", change(PASSWORD, NEW)).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let own = changed.token();
    assert_eq!((world.status(&other).await, world.status(&world.ann).await, world.status(&own).await), (401, 401, 200));
    let again = world.app.send(Ask::sign_in("ann@callscope.example", NEW)).await.token();
    assert_eq!(world.do_as(&own, "DELETE", "/session/all", json!({})).await.status, 204);
    assert_eq!((world.status(&own).await, world.status(&again).await), (401, 401));
    assert_eq!(world.app.send(Ask::new("DELETE", "/session/all")).await.status, 401);
}

#[tokio::test]
async fn guessing_a_code_is_throttled_like_a_password() {
    let world = World::new().await;
    let code = world.invite("kim@callscope.example", "viewer").await;
    for _ in 0..5 {
        assert_eq!(world.use_code("kim@callscope.example", "AAAA-BBBB-CCCC-DDDD-EEEE", NEW).await.status, 401);
    }
    let waiting = world.use_code("kim@callscope.example", &code, NEW).await;
    assert_eq!((waiting.status, waiting.header("retry-after").is_some()), (429, true));
}

#[tokio::test]
async fn what_was_done_stays_on_record() {
    let world = World::new().await;
    let code = world.invite("kim@callscope.example", "viewer").await;
    let kim = world.use_code("kim@callscope.example", &code, NEW).await.token();
    let path = format!("/members/{}", world.id("kim").await);
    for change in [
        json!({ "organizationId": "alpha", "role": "editor" }),
        json!({ "organizationId": "alpha", "isDisabled": true }),
        json!({ "organizationId": "alpha", "isDisabled": false }),
    ] {
        assert_eq!(world.ann_does("PATCH", &path, change).await.status, 200);
    }
    let body = json!({ "sourceVersionId": "nothing", "draftName": "Mine" });
    assert_eq!(world.ann_does("POST", "/atoms/v1/agent/alpha-one/drafts", body).await.status, 404);
    let key = world.app.db.create_key("nightly", Some("alpha"), Role::Editor).await.unwrap();
    let body = json!({ "dispositionMetrics": [] });
    let set = Ask::new("POST", "/atoms/v1/agent/alpha-one/post-call-analytics").key(key.expose()).json(&body);
    assert_eq!(world.app.send(set).await.status, 200);
    let answer = world.app.send(Ask::get("/audit?organizationId=alpha&limit=100").token(&world.ann)).await;
    let page = answer.json()["data"].clone();
    let told = |entry: &Value| {
        let text = |name: &str| entry[name].as_str().unwrap_or("-").to_owned();
        let who = text("who").split(" (").next().unwrap().to_owned();
        format!("{} {} {} {} {}", who, text("action"), text("agentName"), text("detail"), text("outcome"))
    };
    let told: Vec<String> = page["entries"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(
        told,
        [
            "the key 'nightly' metrics.set Agent alpha-one - done",
            "ann@callscope.example draft.created Agent alpha-one Mine refused: sourceVersionId: this agent has no such version.",
            "ann@callscope.example account.enabled - - done",
            "ann@callscope.example account.disabled - - done",
            "ann@callscope.example member.role - editor done",
            "kim@callscope.example member.joined - viewer done",
            "ann@callscope.example member.invited - viewer done",
        ]
    );
    assert_eq!(page["total"], 7);
    // Page by page, and nothing of it elsewhere.
    let second = world.app.send(Ask::get("/audit?organizationId=alpha&limit=2&page=4").token(&world.ann)).await.json();
    assert_eq!(second["data"]["entries"].as_array().unwrap().len(), 1);
    assert_eq!(world.app.send(Ask::get("/audit?organizationId=gamma").token(&world.ann)).await.status, 403);
    assert_eq!(world.app.number("SELECT count(*) FROM audit WHERE organisation_id <> 'alpha'").await, 0);
    assert!(!answer.text().contains(&code) && !answer.text().contains(&kim) && !answer.text().contains(key.expose()));
    // Not even behind the server's back.
    for statement in ["DELETE FROM audit", "UPDATE audit SET who = 'nobody'", "UPDATE audit SET outcome = 'other'"] {
        let mut transaction = world.app.db.begin().await.unwrap();
        assert!(sqlx::query(statement).execute(&mut *transaction).await.is_err(), "{statement}");
    }
}

#[tokio::test]
async fn what_an_admin_left_behind_is_worth_nothing_once_they_are_none() {
    let world = World::new().await;
    // A second admin makes a code for the first one's password, and invitations, one of them for themselves.
    let code = world.invite("bob@callscope.example", "admin").await;
    let bob = world.use_code("bob@callscope.example", &code, NEW).await.token();
    let ann_id = world.id("ann").await;
    let made = world.do_as(&bob, "POST", &format!("/members/{ann_id}/password?organizationId=alpha"), json!({})).await;
    let for_ann = made.json()["data"]["code"].as_str().unwrap().to_owned();
    let invite = |email: &str| json!({ "organizationId": "alpha", "email": email, "role": "admin" });
    let made = world.do_as(&bob, "POST", "/members", invite("later@callscope.example")).await;
    let for_later = made.json()["data"]["code"].as_str().unwrap().to_owned();
    let here = "email: this person is here already: change the role instead";
    world.do_as(&bob, "POST", "/members", invite("Bob@callscope.example ")).await.check_error(400, here);
    world.app.sql("INSERT INTO codes (id, digest, email, organisation_id, role, created_ms, expires_ms) VALUES ('x', x'00', 'bob@callscope.example', 'alpha', 'admin', 0, 9999999999999)").await;
    let path = format!("/members/{}", world.id("bob").await);
    let demote = json!({ "organizationId": "alpha", "role": "viewer" });
    assert_eq!(world.ann_does("PATCH", &path, demote).await.status, 200);
    let refused = "The e-mail address or the code is wrong, or the code has ended.";
    world.use_code("ann@callscope.example", &for_ann, "a password that Bob chose").await.check_error(401, refused);
    world.use_code("later@callscope.example", &for_later, NEW).await.check_error(401, refused);
    assert_eq!(world.app.number("SELECT count(*) FROM codes WHERE email = 'bob@callscope.example'").await, 0);
    // The same of a key that is none any more.
    let key = world.app.db.create_key("k", None, Role::Admin).await.unwrap();
    let id = world.app.db.key(key.expose()).await.unwrap().unwrap().id;
    let asked = Ask::new("POST", "/members").key(key.expose()).json(&invite("key@callscope.example"));
    let by_key = world.app.send(asked).await.json()["data"]["code"].as_str().unwrap().to_owned();
    let asked = Ask::new("POST", &format!("/members/{ann_id}/password?organizationId=alpha")).key(key.expose());
    let for_ann = world.app.send(asked).await.json()["data"]["code"].as_str().unwrap().to_owned();
    world.app.db.revoke_key(&id).await.unwrap();
    world.use_code("key@callscope.example", &by_key, NEW).await.check_error(401, refused);
    world.use_code("ann@callscope.example", &for_ann, NEW).await.check_error(401, refused);
    // And of an invitation that was overtaken by a role.
    let code = world.invite("eva@callscope.example", "admin").await;
    // A code for a password ends with the password that it was for.
    let eve = world.app.db.add_user("eva@callscope.example", "Eva", PASSWORD).await.unwrap();
    assert!(world.app.db.give_role("alpha", &eve, Role::Viewer, "x").await.unwrap());
    world.use_code("eva@callscope.example", &code, PASSWORD).await.check_error(401, refused);
    let path = format!("/members/{}/password?organizationId=alpha", eve.id);
    let made = world.ann_does("POST", &path, json!({})).await.json();
    world.app.db.set_password(&eve, NEW, "eva").await.unwrap();
    let code = made["data"]["code"].as_str().unwrap();
    world.use_code("eva@callscope.example", code, PASSWORD).await.check_error(401, refused);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_organisation_keeps_an_admin_whoever_asks_and_however_fast() {
    let world = World::new().await;
    let code = world.invite("bob@callscope.example", "admin").await;
    let bob = world.use_code("bob@callscope.example", &code, NEW).await.token();
    world.app.sql("DELETE FROM memberships WHERE reseller_id IS NOT NULL").await;
    let (ann_id, bob_id) = (world.id("ann").await, world.id("bob").await);
    let demote = || json!({ "organizationId": "alpha", "role": "viewer" });
    let (path_ann, path_bob) = (format!("/members/{ann_id}"), format!("/members/{bob_id}"));
    let (one, other) =
        tokio::join!(world.do_as(&bob, "PATCH", &path_ann, demote()), world.ann_does("PATCH", &path_bob, demote()));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert!(statuses == [200, 403] || statuses == [200, 409], "{statuses:?}");
    // A key is nobody of them, and may not remove the last one either.
    let key = world.app.db.create_key("k", Some("alpha"), Role::Admin).await.unwrap();
    let last = world.app.db.members("alpha").await.unwrap().into_iter().find(|of| of.role == Role::Admin).unwrap();
    let remove = Ask::new("DELETE", &format!("/members/{}?organizationId=alpha", last.id)).key(key.expose());
    world.app.send(remove).await.check_error(409, "Nobody would administer the organisation any more.");
    assert_eq!(world.app.db.members("alpha").await.unwrap().iter().filter(|of| of.role == Role::Admin).count(), 1);
    // Nor by closing the account, whoever does it.
    let close = json!({ "organizationId": "alpha", "isDisabled": true });
    let close = Ask::new("PATCH", &format!("/members/{}", last.id)).key(key.expose()).json(&close);
    let answer = world.app.send(close).await;
    assert!(answer.status == 409 || answer.status == 403, "{}", answer.text());
    let user = world.app.db.user(&last.id).await.unwrap().unwrap();
    assert!(!world.app.db.set_disabled(&user, true, "x").await.unwrap());
    assert!(!world.app.db.give_role("alpha", &user, Role::Viewer, "x").await.unwrap());
    assert_eq!(world.app.number("SELECT count(*) FROM users WHERE disabled_ms IS NOT NULL").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_session_begins_with_a_password_that_was_just_changed() {
    let world = World::new().await;
    let ann = world.app.db.user_by_email("ann@callscope.example").await.unwrap().unwrap();
    let mut password = PASSWORD.to_owned();
    for round in 0..3 {
        let next = format!("password number {round}");
        let sign_in = || world.app.send(Ask::sign_in("ann@callscope.example", &password).from("192.0.2.77"));
        let (first, second, _) =
            tokio::join!(sign_in(), sign_in(), world.app.db.set_password(&ann, &next, "ann@callscope.example"));
        for answer in [first, second] {
            if answer.status == 200 {
                assert_eq!(world.status(&answer.token()).await, 401, "round {round}: the old password still opens");
            }
        }
        world.app.sql("DELETE FROM sign_in_failures").await;
        password = next;
    }
    assert_eq!(world.app.send(Ask::sign_in("ann@callscope.example", &password)).await.status, 200);
}

#[tokio::test]
async fn what_people_type_is_kept_plain_and_short() {
    let world = World::new().await;
    for wrong in ["\u{202e}evil@callscope.example", "@", "a@", "@b", "a b@c", "a\u{0}@b", "no address"] {
        let body = json!({ "organizationId": "alpha", "email": wrong, "role": "viewer" });
        let answer = world.ann_does("POST", "/members", body).await;
        assert_eq!(answer.status, 400, "{wrong:?}");
    }
    let code = world.invite("kim@callscope.example", "viewer").await;
    // A password that is too short costs no try, and the code stays good.
    for _ in 0..8 {
        assert_eq!(world.use_code("kim@callscope.example", &code, "short").await.status, 400);
    }
    let name = format!("\u{202e}K\u{0}{}", "i".repeat(5_000));
    let body = json!({ "email": "kim@callscope.example", "code": code, "password": NEW, "name": name });
    let joined = world.app.send(Ask::new("POST", "/session/code").json(&body)).await.json();
    assert_eq!(joined["data"]["user"]["name"], json!(format!("K{}", "i".repeat(99))));
    // The same of what editors send: an id as long as a book, and a name in a field that is none.
    let key = world.app.db.create_key("k", Some("alpha"), Role::Editor).await.unwrap();
    let long = format!("/atoms/v1/agent/alpha-one/versions/{}/activate", "z".repeat(60_000));
    world.app.send(Ask::new("PATCH", &long).key(key.expose())).await;
    let body = json!({ "draftName": "Real name", "label": "another", "sourceVersionId": "none" });
    world.app.send(Ask::new("POST", "/atoms/v1/agent/alpha-one/drafts").key(key.expose()).json(&body)).await;
    let entries = world.app.db.audit("alpha", 0, 2).await.unwrap().entries;
    assert_eq!(entries[0].detail.as_deref(), Some("Real name"));
    assert!(entries[1].subject.as_ref().is_some_and(|subject| subject.len() <= 254));
    let odd = world.app.send(Ask::get("/atoms/v1/agent/%FF").key(key.expose())).await;
    odd.check_error(404, "There is nothing at this address.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_codes_at_the_same_moment_make_one_account() {
    let world = World::new().await;
    world.app.sql("UPDATE memberships SET role = 'admin' WHERE organisation_id = 'gamma'").await;
    let guy = world.app.sign_in("guy@callscope.example").await;
    let first = world.invite("kim@callscope.example", "viewer").await;
    let body = json!({ "organizationId": "gamma", "email": "kim@callscope.example", "role": "viewer" });
    let second = world.do_as(&guy, "POST", "/members", body).await.json();
    let second = second["data"]["code"].as_str().unwrap();
    let (one, other) = tokio::join!(
        world.use_code("kim@callscope.example", &first, NEW),
        world.use_code("kim@callscope.example", second, NEW),
    );
    assert!([one.status, other.status].contains(&200), "{} {}", one.text(), other.text());
    assert!(
        [one.status, other.status].iter().all(|status| matches!(status, 200 | 401)),
        "{} {}",
        one.text(),
        other.text()
    );
}

/// The same from the command line, each with what it says and what is so afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_command_line_it_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.db");
    let db = Database::open(&file).await.unwrap();
    fill_small_world(&db).await;
    let run = |arguments: &[&str], typed: &str| {
        let mut command = Command::new(program());
        command.args(arguments).arg("--db").arg(&file);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let kim = ["--email", "kim@callscope.example"];
    let alpha = ["--organisation", "Organisation alpha"];
    for (arguments, typed, said) in [
        (&["user", "add", "--role", "nobody"][..], "", "must be viewer, editor or admin"),
        (&["user", "add"], "short", "the password must have at least 10 characters"),
        (&["user", "add"], "long enough by far", "Added kim@callscope.example as viewer"),
        (&["user", "role", "--role", "editor"], "", "kim@callscope.example is editor of Organisation alpha"),
        (&["user", "disable"], "", "The account of kim@callscope.example is closed"),
        (&["user", "enable"], "", "The account of kim@callscope.example is open"),
        (&["user", "password"], "another password", "The password of kim@callscope.example is changed"),
        (&["user", "sign-out"], "", "All sessions of kim@callscope.example have ended"),
        (&["user", "invite", "--role", "admin"], "", "It lets in as admin of Organisation alpha"),
    ] {
        let needs_place = matches!(arguments[1], "add" | "role" | "invite");
        let arguments = [arguments, &kim[..], if needs_place { &alpha[..] } else { &[] }].concat();
        let (_, text) = run(&arguments, typed);
        assert!(text.contains(said), "{arguments:?}: {text}");
    }
    let (_, list) = run(&["user", "list"], "");
    assert!(list.contains("Organisation alpha\n") && list.contains("  kim@callscope.example: editor\n"), "{list}");
    assert!(list.contains("  kim@callscope.example: invited as admin, until "), "{list}");
    assert!(list.contains("  rex@callscope.example: editor by Reseller red\n"), "{list}");
    assert!(db.sign_in(kim[1], "another password", "192.0.2.1").await.is_ok());
    // Of two admins one can go, the last cannot.
    let role_of = |who: &'static str, role: &'static str| ["user", "role", "--email", who, "--role", role];
    assert!(run(&[&role_of("ann@callscope.example", "admin")[..], &alpha].concat(), "").0);
    let (is_good, said) = run(&[&["user", "remove", "--email", "ann@callscope.example"][..], &alpha].concat(), "");
    assert!(!is_good && said.contains("nobody would administer Organisation alpha any more"), "{said}");
    let (is_good, said) = run(&[&["user", "remove"][..], &kim, &alpha].concat(), "");
    assert!(is_good && said.contains("kim@callscope.example does not see Organisation alpha any more"), "{said}");
    // A key is made, listed and revoked.
    let (_, said) = run(&[&["key", "create", "--label", "nightly", "--role", "editor"][..], &alpha].concat(), "");
    let secret = said.split_whitespace().next_back().unwrap().to_owned();
    let key = db.key(&secret).await.unwrap().unwrap();
    assert!(run(&["key", "list"], "").1.contains(&format!("{}: 'nightly', editor of Organisation alpha", key.id)));
    assert!(!run(&["key", "revoke", "--id", "none"], "").0);
    assert!(run(&["key", "revoke", "--id", &key.id], "").1.contains("The key 'nightly' is none any more"));
    assert_eq!(db.key(&secret).await.unwrap(), None);
    let entries = db.audit("alpha", 0, 100).await.unwrap().entries;
    let told: Vec<String> = entries.iter().rev().map(|of| format!("{}: {}", of.who, of.sentence())).collect();
    let expected = [
        "changed the role of kim@callscope.example to viewer",
        "changed the role of kim@callscope.example to editor",
        "closed the account of kim@callscope.example",
        "opened the account of kim@callscope.example",
        "changed the password of kim@callscope.example",
        "ended all sessions of kim@callscope.example",
        "invited kim@callscope.example as admin",
        "changed the role of ann@callscope.example to admin",
        "removed kim@callscope.example",
        "made the key nightly as editor",
        "revoked the key nightly",
    ];
    assert_eq!(told, expected.map(|what| format!("the command line: {what}")));
    db.close().await;
}
