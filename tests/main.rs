//! Every test that crosses a crate, in one binary: inputs in `suite/`, expected results in
//! `golden/`, real-browser tests in `browser/`.

mod charts;
mod core;
mod server;
mod tidy;
