//! What calls answered: loaded call by call, summed up here.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use callscope_client::{CallPage, CallsRequest, ClientError, Problem, Source};
use callscope_core::calls::{CallFilter, CallSort};
use callscope_core::format;
use callscope_core::period::DateRange;
use callscope_core::postcall::{Metric, MetricResults, PostCallConfig};
use callscope_core::session::Session;
use leptos::prelude::*;

use super::answers::metric;
use super::selection::PostCallSelection;
use super::view::DeskState;
use crate::calls::CallSelection;
use crate::controls::{PeriodInput, period_choice, zone_choice};
use crate::piece::{Callback, Derived, State, button, effect, el, live, nothing, several, text, when};
use crate::states::{Way, failed};
use crate::task::Task;
use crate::usage::{Now, Question, Selection, Span};

/// What the card is given.
#[derive(Clone, Copy)]
pub(super) struct ResultsInput {
    pub(super) source: State<Source>,
    pub(super) session: Derived<Session>,
    pub(super) selection: Derived<PostCallSelection>,
    pub(super) on_select: Callback<PostCallSelection>,
    pub(super) on_calls: Callback<CallSelection>,
    pub(super) now: Callback<(), Now>,
    pub(super) on_signed_out: Callback<()>,
    pub(super) desk: DeskState,
}

/// How far loading is.
#[derive(Clone, Debug, Default, PartialEq)]
enum Stage {
    #[default]
    Idle,
    Loading,
    Stopped,
    Failed(ClientError),
    Done,
}

/// What was loaded, and of which days.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) results: MetricResults,
    pub(super) range: DateRange,
    pub(super) zone: String,
}

/// The calls as they are loaded, and what came of them.
#[derive(Clone, Copy)]
pub(super) struct Loading {
    pub(super) input: ResultsInput,
    stage: State<Stage>,
    /// Calls that were read, and how many there are where the server says so.
    count: State<(u64, Option<u64>)>,
    pub(super) found: State<Option<Arc<Found>>>,
    /// What versions asked, by their ids, as far as it was read.
    definitions: State<Arc<BTreeMap<String, Vec<Metric>>>>,
    task: Task,
}

/// How a version asked a metric, beside how it is asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    AsNow,
    /// In other words, as another type, or with other choices.
    Otherwise,
    NotAtAll,
    Unknown,
}

impl Asked {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::AsNow => "as now",
            Self::Otherwise => "otherwise",
            Self::NotAtAll => "not",
            Self::Unknown => format::UNKNOWN,
        }
    }
}

/// What decides which calls are meant.
type Which = (Option<String>, crate::usage::Scope, Span, Option<String>);

impl ResultsInput {
    fn which(self) -> Which {
        let agent = self.desk.with(|desk| desk.agent.as_ref().map(|agent| agent.id.clone()));
        let PostCallSelection { scope, span, zone, .. } = self.selection.get();
        (agent, scope, span, zone)
    }

    fn question(self) -> Question {
        let PostCallSelection { scope, span, zone, .. } = self.selection.get();
        let selection = Selection { scope, span, zone, alone: true, ..Selection::default() };
        Question::new(&selection, &self.session.get(), self.now.run(()), crate::zone)
    }

    /// The calls of a day, or of all days that are shown.
    pub(super) fn look_at(self, span: Option<Span>) {
        let PostCallSelection { scope, span: shown, zone, .. } = self.selection.get_untracked();
        let agent_id = self.desk.with_untracked(|desk| desk.agent.as_ref().map(|agent| agent.id.clone()));
        let filter = CallFilter { agent_id, ..CallFilter::default() };
        let span = span.unwrap_or(shown);
        self.on_calls.run(CallSelection { scope, span, zone, filter, ..CallSelection::default() });
    }

    fn show(self, change: impl FnOnce(&mut PostCallSelection)) {
        let mut next = self.selection.get_untracked();
        change(&mut next);
        self.on_select.run(next);
    }
}

