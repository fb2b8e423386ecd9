//! The compare page: the address on one side, the shared view on the other.
//!
//! Its code is loaded when the page is first opened, where the build cut it out.

use callscope_ui::compare::{CompareInput, compare_view};
use callscope_ui::piece::Derived;
use leptos::prelude::*;

use crate::account::Account;
use crate::address::{Address, Location};
use crate::header::Freshness;

fn view() -> AnyView {
    let account = Account::expect();
    let location = Location::expect();
    let freshness = Freshness::expect();
    compare_view(CompareInput {
        source: account.source,
        session: Derived::new(move || account.session().unwrap_or_default()),
        selection: Derived::new(move || location.get().compared),
        on_select: Callback::new(move |compared| location.go(Address { compared, ..location.get_untracked() })),
        now: Callback::new(move |()| account.now()),
        refresh: account.refresh,
        on_signed_out: Callback::new(move |()| account.ended()),
        on_fresh: Callback::new(move |fresh| freshness.set(fresh)),
    })
}

/// The page.
#[cfg(not(feature = "split"))]
pub(crate) fn compare_page() -> AnyView {
    crate::app::page().child(view()).any()
}

#[cfg(feature = "split")]
pub(crate) use apart::compare_page;

#[cfg(feature = "split")]
#[expect(clippy::unnecessary_wraps, reason = "loading may fail, and the macro wants the same result on both sides")]
mod apart {
    use callscope_client::{ClientError, Problem};
    use callscope_ui::load::{Load, use_load};
    use callscope_ui::piece::{State, el, live, nothing, several};
    use callscope_ui::states::{Way, failed, skeleton};
    use futures_util::FutureExt as _;
    use leptos::prelude::*;
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    use crate::app::page;

    #[wasm_split(compare, fallible, preload(load_compare))]
    fn compare() -> Result<AnyView, SplitLoaderError> {
        Ok(super::view())
    }

    /// The page: its code first, then what it shows.
    pub(crate) fn compare_page() -> AnyView {
        let attempt = State::new(0_u32);
        let load =
            use_load(move || Some(attempt.get()), |_| async { load_compare().await.map_err(|_| unreachable_code()) });
        let again = Callback::new(move |()| attempt.update(|count| *count += 1));
        let reload = Callback::new(|()| drop(window().location().reload()));
        let view = live(move || match load.get() {
            Load::Waiting { .. } => skeleton(),
            Load::Failed { error, .. } => several(vec![
                el("h1").child("Compare").any(),
                failed(&error, &[Way::new("Reload the page", reload), Way::again(again)]),
            ]),
            // It is here, so that it answers at once.
            Load::Ready(_) => compare().now_or_never().and_then(Result::ok).unwrap_or_else(nothing),
        });
        page().child(view).any()
    }

    fn unreachable_code() -> ClientError {
        let sentence = "The code of this page could not be loaded. A newer version may be there: reload the page.";
        ClientError { problem: Problem::Network, sentence: sentence.to_owned(), retry_after_secs: None }
    }
}
