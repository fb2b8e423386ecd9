//! Views whose code is loaded when they are first shown, where the build cut it out.

use std::future::Future;
use std::pin::Pin;

use callscope_client::{ClientError, Problem};
use leptos::prelude::*;

use crate::load::{Load, use_load};
use crate::piece::{Callback, State, effect, el, live, several};
use crate::states::{Way, message_with, skeleton};

/// A view: its code first, by `load`; then what it shows, which is there at once by then. `on_failure` is told where
/// the code cannot be had; the page says so, too.
pub fn apart<F, E>(
    title: &'static str,
    on_failure: Callback<ClientError>,
    load: impl Fn() -> F + Copy + Send + Sync + 'static,
    view: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView
where
    F: Future<Output = Result<(), E>> + 'static,
    E: 'static,
{
    let load = move || -> Loading {
        let loading = load();
        Box::pin(async move { loading.await.map_err(|_| code_not_loaded()) })
    };
    apart_boxed(title, on_failure, Box::new(load), Box::new(view))
}

/// Code on its way.
type Loading = Pin<Box<dyn Future<Output = Result<(), ClientError>>>>;

#[inline(never)]
fn apart_boxed(
    title: &'static str,
    on_failure: Callback<ClientError>,
    load: Box<dyn Fn() -> Loading + Send + Sync>,
    view: Box<dyn Fn() -> AnyView + Send + Sync>,
) -> AnyView {
    let attempt = State::new(0_u32);
    let code = use_load(move || Some(attempt.get()), move |_| load());
    let again = Callback::new(move |()| attempt.update(|count| *count += 1));
    let reload = Callback::new(|()| drop(window().location().reload()));
    effect(move || {
        if let Load::Failed { error, .. } = code.get() {
            on_failure.run(error);
        }
    });
    live(move || match code.get() {
        Load::Waiting { .. } => skeleton(),
        Load::Failed { error, .. } => {
            let ways = [Way::again(again), Way::new("Reload the page", reload)];
            let said = message_with("A part of the code is missing", error.sentence, &ways);
            several(vec![el("h1").child(title).any(), said])
        }
        Load::Ready(_) => view(),
    })
}

/// What is said where code that stands apart cannot be loaded.
pub fn code_not_loaded() -> ClientError {
    let sentence =
        "The code of this page could not be loaded. Try again; where a newer version is there, reload the page.";
    ClientError { problem: Problem::Network, sentence: sentence.to_owned(), retry_after_secs: None }
}

/// What code that stands apart gives at once, as it is there by then; none where it is not.
#[cfg(feature = "split")]
pub fn there<T, E>(call: impl Future<Output = Result<T, E>>) -> Option<T> {
    futures_util::FutureExt::now_or_never(call)?.ok()
}
