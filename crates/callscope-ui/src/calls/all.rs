//! All calls that match: loaded page by page, and everything that can be computed from them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use callscope_client::{CallPage, ClientError, Problem, Source};
use callscope_core::calls::LoadedCalls;
use callscope_core::export::Table;
use callscope_core::format;
use callscope_core::session::Session;
use callscope_core::usage::{self, AgentEntry};
use callscope_core::wire::Field;
use leptos::prelude::*;

use super::answers::Answers;
use super::list::{ListInput, table_of};
use super::question::Question;
use super::selection::CallSelection;
use super::window::window;
use crate::chart::{ExportInput, ExportText, Read, export_menu};
use crate::piece::{Callback, Derived, State, button, effect, el, live, nothing, several, text, when};
use crate::states::{Way, failed};
use crate::task::Task;
use crate::usage::{Computed, ComputedInput, Now, Question as UsageQuestion, Selection, computed_report};

/// What the card is given.
#[derive(Clone, Copy)]
pub(super) struct AllInput {
    pub(super) source: State<Source>,
    pub(super) session: Derived<Session>,
    pub(super) list: ListInput,
    pub(super) now: Callback<(), Now>,
    /// Whether a call is looked at instead of the list.
    pub(super) is_hidden: State<bool>,
    pub(super) on_signed_out: Callback<()>,
}

/// How far loading is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Progress {
    stage: Stage,
    /// Calls that were loaded.
    pub(super) loaded: u64,
    /// Calls there are, where the server says so of just these.
    total: Option<u64>,
    /// Pages that were read.
    pages: u64,
    /// Rows without an id or a start.
    refused: u64,
    /// When it began, and when the last page came, in Unix milliseconds.
    began_ms: f64,
    last_ms: f64,
    /// When the report was computed last.
    computed_ms: f64,
    /// Calls there were when it began or went on.
    before: u64,
}

/// The report is computed anew so often, in milliseconds: drawing it takes longer than a page.
const COMPUTE_EVERY_MS: f64 = 500.0;

#[derive(Clone, Debug, Default, PartialEq)]
enum Stage {
    #[default]
    Idle,
    Loading,
    /// Stopped by the person.
    Stopped,
    Failed(ClientError),
    Done,
}

/// Loading, and what has been loaded.
#[derive(Clone, Copy)]
pub(super) struct Loading {
    pub(super) input: AllInput,
    pub(super) calls: StoredValue<LoadedCalls>,
    pub(super) progress: State<Progress>,
    task: Task,
    /// What was asked when it began.
    asked: StoredValue<Option<Question>>,
    /// The names of agents by their ids.
    agents: Derived<Arc<BTreeMap<String, String>>>,
    /// The report of what is there so far.
    report: State<Option<Arc<Computed>>>,
}

impl Loading {
    /// Loads from the first page that is not there yet.
    fn go_on(self) {
        let answers = self.input.list.given.answers.get_untracked();
        let Some(question) = answers.question.clone() else { return };
        let (source, asked) = (self.input.source.get_untracked(), question.clone());
        self.asked.set_value(Some(asked.clone()));
        let now = js_sys::Date::now();
        self.progress.update(|progress| {
            progress.stage = Stage::Loading;
            (progress.began_ms, progress.last_ms, progress.before) = (now, now, progress.loaded);
        });
        let from_page = self.progress.with_untracked(|progress| progress.pages) + 1;
        self.task.begin(async move {
            let mut each = |number: u64, page: CallPage| self.take(&question, number, page);
            let stage = match source.all_calls(&question.request, from_page, &mut each).await {
                Ok(()) => Stage::Done,
                Err(error) => Stage::Failed(error),
            };
            self.compute(&asked);
            if matches!(&stage, Stage::Failed(error) if error.problem == Problem::SignedOut) {
                self.input.on_signed_out.run(());
            }
            self.progress.update(|progress| progress.stage = stage);
        });
    }