impl Loading {
    fn begin(self) {
        let Some(agent_id) = self.input.desk.with_untracked(|desk| desk.agent.as_ref().map(|agent| agent.id.clone()))
        else {
            return;
        };
        let question = untrack(|| self.input.question());
        let request = request(&question, agent_id);
        let source = self.input.source.get_untracked();
        self.stage.set(Stage::Loading);
        self.found.set(None);
        self.count.set((0, None));
        let asked = untrack(|| declared(self.input.desk));
        self.task.begin(async move {
            let mut results = MetricResults::of(&asked);
            let mut seen = BTreeSet::<String>::new();
            let mut each = |_: u64, page: CallPage| {
                let before = seen.len();
                // New calls push others from one page to the next: each counts once.
                for call in &page.calls {
                    if seen.insert(call.id.clone()) {
                        results.add(call, &question.zone);
                    }
                }
                let total = page.info.total.filter(|_| page.ignored.is_empty());
                self.count.set((results.calls, total));
                let zone = question.zone.name().to_owned();
                let found = Found { results: results.clone(), range: question.range, zone };
                self.found.set(Some(Arc::new(found)));
                // Pages that only repeat what is there would go on for ever.
                let is_repeated = !page.calls.is_empty() && seen.len() == before;
                if is_repeated { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let stage = match source.all_calls(&request, 1, &mut each).await {
                Ok(()) => Stage::Done,
                Err(error) => Stage::Failed(error),
            };
            if matches!(&stage, Stage::Failed(error) if error.problem == Problem::SignedOut) {
                self.input.on_signed_out.run(());
            }
            self.stage.set(stage);
            self.define(&results).await;
        });
    }

    /// Reads what the versions asked whose calls answered, the newest first.
    async fn define(self, results: &MetricResults) {
        const MOST_VERSIONS: usize = 20;
        let desk = self.input.desk.get_untracked();
        let Some(versioning) = desk.versioning.clone() else { return };
        let of_results = results.versions();
        let mut definitions = BTreeMap::clone(&self.definitions.get_untracked());
        let listed = desk.published.iter().filter(|version| of_results.contains(&*version.id));
        for version in listed.take(MOST_VERSIONS) {
            if definitions.contains_key(&version.id) {
                continue;
            }
            // What cannot be read is called unknown.
            let Ok(state) = versioning.version(&version.id).await else { continue };
            if let Ok(config) = PostCallConfig::read(&state.config) {
                definitions.insert(version.id.clone(), config.metrics());
                self.definitions.set(Arc::new(definitions.clone()));
            }
        }
    }

    /// How a version asked a metric, beside how the live one does.
    pub(super) fn asked(self, version_id: Option<&String>, now: Option<&Metric>, name: &str) -> Asked {
        let definitions = self.definitions.get();
        let Some(metrics) = version_id.and_then(|id| definitions.get(id)) else { return Asked::Unknown };
        let Some(then) = metrics.iter().find(|metric| metric.identifier() == name) else { return Asked::NotAtAll };
        let is_same =
            |now: &Metric| (now.kind(), now.prompt(), now.choices()) == (then.kind(), then.prompt(), then.choices());
        if now.is_some_and(is_same) { Asked::AsNow } else { Asked::Otherwise }
    }

    fn stop(self) {
        self.task.stop();
        self.stage.set(Stage::Stopped);
    }

    fn forget(self) {
        self.task.stop();
        self.stage.set(Stage::Idle);
        self.found.set(None);
        self.definitions.set(Arc::default());
    }
}

fn request(question: &Question, agent_id: String) -> CallsRequest {
    let (from_ms, to_ms) = (Some(question.request.from_ms), Some(question.request.to_ms));
    CallsRequest {
        organisation_id: question.request.organisation_id.clone(),
        reseller_id: question.request.reseller_id.clone(),
        filter: CallFilter { agent_id: Some(agent_id), from_ms, to_ms, ..CallFilter::default() },
        search: None,
        zone: question.zone.clone(),
        sort: CallSort::Started,
        is_ascending: false,
        page: 1,
        limit: 500,
    }
}

/// The card of results, with the days that they are of.
pub(super) fn results_card(input: ResultsInput) -> AnyView {
    let loading = Loading {
        input,
        stage: State::new(Stage::Idle),
        count: State::new((0, None)),
        found: State::new(None),
        definitions: State::new(Arc::default()),
        task: Task::new(),
    };
    let which = Derived::new(move || input.which());
    let last = StoredValue::new(None::<Which>);
    effect(move || {
        let which = which.get();
        if last.get_value().is_some_and(|last| last != which) {
            untrack(|| loading.forget());
        }
        last.set_value(Some(which));
    });
    let is_loading = move || loading.stage.with(|stage| *stage == Stage::Loading);
    let read = move || {
        let label = if loading.found.with(Option::is_some) { "Read them again" } else { "Read the answers" };
        button("boxed", move |_| loading.begin()).attr("id", "read-answers").child(label).any()
    };
    let stop = move || button("boxed", move |_| loading.stop()).child("Cancel").any();
    let days = Derived::new(move || Some(input.question().range));
    let period = period_choice(PeriodInput {
        span: Derived::new(move || Some(input.selection.with(|selection| selection.span))),
        has_all: false,
        shown: days,
        on_span: Callback::new(move |span: Option<Span>| input.show(|next| next.span = span.unwrap_or_default())),
    });
    let zone = zone_choice(
        Derived::new(move || input.selection.with(|selection| selection.zone.clone())),
        Arc::new(move || format!("{} (the fleet's)", input.question().zone.name())),
        Callback::new(move |zone| input.show(|next| next.zone = zone)),
    );
    let bar = el("div")
        .class("toolbar")
        .attr("role", "group")
        .attr("aria-label", "Period and zone of the answers")
        .child(period)
        .child(zone)
        .child(live(move || if is_loading() { stop() } else { read() }));
    let trouble = live(move || match loading.stage.get() {
        Stage::Failed(error) if error.problem != Problem::SignedOut => {
            failed(&error, &[Way::again(Callback::new(move |()| loading.begin()))])
        }
        _ => nothing(),
    });
    let has_found = move || loading.found.with(Option::is_some);
    several(vec![
        el("h2").class("computed").attr("id", "answers").child("What calls answered").any(),
        bar.any(),
        el("p").class("note").attr("role", "status").child(text(move || said(loading))).any(),
        trouble,
        when(has_found, move || metrics(loading)),
    ])
}

/// How far it is, in a line.
pub(super) fn said(loading: Loading) -> String {
    let (read, total) = loading.count.get();
    let of = total.map(|total| format!(" of {}", format::count(total))).unwrap_or_default();
    let calls = format!("{}{of} calls read", format::count(read));
    match loading.stage.get() {
        Stage::Idle => "Answers come with the calls: they are read call by call and summed up on this page.".to_owned(),
        Stage::Loading => format!("{calls}…"),
        Stage::Stopped => format!("{calls}, stopped: figures below are of these alone."),
        Stage::Failed(_) => format!("{calls}, then it failed: figures below are of these alone."),
        Stage::Done => {
            let answered = loading.found.with(|found| found.as_ref().map_or(0, |found| found.results.answered));
            format!("{calls}, {} of them with an answer.", format::count(answered))
        }
    }
}

/// The metrics as they stand in what is live, then any others that calls answered.
fn metrics(loading: Loading) -> AnyView {
    let names = Derived::new(move || {
        let declared = declared(loading.input.desk);
        let mut names: Vec<String> = declared.iter().map(|metric| metric.identifier().to_owned()).collect();
        let found = loading.found.get();
        let answered = found.iter().flat_map(|found| found.results.metrics().keys());
        names.extend(answered.filter(|name| !declared.iter().any(|of| of.identifier() == **name)).cloned());
        names.retain(|name| !name.is_empty());
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    });
    live(move || {
        let names = names.get();
        if names.is_empty() {
            return el("p").class("nothing").child("No call of these days has an answer.").any();
        }
        several(names.into_iter().map(|name| metric(loading, name)).collect())
    })
}

/// The metrics that the live version asks.
pub(super) fn declared(desk: DeskState) -> Vec<Metric> {
    desk.with(|desk| PostCallConfig::read(&desk.live.config).map(|config| config.metrics()).unwrap_or_default())
}
