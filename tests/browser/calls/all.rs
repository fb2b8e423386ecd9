//! All matching calls, loaded page by page, and what is computed from them.

use std::time::Duration;

use super::{all_days, counted, open};
use crate::browser::harness::{Browser, DEMO, Page, Plan, Proxy, Server, command, demo, run, workspace};

/// What the card says of how far it is.
async fn said(page: &Page) -> String {
    page.text(".all .note").await
}

async fn until_all(page: &Page) {
    page.until("all calls", "document.querySelector('.all .note')?.textContent.startsWith('all ')").await;
    page.drawn().await;
}

/// Opens the calls of all days there are, and loads them.
async fn load_all(page: &Page, server: &Server) {
    open(page, &format!("/calls?{}", all_days(server).await)).await;
    page.click("#load-all").await;
    until_all(page).await;
}

/// The bank's month: every figure of the report that is computed on the page is the server's own.
#[test]
fn the_banks_month_computed_on_the_page_is_what_the_server_counts() {
    let data = workspace().join("../shared/data/bank_calls_1999_02.tsv.gz");
    if !data.is_file() {
        println!("skipped: {} is not there", data.display());
        return;
    }
    run(async {
        let server = Server::prepared(|database| {
            let map = workspace().join("tests/suite/bank/map.toml");
            command("import", database, &["--map", map.to_str().unwrap(), data.to_str().unwrap()], "");
            let who = ["--email", "teller@bank.example", "--name", "Teller", "--organisation", "Anonymous Bank"];
            command("user add", database, &who, "counting by hand\n");
        })
        .await;
        let proxy = Proxy::before(&server).await;
        let page = Browser::start().await.page(&proxy.origin());
        page.expects("503");
        page.expects("ERR_INCOMPLETE_CHUNKED_ENCODING");
        // When versions went live is no figure of calls.
        server.sql("UPDATE versions SET activated_ms = NULL").await;
        page.sign_in(("teller@bank.example", "counting by hand")).await;
        // Pages that fail are asked for again.
        let busy = || Plan::Instead("503 Busy", "Content-Type: application/json\r\nRetry-After: 0\r\n", "{}");
        proxy.plan("page=7&limit=500", 2, busy());
        proxy.plan("page=40&limit=500", 1, Plan::Cut);
        open(&page, "/calls?from=1999-02-01&to=1999-02-28").await;
        page.click("#load-all").await;
        until_all(&page).await;
        assert!(said(&page).await.starts_with("all 33,344 loaded"), "{}", said(&page).await);
        let computed = tables(&page).await;
        // The page cuts its days itself, by the clock that it was asked for.
        let sentences: String = page.ask("document.querySelector('main').textContent").await;
        assert!(!sentences.contains("by which time zone"), "the zone is said to be a server's");
        page.open_usage("/?from=1999-02-01&to=1999-02-28&compare=off").await;
        let answered = tables(&page).await;
        assert!(computed.len() > 5, "{computed:?}");
        assert_eq!(computed, answered);
    });
}

/// What tiles, lists and the tables below the charts say.
async fn tables(page: &Page) -> Vec<String> {
    page.run(
        "for (const chart of document.querySelectorAll('.chart')) { const open = [...chart.querySelectorAll('button')].find(b => b.textContent === 'Table'); if (open) open.click(); }",
    )
    .await;
    page.until("the tables", "document.querySelectorAll('.twin tbody tr').length > 50").await;
    page.drawn().await;
    page.ask(
        "[...document.querySelectorAll('.tile h2, .tile .figure-large, .twin, .outcomes, .agents:not(.calls) tbody, .insights')].map(of => of.innerText)",
    )
    .await
}

#[test]
fn loading_is_stopped_and_goes_on_and_no_call_counts_twice() {
    run(async {
        let server = Server::demo().await;
        let proxy = Proxy::before(&server).await;
        let page = Browser::start().await.page(&proxy.origin());
        page.expects("500");
        page.sign_in(DEMO).await;
        let address = format!("/calls?{}", all_days(&server).await);
        open(&page, &address).await;
        proxy.plan("page=9&limit=500", 1, Plan::Instead("500 Oops", "Content-Type: application/json\r\n", "{}"));
        page.click("#load-all").await;
        page.until_text("loaded, then it failed: figures below are of these alone").await;
        let loaded: u64 = said(&page).await.split(' ').next().unwrap().replace(',', "").parse().unwrap();
        assert_eq!(loaded, 8 * 500);
        assert_eq!(page.tile("Calls").await, "4,000");
        // What comes after is late, so that there is time to stop it.
        proxy.plan("page=30&limit=500", 1, Plan::Late(Duration::from_secs(20)));
        page.press("Go on from here").await;
        page.until("page 29", "document.querySelector('.all .note').textContent.startsWith('14,500 of')").await;
        page.press("Cancel").await;
        page.until_text("loaded, stopped: figures below are of these alone").await;
        page.press("Go on").await;
        until_all(&page).await;
        let all = counted(&server, "TRUE").await;
        assert_eq!(all, 40_000);
        assert!(said(&page).await.starts_with("all 40,000 loaded"), "{}", said(&page).await);
        assert_eq!(page.tile("Calls").await, "40,000");
    });
}

