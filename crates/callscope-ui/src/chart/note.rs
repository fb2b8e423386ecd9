//! The exact values of what is pointed at, beside it and for screen readers.

use callscope_charts::{Point, Scene};
use leptos::prelude::*;

use super::figure::Stage;
use crate::piece::{Element, IntoChild as _, el, live, nothing, several, text};

/// How wide the note is at most, in CSS pixels; the style sheet says the same.
const WIDTH: f64 = 240.0;

/// The heading and the figures of a target.
fn figures(scene: &Scene, index: usize) -> Option<(String, Vec<(String, String)>)> {
    let row = scene.table.rows.get(index)?;
    let cells = row.iter().zip(&scene.table.columns);
    let mut cells = cells.map(|(cell, column)| (column.heading.clone(), cell.display()));
    let (_, heading) = cells.next()?;
    Some((heading, cells.filter(|(_, value)| !value.is_empty()).collect()))
}

/// The note of a stage, with a hint of what a click does.
pub(super) fn note(stage: Stage, hint: &'static str) -> AnyView {
    let shown = move || {
        let (ready, index) = (stage.scene.get()?, stage.active.get()?);
        figures(&ready.0, index)
    };
    let anchor = move || -> Option<Point> {
        let (ready, index) = (stage.scene.get()?, stage.active.get()?);
        ready.0.targets.get(index).map(|target| target.anchor)
    };
    let left = move || {
        let (x, width) = (anchor().map_or(0.0, |anchor| anchor.x), stage.width.get());
        let beside = if x + 16.0 + WIDTH <= width { x + 16.0 } else { x - 16.0 - WIDTH };
        format!("{}px", beside.clamp(0.0, (width - WIDTH).max(0.0)))
    };
    let top = move || format!("{}px", anchor().map_or(0.0, |anchor| (anchor.y - 20.0).max(0.0)));
    let body = live(move || {
        let Some((heading, rows)) = shown() else { return nothing() };
        let row = |(name, value): (String, String)| el("div").child(el("dt").child(name)).child(el("dd").child(value));
        let rows: Vec<Element> = rows.into_iter().map(row).collect();
        let heading = el("strong").attr("dir", "auto").child(heading);
        let hint = (!hint.is_empty()).then(|| el("small").child(hint));
        several(vec![heading.any(), el("dl").child(rows).any(), hint.into_child()])
    });
    let spoken = text(move || {
        let Some((heading, rows)) = shown() else { return String::new() };
        let parts = rows.iter().map(|(name, value)| format!("{name} {value}"));
        format!("{heading}: {}", parts.collect::<Vec<_>>().join(", "))
    });
    let beside = el("div")
        .class("chart-note")
        .class_while("shown", move || anchor().is_some())
        .style("left", left)
        .style("top", top)
        .attr("aria-hidden", "true")
        .child(body);
    let spoken = el("p").class("for-ears").attr("aria-live", "polite").child(spoken);
    several(vec![beside.any(), spoken.any()])
}
