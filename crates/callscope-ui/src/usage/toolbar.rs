//! Period, zone and comparison; and what the page is narrowed to.

use std::sync::Arc;

use callscope_core::format;
use leptos::prelude::*;

use super::answers::Given;
use super::selection::{Pick, Selection, Span};
use crate::chart::Read;
use crate::controls::{PeriodInput, period_choice, refresh_button, zone_choice};
use crate::piece::{Callback, Derived, Element, button, el, live, nothing};

/// The row of controls.
pub(super) fn toolbar(given: Given, is_waiting: Derived<bool>, refresh: Callback<()>) -> AnyView {
    let selection = given.selection;
    let shown = Derived::new(move || given.answers.with(|answers| answers.question.as_ref().map(|asked| asked.range)));
    let period = PeriodInput {
        span: Derived::new(move || selection.with(|selection| Some(selection.span))),
        has_all: false,
        shown,
        on_span: Callback::new(move |span: Option<Span>| {
            given.show(|selection| selection.span = span.unwrap_or_default());
        }),
    };
    let is_fleets = Derived::new(move || selection.with(|selection| selection.zone.is_none()));
    let fleets: Read<String> = Arc::new(move || match &given.answers.get().question {
        Some(question) if !question.knows_fleet => "UTC".to_owned(),
        Some(question) if is_fleets.get() => format!("{} (the fleet's)", question.zone.name()),
        _ => "The fleet's own".to_owned(),
    });
    let zone = zone_choice(
        Derived::new(move || selection.with(|selection| selection.zone.clone())),
        fleets,
        Callback::new(move |zone| given.show(|selection| selection.zone = zone)),
    );
    let alone = move |event| given.show(|selection| selection.alone = !event_target_checked(&event));
    let previous = el("input")
        .attr("type", "checkbox")
        .switched("checked", move || selection.with(|selection| !selection.alone))
        .on("change", alone);
    el("div")
        .class("toolbar")
        .attr("role", "group")
        .attr("aria-label", "Period, zone and comparison")
        .child(period_choice(period))
        .child(zone)
        .child(el("label").class("check").child(previous).child("Previous period"))
        .child(refresh_button(is_waiting, refresh))
        .any()
}

/// What the page is narrowed to, each with a button that widens it again.
pub(super) fn narrowed(given: Given) -> AnyView {
    live(move || {
        let chips = chips(given);
        if chips.is_empty() {
            return nothing();
        }
        let chip = |(label, wider): (String, Selection)| {
            let name = format!("Show all again, not only {label}");
            let widen = move |_| given.on_pick.run(Pick::Show(wider.clone()));
            el("li").child(
                button("chip", widen)
                    .attr("aria-label", name)
                    .child(el("span").attr("dir", "auto").child(label))
                    .child(el("span").attr("aria-hidden", "true").child("×")),
            )
        };
        let chips: Vec<Element> = chips.into_iter().map(chip).collect();
        el("ul").class("chips").attr("aria-label", "Narrowed to").child(chips).any()
    })
}

/// Each narrowing in words, with the selection without it.
fn chips(given: Given) -> Vec<(String, Selection)> {
    let now = given.selection.get();
    let mut chips = Vec::new();
    if let Span::Days(range) = now.span
        && range.len_days() == 1
    {
        chips.push((format::long_date(range.first()), Selection { span: Span::default(), ..now.clone() }));
    }
    if let Some(id) = &now.narrowing.agent_id {
        let mut wider = now.clone();
        wider.narrowing.agent_id = None;
        let answers = given.answers.get();
        let agent = answers.report.agents.iter().find(|agent| agent.id == *id);
        chips.push((agent.map_or_else(|| "one agent".to_owned(), |agent| agent.name.clone()), wider));
    }
    if let Some(hour) = now.narrowing.hour {
        let mut wider = now.clone();
        wider.narrowing.hour = None;
        chips.push((format!("{}–{}", format::hour(hour), format::hour((hour + 1) % 24)), wider));
    }
    chips
}
