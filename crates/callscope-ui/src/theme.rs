//! Light or dark: by the system, or as the person chose.

use leptos::prelude::*;

use crate::piece::State;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;

/// Which theme the page has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Appearance {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Appearance {
    /// The name in the page's `data-theme`.
    pub fn key(self) -> &'static str {
        match self {
            Self::System => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The appearance of a name.
    pub fn from_key(key: &str) -> Self {
        match key {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// The one that follows when the button is pressed.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// Counts up whenever colours or the density of pixels changed, so that canvases are drawn anew.
#[derive(Clone, Copy)]
pub struct Repaint(State<u32>);

impl Repaint {
    /// Subscribes the running effect to changes.
    pub fn track(self) {
        self.0.track();
    }

    /// Has everything drawn anew.
    pub fn now(self) {
        self.0.update(|count| *count = count.wrapping_add(1));
    }
}

/// Provides [`Repaint`] to everything below, and listens to the system's theme and to the density
/// of pixels, which changes when a window moves to another screen.
pub fn provide_repaint() -> Repaint {
    let repaint = Repaint(State::new(0));
    provide_context(repaint);
    listen("(prefers-color-scheme: dark)", repaint);
    Effect::new(move |_| {
        // The query holds for one density only, so that it is made anew after each change.
        repaint.track();
        let density = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
        listen(&format!("(resolution: {density}dppx)"), repaint);
    });
    repaint
}

fn listen(query: &str, repaint: Repaint) {
    let Some(list) = web_sys::window().and_then(|window| window.match_media(query).ok().flatten()) else { return };
    let changed = Closure::<dyn Fn()>::new(move || repaint.now());
    list.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref()).ok();
    let kept = StoredValue::new_local((list, changed));
    on_cleanup(move || {
        kept.try_with_value(|(list, changed)| {
            list.remove_event_listener_with_callback("change", changed.as_ref().unchecked_ref()).ok();
        });
    });
}
