//! The usage page: the address on one side, the shared view on the other.

use callscope_ui::usage::{Selection, UsageView};
use leptos::prelude::*;

use crate::account::Account;
use crate::address::{Address, use_address, use_go};
use crate::header::Freshness;

/// The page.
#[component]
pub(crate) fn UsagePage() -> impl IntoView {
    let account = Account::expect();
    let address = use_address();
    let go = use_go();
    let freshness = Freshness::expect();
    let selection = Signal::derive(move || address.with(|address| address.selection.clone()));
    let on_select = Callback::new(move |selection: Selection| go.run(Address { selection, ..address.get_untracked() }));
    let session = Memo::new(move |_| account.session().unwrap_or_default());
    view! {
        <main class="page" id="page" tabindex="-1">
            <UsageView
                source=account.source()
                session=session
                selection=selection
                on_select=on_select
                now=Callback::new(move |()| account.now())
                refresh=account.refresh
                on_signed_out=Callback::new(move |()| account.ended())
                on_fresh=Callback::new(move |through| freshness.set(through))
            />
        </main>
    }
}
