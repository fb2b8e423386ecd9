//! One call: what was said, heard and found out.

use super::{open, settled};
use crate::browser::harness::{DEMO, Page, demo, run};

const STORY: &str = "CALL-DEMO-000003";

async fn until_call(page: &Page, id: &str) {
    page.until(
        "the call",
        &format!("document.querySelector('.facts')?.parentElement.querySelector('h2').textContent === '{id}'"),
    )
    .await;
}

#[test]
fn a_call_shows_all_that_is_known_and_leads_back_to_the_list() {
    run(async {
        let (server, page) = demo(DEMO).await;
        // The oldest: the recording of one that has just ended may not be ready.
        open(&page, "/calls?range=90d&outcome=resolved&status=completed&order=createdAt").await;
        page.click(".calls tbody .name").await;
        page.until("a call", "document.querySelector('.said li')").await;
        let address = page.address().await;
        let id = address.rsplit("call=").next().unwrap().to_owned();
        until_call(&page, &id).await;
        let of = |column: &str| format!("SELECT {column} FROM calls WHERE id = '{id}'");
        let facts: Vec<(String, String)> = page
            .ask("[...document.querySelectorAll('.facts div')].map(of => [of.querySelector('dt').textContent, of.querySelector('dd').textContent])")
            .await;
        let fact = |name: &str| {
            facts.iter().find(|fact| fact.0 == name).unwrap_or_else(|| panic!("{name}: {facts:?}")).1.clone()
        };
        assert_eq!((fact("Status"), fact("Outcome")), ("completed".to_owned(), "Resolved".to_owned()));
        assert_eq!(fact("Ended because"), server.text(&of("replace(disconnection_reason, '_', ' ')")).await);
        assert!(fact("From").starts_with("•••"));
        let said: usize = page.ask("document.querySelectorAll('.said li').length").await;
        let stored = server
            .text(&format!(
                "SELECT cast(json_array_length(transcript) AS TEXT) FROM call_details WHERE call_id = '{id}'"
            ))
            .await;
        assert_eq!(said.to_string(), stored);
        // Three stages, and a turn for each answer.
        assert!(page.ask::<usize>("document.querySelectorAll('.latencies tr').length").await > 3);
        page.until("both recordings", "[...document.querySelectorAll('audio')].filter(of => of.readyState > 0 && Math.abs(of.duration - 6) < 0.1).length === 2").await;
        page.reload().await;
        until_call(&page, &id).await;
        assert_eq!(page.address().await, address);
        page.keys("b").await;
        page.until_address("/calls?range=90d&status=completed&outcome=resolved&order=createdAt").await;
        settled(&page).await;
    });
}

#[test]
fn a_recording_that_is_not_ready_appears_by_itself() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let of = format!("WHERE call_id = '{STORY}'");
        assert_eq!(server.sql(&format!("UPDATE call_details SET recording_ready_ms = 99999999999999 {of}")).await, 1);
        page.open(&format!("/calls?call={STORY}")).await;
        page.until_text("Not ready yet. It appears here by itself.").await;
        assert!(!page.has("audio").await);
        server.sql(&format!("UPDATE call_details SET recording_ready_ms = 0 {of}")).await;
        page.until("the recording", "document.querySelector('audio')?.readyState > 0").await;
    });
}

#[test]
fn what_was_said_is_text_and_a_script_is_no_recording() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let said = r#"[{"role":"user","content":"<img src=x onerror=alert(1)><b>hi</b>","afterMs":0},{"role":"<i>x</i>","content":"</p><script>alert(2)</script>","afterMs":1}]"#;
        let analytics = r#"{"summary":"<u>s</u>","answers":[{"identifier":"<em>a</em>","value":"<a href=javascript:alert(3)>v</a>","confidence":0.5}]}"#;
        let set = format!(
            "UPDATE call_details SET transcript = '{said}', analytics = '{analytics}' WHERE call_id = '{STORY}'"
        );
        assert_eq!(server.sql(&set).await, 1);
        page.open(&format!("/calls?call={STORY}")).await;
        page.until("what was said", "document.querySelectorAll('.said li').length === 2").await;
        let shown: Vec<String> = page.ask("[...document.querySelectorAll('.said p')].map(of => of.textContent)").await;
        assert_eq!(shown, ["<img src=x onerror=alert(1)><b>hi</b>", "</p><script>alert(2)</script>"]);
        for markup in ["#page img", ".said p b", ".said i", "#page u", "#page em", ".facts a", "#page script"] {
            assert!(!page.has(markup).await, "a text became {markup}");
        }
    });
}

#[test]
fn a_call_that_is_not_there_or_not_yours_is_said() {
    run(async {
        let (_server, page) = demo(("clinic@callscope.example", "callscope-demo")).await;
        page.expects("404");
        page.open("/calls?call=nobody").await;
        page.until_text("There is no such call among those that you may see.").await;
        page.open(&format!("/calls?call={STORY}")).await;
        page.until_text("There is no such call among those that you may see.").await;
        page.press("← All calls").await;
        settled(&page).await;
    });
}
