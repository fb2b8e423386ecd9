//! The list: filters, order, pages, search, ids.

use super::{all_days, choose, column, counted, open, settled, total};
use crate::browser::harness::{DEMO, demo, run};

#[test]
fn every_choice_stands_in_the_address_and_survives_a_reload() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let days = all_days(&server).await;
        open(&page, &format!("/calls?{days}")).await;
        let agent = server.text("SELECT id FROM agents WHERE name = 'Card services'").await;
        let mut condition = format!("agent_id = '{agent}'");
        choose(&page, "Agent", &agent).await;
        page.until_address(&format!("/calls?{days}&agent={agent}")).await;
        settled(&page).await;
        assert_eq!(total(&page).await, counted(&server, &condition).await);
        let v1 = server.text(&format!("SELECT id FROM versions WHERE agent_id = '{agent}' AND label = 'v1'")).await;
        choose(&page, "Version", &v1).await;
        page.until_address(&format!("/calls?{days}&agent={agent}&version={v1}")).await;
        settled(&page).await;
        assert_eq!(total(&page).await, 1250);
        page.back().await;
        settled(&page).await;
        for (list, value, part) in [
            ("Status", "completed", "status = 'completed'"),
            ("Ended because", "agent_hangup", "disconnection_reason = 'agent_hangup'"),
            ("Duration", "30-60", "duration_ms >= 30000 AND duration_ms < 60000"),
            ("Outcome", "transferred", "outcome = 'transferred'"),
            ("Type", "telephony_inbound", "type = 'telephony_inbound'"),
        ] {
            choose(&page, list, value).await;
            page.until("the filter", &format!("location.search.includes('{value}')")).await;
            settled(&page).await;
            condition = format!("{condition} AND {part}");
            assert_eq!(total(&page).await, counted(&server, &condition).await, "{condition}");
        }
        let (address, shown) = (page.address().await, column(&page, 0).await);
        assert!(!shown.is_empty());
        page.reload().await;
        settled(&page).await;
        assert_eq!((page.address().await, column(&page, 0).await), (address, shown));
        page.back().await;
        settled(&page).await;
        assert!(!page.address().await.contains("telephony_inbound"));
    });
}

#[test]
fn on_a_phone_filters_are_unfolded_and_a_whole_row_opens_its_call() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.size(390, 844, 1.0).await;
        open(&page, "/calls").await;
        let shown = "[...document.querySelectorAll('.filters select')].filter(one => one.checkVisibility())\
                     .map(one => one.ariaLabel)";
        let filters = "[...document.querySelectorAll('.filters button')].find(one => one.textContent === 'Filters')";
        let is_open = format!("{filters}.ariaExpanded");
        assert_eq!(
            (page.ask::<Vec<String>>(shown).await, page.ask::<String>(&is_open).await),
            (vec![], "false".into())
        );
        page.press("Filters").await;
        page.until("all filters", &format!("{shown}.length >= 7 && {is_open} === 'true'")).await;
        let field: f64 = page.ask("document.querySelector('.find').clientWidth").await;
        assert!(field > 150.0, "the field to search in is {field} px wide");
        choose(&page, "Outcome", "transferred").await;
        settled(&page).await;
        page.press("Filters").await;
        // What is chosen is always seen, and does not go from under the one who takes it back.
        page.until("the one that is chosen", &format!("String({shown}) === 'Outcome'")).await;
        page.run("document.querySelector('select[aria-label=Outcome]').focus()").await;
        choose(&page, "Outcome", "").await;
        settled(&page).await;
        assert_eq!(page.ask::<Vec<String>>(shown).await, ["Outcome"]);
        page.run("document.activeElement.blur()").await;
        assert!(page.ask::<Vec<String>>(shown).await.is_empty());
        let width: f64 = page.ask("document.querySelector('.calls tbody tr').clientWidth").await;
        page.click_at(".calls tbody tr", width - 4.0, 6.0).await;
        page.until("a call", "document.querySelector('.facts') && location.search.includes('call=')").await;
    });
}

#[test]
fn whoever_comes_back_from_a_call_finds_the_list_where_it_was() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        for (width, height) in [(1320, 900), (390, 844)] {
            page.size(width, height, 1.0).await;
            open(&page, "/calls").await;
            let visible = "[...document.querySelectorAll('.calls tbody .name')].find(one => one.getBoundingClientRect().top > 300)";
            for way in ["button", "history"] {
                page.run("scrollTo(0, 1200)").await;
                let place: f64 = page.ask("scrollY").await;
                assert!(place > 900.0, "{width} px: the list ends at {place}");
                page.run(&format!(
                    "const call = window.opened = {visible}; call.focus({{ preventScroll: true }}); call.click()"
                ))
                .await;
                page.until("a call, from its top", "document.querySelector('.facts') && scrollY === 0").await;
                if way == "button" {
                    page.click("#back").await;
                } else {
                    page.back().await;
                }
                page.until(&format!("the list at {place}, {width} px, {way}"), &format!("scrollY === {place}")).await;
                page.until("the call that was opened", "document.activeElement === window.opened").await;
            }
        }
    });
}

