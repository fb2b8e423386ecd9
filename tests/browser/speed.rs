//! How long a person waits. The figures are printed; only gross slowness fails.

use super::harness::{DEMO, demo, run};

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
