//! The server stops and comes back; the app's own files do not arrive.

use super::harness::{Browser, DEMO, Plan, Proxy, Server, demo, run};

#[test]
fn a_server_that_stopped_and_came_back_goes_on() {
    run(async {
        let (mut server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        let before = page.tile("Calls").await;
        server.stop();
        page.expects("ERR_CONNECTION_REFUSED");
        page.expects("ERR_EMPTY_RESPONSE");
        page.press("Refresh").await;
        page.until_text("No connection to the server").await;
        assert_eq!(page.tile("Calls").await, before, "the page is blank without the server");
        server.start().await;
        page.press("Try again").await;
        page.until("no complaint", "!document.querySelector('.state[role=alert]')").await;
        page.settled().await;
        assert_eq!(page.tile("Calls").await, before);
    });
}

#[test]
fn a_gateway_without_a_server_behind_offers_to_try_again() {
    run(async {
        let server = Server::demo().await;
        let proxy = Proxy::before(&server).await;
        let page = Browser::start().await.page(&proxy.origin());
        page.expects("502");
        proxy.plan(
            "/session",
            100,
            Plan::Instead("502 Bad Gateway", "Content-Type: text/html\r\n", "<h1>Bad gateway</h1>"),
        );
        page.open("/").await;
        page.until_text("The server is not reachable at the moment.").await;
        page.until_text("Look around without a server").await;
        proxy.calm();
        page.press("Try again").await;
        page.until_text("Sign in to Callscope").await;
    });
}

#[test]
fn an_app_that_arrives_in_part_says_so() {
    run(async {
        let server = Server::demo().await;
        let proxy = Proxy::before(&server).await;
        let page = Browser::start().await.page(&proxy.origin());
        page.expects("ERR_");
        page.expects("boot.js");
        page.expects("wasm");
        proxy.plan("_bg.wasm", 100, Plan::Cut);
        page.open("/").await;
        page.until_text("The page could not be loaded whole.").await;
        proxy.calm();
        page.press("Load the page again").await;
        page.until_text("Sign in to Callscope").await;
    });
}
