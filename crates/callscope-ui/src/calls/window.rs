//! The table of all calls that match, of whose rows those are made that are looked at.

use std::ops::Range;
use std::time::Duration;

use leptos::prelude::*;
use web_sys::{FocusOptions, HtmlElement};

use super::all::Loading;
use super::answers::Answers;
use super::list::{call_row, headings, opener};
use crate::browser::{measure_in, on_resize, style_of};
use crate::piece::{Element, Spot, State, effect, el, live, nothing, numbered, several};
use crate::stacked::stacked;

/// How high a row is where texts are as large as usual, and so many of them are looked at; the style sheet says the
/// same, and more for a phone, where a call has two lines.
const ROW_PX: f64 = 36.0;
const ROWS_SEEN: usize = 12;
/// Rows that are there before the first that is seen: none is blank at an ordinary pace.
const ROWS_BEFORE: usize = 6;
const ROWS_MADE: usize = ROWS_SEEN + 2 * ROWS_BEFORE;
/// No browser lays out what is higher than its own limit, which counts the pixels of the screen: Chromium's 33 million are
/// eight where each pixel of the page has four a side. Where all rows are higher, each stands for less of the way than
/// it is high, and a turn of the wheel or a page goes over more of them.
const MOST_PX: f64 = 8_000_000.0;

/// As far as one scrolls from a row to the next where there are so many, in pixels of the page.
fn pitch(rows: usize, row_px: f64) -> f64 {
    row_px.min(most_pitch(rows))
}

fn most_pitch(rows: usize) -> f64 {
    MOST_PX / rows.max(1) as f64
}

/// The first row that is made where one has scrolled so far.
fn first_made(rows: usize, scrolled_px: f64, row_px: f64) -> usize {
    let first_seen = (scrolled_px / pitch(rows, row_px)) as usize;
    first_seen.saturating_sub(ROWS_BEFORE).min(rows.saturating_sub(ROWS_MADE))
}

/// The rows that are seen whole below the heads of the columns, of those that are made from a first one on.
fn seen_whole(rows: usize, first: usize, scrolled_px: f64, row_px: f64, room_px: f64) -> Range<usize> {
    // Where the way is shorter than the rows are high, they stand lower than they are scrolled to.
    let above = (scrolled_px - first as f64 * pitch(rows, row_px)) / row_px;
    // What is cut by less than a pixel is seen whole.
    let slack = 1.0 / row_px;
    let start = first + (above - slack).ceil().max(0.0) as usize;
    let end = first + (above + room_px / row_px + slack).floor().max(0.0) as usize;
    start..end.max(start)
}

/// The rows that can be seen, and room for the others.
#[derive(Clone, Copy)]
struct Window {
    loading: Loading,
    frame: Spot<HtmlElement>,
    /// The first row that is made.
    first: State<usize>,
    /// The rows that the tab key goes to: those that are seen. Through all of them nobody would find the way out again.
    reached: State<Range<usize>>,
    seen: StoredValue<Seen>,
}

/// Where one has scrolled to.
#[derive(Clone, Copy)]
struct Seen {
    /// The way in rows. Where there are so many that the way is shorter, the row at the upper edge is another one by some.
    rows: f64,
    /// The same in pixels, as the frame says it.
    px: i32,
    /// In which it was scrolled.
    pitch: f64,
    row_px: f64,
}

impl Seen {
    /// The way in rows where the frame says something else now. Of rows of another height the browser may have cut the way
    /// short by itself: that is nobody's scrolling.
    fn moved_to(self, px: i32, row_px: f64) -> f64 {
        let is_scrolled = px != self.px && row_px.to_bits() == self.row_px.to_bits();
        if is_scrolled { f64::from(px) / self.pitch } else { self.rows }
    }
}

impl Window {
    fn new(loading: Loading) -> Self {
        let (first, reached) = (State::new(0), State::new(0..ROWS_SEEN));
        Self {
            loading,
            frame: Spot::new(),
            first,
            reached,
            seen: StoredValue::new(Seen { rows: 0.0, px: 0, pitch: ROW_PX, row_px: ROW_PX }),
        }
    }

    fn count(self) -> usize {
        self.loading.calls.with_value(|calls| calls.calls().len())
    }

    /// The frame where it can be scrolled: not where it is hidden, or gone.
    fn shown(self) -> Option<HtmlElement> {
        self.frame.get_untracked().filter(|frame| frame.client_width() > 0)
    }

    /// Takes in where one has scrolled to.
    fn look(self) {
        if let (Some(seen), Some(frame)) = (self.seen.try_get_value(), self.shown()) {
            self.stand(&frame, seen.moved_to(frame.scroll_top(), row_px(&frame)));
        }
    }

