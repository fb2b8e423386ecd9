//! The visitors behind [`super::Field`]: each takes its own type and passes over every other.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::field::{Field, Object, Piece};

/// The visits that mean "another type than wanted". Lists and objects are read to their end, or
/// the reader would lose its place.
macro_rules! pass_over {
    ($value:ty: $($what:ident),*) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("any JSON value")
        }
        fn visit_unit<E>(self) -> Result<Field<$value>, E> {
            Ok(Field::Null)
        }
        fn visit_bool<E>(self, _: bool) -> Result<Field<$value>, E> {
            Ok(Field::Wrong("true or false"))
        }
        $(pass_over!(@$what $value);)*
    };
    (@number $value:ty) => {
        fn visit_i64<E>(self, _: i64) -> Result<Field<$value>, E> {
            Ok(Field::Wrong("a number"))
        }
        fn visit_u64<E>(self, _: u64) -> Result<Field<$value>, E> {
            Ok(Field::Wrong("a number"))
        }
        fn visit_f64<E>(self, _: f64) -> Result<Field<$value>, E> {
            Ok(Field::Wrong("a number"))
        }
    };
    (@text $value:ty) => {
        fn visit_str<E>(self, _: &str) -> Result<Field<$value>, E> {
            Ok(Field::Wrong("a text"))
        }
    };
    (@list $value:ty) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Field<$value>, A::Error> {
            while seq.next_element::<Passed>()?.is_some() {}
            Ok(Field::Wrong("a list"))
        }
    };
    (@object $value:ty) => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Field<$value>, A::Error> {
            while map.next_entry::<Passed, Passed>()?.is_some() {}
            Ok(Field::Wrong("an object"))
        }
    };
}

/// A value that is passed over. Not `IgnoredAny`, which would count as a field that nobody knows: here
/// the field is known and its type is wrong.
struct Passed;

impl<'de> Deserialize<'de> for Passed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PassedVisitor)
    }
}

struct PassedVisitor;

impl<'de> Visitor<'de> for PassedVisitor {
    type Value = Passed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_unit<E>(self) -> Result<Passed, E> {
        Ok(Passed)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Passed, E> {
        Ok(Passed)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Passed, E> {
        Ok(Passed)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Passed, E> {
        Ok(Passed)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Passed, E> {
        Ok(Passed)
    }
    fn visit_str<E>(self, _: &str) -> Result<Passed, E> {
        Ok(Passed)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Passed, A::Error> {
        while seq.next_element::<Passed>()?.is_some() {}
        Ok(Passed)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Passed, A::Error> {
        while map.next_entry::<Passed, Passed>()?.is_some() {}
        Ok(Passed)
    }
}

/// Takes integers and floats.
pub(super) struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Field<f64>;
    pass_over!(f64: text, list, object);

    fn visit_i64<E>(self, number: i64) -> Result<Field<f64>, E> {
        Ok(Field::Value(number as f64))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Field<f64>, E> {
        Ok(Field::Value(number as f64))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Field<f64>, E> {
        Ok(if number.is_finite() { Field::Value(number) } else { Field::Wrong("no finite number") })
    }
}

/// Takes texts.
pub(super) struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Field<String>;
    pass_over!(String: number, list, object);

    fn visit_str<E>(self, text: &str) -> Result<Field<String>, E> {
        Ok(Field::Value(text.to_owned()))
    }
}

/// Takes lists, element by element.
pub(super) struct ListVisitor<T>(PhantomData<T>);

impl<T> ListVisitor<T> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Piece> Visitor<'de> for ListVisitor<T> {
    type Value = Field<Vec<Field<T>>>;
    pass_over!(Vec<Field<T>>: number, text, object);

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        // No capacity from the size hint: it is the sender's word.
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Field::Value(items))
    }
}

/// Takes objects whose fields are all tolerant themselves.
pub(super) struct ObjectVisitor<T>(PhantomData<T>);

impl<T> ObjectVisitor<T> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = Field<T>;
    pass_over!(T: number, text, list);

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Field<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Field::Value)
    }
}
