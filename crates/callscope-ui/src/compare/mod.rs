//! The page that compares two versions of an agent.

mod answers;
mod asking;
mod changes;
mod controls;
mod figures;
mod panels;
mod picture;
mod question;
mod selection;
mod spread;
mod view;

pub use selection::Compared;
pub use view::{CompareInput, compare_view};
