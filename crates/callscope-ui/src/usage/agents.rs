//! The agents: sortable, filterable, thousands of them.

use std::cmp::Ordering;
use std::sync::Arc;

use callscope_charts::{TargetId, agents as agents_scene};
use callscope_core::calls::Outcome;
use callscope_core::export::Table;
use callscope_core::format;
use callscope_core::usage::{AgentUsage, UsageReport};
use leptos::prelude::*;

use super::selection::{Pick, Selection, Sort};
use crate::chart::{ExportMenu, ExportText, Layout};

/// So many agents stand on a page of the table.
const PAGE: usize = 25;
/// So many agents at most stand in an exported picture.
const MOST_DRAWN: usize = 30;

/// The agents that the filter lets through, sorted. Unknown figures come last either way.
fn arranged(report: &UsageReport, selection: &Selection) -> Vec<AgentUsage> {
    let find = selection.find.trim().to_lowercase();
    let matches = |agent: &&AgentUsage| find.is_empty() || agent.name.to_lowercase().contains(&find);
    let mut agents: Vec<AgentUsage> = report.agents.iter().filter(matches).cloned().collect();
    agents.sort_by(|a, b| {
        let (order, is_known) = compared(a, b, selection.sort);
        let order = if selection.reversed && is_known { order.reverse() } else { order };
        order.then_with(|| a.name.cmp(&b.name))
    });
    agents
}

