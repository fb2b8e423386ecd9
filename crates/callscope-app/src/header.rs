//! The header: name, pages, freshness, whose calls, appearance, account.

use callscope_core::format;
use callscope_core::session::Session;
use callscope_ui::Fresh;
use callscope_ui::dropdown::{self, dropdown};
use callscope_ui::piece::{Element, IntoChild as _, State, button, el, live, nothing, several, text, when};
use callscope_ui::theme::{Appearance, Repaint};
use callscope_ui::usage::Scope;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::account::Account;
use crate::address::{Address, Location, Page};
use crate::brought::Brought;
use crate::settings;

/// How fresh the calls of the page are, as the page tells it.
#[derive(Clone, Copy)]
pub(crate) struct Freshness(State<Option<Fresh>>);

impl Freshness {
    pub(crate) fn provide() {
        provide_context(Self(State::new(None)));
    }

    pub(crate) fn expect() -> Self {
        expect_context()
    }

    pub(crate) fn set(self, fresh: Option<Fresh>) {
        self.0.set(fresh);
    }

    /// The time of the last call in the zone of the page, with its day where that is not today.
    fn words(self, now_ms: i64) -> Option<String> {
        let fresh = self.0.get()?;
        let at_ms = js_sys::Date::parse(&fresh.calls_through);
        if !at_ms.is_finite() {
            return None;
        }
        let at_ms = at_ms as i64;
        let zone = callscope_ui::zone(&fresh.time_zone, at_ms.min(now_ms), now_ms)?;
        let local = zone.local(at_ms);
        let time = format!("{:02}:{:02}", local.hour, local.minute);
        let is_today = local.date == zone.local(now_ms).date;
        Some(if is_today { time } else { format!("{}, {time}", format::short_date(local.date)) })
    }
}

/// The header on every page.
pub(crate) fn header() -> AnyView {
    let account = Account::expect();
    let location = Location::expect();
    let is_sample = move || account.source.with(callscope_client::Source::is_sample);
    let leave = move |_| location.go(Address { is_sample: false, ..location.get_untracked() });
    let sample = move || button("boxed sample", leave).attr("title", "Back to the server").child("Sample data ×").any();
    let calls = move || several(vec![fresh(account, location), scope_choice(account, location).any()]);
    let pages = el("nav")
        .attr("aria-label", "Pages")
        .child(page_link(location, Page::Usage, "Usage"))
        .child(page_link(location, Page::Compare, "Compare"))
        .child(page_link(location, Page::Calls, "Calls"))
        .child(page_link(location, Page::PostCall, "Post-call"));
    let end = el("div")
        .class("top-end")
        .child(when(is_sample, sample))
        .child(when(move || account.has_session(), calls))
        .child(appearance_button())
        .child(when(move || account.has_session() && !is_sample(), move || account_menu(account).any()));
    el("header").class("top").child(brand(location)).child(pages).child(end).any()
}

/// A link to a page. The app goes there by itself, unless another tab or window is asked for.
pub(crate) fn page_link(location: Location, page: Page, name: &'static str) -> Element {
    let there = move || location.get().of_page(page);
    let go = move |event: web_sys::MouseEvent| {
        if !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
            event.prevent_default();
            location.go(location.get_untracked().of_page(page));
        }
    };
    let current = move || if location.get().page == page { "page" } else { "false" }.to_owned();
    el("a").live_attr("href", move || there().written()).live_attr("aria-current", current).on_click(go).child(name)
}

/// The app's sign and name.
fn brand(location: Location) -> Element {
    let sign = el("svg")
        .attr("viewBox", "0 0 24 24")
        .attr("width", "20")
        .attr("height", "20")
        .attr("aria-hidden", "true")
        .child(el("circle").attr("cx", "12").attr("cy", "12").attr("r", "10"))
        .child(el("path").attr("d", "M4 12h4l2-6 4 12 2-6h4"));
    let home = page_link(location, Page::Usage, "Callscope");
    home.class("brand").attr("aria-label", "Callscope, usage").child(sign)
}

/// How fresh the calls are.
fn fresh(account: Account, location: Location) -> AnyView {
    let (freshness, brought) = (Freshness::expect(), Brought::expect());
    live(move || {
        let syncing = if brought.is_running(&location.get().scope()) { ", syncing" } else { "" };
        match freshness.words(account.now().0) {
            Some(words) => {
                let words = el("strong").child(words);
                el("span").class("fresh").child("Calls up to ").child(words).child(syncing).any()
            }
            None if !syncing.is_empty() => el("span").class("fresh").child("Syncing").any(),
            None => nothing(),
        }
    })
}

