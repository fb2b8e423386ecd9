//! The row of controls: agent, version, drafts.

use callscope_core::postcall::DraftState;
use leptos::prelude::*;

use super::selection::PostCallSelection;
use super::work::Work;
use crate::controls::{choice, option, refresh_button, version_title};
use crate::piece::{Derived, Element, State, button, el, live, nothing, several, when};

/// The rows of controls.
pub(super) fn controls(work: Work, is_waiting: Derived<bool>) -> AnyView {
    let which = el("div")
        .class("toolbar")
        .attr("role", "group")
        .attr("aria-label", "Agent and version")
        .child(agent_choice(work))
        .child(when(move || work.desk.with(|desk| desk.versioning.is_some()), move || version_choice(work)))
        .child(live(move || new_draft(work)))
        .child(refresh_button(is_waiting, work.ask_again));
    let is_all = State::new(false);
    several(vec![which.any(), live(move || drafts(work, is_all))])
}

fn agent_choice(work: Work) -> AnyView {
    let refused = State::new(0_u32);
    let options = live(move || {
        refused.get();
        let desk = work.desk.get();
        let chosen = desk.agent.as_ref().map(|agent| agent.id.as_str());
        // An address may name one that the list does not hold: the choice must not look like another.
        let other = desk.agent.as_ref().filter(|agent| !desk.agents.iter().any(|listed| listed.id == agent.id));
        let options = other.into_iter().chain(&desk.agents);
        several(options.map(|agent| option(&agent.id, agent.name.clone(), chosen).any()).collect())
    });
    let choose = move |id: String| go(work, &work.selection.get_untracked().of_agent(id), refused);
    choice("Agent", "Agent", options, || false, choose)
}

/// Goes there, unless the person stays after all: then the list shows again what is so.
fn go(work: Work, next: &PostCallSelection, refused: State<u32>) {
    work.on_select.run(next.clone());
    if work.selection.get_untracked() != *next {
        refused.update(|count| *count += 1);
    }
}

fn version_choice(work: Work) -> AnyView {
    let refused = State::new(0_u32);
    let options = live(move || {
        refused.get();
        let (desk, selection) = (work.desk.get(), work.selection.get());
        let live = desk.live.version_id.clone();
        let chosen = match selection.draft_id {
            Some(_) => None,
            None => selection.version_id.or_else(|| live.clone()),
        };
        let of_draft = chosen.is_none().then(|| option("", "A draft".to_owned(), Some("")));
        let listed = |id: &String| desk.published.iter().any(|version| version.id == *id);
        let unlisted = chosen.as_ref().filter(|id| !listed(id));
        let unlisted = unlisted.map(|id| option(id, format!("Not listed: {id}"), Some(id)));
        let versions = desk.published.iter().map(|of| option(&of.id, version_title(of), chosen.as_deref()));
        several(of_draft.into_iter().chain(unlisted).chain(versions).map(Element::any).collect())
    });
    let choose = move |id: String| {
        let is_live = work.desk.with_untracked(|desk| desk.live.version_id.as_ref() == Some(&id));
        let selection = work.selection.get_untracked();
        if !id.is_empty() {
            go(work, &if is_live { selection.live() } else { selection.of_version(id) }, refused);
        }
    };
    let is_shut = move || work.desk.with(|desk| desk.published.is_empty());
    choice("Version", "Version", options, is_shut, choose)
}

/// Begins a draft of the version that is looked at.
fn new_draft(work: Work) -> AnyView {
    let (desk, selection) = (work.desk.get(), work.selection.get());
    let source = selection.version_id.or_else(|| desk.live.version_id.clone());
    let can_begin = desk.versioning.is_some() && desk.may_edit;
    let (Some(source), None) = (source.filter(|_| can_begin), selection.draft_id) else {
        return nothing();
    };
    let label = match desk.branch() {
        // A branch has one draft; there may be one already.
        Some(_) if desk.drafts.is_empty() => "Begin the draft",
        Some(_) => "Open the draft",
        None => "Start a draft",
    };
    let begin = move |_| work.begin(source.clone(), None);
    button("primary start", begin)
        .attr("id", "start-draft")
        .switched("disabled", move || work.is_busy())
        .child(label)
        .any()
}

/// The drafts that somebody works on.
fn drafts(work: Work, is_all: State<bool>) -> AnyView {
    const MOST_DRAFTS: usize = 4;
    let fold = is_all;
    let desk = work.desk.get();
    if desk.drafts.is_empty() {
        return nothing();
    }
    let open = work.selection.with(|selection| selection.draft_id.clone());
    let is_all = is_all.get();
    let listed = desk.drafts.iter().enumerate();
    let listed = listed.filter(|(at, draft)| is_all || *at < MOST_DRAFTS || open.as_ref() == Some(&draft.id));
    let links: Vec<Element> = listed.map(|(_, draft)| draft_button(work, draft, open.as_ref())).collect();
    let hidden = desk.drafts.len() - links.len();
    let more = (hidden > 0).then(|| button("quiet", move |_| fold.set(true)).child(format!("{hidden} more")));
    el("div")
        .class("chips drafts")
        .attr("role", "group")
        .attr("aria-label", "Drafts")
        .child(el("span").class("note").child("Drafts"))
        .child(links)
        .child(more)
        .any()
}

fn draft_button(work: Work, draft: &DraftState, open: Option<&String>) -> Element {
    let is_open = open == Some(&draft.id);
    let id = draft.id.clone();
    let go = move |_| work.on_select.run(work.selection.get_untracked().of_draft(id.clone()));
    let name = draft.name.clone().unwrap_or_else(|| draft.id.clone());
    let changed = draft.updated_at.as_deref().and_then(short_instant);
    let words = changed.map_or_else(|| name.clone(), |changed| format!("{name} · {changed}"));
    button("boxed", go)
        .attr("aria-pressed", if is_open { "true" } else { "false" })
        .child(el("span").attr("dir", "auto").child(words))
}

/// The day and the time of an instant in the viewer's zone; none where it is no instant.
fn short_instant(text: &str) -> Option<String> {
    let at_ms = js_sys::Date::parse(text);
    let at_ms = at_ms.is_finite().then_some(at_ms as i64)?;
    let zone = crate::zone(&crate::viewer_zone().unwrap_or_else(|| "UTC".to_owned()), at_ms, at_ms)?;
    let local = zone.local(at_ms);
    let day = callscope_core::format::short_date(local.date);
    Some(format!("changed {day}, {:02}:{:02}", local.hour, local.minute))
}
