//! The same scene on every backend.

use callscope_charts::{
    ApproximateText, Color, Curve, DifferenceUnit, Font, HorizontalAnchor, HourFigure, IntervalsInput, Mark,
    MeasureText as _, Point, Reading, Scene, Size, Stroke, TargetId, Theme, VerticalAnchor, activity, agents, draw,
    hourly, intervals, mix, outcomes, rates, reasons, sparkline, svg,
};
use callscope_core::period::{Date, DateRange};
use callscope_core::usage::{DayVolume, Release};
use epaint_default_fonts::UBUNTU_LIGHT;
use plotters::backend::BitMapBackend;
use plotters::style::{FontStyle, register_font};
use roxmltree::{Document, Node};

use super::compare::inputs::{differences, may, row, sources};
use super::inputs::{NAMES, Volume, agent, counts, fleet, hours, month, reason, reasons as six_reasons, size};

/// A family that has letters wherever the tests run.
fn with_font(theme: &Theme) -> Theme {
    let family = "callscope-tests";
    assert!(register_font(family, FontStyle::Normal, UBUNTU_LIGHT).is_ok());
    Theme { font_family: family.to_owned(), ..theme.clone() }
}

fn scenes(theme: &Theme) -> Vec<Scene> {
    let month = month();
    let measure = &ApproximateText;
    vec![
        month.chart(size(720, 220), theme, measure),
        hourly(&hours(), HourFigure::Calls, size(720, 220), theme, measure),
        outcomes(Some(counts([26_671, 4_561, 3_827, 546])), size(720, 24), theme),
        agents(&fleet().into(), size(720, 8 * 36), theme, measure),
        reasons(&six_reasons(), size(720, 6 * 40), theme, measure),
        sparkline(&[Some(3.0), Some(9.0), None, Some(4.0), Some(5.0)], size(70, 24), theme),
        intervals(
            &IntervalsInput { rows: &differences(), unit: DifferenceUnit::Points },
            size(720, 290),
            theme,
            measure,
        ),
        mix(&sources().input(), size(720, 220), theme, measure),
        rates(&may().rates(), size(720, 220), theme, measure),
        activity(&may().activity(), size(720, 112), theme, measure),
    ]
}

/// A picture of pixels, three bytes each.
struct Bitmap {
    width: u32,
    pixels: Vec<u8>,
}

impl Bitmap {
    fn of<'m>(marks: impl IntoIterator<Item = &'m Mark>, size: Size, theme: &Theme, scale: f64) -> Self {
        let (width, height) = ((size.width_css_px * scale) as u32, (size.height_css_px * scale) as u32);
        let mut pixels = Self::blank(width, height, theme);
        let mut backend = BitMapBackend::with_buffer(&mut pixels, (width, height));
        draw(&mut backend, marks, theme, scale).unwrap();
        drop(backend);
        Self { width, pixels }
    }

    fn blank(width: u32, height: u32, theme: &Theme) -> Vec<u8> {
        let (red, green, blue) = theme.card.rgb;
        [red, green, blue].repeat((width * height) as usize)
    }

    fn at(&self, x: u32, y: u32) -> (u8, u8, u8) {
        let i = 3 * (y * self.width + x) as usize;
        (self.pixels[i], self.pixels[i + 1], self.pixels[i + 2])
    }

    /// How many pixels are not of the card's colour.
    fn inked(&self, theme: &Theme) -> usize {
        let (red, green, blue) = theme.card.rgb;
        self.pixels.chunks(3).filter(|pixel| *pixel != [red, green, blue]).count()
    }
}

#[test]
fn every_chart_leaves_ink_on_a_bitmap() {
    for theme in [Theme::light(), Theme::dark()].map(|theme| with_font(&theme)) {
        for scene in scenes(&theme) {
            for scale in [1.0, 2.0, 3.0] {
                let bitmap = Bitmap::of(&scene.marks, scene.size, &theme, scale);
                let (inked, all) = (bitmap.inked(&theme), bitmap.pixels.len() / 3);
                assert!(inked > all / 100 && inked < all, "{}: {inked} of {all} pixels", scene.name);
            }
        }
    }
}

/// The pixels that are not of the card's colour, by column, from top to bottom.
fn inked_columns(bitmap: &Bitmap, theme: &Theme, height: u32) -> Vec<Vec<u32>> {
    let is_inked = |x, y: &u32| bitmap.at(x, *y) != theme.card.rgb;
    (0..bitmap.width).map(|x| (0..height).filter(|y| is_inked(x, y)).collect()).collect()
}

