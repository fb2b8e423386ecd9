//! What reports ask of a server, and how they show who asks.

use std::time::Duration;

use serde_json::json;

use super::{REPORT, ROOT, add, all_drawn, blank, heard, text, until};
use crate::browser::harness::{Browser, DEMO, Plan, Proxy, Server, run};

/// A blank page behind a proxy.
pub(super) async fn behind_proxy() -> (Server, Proxy, crate::browser::harness::Page) {
    let server = Server::demo().await;
    let proxy = Proxy::before(&server).await;
    let page = Browser::start().await.page(&proxy.origin());
    page.sign_in(DEMO).await;
    page.open("/demo/two.html").await;
    page.until("the element", "customElements.get('callscope-report')").await;
    page.run(
        "document.querySelector('main').replaceChildren(); window.heard = []; \
         for (const name of ['load', 'error', 'unauthorized']) \
         document.addEventListener(`callscope-${name}`, event => heard.push([name, event.detail]));",
    )
    .await;
    (server, proxy, page)
}

#[test]
fn several_reports_ask_once_for_the_same_answer() {
    run(async {
        let server = Server::demo().await;
        let proxy = Proxy::before(&server).await;
        let page = Browser::start().await.page(&proxy.origin());
        page.sign_in(DEMO).await;
        page.open("/demo/two.html").await;
        all_drawn(&page).await;
        // Four charts: one report for all of them, and the period before for the one that compares.
        assert_eq!(proxy.asked("/v1/metrics"), 2);
        assert_eq!(proxy.asked("_bg.wasm"), 1);
    });
}

#[test]
fn who_is_not_signed_in_is_told_and_comes_back() {
    run(async {
        let (_server, page) = blank().await;
        page.expects("401");
        page.run("return fetch('/session', { method: 'DELETE' }).then(() => {});").await;
        add(&page, &[("view", "daily"), ("time-zone", "UTC")]).await;
        until(&page, ".state").await;
        assert!(text(&page, ".state").await.contains("Nobody is signed in"));
        heard(&page, "unauthorized").await;
        let is_hidden: bool = page.ask(&format!("{ROOT}.querySelector('.usage').checkVisibility() === false")).await;
        assert!(is_hidden, "what stands behind is still seen");
        // The page around signs in, as its demo does, and calls refresh().
        page.until("the page's own dialog", "document.querySelector('dialog[open]')").await;
        page.find("dialog input[type=password]").await.fill(DEMO.1).await;
        page.click("dialog button").await;
        all_drawn(&page).await;
        assert!(!page.ask::<bool>(&format!("{ROOT}.querySelector('.state') !== null")).await);
    });
}

#[test]
fn a_token_is_asked_for_once_and_again_after_a_refusal() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        page.expects("401");
        page.run(
            "window.given = 0; const report = document.createElement('callscope-report'); \
             Object.assign(report, { view: 'daily', timeZone: 'UTC', getToken: async () => `token-${++window.given}` }); \
             document.querySelector('main').append(report);",
        )
        .await;
        // Such tokens are nobody's: both are refused, and the report says so.
        heard(&page, "unauthorized").await;
        assert_eq!(page.ask::<u32>("window.given").await, 2);
        // Without tokens the cookie shows who asks.
        page.run(&format!("{REPORT}.getToken = null")).await;
        all_drawn(&page).await;
        // A token that is refused once is asked for anew; the next one is good.
        proxy.calm();
        page.run(
            "const real = window.fetch; window.seen = []; window.fetch = (request, options) => { \
             const token = request.headers?.get('Authorization'); \
             if (token) { window.seen.push(token); if (token.endsWith('1')) return Promise.resolve(new Response('{}', { status: 401 })); } \
             const headers = new Headers(request.headers); headers.delete('Authorization'); \
             return real(new Request(request, { headers, credentials: 'include' }), options); }; \
             window.given = 0; document.querySelector('callscope-report').getToken = () => `token-${++window.given}`;",
        )
        .await;
        page.until("the second token", "window.given === 2").await;
        all_drawn(&page).await;
        page.run(&format!("{REPORT}.refresh()")).await;
        page.until("more questions", "window.seen.length >= 6").await;
        all_drawn(&page).await;
        assert_eq!(page.ask::<u32>("window.given").await, 2, "a token that is good is asked for again");
        let seen: Vec<String> = page.ask("window.seen").await;
        assert!(seen.iter().filter(|token| *token == "Bearer token-1").count() <= 2, "{seen:?}");
    });
}

