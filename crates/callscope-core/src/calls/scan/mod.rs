//! A page of calls, from its bytes straight to calls: no tree is built of it.
//!
//! Read are the answers of `GET /conversation` and `POST /conversation/search`, with their envelope
//! or without. A field of another type than it should be is unknown; a row without an id or a start
//! is left out and counted.
//!
//! [`plain`] decides what a page says. [`quick`] reads the usual ones several times as fast and leaves a row, or the
//! whole page, to the other where anything is unusual: both read the same, which tests hold them to.

mod bytes;
mod fields;
mod plain;
mod quick;

use super::{CallRecord, UsageFacts};
use crate::Error;
use fields::UsageFields;
use plain::Row;
use quick::Rows;

/// What a page says of itself, and how many of its rows could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageInfo {
    /// Rows on all pages.
    pub total: Option<u64>,
    /// Rows that were read.
    pub read: usize,
    /// Rows that were left out: they have no id, or no start.
    pub refused: usize,
    /// Whether there is another page, where the answer says so.
    pub has_more: Option<bool>,
}

impl PageInfo {
    fn count(&mut self, is_read: bool) {
        *(if is_read { &mut self.read } else { &mut self.refused }) += 1;
    }
}

/// Reads a page, and gives every call to `each` in the order of the page.
///
/// # Errors
/// Where the bytes are no JSON, end too early, or hold no list of calls. Calls before the place of the
/// error were given to `each` by then.
pub fn scan(bytes: &[u8], each: &mut dyn FnMut(CallRecord)) -> Result<PageInfo, Error> {
    rows(bytes, Records(each))
}

/// Reads a page, and gives the id of every call to `each` (UTF-8), and what the usage figures need of it: nothing is
/// copied for it.
///
/// # Errors
/// As [`scan`] does.
pub fn scan_usage(bytes: &[u8], each: impl FnMut(&[u8], &UsageFacts<'_>)) -> Result<PageInfo, Error> {
    rows(bytes, Usage(each))
}

/// Reads a page as [`scan`] does, with nothing but the reader that decides: what tests hold the other to.
///
/// # Errors
/// As [`scan`] does.
#[doc(hidden)]
pub fn scan_plainly(bytes: &[u8], each: &mut dyn FnMut(CallRecord)) -> Result<PageInfo, Error> {
    let mut records = Records(each);
    plain::rows(bytes, &mut |mut row| records.unusual(&mut row))
}

struct Records<'e>(&'e mut dyn FnMut(CallRecord));

impl Rows for Records<'_> {
    type Fields<'a> = Row<'a>;

    fn usual(&mut self, row: &mut Row<'_>) -> bool {
        self.unusual(row)
    }

    fn unusual(&mut self, row: &mut Row<'_>) -> bool {
        std::mem::take(row).record().map(&mut *self.0).is_some()
    }
}

struct Usage<E>(E);

impl<E: FnMut(&[u8], &UsageFacts<'_>)> Rows for Usage<E> {
    type Fields<'a> = UsageFields<'a>;

    fn usual(&mut self, fields: &mut UsageFields<'_>) -> bool {
        fields.give(&mut self.0).is_some()
    }

    fn unusual(&mut self, row: &mut Row<'_>) -> bool {
        row.usage_facts().map(|(id, facts)| (self.0)(id, &facts)).is_some()
    }
}

/// Counts what was given already.
struct Counted<R> {
    rows: R,
    given: usize,
}

impl<R: Rows> Rows for Counted<R> {
    type Fields<'a> = R::Fields<'a>;

    fn usual(&mut self, fields: &mut Self::Fields<'_>) -> bool {
        self.given += 1;
        self.rows.usual(fields)
    }

    fn unusual(&mut self, row: &mut Row<'_>) -> bool {
        self.given += 1;
        self.rows.unusual(row)
    }
}

