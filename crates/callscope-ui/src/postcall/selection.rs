//! What the page of post-call metrics shows, as its address says it. Defaults are left out of the address.

use crate::usage::{Scope, Selection, Span};

/// Everything that decides what the page of post-call metrics shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PostCallSelection {
    /// Whose agents.
    pub scope: Scope,
    /// The agent, by its id; the first one where none is chosen.
    pub agent_id: Option<String>,
    /// The version that is looked at, by its id; the live one where none is chosen.
    pub version_id: Option<String>,
    /// The draft that is worked on, by its id.
    pub draft_id: Option<String>,
    /// The days whose answers are summed up.
    pub span: Span,
    /// The zone by which they are cut; the fleet's where none is chosen.
    pub zone: Option<String>,
}

impl PostCallSelection {
    /// The selection of an address's query. Values that cannot be are passed over.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)> + Clone) -> Self {
        let shared = Selection::from_pairs(pairs.clone());
        let mut of = Self {
            scope: shared.scope,
            agent_id: shared.narrowing.agent_id.filter(|id| !id.is_empty()),
            span: shared.span,
            zone: shared.zone,
            ..Self::default()
        };
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            match name {
                "version" => of.version_id = Some(value.to_owned()),
                "draft" => of.draft_id = Some(value.to_owned()),
                _ => {}
            }
        }
        of
    }

    /// The names and values of the address's query; empty for the default page.
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let (scope, zone) = (self.scope.clone(), self.zone.clone());
        let shared = Selection { scope, span: self.span, zone, ..Selection::default() };
        let mut pairs = shared.to_pairs();
        let ids = [("agent", &self.agent_id), ("version", &self.version_id), ("draft", &self.draft_id)];
        pairs.extend(ids.into_iter().filter_map(|(name, id)| Some((name, id.clone()?))));
        pairs
    }

    /// The same with another agent, which has other versions and drafts.
    #[must_use]
    pub fn of_agent(&self, agent_id: String) -> Self {
        Self { agent_id: Some(agent_id), ..self.live() }
    }

    /// The same with the live version.
    #[must_use]
    pub fn live(&self) -> Self {
        Self { version_id: None, draft_id: None, ..self.clone() }
    }

    /// The same with a version.
    #[must_use]
    pub fn of_version(&self, id: String) -> Self {
        Self { version_id: Some(id), draft_id: None, ..self.clone() }
    }

    /// The same with a draft.
    #[must_use]
    pub fn of_draft(&self, id: String) -> Self {
        Self { version_id: None, draft_id: Some(id), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reproduces_the_page() {
        let full = [
            ("org", "o"),
            ("from", "2024-05-01"),
            ("to", "2024-05-31"),
            ("zone", "Asia/Kolkata"),
            ("agent", "x y&z"),
            ("version", "v"),
            ("draft", "d"),
        ];
        let selection = PostCallSelection::from_pairs(full);
        let written = selection.to_pairs();
        assert_eq!(written.len(), full.len());
        let again = PostCallSelection::from_pairs(written.iter().map(|(name, value)| (*name, value.as_str())));
        assert_eq!(selection, again);
        let empty = [("draft", ""), ("agent", ""), ("from", "x")];
        assert_eq!(PostCallSelection::from_pairs(empty), PostCallSelection::default());
        assert!(PostCallSelection::default().to_pairs().is_empty());
    }
}
