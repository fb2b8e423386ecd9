//! Something that is under way until it ends, is stopped, or the page goes.

use futures_util::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::piece::There;

/// One thing at a time. It ends with the part of the page that made the task, not with the button that began
/// it, which may be gone long before.
#[derive(Clone, Copy)]
pub(crate) struct Task(StoredValue<Option<AbortHandle>>);

impl Task {
    /// Nothing is under way.
    pub(crate) fn new() -> Self {
        let task = Self(StoredValue::new(None));
        on_cleanup(move || task.stop());
        task
    }

    /// Begins something. What was under way before is stopped.
    pub(crate) fn begin(self, act: impl Future<Output = ()> + 'static) {
        self.stop();
        let (act, handle) = abortable(act);
        self.0.set_value(Some(handle));
        spawn_local(There::begun_here(Box::pin(async move {
            // Whoever stopped it knows.
            act.await.ok();
        })));
    }

    /// Stops it where it waits; nothing of it runs after that.
    pub(crate) fn stop(self) {
        if let Some(handle) = self.0.try_get_value().flatten() {
            handle.abort();
        }
    }
}
