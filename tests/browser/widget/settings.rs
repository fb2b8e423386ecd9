//! What attributes and properties do, and what the element tells.

use serde_json::json;

use super::{REPORT, ROOT, add, all_drawn, blank, drawn, heard, text, until};
use crate::browser::harness::run;

#[test]
fn two_lines_of_html_show_the_figures_of_the_app() {
    run(async {
        let (_server, page) = drawn("plain").await;
        let calls = text(&page, ".tile .figure-large span").await;
        let context = text(&page, ".context").await;
        assert!(context.contains("Asia/Kolkata"), "{context}");
        page.open_usage("/?zone=Asia%2FKolkata").await;
        assert_eq!(page.tile("Calls").await, calls);
        assert_eq!(page.text(".context").await, context);
    });
}

#[test]
fn every_view_is_drawn() {
    run(async {
        let (_server, page) = blank().await;
        for (view, what) in [
            ("usage", "Calls per day"),
            ("hourly", "Hour of day"),
            ("daily", "Calls per day"),
            ("agents", "Agents"),
            ("outcomes", "How calls ended"),
            ("escalations", "Minutes before hand-off"),
            ("compare", "All figures"),
            ("calls", "Calls"),
        ] {
            page.run("document.querySelector('main').replaceChildren(); heard.length = 0;").await;
            add(&page, &[("view", view), ("time-zone", "UTC")]).await;
            all_drawn(&page).await;
            let headings: Vec<String> =
                page.ask(&format!("[...{ROOT}.querySelectorAll('h2')].map(of => of.innerText)")).await;
            assert!(headings.iter().any(|heading| heading == what), "{view}: {headings:?}");
            assert_eq!(heard(&page, "load").await["view"], json!(view));
            let is_cut: bool = page.ask(&format!("{REPORT}.scrollWidth > {REPORT}.clientWidth")).await;
            assert!(!is_cut, "{view} is wider than its place");
            page.keep_picture(&format!("widget-{view}")).await;
        }
    });
}

#[test]
fn attributes_and_properties_are_followed_in_place() {
    run(async {
        let (_server, page) = blank().await;
        add(&page, &[("view", "daily"), ("time-zone", "UTC"), ("range", "30d")]).await;
        all_drawn(&page).await;
        let context = text(&page, ".context").await;
        page.run(&format!(
            "{REPORT}.setAttribute('range', '7d'); {ROOT}.querySelector('.callscope').dataset.kept = '1'"
        ))
        .await;
        page.until("other days", &format!("{ROOT}.querySelector('.context').innerText !== {}", json!(context))).await;
        page.run(&format!("{REPORT}.timeZone = 'Asia/Tokyo'")).await;
        page.until("another zone", &format!("{ROOT}.querySelector('.context').innerText.includes('Asia/Tokyo')")).await;
        page.run(&format!("{REPORT}.view = 'hourly'")).await;
        page.until("another view", &format!("{ROOT}.querySelector('h2')?.innerText === 'Hour of day'")).await;
        page.run(&format!("{REPORT}.view = 'usage'")).await;
        until(&page, ".toolbar").await;
        page.run(&format!("{REPORT}.compact = true")).await;
        page.until("no controls", &format!("{ROOT}.querySelector('.tile') && !{ROOT}.querySelector('.toolbar')")).await;
        // The frame is the same: nothing was built anew around the view.
        assert_eq!(page.ask::<String>(&format!("{ROOT}.querySelector('.callscope').dataset.kept")).await, "1");
        let said: (String, bool, Option<String>) =
            page.ask(&format!("[{REPORT}.getAttribute('time-zone'), {REPORT}.compact, {REPORT}.agent]")).await;
        assert_eq!(said, ("Asia/Tokyo".to_owned(), true, None));
    });
}

