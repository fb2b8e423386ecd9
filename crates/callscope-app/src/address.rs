//! The address is the state of a page.
//!
//! A few pages and a query need no router of the framework's size; this is all that it would do here:
//! read the address, add to the history or replace its end, and follow "back".

use callscope_core::calls::CallFilter;
use callscope_core::usage::Narrowing;
use callscope_ui::calls::CallSelection;
use callscope_ui::compare::Compared;
use callscope_ui::piece::{Callback, State};
use callscope_ui::postcall::PostCallSelection;
use callscope_ui::query_of;
use callscope_ui::usage::{Scope, Selection};
use js_sys::decode_uri_component;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// The name in the address that says that the samples are shown.
const DATA: &str = "data";

/// Which page an address is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Page {
    /// How the agents do.
    #[default]
    Usage,
    /// Two versions of an agent.
    Compare,
    /// The calls themselves.
    Calls,
    /// What every call is asked.
    PostCall,
    /// One's own account, and the people of an organisation.
    Account,
    /// There is no such page.
    Unknown,
}

impl Page {
    fn of_path(path: &str) -> Self {
        match path.trim_end_matches('/') {
            "" => Self::Usage,
            "/compare" => Self::Compare,
            "/calls" => Self::Calls,
            "/post-call" => Self::PostCall,
            "/account" => Self::Account,
            _ => Self::Unknown,
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Compare => "/compare",
            Self::Calls => "/calls",
            Self::PostCall => "/post-call",
            Self::Account => "/account",
            Self::Usage | Self::Unknown => "/",
        }
    }
}

/// What an address says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Address {
    /// Which page.
    pub(crate) page: Page,
    /// What the usage page shows. Its scope is that of every page.
    pub(crate) selection: Selection,
    /// What the compare page shows.
    pub(crate) compared: Compared,
    /// What the page of calls shows.
    pub(crate) calls: CallSelection,
    /// What the page of post-call metrics shows.
    pub(crate) postcall: PostCallSelection,
    /// Whether the samples stand in for a server.
    pub(crate) is_sample: bool,
}

impl Address {
    /// The same with the calls of another scope. An agent belongs to one organisation; it means
    /// nothing in another.
    pub(crate) fn of_scope(mut self, scope: Scope) -> Self {
        self.selection.narrowing.agent_id = None;
        self.selection.scope = scope.clone();
        self.calls = CallSelection {
            scope: scope.clone(),
            span: self.calls.span,
            zone: self.calls.zone,
            ..CallSelection::default()
        };
        self.postcall = PostCallSelection {
            scope: scope.clone(),
            span: self.postcall.span,
            zone: self.postcall.zone,
            ..PostCallSelection::default()
        };
        self.compared = Compared { scope, span: self.compared.span, zone: self.compared.zone, ..Compared::default() };
        self
    }

    /// Another page, of the same scope and agent; its days and zone begin anew.
    pub(crate) fn of_page(mut self, page: Page) -> Self {
        if page == self.page {
            return self;
        }
        let scope = self.selection.scope.clone();
        let agent_id = match self.page {
            Page::Usage => self.selection.narrowing.agent_id.clone(),
            Page::Compare => self.compared.agent_id.clone(),
            Page::Calls => self.calls.filter.agent_id.clone(),
            Page::PostCall => self.postcall.agent_id.clone(),
            Page::Account | Page::Unknown => None,
        };
        match page {
            Page::Compare => self.compared = Compared { scope, agent_id, ..Compared::default() },
            Page::Calls => {
                let filter = CallFilter { agent_id, ..CallFilter::default() };
                self.calls = CallSelection { scope, filter, ..CallSelection::default() };
            }
            Page::PostCall => self.postcall = PostCallSelection { scope, agent_id, ..PostCallSelection::default() },
            Page::Usage | Page::Account | Page::Unknown => {
                let narrowing = Narrowing { agent_id, ..Narrowing::default() };
                self.selection = Selection { scope, narrowing, ..Selection::default() };
            }
        }
        Self { page, ..self }
    }

    /// As it stands in the browser's bar.
    pub(crate) fn written(&self) -> String {
        format!("{}{}", self.page.path(), query(self))
    }
}

/// The address, for every part of the app.
#[derive(Clone, Copy)]
pub(crate) struct Location {
    address: State<Address>,
    /// Says whether leaving would lose something; none where nothing can be lost.
    guard: StoredValue<Option<Callback<(), bool>>>,
}

/// Asked before something typed is left.
const UNSAVED: &str = "Something is not saved, is being saved, or cannot be shown again. Leave it?";

impl Location {
    /// Reads the address and follows the browser's "back" and "forward".
    pub(crate) fn provide() -> Self {
        let location = Self { address: State::new(present()), guard: StoredValue::new(None) };
        provide_context(location);
        let handle = window_event_listener(ev::popstate, move |_| {
            let next = present();
            if location.may_leave_for(&next) {
                location.address.set(next);
            } else {
                // The browser is there already: back to where one stays.
                push(&location.get_untracked().written());
            }
        });
        on_cleanup(move || handle.remove());
        // Leaving the app altogether is asked by the browser in its own words.
        let handle = window_event_listener(ev::beforeunload, move |event| {
            if location.would_lose() {
                event.prevent_default();
                event.set_return_value(UNSAVED);
            }
        });
        on_cleanup(move || handle.remove());
        location
    }

