//! Instants as RFC 3339 writes them.

use crate::period::DAY_MS;

/// An instant as RFC 3339 writes it, in Unix milliseconds; none where it is none.
pub fn parse_ms(text: &str) -> Option<i64> {
    usual_ms(text.as_bytes()).or_else(|| {
        let instant = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).ok()?;
        i64::try_from(instant.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
    })
}

/// As [`parse_ms`] says, of the bytes of a text.
pub(super) fn parse_ms_of_bytes(text: &[u8]) -> Option<i64> {
    usual_ms(text).or_else(|| parse_ms(std::str::from_utf8(text).ok()?))
}

/// An instant of UTC to the second or the millisecond, as nearly all servers write it: pages hold thousands. Eight bytes
/// are looked at in one step.
fn usual_ms(text: &[u8]) -> Option<i64> {
    let (clock, millis) = text.split_first_chunk::<19>()?;
    let millis = match *millis {
        [b'.', a, b, c, b'Z'] => Eight::of(*b"00000000").with([a, b, c]),
        [b'Z'] => Eight::of(*b"00000000"),
        _ => return None,
    };
    let [a, b, c] =
        [clock.first_chunk()?, clock.get(8..)?.first_chunk()?, clock.last_chunk()?].map(|of| Eight::of(*of));
    let are_digits =
        a.is_like(*b"0000-00-") && b.is_like(*b"00T00:00") && c.is_like(*b"00:00:00") && millis.is_like(*b"00000000");
    let (hour, minute, second) = (b.pair(3), b.pair(6), c.pair(6));
    let is_clock = are_digits && hour < 24 && minute < 60 && second < 60;
    let day = epoch_day(a.pair(0) * 100 + a.pair(2), a.pair(5), b.pair(0)).filter(|_| is_clock)?;
    let millis = millis.pair(0) * 10 + millis.pair(2) / 10;
    Some(i64::from(day) * DAY_MS + i64::from(((hour * 60 + minute) * 60 + second) * 1000 + millis))
}

/// Eight bytes of an instant, the first of them lowest.
#[derive(Clone, Copy)]
struct Eight(u64);

impl Eight {
    fn of(bytes: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(bytes))
    }

    /// These, with others in the place of the first.
    fn with(self, [a, b, c]: [u8; 3]) -> Self {
        Self(self.0 >> 24 << 24 | u64::from(u32::from_le_bytes([a, b, c, 0])))
    }

    /// Whether there is a digit wherever a form has one, and else what it has.
    #[inline(always)]
    fn is_like(self, form: [u8; 8]) -> bool {
        const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
        const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);
        /// What takes ten, and no digit, over the edge.
        const SIX: u64 = u64::from_le_bytes([6; 8]);
        let are_digits = u64::from_le_bytes(form.map(|byte| if byte == b'0' { u8::MAX } else { 0 }));
        // Bytes that are no digits are made zeros first, so that nothing is carried over from them.
        let digits = self.0 & are_digits | ZEROS & !are_digits;
        digits & HIGH == ZEROS
            && digits.wrapping_add(SIX) & HIGH == ZEROS
            && (self.0 ^ u64::from_le_bytes(form)) & !are_digits == 0
    }

    /// The number that two digits are.
    fn pair(self, at: u32) -> u32 {
        let pair = (self.0 >> (8 * at)) as u32 & 0x0f0f;
        (pair & 0xf) * 10 + (pair >> 8)
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, by the number of days before its year and its month;
/// none where there is no such date.
fn epoch_day(year: u32, month: u32, day: u32) -> Option<i32> {
    const BEFORE: [u16; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    const LENGTH: [u8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    /// From the first day of the year 0 to 1970-01-01.
    const EPOCH: i32 = 719_528;
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let index = month.wrapping_sub(1) as usize;
    let length = u32::from(*LENGTH.get(index)?) + u32::from(is_leap && month == 2);
    if day == 0 || day > length {
        return None;
    }
    // The year 0 is a leap year, and no year before it counts.
    let leaps_before = year.div_ceil(4) - year.div_ceil(100) + year.div_ceil(400);
    let before = year * 365 + leaps_before + u32::from(*BEFORE.get(index)?) + u32::from(is_leap && month > 2);
    Some((before + day) as i32 - 1 - EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_form_is_read_as_any_other() {
        for (text, usual) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2024-02-29T23:59:59.999Z", Some(1_709_251_199_999)),
            ("1969-12-31T23:59:59.999Z", Some(-1)),
            ("2023-02-29T00:00:00Z", None),
            ("2024-05-01T24:00:00Z", None),
            ("2024-05-01T00:00:60Z", None),
            ("2024-05-01T00:00:00.5Z", None),
            ("2024-05-01t00:00:00z", None),
            ("2024-05-01T00:00:00+02:00", None),
            ("2024-05-01T0a:00:00Z", None),
            ("Z", None),
            (".123Z", None),
        ] {
            assert_eq!(usual_ms(text.as_bytes()), usual, "{text}");
            let other = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339);
            let other = other.ok().map(|instant| instant.unix_timestamp_nanos().div_euclid(1_000_000) as i64);
            assert!(usual.is_none() || usual == other, "{text}");
            assert_eq!(parse_ms(text), other, "{text}");
        }
    }
}
