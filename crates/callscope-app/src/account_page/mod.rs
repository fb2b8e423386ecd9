//! One's own account; and for those who administer an organisation its people, and what was done in it.
//!
//! Its code is loaded when the page is first opened, where the build cut it out.

mod own;
mod people;
mod record;

use std::sync::Arc;

use callscope_client::{Api, ClientError, Problem, Source};
use callscope_core::people::Code;
use callscope_core::session::{Role, SessionOrganisation};
use callscope_ui::chart::copy_text;
use callscope_ui::piece::{Callback, Derived, Element, State, button, el, live, nothing, several, when};
use callscope_ui::stacked::{self, cell, column, stacked};
use callscope_ui::states::{message, told};
use callscope_ui::usage::Scope;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;

use crate::account::Account;
use crate::address::Location;
use crate::header::Freshness;
use crate::instants::time;

fn view() -> AnyView {
    let account = Account::expect();
    let location = Location::expect();
    Freshness::expect().set(None);
    let title = el("h1").child("Account");
    let Source::Server(api) = account.source.get_untracked() else {
        let why = "The samples come without accounts: with a server behind it, this page has them.";
        return several(vec![title.any(), el("p").class("context").child(why).any()]);
    };
    // Untracked: the page stays as it is while somebody signs in again.
    let user = untrack(|| account.session()).map(|session| session.user).unwrap_or_default();
    let who = if user.name.is_empty() { user.email.clone() } else { format!("{} · {}", user.name, user.email) };
    let desk = Desk { api: StoredValue::new(api), account, administered: administered(account, location) };
    let acting = Acting::new(account);
    acting.guard(location);
    let is_any = Derived::new(move || !all_administered(account).is_empty());
    let of = live(move || match (desk.administered.get(), is_any.get()) {
        (Some(organisation), _) => {
            acting.said.set(Said::Nothing);
            several(vec![
                which(desk, location).any(),
                people::card(desk, acting, organisation.clone()).any(),
                record::card(desk, acting, &organisation).any(),
            ])
        }
        (None, true) => {
            let why = "Choose one that you administer to see its people and what was done in it.";
            several(vec![
                which(desk, location).any(),
                message("You do not administer this organisation", why.to_owned()),
            ])
        }
        (None, false) => nothing(),
    });
    let who = el("p").class("context").attr("dir", "auto").child(who);
    // It stays whatever else is shown, until it is put away.
    let code = when(move || acting.code.with(Option::is_some), move || acting.shown_code().any());
    several(vec![title.any(), who.any(), own::card(desk, user.email).any(), code, of])
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    api: StoredValue<Arc<Api>>,
    account: Account,
    /// The organisation whose people are shown; none where the person administers none.
    administered: Derived<Option<SessionOrganisation>>,
}

/// The organisations that the person administers, by name.
fn all_administered(account: Account) -> Vec<SessionOrganisation> {
    let mut all = account.session().unwrap_or_default().organisations;
    all.retain(|of| of.role == Some(Role::Admin));
    all
}

/// The one of them that the address names, or the first within what it names.
fn administered(account: Account, location: Location) -> Derived<Option<SessionOrganisation>> {
    Derived::new(move || {
        let scope = location.get().scope();
        all_administered(account).into_iter().find(|of| scope.holds(of))
    })
}

/// Which organisation, where there is a choice.
fn which(desk: Desk, location: Location) -> Element {
    let all = untrack(|| all_administered(desk.account));
    let chosen = desk.administered.get_untracked().map(|of| of.id);
    if all.len() < 2 && chosen.is_some() {
        return el("div");
    }
    let none = chosen.is_none().then(|| el("option").attr("value", "").switched("selected", || true).child("–"));
    let options: Vec<Element> = all
        .into_iter()
        .map(|of| {
            let is_chosen = chosen.as_ref() == Some(&of.id);
            el("option").attr("value", of.id).switched("selected", move || is_chosen).child(of.name)
        })
        .collect();
    let choose = move |event| {
        let id = event_target_value(&event);
        if !id.is_empty() {
            location.go(location.get_untracked().of_scope(Scope::Organisation(id)));
        }
    };
    let select = el("select").attr("aria-label", "Organisation").on("change", choose).child(none).child(options);
    let choice = el("label").class("choice").child(el("span").child("Organisation")).child(select);
    el("div").class("toolbar").child(choice)
}

/// What came of something that was done.
#[derive(Clone, Debug, Default, PartialEq)]
enum Said {
    #[default]
    Nothing,
    Done(String),
    Failed(String),
}

/// A code that somebody has to be told, as it is shown.
#[derive(Clone, Debug, PartialEq)]
struct ToldCode {
    code: Code,
    /// What it is good for, and where.
    what: String,
    /// The zone whose clock says until when.
    zone: String,
}

/// One thing at a time that is done on a card.
#[derive(Clone, Copy)]
struct Acting {
    account: Account,
    is_busy: State<bool>,
    said: State<Said>,
    /// The code that was made last: it stays until it is put away.
    code: State<Option<ToldCode>>,
    /// Counts up with everything that was tried, so that what is shown is read anew.
    attempts: State<u32>,
}

