//! The list of calls, and its pages.

use std::sync::Arc;

use callscope_core::calls::{CallRecord, CallSort};
use callscope_core::export::{Cell, Column, Table};
use callscope_core::format;
use leptos::prelude::*;

use super::answers::{Answers, Given};
use super::selection::CallSelection;
use crate::chart::{ExportInput, whole_menu};
use crate::piece::{Callback, Derived, Element, IntoChild as _, button, el, live, text};
use crate::stacked::{cell, column, row, row_head, stacked};

/// What the list is given.
#[derive(Clone, Copy)]
pub(super) struct ListInput {
    pub(super) given: Given,
    pub(super) selection: Derived<CallSelection>,
    pub(super) on_select: Callback<CallSelection>,
}

/// The card of the list.
pub(super) fn list_card(input: ListInput) -> AnyView {
    let ListInput { given, .. } = input;
    let is_open = given.are_numbers_open;
    let numbers = button("quiet", move |_| is_open.update(|open| *open = !*open))
        .says("aria-pressed", move || is_open.get())
        .child("Show numbers");
    let menu = whole_menu(ExportInput {
        layout: None,
        height_css_px: Arc::new(|| 0.0),
        texts: given.texts(),
        table: Arc::new(move || table(given)),
    });
    let head = el("header")
        .class("card-head")
        .child(el("h2").child("Calls"))
        .child(el("span").class("note").child("numbers are masked until you ask for them"))
        .child(el("span").class("tools").child(numbers).child(menu));
    let body = live(move || {
        let answers = given.get();
        if answers.page.calls.is_empty() {
            let why = match answers.pages() {
                Some(pages @ 2..) => format!("There are {} pages; this is none of them.", format::count(pages)),
                _ => "No calls here. Choose other days or fewer filters.".to_owned(),
            };
            return el("p").class("nothing").child(why).any();
        }
        calls_table(&answers.page.calls, HEADINGS.map(|of| heading(of, input)).into(), input).any()
    });
    el("section").class("card").child(head).child(body).child(live(move || pager(input))).any()
}

/// Calls as a table that scrolls by itself where it is wider than the page; on a phone each is laid out in lines.
pub(super) fn calls_table(calls: &[CallRecord], headings: Vec<Element>, input: ListInput) -> Element {
    let answers = input.given.get();
    let rows: Vec<Element> =
        calls.iter().map(|call| call_row(&answers, call, input, opener(&answers, call, input))).collect();
    el("div")
        .class("scroll")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", "Calls, table")
        .child(stacked("agents calls lined", None, headings, rows))
}

/// A column: its name, what it sorts by, and its class.
#[derive(Clone, Copy)]
struct HeadingOf {
    label: &'static str,
    sort: Option<CallSort>,
    class: &'static str,
}

const HEADINGS: [HeadingOf; 8] = [
    HeadingOf { label: "Started", sort: Some(CallSort::Started), class: "" },
    HeadingOf { label: "Agent", sort: None, class: "" },
    HeadingOf { label: "From", sort: None, class: "wide" },
    HeadingOf { label: "Duration", sort: Some(CallSort::Duration), class: "figure" },
    HeadingOf { label: "Outcome", sort: None, class: "" },
    HeadingOf { label: "Ended because", sort: None, class: "wide" },
    HeadingOf { label: "Latency", sort: Some(CallSort::Latency), class: "figure wide" },
    HeadingOf { label: "Cost", sort: None, class: "figure wide" },
];

fn heading(of: HeadingOf, input: ListInput) -> Element {
    let cell = column().class(of.class);
    let Some(sort) = of.sort else { return cell.child(of.label) };
    let direction = move || {
        let (by, ascending) = input.selection.with(|selection| (selection.sort, selection.is_ascending));
        (by == sort).then_some(ascending)
    };
    let spoken = move || match direction() {
        Some(true) => "ascending".to_owned(),
        Some(false) => "descending".to_owned(),
        None => "none".to_owned(),
    };
    let arrow = move || match direction() {
        Some(true) => " ↑".to_owned(),
        Some(false) => " ↓".to_owned(),
        None => String::new(),
    };
    let turn = move |_| {
        let now = input.selection.get_untracked();
        input.on_select.run(now.changed(|next| {
            next.is_ascending = now.sort == sort && !now.is_ascending;
            next.sort = sort;
        }));
    };
    let arrow = el("span").attr("aria-hidden", "true").child(text(arrow));
    cell.live_attr("aria-sort", spoken).child(button("sorter", turn).child(of.label).child(arrow))
}

/// What opens a call, and says when it started.
pub(super) fn opener(answers: &Answers, call: &CallRecord, input: ListInput) -> Element {
    let id = call.id.clone();
    let open = move |_| {
        let next = CallSelection { call_id: Some(id.clone()), ..input.selection.get_untracked() };
        input.on_select.run(next);
    };
    button("name", open).child(answers.started(call))
}

