//! Signing in and out, and a session that ends midway.

use super::harness::{Browser, CLINIC, DEMO, Page, Server, demo, run};

pub(super) async fn fill(page: &Page, email: &str, password: &str) {
    page.until("the form", "document.activeElement.name === 'email'").await;
    for (field, value) in [("email", email), ("password", password)] {
        page.find(&format!(".sign-in input[name={field}]")).await.fill(value).await;
    }
}

#[test]
fn a_person_signs_in_and_out() {
    run(async {
        let server = Server::demo().await;
        let page = Browser::start().await.page(&server.origin());
        page.open("/").await;
        fill(&page, DEMO.0, DEMO.1).await;
        page.press("Sign in").await;
        page.settled().await;
        assert!(!page.has(".cover").await);
        assert_ne!(page.tile("Calls").await, "–");
        page.click(".account summary").await;
        page.until_text("Robin Vale").await;
        page.press("Sign out").await;
        page.until_text("Sign in to Callscope").await;
        assert!(!page.has(".tile").await, "figures stay on the page after signing out");
        assert_eq!(server.text("SELECT cast(count(*) AS TEXT) FROM sessions").await, "0");
        page.reload().await;
        page.until_text("Sign in to Callscope").await;
    });
}

#[test]
fn a_wrong_password_is_said_and_the_form_stays() {
    run(async {
        let server = Server::demo().await;
        let page = Browser::start().await.page(&server.origin());
        page.open("/").await;
        fill(&page, DEMO.0, "not this one").await;
        page.press("Sign in").await;
        page.until_text("The e-mail address or the password is wrong.").await;
        let form: (String, String, String) = page
            .ask("[document.querySelector('[name=email]').value, document.querySelector('[name=password]').value, document.activeElement.name]")
            .await;
        assert_eq!(form, (DEMO.0.to_owned(), String::new(), "password".to_owned()));
        page.keys(DEMO.1).await;
        page.keys("\u{e007}").await;
        page.settled().await;
    });
}

#[test]
fn empty_fields_are_not_sent() {
    run(async {
        let server = Server::demo().await;
        let page = Browser::start().await.page(&server.origin());
        page.open("/").await;
        for (email, password) in [("", ""), (DEMO.0, ""), ("", DEMO.1)] {
            fill(&page, email, password).await;
            page.press("Sign in").await;
            page.until_text("Both fields are needed.").await;
            page.find("[name=email]").await.click().await.unwrap();
        }
        let posts: usize = page
            .ask("performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('/session')).length")
            .await;
        assert_eq!(posts, 1, "only the question who is signed in was asked");
    });
}

#[test]
fn a_session_that_ended_resumes_at_the_same_place() {
    run(async {
        let (server, page) = demo(DEMO).await;
        page.open_usage("/?range=7d&hours=minutes&find=o").await;
        let before = (page.address().await, page.tile("Calls").await);
        assert_eq!(server.sql("DELETE FROM sessions").await, 1);
        page.expects("401");
        page.press("Refresh").await;
        page.until_text("Your session has ended").await;
        let is_inert: bool = page.ask("document.querySelector('.shell').inert").await;
        assert!(is_inert, "the page behind can still be used");
        assert!(page.has(".tile").await, "the page behind is gone");
        fill(&page, DEMO.0, DEMO.1).await;
        page.press("Sign in").await;
        page.until("the page behind", "!document.querySelector('.cover') && !document.querySelector('.shell').inert")
            .await;
        page.settled().await;
        assert_eq!((page.address().await, page.tile("Calls").await), before);
    });
}

#[test]
fn another_person_sees_nothing_of_the_one_before() {
    run(async {
        let (server, page) = demo(DEMO).await;
        page.open_usage("/?find=o").await;
        let before = page.tile("Calls").await;
        assert_eq!(server.sql("DELETE FROM sessions").await, 1);
        page.expects("401");
        page.press("Refresh").await;
        page.until_text("Your session has ended").await;
        fill(&page, CLINIC.0, CLINIC.1).await;
        page.press("Sign in").await;
        page.until("the page of the other", "!document.querySelector('.cover')").await;
        page.settled().await;
        assert_eq!(page.address().await, "/");
        assert_ne!(page.tile("Calls").await, before);
        let organisations: Vec<String> =
            page.ask("[...document.querySelectorAll('.scope option')].map(option => option.textContent)").await;
        assert_eq!(organisations, ["Harbour Health"]);
    });
}

#[test]
fn an_address_that_is_no_page_says_so() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open("/nowhere").await;
        page.until_text("There is no such page").await;
        page.press_link("To the usage report").await;
        page.settled().await;
        assert_eq!(page.address().await, "/");
    });
}
