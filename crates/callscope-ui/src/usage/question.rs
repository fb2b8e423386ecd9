//! Selection, account and clock → what is asked of the server.

use callscope_client::UsageRequest;
use callscope_core::format;
use callscope_core::period::{ClockChange, Date, DateRange, Zone, add_days};
use callscope_core::session::{Session, SessionOrganisation};
use callscope_core::usage::Asked;

use super::selection::{Scope, Selection, Span};

/// The instant that counts as now, in Unix milliseconds. The samples have one of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now(pub i64);

/// What the page asks, and what it is about in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The days shown.
    pub range: DateRange,
    /// The zone by which they are cut.
    pub zone: Zone,
    /// What is asked for them.
    pub request: UsageRequest,
    /// What is asked for the previous period.
    pub previous: Option<UsageRequest>,
    /// The day of the range that is still running; the previous period is cut at the same time.
    pub today: Option<Date>,
    /// Whose calls, where they are not everybody's.
    pub scope_name: Option<String>,
    /// Whether it is known which zone the fleet works by.
    pub knows_fleet: bool,
    /// The zone that was chosen but is none.
    pub unknown_zone: Option<String>,
}

impl Question {
    /// The question of a selection. `zone_of` gives a zone's offsets over a span of milliseconds.
    pub fn new(
        selection: &Selection,
        session: &Session,
        now: Now,
        zone_of: impl Fn(&str, i64, i64) -> Option<Zone>,
    ) -> Self {
        const DAY_MS: i64 = 86_400_000;
        let fleet = fleet_zone(&selection.scope, session);
        let chosen = selection.zone.as_deref().unwrap_or(&fleet);
        let about = |name: &str| zone_of(name, now.0, now.0);
        let is_known = about(chosen).is_some();
        let name = if is_known { chosen } else { &fleet };
        let today = about(name).unwrap_or_else(Zone::utc).local(now.0).date;
        let range = match selection.span {
            Span::Preset(preset) => preset.range(today),
            Span::Days(range) => range,
        };
        let previous_range = range.previous();
        let rough = |date| Zone::utc().start_of_day_ms(date);
        let span = (rough(previous_range.first()) - DAY_MS, rough(range.last()) + 2 * DAY_MS);
        let zone = zone_of(name, span.0, span.1).unwrap_or_else(Zone::utc);
        let running = Some(today).filter(|today| range.contains(*today));
        let request = |range: DateRange, to_ms: Option<i64>| {
            let (from_ms, end_ms) = range.instants_ms(&zone);
            let asked = Asked { range, narrowing: selection.narrowing.clone() };
            let (organisation_id, reseller_id) = match &selection.scope {
                Scope::Everything => (None, None),
                Scope::Organisation(id) => (Some(id.clone()), None),
                Scope::Reseller(id) => (None, Some(id.clone())),
            };
            let to_ms = to_ms.unwrap_or(end_ms - 1);
            UsageRequest { organisation_id, reseller_id, from_ms, to_ms, zone: zone.clone(), asked }
        };
        // A period that is still running is compared with as much of the one before.
        let cut = running.map(|today| zone.same_time_on_ms(add_days(today, -range.weeks_back_days()), now.0));
        Self {
            request: request(range, None),
            previous: (!selection.alone).then(|| request(previous_range, cut)),
            range,
            today: running,
            knows_fleet: !session.organisations.is_empty(),
            scope_name: scope_name(&selection.scope, session),
            unknown_zone: (!is_known).then(|| chosen.to_owned()),
            zone,
        }
    }

    /// The days with a change of clock.
    pub fn clock_changes(&self) -> Vec<ClockChange> {
        self.zone.clock_changes(self.range)
    }

    /// The period in words.
    pub fn period(&self) -> String {
        format::date_range(self.range.first(), self.range.last())
    }

    /// Period and zone in words.
    pub fn dated(&self) -> String {
        format!("{} · {}", self.period(), self.zone.name())
    }

    /// Period, zone and comparison in words.
    pub fn context(&self) -> String {
        let shown = self.dated();
        let Some(previous) = &self.previous else { return shown };
        let until = if self.today.is_some() { ", up to the same time" } else { "" };
        let before = format::date_range(previous.asked.range.first(), previous.asked.range.last());
        format!("{shown} · compared with {before}, same weekdays{until}")
    }
}

fn scope_name(scope: &Scope, session: &Session) -> Option<String> {
    match scope {
        Scope::Everything => None,
        Scope::Organisation(id) => session.organisations.iter().find(|of| of.id == *id).map(|of| of.name.clone()),
        Scope::Reseller(id) => session.resellers.iter().find(|of| of.id == *id).map(|of| of.name.clone()),
    }
}

/// The zone of the organisations in a scope: the one they share, else UTC. The server has the same rule.
fn fleet_zone(scope: &Scope, session: &Session) -> String {
    let is_inside = |organisation: &&SessionOrganisation| match scope {
        Scope::Everything => true,
        Scope::Organisation(id) => organisation.id == *id,
        Scope::Reseller(id) => organisation.reseller_id.as_ref() == Some(id),
    };
    let mut zones = session.organisations.iter().filter(is_inside).map(|organisation| organisation.time_zone.as_str());
    let first = zones.next().unwrap_or("UTC");
    if zones.all(|zone| zone == first) { first.to_owned() } else { "UTC".to_owned() }
}

#[cfg(test)]
mod tests {
    use callscope_core::period::{Preset, parse_date};

    use super::*;

    #[test]
    fn a_running_day_is_compared_up_to_the_same_time() {
        // 2024-05-15 12:00 UTC, a Wednesday.
        let noon = 1_715_774_400_000;
        let selection = Selection { span: Span::Preset(Preset::Days7), ..Selection::default() };
        let question = Question::new(&selection, &Session::default(), Now(noon), |_, _, _| Some(Zone::utc()));
        assert_eq!(question.range.last(), parse_date("2024-05-15").unwrap());
        let previous = question.previous.clone().unwrap();
        assert_eq!(previous.to_ms, noon - 7 * 86_400_000);
        assert!(question.context().ends_with("same weekdays, up to the same time"), "{}", question.context());
    }

    #[test]
    fn a_month_that_is_not_over_is_compared_with_as_much_of_the_one_before() {
        let noon = 1_715_774_400_000;
        let day = |text| parse_date(text).unwrap();
        let range = DateRange::new(day("2024-05-01"), day("2024-05-31")).unwrap();
        let selection = Selection { span: Span::Days(range), ..Selection::default() };
        let question = Question::new(&selection, &Session::default(), Now(noon), |_, _, _| Some(Zone::utc()));
        assert_eq!(question.today, Some(day("2024-05-15")));
        assert_eq!(question.previous.unwrap().to_ms, noon - 35 * 86_400_000);
    }

    #[test]
    fn an_unknown_zone_is_said_and_the_fleets_is_taken() {
        let zone_of = |name: &str, _, _| (name == "UTC").then(Zone::utc);
        let selection = Selection { zone: Some("Mars/Olympus".to_owned()), ..Selection::default() };
        let question = Question::new(&selection, &Session::default(), Now(0), zone_of);
        assert_eq!(question.unknown_zone.as_deref(), Some("Mars/Olympus"));
        assert_eq!(question.zone.name(), "UTC");
    }
}
