//! A scene as an SVG document.

use plotters::backend::{DrawingBackend as _, SVGBackend};

use crate::Theme;
use crate::draw::{draw_in_document, printable};
use crate::scene::Scene;

/// Units of the drawing to a CSS pixel: plotters knows whole coordinates only, and this keeps a
/// tenth of a pixel.
const UNITS_PER_CSS_PX: f64 = 10.0;

/// The scene as an SVG document of its own: solid background, name and summary for screen readers.
/// Texts are escaped, and no script or address can get in.
pub fn svg(scene: &Scene, theme: &Theme) -> String {
    let units = |css_px: f64| (css_px * UNITS_PER_CSS_PX).round() as u32;
    let (width, height) = (units(scene.size.width_css_px), units(scene.size.height_css_px));
    let mut body = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut body, (width, height));
        // Writing to memory cannot fail; a scene half drawn would still be a document.
        draw_in_document(&mut backend, &scene.marks, theme, UNITS_PER_CSS_PX).ok();
        backend.present().ok();
    }
    let inner = body.split_once('>').map_or("", |(_, rest)| rest.trim_start());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\">\n\
         <title>{}</title>\n<desc>{}</desc>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n{inner}",
        scene.size.width_css_px,
        scene.size.height_css_px,
        escaped(&scene.name),
        escaped(&scene.summary),
        fill(theme),
    )
}

fn fill(theme: &Theme) -> String {
    let (red, green, blue) = theme.card.rgb;
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(text: &str) -> String {
    printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
