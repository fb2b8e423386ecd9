//! Tolerant pieces of the documents' JSON.
//!
//! A server may send an integer where a float is named, leave a field out, or send a value of
//! another type. None of that may lose the rest of the answer, so a piece takes any JSON value and
//! keeps what it was: [`Field::Missing`], [`Field::Null`], a value, or [`Field::Wrong`].
//!
//! The bytes are parsed once into a tree, which is then walked. That costs a little more time than
//! reading straight into structs and a quarter of the code in the browser.

mod field;
mod objects;
mod reader;

pub(crate) use objects::objects;
pub(crate) use reader::{Reader, shortened};

pub use field::{Field, List, Number, Object, Open, Piece, Slot, Slots, Text};
