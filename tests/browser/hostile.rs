//! Names that other people chose are text, whatever they hold.

use super::harness::{DEMO, demo, run};

#[test]
fn a_name_with_markup_is_text() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let name = "<img src=x onerror=alert(1)>";
        assert_eq!(server.sql(&format!("UPDATE agents SET name = '{name}' WHERE name = 'Account enquiries'")).await, 1);
        assert_eq!(
            server.sql("UPDATE organisations SET name = '<script>alert(2)</script>' WHERE name = 'Lumen Energy'").await,
            1
        );
        assert!(server.sql("UPDATE versions SET label = '<b>v2</b>' WHERE label = 'v2'").await > 0);
        page.open_usage("/?range=90d").await;
        let agent = server.text(&format!("SELECT id FROM agents WHERE name = '{name}'")).await;
        let shown: Vec<String> =
            page.ask("[...document.querySelectorAll('.agents .name')].map(name => name.textContent)").await;
        assert!(shown.iter().any(|shown| shown == name), "{shown:?}");
        page.press("Table").await;
        page.until("the table", "document.querySelector('.twin tbody tr')").await;
        assert!(page.text(".twin").await.contains("<b>v2</b>"));
        page.open_usage(&format!("/?agent={agent}&find=%3Cimg%20src%3Dx%20onerror%3Dalert(3)%3E")).await;
        assert_eq!(page.text(".chip span").await, name);
        for markup in ["img", "b", "body script:not([src])"] {
            assert!(!page.has(markup).await, "a name became <{markup}>");
        }
    });
}
