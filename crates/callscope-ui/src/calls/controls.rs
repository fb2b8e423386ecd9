//! The rows of controls: days, zone, filters, search.

use std::collections::BTreeSet;
use std::sync::Arc;

use callscope_core::calls::{CallFilter, DurationClass, Outcome};
use callscope_core::format;
use callscope_core::period::DateRange;
use leptos::prelude::*;

use super::answers::Given;
use super::list::words;
use super::selection::CallSelection;
use crate::controls::{PeriodInput, period_choice, refresh_button, zone_choice};
use crate::piece::{Callback, Derived, Element, State, button, effect, el, live, nothing, text};

/// What the controls are given.
#[derive(Clone, Copy)]
pub(super) struct ControlsInput {
    pub(super) given: Given,
    pub(super) selection: Derived<CallSelection>,
    pub(super) on_select: Callback<CallSelection>,
    /// What is searched for. It may be the number of a person, so it stands in no address.
    pub(super) search: State<String>,
    pub(super) is_waiting: Derived<bool>,
    pub(super) refresh: Callback<()>,
}

impl ControlsInput {
    fn show(self, change: impl FnOnce(&mut CallSelection)) {
        self.on_select.run(self.selection.get_untracked().changed(change));
    }

    fn filter(self, change: impl FnOnce(&mut CallFilter)) {
        self.show(|next| change(&mut next.filter));
    }
}

/// The rows of controls.
pub(super) fn controls(input: ControlsInput) -> AnyView {
    let shown: Derived<Option<DateRange>> =
        Derived::new(move || input.given.answers.with(|answers| answers.question.as_ref().map(|of| of.range)));
    let period = period_choice(PeriodInput {
        span: Derived::new(move || Some(input.selection.with(|selection| selection.span))),
        has_all: false,
        shown,
        on_span: Callback::new(move |span: Option<_>| input.show(|next| next.span = span.unwrap_or_default())),
    });
    let zone = zone_choice(
        Derived::new(move || input.selection.with(|selection| selection.zone.clone())),
        Arc::new(move || {
            let answers = input.given.get();
            let own = answers.question.as_ref().filter(|_| input.selection.with(|selection| selection.zone.is_none()));
            own.map_or_else(|| "The fleet's own".to_owned(), |of| format!("{} (the fleet's)", of.zone.name()))
        }),
        Callback::new(move |zone| input.show(|next| next.zone = zone)),
    );
    let when = el("div")
        .class("toolbar")
        .attr("role", "group")
        .attr("aria-label", "Period and zone")
        .child(period)
        .child(zone)
        .child(refresh_button(input.is_waiting, input.refresh));
    let is_open = State::new(false);
    let more = button("boxed more", move |_| is_open.update(|open| *open = !*open))
        .says("aria-expanded", move || is_open.get())
        .child("Filters");
    let which = el("div")
        .class("toolbar filters")
        .says("data-folded", move || !is_open.get())
        .attr("role", "group")
        .attr("aria-label", "Filters")
        .child(search_field(input))
        .child(more)
        .child(agent_choice(input))
        .child(version_choice(input))
        .child(campaign_choice(input))
        .child(choices(input))
        .child(live(move || chips(input)));
    crate::piece::several(vec![when.any(), which.any()])
}

/// Asks only when it is sent: a number half typed is nobody's.
fn search_field(input: ControlsInput) -> Element {
    let typed = State::new(input.search.get_untracked());
    // However the search came to an end, the field says so.
    effect(move || typed.set(input.search.get()));
    let send = move |event: web_sys::Event| {
        event.prevent_default();
        input.search.set(typed.get_untracked());
        // From the first page on.
        if input.selection.with_untracked(|selection| selection.page > 1) {
            input.show(|_| {});
        }
    };
    let field = el("input")
        .attr("type", "search")
        .class("find")
        .attr("placeholder", "Id or number")
        .attr("aria-label", "Search by call id or number")
        .attr("autocomplete", "off")
        .value(move || typed.get())
        .on("input", move |event| typed.set(event_target_value(&event)))
        // Emptied by its own cross.
        .on("search", move |_| {
            if typed.get_untracked().is_empty() {
                input.search.set(String::new());
            }
        });
    el("form")
        .class("search")
        .attr("role", "search")
        .on("submit", send)
        .child(field)
        .child(el("button").attr("type", "submit").class("boxed").child("Search"))
}

