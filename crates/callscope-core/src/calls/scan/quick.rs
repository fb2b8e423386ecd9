//! A reader of the usual pages: one pass over the bytes, eight at a time within texts, with the names of a row's fields
//! expected where those of the row before were.
//!
//! It is built for the pages that servers write. What is unusual – an escape in a field that is read, a name twice, a
//! number with an exponent, a list where a value should be – is left to [`plain`], so that nothing is
//! decided here.

#![expect(clippy::inline_always, reason = "built for size, calls of such small functions take a third of the time")]

use std::borrow::Cow;

use super::PageInfo;
use super::plain::{self, Additions, Analytics, Answer, Latency, Lenient, LenientList, OfAllPages, Row, Scalar};

/// Something that is left to the plain reader.
#[derive(Debug)]
pub(super) struct Unusual;

type Read<T> = Result<T, Unusual>;

/// Lists and objects in one another: usual pages have five.
const MOST_NESTED: u32 = 32;
/// Names that are expected of a row.
const MOST_NAMES: usize = 64;
/// More digits may not be exact.
const MOST_DIGITS: usize = 15;
const POWERS: [f64; MOST_DIGITS + 1] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// Reads a page, and gives every row to `each`, which says whether it is a call.
///
/// # Errors
/// Where the plain reader has to read the page; rows before the place were given by then.
pub(super) fn rows(bytes: &[u8], needed: Needed, each: &mut dyn FnMut(Row<'_>) -> bool) -> Read<PageInfo> {
    let mut page = Page { info: PageInfo::default(), has_logs: false, each };
    let mut cursor = Cursor { bytes, at: 0, needed };
    cursor.space();
    page.envelope(&mut cursor, MOST_NESTED)?;
    cursor.space();
    if cursor.at < bytes.len() || !page.has_logs {
        return Err(Unusual);
    }
    Ok(page.info)
}

/// What of a row is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needed {
    /// All that a row may say.
    Everything,
    /// What the usage figures need. The rest is only looked at: it must be what it should be.
    Usage,
}

struct Page<'s> {
    info: PageInfo,
    has_logs: bool,
    each: &'s mut dyn FnMut(Row<'_>) -> bool,
}

impl Page<'_> {
    fn envelope(&mut self, cursor: &mut Cursor<'_>, nested: u32) -> Read<()> {
        let nested = nested.checked_sub(1).ok_or(Unusual)?;
        cursor.object(|cursor, name| match name {
            b"data" => self.envelope(cursor, nested),
            b"logs" => self.logs(cursor),
            b"pagination" => self.of_all_pages(plain::pagination(cursor.skipped(nested)?)),
            b"total" => self.of_all_pages(plain::total(cursor.skipped(nested)?)),
            _ => cursor.skip(nested),
        })
    }

    fn of_all_pages(&mut self, said: Option<OfAllPages>) -> Read<()> {
        let said = said.ok_or(Unusual)?;
        self.info.total = said.total.or(self.info.total);
        self.info.has_more = said.has_more.or(self.info.has_more);
        Ok(())
    }

    fn logs(&mut self, cursor: &mut Cursor<'_>) -> Read<()> {
        self.has_logs = true;
        let mut names = Names::default();
        cursor.list(|cursor| {
            let start = cursor.at;
            let is_read = if let Ok(row) = cursor.row(&mut names) {
                (self.each)(row)
            } else {
                let rest = cursor.bytes.get(start..).ok_or(Unusual)?;
                let (row, length) = plain::first_row(rest).ok_or(Unusual)?;
                cursor.at = start + length;
                row.is_some_and(&mut *self.each)
            };
            self.info.count(is_read);
            Ok(())
        })
    }
}

/// The names of the fields of the row before, in their order, each in quotes and with what it means.
#[derive(Default)]
struct Names<'a> {
    known: Vec<(&'a [u8], Name)>,
    next: usize,
}

impl<'a> Names<'a> {
    /// Reads a name and the colon after it: first, whether it is the one that stood here in the row before.
    fn read(&mut self, cursor: &mut Cursor<'a>, meaning: fn(&[u8]) -> Name) -> Read<Name> {
        let at = self.next;
        self.next += 1;
        if let Some((quoted, name)) = self.known.get(at)
            && cursor.rest().starts_with(quoted)
        {
            cursor.at += quoted.len();
            return Ok(*name);
        }
        let start = cursor.at;
        let name = meaning(cursor.name()?);
        let quoted = cursor.bytes.get(start..cursor.at).ok_or(Unusual)?;
        if let Some(known) = self.known.get_mut(at) {
            *known = (quoted, name);
        } else if self.known.len() < MOST_NAMES {
            self.known.push((quoted, name));
        }
        Ok(name)
    }
}

