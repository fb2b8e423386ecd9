//! The page: selection → agent → version or draft; what calls answered below.

use std::sync::Arc;

use callscope_client::{ClientError, Problem, Source};
use callscope_core::session::Session;
use leptos::prelude::*;

use super::asking::{Desk, Shown, ask_desk, ask_shown};
use super::changes::{changes_card, conflict_card, overtaken_card};
use super::controls::controls;
use super::editor::editor_card;
use super::listing::version_card;
use super::publishing::{outcome_card, publish_card};
use super::results::{ResultsInput, results_card};
use super::selection::PostCallSelection;
use super::work::{Publishing, Saving, Wish, Work};
use crate::calls::CallSelection;
use crate::load::{Load, use_load};
use crate::piece::{Callback, Derived, State, effect, el, live, nothing, several, text, when};
use crate::states::{Way, failed, message, skeleton};
use crate::usage::Now;

/// What the page is given by whoever shows it.
#[derive(Clone, Copy)]
pub struct PostCallInput {
    /// Where answers come from.
    pub source: State<Source>,
    /// Who is signed in, for the agents of a reseller.
    pub session: Derived<Session>,
    /// What is shown.
    pub selection: Derived<PostCallSelection>,
    /// Called with what should be shown instead.
    pub on_select: Callback<PostCallSelection>,
    /// Called with the calls that should be looked at.
    pub on_calls: Callback<CallSelection>,
    /// The instant that counts as now.
    pub now: Callback<(), Now>,
    /// Counts up to ask anew.
    pub refresh: State<u32>,
    /// Called where the session turns out to have ended.
    pub on_signed_out: Callback<()>,
    /// Given what says whether something would be lost by leaving; none when the page ends.
    pub on_guard: Callback<Option<Callback<(), bool>>>,
}

/// The page of post-call metrics below the header.
pub fn postcall_view(input: PostCallInput) -> AnyView {
    let PostCallInput { selection, refresh, .. } = input;
    let ask_again = Callback::new(move |()| refresh.update(|count| *count += 1));
    let work = Work::new(selection, input.on_select, input.on_signed_out, ask_again);
    guard(input, work);
    let desk = load_desk(input);
    let shown = load_shown(input, work, desk);
    effect(move || match desk.get() {
        Load::Ready(latest) => work.take_desk(latest),
        Load::Failed { error, .. } if error.problem == Problem::SignedOut => input.on_signed_out.run(()),
        _ => {}
    });
    let problem = State::new(None);
    // The form of one draft does not stand at the address of another.
    let leave_other = move || {
        let wanted = input.selection.with_untracked(|of| of.draft_id.clone());
        if work.draft.with_untracked(|open| open.as_ref().map(|open| &open.id) != wanted.as_ref()) {
            work.close();
        }
    };
    effect(move || match shown.get() {
        Load::Ready(latest) => problem.set(match &*latest {
            Shown::Draft(draft) => work.open(draft).inspect_err(|_| leave_other()).err(),
            // A draft that could not be asked for is none that was left.
            Shown::Version(_) | Shown::Nothing => {
                if input.selection.with_untracked(|of| of.draft_id.is_none()) {
                    work.close();
                }
                None
            }
        }),
        Load::Failed { error, .. } if error.problem == Problem::SignedOut => input.on_signed_out.run(()),
        Load::Failed { .. } => leave_other(),
        Load::Waiting { .. } => {}
    });
    let is_waiting = Derived::new(move || match desk.get() {
        Load::Waiting { .. } => true,
        Load::Ready(_) => shown.with(Load::is_waiting),
        Load::Failed { .. } => false,
    });
    let is_known = move || work.desk.with(|desk| desk.agent.is_some());
    let is_readable = move || work.desk.with(|desk| desk.versioning.is_some());
    let has_draft = Derived::new(move || work.editing.with(Option::is_some));
    let trouble = live(move || trouble_of(work, desk, shown, problem));
    let version = live(move || match (has_draft.get(), shown.get().latest().as_deref()) {
        (false, Some(Shown::Version(state))) => version_card(work, state),
        _ => nothing(),
    });
    let draft = when(move || has_draft.get(), move || draft_cards(work));
    let is_first = move || desk.with(|desk| desk.latest().is_none() && desk.is_waiting());
    let results = ResultsInput {
        source: input.source,
        session: input.session,
        selection,
        on_select: input.on_select,
        on_calls: input.on_calls,
        now: input.now,
        on_signed_out: input.on_signed_out,
        desk: work.desk,
    };
    el("div")
        .class("postcall")
        .says("aria-busy", move || is_waiting.get())
        .child(el("h1").child("Post-call metrics"))
        .child(el("p").class("context").attr("dir", "auto").child(text(move || context(work))))
        .child(when(is_known, move || controls(work, is_waiting)))
        .child(outcome_card(work))
        .child(trouble)
        .child(live(move || failed_write(work)))
        .child(when(is_first, skeleton))
        .child(version)
        .child(draft)
        .child(when(is_readable, move || results_card(results)))
        .any()
}

/// Leaving asks while something typed is not saved.
fn guard(input: PostCallInput, work: Work) {
    // Also while something is under way: whether it arrives would not be known.
    let would_lose = move |()| untrack(|| work.is_unsaved() || work.is_busy());
    input.on_guard.run(Some(Callback::new(would_lose)));
    on_cleanup(move || input.on_guard.run(None));
}

