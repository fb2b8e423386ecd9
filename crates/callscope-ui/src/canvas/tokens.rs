//! The page's tokens → a chart's theme.

use callscope_charts::{Color, Theme};
use leptos::prelude::document;
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, Element, HtmlCanvasElement};

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
        Shade::Shown => return theme_of(near),
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
        let theme = theme_of(&probe);
        probe.remove();
        Some(theme)
    };
    let theme = probe().unwrap_or_else(|| if shade == Shade::Dark { Theme::dark() } else { Theme::light() });
    Theme { font_family: theme_of(near).font_family, ..theme }
}

/// The theme that an element has by the properties of `tokens.css`; what a page does not set, or
/// sets to no colour, is as in the light theme.
pub(crate) fn theme_of(element: &Element) -> Theme {
    let mut theme = Theme::light();
    let style = web_sys::window().and_then(|window| window.get_computed_style(element).ok().flatten());
    let Some(style) = style else { return theme };
    let slots: [(&str, &mut Color); 13] = [
        ("card", &mut theme.card),
        ("line", &mut theme.line),
        ("grid", &mut theme.grid),
        ("ink", &mut theme.ink),
        ("second", &mut theme.second),
        ("third", &mut theme.third),
        ("accent", &mut theme.accent),
        ("resolved", &mut theme.resolved),
        ("transferred", &mut theme.transferred),
        ("abandoned", &mut theme.abandoned),
        ("other", &mut theme.other),
        ("better", &mut theme.better),
        ("worse", &mut theme.worse),
    ];
    for (name, slot) in slots {
        if let Some(color) = property(&style, &format!("--c-{name}")).and_then(|css| color(&css)) {
            *slot = color;
        }
    }
    if let Some(family) = property(&style, "font-family") {
        theme.font_family = family;
    }
    theme
}

/// A colour however it is written: what the reader of charts does not know (`oklch(…)`, names), the browser paints.
fn color(css: &str) -> Option<Color> {
    const NONE: [u8; 3] = [1, 2, 3];
    Color::parse(css).or_else(|| {
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
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
