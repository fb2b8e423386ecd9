//! On which line of a file a byte stands.
//!
//! The reader of tables counts rows: line ends inside quotes and blank lines escape it. Here every
//! line end that passes is noted, so that a refusal names the line that an editor shows.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// A line end: its offset, and whether nothing but a `\r` may stand before it on its line.
#[derive(Clone, Copy)]
struct LineEnd {
    at: u64,
    after_return: bool,
}

#[derive(Default)]
struct Noted {
    /// How many bytes have passed.
    offset: u64,
    /// Whether the end has been met.
    is_ended: bool,
    /// Where the last row ended.
    row_end: u64,
    last_byte: u8,
    /// Line ends that have passed and were not counted yet.
    ends: VecDeque<LineEnd>,
    /// Line ends that were counted.
    counted: u64,
    /// Offsets of quotes that have passed and were not taken yet.
    quotes: VecDeque<u64>,
}

/// Tells lines of what a [`Watched`] reader has read.
#[derive(Clone, Default)]
pub(super) struct Lines(Arc<Mutex<Noted>>);

/// A reader whose line ends are noted.
pub(super) struct Watched<R> {
    inner: R,
    lines: Lines,
}

impl Lines {
    /// A reader that notes its line ends here.
    pub(super) fn watch<R: Read>(&self, inner: R) -> Watched<R> {
        Watched { inner, lines: self.clone() }
    }

    /// The line, from 1, of the first byte at or after an offset that is not on a blank line.
    /// Offsets must be asked for in order.
    pub(super) fn at(&self, offset: u64) -> u64 {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut start = offset;
        while let Some(end) = noted.ends.front().copied() {
            let is_blank = end.at == start || (end.after_return && end.at == start + 1);
            if end.at >= start && !is_blank {
                break;
            }
            noted.ends.pop_front();
            noted.counted += 1;
            start = start.max(end.at + 1);
        }
        noted.counted + 1
    }
}

impl Lines {
    /// How many quotes stand before an offset, those left out that were taken before. An odd number
    /// in the last row says that a quote was never closed.
    pub(super) fn take_quotes(&self, before: u64) -> usize {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.row_end = before;
        let count = noted.quotes.partition_point(|at| *at < before);
        noted.quotes.drain(..count);
        count
    }
}

impl Lines {
    /// Whether an offset is the end of what there is.
    pub(super) fn is_end(&self, offset: u64) -> bool {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.is_ended && noted.offset == offset
    }
}

/// A row that is still going on after so many bytes would fill the memory.
const LONGEST_ROW: u64 = 16 * 1024 * 1024;

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let mut noted = self.lines.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.is_ended |= read == 0 && !buffer.is_empty();
        if noted.offset - noted.row_end > LONGEST_ROW {
            return Err(io::Error::other("no row ends within 16 MB: a quote is not closed, or this is no table"));
        }
        for byte in buffer.iter().take(read) {
            if *byte == b'\n' {
                let end = LineEnd { at: noted.offset, after_return: noted.last_byte == b'\r' };
                noted.ends.push_back(end);
            }
            if *byte == b'"' {
                let at = noted.offset;
                noted.quotes.push_back(at);
            }
            noted.offset += 1;
            noted.last_byte = *byte;
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_and_line_ends_in_quotes_are_counted() {
        let text = "h\na,\"b\r\nc\"\r\n\r\n\nd\n";
        let lines = Lines::default();
        let mut out = Vec::new();
        lines.watch(text.as_bytes()).read_to_end(&mut out).unwrap();
        let line_of = |word: &str| lines.at(text.find(word).unwrap() as u64);
        assert_eq!(line_of("h\n"), 1);
        assert_eq!(line_of("a,"), 2);
        // The reader of tables may point at the blank lines before a row.
        assert_eq!(lines.at(text.find("\r\n\r\n").unwrap() as u64 + 2), 6);
    }
}
