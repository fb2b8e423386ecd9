//! The page's tokens → a chart's theme.

use callscope_charts::{Color, Theme};
use web_sys::{CssStyleDeclaration, Element};

/// The theme that an element has by its `--callscope-*` properties; what a page does not set, or
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
        if let Some(color) = property(&style, &format!("--callscope-{name}")).and_then(|css| Color::parse(&css)) {
            *slot = color;
        }
    }
    if let Some(family) = property(&style, "font-family") {
        theme.font_family = family;
    }
    theme
}

fn property(style: &CssStyleDeclaration, name: &str) -> Option<String> {
    style.get_property_value(name).ok().filter(|value| !value.trim().is_empty())
}
