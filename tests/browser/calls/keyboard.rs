//! The page of calls without a pointer, and its files.

use super::{all_days, open, settled};
use crate::browser::harness::{DEMO, demo, run, saved};

const ENTER: &str = "\u{e007}";

#[test]
fn a_call_is_found_opened_and_left_without_a_pointer() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page, "/calls?range=90d").await;
        page.keys("/").await;
        page.until("the search", "document.activeElement.matches('.find')").await;
        page.keys("DEMO-00001").await;
        page.keys(ENTER).await;
        page.until("the search", "document.querySelector('.chip')").await;
        settled(&page).await;
        page.until("ten calls", "document.querySelector('.context').textContent.includes('of 10 calls')").await;
        page.tab_to(".calls tbody .name").await;
        page.keys(ENTER).await;
        page.until("a call", "document.querySelector('.facts')").await;
        page.tab_to("#back").await;
        page.keys(ENTER).await;
        settled(&page).await;
        // What was searched for is still what is shown.
        assert!(page.has(".chip").await);
        page.tab_to(".chip").await;
        page.keys(ENTER).await;
        page.until("no search", "!document.querySelector('.chip')").await;
        settled(&page).await;
        page.keys("1").await;
        page.until_address("/calls?range=7d").await;
    });
}

/// What comes from outside is no formula in the file, and a masked number stays masked.
#[test]
fn the_saved_list_runs_nothing_and_gives_no_number_away() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let set = "UPDATE calls SET disconnection_reason = '=HYPERLINK(1)', from_number = '+12025550142' WHERE id = 'CALL-DEMO-000003'";
        assert_eq!(server.sql(set).await, 1);
        let days = all_days(&server).await;
        open(&page, &format!("/calls?{days}&reason=%3DHYPERLINK(1)")).await;
        let folder = page.keep_downloads().await;
        page.click(".card:has(> .scroll) .menu summary").await;
        page.press("CSV").await;
        let dates = days.replace("from=", "").replace("&to=", "-");
        check_csv(&saved(&folder.join(format!("callscope-calls-{dates}.csv"))).await);
        // All that match, in a file of their own.
        page.click("#load-all").await;
        page.until("all", "document.querySelector('.all .note')?.textContent.startsWith('all 1 ')").await;
        page.click(".card.all .menu summary").await;
        page.press("CSV").await;
        check_csv(&saved(&folder.join(format!("callscope-all-calls-{dates}.csv"))).await);
    });
}

fn check_csv(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cell = |name: &str| &rows[0][headings.iter().position(|of| of.starts_with(name)).unwrap()];
    assert_eq!((rows.len(), cell("Call")), (1, "CALL-DEMO-000003"));
    assert_eq!((cell("Ended because"), cell("From")), ("'=HYPERLINK(1)", "•••42"));
}
