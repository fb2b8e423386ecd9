//! What a draft changes, and what stands against it: somebody else's edit, somebody else's version.

use std::sync::Arc;

use callscope_core::diff::{ConfigDiff, render};
use callscope_core::postcall::{DraftState, changes as changes_between};
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
        let mine = work.editing.with(|editing| editing.as_ref().map(super::editing::Editing::written));
        mine.map(|mine| changes_between(&live, &mine)).unwrap_or_default()
    });
    let summary =
        move || changes.with(|changes| if changes.change_count() == 0 { String::new() } else { changes.summary() });
    let head = el("header")
        .class("card-head")
        .child(el("h2").child("Changes against what is live"))
        .child(el("span").class("note").child(text(summary)));
    let body = live(move || changes.with(|changes| list(changes, "Nothing differs from what is live.")));
    el("section").class("card changes").child(head).child(body).any()
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
    let between = move || {
        let mine = work.editing.with(|editing| editing.as_ref().map(super::editing::Editing::written));
        match (config.clone(), mine) {
            (Some(theirs), Some(mine)) => {
                list(&changes_between(&theirs, &mine), "Both ask the same: only the revision is another.")
            }
            _ => el("p").child("This server does not say what the draft asks now.").any(),
        }
    };
    let has_config = theirs.config.is_some();
    let keep =
        button("primary", move |_| work.keep_mine()).attr_while("disabled", move || work.is_busy()).child("Keep mine");
    let take = move || {
        button("boxed", move |_| work.take_theirs()).attr_while("disabled", move || work.is_busy()).child("Take theirs")
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
    let copy = move |_| {
        if let Some(typed) = work.typed() {
            let json = render(&typed);
            copy_text(json, "application/json", "callscope-post-call-metrics.json".to_owned());
        }
    };
    button("quiet", copy).child("Copy mine as JSON")
}

/// Another version went live since the draft began: what it has, what publishing would take back, and the
/// ways on.
pub(super) fn overtaken_card(work: Work) -> AnyView {
    let overtaken = Derived::new(move || {
        let live = work.overtaken_by()?;
        let source = work.draft.with(|draft| draft.as_ref()?.source_version_id.clone())?;
        Some((source, live))
    });
    let between = use_load(
        move || {
            let pair = overtaken.get()?;
            Some((work.desk.with(|desk| desk.versioning.clone())?, pair))
        },
        |(versioning, (source, live))| async move { versioning.changes(&source, &live).await },
    );
    live(move || match overtaken.get() {
        Some((source, live)) => overtaken_by(work, &source, &live, &between.get()),
        None => nothing(),
    })
}

fn overtaken_by(work: Work, source: &str, live_id: &str, between: &Load<ConfigDiff>) -> AnyView {
    let desk = work.desk.get();
    let (began, now) = (desk.title_of(source), desk.title_of(live_id));
    let why = format!(
        "This draft began from {began}, and {now} has gone live since. A version published from this draft would \
         take back what {now} changed."
    );
    let theirs = match between {
        Load::Ready(changes) => el("div").child(el("p").child(said(changes, &now))),
        Load::Waiting { .. } => el("p").class("note").child("Reading what changed…"),
        Load::Failed { error, .. } => {
            el("p").class("problem").child(format!("What it changed cannot be read: {}", error.sentence))
        }
    };
    let live_config = desk.live.config.clone();
    let mine = live(move || {
        let mine = work.editing.with(|editing| editing.as_ref().map(super::editing::Editing::written));
        let changes = mine.map(|mine| changes_between(&live_config, &mine)).unwrap_or_default();
        list(&changes, "Both ask the same after a call.")
    });
    let (live_to, live_over) = (live_id.to_owned(), live_id.to_owned());
    let carry = move |_| work.begin(live_to.clone(), work.free_name(), work.typed());
    let over = move |_| work.accepted.set(Some(live_over.clone()));
    let is_branch = desk.branch().is_some();
    let carry = (!is_branch).then(|| {
        button("primary", carry)
            .attr_while("disabled", move || work.is_busy())
            .child("Carry my metrics over to a new draft")
    });
    el("section")
        .class("card conflict")
        .attr("role", "alert")
        .child(el("h2").child("Somebody published meanwhile"))
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
    let sections: Vec<String> = changes
        .sections
        .iter()
        .map(|section| match section.changes.len() {
            0 => section.name.clone(),
            1 => format!("{} (1 change)", section.name),
            count => format!("{} ({count} changes)", section.name),
        })
        .collect();
    if sections.is_empty() {
        format!("{title} changed nothing that the server tells of.")
    } else {
        format!("{title} changed {}.", sections.join(", "))
    }
}

/// What was wanted and what was read instead.
pub(super) fn difference(wanted: &Value, read: &Value) -> AnyView {
    list(&changes_between(wanted, read), "Only the order of members differs.")
}
