//! A scene on any plotters backend.

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle};
use plotters_backend::{BackendColor, BackendCoord, DrawingBackend, DrawingErrorKind};

use crate::curve::{Column, Curve};
use crate::scene::{Mark, Point, Rect, Stroke};
use crate::text::{Anchor, Font, HorizontalAnchor, VerticalAnchor, Weight};
use crate::{Color, Theme};

/// Draws marks, `scale` device pixels to a CSS pixel. Nothing is cleared before.
///
/// # Errors
/// Those of the backend.
pub fn draw<'m, B: DrawingBackend>(
    backend: &mut B,
    marks: impl IntoIterator<Item = &'m Mark>,
    theme: &Theme,
    scale: f64,
) -> Result<(), DrawingErrorKind<B::ErrorType>> {
    draw_with(&mut Brush { backend, theme, scale, text_scale: scale, has_pixels: true }, marks)
}

/// The same for documents of plotters, which have no pixels, and take the size of a font for the height of its line, 1.24
/// times the size in CSS.
pub(crate) fn draw_in_document<'m, B: DrawingBackend>(
    backend: &mut B,
    marks: impl IntoIterator<Item = &'m Mark>,
    theme: &Theme,
    scale: f64,
) -> Drawn<B> {
    draw_with(&mut Brush { backend, theme, scale, text_scale: scale * 1.24, has_pixels: false }, marks)
}

fn draw_with<'m, B: DrawingBackend>(brush: &mut Brush<'_, B>, marks: impl IntoIterator<Item = &'m Mark>) -> Drawn<B> {
    for mark in marks {
        match mark {
            Mark::Rect(rect, color) => brush.rect(*rect, *color)?,
            Mark::Line(points, stroke) => brush.line(points, *stroke)?,
            Mark::Curve(curve, stroke) => brush.curve(curve, *stroke)?,
            Mark::Under(curve, bottom, color) => brush.under(curve, *bottom, *color)?,
            Mark::Area(points, color) => brush.area(points, *color)?,
            Mark::Disc(center, radius, color) => brush.disc(*center, *radius, *color)?,
            Mark::Text { text, at, anchor, font, color } => brush.text(text, *at, *anchor, *font, *color)?,
        }
    }
    Ok(())
}

struct Brush<'b, B> {
    backend: &'b mut B,
    theme: &'b Theme,
    scale: f64,
    text_scale: f64,
    /// Whether what is drawn becomes pixels of a known size.
    has_pixels: bool,
}

type Drawn<B> = Result<(), DrawingErrorKind<<B as DrawingBackend>::ErrorType>>;

