//! Permanent links to what is shown: the addresses that the app has for the same.

use callscope_ui::calls::CallSelection;
use callscope_ui::compare::Compared;
use callscope_ui::query_of;
use callscope_ui::usage::Selection;

/// A page of the app with its query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// `usage`, `compare` or `calls`.
    pub(crate) page: &'static str,
    /// Path and query below the app's own address: `/calls?agent=…`.
    pub(crate) path: String,
}

impl Link {
    pub(crate) fn of_usage(selection: &Selection) -> Self {
        Self { page: "usage", path: format!("/{}", query_of(selection.to_pairs())) }
    }

    pub(crate) fn of_compared(compared: &Compared) -> Self {
        Self { page: "compare", path: format!("/compare{}", query_of(compared.to_pairs())) }
    }

    pub(crate) fn of_calls(calls: &CallSelection) -> Self {
        Self { page: "calls", path: format!("/calls{}", query_of(calls.to_pairs())) }
    }
}
