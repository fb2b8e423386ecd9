//! The page: agent → versions → question → answer → panels.

use std::sync::Arc;

use callscope_client::{ClientError, Problem, Source};
use callscope_core::agents::{AgentSummary, AgentVersion};
use callscope_core::session::Session;
use leptos::prelude::*;

use super::answers::{Answers, Given};
use super::changes::changes_card;
use super::controls::{ControlsInput, controls};
use super::figures::{figures_card, verdict_card};
use super::panels::{by_day, differences, hangups, others};
use super::picture::save_menu;
use super::question::{Question, agents_of, pair};
use super::selection::Compared;
use crate::findings::findings_list;
use crate::load::{Load, use_load};
use crate::piece::{effect, el, live, nothing, several, text, when};
use crate::states::{failed, message, skeleton};
use crate::usage::Now;

/// What the page is given by whoever shows it.
#[derive(Clone, Copy)]
pub struct CompareInput {
    /// Where answers come from.
    pub source: RwSignal<Source>,
    /// Who is signed in, for the agents of a reseller.
    pub session: Memo<Session>,
    /// What is shown.
    pub selection: Memo<Compared>,
    /// Called with what should be shown instead.
    pub on_select: Callback<Compared>,
    /// The instant that counts as now.
    pub now: Callback<(), Now>,
    /// Counts up to ask anew.
    pub refresh: RwSignal<u32>,
    /// Called where the session turns out to have ended.
    pub on_signed_out: Callback<()>,
    /// Told when the last call counted started, as the server says it.
    pub on_fresh: Callback<Option<String>>,
}

/// The versions of one agent, as they were loaded.
type VersionsOf = (String, Vec<AgentVersion>);

/// What is known on the way to the question.
#[derive(Clone, Copy)]
struct Way {
    agents_load: ReadSignal<Load<Vec<AgentSummary>>>,
    versions_load: ReadSignal<Load<VersionsOf>>,
    agents: Memo<Vec<AgentSummary>>,
    agent: Memo<Option<AgentSummary>>,
    versions: Memo<Vec<AgentVersion>>,
    question: Memo<Option<Question>>,
}

impl Way {
    fn new(input: CompareInput) -> Self {
        let CompareInput { source, selection, session, .. } = input;
        let agents_load = use_load(
            move || {
                input.refresh.track();
                Some(source.get())
            },
            |source| async move { source.agents(None).await },
        );
        let scope = Memo::new(move |_| selection.with(|selection| selection.scope.clone()));
        let agents = Memo::new(move |_| {
            let listed = agents_load.with(Load::latest).unwrap_or_default();
            agents_of(&scope.get(), &listed, &session.get())
        });
        let agent = Memo::new(move |_| {
            let chosen = selection.with(|selection| selection.agent_id.clone());
            agents.with(|agents| match chosen {
                None => agents.first().cloned(),
                Some(id) => agents.iter().find(|agent| agent.id == id).cloned().or_else(|| Some(unlisted(id))),
            })
        });
        let agent_id = Memo::new(move |_| agent.with(|agent| agent.as_ref().map(|agent| agent.id.clone())));
        let versions_load = use_load(
            move || {
                input.refresh.track();
                Some((source.get(), agent_id.get()?))
            },
            |(source, id)| async move { Ok((id.clone(), source.versions(&id).await?)) },
        );
        let versions = Memo::new(move |_| {
            let listed = versions_load.with(Load::latest);
            // Those of the agent before say nothing of this one's.
            let own = listed.filter(|listed| agent_id.get().as_ref() == Some(&listed.0));
            own.map(|listed| listed.1.clone()).unwrap_or_default()
        });
        let question = Memo::new(move |_| {
            let agent = agent.get()?;
            versions.with(|versions| Question::new(&selection.get(), &agent, versions, input.now.run(()), crate::zone))
        });
        Self { agents_load, versions_load, agents, agent, versions, question }
    }
}

/// An agent of which no more is known than its id.
fn unlisted(id: String) -> AgentSummary {
    AgentSummary { name: id.clone(), id, organisation_id: None, active_version_id: None, time_zone: None }
}

fn error_of<T>(load: &Load<T>) -> Option<ClientError> {
    match load {
        Load::Failed { error, .. } => Some(error.clone()),
        _ => None,
    }
}