#[test]
fn a_hundred_thousand_rows_are_scrolled_through_and_one_of_them_is_opened() {
    run(async {
        let (server, page) = demo(DEMO).await;
        // Every call once more, and half of them a third time.
        let again = |times: &str, condition: &str| {
            format!(
                "CREATE TEMP TABLE more AS SELECT * FROM calls WHERE {condition}; \
                 UPDATE more SET id = id || '-{times}', started_ms = started_ms + {times}; \
                 INSERT INTO calls SELECT * FROM more; DROP TABLE more"
            )
        };
        server.sql(&again("1", "true")).await;
        server.sql(&again("2", "id NOT LIKE '%-1' LIMIT 20000")).await;
        let total: u64 = server.text("SELECT cast(count(*) AS TEXT) FROM calls").await.parse().unwrap();
        assert_eq!(total, 100_000);
        load_all(&page, &server).await;
        let rows = "document.querySelectorAll('.window tbody tr:not([aria-hidden])')";
        for share in [0.25, 0.5, 0.999] {
            page.run(&format!("const w = document.querySelector('.window'); w.scrollTop = w.scrollHeight * {share};"))
                .await;
            page.drawn().await;
            let (count, covered): (usize, bool) = page
                .ask(&format!(
                    "(() => {{ const box = document.querySelector('.window').getBoundingClientRect(); const rows = [...{rows}]; \
                     const at = y => rows.some(row => {{ const r = row.getBoundingClientRect(); return r.top <= y && r.bottom >= y; }}); \
                     return [rows.length, at(box.top + 60) && at(box.top + box.height / 2)]; }})()"
                ))
                .await;
            assert!(count < 60 && covered, "{share}: {count} rows, covered: {covered}");
        }
        let oldest = server.text("SELECT id FROM calls ORDER BY started_ms, id LIMIT 1").await;
        page.run("const w = document.querySelector('.window'); w.scrollTop = w.scrollHeight;").await;
        page.drawn().await;
        page.run(&format!("[...{rows}].at(-1).querySelector('.name').click()")).await;
        page.until("a call", "document.querySelector('.facts')").await;
        assert!(page.address().await.ends_with(&format!("call={oldest}")));
        page.keys("b").await;
        page.until("the list", "!document.querySelector('.facts')").await;
        page.drawn().await;
        // Nothing is loaded twice, and the list is where it was.
        assert!(said(&page).await.starts_with("all 100,000 loaded"));
        let is_there = "(() => { const box = document.querySelector('.window').getBoundingClientRect(); \
            return [...document.querySelectorAll('.window tbody tr:not([aria-hidden])')].some(row => { \
            const r = row.getBoundingClientRect(); return r.top <= box.top + 200 && r.bottom >= box.top + 200; }) \
            && document.querySelector('.window').scrollTop > 3000000; })()";
        page.until("the rows where they were", is_there).await;
    });
}

/// A page down is a page, and not as far as rows that are made anew push it.
#[test]
fn rows_of_all_calls_are_scrolled_by_keys() {
    const PAGE_DOWN: &str = "\u{e00f}";
    run(async {
        let (server, page) = demo(DEMO).await;
        // On a phone a call has two lines.
        for (width, row) in [(1280, 36), (390, 58)] {
            page.size(width, 900, 1.0).await;
            load_all(&page, &server).await;
            page.run("document.querySelector('.window').focus()").await;
            for turn in 1..=3 {
                page.keys(PAGE_DOWN).await;
                page.until("its end", &format!("document.querySelector('.window').scrollTop >= {turn} * 300")).await;
                // It goes there smoothly.
                page.run("return new Promise(done => setTimeout(done, 400));").await;
                page.drawn().await;
                let (top, heights): (f64, Vec<u32>) = page
                    .ask(
                        "[document.querySelector('.window').scrollTop, \
                         [...document.querySelectorAll('.window tbody tr:not([aria-hidden])')].map(row => row.offsetHeight)]",
                    )
                    .await;
                assert!(top <= f64::from(turn) * 432.0, "{width}: {turn} pages down are {top} pixels");
                assert!(heights.len() > 12 && heights.iter().all(|height| *height == row), "{width}: {heights:?}");
            }
        }
    });
}

