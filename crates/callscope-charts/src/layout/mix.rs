//! Who ended the calls of two versions: a bar each, cut by source, and how far every share moved.

use callscope_core::export::{Cell, Column, Table};
use callscope_core::format;

use super::{
    CENTER_MIDDLE, LEFT_MIDDLE, RIGHT_MIDDLE, calls_text, more_rows, nothing, rows_shown, side, side_text, text,
};
use crate::scene::{Mark, Point, Rect, Scene, Size, Target, TargetId};
use crate::text::{Font, MeasureText, fitted};
use crate::{Color, Theme};

/// What the chart of hangup sources is made of.
#[derive(Clone, Copy, Debug)]
pub struct MixInput<'a> {
    /// What people call version A and version B; may be empty.
    pub labels: [&'a str; 2],
    /// Every source that either version names, in the order of the bars.
    pub sources: &'a [MixSource],
    /// The source that stands out, as an index into the sources.
    pub stands_out: Option<usize>,
}

/// The calls that one source ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MixSource {
    /// Its name as it comes: `user`, `agent`, `system`, `unknown` and any other.
    pub name: String,
    /// Calls of A.
    pub a: Option<u64>,
    /// Calls of B.
    pub b: Option<u64>,
}

impl MixSource {
    fn of(&self, side: usize) -> Option<u64> {
        if side == 0 { self.a } else { self.b }
    }

    fn label(&self) -> &str {
        match self.name.as_str() {
            "user" => "User",
            "agent" => "Agent",
            "system" => "System",
            "unknown" => "Unknown",
            other => other,
        }
    }
}

/// What the chart is called.
pub const MIX_NAME: &str = "Who ended the calls";
const BAR: f64 = 22.0;
const TOP_A: f64 = 18.0;
/// Between the bars are the ways from A's parts to B's.
const TOP_B: f64 = TOP_A + BAR + 26.0;
/// Bars, both versions' lines, and the heads of the columns.
const HEAD: f64 = TOP_B + BAR + 54.0;
const ROW_CSS_PX: f64 = 24.0;
/// Figures farther from their name than this are hard to follow.
const MOST_LIST_WIDTH: f64 = 480.0;

/// How high the chart is with so many sources, in CSS pixels.
pub fn mix_height(sources: usize) -> f64 {
    HEAD + sources.max(1) as f64 * ROW_CSS_PX
}

/// Lays the chart out: both bars, and as many sources below as the height has room for.
pub fn mix(input: &MixInput<'_>, size: Size, theme: &Theme, measure: &dyn MeasureText) -> Scene {
    let mixes = [Mix::of(input, 0), Mix::of(input, 1)];
    let [a, b] = &mixes;
    let table = table(input, a, b).into();
    if input.sources.is_empty() || (a.total.is_none() && b.total.is_none()) {
        return nothing(MIX_NAME, "Who ended the calls is unknown.", size, theme, table);
    }
    let colors = colors(input.sources, theme);
    let mut marks = Vec::new();
    for (side, mix) in mixes.iter().enumerate() {
        side_line(input, mix, side, size, theme, measure, &mut marks);
        let whole =
            Rect { left: 0.0, top: if side == 0 { TOP_A } else { TOP_B }, width: size.width_css_px, height: BAR };
        bar(mix, input.sources, &colors, whole, theme, measure, &mut marks);
    }
    ways(input, &mixes, &colors, size, theme, measure, &mut marks);
    let width = size.width_css_px;
    let shown = rows_shown(size.height_css_px - HEAD, ROW_CSS_PX, input.sources.len());
    let plot = Rect { left: 0.0, top: HEAD, width, height: shown as f64 * ROW_CSS_PX };
    let list = List::of(width, &mixes, theme, measure);
    list.head(&mut marks);
    let mut targets = Vec::new();
    for (i, (source, color)) in input.sources.iter().zip(&colors).take(shown).enumerate() {
        let region = Rect { top: HEAD + i as f64 * ROW_CSS_PX, height: ROW_CSS_PX, ..plot };
        let shares = [a.share(i), b.share(i)];
        list.row(source, shares, *color, input.stands_out == Some(i), region, &mut marks);
        let anchor = Point { x: list.width / 2.0, y: region.center().y };
        targets.push(Target { id: TargetId::Row(i), region, anchor });
    }
    if shown < input.sources.len() {
        let at = Point { x: 0.0, y: plot.bottom() + ROW_CSS_PX / 2.0 };
        marks.push(more_rows(input.sources.len() - shown, at, theme));
    }
    let summary = summary(input, a, b);
    let (series, legend) = (Vec::new(), Vec::new());
    Scene { size, name: MIX_NAME.to_owned(), summary, marks, targets: targets.into(), series, legend, table, plot }
}

