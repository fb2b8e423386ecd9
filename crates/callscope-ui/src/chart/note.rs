//! What marks the target that is pointed at, its exact values beside it, and the same for screen readers.

use std::sync::Arc;

use callscope_charts::{Color, Highlight, Point, Scene, TargetId};
use callscope_core::export::{Align, Cell, Column};
use leptos::prelude::*;
use web_sys::{CssStyleDeclaration, HtmlElement, Node};

use super::figure::{Drawn, Stage};
use crate::piece::{Element, IntoChild as _, Spot, effect, el, live, nothing, several, text, when};

/// How wide the note is where there is room, in pixels of the scene; the style sheet says the same.
const WIDTH: f64 = 240.0;

/// A figure of more letters than this has no box of a size of its own.
const MOST_SHORT: usize = 10;

/// The note of a stage, with a hint of what a click does, and what is read aloud where keys led to a target.
pub(super) fn note(stage: Stage, hint: &'static str) -> AnyView {
    let beside = when(
        move || stage.is_pointed.get(),
        move || live(move || stage.scene.get().map_or_else(nothing, |ready| pointed(stage, ready, hint))),
    );
    let spoken = text(move || {
        let is_spoken = stage.is_spoken.get();
        let (Some(ready), Some(index)) = (stage.scene.get(), is_spoken.then(|| stage.active.get()).flatten()) else {
            return String::new();
        };
        sentence(&ready.scene, index).unwrap_or_default()
    });
    several(vec![beside, el("p").class("for-ears").attr("aria-live", "polite").child(spoken).any()])
}

/// The figures of a target, in one breath.
fn sentence(scene: &Scene, index: usize) -> Option<String> {
    let row = scene.table.row(index)?;
    let mut cells = row.iter().map(Cell::display).zip(scene.table.columns());
    let (heading, _) = cells.next()?;
    let parts =
        cells.filter(|(value, _)| !value.is_empty()).map(|(value, column)| format!("{} {value}", column.heading));
    Some(format!("{heading}: {}", parts.collect::<Vec<_>>().join(", ")))
}

/// What follows the pointer over a scene. All of it is moved by one effect, which holds what it moves and sets only what
/// is another than before: an effect for each text takes several times as long for each move.
fn pointed(stage: Stage, ready: Arc<Drawn>, hint: &'static str) -> AnyView {
    let scene = &ready.scene;
    let spots = Spots {
        note: Spot::new(),
        cells: scene.table.columns().iter().map(|_| Spot::new()).collect(),
        marks: scene.series.iter().map(|_| Spot::new()).chain([Spot::new()]).collect(),
    };
    let over = over(scene, &spots.marks);
    let mut cells = scene.table.columns().iter().zip(&spots.cells);
    // Names may be long, and run from right to left; what has a size of its own need not be laid out with the rest.
    let heading = |spot: &Spot<HtmlElement>| match scene.targets.get(0).map(|target| target.id) {
        Some(TargetId::Day(_) | TargetId::Hour(_)) => el("strong").class("short").node_ref(*spot),
        _ => el("strong").attr("dir", "auto").node_ref(*spot),
    };
    let heading = cells.next().map(|(_, spot)| heading(spot));
    let row = |(column, spot): (&Column, &Spot<HtmlElement>)| {
        let row = if column.align == Align::End { el("div").class("counted") } else { el("div") };
        row.child(el("dt").child(column.heading.clone())).child(el("dd").node_ref(*spot))
    };
    let rows: Vec<Element> = cells.map(row).collect();
    let note = el("div")
        .class("chart-note shown")
        .attr("aria-hidden", "true")
        .node_ref(spots.note)
        .child(heading)
        .child(el("dl").child(rows))
        .child((!hint.is_empty()).then(|| el("small").child(hint)));
    let mut follower = None;
    effect(move || {
        let Some(index) = stage.active.get() else { return };
        let follower = follower.get_or_insert_with(|| spots.follower(&ready));
        follower.mark(&ready.scene, index);
        follower.place(&ready.scene, index);
        follower.tell(&ready.scene, index);
    });
    several(vec![over, note.into_child()])
}

/// The line and the dots on it, or the frame, that stand over the chart.
fn over(scene: &Scene, spots: &[Spot<HtmlElement>]) -> AnyView {
    let first = if scene.series.is_empty() { "frame" } else { "line" };
    let mark =
        |(at, spot): (usize, &Spot<HtmlElement>)| el("i").class(if at == 0 { first } else { "dot" }).node_ref(*spot);
    let marks: Vec<Element> = spots.iter().enumerate().map(mark).collect();
    el("div").class("over").attr("aria-hidden", "true").child(marks).any()
}

/// Where the elements will stand that follow the pointer.
struct Spots {
    note: Spot<HtmlElement>,
    /// For each column of the table, what holds the value.
    cells: Vec<Spot<HtmlElement>>,
    /// The line or frame, and a dot for each series.
    marks: Vec<Spot<HtmlElement>>,
}