impl<B: DrawingBackend> Brush<'_, B> {
    fn device(&self, css_px: f64) -> i32 {
        (css_px * self.scale).round() as i32
    }

    fn at(&self, point: Point) -> BackendCoord {
        (self.device(point.x), self.device(point.y))
    }

    fn rect(&mut self, rect: Rect, color: Color) -> Drawn<B> {
        let (left, top) = (self.device(rect.left), self.device(rect.top));
        let (mut right, mut bottom) = (self.device(rect.right()), self.device(rect.bottom()));
        // Something that is there stays visible, however small.
        if rect.width > 0.0 {
            right = right.max(left + 1);
        }
        if rect.height > 0.0 {
            bottom = bottom.max(top + 1);
        }
        if right <= left || bottom <= top {
            return Ok(());
        }
        self.backend.draw_rect((left, top), (right, bottom), &backend_color(color), true)
    }

    fn line(&mut self, points: &[Point], stroke: Stroke) -> Drawn<B> {
        if points.len() < 2 {
            return Ok(());
        }
        let width = (stroke.width_css_px * self.scale).round().max(1.0) as u32;
        let style = ShapeStyle { color: rgba(stroke.color), filled: false, stroke_width: width };
        match stroke.dash {
            None => {
                let path: Vec<_> = points.iter().map(|point| self.at(*point)).collect();
                self.backend.draw_path(path, &style)
            }
            Some(dash) => dashes(points, dash).try_for_each(|piece| {
                let path: Vec<_> = piece.iter().map(|point| self.at(*point)).collect();
                self.backend.draw_path(path, &style)
            }),
        }
    }

    fn curve(&mut self, curve: &Curve, stroke: Stroke) -> Drawn<B> {
        if self.has_pixels && curve.is_crowded(self.scale) {
            let width = (stroke.width_css_px * self.scale).max(1.0);
            let ends = |of: &Column| (of.top - width / 2.0, of.bottom + width / 2.0);
            return self.columns(curve, stroke, width.round() as i32, &ends);
        }
        for run in curve.runs() {
            match run.as_slice() {
                [single] => self.disc(*single, 3.0, stroke.color)?,
                points => self.line(points, stroke)?,
            }
        }
        Ok(())
    }

    fn under(&mut self, curve: &Curve, bottom: f64, color: Color) -> Drawn<B> {
        if self.has_pixels && curve.is_crowded(self.scale) {
            // What lies above a column's least value is behind the line.
            let bottom = bottom * self.scale;
            return self.columns(curve, Stroke::solid(color, 1.0), 1, &|of| (of.bottom, bottom));
        }
        for mut outline in curve.runs() {
            let (Some(first), Some(last)) = (outline.first().copied(), outline.last().copied()) else { continue };
            outline.push(Point { x: last.x, y: bottom });
            outline.push(Point { x: first.x, y: bottom });
            self.area(&outline, color)?;
        }
        Ok(())
    }

    /// Fills the columns of a line, so many pixels wide, from one height to another.
    fn columns(&mut self, curve: &Curve, look: Stroke, width: i32, ends: &dyn Fn(&Column) -> (f64, f64)) -> Drawn<B> {
        for column in curve.columns(self.scale) {
            let (top, bottom) = ends(&column);
            let (top, bottom) = (top.round() as i32, bottom.round() as i32);
            let is_gap = look.dash.is_some_and(|(dash, gap)| {
                let periods = f64::from(column.x) / (self.scale * (dash + gap));
                periods.fract() * (dash + gap) >= dash
            });
            if top < bottom && !is_gap {
                let left = column.x - (width - 1) / 2;
                self.backend.draw_rect((left, top), (left + width, bottom), &backend_color(look.color), true)?;
            }
        }
        Ok(())
    }

    fn area(&mut self, points: &[Point], color: Color) -> Drawn<B> {
        if points.len() < 3 {
            return Ok(());
        }
        let path: Vec<_> = points.iter().map(|point| self.at(*point)).collect();
        self.backend.fill_polygon(path, &backend_color(color))
    }

    fn disc(&mut self, center: Point, radius: f64, color: Color) -> Drawn<B> {
        let radius = self.device(radius).max(1) as u32;
        self.backend.draw_circle(self.at(center), radius, &backend_color(color), true)
    }

    fn text(&mut self, text: &str, at: Point, anchor: Anchor, font: Font, color: Color) -> Drawn<B> {
        let style = match font.weight {
            Weight::Normal => FontStyle::Normal,
            Weight::Bold => FontStyle::Bold,
        };
        let family = FontFamily::Name(&self.theme.font_family);
        let style = TextStyle {
            font: FontDesc::new(family, font.size_css_px * self.text_scale, style),
            color: backend_color(color),
            pos: position(anchor),
        };
        self.backend.draw_text(&printable(text), &style, self.at(at))
    }
}

fn position((horizontal, vertical): Anchor) -> Pos {
    let h_pos = match horizontal {
        HorizontalAnchor::Left => HPos::Left,
        HorizontalAnchor::Center => HPos::Center,
        HorizontalAnchor::Right => HPos::Right,
    };
    let v_pos = match vertical {
        VerticalAnchor::Top => VPos::Top,
        VerticalAnchor::Middle => VPos::Center,
        VerticalAnchor::Bottom => VPos::Bottom,
    };
    Pos { h_pos, v_pos }
}

/// A text that may stand in XML and on a canvas: control characters as spaces, and without those
/// that turn the direction of everything after them.
pub(crate) fn printable(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let shown = text.chars().filter(|c| !turns(*c));
    shown.map(|c| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c }).collect()
}

fn backend_color(color: Color) -> BackendColor {
    BackendColor { alpha: color.alpha, rgb: color.rgb }
}

fn rgba(color: Color) -> RGBAColor {
    let (red, green, blue) = color.rgb;
    RGBAColor(red, green, blue, color.alpha)
}

/// Cuts a line into dashes; backends know solid lines only.
fn dashes(points: &[Point], (dash, gap): (f64, f64)) -> impl Iterator<Item = Vec<Point>> {
    let mut pieces = Vec::new();
    let mut piece: Vec<Point> = Vec::new();
    let mut left = dash;
    let mut inked = true;
    for pair in points.windows(2) {
        let [from, to] = pair else { continue };
        let (across, down) = (to.x - from.x, to.y - from.y);
        let length = (across * across + down * down).sqrt();
        let mut done = 0.0;
        if inked && piece.is_empty() {
            piece.push(*from);
        }
        while length - done > left {
            done += left;
            let share = done / length;
            let turn = Point { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
            if inked {
                piece.push(turn);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece.push(turn);
            }
            inked = !inked;
            left = if inked { dash } else { gap };
        }
        left -= length - done;
        if inked {
            piece.push(*to);
        }
    }
    pieces.push(piece);
    pieces.into_iter().filter(|piece| piece.len() > 1)
}
