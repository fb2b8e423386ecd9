//! Stands in for the library of this name.
//!
//! The framework brings functions on a server along, whose bodies may be streams; there are none of them here. What
//! the library exports to JavaScript for them would be kept in every module by everything that makes modules small:
//! four kilobytes of each download. This has as much of its face as the framework looks at, and streams are empty.

use futures_util::stream::{Empty, Stream, empty};
use wasm_bindgen::JsValue;

/// A stream of a request or an answer.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// That of the browser.
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// An empty one, whatever the stream holds.
    pub fn from_stream(_: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        Self(web_sys::ReadableStream::new().unwrap_or_else(Into::into))
    }

    /// That of the browser.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// Nothing, whatever the stream holds.
    pub fn into_stream(self) -> Empty<Result<JsValue, JsValue>> {
        empty()
    }
}
