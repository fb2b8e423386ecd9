//! What axe-core and narrow windows say.

use super::{Agent, STORY, lengthen_prompts, open};
use crate::browser::harness::{DEMO, Page, demo, run};

async fn check_axe(theme: &str, width: u32) {
    let (server, page) = demo(DEMO).await;
    let story = Agent::named(&server, STORY).await;
    let mut found = Vec::new();
    page.size(width, 900, 1.0).await;
    page.theme(theme).await;
    open(&page, &story.newest()).await;
    page.drawn().await;
    found.extend(page.axe_violations().await.iter().map(|one| format!("as it opens: {one}")));
    page.press("Raw JSON").await;
    page.until("the raw changes", "document.querySelector('.changes pre.raw')").await;
    found.extend(page.axe_violations().await.iter().map(|one| format!("raw: {one}")));
    page.click(".title .menu summary").await;
    page.until("the menu", "document.querySelector('.title .menu').open").await;
    found.extend(page.axe_violations().await.iter().map(|one| format!("menu open: {one}")));
    page.press("Table").await;
    page.until("the table", "document.querySelector('.twin tbody tr')").await;
    found.extend(page.axe_violations().await.iter().map(|one| format!("table open: {one}")));
    page.expects("404");
    page.open(&story.address("nobody", &story.v2)).await;
    page.until_text("There is nothing at this address").await;
    found.extend(page.axe_violations().await.iter().map(|one| format!("nothing there: {one}")));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn axe_finds_nothing_in_light_on_a_desktop() {
    run(check_axe("light", 1320));
}

#[test]
fn axe_finds_nothing_in_dark_on_a_desktop() {
    run(check_axe("dark", 1320));
}

#[test]
fn axe_finds_nothing_in_light_on_a_phone() {
    run(check_axe("light", 390));
}

#[test]
fn axe_finds_nothing_in_dark_on_a_phone() {
    run(check_axe("dark", 390));
}

/// What reaches out of the window to the right, unless it lies in something that scrolls by itself.
async fn check_width(page: &Page, width: u32, what: &str) {
    let (scroll, wide): (u32, Vec<String>) = page
        .ask(&format!(
            "(() => {{ const scrolls = one => one && one !== document.body && \
             (['auto', 'scroll'].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement)); \
             return [document.scrollingElement.scrollWidth, [...document.querySelectorAll('body *')]\
             .filter(one => one.getBoundingClientRect().right > {width} + 1 && one.checkVisibility() \
             && !scrolls(one.parentElement) && getComputedStyle(one).position !== 'absolute')\
             .map(one => one.tagName + '.' + one.className + ' ' + one.textContent.slice(0, 30)).slice(0, 8)]; }})()"
        ))
        .await;
    assert!(scroll <= width && wide.is_empty(), "{width} px, {what}: the page is {scroll} px wide: {wide:?}");
}

#[test]
fn nothing_runs_out_of_a_window_of_any_width() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let story = Agent::named(&server, STORY).await;
        lengthen_prompts(&server, &story).await;
        // The longest name there is.
        let long = server.text("SELECT id FROM agents ORDER BY length(name) DESC LIMIT 1").await;
        for width in [280, 360, 390, 1320] {
            page.size(width, 800, 1.0).await;
            open(&page, &format!("/compare?agent={long}")).await;
            page.drawn().await;
            check_width(&page, width, "a long name").await;
            open(&page, &story.newest()).await;
            page.drawn().await;
            check_width(&page, width, "as it opens").await;
            page.press("Whole text").await;
            page.press("Table").await;
            page.press("Custom").await;
            page.click(".title .menu summary").await;
            check_width(&page, width, "all open").await;
            let menu: (f64, f64) = page
                .ask(
                    "(() => { const box = document.querySelector('.title .menu ul').getBoundingClientRect(); \
                     return [box.left, box.right]; })()",
                )
                .await;
            assert!(menu.0 >= 0.0 && menu.1 <= f64::from(width), "{width} px: the menu lies at {menu:?}");
            page.press("Raw JSON").await;
            page.until("the raw changes", "document.querySelector('.changes pre.raw')").await;
            check_width(&page, width, "raw").await;
        }
    });
}
