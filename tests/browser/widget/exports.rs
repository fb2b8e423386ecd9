//! What is saved by a script: pictures, drawings, tables.

use std::time::Duration;

use base64::Engine as _;
use serde_json::json;

use super::requests::behind_proxy;
use super::{REPORT, add, all_drawn, blank};
use crate::browser::export::{Picture, decoded};
use crate::browser::harness::{Page, Plan, run};

/// The picture of the first report.
async fn picture(page: &Page, options: &str) -> Picture {
    let script = format!(
        "return {REPORT}.exportPng({options}).then(async blob => {{ if (blob.type !== 'image/png') throw new Error(blob.type); \
         const bytes = new Uint8Array(await blob.arrayBuffer()); let text = ''; \
         for (const byte of bytes) text += String.fromCharCode(byte); return btoa(text); }})"
    );
    let bytes = page.run(&script).await;
    decoded(&base64::engine::general_purpose::STANDARD.decode(bytes.as_str().unwrap()).unwrap())
}

fn is_light(picture: &Picture) -> bool {
    let first = picture.colours(0, 1).into_iter().next().unwrap();
    first.iter().map(|part| u32::from(*part)).sum::<u32>() > 384
}

#[test]
fn pictures_are_real_and_have_their_size_and_theme() {
    run(async {
        let (_server, page) = blank().await;
        for view in ["daily", "agents", "usage", "compare"] {
            page.run("document.querySelector('main').replaceChildren()").await;
            add(&page, &[("view", view), ("time-zone", "UTC"), ("theme", "light")]).await;
            all_drawn(&page).await;
            let one = picture(&page, "{ scale: 1 }").await;
            let three = picture(&page, "{ scale: 3, theme: 'dark' }").await;
            assert_eq!((one.width, three.width), (992, 992 * 3), "{view}");
            assert_eq!(three.height, one.height * 3, "{view}");
            assert!(is_light(&one) && !is_light(&three), "{view}: its theme is another");
            assert!(one.colours(60, one.height - 40).len() > 8, "{view}: nothing is drawn");
            // The whole report is taller than any of its charts.
            assert_eq!(one.height > 1000, ["usage", "compare"].contains(&view), "{view}: {} high", one.height);
        }
    });
}

#[test]
fn drawings_and_tables_say_what_they_are_of() {
    run(async {
        let (_server, page) = blank().await;
        add(&page, &[("view", "daily"), ("time-zone", "Asia/Tokyo"), ("from", "2026-11-01"), ("to", "2026-11-07")])
            .await;
        all_drawn(&page).await;
        let svg = page.run(&format!("return {REPORT}.exportSvg({{ theme: 'dark' }})")).await;
        let document = roxmltree::Document::parse(svg.as_str().unwrap()).unwrap();
        let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
        for part in ["Calls per day", "1–7 Nov 2026", "Asia/Tokyo", "n ", "Callscope · usage metrics"] {
            assert!(texts.iter().any(|text| text.contains(part)), "'{part}' is not in {texts:?}");
        }
        let csv = page.run(&format!("return {REPORT}.exportCsv()")).await;
        let mut reader = csv::Reader::from_reader(csv.as_str().unwrap().as_bytes());
        assert!(reader.headers().unwrap()[0].contains("1–7 Nov 2026 · Asia/Tokyo"), "{:?}", reader.headers());
        assert_eq!(reader.records().count(), 7);
    });
}

#[test]
fn what_cannot_be_saved_is_refused_with_a_code() {
    run(async {
        let (_server, proxy, page) = behind_proxy().await;
        proxy.plan("/conversation", 9, Plan::Late(Duration::from_secs(2)));
        add(&page, &[("view", "calls"), ("time-zone", "UTC")]).await;
        let code = |call: &str| {
            format!(
                "return {REPORT}.{call}.then(() => null, error => [Object.prototype.toString.call(error), error.code])"
            )
        };
        assert_eq!(page.run(&code("exportCsv()")).await, json!(["[object Error]", "nothing-shown"]));
        all_drawn(&page).await;
        assert_eq!(page.run(&code("exportPng()")).await, json!(["[object Error]", "no-picture"]));
        assert_eq!(page.run(&code("exportPng({ scale: 9 })")).await, json!(["[object Error]", "bad-scale"]));
        assert_eq!(page.run(&code("exportCsv()")).await, json!(null));
    });
}
