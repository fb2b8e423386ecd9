//! What views call, all of one type inside.
//!
//! A callback of the framework compiles its code anew for each type that it is called with.

use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude::*;

use super::state::{Anything, typed};

/// Something that is called with a value. It ends with its owner; calling it afterwards is a mistake that ends the
/// page, so what may come late uses [`Callback::try_run`].
pub struct Callback<In, Out = ()>(StoredValue<Anything>, PhantomData<fn(In) -> Out>);

impl<In, Out> Clone for Callback<In, Out> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<In, Out> Copy for Callback<In, Out> {}

type Act<In, Out> = Box<dyn Fn(In) -> Out + Send + Sync>;

#[inline(never)]
fn keep(act: Anything) -> StoredValue<Anything> {
    StoredValue::new(act)
}

#[inline(never)]
fn kept(act: StoredValue<Anything>) -> Option<Anything> {
    act.try_get_value()
}

impl<In: 'static, Out: 'static> Callback<In, Out> {
    /// Something under the present owner.
    pub fn new(act: impl Fn(In) -> Out + Send + Sync + 'static) -> Self {
        let act: Act<In, Out> = Box::new(act);
        Self(keep(Arc::new(act)), PhantomData)
    }

    /// Calls it.
    pub fn run(self, input: In) -> Out {
        self.try_run(input).unwrap_or_else(|| unreachable!())
    }

    /// Calls it, where it is still there.
    pub fn try_run(self, input: In) -> Option<Out> {
        kept(self.0).map(|act| typed::<Act<In, Out>>(&*act)(input))
    }
}
