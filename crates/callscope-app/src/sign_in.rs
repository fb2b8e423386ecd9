//! Signing in, over whatever page is behind.

use callscope_client::Problem;
use callscope_core::session::Credentials;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::account::{Account, Standing};

/// The sign-in form. What lies behind stays and goes on where it was.
#[component]
pub(crate) fn SignIn() -> impl IntoView {
    let account = Account::expect();
    let email = NodeRef::<html::Input>::new();
    let password = NodeRef::<html::Input>::new();
    let problem = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let has_ended = Memo::new(move |_| matches!(account.standing(), Standing::SignedOut(Some(_))));
    Effect::new(move |_| {
        if let Some(email) = email.get() {
            email.focus().ok();
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(email), Some(password)) = (email.get_untracked(), password.get_untracked()) else { return };
        if is_busy.get_untracked() {
            return;
        }
        let credentials = Credentials { email: email.value(), password: password.value() };
        if credentials.email.trim().is_empty() || credentials.password.is_empty() {
            problem.set(Some("Both fields are needed.".to_owned()));
            return;
        }
        is_busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let done = account.sign_in(credentials).await;
            is_busy.try_set(false);
            if let Err(error) = done {
                problem.try_set(Some(error.sentence));
                if error.problem == Problem::SignedOut {
                    password.set_value("");
                    password.focus().ok();
                }
            }
        });
    };
    view! {
        <div class="cover">
            <form class="card sign-in" role="dialog" aria-modal="true" aria-labelledby="sign-in-title" on:submit=submit novalidate>
                <h1 id="sign-in-title">{move || if has_ended.get() { "Your session has ended" } else { "Sign in to Callscope" }}</h1>
                <p>{move || if has_ended.get() { "Sign in again to go on where you were." } else { "See how your voice agents do." }}</p>
                <label>"E-mail"<input node_ref=email type="email" name="email" autocomplete="username" required/></label>
                <label>"Password"<input node_ref=password type="password" name="password" autocomplete="current-password" required/></label>
                <p class="problem" role="alert">{move || problem.get()}</p>
                <button type="submit" class="primary" aria-disabled=move || is_busy.get().to_string()>
                    {move || if is_busy.get() { "Signing in…" } else { "Sign in" }}
                </button>
            </form>
        </div>
    }
}
