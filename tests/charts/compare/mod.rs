//! The charts of two versions.

pub(super) mod golden;
pub(super) mod inputs;
mod invariants;
