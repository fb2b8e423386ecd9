//! How far the calls of connected accounts have been brought: what the pages show may be a part.

use std::time::Duration;

use callscope_core::session::{OrganisationSync, Session, SessionOrganisation};
use callscope_ui::piece::{Derived, Element, State, effect, el, live, nothing};
use callscope_ui::usage::Scope;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::account::{Account, Standing};
use crate::address::{Location, Page};
use crate::instants::time;

/// How often it is asked while somebody looks.
const EVERY: Duration = Duration::from_secs(20);

/// The organisations of the session, as they were told last.
#[derive(Clone, Copy)]
pub(crate) struct Brought(State<Vec<SessionOrganisation>>);

impl Brought {
    /// Asks again and again, as long as an account is connected at all.
    pub(crate) fn provide(account: Account) {
        let brought = Self(State::new(Vec::new()));
        provide_context(brought);
        effect(move || {
            if let Standing::SignedIn(session) = account.standing() {
                brought.0.set(session.organisations);
            }
        });
        // Also when everything is asked anew.
        effect(move || {
            if account.refresh.get() > 0 {
                brought.ask(account);
            }
        });
        let tick = set_interval_with_handle(move || brought.ask(account), EVERY);
        on_cleanup(move || {
            if let Ok(handle) = tick {
                handle.clear();
            }
        });
    }

    pub(crate) fn expect() -> Self {
        expect_context()
    }

    fn ask(self, account: Account) {
        let is_connected = self.0.with_untracked(|all| all.iter().any(|of| of.sync.is_some()));
        let is_signed_in = matches!(account.standing.get_untracked(), Standing::SignedIn(_));
        if !is_connected || !is_signed_in || document().hidden() {
            return;
        }
        let source = account.source.get_untracked();
        spawn_local(async move {
            // Who is signed out by now is told so by the page.
            if let Ok(Session { organisations, .. }) = source.session().await {
                self.0.set(organisations);
            }
        });
    }

    /// Those that a page shows, with how far they are.
    fn shown(self, scope: &Scope) -> Vec<(SessionOrganisation, OrganisationSync)> {
        self.0.with(|all| {
            all.iter().filter(|of| scope.holds(of)).filter_map(|of| Some((of.clone(), of.sync.clone()?))).collect()
        })
    }

    /// Says of whom a page shows nothing, since there are usage reports alone.
    fn without_calls(self, scope: &Scope, page: Page) -> Option<Element> {
        if !matches!(page, Page::Compare | Page::Calls | Page::PostCall) {
            return None;
        }
        let is_meant = |of: &&SessionOrganisation| of.has_reports_only && scope.holds(of);
        let names = self.0.with(|all| all.iter().filter(is_meant).map(|of| of.name.clone()).collect::<Vec<_>>());
        let names = (!names.is_empty()).then(|| names.join(", "))?;
        let words =
            format!("Of {names} there are usage reports alone: the vendor gives no single calls and no versions.");
        Some(el("p").class("findings plain").attr("dir", "auto").child(words))
    }

    /// Whether calls that a page shows are being brought.
    pub(crate) fn is_running(self, scope: &Scope) -> bool {
        self.shown(scope).iter().any(|(_, sync)| sync.is_running)
    }
}

/// What is said above every page: which calls are not here yet, and what went wrong.
pub(crate) fn brought_notice(location: Location) -> AnyView {
    let brought = Brought::expect();
    let place = Derived::new(move || {
        let address = location.get();
        (address.scope(), address.page)
    });
    live(move || {
        let (scope, page) = place.get();
        let shown = brought.shown(&scope);
        let said = shown.iter().filter_map(|(of, sync)| notice(of, sync)).chain(brought.without_calls(&scope, page));
        let said: Vec<Element> = said.collect();
        if said.is_empty() {
            return nothing();
        }
        el("div").class("brought").attr("role", "status").child(said).any()
    })
}

fn notice(of: &SessionOrganisation, sync: &OrganisationSync) -> Option<Element> {
    let at = |instant: &Option<String>| instant.as_deref().and_then(|instant| time(instant, &of.time_zone));
    let name = &of.name;
    let state = match (sync.is_complete, at(&sync.walked_to)) {
        (true, _) => at(&sync.missing_since).map(|since| {
            format!(
                "The calls of {name} since {since} are being brought, the newest first: until that is done some of them \
                 are missing, and figures of those days are not to be relied on."
            )
        }),
        (false, Some(to)) => Some(format!(
            "The calls of {name} are being brought, the oldest first: those up to {to} are here. Figures of later \
             days, and changes against them, are not to be relied on yet."
        )),
        (false, None) => Some(format!("The calls of {name} have not been brought yet.")),
    };
    let failure = sync.failure.as_ref().map(|failure| {
        let last = at(&sync.synced_at).map(|last| format!(" They are as they were at {last}.")).unwrap_or_default();
        format!("Bringing the calls of {name} ended early: {failure}.{last}")
    });
    let aside = match sync.kept_aside {
        0 => None,
        1 => Some(format!("One row of {name}'s account could not be read as a call and was kept aside.")),
        count => Some(format!("{count} rows of {name}'s account could not be read as calls and were kept aside.")),
    };
    let words: Vec<String> = [state, failure, aside].into_iter().flatten().collect();
    (!words.is_empty()).then(|| el("p").class("findings warning plain").attr("dir", "auto").child(words.join(" ")))
}
