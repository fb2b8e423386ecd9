//! How long a person waits. The figures are printed; only gross slowness fails.

use super::harness::{DEMO, Page, demo, run};

/// Notes the time when the first canvas of a chart has a pixel.
const WATCH: &str = "
    const look = () => {
        const canvas = document.querySelector('.plot canvas');
        const drawn = canvas && canvas.width > 0 && canvas.getContext('2d')
            .getImageData(0, 0, canvas.width, canvas.height).data.some((value, i) => i % 4 === 3 && value > 0);
        if (drawn) window.firstChartMs = performance.now(); else requestAnimationFrame(look);
    };
    addEventListener('DOMContentLoaded', look);";

#[test]
fn the_first_chart_is_drawn_soon() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.before_load(WATCH).await;
        let mut times = Vec::new();
        for _ in 0..3 {
            page.open("/").await;
            page.until("a chart", "window.firstChartMs").await;
            times.push(page.ask::<f64>("window.firstChartMs").await);
        }
        println!("first chart: {:.0} ms at first, then {:.0} and {:.0} ms", times[0], times[1], times[2]);
        assert!(times[0] < 4000.0, "{times:?}");
    });
}

/// Keeps how long each task took that took more than 50 ms.
const LONG_TASKS: &str = "
    window.longTasks = [];
    new PerformanceObserver(list => longTasks.push(...list.getEntries().map(task => task.duration)))
        .observe({ type: 'longtask', buffered: true });";

/// The longest task since this was asked last, in milliseconds; 0 where none took more than 50.
async fn longest_task(page: &Page) -> f64 {
    page.ask("Math.max(0, ...longTasks.splice(0))").await
}

#[test]
fn nothing_keeps_the_page_busy_for_long() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.before_load(LONG_TASKS).await;
        for address in ["/?range=90d", "/compare", "/calls?range=90d", "/post-call"] {
            page.open(address).await;
            page.until("what it shows", "document.querySelector('main .card, main .tile, main table')").await;
            page.drawn().await;
            let longest = longest_task(&page).await;
            println!("{address}: longest task {longest:.0} ms (0: none above 50)");
            assert!(longest < 400.0, "{address}");
        }
    });
}

#[test]
fn many_calls_are_loaded_and_scrolled_without_waiting() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.before_load(LONG_TASKS).await;
        page.open("/calls?range=90d").await;
        page.until("the button", "document.getElementById('load-all')").await;
        page.run("longTasks.length = 0; document.getElementById('load-all').click()").await;
        page.until("all calls", "/all [0-9,]+ loaded/.test(document.querySelector('.all [role=status]')?.innerText)")
            .await;
        let loaded: String = page.ask("document.querySelector('.all [role=status]').innerText").await;
        let loading = longest_task(&page).await;
        let frames: Vec<f64> = serde_json::from_value(
            page.run(
                "return (async () => {
                     const rows = document.querySelector('.scroll.window');
                     rows.scrollIntoView();
                     const frame = () => new Promise(requestAnimationFrame);
                     const times = [];
                     for (let turn = 0; turn < 60; turn++) {
                         const began = await frame();
                         rows.scrollTop += turn % 3 ? 900 : rows.scrollHeight / 20;
                         times.push(await frame() - began);
                     }
                     return times.sort((a, b) => b - a);
                 })();",
            )
            .await,
        )
        .unwrap();
        println!(
            "{loaded}: longest task {loading:.0} ms; scrolled: worst frame {:.0} ms, median {:.0}",
            frames[0],
            frames[frames.len() / 2]
        );
        assert!(loading < 400.0 && frames[0] < 400.0);
    });
}

#[test]
fn the_whole_dashboard_is_redrawn_at_once() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.size(1320, 900, 2.0).await;
        page.open_usage("/?range=90d").await;
        page.drawn().await;
        let times: Vec<f64> = serde_json::from_value(
            page.run(
                "const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
                 return (async () => {
                     const times = [];
                     for (let turn = 0; turn < 12; turn++) {
                         await frame();
                         const start = performance.now();
                         document.getElementById('appearance').click();
                         await new Promise(done => setTimeout(done));
                         const drawn = performance.now();
                         await frame();
                         times.push(drawn - start);
                     }
                     return times.sort((a, b) => a - b);
                 })();",
            )
            .await,
        )
        .unwrap();
        let canvases: usize = page.ask("document.querySelectorAll('canvas').length").await;
        println!("redraw of {canvases} canvases at 2 pixels: median {:.1} ms, slowest {:.1} ms", times[6], times[11]);
        assert!(times[6] < 500.0, "{times:?}");
    });
}
