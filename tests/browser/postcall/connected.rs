//! The whole way of somebody with an account at the vendor: two commands, and then every page, up to publishing there.

use super::{AGENT, put, settled, start_draft};
use crate::browser::harness::{Browser, Server, command, run};

const OWNER: (&str, &str) = ("owner@callscope.example", "the owner's password");

#[test]
fn from_a_key_to_a_verdict_and_to_a_version_that_is_live_at_the_vendor() {
    run(async {
        let vendor = Server::demo().await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        let make = ["--organisation", "North Star Bank", "--role", "editor"];
        let said = command("key create", &vendor.database(), &make, "");
        let key = said.split_whitespace().next_back().unwrap().to_owned();
        std::fs::write(&file, &key).unwrap();
        let base = format!("{}/atoms/v1", vendor.origin());
        let own = Server::prepared(|database| {
            let connect = [
                "--organisation",
                "My bank",
                "--base",
                &base,
                "--no-transcripts",
                "--key-file",
                file.to_str().unwrap(),
            ];
            command("connect atoms", database, &connect, "");
            command("sync", database, &[], "");
            command(
                "user add",
                database,
                &["--email", OWNER.0, "--organisation", "My bank", "--role", "admin"],
                OWNER.1,
            );
        })
        .await;
        let page = Browser::start().await.page(&own.origin());
        page.sign_in(OWNER).await;
        page.open_usage("/").await;
        let calls = "SELECT cast(count(*) AS TEXT) FROM calls WHERE organisation_id IN (SELECT id FROM organisations WHERE name LIKE '%ank')";
        assert_eq!(own.text(calls).await, vendor.text(calls).await);
        assert_ne!(page.tile("Calls").await, "0");
        // Which of the two versions is better, and how sure is that.
        page.open(&format!("/compare?agent={AGENT}")).await;
        page.until("a verdict", "document.querySelector('.verdict')?.innerText.length > 40").await;
        page.open(&format!("/calls?agent={AGENT}")).await;
        page.until("calls", "document.querySelectorAll('.calls tbody tr').length > 10").await;
        // What every call is asked is changed at the vendor.
        page.open(&format!("/post-call?agent={AGENT}")).await;
        settled(&page).await;
        start_draft(&page).await;
        put(&page, "prompt", 0, "Was everything settled that was asked for? Answer true or false.").await;
        page.click("#version-label").await;
        page.keys("From my own page").await;
        page.click("#publish").await;
        page.until("that it is live", "document.querySelector('.outcome.live')").await;
        let live = &format!("SELECT label FROM versions WHERE agent_id = '{AGENT}' ORDER BY activated_ms DESC LIMIT 1");
        assert_eq!(vendor.text(live).await, "From my own page");
        assert_eq!(own.text(live).await, "From my own page");
        assert_eq!(own.text("SELECT cast(count(*) AS TEXT) FROM drafts").await, "0");
        // Who did it is on record here, and the page never held the key.
        page.open("/account").await;
        page.until_text("published a version 'From my own page'").await;
        let seen: String = page.ask("JSON.stringify(performance.getEntriesByType('resource').map(of => of.name)) + document.documentElement.outerHTML").await;
        assert!(!seen.contains(&key) && !seen.contains(&vendor.origin()), "the page reached the vendor by itself");
        assert!(own.has_written("version.published") && !own.has_written(&key), "the key was written down");
    });
}