impl Spots {
    /// What stands there, and what of it stays the same for a scene.
    fn follower(&self, drawn: &Drawn) -> Follower {
        let (scene, zoom) = (&drawn.scene, drawn.zoom());
        let place = |spot| Place::of(spot, zoom);
        let marks: Vec<Place> = self.marks.iter().map(place).collect();
        if let Some((line, dots)) = marks.split_first().filter(|(_, dots)| !dots.is_empty()) {
            line.measure("top", scene.plot.top);
            line.measure("height", scene.plot.height);
            for (dot, series) in dots.iter().zip(&scene.series) {
                let Color { rgb: (red, green, blue), .. } = series.color;
                dot.set("background", &format!("rgb({red},{green},{blue})"));
            }
        }
        Follower { note: place(&self.note), values: self.cells.iter().map(Value::of).collect(), marks }
    }
}

/// What follows the pointer.
struct Follower {
    note: Place,
    values: Vec<Value>,
    marks: Vec<Place>,
}

/// Where one element is.
struct Place {
    style: Option<CssStyleDeclaration>,
    /// Pixels of the page to one of the scene.
    zoom: f64,
    shown: String,
}

/// One value in the note.
struct Value {
    element: Option<HtmlElement>,
    words: Option<Node>,
    shown: Option<String>,
}

impl Follower {
    /// Puts line and dots, or the frame, on a target.
    fn mark(&mut self, scene: &Scene, index: usize) {
        let Some((first, dots)) = self.marks.split_first_mut() else { return };
        match scene.highlight(index) {
            Some(Highlight::Line { x, dots: points }) => {
                first.shift(Some(Point { x: x.round(), y: 0.0 }));
                for (dot, point) in dots.iter_mut().zip(points) {
                    dot.shift(point);
                }
            }
            Some(Highlight::Frame(region)) => {
                first.measure("width", region.width);
                first.measure("height", region.height);
                first.shift(Some(Point { x: region.left, y: region.top }));
            }
            None => {}
        }
    }

    /// Puts the note beside a target, to the side where there is room.
    fn place(&mut self, scene: &Scene, index: usize) {
        let (width, breadth) = (scene.size.width_css_px, WIDTH.min(scene.size.width_css_px));
        let Some(anchor) = scene.targets.get(index).map(|target| target.anchor) else { return };
        let beside = if anchor.x + 16.0 + breadth <= width { anchor.x + 16.0 } else { anchor.x - 16.0 - breadth };
        let x = beside.clamp(0.0, width - breadth);
        self.note.shift(Some(Point { x: x.round(), y: (anchor.y - 20.0).max(0.0).round() }));
    }

    /// Writes the figures of a target; a row without one is not shown.
    fn tell(&mut self, scene: &Scene, index: usize) {
        let Some(row) = scene.table.row(index) else { return };
        for (value, cell) in self.values.iter_mut().zip(&row) {
            value.show(cell.display());
        }
    }
}

impl Value {
    fn of(spot: &Spot<HtmlElement>) -> Self {
        let element = spot.get_untracked();
        if let Some(element) = &element {
            element.set_text_content(Some("\u{2007}"));
        }
        Self { words: element.as_ref().and_then(|element| element.first_child()), element, shown: None }
    }

    fn show(&mut self, words: String) {
        if self.shown.as_ref() == Some(&words) {
            return;
        }
        if self.shown.as_deref().map(length) != Some(length(&words))
            && let Some(row) = self.element.as_ref().and_then(|element| element.parent_element())
        {
            row.set_attribute("data-length", length(&words)).ok();
        }
        if let Some(node) = &self.words {
            node.set_node_value(Some(&words));
        }
        self.shown = Some(words);
    }
}

/// How long a value is, for the style sheet.
fn length(words: &str) -> &'static str {
    match words.chars().count() {
        0 => "none",
        signs if signs > MOST_SHORT => "long",
        _ => "",
    }
}

impl Place {
    fn of(spot: &Spot<HtmlElement>, zoom: f64) -> Self {
        Self { style: spot.get_untracked().map(|element| element.style()), zoom, shown: String::new() }
    }

    fn set(&self, property: &str, value: &str) {
        if let Some(style) = &self.style {
            style.set_property(property, value).ok();
        }
    }

    /// Sets a length, in pixels of the scene.
    fn measure(&self, property: &str, scene_px: f64) {
        self.set(property, &format!("{}px", scene_px * self.zoom));
    }

    /// Moves the element from its corner; nothing is seen of one that has no place.
    fn shift(&mut self, to: Option<Point>) {
        // Tenths of a pixel, written as two whole numbers: that is far less work than writing a fraction.
        let tenths = |scene_px: f64| (scene_px.max(0.0) * self.zoom * 10.0).round() as u32;
        let transform = match to {
            Some(Point { x, y }) => {
                let (x, y) = (tenths(x), tenths(y));
                format!("translate({}.{}px,{}.{}px)", x / 10, x % 10, y / 10, y % 10)
            }
            None => "scale(0)".to_owned(),
        };
        if transform != self.shown {
            self.set("transform", &transform);
            self.shown = transform;
        }
    }
}
