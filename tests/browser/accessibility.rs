//! axe-core finds nothing, in both themes, on a desktop and on a phone.

use super::harness::{Browser, DEMO, Page, Server, run};

/// What was found, and where.
#[derive(Default)]
struct Found(Vec<String>);

impl Found {
    async fn check(&mut self, page: &Page, what: &str) {
        page.drawn().await;
        self.0.extend(page.axe_violations().await.iter().map(|violation| format!("{what}: {violation}")));
    }
}

async fn check_all(theme: &str, width: u32) {
    let server = Server::demo().await;
    let page = Browser::start().await.page(&server.origin());
    let mut found = Found::default();
    page.size(width, 900, 1.0).await;
    page.theme(theme).await;
    page.open("/").await;
    page.until_text("Sign in to Callscope").await;
    found.check(&page, "sign-in").await;
    page.sign_in(DEMO).await;
    page.open_usage("/?hour=9").await;
    found.check(&page, "usage page, narrowed").await;
    page.open_usage("/").await;
    found.check(&page, "usage page").await;
    page.press("Table").await;
    page.until("the table", "document.querySelector('.twin tbody tr')").await;
    found.check(&page, "table open").await;
    page.click(".chart .menu summary").await;
    page.until("the menu", "document.querySelector('.chart .menu').open").await;
    found.check(&page, "menu open").await;
    page.click(".account summary").await;
    found.check(&page, "account open").await;
    page.keys("?").await;
    page.until("the list", "document.querySelector('dialog').open").await;
    found.check(&page, "list of keys").await;
    page.expects("403");
    page.open("/?org=none").await;
    page.until_text("You may not see this").await;
    found.check(&page, "forbidden").await;
    assert!(found.0.is_empty(), "{:#?}", found.0);
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
