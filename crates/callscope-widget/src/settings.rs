//! What the element is told by its attributes and properties.

use callscope_client::Bases;
use callscope_core::calls::{DurationClass, Outcome};
use callscope_core::period::{DateRange, Preset, parse_date};
use callscope_ui::calls::CallSelection;
use callscope_ui::compare::Compared;
use callscope_ui::usage::{Selection, UsagePart};
use web_sys::RequestCredentials;

/// Which report is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// The usage report, or one part of it.
    Usage(UsagePart),
    /// Two versions of an agent.
    Compare,
    /// The calls themselves.
    Calls,
}

/// The names of the views.
const VIEWS: [(&str, View); 8] = [
    ("usage", View::Usage(UsagePart::Whole)),
    ("hourly", View::Usage(UsagePart::Hourly)),
    ("daily", View::Usage(UsagePart::Daily)),
    ("agents", View::Usage(UsagePart::Agents)),
    ("outcomes", View::Usage(UsagePart::Outcomes)),
    ("escalations", View::Usage(UsagePart::Escalations)),
    ("compare", View::Compare),
    ("calls", View::Calls),
];

impl View {
    /// Its name.
    pub(crate) fn key(self) -> &'static str {
        VIEWS.iter().find(|(_, view)| *view == self).map_or("", |(key, _)| key)
    }

    /// Whether what is saved of it is made of several charts, or a table.
    pub(crate) fn is_whole(self) -> bool {
        matches!(self, Self::Usage(UsagePart::Whole) | Self::Compare | Self::Calls)
    }
}

/// Whether requests carry cookies.
const CREDENTIALS: [&str; 3] = ["same-origin", "include", "omit"];

/// The attributes that stand in a page's address under another name.
const ADDRESS_NAMES: [(&str, &str); 9] = [
    ("time-zone", "zone"),
    ("organization", "org"),
    ("version-a", "a"),
    ("version-b", "b"),
    ("end-reason", "reason"),
    ("hangup-source", "source"),
    ("escalation-reason", "handover"),
    ("sort-agents", "sort"),
    ("find-agent", "find"),
];

/// Names and values, as the element has them. What it has not is not among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings(Vec<(String, String)>);

impl Settings {
    /// Of names and values in turn.
    pub(crate) fn new(flat: Vec<String>) -> Self {
        let mut flat = flat.into_iter();
        Self(std::iter::from_fn(|| Some((flat.next()?, flat.next()?))).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The report that is shown; the usage report where none is named.
    pub(crate) fn view(&self) -> Option<View> {
        let Some(key) = self.get("view") else { return Some(View::Usage(UsagePart::Whole)) };
        VIEWS.iter().find(|(known, _)| *known == key).map(|(_, view)| *view)
    }

    /// Whether only the figures are shown, without title and controls.
    pub(crate) fn is_compact(&self) -> bool {
        self.get("compact").is_some()
    }

    /// The tag of the locale that numbers and dates are written in; English where none is named.
    pub(crate) fn locale(&self) -> Option<&str> {
        self.get("locale")
    }

    /// Where the server is. The usage report lies beside the rest, where nothing else is said: `/v1` for
    /// `/atoms/v1`.
    pub(crate) fn bases(&self) -> Bases {
        let standard = Bases::default();
        let trimmed = |name| self.get(name).map(|base| base.trim_end_matches('/').to_owned());
        let atoms = trimmed("api").unwrap_or(standard.atoms);
        let beside = || match atoms.strip_suffix("/atoms/v1") {
            Some(root) => format!("{root}/v1"),
            None => atoms.clone(),
        };
        let usage = trimmed("usage-api").unwrap_or_else(beside);
        Bases { atoms, usage, ..standard }
    }

    /// Whether requests carry cookies.
    pub(crate) fn credentials(&self) -> RequestCredentials {
        match self.get("credentials") {
            Some("include") => RequestCredentials::Include,
            Some("omit") => RequestCredentials::Omit,
            _ => RequestCredentials::SameOrigin,
        }
    }

    /// The names and values that an address would have.
    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        let named = |name: &str| ADDRESS_NAMES.iter().find(|(own, _)| *own == name).map(|(_, address)| *address);
        self.0.iter().map(move |(name, value)| (named(name).unwrap_or(name), value.as_str()))
    }

    /// What a usage report shows.
    pub(crate) fn usage(&self) -> Selection {
        Selection::from_pairs(self.pairs())
    }

    /// What a comparison shows.
    pub(crate) fn compared(&self) -> Compared {
        Compared::from_pairs(self.pairs())
    }

    /// What the list of calls shows.
    pub(crate) fn calls(&self) -> CallSelection {
        CallSelection::from_pairs(self.pairs())
    }

    /// What is wrong with the settings, as a sentence. A report of other days or calls than those that were meant would
    /// mislead.
    pub(crate) fn problem(&self) -> Option<String> {
        let listed = |names: &[&str]| format!("one of '{}'", names.join("', '"));
        self.wrong("view", |key| VIEWS.iter().any(|(known, _)| *known == key), &listed(&VIEWS.map(|(key, _)| key)))
            .or_else(|| self.days_problem())
            .or_else(|| {
                let known = listed(&Preset::ALL.map(Preset::key));
                self.wrong("range", |key| Preset::from_key(key).is_some(), &known)
            })
            .or_else(|| self.wrong("credentials", |key| CREDENTIALS.contains(&key), &listed(&CREDENTIALS)))
            .or_else(|| self.wrong("hour", |text| text.parse::<u8>().is_ok_and(|hour| hour < 24), "one of 0 to 23"))
            .or_else(|| {
                self.wrong("duration", |key| DurationClass::from_key(key).is_some(), "one of '0-1', '1-5', '5+'")
            })
            .or_else(|| {
                let known = "one of 'resolved', 'transferred', 'abandoned', 'other'";
                self.wrong("outcome", |key| Outcome::from_key(key).is_some(), known)
            })
    }

    /// What is wrong with one of them, where it is there and not what it should be.
    pub(crate) fn wrong(&self, name: &str, is_right: fn(&str) -> bool, right: &str) -> Option<String> {
        let given = self.get(name).filter(|given| !is_right(given))?;
        Some(sentence(name, &format!("'{given}' is not {right}")))
    }

    fn days_problem(&self) -> Option<String> {
        let day = |name| self.get(name).map(|text| parse_date(text).map_err(|error| (name, error.to_string())));
        let days = match (day("from"), day("to")) {
            (None, None) => return None,
            (Some(Err(wrong)), _) | (_, Some(Err(wrong))) => Err(wrong),
            (Some(Ok(from)), Some(Ok(to))) => DateRange::new(from, to).map_err(|error| ("to", error.to_string())),
            (Some(_), None) => Err(("to", "it is missing beside 'from'".to_owned())),
            (None, Some(_)) => Err(("from", "it is missing beside 'to'".to_owned())),
        };
        days.err().map(|(name, error)| sentence(name, &error))
    }
}

fn sentence(name: &str, error: &str) -> String {
    format!("The attribute '{name}' is wrong: {error}.")
}

#[cfg(test)]
mod tests {
    use callscope_ui::usage::{Scope, Span};

    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Settings {
        Settings::new(pairs.iter().flat_map(|(name, value)| [(*name).to_owned(), (*value).to_owned()]).collect())
    }

