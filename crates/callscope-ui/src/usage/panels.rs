//! The charts of the page: what goes into each.

use std::sync::Arc;

use callscope_charts::{DailyInput, HourFigure, TargetId, daily, hourly, outcomes, reasons};
use callscope_core::format;
use callscope_core::period::ClockChange;
use callscope_core::usage::{DayVolume, UsageReport};
use leptos::prelude::*;

use super::outcomes::OutcomeList;
use super::question::Question;
use super::selection::{Pick, Selection};
use crate::chart::{Chart, ExportText, Layout};

/// What every panel is given.
#[derive(Clone, Copy)]
pub(super) struct PanelInput {
    pub(super) report: Signal<Option<UsageReport>>,
    pub(super) previous: Signal<Option<UsageReport>>,
    /// The question that the report answers.
    pub(super) question: Signal<Option<Question>>,
    pub(super) selection: Signal<Selection>,
    pub(super) on_pick: Callback<Pick>,
}

impl PanelInput {
    /// The texts of an exported panel.
    pub(super) fn texts(self, title: &'static str) -> Signal<ExportText> {
        Signal::derive(move || {
            let question = self.question.get();
            let calls = self.report.with(|report| report.as_ref().and_then(|report| report.totals.calls));
            let calls = calls.map_or_else(|| format::UNKNOWN.to_owned(), format::count);
            let range = question.as_ref().map(|question| question.range);
            let dates = range.map(|range| format!("{}-{}", range.first(), range.last())).unwrap_or_default();
            ExportText {
                title: title.to_owned(),
                context: question.map(|question| format!("{} · n {calls}", question.context())).unwrap_or_default(),
                source: self.source(),
                file: format!("callscope-{}-{dates}", title.to_lowercase().replace(' ', "-")),
            }
        })
    }

    /// Where the figures come from, and how fresh they are.
    fn source(self) -> String {
        let through = self.report.with(|report| {
            let context = report.as_ref().and_then(|report| report.context.as_ref());
            context.and_then(|context| context.calls_through.clone())
        });
        match through {
            Some(through) => format!("Callscope · /v1/metrics · calls up to {through}"),
            None => "Callscope · /v1/metrics".to_owned(),
        }
    }

    fn picker(self) -> Callback<TargetId> {
        Callback::new(move |target| self.on_pick.run(Pick::Target(target)))
    }
}

/// Calls per day.
#[component]
pub(super) fn DailyPanel(input: PanelInput) -> impl IntoView {
    let layout = Signal::derive(move || {
        let report = input.report.get().unwrap_or_default();
        let question = input.question.get();
        let previous: Vec<DayVolume> = input.previous.get().map(|report| report.days).unwrap_or_default();
        let releases = report.context.map(|context| context.releases).unwrap_or_default();
        let changes: Vec<ClockChange> = question.as_ref().map(Question::clock_changes).unwrap_or_default();
        let layout: Layout = Arc::new(move |size, theme, measure| {
            let Some(question) = &question else { return hourly(&[], HourFigure::Calls, size, theme, measure) };
            let input = DailyInput {
                range: question.range,
                days: &report.days,
                previous: &previous,
                releases: &releases,
                clock_changes: &changes,
            };
            daily(&input, size, theme, measure)
        });
        layout
    });
    let note = move || {
        let calls = input.report.with(|report| report.as_ref().and_then(|report| report.totals.calls));
        format!("total and resolved · n {}", calls.map_or_else(|| format::UNKNOWN.to_owned(), format::count))
    };
    view! {
        <Chart
            layout=layout
            height_css_px=Signal::derive(|| 260.0)
            note=Signal::derive(note)
            texts=input.texts("Calls per day")
            on_pick=input.picker()
            pick_hint="Click or Enter: this day alone"
        />
    }
}

/// Hour of day.
#[component]
pub(super) fn HourPanel(input: PanelInput) -> impl IntoView {
    let figure = move || input.selection.with(Selection::hour_figure);
    let layout = Signal::derive(move || {
        let hours = input.report.with(|report| report.as_ref().map(|report| report.hours.clone())).unwrap_or_default();
        let figure = figure();
        let layout: Layout = Arc::new(move |size, theme, measure| hourly(&hours, figure, size, theme, measure));
        layout
    });
    let show = move |minutes: bool| {
        input.on_pick.run(Pick::Show(Selection { minutes, ..input.selection.get_untracked() }));
    };
    let note = move || match figure() {
        HourFigure::Calls => "calls by the hour they started".to_owned(),
        HourFigure::Minutes => "minutes of the calls that started then".to_owned(),
    };
    let pressed =
        move |minutes: bool| move || (input.selection.with(|selection| selection.minutes) == minutes).to_string();
    view! {
        <Chart
            layout=layout
            height_css_px=Signal::derive(|| 240.0)
            note=Signal::derive(note)
            texts=input.texts("Hour of day")
            on_pick=input.picker()
            pick_hint="Click or Enter: this hour alone"
        >
            <div class="segments small" role="group" aria-label="Figure of the hours">
                <button type="button" aria-pressed=pressed(false) on:click=move |_| show(false)>"Calls"</button>
                <button type="button" aria-pressed=pressed(true) on:click=move |_| show(true)>"Minutes"</button>
            </div>
        </Chart>
    }
}

/// How calls ended.
#[component]
pub(super) fn OutcomePanel(input: PanelInput) -> impl IntoView {
    let layout = Signal::derive(move || {
        let counts = input.report.with(|report| report.as_ref().and_then(|report| report.outcomes));
        let layout: Layout = Arc::new(move |size, theme, _| {
            outcomes(counts, callscope_charts::Size { height_css_px: 28.0, ..size }, theme)
        });
        layout
    });
    let note = move || {
        let sum = input.report.with(|report| report.as_ref().and_then(|report| report.outcomes?.sum()));
        format!("share of {}", sum.map_or_else(|| format::UNKNOWN.to_owned(), format::count))
    };
    view! {
        <Chart
            layout=layout
            height_css_px=Signal::derive(|| 28.0)
            note=Signal::derive(note)
            texts=input.texts("How calls ended")
            on_pick=Callback::new(|_| {})
            pick_hint=""
            has_legend=false
        >
            <OutcomeList report=input.report/>
        </Chart>
    }
}

/// Escalation reasons.
#[component]
pub(super) fn ReasonPanel(input: PanelInput) -> impl IntoView {
    /// So many reasons are drawn; the table has all.
    const MOST_DRAWN: usize = 12;
    let count = move || input.report.with(|report| report.as_ref().map_or(0, |report| report.escalation_reasons.len()));
    let layout = Signal::derive(move || {
        let list = input.report.with(|report| report.as_ref().map(|report| report.escalation_reasons.clone()));
        let list = list.unwrap_or_default();
        let layout: Layout = Arc::new(move |size, theme, measure| reasons(&list, size, theme, measure));
        layout
    });
    let note = move || match count() {
        count if count > MOST_DRAWN => format!("calls handed over × time before · {MOST_DRAWN} of {count} reasons"),
        _ => "calls handed over × time before".to_owned(),
    };
    view! {
        <Chart
            layout=layout
            height_css_px=Signal::derive(move || count().clamp(1, MOST_DRAWN) as f64 * 40.0)
            note=Signal::derive(note)
            texts=input.texts("Minutes before hand-off")
            on_pick=Callback::new(|_| {})
            pick_hint=""
        />
    }
}
