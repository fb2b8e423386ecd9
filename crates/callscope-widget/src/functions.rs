//! The pure functions of core, for data teams in JavaScript: no page, no network, no clock.
//!
//! What they give has the shapes of core's own types, whose TypeScript is generated from them.

use std::cell::RefCell;

use callscope_core::calls::{PagedCalls, PagedSums};
use callscope_core::compare::{self, Basis, Figure, figures, named_versions, verdict};
use callscope_core::period::{Date, DateRange, Zone, parse_date};
use callscope_core::postcall::{PostCallConfig, lint};
use callscope_core::usage::{self, AgentEntry, Narrowing, UsageReport, named_days};
use callscope_core::wire::Field;
use callscope_core::{Error, ErrorKind, Finding};
use js_sys::{JSON, Uint8Array};
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;

use crate::failure::error;

/// Where it is of no account which day it is.
const NO_DAY: Date = Date::constant(1970, 1, 1);

/// Something read, with what was found in it.
#[derive(Serialize)]
struct Checked<T> {
    #[serde(flatten)]
    read: T,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Report {
    report: UsageReport,
}

#[derive(Serialize)]
struct Comparison {
    comparison: compare::Comparison,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Compared {
    verdict: String,
    rests_on: String,
    basis: Basis,
    figures: Vec<Labelled>,
}

#[derive(Serialize)]
struct Labelled {
    label: String,
    #[serde(flatten)]
    figure: Figure,
}

/// Reads and checks a usage report. Days that are not named are those of the report.
///
/// # Errors
/// A real `Error` with a code, where it is none.
#[wasm_bindgen(js_name = parseUsage)]
#[expect(clippy::needless_pass_by_value, reason = "it is what JavaScript gives")]
pub fn parse_usage(input: &JsValue, from: Option<String>, to: Option<String>) -> Result<JsValue, JsValue> {
    let answer = tree(input)?;
    let named = days(from.as_deref(), to.as_deref())?.or_else(|| named_days(&answer));
    let asked = |range| usage::Asked { range, narrowing: Narrowing::default() };
    let Some(range) = named else {
        // What is no report at all is called so first.
        usage::parse_tree(answer, &asked(DateRange::day(NO_DAY))).map_err(thrown)?;
        return Err(error("bad-value", "The report names no days: say which they are, by 'from' and 'to'."));
    };
    let asked = asked(range);
    let (report, findings) = usage::parse_tree(answer, &asked).map_err(thrown)?;
    given(&Checked { read: Report { report }, findings })
}

/// Reads and checks a comparison, whichever versions it is of.
///
/// # Errors
/// As [`parse_usage`].
#[wasm_bindgen(js_name = parseComparison)]
pub fn parse_comparison(input: &JsValue) -> Result<JsValue, JsValue> {
    let (comparison, findings) = comparison_of(input)?;
    given(&Checked { read: Comparison { comparison }, findings })
}

/// What may be said of a comparison: its verdict, and every figure with its difference, interval and claim. `is_over`
/// says that no more calls come in; else the answer itself is asked.
///
/// # Errors
/// As [`parse_usage`].
#[wasm_bindgen(js_name = compare)]
pub fn compare_versions(input: &JsValue, is_over: bool) -> Result<JsValue, JsValue> {
    let (comparison, findings) = comparison_of(input)?;
    let basis = if is_over { Basis::Fixed } else { Basis::of(None, NO_DAY, comparison.context.as_ref()) };
    let figures = figures(&comparison, basis);
    let verdict = verdict(&comparison, &figures, basis);
    let labelled = |figure: Figure| Labelled { label: figure.kind.label(), figure };
    let (plain, rests_on) = (verdict.plain(), verdict.rests_on);
    let figures = figures.into_iter().map(labelled).collect();
    given(&Checked { read: Compared { verdict: plain, rests_on, basis, figures }, findings })
}

/// Everything that is wrong with a configuration of post-call metrics, each with its mend.
///
/// # Errors
/// As [`parse_usage`].
#[wasm_bindgen(js_name = lintMetrics)]
pub fn lint_metrics(input: &JsValue) -> Result<JsValue, JsValue> {
    let config = PostCallConfig::read(&tree(input)?).map_err(thrown)?;
    given(&lint(&config))
}

/// Calls on their way to a usage report, page by page.
#[wasm_bindgen]
pub struct CallSum {
    calls: PagedCalls,
    /// The bytes of a page, kept from one to the next.
    page: Vec<u8>,
}

#[wasm_bindgen]
impl CallSum {
    /// No calls yet; days are cut by a zone, and only those that are named count.
    ///
    /// # Errors
    /// A real `Error` with a code, where there is no such zone or day.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::needless_pass_by_value, reason = "it is what JavaScript gives")]
    pub fn new(time_zone: &str, from: Option<String>, to: Option<String>) -> Result<Self, JsValue> {
        let unknown = || error("bad-value", &format!("There is no time zone '{time_zone}'."));
        let zone = zone(time_zone).ok_or_else(unknown)?;
        Ok(Self { calls: PagedCalls::new(zone, days(from.as_deref(), to.as_deref())?), page: Vec::new() })
    }

    /// Takes a page of calls in; gives how many calls it read.
    ///
    /// # Errors
    /// A real `Error` with a code, where it is no page of calls. Calls before the fault are taken in.
    pub fn add(&mut self, input: &JsValue) -> Result<usize, JsValue> {
        read_into(&mut self.page, input)?;
        self.calls.add(&self.page).map(|info| info.read).map_err(thrown)
    }

