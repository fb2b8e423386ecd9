//! The canvas as a plotters backend.
//!
//! `plotters-canvas` draws; this wraps it where a page needs more: any density of pixels, no text
//! measured in the page's body (which a strict policy forbids and which is slow), no style set
//! twice, and neighbouring lines of one style joined into a single path.

use callscope_charts::Size;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, Path2d};

use super::measure::css_font;

/// A long line is stroked in runs of so many points, round where they meet, which looks as one stroke does: painting
/// one shape of hundreds of edges takes three times as long.
const RUN: usize = 8;

/// Where lines of one pixel lie that together are one of two pixels: whichever way it runs, they are about as much across.
/// Engines have a quick way for lines of one pixel, and paint all three of a long line in a third of the time.
const BRUSH: [(f64, f64); 3] = [(-0.5, -0.5), (0.5, -0.5), (0.0, 0.5)];

/// A canvas being drawn on.
pub(crate) struct Surface {
    canvas: CanvasBackend,
    context: CanvasRenderingContext2d,
    /// What the context is set to: to write a colour and hand it over takes longer than to paint a bar.
    fill: Option<Ink>,
    font: Option<(u64, bool)>,
    anchor: Option<(&'static str, &'static str)>,
    /// The style of the lines that are collected but not stroked yet.
    pending: Option<(Ink, u32)>,
}

/// A colour as it can be compared: red, green and blue, and the bits of how opaque it is.
type Ink = ((u8, u8, u8), u64);

fn ink(color: BackendColor) -> Ink {
    (color.rgb, color.alpha.to_bits())
}

type Drawn = Result<(), DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

impl Surface {
    /// Sets the canvas to its size in device pixels and clears it.
    pub(crate) fn new(canvas: &HtmlCanvasElement, size: Size, scale: f64) -> Option<Self> {
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let device = |css_px: f64| (css_px * scale).round().clamp(1.0, 16_384.0) as u32;
        let (width, height) = (device(size.width_css_px), device(size.height_css_px));
        if canvas.width() == width && canvas.height() == height {
            context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
        } else {
            // Setting the size clears, and forgets every style.
            canvas.set_width(width);
            canvas.set_height(height);
        }
        context.set_line_join("round");
        let canvas = CanvasBackend::with_canvas_object(canvas.clone())?;
        Some(Self { canvas, context, fill: None, font: None, anchor: None, pending: None })
    }

    /// Strokes what is still collected.
    pub(crate) fn finish(&mut self) {
        if self.pending.take().is_some() {
            self.context.stroke();
        }
    }

    fn set_fill(&mut self, color: BackendColor) {
        self.finish();
        if self.fill != Some(ink(color)) {
            self.context.set_fill_style_str(&css_color(color));
            self.fill = Some(ink(color));
        }
    }

    /// Begins collecting lines of a style, unless they are being collected already.
    fn collect<S: BackendStyle>(&mut self, style: &S) {
        let wanted = (ink(style.color()), style.stroke_width());
        if self.pending == Some(wanted) {
            return;
        }
        self.finish();
        self.context.set_stroke_style_str(&css_color(style.color()));
        self.context.set_line_width(f64::from(wanted.1));
        self.context.begin_path();
        self.pending = Some(wanted);
    }

    /// Adds a line to the path.
    fn trace(&self, points: &[(f64, f64)]) {
        for (i, (x, y)) in points.iter().enumerate() {
            if i == 0 { self.context.move_to(*x, *y) } else { self.context.line_to(*x, *y) }
        }
    }

    /// Strokes a line two pixels wide.
    fn brush(&mut self, points: &[(f64, f64)]) {
        self.finish();
        self.context.set_line_width(1.0);
        let Ok(line) = Path2d::new() else { return };
        for (i, (x, y)) in points.iter().enumerate() {
            if i == 0 { line.move_to(*x, *y) } else { line.line_to(*x, *y) }
        }
        for (across, down) in BRUSH {
            self.context.translate(across, down).ok();
            self.context.stroke_with_path(&line);
            self.context.translate(-across, -down).ok();
        }
    }

