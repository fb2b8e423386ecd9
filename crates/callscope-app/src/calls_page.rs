//! The page of calls: the address on one side, the shared view on the other.
//!
//! Its code is loaded when the page is first opened, where the build cut it out.

use callscope_ui::calls::{CallSelection, CallsInput, calls_view};
use callscope_ui::piece::{Callback, Derived};
use leptos::prelude::*;

use crate::account::Account;
use crate::address::{Location, Page};
use crate::header::Freshness;

fn view() -> AnyView {
    let account = Account::expect();
    let location = Location::expect();
    // How fresh another page's calls were says nothing of these.
    Freshness::expect().set(None);
    calls_view(CallsInput {
        source: account.source,
        session: Derived::new(move || account.session().unwrap_or_default()),
        selection: location.read(Page::Calls, |query| CallSelection::from_pairs(query.pairs())),
        on_select: Callback::new(move |calls: CallSelection| location.show(Page::Calls, calls.to_pairs())),
        now: Callback::new(move |()| account.now()),
        refresh: account.refresh,
        on_signed_out: Callback::new(move |()| account.ended()),
        on_answer: Callback::new(|()| ()),
        on_failure: Callback::new(|_| ()),
        has_controls: true,
    })
}

/// The page.
#[cfg(not(feature = "split"))]
pub(crate) fn calls_page() -> AnyView {
    crate::app::page().child(view()).any()
}

#[cfg(feature = "split")]
pub(crate) use split::calls_page;

#[cfg(feature = "split")]
#[expect(clippy::unnecessary_wraps, reason = "loading may fail, and the macro wants the same result on both sides")]
mod split {
    use callscope_ui::apart::{apart, there};
    use callscope_ui::piece::{Callback, nothing};
    use leptos::prelude::*;
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    #[wasm_split(calls, fallible, preload(load_calls))]
    fn calls() -> Result<AnyView, SplitLoaderError> {
        Ok(super::view())
    }

    /// The page.
    pub(crate) fn calls_page() -> AnyView {
        let view = || there(calls()).unwrap_or_else(nothing);
        crate::app::page().child(apart("Calls", Callback::new(|_| ()), load_calls, view)).any()
    }
}
