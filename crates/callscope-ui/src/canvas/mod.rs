//! Scenes on an HTML canvas.

mod measure;
mod surface;
mod tokens;

pub(crate) use measure::CanvasText;
pub(crate) use surface::Surface;
pub use tokens::Shade;
pub(crate) use tokens::{theme_in, theme_of};

use callscope_charts::{Mark, Size, Theme, draw};
use web_sys::HtmlCanvasElement;

/// Draws marks, `scale` device pixels to a CSS pixel. Clears first, and sets the canvas to the size where it has
/// another.
pub(crate) fn paint(canvas: &HtmlCanvasElement, size: Size, marks: &[Mark], theme: &Theme, scale: f64) {
    let Some(mut surface) = Surface::new(canvas, size, scale) else { return };
    // A canvas that cannot be drawn on shows nothing; the table twin has the figures.
    draw(&mut surface, marks, theme, scale).ok();
    surface.finish();
}
