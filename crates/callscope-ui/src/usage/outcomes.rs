//! The list below the bar of outcomes.

use callscope_core::calls::Outcome;
use callscope_core::format;
use callscope_core::usage::OutcomeCounts;
use leptos::prelude::*;

use super::answers::Given;
use crate::piece::{Element, el, live};

/// Name, calls and share of each outcome.
pub(super) fn outcome_list(given: Given) -> AnyView {
    live(move || {
        let counts = given.answers.get().report.outcomes.unwrap_or_default();
        let heading = |label: &'static str| el("th").child(label);
        let headings = el("tr").child(heading("Outcome")).child(heading("Calls")).child(heading("Share"));
        let rows: Vec<Element> = Outcome::ALL.map(|outcome| row(counts, outcome)).into();
        el("table")
            .class("outcomes")
            .child(el("thead").class("for-ears").child(headings))
            .child(el("tbody").child(rows))
            .any()
    })
}

fn row(counts: OutcomeCounts, outcome: Outcome) -> Element {
    let share = counts.proportion(outcome).and_then(callscope_core::stats::Proportion::rate);
    let share = share.map_or_else(|| format::UNKNOWN.to_owned(), format::percent);
    let count = counts.of(outcome).map_or_else(|| format::UNKNOWN.to_owned(), format::count);
    let swatch = el("span").attr("class", format!("swatch {}", outcome.key()));
    el("tr")
        .child(el("th").attr("scope", "row").child(swatch).child(outcome.label()))
        .child(el("td").class("figure").child(count))
        .child(el("td").class("figure").child(share))
}