    /// Strokes a line run by run.
    fn stroke_runs(&mut self, points: &[(f64, f64)]) {
        self.finish();
        self.context.set_line_cap("round");
        for start in (0..points.len().saturating_sub(1)).step_by(RUN) {
            // Each begins where the one before ends.
            let end = (start + RUN + 1).min(points.len());
            self.context.begin_path();
            self.trace(points.get(start..end).unwrap_or_default());
            self.context.stroke();
        }
        self.context.set_line_cap("butt");
    }
}

fn css_color(color: BackendColor) -> String {
    let (red, green, blue) = color.rgb;
    format!("rgba({red},{green},{blue},{})", color.alpha)
}

/// Odd widths lie on half pixels, or they are smeared over two.
fn aligned(at: BackendCoord, width: u32) -> (f64, f64) {
    let half = if width % 2 == 1 { 0.5 } else { 0.0 };
    (f64::from(at.0) + half, f64::from(at.1) + half)
}

impl DrawingBackend for Surface {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.canvas.get_size()
    }

    fn ensure_prepared(&mut self) -> Drawn {
        self.canvas.ensure_prepared()
    }

    fn present(&mut self) -> Drawn {
        self.finish();
        self.canvas.present()
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Drawn {
        self.finish();
        self.fill = None;
        self.canvas.draw_pixel(at, color)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let points: Vec<(f64, f64)> = path.into_iter().map(|at| aligned(at, style.stroke_width())).collect();
        self.collect(style);
        // Where one can look through it, it would be twice as dark where runs meet.
        let is_long = style.color().alpha >= 1.0 && points.len() > RUN;
        match style.stroke_width() {
            _ if !is_long => self.trace(&points),
            2 => self.brush(&points),
            _ => self.stroke_runs(&points),
        }
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        if !fill {
            self.finish();
            return self.canvas.draw_rect(upper_left, bottom_right, style, false);
        }
        self.set_fill(style.color());
        let (left, top) = (f64::from(upper_left.0), f64::from(upper_left.1));
        self.context.fill_rect(left, top, f64::from(bottom_right.0) - left, f64::from(bottom_right.1) - top);
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        self.finish();
        self.fill = None;
        self.canvas.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.finish();
        self.fill = None;
        self.canvas.fill_polygon(path, style)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        self.set_fill(style.color());
        // The family is the theme's, one and the same for all that is drawn.
        let is_bold = matches!(style.style(), FontStyle::Bold);
        let font = (style.size().to_bits(), is_bold);
        if self.font != Some(font) {
            self.context.set_font(&css_font(style.size(), is_bold, style.family().as_str()));
            self.font = Some(font);
        }
        let anchor = style.anchor();
        // "left" and not "start": in a page that runs from right to left they differ.
        let across = match anchor.h_pos {
            HPos::Left => "left",
            HPos::Center => "center",
            HPos::Right => "right",
        };
        let down = match anchor.v_pos {
            VPos::Top => "top",
            VPos::Center => "middle",
            VPos::Bottom => "bottom",
        };
        if self.anchor != Some((across, down)) {
            self.context.set_text_align(across);
            self.context.set_text_baseline(down);
            self.anchor = Some((across, down));
        }
        self.context.fill_text(text, f64::from(at.0), f64::from(at.1)).ok();
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Self::ErrorType>> {
        let font = css_font(style.size(), matches!(style.style(), FontStyle::Bold), style.family().as_str());
        let before = self.context.font();
        self.context.set_font(&font);
        let width = self.context.measure_text(text).map_or(0.0, |metrics| metrics.width());
        self.context.set_font(&before);
        Ok((width.ceil() as u32, style.size().ceil() as u32))
    }
}
