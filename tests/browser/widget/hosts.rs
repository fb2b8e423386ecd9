//! The pages around: strict policies, resets, frameworks, frames, narrow places.

use serde_json::Value;

use super::{REPORT, ROOT, add, all_drawn, blank, drawn, opened, text};
use crate::browser::harness::{Browser, DEMO, Server, StaticFiles, run};

#[test]
fn a_strict_policy_with_trusted_types_is_not_violated() {
    run(async {
        let (_server, page) = opened("strict").await;
        page.run("window.violations = []; document.addEventListener('securitypolicyviolation', event => violations.push(event.violatedDirective + ' ' + event.blockedURI));").await;
        all_drawn(&page).await;
        // Opening and saving are within it, too.
        page.run(&format!(
            "for (const report of document.querySelectorAll('callscope-report')) \
             for (const button of report.shadowRoot.querySelectorAll('.tools button')) button.click(); {ROOT}.querySelector('.plot').focus()"
        ))
        .await;
        page.keys("\u{e014}").await;
        page.run(&format!("return {REPORT}.exportPng().then(blob => blob.size)")).await;
        page.drawn().await;
        assert_eq!(page.ask::<Vec<String>>("violations").await, Vec::<String>::new());
    });
}

#[test]
fn nothing_leaks_in_and_nothing_leaks_out() {
    run(async {
        let (_server, page) = drawn("dark").await;
        let look = format!(
            "[getComputedStyle({ROOT}.querySelector('.card')).display, getComputedStyle({ROOT}.querySelector('.tiles')).display, \
             getComputedStyle({ROOT}.querySelector('.card-head h2')).fontWeight, getComputedStyle({ROOT}.querySelector('.callscope')).direction, \
             getComputedStyle({ROOT}.querySelector('.callscope')).textAlign, getComputedStyle({ROOT}.querySelector('.boxed')).borderTopStyle]"
        );
        let shown: Vec<String> = page.ask(&look).await;
        assert_eq!(shown, ["block", "grid", "700", "ltr", "start", "solid"]);
        // The dark page is followed, with its own accent and card.
        let colours: Vec<String> =
            page.ask(&format!("['--c-accent', '--c-card', '--c-ink'].map(name => getComputedStyle({ROOT}.querySelector('.callscope')).getPropertyValue(name).trim())")).await;
        assert_eq!(colours, ["#ffb454", "#10231d", "#e8ebf0"]);
        let wide: (u32, u32) = page.ask("[document.scrollingElement.scrollWidth, innerWidth]").await;
        assert!(wide.0 <= wide.1, "{wide:?}");
        page.keep_picture("widget-dark-host").await;
        // Names of our own style sheet mean nothing in the page around.
        page.run("const own = document.createElement('div'); own.className = 'card tile waiting'; own.id = 'own'; document.body.append(own);").await;
        let own: Vec<String> = page.ask("(style => [style.borderTopWidth, style.paddingTop, style.backgroundColor])(getComputedStyle(document.getElementById('own')))").await;
        assert_eq!(own, ["0px", "0px", "rgba(0, 0, 0, 0)"]);
    });
}

#[test]
fn a_report_grows_and_shrinks_and_fits_into_280_pixels() {
    run(async {
        let (_server, page) = blank().await;
        page.run("const main = document.querySelector('main'); main.style.width = '280px'; main.style.padding = '0';")
            .await;
        for view in ["usage", "daily", "agents", "outcomes", "escalations", "compare", "calls"] {
            page.run("document.querySelector('main').replaceChildren()").await;
            add(&page, &[("view", view), ("time-zone", "UTC")]).await;
            all_drawn(&page).await;
            let cut: Vec<String> = page
                .ask(&format!(
                    "[...{ROOT}.querySelectorAll('.card, .toolbar, .context, h1, h2, .tile *')].filter(part => \
                     part.checkVisibility() && part.getBoundingClientRect().right > {REPORT}.getBoundingClientRect().right + 1 \
                     && !part.closest('.scroll, .agents-frame, .for-ears')).map(part => part.className + ' ' + part.innerText?.slice(0, 30))"
                ))
                .await;
            assert_eq!(cut, Vec::<String>::new(), "{view} is cut");
            page.keep_picture(&format!("widget-280-{view}")).await;
        }
        page.run(&format!("{REPORT}.view = 'daily'")).await;
        all_drawn(&page).await;
        let height = format!("{REPORT}.getBoundingClientRect().height");
        let before: f64 = page.ask(&height).await;
        page.run(&format!("{ROOT}.querySelector('[aria-expanded]').click()")).await;
        page.until("a taller report", &format!("{height} > {before} + 100")).await;
        page.run(&format!("{ROOT}.querySelector('[aria-expanded]').click()")).await;
        page.until("the height before", &format!("Math.abs({height} - {before}) < 1")).await;
    });
}

