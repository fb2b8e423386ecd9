//! Refusals, and answers that come late.

use std::time::{Duration, Instant};

use super::{Agent, STORY, choose, chosen, open, row, rows, settled, story_behind_proxy, text};
use crate::browser::harness::{CLINIC, DEMO, Page, Plan, Proxy, demo, run};

/// The page refuses, shows no figure, and names nothing of the other organisation.
async fn check_no_figures(page: &Page, heading: &str, what: &str) {
    page.until_text(heading).await;
    for selector in [".figures", ".verdict", ".chart", ".changes"] {
        assert!(!page.has(selector).await, "{what}: {selector} is there");
    }
    let shown = page.text("body").await;
    for name in ["North Star", STORY, "Fraud line", "1,250", "dialog.nodes"] {
        assert!(!shown.contains(name), "{what}: {name} in {shown}");
    }
}

#[test]
fn another_organisations_agent_shows_nothing_and_leaves_the_choices() {
    run(async {
        let (server, page) = demo(CLINIC).await;
        page.expects("403");
        page.expects("404");
        let (story, own) = (Agent::named(&server, STORY).await, Agent::named(&server, "Appointments").await);
        open(&page, &format!("/compare?agent={}", own.id)).await;
        for address in [format!("/compare?agent={}", story.id), story.address(&story.v1, &story.v2)] {
            page.open(&address).await;
            check_no_figures(&page, "You may not see this", &address).await;
            assert_eq!(chosen(&page, "Agent").await, story.id, "the choice looks like another agent");
        }
        // Versions of another's agent under one's own.
        page.open(&own.address(&story.v1, &story.v2)).await;
        check_no_figures(&page, "There is nothing at this address", "versions of another's agent").await;
        page.open(&story.address(&story.v1, &story.v2)).await;
        page.until_text("You may not see this").await;
        choose(&page, "Agent", &own.id).await;
        settled(&page).await;
        assert_eq!(page.address().await, format!("/compare?agent={}", own.id));
        assert!(text(&page, ".context").await.starts_with("Appointments · A v1"));
        assert!(!page.has(".state[role=alert]").await);
    });
}

#[test]
fn a_version_that_is_not_there_is_said_and_another_can_be_chosen() {
    run(async {
        let (server, page) = demo(DEMO).await;
        page.expects("404");
        let story = Agent::named(&server, STORY).await;
        let wrong = [
            ("Version A", &story.v1, story.address("nobody", &story.v2)),
            ("Version B", &story.v2, story.address(&story.v1, "nobody")),
        ];
        for (list, version, address) in wrong {
            page.open(&address).await;
            page.until_text("There is nothing at this address").await;
            assert!(!page.has(".figures").await && !page.has(".verdict").await, "{list}: figures are there");
            assert_eq!(chosen(&page, list).await, "nobody", "the choice looks like another version");
            choose(&page, list, version).await;
            settled(&page).await;
            assert!(!page.has(".state[role=alert]").await);
            assert_eq!(page.address().await, story.address(&story.v1, &story.v2));
        }
        assert!(text(&page, ".context").await.contains("B v2 (n 1,400)"));
        page.open(&story.address("nobody", &story.v2)).await;
        page.until_text("There is nothing at this address").await;
        page.press("Compare the newest two").await;
        settled(&page).await;
        assert_eq!(page.address().await, format!("/compare?agent={}", story.id));
        assert!(text(&page, ".context").await.contains("B v2 (n 1,400)"));
        page.open("/compare?agent=nobody").await;
        page.until_text("There is nothing at this address").await;
        choose(&page, "Agent", &story.id).await;
        settled(&page).await;
        assert!(text(&page, ".context").await.starts_with("Card services · A v1 (n 1,250)"));
    });
}

