//! Widths and themes: nothing runs out of the window, and pictures to look at.

use super::harness::{Browser, CLINIC, DEMO, Page, Server, demo, run};

/// What reaches out of the window to the right, unless it can be scrolled by itself.
async fn check_width(page: &Page, width: u32) {
    let (scroll, wide): (u32, Vec<String>) = page
        .ask(&format!(
            "[document.scrollingElement.scrollWidth, [...document.querySelectorAll('body *')]\
             .filter(one => one.getBoundingClientRect().right > {width} + 1 && one.checkVisibility() \
             && !one.closest('.twin, .agents-frame, .scroll:has(.compared, .windowed)') && getComputedStyle(one).position !== 'absolute')\
             .map(one => one.tagName + '.' + one.className + ' ' + one.textContent.slice(0, 30)).slice(0, 8)]"
        ))
        .await;
    assert!(scroll <= width && wide.is_empty(), "{width} px: the page is {scroll} px wide: {wide:?}");
}

#[test]
fn nothing_runs_out_of_a_narrow_window() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        for width in [280, 360, 390, 768] {
            page.size(width, 800, 1.0).await;
            page.open_usage("/?hour=9").await;
            page.drawn().await;
            check_width(&page, width).await;
            page.press("Table").await;
            page.press("Custom").await;
            page.click(".chart .menu summary").await;
            check_width(&page, width).await;
            let menu: (f64, f64) = page
                .ask("(() => { const box = document.querySelector('.chart .menu ul').getBoundingClientRect(); return [box.left, box.right]; })()")
                .await;
            assert!(menu.0 >= 0.0 && menu.1 <= f64::from(width), "{width} px: the menu lies at {menu:?}");
        }
        page.size(280, 800, 1.0).await;
        page.open("/nowhere").await;
        page.until_text("There is no such page").await;
        check_width(&page, 280).await;
    });
}

#[test]
fn the_menu_of_the_account_lies_in_the_window_and_closes_when_it_is_left() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        for width in [1320, 390, 360, 320, 280] {
            page.size(width, 800, 1.0).await;
            page.open_usage("/").await;
            page.click(".account summary").await;
            let (left, right): (f64, f64) = page
                .ask("(box => [box.left, box.right])(document.querySelector('.account .menu-body').getBoundingClientRect())")
                .await;
            assert!(left >= 0.0 && right <= f64::from(width), "{width} px: the menu lies from {left} to {right}");
            let is_open = "document.querySelector('.account').open";
            page.click(".account .menu-body p").await;
            assert!(page.ask::<bool>(is_open).await, "a click in it closed it");
            page.click(".tile:nth-of-type(5) h2").await;
            page.until("a closed menu", &format!("!{is_open}")).await;
        }
    });
}

#[test]
fn the_sign_in_fits_a_small_phone() {
    run(async {
        let server = Server::demo().await;
        let page = Browser::start().await.page(&server.origin());
        for (width, height) in [(280, 653), (390, 844), (844, 390)] {
            page.size(width, height, 1.0).await;
            page.open("/").await;
            page.until_text("Sign in to Callscope").await;
            check_width(&page, width).await;
            let has_button: bool = page
                .ask("(() => { const button = document.querySelector('.sign-in button'); button.scrollIntoView(); \
                      const box = button.getBoundingClientRect(); return box.bottom <= innerHeight && box.top >= 0; })()")
                .await;
            assert!(has_button, "{width} × {height}: the button cannot be reached");
        }
    });
}

#[test]
fn charts_follow_the_width_of_the_window() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        for (width, density) in [(1320, 1.0), (900, 2.0), (390, 3.0)] {
            page.size(width, 900, density).await;
            let fits = format!(
                "[...document.querySelectorAll('.plot canvas')].every(canvas => \
                 Math.abs(canvas.width - canvas.getBoundingClientRect().width * {density}) <= {density} + 1)"
            );
            page.until("canvases of the window's width", &fits).await;
        }
    });
}

#[test]
fn everything_grows_with_the_size_of_texts() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        // The root of a page is as large as the browser is told to write. (What the app's own style sheet does in narrow
        // windows goes by the browser's setting itself, and is not seen here.)
        let larger = |px: u32| format!("document.documentElement.style.fontSize = '{px}px'");
        let sizes = "[...document.querySelectorAll('h1, .card h2, small, .pill, .plot canvas')].map(one => \
                     one.tagName === 'CANVAS' ? one.clientHeight : parseFloat(getComputedStyle(one).fontSize))";
        page.open_usage("/").await;
        let usual: Vec<f64> = page.ask(sizes).await;
        page.run(&larger(24)).await;
        page.drawn().await;
        let grown: Vec<f64> = page.ask(sizes).await;
        assert_eq!(usual.len(), grown.len());
        for (before, after) in usual.iter().zip(&grown) {
            assert!((after / before - 1.5).abs() < 0.01, "{before} px became {after} px");
        }
        for (width, density) in [(1320, 1.0), (390, 2.0)] {
            page.size(width, 900, density).await;
            for address in ["/", "/compare", "/calls", "/post-call"] {
                page.open(address).await;
                page.run(&larger(24)).await;
                page.until("a page", "document.querySelector('#page .card:not(.bone)')").await;
                page.drawn().await;
                check_width(&page, width).await;
                let cut: Vec<String> = page
                    .ask(
                        "[...document.querySelectorAll('.lined :is(td, th)')].filter(cell => \
                          cell.scrollWidth > cell.clientWidth + 1 && getComputedStyle(cell).position !== 'absolute')\
                          .map(cell => cell.textContent)",
                    )
                    .await;
                assert_eq!(cut, [""; 0], "{width} px");
                let fits = format!(
                    "[...document.querySelectorAll('.plot canvas')].every(canvas => \
                     Math.abs(canvas.width - canvas.getBoundingClientRect().width * {density}) <= {density} + 1 && \
                     Math.abs(canvas.height - canvas.getBoundingClientRect().height * {density}) <= {density} + 1)"
                );
                page.until("sharp canvases", &fits).await;
            }
        }
    });
}

#[test]
fn charts_change_with_the_systems_theme() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.theme("light").await;
        page.open_usage("/").await;
        let digest = "document.querySelector('.plot canvas').toDataURL()";
        let light: String = page.ask(digest).await;
        page.theme("dark").await;
        page.until("another drawing", &format!("{digest} !== {}", serde_json::json!(light))).await;
        page.theme("light").await;
        page.until("the first drawing", &format!("{digest} === {}", serde_json::json!(light))).await;
    });
}

#[test]
fn pictures_of_the_usage_page() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        for (name, width, density) in [("desktop", 1320, 1.0), ("phone", 390, 2.0)] {
            for theme in ["light", "dark"] {
                page.theme(theme).await;
                page.size(width, 900, density).await;
                page.open_usage("/").await;
                // The whole page at once, as high as it is.
                let height: u32 = page.ask("document.scrollingElement.scrollHeight").await;
                page.size(width, height, density).await;
                page.drawn().await;
                page.drawn().await;
                page.keep_picture(&format!("usage-{name}-{theme}")).await;
            }
        }
    });
}

#[test]
fn one_organisation_needs_no_choice_of_everything() {
    run(async {
        let (_server, page) = demo(CLINIC).await;
        page.open_usage("/").await;
        let offered: Vec<String> =
            page.ask("[...document.querySelectorAll('.scope option')].map(option => option.textContent)").await;
        assert_eq!(offered, ["Harbour Health"]);
    });
}
