//! The page: selection → list, and the call that is looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

use callscope_client::{ClientError, Problem, Source};
use callscope_core::session::Session;
use leptos::prelude::*;
use web_sys::HtmlElement;

use super::all::{AllInput, all_card};
use super::answers::{Answers, Given};
use super::controls::{ControlsInput, controls};
use super::detail::{Shown, back, call_cards};
use super::ids::{IdsInput, ids_card};
use super::list::{ListInput, list_card};
use super::question::Question;
use super::selection::CallSelection;
use crate::browser::Ground;
use crate::findings::findings_list;
use crate::load::{Load, use_load};
use crate::piece::{Callback, Derived, State, effect, el, live, nothing, text, when};
use crate::states::{Way, failed, message, skeleton};
use crate::usage::Now;

/// What the page is given by whoever shows it.
#[derive(Clone, Copy)]
pub struct CallsInput {
    /// Where answers come from.
    pub source: State<Source>,
    /// Who is signed in.
    pub session: Derived<Session>,
    /// What is shown.
    pub selection: Derived<CallSelection>,
    /// Called with what should be shown instead.
    pub on_select: Callback<CallSelection>,
    /// The instant that counts as now.
    pub now: Callback<(), Now>,
    /// Counts up to ask anew.
    pub refresh: State<u32>,
    /// Called where the session turns out to have ended.
    pub on_signed_out: Callback<()>,
    /// Told when the list is there.
    pub on_answer: Callback<()>,
    /// Told of a failure other than that nobody is signed in.
    pub on_failure: Callback<ClientError>,
    /// Whether the list can be filtered, searched and loaded whole.
    pub has_controls: bool,
}

/// A recording that is not there yet is looked for so often, so many milliseconds apart.
const LOOKS: u32 = 40;
const LOOK_EVERY_MS: u64 = 5_000;

/// The page of calls below the header.
pub fn calls_view(input: CallsInput) -> AnyView {
    let CallsInput { selection, on_select, refresh, has_controls, .. } = input;
    let given = Given { answers: State::new(Arc::new(Answers::default())), are_numbers_open: State::new(false) };
    let search = State::new(String::new());
    let list = load_list(input, search, given);
    let ask_again = Callback::new(move |()| refresh.update(|count| *count += 1));
    let is_waiting = Derived::new(move || list.with(Load::is_waiting));
    let is_call = Derived::new(move || selection.with(|selection| selection.call_id.is_some()));
    let is_hidden = keep_place(is_call);
    let has_list = move || given.answers.with(|answers| answers.question.is_some());
    let controls_input = ControlsInput { given, selection, on_select, search, is_waiting, refresh: ask_again };
    let list_input = ListInput { given, selection, on_select };
    let all_input = AllInput {
        source: input.source,
        session: input.session,
        list: list_input,
        now: input.now,
        is_hidden,
        on_signed_out: input.on_signed_out,
    };
    let ids_input = IdsInput { source: input.source, list: list_input, on_signed_out: input.on_signed_out };
    let all = move || {
        el("div")
            .child(has_controls.then(|| controls(controls_input)))
            .child(live(move || findings_list(&given.get().findings())))
            .child(trouble_of(list, ask_again))
            .child(when(move || !has_list() && is_waiting.get(), skeleton))
            .child(when(has_list, move || list_card(list_input)))
            // Hidden, not gone: after a question that failed, what was loaded is there again.
            .child(has_controls.then(|| {
                el("div").switched("hidden", move || !has_list()).child(all_card(all_input)).child(ids_card(ids_input))
            }))
            .any()
    };
    el("div")
        .class("calls-page")
        // One call says it itself.
        .says("aria-busy", move || is_waiting.get() && !is_call.get())
        .child(has_controls.then(|| el("h1").child("Calls")))
        .child(el("p").class("context").child(text(move || {
            // Of one call it is said elsewhere.
            if is_call.get() { String::new() } else { given.get().context() }
        })))
        // Hidden, not gone: what was loaded is there when one comes back.
        .child(el("div").switched("hidden", move || is_hidden.get()).child(all()))
        .child(when(move || is_call.get(), move || one_call(input, given)))
        .any()
}

/// A call is shown from its top; whoever comes back finds the list where it was. Gives whether the list is hidden: it
/// must not be before it is known how far it was scrolled.
fn keep_place(is_call: Derived<bool>) -> State<bool> {
    let is_hidden = State::new(is_call.get_untracked());
    let place = StoredValue::new_local(None::<(f64, Option<HtmlElement>)>);
    effect(move || {
        let Some(window) = web_sys::window() else { return };
        let ground = Ground::here();
        let focused = ground.focused();
        if is_call.get() {
            place.set_value(Some((window.scroll_y().unwrap_or(0.0), focused)));
            is_hidden.set(true);
            let to_top = move || {
                // In somebody else's page the list may stand anywhere.
                match ground.focus(&["back"]) {
                    Some(back) if ground.is_guest() => back.scroll_into_view_with_bool(false),
                    _ => window.scroll_to_with_x_and_y(0.0, 0.0),
                }
            };
            set_timeout(to_top, std::time::Duration::ZERO);
            return;
        }
        is_hidden.set(false);
        if let Some((y, focused)) = place.try_update_value(Option::take).flatten() {
            // By then the list has its height again.
            let back = move || {
                if let Some(element) = focused.filter(|element| element.is_connected()) {
                    element.focus().ok();
                }
                if ground.is_guest() {
                    return;
                }
                window.scroll_to_with_x_and_y(0.0, y);
            };
            set_timeout(back, std::time::Duration::ZERO);
        }
    });
    is_hidden
}

