//! What the usage page shows, as its address says it. Defaults are left out of the address.

use callscope_charts::{HourFigure, TargetId};
use callscope_core::calls::CallFilter;
use callscope_core::period::{DateRange, Preset, iso_date, parse_date};
use callscope_core::session::SessionOrganisation;
use callscope_core::usage::Narrowing;

use crate::calls::CallSelection;

/// Whose calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everything that the person may see.
    #[default]
    Everything,
    /// One organisation, by its id.
    Organisation(String),
    /// All organisations of a reseller, by its id.
    Reseller(String),
}

impl Scope {
    /// Whether the calls of an organisation are among them.
    pub fn holds(&self, of: &SessionOrganisation) -> bool {
        match self {
            Self::Everything => true,
            Self::Organisation(id) => of.id == *id,
            Self::Reseller(id) => of.reseller_id.as_ref() == Some(id),
        }
    }
}

/// Which days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Span {
    /// A named range that ends today.
    Preset(Preset),
    /// These days.
    Days(DateRange),
}

impl Default for Span {
    fn default() -> Self {
        Self::Preset(Preset::default())
    }
}

/// By which column the agents are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Calls, most first.
    #[default]
    Calls,
    /// Name, from A.
    Name,
    /// Resolved share, largest first.
    Resolved,
    /// Transferred share, largest first.
    Transferred,
    /// Abandoned share, largest first.
    Abandoned,
    /// Average duration, longest first.
    Duration,
    /// Share of positive sentiment, largest first.
    Sentiment,
}

impl Sort {
    /// All, in the order of the columns.
    pub const ALL: [Self; 7] =
        [Self::Name, Self::Calls, Self::Resolved, Self::Transferred, Self::Abandoned, Self::Duration, Self::Sentiment];

    /// The name in the address.
    pub fn key(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Name => "name",
            Self::Resolved => "resolved",
            Self::Transferred => "transferred",
            Self::Abandoned => "abandoned",
            Self::Duration => "duration",
            Self::Sentiment => "sentiment",
        }
    }
}

/// What a click in the page asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Pick {
    /// Narrow to what was clicked, or widen where it is shown already.
    Target(TargetId),
    /// Look at its calls.
    Calls(TargetId),
    /// Another selection altogether.
    Show(Selection),
}

/// Everything that decides what the usage page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selection {
    /// Whose calls.
    pub scope: Scope,
    /// Which days.
    pub span: Span,
    /// The zone by which days are cut; the fleet's where none is chosen.
    pub zone: Option<String>,
    /// Whether the previous period is left out.
    pub alone: bool,
    /// The agent and hour that the page is narrowed to.
    pub narrowing: Narrowing,
    /// Whether the hours show minutes.
    pub minutes: bool,
    /// How the agents are sorted.
    pub sort: Sort,
    /// Whether the sorting is turned round.
    pub reversed: bool,
    /// What the agents' names must contain.
    pub find: String,
}

