//! What changed in an agent's configuration: between two published versions, between a draft and a
//! version, and within one long text.
//!
//! Servers tell it in two shapes, and this one computes it too ([`compute()`]); all three become one
//! [`ConfigDiff`]: sections, each with its changes, each with a [`Path`] and the value on both
//! sides. A value that was absent is `None`; one that was null is a null.

mod compute;
mod model;
mod path;
mod read;
mod render;
mod text;
pub mod wire;

pub use compute::compute;
pub use model::{ChangeKind, ConfigChange, ConfigDiff, SectionDiff};
pub use path::{Path, Step};
pub(crate) use read::read;
pub use read::{parse, parse_draft, to_wire};
pub use render::{raw, render};
pub use text::{Line, Segment, SegmentKind, TextDiff, text_changes};
