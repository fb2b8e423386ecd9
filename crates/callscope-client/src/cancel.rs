//! Cancelling: a request that nobody waits for any more is aborted.

use web_sys::{AbortController, AbortSignal};

/// Aborts its request when dropped; harmless after the request has ended.
pub(crate) struct AbortOnDrop {
    controller: Option<AbortController>,
}

impl AbortOnDrop {
    pub(crate) fn new() -> Self {
        Self { controller: AbortController::new().ok() }
    }

    /// What the request listens to.
    pub(crate) fn signal(&self) -> Option<AbortSignal> {
        self.controller.as_ref().map(AbortController::signal)
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.controller {
            // Without a reason: gloo-net cannot take one that is no Error.
            controller.abort();
        }
    }
}