#[test]
fn an_account_with_branches_is_told_so() {
    run(async {
        let (_server, proxy, page, story) = story_behind_proxy().await;
        page.expects("409");
        let body = "{\"error_type\": \"versioning_v2_migration_required\", \"errors\": [\"Use branches.\"]}";
        for part in ["/versions?limit", "compare-metrics"] {
            proxy.plan(part, 100, Plan::Instead("409 Conflict", "Content-Type: application/json\r\n", body));
            page.open(&story.newest()).await;
            page.until("the heading", "document.querySelector('.state[role=alert] h2')").await;
            assert_eq!(page.text(".state h2").await, "This account has branches, not versions", "{part}");
            assert!(!page.has(".figures").await && !page.has(".verdict").await, "{part}: figures are there");
            proxy.calm();
            page.press("Try again").await;
            settled(&page).await;
            assert!(!page.has(".state").await, "{part}: the complaint stays");
        }
        // Another conflict is not taken for that one.
        let other = "{\"errors\": [\"The agent is locked.\"]}";
        proxy.plan("compare-metrics", 100, Plan::Instead("409 Conflict", "Content-Type: application/json\r\n", other));
        page.open(&story.newest()).await;
        page.until_text("The agent is locked.").await;
        assert!(!page.text("main").await.contains("branches"));
    });
}

/// Waits until such a request has come in.
async fn until_asked(proxy: &Proxy, part: &str) {
    let end = Instant::now() + Duration::from_secs(10);
    while proxy.asked(part) == 0 {
        assert!(Instant::now() < end, "{part} was never asked for");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What the page says of its versions.
async fn told(page: &Page) -> (String, String, Vec<[String; 7]>) {
    (text(page, ".context").await, text(page, ".verdict").await, rows(page).await)
}

#[test]
fn a_late_answer_never_replaces_a_newer_one() {
    run(async {
        let (server, proxy, page, story) = story_behind_proxy().await;
        let (slow, slower) = (Agent::named(&server, "Fraud line").await, Agent::named(&server, "Appointments").await);
        open(&page, &story.newest()).await;
        let wanted = told(&page).await;
        open(&page, "/compare").await;
        for agent in [&slow, &slower] {
            let part = format!("{}/versions/compare-metrics", agent.id);
            proxy.plan(&part, 1, Plan::Late(Duration::from_millis(1500)));
            choose(&page, "Agent", &agent.id).await;
            page.until("waiting", "document.querySelector('.compare[aria-busy=true]')").await;
            until_asked(&proxy, &part).await;
        }
        choose(&page, "Agent", &story.id).await;
        settled(&page).await;
        let first = told(&page).await;
        assert_eq!(first, wanted, "after the last answer");
        // Longer than any late answer takes.
        tokio::time::sleep(Duration::from_millis(1800)).await;
        let later = told(&page).await;
        assert_eq!(later, wanted, "after the late answers");
        assert_eq!(proxy.given_up(), 2, "what nobody waits for any more is cancelled");
    });
}

#[test]
fn both_of_two_quick_choices_hold() {
    run(async {
        let (_server, proxy, page, story) = story_behind_proxy().await;
        open(&page, &story.newest()).await;
        proxy.plan("compare-metrics", 1, Plan::Late(Duration::from_millis(1500)));
        choose(&page, "Version A", &story.v2).await;
        page.until_address(&story.address(&story.v2, &story.v2)).await;
        page.until("waiting", "document.querySelector('.compare[aria-busy=true]')").await;
        choose(&page, "Version B", &story.v1).await;
        page.until_address(&story.address(&story.v2, &story.v1)).await;
        settled(&page).await;
        assert_eq!(row(&page, "Completion rate").await[3], "−1.3 pp");
    });
}

#[test]
fn a_swap_undone_before_its_answer_stays_undone() {
    run(async {
        let (_server, proxy, page, story) = story_behind_proxy().await;
        open(&page, &story.newest()).await;
        proxy.plan("compare-metrics", 1, Plan::Late(Duration::from_millis(1500)));
        page.keys("s").await;
        page.until_address(&story.address(&story.v2, &story.v1)).await;
        page.until("waiting", "document.querySelector('.compare[aria-busy=true]')").await;
        page.keys("s").await;
        page.until_address(&story.address(&story.v1, &story.v2)).await;
        settled(&page).await;
        assert_eq!(row(&page, "Completion rate").await[3], "+1.3 pp");
        // By then the late answer would be there.
        tokio::time::sleep(Duration::from_millis(1800)).await;
        assert_eq!(row(&page, "Completion rate").await[3], "+1.3 pp");
    });
}
