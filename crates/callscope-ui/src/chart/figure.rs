//! The chart itself.

use std::sync::Arc;

use callscope_charts::{MeasureText, Point, Scene, Size, TargetId, Theme};
use callscope_core::export::Table;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlCanvasElement, HtmlElement, KeyboardEvent, MouseEvent};

use super::menu::{ExportInput, export_menu};
use super::note::note;
use super::save::ExportText;
use crate::browser::{in_zoom, on_resize};
use crate::canvas::{CanvasText, Look, look_of, paint, prepare};
use crate::piece::{Callback, Element, Spot, State, button, effect, el, live, nothing, text, when};
use crate::table::{LiveTable, data_table};
use crate::theme::Repaint;

/// How a chart is laid out in a given size. Whatever it reads has the chart drawn anew when it changes.
pub type Layout = Arc<dyn Fn(Size, &Theme, &dyn MeasureText) -> Scene + Send + Sync>;

/// Something that is read anew whenever what it depends on changes.
pub type Read<T> = Arc<dyn Fn() -> T + Send + Sync>;

/// What was clicked in a chart, or chosen with Enter.
#[derive(Clone, Debug, PartialEq)]
pub struct Picked {
    /// What it is.
    pub target: TargetId,
    /// Whether Shift was held: something else is meant then.
    pub is_shifted: bool,
}

/// A scene as it is drawn.
pub(super) struct Drawn {
    pub(super) scene: Scene,
    /// What it was laid out in.
    room: Arc<Room>,
}

impl Drawn {
    /// How many pixels of the page make one of the scene's: more than one where texts are larger than usual.
    pub(super) fn zoom(&self) -> f64 {
        self.room.look.zoom
    }
}

/// What a drawing has room for.
struct Room {
    /// In pixels of the scene.
    width: f64,
    look: Look,
}

impl Room {
    fn of(frame: &HtmlElement) -> Self {
        // A page may style the frame, which is a part of the report, but not the canvas in it.
        let canvas = frame.first_element_child();
        let look = look_of(canvas.as_ref().unwrap_or(frame));
        Self { width: f64::from(frame.client_width()) / look.zoom, look }
    }
}

/// None before the page has said how much room there is.
pub(super) type Ready = Option<Arc<Drawn>>;

/// What a chart is made of.
pub struct ChartInput {
    /// How it is laid out.
    pub layout: Layout,
    /// How high it is, in CSS pixels.
    pub height_css_px: Read<f64>,
    /// Beside the heading.
    pub note: Read<String>,
    /// What stands around the exported chart; its title is the heading.
    pub texts: Read<ExportText>,
    /// Called with what was clicked, or chosen with Enter.
    pub on_pick: Callback<Picked>,
    /// What a click does, in words for the note; empty where it does nothing.
    pub pick_hint: &'static str,
    /// Whether the colours' names stand below; a chart may have them in a list of its own.
    pub has_legend: bool,
    /// More below the drawing.
    pub below: AnyView,
}

/// A chart as it stands on the page.
#[derive(Clone, Copy)]
pub(super) struct Stage {
    pub(super) scene: State<Ready>,
    /// The target that is pointed at.
    pub(super) active: State<Option<usize>>,
    /// Whether any is.
    pub(super) is_pointed: State<bool>,
    /// Whether keys led there: then it is read aloud.
    pub(super) is_spoken: State<bool>,
    /// None before it was measured.
    room: State<Option<Arc<Room>>>,
}

impl Stage {
    fn hit(self, event: &MouseEvent) -> Option<usize> {
        let drawn = self.scene.get_untracked()?;
        let [x, y] = [event.offset_x(), event.offset_y()].map(|page_px| f64::from(page_px) / drawn.zoom());
        drawn.scene.hit(Point { x, y })
    }

    /// Points at something else; nothing is told where it is the same: pointers move by fractions of a pixel. A chart
    /// that is taken away under the pointer is left by it, too.
    fn point_at(self, index: Option<usize>) {
        if self.active.try_get_untracked().is_some_and(|before| before != index) {
            self.go_to(index, false);
        }
    }

