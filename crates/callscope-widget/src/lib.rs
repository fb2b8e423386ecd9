//! Reports inside somebody else's page.
//!
//! A small class in JavaScript is the custom element: it has the attributes, the events and the root in which nothing
//! leaks in or out, and holds a [`Report`] for as long as it stands in the page. Everything that is shown is the views
//! of `callscope-ui`; this crate turns settings into what they are given, and what they tell into events.

mod address;
mod apart;
mod report;
mod settings;
mod telling;
mod view;

pub use report::Report;
