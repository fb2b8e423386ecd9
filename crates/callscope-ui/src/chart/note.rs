//! The exact values of what is pointed at, beside it and for screen readers.

use callscope_charts::{Point, Scene};
use leptos::prelude::*;

use super::figure::{Ready, Stage};
use crate::piece::{Element, IntoChild as _, el, live, nothing, several, text, when};

/// How wide the note is at most, in CSS pixels; the style sheet says the same.
const WIDTH: f64 = 240.0;

/// The heading and the figures of a target.
fn figures(scene: &Scene, index: usize) -> Option<(String, Vec<(String, String)>)> {
    let row = scene.table.row(index)?;
    let cells = row.iter().zip(scene.table.columns());
    let mut cells = cells.map(|(cell, column)| (column.heading.clone(), cell.display()));
    let (_, heading) = cells.next()?;
    Some((heading, cells.filter(|(_, value)| !value.is_empty()).collect()))
}

/// One figure of what is pointed at, as text; empty where there is none.
fn figure(stage: Stage, column: usize) -> String {
    let cell = |ready: &Ready, index: usize| Some(ready.as_ref()?.0.table.row(index)?.get(column)?.display());
    let shown = stage.active.get().and_then(|index| stage.scene.with_untracked(|ready| cell(ready, index)));
    shown.unwrap_or_default()
}

/// The heading and the figures. They stay while the pointer moves: only their texts change.
fn body(stage: Stage, hint: &'static str) -> AnyView {
    live(move || {
        let Some(ready) = stage.scene.get() else { return nothing() };
        let row = |(column, name): (usize, String)| {
            el("div")
                .class_while("absent", move || figure(stage, column).is_empty())
                .child(el("dt").child(name))
                .child(el("dd").child(text(move || figure(stage, column))))
        };
        let names = ready.0.table.columns().iter().map(|column| column.heading.clone());
        let rows: Vec<Element> = names.enumerate().skip(1).map(row).collect();
        let heading = el("strong").attr("dir", "auto").child(text(move || figure(stage, 0)));
        let hint = (!hint.is_empty()).then(|| el("small").child(hint));
        several(vec![heading.any(), el("dl").child(rows).any(), hint.into_child()])
    })
}

/// The note of a stage, with a hint of what a click does.
pub(super) fn note(stage: Stage, hint: &'static str) -> AnyView {
    let anchor = move || -> Option<Point> {
        let index = stage.active.get()?;
        stage.scene.get()?.0.targets.get(index).map(|target| target.anchor)
    };
    let left = move || {
        let (x, width) = (anchor().map_or(0.0, |anchor| anchor.x), stage.width.get());
        let beside = if x + 16.0 + WIDTH <= width { x + 16.0 } else { x - 16.0 - WIDTH };
        format!("{}px", beside.clamp(0.0, (width - WIDTH).max(0.0)))
    };
    let top = move || format!("{}px", anchor().map_or(0.0, |anchor| (anchor.y - 20.0).max(0.0)));
    let spoken = text(move || {
        let (Some(ready), Some(index)) = (stage.scene.get(), stage.active.get()) else { return String::new() };
        let Some((heading, rows)) = figures(&ready.0, index) else { return String::new() };
        let parts = rows.iter().map(|(name, value)| format!("{name} {value}"));
        format!("{heading}: {}", parts.collect::<Vec<_>>().join(", "))
    });
    let beside = el("div")
        .class("chart-note")
        .class_while("shown", move || anchor().is_some())
        .style("left", left)
        .style("top", top)
        .attr("aria-hidden", "true")
        .child(when(move || stage.active.get().is_some(), move || body(stage, hint)));
    let spoken = el("p").class("for-ears").attr("aria-live", "polite").child(spoken);
    several(vec![beside.any(), spoken.any()])
}
