//! What an element shows, for those who save it without the menu.

use callscope_core::export::to_csv;
use leptos::prelude::*;
use web_sys::{Element, HtmlCanvasElement};

use super::menu::ExportInput;
use super::save;
use crate::canvas::Shade;
use crate::piece::State;

/// The picture and the table of what is shown, once there is something. Whoever shows a view provides it.
#[derive(Clone, Copy)]
pub struct Exports {
    /// Whether several charts stand there, of which one picture is made.
    is_whole: bool,
    current: State<Option<ExportInput>>,
}

impl Exports {
    /// Provides it to the views below.
    pub fn provide(is_whole: bool) -> Self {
        let exports = Self { is_whole, current: State::new(None) };
        provide_context(exports);
        exports
    }

    /// The picture, `scale` pixels to a CSS pixel; none where nothing is shown yet, or a table alone.
    pub fn picture(self, near: &Element, scale: f64, shade: Shade) -> Option<HtmlCanvasElement> {
        self.current.try_get_untracked().flatten()?.picture(near, scale, shade)
    }

    /// The picture as SVG.
    pub fn svg(self, near: &Element, shade: Shade) -> Option<String> {
        self.current.try_get_untracked().flatten()?.svg(near, shade)
    }

    /// The table as CSV, with period and zone in its first heading.
    pub fn csv(self) -> Option<String> {
        let input = self.current.try_get_untracked().flatten()?;
        let texts = untrack(|| (input.texts)());
        Some(to_csv(&save::dated(&untrack(|| (input.table)()), &texts)))
    }
}

/// Offers what a view shows: the whole of it, or the one chart it has.
pub(crate) fn offer(input: &ExportInput, is_whole: bool) {
    if let Some(exports) = use_context::<Exports>().filter(|exports| exports.is_whole == is_whole) {
        exports.current.set(Some(input.clone()));
    }
}
