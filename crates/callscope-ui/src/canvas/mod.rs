//! Scenes on an HTML canvas.

mod measure;
mod surface;
mod tokens;

pub(crate) use measure::CanvasText;
pub(crate) use surface::Surface;
pub use tokens::Shade;
pub(crate) use tokens::{theme_in, theme_of};

use callscope_charts::{Mark, Scene, Theme, draw};
use web_sys::HtmlCanvasElement;

/// Draws a scene, `scale` device pixels to a CSS pixel, with marks over it. Clears first, and sets
/// the canvas to the scene's size where it has another.
pub(crate) fn paint(canvas: &HtmlCanvasElement, scene: &Scene, over: &[Mark], theme: &Theme, scale: f64) {
    let Some(mut surface) = Surface::new(canvas, scene.size, scale) else { return };
    // A canvas that cannot be drawn on shows nothing; the table twin has the figures.
    draw(&mut surface, scene.marks.iter().chain(over), theme, scale).ok();
    surface.finish();
}
