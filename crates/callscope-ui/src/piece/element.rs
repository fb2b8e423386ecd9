//! Elements of a page, all of one type.
//!
//! The framework's own elements have a type for each combination of tag, attributes and children,
//! and its code is compiled anew for each. These are data, so it is compiled once.

use std::borrow::Cow;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent, MouseEvent};

use super::state::Spot;

/// A text that is computed when it is needed, and again whenever what it reads changes.
pub(super) type Words = Box<dyn Fn() -> String + Send>;
/// A condition that is checked when it is needed, and again whenever what it reads changes.
pub(super) type Flag = Box<dyn Fn() -> bool + Send>;
pub(super) type Handler = Box<dyn FnMut(Event) + Send>;

/// What stands on an element, beside its children.
pub(super) enum Part {
    Fixed(&'static str, Cow<'static, str>),
    Live(&'static str, Words),
    /// An attribute that says `true` or `false`.
    Says(&'static str, Flag),
    Style(&'static str, Words),
    /// The value of a field as it stands now, which the attribute of the same name is not.
    Value(Words),
    /// A property of the element that is so while the condition holds, as it stands now.
    Switch(&'static str, Flag),
    On(&'static str, Handler),
    /// Called with the element when it is made.
    Made(Box<dyn Fn(&web_sys::Element) + Send>),
}

impl Part {
    /// What it is about: an element can become another one in its place where these are the same.
    pub(super) fn key(&self) -> (u8, &'static str) {
        match self {
            Self::Fixed(name, _) | Self::Live(name, _) | Self::Says(name, _) => (0, name),
            Self::Style(name, _) => (1, name),
            Self::Value(_) => (2, "value"),
            Self::Switch(name, _) => (2, name),
            Self::On(name, _) => (3, name),
            Self::Made(_) => (4, ""),
        }
    }
}

/// An element with what stands on it and in it.
#[must_use = "it stands nowhere until it is given to a view"]
pub struct Element(pub(super) Box<Tree>);

pub(super) struct Tree {
    pub(super) tag: &'static str,
    pub(super) parts: Vec<Part>,
    pub(super) children: Vec<AnyView>,
}

/// An element of HTML, or of SVG where the tag is one of its own.
#[inline(never)]
pub fn el(tag: &'static str) -> Element {
    Element(Box::new(Tree { tag, parts: Vec::new(), children: Vec::new() }))
}

/// A button that does something, which no form takes for "submit".
pub fn button(class: &'static str, act: impl FnMut(MouseEvent) + Send + 'static) -> Element {
    let button = el("button").attr("type", "button").on_click(act);
    if class.is_empty() { button } else { button.class(class) }
}

impl Element {
    #[inline(never)]
    fn part(mut self, part: Part) -> Self {
        self.0.parts.push(part);
        self
    }

    /// Its classes, which stay as they are.
    #[inline(never)]
    pub fn class(self, names: &'static str) -> Self {
        self.attr("class", names)
    }

    /// An attribute that stays as it is.
    pub fn attr(self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.part(Part::Fixed(name, value.into()))
    }

    /// An attribute that follows what it reads.
    pub fn live_attr(self, name: &'static str, value: impl Fn() -> String + Send + 'static) -> Self {
        self.part(Part::Live(name, Box::new(value)))
    }

    /// `true` or `false` in an attribute, as the conditions of ARIA are written.
    pub fn says(self, name: &'static str, flag: impl Fn() -> bool + Send + 'static) -> Self {
        self.part(Part::Says(name, Box::new(flag)))
    }

    /// A property of its style that follows what it reads. (An attribute `style` would be refused
    /// by the page's policy.)
    pub fn style(self, name: &'static str, value: impl Fn() -> String + Send + 'static) -> Self {
        self.part(Part::Style(name, Box::new(value)))
    }

    /// What stands in a field.
    pub fn value(self, value: impl Fn() -> String + Send + 'static) -> Self {
        self.part(Part::Value(Box::new(value)))
    }

    /// Whether a box is `checked`, an option `selected`, a button `disabled`, anything `hidden` or `inert`.
    pub fn switched(self, name: &'static str, flag: impl Fn() -> bool + Send + 'static) -> Self {
        self.part(Part::Switch(name, Box::new(flag)))
    }

    /// Does something on an event.
    pub fn on(self, name: &'static str, act: impl FnMut(Event) + Send + 'static) -> Self {
        self.part(Part::On(name, Box::new(act)))
    }

    /// Does something on a click.
    pub fn on_click(self, mut act: impl FnMut(MouseEvent) + Send + 'static) -> Self {
        self.on("click", move |event| act(event.unchecked_into()))
    }

    /// Does something on a key.
    pub fn on_key(self, mut act: impl FnMut(KeyboardEvent) + Send + 'static) -> Self {
        self.on("keydown", move |event| act(event.unchecked_into()))
    }

    /// Keeps the element where others can reach it.
    pub fn node_ref<E: JsCast + 'static>(self, to: Spot<E>) -> Self {
        self.part(Part::Made(Box::new(move |element| to.fill(element))))
    }

    /// One more child.
    pub fn child(self, child: impl IntoChild) -> Self {
        self.push(child.into_child())
    }

    #[inline(never)]
    fn push(mut self, child: AnyView) -> Self {
        self.0.children.push(child);
        self
    }

    /// The element as any view.
    #[inline(never)]
    pub fn any(self) -> AnyView {
        self.into_any()
    }
}

/// What can stand in an element.
pub trait IntoChild {
    /// As a view.
    fn into_child(self) -> AnyView;
}

impl IntoChild for AnyView {
    fn into_child(self) -> AnyView {
        self
    }
}

impl IntoChild for Element {
    fn into_child(self) -> AnyView {
        self.any()
    }
}

impl IntoChild for &'static str {
    fn into_child(self) -> AnyView {
        self.to_owned().into_child()
    }
}

impl IntoChild for String {
    #[inline(never)]
    fn into_child(self) -> AnyView {
        self.into_any()
    }
}

/// Nothing keeps its place, so that what stands after it stays the same when something comes.
impl<T: IntoChild> IntoChild for Option<T> {
    fn into_child(self) -> AnyView {
        self.map_or_else(nothing, T::into_child)
    }
}

/// As many as there are: among them, the focus stays with the place.
impl<T: IntoChild> IntoChild for Vec<T> {
    fn into_child(self) -> AnyView {
        several(self.into_iter().map(T::into_child).collect())
    }
}

/// No view.
#[inline(never)]
pub fn nothing() -> AnyView {
    ().into_any()
}

/// Views one after the other.
#[inline(never)]
pub fn several(views: Vec<AnyView>) -> AnyView {
    views.into_any()
}
