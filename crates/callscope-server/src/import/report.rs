//! What an import did.

use std::fmt;

/// So many refusals are told with their line; the others are counted.
const TOLD: usize = 20;

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The file.
    pub file: String,
    /// The line, counted from 1, the heading included.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// How many rows were read, taken, there already, and refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows read.
    pub read: u64,
    /// Calls that are new in the database.
    pub taken: u64,
    /// Calls that were there already.
    pub known: u64,
    /// Rows refused.
    pub refused: u64,
    /// The first refusals, with line and reason.
    pub refusals: Vec<Refusal>,
}

impl Report {
    /// Counts calls that were stored, of which some are new.
    pub(super) fn count(&mut self, stored: u64, new: u64) {
        self.taken += new;
        self.known += stored - new;
    }

    pub(super) fn refuse(&mut self, file: &str, line: u64, reason: &str) {
        self.refused += 1;
        if self.refusals.len() < TOLD {
            // What stands in a file must not steer the terminal that it is told on.
            let reason = reason.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(300).collect();
            self.refusals.push(Refusal { file: file.to_owned(), line, reason });
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} rows read: {} taken, {} already there, {} refused.",
            self.read, self.taken, self.known, self.refused
        )?;
        for refusal in &self.refusals {
            writeln!(f, "  {} line {}: {}", refusal.file, refusal.line, refusal.reason)?;
        }
        let untold = self.refused - self.refusals.len() as u64;
        if untold > 0 {
            writeln!(f, "  and {untold} more.")?;
        }
        Ok(())
    }
}

/// Where an import tells how far it is.
pub trait Progress {
    /// A file begins that has so many bytes.
    fn file(&self, name: &str, total_bytes: u64);
    /// So many of its bytes are read.
    fn at(&self, bytes_read: u64);
}

/// Tells nobody.
impl Progress for () {
    fn file(&self, _: &str, _: u64) {}
    fn at(&self, _: u64) {}
}
