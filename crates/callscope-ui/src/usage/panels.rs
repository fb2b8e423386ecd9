//! The charts of the page: what goes into each.

use std::sync::Arc;

use callscope_charts::{DailyInput, HourFigure, MeasureText, Scene, Size, Theme, daily, hourly, outcomes, reasons};
use callscope_core::format;
use leptos::prelude::*;

use super::answers::{Answers, Given};
use super::outcomes::outcome_list;
use super::question::Question;
use super::selection::{Pick, Selection};
use crate::chart::{ChartInput, Picked, chart};
use crate::piece::{Callback, button, el, nothing};

/// What is clicked leads to its calls; with Shift the page is narrowed to it.
fn leading_on(given: Given) -> Callback<Picked> {
    Callback::new(move |Picked { target, is_shifted }| {
        given.on_pick.run(if is_shifted { Pick::Target(target) } else { Pick::Calls(target) });
    })
}

/// What is clicked leads to its calls.
fn to_calls(given: Given) -> Callback<Picked> {
    Callback::new(move |picked: Picked| given.on_pick.run(Pick::Calls(picked.target)))
}

/// How high the charts are whose height does not depend on what they show, in CSS pixels.
pub(super) const DAILY_HEIGHT: f64 = 260.0;
pub(super) const HOURS_HEIGHT: f64 = 240.0;
pub(super) const OUTCOMES_HEIGHT: f64 = 28.0;

/// The names of the charts.
pub(super) const DAILY: &str = "Calls per day";
pub(super) const HOURS: &str = "Hour of day";
pub(super) const OUTCOMES: &str = "How calls ended";
pub(super) const REASONS: &str = "Minutes before hand-off";

/// Calls per day, laid out.
pub(super) fn daily_scene(answers: &Answers, size: Size, theme: &Theme, measure: &dyn MeasureText) -> Scene {
    let Some(question) = &answers.question else { return Scene::blank(size) };
    let input = DailyInput {
        range: question.range,
        days: &answers.days,
        previous: &answers.previous_days,
        releases: answers.report.context.as_ref().map_or(&[], |context| &context.releases),
        clock_changes: &Question::clock_changes(question),
        unfinished: question.today,
    };
    daily(&input, size, theme, measure)
}

/// Calls per day.
pub(super) fn daily_panel(given: Given) -> AnyView {
    chart(ChartInput {
        layout: Arc::new(move |size, theme, measure| daily_scene(&given.answers.get(), size, theme, measure)),
        height_css_px: Arc::new(|| DAILY_HEIGHT),
        note: Arc::new(move || format!("total and resolved · n {}", given.answers.get().calls())),
        texts: given.texts(DAILY),
        on_pick: leading_on(given),
        pick_hint: "Click or Enter: its calls; with Shift: this day alone",
        has_legend: true,
        below: nothing(),
    })
}

/// Hour of day.
pub(super) fn hour_panel(given: Given) -> AnyView {
    let figure = move || given.selection.with(Selection::hour_figure);
    let choice = move |label: &'static str, minutes: bool| {
        let is_on = move || given.selection.with(|selection| selection.minutes) == minutes;
        let act = move |_| given.show(|selection| selection.minutes = minutes);
        button("", act).says("aria-pressed", is_on).child(label)
    };
    let below = el("div")
        .class("segments small")
        .attr("role", "group")
        .attr("aria-label", "Figure of the hours")
        .child(choice("Calls", false))
        .child(choice("Minutes", true));
    chart(ChartInput {
        layout: Arc::new(move |size, theme, measure| {
            hourly(&given.answers.get().report.hours, figure(), size, theme, measure)
        }),
        height_css_px: Arc::new(|| HOURS_HEIGHT),
        note: Arc::new(move || {
            let note = match figure() {
                HourFigure::Calls => "calls by the hour they started",
                HourFigure::Minutes => "minutes of the calls that started then",
            };
            note.to_owned()
        }),
        texts: given.texts(HOURS),
        on_pick: leading_on(given),
        pick_hint: "Click or Enter: its calls; with Shift: this hour alone",
        has_legend: true,
        below: below.any(),
    })
}

/// How calls ended.
pub(super) fn outcome_panel(given: Given) -> AnyView {
    chart(ChartInput {
        layout: Arc::new(move |size, theme, _| {
            // The bar has one height, also where an exported picture has more room.
            let size = Size { height_css_px: OUTCOMES_HEIGHT, ..size };
            outcomes(given.answers.get().report.outcomes, size, theme)
        }),
        height_css_px: Arc::new(|| OUTCOMES_HEIGHT),
        note: Arc::new(move || {
            let sum = given.answers.get().report.outcomes.and_then(callscope_core::usage::OutcomeCounts::sum);
            format!("share of {}", sum.map_or_else(|| format::UNKNOWN.to_owned(), format::count))
        }),
        texts: given.texts(OUTCOMES),
        on_pick: to_calls(given),
        pick_hint: "Click or Enter: its calls",
        has_legend: false,
        below: outcome_list(given),
    })
}

/// So many reasons are drawn; the table has all.
const MOST_DRAWN: usize = 12;

/// How high the chart of so many reasons is, in CSS pixels.
pub(super) fn reasons_height(count: usize) -> f64 {
    count.clamp(1, MOST_DRAWN) as f64 * 40.0
}

/// Escalation reasons.
pub(super) fn reason_panel(given: Given) -> AnyView {
    let count = move || given.answers.get().report.escalation_reasons.len();
    chart(ChartInput {
        layout: Arc::new(move |size, theme, measure| {
            reasons(&given.answers.get().report.escalation_reasons, size, theme, measure)
        }),
        height_css_px: Arc::new(move || reasons_height(count())),
        note: Arc::new(move || match count() {
            count if count > MOST_DRAWN => {
                format!("calls handed over × time before · {MOST_DRAWN} of {count} reasons")
            }
            _ => "calls handed over × time before".to_owned(),
        }),
        texts: given.texts(REASONS),
        on_pick: to_calls(given),
        pick_hint: "Click or Enter: its calls",
        has_legend: true,
        below: nothing(),
    })
}