impl Acting {
    fn new(account: Account) -> Self {
        let (is_busy, said) = (State::new(false), State::new(Said::Nothing));
        Self { account, is_busy, said, code: State::new(None), attempts: State::new(0) }
    }

    /// Leaving asks while a code is shown: it cannot be shown again.
    fn guard(self, location: Location) {
        let would_lose = move |()| untrack(|| self.code.with(Option::is_some));
        location.set_guard(Some(Callback::new(would_lose)));
        on_cleanup(move || location.set_guard(None));
    }

    fn begin(self, act: impl Future<Output = Result<Said, ClientError>> + 'static) {
        if self.is_busy.get_untracked() {
            return;
        }
        self.is_busy.set(true);
        self.said.set(Said::Nothing);
        spawn_local(async move {
            let said = act.await.unwrap_or_else(|error| self.failed(&error));
            self.is_busy.set(false);
            self.said.set(said);
            self.attempts.update(|count| *count += 1);
        });
    }

    fn failed(self, error: &ClientError) -> Said {
        if error.problem == Problem::SignedOut {
            self.account.ended();
            return Said::Failed("Not done: the session had ended. Sign in and do it again.".to_owned());
        }
        self.heed(error);
        Said::Failed(told(&error.sentence))
    }

    /// What a refusal says of the account itself: the session has ended, or it may not what it might before.
    fn heed(self, error: &ClientError) {
        match error.problem {
            Problem::SignedOut => self.account.ended(),
            Problem::Forbidden => self.account.renew(),
            _ => {}
        }
    }

    /// What came of it, told also to those who do not see it.
    fn message(self) -> Element {
        let told = live(move || match self.said.get() {
            Said::Nothing if self.is_busy.get() => el("p").class("note").child("One moment…").any(),
            Said::Nothing => nothing(),
            Said::Done(words) => el("p").class("note done").attr("dir", "auto").child(words).any(),
            Said::Failed(words) => el("p").class("problem").attr("dir", "auto").child(words).any(),
        });
        el("div").class("came").attr("role", "status").child(told)
    }

    /// The code that somebody has to be told.
    fn shown_code(self) -> Element {
        let close = move |_| {
            self.code.set(None);
            focus("people");
        };
        let shown = live(move || match self.code.get() {
            Some(told) => several(vec![
                told_code(&told),
                copy_button(told.code.code).any(),
                button("quiet", close).child("Put it away").any(),
            ]),
            None => nothing(),
        });
        let told = el("div").class("came").attr("role", "status").child(shown);
        el("section").class("card").child(el("h2").child("A code to hand over")).child(told)
    }

    /// A button that waits while something is done. It keeps the focus.
    fn waits(self, button: Element) -> Element {
        button.says("aria-disabled", move || self.is_busy.get())
    }
}

fn told_code(told: &ToldCode) -> AnyView {
    let ToldCode { code, what, zone } = told;
    let until = time(&code.expires_at, zone).unwrap_or_else(|| code.expires_at.clone());
    let how = format!(
        "Give this to {}: {what}. It is used on the sign-in page, by \"I have a code\", is good once, until {until} ({zone}), \
         and cannot be shown again.",
        code.email
    );
    let shown = el("strong").child(code.code.clone());
    several(vec![shown.any(), el("p").class("note").attr("dir", "auto").child(how).any()])
}

/// Gives the focus to an element that is known by its id, where it is there.
fn focus(id: &str) {
    if let Some(found) = document().get_element_by_id(id) {
        found.unchecked_into::<web_sys::HtmlElement>().focus().ok();
    }
}

fn copy_button(text: String) -> Element {
    button("boxed", move |_| copy_text(text.clone(), "text/plain", "callscope-code.txt".to_owned())).child("Copy")
}

/// A table whose rows are stacked in narrow windows.
fn table(class: &'static str, caption: String, columns: &[&'static str], rows: Vec<Element>) -> Element {
    let head = |name: &&'static str| {
        // What can be done is seen by itself.
        let words = el("span").child(*name);
        column().child(if *name == "To do" { words.class("for-ears") } else { words })
    };
    let caption = el("caption").class("for-ears").child(caption);
    el("div").class("agents-frame").child(stacked(class, Some(caption), columns.iter().map(head).collect(), rows))
}

fn row(cells: Vec<Element>) -> Element {
    stacked::row().child(cells)
}

fn row_head() -> Element {
    stacked::row_head().attr("dir", "auto")
}

/// The page.
#[cfg(not(feature = "split"))]
pub(crate) fn account_page() -> AnyView {
    crate::app::page().child(view()).any()
}

#[cfg(feature = "split")]
pub(crate) use split::account_page;

#[cfg(feature = "split")]
#[expect(clippy::unnecessary_wraps, reason = "loading may fail, and the macro wants the same result on both sides")]
mod split {
    use callscope_ui::apart::{apart, there};
    use callscope_ui::piece::{Callback, nothing};
    use leptos::prelude::*;
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    #[wasm_split(account, fallible, preload(load_account))]
    fn account() -> Result<AnyView, SplitLoaderError> {
        Ok(super::view())
    }

    /// The page.
    pub(crate) fn account_page() -> AnyView {
        let view = || there(account()).unwrap_or_else(nothing);
        crate::app::page().child(apart("Account", Callback::new(|_| ()), load_account, view)).any()
    }
}
