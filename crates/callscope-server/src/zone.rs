//! The system's zone database → the table of offsets that core cuts days by.

use callscope_core::period::{Transition, Zone};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A name that no time zone has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a time zone of the IANA database")]
pub struct UnknownZone(pub String);

/// An instant in Unix milliseconds as answers hold it, RFC 3339 in UTC; none where it lies beyond the calendar.
pub fn rfc3339(ms: i64) -> Option<String> {
    Timestamp::from_millisecond(ms).ok().map(|at| at.to_string())
}

/// The zone of an IANA name, with its offsets from a week before `from_ms` to a week after `to_ms`.
///
/// # Errors
/// Where there is no such zone.
pub fn zone(name: &str, from_ms: i64, to_ms: i64) -> Result<Zone, UnknownZone> {
    const WEEK_MS: i64 = 7 * 86_400_000;
    let unknown = || UnknownZone(name.chars().take(64).collect());
    let well_formed = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b));
    if !well_formed || name.len() > 64 {
        return Err(unknown());
    }
    let tz = TimeZone::get(name).map_err(|_| unknown())?;
    if tz.is_unknown() {
        return Err(unknown());
    }
    let at = |ms: i64| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let start = at(from_ms.saturating_sub(WEEK_MS));
    let end = at(to_ms.saturating_add(WEEK_MS));
    let transitions: Vec<Transition> = tz
        .following(start)
        .take_while(|transition| transition.timestamp() <= end)
        .map(|transition| Transition {
            at_secs: transition.timestamp().as_second(),
            offset_secs: transition.offset().seconds(),
        })
        .collect();
    Zone::new(name, tz.to_offset(start).seconds(), &transitions).map_err(|_| unknown())
}
