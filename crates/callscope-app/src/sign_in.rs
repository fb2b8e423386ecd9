//! Signing in, over whatever page is behind.

use callscope_client::Problem;
use callscope_core::session::Credentials;
use callscope_ui::piece::{Element, Spot, State, effect, el, text};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::account::{Account, Standing};

/// The sign-in form. What lies behind stays and goes on where it was.
pub(crate) fn sign_in() -> AnyView {
    let account = Account::expect();
    let email = Spot::<web_sys::HtmlInputElement>::new();
    let password = Spot::<web_sys::HtmlInputElement>::new();
    let problem = State::new(String::new());
    let is_busy = State::new(false);
    let has_ended = matches!(account.standing.get_untracked(), Standing::SignedOut(Some(_)));
    effect(move || {
        if let Some(email) = email.get() {
            email.focus().ok();
        }
    });
    let submit = move |event: web_sys::Event| {
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
            is_busy.set(false);
            if let Err(error) = done {
                problem.set(error.sentence);
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
    let button = el("button").attr("type", "submit").class("primary").says("aria-disabled", move || is_busy.get());
    let action = move || if is_busy.get() { "Signing in…".to_owned() } else { "Sign in".to_owned() };
    let form = el("form")
        .on("submit", submit)
        .attr("novalidate", "")
        .child(el("h1").attr("id", "sign-in-title").child(title))
        .child(el("p").child(why))
        .child(el("label").child("E-mail").child(field(email, "email", "username")))
        .child(el("label").child("Password").child(field(password, "password", "current-password")))
        .child(el("p").class("problem").attr("role", "alert").child(text(move || problem.get())))
        .child(button.child(text(action)));
    let dialog = el("div")
        .class("card sign-in")
        .attr("role", "dialog")
        .attr("aria-modal", "true")
        .attr("aria-labelledby", "sign-in-title");
    el("div").class("cover").child(dialog.child(form)).any()
}

/// A field that has to be filled in, which the browser may know how to.
fn field(to: Spot<web_sys::HtmlInputElement>, kind: &'static str, completed_as: &'static str) -> Element {
    el("input")
        .node_ref(to)
        .attr("type", kind)
        .attr("name", kind)
        .attr("autocomplete", completed_as)
        .attr("required", "")
}