/// A field of a row, by its number; of one that nobody knows the last number.
type Name = u8;
const OTHER: Name = u8::MAX;

const FIELDS: [&[u8]; 17] = [
    b"callId",
    b"createdAt",
    b"duration",
    b"status",
    b"type",
    b"from",
    b"to",
    b"agentId",
    b"campaignId",
    b"versionId",
    b"versionNumber",
    b"disconnectionReason",
    b"isTest",
    b"callCost",
    b"turnLatencyMetrics",
    b"postCallAnalytics",
    b"callscope",
];

/// Those of them that the usage figures do not need.
const UNUSED: [Name; 8] = [4, 5, 6, 8, 9, 10, 12, 13];

const ADDITIONS: [&[u8]; 10] = [
    b"outcome",
    b"responseMs",
    b"positiveSentiment",
    b"corrections",
    b"cachedTokens",
    b"allTokens",
    b"transcriptConfidence",
    b"toolCalls",
    b"toolErrors",
    b"escalationReason",
];

fn number_of(names: &[&[u8]], name: &[u8]) -> Name {
    names.iter().position(|of| *of == name).map_or(OTHER, |at| at as Name)
}

/// Where the reader stands.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    needed: Needed,
}

impl<'a> Cursor<'a> {
    #[inline(always)]
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline(always)]
    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    #[inline(always)]
    fn take(&mut self, byte: u8) -> Read<()> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(Unusual)
    }

    #[inline(always)]
    fn takes(&mut self, byte: u8) -> bool {
        self.take(byte).is_ok()
    }

    /// Reads an object; `member` reads each value, with its name.
    fn object(&mut self, mut member: impl FnMut(&mut Self, &'a [u8]) -> Read<()>) -> Read<()> {
        self.members(|cursor| {
            let name = cursor.name()?;
            cursor.space();
            member(cursor, name)
        })
    }

    /// Reads an object; `member` reads each name with its value.
    #[inline(always)]
    fn members(&mut self, mut member: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.take(b'{')?;
        self.parts(b'}', &mut member)
    }

    fn list(&mut self, mut item: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.take(b'[')?;
        self.parts(b']', &mut item)
    }

    #[inline(always)]
    fn parts(&mut self, end: u8, part: &mut impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.space();
        if self.takes(end) {
            return Ok(());
        }
        loop {
            self.space();
            part(self)?;
            self.space();
            if !self.takes(b',') {
                return self.take(end);
            }
        }
    }

    /// A name with the colon after it.
    fn name(&mut self) -> Read<&'a [u8]> {
        let name = self.plain_text()?;
        self.space();
        self.take(b':')?;
        Ok(name)
    }

    /// A row of the list.
    fn row(&mut self, names: &mut Names<'a>) -> Read<Row<'a>> {
        let mut row = Row::default();
        let mut seen = Seen::default();
        names.next = 0;
        self.members(|cursor| {
            let name = names.read(cursor, |name| number_of(&FIELDS, name))?;
            cursor.space();
            seen.once(name)?;
            let field = match name {
                0 => &mut row.call_id,
                1 => &mut row.created_at,
                2 => &mut row.duration,
                3 => &mut row.status,
                4 => &mut row.call_type,
                5 => &mut row.from,
                6 => &mut row.to,
                7 => &mut row.agent_id,
                8 => &mut row.campaign_id,
                9 => &mut row.version_id,
                10 => &mut row.version_number,
                11 => &mut row.disconnection_reason,
                12 => &mut row.is_test,
                13 => &mut row.call_cost,
                14 => {
                    row.turn_latency_metrics = cursor.lenient(Self::latency)?;
                    return Ok(());
                }
                15 => {
                    row.post_call_analytics = cursor.lenient(Self::analytics)?;
                    return Ok(());
                }
                16 => {
                    row.callscope = cursor.lenient(Self::additions)?;
                    return Ok(());
                }
                _ => return cursor.skip(MOST_NESTED),
            };
            if cursor.needed == Needed::Usage && UNUSED.contains(&name) {
                return cursor.unused();
            }
            *field = cursor.scalar()?;
            Ok(())
        })?;
        Ok(row)
    }

    /// An object, or null in its place.
    fn lenient<T>(&mut self, object: impl Fn(&mut Self) -> Read<T>) -> Read<Lenient<T>> {
        if self.peek() == Some(b'n') {
            return self.word(b"null").map(|()| Lenient(None));
        }
        object(self).map(|object| Lenient(Some(object)))
    }

    fn latency(&mut self) -> Read<Latency<'a>> {
        let (mut latency, mut seen) = (Latency::default(), Seen::default());
        self.object(|cursor, name| {
            if name == b"avgLatency" {
                seen.once(0)?;
                latency.avg_latency = cursor.scalar()?;
                return Ok(());
            }
            cursor.skip(MOST_NESTED)
        })?;
        Ok(latency)
    }

    fn analytics(&mut self) -> Read<Analytics<'a>> {
        let (mut analytics, mut seen) = (Analytics::default(), Seen::default());
        self.object(|cursor, name| {
            if name == b"dispositionMetrics" {
                seen.once(0)?;
                return cursor.answers(&mut analytics.disposition_metrics);
            }
            cursor.skip(MOST_NESTED)
        })?;
        Ok(analytics)
    }

    fn answers(&mut self, answers: &mut LenientList<Answer<'a>>) -> Read<()> {
        self.list(|cursor| {
            let (mut answer, mut seen) = (Answer::default(), Seen::default());
            cursor.object(|cursor, name| {
                let (number, field) = match name {
                    b"identifier" => (0, &mut answer.identifier),
                    b"value" => (1, &mut answer.value),
                    b"confidence" => (2, &mut answer.confidence),
                    _ => return cursor.skip(MOST_NESTED),
                };
                seen.once(number)?;
                if cursor.needed == Needed::Usage {
                    return cursor.unused();
                }
                *field = cursor.scalar()?;
                Ok(())
            })?;
            if cursor.needed == Needed::Everything {
                answers.0.push(answer);
            }
            Ok(())
        })
    }

    fn additions(&mut self) -> Read<Additions<'a>> {
        let (mut of, mut seen) = (Additions::default(), Seen::default());
        self.object(|cursor, name| {
            let number = number_of(&ADDITIONS, name);
            seen.once(number)?;
            let field = match number {
                0 => &mut of.outcome,
                1 => &mut of.response_ms,
                2 => &mut of.positive_sentiment,
                3 => &mut of.corrections,
                4 => &mut of.cached_tokens,
                5 => &mut of.all_tokens,
                6 => &mut of.transcript_confidence,
                7 => &mut of.tool_calls,
                8 => &mut of.tool_errors,
                9 => &mut of.escalation_reason,
                _ => return cursor.skip(MOST_NESTED),
            };
            *field = cursor.scalar()?;
            Ok(())
        })?;
        Ok(of)
    }

    fn scalar(&mut self) -> Read<Scalar<'a>> {
        match self.peek() {
            Some(b'"') => {
                let text = std::str::from_utf8(self.plain_text()?).map_err(|_| Unusual)?;
                Ok(Scalar::Text(Cow::Borrowed(text)))
            }
            Some(b'n') => self.word(b"null").map(|()| Scalar::Nothing),
            Some(b't') => self.word(b"true").map(|()| Scalar::Truth(true)),
            Some(b'f') => self.word(b"false").map(|()| Scalar::Truth(false)),
            _ => self.number().map(Scalar::Number),
        }
    }

    /// A value without parts that nobody asks for: read all the same, since a bad one spoils the page.
    fn unused(&mut self) -> Read<()> {
        match self.peek() {
            Some(b'"') => self.plain_text().map(|_| ()),
            _ => self.scalar().map(|_| ()),
        }
    }

    fn word(&mut self, word: &[u8]) -> Read<()> {
        if self.rest().starts_with(word) {
            self.at += word.len();
            return Ok(());
        }
        Err(Unusual)
    }

    /// A text without an escape, and where it has bytes beyond ASCII, of whole characters.
    fn plain_text(&mut self) -> Read<&'a [u8]> {
        self.take(b'"')?;
        let start = self.at;
        let mut is_ascii = true;
        loop {
            self.at += ordinary(self.rest());
            match self.peek() {
                Some(b'"') => break,
                Some(byte) if byte >= 0x80 => {
                    is_ascii = false;
                    self.at += 1;
                }
                _ => return Err(Unusual),
            }
        }
        let text = self.bytes.get(start..self.at).ok_or(Unusual)?;
        if !is_ascii && std::str::from_utf8(text).is_err() {
            return Err(Unusual);
        }
        self.at += 1;
        Ok(text)
    }

    /// A number as it is written with few digits: its figures as a whole number over a power of ten, which is exact.
    fn number(&mut self) -> Read<f64> {
        let is_negative = self.takes(b'-');
        let start = self.at;
        let mut figures = self.digits(0);
        let whole = self.at - start;
        let has_leading_zero = whole > 1 && self.bytes.get(start) == Some(&b'0');
        let mut decimals = 0;
        if self.takes(b'.') {
            let point = self.at;
            figures = self.digits(figures);
            decimals = self.at - point;
            if decimals == 0 {
                return Err(Unusual);
            }
        }
        let is_usual = whole > 0 && !has_leading_zero && whole + decimals <= MOST_DIGITS;
        if !is_usual || matches!(self.peek(), Some(b'e' | b'E')) {
            return Err(Unusual);
        }
        let number = figures as f64 / POWERS.get(decimals).ok_or(Unusual)?;
        Ok(if is_negative { -number } else { number })
    }

    #[inline(always)]
    fn digits(&mut self, before: u64) -> u64 {
        let mut figures = before;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            figures = figures.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        figures
    }

    /// The bytes of a value that is passed over.
    fn skipped(&mut self, nested: u32) -> Read<&'a [u8]> {
        let start = self.at;
        self.skip(nested)?;
        self.bytes.get(start..self.at).ok_or(Unusual)
    }

    /// Passes over a value, and sees to it that it is one.
    fn skip(&mut self, nested: u32) -> Read<()> {
        match self.peek() {
            Some(b'"') => self.skip_text(),
            Some(b'n') => self.word(b"null"),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'[') => {
                let nested = nested.checked_sub(1).ok_or(Unusual)?;
                self.list(|cursor| cursor.skip(nested))
            }
            Some(b'{') => {
                let nested = nested.checked_sub(1).ok_or(Unusual)?;
                self.members(|cursor| {
                    cursor.skip_text()?;
                    cursor.space();
                    cursor.take(b':')?;
                    cursor.space();
                    cursor.skip(nested)
                })
            }
            _ => self.number().map(|_| ()),
        }
    }

    fn skip_text(&mut self) -> Read<()> {
        self.take(b'"')?;
        loop {
            self.at += ordinary(self.rest());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(byte) if byte >= 0x80 => self.at += 1,
                _ => return Err(Unusual),
            }
        }
    }

    fn escape(&mut self) -> Read<()> {
        let escaped = self.bytes.get(self.at + 1).copied();
        let length = match escaped {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') => {
                let digits = self.bytes.get(self.at + 2..self.at + 6).ok_or(Unusual)?;
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(Unusual);
                }
                6
            }
            _ => return Err(Unusual),
        };
        self.at += length;
        Ok(())
    }
}