#[test]
fn numbers_and_dates_are_written_as_in_a_locale() {
    run(async {
        let (_server, page) = blank().await;
        let days = [("from", "2026-11-01"), ("to", "2026-11-07"), ("time-zone", "UTC")];
        add(&page, &[&[("view", "usage"), ("locale", "de")][..], &days].concat()).await;
        all_drawn(&page).await;
        let german = text(&page, ".tile .figure-large span").await;
        assert!(german.contains('.') && german.chars().all(|c| c.is_ascii_digit() || c == '.'), "{german}");
        assert!(text(&page, ".context").await.starts_with("1–7 Nov 2026"), "{}", text(&page, ".context").await);
        // What lies behind a chart, and is made later, is written in the same way; files are as machines read them.
        page.run(&format!("{ROOT}.querySelector('.chart [aria-expanded]').click()")).await;
        until(&page, ".twin").await;
        let table = text(&page, ".twin tbody").await;
        assert!(table.contains("So 1 Nov 2026") && table.contains(','), "{table}");
        let csv = page.run(&format!("return {REPORT}.exportCsv()")).await;
        assert!(csv.as_str().unwrap().contains(&format!("\"{}\"", german.replace('.', ","))), "{csv}");
        let svg = page.run(&format!("return {REPORT}.exportSvg()")).await;
        assert!(svg.as_str().unwrap().contains(&german), "the picture has other numbers than the page");
        // Changed in place, and beside a report in another locale.
        page.run(&format!("{REPORT}.locale = 'en-US'")).await;
        page.until("Nov 1", &format!("{ROOT}.querySelector('.context')?.innerText.startsWith('Nov 1–7, 2026')")).await;
        assert_eq!(text(&page, ".tile .figure-large span").await, german.replace('.', ","));
        add(&page, &[&[("view", "daily")][..], &days].concat()).await;
        all_drawn(&page).await;
        assert!(text(&page, ".context").await.starts_with("Nov 1–7, 2026"));
        let other: String = page
            .ask("[...document.querySelectorAll('callscope-report')].at(-1).shadowRoot.querySelector('.context').innerText")
            .await;
        assert!(other.starts_with("1–7 Nov 2026"), "{other}");
        page.run(&format!("heard.length = 0; {REPORT}.locale = 'de DE'")).await;
        assert_eq!(heard(&page, "error").await["code"], json!("bad-setting"));
        assert!(text(&page, ".state").await.contains("'de DE'"));
    });
}

/// Rows that are made while one scrolls are written as those of the page are.
#[test]
fn all_calls_are_written_as_in_a_locale() {
    run(async {
        let (_server, page) = blank().await;
        let days = [("from", "2026-11-01"), ("to", "2026-11-07"), ("time-zone", "UTC")];
        add(&page, &[&[("view", "calls"), ("locale", "de")][..], &days].concat()).await;
        until(&page, "#load-all").await;
        page.run(&format!("{ROOT}.querySelector('#load-all').click()")).await;
        page.until("all", &format!("{ROOT}.querySelector('.all .note')?.textContent.startsWith('all ')")).await;
        page.drawn().await;
        let rows = |of: &str| {
            format!(
                "[...{ROOT}.querySelectorAll('{of} tbody tr:not([aria-hidden])')].slice(0, 8).map(row => row.textContent)"
            )
        };
        let listed: Vec<String> = page.ask(&rows(".calls:not(.windowed)")).await;
        let made: Vec<String> = page.ask(&rows(".windowed")).await;
        assert!(listed.len() == 8 && listed.iter().all(|row| row.contains("Nov")), "{listed:?}");
        // Saturday is the last of these days.
        assert!(listed.iter().all(|row| row.starts_with("Sa ") && row.contains("0,")), "{listed:?}");
        assert_eq!(made, listed);
    });
}

