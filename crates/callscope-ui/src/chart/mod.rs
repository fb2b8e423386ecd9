//! A chart in the page: canvas, note, keyboard, table twin, export.

mod exports;
mod figure;
mod menu;
mod note;
mod save;
mod saving;
mod spark;

pub use exports::Exports;
pub(crate) use exports::offer;
pub use figure::{ChartInput, Layout, Picked, Read, chart};
pub use menu::{ExportInput, Making, Offer, export_menu, whole_menu};
pub use save::{ExportText, copy_text, png_blob};
pub use spark::spark;
