//! People come by a code, may what their role says, and an admin sees what was done.

use super::harness::{CLINIC, DEMO, Page, Server, demo, run};
use super::postcall::AGENT;

const KIM: (&str, &str) = ("kim@callscope.example", "a password of Kim's");
const BANK: &str = "SELECT id FROM organisations WHERE name = 'North Star Bank'";

/// The page of the bank's people.
async fn open(page: &Page, server: &Server) {
    let bank = server.text(BANK).await;
    page.open(&format!("/account?org={bank}")).await;
    page.until("the people", "document.querySelector('.people')").await;
    page.until(
        "what was done",
        "document.querySelector('.record') || document.body.innerText.includes('Nothing yet.')",
    )
    .await;
}

async fn fill(page: &Page, name: &str, text: &str) {
    page.find(&format!("input[name={name}]")).await.fill(text).await;
}

/// Invites Kim to the bank as an editor, and gives the code.
async fn invite(page: &Page) -> String {
    fill(page, "invite", KIM.0).await;
    page.click(".filling select option[value=editor]").await;
    page.press("Make a code").await;
    page.until("the code", "document.querySelector('.came strong')").await;
    page.text(".came strong").await
}

async fn sign_out(page: &Page) {
    page.click(".account summary").await;
    page.press("Sign out").await;
    page.until_text("Sign in to Callscope").await;
}

#[test]
fn somebody_comes_by_a_code_and_may_what_an_admin_says() {
    run(async {
        let (server, page) = demo(DEMO).await;
        // Signing in with a wrong code, and asking who is signed in without being so.
        page.expects("401");
        page.before_load("window.confirm = () => true").await;
        open(&page, &server).await;
        let code = invite(&page).await;
        page.until_text("kim@callscope.example invited").await;
        page.until_text("invited kim@callscope.example as editor").await;
        // It is good only now, and stays until it is put away.
        page.press("Make a code").await;
        page.until_text("Give the address of whom to invite.").await;
        assert_eq!(page.text(".came strong").await, code);
        assert_eq!(page.ask::<String>("document.querySelector('.filling select').value").await, "viewer");
        page.press("Put it away").await;
        sign_out(&page).await;
        page.press("I have a code").await;
        for (name, text) in [("email", KIM.0), ("code", "AAAA-BBBB"), ("name", "Kim Dow"), ("password", KIM.1)] {
            fill(&page, name, text).await;
        }
        page.press("Sign in").await;
        page.until_text("The e-mail address or the code is wrong, or the code has ended.").await;
        fill(&page, "code", &code.to_lowercase()).await;
        page.press("Sign in").await;
        page.until("Kim's page", "!document.querySelector('.sign-in') && document.querySelector('.account summary')")
            .await;
        // An editor edits, and sees no people.
        page.open(&format!("/post-call?agent={AGENT}")).await;
        page.until("a draft can be begun", "document.querySelector('#start-draft')").await;
        page.open("/account").await;
        page.until_text("Password and sessions").await;
        assert!(!page.has(".people").await);
        sign_out(&page).await;
        // As a viewer Kim looks.
        page.sign_in(DEMO).await;
        open(&page, &server).await;
        page.click(&format!("select[aria-label='What {} may do'] option[value=viewer]", KIM.0)).await;
        page.until_text("kim@callscope.example is viewer now.").await;
        page.until_text("changed the role of kim@callscope.example to viewer").await;
        page.sign_in(KIM).await;
        page.open(&format!("/post-call?agent={AGENT}")).await;
        page.until_text("changing what is asked takes the role editor").await;
        page.until("the metrics", "document.querySelector('.metrics')").await;
        assert!(!page.has("#start-draft").await);
        // Closed, the account opens nothing any more.
        page.sign_in(DEMO).await;
        open(&page, &server).await;
        page.click(&format!("button[aria-label='Close: {}']", KIM.0)).await;
        page.until_text("The account of kim@callscope.example is closed.").await;
        page.until("that it is closed", "document.querySelector('.people .pill.worse')").await;
        let sessions = format!(
            "SELECT cast(count(*) AS TEXT) FROM sessions JOIN users ON users.id = user_id WHERE email = '{}'",
            KIM.0
        );
        assert_eq!(server.text(&sessions).await, "0");
        page.click(&format!("button[aria-label='Remove: {}']", KIM.0)).await;
        page.until(
            "nobody of that name",
            "![...document.querySelectorAll('.people th')].some(of => of.innerText.includes('Kim'))",
        )
        .await;
        page.until_text("removed kim@callscope.example").await;
    });
}

