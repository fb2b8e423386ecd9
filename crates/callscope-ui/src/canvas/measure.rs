//! How wide texts are in the browser's own fonts.

use std::cell::RefCell;

use callscope_charts::{Font, MeasureText, Weight};
use leptos::prelude::document;
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::context_of;

/// Where more widths than this are remembered, all are measured anew for the next chart.
const MOST: usize = 4_096;
/// A text that is measured for each chart, in both weights: where it is as wide as before, no font has come since.
const SAMPLE: &str = "Wed 28 May 0123456789";

thread_local! {
    /// All charts of the page measure with one canvas, which remembers what it measured.
    static RULER: RefCell<Option<Ruler>> = const { RefCell::new(None) };
}

/// Measures with `measureText`, each text once.
pub(crate) struct CanvasText;

impl CanvasText {
    pub(crate) fn new(family: &str) -> Option<Self> {
        RULER.with_borrow_mut(|held| {
            if held.as_ref().is_none_or(|ruler| ruler.family != family || ruler.widths.len() > MOST) {
                *held = Some(Ruler::new(family)?);
            }
            held.as_mut()?.check();
            Some(Self)
        })
    }
}

impl MeasureText for CanvasText {
    fn width_css_px(&self, text: &str, font: Font) -> f64 {
        RULER.with_borrow_mut(|held| held.as_mut().map_or(0.0, |ruler| ruler.width(text, font)))
    }
}

struct Ruler {
    context: CanvasRenderingContext2d,
    family: String,
    /// The font that the context is set to.
    font: Option<Font>,
    /// The widths, in the order of their fonts and texts. (A hash map would be a kilobyte more to download.)
    widths: Vec<(Key, f64)>,
    sample: [u64; 2],
}

/// A font's size and weight, and a text.
type Key = (u64, bool, Box<str>);

impl Ruler {
    fn new(family: &str) -> Option<Self> {
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
        Some(Self {
            context: context_of(&canvas)?,
            family: family.to_owned(),
            font: None,
            widths: Vec::new(),
            sample: [0; 2],
        })
    }

    /// Forgets what is no longer true.
    fn check(&mut self) {
        let sample = [Font::STRONG, Font::LABEL].map(|font| self.measured(SAMPLE, font).to_bits());
        if sample != self.sample {
            (self.widths, self.sample) = (Vec::new(), sample);
        }
    }

    fn width(&mut self, text: &str, font: Font) -> f64 {
        let of_font = (font.size_css_px.to_bits(), font.weight == Weight::Bold);
        let order = |((size, is_bold, held), _): &(Key, f64)| (*size, *is_bold).cmp(&of_font).then((**held).cmp(text));
        match self.widths.binary_search_by(order) {
            Ok(at) => self.widths.get(at).map_or(0.0, |(_, width)| *width),
            Err(at) => {
                let width = self.measured(text, font);
                self.widths.insert(at, ((of_font.0, of_font.1, text.into()), width));
                width
            }
        }
    }

    fn measured(&mut self, text: &str, font: Font) -> f64 {
        if self.font != Some(font) {
            self.context.set_font(&css_font(font.size_css_px, font.weight == Weight::Bold, &self.family));
            self.font = Some(font);
        }
        self.context.measure_text(text).map_or(0.0, |metrics| metrics.width())
    }
}

/// A font as the canvas wants it.
pub(crate) fn css_font(size_px: f64, is_bold: bool, family: &str) -> String {
    let weight = if is_bold { "600 " } else { "" };
    format!("{weight}{size_px}px {family}")
}
