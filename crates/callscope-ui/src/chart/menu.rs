//! The menu that saves a chart or table.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlCanvasElement;

use super::exports::offer;
use super::figure::{Layout, Read};
use super::save::{self, ExportText};
use crate::canvas::Shade;
use crate::piece::{Element, Spot, State, button, el};
use crate::table::LiveTable;

/// What can be saved.
#[derive(Clone)]
pub struct ExportInput {
    /// How the chart is laid out; the exported one has a width of its own. None of a table alone.
    pub layout: Option<Layout>,
    /// How high the exported chart is, in CSS pixels.
    pub height_css_px: Read<f64>,
    /// Title, context, source and file name.
    pub texts: Read<ExportText>,
    /// The table that goes with it.
    pub table: LiveTable,
}

/// Which file is wanted.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Png(f64),
    Svg,
    CopyPicture,
    Csv,
    Json,
    Copy,
}

const KINDS: [(&str, Kind); 8] = [
    ("PNG 1×", Kind::Png(1.0)),
    ("PNG 2×", Kind::Png(2.0)),
    ("PNG 3×", Kind::Png(3.0)),
    ("SVG", Kind::Svg),
    ("Copy image", Kind::CopyPicture),
    ("CSV", Kind::Csv),
    ("JSON", Kind::Json),
    ("Copy table", Kind::Copy),
];

impl ExportInput {
    /// The picture, `scale` pixels to a CSS pixel; none of a table alone.
    #[inline(never)]
    pub(super) fn picture(&self, near: &web_sys::Element, scale: f64, shade: Shade) -> Option<HtmlCanvasElement> {
        let (layout, height) = (self.layout.as_ref()?, untrack(|| (self.height_css_px)()));
        save::picture(layout, height, &untrack(|| (self.texts)()), near, scale, shade)
    }

    /// The picture as SVG.
    #[inline(never)]
    pub(super) fn svg(&self, near: &web_sys::Element, shade: Shade) -> Option<String> {
        let (layout, height) = (self.layout.as_ref()?, untrack(|| (self.height_css_px)()));
        save::svg_text(layout, height, &untrack(|| (self.texts)()), near, shade)
    }

    fn save(&self, kind: Kind, near: &web_sys::Element, shade: Shade) {
        let texts = untrack(|| (self.texts)());
        let table = || untrack(|| (self.table)());
        // Where the browser refuses, nothing is lost and the menu can be used again.
        match kind {
            Kind::Png(scale) => self
                .picture(near, scale, shade)
                .map(|picture| save::png(&picture, format!("{}@{scale}x.png", texts.file))),
            Kind::Svg => self.svg(near, shade).and_then(|svg| save::svg_file(&svg, &texts)),
            Kind::CopyPicture => self
                .picture(near, 2.0, shade)
                .map(|picture| save::copy_picture(&picture, format!("{}@2x.png", texts.file))),
            Kind::Csv => save::csv(&table(), &texts),
            Kind::Json => save::json(&table(), &texts),
            Kind::Copy => {
                save::copy(&table(), &texts);
                Some(())
            }
        }
        .unwrap_or_default();
    }
}

fn close(menu: Spot<web_sys::HtmlDetailsElement>) {
    if let Some(details) = menu.get_untracked() {
        details.set_open(false);
    }
}

/// Closes the menu. Whoever came by the keyboard goes on from where it was opened.
fn give_back(menu: Spot<web_sys::HtmlDetailsElement>) {
    close(menu);
    let summary = menu.get_untracked().and_then(|details| details.query_selector("summary").ok().flatten());
    if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<web_sys::HtmlElement>().ok()) {
        summary.focus().ok();
    }
}

/// The menu of one chart or table.
pub fn export_menu(input: ExportInput) -> AnyView {
    offer(&input, false);
    menu(input)
}

/// The menu of a whole page.
pub fn whole_menu(input: ExportInput) -> AnyView {
    offer(&input, true);
    menu(input)
}

/// The colours of the picture, in the menu below the kinds of files.
fn shades(shade: State<Shade>) -> Element {
    let choice = move |label: &'static str, of: Shade| {
        button("", move |_| shade.set(of)).says("aria-pressed", move || shade.get() == of).child(label)
    };
    let choices = [("As shown", Shade::Shown), ("Light", Shade::Light), ("Dark", Shade::Dark)];
    let choices: Vec<Element> = choices.map(|(label, of)| choice(label, of)).into();
    let group = el("div").class("segments small").attr("role", "group").attr("aria-label", "Colours of the picture");
    el("li").child(group.child(choices))
}

fn menu(input: ExportInput) -> AnyView {
    let shade = State::new(Shade::default());
    let root = Spot::<web_sys::HtmlDetailsElement>::new();
    let key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && root.get_untracked().is_some_and(|details| details.open()) {
            event.stop_propagation();
            give_back(root);
        }
    };
    // Leaving the menu by Tab or by a click elsewhere closes it.
    let leave = move |event: web_sys::Event| {
        let to = event.unchecked_into::<web_sys::FocusEvent>().related_target();
        let to = to.and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let is_inside = root.get_untracked().is_some_and(|details| details.contains(to.as_ref()));
        if to.is_some() && !is_inside {
            close(root);
        }
    };
    let texts = input.texts.clone();
    let has_picture = input.layout.is_some();
    let item = move |(label, kind): (&'static str, Kind)| {
        let input = input.clone();
        let act = move |_| {
            if let Some(near) = root.get_untracked() {
                input.save(kind, &near, shade.get_untracked());
            }
            give_back(root);
        };
        el("li").child(button("", act).child(label))
    };
    let is_shown = move |kind: Kind| has_picture || !matches!(kind, Kind::Png(_) | Kind::Svg | Kind::CopyPicture);
    let items: Vec<Element> = KINDS.into_iter().filter(|(_, kind)| is_shown(*kind)).map(item).collect();
    let summary = el("summary").live_attr("aria-label", move || format!("Save {}", texts().title)).child("Save");
    el("details")
        .class("menu")
        .node_ref(root)
        .on_key(key)
        .on("focusout", leave)
        .child(summary)
        .child(el("ul").child(items).child(has_picture.then(|| shades(shade))))
        .any()
}