fn load_desk(input: PostCallInput) -> State<Load<Desk>> {
    let which = Derived::new(move || input.selection.with(|of| (of.scope.clone(), of.agent_id.clone())));
    use_load(
        move || {
            input.refresh.get();
            Some((input.source.get(), input.session.get(), which.get()))
        },
        |(source, session, (scope, agent_id))| ask_desk(source, session, scope, agent_id),
    )
}

fn load_shown(input: PostCallInput, work: Work, desk: State<Load<Desk>>) -> State<Load<Shown>> {
    let which = Derived::new(move || input.selection.with(|of| (of.version_id.clone(), of.draft_id.clone())));
    use_load(
        move || {
            let (version_id, draft_id) = which.get();
            let is_there = desk.with(|desk| matches!(desk, Load::Ready(_)));
            let desk = work.desk.get();
            (is_there && desk.is_asked).then_some((desk, version_id, draft_id))
        },
        |(desk, version_id, draft_id)| ask_shown(desk, version_id, draft_id),
    )
}

/// Agent, version and what account it is of, in a line.
fn context(work: Work) -> String {
    let desk = work.desk.get();
    let Some(agent) = &desk.agent else { return String::new() };
    if desk.versioning.is_none() {
        return agent.name.clone();
    }
    let live = match &desk.live.version_id {
        Some(id) => format!("{} is live", desk.title_of(id)),
        None => "no version is live".to_owned(),
    };
    let branch = desk.branch().map(|name| format!(" · this account has branches; worked on is '{name}'"));
    let looks = if desk.may_edit { "" } else { " · changing what is asked takes the role editor" };
    format!("{} · {live}{}{looks}", agent.name, branch.unwrap_or_default())
}

fn trouble_of(
    work: Work,
    desk: State<Load<Desk>>,
    shown: State<Load<Shown>>,
    problem: State<Option<callscope_core::Error>>,
) -> AnyView {
    let again = Way::again(work.ask_again);
    let to_live =
        Way::new("To what is live", Callback::new(move |()| work.on_select.run(work.selection.get_untracked().live())));
    let is_named = work.selection.with(|of| of.draft_id.is_some() || of.version_id.is_some());
    let ways = |problem: Problem| match problem {
        Problem::NotInSamples => vec![],
        Problem::NotFound if is_named => vec![to_live, again],
        _ => vec![again],
    };
    let of_desk = work.desk.with(|desk| desk.error.clone());
    let failure = match (desk.get(), shown.get()) {
        (Load::Failed { error, .. }, _) | (_, Load::Failed { error, .. }) => Some(error),
        _ => of_desk,
    };
    // A draft that is published, or was thrown away while one works on it, is told of elsewhere.
    let is_told = work.draft.with(Option::is_some) && work.publishing.with(|of| *of != Publishing::Idle);
    let is_news = |error: &ClientError| match error.problem {
        Problem::SignedOut => false,
        Problem::NotFound => !is_told,
        _ => true,
    };
    if let Some(error) = failure.filter(is_news) {
        return failed(&error, &ways(error.problem));
    }
    if let Some(error) = problem.get() {
        let why = format!("{error}. Editing it here would lose something, so it is left as it is.");
        return message("This draft cannot be edited here", why);
    }
    let desk = work.desk.get();
    match (shown.get().latest().as_deref(), &desk.agent) {
        (Some(Shown::Nothing), None) => {
            message("No agents", "There is no agent here. Choose another organisation.".to_owned())
        }
        (Some(Shown::Nothing), Some(_)) if desk.error.is_none() => {
            let why = "Post-call metrics belong to a version, and this agent has none yet.";
            message("No published version", why.to_owned())
        }
        _ => nothing(),
    }
}

/// What became of a request that was to change something.
fn failed_write(work: Work) -> AnyView {
    let Saving::Failed(wish, error) = work.saving.get() else { return nothing() };
    if error.problem == Problem::SignedOut {
        return nothing();
    }
    let said = match wish {
        Wish::Save => "Not saved. What you typed is here.",
        Wish::Begin if work.editing.with(Option::is_some) => "No new draft was begun. What you typed is here.",
        Wish::Begin => "No draft was begun.",
        Wish::Discard => "The draft was not thrown away.",
    };
    let close = Way::new("Close", Callback::new(move |()| work.saving.set(Saving::Idle)));
    let again = Way::new("Save again", Callback::new(move |()| work.save()));
    let carry = Way::new("Carry it over to a new draft", Callback::new(move |()| work.carry_over()));
    let is_gone = error.problem == Problem::NotFound && work.desk.with(|desk| desk.branch().is_none());
    let ways = match wish {
        Wish::Save if is_gone => vec![carry, close],
        Wish::Save if work.is_unsaved() => vec![again, close],
        _ => vec![close],
    };
    el("div").class("unsaved").child(failed(&error, &ways)).child(el("p").class("note").child(said)).any()
}

/// Everything about the draft.
fn draft_cards(work: Work) -> AnyView {
    if !work.desk.with(|desk| desk.may_edit) {
        let why = "Drafts are worked on by editors of the organisation. Below is what this one changes.".to_owned();
        return several(vec![message("A draft of somebody", why), changes_card(work)]);
    }
    several(vec![conflict_card(work), overtaken_card(work), editor_card(work), changes_card(work), publish_card(work)])
}

/// The desk as a part of the page reads it.
pub(super) type DeskState = State<Arc<Desk>>;
