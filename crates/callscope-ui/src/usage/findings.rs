//! What the audit of the answer found.

use callscope_core::{Finding, Severity};
use leptos::prelude::*;

use super::answers::Given;
use crate::piece::live;

/// A line that says how many findings there are and the first of them; the others on demand.
pub(super) fn findings(given: Given) -> AnyView {
    live(move || {
        let mut findings = given.answers.get().findings.clone();
        findings.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.code.cmp(&b.code)));
        let Some(first) = findings.first() else { return ().into_any() };
        let is_warning = first.severity == Severity::Warning;
        let class = if is_warning { "findings warning" } else { "findings" };
        let noun = if findings.len() == 1 { "finding" } else { "findings" };
        let count = format!("{} {noun}. ", findings.len());
        let first = first.sentence.clone();
        view! {
            <details class=class>
                <summary><strong>{count}</strong><span>{first}</span><u>"Details"</u></summary>
                <ul>{findings.iter().map(item).collect_view()}</ul>
            </details>
        }
        .into_any()
    })
}

fn item(finding: &Finding) -> AnyView {
    let mark = match finding.severity {
        Severity::Warning => "Contradiction",
        Severity::Note => "Note",
    };
    view! { <li><span class="pill">{mark}</span>" "<span dir="auto">{finding.sentence.clone()}</span></li> }.into_any()
}