/// A choice of one value or any; `chosen` is read anew whenever the selection changes.
fn choice(
    input: ControlsInput,
    name: &'static str,
    known: Vec<(String, String)>,
    chosen: fn(&CallFilter) -> Option<String>,
    set: fn(&mut CallFilter, Option<String>),
) -> Element {
    let is = move || input.selection.with(|selection| chosen(&selection.filter));
    let choose = move |event| {
        let value = Some(event_target_value(&event)).filter(|value| !value.is_empty());
        input.filter(|filter| set(filter, value));
    };
    let option = move |value: String, label: String| {
        let own = value.clone();
        el("option").attr("value", value).switched("selected", move || is().unwrap_or_default() == own).child(label)
    };
    // An address may name what is not listed: the choice must not look like another.
    let listed: Vec<String> = known.iter().map(|(value, _)| value.clone()).collect();
    let unlisted = live(move || match is() {
        Some(value) if !listed.contains(&value) => option(value.clone(), words(&value)).any(),
        _ => nothing(),
    });
    let options: Vec<Element> = known.into_iter().map(|(value, label)| option(value, label)).collect();
    let any = option(String::new(), "Any".to_owned());
    let list = el("select").attr("aria-label", name).on("change", choose).child(any).child(unlisted).child(options);
    // Where there is little room, choices that say nothing are shown when they are asked for.
    let label = el("label").class("choice").says("data-set", move || is().is_some());
    label.child(el("span").child(name)).child(list)
}

fn agent_choice(input: ControlsInput) -> AnyView {
    let agents = Derived::new(move || input.given.answers.with(|answers| Arc::clone(&answers.agents)));
    live(move || {
        let mut known: Vec<(String, String)> =
            agents.get().iter().map(|(id, name)| (id.clone(), name.clone())).collect();
        known.sort_unstable_by(|a, b| a.1.cmp(&b.1));
        let set = |filter: &mut CallFilter, id| {
            filter.agent_id = id;
            // A version is of one agent.
            filter.version_id = None;
        };
        choice(input, "Agent", known, |filter| filter.agent_id.clone(), set).any()
    })
}

/// The versions of the agent that is chosen; nothing without one.
fn version_choice(input: ControlsInput) -> AnyView {
    let versions = Derived::new(move || input.given.answers.with(|answers| Arc::clone(&answers.versions)));
    live(move || {
        let known = versions.get().to_vec();
        if known.is_empty() {
            return nothing();
        }
        choice(input, "Version", known, |of| of.version_id.clone(), |of, id| of.version_id = id).any()
    })
}

/// The campaigns of the calls that were shown so far: no document lists them. Nothing before there is one.
fn campaign_choice(input: ControlsInput) -> AnyView {
    let seen = State::new(BTreeSet::<String>::new());
    let of = StoredValue::new(None);
    effect(move || {
        let (found, scope) = input.given.answers.with(|answers| {
            let chosen = input.selection.with(|selection| selection.filter.campaign_id.clone());
            let campaigns = answers.page.calls.iter().filter_map(|call| call.campaign_id.clone()).chain(chosen);
            (
                campaigns.collect::<BTreeSet<String>>(),
                answers
                    .question
                    .as_ref()
                    .map(|of| (of.request.organisation_id.clone(), of.request.reseller_id.clone())),
            )
        });
        // Those of other organisations mean nothing among the calls of this one.
        if of.get_value() != scope {
            of.set_value(scope);
            seen.set(found);
        } else if !seen.with_untracked(|seen| seen.is_superset(&found)) {
            seen.update(|seen| seen.extend(found));
        }
    });
    live(move || {
        let known: Vec<(String, String)> = seen.get().into_iter().map(|id| (id.clone(), id)).collect();
        if known.is_empty() {
            return nothing();
        }
        choice(input, "Campaign", known, |of| of.campaign_id.clone(), |of, id| of.campaign_id = id).any()
    })
}

