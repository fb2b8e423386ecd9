//! The compare page: the address on one side, the shared view on the other.
//!
//! Its code is loaded when the page is first opened, where the build cut it out.

use callscope_ui::compare::{CompareInput, Compared, compare_view};
use callscope_ui::piece::{Callback, Derived};
use leptos::prelude::*;

use crate::account::Account;
use crate::address::{Location, Page};
use crate::header::Freshness;

fn view() -> AnyView {
    let account = Account::expect();
    let location = Location::expect();
    let freshness = Freshness::expect();
    compare_view(CompareInput {
        source: account.source,
        session: Derived::new(move || account.session().unwrap_or_default()),
        selection: location.read(Page::Compare, |query| Compared::from_pairs(query.pairs())),
        on_select: Callback::new(move |compared: Compared| location.show(Page::Compare, compared.to_pairs())),
        on_calls: Callback::new(move |calls| location.look_at(&calls)),
        now: Callback::new(move |()| account.now()),
        refresh: account.refresh,
        on_signed_out: Callback::new(move |()| account.ended()),
        on_fresh: Callback::new(move |fresh| freshness.set(fresh)),
        on_failure: Callback::new(|_| ()),
        has_controls: true,
    })
}

/// The page.
#[cfg(not(feature = "split"))]
pub(crate) fn compare_page() -> AnyView {
    crate::app::page().child(view()).any()
}

#[cfg(feature = "split")]
pub(crate) use split::compare_page;

#[cfg(feature = "split")]
#[expect(clippy::unnecessary_wraps, reason = "loading may fail, and the macro wants the same result on both sides")]
mod split {
    use callscope_ui::apart::{apart, there};
    use callscope_ui::piece::{Callback, nothing};
    use leptos::prelude::*;
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    #[wasm_split(compare, fallible, preload(load_compare))]
    fn compare() -> Result<AnyView, SplitLoaderError> {
        Ok(super::view())
    }

    /// The page.
    pub(crate) fn compare_page() -> AnyView {
        let view = || there(compare()).unwrap_or_else(nothing);
        crate::app::page().child(apart("Compare", Callback::new(|_| ()), load_compare, view)).any()
    }
}
