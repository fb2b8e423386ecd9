//! The agents: sortable, filterable, thousands of them.

use std::cmp::Ordering;
use std::sync::Arc;

use callscope_charts::{TargetId, agents as agents_scene, agents_table};
use callscope_core::calls::Outcome;
use callscope_core::export::Table;
use callscope_core::format;
use callscope_core::usage::{AgentUsage, UsageReport};
use leptos::prelude::*;

use super::answers::Given;
use super::selection::{Pick, Selection, Sort};
use crate::browser::lower_case;
use crate::chart::{ExportInput, export_menu};
use crate::piece::{Callback, Element, IntoChild as _, State, button, effect, el, live, nothing, several, text};

/// So many agents stand on a page of the table.
const PAGE: usize = 25;
/// So many agents at most stand in an exported picture.
const MOST_DRAWN: usize = 30;

/// How high the picture of so many agents is, in CSS pixels.
pub(super) fn agents_height(count: usize) -> f64 {
    (count.clamp(1, MOST_DRAWN) + usize::from(count > MOST_DRAWN)) as f64 * 36.0
}

/// The agents that the filter lets through, sorted. Unknown figures come last either way.
fn arranged(report: &UsageReport, selection: &Selection) -> Vec<AgentUsage> {
    let find = lower_case(selection.find.trim());
    let named = |agent: &AgentUsage| Some((lower_case(&agent.name), agent.clone()));
    // Byte by byte, which finds the same: the search for longer texts is larger than all of this table.
    let holds = |name: &str| name.as_bytes().windows(find.len()).any(|part| part == find.as_bytes());
    let matches = |(name, _): &(String, AgentUsage)| find.is_empty() || holds(name);
    let mut agents: Vec<_> = report.agents.iter().filter_map(named).filter(matches).collect();
    agents.sort_by(|(a_name, a), (b_name, b)| {
        let (order, is_known) = compared(a, b, selection.sort);
        let order = order.then_with(|| if selection.sort == Sort::Name { a_name.cmp(b_name) } else { Ordering::Equal });
        let order = if selection.reversed && is_known { order.reverse() } else { order };
        order.then_with(|| a.name.cmp(&b.name))
    });
    agents.into_iter().map(|(_, agent)| agent).collect()
}

/// How two agents compare in a column, and whether both have the figure.
fn compared(a: &AgentUsage, b: &AgentUsage, sort: Sort) -> (Ordering, bool) {
    if sort == Sort::Name {
        return (Ordering::Equal, true);
    }
    let figure = |agent: &AgentUsage| match sort {
        Sort::Resolved => agent.share(Outcome::Resolved),
        Sort::Transferred => agent.share(Outcome::Transferred),
        Sort::Abandoned => agent.share(Outcome::Abandoned),
        Sort::Duration => agent.average_duration_secs,
        Sort::Sentiment => agent.positive_sentiment,
        Sort::Calls | Sort::Name => agent.calls.map(|calls| calls as f64),
    };
    match (figure(a), figure(b)) {
        (Some(a), Some(b)) => (b.total_cmp(&a), true),
        (a, b) => (b.is_some().cmp(&a.is_some()), false),
    }
}

