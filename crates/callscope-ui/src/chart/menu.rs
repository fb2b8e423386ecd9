//! The menu that saves a chart or table.

use callscope_core::export::Table;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::KeyboardEvent;

use super::Layout;
use super::save::{self, ExportText};

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

/// Saves the chart as picture and its table as text. The exported picture has a size of its own.
#[component]
pub fn ExportMenu(
    /// How the chart is laid out.
    layout: Signal<Layout>,
    /// How high the exported chart is, in CSS pixels.
    height_css_px: Signal<f64>,
    /// Title, context, source and file name.
    #[prop(into)]
    texts: Signal<ExportText>,
    /// The table that goes with it.
    #[prop(into)]
    table: Signal<Table>,
) -> impl IntoView {
    let root = NodeRef::<leptos::html::Details>::new();
    let close = move || {
        if let Some(details) = root.get_untracked() {
            details.set_open(false);
        }
    };
    let save = move |kind: Kind| {
        let Some(near) = root.get_untracked() else { return };
        let texts = texts.get_untracked();
        let layout = layout.get_untracked();
        let height = height_css_px.get_untracked();
        table.with_untracked(|table| match kind {
            Kind::Png(scale) => save::png(&layout, height, &texts, &near, scale),
            Kind::Svg => save::svg_file(&layout, height, &texts, &near),
            Kind::Csv => save::csv(table, &texts),
            Kind::Json => save::json(table, &texts),
            Kind::Copy => {
                save::copy(table);
                Some(())
            }
        });
        close();
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape"
            && let Some(details) = root.get_untracked().filter(web_sys::HtmlDetailsElement::open)
        {
            event.stop_propagation();
            close();
            let summary = details.query_selector("summary").ok().flatten();
            if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<web_sys::HtmlElement>().ok()) {
                summary.focus().ok();
            }
        }
    };
    // Leaving the menu by Tab or by a click elsewhere closes it.
    let on_leave = move |event: web_sys::FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let is_inside = root.get_untracked().is_some_and(|details| details.contains(to.as_ref()));
        if to.is_some() && !is_inside {
            close();
        }
    };
    view! {
        <details class="menu" node_ref=root on:keydown=on_key on:focusout=on_leave>
            <summary aria-label=move || format!("Save {}", texts.with(|texts| texts.title.clone()))>"Save"</summary>
            <ul>
                {KINDS.map(|(label, kind)| view! {
                    <li><button type="button" on:click=move |_| save(kind)>{label}</button></li>
                }).collect_view()}
            </ul>
        </details>
    }
}