/// A call as a row, with what opens it.
pub(super) fn call_row(answers: &Answers, call: &CallRecord, input: ListInput, opener: Element) -> Element {
    let unknown = || format::UNKNOWN.to_owned();
    let agent = answers.agent_name(call.agent_id.as_deref());
    let version = call.version_number.map(|number| el("small").child(format!("v{number}")));
    let test = call.is_test.then(|| el("span").class("pill").child("test"));
    let told = |class: &'static str, words: String| cell().class(class).child(words);
    let outcome = call.outcome();
    let swatch = el("span").attr("class", format!("swatch {}", outcome.key())).attr("aria-hidden", "true");
    row()
        .child(row_head().child(opener).child(test))
        .child(cell().child(el("span").attr("dir", "auto").child(agent)).child(version))
        .child(cell().class("wide").child(input.given.number(call.from.as_ref())))
        .child(told("figure", call.duration_ms.map_or_else(unknown, |ms| format::clock(ms as f64 / 1000.0))))
        .child(cell().class("outcome").child(swatch).child(format!(" {}", outcome.label())))
        .child(told("wide", call.disconnection_reason.as_deref().map_or_else(unknown, words)))
        .child(told("figure wide", call.average_latency_ms.map_or_else(unknown, format::millis)))
        .child(told("figure wide", call.cost_credits.map_or_else(unknown, |cost| format::number(cost, 4))))
}

/// The headings of a list that has an order of its own.
pub(super) fn headings() -> Vec<Element> {
    HEADINGS.map(|of| column().class(of.class).child(of.label)).into()
}

/// A name of the wire as words: `user_hangup` → `user hangup`.
pub(super) fn words(name: &str) -> String {
    name.replace('_', " ")
}

fn pager(input: ListInput) -> AnyView {
    let answers = input.given.get();
    let page = input.selection.with(|selection| selection.page);
    let pages = answers.pages();
    let go = move |label: &'static str, to: u64, is_end: bool| {
        let act = move |_| {
            if !is_end {
                let next = CallSelection { page: to, ..input.selection.get_untracked() };
                input.on_select.run(next);
            }
        };
        button("quiet", act).says("aria-disabled", move || is_end).child(label)
    };
    if page == 1 && !answers.has_more() {
        return crate::piece::nothing();
    }
    let place = pages.map_or_else(
        || format!("Page {}", format::count(page)),
        |pages| format!("{} of {}", format::count(page), format::count(pages)),
    );
    el("nav")
        .class("pager")
        .attr("aria-label", "Pages of calls")
        .child(go("Previous", page.saturating_sub(1).min(pages.unwrap_or(u64::MAX)).max(1), page == 1))
        .child(el("span").child(place))
        .child(go("Next", page + 1, !answers.has_more()))
        .into_child()
}

/// The list as a table for files.
fn table(given: Given) -> Table {
    let answers = given.get();
    table_of(given, &answers, answers.page.calls.iter().collect())
}

/// Calls as a table for files, numbers as they are shown.
pub(super) fn table_of(given: Given, answers: &Answers, calls: Vec<&CallRecord>) -> Table {
    let columns = vec![
        Column::text("Call"),
        Column::text("Started"),
        Column::text("Agent"),
        Column::figure("Version"),
        Column::text("From"),
        Column::text("To"),
        Column::figure("Duration (s)"),
        Column::text("Status"),
        Column::text("Outcome"),
        Column::text("Ended because"),
        Column::figure("Latency (ms)"),
        Column::figure("Cost (credits)"),
        Column::text("Test"),
    ];
    let row = |call: &CallRecord| {
        let text = |text: Option<&String>| Cell::Text(text.cloned().unwrap_or_default());
        vec![
            Cell::Text(call.id.clone()),
            Cell::Text(answers.started_in_full(call)),
            Cell::Text(answers.agent_name(call.agent_id.as_deref())),
            Cell::count(call.version_number),
            Cell::Text(given.number(call.from.as_ref())),
            Cell::Text(given.number(call.to.as_ref())),
            Cell::measure(call.duration_ms.map(|ms| ms as f64 / 1000.0), 1),
            text(call.status.as_ref()),
            Cell::Text(call.outcome().label().to_owned()),
            text(call.disconnection_reason.as_ref()),
            Cell::measure(call.average_latency_ms, 0),
            Cell::measure(call.cost_credits, 4),
            Cell::Text(if call.is_test { "test" } else { "" }.to_owned()),
        ]
    };
    Table { caption: "Calls".to_owned(), columns, rows: calls.into_iter().map(row).collect() }
}
