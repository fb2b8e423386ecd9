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
    /// Headings of a table: the first column is a name, the others are figures.
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
const HEAD_LINE: f64 = 16.0;
const COLUMN_GAP: f64 = 16.0;

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
    Scene { marks: sheet.marks, table: input.table.clone().into(), ..Scene::blank(size) }
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
        let columns = columns(input, self.width, self.measure);
        self.headings(&input.headings, &columns);
        for (cells, is_good) in &input.rows {
            let last = match is_good {
                Some(true) => theme.better,
                Some(false) => theme.worse,
                None => theme.second,
            };
            let color = |at| if at + 1 == cells.len() { last } else { theme.ink };
            for (at, (cell, column)) in cells.iter().zip(&columns).enumerate() {
                let text = fitted(cell, column.width, Font::LABEL, self.measure);
                self.cell(&text, column, self.y + ROW / 2.0, color(at));
            }
            self.y += ROW;
            self.rule();
        }
        self.y += GAP;
    }

    /// The headings, each of as many lines as it takes; their last lines stand side by side.
    fn headings(&mut self, headings: &[&str], columns: &[Column]) {
        let lines = headings.iter().zip(columns);
        let lines: Vec<_> = lines.map(|(text, of)| wrapped(text, of.width, Font::LABEL, self.measure)).collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(0);
        for (lines, column) in lines.iter().zip(columns) {
            for (line, at) in lines.iter().zip(most - lines.len()..) {
                self.cell(line, column, self.y + HEAD_LINE * (at as f64 + 0.5), self.theme.third);
            }
        }
        self.y += HEAD_LINE * most as f64 + 4.0;
        self.rule();
    }

    fn cell(&mut self, text: &str, column: &Column, y: f64, color: Color) {
        self.text(text, Point { x: column.x, y }, column.side, Font::LABEL, color);
    }

    fn rule(&mut self) {
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

/// Where a column's texts stand.
struct Column {
    x: f64,
    width: f64,
    side: HorizontalAnchor,
}

/// The columns of a table over a whole width: each as wide as its widest text, and all of them by the
/// same share of what is left, or of what is lacking.
fn columns(input: &SheetInput, width_css_px: f64, measure: &dyn MeasureText) -> Vec<Column> {
    let width = |text: &str| measure.width_css_px(text, Font::LABEL);
    // A heading is broken between words.
    let heading = |text: &str| text.split(' ').map(width).fold(0.0, f64::max);
    let widest = |(at, of): (usize, &&str)| {
        let cells = input.rows.iter().filter_map(|(cells, _)| cells.get(at));
        cells.map(|cell| width(cell)).fold(heading(of), f64::max)
    };
    let widths: Vec<f64> = input.headings.iter().enumerate().map(widest).collect();
    let gaps = COLUMN_GAP * widths.len().saturating_sub(1) as f64;
    let scale = (width_css_px - gaps).max(0.0) / widths.iter().sum::<f64>().max(1.0);
    let last = widths.len().saturating_sub(1);
    let mut left = 0.0;
    let mut columns = Vec::new();
    for (at, width) in widths.into_iter().enumerate() {
        let width = width * scale;
        let side = if at == 0 { HorizontalAnchor::Left } else { HorizontalAnchor::Right };
        columns.push(Column { x: if at == 0 { left } else { left + width }, width, side });
        left += width + if at == last { 0.0 } else { COLUMN_GAP };
    }
    columns
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
