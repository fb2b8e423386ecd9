//! Keys of the whole page, and the list of them.

use callscope_core::period::Preset;
use callscope_core::usage::Narrowing;
use callscope_ui::piece::{Element, Spot, State, button, effect, el};
use callscope_ui::usage::Span;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use crate::account::{Account, Standing};
use crate::address::{Location, Page};

const KEYS: [(&str, &str); 12] = [
    ("1 2 3 4", "7, 30, 90 days, month to date"),
    ("c", "Usage: with the previous period, or not"),
    ("w", "Usage: undo what was narrowed; Compare: all days"),
    ("s", "Compare: swap A and B"),
    ("n p", "Compare: next and previous change"),
    ("r", "Refresh"),
    ("t", "Light, dark, as the system"),
    ("/", "Usage: find an agent; Calls: search"),
    ("b", "Calls: back to the list"),
    ("← →", "In a chart: read the values"),
    ("Enter", "In a chart: narrow the page to it"),
    ("?", "This list"),
];

/// Listens to the keys of the page, where nobody is typing and nothing lies over it.
pub(crate) fn listen(help: State<bool>) {
    let account = Account::expect();
    let location = Location::expect();
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing(&event) {
            return;
        }
        if !matches!(account.standing.get_untracked(), Standing::SignedIn(_)) {
            return;
        }
        if help.get_untracked() && event.key() != "?" {
            return;
        }
        let is_done = match event.key().as_str() {
            "r" => {
                account.ask_anew();
                true
            }
            "t" => press("#appearance"),
            "?" => {
                help.update(|help| *help = !*help);
                true
            }
            key => on_page(key, location),
        };
        if is_done {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// The days that a key stands for.
fn days(key: &str) -> Option<Preset> {
    Some(match key {
        "1" => Preset::Days7,
        "2" => Preset::Days30,
        "3" => Preset::Days90,
        "4" => Preset::MonthToDate,
        _ => return None,
    })
}

/// Whether the key does something on the page that is shown.
fn on_page(key: &str, location: Location) -> bool {
    let now = location.get_untracked();
    let page = now.page;
    let has_days = !matches!(page, Page::Account | Page::Unknown);
    if let Some(days) = days(key).filter(|_| has_days) {
        location.go(now.of_days(Some(days)));
        return true;
    }
    match page {
        Page::Usage => on_usage(key, location),
        Page::Compare => on_compare(key, location),
        Page::Calls => on_calls(key),
        Page::PostCall | Page::Account | Page::Unknown => false,
    }
}

/// Whether the key does something on the page of usage.
fn on_usage(key: &str, location: Location) -> bool {
    match key {
        "c" => location.show_usage(|selection| selection.alone = !selection.alone),
        "w" => location.show_usage(|selection| {
            selection.narrowing = Narrowing::default();
            if matches!(selection.span, Span::Days(range) if range.len_days() == 1) {
                selection.span = Span::default();
            }
        }),
        "/" => focus(".find"),
        _ => return false,
    }
    true
}

/// Whether the key does something on the page that compares.
fn on_compare(key: &str, location: Location) -> bool {
    match key {
        "w" => {
            location.go(location.get_untracked().of_days(None));
            true
        }
        "s" => press("#swap"),
        "n" => press("#next-change"),
        "p" => press("#previous-change"),
        _ => false,
    }
}

/// Whether the key does something on the page of calls.
fn on_calls(key: &str) -> bool {
    match key {
        "/" => {
            focus(".find");
            true
        }
        "b" => press("#back"),
        _ => false,
    }
}

fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.matches("input:not([type=checkbox]), select, textarea").unwrap_or(false))
}

fn found(selector: &str) -> Option<web_sys::HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// Presses a button; whether it is there.
fn press(selector: &str) -> bool {
    found(selector).inspect(web_sys::HtmlElement::click).is_some()
}

fn focus(selector: &str) {
    if let Some(element) = found(selector) {
        element.focus().ok();
    }
}

/// The list of keys.
pub(crate) fn key_help(open: State<bool>) -> AnyView {
    let dialog = Spot::<web_sys::HtmlDialogElement>::new();
    effect(move || {
        let Some(dialog) = dialog.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => {
                dialog.show_modal().ok();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    // The browser says "close" a while after Escape; by then the list may have been opened again.
    let closed = move |_| {
        if dialog.get_untracked().is_none_or(|dialog| !dialog.open()) {
            open.set(false);
        }
    };
    el("dialog")
        .class("card keys")
        .node_ref(dialog)
        .attr("aria-labelledby", "keys-title")
        .on("cancel", move |_| open.set(false))
        .on("close", closed)
        .child(el("h2").attr("id", "keys-title").child("Keys"))
        .child(el("dl").child(Vec::from(KEYS.map(line))))
        .child(button("boxed", move |_| open.set(false)).child("Close"))
        .any()
}

fn line((key, what): (&'static str, &'static str)) -> Element {
    el("div").child(el("dt").child(el("kbd").child(key))).child(el("dd").child(what))
}
