//! Reports inside somebody else's page, and the pure functions of core for JavaScript.
//!
//! A small class in JavaScript is the custom element: it has the attributes, the events and the root in which nothing
//! leaks in or out, and holds a `Report` for as long as it stands in the page. Everything that is shown is the views
//! of `callscope-ui`; this crate turns settings into what they are given, and what they tell into events.
//!
//! The functions are a module of their own, built of the same crate with the feature `functions` alone: who computes
//! loads no views, and who shows loads no functions.

#[cfg(feature = "element")]
mod address;
#[cfg(feature = "element")]
mod apart;
mod failure;
#[cfg(feature = "functions")]
mod functions;
#[cfg(feature = "element")]
mod report;
#[cfg(feature = "element")]
mod settings;
#[cfg(feature = "element")]
mod telling;
#[cfg(feature = "element")]
mod view;

#[cfg(feature = "functions")]
pub use functions::*;
#[cfg(feature = "element")]
pub use report::Report;
