//! The page of post-call metrics: the address on one side, the shared view on the other.
//!
//! Its code is loaded when the page is first opened, where the build cut it out.

use callscope_ui::piece::{Callback, Derived};
use callscope_ui::postcall::{PostCallInput, PostCallSelection, postcall_view};
use leptos::prelude::*;

use crate::account::Account;
use crate::address::{Location, Page};
use crate::header::Freshness;

fn view() -> AnyView {
    let account = Account::expect();
    let location = Location::expect();
    // How fresh another page's calls were says nothing here.
    Freshness::expect().set(None);
    postcall_view(PostCallInput {
        source: account.source,
        session: Derived::new(move || account.session().unwrap_or_default()),
        selection: location.read(Page::PostCall, |query| PostCallSelection::from_pairs(query.pairs())),
        on_select: Callback::new(move |postcall: PostCallSelection| location.show(Page::PostCall, postcall.to_pairs())),
        on_calls: Callback::new(move |calls| location.look_at(&calls)),
        now: Callback::new(move |()| account.now()),
        refresh: account.refresh,
        on_signed_out: Callback::new(move |()| account.ended()),
        on_guard: Callback::new(move |guard| location.set_guard(guard)),
    })
}

/// The page.
#[cfg(not(feature = "split"))]
pub(crate) fn postcall_page() -> AnyView {
    crate::app::page().child(view()).any()
}

#[cfg(feature = "split")]
pub(crate) use split::postcall_page;

#[cfg(feature = "split")]
#[expect(clippy::unnecessary_wraps, reason = "loading may fail, and the macro wants the same result on both sides")]
mod split {
    use callscope_ui::apart::{apart, there};
    use callscope_ui::piece::{Callback, nothing};
    use leptos::prelude::*;
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    #[wasm_split(postcall, fallible, preload(load_postcall))]
    fn postcall() -> Result<AnyView, SplitLoaderError> {
        Ok(super::view())
    }

    /// The page.
    pub(crate) fn postcall_page() -> AnyView {
        let view = || there(postcall()).unwrap_or_else(nothing);
        crate::app::page().child(apart("Post-call metrics", Callback::new(|_| ()), load_postcall, view)).any()
    }
}
