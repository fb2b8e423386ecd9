//! The form in which a draft is edited.

use crate::browser::focus_soon;
use callscope_core::postcall::{Metric, MetricType};
use leptos::prelude::*;

use super::changes::copy_button;
use super::editing::Editing;
use super::findings::{lint_count, lint_list};
use super::work::{Saving, Wish, Work};
use crate::piece::{Derived, Element, State, button, el, live, nothing, several, text, when};

/// The card of the draft.
pub(super) fn editor_card(work: Work) -> AnyView {
    let keys =
        Derived::new(move || work.editing.with(|editing| editing.as_ref().map(Editing::keys).unwrap_or_default()));
    let rows = live(move || {
        let keys = keys.get();
        let count = keys.len();
        let rows: Vec<Element> = keys.into_iter().enumerate().map(|(at, key)| row(work, key, at, count)).collect();
        el("ol").child(rows).any()
    });
    let is_empty = move || keys.with(Vec::is_empty);
    let none = move || el("p").class("nothing").child("Nothing is asked yet. Add a metric, or take a template.").any();
    let of_all = live(move || work.lints.with(|lints| lint_list(lints.iter().filter(|lint| lint.metric.is_none()))));
    if work.wants_focus.get_untracked() {
        work.wants_focus.set(false);
        focus_soon("draft-title", "");
    }
    let form = el("fieldset")
        .class("editing")
        .attr("aria-label", "What is asked")
        .switched("disabled", move || work.is_shut())
        .child(when(is_empty, none))
        .child(rows)
        .child(live(move || removed(work)))
        .child(adding(work))
        .child(of_all)
        .child(models(work));
    el("section").class("card metrics").child(head(work)).child(live(move || from_live(work))).child(form).any()
}

fn head(work: Work) -> Element {
    let name = move || work.draft.with(|draft| draft.as_ref().and_then(|draft| draft.name.clone()));
    let title = move || name().map_or_else(|| "Draft".to_owned(), |name| format!("Draft: {name}"));
    let found = move || work.lints.with(|lints| lint_count(lints));
    // Not disabled, or it would lose the focus by being pressed.
    let is_idle = move || work.is_busy() || !work.is_unsaved();
    let save = move |_| {
        if !untrack(is_idle) {
            work.save();
        }
    };
    let save = button("boxed", save).attr("id", "save-draft").says("aria-disabled", is_idle).child("Save");
    let discard = move |_| {
        let question = "Throw this draft away? What is live stays as it is.";
        if window().confirm_with_message(question).unwrap_or(false) {
            work.discard();
        }
    };
    let discard = button("quiet", discard).switched("disabled", move || work.is_busy()).child("Throw away");
    el("header")
        .class("card-head")
        .child(el("h2").attr("id", "draft-title").attr("tabindex", "-1").attr("dir", "auto").child(text(title)))
        .child(el("span").class("note").attr("role", "status").child(text(found)))
        .child(
            el("span")
                .class("tools")
                .child(el("span").class("note saved").attr("role", "status").child(text(move || saved_words(work))))
                .child(copy_button(work, "Copy JSON"))
                .child(discard)
                .child(save),
        )
}

/// How the typed text stands to what the server has.
fn saved_words(work: Work) -> String {
    match (work.saving.get(), work.is_unsaved()) {
        (Saving::UnderWay(Wish::Save), _) => "Saving…",
        (_, true) => "Not saved",
        (Saving::Saved { is_proven: true }, false) => "Saved, and read back the same",
        (Saving::Saved { is_proven: false }, false) => "Saved",
        (_, false) => "",
    }
    .to_owned()
}

/// What is said where the server does not tell what the draft asks.
fn from_live(work: Work) -> AnyView {
    if !work.draft.with(|draft| draft.as_ref().is_some_and(|draft| draft.is_from_live)) {
        return nothing();
    }
    let why = "This server does not say what the draft asks. What is live stands here instead; saving puts it in \
               the place of what the draft holds.";
    el("p").class("findings warning plain").child(why).any()
}

/// A field with its name above it.
fn labelled(name: &'static str, id: String, field: Element) -> Element {
    el("div").class("field").child(el("label").attr("for", id.clone()).child(name)).child(field.attr("id", id))
}

