//! The usage page.

mod agents;
mod answers;
mod insights;
mod outcomes;
mod panels;
mod picture;
mod question;
mod selection;
mod tiles;
mod toolbar;
mod view;

pub use callscope_charts::TargetId;
pub use question::{Now, Question};
pub use selection::{Pick, Scope, Selection, Sort, Span};
pub(crate) use view::{Computed, ComputedInput, computed_report};
pub use view::{UsageInput, UsagePart, usage_view};