/// The calls of a version by source.
struct Mix {
    counts: Vec<Option<u64>>,
    /// Unknown where a part is, or where it is too large to count.
    total: Option<u64>,
}

/// A part of a bar.
#[derive(Clone, Copy)]
struct Part {
    left: f64,
    width: f64,
}

impl Mix {
    fn of(input: &MixInput<'_>, side: usize) -> Self {
        let counts: Vec<_> = input.sources.iter().map(|source| source.of(side)).collect();
        let total = counts.iter().try_fold(0_u64, |sum, count| sum.checked_add((*count)?));
        Self { counts, total }
    }

    fn share(&self, index: usize) -> Option<f64> {
        let total = self.total.filter(|total| *total > 0)?;
        Some((*self.counts.get(index)?)? as f64 / total as f64)
    }

    /// The parts of a bar of a width; none where the mix is unknown or of no calls.
    fn parts(&self, width: f64) -> Vec<Part> {
        let mut left = 0.0;
        let mut parts = Vec::new();
        for i in 0..self.counts.len() {
            let Some(share) = self.share(i) else { return Vec::new() };
            parts.push(Part { left, width: share * width });
            left += share * width;
        }
        parts
    }
}

/// A source's colour: the same whatever else there is for those of the documents, and for any other
/// one that is never that of its neighbour in either bar. Greys end; names stand beside every colour.
fn colors(sources: &[MixSource], theme: &Theme) -> Vec<Color> {
    let between = theme.second.with_alpha(0.5).over(theme.third);
    let others = [theme.transferred, theme.second, theme.third, between];
    let mut is_first = true;
    // The colours of the part before, in A and in B.
    let mut before: [Option<Color>; 2] = [None; 2];
    let mut colors = Vec::new();
    for source in sources {
        let color = match source.name.as_str() {
            "user" => theme.accent,
            "agent" => theme.resolved,
            "system" => theme.abandoned,
            "unknown" => theme.other,
            _ => {
                // Two neighbours can exclude two of three greys.
                let free = others.iter().skip(usize::from(!is_first)).find(|color| !before.contains(&Some(**color)));
                is_first = false;
                free.copied().unwrap_or(theme.second)
            }
        };
        for (side, before) in before.iter_mut().enumerate() {
            if source.of(side).is_some_and(|count| count > 0) {
                *before = Some(color);
            }
        }
        colors.push(color);
    }
    colors
}

/// The version's letter, name and calls: above A's bar, below B's.
fn side_line(
    input: &MixInput<'_>,
    mix: &Mix,
    index: usize,
    size: Size,
    theme: &Theme,
    measure: &dyn MeasureText,
    marks: &mut Vec<Mark>,
) {
    let (letter, name) = side(&input.labels, index);
    let calls = mix.total.map_or_else(|| " · unknown".to_owned(), |total| format!(" · {}", calls_text(total)));
    let label = side_text(letter, name, &calls, size.width_css_px, measure);
    // By its middle: fonts differ in how far they reach above their letters.
    let y = if index == 0 { TOP_A / 2.0 - 1.0 } else { TOP_B + BAR + 13.0 };
    marks.push(text(label, Point { x: 0.0, y }, LEFT_MIDDLE, Font::LABEL, theme.second));
}

/// A version's bar; its parts have their name and share where there is room.
fn bar(
    mix: &Mix,
    names: &[MixSource],
    colors: &[Color],
    whole: Rect,
    theme: &Theme,
    measure: &dyn MeasureText,
    marks: &mut Vec<Mark>,
) {
    let width = whole.width;
    if mix.total == Some(0) {
        marks.push(Mark::Rect(whole, theme.grid));
    }
    let parts = mix.parts(width);
    for (i, (part, color)) in parts.iter().zip(colors).enumerate().filter(|(_, (part, _))| part.width > 0.0) {
        // A hairline of the card between two parts; what is there stays visible, however small.
        let gap = if part.left + part.width < width - 0.5 { 1.0 } else { 0.0 };
        let left = part.left.min(width - 1.0);
        let drawn = Rect { left, width: (part.width - gap).max(1.0).min(width - left), ..whole };
        marks.push(Mark::Rect(drawn, *color));
        let share = mix.share(i).map(format::percent).unwrap_or_default();
        let name = names.get(i).map_or("", MixSource::label);
        let labels = [format!("{name}\u{200e} {share}"), share];
        let fits = |label: &String| measure.width_css_px(label, Font::LABEL) + 10.0 <= drawn.width;
        if let Some((label, ink)) = labels.into_iter().find(fits).zip(legible_on(*color, theme)) {
            marks.push(text(label, drawn.center(), CENTER_MIDDLE, Font::LABEL, ink));
        }
    }
}

