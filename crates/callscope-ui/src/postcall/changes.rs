//! What a draft changes, and what stands against it: somebody else's edit, somebody else's version.

use std::sync::Arc;

use callscope_core::diff::{ConfigDiff, render};
use callscope_core::postcall::{DraftState, changed_beside, changes as changes_between};
use leptos::prelude::*;
use serde_json::Value;

use super::work::Work;
use crate::chart::copy_text;
use crate::load::{Load, use_load};
use crate::piece::{Derived, Element, button, el, live, nothing, text};
use crate::sides::change_item;

/// The card of what would be another than what is live now.
pub(super) fn changes_card(work: Work) -> AnyView {
    let changes = Derived::new(move || {
        let live = work.desk.with(|desk| desk.live.config.clone());
        work.typed().map(|mine| changes_between(&live, &mine)).unwrap_or_default()
    });
    let summary =
        move || changes.with(|changes| if changes.change_count() == 0 { String::new() } else { changes.summary() });
    let head = el("header")
        .class("card-head")
        .child(el("h2").child("Changes against what is live"))
        .child(el("span").class("note").child(text(summary)));
    let body = live(move || changes.with(|changes| list(changes, "Nothing differs from what is live.")));
    el("section").class("card changes").child(head).child(body).child(beside(work)).any()
}

/// What else goes live with the draft: it is of the whole configuration, and others may have worked on it.
fn beside(work: Work) -> AnyView {
    let which = Derived::new(move || {
        let draft = work.draft.with(|draft| draft.as_ref().map(|draft| draft.id.clone()))?;
        // Asked anew with the rest, and after it was written.
        let revision = work.editing.with(|editing| editing.as_ref().and_then(|editing| editing.revision));
        Some((draft, revision))
    });
    let changes = use_load(
        move || {
            let (draft, _) = which.get()?;
            Some((work.desk.with(|desk| desk.versioning.clone())?, draft))
        },
        |(versioning, draft)| async move { versioning.draft_changes(&draft).await },
    );
    live(move || {
        let sections = changes.get().latest().map(|changes| changed_beside(&changes)).unwrap_or_default();
        if sections.is_empty() {
            return nothing();
        }
        let more = in_words(&sections);
        let why = format!("This draft changes more than what is asked, and all of it goes live together: {more}.");
        el("p").class("findings warning plain").child(why).any()
    })
}

/// Sections with how many changes each has.
fn in_words(sections: &[(String, usize)]) -> String {
    let words = sections.iter().map(|(name, count)| match count {
        0 => name.clone(),
        1 => format!("{name} (1 change)"),
        count => format!("{name} ({count} changes)"),
    });
    words.collect::<Vec<String>>().join(", ")
}

/// The changes of a diff, one after the other.
fn list(changes: &ConfigDiff, none: &'static str) -> AnyView {
    let items: Vec<Element> = changes.sections.iter().flat_map(|section| &section.changes).map(change_item).collect();
    if items.is_empty() {
        return el("p").child(none).any();
    }
    el("div").class("changed").child(el("ol").child(items)).any()
}

/// Somebody else changed the draft: both sides, and the ways on.
pub(super) fn conflict_card(work: Work) -> AnyView {
    live(move || match work.conflict.get() {
        Some(theirs) => conflict(work, &theirs),
        None => nothing(),
    })
}

fn conflict(work: Work, theirs: &Arc<DraftState>) -> AnyView {
    let config = theirs.config.clone();
    let between = move || match (config.clone(), work.typed()) {
        (Some(theirs), Some(mine)) => {
            list(&changes_between(&theirs, &mine), "Both ask the same: only the revision is another.")
        }
        _ => el("p").child("This server does not say what the draft asks now.").any(),
    };
    let has_config = theirs.config.is_some();
    let keep =
        button("primary", move |_| work.keep_mine()).switched("disabled", move || work.is_busy()).child("Keep mine");
    let take = move || {
        button("boxed", move |_| work.take_theirs()).switched("disabled", move || work.is_busy()).child("Take theirs")
    };
    let why = "Somebody else changed this draft since you read it. Nothing of either side is lost: this is what \
               theirs has (left) and yours has instead (right).";
    el("section")
        .class("card conflict")
        .attr("role", "alert")
        .child(el("h2").child("Two people edited this draft"))
        .child(el("p").child(why))
        .child(live(between))
        .child(el("div").class("ways").child(keep).child(has_config.then(take)).child(copy_mine(work)))
        .any()
}