/// What is loaded is the same list on a phone as the pages of calls are: two lines a call, nothing wider than the page, the
/// whole of it opens the call, and the last one is reached.
#[test]
fn all_calls_are_a_list_on_a_phone() {
    run(async {
        let (server, page) = demo(DEMO).await;
        page.size(390, 844, 1.0).await;
        load_all(&page, &server).await;
        let (wider, inside): (bool, bool) = page
            .ask(
                "(() => { const w = document.querySelector('.window'); const row = w.querySelector('tbody tr:not([aria-hidden])'); \
                 const box = row.getBoundingClientRect(); \
                 const cells = [...row.children].filter(cell => cell.offsetParent).map(cell => cell.getBoundingClientRect()); \
                 return [w.scrollWidth > w.clientWidth, \
                 cells.length === 4 && cells.every(cell => cell.top >= box.top && cell.bottom <= box.bottom)]; })()",
            )
            .await;
        assert!(!wider && inside, "wider than the page: {wider}, each cell in its row: {inside}");
        page.run("const w = document.querySelector('.window'); w.scrollTop = w.scrollHeight;").await;
        page.drawn().await;
        let oldest = server.text("SELECT id FROM calls ORDER BY started_ms, id LIMIT 1").await;
        // Beside the button that is in it.
        page.run(
            "const row = [...document.querySelectorAll('.window tbody tr:not([aria-hidden])')].at(-1); \
             row.scrollIntoView({ block: 'center' }); const box = row.getBoundingClientRect(); \
             document.elementFromPoint(box.left + box.width / 2, box.bottom - 4).click()",
        )
        .await;
        page.until("a call", "document.querySelector('.facts')").await;
        assert!(page.address().await.ends_with(&format!("call={oldest}")));
    });
}

/// What was loaded is not shown under a question that failed, and there again when it is answered.
#[test]
fn loaded_calls_outlast_a_question_that_fails() {
    run(async {
        let server = Server::demo().await;
        let proxy = Proxy::before(&server).await;
        let page = Browser::start().await.page(&proxy.origin());
        page.expects("500");
        page.sign_in(DEMO).await;
        load_all(&page, &server).await;
        page.run("document.querySelector('.window').scrollTop = 36 * 900").await;
        let row = "document.querySelector('.window [aria-rowindex=\"902\"]')?.offsetParent";
        page.until("its row", row).await;
        let words = said(&page).await;
        proxy.plan("conversation?", 1, Plan::Instead("500 Oops", "Content-Type: application/json\r\n", "{}"));
        page.run("[...document.querySelectorAll('.card:not(.all) .sorter')].find(one => /Duration/.test(one.innerText)).click()")
            .await;
        page.until_text("The server failed").await;
        page.until("no calls", &format!("!{row}")).await;
        page.press("Try again").await;
        page.until("its row again", row).await;
        page.drawn().await;
        assert_eq!(said(&page).await, words);
        let top: f64 = page.ask("document.querySelector('.window').scrollTop").await;
        assert!((top - 32_400.0).abs() <= 1.0, "the table is at {top}");
    });
}

/// The row that has the focus: its text, its number in the table, and whether it is seen whole.
async fn focused(page: &Page) -> (String, u32, bool) {
    page.ask(
        "(() => { const name = document.activeElement, row = name.closest('.window tbody tr'); \
         if (!row) return [name.className, 0, false]; \
         const frame = row.closest('.window'), box = frame.getBoundingClientRect(), is = row.getBoundingClientRect(); \
         const head = frame.querySelector('thead').getBoundingClientRect().height; \
         return [row.innerText, Number(row.getAttribute('aria-rowindex')), \
         is.top >= box.top + head - 1 && is.bottom <= box.bottom + 1]; })()",
    )
    .await
}

