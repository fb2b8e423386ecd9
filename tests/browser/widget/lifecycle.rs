//! Coming and going: moved, removed, made by a script, many at once, two versions, and nothing left behind.

use serde_json::{Value, json};

use super::{REPORT, ROOT, add, all_drawn, blank, opened, text};
use crate::browser::harness::{Page, run};

#[test]
fn a_report_that_is_moved_stays_as_it_is() {
    run(async {
        let (_server, page) = blank().await;
        add(&page, &[("view", "usage"), ("time-zone", "UTC")]).await;
        all_drawn(&page).await;
        page.run(&format!("window.chart = {ROOT}.querySelector('canvas'); heard.length = 0; {ROOT}.querySelector('[aria-expanded]').click()")).await;
        page.until("a table", &format!("{ROOT}.querySelector('.twin')")).await;
        page.run(&format!("document.body.prepend({REPORT})")).await;
        page.drawn().await;
        let same: bool = page
            .ask(&format!("chart === {ROOT}.querySelector('canvas') && {ROOT}.querySelector('.twin') !== null"))
            .await;
        assert!(same, "it was built anew");
        assert_eq!(page.ask::<Vec<Value>>("heard").await, Vec::<Value>::new(), "it asked anew");
        // Taken out for good, and put in again later: it begins anew.
        page.run(&format!("window.kept = {REPORT}; kept.remove()")).await;
        page.until("its end", "kept.shadowRoot.childElementCount === 0").await;
        page.run("document.querySelector('main').append(kept)").await;
        all_drawn(&page).await;
    });
}

#[test]
fn a_report_is_made_by_a_script() {
    run(async {
        let (_server, page) = blank().await;
        page.run(
            "return callscope.mount(document.querySelector('main'), { view: 'daily', timeZone: 'UTC', range: '7d', compact: true })\
             .then(handle => { window.handle = handle; });",
        )
        .await;
        let root = "handle.element.shadowRoot";
        page.until("the chart", &format!("{root}.querySelector('.chart canvas')?.width > 100")).await;
        page.run("handle.update({ view: 'hourly' })").await;
        page.until("another chart", &format!("{root}.querySelector('h2')?.innerText === 'Hour of day'")).await;
        let kind: String = page
            .run("return handle.exportPng({ scale: 1 }).then(blob => blob.type)")
            .await
            .as_str()
            .unwrap()
            .to_owned();
        assert_eq!(kind, "image/png");
        page.run("handle.destroy(); handle.destroy();").await;
        assert_eq!(page.ask::<u32>("document.querySelector('main').childElementCount").await, 0);
        let refused = page
            .run("return callscope.mount(null).catch(error => [Object.prototype.toString.call(error), error.code])")
            .await;
        assert_eq!(refused, json!(["[object Error]", "bad-element"]));
        let late = page.run("return handle.exportCsv().catch(error => error.code)").await;
        assert_eq!(late, json!("nothing-shown"));
    });
}

#[test]
fn a_listener_may_end_the_report_that_tells_it_something() {
    run(async {
        let (_server, page) = blank().await;
        page.expects("500");
        let days = [("from", "2026-11-01"), ("to", "2026-11-07"), ("time-zone", "UTC")];
        add(&page, &[&[("view", "daily"), ("id", "ended")][..], &days].concat()).await;
        add(&page, &[&[("view", "hourly"), ("id", "other")][..], &days].concat()).await;
        all_drawn(&page).await;
        page.run(
            "const ended = document.getElementById('ended'); ended.addEventListener('callscope-select', () => ended.destroy()); \
             ended.shadowRoot.querySelector('.plot').focus();",
        )
        .await;
        page.keys("\u{e014}\u{e007}").await;
        page.until("its end", "document.getElementById('ended').shadowRoot.childElementCount === 0").await;
        // (The code that saves is loaded before the network is gone.)
        page.run("return document.getElementById('other').exportCsv()").await;
        // An error that is told ends it, too; what it offered to save went with its chart.
        page.run(
            "const other = document.getElementById('other'); window.codes = []; const real = window.fetch; \
             window.fetch = () => Promise.resolve(new Response('{}', { status: 500 })); \
             other.addEventListener('callscope-error', async () => { \
             codes.push(await other.exportCsv().catch(error => error.code)); other.destroy(); window.fetch = real; }, { once: true }); \
             other.setAttribute('to', '2026-11-06');",
        )
        .await;
        page.until("the code", "codes.length === 1").await;
        assert_eq!(page.ask::<String>("codes[0]").await, "nothing-shown");
        // The module lives on.
        page.run("document.querySelector('main').replaceChildren()").await;
        add(&page, &[&[("view", "daily")][..], &days].concat()).await;
        all_drawn(&page).await;
        assert_eq!(text(&page, "h2").await, "Calls per day");
    });
}

