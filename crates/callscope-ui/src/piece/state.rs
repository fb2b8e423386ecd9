//! Values that views follow, all of one type inside.
//!
//! A signal or a memo of the framework compiles its code anew for each type that it holds. These
//! hold anything, so it is compiled once; to those who use them they are as typed as the others.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;

use super::place::Place;

/// What may be held: anything that can be told from another of its type.
trait Held: Send + Sync {
    fn any(&self) -> &dyn Any;
    fn is_same(&self, other: &dyn Held) -> bool;
}

impl<T: PartialEq + Send + Sync + 'static> Held for T {
    fn any(&self) -> &dyn Any {
        self
    }

    fn is_same(&self, other: &dyn Held) -> bool {
        other.any().downcast_ref().is_some_and(|other| self == other)
    }
}

#[derive(Clone)]
struct Same(Arc<dyn Held>);

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_same(&*other.0)
    }
}

pub(super) type Anything = Arc<dyn Any + Send + Sync>;

/// The value of the type that it was put in as: the types around it allow no other.
pub(super) fn typed<T: 'static>(held: &dyn Any) -> &T {
    held.downcast_ref().unwrap_or_else(|| unreachable!())
}

/// A value that is set, and followed by whatever reads it. It ends with its owner; reading it
/// afterwards is a mistake that ends the page, so what may come late uses the `try_` forms.
pub struct State<T>(RwSignal<Anything>, PhantomData<fn() -> T>);

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for State<T> {}

#[inline(never)]
fn new_state(value: Anything) -> RwSignal<Anything> {
    RwSignal::new(value)
}

#[inline(never)]
fn read(state: RwSignal<Anything>) -> Anything {
    state.get()
}

#[inline(never)]
fn peek(state: RwSignal<Anything>) -> Option<Anything> {
    state.try_get_untracked()
}

#[inline(never)]
fn write(state: RwSignal<Anything>, value: Anything) {
    state.try_set(value);
}

impl<T: Send + Sync + 'static> State<T> {
    /// A value under the present owner.
    pub fn new(value: T) -> Self {
        Self(new_state(Arc::new(value)), PhantomData)
    }

    /// Reads it in place, and follows it.
    pub fn with<U>(self, use_it: impl FnOnce(&T) -> U) -> U {
        use_it(typed(&*read(self.0)))
    }

    /// Reads it in place.
    pub fn with_untracked<U>(self, use_it: impl FnOnce(&T) -> U) -> U {
        use_it(typed(&*peek(self.0).unwrap_or_else(|| unreachable!())))
    }

    /// Follows it without reading it.
    pub fn track(self) {
        read(self.0);
    }

    /// Sets it, where it is still there.
    pub fn set(self, value: T) {
        write(self.0, Arc::new(value));
    }
}

impl<T: Clone + Send + Sync + 'static> State<T> {
    /// The value, followed.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }

    /// The value, where it is still there.
    pub fn try_get_untracked(self) -> Option<T> {
        peek(self.0).map(|held| typed::<T>(&*held).clone())
    }

    /// Changes it, where it is still there.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        if let Some(mut value) = self.try_get_untracked() {
            change(&mut value);
            self.set(value);
        }
    }
}

/// A value that follows from others, and is followed only when it becomes another.
pub struct Derived<T>(Memo<Same>, PhantomData<fn() -> T>);

impl<T> Clone for Derived<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Derived<T> {}

#[inline(never)]
fn derive(compute: Box<dyn Fn() -> Same + Send + Sync>) -> Memo<Same> {
    let place = Place::here();
    Memo::new(move |_| place.within(&compute))
}

#[inline(never)]
fn follow(memo: Memo<Same>) -> Same {
    memo.get()
}

#[inline(never)]
fn glance(memo: Memo<Same>) -> Same {
    memo.get_untracked()
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Derived<T> {
    /// What a computation gives, under the present owner.
    pub fn new(compute: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(derive(Box::new(move || Same(Arc::new(compute())))), PhantomData)
    }

    /// Reads it in place, and follows it.
    pub fn with<U>(self, use_it: impl FnOnce(&T) -> U) -> U {
        use_it(typed(follow(self.0).0.any()))
    }

    /// Reads it in place.
    pub fn with_untracked<U>(self, use_it: impl FnOnce(&T) -> U) -> U {
        use_it(typed(glance(self.0).0.any()))
    }

    /// The value, followed.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}

/// Where an element of the page will stand, for those who must reach it.
pub struct Spot<E>(State<Option<SendWrapper<web_sys::Element>>>, PhantomData<fn() -> E>);

impl<E> Clone for Spot<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Spot<E> {}

impl<E: JsCast> Spot<E> {
    /// A place without an element yet.
    #[expect(clippy::new_without_default, reason = "it belongs to an owner, which a default would hide")]
    pub fn new() -> Self {
        Self(State::new(None), PhantomData)
    }

    /// The element, followed.
    pub fn get(self) -> Option<E> {
        self.0.get().map(|element| element.take().unchecked_into())
    }

    /// The element; none where it is gone: what is taken out of a page loses the focus, and is told so.
    pub fn get_untracked(self) -> Option<E> {
        self.0.try_get_untracked().flatten().map(|element| element.take().unchecked_into())
    }

    pub(super) fn fill(self, element: &web_sys::Element) {
        self.0.set(Some(SendWrapper::new(element.clone())));
    }
}
