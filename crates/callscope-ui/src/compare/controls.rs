//! The row of controls: agent, both versions, days, zone.

use std::sync::Arc;

use callscope_core::period::DateRange;
use leptos::prelude::*;

use super::answers::Given;
use super::selection::Compared;
use crate::chart::Read;
use crate::controls::{PeriodInput, choice, option, period_choice, refresh_button, version_title, zone_choice};
use crate::piece::{Callback, Derived, Element, button, el, live};
use crate::usage::Span;

/// What the controls are given.
#[derive(Clone, Copy)]
pub(super) struct ControlsInput {
    pub(super) given: Given,
    pub(super) selection: Derived<Compared>,
    pub(super) on_select: Callback<Compared>,
    pub(super) is_waiting: Derived<bool>,
    pub(super) refresh: Callback<()>,
}

impl ControlsInput {
    /// The ids of A and B as they are chosen, else as they are shown: what was chosen last counts, also
    /// before its answer is there.
    fn pair(self) -> [Option<String>; 2] {
        let Compared { agent_id, a, b, .. } = self.selection.get_untracked();
        let answers = self.given.answers.get_untracked();
        let is_shown = answers.is_of(agent_id.as_ref());
        let [shown_a, shown_b] = answers.pair().filter(|_| is_shown).map_or([None, None], |pair| pair.map(Some));
        [a.or_else(|| shown_a.map(str::to_owned)), b.or_else(|| shown_b.map(str::to_owned))]
    }

    /// Whether the versions that are listed are those of the chosen agent.
    fn is_of_agent(self) -> bool {
        self.given.get().is_of(self.selection.get().agent_id.as_ref())
    }

    fn show(self, change: impl FnOnce(&mut Compared)) {
        let mut next = self.selection.get_untracked();
        change(&mut next);
        self.on_select.run(next);
    }
}

/// The rows of controls.
pub(super) fn controls(input: ControlsInput) -> AnyView {
    let swap = move |_| {
        if let [Some(a), Some(b)] = input.pair() {
            input.show(|next| (next.a, next.b) = (Some(b), Some(a)));
        }
    };
    let swap = button("boxed sign", swap)
        .attr("id", "swap")
        .attr("aria-label", "Swap A and B")
        .attr("title", "Swap A and B")
        .switched("disabled", move || input.given.get().pair().is_none() || !input.is_of_agent())
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

fn agent_choice(input: ControlsInput) -> AnyView {
    let options = live(move || {
        let answers = input.given.get();
        let (shown, listed) = (answers.agent.as_ref(), &answers.agents);
        let chosen = shown.map(|agent| agent.id.as_str());
        // An address may name one that the list does not hold: the choice must not look like another.
        let other = shown.filter(|agent| !listed.iter().any(|listed| listed.id == agent.id));
        let options = other.into_iter().chain(listed).map(|agent| option(&agent.id, agent.name.clone(), chosen));
        crate::piece::several(options.map(Element::any).collect())
    });
    let choose = move |id: String| input.on_select.run(input.selection.get_untracked().of_agent(id));
    choice("Agent", "Agent", options, || false, choose)
}

fn version_choice(input: ControlsInput, side: usize) -> AnyView {
    let options = live(move || {
        let answers = input.given.get();
        let chosen = answers.pair().and_then(|pair| pair.get(side).copied());
        let versions = &answers.versions;
        let listed = |id: &str| versions.iter().any(|version| version.id == id);
        let unknown = chosen.filter(|id| !listed(id)).map(|id| option(id, format!("Not listed: {id}"), chosen));
        let options = versions.iter().map(|version| option(&version.id, version_title(version), chosen));
        crate::piece::several(unknown.into_iter().chain(options).map(Element::any).collect())
    });
    let choose = move |id: String| {
        input.show(|next| {
            // The other one stays what it is, also where it was not chosen but the newest.
            let [a, b] = input.pair();
            (next.a, next.b) = if side == 0 { (Some(id), b) } else { (a, Some(id)) };
        });
    };
    let (name, label) = if side == 0 { ("A", "Version A") } else { ("B", "Version B") };
    choice(name, label, options, move || !input.is_of_agent(), choose)
}

fn period(input: ControlsInput) -> Vec<AnyView> {
    let shown: Derived<Option<DateRange>> = Derived::new(move || input.given.answers.with(|answers| answers.days()));
    period_choice(PeriodInput {
        span: Derived::new(move || input.selection.with(|selection| selection.span)),
        has_all: true,
        shown,
        on_span: Callback::new(move |span: Option<Span>| input.show(|next| next.span = span)),
    })
}

fn zone(input: ControlsInput) -> AnyView {
    let standard: Read<String> = Arc::new(move || {
        let own = input.given.get().agent.as_ref().and_then(|agent| agent.time_zone.clone());
        own.map_or_else(|| "The agent's own".to_owned(), |zone| format!("{zone} (the agent's)"))
    });
    zone_choice(
        Derived::new(move || input.selection.with(|selection| selection.zone.clone())),
        standard,
        Callback::new(move |zone| input.show(|next| next.zone = zone)),
    )
}
