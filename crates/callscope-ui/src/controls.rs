//! Controls that pages share: which days, and by which zone they are cut.

use std::sync::Arc;

use callscope_core::agents::AgentVersion;
use callscope_core::period::{DateRange, Preset, iso_date, parse_date};
use leptos::prelude::*;

use crate::chart::Read;
use crate::piece::{Callback, Derived, Element, State, button, effect, el, live, nothing, text, when};
use crate::usage::Span;

fn label(preset: Preset) -> &'static str {
    match preset {
        Preset::Days7 => "7 days",
        Preset::Days30 => "30 days",
        Preset::Days90 => "90 days",
        Preset::MonthToDate => "Month",
    }
}

/// What the choice of days is made of.
#[derive(Clone, Copy)]
pub(crate) struct PeriodInput {
    /// What is chosen; none for all days there are.
    pub(crate) span: Derived<Option<Span>>,
    /// Whether all days can be chosen.
    pub(crate) has_all: bool,
    /// The days that are shown, once they are known.
    pub(crate) shown: Derived<Option<DateRange>>,
    /// Called with what is chosen.
    pub(crate) on_span: Callback<Option<Span>>,
}

/// Named ranges, and a form for any other.
pub(crate) fn period_choice(input: PeriodInput) -> Vec<AnyView> {
    let PeriodInput { span, on_span, .. } = input;
    let is_custom = State::new(false);
    // However another period came to be shown, by a key or by "back", the form is not meant any more.
    effect(move || {
        // Read, not only tracked: a memo that nobody reads is never computed.
        span.get();
        is_custom.set(false);
    });
    let is_open = move || is_custom.get() || matches!(span.get(), Some(Span::Days(_)));
    let choice = move |label: &'static str, choice: Option<Span>| {
        let choose = move |_| {
            is_custom.set(false);
            on_span.run(choice);
        };
        let is_on = move || span.get() == choice && !is_custom.get();
        button("", choose).says("aria-pressed", is_on).child(label)
    };
    let custom = button("", move |_| is_custom.set(true)).says("aria-pressed", is_open).child("Custom");
    let presets = Vec::from(Preset::ALL.map(|preset| choice(label(preset), Some(Span::Preset(preset)))));
    let periods = el("div")
        .class("segments")
        .attr("role", "group")
        .attr("aria-label", "Period")
        .child(input.has_all.then(|| choice("All days", None)))
        .child(presets)
        .child(custom);
    vec![periods.any(), when(is_open, move || custom_days(input.shown, on_span))]
}

/// First and last day, checked before they are asked for.
fn custom_days(shown: Derived<Option<DateRange>>, on_span: Callback<Option<Span>>) -> AnyView {
    let first = State::new(String::new());
    let last = State::new(String::new());
    let problem = State::new(String::new());
    // Only another range replaces what is being typed, not every answer.
    effect(move || {
        if let Some(range) = shown.get() {
            first.set(iso_date(range.first()));
            last.set(iso_date(range.last()));
        }
    });
    let apply = move |event: web_sys::Event| {
        event.prevent_default();
        let range = parse_date(&first.get_untracked())
            .and_then(|first| parse_date(&last.get_untracked()).and_then(|last| DateRange::new(first, last)));
        match range {
            Ok(range) => {
                problem.set(String::new());
                on_span.run(Some(Span::Days(range)));
            }
            Err(_) if first.with_untracked(String::is_empty) || last.with_untracked(String::is_empty) => {
                problem.set("Choose a first and a last day.".to_owned());
            }
            Err(error) => problem.set(error.to_string()),
        }
    };
    let field = move |name: &'static str, value: State<String>| {
        let typed = move |event| value.set(event_target_value(&event));
        let input = el("input").attr("type", "date").value(move || value.get()).on("input", typed);
        el("label").child(el("span").class("for-ears").child(name)).child(input)
    };
    el("form")
        .class("days")
        .attr("novalidate", "")
        .on("submit", apply)
        .child(field("First day", first))
        .child(el("span").attr("aria-hidden", "true").child("–"))
        .child(field("Last day", last))
        .child(el("button").attr("type", "submit").class("boxed").child("Show"))
        .child(el("p").class("problem").attr("role", "alert").child(text(move || problem.get())))
        .any()
}

/// The zone by which days are cut: the standard one, UTC, the viewer's, or any other. `standard` says
/// what it is where none is chosen.
pub(crate) fn zone_choice(
    chosen: Derived<Option<String>>,
    standard: Read<String>,
    on_zone: Callback<Option<String>>,
) -> AnyView {
    let mut names = crate::zone_names();
    if !names.iter().any(|name| name == "UTC") {
        names.insert(0, "UTC".to_owned());
    }
    let chosen = move || chosen.get().unwrap_or_default();
    let choose = move |event| on_zone.run(Some(event_target_value(&event)).filter(|name| !name.is_empty()));
    let option = move |value: String, label: String| {
        let name = value.clone();
        el("option").attr("value", value).switched("selected", move || chosen() == name).child(label)
    };
    let mine = crate::viewer_zone().map(|name| option(name.clone(), format!("{name} (yours)")));
    // Browsers list a zone under one name only; another of its names is still what was chosen.
    let listed = names.clone();
    let unlisted = live(move || match chosen() {
        name if listed.contains(&name) || crate::zone(&name, 0, 0).is_none() => nothing(),
        name => option(name.clone(), name).any(),
    });
    let others: Vec<Element> = names.into_iter().map(|name| option(name.clone(), name)).collect();
    let standard = text(move || standard());
    let own = el("option").attr("value", "").switched("selected", move || chosen().is_empty()).child(standard);
    let zones = el("select").attr("aria-label", "Time zone of the days").on("change", choose);
    el("label")
        .class("choice zone")
        .child(el("span").child("Zone"))
        .child(zones.child(own).child(unlisted).child(mine).child(others))
        .any()
}

/// Asks everything anew.
pub(crate) fn refresh_button(is_waiting: Derived<bool>, refresh: Callback<()>) -> Element {
    button("boxed refresh", move |_| refresh.run(())).says("aria-busy", move || is_waiting.get()).child("Refresh")
}

/// A text that never changes, where one that may is wanted.
pub(crate) fn fixed(text: &'static str) -> Read<String> {
    Arc::new(move || text.to_owned())
}

/// A choice of one of several, by id, for as long as it may be made.
pub(crate) fn choice(
    name: &'static str,
    label: &'static str,
    options: AnyView,
    is_shut: impl Fn() -> bool + Send + 'static,
    mut on_id: impl FnMut(String) + Send + 'static,
) -> AnyView {
    let choose = move |event| on_id(event_target_value(&event));
    let list = el("select").attr("aria-label", label).switched("disabled", is_shut).on("change", choose);
    let class = if name == "Agent" { "choice" } else { "choice version" };
    el("label").class(class).child(el("span").child(name)).child(list.child(options)).any()
}

/// One of them, and whether it is the chosen one.
pub(crate) fn option(id: &str, title: String, chosen: Option<&str>) -> Element {
    let is_chosen = chosen == Some(id);
    el("option").attr("value", id.to_owned()).switched("selected", move || is_chosen).child(title)
}

/// What people call a version, and whether it is live.
pub(crate) fn version_title(version: &AgentVersion) -> String {
    let live = if version.is_active { " (live)" } else { "" };
    version.title() + live
}
