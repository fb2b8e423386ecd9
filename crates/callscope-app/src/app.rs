//! The app: what stands on the page for each standing of the account.

use callscope_client::Source;
use callscope_ui::piece::{Callback, Derived, Element, State, button, effect, el, live, nothing, several, text, when};
use callscope_ui::states::{Way, failed, skeleton};
use callscope_ui::theme::{Appearance, provide_repaint};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::account::{Account, Standing};
use crate::account_page::account_page;
use crate::address::{Address, Location, Page};
use crate::brought::{Brought, brought_notice};
use crate::calls_page::calls_page;
use crate::compare_page::compare_page;
use crate::header::{Freshness, header, page_link};
use crate::keys::{key_help, listen};
use crate::postcall_page::postcall_page;
use crate::settings;
use crate::sign_in::sign_in;
use crate::usage_page::usage_page;

/// The whole app: header, page, and what may lie over them.
pub(crate) fn app() -> AnyView {
    let repaint = provide_repaint();
    settings::set_appearance(settings::appearance());
    // On paper everything is dark on light.
    for (name, is_paper) in [("beforeprint", true), ("afterprint", false)] {
        let handle = window_event_listener_untyped(name, move |_| {
            settings::show_appearance(if is_paper { Appearance::Light } else { settings::appearance() });
            repaint.now();
        });
        on_cleanup(move || handle.remove());
    }
    let account = Account::provide();
    let location = Location::provide();
    Freshness::provide();
    Brought::provide(account);
    let samples = Samples { account, location, problem: State::new(String::new()) };
    samples.follow_address();
    let help = State::new(false);
    listen(help);
    let is_signed_out = move || matches!(account.standing(), Standing::SignedOut(_));
    let person = Derived::new(move || account.session().map(|session| session.user.email));
    forget_the_page_of_another(person, location);
    let shown = Derived::new(move || location.get().page);
    effect(move || {
        document().set_title(match shown.get() {
            Page::Usage => "Usage · Callscope",
            Page::Compare => "Compare · Callscope",
            Page::Calls => "Calls · Callscope",
            Page::PostCall => "Post-call metrics · Callscope",
            Page::Account => "Account · Callscope",
            Page::Unknown => "Callscope",
        });
    });
    // Built anew for another person: nothing of what one saw may stay on the page of the next.
    let page = live(move || match (person.get().is_some(), shown.get()) {
        (true, Page::Usage) => usage_page(),
        (true, Page::Compare) => compare_page(),
        (true, Page::Calls) => calls_page(),
        (true, Page::PostCall) => postcall_page(),
        (true, Page::Account) => account_page(),
        (true, Page::Unknown) => not_found(location),
        (false, _) => outside(samples),
    });
    let skip = el("a").class("skip").attr("href", "#page").child("Skip to the page");
    let shell = el("div").class("shell").switched("inert", is_signed_out);
    let notice = when(move || account.has_session(), move || brought_notice(location));
    let shell = shell.child(skip).child(header()).child(notice).child(page);
    several(vec![shell.any(), when(is_signed_out, sign_in), key_help(help)])
}

/// The main part of a page, where "skip" leads.
pub(crate) fn page() -> Element {
    el("main").class("page").attr("id", "page").attr("tabindex", "-1")
}

/// Where somebody else signs in over a page, what that page showed is not theirs to ask for.
fn forget_the_page_of_another(person: Derived<Option<String>>, location: Location) {
    let last = StoredValue::new(None::<String>);
    effect(move || {
        let Some(now) = person.get() else { return };
        if last.get_value().is_some_and(|before| before != now) {
            let Address { page, is_sample, .. } = location.get_untracked();
            location.turn_into(Address { page, is_sample, ..Address::default() });
        }
        last.set_value(Some(now));
    });
}

/// Without a session: still checking, no server, or nothing behind the sign-in.
fn outside(samples: Samples) -> AnyView {
    live(move || match samples.account.standing() {
        Standing::Checking => el("main").class("page").child(skeleton()).any(),
        Standing::NoServer(error) => {
            let retry = Callback::new(move |()| samples.account.check());
            let title = el("h1").class("for-ears").child("No server");
            page().child(title).child(failed(&error, &[Way::again(retry)])).child(samples.offer()).any()
        }
        _ => nothing(),
    })
}

fn not_found(location: Location) -> AnyView {
    let way = page_link(location, Page::Usage, "To the usage report");
    let title = el("h1").child("There is no such page");
    page().child(el("div").class("card state").child(title).child(el("p").child(way))).any()
}

/// The samples that stand in for a server.
#[derive(Clone, Copy)]
struct Samples {
    account: Account,
    location: Location,
    /// Why they could not be opened.
    problem: State<String>,
}

impl Samples {
    /// An address that names the samples opens them; leaving it, also by "back", leaves them. Any
    /// other address has the server asked who is signed in.
    fn follow_address(self) {
        let is_sample = Derived::new(move || self.location.get().is_sample);
        effect(move || {
            let shows_sample = self.account.source.with_untracked(Source::is_sample);
            match (is_sample.get(), shows_sample) {
                (true, false) => self.open(),
                (false, true) => self.account.leave_samples(),
                (false, false) => self.account.check(),
                (true, true) => {}
            }
        });
    }

    fn open(self) {
        spawn_local(async move {
            if let Err(error) = self.account.open_samples().await {
                self.problem.set(error.sentence);
                // Without samples either there is still a page that says what is wrong.
                self.account.check();
            }
        });
    }

    /// Offers the samples where no server answers.
    fn offer(self) -> Element {
        let open = move |_| self.location.go(Address { is_sample: true, ..self.location.get_untracked() });
        let what = "The app carries sample calls of three made-up organisations: their usage reports work as your own \
                    do. Comparisons, lists of calls and post-call metrics need a server.";
        el("div")
            .class("card state")
            .child(el("h2").child("Look around without a server"))
            .child(el("p").child(what))
            .child(button("primary", open).child("Explore the samples"))
            .child(el("p").class("problem").attr("role", "alert").child(text(move || self.problem.get())))
    }
}
