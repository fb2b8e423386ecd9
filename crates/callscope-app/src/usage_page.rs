//! The usage page: the address on one side, the shared view on the other.

use callscope_ui::piece::{Callback, Derived};
use callscope_ui::usage::{Selection, UsageInput, UsagePart, usage_view};
use leptos::prelude::*;

use crate::account::Account;
use crate::address::{Location, Page};
use crate::app::page;
use crate::header::Freshness;

/// The page.
pub(crate) fn usage_page() -> AnyView {
    let account = Account::expect();
    let location = Location::expect();
    let freshness = Freshness::expect();
    let view = usage_view(UsageInput {
        source: account.source,
        session: Derived::new(move || account.session().unwrap_or_default()),
        selection: location.read(Page::Usage, |query| Selection::from_pairs(query.pairs())),
        on_select: Callback::new(move |selection: Selection| location.show(Page::Usage, selection.to_pairs())),
        on_calls: Callback::new(move |calls| location.look_at(&calls)),
        now: Callback::new(move |()| account.now()),
        refresh: account.refresh,
        on_signed_out: Callback::new(move |()| account.ended()),
        on_fresh: Callback::new(move |fresh| freshness.set(fresh)),
        on_failure: Callback::new(|_| ()),
        on_target: Callback::new(|_| ()),
        part: UsagePart::Whole,
        has_controls: true,
    });
    page().child(view).any()
}
