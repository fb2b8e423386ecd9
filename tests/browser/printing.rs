//! Reports on paper.

use base64::Engine as _;
use serde_json::json;

use super::harness::{DEMO, Page, demo, run};
use super::widget::all_drawn;

/// Keeps what charts and texts are like when the page is about to be printed: pixels, and colours.
const WATCH: &str = "
    window.charts = () => {
        const of = root => [...root.querySelectorAll('.plot canvas')].map(canvas => canvas.toDataURL())
            .concat([...root.querySelectorAll('h1, h2, .figure-large, td')].map(text => getComputedStyle(text).color))
            .concat([...root.querySelectorAll('callscope-report')].flatMap(report => of(report.shadowRoot)));
        return [...of(document).join()].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
    };
    window.printed = [];
    addEventListener('beforeprint', () => printed.push(charts()));";

/// How many sheets of A4 a page takes.
async fn sheets(page: &Page) -> usize {
    let paper = json!({ "paperWidth": 8.27, "paperHeight": 11.69, "printBackground": false });
    let told = page.devtools("Page.printToPDF", paper).await;
    let pdf = base64::engine::general_purpose::STANDARD.decode(told["data"].as_str().unwrap()).unwrap();
    assert!(pdf.starts_with(b"%PDF-"), "no PDF");
    let named = |name: &[u8]| pdf.windows(name.len()).filter(|part| *part == name).count();
    named(b"/Type /Page") - named(b"/Type /Pages")
}

/// Prints a page while it is dark: its charts are then what they are while it is light, and dark again afterwards. Says
/// how many sheets it takes.
async fn check_paper(page: &Page, most_sheets: usize) {
    page.run(WATCH).await;
    let mut charts = Vec::new();
    for theme in ["light", "dark"] {
        page.theme(theme).await;
        page.drawn().await;
        charts.push(page.ask::<u32>("charts()").await);
    }
    assert_ne!(charts[0], charts[1]);
    let count = sheets(page).await;
    assert_eq!(page.ask::<Vec<u32>>("printed").await, charts[..1]);
    assert!((1..=most_sheets).contains(&count), "{count} sheets");
    page.until("the dark charts", &format!("charts() === {}", charts[1])).await;
}

#[test]
fn pages_are_printed_dark_on_light() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/?range=7d").await;
        page.drawn().await;
        check_paper(&page, 5).await;
        // What can only be clicked is not on paper; what is read is.
        let shown = async || -> Vec<bool> {
            page.ask(
                "['.toolbar', '.card .menu', '.card .quiet', '.top-end', 'h1', '.tile', '.agents tbody tr'].map(part =>
                     document.querySelector(part)?.checkVisibility() ?? false)",
            )
            .await
        };
        assert_eq!(shown().await, [true; 7]);
        page.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
        assert_eq!(shown().await, [false, false, false, false, true, true, true]);
        let wide: bool = page.ask("document.documentElement.scrollWidth > document.documentElement.clientWidth").await;
        assert!(!wide, "something is wider than the sheet");
    });
}

#[test]
fn a_comparison_is_printed_dark_on_light() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open("/compare").await;
        page.until(
            "its figures",
            "document.querySelector('.compared tbody tr') && document.querySelectorAll('.plot canvas').length > 1 \
             && !document.querySelector('main .bone, main .skeleton, main [aria-busy=true]')",
        )
        .await;
        page.drawn().await;
        check_paper(&page, 6).await;
    });
}

#[test]
fn reports_of_other_pages_are_printed_dark_on_light() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open("/demo/plain.html").await;
        page.run("document.querySelector('callscope-report').theme = 'auto'").await;
        all_drawn(&page).await;
        check_paper(&page, 6).await;
    });
}
