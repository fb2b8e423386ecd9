//! The one way to wait for an answer.
//!
//! A changed key drops the request under way at once, so a late answer never replaces a newer one.
//! What was shown stays until the new answer is there.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use callscope_client::{ClientError, Problem};
use leptos::prelude::{on_cleanup, window_event_listener_untyped};
use leptos::task::spawn_local_scoped_with_cancellation;

use crate::piece::{State, There, effect};

/// How far a load is. `before` is the last answer there was.
#[derive(Debug)]
pub enum Load<T> {
    /// Under way.
    Waiting {
        /// The last answer.
        before: Option<Arc<T>>,
    },
    /// Answered.
    Ready(Arc<T>),
    /// No answer.
    Failed {
        /// Why.
        error: ClientError,
        /// The last answer.
        before: Option<Arc<T>>,
    },
}

impl<T> Clone for Load<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Waiting { before } => Self::Waiting { before: before.clone() },
            Self::Ready(value) => Self::Ready(Arc::clone(value)),
            Self::Failed { error, before } => Self::Failed { error: error.clone(), before: before.clone() },
        }
    }
}

impl<T> Load<T> {
    /// The answer, or the last one there was.
    pub fn latest(&self) -> Option<Arc<T>> {
        match self {
            Self::Ready(value) => Some(Arc::clone(value)),
            Self::Waiting { before } | Self::Failed { before, .. } => before.clone(),
        }
    }

    /// Whether there was no connection.
    fn lacks_connection(&self) -> bool {
        matches!(self, Self::Failed { error, .. } if matches!(error.problem, Problem::Network | Problem::Timeout))
    }

    /// Whether an answer is awaited.
    pub fn is_waiting(&self) -> bool {
        matches!(self, Self::Waiting { .. })
    }
}

/// Loads whatever the key says, anew whenever it changes. Without a key nothing is loaded.
pub fn use_load<K, T, F>(
    key: impl Fn() -> Option<K> + Send + Sync + 'static,
    fetch: impl Fn(K) -> F + Send + Sync + 'static,
) -> State<Load<T>>
where
    K: 'static,
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, ClientError>> + 'static,
{
    let state = State::new(Load::Waiting { before: None });
    let begin = Box::new(move || {
        let key = key()?;
        let before = state.with_untracked(Load::latest);
        state.set(Load::Waiting { before: before.clone() });
        let answer = fetch(key);
        let load: UnderWay = Box::pin(async move {
            state.set(match answer.await {
                Ok(value) => Load::Ready(Arc::new(value)),
                Err(error) => Load::Failed { error, before },
            });
        });
        Some(load)
    });
    load_boxed(begin, Box::new(move || state.with(Load::lacks_connection)));
    state
}

/// A load that is under way; dropping it ends it.
type UnderWay = Pin<Box<dyn Future<Output = ()>>>;

#[inline(never)]
fn load_boxed(begin: Box<dyn Fn() -> Option<UnderWay>>, lacks_connection: Box<dyn Fn() -> bool>) {
    let again = State::new(());
    effect(move || {
        again.get();
        if let Some(load) = begin() {
            spawn_local_scoped_with_cancellation(There::begun_here(load));
        }
    });
    // What failed for want of a connection is asked again once the browser has one.
    effect(move || {
        if lacks_connection() {
            let listening = window_event_listener_untyped("online", move |_| again.set(()));
            on_cleanup(move || listening.remove());
        }
    });
}
