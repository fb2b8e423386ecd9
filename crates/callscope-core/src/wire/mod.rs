//! Tolerant pieces of the documents' JSON.
//!
//! A server may send an integer where a float is named, leave a field out, or send a value of
//! another type. None of that may lose the rest of the answer, so a piece reads anything and keeps
//! what it was: [`Field::Missing`], [`Field::Null`], a value, or [`Field::Wrong`].

mod field;
mod visit;

pub use field::{Field, List, Number, Object, Piece, Text};
