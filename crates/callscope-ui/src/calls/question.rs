//! Selection, account and clock → what is asked of the server.

use callscope_client::CallsRequest;
use callscope_core::calls::CallFilter;
use callscope_core::period::{DateRange, Zone};
use callscope_core::session::Session;

use super::selection::CallSelection;
use crate::usage::{self, Now, Selection};

/// Calls of a page.
pub(super) const PAGE: u64 = 50;

/// What the page asks, and by which days and clock.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Question {
    pub(super) request: CallsRequest,
    pub(super) range: DateRange,
    pub(super) zone: Zone,
}

impl Question {
    /// The question of a selection and of what is searched for. `zone_of` gives a zone's offsets over a
    /// span of milliseconds.
    pub(super) fn new(
        selection: &CallSelection,
        search: &str,
        session: &Session,
        now: Now,
        zone_of: impl Fn(&str, i64, i64) -> Option<Zone>,
    ) -> Self {
        let shared = Selection {
            scope: selection.scope.clone(),
            span: selection.span,
            zone: selection.zone.clone(),
            ..Selection::default()
        };
        // Days and zone are those that the usage page has.
        let usage = usage::Question::new(&shared, session, now, zone_of);
        let (from_ms, to_ms) = (Some(usage.request.from_ms), Some(usage.request.to_ms));
        let search = search.trim();
        Self {
            request: CallsRequest {
                organisation_id: usage.request.organisation_id,
                reseller_id: usage.request.reseller_id,
                filter: CallFilter { from_ms, to_ms, ..selection.filter.clone() },
                search: (!search.is_empty()).then(|| search.to_owned()),
                zone: usage.zone.clone(),
                sort: selection.sort,
                is_ascending: selection.is_ascending,
                page: selection.page,
                limit: PAGE,
            },
            range: usage.range,
            zone: usage.zone,
        }
    }
}
