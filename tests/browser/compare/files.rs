//! What is saved.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{plain, rows, story_page, text};
use crate::browser::export::decoded;
use crate::browser::harness::{Page, run, saved};

/// Saves the whole comparison, and gives the one file of that kind that came.
async fn save(page: &Page, folder: &Path, kind: &str, ending: &str) -> (String, Vec<u8>) {
    page.click(".title .menu summary").await;
    page.press(kind).await;
    page.until("a closed menu", "!document.querySelector('.title .menu').open").await;
    let found = || -> Vec<PathBuf> {
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| path.to_string_lossy().ends_with(ending)).collect()
    };
    let end = Instant::now() + Duration::from_secs(15);
    while found().is_empty() {
        assert!(Instant::now() < end, "no file that ends with {ending} was saved");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    let bytes = saved(&found()[0]).await;
    assert_eq!(found().len(), 1, "{:?}", found());
    (found()[0].file_name().unwrap().to_string_lossy().into_owned(), bytes)
}

#[test]
fn the_whole_comparison_is_saved_as_one_picture() {
    run(async {
        let (_server, page, _story) = story_page().await;
        let folder = page.keep_downloads().await;
        let (name, bytes) = save(&page, &folder, "PNG 2×", ".png").await;
        assert!(name.starts_with("callscope-comparison-card-services-v1-v2-20") && name.ends_with("@2x.png"), "{name}");
        let picture = decoded(&bytes);
        println!("{name}: {} × {}, {} bytes", picture.width, picture.height, bytes.len());
        assert_eq!(picture.width, 2 * (960 + 32));
        // Without the lowest of its four charts it would be lower.
        assert!(picture.height > 2 * 1300, "{}", picture.height);
        // From top to bottom something stands everywhere.
        let band = 400;
        for from in (0..picture.height - band).step_by(band as usize) {
            let colours = picture.colours(from, from + band);
            assert!(colours.len() > 12, "from {from} on there are {} colours", colours.len());
        }
    });
}

/// The story's figures as a file holds them: unit, A, B.
fn story_figures() -> Vec<(&'static str, &'static str, f64, f64)> {
    let share = |a: f64, b: f64| (a / 1250.0, b / 1400.0);
    let rate = |name, (a, b)| (name, "fraction", a, b);
    vec![
        rate("Completion rate", share(1100.0, 1250.0)),
        rate("Ended by user", share(700.0, 780.0)),
        rate("Ended by agent", share(400.0, 400.0)),
        rate("Ended by system", share(150.0, 220.0)),
        ("Calls", "calls", 1250.0, 1400.0),
        ("Answered calls", "calls", 1100.0, 1250.0),
        ("Average duration", "seconds", 32.0, 28.0),
        ("Cost (credits)", "credits", 451.25, 480.2),
        ("Cost per call (credits)", "credits", 0.361, 0.343),
        ("Cost per answered call (credits)", "credits", 451.25 / 1100.0, 480.2 / 1250.0),
        ("Cost per minute (credits)", "credits", 0.361 / 32.0 * 60.0, 0.343 / 28.0 * 60.0),
    ]
}

#[test]
fn the_saved_table_holds_all_figures() {
    run(async {
        let (_server, page, _story) = story_page().await;
        let folder = page.keep_downloads().await;
        let (_, bytes) = save(&page, &folder, "CSV", ".csv").await;
        let text = std::str::from_utf8(&bytes).unwrap().strip_prefix('\u{feff}').expect("the mark of UTF-8");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headings = reader.headers().unwrap().clone();
        assert!(headings[0].starts_with("Figure (Card services · "), "{headings:?}");
        let written: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let names: Vec<&str> = written.iter().map(|record| &record[0]).collect();
        let on_page: Vec<String> = rows(&page).await.into_iter().map(|row| row[0].clone()).collect();
        assert_eq!(names, on_page);
        assert_eq!(written.len(), story_figures().len(), "{names:?}");
        for (record, (name, unit, a, b)) in written.iter().zip(story_figures()) {
            assert_eq!((&record[0], &record[1]), (name, unit));
            for (cell, value) in record.iter().skip(2).zip([a, b, b - a]) {
                let written: f64 = cell.parse().unwrap_or_else(|_| panic!("{record:?}"));
                assert!((written - value).abs() < 1e-4, "{name}: {written} is not {value}");
            }
            let interval: Vec<f64> = [5, 6].iter().filter_map(|at| record[*at].parse().ok()).collect();
            let is_rate = unit == "fraction";
            assert_eq!(interval.len(), if is_rate { 2 } else { 0 }, "{record:?}");
            assert!(!is_rate || interval[0] < b - a && b - a < interval[1], "{record:?}");
        }
    });
}

#[test]
fn the_saved_drawing_is_well_formed_and_says_what_it_is_of() {
    run(async {
        let (_server, page, _story) = story_page().await;
        let folder = page.keep_downloads().await;
        let context = text(&page, ".context").await;
        let (_, bytes) = save(&page, &folder, "SVG", ".svg").await;
        let svg = String::from_utf8(bytes).unwrap();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let texts: Vec<String> =
            document.descendants().filter_map(|node| node.text()).map(|text| plain(text.trim())).collect();
        for part in [
            "Comparison",
            &context,
            "Callscope · compare metrics · calls up to 20",
            "1.3 points higher",
            "Completion rate",
            "89.3 %",
            "not settled yet",
            "many looks",
            "Differences, B minus A",
            "Who ended the calls",
            "Completion rate by day",
            "When each version ran",
            "Configuration: 4 changes in 3 sections.",
        ] {
            assert!(texts.iter().any(|text| text.contains(part)), "'{part}' is not in {texts:?}");
        }
        for (name, ..) in story_figures() {
            assert!(texts.iter().any(|text| text == name), "'{name}' is not in {texts:?}");
        }
    });
}