#[test]
fn themes_are_switched_and_followed() {
    run(async {
        let (_server, page) = blank().await;
        add(&page, &[("view", "daily"), ("time-zone", "UTC"), ("theme", "light")]).await;
        all_drawn(&page).await;
        // The brightest the drawing gets, and the darkest the card is.
        let card = format!(
            "getComputedStyle({ROOT}.querySelector('.card')).backgroundColor + ' ' + \
             [...{ROOT}.querySelector('canvas').getContext('2d').getImageData(60, 60, 200, 60).data].reduce((sum, part) => sum + part, 0)"
        );
        let light: String = page.ask(&card).await;
        assert!(light.starts_with("rgb(255, 255, 255)"), "{light}");
        page.run(&format!("{REPORT}.theme = 'dark'")).await;
        page.until(
            "a dark drawing",
            &format!(
                "({card}).startsWith('rgb(22, 26, 33)') && ({card}).split(' ').at(-1) !== {}",
                json!(light.split(' ').next_back())
            ),
        )
        .await;
        // What the page around writes in light letters is a dark page; this is noticed without being told.
        page.run(&format!("{REPORT}.theme = 'inherit'")).await;
        page.until("the light page's theme", &format!("({card}).startsWith('rgb(255, 255, 255)')")).await;
        page.run("document.body.style.color = '#eee'; document.documentElement.style.setProperty('--callscope-accent', '#ff0000')").await;
        page.until(
            "the page's own accent",
            &format!(
                "getComputedStyle({ROOT}.querySelector('.callscope')).getPropertyValue('--c-accent') === '#ff0000'"
            ),
        )
        .await;
        page.run(&format!("{REPORT}.theme = 'auto'")).await;
        page.theme("dark").await;
        page.until("the system's theme", &format!("({card}).startsWith('rgb(22, 26, 33)')")).await;
    });
}

#[test]
fn the_page_around_says_how_large_texts_are() {
    run(async {
        let (_server, page) = blank().await;
        add(&page, &[("view", "usage"), ("time-zone", "UTC")]).await;
        all_drawn(&page).await;
        let sizes = format!(
            "['h2', '.pill', '.plot canvas'].map(name => {ROOT}.querySelector(name)).map(one => \
             one.tagName === 'CANVAS' ? one.clientHeight : parseFloat(getComputedStyle(one).fontSize))"
        );
        let usual: Vec<f64> = page.ask(&sizes).await;
        // Texts of the page around have nothing to do with it, unless it says so.
        page.run("document.documentElement.style.fontSize = '10px'").await;
        assert_eq!(page.ask::<Vec<f64>>(&sizes).await, usual);
        page.run("document.body.style.setProperty('--callscope-font-size', '21px')").await;
        let grown: Vec<f64> = page.ask(&sizes).await;
        assert_eq!(grown, usual.iter().map(|size| size * 1.5).collect::<Vec<_>>());
        // The chart is drawn anew for it, without being told.
        let is_sharp = format!(
            "(canvas => canvas.height === Math.round(canvas.getBoundingClientRect().height * devicePixelRatio))\
             ({ROOT}.querySelector('.plot canvas'))"
        );
        page.until("a drawing as large", &is_sharp).await;
    });
}

#[test]
fn what_cannot_be_shown_is_said_and_told() {
    run(async {
        let (_server, page) = blank().await;
        add(&page, &[("view", "usge")]).await;
        until(&page, ".state").await;
        let said = text(&page, ".state").await;
        assert!(said.contains("'usge'") && said.contains("'outcomes'"), "{said}");
        let error = heard(&page, "error").await;
        assert_eq!(error["code"], json!("bad-setting"));
        page.run(&format!("{REPORT}.view = 'daily'; {REPORT}.from = '2026-02-30'; {REPORT}.to = '2026-03-01'")).await;
        page.until("the wrong day", &format!("{ROOT}.querySelector('.state')?.innerText.includes(\"'from'\")")).await;
        page.run(&format!("{REPORT}.from = '2026-02-28'")).await;
        all_drawn(&page).await;
        assert!(text(&page, ".context").await.starts_with("28 Feb"));
        // Days that are cut elsewhere than the page around believes would mislead as well.
        page.run(&format!("heard.length = 0; {REPORT}.timeZone = 'Asia/Kolkatta'")).await;
        assert_eq!(heard(&page, "error").await["code"], json!("bad-setting"));
        assert!(text(&page, ".state").await.contains("'Asia/Kolkatta'"));
        page.run(&format!("{REPORT}.timeZone = 'Asia/Kolkata'")).await;
        all_drawn(&page).await;
        assert!(text(&page, ".context").await.contains("Asia/Kolkata"));
    });
}

