//! What calls answered: loaded call by call, summed up here.

use std::ops::ControlFlow;
use std::sync::Arc;

use callscope_charts::{ShareRow, SharesInput, TrendDay, TrendInput, shares, shares_height, trend};
use callscope_client::{CallPage, CallsRequest, ClientError, Problem, Source};
use callscope_core::agents::AgentVersion;
use callscope_core::calls::{CallFilter, CallSort};
use callscope_core::export::{Cell, Column, Table};
use callscope_core::format;
use callscope_core::period::DateRange;
use callscope_core::postcall::{Answered, Metric, MetricResult, MetricResults, MetricType, PostCallConfig, Spread};
use callscope_core::session::Session;
use callscope_core::stats::Proportion;
use futures_util::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::selection::PostCallSelection;
use super::view::DeskState;
use crate::calls::CallSelection;
use crate::chart::{ChartInput, ExportInput, ExportText, Picked, Read, chart, export_menu};
use crate::controls::{PeriodInput, fixed, period_choice, zone_choice};
use crate::piece::{Derived, Element, State, button, effect, el, live, nothing, several, text, when};
use crate::states::{Way, failed};
use crate::table::data_table;
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
struct Found {
    results: MetricResults,
    range: DateRange,
    zone: String,
}

#[derive(Clone, Copy)]
struct Loading {
    input: ResultsInput,
    stage: State<Stage>,
    /// Calls that were read, and how many there are where the server says so.
    count: State<(u64, Option<u64>)>,
    found: State<Option<Arc<Found>>>,
    under_way: StoredValue<Option<AbortHandle>>,
}

/// What decides which calls are meant.
type Asked = (Option<String>, crate::usage::Scope, Span, Option<String>);

