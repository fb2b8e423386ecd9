//! A line without axes, for tiles.

use crate::Theme;
use crate::downsample::reduced;
use crate::scale::Scale;
use crate::scene::{Mark, Point, Rect, Scene, Size, Stroke};

/// Lays a sparkline out, from zero. Unknown values are gaps.
pub fn sparkline(values: &[Option<f64>], size: Size, theme: &Theme) -> Scene {
    const PADDING: f64 = 2.0;
    let plot = Rect {
        left: PADDING,
        top: PADDING,
        width: (size.width_css_px - 2.0 * PADDING).max(1.0),
        height: (size.height_css_px - 2.0 * PADDING).max(1.0),
    };
    let largest = values.iter().flatten().copied().fold(0.0, f64::max);
    let scale = Scale::to_largest(largest, (plot.bottom(), plot.top), 50);
    let step = plot.width / (values.len().saturating_sub(1).max(1)) as f64;
    let points: Vec<Option<Point>> = values
        .iter()
        .enumerate()
        .map(|(i, value)| value.map(|value| Point { x: plot.left + i as f64 * step, y: scale.css_px(value) }))
        .collect();
    let runs = points.split(Option::is_none).map(|run| run.iter().flatten().copied().collect::<Vec<_>>());
    let marks = runs
        .filter_map(|run| match run.as_slice() {
            [] => None,
            [single] => Some(Mark::Disc(*single, 1.5, theme.accent)),
            _ => Some(Mark::Line(reduced(&run), Stroke::solid(theme.accent, 1.25))),
        })
        .collect();
    Scene { marks, plot, ..Scene::blank(size) }
}