/// Values of the documents, as words.
fn known(values: &[&str]) -> Vec<(String, String)> {
    values.iter().map(|value| ((*value).to_owned(), words(value))).collect()
}

fn choices(input: ControlsInput) -> Vec<Element> {
    let statuses = known(&["completed", "failed", "no_answer", "busy", "cancelled", "in_progress"]);
    let reasons = known(&[
        "user_hangup",
        "agent_hangup",
        "transfer_complete",
        "dial_no_answer",
        "timeout",
        "connection_error",
        "system_error",
    ]);
    let types = known(&["telephony_inbound", "telephony_outbound", "webcall", "chat"]);
    let durations = DurationClass::ALL.map(|class| (class.key().to_owned(), class.label().to_owned())).into();
    let outcomes = Outcome::ALL.map(|outcome| (outcome.key().to_owned(), outcome.label().to_owned())).into();
    let hours = (0..24).map(|hour: u8| (hour.to_string(), format::hour(hour))).collect();
    vec![
        choice(
            input,
            "Hour",
            hours,
            |of| of.hour.map(|hour| hour.to_string()),
            |of, hour| of.hour = hour.and_then(|hour| hour.parse().ok()),
        ),
        choice(
            input,
            "Outcome",
            outcomes,
            |of| of.outcome.map(|outcome| outcome.key().to_owned()),
            |of, key| {
                of.outcome = key.as_deref().and_then(Outcome::from_key);
            },
        ),
        choice(input, "Status", statuses, |of| of.status.clone(), |of, status| of.status = status),
        choice(
            input,
            "Ended because",
            reasons,
            |of| of.disconnection_reason.clone(),
            |of, reason| {
                of.disconnection_reason = reason;
            },
        ),
        choice(
            input,
            "Duration",
            durations,
            |of| of.duration.map(|class| class.key().to_owned()),
            |of, key| {
                of.duration = key.as_deref().and_then(DurationClass::from_key);
            },
        ),
        choice(input, "Type", types, |of| of.call_type.clone(), |of, call_type| of.call_type = call_type),
    ]
}

/// What is filtered by beside the choices, each with a way to be rid of it.
fn chips(input: ControlsInput) -> AnyView {
    type Undo = fn(&mut CallFilter);
    let filter = input.selection.with(|selection| selection.filter.clone());
    let is_listed = |id: &String| input.given.get().versions.iter().any(|(listed, _)| listed == id);
    let chips: [(Option<String>, Undo); 3] = [
        (filter.hangup_source.map(|source| format!("Ended by {source}")), |of| of.hangup_source = None),
        (filter.escalation_reason.map(|reason| format!("Handed over: {reason}")), |of| of.escalation_reason = None),
        (filter.version_id.filter(|id| !is_listed(id)).map(|id| format!("Version {id}")), |of| of.version_id = None),
    ];
    let search = input.search.get();
    let searched = (!search.trim().is_empty())
        .then(|| chip(format!("Search: {}", search.trim()), move || input.search.set(String::new())));
    let chips = chips.into_iter().filter_map(|(label, undo)| Some(chip(label?, move || input.filter(undo))));
    crate::piece::several(chips.chain(searched).map(Element::any).collect())
}

fn chip(label: String, undo: impl Fn() + Send + 'static) -> Element {
    let spoken = format!("{label}, remove this filter");
    button("chip", move |_| undo())
        .attr("aria-label", spoken)
        .child(el("span").attr("dir", "auto").child(text(move || label.clone())))
        .child(el("span").attr("aria-hidden", "true").child("×"))
}
