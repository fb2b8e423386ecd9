//! What the audit of the answer found.

use callscope_core::{Finding, Severity};
use leptos::prelude::*;

use crate::piece::{Element, el, nothing};

/// A line that says how many findings there are and the first of them; the others on demand.
pub(crate) fn findings_list(findings: &[Finding]) -> AnyView {
    let mut findings = findings.to_vec();
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.code.cmp(&b.code)));
    let Some(first) = findings.first() else { return nothing() };
    let is_warning = first.severity == Severity::Warning;
    let class = if is_warning { "findings warning" } else { "findings" };
    let noun = if findings.len() == 1 { "finding" } else { "findings" };
    let count = format!("{} {noun}. ", findings.len());
    let first = first.sentence.clone();
    let summary =
        el("summary").child(el("strong").child(count)).child(el("span").child(first)).child(el("u").child("Details"));
    let items: Vec<Element> = findings.iter().map(item).collect();
    el("details").class(class).child(summary).child(el("ul").child(items)).any()
}

fn item(finding: &Finding) -> Element {
    let mark = match finding.severity {
        Severity::Warning => "Contradiction",
        Severity::Note => "Note",
    };
    let sentence = el("span").attr("dir", "auto").child(finding.sentence.clone());
    el("li").child(el("span").class("pill").child(mark)).child(" ").child(sentence)
}