    /// Knows the calls of a page that another worker takes in, just before the next one.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub fn pass(&mut self, input: &JsValue) -> Result<(), JsValue> {
        read_into(&mut self.page, input)?;
        self.calls.pass(&self.page).map_err(thrown)
    }

    /// What was taken in so far, for [`Self::merge`].
    ///
    /// # Errors
    /// A real `Error` with a code, where it cannot be written.
    pub fn sums(&self) -> Result<Vec<u8>, JsValue> {
        self.calls.sums().to_bytes().map_err(thrown)
    }

    /// Takes in what another worker took in.
    ///
    /// # Errors
    /// A real `Error` with a code, where it is nothing of the kind.
    pub fn merge(&mut self, sums: &[u8]) -> Result<(), JsValue> {
        self.calls.merge(&PagedSums::from_bytes(sums).map_err(thrown)?);
        Ok(())
    }

    /// The report of all calls that were taken in.
    ///
    /// # Errors
    /// A real `Error` with a code, where there were none and no days were named.
    pub fn finish(&self) -> Result<JsValue, JsValue> {
        let none = || error("bad-value", "There were no calls: say of which days the report is, by 'from' and 'to'.");
        let range = self.calls.days().map_err(thrown)?.ok_or_else(none)?;
        let PagedSums { summary, refused } = self.calls.sums();
        let entry = |id: &str| AgentEntry { id: id.to_owned(), name: id.to_owned(), status: "active".to_owned() };
        let directory: Vec<AgentEntry> = summary.agents().into_keys().map(entry).collect();
        let data = usage::answer(summary, range, &directory);
        let answer = usage::wire::Answer { data: Field::Value(data), ..usage::wire::Answer::default() };
        let asked = usage::Asked { range, narrowing: Narrowing::default() };
        let (report, findings) = usage::check_answer(answer, &asked).map_err(thrown)?;
        given(&Checked { read: Summed { report, calls: summary.calls(), refused: *refused }, findings })
    }
}

#[derive(Serialize)]
struct Summed {
    report: UsageReport,
    calls: u64,
    refused: u64,
}

/// The offsets of a zone by its name, asked of the browser once in a row: it takes ten milliseconds.
fn zone(name: &str) -> Option<Zone> {
    /// Calls before and after these years are counted by the offsets of the first and last day: 2000 to 2100.
    const SPAN_MS: (i64, i64) = (946_684_800_000, 4_102_444_800_000);
    thread_local! { static LAST: RefCell<Option<Zone>> = const { RefCell::new(None) }; }
    LAST.with_borrow_mut(|last| {
        if last.as_ref().is_none_or(|zone| zone.name() != name) {
            *last = Some(callscope_ui::zone(name, SPAN_MS.0, SPAN_MS.1)?);
        }
        last.clone()
    })
}

fn comparison_of(input: &JsValue) -> Result<(compare::Comparison, Vec<Finding>), JsValue> {
    let answer = tree(input)?;
    let [version_a, version_b] = named_versions(&answer);
    compare::parse_tree(answer, &compare::Asked { version_a, version_b, range: None }).map_err(thrown)
}

fn days(from: Option<&str>, to: Option<&str>) -> Result<Option<DateRange>, JsValue> {
    let (Some(from), Some(to)) = (from, to) else {
        let lacking = || error("bad-value", "'from' and 'to' belong together: both days count.");
        return if from.is_none() && to.is_none() { Ok(None) } else { Err(lacking()) };
    };
    let range = parse_date(from).and_then(|from| DateRange::new(from, parse_date(to)?));
    range.map(Some).map_err(thrown)
}

/// JSON as bytes: bytes as they are (the script makes an array of any others), a text, or anything else that can be
/// written as JSON.
fn bytes(input: &JsValue) -> Result<Vec<u8>, JsValue> {
    let mut bytes = Vec::new();
    read_into(&mut bytes, input)?;
    Ok(bytes)
}

/// Puts JSON as bytes in the place of other bytes.
fn read_into(bytes: &mut Vec<u8>, input: &JsValue) -> Result<(), JsValue> {
    if let Some(array) = input.dyn_ref::<Uint8Array>() {
        bytes.resize(array.length() as usize, 0);
        array.copy_to(bytes);
    } else if let Some(text) = input.as_string() {
        *bytes = text.into_bytes();
    } else {
        *bytes = serde_json::to_vec(&tree(input)?).map_err(|cause| thrown(cause.into()))?;
    }
    Ok(())
}

/// JSON as a tree.
fn tree(input: &JsValue) -> Result<Value, JsValue> {
    if input.is_instance_of::<Uint8Array>() || input.is_string() {
        return serde_json::from_slice(&bytes(input)?).map_err(|cause| thrown(cause.into()));
    }
    serde_wasm_bindgen::from_value(input.clone()).map_err(|cause| error("bad-json", &cause.to_string()))
}

/// A value for JavaScript: plain objects, `null` for what is unknown.
fn given(value: &impl Serialize) -> Result<JsValue, JsValue> {
    // As a text, which an engine reads several times as fast as objects are made from here one by one.
    let text = serde_json::to_string(value).map_err(|cause| error("bad-value", &cause.to_string()))?;
    JSON::parse(&text)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn thrown(cause: Error) -> JsValue {
    let code = match cause.kind() {
        ErrorKind::Syntax => "bad-json",
        ErrorKind::Shape => "bad-shape",
        ErrorKind::Invalid => "bad-value",
    };
    error(code, &cause.to_string())
}