#[test]
fn a_password_is_changed_and_all_sessions_end() {
    run(async {
        let (server, page) = demo(CLINIC).await;
        page.expects("400");
        page.expects("401");
        page.before_load("window.confirm = () => true").await;
        page.open("/account").await;
        page.until_text("Password and sessions").await;
        page.press("Change the password").await;
        page.until_text("Both passwords are needed.").await;
        for (current, new, said) in [
            ("wrong", "long enough by far", "This is not the password"),
            (CLINIC.1, "short", "The password must have at least 10 characters"),
            (CLINIC.1, "long enough by far", "The password is changed. Your other sessions have ended."),
        ] {
            fill(&page, "current", current).await;
            fill(&page, "new", new).await;
            page.press("Change the password").await;
            page.until_text(said).await;
        }
        // The page goes on with a session of its own.
        page.reload().await;
        page.until_text("Password and sessions").await;
        page.press("End all sessions").await;
        page.until_text("Sign in to Callscope").await;
        assert_eq!(server.text("SELECT cast(count(*) AS TEXT) FROM sessions").await, "0");
        page.sign_in((CLINIC.0, "long enough by far")).await;
    });
}

async fn check(theme: &str, width: u32) {
    let (server, page) = demo(DEMO).await;
    page.size(width, 900, 1.0).await;
    page.theme(theme).await;
    let mut found = Vec::new();
    open(&page, &server).await;
    invite(&page).await;
    page.until_text("invited kim@callscope.example").await;
    found.extend(page.faults(width, "account").await);
    page.press("Put it away").await;
    page.run("return fetch('/session', { method: 'DELETE' }).then(answer => answer.status)").await;
    page.expects("401");
    page.open("/").await;
    page.press("I have a code").await;
    page.until("the form", "document.querySelector('[name=code]')").await;
    found.extend(page.faults(width, "code").await);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn nothing_is_wrong_in_light_on_a_desktop() {
    run(check("light", 1320));
}

#[test]
fn nothing_is_wrong_in_dark_on_a_phone() {
    run(check("dark", 390));
}

#[test]
fn nothing_is_wrong_in_a_very_narrow_window() {
    run(check("light", 280));
}

#[test]
fn names_are_text_and_a_record_of_much_is_read_on() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let hostile = "<img src=x onerror=\"document.title='bad'\">";
        server
            .sql(&format!("UPDATE users SET name = '{}' WHERE email = '{}'", hostile.replace('\'', "''"), CLINIC.0))
            .await;
        let bank = server.text(BANK).await;
        let health = server.text("SELECT id FROM organisations WHERE name = 'Harbour Health'").await;
        let insert = format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 120)
             INSERT INTO audit (at_ms, organisation_id, who, action, agent_id, subject, detail, outcome)
             SELECT 1761000000000 + n, '{bank}', '<b>who</b>', 'version.published', '{AGENT}', 'v' || n, '<i>label</i>',
             CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN 'done' ELSE 'refused: <u>why</u>' END FROM numbers"
        );
        assert_eq!(server.sql(&insert).await, 120);
        open(&page, &server).await;
        let rows = "document.querySelectorAll('.record tbody tr').length";
        assert_eq!(page.ask::<usize>(rows).await, 50);
        let newest = page.text(".record tbody tr").await;
        for part in ["<b>who</b>", "published a version '<i>label</i>'", "Card services · v120", "not known"] {
            assert!(newest.contains(part), "{part}: {newest}");
        }
        page.press("Older").await;
        page.until("a hundred", &format!("{rows} === 100")).await;
        page.press("Older").await;
        page.until("all of it", &format!("{rows} === 120")).await;
        assert!(
            !page.ask::<bool>("[...document.querySelectorAll('button')].some(of => of.textContent === 'Older')").await
        );
        page.click(&format!("select[aria-label=Organisation] option[value='{health}']")).await;
        page.until_text(hostile).await;
        page.until_address(&format!("/account?org={health}")).await;
        page.until_text("Nothing yet.").await;
        assert_eq!(page.ask::<String>("document.title").await, "Account · Callscope");
    });
}

