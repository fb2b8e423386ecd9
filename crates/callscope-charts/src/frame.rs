//! A scene with what it needs to stand alone: title, period, zone, number of calls, source.

use crate::scene::{Legend, Mark, Point, Rect, Scene, Size, Stroke};
use crate::text::{Font, HorizontalAnchor, MeasureText, VerticalAnchor, fitted};
use crate::{Color, Theme};

/// The texts around an exported chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrameText {
    /// The title, in the largest type.
    pub title: String,
    /// Period, zone, number of calls.
    pub context: String,
    /// Where the figures come from.
    pub source: String,
}

const PADDING: f64 = 16.0;
const HEAD: f64 = 64.0;
const FOOT: f64 = 36.0;
/// How high a line of a legend is.
pub(crate) const LEGEND: f64 = 24.0;

/// The scene on a card of its own, with a heading, its legend, and the source below. Only the
/// drawing and the name change; the table stays.
pub fn framed(scene: &Scene, texts: &FrameText, theme: &Theme, measure: &dyn MeasureText) -> Scene {
    let room = scene.size.width_css_px;
    let (legend, lines) = legend_marks(&scene.legend, Point { x: PADDING, y: HEAD - 8.0 }, room, theme, measure);
    let top = HEAD + lines as f64 * LEGEND;
    let size = Size { width_css_px: room + 2.0 * PADDING, height_css_px: scene.size.height_css_px + top + FOOT };
    let line = |text: &str, y: f64, font: Font, color: Color| Mark::Text {
        text: fitted(text, room, font, measure).into_owned(),
        at: Point { x: PADDING, y },
        anchor: (HorizontalAnchor::Left, VerticalAnchor::Middle),
        font,
        color,
    };
    let whole = Rect { left: 0.0, top: 0.0, width: size.width_css_px, height: size.height_css_px };
    let mut marks = vec![
        Mark::Rect(whole, theme.card),
        line(&texts.title, 24.0, Font::TITLE, theme.ink),
        line(&texts.context, 46.0, Font::LABEL, theme.second),
        line(&texts.source, size.height_css_px - FOOT / 2.0, Font::LABEL, theme.third),
    ];
    marks.extend(legend);
    marks.extend(scene.marks.iter().map(|mark| moved(mark, PADDING, top)));
    Scene { size, marks, name: texts.title.clone(), ..scene.clone() }
}

/// The legend from a point on, on as many lines as it needs in a width, and how many those are.
pub(crate) fn legend_marks(
    items: &[Legend],
    from: Point,
    room: f64,
    theme: &Theme,
    measure: &dyn MeasureText,
) -> (Vec<Mark>, usize) {
    const KEY: f64 = 20.0;
    let mut marks = Vec::new();
    let (mut x, mut lines) = (from.x, usize::from(!items.is_empty()));
    for item in items {
        let label = fitted(&item.label, room - KEY, Font::LABEL, measure);
        let width = KEY + measure.width_css_px(&label, Font::LABEL);
        if x > from.x && x + width > from.x + room {
            (x, lines) = (from.x, lines + 1);
        }
        let y = from.y + LEGEND / 2.0 + (lines - 1) as f64 * LEGEND;
        if item.dashed {
            let ends = vec![Point { x, y }, Point { x: x + 16.0, y }];
            marks.push(Mark::Line(ends, Stroke::dashed(item.color, 1.5)));
        } else {
            marks.push(Mark::Rect(Rect { left: x + 2.0, top: y - 5.0, width: 10.0, height: 10.0 }, item.color));
        }
        marks.push(Mark::Text {
            text: label.into_owned(),
            at: Point { x: x + KEY, y },
            anchor: (HorizontalAnchor::Left, VerticalAnchor::Middle),
            font: Font::LABEL,
            color: theme.second,
        });
        x += width + 16.0;
    }
    (marks, lines)
}

/// A mark farther to the right and farther down.
pub(crate) fn moved(mark: &Mark, right: f64, down: f64) -> Mark {
    let point = |at: &Point| Point { x: at.x + right, y: at.y + down };
    match mark {
        Mark::Rect(rect, color) => Mark::Rect(Rect { left: rect.left + right, top: rect.top + down, ..*rect }, *color),
        Mark::Line(points, stroke) => Mark::Line(points.iter().map(point).collect(), *stroke),
        Mark::Curve(curve, stroke) => Mark::Curve(curve.moved(right, down), *stroke),
        Mark::Under(curve, bottom, color) => Mark::Under(curve.moved(right, down), bottom + down, *color),
        Mark::Area(points, color) => Mark::Area(points.iter().map(point).collect(), *color),
        Mark::Disc(center, radius, color) => Mark::Disc(point(center), *radius, *color),
        Mark::Text { text, at, anchor, font, color } => {
            Mark::Text { text: text.clone(), at: point(at), anchor: *anchor, font: *font, color: *color }
        }
    }
}