/// Where something is typed: what stands in it follows `value`, and `on_typed` hears every change.
fn typed_field(
    tag: &'static str,
    value: impl Fn() -> String + Send + 'static,
    mut on_typed: impl FnMut(String) + Send + 'static,
) -> Element {
    el(tag).attr("spellcheck", "false").value(value).on("input", move |event| on_typed(event_target_value(&event)))
}

fn row(work: Work, key: u64, at: usize, count: usize) -> Element {
    let of = move |read: fn(&Metric) -> String| {
        work.editing.with(|editing| editing.as_ref().and_then(|of| of.get(key)).map(|row| read(&row.metric)))
    };
    let number = at + 1;
    let identifier = move || of(|metric| metric.identifier().to_owned()).unwrap_or_default();
    let prompt = move || of(|metric| metric.prompt().to_owned()).unwrap_or_default();
    let kind = Derived::new(move || {
        of(|metric| metric.kind().map_or_else(String::new, |kind| kind.key().to_owned())).unwrap_or_default()
    });
    let is_enum = move || kind.with(|kind| kind == MetricType::Enum.key());
    let lints = live(move || {
        let at = work.editing.with(|editing| editing.as_ref().and_then(|editing| editing.at(key)));
        work.lints.with(|lints| lint_list(lints.iter().filter(|lint| lint.metric.is_some() && lint.metric == at)))
    });
    let named = move |what: &'static str| {
        let name = identifier();
        if name.is_empty() { format!("{what} metric {number}") } else { format!("{what} {name}") }
    };
    let shift = move |is_up: bool, sign: &'static str, what: &'static str| {
        let is_end = if is_up { at == 0 } else { at + 1 == count };
        button("quiet", move |_| {
            work.edit(|editing| editing.shift(key, is_up));
            focus_on_other(key, is_up);
        })
        .attr("id", format!("shift-{key}-{is_up}"))
        .live_attr("aria-label", move || named(what))
        .switched("disabled", move || is_end)
        .child(sign)
    };
    let remove = move |_| {
        work.edit(|editing| editing.remove(key));
        focus_soon("put-back", "add-metric");
    };
    let identifier_field = typed_field("input", identifier, move |typed| {
        work.edit(|editing| editing.set_identifier(key, &typed));
    });
    let prompt_field = typed_field("textarea", prompt, move |typed| {
        work.edit(|editing| editing.set_prompt(key, &typed));
    });
    let choices = move || {
        let value = move || {
            work.editing.with(|editing| {
                editing.as_ref().and_then(|of| of.get(key)).map(|row| row.choices.clone()).unwrap_or_default()
            })
        };
        let field = typed_field("textarea", value, move |typed| {
            work.edit(|editing| editing.set_choices(key, &typed));
        });
        labelled("Choices, one on a line", format!("choices-{key}"), field.attr("rows", "3")).any()
    };
    let group = el("div")
        .attr("role", "group")
        .live_attr("aria-label", move || named("Metric"))
        .child(
            el("div")
                .class("row-head")
                .child(labelled("Identifier", format!("identifier-{key}"), identifier_field))
                .child(labelled("Type", format!("kind-{key}"), kind_choice(work, key, kind)))
                .child(
                    el("span")
                        .class("tools")
                        .child(shift(true, "↑", "Move up"))
                        .child(shift(false, "↓", "Move down"))
                        .child(
                            button("quiet", remove).live_attr("aria-label", move || named("Remove")).child("Remove"),
                        ),
                ),
        )
        .child(labelled("Prompt", format!("prompt-{key}"), prompt_field.attr("rows", "2")))
        .child(when(is_enum, choices))
        .child(lints);
    el("li").child(group)
}

fn kind_choice(work: Work, key: u64, kind: Derived<String>) -> Element {
    let choose = move |event| {
        let chosen = MetricType::from_key(&event_target_value(&event));
        work.edit(|editing| editing.set_kind(key, &chosen));
    };
    let option = move |value: String, label: String| {
        let own = value.clone();
        el("option").attr("value", value).switched("selected", move || kind.with(|kind| *kind == own)).child(label)
    };
    // A type that the documents do not name stays what it is until another is chosen.
    let other = live(move || match kind.get() {
        kind if kind.is_empty() => option(String::new(), "None".to_owned()).any(),
        kind if matches!(MetricType::from_key(&kind), MetricType::Other(_)) => option(kind.clone(), kind).any(),
        _ => nothing(),
    });
    let known = MetricType::KNOWN.map(|kind| option(kind.key().to_owned(), kind.key().to_owned()));
    el("select").on("change", choose).child(other).child(Vec::from(known))
}

