//! Tables saved as CSV.

use callscope_core::export::{Cell, Column, Table, defused, to_csv};
use callscope_core::period::{Date, add_days};
use proptest::collection::vec;
use proptest::prelude::*;

use super::config;

fn any_cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        ".{0,8}".prop_map(Cell::Text),
        "[ =+@\t\r\n\",;'a-]{0,6}".prop_map(Cell::Text),
        (0..40_000_i32).prop_map(|days| Cell::Day(add_days(Date::constant(1970, 1, 1), days))),
        any::<u64>().prop_map(Cell::Count),
        any::<f64>().prop_map(|value| Cell::measure(Some(value), 2)),
        Just(Cell::Unknown),
    ]
}

/// What a reader of the file should see in a cell.
fn in_file(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => defused(text).into_owned(),
        Cell::Day(date) => format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()),
        Cell::Count(count) => count.to_string(),
        Cell::Measure(value, _) => value.to_string(),
        Cell::Unknown => String::new(),
    }
}

/// A table of two to five columns: of a single one, an unknown cell would be an empty line, which
/// readers of CSV pass over.
fn any_table() -> impl Strategy<Value = Table> {
    (2..6_usize).prop_flat_map(|width| {
        let headings = vec("[a-zA-Z0-9 \",\r\n()%]{1,8}", width);
        let rows = vec(vec(any_cell(), width), 0..8);
        (headings, rows).prop_map(|(headings, rows)| Table {
            caption: String::new(),
            columns: headings.into_iter().map(Column::text).collect(),
            rows,
        })
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_table_comes_back_from_csv(table in any_table()) {
        let text = to_csv(&table);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let found: Vec<Vec<String>> =
            reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        let headings = table.columns.iter().map(|column| defused(&column.heading).into_owned()).collect();
        let rows = table.rows.iter().map(|row| row.iter().map(in_file).collect());
        prop_assert_eq!(found, std::iter::once(headings).chain(rows).collect::<Vec<Vec<String>>>());
        for cell in table.rows.iter().flatten() {
            if let Cell::Measure(value, _) = cell {
                prop_assert_eq!(in_file(cell).parse::<f64>().unwrap().to_bits(), value.to_bits());
            }
        }
    }

    /// Defusing puts an apostrophe before what would run, and leaves all else alone.
    #[test]
    fn no_text_runs_in_a_spreadsheet(text in "[ \u{a0}\u{feff}=+@\t\r\n＝－'a-]{0,6}|.{0,8}") {
        let safe = defused(&text);
        let is_blank = |c: char| c != '\t' && c != '\r' && c != '\n' && (c.is_whitespace() || "\u{feff}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}".contains(c));
        let first = text.trim_start_matches(is_blank).chars().next();
        let runs = first.is_some_and(|first| "=+-@\t\r\n＝＋－＠".contains(first));
        prop_assert_eq!(&*safe, if runs { format!("'{text}") } else { text.clone() });
        prop_assert_eq!(defused(&safe), &*safe);
    }
}
