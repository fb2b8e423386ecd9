//! The address is the state of a page.
//!
//! A few pages and a query need no router of the framework's size; this is all that it would do here:
//! read the address, add to the history or replace its end, and follow "back".

use callscope_core::period::Preset;
use callscope_ui::calls::CallSelection;
use callscope_ui::piece::{Callback, Derived, State};
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

/// The names and values of an address's query. What they mean is a matter of the page; in which order different names
/// stand means nothing. (Of the two of a scope, and of one that is there twice, the last one counts.)
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

/// Whose calls a page is of.
const SCOPE: [&str; 2] = ["org", "reseller"];
/// Which days it shows, and by which clock.
const DAYS: [&str; 3] = ["range", "from", "to"];
const ZONE: &str = "zone";
const AGENT: &str = "agent";

impl Query {
    /// In their order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What a name stands for: pages read the last one that is not empty.
    fn value(&self, of: &str) -> Option<&str> {
        self.pairs().filter(|(name, value)| *name == of && !value.is_empty()).last().map(|(_, value)| value)
    }

    /// Those of which the name is kept.
    fn only(mut self, is_kept: impl Fn(&str) -> bool) -> Self {
        self.0.retain(|(name, _)| is_kept(name));
        self
    }

    fn with(mut self, pairs: Vec<(&'static str, String)>) -> Self {
        self.0.extend(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)));
        self
    }
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        // Names of a scope are one, and stay in their order.
        let sorted = |of: &Self| {
            let mut pairs = of.0.clone();
            let key = |name: &String| if SCOPE.contains(&name.as_str()) { String::new() } else { name.clone() };
            pairs.sort_by_key(|(name, _)| key(name));
            pairs
        };
        sorted(self) == sorted(other)
    }
}

/// What an address says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Address {
    /// Which page.
    pub(crate) page: Page,
    /// What the page shows.
    pub(crate) query: Query,
    /// Whether the samples stand in for a server.
    pub(crate) is_sample: bool,
}

impl Address {
    /// Whose calls: the same names on every page.
    pub(crate) fn scope(&self) -> Scope {
        Selection::from_pairs(self.query.pairs()).scope
    }

    /// The same with the calls of another scope. An agent belongs to one organisation; it means
    /// nothing in another.
    pub(crate) fn of_scope(mut self, scope: Scope) -> Self {
        let stays = |name: &str| match self.page {
            Page::Usage => !SCOPE.contains(&name) && name != AGENT,
            _ => DAYS.contains(&name) || name == ZONE,
        };
        let query = self.query.only(stays);
        self.query = query.with(Selection { scope, ..Selection::default() }.to_pairs());
        self
    }

    /// Another page, of the same scope and agent; its days and zone begin anew.
    pub(crate) fn of_page(mut self, page: Page) -> Self {
        if page != self.page {
            let has_agents = ![self.page, page].contains(&Page::Account);
            self.query = self.query.only(|name| SCOPE.contains(&name) || (has_agents && name == AGENT));
            self.page = page;
        }
        self
    }

    /// The same page with other days, from its first list on; without any, with those that it shows by itself.
    pub(crate) fn of_days(mut self, days: Option<Preset>) -> Self {
        let usual = (self.page != Page::Compare).then(Preset::default);
        let query = self.query.only(|name| !DAYS.contains(&name) && !["page", "call"].contains(&name));
        let named = days.filter(|days| Some(*days) != usual).map(|days| ("range", days.key().to_owned()));
        self.query = query.with(named.into_iter().collect());
        self
    }

    /// The page of usage in place of one that there is not: it is where such an address would lead once written.
    fn somewhere(mut self) -> Self {
        if self.page == Page::Unknown {
            self.page = Page::Usage;
        }
        self
    }

    /// As it stands in the browser's bar.
    pub(crate) fn written(&self) -> String {
        let sample = self.is_sample.then_some((DATA, "sample"));
        format!("{}{}", self.page.path(), query_of(self.query.pairs().chain(sample)))
    }

