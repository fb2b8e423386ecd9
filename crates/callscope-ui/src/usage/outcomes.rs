//! The list below the bar of outcomes.

use callscope_core::calls::Outcome;
use callscope_core::format;
use callscope_core::usage::UsageReport;
use leptos::prelude::*;

/// Name, calls and share of each outcome.
#[component]
pub(super) fn OutcomeList(
    /// The report shown.
    report: Signal<Option<UsageReport>>,
) -> impl IntoView {
    let rows = move || {
        report.with(|report| {
            let counts = report.as_ref().and_then(|report| report.outcomes).unwrap_or_default();
            let row = |outcome: Outcome| {
                let share = counts.proportion(outcome).and_then(callscope_core::stats::Proportion::rate);
                let share = share.map_or_else(|| format::UNKNOWN.to_owned(), format::percent);
                let count = counts.of(outcome).map_or_else(|| format::UNKNOWN.to_owned(), format::count);
                view! {
                    <tr>
                        <th scope="row"><span class=format!("swatch {}", outcome.key())></span>{label(outcome)}</th>
                        <td class="figure">{count}</td>
                        <td class="figure">{share}</td>
                    </tr>
                }
            };
            Outcome::ALL.map(row).collect_view()
        })
    };
    view! {
        <table class="outcomes">
            <thead class="for-ears"><tr><th>"Outcome"</th><th>"Calls"</th><th>"Share"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn label(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Resolved => "Resolved",
        Outcome::Transferred => "Transferred",
        Outcome::Abandoned => "Abandoned",
        Outcome::Other => "Other",
    }
}
