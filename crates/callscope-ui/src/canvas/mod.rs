//! Scenes on an HTML canvas.

mod measure;
mod surface;
mod tokens;

pub(crate) use measure::CanvasText;
pub(crate) use surface::Surface;
pub use tokens::Shade;
pub(crate) use tokens::{Look, look_of, theme_in};

use callscope_charts::{Mark, Size, Theme, draw};
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Empties a canvas and makes it as large as a scene is, `scale` device pixels to one of its own.
pub(crate) fn prepare(canvas: &HtmlCanvasElement, size: Size, scale: f64) {
    let device = |scene_px: f64| (scene_px * scale).round().clamp(1.0, 16_384.0) as u32;
    let (width, height) = (device(size.width_css_px), device(size.height_css_px));
    if canvas.width() != width || canvas.height() != height {
        // It is emptied by that, too.
        canvas.set_width(width);
        canvas.set_height(height);
    } else if let Some(context) = context_of(canvas) {
        context.clear_rect(0.0, 0.0, width.into(), height.into());
    }
}

/// Draws marks on a canvas that is as large as they need.
pub(crate) fn paint(canvas: &HtmlCanvasElement, marks: &[Mark], theme: &Theme, scale: f64) {
    let Some(mut surface) = Surface::new(canvas) else { return };
    // A canvas that cannot be drawn on shows nothing; the table twin has the figures.
    draw(&mut surface, marks, theme, scale).ok();
    surface.finish();
}

fn context_of(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}
