//! A chart in the page: canvas, note, keyboard, table twin, export.

mod figure;
mod menu;
mod note;
mod save;
mod spark;

pub use figure::{ChartInput, Layout, Picked, Read, chart};
pub use menu::{ExportInput, export_menu};
pub use save::{ExportText, copy_text};
pub use spark::spark;
