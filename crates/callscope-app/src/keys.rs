//! Keys of the whole page, and the list of them.

use callscope_core::period::Preset;
use callscope_core::usage::Narrowing;
use callscope_ui::piece::{click, effect, on};
use callscope_ui::usage::{Selection, Span};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use crate::account::{Account, Standing};
use crate::address::Location;

const KEYS: [(&str, &str); 9] = [
    ("1 2 3 4", "7, 30, 90 days, month to date"),
    ("c", "Compare with the previous period, or not"),
    ("w", "Widen again: all days, agents and hours"),
    ("r", "Refresh"),
    ("t", "Light, dark, as the system"),
    ("/", "Find an agent"),
    ("← →", "In a chart: read the values"),
    ("Enter", "In a chart: narrow the page to it"),
    ("?", "This list"),
];

/// Listens to the keys of the page, where nobody is typing and nothing lies over it.
pub(crate) fn listen(help: RwSignal<bool>) {
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
        let show = |change: &dyn Fn(&mut Selection)| location.show(|selection| change(selection));
        match event.key().as_str() {
            "1" => show(&|selection| selection.span = Span::Preset(Preset::Days7)),
            "2" => show(&|selection| selection.span = Span::Preset(Preset::Days30)),
            "3" => show(&|selection| selection.span = Span::Preset(Preset::Days90)),
            "4" => show(&|selection| selection.span = Span::Preset(Preset::MonthToDate)),
            "c" => show(&|selection| selection.alone = !selection.alone),
            "w" => show(&|selection| {
                selection.narrowing = Narrowing::default();
                if matches!(selection.span, Span::Days(range) if range.len_days() == 1) {
                    selection.span = Span::default();
                }
            }),
            "r" => account.refresh.update(|count| *count += 1),
            "t" => press("appearance"),
            "/" => focus(".find"),
            "?" => help.update(|help| *help = !*help),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || handle.remove());
}

fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.matches("input:not([type=checkbox]), select, textarea").unwrap_or(false))
}

fn press(id: &str) {
    if let Some(element) =
        document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        element.click();
    }
}

fn focus(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        element.focus().ok();
    }
}

/// The list of keys.
pub(crate) fn key_help(open: RwSignal<bool>) -> AnyView {
    let dialog = NodeRef::<html::Dialog>::new();
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
    let line = |(key, what)| view! { <div><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div> }.into_any();
    view! {
        <dialog class="card keys" node_ref=dialog aria-labelledby="keys-title"
            on:cancel=on(move |_| open.set(false)) on:close=on(closed)>
            <h2 id="keys-title">"Keys"</h2>
            <dl>{Vec::from(KEYS.map(line))}</dl>
            <button type="button" class="boxed" on:click=click(move |_| open.set(false))>"Close"</button>
        </dialog>
    }
    .into_any()
}
