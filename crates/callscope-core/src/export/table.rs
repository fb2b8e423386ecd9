//! A table of figures with its units.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::format;
use crate::period::{Date, iso_date};

/// To which side a column's cells are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Texts.
    Start,
    /// Figures.
    End,
}

/// A column's heading, with the unit where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands above it, unit included: `Average duration (s)`.
    pub heading: String,
    /// To which side it is set.
    pub align: Align,
}

/// One value of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A local day.
    Day(Date),
    /// A count.
    Count(u64),
    /// A measure, and the decimals that it is read with; files hold it whole.
    Measure(f64, usize),
    /// Unknown.
    Unknown,
}

/// A table with a caption, headings, and rows of equal length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What the table shows, with period and zone.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Column {
    /// A column of texts.
    pub fn text(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), align: Align::Start }
    }

    /// A column of figures.
    pub fn figure(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), align: Align::End }
    }
}

impl Cell {
    /// A measure that may be unknown.
    pub fn measure(value: Option<f64>, decimals: usize) -> Self {
        value.filter(|value| value.is_finite()).map_or(Self::Unknown, |value| Self::Measure(value, decimals))
    }

    /// A count that may be unknown.
    pub fn count(value: Option<u64>) -> Self {
        value.map_or(Self::Unknown, Self::Count)
    }

    /// The cell as a person reads it.
    pub fn display(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Day(date) => format::long_date(*date),
            Self::Count(count) => format::count(*count),
            Self::Measure(value, decimals) => format::number(*value, *decimals),
            Self::Unknown => format::UNKNOWN.to_owned(),
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Day(date) => serializer.serialize_str(&iso_date(*date)),
            Self::Count(count) => serializer.serialize_u64(*count),
            Self::Measure(value, _) => serializer.serialize_f64(*value),
            Self::Unknown => serializer.serialize_unit(),
        }
    }
}

/// As a list of objects keyed by heading.
impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Row<'a>(&'a [Column], &'a [Cell]);
        impl Serialize for Row<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(Some(self.0.len()))?;
                for (column, cell) in self.0.iter().zip(self.1) {
                    map.serialize_entry(&column.heading, cell)?;
                }
                map.end()
            }
        }
        let mut rows = serializer.serialize_seq(Some(self.rows.len()))?;
        for row in &self.rows {
            rows.serialize_element(&Row(&self.columns, row))?;
        }
        rows.end()
    }
}
