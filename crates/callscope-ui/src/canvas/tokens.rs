//! The page's tokens → a chart's theme.

use callscope_charts::{Color, Theme};
use leptos::prelude::document;
use wasm_bindgen::JsCast as _;
use web_sys::{CssStyleDeclaration, Element, HtmlCanvasElement};

use super::context_of;
use crate::browser::{measure_in, style_of};

/// Which colours a picture has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shade {
    /// Those that the page shows.
    #[default]
    Shown,
    /// Light ones, whatever the page shows.
    Light,
    /// Dark ones.
    Dark,
}

/// The theme of a picture that is made where an element stands.
pub(crate) fn theme_in(shade: Shade, near: &Element) -> Theme {
    let key = match shade {
        Shade::Shown => return look_of(near).theme,
        Shade::Light => "light",
        Shade::Dark => "dark",
    };
    // The style sheet says what a theme is, with what a host page sets: something must stand in it to be asked.
    let probe = || {
        let probe = document().create_element("span").ok()?;
        probe.set_attribute("class", "callscope").ok()?;
        probe.set_attribute("data-theme", key).ok()?;
        probe.set_attribute("hidden", "").ok()?;
        near.append_child(&probe).ok()?;
        let Look { theme, .. } = look_of(&probe);
        probe.remove();
        Some(theme)
    };
    let theme = probe().unwrap_or_else(|| if shade == Shade::Dark { Theme::dark() } else { Theme::light() });
    Theme { font_family: look_of(near).theme.font_family, ..theme }
}

/// How things are drawn where an element stands.
pub(crate) struct Look {
    /// Their colours and typeface.
    pub(crate) theme: Theme,
    /// How many pixels of the page make one of theirs: more than one where texts are larger than usual.
    pub(crate) zoom: f64,
}

/// How things are drawn in an element, as `tokens.css` and `views.css` have it say. What a page does not set, or sets
/// to no colour, is as in the light theme.
pub(crate) fn look_of(element: &Element) -> Look {
    let mut theme = Theme::light();
    let Some(style) = style_of(element) else { return Look { theme, zoom: 1.0 } };
    // One property has them all: to ask for each by its name takes longer than to draw a chart of 24 bars.
    let slots = [
        &mut theme.card,
        &mut theme.line,
        &mut theme.grid,
        &mut theme.ink,
        &mut theme.second,
        &mut theme.third,
        &mut theme.accent,
        &mut theme.resolved,
        &mut theme.transferred,
        &mut theme.abandoned,
        &mut theme.other,
        &mut theme.better,
        &mut theme.worse,
    ];
    let said = property(&style, "--c-drawn").unwrap_or_default();
    for (slot, css) in slots.into_iter().zip(said.split('|')) {
        if let Some(color) = color(css) {
            *slot = color;
        }
    }
    if let Some(family) = property(&style, "font-family") {
        theme.font_family = family;
    }
    Look { theme, zoom: measure_in(&style).unwrap_or(1.0) }
}

/// A colour however it is written: what the reader of charts does not know (`oklch(…)`, names), the browser paints.
fn color(css: &str) -> Option<Color> {
    const NONE: [u8; 3] = [1, 2, 3];
    Color::parse(css).or_else(|| {
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
        let context = context_of(&canvas)?;
        // What is no colour leaves the one that was set before.
        context.set_fill_style_str("#010203");
        context.set_fill_style_str(css.trim());
        context.fill_rect(0.0, 0.0, 1.0, 1.0);
        let pixel = context.get_image_data(0.0, 0.0, 1.0, 1.0).ok()?.data();
        let [red, green, blue, alpha] = *pixel.get(..4)? else { return None };
        let color = Color { rgb: (red, green, blue), alpha: f64::from(alpha) / 255.0 };
        ([red, green, blue] != NONE).then_some(color)
    })
}

fn property(style: &CssStyleDeclaration, name: &str) -> Option<String> {
    style.get_property_value(name).ok().filter(|value| !value.trim().is_empty())
}