/// Whichever of the theme's inks can be read on a colour; a figure that cannot is in the list.
fn legible_on(color: Color, theme: &Theme) -> Option<Color> {
    [theme.card, theme.ink].into_iter().find(|ink| contrast(*ink, color) >= 4.5)
}

/// The contrast of two colours (WCAG 2.2, "contrast ratio").
fn contrast(a: Color, b: Color) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(color: Color) -> f64 {
    let linear = |byte: u8| {
        let share = f64::from(byte) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
    };
    let (red, green, blue) = color.rgb;
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/// The way of each part from A's bar to B's, with how far its share moved where that fits.
fn ways(
    input: &MixInput<'_>,
    [a, b]: &[Mix; 2],
    colors: &[Color],
    size: Size,
    theme: &Theme,
    measure: &dyn MeasureText,
    marks: &mut Vec<Mark>,
) {
    let (top, bottom) = (TOP_A + BAR + 1.0, TOP_B - 1.0);
    let parts = (a.parts(size.width_css_px), b.parts(size.width_css_px));
    let mut labels = Vec::new();
    for (i, ((from, to), color)) in parts.0.iter().zip(&parts.1).zip(colors).enumerate() {
        let stands_out = input.stands_out == Some(i);
        let corner = |x: f64, y| Point { x: x.min(size.width_css_px), y };
        let outline = vec![
            corner(from.left, top),
            corner(from.left + from.width, top),
            corner(to.left + to.width, bottom),
            corner(to.left, bottom),
        ];
        if from.width + to.width > 0.0 {
            let tint = color.with_alpha(if stands_out { 0.28 } else { 0.1 }).over(theme.card);
            marks.push(Mark::Area(outline, tint));
        }
        let Some(change) = change(a.share(i), b.share(i)).map(format::points) else { continue };
        let (font, ink) = if stands_out { (Font::STRONG, theme.ink) } else { (Font::LABEL, theme.second) };
        let width = f64::midpoint(from.width, to.width);
        if measure.width_css_px(&change, font) + 10.0 <= width {
            let x = f64::midpoint(from.left, to.left) + width / 2.0;
            labels.push(text(change, Point { x, y: f64::midpoint(top, bottom) }, CENTER_MIDDLE, font, ink));
        }
    }
    // A way that leads far to the side passes below its neighbour's label.
    marks.append(&mut labels);
}

fn change(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    Some(b? - a?)
}

/// The sources below the bars, with both shares and their change.
struct List<'a> {
    width: f64,
    /// Right edges of A, B and the change.
    ends: [f64; 3],
    name_room: f64,
    theme: &'a Theme,
    measure: &'a dyn MeasureText,
}

/// A name that has less room says nothing.
const LEAST_NAME_ROOM: f64 = 56.0;
/// Room for a swatch before the name.
const SWATCH: f64 = 20.0;
const HEADS: [&str; 3] = ["A", "B", "B − A"];

impl<'a> List<'a> {
    fn of(room: f64, mixes: &[Mix; 2], theme: &'a Theme, measure: &'a dyn MeasureText) -> Self {
        // So that rows with a tint have a margin on both sides.
        let width = room.min(MOST_LIST_WIDTH);
        let right = width - 6.0;
        let strong = |text: &str| measure.width_css_px(text, Font::STRONG);
        let roomy = (strong("100.0\u{202f}%") + 12.0, strong("−100.0\u{202f}pp") + 12.0);
        let name_room = |(share, change): (f64, f64)| right - change - 2.0 * share - SWATCH - 4.0;
        // On the narrowest screens columns are as wide as what stands in them: a name says more than a margin.
        let columns = if name_room(roomy) < LEAST_NAME_ROOM { narrow(mixes, &strong) } else { roomy };
        let (share, change) = columns;
        let ends = [right - change - share, right - change, right];
        Self { width, ends, name_room: name_room(columns), theme, measure }
    }

    fn head(&self, marks: &mut Vec<Mark>) {
        let y = HEAD - ROW_CSS_PX / 2.0 + 2.0;
        marks.push(text("Source", Point { x: SWATCH, y }, LEFT_MIDDLE, Font::LABEL, self.theme.third));
        for (head, x) in HEADS.into_iter().zip(self.ends) {
            marks.push(text(head, Point { x, y }, RIGHT_MIDDLE, Font::LABEL, self.theme.third));
        }
        let line = Rect { left: 0.0, top: HEAD - 1.0, width: self.width, height: 1.0 };
        marks.push(Mark::Rect(line, self.theme.grid));
    }

