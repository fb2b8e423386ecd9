//! How an element gets into the page.

use leptos::prelude::*;
use leptos::reactive::graph::{Subscriber as _, ToAnySubscriber as _};
use leptos::reactive::owner::Owner;
use leptos::tachys::view::Mountable;
use leptos::tachys::view::any_view::AnyViewState;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, HtmlElement, Node};

use super::element::{Element, Handler, Part};
use super::place::Place;

/// An element in the page.
pub struct ElementState {
    tag: &'static str,
    node: web_sys::Element,
    keys: Vec<(u8, &'static str)>,
    kept: Vec<Kept>,
    children: Vec<AnyViewState>,
}

/// What makes an element follow and hear for as long as it is there.
enum Kept {
    /// It ends when it is dropped.
    Effect(RenderEffect<()>),
    Listener(&'static str, Closure<dyn FnMut(Event)>),
}

impl ElementState {
    /// Ends what the parts of the element before do.
    fn release(&mut self) {
        for kept in self.kept.drain(..) {
            match kept {
                Kept::Listener(name, heard) => {
                    self.node.remove_event_listener_with_callback(name, heard.as_ref().unchecked_ref()).ok();
                }
                // What it followed would go on telling it, with all others that are gone, at each change.
                Kept::Effect(effect) => {
                    let effect = effect.to_any_subscriber();
                    effect.clear_sources(&effect);
                }
            }
        }
    }
}

impl Drop for ElementState {
    fn drop(&mut self) {
        self.release();
    }
}

const SVG: [&str; 4] = ["svg", "path", "circle", "g"];

fn create(tag: &str) -> Option<web_sys::Element> {
    let document = web_sys::window()?.document()?;
    if SVG.contains(&tag) {
        return document.create_element_ns(Some("http://www.w3.org/2000/svg"), tag).ok();
    }
    document.create_element(tag).ok()
}

/// The classes that a page around may style, where the views stand in a root of their own.
const PARTS: [&str; 8] = ["card", "chart", "plot", "tile", "toolbar", "context", "verdict", "findings"];

/// Gives an element the names by which a page around can reach it.
fn name_parts(node: &web_sys::Element, classes: &str) {
    let parts: Vec<&str> = classes.split(' ').filter(|class| PARTS.contains(class)).collect();
    if !parts.is_empty() {
        node.set_attribute("part", &parts.join(" ")).ok();
    }
}

/// Puts a part on an element, and returns what has to be kept for it.
fn put(node: &web_sys::Element, part: Part) -> Option<Kept> {
    match part {
        Part::Fixed(name, value) => {
            node.set_attribute(name, &value).ok();
            if name == "class" {
                name_parts(node, &value);
            }
            None
        }
        Part::Made(made) => {
            made(node);
            None
        }
        Part::On(name, act) => Some(listen(node, name, act)),
        live => {
            let (node, place) = (node.clone(), Place::here());
            Some(Kept::Effect(RenderEffect::new(move |_| place.within(|| follow(&node, &live)))))
        }
    }
}

/// Brings a part up to date with what it reads.
fn follow(node: &web_sys::Element, part: &Part) {
    match part {
        Part::Live(name, value) => {
            node.set_attribute(name, &value()).ok();
        }
        Part::Says(name, flag) => {
            node.set_attribute(name, if flag() { "true" } else { "false" }).ok();
        }
        Part::Style(name, value) => {
            node.unchecked_ref::<HtmlElement>().style().set_property(name, &value()).ok();
        }
        Part::Value(value) => set(node, "value", &JsValue::from_str(&value())),
        Part::Switch(name, flag) => set(node, name, &JsValue::from_bool(flag())),
        Part::Fixed(..) | Part::On(..) | Part::Made(_) => {}
    }
}

fn set(node: &web_sys::Element, property: &str, value: &JsValue) {
    js_sys::Reflect::set(node, &JsValue::from_str(property), value).ok();
}

/// Hears an event under the owner that is current now, so that contexts are found.
fn listen(node: &web_sys::Element, name: &'static str, mut act: Handler) -> Kept {
    let (owner, place) = (Owner::current().unwrap_or_default(), Place::here());
    let heard = Closure::<dyn FnMut(Event)>::new(move |event| owner.with(|| place.within(|| act(event))));
    node.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref()).ok();
    Kept::Listener(name, heard)
}

impl Render for Element {
    type State = ElementState;

    fn build(self) -> ElementState {
        let tree = *self.0;
        let node = create(tree.tag).unwrap_or_else(|| web_sys::Element::from(JsValue::NULL));
        let keys = tree.parts.iter().map(Part::key).collect();
        let children: Vec<AnyViewState> = tree.children.into_iter().map(|child| mounted(child, &node)).collect();
        // Parts come after the children: the value of a `select` is one of its options.
        let kept = tree.parts.into_iter().filter_map(|part| put(&node, part)).collect();
        ElementState { tag: tree.tag, node, keys, kept, children }
    }

    /// An element of the same kind stays where it is, with the focus it may have.
    fn rebuild(self, state: &mut ElementState) {
        let same = self.0.tag == state.tag
            && self.0.children.len() == state.children.len()
            && self.0.parts.iter().map(Part::key).eq(state.keys.iter().copied());
        if !same {
            let mut new = self.build();
            state.insert_before_this(&mut new);
            state.unmount();
            *state = new;
            return;
        }
        let tree = *self.0;
        state.release();
        for (child, before) in tree.children.into_iter().zip(&mut state.children) {
            child.rebuild(before);
        }
        state.kept = tree.parts.into_iter().filter_map(|part| put(&state.node, part)).collect();
    }
}

fn mounted(child: AnyView, node: &web_sys::Element) -> AnyViewState {
    let mut state = child.build();
    state.mount(node, None);
    state
}

impl Mountable for ElementState {
    fn unmount(&mut self) {
        self.node.remove();
    }

    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&Node>) {
        parent.insert_before(&self.node, marker).ok();
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let Some(parent) = self.node.parent_element() else { return false };
        child.mount(&parent, Some(&self.node));
        true
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        vec![self.node.clone()]
    }
}

/// What a server would need of a view, which there is none of for these pages.
macro_rules! in_a_browser_alone {
    ($view:ty) => {
        impl leptos::prelude::AddAnyAttr for $view {
            type Output<A: leptos::tachys::html::attribute::Attribute> = Self;

            fn add_any_attr<A: leptos::tachys::html::attribute::Attribute>(self, _: A) -> Self {
                self
            }
        }

        impl leptos::prelude::RenderHtml for $view {
            type AsyncOutput = Self;
            type Owned = Self;

            const MIN_LENGTH: usize = 0;

            fn dry_resolve(&mut self) {}

            async fn resolve(self) -> Self {
                self
            }

            fn to_html_with_buf(
                self,
                _: &mut String,
                _: &mut leptos::tachys::view::Position,
                _: bool,
                _: bool,
                _: Vec<leptos::tachys::html::attribute::any_attribute::AnyAttribute>,
            ) {
            }

            fn hydrate<const FROM_SERVER: bool>(
                self,
                _: &leptos::tachys::hydration::Cursor,
                _: &leptos::tachys::view::PositionState,
            ) -> Self::State {
                leptos::prelude::Render::build(self)
            }

            fn into_owned(self) -> Self {
                self
            }
        }
    };
}
pub(super) use in_a_browser_alone;

in_a_browser_alone!(Element);
