//! How wide texts are in the browser's own fonts.

use std::cell::RefCell;

use callscope_charts::{Font, MeasureText, Weight};
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Measures with `measureText`, each text once.
pub(crate) struct CanvasText {
    context: CanvasRenderingContext2d,
    family: String,
    known: RefCell<Known>,
}

/// The font that the context is set to, and the widths measured, in the order of their fonts and texts. (A hash map
/// would be a kilobyte more to download.)
#[derive(Default)]
struct Known {
    font: String,
    widths: Vec<(String, f64)>,
}

impl CanvasText {
    pub(crate) fn new(canvas: &HtmlCanvasElement, family: &str) -> Option<Self> {
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self { context, family: family.to_owned(), known: RefCell::default() })
    }
}

/// A font as the canvas wants it.
pub(crate) fn css_font(size_px: f64, is_bold: bool, family: &str) -> String {
    let weight = if is_bold { "600 " } else { "" };
    format!("{weight}{size_px}px {family}")
}

impl MeasureText for CanvasText {
    fn width_css_px(&self, text: &str, font: Font) -> f64 {
        let css = css_font(font.size_css_px, font.weight == Weight::Bold, &self.family);
        let mut known = self.known.borrow_mut();
        if known.font != css {
            self.context.set_font(&css);
            known.font.clone_from(&css);
        }
        let key = format!("{css}\n{text}");
        match known.widths.binary_search_by(|(held, _)| held.as_str().cmp(&key)) {
            Ok(at) => known.widths.get(at).map_or(0.0, |(_, width)| *width),
            Err(at) => {
                let width = self.context.measure_text(text).map_or(0.0, |metrics| metrics.width());
                known.widths.insert(at, (key, width));
                width
            }
        }
    }
}
