//! Signing in, over whatever page is behind.

use callscope_client::Problem;
use callscope_core::session::Credentials;
use callscope_ui::piece::{effect, text, words};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::account::{Account, Standing};

/// The sign-in form. What lies behind stays and goes on where it was.
pub(crate) fn sign_in() -> AnyView {
    let account = Account::expect();
    let email = NodeRef::<html::Input>::new();
    let password = NodeRef::<html::Input>::new();
    let problem = RwSignal::new(String::new());
    let is_busy = RwSignal::new(false);
    let has_ended = matches!(account.standing.get_untracked(), Standing::SignedOut(Some(_)));
    effect(move || {
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
            problem.set("Both fields are needed.".to_owned());
            return;
        }
        is_busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let done = account.sign_in(credentials).await;
            is_busy.try_set(false);
            if let Err(error) = done {
                problem.try_set(error.sentence);
                if error.problem == Problem::SignedOut {
                    password.set_value("");
                    password.focus().ok();
                }
            }
        });
    };
    let (title, why) = if has_ended {
        ("Your session has ended", "Sign in again to go on where you were.")
    } else {
        ("Sign in to Callscope", "See how your voice agents do.")
    };
    let button = move || if is_busy.get() { "Signing in…".to_owned() } else { "Sign in".to_owned() };
    view! {
        <div class="cover">
            <div class="card sign-in" role="dialog" aria-modal="true" aria-labelledby="sign-in-title">
                <form on:submit=submit novalidate>
                    <h1 id="sign-in-title">{title}</h1>
                    <p>{why}</p>
                    <label>
                        "E-mail"
                        <input node_ref=email type="email" name="email" autocomplete="username" required/>
                    </label>
                    <label>
                        "Password"
                        <input node_ref=password type="password" name="password" autocomplete="current-password" required/>
                    </label>
                    <p class="problem" role="alert">{text(move || problem.get())}</p>
                    <button type="submit" class="primary" aria-disabled=words(move || is_busy.get().to_string())>
                        {text(button)}
                    </button>
                </form>
            </div>
        </div>
    }
    .into_any()
}
