//! Bad connections: late, broken and refused answers.

use std::time::Duration;

use super::harness::{Browser, DEMO, Page, Plan, Proxy, Server, run};

/// A signed-in page behind a proxy.
async fn behind_proxy() -> (Server, Proxy, Page) {
    let server = Server::demo().await;
    let proxy = Proxy::before(&server).await;
    let page = Browser::start().await.page(&proxy.origin());
    page.sign_in(DEMO).await;
    (server, proxy, page)
}

#[test]
fn the_last_of_quick_changes_wins() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        page.open_usage("/?range=7d").await;
        let wanted = (page.text(".context").await, page.tile("Calls").await);
        page.open_usage("/").await;
        // Two requests for each change but the last: this period and the one before.
        let before = proxy.asked("/v1/metrics");
        proxy.plan("/v1/metrics", 4, Plan::Late(Duration::from_millis(1500)));
        page.keys("3").await;
        page.until("the question", "document.querySelector('.usage[aria-busy=true]')").await;
        page.keys("4").await;
        page.keys("1").await;
        page.until_address("/?range=7d").await;
        page.settled().await;
        let first = (page.text(".context").await, page.tile("Calls").await);
        assert_eq!(first, wanted, "after the last answer");
        assert!(proxy.asked("/v1/metrics") > before + 2, "nothing overlapped");
        // Longer than any late answer takes.
        tokio::time::sleep(Duration::from_millis(1800)).await;
        let later = (page.text(".context").await, page.tile("Calls").await);
        assert_eq!(later, wanted, "after the late answers");
        assert_eq!(proxy.given_up(), 4, "what nobody waits for any more is cancelled");
    });
}

#[test]
fn slow_answers_show_a_skeleton_and_then_figures() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        proxy.plan("/v1/metrics", 2, Plan::Late(Duration::from_millis(1500)));
        page.open("/").await;
        page.until("a skeleton", "document.querySelector('.skeleton[role=status]')").await;
        assert!(!page.has(".tile").await);
        page.settled().await;
        assert!(!page.has(".skeleton").await);
        assert_ne!(page.tile("Calls").await, "–");
        // A change keeps what was shown while it waits.
        proxy.plan("/v1/metrics", 2, Plan::Late(Duration::from_millis(800)));
        page.press("7 days").await;
        page.until("waiting", "document.querySelector('.usage[aria-busy=true] .tile')").await;
        page.settled().await;
    });
}

#[test]
fn a_broken_answer_is_asked_for_again() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        page.expects("ERR_");
        proxy.plan("/v1/metrics", 2, Plan::Cut);
        page.open_usage("/").await;
        assert_ne!(page.tile("Calls").await, "–");
        assert_eq!(proxy.asked("/v1/metrics"), 4, "each of the two was asked for twice");
    });
}

#[test]
fn answers_that_are_always_broken_are_said_to_be() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        page.expects("ERR_");
        page.open_usage("/").await;
        let before = page.tile("Calls").await;
        proxy.plan("/v1/metrics", 100, Plan::Cut);
        page.press("Refresh").await;
        page.until_text("No connection to the server").await;
        assert_eq!(page.tile("Calls").await, before, "what was there is kept");
        proxy.calm();
        page.press("Try again").await;
        page.until("figures alone", "!document.querySelector('.state[role=alert]')").await;
        page.settled().await;
    });
}

#[test]
fn what_failed_for_want_of_a_connection_is_asked_again_once_there_is_one() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        page.expects("ERR_");
        page.open_usage("/").await;
        proxy.plan("/v1/metrics", 100, Plan::Cut);
        page.press("7 days").await;
        page.until_text("No connection to the server").await;
        // There is a connection, and still no server: it is said again.
        page.run("dispatchEvent(new Event('online'))").await;
        page.until("a question", "!document.querySelector('.state[role=alert]')").await;
        page.until_text("No connection to the server").await;
        proxy.calm();
        page.run("dispatchEvent(new Event('online'))").await;
        page.settled().await;
        assert!(page.has(".tile").await);
        let asked = proxy.asked("/v1/metrics");
        page.run("dispatchEvent(new Event('online'))").await;
        page.drawn().await;
        assert_eq!(proxy.asked("/v1/metrics"), asked, "what is there is not asked for");
    });
}

