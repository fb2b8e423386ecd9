//! The page: question → two answers → panels.

use std::sync::Arc;

use callscope_charts::TargetId;
use callscope_client::{ClientError, Problem, Source};
use callscope_core::Finding;
use callscope_core::session::Session;
use callscope_core::usage::UsageReport;
use leptos::prelude::*;

use super::agents::agents_card;
use super::answers::{Answers, Given, ask};
use super::insights::insights_card;
use super::panels::{daily_panel, hour_panel, outcome_panel, reason_panel};
use super::picture::whole;
use super::question::{Now, Question};
use super::selection::{Pick, Selection};
use super::tiles::tiles;
use super::toolbar::{narrowed, toolbar};
use crate::calls::CallSelection;
use crate::chart::{offer, whole_menu};
use crate::findings::findings_list;
use crate::fresh::Fresh;
use crate::load::{Load, use_load};
use crate::piece::{Callback, Derived, State, effect, el, live, nothing, several, text, when};
use crate::states::{Way, bone, empty, failed, skeleton};

/// What of the report is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UsagePart {
    /// Everything.
    #[default]
    Whole,
    /// Calls per day.
    Daily,
    /// Hour of day.
    Hourly,
    /// The agents.
    Agents,
    /// How calls ended.
    Outcomes,
    /// Why calls were handed over.
    Escalations,
}

/// What the page is given by whoever shows it.
#[derive(Clone, Copy)]
pub struct UsageInput {
    /// Where answers come from.
    pub source: State<Source>,
    /// Who is signed in, for names and zones.
    pub session: Derived<Session>,
    /// What is shown.
    pub selection: Derived<Selection>,
    /// Called with what should be shown instead.
    pub on_select: Callback<Selection>,
    /// Called with the calls that should be looked at.
    pub on_calls: Callback<CallSelection>,
    /// The instant that counts as now.
    pub now: Callback<(), Now>,
    /// Counts up to ask anew.
    pub refresh: State<u32>,
    /// Called where the session turns out to have ended.
    pub on_signed_out: Callback<()>,
    /// Told how fresh the calls are; none where the server does not say it.
    pub on_fresh: Callback<Option<Fresh>>,
    /// Told of a failure other than that nobody is signed in.
    pub on_failure: Callback<ClientError>,
    /// Told what is clicked, before its calls are looked at or the report is narrowed to it.
    pub on_target: Callback<TargetId>,
    /// What of the report is shown.
    pub part: UsagePart,
    /// Whether period, zone and comparison can be chosen.
    pub has_controls: bool,
}

/// The usage page below the header.
pub fn usage_view(input: UsageInput) -> AnyView {
    let UsageInput { selection, on_select, refresh, part, has_controls, .. } = input;
    let load = load(input);
    let answers = State::new(Arc::new(Answers::default()));
    take_answers(input, load, answers);
    let on_pick = Callback::new(move |pick| match pick {
        Pick::Target(target) => {
            input.on_target.run(target.clone());
            on_select.run(selection.get_untracked().picked(target));
        }
        Pick::Calls(target) => {
            input.on_target.run(target.clone());
            input.on_calls.run(selection.get_untracked().calls_of(target));
        }
        Pick::Show(next) => on_select.run(next),
    });
    let given = Given { answers, selection, on_pick };
    let ask_again = Callback::new(move |()| refresh.update(|count| *count += 1));
    let is_waiting = Derived::new(move || load.with(Load::is_waiting));
    let error = move || {
        load.with(|load| match load {
            Load::Failed { error, .. } if error.problem != Problem::SignedOut => Some(error.clone()),
            _ => None,
        })
    };
    let has_answer = move || answers.with(|answers| answers.question.is_some());
    let is_whole = part == UsagePart::Whole;
    let save = when(has_answer, move || whole_menu(whole(given)));
    let title = (is_whole && has_controls).then(|| el("div").class("title").child(el("h1").child("Usage")).child(save));
    let skeleton = move || if is_whole { skeleton() } else { bone() };
    el("div")
        .class("usage")
        .says("aria-busy", move || is_waiting.get())
        .child(title)
        .child(el("p").class("context").child(text(move || answers.get().context())))
        .child(has_controls.then(|| toolbar(given, is_waiting, ask_again)))
        .child(narrowed(given))
        .child(live(move || error().map_or_else(nothing, |error| failed(&error, &[Way::again(ask_again)]))))
        .child(when(move || !has_answer() && error().is_none(), skeleton))
        .child(when(has_answer, move || {
            // Whoever has no controls saves it by a script.
            offer(&whole(given), true);
            report(given, part)
        }))
        .any()
}