/// Where more days than pixels are drawn, the columns of pixels are those that the line through all days has.
#[test]
fn crowded_days_cover_what_the_line_through_them_covers() {
    let theme = Theme { accent: Color::hex(0), ..Theme::light() };
    let noise = |i: i32| Some(500 + u64::from((i * 7_919 % 431).unsigned_abs()) + if i % 700 < 9 { 400 } else { 0 });
    for (days, scale) in [(3_660, 1.0), (3_660, 2.0), (20_000, 1.0), (20_000, 2.0)] {
        let mut of = Volume::of(Date::constant(1990, 3, 1), 30, |_| (None, None));
        of.range = DateRange::of_days(of.range.first(), days as usize);
        let unknown = |i: i32| (900..1_000).contains(&(i % 1_500));
        let calls = |i| noise(i).filter(|_| !unknown(i));
        let day = |(i, date)| DayVolume { date, calls: calls(i), resolved: None };
        of.days = (0..).zip(of.range.days()).map(day).collect();
        let scene = of.chart(size(720, 220), &theme, &ApproximateText);
        let curve = scene.marks.iter().find_map(|mark| match mark {
            Mark::Curve(curve, stroke) if stroke.color == theme.accent => Some((curve, stroke)),
            _ => None,
        });
        let (curve, stroke) = curve.unwrap();
        let drawn = Bitmap::of([&Mark::Curve(curve.clone(), *stroke)], scene.size, &theme, scale);
        // A hairline: the corners of wider ones are drawn as tips that reach far.
        let hairline = Stroke::solid(stroke.color, 1.0 / scale);
        let lines: Vec<Mark> = curve.runs().map(|run| Mark::Line(run, hairline)).collect();
        let whole = Bitmap::of(&lines, scene.size, &theme, scale);
        let height = (220.0 * scale) as u32;
        let ends = |of: &Bitmap| -> Vec<Option<(u32, u32)>> {
            let columns = inked_columns(of, &theme, height).into_iter();
            columns.map(|column| column.first().copied().zip(column.last().copied())).collect()
        };
        let (own, other) = (ends(&drawn), ends(&whole));
        // A stroke is wider than a column, and its points lie between two: what one covers, neighbours of the other do.
        for (these, those) in [(&own, &other), (&other, &own)] {
            for x in 4..own.len() - 4 {
                let Some((top, bottom)) = these[x] else { continue };
                let around = || those[x - 4..=x + 4].iter().flatten();
                let covered = around().any(|of| of.0 <= top + 3) && around().any(|of| of.1 + 3 >= bottom);
                assert!(covered, "{days} days at {scale}×, {x}: {top}–{bottom} is in one of them only");
            }
        }
        let filled = own.iter().flatten().count() as f64;
        let gaps = (0..days).filter(|i| unknown(*i)).count() as f64 / f64::from(days);
        let share = filled / (scene.plot.width * scale);
        assert!((share - (1.0 - gaps)).abs() < 0.05, "{days} days at {scale}×: {share} filled, {gaps} unknown");
    }
}

#[test]
fn parts_have_their_colour_where_they_can_be_pointed_at() {
    let theme = Theme::dark();
    let scene = outcomes(Some(counts([500, 250, 125, 125])), size(720, 24), &theme);
    for scale in [1.0, 2.0] {
        let bitmap = Bitmap::of(&scene.marks, scene.size, &theme, scale);
        for target in scene.targets.iter() {
            let TargetId::Outcome(outcome) = target.id else { panic!("{:?}", target.id) };
            let center = target.region.center();
            let pixel = bitmap.at((center.x * scale) as u32, (center.y * scale) as u32);
            assert_eq!(pixel, theme.outcome(outcome).rgb, "{outcome:?}");
        }
    }
}

#[test]
fn texts_leave_ink_where_they_stand() {
    let theme = with_font(&Theme::light());
    let scene = agents(&fleet().into(), size(400, 8 * 36), &theme, &ApproximateText);
    let texts: Vec<_> = scene.marks.iter().filter(|mark| matches!(mark, Mark::Text { .. })).collect();
    assert_eq!(texts.len(), 16);
    for mark in texts {
        let Mark::Text { at, .. } = mark else { continue };
        let bitmap = Bitmap::of([mark], scene.size, &theme, 1.0);
        let rows = bitmap.pixels.chunks(3 * 400).enumerate();
        let inked: Vec<_> =
            rows.filter(|(_, row)| row.iter().any(|byte| *byte < 0xf0)).map(|(y, _)| y as f64).collect();
        let (Some(first), Some(last)) = (inked.first(), inked.last()) else { panic!("no ink of {mark:?}") };
        assert!(*first >= at.y - 12.0 && *last <= at.y + 12.0, "rows {first} to {last} for {mark:?}");
    }
}