    /// Goes to a target, which is read aloud where keys led there.
    fn go_to(self, index: Option<usize>, is_spoken: bool) {
        // What follows these two need not look at each move.
        for (state, now) in [(self.is_pointed, index.is_some()), (self.is_spoken, is_spoken)] {
            if state.get_untracked() != now {
                state.set(now);
            }
        }
        self.active.set(index);
    }

    fn pick(self, index: Option<usize>, is_shifted: bool, on_pick: Callback<Picked>) {
        let scene = self.scene.get_untracked();
        if let Some(target) = scene.zip(index).and_then(|(ready, index)| ready.scene.targets.get(index)) {
            on_pick.run(Picked { target: target.id, is_shifted });
        }
    }

    fn on_key(self, event: &KeyboardEvent, on_pick: Callback<Picked>) {
        let count = self.scene.get_untracked().map_or(0, |ready| ready.scene.targets.len());
        match key_step(&event.key(), self.active.get_untracked(), count) {
            KeyStep::To(index) => self.go_to(Some(index), true),
            KeyStep::Leave => self.go_to(None, true),
            KeyStep::Pick => self.pick(self.active.get_untracked(), event.shift_key(), on_pick),
            KeyStep::Pass => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Keeps up to date what an element has room for.
fn watch_room(frame: Spot<HtmlElement>, room: State<Option<Arc<Room>>>) {
    let repaint = repaint();
    effect(move || {
        repaint.track();
        let Some(element) = frame.get() else { return };
        let measured = element.clone();
        on_resize(&element, move || {
            let now = Room::of(&measured);
            // It is told once of what is there from the beginning.
            let sizes = |room: &Room| [room.width, room.look.zoom].map(f64::to_bits);
            let before = room.try_get_untracked().flatten();
            if before.is_some_and(|before| sizes(&before) != sizes(&now)) {
                room.set(Some(Arc::new(now)));
            }
        });
        // Charts that are made at the same time all stand in the page by the time the first of these tasks runs, so that it
        // is styled and laid out once for all of them.
        spawn_local(async move { room.set(Some(Arc::new(Room::of(&element)))) });
    });
}

/// Device pixels to a CSS pixel.
pub(super) fn density() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(0.5, 4.0)
}

/// What says that colours or the density of pixels changed.
pub(super) fn repaint() -> Repaint {
    use_context().unwrap_or_else(crate::theme::provide_repaint)
}

/// Lays the chart out and draws it whenever something that it reads changes.
fn draw_on(canvas: Spot<HtmlCanvasElement>, stage: Stage, layout: Layout, height_css_px: Read<f64>) {
    let laid_out = State::new(None::<Arc<Drawn>>);
    effect(move || {
        let (Some(canvas), Some(room)) = (canvas.get(), stage.room.get()) else { return };
        let size = Size { width_css_px: room.width, height_css_px: height_css_px() };
        if size.width_css_px >= 1.0 {
            let Look { theme, zoom } = &room.look;
            let Some(measure) = CanvasText::new(&theme.font_family) else { return };
            let scene = layout(size, theme, &measure);
            prepare(&canvas, scene.size, density() * zoom);
            laid_out.set(Some(Arc::new(Drawn { scene, room })));
        }
    });
    // A canvas that writes has the page styled first. By now all charts that are made or repainted together are as large as
    // they should be, and nothing around them has changed yet.
    effect(move || {
        let (Some(canvas), Some(drawn)) = (canvas.get(), laid_out.get()) else { return };
        paint(&canvas, &drawn.scene.marks, &drawn.room.look.theme, density() * drawn.zoom());
        // New figures: what was pointed at is another thing now.
        let targets = |ready: &Ready| ready.as_ref().map(|ready| ready.scene.targets.len());
        if stage.scene.with_untracked(targets) != Some(drawn.scene.targets.len()) {
            stage.go_to(None, false);
        }
        stage.scene.set(Some(drawn));
    });
}

/// A chart with its heading, note, keyboard, legend, table twin and export.
pub fn chart(input: ChartInput) -> AnyView {
    let stage = Stage {
        scene: State::new(None),
        active: State::new(None),
        is_pointed: State::new(false),
        is_spoken: State::new(false),
        room: State::new(None),
    };
    let plot = plot(stage, &input);
    let ChartInput { height_css_px: height, texts, .. } = input;
    let table = twin(stage, texts.clone());
    let is_open = State::new(false);
    let export_height: Read<f64> = Arc::new(move || height().max(220.0));
    let export = ExportInput {
        layout: Some(input.layout),
        height_css_px: export_height,
        texts: texts.clone(),
        table: table.clone(),
    };
    el("section")
        .class("card chart")
        .child(head(&texts, input.note, is_open, export_menu(export)))
        .child(plot)
        .child(input.has_legend.then(|| legend(stage)))
        .child(input.below)
        .child(when(move || is_open.get(), move || data_table(table.clone())))
        .any()
}

/// The drawing, which is read by pointer and by keyboard.
fn plot(stage: Stage, input: &ChartInput) -> Element {
    let frame = Spot::<HtmlElement>::new();
    let canvas = Spot::new();
    watch_room(frame, stage.room);
    draw_on(canvas, stage, input.layout.clone(), input.height_css_px.clone());
    let (height, on_pick) = (input.height_css_px.clone(), input.on_pick);
    let drawing = el("canvas")
        .node_ref(canvas)
        .attr("aria-hidden", "true")
        .style("height", move || in_zoom(height()))
        .on("pointermove", move |event| stage.point_at(stage.hit(event.unchecked_ref())))
        .on("pointerleave", move |_| stage.point_at(None))
        .on_click(move |event| stage.pick(stage.hit(&event), event.shift_key(), on_pick));
    let label = move || match stage.scene.get() {
        Some(ready) => {
            format!("{}. {} Left and right keys read the values.", ready.scene.name, ready.scene.summary)
        }
        None => String::new(),
    };
    el("div")
        .class("plot")
        .node_ref(frame)
        .attr("tabindex", "0")
        .attr("role", "group")
        .attr("aria-roledescription", "chart")
        .live_attr("aria-label", label)
        .on_key(move |event| stage.on_key(&event, on_pick))
        .on("blur", move |_| stage.point_at(None))
        .child(drawing)
        .child(note(stage, input.pick_hint))
}

/// Heading, note, and the two ways to the figures.
fn head(texts: &Read<ExportText>, note: Read<String>, is_open: State<bool>, menu: AnyView) -> Element {
    let (title, title_of_table) = (texts.clone(), texts.clone());
    let table = button("quiet", move |_| is_open.update(|open| *open = !*open))
        .says("aria-expanded", move || is_open.get())
        .live_attr("aria-label", move || format!("Table of {}", title_of_table().title))
        .child("Table");
    el("header")
        .class("card-head")
        .child(el("h2").child(text(move || title().title)))
        .child(el("span").class("note").child(text(move || note())))
        .child(el("span").class("tools").child(table).child(menu))
}

/// The scene's table under the name that the page gives it, with what it is about.
fn twin(stage: Stage, texts: Read<ExportText>) -> LiveTable {
    Arc::new(move || {
        let texts = texts();
        let table = stage.scene.get().map(|ready| Table::clone(&ready.scene.table)).unwrap_or_default();
        let caption =
            if texts.context.is_empty() { texts.title } else { format!("{} · {}", texts.title, texts.context) };
        Table { caption, ..table }
    })
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

/// Names of the colours that are not labelled in the drawing.
fn legend(stage: Stage) -> AnyView {
    live(move || {
        let Some(ready) = stage.scene.get().filter(|ready| !ready.scene.legend.is_empty()) else { return nothing() };
        let item = |item: &callscope_charts::Legend| {
            let (red, green, blue) = item.color.rgb;
            let class = if item.dashed { "swatch dashed" } else { "swatch" };
            let swatch = el("span").class(class).style("color", move || format!("rgb({red},{green},{blue})"));
            el("li").child(swatch).child(item.label.clone())
        };
        let items: Vec<Element> = ready.scene.legend.iter().map(item).collect();
        el("ul").class("legend").child(items).any()
    })
}
