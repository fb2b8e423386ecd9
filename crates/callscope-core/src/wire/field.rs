//! One field of an answer, with the four states it can be in.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::visit::{ListVisitor, NumberVisitor, ObjectVisitor, TextVisitor};

/// A field as it came: absent, null, a value, or of a type it may not have.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Field<T> {
    /// The field was not there.
    #[default]
    Missing,
    /// The field was null: the figure is unknown.
    Null,
    /// The field held this value.
    Value(T),
    /// The field held a value of another type, named here ("text", "list", …).
    Wrong(&'static str),
}

/// A number, integer or float alike.
pub type Number = Field<f64>;
/// A text.
pub type Text = Field<String>;
/// A list whose elements are read one by one, so that a bad one does not lose the others.
pub type List<T> = Field<Vec<Field<T>>>;

impl<T> Field<T> {
    /// The value, where there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The value, where there is one.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the field was left out or null.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Missing | Self::Null)
    }

    /// Whether the field was left out.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self::Value(value)
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self::Value(value as f64)
    }
}

impl From<&str> for Text {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl From<String> for Text {
    fn from(value: String) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Value(values.into_iter().map(Field::Value).collect())
    }
}

/// A type that a [`Field`] can hold: read without failing on its type, written as the documents do.
pub trait Piece: Sized {
    /// Reads a value of this type or says what stood there instead.
    ///
    /// # Errors
    /// Only where the bytes themselves are broken.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Field<Self>, D::Error>;

    /// Writes the value.
    ///
    /// # Errors
    /// Those of the serializer.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

impl Piece for f64 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Field<Self>, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }

    /// A whole number goes out without a fraction, so that counts look like counts.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const FIRST_INEXACT: f64 = 9_007_199_254_740_992.0;
        if self.fract() == 0.0 && self.abs() < FIRST_INEXACT {
            serializer.serialize_i64(*self as i64)
        } else {
            serializer.serialize_f64(*self)
        }
    }
}

impl Piece for String {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Field<Self>, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<T: Piece> Piece for Vec<Field<T>> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Field<Self>, D::Error> {
        deserializer.deserialize_any(ListVisitor::new())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

/// Marks a struct whose fields are all [`Field`]s, so that it can stand in one itself.
pub trait Object: DeserializeOwned + Serialize {}

impl<T: Object> Piece for T {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Field<Self>, D::Error> {
        deserializer.deserialize_any(ObjectVisitor::new())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl<'de, T: Piece> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer)
    }
}

impl<T: Piece> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.write(serializer),
            _ => serializer.serialize_unit(),
        }
    }
}