fn trouble_of(list: State<Load<Answers>>, again: Callback<()>) -> AnyView {
    live(move || list.with(|list| trouble(list, again)))
}

/// What failed, where something did.
fn trouble<T>(load: &Load<T>, again: Callback<()>) -> AnyView {
    match load {
        Load::Failed { error, .. } if error.problem == Problem::NotInSamples => failed(error, &[]),
        Load::Failed { error, .. } if error.problem != Problem::SignedOut => failed(error, &[Way::again(again)]),
        _ => nothing(),
    }
}

/// Loads the list whenever the selection, the search, the account or the clock says so.
fn load_list(input: CallsInput, search: State<String>, given: Given) -> State<Load<Answers>> {
    let asked = Derived::new(move || input.selection.with(CallSelection::asked));
    let names = StoredValue::new(Names::default());
    let load = use_load(
        move || {
            input.refresh.track();
            let question =
                Question::new(&asked.get(), &search.get(), &input.session.get(), input.now.run(()), crate::zone);
            Some((input.source.get(), question))
        },
        move |(source, question)| async move {
            let page = source.calls(&question.request).await?;
            let Names { agents, versions, .. } =
                names.get_value().known(&source, question.request.filter.agent_id.as_ref()).await.kept(names);
            Ok(Answers { question: Some(question), page, agents, versions })
        },
    );
    effect(move || match load.get() {
        Load::Ready(latest) => {
            given.answers.set(latest);
            input.on_answer.run(());
        }
        Load::Failed { error, .. } if error.problem == Problem::SignedOut => input.on_signed_out.run(()),
        // Calls of another question must not stand under the filters that failed.
        Load::Failed { error, .. } => {
            given.answers.update(|answers| {
                let (agents, versions) = (Arc::clone(&answers.agents), Arc::clone(&answers.versions));
                *answers = Arc::new(Answers { agents, versions, ..Answers::default() });
            });
            input.on_failure.run(error);
        }
        Load::Waiting { .. } => {}
    });
    load
}

/// Names of agents and of the versions of one of them, which stay as they are from page to page.
#[derive(Clone, Default)]
struct Names {
    has_agents: bool,
    agents: Arc<BTreeMap<String, String>>,
    /// Whose versions they are.
    agent_id: Option<String>,
    versions: Arc<[(String, String)]>,
}

impl Names {
    /// With what is not known yet. Without names the list still stands, under ids.
    async fn known(mut self, source: &Source, agent_id: Option<&String>) -> Self {
        if !self.has_agents
            && let Ok(agents) = source.agents(None).await
        {
            self.agents = Arc::new(agents.into_iter().map(|agent| (agent.id, agent.name)).collect());
            self.has_agents = true;
        }
        if self.agent_id.as_ref() != agent_id {
            let versions = match agent_id {
                Some(id) => source.versions(id).await.unwrap_or_default(),
                None => Vec::new(),
            };
            self.versions = versions.into_iter().map(|version| (version.id.clone(), version.title())).collect();
            self.agent_id = agent_id.cloned();
        }
        self
    }

    /// The same, kept for the next page.
    fn kept(self, place: StoredValue<Self>) -> Self {
        place.try_set_value(self.clone());
        self
    }
}

/// The call that is looked at, with the way back.
fn one_call(input: CallsInput, given: Given) -> AnyView {
    let id = Derived::new(move || input.selection.with(|selection| selection.call_id.clone()));
    let looks = State::new(0_u32);
    let load = use_load(
        move || {
            input.refresh.track();
            looks.track();
            Some((input.source.get(), id.get()?))
        },
        |(source, id)| async move {
            let (detail, findings) = source.call(&id).await?;
            Ok(Shown { detail, findings })
        },
    );
    effect(move || match load.get() {
        Load::Failed { error, .. } if error.problem == Problem::SignedOut => input.on_signed_out.run(()),
        Load::Ready(shown) if awaits_recording(&shown) && looks.get_untracked() < LOOKS => {
            let look = move || looks.update(|looks| *looks += 1);
            let timer = set_timeout_with_handle(look, std::time::Duration::from_millis(LOOK_EVERY_MS));
            // Whoever leaves the page looks no more.
            on_cleanup(move || drop(timer.map(|timer| timer.clear())));
        }
        _ => {}
    });
    let on_back = Callback::new(move |()| {
        input.on_select.run(CallSelection { call_id: None, ..input.selection.get_untracked() });
    });
    let again = Callback::new(move |()| input.refresh.update(|count| *count += 1));
    // A call that is looked at again stays, with what is being heard of it.
    let is_asked_for = move |shown: &Arc<Shown>| id.with(|id| id.as_ref() == Some(&shown.detail.call.id));
    let is_waiting = move || load.with(Load::is_waiting);
    let cards = live(move || match load.with(Load::latest) {
        Some(shown) if is_asked_for(&shown) => call_cards(given, &shown),
        _ if is_waiting() => skeleton(),
        Some(_) => message("Another call", "The server answered about another call than was asked for.".to_owned()),
        None => nothing(),
    });
    el("div")
        .says("aria-busy", move || is_waiting() && !load.with(Load::latest).as_ref().is_some_and(is_asked_for))
        .child(el("div").class("toolbar").child(back(on_back)))
        .child(live(move || load.with(|load| trouble(load, again))))
        .child(cards)
        .any()
}

/// Whether a recording may still come.
fn awaits_recording(shown: &Shown) -> bool {
    let recordings = &shown.detail.recordings;
    let was_answered = shown.detail.call.duration_ms.is_some_and(|ms| ms > 0);
    was_answered && recordings.mono.is_none() && recordings.stereo.is_none()
}
