//! A menu that opens below what names it, and closes when it is left.

use leptos::prelude::document;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlDetailsElement, HtmlElement};

use crate::piece::{Element, IntoChild, Spot, el};

/// A menu, while it stands in the page.
pub type Menu = Spot<HtmlDetailsElement>;

/// Closes a menu.
pub fn close(menu: Menu) {
    if let Some(details) = menu.get_untracked() {
        details.set_open(false);
    }
}

/// Closes a menu. Whoever came by the keyboard goes on from where it was opened.
pub fn give_back(menu: Menu) {
    close(menu);
    let summary = menu.get_untracked().and_then(|details| details.query_selector("summary").ok().flatten());
    if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
        summary.focus().ok();
    }
}

/// The menu: what opens it, and what is in it, which must take the focus (`tabindex="-1"`) where a click on nothing in
/// particular shall leave it open.
pub fn dropdown(class: &'static str, menu: Menu, summary: Element, body: impl IntoChild) -> Element {
    let key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && menu.get_untracked().is_some_and(|details| details.open()) {
            event.stop_propagation();
            give_back(menu);
        }
    };
    // Leaving by Tab or by a click elsewhere closes it.
    let leave = move |event: web_sys::Event| {
        let to = event.unchecked_into::<web_sys::FocusEvent>().related_target();
        let to = to.and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let is_inside = menu.get_untracked().is_some_and(|details| details.contains(to.as_ref()));
        // Whoever turns to another window is still in it.
        let is_elsewhere = to.is_some() || document().has_focus().unwrap_or(true);
        if !is_inside && is_elsewhere {
            close(menu);
        }
    };
    el("details").class(class).node_ref(menu).on_key(key).on("focusout", leave).child(summary).child(body)
}
