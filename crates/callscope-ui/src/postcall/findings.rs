//! What the linter found.

use callscope_core::Severity;
use callscope_core::postcall::Lint;
use leptos::prelude::*;

use crate::piece::{Element, el, nothing};

/// What is wrong, with the fix of each; nothing where nothing is.
pub(super) fn lint_list<'l>(lints: impl Iterator<Item = &'l Lint>) -> AnyView {
    let items: Vec<Element> = lints.map(lint_item).collect();
    if items.is_empty() { nothing() } else { el("ul").class("lints").child(items).any() }
}

fn lint_item(lint: &Lint) -> Element {
    let (class, mark) = match lint.severity {
        Severity::Warning => ("lint warning", "Warning"),
        Severity::Note => ("lint", "Note"),
    };
    el("li")
        .class(class)
        .child(el("span").class("pill").child(mark))
        .child(el("span").attr("dir", "auto").child(lint.sentence.clone()))
        .child(" ")
        .child(el("strong").attr("dir", "auto").child(lint.fix.clone()))
}

/// How many there are of each kind, in words.
pub(super) fn lint_count(lints: &[Lint]) -> String {
    let of = |severity| lints.iter().filter(|lint| lint.severity == severity).count();
    let words =
        |count: usize, noun: &str| (count > 0).then(|| format!("{count} {noun}{}", if count == 1 { "" } else { "s" }));
    let parts = [words(of(Severity::Warning), "warning"), words(of(Severity::Note), "note")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "nothing found wrong".to_owned() } else { parts.join(", ") }
}
