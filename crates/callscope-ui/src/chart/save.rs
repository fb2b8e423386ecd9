//! Charts and tables as files.

use callscope_charts::{FrameText, Scene, framed, svg};
use callscope_core::export::{Document, Table, to_csv, to_json};
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, BlobPropertyBag, Element, HtmlAnchorElement, HtmlCanvasElement, Url};

use super::Layout;
use super::menu::{ExportInput, Kind};
use crate::canvas::{CanvasText, Shade, paint, prepare, theme_in};

/// What stands around an exported chart, and what its file is called.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExportText {
    /// The title.
    pub title: String,
    /// Period and zone.
    pub period: String,
    /// Period, zone, comparison, number of calls.
    pub context: String,
    /// Where the figures come from.
    pub source: String,
    /// The file's name without its ending.
    pub file: String,
}

/// Saves something. Where the browser refuses, nothing is lost and the menu can be used again.
pub(super) fn save(input: &ExportInput, kind: Kind, near: &Element, shade: Shade) {
    let texts = untrack(|| (input.texts)());
    let table = || untrack(|| (input.table)());
    match kind {
        Kind::Png(scale) => {
            picture_of(input, near, scale, shade).map(|picture| png(&picture, format!("{}@{scale}x.png", texts.file)))
        }
        Kind::Svg => svg_of(input, near, shade).and_then(|svg| svg_file(&svg, &texts)),
        Kind::CopyPicture => {
            picture_of(input, near, 2.0, shade).map(|picture| copy_picture(&picture, format!("{}@2x.png", texts.file)))
        }
        Kind::Csv => csv(&table(), &texts),
        Kind::Json => json(&table(), &texts),
        Kind::Copy => {
            copy(&table(), &texts);
            Some(())
        }
    }
    .unwrap_or_default();
}

/// The picture, `scale` pixels to a CSS pixel; none of a table alone.
pub(super) fn picture_of(input: &ExportInput, near: &Element, scale: f64, shade: Shade) -> Option<HtmlCanvasElement> {
    let (layout, height) = (input.layout.as_ref()?, untrack(|| (input.height_css_px)()));
    picture(layout, height, &untrack(|| (input.texts)()), near, scale, shade)
}

/// The picture as SVG.
pub(super) fn svg_of(input: &ExportInput, near: &Element, shade: Shade) -> Option<String> {
    let (layout, height) = (input.layout.as_ref()?, untrack(|| (input.height_css_px)()));
    svg_text(layout, height, &untrack(|| (input.texts)()), near, shade)
}

/// The table as CSV, with period and zone in its first heading.
pub(super) fn csv_of(input: &ExportInput) -> String {
    to_csv(&dated(&untrack(|| (input.table)()), &untrack(|| (input.texts)())))
}

/// How wide exported charts are, in CSS pixels.
const WIDTH_CSS_PX: f64 = 960.0;

/// The chart as it is exported, and the theme it has.
fn scene(
    layout: &Layout,
    height_css_px: f64,
    texts: &ExportText,
    near: &Element,
    shade: Shade,
) -> Option<(Scene, callscope_charts::Theme)> {
    let theme = theme_in(shade, near);
    let measure = CanvasText::new(&theme.font_family)?;
    let size = callscope_charts::Size { width_css_px: WIDTH_CSS_PX, height_css_px };
    let scene = untrack(|| layout(size, &theme, &measure));
    let frame = FrameText { title: texts.title.clone(), context: texts.context.clone(), source: texts.source.clone() };
    Some((framed(&scene, &frame, &theme, &measure), theme))
}

/// The chart as a picture, `scale` pixels to a CSS pixel.
fn picture(
    layout: &Layout,
    height_css_px: f64,
    texts: &ExportText,
    near: &Element,
    scale: f64,
    shade: Shade,
) -> Option<HtmlCanvasElement> {
    let (scene, theme) = scene(layout, height_css_px, texts, near, shade)?;
    let canvas = new_canvas()?;
    prepare(&canvas, scene.size, scale);
    paint(&canvas, &scene.marks, &theme, scale);
    Some(canvas)
}

/// The chart as SVG.
fn svg_text(layout: &Layout, height_css_px: f64, texts: &ExportText, near: &Element, shade: Shade) -> Option<String> {
    scene(layout, height_css_px, texts, near, shade).map(|(scene, theme)| svg(&scene, &theme))
}

/// Saves a picture as PNG.
fn png(picture: &HtmlCanvasElement, name: String) {
    let saved = Closure::once_into_js(move |blob: JsValue| {
        if let Ok(blob) = blob.dyn_into::<Blob>() {
            download(&blob, &name);
        }
    });
    picture.to_blob_with_type(saved.unchecked_ref(), "image/png").ok();
}