#[test]
fn clicks_are_told_and_lead_on_where_the_page_lets_them() {
    run(async {
        let (_server, page) = blank().await;
        add(&page, &[("view", "agents"), ("time-zone", "UTC"), ("app", "/")]).await;
        all_drawn(&page).await;
        page.run(
            "document.addEventListener('callscope-navigate', event => { if (!window.free) event.preventDefault(); })",
        )
        .await;
        let cell = format!("{ROOT}.querySelectorAll('.agents tbody td.figure button')[0]");
        page.run(&format!("{cell}.click()")).await;
        let (selected, link) = (heard(&page, "select").await, heard(&page, "navigate").await);
        assert_eq!(selected["kind"], json!("agent"));
        let agent = selected["value"].as_str().unwrap().to_owned();
        let url = link["url"].as_str().unwrap();
        assert!(url.starts_with("/calls?") && url.contains(&agent) && link["leaves"] == json!(true), "{link}");
        assert_eq!(page.address().await, "/demo/two.html");
        // Narrowing stays where it is.
        page.run(&format!("{ROOT}.querySelector('.agents tbody th button').click()")).await;
        page.until("one agent", &format!("{ROOT}.querySelector('.chips')")).await;
        let link = heard(&page, "navigate").await;
        assert_eq!(link, json!({ "page": "usage", "url": format!("/?zone=UTC&agent={agent}"), "leaves": false }));
        page.run(&format!("window.free = true; {cell}.click()")).await;
        page.until_address(&format!("/calls?zone=UTC&agent={agent}")).await;
    });
}

#[test]
fn charts_are_read_by_keyboard_inside_the_element() {
    run(async {
        let (_server, page) = blank().await;
        add(&page, &[("view", "hourly"), ("time-zone", "UTC")]).await;
        all_drawn(&page).await;
        page.run(&format!("{ROOT}.querySelector('.plot').focus()")).await;
        page.keys("\u{e014}\u{e014}").await;
        page.until(
            "the second hour",
            &format!("{ROOT}.querySelector('.chart-note.shown')?.innerText.startsWith('01:00')"),
        )
        .await;
        page.keys("\u{e007}").await;
        assert_eq!(heard(&page, "select").await, json!({ "kind": "hour", "value": "1" }));
    });
}

#[test]
fn a_call_is_opened_and_left_without_moving_the_page() {
    run(async {
        let (_server, page) = blank().await;
        add(&page, &[("view", "calls"), ("time-zone", "UTC")]).await;
        all_drawn(&page).await;
        let top: f64 = page.ask(&format!("{REPORT}.getBoundingClientRect().top")).await;
        page.run(&format!("{ROOT}.querySelector('.calls tbody button').click()")).await;
        until(&page, "#back").await;
        page.until("the focus", &format!("{ROOT}.activeElement?.id === 'back'")).await;
        assert_eq!(heard(&page, "select").await["kind"], json!("call"));
        page.run(&format!("{ROOT}.querySelector('#back').click()")).await;
        page.until("the list", &format!("{ROOT}.querySelector('.calls tbody button').checkVisibility()")).await;
        let after: f64 = page.ask(&format!("{REPORT}.getBoundingClientRect().top")).await;
        assert!((top - after).abs() < 1.0, "the page moved from {top} to {after}");
    });
}
