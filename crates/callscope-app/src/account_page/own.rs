//! One's own account: who one is, another password, the end of all sessions.

use callscope_core::people::PasswordChange;
use callscope_ui::piece::{Element, button, el};
use leptos::prelude::*;

use super::{Acting, Desk, Said};
use crate::address::Location;
use crate::form::{Input, field, labelled};

pub(super) fn card(desk: Desk, email: String) -> Element {
    let acting = Acting::new(desk.account);
    let location = Location::expect();
    el("section")
        .class("card")
        .child(el("header").class("card-head").child(el("h2").child("Password and sessions")))
        .child(password_form(desk, acting, email))
        .child(acting.message())
        .child(
            acting.waits(button("boxed", move |_| leave_everywhere(desk, acting, location)).child("End all sessions")),
        )
}

fn password_form(desk: Desk, acting: Acting, email: String) -> Element {
    let (current, password) = (Input::new(), Input::new());
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        let (Some(current), Some(password)) = (current.get_untracked(), password.get_untracked()) else { return };
        let change = PasswordChange { current: current.value(), password: password.value() };
        if change.current.is_empty() || change.password.is_empty() {
            acting.said.set(Said::Failed("Both passwords are needed.".to_owned()));
            return;
        }
        let api = desk.api.get_value();
        acting.begin(async move {
            api.change_password(&change).await?;
            current.set_value("");
            password.set_value("");
            Ok(Said::Done("The password is changed. Your other sessions have ended.".to_owned()))
        });
    };
    // For whoever keeps the password.
    let whose = el("input").attr("type", "text").attr("name", "username").attr("autocomplete", "username");
    let whose = whose.attr("hidden", "").attr("readonly", "").attr("value", email);
    el("form")
        .class("filling")
        .on("submit", submit)
        .attr("novalidate", "")
        .child(whose)
        .child(labelled("Present password", field(current, "current", "password", "current-password")))
        .child(labelled("New password, at least 10 characters", field(password, "new", "password", "new-password")))
        .child(acting.waits(el("button").attr("type", "submit").class("boxed").child("Change the password")))
}

fn leave_everywhere(desk: Desk, acting: Acting, location: Location) {
    let question = "End all your sessions, on every device? You will have to sign in again here as well.";
    if !location.may_leave() || !window().confirm_with_message(question).unwrap_or(false) {
        return;
    }
    let api = desk.api.get_value();
    acting.begin(async move {
        api.sign_out_everywhere().await?;
        desk.account.left();
        Ok(Said::Nothing)
    });
}