/// A picture as the bytes of a PNG.
pub fn png_blob(picture: &HtmlCanvasElement) -> Promise {
    Promise::new(&mut |resolve, reject| {
        if picture.to_blob_with_type(&resolve, "image/png").is_err() {
            reject.call0(&JsValue::UNDEFINED).ok();
        }
    })
}

/// Puts a picture on the clipboard; where that may not be, it is saved as a file.
fn copy_picture(picture: &HtmlCanvasElement, name: String) {
    let Some(written) = write_picture(picture) else { return png(picture, name) };
    let picture = picture.clone();
    let refused = Closure::<dyn FnMut(JsValue)>::once(move |_: JsValue| png(&picture, name));
    drop(written.catch(&refused));
    // The browser keeps it as long as the promise may still call it.
    refused.into_js_value();
}

/// `navigator.clipboard.write([new ClipboardItem({ "image/png": … })])`; none where the browser has no such thing,
/// as on a page without https.
fn write_picture(picture: &HtmlCanvasElement) -> Option<Promise> {
    let constructor = Reflect::get(&js_sys::global(), &"ClipboardItem".into()).ok()?.dyn_into::<Function>().ok()?;
    let parts = Object::new();
    Reflect::set(&parts, &"image/png".into(), &png_blob(picture)).ok()?;
    let item = Reflect::construct(&constructor, &Array::of1(&parts)).ok()?;
    let clipboard = Reflect::get(&web_sys::window()?.navigator(), &"clipboard".into()).ok()?;
    let write = Reflect::get(&clipboard, &"write".into()).ok()?.dyn_into::<Function>().ok()?;
    write.call1(&clipboard, &Array::of1(&item)).ok()?.dyn_into().ok()
}

/// Saves a picture as SVG.
fn svg_file(svg: &str, texts: &ExportText) -> Option<()> {
    save_text(svg, "image/svg+xml", &format!("{}.svg", texts.file))
}

/// Saves a table as CSV, with a mark that tells spreadsheets that it is UTF-8.
fn csv(table: &Table, texts: &ExportText) -> Option<()> {
    let text = format!("\u{feff}{}", to_csv(&dated(table, texts)));
    save_text(&text, "text/csv;charset=utf-8", &format!("{}.csv", texts.file))
}

/// The table with period and zone in its first heading: a file of rows has no other place for them.
fn dated(table: &Table, texts: &ExportText) -> Table {
    let mut table = table.clone();
    if let Some(first) = table.columns.first_mut() {
        first.heading = format!("{} ({})", first.heading, texts.period);
    }
    table
}

/// Saves a table as JSON, with what it is about.
fn json(table: &Table, texts: &ExportText) -> Option<()> {
    let document = Document { title: &texts.title, context: &texts.context, source: &texts.source, rows: table };
    save_text(&to_json(&document), "application/json", &format!("{}.json", texts.file))
}

/// Puts a table on the clipboard, as spreadsheets take it; else it is saved as a file.
fn copy(table: &Table, texts: &ExportText) {
    let file = format!("{}.csv", texts.file);
    copy_text(to_csv(&dated(table, texts)), "text/csv;charset=utf-8", file);
}

/// Puts a text on the clipboard. Where the browser has none, as on a page without https, or refuses, it
/// is saved as a file of a kind instead.
pub fn copy_text(text: String, kind: &'static str, file: String) {
    let navigator = web_sys::window().map(|window| window.navigator());
    let has_clipboard = |navigator: &web_sys::Navigator| {
        Reflect::get(navigator, &"clipboard".into()).is_ok_and(|found| found.is_truthy())
    };
    let Some(navigator) = navigator.filter(has_clipboard) else {
        return save_text(&text, kind, &file).unwrap_or_default();
    };
    let written = navigator.clipboard().write_text(&text);
    let save = move |_: JsValue| save_text(&text, kind, &file).unwrap_or_default();
    let refused = Closure::<dyn FnMut(JsValue)>::once(save);
    drop(written.catch(&refused));
    // The browser keeps it as long as the promise may still call it.
    refused.into_js_value();
}

fn save_text(text: &str, kind: &str, name: &str) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options).ok()?;
    download(&blob, name)
}

fn download(blob: &Blob, name: &str) -> Option<()> {
    let url = Url::create_object_url_with_blob(blob).ok()?;
    let link: HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The browser has taken the address over by then.
    set_timeout(move || drop(Url::revoke_object_url(&url)), std::time::Duration::from_secs(10));
    Some(())
}

fn new_canvas() -> Option<HtmlCanvasElement> {
    document().create_element("canvas").ok()?.dyn_into().ok()
}
