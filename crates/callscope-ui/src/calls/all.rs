//! All calls that match: loaded page by page, and everything that can be computed from them.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::time::Duration;

use callscope_client::{CallPage, ClientError, Problem, Source};
use callscope_core::calls::LoadedCalls;
use callscope_core::export::Table;
use callscope_core::format;
use callscope_core::session::Session;
use callscope_core::usage::{self, AgentEntry};
use callscope_core::wire::Field;
use leptos::prelude::*;
use web_sys::{FocusOptions, HtmlElement};

use super::answers::Answers;
use super::list::{ListInput, call_row, headings, opener, table_of};
use super::question::Question;
use super::selection::CallSelection;
use crate::browser::{measure_in, on_resize, style_of};
use crate::chart::{ExportInput, ExportText, Read, export_menu};
use crate::piece::{
    Callback, Derived, Element, Spot, State, button, effect, el, live, nothing, numbered, several, text, when,
};
use crate::stacked::stacked;
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
struct Progress {
    stage: Stage,
    /// Calls that were loaded.
    loaded: u64,
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
struct Loading {
    input: AllInput,
    calls: StoredValue<LoadedCalls>,
    progress: State<Progress>,
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

    /// What the calls are written by: whatever was asked since, or failed, they are those of their own question.
    fn answers(self) -> Answers {
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

/// How high a row is where texts are as large as usual, and so many of them are looked at; the style sheet says the
/// same, and more for a phone, where a call has two lines.
const ROW_PX: f64 = 36.0;
const ROWS_SEEN: usize = 12;
/// Rows that are there before the first that is seen: none is blank at an ordinary pace.
const ROWS_BEFORE: usize = 6;
const ROWS_MADE: usize = ROWS_SEEN + 2 * ROWS_BEFORE;
/// No browser lays out what is higher than its own limit, which counts the pixels of the screen: Chromium's 33 million are
/// eight where each pixel of the page has four a side. Where all rows are higher, each stands for less of the way than
/// it is high, and a turn of the wheel or a page goes over more of them.
const MOST_PX: f64 = 8_000_000.0;

/// As far as one scrolls from a row to the next where there are so many, in pixels of the page.
fn pitch(rows: usize, row_px: f64) -> f64 {
    row_px.min(most_pitch(rows))
}

fn most_pitch(rows: usize) -> f64 {
    MOST_PX / rows.max(1) as f64
}

/// The first row that is made where one has scrolled so far.
fn first_made(rows: usize, scrolled_px: f64, row_px: f64) -> usize {
    let first_seen = (scrolled_px / pitch(rows, row_px)) as usize;
    first_seen.saturating_sub(ROWS_BEFORE).min(rows.saturating_sub(ROWS_MADE))
}

/// The rows that are seen whole below the heads of the columns, of those that are made from a first one on.
fn seen_whole(rows: usize, first: usize, scrolled_px: f64, row_px: f64, room_px: f64) -> Range<usize> {
    // Where the way is shorter than the rows are high, they stand lower than they are scrolled to.
    let above = (scrolled_px - first as f64 * pitch(rows, row_px)) / row_px;
    // What is cut by less than a pixel is seen whole.
    let slack = 1.0 / row_px;
    let start = first + (above - slack).ceil().max(0.0) as usize;
    let end = first + (above + room_px / row_px + slack).floor().max(0.0) as usize;
    start..end.max(start)
}

/// The rows that can be seen, and room for the others.
#[derive(Clone, Copy)]
struct Window {
    loading: Loading,
    frame: Spot<HtmlElement>,
    /// The first row that is made.
    first: State<usize>,
    /// The rows that the tab key goes to: those that are seen. Through all of them nobody would find the way out again.
    reached: State<Range<usize>>,
    /// How far one has scrolled, in rows. The row at the upper edge is another by up to those that are made before it,
    /// where there are so many that the way is shorter.
    seen: StoredValue<f64>,
}

impl Window {
    fn new(loading: Loading) -> Self {
        let (first, reached) = (State::new(0), State::new(0..ROWS_SEEN));
        Self { loading, frame: Spot::new(), first, reached, seen: StoredValue::new(0.0) }
    }

    fn count(self) -> usize {
        self.loading.calls.with_value(|calls| calls.calls().len())
    }

    /// Takes in where one has scrolled to.
    fn look(self) {
        // What is hidden, or gone, is not scrolled.
        let Some(frame) = self.frame.get_untracked().filter(|frame| frame.client_width() > 0) else { return };
        let (rows, row_px, scrolled_px) = (self.count(), row_px(&frame), f64::from(frame.scroll_top()));
        // The browser tells whole pixels: what it was told to scroll to is kept as it was.
        let pitch = pitch(rows, row_px);
        if (scrolled_px - self.seen.get_value() * pitch).abs() >= 1.0 {
            self.seen.set_value(scrolled_px / pitch);
        }
        let first = first_made(rows, scrolled_px, row_px);
        // The heads of the columns stay where they are.
        let head_px = frame.query_selector("thead").ok().flatten().map_or(0.0, |head| height_px(&head));
        let room_px = height_px(&frame) - head_px;
        let reached = seen_whole(rows, first, scrolled_px, row_px, room_px);
        keep_focus(&frame, first..first + ROWS_MADE);
        if self.first.get_untracked() != first {
            self.first.set(first);
        }
        if self.reached.get_untracked() != reached {
            self.reached.set(reached);
        }
    }

    /// Scrolls to the row that was seen. The page may be gone by then.
    fn return_to_seen(self) {
        let (Some(seen), Some(frame)) = (self.seen.try_get_value(), self.frame.get_untracked()) else { return };
        let to_px = (seen * pitch(self.count(), row_px(&frame))).round() as i32;
        // One who is scrolling goes on.
        if frame.scroll_top() != to_px {
            frame.set_scroll_top(to_px);
        }
        self.look();
    }

    /// Returns to the row that was seen whenever rows get another place.
    fn keep_seen(self) {
        let return_soon = move || set_timeout(move || self.return_to_seen(), Duration::ZERO);
        // What is hidden forgets how far it was scrolled.
        effect(move || {
            if !self.loading.input.is_hidden.get() {
                return_soon();
            }
        });
        // The way to a row becomes shorter as rows get more, where there are very many.
        effect(move || {
            let rows = self.loading.progress.with(|progress| progress.loaded) as usize;
            if self.frame.get_untracked().is_some_and(|frame| most_pitch(rows) < row_px(&frame)) {
                return_soon();
            }
        });
        // Rows are of another height on a phone that is turned, and with texts of another size.
        effect(move || {
            if let Some(frame) = self.frame.get() {
                on_resize(&frame, move || self.return_to_seen());
            }
        });
    }

    /// How many rows there are, and which of them are made.
    fn made(self) -> (usize, Range<usize>) {
        let rows = self.loading.progress.with(|progress| progress.loaded) as usize;
        let first = self.first.get().min(rows.saturating_sub(1));
        (rows, first..(first + ROWS_MADE).min(rows))
    }

    fn row(self, answers: &Answers, number: usize) -> AnyView {
        let list = self.loading.input.list;
        let reach = move || if self.reached.with(|reached| reached.contains(&number)) { "0" } else { "-1" };
        self.loading.calls.with_value(|calls| {
            let Some(call) = calls.calls().get(number) else { return nothing() };
            let opener = opener(answers, call, list).live_attr("tabindex", move || reach().to_owned());
            call_row(answers, call, list, opener).attr(ROW_INDEX, (number + 2).to_string()).any()
        })
    }

    /// As much room as the rows take that are not made.
    fn room(self, rows_of: fn(usize, Range<usize>) -> usize) -> Element {
        let height = move || {
            let (rows, made) = self.made();
            format!("calc({} * min(var(--c-row), {}px))", rows_of(rows, made), most_pitch(rows))
        };
        el("tr").attr("aria-hidden", "true").child(el("td").style("height", height))
    }
}

/// Which row of the table it is, of which not all are made: the heads of the columns are the first.
const ROW_INDEX: &str = "aria-rowindex";

fn row_px(frame: &HtmlElement) -> f64 {
    style_of(frame).as_ref().and_then(measure_in).unwrap_or(ROW_PX)
}

/// How high an element is, as its style says it.
fn height_px(element: &web_sys::Element) -> f64 {
    let height = style_of(element).and_then(|style| style.get_property_value("height").ok());
    height.map(|height| js_sys::parse_float(&height)).filter(|height| height.is_finite()).unwrap_or(0.0)
}

/// Has the frame take the focus over from a row that will be made no longer.
fn keep_focus(frame: &HtmlElement, made: Range<usize>) {
    let row = frame.query_selector("tr:focus-within").ok().flatten();
    let number = row.and_then(|row| row.get_attribute(ROW_INDEX)?.parse::<usize>().ok());
    if number.is_some_and(|number| !made.contains(&number.saturating_sub(2))) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        frame.focus_with_options(&options).ok();
    }
}

/// The calls as a table in a frame of its own, of whose rows those are made that are looked at.
fn window(loading: Loading) -> AnyView {
    let window = Window::new(loading);
    window.keep_seen();
    // Names that come later, and numbers that are opened, have all rows made anew.
    let made = live(move || {
        loading.input.list.given.are_numbers_open.track();
        let answers = loading.answers();
        numbered(move || window.made().1, move |number| window.row(&answers, number))
    });
    let rows =
        several(vec![window.room(|_, made| made.start).any(), made, window.room(|rows, made| rows - made.end).any()]);
    let columns = headings().into_iter().map(|column| column.attr(ROW_INDEX, "1")).collect();
    let table = stacked("agents calls lined windowed", None, columns, rows)
        .live_attr("aria-rowcount", move || (loading.progress.with(|of| of.loaded) + 1).to_string());
    el("div")
        .class("scroll window")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", "All matching calls, table")
        .node_ref(window.frame)
        .on("scroll", move |_| window.look())
        .child(table)
        .any()
}

/// All that are loaded, as a table for files.
fn table(loading: Loading) -> Table {
    let (given, answers) = (loading.input.list.given, loading.answers());
    loading.calls.with_value(|calls| table_of(given, &answers, calls.calls().iter().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As high as all is that is laid out, and what of it is seen at the end.
    fn end(rows: usize, row_px: f64, window_px: f64) -> f64 {
        let made = rows.min(ROWS_MADE);
        (rows - made) as f64 * pitch(rows, row_px) + made as f64 * row_px - window_px
    }

    #[test]
    fn rows_are_made_where_one_looks() {
        assert_eq!(first_made(100_000, 0.0, 36.0), 0);
        // The first that is seen is the eleventh: six before it are made.
        assert_eq!(first_made(100_000, 360.0, 36.0), 4);
        // Rows of 90 pixels, of which 80 go on the way to each where there are so many.
        assert_eq!((first_made(10_000, 18_000.0, 90.0), first_made(100_000, 18_000.0, 90.0)), (194, 219));
        assert_eq!((first_made(0, 0.0, 36.0), first_made(5, 500.0, 36.0)), (0, 0));
    }

    #[test]
    fn the_tab_key_goes_to_what_is_seen_whole() {
        // Eleven rows of 36 pixels below the heads.
        assert_eq!(seen_whole(1000, 0, 0.0, 36.0, 396.0), 0..11);
        assert_eq!(seen_whole(1000, 4, 360.0, 36.0, 396.0), 10..21);
        // Half a row further: one is cut above, one below.
        assert_eq!(seen_whole(1000, 4, 378.0, 36.0, 396.0), 11..21);
        // Eight pixels of the way for each of a million: what is made begins 52 pixels above, a row and a half.
        let first = first_made(1_000_000, 8_060.0, 36.0);
        assert_eq!((first, seen_whole(1_000_000, first, 8_060.0, 36.0, 396.0)), (1001, 1003..1013));
        // A frame that is lower than a row shows none whole.
        assert_eq!(seen_whole(1000, 0, 10.0, 36.0, 20.0), 1..1);
    }

    #[test]
    fn the_last_of_a_million_can_be_reached() {
        for rows in [1, 30, 100_000, 472_222, 472_223, 1_000_000, 5_000_000] {
            for row_px in [36.0, 58.0, 90.0] {
                let height = rows as f64 * pitch(rows, row_px);
                assert!(height <= MOST_PX, "{rows} rows are {height} pixels");
                let last = first_made(rows, end(rows, row_px, 432.0).max(0.0), row_px) + ROWS_MADE;
                assert!(last >= rows, "of {rows} rows {last} are reached");
            }
        }
    }
}
