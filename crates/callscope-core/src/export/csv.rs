//! CSV after RFC 4180, safe to open in a spreadsheet.

use std::borrow::Cow;

use super::{Cell, Table};

/// The table as CSV: comma-separated, CRLF line ends, a heading line, quotes only where needed.
/// Numbers stand in full, without grouping; unknown cells are empty.
pub fn to_csv(table: &Table) -> String {
    let mut out = String::new();
    push_line(&mut out, table.columns.iter().map(|column| defused(&column.heading)));
    for row in &table.rows {
        push_line(&mut out, row.iter().map(written));
    }
    out
}

fn push_line<'a>(out: &mut String, cells: impl Iterator<Item = Cow<'a, str>>) {
    let start = out.len();
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(',');
        }
        push_quoted(out, &cell);
    }
    if out.len() == start {
        // An empty line would be skipped as none at all.
        out.push_str("\"\"");
    }
    out.push_str("\r\n");
}

fn written(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => defused(text),
        Cell::Day(date) => crate::period::iso_date(*date).into(),
        Cell::Count(count) => count.to_string().into(),
        Cell::Measure(value, _) => value.to_string().into(),
        Cell::Unknown => "".into(),
    }
}

/// A text that no spreadsheet takes for a formula: one that begins with `=`, `+`, `-`, `@`, a tab or
/// a line end, even behind blanks of any kind, gets an apostrophe in front (OWASP, "CSV injection").
pub fn defused(text: &str) -> Cow<'_, str> {
    let first = text.chars().find(|c| !is_blank(*c));
    let full_width = ['＝', '＋', '－', '＠'];
    let runs = first.is_some_and(|c| "=+-@\t\r\n".contains(c) || full_width.contains(&c));
    if runs { format!("'{text}").into() } else { text.into() }
}

/// Blanks and marks without width that a spreadsheet strips before it looks; tabs and line ends are
/// not among them, since they are dangerous themselves.
fn is_blank(c: char) -> bool {
    !matches!(c, '\t' | '\r' | '\n') && (c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}'))
}

fn push_quoted(out: &mut String, text: &str) {
    if text.contains([',', '"', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ') {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}
