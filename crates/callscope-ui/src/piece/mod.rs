//! Pieces of views, each of one type.
//!
//! Every closure in a view has a type of its own, and the framework's code is compiled anew for
//! each. Boxed, they share it: this halves the app that people download.

mod callback;
mod element;
mod numbered;
mod place;
mod render;
mod state;

pub use callback::Callback;
pub use element::{Element, IntoChild, button, el, nothing, several};
use leptos::prelude::*;
pub use numbered::numbered;
pub use place::Place;
pub(crate) use place::There;
pub use state::{Derived, Spot, State};

/// A view that is built anew whenever what it reads changes.
pub fn live(view: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    live_boxed(Box::new(view))
}

#[inline(never)]
fn live_boxed(view: Box<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    let place = Place::here();
    (move || place.within(&view)).into_any()
}

/// A text that follows what it reads.
pub fn text(words: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    text_boxed(Box::new(words))
}

#[inline(never)]
fn text_boxed(words: Box<dyn Fn() -> String + Send + Sync>) -> AnyView {
    let place = Place::here();
    (move || place.within(&words)).into_any()
}

/// A view that is there while a condition holds. It is kept while the condition stays as it is.
pub fn when(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    view: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    when_boxed(Box::new(condition), Box::new(view))
}

#[inline(never)]
fn when_boxed(condition: Box<dyn Fn() -> bool + Send + Sync>, view: Box<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    let holds = Derived::new(condition);
    live(move || if holds.get() { view() } else { nothing() })
}

/// Something that is done now, and again whenever what it reads changes.
pub fn effect(act: impl FnMut() + 'static) {
    effect_boxed(Box::new(act));
}

#[inline(never)]
fn effect_boxed(mut act: Box<dyn FnMut()>) {
    let place = Place::here();
    Effect::new(move || place.within(&mut act));
}
