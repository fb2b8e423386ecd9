//! Period, zone and comparison; and what the page is narrowed to.

use callscope_core::format;
use callscope_core::period::{DateRange, Preset, iso_date, parse_date};
use callscope_core::usage::UsageReport;
use leptos::prelude::*;

use super::question::Question;
use super::selection::{Pick, Selection, Span};

fn label(preset: Preset) -> &'static str {
    match preset {
        Preset::Days7 => "7 days",
        Preset::Days30 => "30 days",
        Preset::Days90 => "90 days",
        Preset::MonthToDate => "Month",
    }
}

/// The row of controls.
#[component]
pub(super) fn Toolbar(
    selection: Signal<Selection>,
    question: Signal<Option<Question>>,
    is_waiting: Signal<bool>,
    on_pick: Callback<Pick>,
    refresh: Callback<()>,
) -> impl IntoView {
    let is_custom = RwSignal::new(false);
    let show = move |next: Selection| on_pick.run(Pick::Show(next));
    let presets = Preset::ALL.map(|preset| {
        let is_on = move || selection.with(|selection| selection.span == Span::Preset(preset)) && !is_custom.get();
        let choose = move |_| {
            is_custom.set(false);
            show(Selection { span: Span::Preset(preset), ..selection.get_untracked() });
        };
        view! { <button type="button" aria-pressed=move || is_on().to_string() on:click=choose>{label(preset)}</button> }
    });
    let has_days = move || selection.with(|selection| matches!(selection.span, Span::Days(_)));
    let is_open = move || is_custom.get() || has_days();
    view! {
        <div class="toolbar" role="group" aria-label="Period, zone and comparison">
            <div class="segments" role="group" aria-label="Period">
                {presets.collect_view()}
                <button type="button" aria-pressed=move || is_open().to_string() aria-expanded=move || is_open().to_string() on:click=move |_| is_custom.set(true)>"Custom"</button>
            </div>
            <Show when=is_open>
                <CustomDays question=question selection=selection on_pick=on_pick/>
            </Show>
            <ZoneChoice selection=selection question=question on_pick=on_pick/>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || selection.with(|selection| !selection.alone)
                    on:change=move |event| show(Selection { alone: !event_target_checked(&event), ..selection.get_untracked() })
                />
                "Previous period"
            </label>
            <button type="button" class="boxed refresh" aria-busy=move || is_waiting.get().to_string() on:click=move |_| refresh.run(())>"Refresh"</button>
        </div>
    }
}

/// First and last day, checked before they are asked for.
#[component]
fn CustomDays(
    question: Signal<Option<Question>>,
    selection: Signal<Selection>,
    on_pick: Callback<Pick>,
) -> impl IntoView {
    let first = RwSignal::new(String::new());
    let last = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if let Some(range) = question.with(|question| question.as_ref().map(|question| question.range)) {
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
                problem.set(None);
                on_pick.run(Pick::Show(Selection { span: Span::Days(range), ..selection.get_untracked() }));
            }
            Err(error) => problem.set(Some(error.to_string())),
        }
    };
    view! {
        <form class="days" on:submit=apply novalidate>
            <label><span class="for-ears">"First day"</span><input type="date" prop:value=first on:input=move |event| first.set(event_target_value(&event))/></label>
            <span aria-hidden="true">"–"</span>
            <label><span class="for-ears">"Last day"</span><input type="date" prop:value=last on:input=move |event| last.set(event_target_value(&event))/></label>
            <button type="submit" class="boxed">"Show"</button>
            {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
        </form>
    }
}

/// The zone by which days are cut: the fleet's, UTC, the viewer's, or any other.
#[component]
fn ZoneChoice(
    selection: Signal<Selection>,
    question: Signal<Option<Question>>,
    on_pick: Callback<Pick>,
) -> impl IntoView {
    let mut names = crate::zone_names();
    if !names.iter().any(|name| name == "UTC") {
        names.insert(0, "UTC".to_owned());
    }
    let chosen = move || selection.with(|selection| selection.zone.clone()).unwrap_or_default();
    let fleet = move || {
        let zone = question.with(|question| question.as_ref().map(|question| question.zone.name().to_owned()));
        match (chosen().is_empty(), zone) {
            (true, Some(zone)) => format!("{zone} (the fleet's)"),
            _ => "The fleet's own".to_owned(),
        }
    };
    let choose = move |event: leptos::ev::Event| {
        let zone = Some(event_target_value(&event)).filter(|name| !name.is_empty());
        on_pick.run(Pick::Show(Selection { zone, ..selection.get_untracked() }));
    };
    let viewer = crate::viewer_zone();
    let mine = viewer.map(|name| view! { <option value=name.clone() selected=move || chosen() == name>{format!("{name} (yours)")}</option> });
    let others = names.into_iter().map(|name| {
        let value = name.clone();
        view! { <option value=name.clone() selected=move || chosen() == value>{name.clone()}</option> }
    });
    view! {
        <label class="choice">
            <span>"Zone"</span>
            <select on:change=choose aria-label="Time zone of the days">
                <option value="" selected=move || chosen().is_empty()>{fleet}</option>
                {mine}
                {others.collect_view()}
            </select>
        </label>
    }
}

/// What the page is narrowed to, each with a button that widens it again.
#[component]
pub(super) fn Narrowed(
    selection: Signal<Selection>,
    report: Signal<Option<UsageReport>>,
    on_pick: Callback<Pick>,
) -> impl IntoView {
    let chips = move || {
        let now = selection.get();
        let mut chips: Vec<(String, Selection)> = Vec::new();
        if let Span::Days(range) = now.span
            && range.len_days() == 1
        {
            chips.push((format::long_date(range.first()), Selection { span: Span::default(), ..now.clone() }));
        }
        if let Some(id) = &now.narrowing.agent_id {
            let mut wider = now.clone();
            wider.narrowing.agent_id = None;
            chips.push((report.with(|report| agent_name(report.as_ref(), id)), wider));
        }
        if let Some(hour) = now.narrowing.hour {
            let mut wider = now.clone();
            wider.narrowing.hour = None;
            chips.push((format!("{}–{}", format::hour(hour), format::hour((hour + 1) % 24)), wider));
        }
        let chip = |(label, wider): (String, Selection)| {
            let name = format!("Show all again, not only {label}");
            view! {
                <li><button type="button" class="chip" aria-label=name on:click=move |_| on_pick.run(Pick::Show(wider.clone()))>
                    <span dir="auto">{label}</span><span aria-hidden="true">"×"</span>
                </button></li>
            }
        };
        let is_any = !chips.is_empty();
        is_any.then(
            || view! { <ul class="chips" aria-label="Narrowed to">{chips.into_iter().map(chip).collect_view()}</ul> },
        )
    };
    view! { {chips} }
}

/// An agent's name where the report knows it.
fn agent_name(report: Option<&UsageReport>, id: &str) -> String {
    let agent = report.and_then(|report| report.agents.iter().find(|agent| agent.id == id));
    agent.map_or_else(|| "one agent".to_owned(), |agent| agent.name.clone())
}