    fn row(
        &self,
        source: &MixSource,
        [a, b]: [Option<f64>; 2],
        color: Color,
        stands_out: bool,
        region: Rect,
        marks: &mut Vec<Mark>,
    ) {
        let y = region.center().y;
        let font = if stands_out { Font::STRONG } else { Font::LABEL };
        if stands_out {
            let tint = self.theme.accent.with_alpha(0.1).over(self.theme.card);
            marks.push(Mark::Rect(
                Rect { width: self.width, top: region.top + 1.0, height: ROW_CSS_PX - 1.0, ..region },
                tint,
            ));
        }
        marks.push(Mark::Rect(Rect { left: 6.0, top: y - 5.0, width: 10.0, height: 10.0 }, color));
        // A whole name says more than a bold one; what stands out has its tint, too.
        let fits = |font| self.measure.width_css_px(source.label(), font) <= self.name_room;
        let name_font = if !fits(font) && fits(Font::LABEL) { Font::LABEL } else { font };
        let name = fitted(source.label(), self.name_room, name_font, self.measure);
        self.outstanding_note(&name, stands_out, y, marks);
        marks.push(text(name, Point { x: SWATCH, y }, LEFT_MIDDLE, name_font, self.theme.ink));
        for (figure, x) in [share_text(a), share_text(b), change_text(a, b)].into_iter().zip(self.ends) {
            marks.push(text(figure, Point { x, y }, RIGHT_MIDDLE, font, self.theme.ink));
        }
    }

    /// Says in words which source stands out, where there is room.
    fn outstanding_note(&self, name: &str, stands_out: bool, y: f64, marks: &mut Vec<Mark>) {
        const NOTE: &str = "stands out";
        let taken = self.measure.width_css_px(name, Font::STRONG) + 12.0;
        if stands_out && taken + self.measure.width_css_px(NOTE, Font::LABEL) <= self.name_room {
            let at = Point { x: SWATCH + taken, y };
            marks.push(text(NOTE, at, LEFT_MIDDLE, Font::LABEL, self.theme.second));
        }
    }
}

/// How wide the columns of shares and of their change are at least.
fn narrow(mixes @ [a, b]: &[Mix; 2], width: &impl Fn(&str) -> f64) -> (f64, f64) {
    const GAP: f64 = 5.0;
    let widest = |texts: &mut dyn Iterator<Item = String>| texts.map(|text| width(&text)).fold(width("B"), f64::max);
    let all = 0..a.counts.len();
    let mut shares = all.clone().flat_map(|i| mixes.each_ref().map(|mix| share_text(mix.share(i))));
    let mut changes = all.map(|i| change_text(a.share(i), b.share(i)));
    (widest(&mut shares) + GAP, widest(&mut changes).max(width("B − A")) + GAP)
}

fn share_text(share: Option<f64>) -> String {
    share.map_or_else(|| format::UNKNOWN.to_owned(), format::percent)
}

fn change_text(a: Option<f64>, b: Option<f64>) -> String {
    change(a, b).map_or_else(|| format::UNKNOWN.to_owned(), format::points)
}

fn summary(input: &MixInput<'_>, a: &Mix, b: &Mix) -> String {
    let side = |mix: &Mix| mix.total.map_or_else(|| "an unknown number of calls".to_owned(), calls_text);
    let of = format!("Of {} of A and {} of B", side(a), side(b));
    let moved = input.stands_out.and_then(|i| Some((input.sources.get(i)?, a.share(i)?, b.share(i)?)));
    match moved {
        Some((source, from, to)) => format!(
            "{of}, the share ended by {} stands out: from {} to {}.",
            source.label(),
            format::percent(from),
            format::percent(to)
        ),
        None => format!("{of}, by who ended them."),
    }
}

fn table(input: &MixInput<'_>, a: &Mix, b: &Mix) -> Table {
    let columns = vec![
        Column::text("Source"),
        Column::figure("A"),
        Column::figure("A (%)"),
        Column::figure("B"),
        Column::figure("B (%)"),
        Column::figure("B − A (pp)"),
    ];
    let percent = |share: Option<f64>| Cell::measure(share.map(|share| share * 100.0), 1);
    let row = |(i, source): (usize, &MixSource)| {
        vec![
            Cell::Text(source.label().to_owned()),
            Cell::count(source.a),
            percent(a.share(i)),
            Cell::count(source.b),
            percent(b.share(i)),
            percent(change(a.share(i), b.share(i))),
        ]
    };
    Table { caption: MIX_NAME.to_owned(), columns, rows: input.sources.iter().enumerate().map(row).collect() }
}