fn copy_mine(work: Work) -> Element {
    copy_button(work, "Copy mine as JSON")
}

/// Copies what is typed.
pub(super) fn copy_button(work: Work, label: &'static str) -> Element {
    let copy = move |_| {
        if let Some(typed) = untrack(|| work.typed()) {
            let json = render(&typed);
            copy_text(json, "application/json", "callscope-post-call-metrics.json".to_owned());
        }
    };
    button("quiet", copy).child(label)
}

/// Another version went live since the draft began: what it has, what publishing would take back, and the
/// ways on.
pub(super) fn overtaken_card(work: Work) -> AnyView {
    let overtaken = Derived::new(move || {
        let live = work.overtaken_by()?;
        let source = work.draft.with(|draft| draft.as_ref().and_then(|draft| draft.source_version_id.clone()));
        Some((source, live))
    });
    let between = use_load(
        move || {
            let (source, live) = overtaken.get()?;
            Some((work.desk.with(|desk| desk.versioning.clone())?, source?, live))
        },
        |(versioning, source, live)| async move { versioning.changes(&source, &live).await },
    );
    live(move || match overtaken.get() {
        Some((source, live)) => overtaken_by(work, source.as_deref(), &live, &between.get()),
        None => nothing(),
    })
}

fn overtaken_by(work: Work, source: Option<&str>, live_id: &str, between: &Load<ConfigDiff>) -> AnyView {
    let desk = work.desk.get();
    let now = desk.title_of(live_id);
    let began = source.map_or_else(String::new, |source| format!("This draft began from {}. ", desk.title_of(source)));
    let why = format!("{began}{now} is live. A version of this draft would undo what is different in {now}.");
    let theirs = match between {
        _ if source.is_none() => el("div"),
        Load::Ready(changes) => el("div").child(el("p").child(said(changes, &now))),
        Load::Waiting { .. } => el("p").class("note").child("Reading what is different…"),
        Load::Failed { error, .. } => {
            el("p").class("problem").child(format!("What is different cannot be read: {}", error.sentence))
        }
    };
    let live_config = desk.live.config.clone();
    let mine = live(move || {
        let changes = work.typed().map(|mine| changes_between(&live_config, &mine)).unwrap_or_default();
        list(&changes, "Both ask the same after a call.")
    });
    let live_over = live_id.to_owned();
    let over = move |_| work.accepted.set(Some(live_over.clone()));
    let is_branch = desk.branch().is_some();
    let carry = (!is_branch).then(|| {
        button("primary", move |_| work.carry_over())
            .switched("disabled", move || work.is_busy())
            .child("Carry my metrics over to a new draft")
    });
    el("section")
        .class("card conflict")
        .attr("role", "alert")
        .child(el("h2").child("Another version is live than this draft began from"))
        .child(el("p").attr("dir", "auto").child(why))
        .child(theirs)
        .child(el("h3").child("Asked after a call: what is live (left), yours (right)"))
        .child(mine)
        .child(
            el("div")
                .class("ways")
                .child(carry)
                .child(button("boxed", over).child("Let mine take it back"))
                .child(copy_mine(work)),
        )
        .any()
}

/// What a version changed, section by section.
fn said(changes: &ConfigDiff, title: &str) -> String {
    let sections: Vec<(String, usize)> =
        changes.sections.iter().map(|section| (section.name.clone(), section.changes.len())).collect();
    if sections.is_empty() {
        format!("The server tells of nothing that is different in {title}.")
    } else {
        format!("Different in {title}: {}.", in_words(&sections))
    }
}

/// What was wanted and what was read instead.
pub(super) fn difference(wanted: &Value, read: &Value) -> AnyView {
    list(&changes_between(wanted, read), "They differ only in how a number or a text is written.")
}
