//! The app: what stands on the page for each standing of the account.

use callscope_client::Source;
use callscope_ui::piece::{click, effect, flag, live, text, when};
use callscope_ui::states::{failed, skeleton};
use callscope_ui::theme::provide_repaint;
use callscope_ui::usage::Selection;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::account::{Account, Standing};
use crate::address::{Address, Location};
use crate::header::{Freshness, header};
use crate::keys::{key_help, listen};
use crate::settings;
use crate::sign_in::sign_in;
use crate::usage_page::usage_page;

/// The whole app: header, page, and what may lie over them.
pub(crate) fn app() -> AnyView {
    provide_repaint();
    settings::set_appearance(settings::appearance());
    let account = Account::provide();
    let location = Location::provide();
    Freshness::provide();
    let samples = Samples { account, location, problem: RwSignal::new(String::new()) };
    samples.follow_address();
    let help = RwSignal::new(false);
    listen(help);
    let is_signed_out = move || matches!(account.standing(), Standing::SignedOut(_));
    let person = Memo::new(move |_| account.session().map(|session| session.user.email));
    forget_the_page_of_another(person, location);
    let is_known = Memo::new(move |_| location.get().is_known);
    // Built anew for another person: nothing of what one saw may stay on the page of the next.
    let page = live(move || match (person.get().is_some(), is_known.get()) {
        (true, true) => usage_page(),
        (true, false) => not_found(),
        (false, _) => outside(samples),
    });
    view! {
        <div class="shell" inert=flag(is_signed_out)>
            <a class="skip" href="#page">"Skip to the page"</a>
            {header()}
            {page}
        </div>
        {when(is_signed_out, sign_in)}
        {key_help(help)}
    }
    .into_any()
}

/// Where somebody else signs in over a page, what that page showed is not theirs to ask for.
fn forget_the_page_of_another(person: Memo<Option<String>>, location: Location) {
    let last = StoredValue::new(None::<String>);
    effect(move || {
        let Some(now) = person.get() else { return };
        if last.get_value().is_some_and(|before| before != now) {
            location.go(Address { selection: Selection::default(), ..location.get_untracked() });
        }
        last.set_value(Some(now));
    });
}

/// Without a session: still checking, no server, or nothing behind the sign-in.
fn outside(samples: Samples) -> AnyView {
    live(move || match samples.account.standing() {
        Standing::Checking => view! { <main class="page">{skeleton()}</main> }.into_any(),
        Standing::NoServer(error) => {
            let retry = Callback::new(move |()| samples.account.check());
            view! {
                <main class="page" id="page" tabindex="-1">
                    <h1 class="for-ears">"No server"</h1>
                    {failed(&error, retry)}
                    {samples.offer()}
                </main>
            }
            .into_any()
        }
        _ => ().into_any(),
    })
}

fn not_found() -> AnyView {
    view! {
        <main class="page" id="page" tabindex="-1">
            <div class="card state">
                <h1>"There is no such page"</h1>
                <p><a href="/">"To the usage report"</a></p>
            </div>
        </main>
    }
    .into_any()
}

/// The samples that stand in for a server.
#[derive(Clone, Copy)]
struct Samples {
    account: Account,
    location: Location,
    /// Why they could not be opened.
    problem: RwSignal<String>,
}

impl Samples {
    /// An address that names the samples opens them; leaving it, also by "back", leaves them. Any
    /// other address has the server asked who is signed in.
    fn follow_address(self) {
        let is_sample = Memo::new(move |_| self.location.get().is_sample);
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
                self.problem.try_set(error.sentence);
                // Without samples either there is still a page that says what is wrong.
                self.account.check();
            }
        });
    }

    /// Offers the samples where no server answers.
    fn offer(self) -> AnyView {
        let open = move |_| self.location.go(Address { is_sample: true, ..self.location.get_untracked() });
        let what = "The app carries sample calls of three made-up organisations. \
                    Everything works on them as it does on your own.";
        view! {
            <div class="card state">
                <h2>"Look around without a server"</h2>
                <p>{what}</p>
                <button type="button" class="primary" on:click=click(open)>"Explore the samples"</button>
                <p class="problem" role="alert">{text(move || self.problem.get())}</p>
            </div>
        }
        .into_any()
    }
}