impl ResultsInput {
    fn asked(self) -> Asked {
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
    fn look_at(self, span: Option<Span>) {
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
        self.abort();
        let question = untrack(|| self.input.question());
        let request = request(&question, agent_id);
        let source = self.input.source.get_untracked();
        self.stage.set(Stage::Loading);
        self.count.set((0, None));
        let load = async move {
            let mut results = MetricResults::default();
            let mut each = |_: u64, page: CallPage| {
                for call in &page.calls {
                    results.add(call, &question.zone);
                }
                let total = page.info.total.filter(|_| page.ignored.is_empty());
                self.count.set((results.calls, total));
                let zone = question.zone.name().to_owned();
                let found = Found { results: results.clone(), range: question.range, zone };
                self.found.set(Some(Arc::new(found)));
                // Pages that bring no call of the filter any more would go on for ever.
                if page.info.read == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            source.all_calls(&request, 1, &mut each).await
        };
        let (load, handle) = abortable(load);
        self.under_way.set_value(Some(handle));
        spawn_local(async move {
            let stage = match load.await {
                Ok(Ok(())) => Stage::Done,
                Ok(Err(error)) => Stage::Failed(error),
                // Whoever stopped it has said so; the page may be gone.
                Err(_) => return,
            };
            if matches!(&stage, Stage::Failed(error) if error.problem == Problem::SignedOut) {
                self.input.on_signed_out.run(());
            }
            self.stage.set(stage);
        });
    }

    fn abort(self) {
        if let Some(handle) = self.under_way.try_get_value().flatten() {
            handle.abort();
        }
    }

    fn stop(self) {
        self.abort();
        self.stage.set(Stage::Stopped);
    }

    fn forget(self) {
        self.abort();
        self.stage.set(Stage::Idle);
        self.found.set(None);
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
        under_way: StoredValue::new(None),
    };
    on_cleanup(move || loading.abort());
    let asked = Derived::new(move || input.asked());
    let last = StoredValue::new(None::<Asked>);
    effect(move || {
        let asked = asked.get();
        if last.get_value().is_some_and(|last| last != asked) {
            untrack(|| loading.forget());
        }
        last.set_value(Some(asked));
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
fn said(loading: Loading) -> String {
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

fn declared(desk: DeskState) -> Vec<Metric> {
    desk.with(|desk| PostCallConfig::read(&desk.live.config).map(|config| config.metrics()).unwrap_or_default())
}

/// One metric, as its parts read it.
#[derive(Clone, Copy)]
struct Of {
    loading: Loading,
    name: StoredValue<String>,
    result: Derived<Arc<MetricResult>>,
    kind: Derived<Option<MetricTypeKey>>,
    /// The answer whose share is drawn by day; the most telling where none is chosen.
    chosen: State<Option<String>>,
}

/// The name of a type, which can be compared.
type MetricTypeKey = String;

impl Of {
    fn spread(self) -> Spread {
        let kind = self.kind.get().map(|key| MetricType::from_key(&key));
        self.result.with(|result| result.spread(kind.as_ref()))
    }

    /// The answer whose share is drawn by day: "true" of two, else the most frequent.
    fn share_of(self) -> Option<String> {
        self.chosen.get().or_else(|| {
            self.result.with(|result| {
                let values = result.all.by_frequency();
                let truth = values.iter().find(|(value, _)| *value == "true");
                truth.or_else(|| values.first()).map(|(value, _)| (*value).to_owned())
            })
        })
    }

    fn texts(self, what: &'static str) -> Read<ExportText> {
        Arc::new(move || {
            let name = self.name.get_value();
            let found = self.loading.found.get();
            let days = found.as_ref().map(|found| format::date_range(found.range.first(), found.range.last()));
            let zone = found.as_ref().map(|found| found.zone.clone()).unwrap_or_default();
            let calls = format::count(self.result.with(|result| result.all.calls));
            let period = format!("{} · {zone}", days.unwrap_or_default());
            ExportText {
                title: format!("{name}: {what}"),
                context: format!("{period} · {calls} calls with an answer"),
                period,
                source: "Callscope · post-call metrics".to_owned(),
                file: format!("callscope-{}-{}", file_name(&name), file_name(what)),
            }
        })
    }
}

/// A name as a part of a file's name.
fn file_name(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

fn metric(loading: Loading, name: String) -> AnyView {
    let own = name.clone();
    let result = Derived::new(move || {
        let found = loading.found.get();
        Arc::new(found.and_then(|found| found.results.metrics().get(&own).cloned()).unwrap_or_default())
    });
    let own = name.clone();
    let kind = Derived::new(move || {
        let metric = declared(loading.input.desk).into_iter().find(|metric| metric.identifier() == own)?;
        metric.kind().map(|kind| kind.key().to_owned())
    });
    let of = Of { loading, name: StoredValue::new(name.clone()), result, kind, chosen: State::new(None) };
    let pill = live(move || match kind.get() {
        Some(kind) => el("span").class("pill").child(kind).any(),
        None => el("span").class("pill").child("not asked by what is live").any(),
    });
    let note = text(move || result.with(|result| note_of(result)));
    let head = el("header")
        .class("card-head")
        .child(el("h3").child(el("code").child(name)).child(" ").child(pill))
        .child(el("span").class("note").child(note));
    let spread = Derived::new(move || {
        let calls = result.with(|result| result.all.calls);
        (calls > 0).then(|| match of.spread() {
            Spread::Shares => 0_u8,
            Spread::Number => 1,
            Spread::Texts => 2,
        })
    });
    let body = live(move || match spread.get() {
        None => el("p").class("nothing").child("No call of these days answered it.").any(),
        Some(0) => several(vec![pair(vec![share_chart(of), share_by_day(of)]), versions(of)]),
        Some(1) => several(vec![mean(of), pair(vec![share_chart(of), mean_by_day(of)]), versions(of)]),
        Some(_) => texts_of(of),
    });
    el("section").class("answered").child(head).child(body).any()
}

fn pair(views: Vec<AnyView>) -> AnyView {
    el("div").class("pair even").child(views).any()
}

fn note_of(result: &MetricResult) -> String {
    let mut parts = vec![format!("{} calls with an answer", format::count(result.all.calls))];
    if result.empty > 0 {
        parts.push(format!("{} asked without one", format::count(result.empty)));
    }
    if let Some(confidence) = result.confidence() {
        parts.push(format!("mean confidence {}", format::number(confidence, 2)));
    }
    parts.join(" · ")
}

/// The answers by how many calls gave each.
fn share_chart(of: Of) -> AnyView {
    let rows = move || {
        of.result.with(|result| {
            let all = &result.all;
            let row = |(value, _): &(&str, u64)| ShareRow { label: (*value).to_owned(), calls: all.share(value) };
            let mut rows: Vec<ShareRow> = all.by_frequency().iter().map(row).collect();
            if all.others() > 0 {
                let calls = Proportion { successes: all.others(), trials: all.calls };
                rows.push(ShareRow { label: "Other answers".to_owned(), calls });
            }
            rows
        })
    };
    chart(ChartInput {
        layout: Arc::new(move |size, theme, measure| {
            let name = format!("{}: shares", of.name.get_value());
            shares(&SharesInput { name: &name, rows: &rows() }, size, theme, measure)
        }),
        height_css_px: Arc::new(move || shares_height(rows().len())),
        note: fixed("of calls with an answer; lines are 95 % intervals"),
        texts: of.texts("shares"),
        on_pick: Callback::new(|_: Picked| {}),
        pick_hint: "",
        has_legend: false,
        below: nothing(),
    })
}

fn by_day(of: Of, value: impl Fn(&Answered) -> Option<f64>) -> Vec<TrendDay> {
    of.result.with(|result| {
        result.days.iter().map(|(date, day)| TrendDay { date: *date, value: value(day), calls: day.calls }).collect()
    })
}

/// The share of one answer by day, and the choice of which.
fn share_by_day(of: Of) -> AnyView {
    let choose = live(move || {
        let chosen = of.share_of();
        let values = of.result.with(|result| {
            result.all.by_frequency().into_iter().map(|(value, _)| value.to_owned()).collect::<Vec<_>>()
        });
        if values.len() < 2 {
            return nothing();
        }
        let option = |value: String| {
            let is_chosen = chosen.as_ref() == Some(&value);
            el("option").attr("value", value.clone()).switched("selected", move || is_chosen).child(value)
        };
        let options: Vec<Element> = values.into_iter().map(option).collect();
        let choose = move |event| of.chosen.set(Some(event_target_value(&event)));
        let list = el("select").attr("aria-label", "Answer by day").on("change", choose).child(options);
        el("label").class("choice").child(el("span").child("Share of")).child(list).any()
    });
    trend_chart(of, "by day", true, choose)
}

fn mean_by_day(of: Of) -> AnyView {
    trend_chart(of, "mean by day", false, nothing())
}

fn trend_chart(of: Of, what: &'static str, is_share: bool, below: AnyView) -> AnyView {
    let layout = move |size, theme: &callscope_charts::Theme, measure: &dyn callscope_charts::MeasureText| {
        let Some(found) = of.loading.found.get() else { return callscope_charts::Scene::blank(size) };
        let value = of.share_of().filter(|_| is_share);
        let figure = value.as_ref().map_or_else(|| "Mean".to_owned(), |value| format!("Share of '{value}'"));
        let days = by_day(of, |day| match &value {
            Some(value) => day.share(value).rate(),
            None => day.mean(),
        });
        let name = format!("{} {what}", of.name.get_value());
        let input = TrendInput { name: &name, figure: &figure, is_share, range: found.range, days: &days };
        trend(&input, size, theme, measure)
    };
    let on_pick = move |picked: Picked| {
        if let callscope_charts::TargetId::Day(date) = picked.target
            && let Ok(range) = DateRange::new(date, date)
        {
            of.loading.input.look_at(Some(Span::Days(range)));
        }
    };
    chart(ChartInput {
        layout: Arc::new(layout),
        height_css_px: Arc::new(|| 200.0),
        note: fixed("hollow dots: fewer than 20 calls"),
        texts: of.texts(what),
        on_pick: Callback::new(on_pick),
        pick_hint: "Click or Enter: the calls of this day",
        has_legend: true,
        below,
    })
}

/// The mean with its interval.
fn mean(of: Of) -> AnyView {
    let words = text(move || {
        of.result.with(|result| {
            let mean = result.all.mean().map_or_else(|| format::UNKNOWN.to_owned(), |mean| format::number(mean, 2));
            let interval = result
                .all
                .mean_interval()
                .map(|of| format!(" (95 % interval {} to {})", format::number(of.low, 2), format::number(of.high, 2)));
            let others = result.all.calls - result.all.whole_numbers().min(result.all.calls);
            let others = match others {
                0 => String::new(),
                others => format!("; {} answers are no whole number and not in it", format::count(others)),
            };
            format!("Mean {mean}{}{others}.", interval.unwrap_or_default())
        })
    });
    el("p").class("mean").child(words).any()
}

/// Texts of their own are read call by call.
fn texts_of(of: Of) -> AnyView {
    let words = text(move || {
        let calls = format::count(of.result.with(|result| result.all.calls));
        format!("{calls} calls answered, each in its own words. They stand with the calls.")
    });
    let go = move |_| of.loading.input.look_at(None);
    el("p").child(words).child(" ").child(button("quiet", go).child("To the calls")).any()
}

/// The same by version.
fn versions(of: Of) -> AnyView {
    let table: Read<Table> = Arc::new(move || version_table(of));
    let for_menu = Arc::clone(&table);
    let head = el("header")
        .class("card-head")
        .child(el("h4").child("By version"))
        .child(el("span").class("note").child("versions ran one after the other: more than the version differs"))
        .child(el("span").class("tools").child(export_menu(ExportInput {
            layout: None,
            height_css_px: Arc::new(|| 0.0),
            texts: of.texts("by version"),
            table: for_menu,
        })));
    el("div").class("card").child(head).child(data_table(table)).any()
}

/// Versions with their shares of the most frequent answers, or with their means.
fn version_table(of: Of) -> Table {
    const MOST_ANSWERS: usize = 4;
    let caption = format!("{} by version", of.name.get_value());
    let is_number = of.spread() == Spread::Number;
    let desk = of.loading.input.desk.get();
    let found = of.loading.found.get();
    of.result.with(|result| {
        let values: Vec<&str> = result.all.by_frequency().iter().take(MOST_ANSWERS).map(|(value, _)| *value).collect();
        let mut columns = vec![Column::text("Version"), Column::figure("Calls")];
        if is_number {
            columns.extend(["Mean", "95 % from", "to"].map(Column::figure));
        } else {
            for value in &values {
                columns.push(Column::figure(format!("{value} (%)")));
                columns.push(Column::figure("95 %"));
            }
        }
        let title = |id: &Option<String>| match id {
            None => "No version".to_owned(),
            Some(id) => {
                let listed = desk.published.iter().find(|version| version.id == *id);
                let number = found.as_ref().and_then(|found| found.results.version_number(id));
                let otherwise = || number.map_or_else(|| id.clone(), |number| format!("v{number}"));
                listed.map_or_else(otherwise, AgentVersion::title)
            }
        };
        let row = |(id, answered): (&Option<String>, &Answered)| {
            let mut row = vec![Cell::Text(title(id)), Cell::Count(answered.calls)];
            if is_number {
                let interval = answered.mean_interval();
                row.push(Cell::measure(answered.mean(), 2));
                row.extend([interval.map(|of| of.low), interval.map(|of| of.high)].map(|end| Cell::measure(end, 2)));
            } else {
                for value in &values {
                    row.push(Cell::measure(answered.share(value).rate().map(|share| share * 100.0), 1));
                    row.push(Cell::Text(answered.share_interval(value).map_or_else(String::new, |of| {
                        format!("{}–{}", format::number(of.low * 100.0, 1), format::number(of.high * 100.0, 1))
                    })));
                }
            }
            row
        };
        // The newest first, as versions are listed; those that are not listed after them.
        let place = |id: &Option<String>| {
            let at = id.as_ref().and_then(|id| desk.published.iter().position(|version| version.id == *id));
            at.unwrap_or(usize::MAX)
        };
        let mut groups: Vec<(&Option<String>, &Answered)> = result.versions.iter().collect();
        groups.sort_by_key(|(id, _)| place(id));
        Table { caption, columns, rows: groups.into_iter().map(row).collect() }
    })
}
