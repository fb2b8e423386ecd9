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
use callscope_ui::piece::{Derived, Element, State, el, live, nothing, several};
use callscope_ui::states::message;
use callscope_ui::usage::Scope;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::account::Account;
use crate::address::Location;
use crate::header::Freshness;
use crate::instants::time;

fn view() -> AnyView {
    let account = Account::expect();
    let location = Location::expect();
    Freshness::expect().set(None);
    let title = el("h1").child("Account");
    let user = account.session().map(|session| session.user).unwrap_or_default();
    let who = if user.name.is_empty() { user.email.clone() } else { format!("{} · {}", user.name, user.email) };
    let Source::Server(api) = account.source.get_untracked() else {
        return several(vec![title.any(), message("No account", "The samples come without accounts.".to_owned())]);
    };
    let desk = Desk { api: StoredValue::new(api), account, administered: administered(account, location) };
    let of = live(move || match desk.administered.get() {
        Some(organisation) => {
            let acting = Acting::new(account);
            several(vec![
                which(desk, location).any(),
                people::card(desk, acting, organisation.clone()).any(),
                record::card(desk, acting, &organisation).any(),
            ])
        }
        None => nothing(),
    });
    let who = el("p").class("context").attr("dir", "auto").child(who);
    several(vec![title.any(), who.any(), own::card(desk, user.email).any(), of])
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
        let scope = location.get().selection.scope;
        all_administered(account).into_iter().find(|of| scope.holds(of))
    })
}

/// Which organisation, where there is a choice.
fn which(desk: Desk, location: Location) -> Element {
    let all = all_administered(desk.account);
    let chosen = desk.administered.get_untracked().map(|of| of.id);
    if all.len() < 2 {
        return el("div");
    }
    let options: Vec<Element> = all
        .into_iter()
        .map(|of| {
            let is_chosen = chosen.as_ref() == Some(&of.id);
            el("option").attr("value", of.id).switched("selected", move || is_chosen).child(of.name)
        })
        .collect();
    let choose = move |event| {
        let scope = Scope::Organisation(event_target_value(&event));
        location.go(location.get_untracked().of_scope(scope));
    };
    let select = el("select").attr("aria-label", "Organisation").on("change", choose).child(options);
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
    /// A code that somebody has to be told, and what it is for.
    Code(Code, &'static str),
}

/// One thing at a time that is done on a card.
#[derive(Clone, Copy)]
struct Acting {
    account: Account,
    is_busy: State<bool>,
    said: State<Said>,
    /// Counts up with everything that was done, so that what is shown is read anew.
    done: State<u32>,
}

impl Acting {
    fn new(account: Account) -> Self {
        Self { account, is_busy: State::new(false), said: State::new(Said::Nothing), done: State::new(0) }
    }

    fn begin(self, act: impl Future<Output = Result<Said, ClientError>> + 'static) {
        if self.is_busy.get_untracked() {
            return;
        }
        self.is_busy.set(true);
        self.said.set(Said::Nothing);
        spawn_local(async move {
            let said = act.await.unwrap_or_else(|error| {
                if error.problem == Problem::SignedOut {
                    self.account.ended();
                }
                Said::Failed(error.sentence)
            });
            self.is_busy.set(false);
            self.said.set(said);
            self.done.update(|count| *count += 1);
        });
    }

    /// What came of it, told also to those who do not see it.
    fn told(self, zone: String) -> Element {
        let told = live(move || match self.said.get() {
            Said::Nothing => nothing(),
            Said::Done(words) => el("p").class("note done").child(words).any(),
            Said::Failed(words) => el("p").class("problem").child(words).any(),
            Said::Code(code, what) => told_code(&code, what, &zone),
        });
        el("div").class("came").attr("role", "status").child(told)
    }

    /// A button that waits while something is done.
    fn waits(self, button: Element) -> Element {
        button.attr_while("disabled", move || self.is_busy.get())
    }
}

fn told_code(code: &Code, what: &'static str, zone: &str) -> AnyView {
    let until = time(&code.expires_at, zone).unwrap_or_else(|| code.expires_at.clone());
    let how = format!(
        "Give this to {}: it is good once, until {until}, and is shown only now. It is used on the sign-in page, by \"I \
         have a code\", {what}.",
        code.email
    );
    let shown = el("strong").child(code.code.clone());
    several(vec![shown.any(), el("p").class("note").attr("dir", "auto").child(how).any()])
}

/// A name above a field.
fn labelled(label: &'static str, field: Element) -> Element {
    el("label").class("named").child(el("span").child(label)).child(field)
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
    use callscope_ui::piece::nothing;
    use futures_util::FutureExt as _;
    use leptos::prelude::*;
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    #[wasm_split(account, fallible, preload(load_account))]
    fn account() -> Result<AnyView, SplitLoaderError> {
        Ok(super::view())
    }

    /// The page.
    pub(crate) fn account_page() -> AnyView {
        let view = || account().now_or_never().and_then(Result::ok).unwrap_or_else(nothing);
        crate::apart::page_apart("Account", load_account, view)
    }
}
