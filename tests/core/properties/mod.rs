//! What holds for any input.

pub(super) mod answers;
mod calls;
mod changes;
mod compare;
mod dates;
mod diffs;
mod pages;
mod stats;
mod tables;

use proptest::prelude::ProptestConfig;

/// A failing case is shown at its smallest and becomes a test of its own; no file remembers it.
fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}
