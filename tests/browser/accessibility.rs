//! axe-core finds nothing, in both themes, on a desktop and on a phone.

use super::harness::{Browser, DEMO, Page, Server, run};

async fn check(page: &Page, what: &str) {
    page.drawn().await;
    let violations = page.axe_violations().await;
    assert!(violations.is_empty(), "{what}: {violations:#?}");
}

async fn check_all(theme: &str, width: u32) {
    let server = Server::demo().await;
    let page = Browser::start().await.page(&server.origin());
    page.size(width, 900, 1.0).await;
    page.theme(theme).await;
    page.open("/").await;
    page.until_text("Sign in to Callscope").await;
    check(&page, "sign-in").await;
    page.sign_in(DEMO).await;
    page.open_usage("/?hour=9").await;
    check(&page, "usage page, narrowed").await;
    page.open_usage("/").await;
    check(&page, "usage page").await;
    page.press("Table").await;
    page.until("the table", "document.querySelector('.twin tbody tr')").await;
    check(&page, "table open").await;
    page.click(".chart .menu summary").await;
    page.until("the menu", "document.querySelector('.chart .menu').open").await;
    check(&page, "menu open").await;
    page.click(".account summary").await;
    check(&page, "account open").await;
    page.keys("?").await;
    page.until("the list", "document.querySelector('dialog').open").await;
    check(&page, "list of keys").await;
    page.expects("403");
    page.open("/?org=none").await;
    page.until_text("You may not see this").await;
    check(&page, "forbidden").await;
}

#[test]
fn light_on_a_desktop() {
    run(check_all("light", 1320));
}

#[test]
fn dark_on_a_desktop() {
    run(check_all("dark", 1320));
}

#[test]
fn light_on_a_phone() {
    run(check_all("light", 390));
}

#[test]
fn dark_on_a_phone() {
    run(check_all("dark", 390));
}
