//! The menu that saves a chart or table.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use super::figure::{Layout, Read};
use super::save::{self, ExportText};
use crate::piece::{Element, Spot, button, el};
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
    Csv,
    Json,
    Copy,
}

const KINDS: [(&str, Kind); 7] = [
    ("PNG 1×", Kind::Png(1.0)),
    ("PNG 2×", Kind::Png(2.0)),
    ("PNG 3×", Kind::Png(3.0)),
    ("SVG", Kind::Svg),
    ("CSV", Kind::Csv),
    ("JSON", Kind::Json),
    ("Copy table", Kind::Copy),
];

impl ExportInput {
    fn save(&self, kind: Kind, near: &web_sys::Element) {
        let texts = untrack(|| (self.texts)());
        let height = untrack(|| (self.height_css_px)());
        let table = || untrack(|| (self.table)());
        // Where the browser refuses, nothing is lost and the menu can be used again.
        match kind {
            Kind::Png(scale) => self.layout.as_ref().and_then(|of| save::png(of, height, &texts, near, scale)),
            Kind::Svg => self.layout.as_ref().and_then(|of| save::svg_file(of, height, &texts, near)),
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

/// The menu.
pub fn export_menu(input: ExportInput) -> AnyView {
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
                input.save(kind, &near);
            }
            give_back(root);
        };
        el("li").child(button("", act).child(label))
    };
    let is_shown = move |kind: Kind| has_picture || !matches!(kind, Kind::Png(_) | Kind::Svg);
    let items: Vec<Element> = KINDS.into_iter().filter(|(_, kind)| is_shown(*kind)).map(item).collect();
    let summary = el("summary").live_attr("aria-label", move || format!("Save {}", texts().title)).child("Save");
    el("details")
        .class("menu")
        .node_ref(root)
        .on_key(key)
        .on("focusout", leave)
        .child(summary)
        .child(el("ul").child(items))
        .any()
}