/// The card with the table of agents.
pub(super) fn agents_card(given: Given) -> AnyView {
    let rows = State::new(Arc::<[AgentUsage]>::from([]));
    let page = State::new(0_usize);
    effect(move || {
        let arranged = given.selection.with(|selection| arranged(&given.answers.get().report, selection));
        rows.set(arranged.into());
        page.set(0);
    });
    let texts = given.texts("Agents");
    let table_texts = texts.clone();
    let menu = export_menu(ExportInput {
        layout: Some(Arc::new(move |size, theme, measure| agents_scene(&rows.get(), size, theme, measure))),
        height_css_px: Arc::new(move || agents_height(rows.get().len())),
        texts,
        table: Arc::new(move || Table { caption: table_texts().title, ..Table::clone(&agents_table(&rows.get())) }),
    });
    let note = move || {
        let report = &given.answers.get().report;
        let (shown, listed) = (rows.get().len(), report.agents.len());
        let active = report.totals.active_agents.map_or_else(|| format::UNKNOWN.to_owned(), format::count);
        if shown < listed { format!("{shown} of {listed} shown") } else { format!("{active} active") }
    };
    let find = el("input")
        .attr("type", "search")
        .class("find")
        .attr("placeholder", "Find an agent")
        .attr("aria-label", "Find an agent")
        .value(move || given.selection.with(|selection| selection.find.clone()))
        .on("input", move |event| given.show(|selection| selection.find = event_target_value(&event)));
    let head = el("header")
        .class("card-head")
        .child(el("h2").child("Agents"))
        .child(el("span").class("note").child(text(note)))
        .child(find)
        .child(el("span").class("tools").child(menu));
    let body = live(move || body(given, &rows.get(), page));
    el("section").class("card").attr("id", "agents").child(head).child(body).any()
}

/// The table and its pages.
fn body(given: Given, rows: &Arc<[AgentUsage]>, page: State<usize>) -> AnyView {
    if rows.is_empty() {
        let has_filter = given.selection.with(|selection| !selection.find.is_empty());
        let why = if has_filter { "No agent has such a name." } else { "No agents in this scope." };
        return el("p").class("nothing").child(why).any();
    }
    let most_calls = rows.iter().filter_map(|agent| agent.calls).max().unwrap_or(0);
    let shown = Arc::clone(rows);
    let lines = live(move || {
        let chosen = given.selection.with(|selection| selection.narrowing.agent_id.clone());
        let line = |agent: &AgentUsage| row(agent, most_calls, chosen.as_ref() == Some(&agent.id), given.on_pick);
        shown.iter().skip(page.get() * PAGE).take(PAGE).map(line).collect::<Vec<Element>>().into_child()
    });
    let headings: Vec<Element> = HEADINGS.map(|of| heading(of, given)).into();
    let table =
        el("table").class("agents").child(el("thead").child(el("tr").child(headings))).child(el("tbody").child(lines));
    several(vec![el("div").class("agents-frame").child(table).any(), pager(rows.len().div_ceil(PAGE), page)])
}

fn pager(pages: usize, page: State<usize>) -> AnyView {
    if pages < 2 {
        return nothing();
    }
    let step = move |label: &'static str, to: fn(usize) -> usize| {
        // At either end the button stays, so that it keeps the focus, and does nothing.
        let is_end = move || to(page.get()).min(pages - 1) == page.get();
        let act = move |_| page.update(|page| *page = to(*page).min(pages - 1));
        button("quiet", act).says("aria-disabled", is_end).child(label)
    };
    let place = text(move || format!("{} of {pages}", page.get() + 1));
    el("nav")
        .class("pager")
        .attr("aria-label", "Pages of agents")
        .child(step("Previous", |page| page.saturating_sub(1)))
        .child(el("span").child(place))
        .child(step("Next", |page| page + 1))
        .any()
}

/// A column: its name, what it sorts by, and its class.
#[derive(Clone, Copy)]
struct HeadingOf {
    label: &'static str,
    sort: Option<Sort>,
    class: &'static str,
}

const HEADINGS: [HeadingOf; 8] = [
    HeadingOf { label: "Agent", sort: Some(Sort::Name), class: "" },
    HeadingOf { label: "Calls", sort: Some(Sort::Calls), class: "figure" },
    HeadingOf { label: "Outcome", sort: None, class: "wide" },
    HeadingOf { label: "Resolved", sort: Some(Sort::Resolved), class: "figure" },
    HeadingOf { label: "Transferred", sort: Some(Sort::Transferred), class: "figure wide" },
    HeadingOf { label: "Abandoned", sort: Some(Sort::Abandoned), class: "figure wide" },
    HeadingOf { label: "Average", sort: Some(Sort::Duration), class: "figure middling" },
    HeadingOf { label: "Sentiment", sort: Some(Sort::Sentiment), class: "figure wide" },
];