    /// The location that the app provides.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// Has leaving asked while the guard says that something would be lost.
    pub(crate) fn set_guard(self, guard: Option<Callback<(), bool>>) {
        self.guard.set_value(guard);
    }

    /// Whether leaving the page would lose something.
    fn would_lose(self) -> bool {
        self.guard.get_value().is_some_and(|guard| guard.run(()))
    }

    /// Whether one may go elsewhere: nothing would be lost there, or the person says so.
    pub(crate) fn may_leave_for(self, next: &Address) -> bool {
        let stays = self.address.with_untracked(|now| {
            let keeps = now.page == Page::Account || !next.postcall.leaves(&now.postcall);
            now.page == next.page && now.is_sample == next.is_sample && keeps
        });
        stays || self.may_leave()
    }

    /// Whether one may leave: nothing would be lost, or the person says so.
    pub(crate) fn may_leave(self) -> bool {
        !self.would_lose() || window().confirm_with_message(UNSAVED).unwrap_or(true)
    }

    /// What the address says.
    pub(crate) fn get(self) -> Address {
        self.address.get()
    }

    /// The same, without following it.
    pub(crate) fn get_untracked(self) -> Address {
        self.address.get_untracked()
    }

    /// Goes to another address. Typing in a field replaces the address; everything else adds one,
    /// so that "back" undoes it.
    pub(crate) fn go(self, address: Address) {
        let now = self.address.get_untracked();
        if address == now {
            return;
        }
        if !self.may_leave_for(&address) {
            // A list shows by itself what was chosen in it: it is told again what is so.
            self.address.set(now);
            return;
        }
        let find = address.selection.find.clone();
        let only_typed = Address { selection: Selection { find, ..now.selection.clone() }, ..now } == address;
        let target = address.written();
        if only_typed {
            if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
                history.replace_state_with_url(&JsValue::NULL, "", Some(&target)).ok();
            }
        } else {
            push(&target);
        }
        self.address.set(address);
    }

    /// Shows something else on the usage page.
    pub(crate) fn show_usage(self, change: impl FnOnce(&mut Selection)) {
        let mut address = self.get_untracked();
        change(&mut address.selection);
        self.go(address);
    }

    /// Goes to the page of calls.
    pub(crate) fn look_at(self, calls: CallSelection) {
        self.go(Address { page: Page::Calls, calls, ..self.get_untracked() });
    }

    /// Shows something else on the page of post-call metrics.
    pub(crate) fn show_postcall(self, change: impl FnOnce(&mut PostCallSelection)) {
        let mut address = self.get_untracked();
        change(&mut address.postcall);
        self.go(address);
    }

    /// Shows something else on the compare page.
    pub(crate) fn show_compared(self, change: impl FnOnce(&mut Compared)) {
        let mut address = self.get_untracked();
        change(&mut address.compared);
        self.go(address);
    }
}

/// Adds an address to the history. A browser that refuses (too many in a second) still shows the page.
fn push(target: &str) {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        history.push_state_with_url(&JsValue::NULL, "", Some(target)).ok();
    }
}

/// What the browser's address says at present.
fn present() -> Address {
    let location = web_sys::window().map(|window| window.location());
    let part = |part: Option<Result<String, JsValue>>| part.and_then(Result::ok).unwrap_or_default();
    let path = part(location.as_ref().map(web_sys::Location::pathname));
    let query = part(location.as_ref().map(web_sys::Location::search));
    let pairs: Vec<(String, String)> = query.trim_start_matches('?').split('&').filter_map(pair).collect();
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let is_sample = pairs.clone().any(|(name, value)| name == DATA && value == "sample");
    let compared = Compared::from_pairs(pairs.clone());
    let calls = CallSelection::from_pairs(pairs.clone());
    let postcall = PostCallSelection::from_pairs(pairs.clone());
    Address {
        page: Page::of_path(&path),
        selection: Selection::from_pairs(pairs),
        compared,
        calls,
        postcall,
        is_sample,
    }
}

/// A name and its value, decoded; none where they cannot be.
fn pair(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let decoded = |text: &str| Some(String::from(decode_uri_component(&text.replace('+', " ")).ok()?));
    Some((decoded(name)?, decoded(value)?))
}

fn query(address: &Address) -> String {
    let sample = address.is_sample.then(|| (DATA, "sample".to_owned()));
    let pairs = match address.page {
        Page::Compare => address.compared.to_pairs(),
        Page::Calls => address.calls.to_pairs(),
        Page::PostCall => address.postcall.to_pairs(),
        Page::Usage | Page::Account | Page::Unknown => address.selection.to_pairs(),
    };
    query_of(pairs.into_iter().chain(sample))
}