#[test]
fn a_missing_font_is_an_error_and_no_panic() {
    let theme = Theme { font_family: "registered nowhere".to_owned(), ..Theme::light() };
    let scene = &scenes(&theme)[0];
    let mut pixels = Bitmap::blank(720, 220, &theme);
    let mut backend = BitMapBackend::with_buffer(&mut pixels, (720, 220));
    assert!(draw(&mut backend, &scene.marks, &theme, 1.0).is_err());
}

fn named<'a>(document: &'a Document<'a>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(move |node| node.has_tag_name(("http://www.w3.org/2000/svg", name)))
}

fn number(node: Node<'_, '_>, attribute: &str) -> f64 {
    node.attribute(attribute).unwrap().parse().unwrap()
}

/// What the document says is in it is what the scene has.
#[test]
fn a_document_has_every_mark() {
    for theme in [Theme::light(), Theme::dark()] {
        for scene in scenes(&theme) {
            let text = svg(&scene, &theme);
            let document = Document::parse(&text).unwrap();
            let count = |matching: fn(&Mark) -> bool| scene.marks.iter().filter(|mark| matching(mark)).count();
            let drawn = |mark: &Mark| matches!(mark, Mark::Rect(rect, _) if rect.width > 0.0 && rect.height > 0.0);
            assert_eq!(named(&document, "rect").count(), 1 + count(drawn), "{}", scene.name);
            let runs = |matching: fn(&Mark) -> Option<&Curve>| {
                scene.marks.iter().filter_map(matching).flat_map(|curve| curve.runs().map(|run| run.len()))
            };
            let curves = || runs(|mark| if let Mark::Curve(curve, _) = mark { Some(curve) } else { None });
            let under = runs(|mark| if let Mark::Under(curve, ..) = mark { Some(curve) } else { None });
            let discs = count(|mark| matches!(mark, Mark::Disc(..))) + curves().filter(|run| *run == 1).count();
            let lines = count(|mark| matches!(mark, Mark::Line(..))) + curves().filter(|run| *run > 1).count();
            assert_eq!(named(&document, "circle").count(), discs);
            assert_eq!(
                named(&document, "polygon").count(),
                count(|mark| matches!(mark, Mark::Area(..))) + under.count()
            );
            assert!(named(&document, "polyline").count() >= lines);
            check_texts(&scene, &document);
            let root = document.root_element();
            assert!((number(root, "width") - scene.size.width_css_px).abs() < 1e-9);
            let view = format!("0 0 {} {}", scene.size.width_css_px * 10.0, scene.size.height_css_px * 10.0);
            assert_eq!(root.attribute("viewBox"), Some(view.as_str()));
            assert_eq!(named(&document, "title").next().unwrap().text().unwrap_or_default(), scene.name);
            assert_eq!(named(&document, "desc").next().unwrap().text().unwrap_or_default(), scene.summary);
        }
    }
}

#[track_caller]
fn check_texts(scene: &Scene, document: &Document<'_>) {
    let mut nodes = named(document, "text");
    for mark in &scene.marks {
        let Mark::Text { text, at, anchor, color, .. } = mark else { continue };
        let node = nodes.next().unwrap();
        assert_eq!(legible(node.text().unwrap_or_default()), legible(text));
        assert!((number(node, "x") - at.x * 10.0).abs() <= 0.5 && (number(node, "y") - at.y * 10.0).abs() <= 0.5);
        let side = match anchor.0 {
            HorizontalAnchor::Left => "start",
            HorizontalAnchor::Center => "middle",
            HorizontalAnchor::Right => "end",
        };
        assert_eq!(node.attribute("text-anchor"), Some(side));
        let (red, green, blue) = color.rgb;
        assert_eq!(node.attribute("fill"), Some(format!("#{red:02X}{green:02X}{blue:02X}").as_str()));
    }
    assert!(nodes.next().is_none());
}

/// Texts are as large in a document as they were measured, so that they end where they were meant to.
#[test]
fn texts_of_a_document_have_the_size_that_was_measured() {
    let theme = Theme::light();
    for scene in scenes(&theme) {
        let text = svg(&scene, &theme);
        let document = Document::parse(&text).unwrap();
        let sizes = scene.marks.iter().filter_map(|mark| match mark {
            Mark::Text { font, .. } => Some(font.size_css_px),
            _ => None,
        });
        for (node, expected) in named(&document, "text").zip(sizes) {
            let size = number(node, "font-size") / 10.0;
            assert!((size - expected).abs() < 0.05, "'{}' is {size} px, not {expected}", node.text().unwrap().trim());
        }
    }
}