#[test]
fn a_session_that_ends_is_begun_anew_and_nothing_typed_is_lost() {
    run(async {
        let (server, page) = demo(DEMO).await;
        page.expects("401");
        open(&page, &server).await;
        fill(&page, "invite", KIM.0).await;
        server.sql("DELETE FROM sessions").await;
        page.press("Make a code").await;
        page.until_text("Your session has ended").await;
        for (name, text) in [("email", DEMO.0), ("password", DEMO.1)] {
            page.find(&format!(".sign-in input[name={name}]")).await.fill(text).await;
        }
        page.press("Sign in").await;
        page.until("the page again", "!document.querySelector('.sign-in')").await;
        page.until_text("Not done: the session had ended. Sign in and do it again.").await;
        assert_eq!(page.ask::<String>("document.querySelector('[name=invite]').value").await, KIM.0);
        // Found out by reading, it is the same.
        server.sql("DELETE FROM sessions").await;
        let health = server.text("SELECT id FROM organisations WHERE name = 'Harbour Health'").await;
        page.click(&format!("select[aria-label=Organisation] option[value='{health}']")).await;
        page.until_text("Your session has ended").await;
    });
}

#[test]
fn by_keyboard_alone_somebody_is_invited_and_a_role_is_asked_for_first() {
    run(async {
        let (server, page) = demo(DEMO).await;
        page.before_load(
            "window.asked = []; window.confirm = question => { window.asked.push(question); return false }",
        )
        .await;
        open(&page, &server).await;
        page.tab_to("[name=invite]").await;
        page.keys(KIM.0).await;
        page.keys("\u{e007}").await;
        page.until("the code", "document.querySelector('.came strong')").await;
        assert_eq!(page.ask::<String>("document.activeElement.name").await, "invite");
        // What is asked and not wanted is not done, and the focus stays.
        let health = server.text("SELECT id FROM organisations WHERE name = 'Harbour Health'").await;
        page.open(&format!("/account?org={health}")).await;
        page.until("the people", "document.querySelector('.people')").await;
        let choice = format!("select[aria-label='What {} may do']", CLINIC.0);
        page.tab_to(&choice).await;
        page.keys("e").await;
        page.until("the question", "window.asked.length === 1").await;
        let asked: Vec<String> = page.ask("window.asked").await;
        assert_eq!(asked, [format!("Make {} editor of Harbour Health?", CLINIC.0)]);
        page.until("what is so", &format!("document.querySelector(\"{choice}\").value === 'viewer'")).await;
        assert!(page.ask::<bool>(&format!("document.activeElement === document.querySelector(\"{choice}\")")).await);
        let role =
            "SELECT role FROM memberships JOIN users ON users.id = user_id WHERE email = 'clinic@callscope.example'";
        assert_eq!(server.text(role).await, "viewer");
        // An organisation that is not administered is said to be none.
        page.open("/account?org=nobody").await;
        page.until_text("You do not administer this organisation").await;
        assert!(page.has("select[aria-label=Organisation]").await);
        page.tab_to(".account summary").await;
        page.keys("\u{e007}").await;
        page.until("the menu", "document.querySelector('.account[open]')").await;
        // Escape closes it from within, and leaves one where it was opened.
        page.tab_to(".account a").await;
        page.keys("\u{e00c}").await;
        page.until("no menu", "!document.querySelector('.account[open]')").await;
        assert!(page.ask::<bool>("document.activeElement === document.querySelector('.account summary')").await);
    });
}
