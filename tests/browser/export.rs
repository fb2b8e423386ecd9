//! What is saved: pictures, drawings, tables.

use std::collections::BTreeSet;

use callscope_core::format::long_date;
use callscope_core::period::parse_date;

use super::harness::{Browser, DEMO, Page, Plan, Proxy, Server, demo, run, saved};

/// The first file name that the daily chart is saved under, without its ending.
async fn file_stem(page: &Page) -> String {
    let (first, last): (String, String) = page
        .ask(
            "(() => { const days = new URL(performance.getEntriesByType('resource').map(entry => entry.name)\
              .filter(name => name.includes('/v1/metrics')).sort().at(-1)).searchParams; \
              const zone = days.get('timeZone'); \
              const day = instant => new Intl.DateTimeFormat('sv', { timeZone: zone }).format(new Date(instant)); \
              return [day(days.get('startDate')), day(days.get('endDate'))]; })()",
        )
        .await;
    format!("callscope-calls-per-day-{first}-{last}")
}

async fn save(page: &Page, kind: &str) {
    page.click(".chart .menu summary").await;
    page.press(kind).await;
    page.until("a closed menu", "!document.querySelector('.chart .menu').open").await;
}

/// A picture: its size, and its pixels as red, green and blue.
pub(super) struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
    pixels: Vec<[u8; 3]>,
}

pub(super) fn decoded(bytes: &[u8]) -> Picture {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut buffer = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut buffer).unwrap();
    let samples = info.color_type.samples();
    let pixels = buffer[..info.buffer_size()].chunks_exact(samples).map(|pixel| [pixel[0], pixel[1], pixel[2]]);
    Picture { width: info.width, height: info.height, pixels: pixels.collect() }
}

impl Picture {
    /// The colours between two heights.
    pub(super) fn colours(&self, from: u32, to: u32) -> BTreeSet<[u8; 3]> {
        let row = self.width as usize;
        self.pixels[from as usize * row..to as usize * row].iter().copied().collect()
    }
}

fn brightness(colour: [u8; 3]) -> u32 {
    colour.iter().map(|part| u32::from(*part)).sum()
}

#[test]
fn code_for_saving_that_does_not_arrive_is_said_and_asked_for_again() {
    run(async {
        let server = Server::demo().await;
        let proxy = Proxy::before(&server).await;
        let page = Browser::start().await.page(&proxy.origin());
        let folder = page.keep_downloads().await;
        page.sign_in(DEMO).await;
        page.open_usage("/").await;
        page.expects("503");
        page.expects("callscope");
        // Opening the menu asks for it, and so does choosing a file.
        proxy.plan("saving", 2, Plan::Instead("503 Service Unavailable", "Content-Type: text/plain\r\n", "later"));
        page.click(".chart .menu summary").await;
        page.press("CSV").await;
        page.until_text("The code that saves could not be loaded.").await;
        assert!(page.ask::<bool>("document.querySelector('.chart .menu').open").await, "the menu is closed");
        page.keep_picture("saving-not-loaded").await;
        page.press("CSV").await;
        let csv = saved(&folder.join(format!("{}.csv", file_stem(&page).await))).await;
        assert!(csv.starts_with("\u{feff}Date (".as_bytes()));
        page.click(".chart .menu summary").await;
        let is_said: bool = page.ask("document.querySelector('.chart .menu [role=alert]') !== null").await;
        assert!(!is_said, "what was mended is still said");
    });
}

/// A picture of the daily chart at one, two and three pixels, in one theme.
async fn check_pictures(theme: &str) {
    let (_server, page) = demo(DEMO).await;
    let folder = page.keep_downloads().await;
    page.theme(theme).await;
    page.open_usage("/").await;
    let stem = file_stem(&page).await;
    let mut heights = Vec::new();
    for scale in [1, 2, 3] {
        save(&page, &format!("PNG {scale}×")).await;
        let picture = decoded(&saved(&folder.join(format!("{stem}@{scale}x.png"))).await);
        assert_eq!(picture.width, 992 * scale, "{scale}×");
        heights.push(picture.height);
        let (title, drawing) =
            (picture.colours(14 * scale, 34 * scale), picture.colours(100 * scale, picture.height - 60 * scale));
        let (darkest, brightest) = (
            title.iter().copied().map(brightness).min().unwrap(),
            title.iter().copied().map(brightness).max().unwrap(),
        );
        assert!(brightest - darkest > 400, "{scale}×: no title stands in the heading: {darkest} to {brightest}");
        assert!(drawing.len() > 12, "{scale}×: the drawing has {} colours", drawing.len());
        let background = picture.pixels[0];
        assert_eq!(brightness(background) > 384, theme == "light", "{scale}×: {background:?} behind a {theme} chart");
    }
    assert!(heights[0] > 300, "{heights:?}");
    assert_eq!(heights, [heights[0], heights[0] * 2, heights[0] * 3]);
}

