//! The place that views are written for.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use callscope_core::format::{Locale, written_in};
use leptos::prelude::*;

/// How numbers and dates are written in views: as where whoever made them said. What is made anew later is written in
/// the same way, so everything that runs later remembers it.
#[derive(Clone, Default)]
pub struct Place(Option<Arc<Locale>>);

impl Place {
    /// Has the views below be written for a place.
    pub fn provide(locale: Option<Arc<Locale>>) -> Self {
        let place = Self(locale);
        provide_context(place.clone());
        place
    }

    /// That of the present owner.
    #[inline(never)]
    pub(super) fn here() -> Self {
        use_context().unwrap_or_default()
    }

    /// Does something, with everything written for the place.
    pub fn within<T>(&self, act: impl FnOnce() -> T) -> T {
        match &self.0 {
            Some(locale) => written_in(locale, act),
            None => act(),
        }
    }
}

/// Something that goes on later, in the place where it began.
pub(crate) struct There {
    place: Place,
    work: Pin<Box<dyn Future<Output = ()>>>,
}

impl There {
    pub(crate) fn begun_here(work: Pin<Box<dyn Future<Output = ()>>>) -> Self {
        Self { place: Place::here(), work }
    }
}

impl Future for There {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let place = self.place.clone();
        place.within(|| self.work.as_mut().poll(context))
    }
}
