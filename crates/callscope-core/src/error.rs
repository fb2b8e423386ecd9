//! The one error of this crate.

use std::fmt;

/// What went wrong, coarsely: enough to decide what to tell a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The bytes are no JSON, or end too early.
    Syntax,
    /// The JSON is sound, but not the answer that was asked for.
    Shape,
    /// A value lies outside what it may be, such as a range that ends before it begins.
    Invalid,
}

/// An error of reading or checking input. Its text names what is wrong and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// An error about a value outside what it may be.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        let kind = match error.classify() {
            serde_json::error::Category::Data => ErrorKind::Shape,
            _ => ErrorKind::Syntax,
        };
        let what = match error.classify() {
            serde_json::error::Category::Eof => "the answer ends too early",
            serde_json::error::Category::Data => "the answer has another shape than expected",
            _ => "the answer is not JSON",
        };
        Self::new(kind, format!("{what} (line {}, column {})", error.line(), error.column()))
    }
}
