//! The row of controls: agent, both versions, days, zone.

use std::sync::Arc;

use callscope_core::agents::{AgentSummary, AgentVersion};
use callscope_core::period::DateRange;
use leptos::prelude::*;

use super::answers::Given;
use super::selection::Compared;
use crate::chart::Read;
use crate::controls::{PeriodInput, period_choice, refresh_button, zone_choice};
use crate::piece::{Element, button, el, live};
use crate::usage::Span;

/// What the controls are given.
#[derive(Clone, Copy)]
pub(super) struct ControlsInput {
    pub(super) given: Given,
    pub(super) selection: Memo<Compared>,
    pub(super) on_select: Callback<Compared>,
    /// The agents to choose from.
    pub(super) agents: Memo<Vec<AgentSummary>>,
    /// The agent that is shown.
    pub(super) agent: Memo<Option<AgentSummary>>,
    /// Its versions.
    pub(super) versions: Memo<Vec<AgentVersion>>,
    /// The ids of A and B.
    pub(super) pair: Memo<Option<[String; 2]>>,
    pub(super) is_waiting: Signal<bool>,
    pub(super) refresh: Callback<()>,
}

impl ControlsInput {
    fn show(self, change: impl FnOnce(&mut Compared)) {
        let mut next = self.selection.get_untracked();
        change(&mut next);
        self.on_select.run(next);
    }
}

/// The rows of controls.
pub(super) fn controls(input: ControlsInput) -> AnyView {
    let swap = move |_| {
        if let Some([a, b]) = input.pair.get_untracked() {
            input.show(|next| (next.a, next.b) = (Some(b), Some(a)));
        }
    };
    let swap = button("boxed sign", swap)
        .attr("id", "swap")
        .attr("aria-label", "Swap A and B")
        .attr("title", "Swap A and B")
        .attr_while("disabled", move || input.pair.get().is_none())
        .child("⇄");
    let which = el("div")
        .class("toolbar")
        .attr("role", "group")
        .attr("aria-label", "Agent and versions")
        .child(agent_choice(input))
        .child(version_choice(input, 0))
        .child(swap)
        .child(version_choice(input, 1));
    let when = el("div")
        .class("toolbar")
        .attr("role", "group")
        .attr("aria-label", "Period and zone")
        .child(period(input))
        .child(zone(input))
        .child(refresh_button(input.is_waiting, input.refresh));
    crate::piece::several(vec![which.any(), when.any()])
}

/// A choice of one of several, by id.
fn choice(
    name: &'static str,
    label: &'static str,
    options: AnyView,
    on_id: impl FnMut(String) + Send + 'static,
) -> AnyView {
    let mut on_id = on_id;
    let choose = move |event| on_id(event_target_value(&event));
    let list = el("select").attr("aria-label", label).on("change", choose).child(options);
    el("label").class("choice").child(el("span").child(name)).child(list).any()
}

fn option(id: &str, title: String, chosen: Option<&str>) -> Element {
    let is_chosen = chosen == Some(id);
    el("option").attr("value", id.to_owned()).switched("selected", move || is_chosen).child(title)
}

fn agent_choice(input: ControlsInput) -> AnyView {
    let options = live(move || {
        let shown = input.agent.get();
        let chosen = shown.as_ref().map(|agent| agent.id.as_str());
        let listed = input.agents.get();
        // An address may name one that the list does not hold: the choice must not look like another.
        let other = shown.as_ref().filter(|agent| !listed.iter().any(|listed| listed.id == agent.id));
        let options = other.into_iter().chain(&listed).map(|agent| option(&agent.id, agent.name.clone(), chosen));
        crate::piece::several(options.map(Element::any).collect())
    });
    let choose = move |id: String| input.on_select.run(input.selection.get_untracked().of_agent(id));
    choice("Agent", "Agent", options, choose)
}

fn version_choice(input: ControlsInput, side: usize) -> AnyView {
    let options = live(move || {
        let pair = input.pair.get();
        let chosen = pair.as_ref().and_then(|pair| pair.get(side)).map(String::as_str);
        let versions = input.versions.get();
        let listed = |id: &str| versions.iter().any(|version| version.id == id);
        let unknown = chosen.filter(|id| !listed(id)).map(|id| option(id, format!("Not listed: {id}"), chosen));
        let options = versions.iter().map(|version| option(&version.id, title(version), chosen));
        crate::piece::several(unknown.into_iter().chain(options).map(Element::any).collect())
    });
    let choose = move |id: String| {
        input.show(|next| {
            // The other one stays what it is, also where it was not chosen but the newest.
            let [a, b] = input.pair.get_untracked().unwrap_or_default();
            (next.a, next.b) = if side == 0 { (Some(id), Some(b)) } else { (Some(a), Some(id)) };
        });
    };
    if side == 0 { choice("A", "Version A", options, choose) } else { choice("B", "Version B", options, choose) }
}

fn title(version: &AgentVersion) -> String {
    let live = if version.is_active { " (live)" } else { "" };
    version.title() + live
}

fn period(input: ControlsInput) -> Vec<AnyView> {
    let shown: Memo<Option<DateRange>> = Memo::new(move |_| input.given.answers.with(|answers| answers.days()));
    period_choice(PeriodInput {
        span: Memo::new(move |_| input.selection.with(|selection| selection.span)),
        has_all: true,
        shown,
        on_span: Callback::new(move |span: Option<Span>| input.show(|next| next.span = span)),
    })
}

fn zone(input: ControlsInput) -> AnyView {
    let standard: Read<String> = Arc::new(move || {
        let own = input.agent.with(|agent| agent.as_ref().and_then(|agent| agent.time_zone.clone()));
        own.map_or_else(|| "The agent's own".to_owned(), |zone| format!("{zone} (the agent's)"))
    });
    zone_choice(
        Memo::new(move |_| input.selection.with(|selection| selection.zone.clone())),
        standard,
        Callback::new(move |zone| input.show(|next| next.zone = zone)),
    )
}
