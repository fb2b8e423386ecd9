//! The menu that saves a chart or table.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::exports::offer;
use super::figure::{Layout, Read};
use super::save::ExportText;
use super::saving::{self, Wanted, ready_to_save};
use crate::canvas::Shade;
use crate::dropdown::{self, dropdown, give_back};
use crate::piece::{Element, State, button, el, when};
use crate::table::LiveTable;
use crate::task::Task;

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

/// What can be saved, on its way; none where the code that makes it cannot be loaded.
pub type Making = Pin<Box<dyn Future<Output = Option<ExportInput>>>>;

/// What can be saved, made when something of it is.
#[derive(Clone)]
pub struct Offer {
    /// Title, context, source and file name.
    pub texts: Read<ExportText>,
    /// Whether there is a picture, or a table alone.
    pub has_picture: bool,
    /// What can be saved. It is at once there where it was before.
    pub make: Read<Making>,
}

impl From<ExportInput> for Offer {
    fn from(input: ExportInput) -> Self {
        let (texts, has_picture) = (input.texts.clone(), input.layout.is_some());
        Self { texts, has_picture, make: Arc::new(move || Box::pin(ready(Some(input.clone())))) }
    }
}

/// Which file is wanted.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
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

/// The menu of one chart or table.
pub fn export_menu(input: ExportInput) -> AnyView {
    let input = input.into();
    offer(&input, false);
    menu(input)
}

/// The menu of a whole page.
pub fn whole_menu(input: impl Into<Offer>) -> AnyView {
    let input = input.into();
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

/// Saves once the code for it is there. Where it cannot be had, the menu opens again and says so.
/// It ends with what is shown: of a page that is left nothing is saved.
fn save(menu: Menu, input: &Offer, kind: Kind) {
    let Some(near) = menu.root.get_untracked() else { return };
    let (make, shade, problem) = (input.make.clone(), menu.shade.get_untracked(), menu.problem);
    problem.set(false);
    menu.task.begin(async move {
        let is_ready = ready_to_save().await.is_ok();
        if let Some(input) = untrack(|| make()).await.filter(|_| is_ready) {
            saving::make(&input, Wanted::Saved(kind), &near, shade);
        } else {
            problem.set(true);
            near.set_open(true);
        }
    });
}

/// What a menu holds.
#[derive(Clone, Copy)]
struct Menu {
    root: dropdown::Menu,
    /// The colours of pictures.
    shade: State<Shade>,
    /// Whether the code that saves could not be loaded.
    problem: State<bool>,
    /// The saving that is under way.
    task: Task,
}

fn menu(input: Offer) -> AnyView {
    let root = dropdown::Menu::new();
    let (shade, problem) = (State::new(Shade::default()), State::new(false));
    let menu = Menu { root, shade, problem, task: Task::new() };
    // By the time that a file is chosen its code is there.
    let is_made = State::new(false);
    let open = move |_| {
        is_made.set(true);
        spawn_local(async {
            ready_to_save().await.ok();
        });
    };
    let texts = input.texts.clone();
    // A page has many of them, and few are opened.
    let list = when(move || is_made.get(), move || choices(menu, &input));
    let summary = el("summary").live_attr("aria-label", move || format!("Save {}", texts().title)).child("Save");
    dropdown("menu", root, summary.on("click", open), list).any()
}

/// What a menu offers.
fn choices(menu: Menu, input: &Offer) -> AnyView {
    let has_picture = input.has_picture;
    let item = |(label, kind): (&'static str, Kind)| {
        let input = input.clone();
        let act = move |_| {
            save(menu, &input, kind);
            give_back(menu.root);
        };
        el("li").child(button("", act).child(label))
    };
    let is_shown = |kind: Kind| has_picture || !matches!(kind, Kind::Png(_) | Kind::Svg | Kind::CopyPicture);
    let items: Vec<Element> = KINDS.into_iter().filter(|(_, kind)| is_shown(*kind)).map(item).collect();
    let trouble =
        move || el("li").attr("role", "alert").child("The code that saves could not be loaded. Try again.").any();
    let trouble = when(move || menu.problem.get(), trouble);
    el("ul").attr("tabindex", "-1").child(items).child(has_picture.then(|| shades(menu.shade))).child(trouble).any()
}
