//! Period, zone and comparison; and what the page is narrowed to.

use callscope_core::format;
use callscope_core::period::{DateRange, Preset, iso_date, parse_date};
use leptos::prelude::*;

use super::answers::Given;
use super::selection::{Pick, Selection, Span};
use crate::piece::{click, effect, flag, live, on, text, when, words};

fn label(preset: Preset) -> &'static str {
    match preset {
        Preset::Days7 => "7 days",
        Preset::Days30 => "30 days",
        Preset::Days90 => "90 days",
        Preset::MonthToDate => "Month",
    }
}

/// The row of controls.
pub(super) fn toolbar(given: Given, is_waiting: Signal<bool>, refresh: Callback<()>) -> AnyView {
    let is_custom = RwSignal::new(false);
    let span = Memo::new(move |_| given.selection.with(|selection| selection.span));
    // However another period came to be shown, by a key or by "back", the form is not meant any more.
    effect(move || {
        // Read, not only tracked: a memo that nobody reads is never computed.
        span.get();
        is_custom.set(false);
    });
    let is_open = move || is_custom.get() || given.selection.with(|selection| matches!(selection.span, Span::Days(_)));
    let preset = move |preset: Preset| {
        let is_on =
            move || given.selection.with(|selection| selection.span == Span::Preset(preset)) && !is_custom.get();
        let choose = move |_| {
            is_custom.set(false);
            given.show(|selection| selection.span = Span::Preset(preset));
        };
        let pressed = words(move || is_on().to_string());
        view! { <button type="button" aria-pressed=pressed on:click=click(choose)>{label(preset)}</button> }.into_any()
    };
    let alone = move |event| given.show(|selection| selection.alone = !event_target_checked(&event));
    view! {
        <div class="toolbar" role="group" aria-label="Period, zone and comparison">
            <div class="segments" role="group" aria-label="Period">
                {Vec::from(Preset::ALL.map(preset))}
                <button
                    type="button"
                    aria-pressed=words(move || is_open().to_string())
                    on:click=click(move |_| is_custom.set(true))
                >
                    "Custom"
                </button>
            </div>
            {when(is_open, move || custom_days(given))}
            {zone_choice(given)}
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=flag(move || given.selection.with(|selection| !selection.alone))
                    on:change=on(alone)
                />
                "Previous period"
            </label>
            <button
                type="button"
                class="boxed refresh"
                aria-busy=words(move || is_waiting.get().to_string())
                on:click=click(move |_| refresh.run(()))
            >
                "Refresh"
            </button>
        </div>
    }
    .into_any()
}

/// First and last day, checked before they are asked for.
fn custom_days(given: Given) -> AnyView {
    let first = RwSignal::new(String::new());
    let last = RwSignal::new(String::new());
    let problem = RwSignal::new(String::new());
    // Only another range replaces what is being typed, not every answer.
    let range =
        Memo::new(move |_| given.answers.with(|answers| answers.question.as_ref().map(|question| question.range)));
    effect(move || {
        if let Some(range) = range.get() {
            first.set(iso_date(range.first()));
            last.set(iso_date(range.last()));
        }
    });
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let range = parse_date(&first.get_untracked())
            .and_then(|first| parse_date(&last.get_untracked()).and_then(|last| DateRange::new(first, last)));
        match range {
            Ok(range) => {
                problem.set(String::new());
                given.show(|selection| selection.span = Span::Days(range));
            }
            Err(error) => problem.set(error.to_string()),
        }
    };
    let field = move |name: &'static str, value: RwSignal<String>| {
        let typed = move |event| value.set(event_target_value(&event));
        view! {
            <label>
                <span class="for-ears">{name}</span>
                <input type="date" prop:value=words(move || value.get()) on:input=on(typed)/>
            </label>
        }
        .into_any()
    };
    view! {
        <form class="days" on:submit=apply novalidate>
            {field("First day", first)}
            <span aria-hidden="true">"–"</span>
            {field("Last day", last)}
            <button type="submit" class="boxed">"Show"</button>
            <p class="problem" role="alert">{text(move || problem.get())}</p>
        </form>
    }
    .into_any()
}

/// The zone by which days are cut: the fleet's, UTC, the viewer's, or any other.
fn zone_choice(given: Given) -> AnyView {
    let mut names = crate::zone_names();
    if !names.iter().any(|name| name == "UTC") {
        names.insert(0, "UTC".to_owned());
    }
    let chosen = move || given.selection.with(|selection| selection.zone.clone()).unwrap_or_default();
    let fleet = move || match &given.answers.get().question {
        Some(question) if chosen().is_empty() => format!("{} (the fleet's)", question.zone.name()),
        _ => "The fleet's own".to_owned(),
    };
    let choose = move |event| {
        let zone = Some(event_target_value(&event)).filter(|name| !name.is_empty());
        given.show(|selection| selection.zone = zone);
    };
    let option = move |value: String, label: String| {
        let name = value.clone();
        let is_chosen = flag(move || chosen() == name);
        view! { <option value=value prop:selected=is_chosen>{label}</option> }.into_any()
    };
    let mine = crate::viewer_zone().map(|name| option(name.clone(), format!("{name} (yours)")));
    let others: Vec<AnyView> = names.into_iter().map(|name| option(name.clone(), name)).collect();
    view! {
        <label class="choice">
            <span>"Zone"</span>
            <select on:change=on(choose) aria-label="Time zone of the days">
                <option value="" prop:selected=flag(move || chosen().is_empty())>{text(fleet)}</option>
                {mine}
                {others}
            </select>
        </label>
    }
    .into_any()
}

/// What the page is narrowed to, each with a button that widens it again.
pub(super) fn narrowed(given: Given) -> AnyView {
    live(move || {
        let chips = chips(given);
        if chips.is_empty() {
            return ().into_any();
        }
        let chip = |(label, wider): (String, Selection)| {
            let name = format!("Show all again, not only {label}");
            let widen = move |_| given.on_pick.run(Pick::Show(wider.clone()));
            view! {
                <li>
                    <button type="button" class="chip" aria-label=name on:click=click(widen)>
                        <span dir="auto">{label}</span>
                        <span aria-hidden="true">"×"</span>
                    </button>
                </li>
            }
            .into_any()
        };
        view! { <ul class="chips" aria-label="Narrowed to">{chips.into_iter().map(chip).collect_view()}</ul> }
            .into_any()
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
