//! The address is the state of a page.
//!
//! One page and a query need no router of the framework's size; this is all that it would do here:
//! read the address, add to the history or replace its end, and follow "back".

use callscope_ui::usage::Selection;
use js_sys::{decode_uri_component, encode_uri_component};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// The name in the address that says that the samples are shown.
const DATA: &str = "data";

/// What an address says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Address {
    /// Whether there is such a page at all.
    pub(crate) is_known: bool,
    /// What the usage page shows.
    pub(crate) selection: Selection,
    /// Whether the samples stand in for a server.
    pub(crate) is_sample: bool,
}

/// The address, for every part of the app.
#[derive(Clone, Copy)]
pub(crate) struct Location {
    address: RwSignal<Address>,
}

impl Location {
    /// Reads the address and follows the browser's "back" and "forward".
    pub(crate) fn provide() -> Self {
        let location = Self { address: RwSignal::new(present()) };
        provide_context(location);
        let handle = window_event_listener(ev::popstate, move |_| {
            location.address.try_set(present());
        });
        on_cleanup(move || handle.remove());
        location
    }

    /// The location that the app provides.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// What the address says.
    pub(crate) fn get(self) -> Address {
        self.address.get()
    }

    /// The same, without following it.
    pub(crate) fn get_untracked(self) -> Address {
        self.address.get_untracked()
    }

    /// Goes to another address. Typing in a field replaces the address; everything else adds one,
    /// so that "back" undoes it.
    pub(crate) fn go(self, address: Address) {
        let now = self.address.get_untracked();
        if address == now {
            return;
        }
        let find = address.selection.find.clone();
        let only_typed = Address { selection: Selection { find, ..now.selection.clone() }, ..now } == address;
        let target = format!("/{}", query(&address));
        if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
            // A browser that refuses (too many in a second) still shows the page.
            if only_typed {
                history.replace_state_with_url(&JsValue::NULL, "", Some(&target)).ok();
            } else {
                history.push_state_with_url(&JsValue::NULL, "", Some(&target)).ok();
            }
        }
        self.address.set(address);
    }

    /// Shows another selection of the same page.
    pub(crate) fn show(self, change: impl FnOnce(&mut Selection)) {
        let mut address = self.get_untracked();
        change(&mut address.selection);
        self.go(address);
    }
}

/// What the browser's address says at present.
fn present() -> Address {
    let location = web_sys::window().map(|window| window.location());
    let part = |part: Option<Result<String, JsValue>>| part.and_then(Result::ok).unwrap_or_default();
    let path = part(location.as_ref().map(web_sys::Location::pathname));
    let query = part(location.as_ref().map(web_sys::Location::search));
    let pairs: Vec<(String, String)> = query.trim_start_matches('?').split('&').filter_map(pair).collect();
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let is_sample = pairs.clone().any(|(name, value)| name == DATA && value == "sample");
    Address { is_known: path == "/", selection: Selection::from_pairs(pairs), is_sample }
}

/// A name and its value, decoded; none where they cannot be.
fn pair(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let decoded = |text: &str| Some(String::from(decode_uri_component(&text.replace('+', " ")).ok()?));
    Some((decoded(name)?, decoded(value)?))
}

fn query(address: &Address) -> String {
    let sample = address.is_sample.then(|| (DATA, "sample".to_owned()));
    let pairs = address.selection.to_pairs().into_iter().chain(sample);
    let written = pairs.map(|(name, value)| format!("{name}={}", String::from(encode_uri_component(&value))));
    let written = written.collect::<Vec<_>>().join("&");
    if written.is_empty() { written } else { format!("?{written}") }
}
