//! The quick reader of pages beside the one that decides: they read the same of any bytes, or both refuse.

use callscope_core::Error;
use callscope_core::calls::{CallRecord, PageInfo, scan, scan_plainly, scan_usage};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

/// What pages are spoiled with: marks of JSON, figures, escapes, parts of characters, names that are read.
const PIECES: [&[u8]; 34] = [
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"-",
    b"0",
    b"1e5",
    b".",
    b"e",
    b" ",
    b"\n",
    b"\0",
    b"null",
    b"true",
    b"\\u00e9",
    b"\\ud800",
    b"\xc3",
    b"\xc3\xa9",
    b"\xff",
    b"\"callId\":",
    b"\"data\":",
    b"\"logs\":[",
    b"\"total\":",
    b"99999999999999999999",
    b"0.1",
    b"[[[[[[[[",
    b"\"createdAt\":\"2024-05-01T10:00:00Z\"",
    b"1e999",
    b"\x7f",
    b"\"duration\":1,",
];

fn page() -> Value {
    // The second row has an escape where the quick reader takes none: it leaves that row to the other.
    let row = |id: &str, to: &str| {
        json!({
            "_id": "66", "callId": id, "agentId": "a-1", "campaignId": null, "status": "completed", "type": "webcall",
            "from": "+1", "to": to, "duration": 61.25, "disconnectionReason": "user_hangup", "callCost": 0.125,
            "createdAt": "2024-05-01T10:00:00.250Z", "isTest": false, "versionId": "v", "versionNumber": 3,
            "turnLatencyMetrics": {"avgLatency": 812.5, "latencies": [1, 2.5, -3]},
            "postCallAnalytics": {"summary": "a\nb", "dispositionMetrics": [
                {"identifier": "x", "value": "y", "confidence": 0.5}, {"identifier": "n", "value": 4}]},
            "callscope": {"outcome": "resolved", "responseMs": 321.5, "positiveSentiment": true, "corrections": 1,
                "cachedTokens": 5, "allTokens": 9, "transcriptConfidence": 0.75, "toolCalls": 2, "toolErrors": 0}
        })
    };
    json!({"status": true, "data": {"logs": [row("C-1", "Zoë"), row("C-2", "Zoë \"z\"")], "pagination": {"total": 94, "hasMore": true}}})
}

/// A piece that is put in the place of some bytes.
type Change = (Index, usize, &'static [u8]);

fn spoiled(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    changes.iter().fold(bytes.to_vec(), |mut bytes, (at, removed, piece)| {
        let at = at.index(bytes.len() + 1);
        let end = (at + removed).min(bytes.len());
        bytes.splice(at..end, piece.iter().copied());
        bytes
    })
}

fn told(result: Result<PageInfo, Error>) -> Result<PageInfo, String> {
    result.map_err(|error| error.to_string())
}

#[track_caller]
fn check_readers_agree(bytes: &[u8]) {
    let text = || String::from_utf8_lossy(bytes).into_owned();
    let (mut quickly, mut plainly): (Vec<CallRecord>, Vec<CallRecord>) = (Vec::new(), Vec::new());
    let quick = told(scan(bytes, &mut |call| quickly.push(call)));
    let plain = told(scan_plainly(bytes, &mut |call| plainly.push(call)));
    assert_eq!(quick, plain, "{}", text());
    assert_eq!(quickly, plainly, "{}", text());
    let mut facts = plainly.iter().map(|call| (call.id.as_bytes(), call.usage_facts()));
    let usage = scan_usage(bytes, |id, of| assert_eq!(Some((id, *of)), facts.next(), "{}", text()));
    assert_eq!(told(usage), plain, "{}", text());
    assert!(facts.next().is_none(), "{}", text());
}

#[test]
fn a_page_cut_anywhere_is_refused_by_both() {
    let bytes = serde_json::to_vec(&page()).unwrap();
    for end in 0..=bytes.len() {
        check_readers_agree(&bytes[..end]);
    }
}

/// A single byte more, or another one, in every place of a page.
#[test]
fn a_piece_in_any_place_is_read_alike_by_both() {
    let bytes = serde_json::to_vec(&page()).unwrap();
    for at in 0..bytes.len() {
        for piece in PIECES {
            check_readers_agree(&[&bytes[..at], piece, &bytes[at..]].concat());
            check_readers_agree(&[&bytes[..at], piece, &bytes[at + 1..]].concat());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..super::config() })]

    #[test]
    fn spoiled_pages_are_read_alike_by_both(
        is_pretty: bool,
        changes in vec((any::<Index>(), 0_usize..6, select(PIECES.to_vec())), 1..5),
    ) {
        let page = page();
        let written = if is_pretty { serde_json::to_vec_pretty(&page) } else { serde_json::to_vec(&page) };
        check_readers_agree(&spoiled(&written.unwrap(), &changes));
    }

    #[test]
    fn any_value_in_any_field_is_read_alike_by_both(place in 0_usize..64, value in super::answers::any_json()) {
        let mut page = page();
        let row = page["data"]["logs"][0].as_object_mut().unwrap();
        let names: Vec<String> = row.keys().cloned().chain(["other".to_owned()]).collect();
        row.insert(names[place % names.len()].clone(), value);
        check_readers_agree(&serde_json::to_vec(&page).unwrap());
    }
}
