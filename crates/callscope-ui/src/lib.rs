//! The views shared by the app and the widget.
//!
//! Components are thin: what they show is computed by `callscope-core` and `callscope-charts`, what
//! they ask for comes from `callscope-client`, and what a page's address says is read by
//! [`usage::Selection`]. Everything that waits for an answer goes through [`load::use_load`].

mod agents;
pub mod apart;
mod browser;
pub mod calls;
mod canvas;
pub mod chart;
pub mod compare;
mod controls;
pub mod dropdown;
mod findings;
mod fresh;
pub mod load;
mod locale;
pub mod piece;
pub mod postcall;
mod sides;
pub mod stacked;
pub mod states;
pub mod table;
mod task;
pub mod theme;
pub mod usage;

pub use browser::{Ground, now_ms, query_of, viewer_zone, zone, zone_names};
pub use canvas::Shade;
pub use fresh::Fresh;
pub use locale::locale;
