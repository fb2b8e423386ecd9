//! What the page of calls shows, as its address says it. Defaults are left out of the address, and
//! numbers of people never stand in it.

use callscope_core::calls::{CallFilter, CallSort, DurationClass, Outcome};

use crate::usage::{Scope, Selection, Span};

/// Everything that decides what the page of calls shows, but for what is searched for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CallSelection {
    /// Whose calls.
    pub scope: Scope,
    /// Which days.
    pub span: Span,
    /// The zone by which days and hours are cut; the fleet's where none is chosen.
    pub zone: Option<String>,
    /// Which calls; its instants are left to the days.
    pub filter: CallFilter,
    /// In which order.
    pub sort: CallSort,
    /// Whether the smallest comes first.
    pub is_ascending: bool,
    /// The number of the page, from 1 on.
    pub page: u64,
    /// The call that is looked at, by its id.
    pub call_id: Option<String>,
}

impl Default for CallSelection {
    fn default() -> Self {
        Self {
            scope: Scope::default(),
            span: Span::default(),
            zone: None,
            filter: CallFilter::default(),
            sort: CallSort::default(),
            is_ascending: false,
            page: 1,
            call_id: None,
        }
    }
}

impl CallSelection {
    /// The selection of an address's query. Values that cannot be are passed over.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)> + Clone) -> Self {
        let shared = Selection::from_pairs(pairs.clone());
        let mut filter = CallFilter { agent_id: shared.narrowing.agent_id, ..CallFilter::default() };
        filter.hour = shared.narrowing.hour;
        let mut of = Self { scope: shared.scope, span: shared.span, zone: shared.zone, filter, ..Self::default() };
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            let text = || Some(value.to_owned());
            match name {
                "campaign" => of.filter.campaign_id = text(),
                "version" => of.filter.version_id = text(),
                "status" => of.filter.status = text(),
                "type" => of.filter.call_type = text(),
                "reason" => of.filter.disconnection_reason = text(),
                "source" => of.filter.hangup_source = text(),
                "duration" => of.filter.duration = DurationClass::from_key(value),
                "outcome" => of.filter.outcome = Outcome::from_key(value),
                "handover" => of.filter.escalation_reason = text(),
                "order" => {
                    let key = value.trim_start_matches('-');
                    of.is_ascending = key.len() == value.len();
                    match CallSort::from_key(key) {
                        Some(sort) => of.sort = sort,
                        None => of.is_ascending = false,
                    }
                }
                "page" => of.page = value.parse().ok().filter(|page| *page > 0).unwrap_or(1),
                "call" => of.call_id = text(),
                _ => {}
            }
        }
        of
    }

    /// The names and values of the address's query; empty for the default page.
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let shared = Selection {
            scope: self.scope.clone(),
            span: self.span,
            zone: self.zone.clone(),
            narrowing: callscope_core::usage::Narrowing {
                agent_id: self.filter.agent_id.clone(),
                hour: self.filter.hour,
            },
            ..Selection::default()
        };
        let mut pairs = shared.to_pairs();
        let filter = &self.filter;
        let texts = [
            ("campaign", filter.campaign_id.clone()),
            ("version", filter.version_id.clone()),
            ("status", filter.status.clone()),
            ("type", filter.call_type.clone()),
            ("reason", filter.disconnection_reason.clone()),
            ("source", filter.hangup_source.clone()),
            ("duration", filter.duration.map(|class| class.key().to_owned())),
            ("outcome", filter.outcome.map(|outcome| outcome.key().to_owned())),
            ("handover", filter.escalation_reason.clone()),
            ("order", self.order()),
            ("page", (self.page > 1).then(|| self.page.to_string())),
            ("call", self.call_id.clone()),
        ];
        pairs.extend(texts.into_iter().filter_map(|(name, value)| Some((name, value?))));
        pairs
    }

    fn order(&self) -> Option<String> {
        let sign = if self.is_ascending { "" } else { "-" };
        let is_default = self.sort == CallSort::default() && !self.is_ascending;
        (!is_default).then(|| format!("{sign}{}", self.sort.key()))
    }

    /// The same with a change of what is listed: from its first page on, and no call of the list before.
    #[must_use]
    pub fn changed(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut next = Self { page: 1, call_id: None, ..self.clone() };
        change(&mut next);
        next
    }

    /// What decides which list is asked for.
    #[must_use]
    pub fn asked(&self) -> Self {
        Self { call_id: None, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn round_trip(pairs: &[(&str, &str)]) -> CallSelection {
        let selection = CallSelection::from_pairs(pairs.iter().copied());
        let written = selection.to_pairs();
        let again = CallSelection::from_pairs(written.iter().map(|(name, value)| (*name, value.as_str())));
        assert_eq!(selection, again);
        selection
    }

    #[test]
    fn an_address_reproduces_the_page() {
        let full = [
            ("org", "a"),
            ("from", "2024-05-01"),
            ("to", "2024-05-31"),
            ("zone", "Asia/Kolkata"),
            ("agent", "g"),
            ("hour", "0"),
            ("campaign", "k"),
            ("version", "v"),
            ("status", "no_answer"),
            ("type", "webcall"),
            ("reason", "timeout"),
            ("source", "system"),
            ("duration", "5+"),
            ("outcome", "transferred"),
            ("handover", "wants a person, now"),
            ("order", "callDuration"),
            ("page", "3"),
            ("call", "CALL-1"),
        ];
        let selection = round_trip(&full);
        assert_eq!(selection.to_pairs().len(), full.len());
        assert!(selection.is_ascending && selection.page == 3 && selection.filter.duration.is_some());
        assert_eq!(round_trip(&[("order", "-avgLatency")]).sort, CallSort::Latency);
    }

    #[test]
    fn defaults_are_left_out_and_nonsense_is_passed_over() {
        assert!(CallSelection::default().to_pairs().is_empty());
        let nonsense = [
            ("duration", "2-3"),
            ("outcome", "fine"),
            ("order", "name"),
            ("page", "0"),
            ("status", ""),
            ("search", "+1"),
        ];
        assert_eq!(round_trip(&nonsense), CallSelection::default());
    }

    #[test]
    fn another_filter_begins_at_the_first_page() {
        let before = CallSelection { page: 4, call_id: Some("x".to_owned()), ..CallSelection::default() };
        let next = before.changed(|next| next.filter.status = Some("failed".to_owned()));
        assert_eq!((next.page, next.call_id), (1, None));
    }
}
