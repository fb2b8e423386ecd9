//! Tables of figures, and the files they are saved as.
//!
//! A [`Table`] is what stands beside a chart for those who cannot see it, and what is saved as CSV
//! or JSON: one thing, so that the three never differ.

mod csv;
mod json;
mod table;

pub use csv::{defused, to_csv};
pub(crate) use json::indented;
pub use json::{Document, to_json};
pub use table::{Align, Cell, Column, Table};
