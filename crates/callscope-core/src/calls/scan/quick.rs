//! A reader of the usual pages: one pass over the bytes, many at a time within texts, with the names of a row's fields
//! expected where those of the row before were.
//!
//! It is built for the pages that servers write. What is unusual – an escape in a field that is read, a name twice, a
//! number with an exponent, a list where a value should be – is left to [`plain`], so that nothing is
//! decided here.

#![expect(clippy::inline_always, reason = "built for size, calls of such small functions take a third of the time")]

use std::borrow::Cow;

use super::PageInfo;
use super::bytes::{Ahead, Expected, Length, Marks, digits, ordinary};
use super::fields::{Field, Fields};
use super::plain::{self, Additions, Analytics, Answer, Latency, Lenient, LenientList, OfAllPages, Row, Scalar};

/// Something that is left to the plain reader.
#[derive(Debug)]
pub(super) struct Unusual;

pub(super) type Read<T> = Result<T, Unusual>;

/// Lists and objects in one another: usual pages have five.
const MOST_NESTED: u32 = 32;
/// Names that are expected of a row.
const MOST_NAMES: usize = 64;
/// More digits may not be exact.
const MOST_DIGITS: usize = 15;
const POWERS: [f64; MOST_DIGITS + 1] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// Takes the rows of a page; each time it says whether the row is a call.
pub(super) trait Rows {
    /// What is kept of a row until it ends.
    type Fields<'a>: Fields<'a>;

    /// Takes a row that was read here; what it leaves of it is not looked at again.
    fn usual(&mut self, fields: &mut Self::Fields<'_>) -> bool;

    /// Takes a row that the plain reader had to read.
    fn unusual(&mut self, row: &mut Row<'_>) -> bool;
}

/// Reads a page, and gives its rows to `rows`.
///
/// # Errors
/// Where the plain reader has to read the page; rows before the place were given by then.
pub(super) fn read<R: Rows>(bytes: &[u8], rows: &mut R) -> Read<PageInfo> {
    let mut page = Page { info: PageInfo::default(), has_logs: false, rows };
    let marks = Marks::new();
    let mut cursor = Cursor { bytes, at: 0, marks: &marks };
    cursor.space();
    page.envelope(&mut cursor, MOST_NESTED)?;
    cursor.space();
    if cursor.at < bytes.len() || !page.has_logs {
        return Err(Unusual);
    }
    Ok(page.info)
}

struct Page<'r, R> {
    info: PageInfo,
    has_logs: bool,
    rows: &'r mut R,
}

impl<R: Rows> Page<'_, R> {
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
        let (mut gaps, mut fields) = (Gaps::default(), R::Fields::default());
        cursor.list(|cursor| {
            let start = cursor.at;
            let is_read = if cursor.row(&mut gaps, &mut fields).is_ok() {
                self.rows.usual(&mut fields)
            } else {
                let rest = cursor.bytes.get(start..).ok_or(Unusual)?;
                let (row, length) = plain::first_row(rest).ok_or(Unusual)?;
                cursor.at = start + length;
                row.is_some_and(|mut row| self.rows.unusual(&mut row))
            };
            self.info.count(is_read);
            Ok(())
        })
    }
}

/// What stood before, between and after the values of the row before: names with all that is around them. Most often
/// it is the same in all rows of a page.
#[derive(Default)]
struct Gaps(Vec<Gap>);

struct Gap {
    bytes: Expected,
    /// The field whose value comes behind; none where the row ends.
    field: Option<Field>,
    /// What [`Seen`] has of that field.
    bit: u32,
    /// Of the texts behind it.
    length: Length,
}

impl Gaps {
    /// Keeps what stands before a value of a row, by its place. What is too long ends what is kept.
    fn learn(&mut self, at: usize, bytes: &[u8], field: Option<Field>) {
        let Some(bytes) = Expected::new(bytes) else { return self.0.truncate(at) };
        let bit = field.map_or(0, Field::bit);
        let gap = Gap { bytes, field, bit, length: Length::default() };
        if let Some(known) = self.0.get_mut(at) {
            *known = gap;
        } else if at == self.0.len() && at < MOST_NAMES {
            self.0.push(gap);
        }
    }
}

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