#[test]
fn a_part_of_the_code_that_does_not_arrive_is_told_and_tried_again() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        page.expects("503");
        page.expects("WebAssembly");
        proxy.plan(
            "callscope-compare",
            1,
            Plan::Instead("503 Service Unavailable", "Content-Type: text/plain\r\n", "later"),
        );
        add(&page, &[("view", "compare")]).await;
        assert_eq!(heard(&page, "error").await["code"], json!("module"));
        assert!(text(&page, ".state").await.contains("could not be loaded"));
        page.run(&format!("{ROOT}.querySelector('.state .primary').click()")).await;
        all_drawn(&page).await;
        assert_eq!(text(&page, "h1").await, "Compare");
    });
}

#[test]
fn tokens_and_data_of_any_kind_are_refused_by_name() {
    run(async {
        let (_server, _proxy, page) = behind_proxy().await;
        page.expects("getToken");
        // What no header may hold, nobody's, and none at all.
        for token in ["'a\\nb'", "'t\\u00f6k'", "''", "7", "(() => { throw new Error('none'); })()"] {
            page.run("document.querySelector('main').replaceChildren(); heard.length = 0;").await;
            page.run(&format!(
                "const report = document.createElement('callscope-report'); \
                 Object.assign(report, {{ view: 'daily', timeZone: 'UTC', getToken: () => {token} }}); \
                 document.querySelector('main').append(report);"
            ))
            .await;
            heard(&page, "unauthorized").await;
        }
        // What holds itself, has no end, throws when it is read, or is no JSON.
        for data in [
            "(() => { const own = {}; own.data = own; return own; })()",
            "(() => { let deep = []; for (let i = 0; i < 20000; i++) deep = [deep]; return deep; })()",
            "(() => { let deep = []; for (let i = 0; i < 500; i++) deep = [deep]; return deep; })()",
            "({ get data() { throw new Error('unread'); } })",
            "'{ no json'",
            "Symbol('none')",
        ] {
            page.run("document.querySelector('main').replaceChildren(); heard.length = 0;").await;
            page.run(&format!(
                "const report = document.createElement('callscope-report'); report.view = 'daily'; report.data = {data}; \
                 document.querySelector('main').append(report);"
            ))
            .await;
            assert_eq!(heard(&page, "error").await["code"], json!("bad-setting"), "{data}");
        }
        // The module lives on, and reads JSON that is not read yet, too.
        page.run(&format!(
            "{REPORT}.data = JSON.stringify({{ data: {{ metrics: {{ totalCalls: 7 }}, dailyVolume: [{{ date: '2024-05-01', totalCalls: 7, resolvedCalls: 3 }}] }} }})"
        ))
        .await;
        all_drawn(&page).await;
        for wrong in ["{ theme: 5 }", "{ theme: {} }", "null"] {
            let kind = page.run(&format!("return {REPORT}.exportPng({wrong}).then(blob => blob.type)")).await;
            assert_eq!(kind, json!("image/png"), "{wrong}");
        }
    });
}

