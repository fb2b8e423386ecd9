//! CSV after RFC 4180, safe to open in a spreadsheet.

use std::borrow::Cow;

use super::{Cell, Table};

/// The table as CSV: comma-separated, CRLF line ends, a heading line, quotes only where needed.
/// Numbers stand in full, without grouping; unknown cells are empty.
pub fn to_csv(table: &Table) -> String {
    let mut out = String::new();
    push_line(&mut out, table.columns.iter().map(|column| Cow::from(column.heading.as_str())));
    for row in &table.rows {
        push_line(&mut out, row.iter().map(written));
    }
    out
}

fn push_line<'a>(out: &mut String, cells: impl Iterator<Item = Cow<'a, str>>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(',');
        }
        push_quoted(out, &cell);
    }
    out.push_str("\r\n");
}

fn written(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => defused(text),
        Cell::Count(count) => count.to_string().into(),
        Cell::Measure(value, _) => value.to_string().into(),
        Cell::Unknown => "".into(),
    }
}

/// A text that no spreadsheet takes for a formula: one that begins with `=`, `+`, `-`, `@`, a tab or
/// a line end, even behind blanks, gets an apostrophe in front (OWASP, "CSV injection").
pub fn defused(text: &str) -> Cow<'_, str> {
    let first = text.chars().find(|c| *c != ' ');
    let full_width = ['＝', '＋', '－', '＠'];
    let runs = first.is_some_and(|c| "=+-@\t\r\n".contains(c) || full_width.contains(&c));
    if runs { format!("'{text}").into() } else { text.into() }
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