#[test]
fn what_was_set_before_the_script_came_counts() {
    run(async {
        let (_server, page) = blank().await;
        // A window of its own, in which nothing is defined yet. (Firefox puts another document in the place of one that
        // nobody asked for.)
        page.run(
            "const frame = document.createElement('iframe'); frame.srcdoc = '<!doctype html>'; \
             const loaded = new Promise(done => { frame.onload = done; }); document.querySelector('main').append(frame); \
             return loaded.then(() => { const inner = frame.contentDocument; \
             const report = inner.createElement('callscope-report'); report.view = 'hourly'; report.timeZone = 'UTC'; \
             inner.body.append(report); const script = inner.createElement('script'); script.type = 'module'; \
             script.src = '/callscope/callscope.js'; inner.head.append(script); });",
        )
        .await;
        page.until(
            "the chart",
            "document.querySelector('iframe').contentDocument.querySelector('callscope-report').shadowRoot?.querySelector('canvas')?.width > 100",
        )
        .await;
    });
}

#[test]
fn two_versions_of_the_script_live_in_one_page() {
    run(async {
        let (_server, page) = blank().await;
        add(&page, &[("view", "hourly"), ("time-zone", "UTC")]).await;
        page.run("return import('/callscope/callscope.js?another').then(module => { window.other = module; });").await;
        page.run("return other.mount(document.querySelector('main'), { view: 'outcomes', timeZone: 'UTC' }).then(handle => { window.handle = handle; });").await;
        all_drawn(&page).await;
        page.until("the other's chart", "handle.element.shadowRoot.querySelector('.outcomes')").await;
        let apart: bool = page.ask("other.CallscopeReport !== callscope.CallscopeReport && customElements.get('callscope-report') !== other.CallscopeReport").await;
        assert!(apart);
        page.run("handle.destroy()").await;
        page.run(&format!("{REPORT}.refresh()")).await;
        all_drawn(&page).await;
        assert_eq!(text(&page, "h2").await, "Hour of day");
    });
}

/// What a page holds: bytes of its heap, event listeners, and bytes of the module's memory.
async fn held(page: &Page) -> (f64, f64, f64) {
    page.devtools("HeapProfiler.enable", json!({})).await;
    page.devtools("Performance.enable", json!({})).await;
    for _ in 0..3 {
        page.devtools("HeapProfiler.collectGarbage", json!({})).await;
    }
    let metrics = page.devtools("Performance.getMetrics", json!({})).await;
    let metric = |name: &str| {
        let found = metrics["metrics"].as_array().unwrap().iter().find(|metric| metric["name"] == json!(name));
        found.unwrap()["value"].as_f64().unwrap()
    };
    let memory: f64 = page.run("return callscope.memoryBytes()").await.as_f64().unwrap();
    (metric("JSHeapUsedSize"), metric("JSEventListeners"), memory)
}

