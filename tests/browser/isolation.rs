//! One organisation's people never see another's calls.

use super::harness::{CLINIC, demo, run};

#[test]
fn another_organisations_address_shows_no_figures() {
    run(async {
        let (server, page) = demo(CLINIC).await;
        page.expects("403");
        let bank = server.text("SELECT id FROM organisations WHERE name = 'North Star Bank'").await;
        let agent = server.text("SELECT id FROM agents WHERE name = 'Fraud line'").await;
        let reseller = server.text("SELECT id FROM resellers").await;
        for address in [
            format!("/?org={bank}"),
            format!("/?agent={agent}"),
            format!("/?reseller={reseller}"),
            "/?org=none".to_owned(),
        ] {
            page.open(&address).await;
            page.until_text("You may not see this").await;
            assert!(!page.has(".tile").await && !page.has(".agents").await, "{address} shows figures");
            let chosen: String = page.ask("document.querySelector('.scope').selectedOptions[0].textContent").await;
            assert_eq!(chosen == "Not yours", !address.contains("agent"), "{address} looks like {chosen}");
            let text = page.text("body").await;
            assert!(
                !text.contains("North Star") && !text.contains("Fraud line") && !text.contains("Meridian"),
                "{text}"
            );
        }
        page.open_usage("/").await;
        let names: Vec<String> =
            page.ask("[...document.querySelectorAll('.agents .name')].map(name => name.textContent)").await;
        assert!(names.contains(&"Appointments".to_owned()) && !names.contains(&"Fraud line".to_owned()), "{names:?}");
    });
}
