//! A whole page as one picture: sentences, a table, and charts below each other.

use callscope_core::export::Table;

use crate::frame::{LEGEND, legend_marks, moved};
use crate::scene::{Mark, Point, Scene, Size, Stroke};
use crate::text::{Font, HorizontalAnchor, MeasureText, VerticalAnchor, fitted};
use crate::{Color, Theme};

/// What stands on a sheet, from the top.
#[derive(Clone, Debug, Default)]
pub struct SheetInput {
    /// What it says first, each a paragraph; lines are broken where they must.
    pub sentences: Vec<String>,
    /// Rows of texts under their headings; the first column is a name, the others are figures.
    pub headings: Vec<&'static str>,
    /// As many texts in each row as there are headings, and whether the last one is good news
    /// (`true`) or bad.
    pub rows: Vec<(Vec<String>, Option<bool>)>,
    /// Charts with their titles.
    pub charts: Vec<(String, Scene)>,
    /// What says the same in figures.
    pub table: Table,
}

const LINE: f64 = 20.0;
const ROW: f64 = 24.0;
const GAP: f64 = 24.0;

/// Lays the sheet out; it is as high as it needs to be.
pub fn sheet(input: &SheetInput, width_css_px: f64, theme: &Theme, measure: &dyn MeasureText) -> Scene {
    let mut sheet = Sheet { width: width_css_px, y: 0.0, marks: Vec::new(), theme, measure };
    for sentence in &input.sentences {
        sheet.paragraph(sentence);
    }
    sheet.y += GAP / 2.0;
    sheet.table(input);
    for (title, scene) in &input.charts {
        sheet.chart(title, scene);
    }
    let size = Size { width_css_px, height_css_px: sheet.y };
    Scene { marks: sheet.marks, table: input.table.clone(), ..Scene::blank(size) }
}

struct Sheet<'a> {
    width: f64,
    /// Down to where it is filled.
    y: f64,
    marks: Vec<Mark>,
    theme: &'a Theme,
    measure: &'a dyn MeasureText,
}

impl Sheet<'_> {
    fn text(&mut self, text: &str, at: Point, side: HorizontalAnchor, font: Font, color: Color) {
        let anchor = (side, VerticalAnchor::Middle);
        self.marks.push(Mark::Text { text: text.to_owned(), at, anchor, font, color });
    }

    fn paragraph(&mut self, sentence: &str) {
        const FONT: Font = Font { size_css_px: 14.0, ..Font::LABEL };
        for line in wrapped(sentence, self.width, FONT, self.measure) {
            let at = Point { x: 0.0, y: self.y + LINE / 2.0 };
            self.text(&line, at, HorizontalAnchor::Left, FONT, self.theme.ink);
            self.y += LINE;
        }
    }

    fn table(&mut self, input: &SheetInput) {
        let theme = self.theme;
        let headings: Vec<String> = input.headings.iter().map(|heading| (*heading).to_owned()).collect();
        self.row(&headings, theme.third, theme.third);
        for (cells, is_good) in &input.rows {
            let last = match is_good {
                Some(true) => theme.better,
                Some(false) => theme.worse,
                None => theme.second,
            };
            self.row(cells, theme.ink, last);
        }
        self.y += GAP;
    }

    /// A row with a line below; the name has two shares of the width, each figure one, the last two.
    fn row(&mut self, cells: &[String], color: Color, last_color: Color) {
        let share = self.width / (cells.len() as f64 + 2.0);
        let y = self.y + ROW / 2.0;
        let last = cells.len().saturating_sub(1);
        for (i, cell) in cells.iter().enumerate() {
            let shares = if i == 0 || i == last { 2.0 } else { 1.0 };
            let text = fitted(cell, share * shares - 8.0, Font::LABEL, self.measure).into_owned();
            let color = if i == last { last_color } else { color };
            match i {
                0 => self.text(&text, Point { x: 0.0, y }, HorizontalAnchor::Left, Font::LABEL, color),
                _ if i == last => {
                    self.text(&text, Point { x: self.width, y }, HorizontalAnchor::Right, Font::LABEL, color);
                }
                _ => {
                    let x = share * (i as f64 + 2.0);
                    self.text(&text, Point { x, y }, HorizontalAnchor::Right, Font::LABEL, color);
                }
            }
        }
        self.y += ROW;
        let ends = vec![Point { x: 0.0, y: self.y }, Point { x: self.width, y: self.y }];
        self.marks.push(Mark::Line(ends, Stroke::solid(self.theme.line, 1.0)));
    }

    fn chart(&mut self, title: &str, scene: &Scene) {
        self.text(title, Point { x: 0.0, y: self.y + 10.0 }, HorizontalAnchor::Left, Font::STRONG, self.theme.ink);
        self.y += LINE + 4.0;
        let origin = Point { x: 0.0, y: self.y };
        let (legend, lines) = legend_marks(&scene.legend, origin, self.width, self.theme, self.measure);
        self.marks.extend(legend);
        self.y += lines as f64 * LEGEND;
        self.marks.extend(scene.marks.iter().map(|mark| moved(mark, 0.0, self.y)));
        self.y += scene.size.height_css_px + GAP;
    }
}

/// The lines of a paragraph, broken between words; a word that is wider than a line is cut.
fn wrapped(text: &str, most_css_px: f64, font: Font, measure: &dyn MeasureText) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let longer = lines.last().map(|line| format!("{line} {word}"));
        match longer.filter(|line| measure.width_css_px(line, font) <= most_css_px) {
            Some(line) => {
                lines.pop();
                lines.push(line);
            }
            None => lines.push(fitted(word, most_css_px, font, measure).into_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Rect;
    use crate::text::ApproximateText;

    #[test]
    fn a_paragraph_is_broken_between_words_and_loses_none() {
        let text =
            "B's completion rate is 1.3 points higher, which may be chance: about 8,259 more calls would settle it.";
        let lines = wrapped(text, 200.0, Font::LABEL, &ApproximateText);
        assert!(lines.len() > 2);
        assert_eq!(lines.join(" "), text);
        for line in &lines {
            assert!(ApproximateText.width_css_px(line, Font::LABEL) <= 200.0, "{line}");
        }
    }

    #[test]
    fn a_sheet_is_as_high_as_what_stands_on_it() {
        let theme = Theme::light();
        let chart = |height_css_px| Scene::blank(Size { width_css_px: 400.0, height_css_px });
        let of = |charts| {
            let input = SheetInput {
                sentences: vec!["One.".to_owned()],
                headings: vec!["Figure", "A", "Verdict"],
                rows: vec![(vec!["Calls".to_owned(), "1".to_owned(), "a volume".to_owned()], None)],
                charts,
                table: Table::default(),
            };
            sheet(&input, 400.0, &theme, &ApproximateText)
        };
        let (one, two) = (of(vec![]), of(vec![("Mix".to_owned(), chart(100.0)), ("Days".to_owned(), chart(50.0))]));
        assert!(two.size.height_css_px > one.size.height_css_px + 150.0);
        let whole = Rect { left: 0.0, top: 0.0, width: 400.0, height: two.size.height_css_px };
        for mark in &two.marks {
            if let Mark::Text { at, .. } = mark {
                assert!(whole.distance(*at) <= 0.0, "{mark:?}");
            }
        }
    }
}
