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
use super::place::Place;
use super::render::in_a_browser_alone;

/// The views whose numbers are in the range, in their order. As long as a number stays in it, its view is left as it is,
/// with the focus it may have. (A keyed list of the framework takes some of those that stay out of the page and puts
/// them in again where others come and go at once, and the focus is lost.) A view provides no contexts: they would stay
/// for the next one.
pub fn numbered(
    range: impl Fn() -> Range<usize> + Send + Sync + 'static,
    view: impl Fn(usize) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    // What a view follows must outlast the range that the view was made for.
    let owner = Owner::current().unwrap_or_default();
    let (place, view) = (Place::here(), Arc::new(view));
    live(move || {
        let (place, view) = (place.clone(), Arc::clone(&view));
        let make = move |number| untrack(|| place.within(|| view(number).build()));
        Numbered { range: range(), make: Box::new(make), owner: owner.clone() }.into_any()
    })
}

struct Numbered {
    range: Range<usize>,
    make: Box<dyn Fn(usize) -> AnyViewState + Send>,
    owner: Owner,
}

struct NumberedState {
    /// By their numbers.
    there: Vec<One>,
    /// Owners of views that went, for those that come: one that is given up would be remembered by the owner around.
    free: Vec<Owner>,
    end: Placeholder,
}

struct One {
    number: usize,
    view: AnyViewState,
    /// Has what the view follows.
    owner: Owner,
}

impl Numbered {
    fn make(&self, number: usize, free: &mut Vec<Owner>) -> One {
        let owner = free.pop().unwrap_or_else(|| self.owner.child());
        One { number, view: owner.with(|| (self.make)(number)), owner }
    }
}

impl NumberedState {
    /// Takes those away whose numbers are not in the range.
    fn leave(&mut self, range: &Range<usize>) {
        for mut one in self.there.extract_if(.., |one| !range.contains(&one.number)) {
            one.view.unmount();
            drop(one.view);
            one.owner.cleanup();
            self.free.push(one.owner);
        }
    }
}

impl Render for Numbered {
    type State = NumberedState;

    fn build(self) -> NumberedState {
        let there = self.range.clone().map(|number| self.make(number, &mut Vec::new())).collect();
        NumberedState { there, free: Vec::new(), end: Rndr::create_placeholder() }
    }

    fn rebuild(self, state: &mut NumberedState) {
        state.leave(&self.range);
        let NumberedState { there, free, end } = state;
        for (at, number) in self.range.clone().enumerate() {
            if there.get(at).is_some_and(|one| one.number == number) {
                continue;
            }
            let mut new = self.make(number, free);
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