    /// Takes a page in.
    fn take(self, question: &Question, number: u64, page: CallPage) -> ControlFlow<()> {
        let total = page.info.total.filter(|_| page.ignored.is_empty());
        let refused = page.info.refused as u64;
        let is_full = !page.calls.is_empty();
        let before = self.calls.with_value(|calls| calls.calls().len());
        self.calls.update_value(|calls| {
            calls.make_room(total.unwrap_or(0));
            for call in page.calls {
                calls.add(call, &question.zone);
            }
        });
        let loaded = self.calls.with_value(|calls| calls.calls().len() as u64);
        self.progress.update(|progress| {
            (progress.loaded, progress.total, progress.pages) = (loaded, total, number);
            progress.refused += refused;
            progress.last_ms = js_sys::Date::now();
        });
        if self.progress.with_untracked(|progress| progress.last_ms - progress.computed_ms > COMPUTE_EVERY_MS) {
            self.compute(question);
        }
        // Pages that only repeat what is there would go on for ever.
        if is_full && loaded == before as u64 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Sums up what is there so far.
    fn compute(self, question: &Question) {
        self.progress.update(|progress| progress.computed_ms = js_sys::Date::now());
        let session = self.input.session.get_untracked();
        let selection = usage_selection(&self.input.list.selection.get_untracked());
        let asked = UsageQuestion::new(&selection, &session, self.input.now.run(()), crate::zone);
        let names = self.agents.get_untracked();
        let summary = self.calls.with_value(|calls| calls.summary().clone());
        let entry = |id: &str| {
            let name = names.get(id).cloned().unwrap_or_else(|| id.to_owned());
            AgentEntry { id: id.to_owned(), name, status: "active".to_owned() }
        };
        let directory: Vec<AgentEntry> = summary.agents().into_keys().map(entry).collect();
        let data = usage::answer(&summary, question.range, &directory);
        // Days and hours are cut here, by the clock that was asked for.
        let context =
            usage::wire::Context { time_zone: question.zone.name().into(), ..usage::wire::Context::default() };
        let answer = usage::wire::Answer { data: Field::Value(data), callscope: Field::Value(context) };
        if let Ok((report, findings)) = usage::check_answer(answer, &asked.request.asked) {
            self.report.set(Some(Arc::new(Computed { question: asked, report, findings })));
        }
    }

    /// What the calls are written by: they are those of their own question, whatever was asked since.
    pub(super) fn answers(self) -> Answers {
        Answers { question: self.asked.get_value(), agents: self.agents.get(), ..Answers::default() }
    }

    fn stop(self) {
        self.task.stop();
        let answers = self.input.list.given.answers.get_untracked();
        if let Some(question) = &answers.question {
            self.compute(question);
        }
        self.progress.update(|progress| progress.stage = Stage::Stopped);
    }

    fn forget(self) {
        self.task.stop();
        self.calls.set_value(LoadedCalls::default());
        self.report.set(None);
        self.progress.set(Progress::default());
    }
}

/// What the report is of, as the page of usage says it.
fn usage_selection(of: &CallSelection) -> Selection {
    let (scope, zone) = (of.scope.clone(), of.zone.clone());
    Selection { scope, span: of.span, zone, alone: true, ..Selection::default() }
}

/// What was clicked in the report, beside the filters that there are.
fn narrow(next: &mut CallSelection, clicked: CallSelection) {
    next.span = clicked.span;
    let (filter, more) = (&mut next.filter, clicked.filter);
    filter.hour = more.hour.or(filter.hour);
    filter.outcome = more.outcome.or(filter.outcome);
    filter.agent_id = more.agent_id.or_else(|| filter.agent_id.take());
    filter.escalation_reason = more.escalation_reason.or_else(|| filter.escalation_reason.take());
}

/// The card that loads all, with what came of it.
pub(super) fn all_card(input: AllInput) -> AnyView {
    let loading = Loading {
        input,
        calls: StoredValue::new(LoadedCalls::default()),
        progress: State::new(Progress::default()),
        task: Task::new(),
        asked: StoredValue::new(None),
        agents: Derived::new(move || input.list.given.answers.with(|answers| Arc::clone(&answers.agents))),
        report: State::new(None),
    };
    // Another question: what was loaded is of no use any more. The order and the page are none.
    let asked = Derived::new(move || {
        let answers = input.list.given.get();
        answers.question.as_ref().map(|of| {
            let request = of.request.clone();
            (request.filter, request.search, request.organisation_id, request.reseller_id, of.zone.clone())
        })
    });
    let last = StoredValue::new(None);
    effect(move || {
        // A question that failed asks for nothing else yet.
        let Some(asked) = asked.get() else { return };
        if last.get_value().is_some_and(|last| last != asked) {
            untrack(|| loading.forget());
        }
        last.set_value(Some(asked));
    });
    let is_begun = move || loading.progress.with(|progress| progress.stage != Stage::Idle);
    let begin = move || {
        let answers = input.list.given.get();
        if answers.question.is_none() {
            return nothing();
        }
        let label = match answers.page.info.total.filter(|_| answers.page.ignored.is_empty()) {
            Some(0) => return nothing(),
            Some(total) => format!("Load all {} matching calls", format::count(total)),
            None => "Load all matching calls".to_owned(),
        };
        button("boxed", move |_| loading.go_on()).attr("id", "load-all").child(label).any()
    };
    several(vec![
        el("div").class("toolbar").child(when(move || !is_begun(), begin)).any(),
        when(is_begun, move || loaded(loading)),
    ])
}

/// What is loaded and how far it is.
fn loaded(loading: Loading) -> AnyView {
    let input = loading.input;
    let is_loading = move || loading.progress.with(|progress| progress.stage == Stage::Loading);
    // Who signed in again after the session ended goes on here.
    let is_halted = move || {
        loading.progress.with(|progress| match &progress.stage {
            Stage::Failed(error) => error.problem == Problem::SignedOut,
            stage => *stage == Stage::Stopped,
        })
    };
    let cancel = move || button("quiet", move |_| loading.stop()).child("Cancel").any();
    let resume = move || button("quiet", move |_| loading.go_on()).child("Go on").any();
    let of_page = input.list.given.texts();
    let texts: Read<ExportText> = Arc::new(move || {
        let page = of_page();
        let said = loading.progress.with(said);
        let context = format!("{said} · {}", page.context);
        let file = page.file.replace("callscope-calls", "callscope-all-calls");
        ExportText { title: "All matching calls".to_owned(), period: context.clone(), context, file, ..page }
    });
    let menu = export_menu(ExportInput {
        layout: None,
        height_css_px: Arc::new(|| 0.0),
        texts,
        table: Arc::new(move || table(loading)),
    });
    let head = el("header")
        .class("card-head")
        .child(el("h2").child("All matching calls"))
        .child(el("span").class("note").attr("role", "status").child(text(move || loading.progress.with(said))))
        .child(el("span").class("tools").child(when(is_loading, cancel)).child(when(is_halted, resume)).child(menu));
    let bar = el("progress")
        .attr("aria-label", "Calls loaded")
        .live_attr("max", move || loading.progress.with(|of| of.total.unwrap_or(of.loaded).max(1)).to_string())
        .live_attr("value", move || loading.progress.with(|of| of.loaded).to_string());
    let trouble = live(move || match loading.progress.with(|progress| progress.stage.clone()) {
        Stage::Failed(error) if error.problem != Problem::SignedOut => {
            let go_on = Callback::new(move |()| loading.go_on());
            failed(&error, &[Way::new("Go on from here", go_on)])
        }
        _ => nothing(),
    });
    let on_calls = Callback::new(move |calls: CallSelection| {
        let next = input.list.selection.get_untracked().changed(|next| narrow(next, calls));
        input.list.on_select.run(next);
    });
    let selection = Derived::new(move || input.list.selection.with(usage_selection));
    let report = computed_report(ComputedInput { report: loading.report, selection, on_calls });
    several(vec![
        el("section").class("card all").child(head).child(bar).child(window(loading)).any(),
        trouble,
        el("h2").class("computed").child("Usage of these calls, computed on this page").any(),
        report,
    ])
}

/// How far it is, in a line.
fn said(progress: &Progress) -> String {
    let count = format::count(progress.loaded);
    let of = progress.total.map(|total| format!(" of {}", format::count(total))).unwrap_or_default();
    let secs = (progress.last_ms - progress.began_ms) / 1000.0;
    let rate = (progress.loaded - progress.before) as f64 / secs.max(0.05);
    let rate = if secs > 0.0 { format!(" · {} a second", format::number(rate, 0)) } else { String::new() };
    let refused = match progress.refused {
        0 => String::new(),
        refused => format!(" · {} rows without an id or a start left out", format::count(refused)),
    };
    let words = match progress.stage {
        Stage::Idle => return String::new(),
        Stage::Loading => format!("{count}{of} loaded{rate}"),
        Stage::Stopped => format!("{count}{of} loaded, stopped: figures below are of these alone"),
        Stage::Failed(_) => format!("{count}{of} loaded, then it failed: figures below are of these alone"),
        Stage::Done if progress.total.is_some_and(|total| total > progress.loaded) => {
            format!("{count}{of} loaded, and the server sent no more: figures below are of these alone")
        }
        Stage::Done => format!("all {count} loaded{rate}"),
    };
    words + &refused
}

/// All that are loaded, as a table for files.
fn table(loading: Loading) -> Table {
    let (given, answers) = (loading.input.list.given, loading.answers());
    loading.calls.with_value(|calls| table_of(given, &answers, calls.calls().iter().collect()))
}
