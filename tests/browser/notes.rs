//! What marks the day that is pointed at, the note beside it, and what is read aloud.

use super::harness::{DEMO, Page, demo, run};

const PLOT: &str = "document.querySelector(\".plot[aria-label^='Calls per day']\")";

/// What is wrong with the note, the line and the dots of the chart of days.
async fn faults(page: &Page) -> Vec<String> {
    page.ask(&format!(
        "(() => {{
            const plot = {PLOT}, faults = [], shown = (node) => getComputedStyle(node).display !== 'none';
            for (const row of plot.querySelectorAll('.chart-note dl div')) {{
                const [name, value] = row.children;
                if (shown(row) !== (value.textContent !== '')) faults.push(`${{name.textContent}}: '${{value.textContent}}'`);
                if (shown(row) && value.scrollWidth > value.clientWidth) faults.push(`${{value.textContent}} is cut`);
            }}
            const box = plot.getBoundingClientRect(), middle = (node) => {{
                const at = node.getBoundingClientRect();
                return at.left + at.width / 2;
            }};
            const line = middle(plot.querySelector('.line'));
            const dots = [...plot.querySelectorAll('.dot')].filter((dot) => dot.getBoundingClientRect().width > 0);
            if (!dots.length) faults.push('no dot');
            for (const dot of dots) if (Math.abs(middle(dot) - line) > 1.5) faults.push(`a dot at ${{middle(dot)}}, not ${{line}}`);
            const note = plot.querySelector('.chart-note').getBoundingClientRect();
            if (note.left < box.left - 1 || note.right > box.right + 1) faults.push('the note is outside');
            return faults;
        }})()"
    ))
    .await
}

#[test]
fn the_note_has_the_rows_that_have_a_value() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        page.run(&format!("{PLOT}.focus()")).await;
        // Today is not over, which is said; about the days before there may be nothing to say.
        page.keys("\u{e010}").await;
        page.until("today", &format!("{PLOT}.querySelector('.chart-note')?.innerText.includes('so far')")).await;
        assert_eq!(faults(&page).await, [""; 0]);
        for _ in 0..4 {
            let before: String = page.ask(&format!("{PLOT}.querySelector('.chart-note strong').textContent")).await;
            page.keys("\u{e012}").await;
            let moved = format!("{PLOT}.querySelector('.chart-note strong').textContent !== '{before}'");
            page.until("the day before", &moved).await;
            assert_eq!(faults(&page).await, [""; 0]);
        }
        // The same days with other columns: a row that was empty is another one now.
        page.run("document.querySelector('.check input').click()").await;
        page.settled().await;
        page.run(&format!("{PLOT}.focus()")).await;
        for key in ["\u{e011}", "\u{e014}", "\u{e010}"] {
            page.keys(key).await;
            page.until("a note", &format!("{PLOT}.querySelector('.chart-note strong')?.textContent")).await;
            assert_eq!(faults(&page).await, [""; 0]);
        }
    });
}

#[test]
fn marks_and_pointers_meet_where_texts_are_larger() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        let hours = "document.querySelector(\".plot[aria-label^='Hour of day']\")";
        let told = format!("{hours}.querySelector('.chart-note strong')?.textContent");
        for size in ["", "24px", "12px"] {
            page.run(&format!("document.documentElement.style.fontSize = '{size}'")).await;
            page.drawn().await;
            page.run(&format!("{PLOT}.focus()")).await;
            page.keys("\u{e011}\u{e014}").await;
            page.until("a note", &format!("{PLOT}.querySelector('.chart-note strong')?.textContent")).await;
            assert_eq!(faults(&page).await, [""; 0], "texts of {size}");
            // The frame of an hour that keys led to lies over the bar that a pointer finds there.
            page.run(&format!("{hours}.focus()")).await;
            page.keys("\u{e011}\u{e014}\u{e014}\u{e014}").await;
            page.until("an hour", &format!("{told}?.startsWith('03:00')")).await;
            let (x, y): (f64, f64) = page
                .ask(&format!(
                    "(() => {{ const frame = {hours}.querySelector('.frame').getBoundingClientRect(), \
                     canvas = {hours}.querySelector('canvas').getBoundingClientRect(); \
                     return [frame.left + frame.width / 2 - canvas.left, frame.bottom - 4 - canvas.top]; }})()"
                ))
                .await;
            page.run("document.activeElement.blur()").await;
            page.until("no note", &format!("!{told}")).await;
            page.hover_at(".plot[aria-label^='Hour of day'] canvas", x, y).await;
            page.until("the same hour", &format!("{told}?.startsWith('03:00')")).await;
        }
    });
}

#[test]
fn keys_have_values_read_aloud_and_pointers_do_not() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        page.open_usage("/").await;
        let said = format!("{PLOT}.querySelector('[aria-live]').textContent");
        page.run(&format!("{PLOT}.focus()")).await;
        page.keys("\u{e014}\u{e014}").await;
        page.until("a day read aloud", &format!("/^\\w+ .+: Calls [\\d,]+, Resolved/.test({said})")).await;
        page.hover_at(".plot[aria-label^='Calls per day'] canvas", 300.0, 100.0).await;
        page.until("nothing read aloud", &format!("{said} === ''")).await;
        page.until("a note", &format!("{PLOT}.querySelector('.chart-note strong')?.textContent")).await;
        assert_eq!(faults(&page).await, [""; 0]);
    });
}