#[test]
fn pictures_have_their_size_a_title_and_a_drawing() {
    run(check_pictures("light"));
}

#[test]
fn pictures_of_a_dark_page_are_dark() {
    run(check_pictures("dark"));
}

#[test]
fn a_drawing_says_title_period_and_zone() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        let folder = page.keep_downloads().await;
        page.open_usage("/?zone=Asia%2FTokyo").await;
        let (stem, context) = (file_stem(&page).await, page.text(".context").await);
        let period = context.split(" · ").next().unwrap();
        save(&page, "SVG").await;
        let svg = String::from_utf8(saved(&folder.join(format!("{stem}.svg"))).await).unwrap();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
        let calls = page.tile("Calls").await;
        for part in ["Calls per day", period, "Asia/Tokyo", "Callscope · usage metrics", &format!("n {calls}")] {
            assert!(texts.iter().any(|text| text.contains(part)), "'{part}' is not in {texts:?}");
        }
    });
}

#[test]
fn a_saved_table_is_the_table_on_the_page() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        let folder = page.keep_downloads().await;
        page.open_usage("/").await;
        page.press("Table").await;
        page.until("the table", "document.querySelector('.twin tbody tr')").await;
        let shown: Vec<Vec<String>> = page
            .ask("[...document.querySelectorAll('.twin tr')].map(row => [...row.cells].map(cell => cell.textContent))")
            .await;
        let stem = file_stem(&page).await;
        save(&page, "CSV").await;
        let bytes = saved(&folder.join(format!("{stem}.csv"))).await;
        let text =
            std::str::from_utf8(&bytes).unwrap().strip_prefix('\u{feff}').expect("spreadsheets need the mark of UTF-8");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let written: Vec<Vec<String>> =
            reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        assert_eq!(written.len(), shown.len());
        assert!(written.len() >= 31, "{} lines", written.len());
        // The first heading of the file says of what days, by which clock.
        assert!(written[0][0].starts_with("Date (") && written[0][0].ends_with(" · UTC)"), "{}", written[0][0]);
        assert_eq!(written[0][1..], shown[0][1..]);
        for (written, shown) in written.iter().zip(&shown).skip(1) {
            for (written, shown) in written.iter().zip(shown) {
                assert!(is_same(written, shown), "the file has '{written}' where the page has '{shown}'");
            }
        }
    });
}

/// Whether a cell of a file is what the page shows: the same text, or the same number, which the
/// page rounds and groups, or the same day, which the page spells out; a dash is an empty cell.
fn is_same(written: &str, shown: &str) -> bool {
    if let Ok(date) = parse_date(written) {
        return long_date(date) == shown;
    }
    let plain = shown.replace(',', "").replace('−', "-");
    let decimals = plain.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let rounded = written.parse::<f64>().map(|value| format!("{value:.decimals$}"));
    written == shown
        || (written.is_empty() && shown == "–")
        || rounded.is_ok_and(|rounded| rounded == plain || rounded == format!("-{plain}"))
}

#[test]
fn a_saved_document_has_the_figures_as_numbers() {
    run(async {
        let (_server, page) = demo(DEMO).await;
        let folder = page.keep_downloads().await;
        page.open_usage("/").await;
        let stem = file_stem(&page).await;
        save(&page, "JSON").await;
        let document: serde_json::Value =
            serde_json::from_slice(&saved(&folder.join(format!("{stem}.json"))).await).unwrap();
        let calls: u64 = document["rows"].as_array().unwrap().iter().map(|row| row["Calls"].as_u64().unwrap()).sum();
        assert_eq!(calls.to_string(), page.tile("Calls").await.replace(',', ""));
        assert_eq!(document["title"], "Calls per day");
    });
}