    /// Whether going there leaves what is worked on here: other days and another zone do not.
    fn leaves(&self, from: &Self) -> bool {
        let differs = |name: &str| self.query.value(name) != from.query.value(name);
        (self.page, self.is_sample) != (from.page, from.is_sample)
            || (self.page == Page::PostCall && [SCOPE[0], SCOPE[1], AGENT, "draft"].into_iter().any(differs))
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
        let stays = self.address.with_untracked(|now| !next.leaves(now));
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
        let address = address.somewhere();
        let now = self.address.get_untracked();
        if address == now {
            return;
        }
        if !self.may_leave_for(&address) {
            // A list shows by itself what was chosen in it: it is told again what is so.
            self.address.set(now);
            return;
        }
        let untyped = |of: &Address| Address { query: of.query.clone().only(|name| name != "find"), ..of.clone() };
        let only_typed = untyped(&address) == untyped(&now);
        if only_typed {
            return self.turn_into(address);
        }
        push(&address.written());
        self.address.set(address);
    }

    /// Makes the address another one: "back" leads to what was before it.
    pub(crate) fn turn_into(self, address: Address) {
        let address = address.somewhere();
        if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
            history.replace_state_with_url(&JsValue::NULL, "", Some(&address.written())).ok();
        }
        self.address.set(address);
    }

    /// What a page shows, read from its query. It stays as it is while the address is another page's: a page that is
    /// about to go asks nothing anew.
    pub(crate) fn read<T>(self, page: Page, read: impl Fn(&Query) -> T + Send + Sync + 'static) -> Derived<T>
    where
        T: Clone + PartialEq + Send + Sync + 'static,
    {
        let last = StoredValue::new(Query::default());
        Derived::new(move || {
            let now = self.get();
            if now.page == page {
                last.set_value(now.query);
            }
            last.with_value(&read)
        })
    }

    /// Shows something else on a page; nothing happens where that page was left meanwhile.
    pub(crate) fn show(self, page: Page, pairs: Vec<(&'static str, String)>) {
        let now = self.get_untracked();
        if now.page == page {
            self.go(Address { query: Query::default().with(pairs), ..now });
        }
    }

    /// Shows something else on the usage page.
    pub(crate) fn show_usage(self, change: impl FnOnce(&mut Selection)) {
        let mut selection = self.address.with_untracked(|now| Selection::from_pairs(now.query.pairs()));
        change(&mut selection);
        self.show(Page::Usage, selection.to_pairs());
    }

    /// Goes to the page of calls.
    pub(crate) fn look_at(self, calls: &CallSelection) {
        let query = Query::default().with(calls.to_pairs());
        self.go(Address { page: Page::Calls, query, ..self.get_untracked() });
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
    let is_sample = pairs.iter().any(|(name, value)| name == DATA && value == "sample");
    Address { page: Page::of_path(&path), query: Query(pairs).only(|name| name != DATA), is_sample }
}

/// A name and its value, decoded; none where they cannot be.
fn pair(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let decoded = |text: &str| Some(String::from(decode_uri_component(&text.replace('+', " ")).ok()?));
    Some((decoded(name)?, decoded(value)?))
}

#[cfg(test)]
mod tests {
    use callscope_core::calls::CallSort;
    use callscope_ui::compare::Compared;
    use callscope_ui::postcall::PostCallSelection;
    use callscope_ui::usage::Span;

    use super::*;

    fn address(page: Page, pairs: &[(&str, &str)]) -> Address {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Address { page, query: Query(pairs.collect()), is_sample: false }
    }

    const FULL: [(&str, &str); 10] = [
        ("org", "o"),
        ("from", "2024-05-01"),
        ("to", "2024-05-31"),
        ("zone", "Asia/Kolkata"),
        ("agent", "x"),
        ("hour", "9"),
        ("version", "v"),
        ("order", "callDuration"),
        ("page", "3"),
        ("call", "CALL-1"),
    ];

    #[test]
    fn addresses_of_the_same_meaning_are_the_same() {
        let one = address(Page::Usage, &[("range", "7d"), ("zone", "UTC")]);
        assert_eq!(one, address(Page::Usage, &[("zone", "UTC"), ("range", "7d")]));
        assert_eq!(one.clone().of_days(Some(Preset::Days7)), one);
        assert_ne!(one, address(Page::Usage, &[("zone", "UTC")]));
        let scopes = [("org", "o"), ("reseller", "r")];
        assert_ne!(address(Page::Usage, &scopes), address(Page::Usage, &[scopes[1], scopes[0]]));
        assert_ne!(one, address(Page::Calls, &[("range", "7d"), ("zone", "UTC")]));
    }

    /// The names that are dropped here are those that the pages give.
    #[test]
    fn other_days_begin_the_list_anew_and_keep_the_rest() {
        let full = address(Page::Calls, &FULL);
        let now = CallSelection::from_pairs(full.query.pairs());
        let next = full.clone().of_days(Some(Preset::Days7));
        let next = CallSelection::from_pairs(next.query.pairs());
        let expected = now.changed(|next| next.span = Span::Preset(Preset::Days7));
        assert!(now.sort == CallSort::Duration && now.page == 3 && now.call_id.is_some());
        assert_eq!(next, expected);
        assert_eq!(full.of_days(Some(Preset::default())).query.value("range"), None);
    }

    #[test]
    fn comparisons_show_all_days_by_themselves() {
        let now = address(Page::Compare, &[("agent", "x"), ("a", "1"), ("from", "2024-05-01"), ("to", "2024-05-02")]);
        let read = |of: Address| Compared::from_pairs(of.query.pairs());
        assert!(matches!(read(now.clone()).span, Some(Span::Days(_))));
        assert_eq!(read(now.clone().of_days(None)), Compared { span: None, ..read(now.clone()) });
        let month = Some(Span::Preset(Preset::default()));
        assert_eq!(read(now.clone().of_days(Some(Preset::default()))), Compared { span: month, ..read(now) });
    }

    #[test]
    fn another_scope_keeps_days_and_zone_and_no_agent() {
        let scope = Scope::Reseller("r".to_owned());
        let next = address(Page::Calls, &FULL).of_scope(scope.clone());
        let (now, next) = (address(Page::Calls, &FULL), CallSelection::from_pairs(next.query.pairs()));
        let now = CallSelection::from_pairs(now.query.pairs());
        assert_eq!(next, CallSelection { scope, span: now.span, zone: now.zone, ..CallSelection::default() });
        let usage = address(Page::Usage, &[("org", "o"), ("agent", "x"), ("hour", "9"), ("find", "y")]);
        let next = Selection::from_pairs(usage.of_scope(Scope::Everything).query.pairs());
        assert_eq!((next.scope, next.narrowing.agent_id, next.find.as_str()), (Scope::Everything, None, "y"));
        assert_eq!(next.narrowing.hour, Some(9));
    }

    #[test]
    fn another_page_keeps_scope_and_agent() {
        let full = address(Page::Calls, &FULL);
        let compared = full.clone().of_page(Page::Compare);
        assert_eq!(compared, address(Page::Compare, &[("org", "o"), ("agent", "x")]));
        assert_eq!(full.clone().of_page(Page::Account), address(Page::Account, &[("org", "o")]));
        assert_eq!(full.clone().of_page(Page::Calls), full);
    }

    #[test]
    fn other_days_leave_no_draft_and_another_agent_does() {
        let here = address(Page::PostCall, &[("agent", "a"), ("draft", "d")]);
        let of = |pairs: &[(&str, &str)]| address(Page::PostCall, pairs);
        assert!(!of(&[("agent", "a"), ("draft", "d"), ("zone", "UTC"), ("range", "7d")]).leaves(&here));
        assert!(!of(&[("org", ""), ("agent", "b"), ("agent", "a"), ("draft", "d"), ("draft", "")]).leaves(&here));
        assert!(of(&[("agent", "b"), ("draft", "d")]).leaves(&here));
        assert!(of(&[("agent", "a")]).leaves(&here));
        assert!(of(&[("agent", "a"), ("draft", "d"), ("org", "o")]).leaves(&here));
        assert!(address(Page::Usage, &[("agent", "a"), ("draft", "d")]).leaves(&here));
        let written = PostCallSelection { draft_id: Some("d".to_owned()), ..PostCallSelection::default() }.to_pairs();
        assert_eq!(Query::default().with(written).value("draft"), Some("d"));
    }
}
