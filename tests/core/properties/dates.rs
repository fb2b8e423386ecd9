//! Dates, ranges and zones.

use callscope_core::period::{Date, DateRange, Preset, Transition, Zone, add_days, days_between, iso_date, parse_date};
use proptest::collection::vec;
use proptest::prelude::*;

use super::config;

const DAY_SECS: i64 = 86_400;

fn any_date() -> impl Strategy<Value = Date> {
    (0..60_000).prop_map(|days| add_days(Date::constant(1950, 1, 1), days))
}

/// Any table of transitions that is allowed: any offsets at any instants.
fn wild_zone() -> impl Strategy<Value = Zone> {
    let transition = (-100_000_000_i64..2_000_000_000, -86_399..=86_399_i32)
        .prop_map(|(at_secs, offset_secs)| Transition { at_secs, offset_secs });
    // Some of them very near each other.
    let near =
        (0..400_000_i64, -86_399..=86_399_i32).prop_map(|(at_secs, offset_secs)| Transition { at_secs, offset_secs });
    (-86_399..=86_399_i32, vec(prop_oneof![transition, near], 0..12)).prop_map(|(first, mut transitions)| {
        transitions.sort_by_key(|transition| transition.at_secs);
        Zone::new("Test/Wild", first, &transitions).unwrap()
    })
}

/// A table as zones in use have it: at most one change of up to three hours in every three days from
/// 1970 on, that neither repeats a midnight nor skips the hours before one.
fn mild_zone() -> impl Strategy<Value = Zone> {
    let change = (3..12_i64, 0..DAY_SECS, prop_oneof![Just(3600_i32), Just(1800), 1..10_800], any::<bool>());
    (-43_200..=43_200_i32, vec(change, 0..10)).prop_map(|(first_offset_secs, changes)| {
        let (mut day, mut offset) = (0, first_offset_secs);
        let mut transitions = Vec::new();
        for (days_later, second_of_day, shift, is_back) in changes {
            day += days_later;
            let is_back = if offset.abs() > 43_200 { offset > 0 } else { is_back };
            let shift = if is_back { -shift } else { shift };
            // Both what the clock shows before the change and what it shows after lie on this day.
            let second_of_day = second_of_day.max(-i64::from(shift)).min(DAY_SECS - 1 - i64::from(shift.max(0)));
            let at_secs = day * DAY_SECS + second_of_day - i64::from(offset);
            offset += shift;
            transitions.push(Transition { at_secs, offset_secs: offset });
        }
        Zone::new("Test/Mild", first_offset_secs, &transitions).unwrap()
    })
}

/// Days that the transitions of the zones above fall on, and some before and after.
fn any_range() -> impl Strategy<Value = DateRange> {
    (-10..120_i32, 0..20_i32).prop_map(|(first, more)| {
        let first = add_days(Date::constant(1970, 1, 1), first);
        DateRange::new(first, add_days(first, more)).unwrap()
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_date_is_read_as_it_was_written(date in any_date()) {
        prop_assert_eq!(parse_date(&iso_date(date)).unwrap(), date);
    }

    #[test]
    fn the_previous_period_is_the_nearest_on_the_same_weekdays(range in any_range()) {
        let previous = range.previous();
        prop_assert_eq!(previous.len_days(), range.len_days());
        prop_assert_eq!(previous.first().weekday(), range.first().weekday());
        prop_assert!((0..7).contains(&(days_between(previous.last(), range.first()) - 1)));
        prop_assert_eq!(range.days().count() as i32, range.len_days());
        prop_assert!(range.days().all(|date| range.contains(date) && !previous.contains(date)));
    }

    #[test]
    fn presets_are_ranges_up_to_today(today in any_date()) {
        for preset in Preset::ALL {
            let range = preset.range(today);
            prop_assert_eq!(DateRange::new(range.first(), today).unwrap(), range);
        }
    }

    /// A day begins at the first instant that shows its date or a later one, in any zone at all.
    #[test]
    fn days_begin_in_order_and_fill_the_span(zone in wild_zone(), range in any_range()) {
        let mut length_secs = 0;
        for date in range.days() {
            let start_ms = zone.start_of_day_ms(date);
            prop_assert!(zone.local(start_ms).date >= date, "{} {:?}", date, zone);
            prop_assert!(zone.local(start_ms - 1).date < date, "{} {:?}", date, zone);
            prop_assert!(zone.day_length_secs(date) >= 0, "{} {:?}", date, zone);
            length_secs += zone.day_length_secs(date);
        }
        let (start_ms, end_ms) = range.instants_ms(&zone);
        prop_assert_eq!(length_secs * 1000, end_ms - start_ms);
    }

    /// In zones as they are, an instant shows the date of the day it lies in, the wall shows the
    /// instant plus the offset, and the lengths of days tell the changes of clock.
    #[test]
    fn instants_show_their_day(zone in mild_zone(), range in any_range(), seed in vec(0.0..1.0, 8)) {
        for date in range.days() {
            let (start_ms, end_ms) = DateRange::day(date).instants_ms(&zone);
            prop_assert!(end_ms > start_ms);
            let inside = seed.iter().map(|part| start_ms + ((end_ms - start_ms) as f64 * part) as i64);
            for at_ms in inside.chain([start_ms, end_ms - 1]) {
                let local = zone.local(at_ms);
                prop_assert_eq!(local.date, date, "{} in {:?}", at_ms, zone);
                let shown_secs = i64::from(days_between(Date::constant(1970, 1, 1), local.date)) * DAY_SECS
                    + i64::from(local.hour) * 3600
                    + i64::from(local.minute) * 60;
                let wall_secs = at_ms.div_euclid(1000) + i64::from(zone.offset_secs_at(at_ms.div_euclid(1000)));
                prop_assert_eq!(wall_secs - wall_secs.rem_euclid(60), shown_secs);
            }
            let shifts: i64 =
                zone.clock_changes(DateRange::day(date)).iter().map(|change| i64::from(change.shift_secs)).sum();
            prop_assert_eq!(zone.day_length_secs(date), DAY_SECS - shifts);
        }
        let changes = zone.clock_changes(range);
        prop_assert!(changes.iter().all(|change| range.contains(change.date) && change.shift_secs != 0));
    }
}
