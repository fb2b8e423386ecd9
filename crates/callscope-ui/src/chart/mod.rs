//! A chart in the page: canvas, note, keyboard, table twin, export.

mod figure;
mod menu;
mod save;

pub use figure::{Chart, Layout, ReadyScene, Spark};
pub use menu::ExportMenu;
pub use save::ExportText;
