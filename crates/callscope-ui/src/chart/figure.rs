//! The chart itself.

use std::sync::Arc;

use callscope_charts::{MeasureText, Point, Scene, Size, TargetId, Theme, sparkline};
use callscope_core::export::Table;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{KeyboardEvent, PointerEvent, ResizeObserver};

use super::menu::ExportMenu;
use super::save::ExportText;
use crate::canvas::{CanvasText, paint, theme_of};
use crate::table::DataTable;
use crate::theme::Repaint;

/// How a chart is laid out in a given size.
pub type Layout = Arc<dyn Fn(Size, &Theme, &dyn MeasureText) -> Scene + Send + Sync>;

/// A scene as it stands on the page, with its theme.
pub type ReadyScene = Option<Arc<(Scene, Theme)>>;

/// The width of an element in CSS pixels, kept up to date.
fn use_width(element: NodeRef<html::Div>) -> ReadSignal<f64> {
    let (width, set_width) = signal(0.0);
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        let measured = element.clone();
        let changed = Closure::<dyn Fn()>::new(move || {
            // Whole pixels, so that nothing is drawn anew for less.
            let now = measured.get_bounding_client_rect().width().floor();
            if width.try_get_untracked() != Some(now) {
                set_width.try_set(now);
            }
        });
        let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else { return };
        observer.observe(&element);
        let kept: StoredValue<_, LocalStorage> = StoredValue::new_local((observer, changed));
        on_cleanup(move || {
            kept.try_with_value(|(observer, _)| observer.disconnect());
        });
    });
    width
}

fn density() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(0.5, 4.0)
}