impl Selection {
    /// The selection of an address's query. Values that cannot be are passed over, so that an old
    /// or mistyped address still shows a page.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut selection = Self::default();
        let (mut from, mut to) = (None, None);
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            match name {
                "org" => selection.scope = Scope::Organisation(value.to_owned()),
                "reseller" => selection.scope = Scope::Reseller(value.to_owned()),
                "range" => selection.span = Preset::from_key(value).map_or(selection.span, Span::Preset),
                "from" => from = parse_date(value).ok(),
                "to" => to = parse_date(value).ok(),
                "zone" => selection.zone = Some(value.to_owned()),
                "compare" => selection.alone = value == "off",
                "agent" => selection.narrowing.agent_id = Some(value.to_owned()),
                "hour" => selection.narrowing.hour = value.parse().ok().filter(|hour| *hour < 24),
                "hours" => selection.minutes = value == "minutes",
                "sort" => {
                    let key = value.trim_start_matches('-');
                    selection.reversed = key.len() < value.len();
                    selection.sort = Sort::ALL.into_iter().find(|sort| sort.key() == key).unwrap_or_default();
                }
                "find" => value.clone_into(&mut selection.find),
                _ => {}
            }
        }
        if let (Some(from), Some(to)) = (from, to)
            && let Ok(range) = DateRange::new(from, to)
        {
            selection.span = Span::Days(range);
        }
        selection
    }

    /// The names and values of the address's query; empty for the default page.
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        match &self.scope {
            Scope::Everything => {}
            Scope::Organisation(id) => pairs.push(("org", id.clone())),
            Scope::Reseller(id) => pairs.push(("reseller", id.clone())),
        }
        match self.span {
            Span::Preset(preset) if preset == Preset::default() => {}
            Span::Preset(preset) => pairs.push(("range", preset.key().to_owned())),
            Span::Days(range) => pairs.extend([("from", iso_date(range.first())), ("to", iso_date(range.last()))]),
        }
        pairs.extend(self.zone.clone().map(|zone| ("zone", zone)));
        if self.alone {
            pairs.push(("compare", "off".to_owned()));
        }
        pairs.extend(self.narrowing.agent_id.clone().map(|agent| ("agent", agent)));
        pairs.extend(self.narrowing.hour.map(|hour| ("hour", hour.to_string())));
        if self.minutes {
            pairs.push(("hours", "minutes".to_owned()));
        }
        if self.sort != Sort::default() || self.reversed {
            let sign = if self.reversed { "-" } else { "" };
            pairs.push(("sort", format!("{sign}{}", self.sort.key())));
        }
        if !self.find.is_empty() {
            pairs.push(("find", self.find.clone()));
        }
        pairs
    }

    /// Which figure the hours show.
    pub fn hour_figure(&self) -> HourFigure {
        if self.minutes { HourFigure::Minutes } else { HourFigure::Calls }
    }

    /// The selection after a click on something in a chart: narrowed to it, or widened again where
    /// it was narrowed to it already.
    #[must_use]
    pub fn picked(&self, target: TargetId) -> Self {
        let mut next = self.clone();
        match target {
            TargetId::Day(date) => {
                let day = Span::Days(DateRange::day(date));
                next.span = if self.span == day { Span::default() } else { day };
            }
            TargetId::Hour(hour) => next.narrowing.hour = (self.narrowing.hour != Some(hour)).then_some(hour),
            TargetId::Agent(id) => {
                next.narrowing.agent_id = (self.narrowing.agent_id.as_ref() != Some(&id)).then_some(id);
            }
            TargetId::Outcome(_) | TargetId::Reason(_) | TargetId::Row(_) => {}
        }
        next
    }

    /// The calls of something in a chart, among those that are shown.
    #[must_use]
    pub fn calls_of(&self, target: TargetId) -> CallSelection {
        let Narrowing { agent_id, hour } = self.narrowing.clone();
        let mut calls = CallSelection {
            scope: self.scope.clone(),
            span: self.span,
            zone: self.zone.clone(),
            filter: CallFilter { agent_id, hour, ..CallFilter::default() },
            ..CallSelection::default()
        };
        match target {
            TargetId::Day(date) => calls.span = Span::Days(DateRange::day(date)),
            TargetId::Hour(hour) => calls.filter.hour = Some(hour),
            TargetId::Agent(id) => calls.filter.agent_id = Some(id),
            TargetId::Outcome(outcome) => calls.filter.outcome = Some(outcome),
            TargetId::Reason(reason) => calls.filter.escalation_reason = Some(reason),
            TargetId::Row(_) => {}
        }
        calls
    }

    /// What decides which answers are asked for; the rest only sorts and draws them.
    #[must_use]
    pub fn asked(&self) -> Self {
        Self { minutes: false, sort: Sort::default(), reversed: false, find: String::new(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn round_trip(pairs: &[(&str, &str)]) -> Selection {
        let selection = Selection::from_pairs(pairs.iter().copied());
        let written = selection.to_pairs();
        let again = Selection::from_pairs(written.iter().map(|(name, value)| (*name, value.as_str())));
        assert_eq!(selection, again);
        selection
    }

    #[test]
    fn an_address_reproduces_the_page() {
        let full = [
            ("org", "a b&c"),
            ("from", "2024-05-01"),
            ("to", "2024-05-31"),
            ("zone", "Asia/Kolkata"),
            ("compare", "off"),
            ("agent", "x"),
            ("hour", "0"),
            ("hours", "minutes"),
            ("sort", "-name"),
            ("find", "ü"),
        ];
        let selection = round_trip(&full);
        assert_eq!(selection.to_pairs().len(), full.len());
        assert!(selection.reversed && selection.sort == Sort::Name && selection.narrowing.hour == Some(0));
        for preset in Preset::ALL {
            assert_eq!(round_trip(&[("range", preset.key())]).span, Span::Preset(preset));
        }
    }

    #[test]
    fn defaults_are_left_out_and_nonsense_is_passed_over() {
        assert!(Selection::default().to_pairs().is_empty());
        let nonsense =
            [("range", "1y"), ("from", "2024-05-02"), ("to", "2024-05-01"), ("hour", "24"), ("sort", "x"), ("y", "z")];
        assert_eq!(round_trip(&nonsense), Selection::default());
    }

    #[test]
    fn what_is_clicked_leads_to_its_calls_among_those_that_are_shown() {
        let shown = Selection::from_pairs([("range", "7d"), ("zone", "UTC"), ("agent", "a"), ("hour", "9")]);
        let of = |target| shown.calls_of(target);
        let day = parse_date("2024-05-01").unwrap();
        let calls = of(TargetId::Day(day));
        assert_eq!((calls.span, calls.zone.as_deref()), (Span::Days(DateRange::day(day)), Some("UTC")));
        assert_eq!((calls.filter.agent_id.as_deref(), calls.filter.hour), (Some("a"), Some(9)));
        assert_eq!(of(TargetId::Hour(0)).filter.hour, Some(0));
        assert_eq!(of(TargetId::Agent("b".to_owned())).filter.agent_id.as_deref(), Some("b"));
        let outcome = callscope_core::calls::Outcome::Transferred;
        assert_eq!(of(TargetId::Outcome(outcome)).filter.outcome, Some(outcome));
        assert_eq!(of(TargetId::Reason("x".to_owned())).filter.escalation_reason.as_deref(), Some("x"));
    }

    #[test]
    fn a_second_click_widens_again() {
        let narrowed = Selection::default().picked(TargetId::Hour(9));
        assert_eq!(narrowed.narrowing.hour, Some(9));
        assert_eq!(narrowed.picked(TargetId::Hour(9)), Selection::default());
        let agent = TargetId::Agent("a".to_owned());
        assert_eq!(Selection::default().picked(agent.clone()).picked(agent), Selection::default());
    }
}
