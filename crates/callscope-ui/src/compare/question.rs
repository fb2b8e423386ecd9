//! Selection, agent, versions and clock → what is asked of the server.

use callscope_client::CompareRequest;
use callscope_core::agents::{AgentSummary, AgentVersion};
use callscope_core::compare::Asked;
use callscope_core::period::{Date, DateRange, Zone};

use super::selection::Compared;
use crate::usage::{Now, Span};

/// What the page asks, and what it is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Question {
    pub(super) request: CompareRequest,
    /// The local day that is now.
    pub(super) today: Date,
    /// The zone by which days are cut.
    pub(super) zone: String,
    /// What people call the agent, A and B; ids where the lists do not hold them.
    pub(super) agent: String,
    pub(super) versions: [String; 2],
}

impl Question {
    /// The question of a selection; none where a side is neither chosen nor left to take. `zone_of`
    /// gives a zone's offsets over a span of milliseconds.
    pub(super) fn new(
        selection: &Compared,
        agent: &AgentSummary,
        versions: &[AgentVersion],
        now: Now,
        zone_of: impl Fn(&str, i64, i64) -> Option<Zone>,
    ) -> Option<Self> {
        let [version_a, version_b] = pair(selection, versions)?;
        let zone = zone(selection, agent, now, &zone_of);
        let today = zone.local(now.0).date;
        let range = selection.span.map(|span| match span {
            Span::Preset(preset) => preset.range(today),
            Span::Days(range) => range,
        });
        let title = |id: &String| {
            versions.iter().find(|version| version.id == *id).map_or_else(|| id.clone(), AgentVersion::title)
        };
        let titles = [title(&version_a), title(&version_b)];
        let asked = Asked { version_a, version_b, range };
        let time_zone = Some(zone.name().to_owned());
        Some(Self {
            request: CompareRequest { agent_id: agent.id.clone(), asked, time_zone },
            today,
            zone: zone.name().to_owned(),
            agent: agent.name.clone(),
            versions: titles,
        })
    }

    /// The days asked for; none for all there are.
    pub(super) fn range(&self) -> Option<DateRange> {
        self.request.asked.range
    }
}

/// The chosen zone where it is one, else the agent's, else UTC.
fn zone(
    selection: &Compared,
    agent: &AgentSummary,
    now: Now,
    zone_of: &impl Fn(&str, i64, i64) -> Option<Zone>,
) -> Zone {
    let names = [selection.zone.as_deref(), agent.time_zone.as_deref()];
    names.into_iter().flatten().find_map(|name| zone_of(name, now.0, now.0)).unwrap_or_else(Zone::utc)
}

/// The ids of A and B: those chosen; else for B the newest, for A the newest other than B. None where a
/// side is neither chosen nor left to take. Versions come the newest first.
fn pair(selection: &Compared, versions: &[AgentVersion]) -> Option<[String; 2]> {
    let newest = versions.first().map(|version| version.id.clone());
    let b = selection.b.clone().or(newest)?;
    let other = || versions.iter().find(|version| version.id != b).map(|version| version.id.clone());
    // A version is compared with itself only where somebody asks for it.
    let a = selection.a.clone().or_else(other).or_else(|| selection.b.clone())?;
    Some([a, b])
}

#[cfg(test)]
mod tests {
    use callscope_core::period::parse_date;

    use super::*;

    fn version(id: &str) -> AgentVersion {
        AgentVersion::of_id(id)
    }

    fn agent(time_zone: Option<&str>) -> AgentSummary {
        AgentSummary {
            id: "g".to_owned(),
            name: "Desk".to_owned(),
            organisation_id: Some("o".to_owned()),
            active_version_id: None,
            time_zone: time_zone.map(str::to_owned),
            status: None,
        }
    }

    #[test]
    fn the_newest_two_are_compared_where_none_are_chosen() {
        let versions = [version("3"), version("2"), version("1")];
        let chosen = |a: Option<&str>, b: Option<&str>| {
            let selection = Compared { a: a.map(str::to_owned), b: b.map(str::to_owned), ..Compared::default() };
            pair(&selection, &versions).unwrap()
        };
        assert_eq!(chosen(None, None), ["2", "3"]);
        assert_eq!(chosen(Some("1"), None), ["1", "3"]);
        assert_eq!(chosen(None, Some("2")), ["3", "2"]);
        assert_eq!(chosen(Some("9"), Some("9")), ["9", "9"]);
        assert_eq!(pair(&Compared::default(), &versions[..1]), None);
        let same = Compared { b: Some("3".to_owned()), ..Compared::default() };
        assert_eq!(pair(&same, &versions[..1]).unwrap(), ["3", "3"]);
        assert_eq!(pair(&Compared::default(), &[]), None);
    }

    #[test]
    fn days_are_cut_by_the_agents_zone_unless_another_is_chosen() {
        let zone_of = |name: &str, _, _| (name != "Mars").then(|| Zone::new(name, 19_800, &[]).unwrap());
        let of = |chosen: Option<&str>, own| {
            let span = Some(Span::Preset(callscope_core::period::Preset::Days7));
            let selection = Compared { zone: chosen.map(str::to_owned), span, ..Compared::default() };
            // 2024-05-15 20:00 UTC, which is the 16th in a zone of +05:30.
            let question =
                Question::new(&selection, &agent(own), &[version("2"), version("1")], Now(1_715_803_200_000), zone_of)
                    .unwrap();
            (question.zone.clone(), question.range().unwrap().last())
        };
        let day = |text| parse_date(text).unwrap();
        assert_eq!(of(None, Some("Asia/Kolkata")), ("Asia/Kolkata".to_owned(), day("2024-05-16")));
        assert_eq!(of(Some("Mars"), Some("Asia/Kolkata")).0, "Asia/Kolkata");
        assert_eq!(of(Some("Asia/Colombo"), Some("Asia/Kolkata")).0, "Asia/Colombo");
        assert_eq!(of(None, None), ("UTC".to_owned(), day("2024-05-15")));
    }
}