/// A chart with its heading, note, keyboard, legend, table twin and export.
#[component]
pub fn Chart(
    /// How it is laid out.
    layout: Signal<Layout>,
    /// How high it is, in CSS pixels.
    #[prop(into)]
    height_css_px: Signal<f64>,
    /// Beside the heading.
    #[prop(into)]
    note: Signal<String>,
    /// What stands around the exported chart; its title is the heading.
    #[prop(into)]
    texts: Signal<ExportText>,
    /// Called with what was clicked, or chosen with Enter.
    on_pick: Callback<TargetId>,
    /// What a click does, for the note: "shows this day".
    #[prop(into)]
    pick_hint: String,
    /// Whether the colours' names stand below; a chart may have them in a list of its own.
    #[prop(default = true)]
    has_legend: bool,
    /// More below the drawing.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let width = use_width(frame);
    let repaint = expect_repaint();
    let active = RwSignal::new(None::<usize>);
    let is_open = RwSignal::new(false);
    let scene: Memo<ReadyScene> = Memo::new_with_compare(
        move |_| {
            repaint.track();
            let canvas = canvas.get()?;
            let theme = theme_of(&canvas);
            let size = Size { width_css_px: width.get(), height_css_px: height_css_px.get() };
            if size.width_css_px < 1.0 {
                return None;
            }
            let measure = CanvasText::new(&canvas, &theme.font_family)?;
            Some(Arc::new((layout.with(|layout| layout(size, &theme, &measure)), theme)))
        },
        // Comparing two scenes costs more than drawing one.
        |_, _| true,
    );
    Effect::new(move |_| {
        let (Some(canvas), Some(ready)) = (canvas.get(), scene.get()) else { return };
        let (scene, theme) = &*ready;
        let over = active.get().map(|index| scene.highlight(index, theme.ink, theme.card));
        paint(&canvas, scene, &over.unwrap_or_default(), theme, density());
    });
    // New figures: what was pointed at is another thing now.
    Effect::new(move |_| {
        layout.track();
        active.set(None);
    });
    let with_scene = move |f: &dyn Fn(&Scene) -> String| scene.get().map(|ready| f(&ready.0)).unwrap_or_default();
    let table =
        Signal::derive(move || scene.get().map(|ready| captioned(&ready.0.table, &texts.get())).unwrap_or_default());
    let on_move = move |event: PointerEvent| {
        let at = Point { x: f64::from(event.offset_x()), y: f64::from(event.offset_y()) };
        active.set(scene.get_untracked().and_then(|ready| ready.0.hit(at)));
    };
    let pick = move |index: Option<usize>| {
        let id =
            scene.get_untracked().zip(index).and_then(|(ready, index)| Some(ready.0.targets.get(index)?.id.clone()));
        if let Some(id) = id {
            on_pick.run(id);
        }
    };
    let on_click = move |event: web_sys::MouseEvent| {
        let at = Point { x: f64::from(event.offset_x()), y: f64::from(event.offset_y()) };
        pick(scene.get_untracked().and_then(|ready| ready.0.hit(at)));
    };
    let on_key = move |event: KeyboardEvent| {
        let count = scene.get_untracked().map_or(0, |ready| ready.0.targets.len());
        match key_step(&event.key(), active.get_untracked(), count) {
            KeyStep::To(index) => active.set(Some(index)),
            KeyStep::Leave => active.set(None),
            KeyStep::Pick => pick(active.get_untracked()),
            KeyStep::Pass => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let title = move || texts.with(|texts| texts.title.clone());
    let label =
        move || with_scene(&|scene| format!("{}. {} Left and right keys read the values.", scene.name, scene.summary));
    view! {
        <section class="card chart">
            <header class="card-head">
                <h2>{title}</h2>
                <span class="note">{note}</span>
                <button
                    type="button"
                    class="quiet"
                    aria-expanded=move || is_open.get().to_string()
                    aria-label=move || format!("Table of {}", title())
                    on:click=move |_| is_open.update(|open| *open = !*open)
                >
                    "Table"
                </button>
                <ExportMenu layout=layout height_css_px=Signal::derive(move || height_css_px.get().max(220.0)) texts=texts table=table/>
            </header>
            <div
                class="plot"
                node_ref=frame
                tabindex="0"
                role="group"
                aria-roledescription="chart"
                aria-label=label
                on:keydown=on_key
                on:blur=move |_| active.set(None)
            >
                <canvas
                    node_ref=canvas
                    aria-hidden="true"
                    style:height=move || format!("{}px", height_css_px.get())
                    on:pointermove=on_move
                    on:pointerleave=move |_| active.set(None)
                    on:click=on_click
                ></canvas>
                <ChartNote scene=scene.into() active=active width=width hint=pick_hint/>
            </div>
            <Show when=move || has_legend>
                <ChartLegend scene=scene.into()/>
            </Show>
            {children.map(|children| children())}
            <Show when=move || is_open.get()>
                <DataTable table=table/>
            </Show>
        </section>
    }
}

/// Canvases below a root without the provider are drawn once and not anew.
fn expect_repaint() -> Repaint {
    use_context().unwrap_or_else(crate::theme::provide_repaint)
}

/// The table under the name that the page gives it, with what it is about.
fn captioned(table: &Table, texts: &ExportText) -> Table {
    let caption =
        if texts.context.is_empty() { texts.title.clone() } else { format!("{} · {}", texts.title, texts.context) };
    Table { caption, ..table.clone() }
}

/// What a key does in a chart.
enum KeyStep {
    To(usize),
    Pick,
    Leave,
    Pass,
}

fn key_step(key: &str, active: Option<usize>, count: usize) -> KeyStep {
    let Some(last) = count.checked_sub(1) else { return KeyStep::Pass };
    match (key, active) {
        ("ArrowRight" | "ArrowDown", None) | ("Home", _) => KeyStep::To(0),
        ("ArrowRight" | "ArrowDown", Some(at)) => KeyStep::To((at + 1).min(last)),
        ("ArrowLeft" | "ArrowUp", None) | ("End", _) => KeyStep::To(last),
        ("ArrowLeft" | "ArrowUp", Some(at)) => KeyStep::To(at.saturating_sub(1)),
        ("Enter", Some(_)) => KeyStep::Pick,
        ("Escape", Some(_)) => KeyStep::Leave,
        _ => KeyStep::Pass,
    }
}

/// The exact values of what is pointed at, beside it and for screen readers.
#[component]
fn ChartNote(
    scene: Signal<ReadyScene>,
    active: RwSignal<Option<usize>>,
    width: ReadSignal<f64>,
    hint: String,
) -> impl IntoView {
    /// How wide the note is at most, in CSS pixels; the style sheet says the same.
    const NOTE_WIDTH: f64 = 240.0;
    let rows = move || -> Option<(String, Vec<(String, String)>)> {
        let ready = scene.get()?;
        let table = &ready.0.table;
        let row = table.rows.get(active.get()?)?;
        let mut cells = row.iter().zip(&table.columns).map(|(cell, column)| (column.heading.clone(), cell.display()));
        let (_, heading) = cells.next()?;
        Some((heading, cells.filter(|(_, value)| !value.is_empty()).collect()))
    };
    let anchor = move || {
        let ready = scene.get()?;
        ready.0.targets.get(active.get()?).map(|target| target.anchor)
    };
    let left = move || {
        let x = anchor().map_or(0.0, |anchor| anchor.x);
        let beside = if x + 16.0 + NOTE_WIDTH <= width.get() { x + 16.0 } else { x - 16.0 - NOTE_WIDTH };
        format!("{}px", beside.clamp(0.0, (width.get() - NOTE_WIDTH).max(0.0)))
    };
    let top = move || format!("{}px", anchor().map_or(0.0, |anchor| (anchor.y - 20.0).max(0.0)));
    let spoken = move || {
        rows().map(|(heading, rows)| {
            let parts = rows.iter().map(|(name, value)| format!("{name} {value}"));
            format!("{heading}: {}", parts.collect::<Vec<_>>().join(", "))
        })
    };
    let has_hint = !hint.is_empty();
    let hint = StoredValue::new(hint);
    view! {
        <div class="chart-note" class:shown=move || anchor().is_some() style:left=left style:top=top aria-hidden="true">
            {move || rows().map(|(heading, rows)| view! {
                <strong dir="auto">{heading}</strong>
                <dl>{rows.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view()}</dl>
                {has_hint.then(|| view! { <small>{hint.get_value()}</small> })}
            })}
        </div>
        <p class="for-ears" aria-live="polite">{spoken}</p>
    }
}

/// Names of the colours that are not labelled in the drawing.
#[component]
fn ChartLegend(scene: Signal<ReadyScene>) -> impl IntoView {
    let items = move || {
        let ready = scene.get()?;
        let items = ready.0.legend.iter().map(|item| {
            let (red, green, blue) = item.color.rgb;
            let color = format!("rgb({red},{green},{blue})");
            view! { <li><span class="swatch" class:dashed=item.dashed style:color=color></span>{item.label.clone()}</li> }
        });
        (!ready.0.legend.is_empty()).then(|| view! { <ul class="legend">{items.collect_view()}</ul> })
    };
    view! { {items} }
}

/// A line without axes.
#[component]
pub fn Spark(
    /// The values, in order; unknown ones are gaps.
    values: Signal<Vec<Option<f64>>>,
) -> impl IntoView {
    const SIZE: Size = Size { width_css_px: 72.0, height_css_px: 24.0 };
    let canvas = NodeRef::<html::Canvas>::new();
    let repaint = expect_repaint();
    Effect::new(move |_| {
        repaint.track();
        let Some(canvas) = canvas.get() else { return };
        let theme = theme_of(&canvas);
        let scene = values.with(|values| sparkline(values, SIZE, &theme));
        paint(&canvas, &scene, &[], &theme, density());
    });
    view! { <canvas class="spark" node_ref=canvas aria-hidden="true"></canvas> }
}
