//! What the audit of the answer found.

use callscope_core::{Finding, Severity};
use leptos::prelude::*;

/// A line that says how many findings there are and the first of them; the others on demand.
#[component]
pub(super) fn Findings(
    /// The findings, of any order.
    findings: Signal<Vec<Finding>>,
) -> impl IntoView {
    let sorted = move || {
        let mut findings = findings.get();
        findings.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.code.cmp(&b.code)));
        findings
    };
    let is_warning =
        move || findings.with(|findings| findings.iter().any(|finding| finding.severity == Severity::Warning));
    let line = move || {
        let findings = sorted();
        let first = findings.first().map(|finding| finding.sentence.clone()).unwrap_or_default();
        let count = findings.len();
        let noun = if count == 1 { "finding" } else { "findings" };
        view! { <strong>{format!("{count} {noun}.")}</strong>" "<span>{first}</span> }
    };
    let list = move || {
        let item = |finding: Finding| {
            let mark = match finding.severity {
                Severity::Warning => "Contradiction",
                Severity::Note => "Note",
            };
            view! { <li><span class="pill">{mark}</span>" "<span dir="auto">{finding.sentence}</span></li> }
        };
        sorted().into_iter().map(item).collect_view()
    };
    view! {
        <Show when=move || findings.with(|findings| !findings.is_empty())>
            <details class="findings" class:warning=is_warning>
                <summary><span aria-hidden="true">{move || if is_warning() { "⚠" } else { "ⓘ" }}</span>" "{line}<u>"Details"</u></summary>
                <ul>{list}</ul>
            </details>
        </Show>
    }
}
