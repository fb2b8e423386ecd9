//! The offsets of one time zone, as a table given from outside.

use super::{Date, DateRange, add_days};
use crate::Error;

/// A day without a change of clock, in seconds.
pub(crate) const DAY_SECS: i64 = 86_400;
/// A day without a change of clock, in milliseconds.
pub const DAY_MS: i64 = DAY_SECS * 1000;
/// The widest offset in use is +14 h; a table with more than a day is a mistake.
const WIDEST_OFFSET_SECS: i32 = 86_399;

/// From this instant on, local time is UTC plus this offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// First instant of the offset, in Unix seconds.
    pub at_secs: i64,
    /// Local time minus UTC, in seconds: positive east of Greenwich.
    pub offset_secs: i32,
}

/// A time zone by name, with the offsets it had over the span that is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: String,
    /// The offset before the first transition.
    first_offset_secs: i32,
    /// Sorted by instant, each with another offset than the one before.
    transitions: Vec<Transition>,
}

/// An instant as the clock on the wall shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// The civil date.
    pub date: Date,
    /// The hour, 0–23.
    pub hour: u8,
    /// The minute, 0–59.
    pub minute: u8,
}

/// A day on which the clock is set forward or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockChange {
    /// The local date.
    pub date: Date,
    /// By how much the clock moves: positive where it is set forward and the day is shorter.
    pub shift_secs: i32,
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), first_offset_secs: 0, transitions: Vec::new() }
    }

    /// A zone from its name, the offset before the first transition, and the transitions.
    ///
    /// # Errors
    /// Where an offset is wider than a day or the transitions are out of order.
    pub fn new(name: impl Into<String>, first_offset_secs: i32, transitions: &[Transition]) -> Result<Self, Error> {
        let name = name.into();
        let offsets = transitions.iter().map(|t| t.offset_secs).chain([first_offset_secs]);
        if offsets.clone().any(|offset| offset.abs() > WIDEST_OFFSET_SECS) {
            return Err(Error::invalid(format!("an offset of the zone {name} is wider than a day")));
        }
        if !transitions.is_sorted_by_key(|t| t.at_secs) {
            return Err(Error::invalid(format!("the transitions of the zone {name} are out of order")));
        }
        let mut kept: Vec<Transition> = Vec::new();
        for transition in transitions {
            let before = kept.last().map_or(first_offset_secs, |t| t.offset_secs);
            if transition.offset_secs != before {
                kept.push(*transition);
            }
        }
        Ok(Self { name, first_offset_secs, transitions: kept })
    }

    /// The zone's name, as in the IANA database.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Local time minus UTC at an instant (Unix seconds), in seconds.
    pub fn offset_secs_at(&self, at_secs: i64) -> i32 {
        let after = self.transitions.partition_point(|t| t.at_secs <= at_secs);
        after.checked_sub(1).and_then(|i| self.transitions.get(i)).map_or(self.first_offset_secs, |t| t.offset_secs)
    }

    /// The offsets in force from one instant (Unix seconds) to another: each with the instant from which
    /// on it is, in order; the first from the beginning of the span.
    pub fn offsets_between(&self, from_secs: i64, to_secs: i64) -> Vec<(i64, i32)> {
        let inside = self.transitions.iter().filter(|t| t.at_secs > from_secs && t.at_secs <= to_secs);
        let inside = inside.map(|t| (t.at_secs, t.offset_secs));
        std::iter::once((from_secs, self.offset_secs_at(from_secs))).chain(inside).collect()
    }

    /// Whether every offset in force between two instants (Unix milliseconds), and every change of it, is a whole
    /// number of some stretch of time, in milliseconds.
    pub fn keeps_to(&self, step_ms: i64, (from_ms, to_ms): (i64, i64)) -> bool {
        let mut changes = self.offsets_between(from_ms.div_euclid(1000), to_ms.div_euclid(1000)).into_iter();
        let is_whole = |secs: i64| secs.saturating_mul(1000).checked_rem(step_ms) == Some(0);
        changes.next().is_none_or(|(_, first)| is_whole(i64::from(first)))
            && changes.all(|(at_secs, offset)| is_whole(at_secs) && is_whole(i64::from(offset)))
    }

    /// What the clock on the wall shows at an instant (Unix milliseconds), in seconds since it showed 1970-01-01.
    pub(crate) fn local_secs(&self, at_ms: i64) -> i64 {
        let at_secs = at_ms.div_euclid(1000);
        at_secs.saturating_add(i64::from(self.offset_secs_at(at_secs)))
    }

    /// What the clock on the wall shows at an instant (Unix milliseconds).
    pub fn local(&self, at_ms: i64) -> LocalTime {
        let local_secs = self.local_secs(at_ms);
        let second_of_day = local_secs.rem_euclid(DAY_SECS);
        LocalTime {
            date: Date::from_epoch_day(local_secs.div_euclid(DAY_SECS)),
            hour: (second_of_day / 3600) as u8,
            minute: (second_of_day / 60 % 60) as u8,
        }
    }

    /// The first instant of a local date, in Unix milliseconds. Where midnight is skipped by a
    /// change of clock, that is the instant of the change.
    pub fn start_of_day_ms(&self, date: Date) -> i64 {
        self.instant_secs(date.epoch_day() * DAY_SECS) * 1000
    }

    /// The earliest instant at which the wall shows a local time, given in seconds as if it were
    /// UTC; for a time that is skipped, the instant of the change.
    /// The instant, in Unix milliseconds, at which a day's clock shows the same time as another
    /// instant's. A time that the day skips is the moment of the change.
    pub fn same_time_on_ms(&self, date: Date, at_ms: i64) -> i64 {
        let at_secs = at_ms.div_euclid(1000);
        let clock_secs = (at_secs + i64::from(self.offset_secs_at(at_secs))).rem_euclid(DAY_SECS);
        self.instant_secs(date.epoch_day() * DAY_SECS + clock_secs) * 1000 + at_ms.rem_euclid(1000)
    }

    fn instant_secs(&self, local_secs: i64) -> i64 {
        // Offsets span less than two days, so only transitions this near can matter.
        let near = 2 * DAY_SECS;
        let from = self.transitions.partition_point(|t| t.at_secs < local_secs - near);
        let before = from.checked_sub(1).and_then(|i| self.transitions.get(i));
        let mut offset = before.map_or(self.first_offset_secs, |t| t.offset_secs);
        for next in self.transitions.iter().skip(from) {
            let candidate = local_secs - i64::from(offset);
            if candidate < next.at_secs {
                return candidate;
            }
            if local_secs - i64::from(next.offset_secs) < next.at_secs {
                return next.at_secs;
            }
            offset = next.offset_secs;
        }
        local_secs - i64::from(offset)
    }

    /// How long a local date lasts, in seconds: 86,400 but for changes of clock.
    pub fn day_length_secs(&self, date: Date) -> i64 {
        (self.start_of_day_ms(add_days(date, 1)) - self.start_of_day_ms(date)) / 1000
    }

    /// The days of a range on which the clock changes.
    pub fn clock_changes(&self, range: DateRange) -> Vec<ClockChange> {
        let (start_ms, end_ms) = range.instants_ms(self);
        let mut offset = self.offset_secs_at(start_ms.div_euclid(1000) - 1);
        let mut changes = Vec::new();
        for transition in &self.transitions {
            let at_ms = transition.at_secs.saturating_mul(1000);
            let shift_secs = transition.offset_secs - offset;
            if at_ms >= start_ms && at_ms <= end_ms {
                changes.push(ClockChange { date: self.changed_day(at_ms), shift_secs });
                offset = transition.offset_secs;
            }
        }
        changes.retain(|change| range.contains(change.date));
        changes
    }

    /// The day that a change of clock makes shorter or longer: the one before it or the one after,
    /// which differ where the clock moves at midnight.
    fn changed_day(&self, at_ms: i64) -> Date {
        let (before, after) = (self.local(at_ms - 1).date, self.local(at_ms).date);
        if self.day_length_secs(before) == DAY_SECS { after } else { before }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::parse_date;

    /// Europe/Berlin in 2024: forward on 31 March 01:00 UTC, back on 27 October 01:00 UTC.
    fn berlin() -> Zone {
        Zone::new(
            "Europe/Berlin",
            3600,
            &[
                Transition { at_secs: 1_711_846_800, offset_secs: 7200 },
                Transition { at_secs: 1_729_990_800, offset_secs: 3600 },
            ],
        )
        .unwrap()
    }

    /// Beirut sets its clock forward at midnight: 31 March 2024 begins at 01:00.
    fn beirut() -> Zone {
        Zone::new("Asia/Beirut", 7200, &[Transition { at_secs: 1_711_836_000, offset_secs: 10_800 }]).unwrap()
    }

    #[track_caller]
    fn check_day(zone: &Zone, date: &str, start_ms: i64, hours: i64) {
        let date = parse_date(date).unwrap();
        assert_eq!(zone.start_of_day_ms(date), start_ms, "{date}");
        assert_eq!(zone.day_length_secs(date), hours * 3600, "{date}");
        assert_eq!(zone.local(start_ms).date, date);
        assert_eq!(zone.local(start_ms - 1).date, add_days(date, -1));
    }

    #[test]
    fn the_same_time_of_another_day_heeds_the_clock() {
        let zone = berlin();
        // Sunday 7 April 2024, 23:30 in Berlin; a week before, the day had 23 hours.
        let now = 1_712_525_400_000;
        let before = zone.same_time_on_ms(crate::period::parse_date("2024-03-31").unwrap(), now);
        assert_eq!(now - before, 7 * 86_400_000);
        assert_eq!(zone.local(before).hour, 23);
        // The other way: 31 March, 12:00, a week after 24 March in winter time.
        let noon = 1_711_879_200_000;
        let before = zone.same_time_on_ms(crate::period::parse_date("2024-03-24").unwrap(), noon);
        assert_eq!((zone.local(noon).hour, zone.local(before).hour), (12, 12));
        assert_eq!(noon - before, 7 * 86_400_000 - 3_600_000);
    }

    #[test]
    fn days_of_23_and_25_hours() {
        check_day(&berlin(), "2024-03-30", 1_711_753_200_000, 24);
        check_day(&berlin(), "2024-03-31", 1_711_839_600_000, 23);
        check_day(&berlin(), "2024-04-01", 1_711_922_400_000, 24);
        check_day(&berlin(), "2024-10-27", 1_729_980_000_000, 25);
        check_day(&berlin(), "2024-10-28", 1_730_070_000_000, 24);
        check_day(&Zone::utc(), "1970-01-01", 0, 24);
    }

    #[test]
    fn a_skipped_midnight_begins_at_the_change() {
        check_day(&beirut(), "2024-03-31", 1_711_836_000_000, 23);
        assert_eq!(beirut().local(1_711_836_000_000).hour, 1);
    }

    #[test]
    fn changes_of_clock_are_listed_on_their_day() {
        let year = DateRange::new(parse_date("2024-01-01").unwrap(), parse_date("2024-12-31").unwrap()).unwrap();
        let changes: Vec<_> = berlin().clock_changes(year).iter().map(|c| (c.date.to_string(), c.shift_secs)).collect();
        assert_eq!(changes, [("2024-03-31".to_owned(), 3600), ("2024-10-27".to_owned(), -3600)]);
        let one_day = DateRange::day(parse_date("2024-03-31").unwrap());
        assert_eq!(beirut().clock_changes(one_day).len(), 1);
    }

    #[test]
    fn tables_are_checked() {
        assert!(Zone::new("X", 90_000, &[]).is_err());
        let (a, b) = (Transition { at_secs: 2, offset_secs: 0 }, Transition { at_secs: 1, offset_secs: 1 });
        assert!(Zone::new("X", 0, &[a, b]).is_err());
        assert_eq!(Zone::utc().local(-1).hour, 23);
    }
}