#[test]
fn figures_of_another_question_do_not_stand_under_one_that_failed() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        page.expects("500");
        page.open_usage("/").await;
        let refusal = "{\"status\": false, \"errors\": [\"The server failed.\"]}";
        proxy.plan("/v1/metrics", 100, Plan::Instead("500 Oops", "Content-Type: application/json\r\n", refusal));
        page.press("7 days").await;
        page.until_text("The server failed").await;
        assert!(!page.has(".tile").await, "figures of thirty days under seven");
        proxy.calm();
        page.press("Try again").await;
        page.settled().await;
        assert_eq!(page.address().await, "/?range=7d");
    });
}

#[test]
fn an_answer_that_is_no_json_is_said_to_be_unreadable() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        for body in ["<h1>It works!</h1>", "", "[1, 2]", "{\"data\": 7}", "null"] {
            proxy.calm();
            proxy.plan("/v1/metrics", 100, Plan::Instead("200 OK", "Content-Type: application/json\r\n", body));
            page.open("/").await;
            page.until_text("The answer cannot be read").await;
            assert!(!page.has(".tile").await, "figures from {body:?}");
        }
        proxy.calm();
        page.press("Try again").await;
        page.settled().await;
    });
}

#[test]
fn a_server_that_asks_to_wait_is_asked_again_by_itself() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        page.expects("503");
        proxy.plan("/v1/metrics", 2, Plan::Instead("503 Service Unavailable", "Retry-After: 1\r\n", "{}"));
        page.open_usage("/").await;
        assert_ne!(page.tile("Calls").await, "–");
        assert!(!page.has(".state[role=alert]").await);
        // A longer wait than anybody stands is said instead.
        page.expects("429");
        proxy.plan("/v1/metrics", 2, Plan::Instead("429 Too Many Requests", "Retry-After: 90\r\n", "{}"));
        page.press("Refresh").await;
        page.until_text("The server asks to wait 90 seconds.").await;
    });
}

#[test]
fn an_answer_that_never_comes_is_given_up() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        // Long waits pass ten times as fast.
        page.before_load(
            "const wait = window.setTimeout; \
             window.setTimeout = (act, ms, ...more) => wait(act, ms >= 10000 ? ms / 10 : ms, ...more);",
        )
        .await;
        proxy.plan("/v1/metrics", 100, Plan::Hang);
        page.open("/").await;
        page.until("a skeleton", "document.querySelector('.skeleton')").await;
        page.until_text("The server did not answer within 30 seconds.").await;
        proxy.calm();
        page.press("Try again").await;
        page.settled().await;
    });
}

#[test]
fn a_previous_period_that_fails_costs_only_the_comparison() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        page.expects("500");
        page.open_usage("/").await;
        let questions: Vec<String> = page
            .ask("performance.getEntriesByType('resource').map(entry => entry.name).filter(name => name.includes('/v1/metrics'))")
            .await;
        // The earlier of the two by its first instant.
        let start = |name: &String| name.split_once("startDate=").unwrap().1.split('&').next().unwrap().to_owned();
        let earlier = questions.iter().map(start).min().unwrap();
        proxy.plan(&earlier, 100, Plan::Instead("500 Internal Server Error", "", "{\"errors\":[\"Out of order.\"]}"));
        page.press("Refresh").await;
        page.until_text("The previous period could not be loaded").await;
        page.settled().await;
        assert_ne!(page.tile("Calls").await, "–");
        assert!(!page.text(".tiles").await.contains("before"), "a change against nothing");
    });
}
