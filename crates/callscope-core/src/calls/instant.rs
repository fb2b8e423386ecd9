//! Instants as RFC 3339 writes them.

use crate::period::{DAY_MS, Date};

/// An instant as RFC 3339 writes it, in Unix milliseconds; none where it is none.
pub fn parse_ms(text: &str) -> Option<i64> {
    usual_ms(text.as_bytes()).or_else(|| {
        let instant = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).ok()?;
        i64::try_from(instant.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
    })
}

/// An instant of UTC to the second or the millisecond, as nearly all servers write it: pages hold thousands.
fn usual_ms(text: &[u8]) -> Option<i64> {
    let (clock, millis) = match text {
        [clock @ .., b'.', a, b, c, b'Z'] => (clock, number(&[*a, *b, *c])?),
        [clock @ .., b'Z'] => (clock, 0),
        _ => return None,
    };
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1] = clock else {
        return None;
    };
    let date =
        Date::new(number(&[*y0, *y1, *y2, *y3])? as i32, number(&[*m0, *m1])? as u8, number(&[*d0, *d1])? as u8)?;
    let (hour, minute, second) = (number(&[*h0, *h1])?, number(&[*n0, *n1])?, number(&[*s0, *s1])?);
    let is_clock = hour < 24 && minute < 60 && second < 60;
    is_clock.then(|| date.epoch_day() * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + millis)
}

fn number(digits: &[u8]) -> Option<i64> {
    let digit = |digit: &u8| digit.is_ascii_digit().then(|| i64::from(digit - b'0'));
    digits.iter().try_fold(0, |before, of| Some(before * 10 + digit(of)?))
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