/// The compare page below the header.
pub fn compare_view(input: CompareInput) -> AnyView {
    let way = Way::new(input);
    let load = use_load(
        move || {
            input.refresh.track();
            Some((input.source.get(), way.question.get()?))
        },
        |(source, question)| async move {
            let (comparison, findings) = source.compare(&question.request).await?;
            Ok(Answers::new(question, comparison, findings))
        },
    );
    let error = Memo::new(move |_| {
        let on_the_way = way.agents_load.with(error_of).or_else(|| way.versions_load.with(error_of));
        on_the_way.or_else(|| load.with(error_of))
    });
    let answers = RwSignal::new(Arc::new(Answers::default()));
    effect(move || {
        if error.with(|error| error.as_ref().is_some_and(|error| error.problem == Problem::SignedOut)) {
            input.on_signed_out.run(());
        }
    });
    effect(move || show(load, way, answers, input.on_fresh));
    let given = Given { answers };
    let refresh = Callback::new(move |()| input.refresh.update(|count| *count += 1));
    let is_waiting = Signal::derive(move || {
        let on_the_way = way.agents_load.with(Load::is_waiting) || way.versions_load.with(Load::is_waiting);
        on_the_way || load.with(Load::is_waiting)
    });
    let chosen = Memo::new(move |_| way.versions.with(|versions| pair(&input.selection.get(), versions)));
    let bar = controls(ControlsInput {
        given,
        selection: input.selection,
        on_select: input.on_select,
        agents: way.agents,
        agent: way.agent,
        versions: way.versions,
        pair: chosen,
        is_waiting,
        refresh,
    });
    let has_answer = move || answers.with(|answers| answers.question.is_some());
    let trouble = live(move || match error.get().filter(|error| error.problem != Problem::SignedOut) {
        Some(error) => failed(&error, refresh),
        None => lacking(way),
    });
    let is_lacking = move || error.get().is_some() || lack(way).is_some();
    let title =
        el("div").class("title").child(el("h1").child("Compare")).child(when(has_answer, move || save_menu(given)));
    el("div")
        .class("compare")
        .class_while("waiting", move || is_waiting.get())
        .says("aria-busy", move || is_waiting.get())
        .child(title)
        .child(el("p").class("context").child(text(move || answers.get().context())))
        .child(bar)
        .child(trouble)
        .child(when(move || !has_answer() && !is_lacking(), skeleton))
        .child(when(has_answer, move || report(given)))
        .any()
}

/// Takes an answer over, and drops one that is not to the question any more.
fn show(
    load: ReadSignal<Load<Answers>>,
    way: Way,
    answers: RwSignal<Arc<Answers>>,
    on_fresh: Callback<Option<String>>,
) {
    match load.get() {
        Load::Ready(latest) => {
            let context = latest.comparison.context.as_ref();
            on_fresh.run(context.and_then(|context| context.calls_through.clone()));
            answers.set(latest);
        }
        // Figures of another question must not stand under what failed.
        Load::Failed { .. } => {
            let asked = way.question.get_untracked();
            if answers.with_untracked(|shown| shown.question != asked) {
                answers.set(Arc::default());
            }
        }
        Load::Waiting { .. } => {}
    }
}

/// Why there is nothing to compare although everything answered.
fn lack(way: Way) -> Option<(&'static str, &'static str)> {
    if way.agents_load.with(Load::is_waiting) || way.versions_load.with(Load::is_waiting) {
        return None;
    }
    let has_versions = way.question.with(Option::is_some);
    match way.agent.with(Option::is_some) {
        false => Some(("No agents", "There is no agent here. Choose another organisation.")),
        true if !has_versions => Some((
            "No published version",
            "This agent has no published version yet. As soon as it has two, they can be compared.",
        )),
        true => None,
    }
}

fn lacking(way: Way) -> AnyView {
    lack(way).map_or_else(nothing, |(heading, why)| message(heading, why.to_owned()))
}

/// Everything below the controls.
fn report(given: Given) -> AnyView {
    let pair = |class, views: Vec<AnyView>| el("div").class(class).child(views).any();
    several(vec![
        live(move || findings_list(&given.get().findings)),
        verdict_card(given),
        figures_card(given, nothing()),
        pair("pair even", vec![differences(given), hangups(given)]),
        others(given),
        when(move || given.get().runs().is_some(), move || by_day(given)),
        changes_card(given),
    ])
}