/// A field's number among some names; of one that is not there, the last number.
type Ordinal = u8;
const OTHER: Ordinal = u8::MAX;

fn number_of(names: &[&[u8]], name: &[u8]) -> Ordinal {
    names.iter().position(|of| *of == name).map_or(OTHER, |at| at as Ordinal)
}

/// Where the reader stands.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    marks: &'a Marks,
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

    /// A row of the list: as the row before for as long as it is like it, then by any names.
    #[inline(never)]
    fn row<F: Fields<'a>>(&mut self, gaps: &mut Gaps, fields: &mut F) -> Read<()> {
        // A copy that nothing points to stays in registers.
        let (mut cursor, mut seen, mut count) = (*self, Seen::default(), 0);
        fields.clear();
        for gap in &mut gaps.0 {
            let Some(ahead) = Ahead::of(cursor.bytes, cursor.at) else { break };
            let Some(start) = ahead.begins_with(&gap.bytes) else { break };
            let Some(field) = gap.field else {
                self.at = cursor.at + start;
                return Ok(());
            };
            count += 1;
            seen.once(gap.bit)?;
            if let Some(text) = ahead.text(start, self.marks, &mut gap.length) {
                cursor.at += start + text.len() + 2;
                fields.text(field, text);
            } else {
                cursor.at += start;
                cursor.value(field, fields)?;
            }
        }
        self.at = cursor.rest_of_row(gaps, count, seen, fields)?.at;
        Ok(())
    }

    #[inline(never)]
    fn rest_of_row<F: Fields<'a>>(
        mut self,
        gaps: &mut Gaps,
        from: usize,
        mut seen: Seen,
        fields: &mut F,
    ) -> Read<Self> {
        for at in from.. {
            let start = self.at;
            let field = self.gap(at == 0)?;
            gaps.learn(at, self.bytes.get(start..self.at).ok_or(Unusual)?, field);
            let Some(field) = field else { break };
            seen.once(field.bit())?;
            self.value(field, fields)?;
        }
        Ok(self)
    }

    /// Reads the value of a field.
    #[inline(always)]
    fn value<F: Fields<'a>>(&mut self, field: Field, fields: &mut F) -> Read<()> {
        if let Some(text) = self.ordinary_text() {
            fields.text(field, text);
        } else if let Some(number) = self.usual_number() {
            fields.number(field, number);
        } else {
            self.at = fields.read(field, *self)?.at;
        }
        Ok(())
    }

    /// What stands before a value of a row, or after the last one.
    fn gap(&mut self, is_first: bool) -> Read<Option<Field>> {
        if is_first {
            self.take(b'{')?;
        }
        self.space();
        if self.takes(b'}') {
            return Ok(None);
        }
        if !is_first {
            self.take(b',')?;
            self.space();
        }
        let field = Field::of(self.name()?);
        self.space();
        Ok(Some(field))
    }

    /// An object, or null in its place.
    pub(super) fn lenient<T>(&mut self, object: impl Fn(&mut Self) -> Read<T>) -> Read<Lenient<T>> {
        if self.peek() == Some(b'n') {
            return self.word(b"null").map(|()| Lenient(None));
        }
        object(self).map(|object| Lenient(Some(object)))
    }

    pub(super) fn latency(&mut self) -> Read<Latency<'a>> {
        let (mut latency, mut seen) = (Latency::default(), Seen::default());
        self.object(|cursor, name| {
            if name == b"avgLatency" {
                seen.once(bit_of(0))?;
                latency.avg_latency = cursor.scalar()?;
                return Ok(());
            }
            cursor.skip(MOST_NESTED)
        })?;
        Ok(latency)
    }

    pub(super) fn analytics(&mut self, is_kept: bool) -> Read<Analytics<'a>> {
        let (mut analytics, mut seen) = (Analytics::default(), Seen::default());
        self.object(|cursor, name| {
            if name == b"dispositionMetrics" {
                seen.once(bit_of(0))?;
                return cursor.answers(is_kept, &mut analytics.disposition_metrics);
            }
            cursor.skip(MOST_NESTED)
        })?;
        Ok(analytics)
    }

    fn answers(&mut self, is_kept: bool, answers: &mut LenientList<Answer<'a>>) -> Read<()> {
        self.list(|cursor| {
            let (mut answer, mut seen) = (Answer::default(), Seen::default());
            cursor.object(|cursor, name| {
                let (number, field) = match name {
                    b"identifier" => (0, &mut answer.identifier),
                    b"value" => (1, &mut answer.value),
                    b"confidence" => (2, &mut answer.confidence),
                    _ => return cursor.skip(MOST_NESTED),
                };
                seen.once(bit_of(number))?;
                *field = cursor.scalar()?;
                Ok(())
            })?;
            if is_kept {
                answers.0.push(answer);
            }
            Ok(())
        })
    }

    pub(super) fn additions(&mut self) -> Read<Additions<'a>> {
        let (mut of, mut seen) = (Additions::default(), Seen::default());
        self.object(|cursor, name| {
            let number = number_of(&ADDITIONS, name);
            seen.once(bit_of(number))?;
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

    pub(super) fn scalar(&mut self) -> Read<Scalar<'a>> {
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

    /// A text of nothing but ordinary bytes, where one stands here.
    #[inline(always)]
    fn ordinary_text(&mut self) -> Option<&'a [u8]> {
        let (b'"', rest) = self.rest().split_first()? else { return None };
        let length = ordinary(rest, self.marks);
        if rest.get(length) != Some(&b'"') {
            return None;
        }
        self.at += length + 2;
        rest.get(..length)
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
            self.at += ordinary(self.rest(), self.marks);
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

    /// A number as it is written with few digits.
    fn number(&mut self) -> Read<f64> {
        self.usual_number().map(Number::value).ok_or(Unusual)
    }

    /// A number of few digits, where one stands here.
    #[inline(always)]
    fn usual_number(&mut self) -> Option<Number<'a>> {
        let (rest, start) = (self.rest(), usize::from(self.peek() == Some(b'-')));
        let whole = rest.get(start..)?;
        let (whole, behind) = whole.split_at_checked(digits(whole, self.marks))?;
        let (decimals, behind) = match behind {
            [b'.', behind @ ..] => {
                let (decimals, behind) = behind.split_at_checked(digits(behind, self.marks))?;
                (Some(decimals), behind)
            }
            _ => (None, behind),
        };
        let has_leading_zero = matches!(whole, [b'0', _, ..]);
        let number = Number { is_negative: start > 0, whole, decimals: decimals.unwrap_or_default() };
        let is_usual = !whole.is_empty()
            && !has_leading_zero
            && decimals != Some(&[])
            && whole.len() + number.decimals.len() <= MOST_DIGITS
            && !matches!(behind, [b'e' | b'E', ..]);
        if !is_usual {
            return None;
        }
        self.at += rest.len() - behind.len();
        Some(number)
    }

    /// Passes over the value of a field that nobody asks for.
    pub(super) fn skip_any(&mut self) -> Read<()> {
        self.skip(MOST_NESTED)
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
            self.at += ordinary(self.rest(), self.marks);
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

/// A number as it is written, of few digits.
#[derive(Clone, Copy)]
pub(super) struct Number<'a> {
    is_negative: bool,
    whole: &'a [u8],
    decimals: &'a [u8],
}

impl Number<'_> {
    /// Its figures as a whole number over a power of ten, which is exact.
    pub(super) fn value(self) -> f64 {
        let read = |before: u64, digit: &u8| before * 10 + u64::from(digit - b'0');
        let figures = self.decimals.iter().fold(self.whole.iter().fold(0, read), read) as f64;
        let value = POWERS.get(self.decimals.len()).map_or(figures, |power| figures / power);
        if self.is_negative { -value } else { value }
    }
}

/// The fields that a row had so far: a name twice is an error, which the plain reader tells.
#[derive(Default)]
struct Seen(u32);

impl Seen {
    #[inline(always)]
    fn once(&mut self, bit: u32) -> Read<()> {
        if self.0 & bit != 0 {
            return Err(Unusual);
        }
        self.0 |= bit;
        Ok(())
    }
}

/// The bit of a name among some; none of one that is not among them.
#[inline(always)]
fn bit_of(number: Ordinal) -> u32 {
    1_u32.checked_shl(u32::from(number)).unwrap_or(0)
}
