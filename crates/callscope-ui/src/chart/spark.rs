//! A line without axes.

use callscope_charts::{Size, sparkline};
use leptos::prelude::*;

use super::figure::{density, repaint};
use crate::canvas::{Look, look_of, paint, prepare};
use crate::piece::{Spot, effect, el};

/// The line of some values, in order; unknown ones are gaps.
pub fn spark(values: Vec<Option<f64>>) -> AnyView {
    const SIZE: Size = Size { width_css_px: 72.0, height_css_px: 24.0 };
    let canvas = Spot::<web_sys::HtmlCanvasElement>::new();
    let repaint = repaint();
    effect(move || {
        repaint.track();
        let Some(canvas) = canvas.get() else { return };
        let Look { theme, zoom } = look_of(&canvas);
        prepare(&canvas, SIZE, density() * zoom);
        paint(&canvas, &sparkline(&values, SIZE, &theme).marks, &theme, density() * zoom);
    });
    el("canvas").class("spark").node_ref(canvas).attr("aria-hidden", "true").any()
}
