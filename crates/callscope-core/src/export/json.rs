//! JSON that people and programs read: indented, one object a row.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::Table;

/// A table with what it is about, as it is saved.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Document<'a> {
    /// What it shows.
    pub title: &'a str,
    /// Period, time zone and number of calls.
    pub context: &'a str,
    /// Where the figures come from.
    pub source: &'a str,
    /// The figures.
    pub rows: &'a Table,
}

/// The document as indented JSON. Unknown cells are null.
pub fn to_json(document: &Document<'_>) -> String {
    indented(document)
}

/// Anything as indented JSON.
pub(crate) fn indented(value: &impl Serialize) -> String {
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, Plain(PrettyFormatter::new()));
    // Writing texts and numbers into memory cannot fail.
    value.serialize(&mut serializer).ok();
    String::from_utf8(out).unwrap_or_default()
}

/// Indents as `serde_json` does, and writes numbers as the standard library does: the tables by which
/// `serde_json` does it faster are 12 KB that every page would download.
struct Plain(PrettyFormatter<'static>);

impl Formatter for Plain {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        write!(writer, "{value}")
    }
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }
    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }
    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }
    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }
    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }
    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }
    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }
    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }
    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{Cell, Column};

    #[test]
    fn what_is_written_reads_back_as_the_same_values() {
        let figures = [0.1, -2.5, 1e300, 5e-324, 123_456_789.125];
        let rows = figures.iter().map(|value| vec![Cell::Text("a \"b\"\n".to_owned()), Cell::Measure(*value, 1)]);
        let mut table = Table { columns: vec![Column::text("Name"), Column::figure("Cost")], ..Table::default() };
        table.rows = rows.chain([vec![Cell::Count(u64::MAX), Cell::Unknown]]).collect();
        let text = to_json(&Document { title: "T", context: "C", source: "S", rows: &table });
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["title"], "T");
        for (row, figure) in value["rows"].as_array().unwrap().iter().zip(figures) {
            assert_eq!(row["Name"], "a \"b\"\n");
            // The reader is right to within the last bit only.
            let read = row["Cost"].as_f64().unwrap();
            assert!((read - figure).abs() <= figure.abs() * f64::EPSILON, "{read} {figure}");
        }
        assert_eq!(value["rows"][5]["Name"], u64::MAX);
        assert!(value["rows"][5]["Cost"].is_null());
    }

    #[test]
    fn what_json_has_no_number_for_is_null() {
        let table = Table {
            columns: vec![Column::figure("x")],
            rows: vec![vec![Cell::Measure(f64::NAN, 0)]],
            ..Table::default()
        };
        let text = to_json(&Document { title: "", context: "", source: "", rows: &table });
        assert!(text.contains("\"x\": null"), "{text}");
    }
}
