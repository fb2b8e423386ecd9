//! Texts: fonts, anchors, and how wide a text is.

use std::borrow::Cow;

/// How heavy a text is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// Running text.
    Normal,
    /// Titles and direct labels.
    Bold,
}

/// Size and weight; the family is the theme's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Font {
    /// Size in CSS pixels.
    pub size_css_px: f64,
    /// Weight.
    pub weight: Weight,
}

impl Font {
    /// Labels of axes and values.
    pub const LABEL: Self = Self { size_css_px: 12.0, weight: Weight::Normal };
    /// Direct labels of series.
    pub const STRONG: Self = Self { size_css_px: 12.0, weight: Weight::Bold };
    /// The title of an exported picture.
    pub const TITLE: Self = Self { size_css_px: 16.0, weight: Weight::Bold };
}

/// Which point of a text's width lies at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HorizontalAnchor {
    /// Its left end.
    Left,
    /// Its middle.
    Center,
    /// Its right end.
    Right,
}

/// Which point of a text's height lies at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerticalAnchor {
    /// The top of its letters.
    Top,
    /// Its middle.
    Middle,
    /// Its foot.
    Bottom,
}

/// Where a text stands relative to its position.
pub type Anchor = (HorizontalAnchor, VerticalAnchor);

/// Says how wide a text will be, in CSS pixels.
pub trait MeasureText {
    /// The width of a text in CSS pixels.
    fn width_css_px(&self, text: &str, font: Font) -> f64;
}

/// Widths without a browser or font files: rough, but the same everywhere, so that pictures drawn
/// in tests do not depend on the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct ApproximateText;

impl MeasureText for ApproximateText {
    fn width_css_px(&self, text: &str, font: Font) -> f64 {
        let ems: f64 = text.chars().map(em_width).sum();
        let heavier = if font.weight == Weight::Bold { 1.08 } else { 1.0 };
        ems * font.size_css_px * heavier
    }
}

/// The width of a character in ems, as in common sans-serif faces.
fn em_width(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.28,
        'f' | 't' | 'r' | ' ' | '(' | ')' | '/' | '-' => 0.36,
        '\u{202f}' => 0.2,
        'm' | 'M' | 'w' | 'W' | '%' | '@' => 0.86,
        'A'..='Z' => 0.67,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0.0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 1.0,
        _ => 0.56,
    }
}

/// Hebrew, Arabic and their neighbours.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// The text itself where it fits, else as much of its beginning as fits, with an ellipsis.
pub fn fitted<'t>(text: &'t str, most_css_px: f64, font: Font, measure: &dyn MeasureText) -> Cow<'t, str> {
    if measure.width_css_px(text, font) <= most_css_px {
        return text.into();
    }
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let cut = |characters: usize| {
        let end = ends.get(characters).copied().unwrap_or(text.len());
        // A mark on both sides keeps the ellipsis at the end of what runs from right to left.
        let mark = if text.chars().any(is_right_to_left) { "\u{200f}" } else { "" };
        format!("{}{mark}…{mark}", text.get(..end).unwrap_or_default().trim_end())
    };
    let fits = ends.partition_point(|end| {
        let characters = ends.partition_point(|other| other < end);
        measure.width_css_px(&cut(characters), font) <= most_css_px
    });
    match fits {
        0 => "".into(),
        _ => cut(fits - 1).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_to_fit() {
        let name = "Éva – déclarations de sinistres, lignes régionales";
        for most in [0.0, 3.0, 20.0, 80.0, 150.0] {
            let shown = fitted(name, most, Font::LABEL, &ApproximateText);
            assert!(ApproximateText.width_css_px(&shown, Font::LABEL) <= most, "{shown}");
        }
        assert_eq!(fitted("PS", 80.0, Font::LABEL, &ApproximateText), "PS");
        assert!(fitted(name, 80.0, Font::LABEL, &ApproximateText).ends_with('…'));
        assert_eq!(fitted("漢字漢字", 30.0, Font::LABEL, &ApproximateText), "漢…");
    }
}
