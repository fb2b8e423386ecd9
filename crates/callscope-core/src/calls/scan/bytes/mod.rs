//! What the quick reader asks of many bytes at once: sixteen where the processor compares as many in one step, eight
//! within a whole number elsewhere.

#![expect(clippy::inline_always, reason = "built for size, calls of such small functions take a third of the time")]

#[cfg(any(test, not(any(target_feature = "simd128", target_feature = "sse2"))))]
mod eight;
#[cfg(any(target_feature = "simd128", target_feature = "sse2"))]
mod sixteen;

#[cfg(not(any(target_feature = "simd128", target_feature = "sse2")))]
use eight as step;
#[cfg(any(target_feature = "simd128", target_feature = "sse2"))]
use sixteen as step;

pub(super) use step::Marks;
use step::{Start, WIDTH, special};

/// How many bytes at the beginning are neither the end of a text, nor an escape, a control character, or beyond ASCII.
#[inline(always)]
pub(super) fn ordinary(bytes: &[u8], marks: &Marks) -> usize {
    let (chunks, _) = bytes.as_chunks::<WIDTH>();
    let mut at = 0;
    for chunk in chunks {
        if let Some(inside) = special(*chunk, marks) {
            return at + inside;
        }
        at += WIDTH;
    }
    at + bytes.get(at..).unwrap_or_default().iter().take_while(|byte| is_ordinary(**byte)).count()
}

fn is_ordinary(byte: u8) -> bool {
    !matches!(byte, b'"' | b'\\' | 0..0x20 | 0x80..)
}

/// How many digits there are at the beginning.
#[inline(always)]
pub(super) fn digits(bytes: &[u8], marks: &Marks) -> usize {
    if let Some(first) = bytes.first_chunk() {
        let count = step::digits(*first, marks);
        if count < WIDTH {
            return count;
        }
    }
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// What comes next: enough for what is expected, and for a short text behind it.
pub(super) struct Ahead<'a>(&'a [u8; AHEAD]);

const AHEAD: usize = 64;
/// The longest text, and most that can be expected.
const MOST: usize = 31;

/// Bytes that are expected to come next.
#[derive(Clone, Copy)]
pub(super) struct Expected {
    start: Start,
    length: usize,
}

impl Expected {
    /// None where there are too many of them.
    pub(super) fn new(bytes: &[u8]) -> Option<Self> {
        (bytes.len() <= MOST).then(|| Self { start: Start::of(bytes), length: bytes.len() })
    }
}

/// How long the texts of a field are, as far as it is known.
#[derive(Clone, Copy, Default)]
pub(super) enum Length {
    #[default]
    Unknown,
    /// So far all were as long: a processor reads on from there before it has looked at the text. One of 32 is found,
    /// and never expected again.
    Always(u8),
    /// Where it would be guessed wrong each time.
    Varies,
}

impl Length {
    /// The place of the lowest bit.
    #[inline(always)]
    fn of(&mut self, found: u32) -> usize {
        let length = || found.trailing_zeros() as usize;
        match *self {
            Self::Always(usual) => {
                let usual = usual & MOST as u8;
                if found & (2_u32 << usual).wrapping_sub(1) == 1 << usual {
                    return usize::from(usual);
                }
                *self = Self::Varies;
            }
            Self::Unknown => *self = Self::Always(length() as u8),
            Self::Varies => (),
        }
        length()
    }
}

impl<'a> Ahead<'a> {
    /// What comes at a place; none where less is left.
    #[inline(always)]
    pub(super) fn of(bytes: &'a [u8], at: usize) -> Option<Self> {
        bytes.get(at..)?.first_chunk().map(Self)
    }

    /// How many bytes were expected, where they come next.
    #[inline(always)]
    pub(super) fn begins_with(&self, expected: &Expected) -> Option<usize> {
        let (chunks, _) = self.0.as_chunks::<32>();
        chunks.first().is_some_and(|first| expected.start.is(first)).then_some(expected.length & MOST)
    }

    /// The text behind some bytes, where there is a short one and all that is in it is ordinary.
    #[inline(always)]
    pub(super) fn text(&self, start: usize, marks: &Marks, length: &mut Length) -> Option<&'a [u8]> {
        let (b'"', behind) = self.0.get(start & MOST..)?.split_first()? else { return None };
        let found = step::specials(behind.first_chunk()?, marks);
        let length = length.of(found);
        (behind.get(length) == Some(&b'"')).then(|| behind.get(..length))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_in_every_place_is_found() {
        for byte in 0..=u8::MAX {
            for at in 0..40 {
                let mut bytes = [b'a'; 40];
                bytes[at] = byte;
                assert_eq!(ordinary(&bytes, &Marks::new()), if is_ordinary(byte) { 40 } else { at }, "{byte} at {at}");
                if let Some(eight) = bytes[at / 8 * 8..].first_chunk() {
                    assert_eq!(
                        eight::special(*eight, &eight::Marks::new()),
                        (!is_ordinary(byte)).then_some(at % 8),
                        "{byte} at {at}"
                    );
                }
            }
        }
    }

    #[test]
    fn digits_are_counted_to_the_first_that_is_none() {
        for byte in 0..=u8::MAX {
            for at in 0..40 {
                let mut bytes = [b'7'; 40];
                bytes[at] = byte;
                let count = if byte.is_ascii_digit() { 40 } else { at };
                assert_eq!(digits(&bytes, &Marks::new()), count, "{byte} at {at}");
                assert_eq!(eight::digits(*bytes.first_chunk().unwrap(), &eight::Marks::new()), count.min(8));
            }
        }
    }

    #[test]
    fn what_is_expected_is_told_from_what_differs_anywhere() {
        let bytes: Vec<u8> = (b'0'..=b'z').collect();
        for length in 0..=MOST {
            let expected = Expected::new(&bytes[..length]).unwrap();
            let of_eight = eight::Start::of(&bytes[..length]);
            assert_eq!(Ahead::of(&bytes, 0).unwrap().begins_with(&expected), Some(length));
            for at in 0..bytes.len() {
                let mut other = bytes.clone();
                other[at] = b'!';
                let begins = Ahead::of(&other, 0).unwrap().begins_with(&expected);
                assert_eq!(begins, (at >= length).then_some(length), "{at} of {length}");
                assert_eq!(of_eight.is(other.first_chunk().unwrap()), at >= length, "{at} of {length}");
            }
        }
        assert!(Expected::new(&bytes[..=MOST]).is_none() && Ahead::of(&bytes[..AHEAD - 1], 0).is_none());
    }

    #[test]
    fn a_short_text_is_found_whatever_was_expected_of_its_length() {
        let marks = Marks::new();
        for start in 0..=MOST {
            for length in 0..=MOST {
                let mut bytes = [b'a'; AHEAD + 2];
                (bytes[start], bytes[start + 1 + length]) = (b'"', b'"');
                let found = Some(length);
                for mut expected in [Length::Unknown, Length::Varies, Length::Always(3), Length::Always(length as u8)] {
                    let text = Ahead::of(&bytes, 0).unwrap().text(start, &marks, &mut expected);
                    assert_eq!(text.map(<[u8]>::len), found, "{length} from {start}");
                }
                bytes[start + 1 + length / 2] = b'\n';
                assert!(Ahead::of(&bytes, 0).unwrap().text(start, &marks, &mut Length::Always(length as u8)).is_none());
                let behind = bytes[start + 1..].first_chunk().unwrap();
                assert_eq!(eight::specials(behind, &eight::Marks::new()).trailing_zeros() as usize, length / 2);
            }
        }
    }
}
