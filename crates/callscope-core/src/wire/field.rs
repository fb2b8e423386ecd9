//! One field of an answer, with the four states it can be in.

use serde::{Serialize, Serializer};
use serde_json::Value;

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

/// A type that a [`Field`] can hold.
pub trait Piece: Sized {
    /// Takes a JSON value, or says what stood there instead. Fields of objects that nobody knows
    /// are counted.
    ///
    /// # Errors
    /// Names the type of a value that is of another one.
    fn take(value: Value, unknown: &mut usize) -> Result<Self, &'static str>;

    /// Writes the value as the documents do.
    ///
    /// # Errors
    /// Those of the serializer.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// What a JSON value is, in a word for people.
fn named(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

impl Piece for f64 {
    fn take(value: Value, _: &mut usize) -> Result<Self, &'static str> {
        value.as_f64().filter(|number| number.is_finite()).ok_or_else(|| named(&value))
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
    fn take(value: Value, _: &mut usize) -> Result<Self, &'static str> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(named(&other)),
        }
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

/// Whatever stands there. A null is the field's own [`Field::Null`].
impl Piece for Value {
    fn take(value: Value, _: &mut usize) -> Result<Self, &'static str> {
        Ok(value)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl Piece for bool {
    fn take(value: Value, _: &mut usize) -> Result<Self, &'static str> {
        value.as_bool().ok_or_else(|| named(&value))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self)
    }
}

/// An object whose names are not known beforehand, in the order of the names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Open<T>(pub Vec<(String, Field<T>)>);

impl<T: Piece> Piece for Open<T> {
    fn take(value: Value, unknown: &mut usize) -> Result<Self, &'static str> {
        match value {
            Value::Object(members) => {
                Ok(Self(members.into_iter().map(|(name, value)| (name, Field::take(value, unknown))).collect()))
            }
            other => Err(named(&other)),
        }
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, field)| (name, field)))
    }
}

impl<T: Piece> Piece for Vec<Field<T>> {
    fn take(value: Value, unknown: &mut usize) -> Result<Self, &'static str> {
        let mut list = Self::new();
        fill_list(&mut list, value, unknown)?;
        Ok(list)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

/// A list that grows by an entry whose type is its own affair.
trait Grow {
    /// One more entry, not filled yet.
    fn grow(&mut self) -> Option<&mut dyn Slot>;
}

impl<T: Piece> Grow for Vec<Field<T>> {
    fn grow(&mut self) -> Option<&mut dyn Slot> {
        self.push(Field::Missing);
        self.last_mut().map(|slot| slot as &mut dyn Slot)
    }
}

/// One for all lists: compiled anew for each type of entry it would be a large part of what the browser downloads.
fn fill_list(list: &mut dyn Grow, value: Value, unknown: &mut usize) -> Result<(), &'static str> {
    let Value::Array(items) = value else { return Err(named(&value)) };
    for item in items {
        if let Some(slot) = list.grow() {
            slot.fill(item, unknown);
        }
    }
    Ok(())
}

/// The fields of an object.
pub trait Slots {
    /// The field of a name on the wire.
    fn slot(&mut self, name: &str) -> Option<&mut dyn Slot>;
}

/// A struct of [`Field`]s.
pub trait Object: Slots + Default + Serialize {}

impl<T: Object> Piece for T {
    fn take(value: Value, unknown: &mut usize) -> Result<Self, &'static str> {
        let mut object = Self::default();
        fill_object(&mut object, value, unknown)?;
        Ok(object)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

/// One for all objects.
fn fill_object(object: &mut dyn Slots, value: Value, unknown: &mut usize) -> Result<(), &'static str> {
    let Value::Object(members) = value else { return Err(named(&value)) };
    for (name, value) in members {
        match object.slot(&name) {
            Some(slot) => slot.fill(value, unknown),
            None => *unknown += 1,
        }
    }
    Ok(())
}

/// A field that can be filled without knowing what it holds.
pub trait Slot {
    /// Takes what stood in the field's place.
    fn fill(&mut self, value: Value, unknown: &mut usize);
}

impl<T: Piece> Slot for Field<T> {
    fn fill(&mut self, value: Value, unknown: &mut usize) {
        *self = Self::take(value, unknown);
    }
}

impl<T: Piece> Field<T> {
    /// The field that a JSON value stands for.
    pub fn take(value: Value, unknown: &mut usize) -> Self {
        if value.is_null() {
            return Self::Null;
        }
        T::take(value, unknown).map_or_else(Self::Wrong, Self::Value)
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