/// Makes and ends reports, one after the other, each drawn for a moment.
async fn rounds(page: &Page, count: u32) {
    let script = format!(
        "const data = {{ data: {{ metrics: {{ totalCalls: 60 }}, dailyVolume: [{{ date: '2024-05-01', total: 20, resolved: 10 }}] }} }}; \
         const frame = () => new Promise(done => requestAnimationFrame(done)); \
         return (async () => {{ for (let round = 0; round < {count}; round++) {{ \
         const report = document.createElement('callscope-report'); report.view = round % 2 ? 'usage' : 'daily'; report.data = data; \
         document.querySelector('main').append(report); \
         for (let tries = 0; tries < 200 && !report.shadowRoot.querySelector('canvas')?.width; tries++) await frame(); \
         if (!report.shadowRoot.querySelector('canvas')) throw new Error('nothing is drawn in round ' + round); \
         report.remove(); await frame(); }} heard.length = 0; }})();"
    );
    page.run(&script).await;
}

#[test]
fn five_hundred_reports_leave_nothing_behind() {
    run(async {
        let (_server, page) = blank().await;
        rounds(&page, 50).await;
        let before = held(&page).await;
        rounds(&page, 225).await;
        let half = held(&page).await;
        rounds(&page, 225).await;
        let after = held(&page).await;
        println!("after 50 rounds {before:?}, after 275 {half:?}, after 500 {after:?}");
        assert!(after.1 <= before.1, "listeners: {before:?}, then {after:?}");
        assert!(after.2 <= before.2, "memory of the module: {before:?}, then {after:?}");
        // A heap breathes by some per cent from one look to the next; 450 reports would show.
        assert!(after.0 - before.0 < 450.0 * 400.0, "heap: {before:?}, then {half:?}, then {after:?}");
    });
}

#[test]
fn ten_reports_are_drawn_in_no_more_than_twice_the_time_of_one() {
    run(async {
        let (_server, page) = opened("index").await;
        // A first visit, from the script's tag to the last figures.
        let timed = |count: u32| {
            format!(
                "const began = performance.now(); const script = document.createElement('script'); \
                 Object.assign(script, {{ type: 'module', src: '/callscope/callscope.js' }}); document.head.append(script); \
                 for (let made = 0; made < {count}; made++) {{ const report = document.createElement('callscope-report'); \
                 report.setAttribute('view', ['daily', 'hourly', 'outcomes', 'escalations', 'agents'][made % 5]); \
                 report.setAttribute('time-zone', 'UTC'); document.body.append(report); }} \
                 const all = () => [...document.querySelectorAll('callscope-report')].every(report => \
                 report.shadowRoot?.querySelector('.card:not(.bone):not(.state) canvas, .card:not(.bone):not(.state) table') \
                 && !report.shadowRoot.querySelector('.skeleton, [aria-busy=true]')); \
                 return new Promise(done => {{ const look = () => all() ? done(performance.now() - began) : requestAnimationFrame(look); look(); }});"
            )
        };
        page.forget_what_was_loaded().await;
        // What the server does at its first answer is no part of either.
        page.run(&timed(10)).await;
        let mut ratios = Vec::new();
        // Some tries, since the machine may be busy with something else.
        while ratios.len() < 5 && ratios.iter().all(|ratio| *ratio > 2.0) {
            let mut sums = [0.0; 2];
            for _ in 0..6 {
                for (sum, count) in sums.iter_mut().zip([1, 10]) {
                    page.open("/demo/index.html").await;
                    *sum += page.run(&timed(count)).await.as_f64().unwrap();
                }
            }
            println!("one {:.0} ms, ten {:.0} ms", sums[0] / 6.0, sums[1] / 6.0);
            ratios.push(sums[1] / sums[0]);
        }
        assert!(ratios.iter().any(|ratio| *ratio <= 2.0), "ten take {ratios:?} times as long as one");
        let modules: u32 = page
            .ask("performance.getEntriesByType('resource').filter(entry => entry.name.includes('_bg.wasm')).length")
            .await;
        assert_eq!(modules, 1);
    });
}