fn rows(bytes: &[u8], rows: impl Rows) -> Result<PageInfo, Error> {
    let mut counted = Counted { rows, given: 0 };
    let quick = quick::read(bytes, &mut counted);
    quick.or_else(|quick::Unusual| {
        // From the beginning; what was given before is not given again. Facts and records are of the same rows.
        let Counted { mut rows, given: mut left } = counted;
        plain::rows(bytes, &mut |mut row| {
            if left > 0 {
                left -= 1;
                return row.usage_facts().is_some();
            }
            rows.unusual(&mut row)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = r#"{"_id": "6", "callId": "C-1", "createdAt": "2024-05-01T10:00:00.250Z", "duration": 61.5,
        "status": "completed", "name": "Zoë", "note": "a \"b\" \u00e9", "steps": [{"at": [1, -0.5, true, null]}],
        "turnLatencyMetrics": {"avgLatency": 812.5, "turns": 2}, "callscope": {"outcome": "resolved", "tokens": 3},
        "postCallAnalytics": {"summary": null, "dispositionMetrics": [{"identifier": "a", "value": "b", "more": {}}]}}"#;

    fn page(rows: &str) -> String {
        format!(r#" {{"status": true, "data": {{"logs": [{rows}], "pagination": {{"total": 2, "hasMore": false}}}}}} "#)
    }

    fn is_quick(bytes: &str) -> bool {
        quick::read(bytes.as_bytes(), &mut Records(&mut |_| {})).is_ok()
    }

    #[test]
    fn usual_pages_are_read_quickly() {
        let two = page(&format!("{ROW}, {ROW}"));
        assert!(is_quick(&two) && is_quick(&page("")) && is_quick(r#"{"logs": [], "total": 7}"#));
        let info = PageInfo { total: Some(2), read: 2, refused: 0, has_more: Some(false) };
        assert_eq!(scan(two.as_bytes(), &mut |_| {}).unwrap(), info);
    }

    #[test]
    fn rows_that_are_unusual_are_left_to_the_other_reader_one_by_one() {
        for (usual, unusual) in [
            (r#""C-1""#, r#""C-\u0031""#),
            ("61.5", "6.15e1"),
            ("61.5", "61.500000000000000000001"),
            ("61.5", "[1]"),
            (r#""status""#, r#""st\u0061tus""#),
            (r#"{"at": "#, r#"{"at": 1e5, "at": "#),
        ] {
            let odd = page(&format!("{ROW}, {}, {ROW}", ROW.replace(usual, unusual)));
            let (mut quickly, mut plainly) = (Vec::new(), Vec::new());
            let info = scan(odd.as_bytes(), &mut |call| quickly.push(call)).unwrap();
            assert!(is_quick(&odd) && info.read == 3, "{unusual}");
            assert_eq!(scan_plainly(odd.as_bytes(), &mut |call| plainly.push(call)).unwrap(), info);
            assert_eq!(quickly, plainly, "{unusual}");
        }
    }

    /// A fuzzer says which bytes stand in the place of others of a page.
    #[test]
    #[cfg(not(target_arch = "wasm32"))]
    fn pages_of_a_fuzzer_are_read_alike_by_both() {
        let usual = page(&format!("{ROW},{ROW},{ROW}"));
        bolero::check!().with_type::<Vec<(u16, u8, Vec<u8>)>>().for_each(|changes: &Vec<(u16, u8, Vec<u8>)>| {
            let mut bytes = usual.clone().into_bytes();
            for (at, removed, put) in changes {
                let at = usize::from(*at) % (bytes.len() + 1);
                let end = (at + usize::from(*removed)).min(bytes.len());
                bytes.splice(at..end, put.iter().copied());
            }
            let (mut quickly, mut plainly, mut facts) = (Vec::new(), Vec::new(), 0);
            let quick = scan(&bytes, &mut |call| quickly.push(call)).map_err(|error| error.to_string());
            let plain = scan_plainly(&bytes, &mut |call| plainly.push(call)).map_err(|error| error.to_string());
            let usage = scan_usage(&bytes, |id, of| {
                let call: &CallRecord = &plainly[facts];
                assert!((id, *of) == (call.id.as_bytes(), call.usage_facts()));
                facts += 1;
            });
            assert!(quick == plain && usage.map_err(|error| error.to_string()) == plain);
            assert!(quickly == plainly && facts == plainly.len());
        });
    }

    #[test]
    fn what_is_no_page_is_refused_and_no_call_is_given_twice() {
        for (usual, wrong) in [
            ("61.5", "061.5"),
            ("61.5", "61."),
            ("61.5", "1e999"),
            (r#""a \"b\" \u00e9""#, r#""a \x""#),
            (r#""a \"b\" \u00e9""#, "\"a\tb\""),
            (r#""status":"#, r#""callId":"#),
            (r#""turns": 2"#, r#""avgLatency": 2"#),
            ("null]", "nul]"),
            ("true,", "true,,"),
            ("}}", "}"),
        ] {
            let bad = page(&format!("{ROW}, {}", ROW.replace(usual, wrong)));
            let (mut quickly, mut plainly) = (Vec::new(), Vec::new());
            let error = scan(bad.as_bytes(), &mut |call| quickly.push(call)).unwrap_err();
            let expected = scan_plainly(bad.as_bytes(), &mut |call| plainly.push(call)).unwrap_err();
            assert_eq!(error.to_string(), expected.to_string(), "{wrong}");
            assert_eq!(quickly, plainly, "{wrong}");
        }
    }
}