/// How two agents compare in a column, and whether both have the figure.
fn compared(a: &AgentUsage, b: &AgentUsage, sort: Sort) -> (Ordering, bool) {
    if sort == Sort::Name {
        return (a.name.to_lowercase().cmp(&b.name.to_lowercase()), true);
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
#[component]
pub(super) fn AgentsCard(
    report: Signal<Option<UsageReport>>,
    selection: Signal<Selection>,
    texts: Signal<ExportText>,
    on_pick: Callback<Pick>,
) -> impl IntoView {
    let rows = Memo::new(move |_| {
        report
            .with(|report| report.as_ref().map(|report| selection.with(|selection| arranged(report, selection))))
            .unwrap_or_default()
    });
    let page = RwSignal::new(0_usize);
    let count = move || rows.with(Vec::len);
    let pages = move || count().div_ceil(PAGE).max(1);
    Effect::new(move |_| {
        rows.track();
        page.set(0);
    });
    let layout: Signal<Layout> = Signal::derive(move || {
        let rows = rows.get();
        let layout: Layout = Arc::new(move |size, theme, measure| agents_scene(&rows, size, theme, measure));
        layout
    });
    let height = Signal::derive(move || {
        let drawn = count().clamp(1, MOST_DRAWN) + usize::from(count() > MOST_DRAWN);
        drawn as f64 * 36.0
    });
    let table = Signal::derive(move || {
        let size = callscope_charts::Size { width_css_px: 1.0, height_css_px: 1.0 };
        let theme = callscope_charts::Theme::light();
        let scene = rows.with(|rows| agents_scene(rows, size, &theme, &callscope_charts::ApproximateText));
        Table { caption: texts.with(|texts| texts.title.clone()), ..scene.table }
    });
    let note = move || {
        let listed = report.with(|report| report.as_ref().map_or(0, |report| report.agents.len()));
        let active = report.with(|report| report.as_ref().and_then(|report| report.totals.active_agents));
        let active = active.map_or_else(|| format::UNKNOWN.to_owned(), format::count);
        if count() < listed { format!("{} of {listed} shown", count()) } else { format!("{active} active") }
    };
    let most_calls =
        Memo::new(move |_| rows.with(|rows| rows.iter().filter_map(|agent| agent.calls).max().unwrap_or(0)));
    let body = move || {
        let chosen = selection.with(|selection| selection.narrowing.agent_id.clone());
        let from = page.get().min(pages() - 1) * PAGE;
        rows.with(|rows| {
            let shown = rows.iter().skip(from).take(PAGE);
            shown
                .map(|agent| row(agent, most_calls.get(), chosen.as_deref() == Some(&agent.id), on_pick))
                .collect_view()
        })
    };
    let on_find = move |event: leptos::ev::Event| {
        let find = event_target_value(&event);
        on_pick.run(Pick::Show(Selection { find, ..selection.get_untracked() }));
    };
    view! {
        <section class="card" id="agents">
            <header class="card-head">
                <h2>"Agents"</h2>
                <span class="note">{note}</span>
                <input
                    type="search"
                    class="find"
                    placeholder="Find an agent"
                    aria-label="Find an agent"
                    prop:value=move || selection.with(|selection| selection.find.clone())
                    on:input=on_find
                />
                <ExportMenu layout=layout height_css_px=height texts=texts table=table/>
            </header>
            <div class="agents-frame">
                <table class="agents">
                    <thead><tr>{HEADINGS.map(|heading| view! { <Heading heading=heading selection=selection on_pick=on_pick/> }).collect_view()}</tr></thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            <Show when=move || count() == 0>
                <p class="nothing">{move || if selection.with(|s| s.find.is_empty()) { "No agents in this scope." } else { "No agent has such a name." }}</p>
            </Show>
            <Show when=move || { pages() > 1 }>
                <nav class="pager" aria-label="Pages of agents">
                    <button type="button" class="quiet" disabled=move || page.get() == 0 on:click=move |_| page.update(|page| *page = page.saturating_sub(1))>"Previous"</button>
                    <span>{move || format!("{} of {}", page.get().min(pages() - 1) + 1, pages())}</span>
                    <button type="button" class="quiet" disabled=move || page.get() + 1 >= pages() on:click=move |_| page.update(|page| *page += 1)>"Next"</button>
                </nav>
            </Show>
        </section>
    }
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

#[component]
fn Heading(heading: HeadingOf, selection: Signal<Selection>, on_pick: Callback<Pick>) -> impl IntoView {
    let Some(sort) = heading.sort else {
        return view! { <th scope="col" class=heading.class>{heading.label}</th> }.into_any();
    };
    let direction = move || {
        let (by, reversed) = selection.with(|selection| (selection.sort, selection.reversed));
        // Names run upwards by default, figures downwards.
        (by == sort).then_some((sort == Sort::Name) != reversed)
    };
    let aria = move || match direction() {
        Some(true) => "ascending",
        Some(false) => "descending",
        None => "none",
    };
    let arrow = move || match direction() {
        Some(true) => " ↑",
        Some(false) => " ↓",
        None => "",
    };
    let turn = move |_| {
        let mut next = selection.get_untracked();
        next.reversed = next.sort == sort && !next.reversed;
        next.sort = sort;
        on_pick.run(Pick::Show(next));
    };
    view! {
        <th scope="col" class=heading.class aria-sort=aria>
            <button type="button" class="sorter" on:click=turn>{heading.label}<span aria-hidden="true">{arrow}</span></button>
        </th>
    }
    .into_any()
}

fn row(agent: &AgentUsage, most_calls: u64, is_chosen: bool, on_pick: Callback<Pick>) -> impl IntoView + use<> {
    let unknown = || format::UNKNOWN.to_owned();
    let share = |outcome| agent.share(outcome).map_or_else(unknown, format::percent);
    let id = agent.id.clone();
    let pick = move |_| on_pick.run(Pick::Target(TargetId::Agent(id.clone())));
    let hint = if is_chosen { "Show all agents" } else { "Show this agent alone" };
    view! {
        <tr class:chosen=is_chosen>
            <th scope="row">
                <button type="button" class="name" dir="auto" title=hint aria-pressed=is_chosen.to_string() on:click=pick>{agent.name.clone()}</button>
                <small>{agent.status.label().to_owned()}</small>
                <span class="narrow-only">{bar(agent, most_calls)}</span>
            </th>
            <td class="figure">{agent.calls.map_or_else(unknown, format::count)}</td>
            <td class="wide">{bar(agent, most_calls)}</td>
            <td class="figure">{share(Outcome::Resolved)}</td>
            <td class="figure wide">{share(Outcome::Transferred)}</td>
            <td class="figure wide">{share(Outcome::Abandoned)}</td>
            <td class="figure middling">{agent.average_duration_secs.map_or_else(unknown, format::clock)}</td>
            <td class="figure wide">{agent.positive_sentiment.map_or_else(unknown, format::percent)}</td>
        </tr>
    }
}

/// The agent's outcomes as a bar, as long as it has calls. The figures stand beside it.
fn bar(agent: &AgentUsage, most_calls: u64) -> impl IntoView + use<> {
    let whole = most_calls.max(1) as f64;
    let parts = Outcome::ALL.map(|outcome| {
        let width = agent.outcomes.of(outcome).unwrap_or(0) as f64 / whole * 100.0;
        (width > 0.0)
            .then(|| view! { <span class=format!("part {}", outcome.key()) style:width=format!("{width:.3}%")></span> })
    });
    view! { <span class="stack" aria-hidden="true">{parts.collect_view()}</span> }
}
