//! The page of post-call metrics: what every call is asked, and what calls answered.

mod answers;
mod asking;
mod changes;
mod controls;
mod editing;
mod editor;
mod findings;
mod listing;
mod publishing;
mod results;
mod selection;
mod view;
mod work;

pub use selection::PostCallSelection;
pub use view::{PostCallInput, postcall_view};
