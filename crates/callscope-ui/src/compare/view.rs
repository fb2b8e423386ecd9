//! The page: selection → answers → panels.

use std::sync::Arc;

use callscope_client::{ClientError, Problem, Source};
use callscope_core::session::Session;
use leptos::prelude::*;

use super::answers::{Answers, Given};
use super::asking::{Asking, Lists};
use super::changes::changes_card;
use super::controls::{ControlsInput, controls};
use super::figures::{figures_card, verdict_card};
use super::panels::{by_day, differences, hangups, others};
use super::picture::whole;
use super::selection::Compared;
use crate::calls::CallSelection;
use crate::chart::{offer, whole_menu};
use crate::findings::findings_list;
use crate::fresh::Fresh;
use crate::load::{Load, use_load};
use crate::piece::{Callback, Derived, State, effect, el, live, nothing, several, text, when};
use crate::states::{Way, failed, message, skeleton};
use crate::usage::Now;

/// What the page is given by whoever shows it.
#[derive(Clone, Copy)]
pub struct CompareInput {
    /// Where answers come from.
    pub source: State<Source>,
    /// Who is signed in, for the agents of a reseller.
    pub session: Derived<Session>,
    /// What is shown.
    pub selection: Derived<Compared>,
    /// Called with what should be shown instead.
    pub on_select: Callback<Compared>,
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
    /// Whether agent, versions, days and zone can be chosen.
    pub has_controls: bool,
}

/// The compare page below the header.
pub fn compare_view(input: CompareInput) -> AnyView {
    let CompareInput { source, session, selection, refresh, .. } = input;
    let lists = State::new(None);
    let load = use_load(
        move || {
            let known = Lists::known(lists, source.get(), refresh.get());
            Some((known, Asking { session: session.get(), selection: selection.get(), now: input.now.run(()) }))
        },
        move |(mut known, asking)| async move {
            let answers = asking.ask(&mut known).await;
            lists.set(Some(known));
            answers
        },
    );
    let answers = State::new(Arc::new(Answers::default()));
    effect(move || match load.get() {
        Load::Ready(latest) => {
            let context = latest.comparison.context.as_ref();
            let through = context.and_then(|context| context.calls_through.as_ref());
            let zone = latest.question.as_ref().map_or("", |question| &question.zone);
            match &latest.error {
                None => input.on_fresh.run(Fresh::of(through, zone)),
                Some(error) => input.on_failure.run(error.clone()),
            }
            answers.set(latest);
        }
        Load::Failed { error, .. } if error.problem == Problem::SignedOut => input.on_signed_out.run(()),
        Load::Failed { error, .. } => input.on_failure.run(error),
        Load::Waiting { .. } => {}
    });
    let given =
        Given { answers, scope: Derived::new(move || selection.with(|of| of.scope.clone())), on_calls: input.on_calls };
    let ask_again = Callback::new(move |()| refresh.update(|count| *count += 1));
    let is_waiting = Derived::new(move || load.with(Load::is_waiting));
    let has_figures = move || answers.with(|answers| !answers.figures.is_empty());
    let newest = Callback::new(move |()| {
        input.on_select.run(selection.get_untracked().newest());
    });
    // Asking the same again gives the same, where it is the versions that cannot be had.
    let ways_on = move |problem| {
        let again = Way::again(ask_again);
        let is_of_choice = matches!(problem, Problem::NotFound | Problem::Forbidden | Problem::BadRequest);
        match problem {
            Problem::NotInSamples => vec![],
            _ if is_of_choice && selection.with(Compared::names_versions) => {
                vec![Way::new("Compare the newest two", newest), again]
            }
            _ => vec![again],
        }
    };
    let trouble = live(move || {
        let failure = load.with(|load| match load {
            Load::Failed { error, .. } if error.problem != Problem::SignedOut => Some(error.clone()),
            _ => None,
        });
        let answers = given.get();
        match (failure.as_ref().or(answers.error.as_ref()), answers.lack()) {
            (Some(error), _) => failed(error, &ways_on(error.problem)),
            (None, Some((heading, why))) => message(heading, why.to_owned()),
            (None, None) => nothing(),
        }
    });
    // Before the first answer it is not known what to choose from.
    let is_known = move || answers.with(|answers| answers.agent.is_some());
    let is_first = move || answers.with(|answers| !answers.has_answered) && is_waiting.get();
    let bar = ControlsInput { given, selection, on_select: input.on_select, is_waiting, refresh: ask_again };
    let offered = when(has_figures, move || {
        // Whoever has no controls saves it by a script.
        offer(&whole(given).into(), true);
        nothing()
    });
    let has_controls = input.has_controls;
    let save = when(move || has_controls && has_figures(), move || whole_menu(whole(given)));
    let title = has_controls.then(|| el("div").class("title").child(el("h1").child("Compare")).child(save));
    el("div")
        .class("compare")
        .says("aria-busy", move || is_waiting.get())
        .child(title)
        .child(offered)
        .child(el("p").class("context").child(text(move || answers.get().context())))
        .child(when(move || has_controls && is_known(), move || controls(bar)))
        .child(trouble)
        .child(when(is_first, skeleton))
        .child(when(has_figures, move || report(given, source)))
        .any()
}

/// Everything below the controls.
fn report(given: Given, source: State<Source>) -> AnyView {
    let pair = |class, views: Vec<AnyView>| el("div").class(class).child(views).any();
    several(vec![
        live(move || findings_list(&given.get().findings)),
        verdict_card(given),
        figures_card(given, source),
        pair("pair even", vec![differences(given), hangups(given)]),
        others(given),
        when(move || given.answers.with(|answers| answers.has_days()), move || by_day(given)),
        changes_card(given),
    ])
}
