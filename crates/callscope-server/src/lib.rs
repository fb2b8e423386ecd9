//! The reference API server of Callscope.
//!
//! It keeps calls, agents and accounts in one embedded database, answers in the shapes of the
//! public documents, and serves the app's files under a strict policy. All figures are computed by
//! `callscope-core`, the same code that the browser runs.
//!
//! The router is a function ([`http::router`]), so that tests call it in-process with a database of
//! their own.

pub mod db;
pub mod demo;
pub mod http;
pub mod import;
pub mod sync;
pub mod vendor;
mod zone;

pub use zone::{UnknownZone, rfc3339, zone};
