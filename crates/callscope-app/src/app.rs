//! The app: what stands on the page for each standing of the account.

use callscope_client::ClientError;
use callscope_ui::states::{Failed, Skeleton};
use callscope_ui::theme::provide_repaint;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use crate::account::{Account, Standing};
use crate::address::{Address, use_address, use_go};
use crate::header::{Freshness, Header};
use crate::keys::{KeyHelp, use_keys};
use crate::settings;
use crate::sign_in::SignIn;
use crate::usage_page::UsagePage;

/// The whole app.
#[component]
pub(crate) fn App() -> impl IntoView {
    provide_repaint();
    settings::set_appearance(settings::appearance());
    Account::provide();
    Freshness::provide();
    view! {
        <Router>
            <Shell/>
        </Router>
    }
}

/// Header, page, and what may lie over them.
#[component]
fn Shell() -> impl IntoView {
    let account = Account::expect();
    let address = use_address();
    let go = use_go();
    let sample_problem = RwSignal::new(None::<ClientError>);
    let open_samples = Callback::new(move |()| {
        spawn_local(async move {
            match account.open_samples().await {
                Ok(()) => {
                    sample_problem.try_set(None);
                    let now = address.get_untracked();
                    if !now.is_sample {
                        go.run(Address { is_sample: true, ..now });
                    }
                }
                Err(error) => {
                    sample_problem.try_set(Some(error));
                }
            }
        });
    });
    // An address that names the samples opens them; leaving it, also by "back", leaves them.
    Effect::new(move |before: Option<bool>| {
        let is_sample = address.with(|address| address.is_sample);
        let shows_sample = account.source().with_untracked(callscope_client::Source::is_sample);
        match (is_sample, before) {
            (true, _) if !shows_sample => open_samples.run(()),
            (false, _) if shows_sample => account.leave_samples(),
            (false, None) => account.check(),
            _ => {}
        }
        is_sample
    });
    let help = RwSignal::new(false);
    use_keys(help);
    let has_session = Memo::new(move |_| account.session().is_some());
    let is_signed_out = Memo::new(move |_| matches!(account.standing(), Standing::SignedOut(_)));
    let is_covered = move || is_signed_out.get();
    let other = move || match account.standing() {
        Standing::Checking => view! { <main class="page"><Skeleton/></main> }.into_any(),
        Standing::NoServer(error) => {
            view! { <NoServer error=error sample_problem=sample_problem open_samples=open_samples/> }.into_any()
        }
        _ => ().into_any(),
    };
    view! {
        <div class="shell" inert=is_covered>
            <a class="skip" href="#page">"Skip to the page"</a>
            <Header/>
            <Show when=move || has_session.get() fallback=other>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=UsagePage/>
                </Routes>
            </Show>
        </div>
        <Show when=move || is_signed_out.get()><SignIn/></Show>
        <KeyHelp open=help/>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <main class="page" id="page" tabindex="-1">
            <div class="card state"><h1>"There is no such page"</h1><p><a href="/">"To the usage report"</a></p></div>
        </main>
    }
}

/// No server answers: try again, or look at the samples.
#[component]
fn NoServer(
    error: ClientError,
    sample_problem: RwSignal<Option<ClientError>>,
    open_samples: Callback<()>,
) -> impl IntoView {
    let account = Account::expect();
    let retry = Callback::new(move |()| account.check());
    view! {
        <main class="page" id="page" tabindex="-1">
            <h1 class="for-ears">"No server"</h1>
            <Failed error=Signal::stored(error) retry=retry/>
            <div class="card state">
                <h2>"Look around without a server"</h2>
                <p>"The app carries sample calls of three made-up organisations. Everything works on them as it does on your own."</p>
                <button type="button" class="primary" on:click=move |_| open_samples.run(())>"Explore the samples"</button>
                {move || sample_problem.get().map(|error| view! { <p class="problem" role="alert">{error.sentence}</p> })}
            </div>
        </main>
    }
}