#[test]
fn data_of_the_page_are_drawn_without_any_network() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        let asked = proxy.asked("/v1/metrics");
        page.run(
            "const report = document.createElement('callscope-report'); report.view = 'usage'; \
             report.data = { status: true, data: { metrics: { totalCalls: 60, totalMinutes: 90, avgResolutionRate: 50 }, \
             dailyVolume: [{ date: '2024-05-01', total: 20, resolved: 10 }, { date: '2024-05-02', total: 40, resolved: 20 }] } }; \
             document.querySelector('main').append(report);",
        )
        .await;
        all_drawn(&page).await;
        assert_eq!(text(&page, ".tile .figure-large span").await, "60");
        assert!(text(&page, ".context").await.starts_with("1–2 May 2024"), "{}", text(&page, ".context").await);
        assert_eq!(proxy.asked("/v1/metrics"), asked);
        // Other data in place; then what is no report at all; then a server again.
        page.run(&format!("{REPORT}.data = {{ data: {{ metrics: {{ totalCalls: 7 }} }} }}")).await;
        page.until("other data", &format!("{ROOT}.querySelector('.tile .figure-large span')?.innerText === '7'")).await;
        page.run(&format!("{REPORT}.data = {{ nothing: 1 }}")).await;
        page.until("a refusal", &format!("{ROOT}.querySelector('.state')?.innerText.includes('cannot be read')")).await;
        assert_eq!(heard(&page, "error").await["code"], json!("bad-answer"));
        page.run(&format!("{REPORT}.data = () => 1")).await;
        page.until("a refusal", &format!("{ROOT}.querySelector('.state')?.innerText.includes(\"'data'\")")).await;
        page.run(&format!("{REPORT}.data = undefined")).await;
        page.until("the server's figures", &format!("{ROOT}.querySelectorAll('.agents tbody tr').length > 3")).await;
        assert!(proxy.asked("/v1/metrics") > asked);
    });
}

#[test]
fn a_comparison_and_calls_of_the_page_are_drawn_too() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        page.run(
            "const side = (id, calls, answered) => ({ agentId: 'Bookings', versionId: id, totalCalls: calls, answeredCalls: answered, \
             avgDurationMs: 60000, completionRate: answered / calls, totalCost: 1, hangupSourceDistribution: { user: calls }, \
             period: { dateFrom: null, dateTo: null } }); \
             const report = document.createElement('callscope-report'); report.view = 'compare'; \
             report.data = { data: { metrics: { versionA: side('first', 1000, 700), versionB: side('second', 1000, 800) } } }; \
             document.querySelector('main').append(report);",
        )
        .await;
        all_drawn(&page).await;
        let verdict = text(&page, ".verdict").await;
        assert!(
            verdict.contains("80.0\u{202f}%") && verdict.contains("clearly higher") && verdict.contains("second"),
            "{verdict}"
        );
        page.run(&format!(
            "{REPORT}.view = 'calls'; {REPORT}.data = {{ data: {{ logs: [{{ callId: 'CALL-1', createdAt: '2024-05-01T10:00:00Z', \
             status: 'completed', duration: 61 }}] }} }}"
        ))
        .await;
        page.until("the call", &format!("{ROOT}.querySelectorAll('.calls tbody tr').length === 1")).await;
        assert_eq!(proxy.asked("/atoms/"), 0);
    });
}

#[test]
fn failures_are_told_by_their_codes() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        for (status, code) in [("403 Forbidden", "forbidden"), ("404 Not Found", "not-found"), ("500 Oops", "server")] {
            page.expects(status.split(' ').next().unwrap());
            proxy.calm();
            proxy.plan("/v1/metrics", 2, Plan::Instead(status, "Content-Type: application/json\r\n", "{}"));
            page.run("document.querySelector('main').replaceChildren(); heard.length = 0;").await;
            add(&page, &[("view", "hourly"), ("time-zone", "UTC")]).await;
            assert_eq!(heard(&page, "error").await["code"], json!(code));
            until(&page, ".state button").await;
            proxy.calm();
            page.run(&format!("{ROOT}.querySelector('.state button').click()")).await;
            all_drawn(&page).await;
        }
    });
}

#[test]
fn a_report_that_goes_gives_its_request_up() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        proxy.plan("/v1/metrics", 9, Plan::Late(Duration::from_secs(3)));
        add(&page, &[("view", "hourly"), ("time-zone", "UTC")]).await;
        until(&page, ".skeleton").await;
        while proxy.asked("/v1/metrics") == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        page.run(&format!("{REPORT}.remove()")).await;
        let mut waited = 0;
        while proxy.given_up() == 0 && waited < 400 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            waited += 1;
        }
        assert_eq!(proxy.given_up(), 1, "the request goes on");
        assert_eq!(page.ask::<Vec<serde_json::Value>>("heard").await, Vec::<serde_json::Value>::new());
    });
}