/// What is left of a text where nobody sees the rest: neither control characters nor those that turn
/// the direction of writing.
fn legible(text: &str) -> String {
    let blank = |c: char| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c };
    let turns = |c: &char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(blank).filter(|c| !turns(c)).collect::<String>().trim().to_owned()
}

/// Whatever a name holds, it is text, and the document can be read.
#[test]
fn hostile_names_are_text() {
    const ELEMENTS: [&str; 9] = ["svg", "title", "desc", "rect", "polyline", "polygon", "circle", "text", "line"];
    let theme = Theme { font_family: "x' onload=\"alert(1)\" <b>&".to_owned(), ..Theme::light() };
    let mut hostile: Vec<String> = NAMES.map(str::to_owned).to_vec();
    hostile.extend((0_u8..=0x20).map(|control| format!("a{}b", char::from(control))));
    hostile.extend(
        ["]]>", "<!--", "-->", "<![CDATA[", "&#0;", "&amp;", "<?xml?>", "\u{7f}\u{85}\u{9f}"].map(str::to_owned),
    );
    for name in &hostile {
        let mut month = month();
        month.releases = vec![Release {
            date: month.range.first(),
            agent_name: name.clone(),
            label: name.chars().take(8).collect(),
        }];
        let rows = [row(name, Some(0.1), None, Reading::Unclear)];
        let mut runs = may();
        runs.labels = [name.clone(), name.clone()];
        let mut mixed = sources();
        mixed.labels.clone_from(&runs.labels);
        mixed.sources[1].name.clone_from(name);
        let scenes = [
            month.chart(size(2400, 220), &theme, &ApproximateText),
            agents(&[agent(name, [4, 3, 2, 1])].into(), size(2400, 36), &theme, &ApproximateText),
            reasons(&[reason(name, Some(3), Some(60.0))], size(2400, 40), &theme, &ApproximateText),
            Scene { name: name.clone(), ..outcomes(Some(counts([1; 4])), size(2400, 24), &theme) },
            intervals(
                &IntervalsInput { rows: &rows, unit: DifferenceUnit::Points },
                size(2400, 90),
                &theme,
                &ApproximateText,
            ),
            // In these the names are parts of longer texts, or cut.
            mix(&mixed.input(), size(2400, 220), &theme, &ApproximateText),
            rates(&runs.rates(), size(2400, 220), &theme, &ApproximateText),
            activity(&runs.activity(), size(2400, 112), &theme, &ApproximateText),
        ];
        for (i, scene) in scenes.iter().enumerate() {
            let text = svg(scene, &theme);
            let document = Document::parse(&text).unwrap_or_else(|error| panic!("{name:?}: {error}"));
            for node in document.descendants().filter(Node::is_element) {
                assert!(ELEMENTS.contains(&node.tag_name().name()), "{name:?} brought in {node:?}");
                let unsafe_attribute = |attribute: &str| attribute.starts_with("on") || attribute.ends_with("href");
                assert!(!node.attributes().any(|attribute| unsafe_attribute(attribute.name())), "{node:?}");
            }
            let shown = named(&document, "text").chain(named(&document, "title")).filter_map(|node| node.text());
            let expected = if i == 0 { legible(&name.chars().take(8).collect::<String>()) } else { legible(name) };
            let found = shown.map(legible).any(|text| text == expected);
            assert!(found || expected.is_empty() || i > 4, "{expected:?} is missing from scene {i}");
        }
    }
}

/// What the layout takes for the width of a text is not less than what a common face needs.
#[test]
fn approximate_widths_are_near_those_of_a_font() {
    let theme = with_font(&Theme::light());
    for text in ["1,312", "29 Mar", "Claims intake", "Previous", "v13 shorter greeting", "09:00"] {
        let font = Font { size_css_px: 48.0, ..Font::LABEL };
        let mark = Mark::Text {
            text: text.to_owned(),
            at: Point { x: 10.0, y: 50.0 },
            anchor: (HorizontalAnchor::Left, VerticalAnchor::Middle),
            font,
            color: theme.ink,
        };
        let bitmap = Bitmap::of([&mark], size(1000, 100), &theme, 1.0);
        let columns = (0..1000).filter(|x| (0..100).any(|y| bitmap.at(*x, y).0 < 0x80));
        let width = columns.max().map_or(0.0, |right| f64::from(right) - 10.0);
        let approximate = ApproximateText.width_css_px(text, font);
        assert!((0.7..1.35).contains(&(approximate / width)), "'{text}': {approximate:.0} for {width:.0}");
    }
}