/// Keeps the latest answers, and tells what they say to whoever shows the page.
fn take_answers(input: UsageInput, load: State<Load<Answers>>, answers: State<Arc<Answers>>) {
    effect(move || {
        load.with(|load| match load {
            Load::Failed { error, .. } if error.problem == Problem::SignedOut => input.on_signed_out.run(()),
            Load::Ready(latest) => {
                let context = latest.report.context.as_ref();
                let through = context.and_then(|context| context.calls_through.as_ref());
                let zone = latest.question.as_ref().map_or("", |question| question.zone.name());
                input.on_fresh.run(Fresh::of(through, zone));
                answers.set(Arc::clone(latest));
            }
            // Figures of another question must not stand under the filters that failed.
            Load::Failed { error, .. } => {
                input.on_failure.run(error.clone());
                let asked = input.selection.with_untracked(Selection::asked);
                if answers.with_untracked(|shown| shown.asked != asked) {
                    answers.set(Arc::default());
                }
            }
            Load::Waiting { .. } => {}
        });
    });
}

/// Asks whenever the selection, the account or the clock says so.
fn load(input: UsageInput) -> State<Load<Answers>> {
    let asked = Derived::new(move || input.selection.with(Selection::asked));
    use_load(
        move || {
            input.refresh.track();
            let asked = asked.get();
            let now = input.now.run(());
            let question = input.session.with(|session| Question::new(&asked, session, now, crate::zone));
            Some((input.source.get(), asked, question))
        },
        |(source, asked, question)| ask(source, asked, question),
    )
}

/// A report that was computed on the page.
#[derive(Clone, Debug)]
pub(crate) struct Computed {
    /// The question that it answers.
    pub(crate) question: Question,
    pub(crate) report: UsageReport,
    /// What was found in it.
    pub(crate) findings: Vec<Finding>,
}

/// What the panels of such a report are given.
#[derive(Clone, Copy)]
pub(crate) struct ComputedInput {
    /// The report; none before there is one.
    pub(crate) report: State<Option<Arc<Computed>>>,
    /// What the report is of, for what is clicked in it.
    pub(crate) selection: Derived<Selection>,
    /// Called with the calls that should be looked at.
    pub(crate) on_calls: Callback<CallSelection>,
}

/// The panels of such a report, with nothing to compare it with.
pub(crate) fn computed_report(input: ComputedInput) -> AnyView {
    let answers = State::new(Arc::new(Answers::default()));
    effect(move || {
        if let Some(computed) = input.report.get() {
            let Computed { question, report, findings } = (*computed).clone();
            let asked = input.selection.get_untracked();
            answers.set(Arc::new(Answers { findings, ..Answers::of(asked, question, report, None) }));
        }
    });
    let selection = input.selection;
    let on_pick = Callback::new(move |pick| {
        if let Pick::Calls(target) | Pick::Target(target) = pick {
            input.on_calls.run(selection.get_untracked().calls_of(target));
        }
    });
    let has_report = move || answers.with(|answers| answers.question.is_some());
    when(has_report, move || report(Given { answers, selection, on_pick }, UsagePart::Whole))
}

/// Everything below the controls.
fn report(given: Given, part: UsagePart) -> AnyView {
    let findings = live(move || findings_list(&given.answers.get().findings));
    match part {
        UsagePart::Whole => whole_report(given, findings),
        UsagePart::Daily => several(vec![findings, daily_panel(given)]),
        UsagePart::Hourly => several(vec![findings, hour_panel(given)]),
        UsagePart::Agents => several(vec![findings, agents_card(given)]),
        UsagePart::Outcomes => several(vec![findings, outcome_panel(given)]),
        UsagePart::Escalations => several(vec![findings, reason_panel(given)]),
    }
}

fn whole_report(given: Given, findings: AnyView) -> AnyView {
    let is_empty = move || given.answers.with(|answers| answers.report.totals.calls == Some(0));
    let period =
        move || given.answers.with(|answers| answers.question.as_ref().map(Question::period)).unwrap_or_default();
    let hours_and_outcomes = el("div").class("pair").child(hour_panel(given)).child(outcome_panel(given));
    several(vec![
        findings,
        tiles(given),
        when(is_empty, move || empty(&period())),
        daily_panel(given),
        hours_and_outcomes.any(),
        agents_card(given),
        el("div").class("pair even").child(reason_panel(given)).child(insights_card(given)).any(),
    ])
}