    /// Scrolls to the row that was seen.
    fn return_to_seen(self) {
        if let (Some(seen), Some(frame)) = (self.seen.try_get_value(), self.shown()) {
            self.stand(&frame, seen.rows);
        }
    }

    /// Stands at a place on the way, and makes the rows there.
    fn stand(self, frame: &HtmlElement, rows_before: f64) {
        let (rows, row_px) = (self.count(), row_px(frame));
        let pitch = pitch(rows, row_px);
        let to_px = (rows_before * pitch).round() as i32;
        // One who is scrolling goes on; of a part of a pixel it is told less than there is.
        if (frame.scroll_top() - to_px).abs() > 1 {
            frame.set_scroll_top(to_px);
        }
        let px = frame.scroll_top();
        self.seen.set_value(Seen { rows: rows_before, px, pitch, row_px });
        let (scrolled_px, first) = (f64::from(px), first_made(rows, f64::from(px), row_px));
        // The heads of the columns stay where they are.
        let head_px = frame.query_selector("thead").ok().flatten().map_or(0.0, |head| height_px(&head));
        let room_px = height_px(frame) - head_px;
        let reached = seen_whole(rows, first, scrolled_px, row_px, room_px);
        keep_focus(frame, first..first + ROWS_MADE);
        if self.first.get_untracked() != first {
            self.first.set(first);
        }
        if self.reached.get_untracked() != reached {
            self.reached.set(reached);
        }
    }

    /// Returns to the row that was seen whenever rows get another place.
    fn keep_seen(self) {
        let return_soon = move || set_timeout(move || self.return_to_seen(), Duration::ZERO);
        // What is hidden forgets how far it was scrolled.
        effect(move || {
            if !self.loading.input.is_hidden.get() {
                return_soon();
            }
        });
        // The way to a row becomes shorter as rows get more, where there are very many.
        effect(move || {
            let rows = self.loading.progress.with(|progress| progress.loaded) as usize;
            if self.frame.get_untracked().is_some_and(|frame| most_pitch(rows) < row_px(&frame)) {
                return_soon();
            }
        });
        // Rows are of another height on a phone that is turned, and with texts of another size.
        effect(move || {
            if let Some(frame) = self.frame.get() {
                on_resize(&frame, move || self.return_to_seen());
            }
        });
    }

    /// How many rows there are, and which of them are made.
    fn made(self) -> (usize, Range<usize>) {
        let rows = self.loading.progress.with(|progress| progress.loaded) as usize;
        let first = self.first.get().min(rows.saturating_sub(1));
        (rows, first..(first + ROWS_MADE).min(rows))
    }

    fn row(self, answers: &Answers, number: usize) -> AnyView {
        let list = self.loading.input.list;
        let reach = move || if self.reached.with(|reached| reached.contains(&number)) { "0" } else { "-1" };
        self.loading.calls.with_value(|calls| {
            let Some(call) = calls.calls().get(number) else { return nothing() };
            let opener = opener(answers, call, list).live_attr("tabindex", move || reach().to_owned());
            call_row(answers, call, list, opener).attr(ROW_INDEX, (number + 2).to_string()).any()
        })
    }

    /// As much room as the rows take that are not made.
    fn room(self, rows_of: fn(usize, Range<usize>) -> usize) -> Element {
        let height = move || {
            let (rows, made) = self.made();
            format!("calc({} * min(var(--c-row), {}px))", rows_of(rows, made), most_pitch(rows))
        };
        el("tr").attr("aria-hidden", "true").child(el("td").style("height", height))
    }
}

/// Which row of the table it is, of which not all are made: the heads of the columns are the first.
const ROW_INDEX: &str = "aria-rowindex";

fn row_px(frame: &HtmlElement) -> f64 {
    style_of(frame).as_ref().and_then(measure_in).unwrap_or(ROW_PX)
}

/// How high an element is, as its style says it.
fn height_px(element: &web_sys::Element) -> f64 {
    let height = style_of(element).and_then(|style| style.get_property_value("height").ok());
    height.map(|height| js_sys::parse_float(&height)).filter(|height| height.is_finite()).unwrap_or(0.0)
}

/// Has the frame take the focus over from a row that will be made no longer.
fn keep_focus(frame: &HtmlElement, made: Range<usize>) {
    let row = frame.query_selector("tr:focus-within").ok().flatten();
    let number = row.and_then(|row| row.get_attribute(ROW_INDEX)?.parse::<usize>().ok());
    if number.is_some_and(|number| !made.contains(&number.saturating_sub(2))) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        frame.focus_with_options(&options).ok();
    }
}

