//! What a version asks, to be read.

use callscope_core::postcall::{Metric, PostCallConfig, VersionState, lint};
use leptos::prelude::*;

use super::findings::{lint_count, lint_list};
use super::publishing::progress;
use super::work::Work;
use crate::piece::{Callback, Element, button, el, several};
use crate::states::message;

/// The card of a version.
pub(super) fn version_card(work: Work, state: &VersionState) -> AnyView {
    let desk = work.desk.get();
    let config = match PostCallConfig::read(&state.config) {
        Ok(config) => config,
        Err(error) => return message("This configuration cannot be read", format!("{error}.")),
    };
    let metrics = config.metrics();
    let lints = lint(&config);
    let id = state.version.id.clone();
    let again = Callback::new(move |()| work.let_live(id.clone()));
    let is_live = desk.live.version_id.as_ref() == Some(&state.version.id);
    let title = if is_live { "Asked after every call" } else { "Asked by this version" };
    let note = match metrics.len() {
        0 => state.version.title(),
        1 => format!("{} · 1 metric, {}", state.version.title(), lint_count(&lints)),
        count => format!("{} · {count} metrics, {}", state.version.title(), lint_count(&lints)),
    };
    // On a branch only its newest revision can be live.
    let can_live = !is_live && desk.branch().is_none() && desk.may_edit;
    let head = el("header")
        .class("card-head")
        .child(el("h2").child(title))
        .child(el("span").class("note").attr("dir", "auto").child(note))
        .child(can_live.then(|| el("span").class("tools").child(let_live(work, state))));
    let none = metrics.is_empty().then(|| {
        let how = if desk.may_edit { " Start a draft to ask something." } else { "" };
        let why = format!("Nothing is asked after a call.{how}");
        el("p").class("nothing").child(why)
    });
    let items = metrics
        .iter()
        .enumerate()
        .map(|(at, metric)| item(metric).child(lint_list(lints.iter().filter(|lint| lint.metric == Some(at)))));
    let items: Vec<Element> = items.collect();
    let of_all = lint_list(lints.iter().filter(|lint| lint.metric.is_none()));
    several(vec![
        el("section")
            .class("card metrics")
            .child(head)
            .child(none)
            .child(el("ol").child(items))
            .child(of_all)
            .child(models(&config))
            .child(can_live.then(|| progress(work, again)))
            .any(),
    ])
}

/// Lets the version go live that is looked at: all of it, as it was.
fn let_live(work: Work, state: &VersionState) -> Element {
    let (id, title) = (state.version.id.clone(), state.version.title());
    let go = move |_| {
        let question = format!("Let {title} go live? All of its configuration takes the place of what is live.");
        if window().confirm_with_message(&question).unwrap_or(false) {
            work.let_live(id.clone());
        }
    };
    button("boxed", go).attr("id", "let-live").switched("disabled", move || work.is_busy()).child("Let it go live")
}

fn item(metric: &Metric) -> Element {
    let kind = metric.kind().map_or_else(|| "no type".to_owned(), |kind| kind.key().to_owned());
    let identifier = match metric.identifier() {
        "" => "without identifier".to_owned(),
        name => name.to_owned(),
    };
    let choices: Vec<Element> =
        metric.choices().iter().map(|choice| el("li").attr("dir", "auto").child(choice.clone())).collect();
    let choices = (!choices.is_empty()).then(|| el("ul").class("choices").attr("aria-label", "Choices").child(choices));
    el("li")
        .child(el("h3").child(el("code").child(identifier)).child(" ").child(el("span").class("pill").child(kind)))
        .child(el("p").attr("dir", "auto").child(metric.prompt().to_owned()))
        .child(choices)
}

/// Which model answers, in a sentence.
fn models(config: &PostCallConfig) -> Element {
    let who = if config.uses_internal_model() {
        "The vendor's analytics model answers"
    } else {
        "The agent's own language model answers"
    };
    let how = if config.uses_reasoning_model() { ", with reasoning: better, slower and dearer." } else { "." };
    el("p").class("note").child(format!("{who}{how}"))
}
