//! Views that are numbered, of which those of a range are there.

use std::ops::Range;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use leptos::tachys::renderer::Rndr;
use leptos::tachys::renderer::types::Placeholder;
use leptos::tachys::view::Mountable;
use leptos::tachys::view::any_view::AnyViewState;

use super::live;
use super::render::in_a_browser_alone;

/// The views whose numbers are in the range, in their order. As long as a number stays in it, its view is left as it is,
/// with the focus it may have. (A keyed list of the framework takes some of those that stay out of the page and puts
/// them in again where others come and go at once, and the focus is lost.)
pub fn numbered(
    range: impl Fn() -> Range<usize> + Send + Sync + 'static,
    view: impl Fn(usize) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    // What is read while a view is made belongs to that view, and must outlast the range that it was made for.
    let owner = Owner::current().unwrap_or_default();
    let view: Arc<dyn Fn(usize) -> AnyView + Send + Sync> = Arc::new(view);
    live(move || Numbered { range: range(), view: Arc::clone(&view), owner: owner.clone() }.into_any())
}

struct Numbered {
    range: Range<usize>,
    view: Arc<dyn Fn(usize) -> AnyView + Send + Sync>,
    owner: Owner,
}

struct NumberedState {
    /// By their numbers.
    there: Vec<One>,
    end: Placeholder,
}

struct One {
    number: usize,
    view: AnyViewState,
    /// Held: what the view follows ends with it.
    _owner: Owner,
}

impl Numbered {
    fn make(&self, number: usize) -> One {
        let owner = self.owner.with(Owner::new);
        let view = owner.with(|| untrack(|| (self.view)(number).build()));
        One { number, view, _owner: owner }
    }
}

impl Render for Numbered {
    type State = NumberedState;

    fn build(self) -> NumberedState {
        let there = self.range.clone().map(|number| self.make(number)).collect();
        NumberedState { there, end: Rndr::create_placeholder() }
    }

    fn rebuild(self, state: &mut NumberedState) {
        let NumberedState { there, end } = state;
        there.retain_mut(|one| {
            let stays = self.range.contains(&one.number);
            if !stays {
                one.view.unmount();
            }
            stays
        });
        for (at, number) in self.range.clone().enumerate() {
            if there.get(at).is_some_and(|one| one.number == number) {
                continue;
            }
            let mut new = self.make(number);
            match there.get(at) {
                Some(next) => next.view.insert_before_this(&mut new.view),
                None => end.insert_before_this(&mut new.view),
            };
            there.insert(at, new);
        }
    }
}

impl Mountable for NumberedState {
    fn unmount(&mut self) {
        self.there.iter_mut().for_each(|one| one.view.unmount());
        self.end.unmount();
    }

    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&web_sys::Node>) {
        self.there.iter_mut().for_each(|one| one.view.mount(parent, marker));
        self.end.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self.there.first() {
            Some(first) => first.view.insert_before_this(child),
            None => self.end.insert_before_this(child),
        }
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        self.there.iter().flat_map(|one| one.view.elements()).collect()
    }
}

in_a_browser_alone!(Numbered);
