//! Every test that crosses a crate, in one binary: inputs in `suite/`, expected results in
//! `golden/`, real-browser tests in `browser/`.

#[cfg(test)]
mod browser;
#[cfg(test)]
mod charts;
#[cfg(test)]
mod core;
#[cfg(test)]
mod package;
#[cfg(test)]
mod server;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod typescript;