/// No document lists campaigns: those of the calls that were shown can be chosen.
#[test]
fn a_campaign_that_was_seen_can_be_chosen() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let agent = server.text("SELECT id FROM agents WHERE name = 'Meter readings'").await;
        let days = all_days(&server).await;
        open(&page, &format!("/calls?{days}")).await;
        choose(&page, "Agent", &agent).await;
        choose(&page, "Campaign", "autumn-readings").await;
        page.until_address(&format!("/calls?{days}&agent={agent}&campaign=autumn-readings")).await;
        settled(&page).await;
        assert_eq!(total(&page).await, counted(&server, "campaign_id = 'autumn-readings'").await);
        page.reload().await;
        settled(&page).await;
        let chosen: String = page.ask("document.querySelector('select[aria-label=Campaign]').value").await;
        assert_eq!(chosen, "autumn-readings");
        choose(&page, "Campaign", "").await;
        page.until_address(&format!("/calls?{days}&agent={agent}")).await;
        settled(&page).await;
        assert_eq!(total(&page).await, counted(&server, &format!("agent_id = '{agent}'")).await);
    });
}

#[test]
fn pages_follow_each_other_and_another_order_begins_at_the_first() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page, "/calls").await;
        let first = column(&page, 0).await;
        assert_eq!(first.len(), 50);
        page.press("Next").await;
        page.until_address("/calls?page=2").await;
        page.until("the second page", "document.querySelector('.context').textContent.startsWith('51–100 of')").await;
        settled(&page).await;
        assert_ne!(column(&page, 0).await, first);
        page.press("Duration").await;
        page.until_address("/calls?order=-callDuration").await;
        settled(&page).await;
        let secs = |clock: &String| clock.split(':').fold(0, |sum, part| sum * 60 + part.parse::<u32>().unwrap());
        let longest: Vec<u32> = column(&page, 3).await.iter().map(secs).collect();
        assert!(longest.is_sorted_by(|a, b| a >= b), "{longest:?}");
        page.press("Duration ↓").await;
        page.until_address("/calls?order=callDuration").await;
        settled(&page).await;
        assert!(column(&page, 3).await.iter().map(secs).all(|secs| secs == 0));
        page.open("/calls?page=99999").await;
        page.until_text("this is none of them").await;
        page.press("Previous").await;
        page.until("the last page", "/^\\/calls\\?page=\\d{2,3}$/.test(location.pathname + location.search)").await;
        settled(&page).await;
        assert!(!column(&page, 0).await.is_empty());
        // Where no call is meant, there is none to be loaded.
        assert!(page.has("#load-all").await);
        page.open("/calls?outcome=resolved&status=failed").await;
        page.until_text("No calls here").await;
        assert!(!page.has("#load-all").await);
    });
}

/// A number is masked, is found, and stands in no address.
#[test]
fn numbers_are_masked_and_a_search_for_one_stands_in_no_address() {
    run(async {
        let (server, page) = demo(DEMO).await;
        let address = format!("/calls?{}", all_days(&server).await);
        open(&page, &address).await;
        let number = server.text("SELECT from_number FROM calls WHERE from_number IS NOT NULL LIMIT 1").await;
        assert!(column(&page, 2).await.iter().all(|from| from.starts_with("•••") && from.chars().count() == 5));
        page.press("Show numbers").await;
        page.until("numbers", "document.querySelector('.calls tbody tr').cells[2].innerText.startsWith('+1202555')")
            .await;
        page.press("Show numbers").await;
        page.click(".find").await;
        page.keys(&format!("{number}\u{e007}")).await;
        page.until("the search", "document.querySelector('.chip')").await;
        settled(&page).await;
        let found = counted(&server, &format!("from_number = '{number}' OR to_number = '{number}'")).await;
        page.until(
            "what was found",
            &format!("document.querySelector('.context').textContent.includes('of {found} calls')"),
        )
        .await;
        assert_eq!(page.address().await, address);
        let kept: String =
            page.ask("JSON.stringify([history.state, {...localStorage}, {...sessionStorage}, document.title])").await;
        assert!(!kept.contains("202555"), "{kept}");
        page.reload().await;
        settled(&page).await;
        assert!(!page.has(".chip").await, "the number was kept");
    });
}

#[test]
fn pasted_ids_are_found_and_those_that_are_not_are_named() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        open(&page, "/calls").await;
        page.click(".ids summary").await;
        page.click(".ids textarea").await;
        page.keys("CALL-DEMO-000007, CALL-NOBODY CALL-DEMO-000003").await;
        page.press("Find these calls").await;
        page.until_text("Found 2 of 3").await;
        assert_eq!(page.text(".missing code").await, "CALL-NOBODY");
        let many = (0..101).map(|number| format!("A{number} ")).collect::<Vec<_>>().concat();
        page.click(".ids textarea").await;
        page.run(&format!(
            "const field = document.querySelector('.ids textarea'); field.value = '{many}'; \
             field.dispatchEvent(new Event('input', {{ bubbles: true }}));"
        ))
        .await;
        page.press("Find these calls").await;
        page.until_text("These are 101 ids; at most 100 can be looked for at once.").await;
        assert!(
            page.ask::<String>("document.querySelector('.ids textarea').value").await.starts_with("A0 A1 "),
            "lost"
        );
    });
}