/// The tab key goes from the table to the first row that is seen and on to the last one, and then out of it again; a row
/// keeps the focus while others are made, and opens the call that it says.
#[test]
fn rows_of_all_calls_are_reached_by_the_tab_key() {
    const TAB: &str = "\u{e004}";
    const ENTER: &str = "\u{e007}";
    const PAGE_DOWN: &str = "\u{e00f}";
    run(async {
        let (server, page) = demo(DEMO).await;
        for width in [1280, 390] {
            page.size(width, 900, 1.0).await;
            load_all(&page, &server).await;
            page.run("const w = document.querySelector('.window'); w.focus(); w.scrollTop = 5000;").await;
            let row = if width == 1280 { 36 } else { 58 };
            page.until("its rows", &format!("document.querySelector('.window [aria-rowindex=\"{}\"]')", 5000 / row))
                .await;
            page.drawn().await;
            page.keys(TAB).await;
            let (first, number, is_seen) = focused(&page).await;
            // The heads are the first row; the one at the edge is cut.
            assert_eq!(number, 5000 / row + 3, "{width}: {first}");
            assert!(is_seen, "{width}: {first}");
            // Others come and go; this one stays, and is the same.
            let scroll = format!("document.querySelector('.window').scrollTop += {};", 4 * row);
            page.run(&scroll).await;
            page.until("other rows", &format!("document.querySelector('.window [aria-rowindex=\"{}\"]')", number + 20))
                .await;
            page.drawn().await;
            assert_eq!(focused(&page).await, (first.clone(), number, false), "{width}");
            page.run(&scroll.replace("+=", "-=")).await;
            page.drawn().await;
            let mut reached = vec![number];
            loop {
                page.keys(TAB).await;
                page.drawn().await;
                let (text, number, is_seen) = focused(&page).await;
                if number == 0 {
                    break;
                }
                assert!(is_seen && reached.len() < 20, "{width}: {text}");
                reached.push(number);
            }
            let seen: Vec<u32> = (number..number + if width == 1280 { 10 } else { 6 }).collect();
            assert_eq!(reached, seen, "{width}");
            // Back into the table, and further than the row is made: the table has the focus then, and goes on by keys.
            page.run("document.querySelectorAll('.window [tabindex=\"0\"]')[3].focus()").await;
            for _ in 0..4 {
                let before: f64 = page.ask("document.querySelector('.window').scrollTop").await;
                page.keys(PAGE_DOWN).await;
                page.until("a page down", &format!("document.querySelector('.window').scrollTop > {before} + 300"))
                    .await;
                page.run("return new Promise(done => setTimeout(done, 400));").await;
            }
            assert_eq!(focused(&page).await.0, "scroll window", "{width}");
            page.keys(TAB).await;
            page.drawn().await;
            let (text, _, is_seen) = focused(&page).await;
            assert!(is_seen, "{width}: {text}");
            page.keys(ENTER).await;
            page.until("a call", "document.querySelector('.facts')").await;
            let shown: String = page.ask("document.querySelector('.facts').closest('section').innerText").await;
            let time = text.split(',').nth(1).and_then(|rest| rest.trim().get(..5)).unwrap_or_default().to_owned();
            assert!(!time.is_empty() && shown.contains(&time), "{width}: {text} is not {shown}");
        }
    });
}

/// The row at the upper edge stays there when a phone is turned, though rows are of another height then.
#[test]
fn all_calls_stay_in_their_place_when_a_phone_is_turned() {
    run(async {
        let (server, page) = demo(DEMO).await;
        page.size(390, 844, 1.0).await;
        load_all(&page, &server).await;
        page.run("const w = document.querySelector('.window'); w.scrollTop = 58 * 7000;").await;
        // At the end texts are larger, of which the window knows nothing.
        for (width, height, font_px) in
            [(390, 844, 16), (844, 390, 16), (390, 844, 16), (1280, 900, 16), (1280, 900, 24)]
        {
            page.size(width, height, 1.0).await;
            page.run(&format!("document.documentElement.style.fontSize = '{font_px}px'")).await;
            page.until("its row", "document.querySelector('.window [aria-rowindex=\"7002\"]')").await;
            page.drawn().await;
            let above: f64 = page
                .ask(
                    "(() => { const w = document.querySelector('.window'); \
                     const row = w.querySelector('[aria-rowindex=\"7002\"]').getBoundingClientRect(); \
                     return row.top - w.getBoundingClientRect().top - w.querySelector('thead').offsetHeight; })()",
                )
                .await;
            assert!(above.abs() <= 2.0, "{width} × {height}, {font_px}: the row is {above} pixels from the edge");
        }
    });
}