/// Whose calls: everything, a reseller, an organisation.
fn scope_choice(account: Account, location: Location) -> Element {
    let choose = move |event| {
        let address = location.get_untracked();
        location.go(address.of_scope(scope(&event_target_value(&event))));
    };
    let option = move |scope: Scope, name: String| {
        let value = key(&scope);
        // Not from what remembers: where leaving was refused the list is told again what is so.
        let is_chosen = move || location.get().scope() == scope;
        el("option").attr("value", value).switched("selected", is_chosen).child(name)
    };
    // An address may name what this person may not see: the choice must not look like another one.
    let unknown = live(move || {
        let session = account.session().unwrap_or_default();
        let organisations = session.organisations.iter().map(|of| &of.id);
        let mut known = organisations.chain(session.resellers.iter().map(|of| &of.id));
        match location.get().scope() {
            Scope::Everything => nothing(),
            Scope::Organisation(id) | Scope::Reseller(id) if known.any(|known| *known == id) => nothing(),
            scope => option(scope, "Not yours".to_owned()).any(),
        }
    });
    let options = live(move || {
        let Session { organisations, resellers, .. } = account.session().unwrap_or_default();
        let everything = (organisations.len() != 1).then(|| option(Scope::Everything, "Everything".to_owned()));
        let resellers: Vec<_> =
            resellers.into_iter().map(|reseller| option(Scope::Reseller(reseller.id), reseller.name)).collect();
        let organisations: Vec<_> =
            organisations.into_iter().map(|of| option(Scope::Organisation(of.id), of.name)).collect();
        let group = |name: &'static str, of: Vec<Element>| el("optgroup").attr("label", name).child(of);
        let resellers = (!resellers.is_empty()).then(|| group("Resellers", resellers));
        let organisations = group("Organisations", organisations);
        several(vec![everything.into_child(), resellers.into_child(), organisations.any()])
    });
    el("select")
        .class("boxed scope")
        .attr("aria-label", "Whose calls")
        .on("change", choose)
        .child(unknown)
        .child(options)
}

fn key(scope: &Scope) -> String {
    match scope {
        Scope::Everything => String::new(),
        Scope::Organisation(id) => format!("o{id}"),
        Scope::Reseller(id) => format!("r{id}"),
    }
}

fn scope(key: &str) -> Scope {
    match key.split_at_checked(1) {
        Some(("o", id)) => Scope::Organisation(id.to_owned()),
        Some(("r", id)) => Scope::Reseller(id.to_owned()),
        _ => Scope::Everything,
    }
}

/// Turns through light, dark, and the system's.
fn appearance_button() -> Element {
    let appearance = State::new(settings::appearance());
    let repaint = use_context::<Repaint>();
    let turn = move |_| {
        appearance.update(|appearance| *appearance = appearance.next());
        settings::set_appearance(appearance.get_untracked());
        if let Some(repaint) = repaint {
            repaint.now();
        }
    };
    let said = move || match appearance.get() {
        Appearance::System => ("Appearance: as the system", "◐"),
        Appearance::Light => ("Appearance: light", "☼"),
        Appearance::Dark => ("Appearance: dark", "☾"),
    };
    let label = move || said().0.to_owned();
    button("boxed sign", turn)
        .attr("id", "appearance")
        .live_attr("aria-label", label)
        .live_attr("title", label)
        .child(text(move || said().1.to_owned()))
}

/// Who is signed in, and signing out.
fn account_menu(account: Account) -> Element {
    let problem = State::new(String::new());
    let user = account.session().map(|session| session.user).unwrap_or_default();
    let initials = initials(&user.name);
    let label = format!("{initials}, account");
    let location = Location::expect();
    let sign_out = move |_| {
        if !location.may_leave() {
            return;
        }
        spawn_local(async move {
            if let Err(error) = account.sign_out().await {
                problem.set(error.sentence);
            }
        });
    };
    let summary = el("summary").attr("aria-label", label).attr("title", user.name.clone()).child(initials);
    let person = el("p").child(el("strong").child(user.name)).child(el("br")).child(user.email);
    let menu = dropdown::Menu::new();
    // Going elsewhere closes it.
    let go = page_link(location, Page::Account, "Account and people").on("click", move |_| dropdown::close(menu));
    let body = el("div")
        .class("menu-body")
        .attr("tabindex", "-1")
        .child(person)
        .child(go)
        .child(button("", sign_out).child("Sign out"))
        .child(el("p").class("problem").attr("role", "alert").child(text(move || problem.get())));
    dropdown("menu account", menu, summary, body)
}

fn initials(name: &str) -> String {
    let letters: String = name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect();
    if letters.is_empty() { "?".to_owned() } else { letters }
}
