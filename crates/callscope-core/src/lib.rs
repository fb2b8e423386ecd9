//! The reports of Callscope, from bytes to checked figures.
//!
//! Everything here is pure: it takes bytes, a civil date or a table of zone offsets, and returns
//! values. It reads no clock, no environment and no network, and knows neither browser nor
//! database, so that the server and the browser compute every figure with the same code and get
//! the same bits.
//!
//! The way of the data: bytes → [`usage::wire`] (tolerant) → [`usage::UsageReport`] (checked,
//! units in the names) with its [`Finding`]s → deltas and tables.

pub mod agents;
pub mod calls;
pub mod compare;
pub mod diff;
mod error;
pub mod export;
mod finding;
pub mod format;
pub mod people;
pub mod period;
pub mod postcall;
pub mod session;
pub mod stats;
pub mod usage;
pub mod wire;

pub use error::{Error, ErrorKind};
pub use finding::{Finding, FindingCode, Severity};

// What the native tests share with the browser's sees this crate by its name.
#[cfg(all(test, target_arch = "wasm32"))]
extern crate self as callscope_core;

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests;