fn heading(of: HeadingOf, given: Given) -> Element {
    let cell = el("th").attr("scope", "col").class(of.class);
    let Some(sort) = of.sort else { return cell.child(of.label) };
    // Names run upwards by default, figures downwards.
    let direction = move || {
        let (by, reversed) = given.selection.with(|selection| (selection.sort, selection.reversed));
        (by == sort).then_some((sort == Sort::Name) != reversed)
    };
    let spoken = move || match direction() {
        Some(true) => "ascending".to_owned(),
        Some(false) => "descending".to_owned(),
        None => "none".to_owned(),
    };
    let arrow = move || match direction() {
        Some(true) => " ↑".to_owned(),
        Some(false) => " ↓".to_owned(),
        None => String::new(),
    };
    let turn = move |_| {
        given.show(|selection| {
            selection.reversed = selection.sort == sort && !selection.reversed;
            selection.sort = sort;
        });
    };
    let arrow = el("span").attr("aria-hidden", "true").child(text(arrow));
    let sorter = button("sorter", turn).child(of.label).child(arrow);
    cell.live_attr("aria-sort", spoken).child(sorter)
}

fn row(agent: &AgentUsage, most_calls: u64, is_chosen: bool, on_pick: Callback<Pick>) -> Element {
    let unknown = || format::UNKNOWN.to_owned();
    let share = |outcome| agent.share(outcome).map_or_else(unknown, format::percent);
    let id = agent.id.clone();
    let pick = move |_| on_pick.run(Pick::Target(TargetId::Agent(id.clone())));
    let (hint, class) = if is_chosen { ("Show all agents", "chosen") } else { ("Show this agent alone", "") };
    let name = button("name", pick)
        .attr("dir", "auto")
        .attr("title", hint)
        .attr("aria-pressed", if is_chosen { "true" } else { "false" })
        .child(agent.name.clone());
    let (id, spoken) = (agent.id.clone(), format!("Calls of {}", agent.name));
    let look = move |_| on_pick.run(Pick::Calls(TargetId::Agent(id.clone())));
    let calls = agent.calls.map_or_else(unknown, format::count);
    let calls = button("name", look).attr("title", spoken).child(calls);
    let head = el("th")
        .attr("scope", "row")
        .child(name)
        .child(el("small").child(agent.status.label().to_owned()))
        .child(el("span").class("narrow-only").child(bar(agent, most_calls)));
    let cell = |class: &'static str, figure: String| el("td").class(class).child(figure);
    el("tr")
        .class(class)
        .child(head)
        .child(el("td").class("figure").child(calls))
        .child(el("td").class("wide").child(bar(agent, most_calls)))
        .child(cell("figure", share(Outcome::Resolved)))
        .child(cell("figure wide", share(Outcome::Transferred)))
        .child(cell("figure wide", share(Outcome::Abandoned)))
        .child(cell("figure middling", agent.average_duration_secs.map_or_else(unknown, format::clock)))
        .child(cell("figure wide", agent.positive_sentiment.map_or_else(unknown, format::percent)))
}

/// The agent's outcomes as a bar, as long as it has calls. The figures stand beside it.
fn bar(agent: &AgentUsage, most_calls: u64) -> Element {
    let part = |outcome: Outcome| {
        let width = agent.outcomes.of(outcome).unwrap_or(0) as f64 / most_calls.max(1) as f64 * 100.0;
        let part = (width > 0.0).then(|| {
            let class = format!("part {}", outcome.key());
            el("span").attr("class", class).style("width", move || format!("{width:.3}%"))
        });
        part.into_child()
    };
    let parts: Vec<AnyView> = Outcome::ALL.map(part).into();
    el("span").class("stack").attr("aria-hidden", "true").child(parts)
}
