//! What the compare page shows, as its address says it. Defaults are left out of the address.

use callscope_core::period::{Preset, iso_date};

use crate::usage::{Scope, Selection, Span};

/// Everything that decides what the compare page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Compared {
    /// Whose agents.
    pub scope: Scope,
    /// The agent, by its id; the first one where none is chosen.
    pub agent_id: Option<String>,
    /// The version that is compared with, by its id; the newest other than B where none is chosen.
    pub a: Option<String>,
    /// The version that is compared, by its id; the newest where none is chosen.
    pub b: Option<String>,
    /// Which days; all that there are where none are chosen, as versions mostly run one after the other.
    pub span: Option<Span>,
    /// The zone by which days are cut; the agent's where none is chosen.
    pub zone: Option<String>,
}

impl Compared {
    /// The selection of an address's query. Values that cannot be are passed over.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)> + Clone) -> Self {
        let shared = Selection::from_pairs(pairs.clone());
        let mut compared = Self {
            scope: shared.scope,
            agent_id: shared.narrowing.agent_id.filter(|id| !id.is_empty()),
            zone: shared.zone,
            span: Some(shared.span).filter(|span| matches!(span, Span::Days(_))),
            ..Self::default()
        };
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            match name {
                "a" => compared.a = Some(value.to_owned()),
                "b" => compared.b = Some(value.to_owned()),
                "range" if compared.span.is_none() => compared.span = Preset::from_key(value).map(Span::Preset),
                _ => {}
            }
        }
        compared
    }

    /// The names and values of the address's query; empty for the default page.
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Selection { scope: self.scope.clone(), ..Selection::default() }.to_pairs();
        let ids = [("agent", &self.agent_id), ("a", &self.a), ("b", &self.b), ("zone", &self.zone)];
        pairs.extend(ids.into_iter().filter_map(|(name, id)| Some((name, id.clone()?))));
        match self.span {
            None => {}
            Some(Span::Preset(preset)) => pairs.push(("range", preset.key().to_owned())),
            Some(Span::Days(range)) => {
                pairs.extend([("from", iso_date(range.first())), ("to", iso_date(range.last()))]);
            }
        }
        pairs
    }

    /// The same with another agent, whose versions are others.
    #[must_use]
    pub fn of_agent(&self, agent_id: String) -> Self {
        Self { agent_id: Some(agent_id), ..self.newest() }
    }

    /// The same with the newest two versions.
    #[must_use]
    pub fn newest(&self) -> Self {
        Self { a: None, b: None, ..self.clone() }
    }

    /// Whether a version is named.
    pub fn names_versions(&self) -> bool {
        self.a.is_some() || self.b.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn round_trip(pairs: &[(&str, &str)]) -> Compared {
        let compared = Compared::from_pairs(pairs.iter().copied());
        let written = compared.to_pairs();
        let again = Compared::from_pairs(written.iter().map(|(name, value)| (*name, value.as_str())));
        assert_eq!(compared, again);
        compared
    }

    #[test]
    fn an_address_reproduces_the_page() {
        let full = [
            ("reseller", "r"),
            ("agent", "x y&z"),
            ("a", "1"),
            ("b", "2"),
            ("zone", "Asia/Kolkata"),
            ("from", "2024-05-01"),
            ("to", "2024-05-31"),
        ];
        assert_eq!(round_trip(&full).to_pairs().len(), full.len());
        for preset in Preset::ALL {
            assert_eq!(round_trip(&[("range", preset.key())]).span, Some(Span::Preset(preset)));
        }
    }

    #[test]
    fn defaults_are_left_out_and_nonsense_is_passed_over() {
        assert!(Compared::default().to_pairs().is_empty());
        let nonsense = [("range", "1y"), ("from", "2024-05-02"), ("to", "2024-05-01"), ("sort", "x"), ("y", "z")];
        assert_eq!(round_trip(&nonsense), Compared::default());
    }

    #[test]
    fn another_agent_has_other_versions() {
        let compared = round_trip(&[("agent", "x"), ("a", "1"), ("b", "2"), ("range", "7d")]);
        let other = compared.of_agent("y".to_owned());
        assert_eq!((other.a, other.b, other.span), (None, None, compared.span));
    }
}