/// The fields that a row had so far: a name twice is an error, which the plain reader tells.
#[derive(Default)]
struct Seen(u32);

impl Seen {
    #[inline(always)]
    fn once(&mut self, name: Name) -> Read<()> {
        let bit = 1_u32.checked_shl(u32::from(name)).unwrap_or(0);
        if self.0 & bit != 0 {
            return Err(Unusual);
        }
        self.0 |= bit;
        Ok(())
    }
}

/// How many bytes at the beginning are neither the end of a text, nor an escape, a control character, or beyond ASCII.
#[inline(always)]
fn ordinary(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // The lowest byte that is found is one that is there: a borrow only reaches bytes above it.
    let zero = |eight: u64| eight.wrapping_sub(ONES) & !eight;
    let (eights, _) = bytes.as_chunks::<8>();
    let mut at = 0;
    for eight in eights {
        let eight = u64::from_le_bytes(*eight);
        let found = zero(eight ^ (ONES * u64::from(b'"')))
            | zero(eight ^ (ONES * u64::from(b'\\')))
            | (eight.wrapping_sub(ONES * 0x20) & !eight)
            | eight;
        let found = found & HIGH;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let is_ordinary = |byte: &&u8| !matches!(**byte, b'"' | b'\\' | 0..0x20 | 0x80..);
    at + bytes.get(at..).unwrap_or_default().iter().take_while(is_ordinary).count()
}
