//! The list below the bar of outcomes.

use callscope_core::calls::Outcome;
use callscope_core::format;
use callscope_core::usage::OutcomeCounts;
use leptos::prelude::*;

use super::answers::Given;
use crate::piece::live;

/// Name, calls and share of each outcome.
pub(super) fn outcome_list(given: Given) -> AnyView {
    live(move || {
        let counts = given.answers.get().report.outcomes.unwrap_or_default();
        view! {
            <table class="outcomes">
                <thead class="for-ears"><tr><th>"Outcome"</th><th>"Calls"</th><th>"Share"</th></tr></thead>
                <tbody>{Vec::from(Outcome::ALL.map(|outcome| row(counts, outcome)))}</tbody>
            </table>
        }
        .into_any()
    })
}

fn row(counts: OutcomeCounts, outcome: Outcome) -> AnyView {
    let share = counts.proportion(outcome).and_then(callscope_core::stats::Proportion::rate);
    let share = share.map_or_else(|| format::UNKNOWN.to_owned(), format::percent);
    let count = counts.of(outcome).map_or_else(|| format::UNKNOWN.to_owned(), format::count);
    view! {
        <tr>
            <th scope="row"><span class=format!("swatch {}", outcome.key())></span>{outcome.label()}</th>
            <td class="figure">{count}</td>
            <td class="figure">{share}</td>
        </tr>
    }
    .into_any()
}