/// A page of a framework: it sets properties, hears events, and changes what is shown.
async fn check_framework(name: &str) {
    let (_server, page) = drawn(name).await;
    assert!(text(&page, ".context").await.contains("UTC"), "a property in camel case is not set");
    let before = text(&page, ".context").await;
    page.press("7 days").await;
    page.until("other days", &format!("{ROOT}.querySelector('.context').innerText !== {}", Value::from(before))).await;
    all_drawn(&page).await;
    page.run(&format!("{ROOT}.querySelector('.plot').focus()")).await;
    page.keys("\u{e014}\u{e007}").await;
    page.until("the event", "document.querySelector('output').textContent.startsWith('day 20')").await;
}

#[test]
fn react_holds_a_report() {
    run(check_framework("react"));
}

#[test]
fn vue_holds_a_report() {
    run(check_framework("vue"));
}

#[test]
fn a_frame_tells_its_height_to_listed_pages_alone() {
    run(async {
        let (_server, page) = opened("frame").await;
        page.until("a height of the report's own", "document.getElementById('report').height !== '400'").await;
        let inner = "document.getElementById('report').contentDocument";
        page.until(
            "the chart",
            &format!("{inner}.querySelector('callscope-report').shadowRoot.querySelector('canvas')?.width > 100"),
        )
        .await;
        page.until(
            "the whole report in the frame",
            &format!("Math.abs(document.getElementById('report').clientHeight - {inner}.body.getBoundingClientRect().height) < 2"),
        )
        .await;
        // An address may not say which server is asked.
        page.run("document.getElementById('report').src = '/embed?view=hourly&api=https://elsewhere.example/atoms/v1&app=https://elsewhere.example'").await;
        page.until(
            "the same server",
            &format!("{inner}?.querySelector('callscope-report')?.getAttribute('view') === 'hourly' && {inner}.querySelector('callscope-report').api === '/atoms/v1' && !{inner}.querySelector('callscope-report').hasAttribute('app')"),
        )
        .await;
    });
}

#[test]
fn pages_of_other_origins_hold_the_frame_and_are_told_only_where_they_are_listed() {
    run(async {
        let console = StaticFiles::serve().await;
        let listed: &[&str] = Box::leak(Box::new(["--frame-ancestor", console.origin().leak() as &str]));
        let (server, other) = (Server::demo_with(listed).await, Server::demo().await);
        let browser = Browser::start().await;
        browser.page(&server.origin()).sign_in(DEMO).await;
        let page = browser.page(&console.origin());
        page.open("/embed.css").await;
        for refused in ["Framing", "frame-ancestors", "Refused to", "X-Frame-Options"] {
            page.expects(refused);
        }
        page.run(&format!(
            "window.told = []; addEventListener('message', event => told.push([event.origin, event.data.type, event.data.height > 100])); \
             for (const origin of ['{}', '{}']) {{ const frame = document.createElement('iframe'); frame.width = 800; \
             frame.src = origin + '/embed?view=hourly'; document.body.append(frame); }}",
            other.origin(),
            server.origin()
        ))
        .await;
        page.until("the height of the listed one", "told.some(([, , isTall]) => isTall)").await;
        let told: Vec<(String, String, bool)> = page.ask("told").await;
        assert!(
            told.iter().all(|(origin, kind, _)| *origin == server.origin() && kind == "callscope-resize"),
            "{told:?}"
        );
    });
}

#[test]
fn the_script_may_lie_on_a_cdn() {
    run(async {
        let (console, cdn) = (StaticFiles::serve().await, StaticFiles::serve().await);
        let page = Browser::start().await.page(&console.origin());
        // A page with nothing in it.
        page.expects("404");
        page.open("/none").await;
        page.run(&format!(
            "const script = document.createElement('script'); script.type = 'module'; \
             script.src = '{}/callscope/callscope.js'; document.head.append(script);",
            cdn.origin()
        ))
        .await;
        page.until("the element", "customElements.get('callscope-report')").await;
        page.run(
            "const report = document.createElement('callscope-report'); report.view = 'daily'; \
             report.data = { data: { metrics: { totalCalls: 20 }, dailyVolume: [{ date: '2024-05-01', totalCalls: 20, resolvedCalls: 10 }] } }; \
             document.body.append(report);",
        )
        .await;
        all_drawn(&page).await;
        // What is loaded later comes from there, too.
        let size = page.run(&format!("return {REPORT}.exportPng().then(blob => blob.size)")).await;
        assert!(size.as_u64().unwrap() > 1000, "{size}");
        let from: Vec<String> = page
            .ask("performance.getEntriesByType('resource').map(entry => entry.name).filter(name => /callscope/.test(name))")
            .await;
        assert!(from.len() > 2 && from.iter().all(|name| name.starts_with(&cdn.origin())), "{from:?}");
    });
}

#[test]
fn axe_finds_nothing_in_a_page_with_a_report() {
    run(async {
        for theme in ["light", "dark"] {
            let (_server, page) = opened("plain").await;
            page.theme(theme).await;
            all_drawn(&page).await;
            let found = page.axe_violations().await;
            let ours: Vec<&String> = found.iter().filter(|found| found.contains("callscope-report")).collect();
            assert_eq!(ours, Vec::<&String>::new(), "{theme}");
        }
    });
}
