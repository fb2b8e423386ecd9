//! The address is the state of a page.

use callscope_ui::usage::Selection;
use js_sys::encode_uri_component;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

/// The name in the address that says that the samples are shown.
const DATA: &str = "data";

/// What an address says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Address {
    /// What the usage page shows.
    pub(crate) selection: Selection,
    /// Whether the samples stand in for a server.
    pub(crate) is_sample: bool,
}

/// What the present address says.
pub(crate) fn use_address() -> Memo<Address> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| {
            let pairs = query.clone().into_iter().map(|(name, value)| (name.into_owned(), value)).collect::<Vec<_>>();
            let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let is_sample = pairs.clone().any(|(name, value)| name == DATA && value == "sample");
            Address { selection: Selection::from_pairs(pairs), is_sample }
        })
    })
}

/// Goes to another address of the same page. Typing in a field replaces the address; everything
/// else adds one, so that "back" undoes it.
pub(crate) fn use_go() -> Callback<Address> {
    let navigate = use_navigate();
    let path = use_location().pathname;
    let current = use_address();
    let navigate = StoredValue::new_local(navigate);
    Callback::new(move |address: Address| {
        let replace = current.with_untracked(|current| {
            let find = address.selection.find.clone();
            Address { selection: Selection { find, ..current.selection.clone() }, ..current.clone() } == address
        });
        let target = format!("{}{}", path.get_untracked(), query(&address));
        let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&target, options));
    })
}

fn query(address: &Address) -> String {
    let sample = address.is_sample.then(|| (DATA, "sample".to_owned()));
    let pairs = address.selection.to_pairs().into_iter().chain(sample);
    let written = pairs.map(|(name, value)| format!("{name}={}", String::from(encode_uri_component(&value))));
    let written = written.collect::<Vec<_>>().join("&");
    if written.is_empty() { written } else { format!("?{written}") }
}
