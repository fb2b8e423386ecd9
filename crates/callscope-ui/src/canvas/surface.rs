//! The canvas as a plotters backend.
//!
//! `plotters-canvas` draws; this wraps it where a page needs more: any density of pixels, no text
//! measured in the page's body (which a strict policy forbids and which is slow), no style set
//! twice, and neighbouring lines of one style joined into a single path.

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};
use plotters_canvas::CanvasBackend;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, Path2d};

use super::context_of;
use super::measure::css_font;

/// A line of more points is long: to stroke it as one shape of hundreds of edges takes three times as long as
/// the ways below.
const LONG: usize = 8;

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
    /// A canvas to draw on.
    pub(crate) fn new(canvas: &HtmlCanvasElement) -> Option<Self> {
        let context = context_of(canvas)?;
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

    /// Strokes a line two pixels wide.
    fn brush(&mut self, points: &[(f64, f64)]) {
        let Ok(line) = Path2d::new() else { return };
        trace(points, |x, y| line.move_to(x, y), |x, y| line.line_to(x, y));
        self.context.set_line_width(1.0);
        for (across, down) in BRUSH {
            self.context.translate(across, down).ok();
            self.context.stroke_with_path(&line);
            self.context.translate(-across, -down).ok();
        }
    }

    /// Paints a line that is wider stretch by stretch, each a rectangle that engines fill in two thirds of the time that its
    /// share of a stroke takes. It reaches a little beyond its ends, so that nothing gapes where two meet.
    fn planks(&self, points: &[(f64, f64)], width: f64) {
        for ((from_x, from_y), (to_x, to_y)) in points.iter().zip(points.iter().skip(1)) {
            let (x, y) = (to_x - from_x, to_y - from_y);
            let half = width / 2.0 / (x * x + y * y).sqrt().max(1e-3);
            let (x, y) = (x * half, y * half);
            let (before, behind) = ((from_x - x / 2.0, from_y - y / 2.0), (to_x + x / 2.0, to_y + y / 2.0));
            let aside = |at: (f64, f64), side: f64| (at.0 - y * side, at.1 + x * side);
            self.context.begin_path();
            self.trace(&[aside(before, 1.0), aside(behind, 1.0), aside(behind, -1.0), aside(before, -1.0)]);
            self.context.fill();
        }
    }

    /// Adds a line to the path.
    fn trace(&self, points: &[(f64, f64)]) {
        trace(points, |x, y| self.context.move_to(x, y), |x, y| self.context.line_to(x, y));
    }
}

/// Goes along a line.
fn trace(points: &[(f64, f64)], begin: impl Fn(f64, f64), go_on: impl Fn(f64, f64)) {
    for (i, (x, y)) in points.iter().enumerate() {
        if i == 0 { begin(*x, *y) } else { go_on(*x, *y) }
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
        let width = style.stroke_width();
        let points: Vec<(f64, f64)> = path.into_iter().map(|at| aligned(at, width)).collect();
        // Where one can look through it, it would be twice as dark where parts of it meet.
        let is_long = style.color().alpha >= 1.0 && points.len() > LONG;
        match width {
            3.. if is_long => {
                self.set_fill(style.color());
                self.planks(&points, f64::from(width));
            }
            2 if is_long => {
                self.collect(style);
                self.finish();
                self.brush(&points);
            }
            _ => {
                self.collect(style);
                self.trace(&points);
            }
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