    #[test]
    fn the_usage_report_lies_beside_the_rest() {
        #[track_caller]
        fn check(pairs: &[(&str, &str)], atoms: &str, usage: &str) {
            let bases = settings(pairs).bases();
            assert_eq!((bases.atoms.as_str(), bases.usage.as_str()), (atoms, usage));
        }
        check(&[], "/atoms/v1", "/v1");
        check(&[("api", "https://a.example/atoms/v1/")], "https://a.example/atoms/v1", "https://a.example/v1");
        check(&[("api", "/proxy")], "/proxy", "/proxy");
        check(&[("api", "/proxy"), ("usage-api", "/usage/")], "/proxy", "/usage");
    }

    #[test]
    fn attributes_say_what_addresses_say() {
        let given = settings(&[
            ("organization", "o1"),
            ("from", "2024-05-01"),
            ("to", "2024-05-31"),
            ("time-zone", "Asia/Kolkata"),
            ("agent", "g"),
            ("version-a", "1"),
            ("version-b", "2"),
            ("end-reason", "timeout"),
        ]);
        assert_eq!(given.problem(), None);
        let usage = given.usage();
        let days = DateRange::new(parse_date("2024-05-01").unwrap(), parse_date("2024-05-31").unwrap()).unwrap();
        assert_eq!((usage.span, usage.scope), (Span::Days(days), Scope::Organisation("o1".to_owned())));
        assert_eq!(usage.zone.as_deref(), Some("Asia/Kolkata"));
        let compared = given.compared();
        assert_eq!((compared.a.as_deref(), compared.b.as_deref()), (Some("1"), Some("2")));
        assert_eq!(given.calls().filter.disconnection_reason.as_deref(), Some("timeout"));
    }

    #[test]
    fn what_cannot_be_is_named() {
        #[track_caller]
        fn check(pairs: &[(&str, &str)], named: &str) {
            let problem = settings(pairs).problem().unwrap();
            assert!(problem.contains(named), "{problem}");
        }
        check(&[("view", "usge")], "'usge'");
        check(&[("from", "2024-13-01"), ("to", "2024-05-31")], "'from'");
        check(&[("from", "2024-05-01")], "'to'");
        check(&[("from", "2024-05-02"), ("to", "2024-05-01")], "'to'");
        check(&[("from", "1024-05-02"), ("to", "2024-05-01")], "days");
        check(&[("range", "8")], "'8'");
        check(&[("credentials", "all")], "'all'");
        check(&[("hour", "24")], "'24'");
        check(&[("outcome", "resloved")], "'resloved'");
        check(&[("duration", "1-2")], "'1-2'");
        assert_eq!(settings(&[("hour", "0"), ("outcome", "other"), ("duration", "5+")]).problem(), None);
        assert_eq!(settings(&[]).problem(), None);
        assert_eq!(settings(&[("view", "compare"), ("range", "7d")]).problem(), None);
    }

    #[test]
    fn every_view_has_its_name() {
        for (key, view) in VIEWS {
            assert_eq!(settings(&[("view", key)]).view(), Some(view));
            assert_eq!(view.key(), key);
        }
    }
}