/// What was taken out last, and the way back.
fn removed(work: Work) -> AnyView {
    let name = work.editing.with(|editing| editing.as_ref().and_then(|of| of.removed().map(str::to_owned)));
    let Some(name) = name else { return nothing() };
    let put_back = move |_| {
        if let Some(key) = work.edit(Editing::put_back).flatten() {
            focus_soon(format!("identifier-{key}"), "add-metric");
        }
    };
    let said = if name.is_empty() { "A metric was removed.".to_owned() } else { format!("{name} was removed.") };
    el("p")
        .class("taken-out")
        .attr("role", "status")
        .child(el("span").attr("dir", "auto").child(said))
        .child(button("quiet", put_back).attr("id", "put-back").child("Put it back"))
        .any()
}

/// Adds a metric, empty or of a template.
fn adding(work: Work) -> Element {
    let add = move |metric: Metric| {
        if let Some(key) = work.edit(|editing| editing.add(metric)) {
            focus_soon(format!("identifier-{key}"), "add-metric");
        }
    };
    let empty = move |_| add(Metric::new("", &MetricType::Boolean, ""));
    let templates = live(move || {
        let desk = work.desk.get();
        if desk.templates.is_empty() {
            return nothing();
        }
        let chosen = State::new(None::<usize>);
        let choose = move |event: web_sys::Event| chosen.set(event_target_value(&event).parse().ok());
        let take = move |_| {
            let desk = work.desk.get_untracked();
            if let Some(template) = chosen.get_untracked().and_then(|at| desk.templates.get(at)) {
                let mut metric = template.clone();
                let name = work.editing.with_untracked(|editing| {
                    editing.as_ref().map(|of| of.free_identifier(template.identifier())).unwrap_or_default()
                });
                metric.set_identifier(&name);
                add(metric);
            }
        };
        let options = desk.templates.iter().enumerate().map(|(at, template)| {
            let kind = template.kind().map_or_else(String::new, |kind| format!(" · {}", kind.key()));
            el("option").attr("value", at.to_string()).child(format!("{}{kind}", template.identifier()))
        });
        let options: Vec<Element> = options.collect();
        let list = el("select")
            .class("boxed")
            .attr("aria-label", "Template")
            .on("change", choose)
            .child(el("option").attr("value", "").child("Template…"))
            .child(options);
        let add = button("boxed", take)
            .attr("id", "add-template")
            .switched("disabled", move || chosen.with(Option::is_none))
            .child("Add the template");
        several(vec![list.any(), add.any()])
    });
    el("div")
        .class("toolbar adding")
        .child(button("boxed", empty).attr("id", "add-metric").child("Add a metric"))
        .child(templates)
}

/// Which model answers.
fn models(work: Work) -> Element {
    type Read = fn(&Editing) -> bool;
    type Write = fn(&mut Editing, bool);
    let check = move |label: &'static str, meaning: &'static str, read: Read, write: Write| {
        let is_on = move || work.editing.with(|editing| editing.as_ref().is_some_and(read));
        let set = move |event: web_sys::Event| {
            let is_on = event_target_checked(&event);
            work.edit(|editing| write(editing, is_on));
        };
        let input = el("input").attr("type", "checkbox").switched("checked", is_on).on("change", set);
        el("label")
            .class("flag")
            .child(input)
            .child(el("span").child(label).child(" ").child(el("small").child(meaning)))
    };
    el("fieldset")
        .class("flags")
        .child(el("legend").child("Who answers"))
        .child(check(
            "The vendor's analytics model",
            "Off: the agent's own language model answers.",
            |of| of.config().uses_internal_model(),
            Editing::set_internal_model,
        ))
        .child(check(
            "A reasoning model",
            "Better answers; slower and dearer.",
            |of| of.config().uses_reasoning_model(),
            Editing::set_reasoning_model,
        ))
}

/// The focus stays with a metric that was moved; at an end it goes to the button that leads back.
fn focus_on_other(key: u64, is_up: bool) {
    focus_soon(format!("shift-{key}-{is_up}"), format!("shift-{key}-{}", !is_up));
}