/// The calls as a table in a frame of its own, of whose rows those are made that are looked at.
pub(super) fn window(loading: Loading) -> AnyView {
    let window = Window::new(loading);
    window.keep_seen();
    // Names that come later, and numbers that are opened, have all rows made anew.
    let made = live(move || {
        if let Some(frame) = window.frame.get_untracked() {
            keep_focus(&frame, 0..0);
        }
        loading.input.list.given.are_numbers_open.track();
        let answers = loading.answers();
        numbered(move || window.made().1, move |number| window.row(&answers, number))
    });
    let rows =
        several(vec![window.room(|_, made| made.start).any(), made, window.room(|rows, made| rows - made.end).any()]);
    let columns = headings().into_iter().map(|column| column.attr(ROW_INDEX, "1")).collect();
    let table = stacked("agents calls lined windowed", None, columns, rows)
        .live_attr("aria-rowcount", move || (loading.progress.with(|of| of.loaded) + 1).to_string());
    el("div")
        .class("scroll window")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", "All matching calls, table")
        .node_ref(window.frame)
        .on("scroll", move |_| window.look())
        .child(table)
        .any()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As high as all is that is laid out, and what of it is seen at the end.
    fn end(rows: usize, row_px: f64, window_px: f64) -> f64 {
        let made = rows.min(ROWS_MADE);
        (rows - made) as f64 * pitch(rows, row_px) + made as f64 * row_px - window_px
    }

    #[test]
    fn rows_are_made_where_one_looks() {
        assert_eq!(first_made(100_000, 0.0, 36.0), 0);
        // The first that is seen is the eleventh: six before it are made.
        assert_eq!(first_made(100_000, 360.0, 36.0), 4);
        // Rows of 90 pixels, of which 80 go on the way to each where there are so many.
        assert_eq!((first_made(10_000, 18_000.0, 90.0), first_made(100_000, 18_000.0, 90.0)), (194, 219));
        assert_eq!((first_made(0, 0.0, 36.0), first_made(5, 500.0, 36.0)), (0, 0));
    }

    #[test]
    fn what_the_browser_cuts_short_is_not_scrolled() {
        let seen = Seen { rows: 7000.0, px: 406_000, pitch: 58.0, row_px: 58.0 };
        assert_eq!((seen.moved_to(406_000, 58.0), seen.moved_to(406_580, 58.0)), (7000.0, 7010.0));
        // A phone is turned, and all rows together are lower than one had scrolled.
        assert_eq!((seen.moved_to(406_000, 36.0), seen.moved_to(360_000, 36.0)), (7000.0, 7000.0));
        // More rows have come: what was scrolled before is told in the way as it was.
        let seen = Seen { rows: 200_000.0, px: 5_333_333, pitch: pitch(300_000, 36.0), row_px: 36.0 };
        assert!((seen.moved_to(5_333_360, 36.0) - 200_001.0).abs() < 0.1);
    }

    #[test]
    fn the_tab_key_goes_to_what_is_seen_whole() {
        // Eleven rows of 36 pixels below the heads.
        assert_eq!(seen_whole(1000, 0, 0.0, 36.0, 396.0), 0..11);
        assert_eq!(seen_whole(1000, 4, 360.0, 36.0, 396.0), 10..21);
        // Half a row further: one is cut above, one below.
        assert_eq!(seen_whole(1000, 4, 378.0, 36.0, 396.0), 11..21);
        // Eight pixels of the way for each of a million: what is made begins 52 pixels above, a row and a half.
        let first = first_made(1_000_000, 8_060.0, 36.0);
        assert_eq!((first, seen_whole(1_000_000, first, 8_060.0, 36.0, 396.0)), (1001, 1003..1013));
        // A frame that is lower than a row shows none whole.
        assert_eq!(seen_whole(1000, 0, 10.0, 36.0, 20.0), 1..1);
    }

    #[test]
    fn the_last_of_a_million_can_be_reached() {
        for rows in [1, 30, 100_000, 472_222, 472_223, 1_000_000, 5_000_000] {
            for row_px in [36.0, 58.0, 90.0] {
                let height = rows as f64 * pitch(rows, row_px);
                assert!(height <= MOST_PX, "{rows} rows are {height} pixels");
                let last = first_made(rows, end(rows, row_px, 432.0).max(0.0), row_px) + ROWS_MADE;
                assert!(last >= rows, "of {rows} rows {last} are reached");
            }
        }
    }
}
