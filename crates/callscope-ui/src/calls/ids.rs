//! Calls by their ids, up to a hundred at once.

use std::sync::Arc;

use callscope_client::{Problem, Source};
use callscope_core::calls::CallRecord;
use callscope_core::format;
use leptos::prelude::*;

use super::list::{ListInput, calls_table, headings};
use crate::load::{Load, use_load};
use crate::piece::{Callback, Element, State, button, effect, el, live, nothing, several};
use crate::states::{Way, failed, skeleton};

/// As many as a server takes at once.
const MOST: usize = 100;

/// What was pasted, and what came of it.
#[derive(Clone, Debug, Default)]
struct Found {
    calls: Vec<CallRecord>,
    /// Ids that no call has, or none that may be seen.
    missing: Vec<String>,
}

/// What the card is given.
#[derive(Clone, Copy)]
pub(super) struct IdsInput {
    pub(super) source: State<Source>,
    pub(super) list: ListInput,
    pub(super) on_signed_out: Callback<()>,
}

/// The ids in a text, each once, in their order: parted by spaces, commas, semicolons or new lines, with
/// or without quotation marks.
fn ids(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    let mut ids: Vec<String> = Vec::new();
    for part in parts.map(|part| part.trim_matches(['"', '\''])).filter(|part| !part.is_empty()) {
        if !ids.iter().any(|id| id == part) {
            ids.push(part.to_owned());
        }
    }
    ids
}

/// The card where ids are pasted, and below it what was found.
pub(super) fn ids_card(input: IdsInput) -> AnyView {
    let wanted = State::new(Vec::<String>::new());
    let problem = State::new(String::new());
    let typed = State::new(String::new());
    let load = use_load(
        move || {
            let ids = wanted.get();
            (!ids.is_empty()).then(|| (input.source.get(), ids))
        },
        |(source, ids)| async move {
            let mut calls = source.find_calls(&ids).await?;
            let place = |call: &CallRecord| ids.iter().position(|id| *id == call.id);
            // Each that was asked for, once, whatever the server sends.
            calls.retain(|call| place(call).is_some());
            calls.sort_by_key(place);
            calls.dedup_by(|a, b| a.id == b.id);
            let missing = ids.iter().filter(|id| !calls.iter().any(|call| call.id == **id)).cloned().collect();
            Ok(Found { calls, missing })
        },
    );
    effect(move || {
        if let Load::Failed { error, .. } = load.get()
            && error.problem == Problem::SignedOut
        {
            input.on_signed_out.run(());
        }
    });
    let find = move |event: web_sys::Event| {
        event.prevent_default();
        let found = ids(&typed.get_untracked());
        problem.set(match found.len() {
            0 => "There is no id in it.".to_owned(),
            count if count > MOST => format!("These are {count} ids; at most {MOST} can be looked for at once."),
            _ => String::new(),
        });
        if (1..=MOST).contains(&found.len()) {
            wanted.set(found);
        }
    };
    let field = el("textarea")
        .attr("rows", "4")
        .attr("aria-label", "Call ids, up to 100")
        .attr("placeholder", "CALL-1768807723178-4561d0\nCALL-1768807723177-4561cd")
        .attr("spellcheck", "false")
        .value(move || typed.get())
        .on("input", move |event| typed.set(event_target_value(&event)));
    let form = el("form")
        .on("submit", find)
        .child(field)
        .child(el("button").attr("type", "submit").class("boxed").child("Find these calls"))
        .child(el("p").class("problem").attr("role", "alert").child(crate::piece::text(move || problem.get())));
    let result = live(move || match load.get() {
        _ if wanted.with(Vec::is_empty) => nothing(),
        Load::Waiting { .. } => skeleton(),
        Load::Failed { error, .. } if error.problem == Problem::SignedOut => nothing(),
        Load::Failed { error, .. } => failed(&error, &[Way::again(Callback::new(move |()| wanted.update(|_| {})))]),
        Load::Ready(found) => result(&found, input, wanted),
    });
    let summary = el("summary").child("Find calls by their ids");
    several(vec![el("details").class("card ids").child(summary).child(form).any(), result])
}

fn result(found: &Arc<Found>, input: IdsInput, wanted: State<Vec<String>>) -> AnyView {
    let asked = found.calls.len() + found.missing.len();
    let close = button("quiet", move |_| wanted.set(Vec::new())).child("Close");
    let heading = format!("Found {} of {}", format::count(found.calls.len() as u64), format::count(asked as u64));
    let head =
        el("header").class("card-head").child(el("h2").child(heading)).child(el("span").class("tools").child(close));
    let missing = (!found.missing.is_empty()).then(|| missing(&found.missing));
    let table = (!found.calls.is_empty()).then(|| calls_table(&found.calls, headings(), input.list));
    el("section").class("card").attr("role", "status").child(head).child(missing).child(table).any()
}

fn missing(ids: &[String]) -> Element {
    let listed: Vec<Element> = ids.iter().map(|id| el("li").child(el("code").child(id.clone()))).collect();
    el("div")
        .class("missing")
        .child(el("p").class("note").child("Not found, or not yours to see:"))
        .child(el("ul").child(listed))
}

#[cfg(test)]
mod tests {
    use super::ids;

    #[test]
    fn ids_are_taken_out_of_whatever_was_pasted() {
        assert_eq!(ids("A-1\nA-2\r\n\tA-1, \"A-3\"; 'A-4'"), ["A-1", "A-2", "A-3", "A-4"]);
        assert!(ids(" ,;\n\"\"").is_empty());
    }
}
