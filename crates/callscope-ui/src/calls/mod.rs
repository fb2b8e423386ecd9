//! The page of the calls themselves.

mod all;
mod answers;
mod controls;
mod detail;
mod ids;
mod list;
mod question;
mod selection;
mod view;
mod window;

pub use selection::CallSelection;
pub use view::{CallsInput, calls_view};
