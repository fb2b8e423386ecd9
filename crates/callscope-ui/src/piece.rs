//! Reactive pieces of views, each of one type.
//!
//! Every closure in a view has a type of its own, and the framework's code is compiled anew for
//! each. Boxed, they share it: this halves the app that people download.

use leptos::prelude::*;
use web_sys::MouseEvent;

/// A view that is built anew whenever what it reads changes.
pub fn live(view: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    live_boxed(Box::new(view))
}

#[inline(never)]
fn live_boxed(view: Box<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    (move || view()).into_any()
}

/// A text that follows what it reads.
pub fn text(words: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    text_boxed(Box::new(words))
}

#[inline(never)]
fn text_boxed(words: Box<dyn Fn() -> String + Send + Sync>) -> AnyView {
    (move || words()).into_any()
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
    let holds = Memo::new(move |_| condition());
    live(move || if holds.get() { view() } else { ().into_any() })
}

/// The value of an attribute that follows what it reads.
pub type Words = Box<dyn FnMut() -> String + Send>;

/// An attribute's value.
pub fn words(words: impl FnMut() -> String + Send + 'static) -> Words {
    Box::new(words)
}

/// Whether a class or an attribute is set.
pub type Flag = Box<dyn FnMut() -> bool + Send>;

/// A condition of a class or an attribute.
pub fn flag(flag: impl FnMut() -> bool + Send + 'static) -> Flag {
    Box::new(flag)
}

/// What happens on a click.
pub fn click(act: impl FnMut(MouseEvent) + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(act)
}

/// What happens on an event of a field.
pub fn on(act: impl FnMut(web_sys::Event) + 'static) -> Box<dyn FnMut(web_sys::Event)> {
    Box::new(act)
}

/// What happens on a key.
pub fn on_key(act: impl FnMut(web_sys::KeyboardEvent) + 'static) -> Box<dyn FnMut(web_sys::KeyboardEvent)> {
    Box::new(act)
}

/// Something that is done now, and again whenever what it reads changes.
pub fn effect(act: impl FnMut() + 'static) {
    effect_boxed(Box::new(act));
}

#[inline(never)]
fn effect_boxed(act: Box<dyn FnMut()>) {
    Effect::new(act);
}
