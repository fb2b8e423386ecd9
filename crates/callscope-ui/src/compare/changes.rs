//! What changed in the configuration from A to B.

use std::ops::Range;
use std::sync::Arc;

use callscope_core::diff::{ConfigChange, ConfigDiff, SectionDiff, raw};
use callscope_core::format;
use leptos::prelude::*;

use super::answers::Given;
use crate::browser::focus_soon;
use crate::chart::copy_text;
use crate::piece::{Element, State, button, effect, el, live, several, text, when};
use crate::sides::{change_item, value_text};

/// So many changes are shown at first; going on shows so many more.
const BATCH: usize = 50;

/// Which change is looked at, and how many are shown.
#[derive(Clone, Copy)]
struct Walk {
    diff: State<Option<Arc<ConfigDiff>>>,
    /// The change that was gone to last.
    at: State<Option<usize>>,
    shown: State<usize>,
    is_raw: State<bool>,
}

impl Walk {
    fn count(self) -> usize {
        self.diff.with(|diff| diff.as_ref().map_or(0, |diff| diff.change_count()))
    }

    /// Goes to the next or the previous change, round the ends.
    fn step(self, forward: bool) {
        let count = untrack(|| self.count());
        let Some(last) = count.checked_sub(1) else { return };
        let to = match (self.at.get_untracked(), forward) {
            (Some(at), true) if at < last => at + 1,
            (_, true) => 0,
            (None | Some(0), false) => last,
            (Some(at), false) => at - 1,
        };
        if self.is_raw.get_untracked() {
            self.is_raw.set(false);
        }
        self.at.set(Some(to));
        if self.shown.get_untracked() <= to {
            self.shown.set((to / BATCH + 1) * BATCH);
        }
        focus_soon(format!("change-{to}"), "");
    }
}

/// The card of changes.
pub(super) fn changes_card(given: Given) -> AnyView {
    let walk =
        Walk { diff: State::new(None), at: State::new(None), shown: State::new(BATCH), is_raw: State::new(false) };
    effect(move || {
        let config = given.get().comparison.config.clone();
        // Asking again must not lose the place.
        if walk.diff.with_untracked(|shown| shown.as_deref() != config.as_ref()) {
            walk.diff.set(config.map(Arc::new));
            walk.at.set(None);
            walk.shown.set(BATCH);
        }
    });
    let body = live(move || match walk.diff.get() {
        None => el("p").child("The answer does not say what changed in the configuration.").any(),
        Some(diff) if walk.is_raw.get() => raw_text(&diff),
        Some(diff) => sections(&diff, walk),
    });
    let more = when(
        move || !walk.is_raw.get() && walk.shown.get() < walk.count(),
        move || {
            let label = move || format!("Show more changes ({} of {})", walk.shown.get(), walk.count());
            button("quiet", move |_| walk.shown.update(|shown| *shown += BATCH)).child(text(label)).any()
        },
    );
    el("section").class("card changes").child(head(walk)).child(body).child(more).any()
}

/// Heading, counts, and the ways through the changes.
fn head(walk: Walk) -> Element {
    let counts = move || walk.diff.with(|diff| diff.as_ref().map(|diff| diff.summary()).unwrap_or_default());
    let is_empty = move || walk.diff.with(|diff| diff.as_ref().is_none_or(|diff| diff.is_empty()));
    let has_none = move || walk.count() == 0;
    let copy = move |_| {
        if let Some(diff) = walk.diff.get_untracked() {
            copy_text(raw(&diff), "application/json", "callscope-configuration.json".to_owned());
        }
    };
    let toggle = move |_| walk.is_raw.update(|raw| *raw = !*raw);
    let previous = button("quiet", move |_| walk.step(false)).attr("id", "previous-change");
    let next = button("quiet", move |_| walk.step(true)).attr("id", "next-change");
    let tools = el("span")
        .class("tools")
        .child(previous.switched("disabled", has_none).child("Previous"))
        .child(next.switched("disabled", has_none).child("Next"))
        .child(button("quiet", copy).switched("disabled", is_empty).child("Copy"))
        .child(button("quiet", toggle).says("aria-pressed", move || walk.is_raw.get()).child("Raw JSON"));
    el("header")
        .class("card-head")
        .child(el("h2").child("Configuration, A to B"))
        .child(el("span").class("note").child(text(counts)))
        .child(tools)
}

fn raw_text(diff: &ConfigDiff) -> AnyView {
    /// More than anyone reads here; it takes a browser a moment to set.
    const MOST_BYTES: usize = 100_000;
    el("pre")
        .class("raw")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", "Changes as JSON")
        .child(value_text(raw(diff), MOST_BYTES))
        .any()
}

/// Every section with its changes, batch by batch as they are to be shown: what stands there already
/// stays as it is, with what was opened in it.
fn sections(diff: &Arc<ConfigDiff>, walk: Walk) -> AnyView {
    if diff.sections.is_empty() {
        return el("p").child("The configurations are the same.").any();
    }
    let batches = diff.change_count().div_ceil(BATCH).max(1);
    let batch = |number: usize| {
        let diff = Arc::clone(diff);
        when(move || walk.shown.get() > number * BATCH, move || batch_of(&diff, number, number + 1 == batches))
    };
    let unchanged = (!diff.unchanged.is_empty())
        .then(|| el("p").class("note").child(format!("Unchanged: {}.", diff.unchanged.join(", "))));
    let mut views: Vec<AnyView> = (0..batches).map(batch).collect();
    views.extend(unchanged.map(Element::any));
    several(views)
}

/// The changes of one batch, under the sections that begin in it.
fn batch_of(diff: &ConfigDiff, number: usize, is_last: bool) -> AnyView {
    let (from, to) = (number * BATCH, (number + 1) * BATCH);
    let mut before = 0;
    let mut views = Vec::new();
    for of in &diff.sections {
        let end = before + of.changes.len();
        let begins = before >= from && (before < to || is_last);
        if begins || before < to && end > from {
            let shown = from.saturating_sub(before)..to.saturating_sub(before).min(of.changes.len());
            views.push(section(of, before, shown, begins).any());
        }
        before = end;
    }
    several(views)
}

fn section(section: &SectionDiff, before: usize, shown: Range<usize>, begins: bool) -> Element {
    let count = match section.changes.len() {
        0 => "changed; the server does not say how".to_owned(),
        count => format::count(count as u64),
    };
    let first = before + shown.start;
    let changes = section.changes.get(shown).unwrap_or_default().iter().zip(first..);
    let changes: Vec<Element> = changes.map(|(of, index)| change(of, index)).collect();
    let heading = begins.then(|| el("h3").child(section.name.clone()).child(" ").child(el("small").child(count)));
    el("section").class("changed").child(heading).child(el("ol").child(changes))
}

fn change(change: &ConfigChange, index: usize) -> Element {
    change_item(change).attr("id", format!("change-{index}")).attr("tabindex", "-1")
}
