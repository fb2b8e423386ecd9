//! One change of a configuration: where, how, and both its sides.

use callscope_core::diff::{ChangeKind, ConfigChange, Line, Segment, SegmentKind, render, text_changes};
use callscope_core::format;
use leptos::prelude::*;

use crate::piece::{Element, State, button, el, live, several, text};

/// Texts from so many bytes on are shown by what changed in them.
const LONG: usize = 60;
/// So many unchanged lines are shown before and after a change.
const AROUND: usize = 2;
/// So much of an unchanged stretch is shown before and after a change within a line, in characters.
const AROUND_CHARS: usize = 120;
/// So many pieces are shown before the rest is asked for.
const MOST: usize = 300;
/// So much of one value is shown before the rest is asked for, in bytes.
const MOST_BYTES: usize = 4_000;

/// A change as an entry of a list.
pub(crate) fn change_item(change: &ConfigChange) -> Element {
    let kind = change.kind();
    let class = match kind {
        ChangeKind::Added => "pill added",
        ChangeKind::Removed => "pill removed",
        ChangeKind::Changed => "pill",
    };
    let path = el("p").child(el("code").child(change.path.to_string())).child(" ");
    el("li").child(path.child(el("span").class(class).child(kind.label()))).child(sides(change))
}

/// The old and the new value; of long texts what changed between them.
fn sides(change: &ConfigChange) -> AnyView {
    match change.texts() {
        Some((old, new)) if old.len().max(new.len()) >= LONG || old.contains('\n') || new.contains('\n') => {
            texts(old.to_owned(), new.to_owned())
        }
        _ => {
            let side = |tag, value: Option<String>| match value {
                Some(value) => el(tag).child(value_text(value, MOST_BYTES)),
                None => el(tag).class("absent").child("absent"),
            };
            let (old, new) = (change.old.as_ref().map(render), change.new.as_ref().map(render));
            el("div").class("sides").child(side("del", old)).child(side("ins", new)).any()
        }
    }
}

/// A value, cut where it is very long until all of it is asked for.
pub(crate) fn value_text(text: String, most_bytes: usize) -> AnyView {
    if text.len() <= most_bytes {
        return el("code").child(text).any();
    }
    let is_whole = State::new(false);
    live(move || {
        let shown = if is_whole.get() { text.clone() } else { beginning(&text, most_bytes).to_owned() + "…" };
        several(vec![el("code").child(shown).any(), whole_button(is_whole).any()])
    })
}

fn whole_button(is_whole: State<bool>) -> Element {
    button("quiet", move |_| is_whole.update(|whole| *whole = !*whole))
        .child(text(move || if is_whole.get() { "Less" } else { "Whole text" }.to_owned()))
}

/// What changed between two texts, with a little of what did not around it.
fn texts(old: String, new: String) -> AnyView {
    let is_whole = State::new(false);
    let note = blank_note(&old, &new);
    live(move || {
        let diff = text_changes(&old, &new);
        let whole = is_whole.get();
        let (pieces, is_cut) = if diff.is_by_line { by_line(&diff.lines, whole) } else { by_word(&diff.lines, whole) };
        let most = if whole { usize::MAX } else { MOST };
        let left = pieces.len().saturating_sub(most);
        let more = (left > 0).then(|| el("small").child(format!("and {} pieces more", format::count(left as u64))));
        let text = el("pre").class("text").child(pieces.into_iter().take(most).collect::<Vec<_>>());
        let button = (whole || is_cut || left > 0).then(|| whole_button(is_whole));
        let note = note.map(|note| el("small").child(note));
        el("div").class("texts").child(note).child(text).child(more).child(button).any()
    })
}

/// What cannot be seen between two texts that look the same.
fn blank_note(old: &str, new: &str) -> Option<&'static str> {
    fn ink(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|c| !c.is_whitespace())
    }
    if old.lines().eq(new.lines()) {
        return Some("Only the line endings differ.");
    }
    ink(old).eq(ink(new)).then_some("Only white space differs.")
}

/// The lines around changes, and whether others were passed over.
fn by_line(lines: &[Line<'_>], whole: bool) -> (Vec<Element>, bool) {
    let is_changed = |line: &Line<'_>| line.kind() != Some(SegmentKind::Same);
    let (mut pieces, mut is_cut) = (Vec::new(), false);
    // How many unchanged lines in a row were passed over.
    let mut passed = 0_usize;
    for (at, line) in lines.iter().enumerate() {
        let near = lines.get(at.saturating_sub(AROUND)..(at + AROUND + 1).min(lines.len())).unwrap_or_default();
        if whole || near.iter().any(is_changed) {
            pieces.extend(gap(&mut passed));
            pieces.push(line_of(line));
        } else {
            passed += 1;
            is_cut = true;
        }
    }
    pieces.extend(gap(&mut passed));
    (pieces, is_cut)
}

fn gap(passed: &mut usize) -> Option<Element> {
    let count = std::mem::take(passed);
    let noun = if count == 1 { "line" } else { "lines" };
    (count > 0).then(|| el("span").class("gap").child(format!("… {} unchanged {noun}\n", format::count(count as u64))))
}

fn line_of(line: &Line<'_>) -> Element {
    let class = match line.kind() {
        Some(SegmentKind::Removed) => "line removed",
        Some(SegmentKind::Added) => "line added",
        Some(SegmentKind::Same) => "line",
        None => "line both",
    };
    el("span")
        .class(class)
        .child(line.segments.iter().map(|segment| piece(segment.kind, segment.text)).collect::<Vec<_>>())
}

/// The pieces of a line, and whether long ones were shortened.
fn by_word(lines: &[Line<'_>], whole: bool) -> (Vec<Element>, bool) {
    let mut is_cut = false;
    let shown = |segment: &Segment<'_>| match shortened(segment).filter(|_| !whole) {
        Some(short) => {
            is_cut = true;
            el("span").child(short)
        }
        None => piece(segment.kind, segment.text),
    };
    (lines.iter().flat_map(|line| &line.segments).map(shown).collect(), is_cut)
}

/// Both ends of a long piece that did not change; none of any other.
fn shortened(segment: &Segment<'_>) -> Option<String> {
    let text = segment.text;
    text.chars().nth(2 * AROUND_CHARS + 20).filter(|_| segment.kind == SegmentKind::Same)?;
    let start = text.char_indices().nth(AROUND_CHARS).map_or(text.len(), |(at, _)| at);
    let end = text.char_indices().rev().nth(AROUND_CHARS).map_or(0, |(at, _)| at);
    let (first, last) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    Some(format!("{first} … {last}"))
}

fn piece(kind: SegmentKind, text: &str) -> Element {
    let tag = match kind {
        SegmentKind::Same => "span",
        SegmentKind::Removed => "del",
        SegmentKind::Added => "ins",
    };
    el(tag).child(text.to_owned())
}

/// The beginning of a text, of at most so many bytes.
fn beginning(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::blank_note;

    #[test]
    fn differences_that_cannot_be_seen_are_said() {
        assert_eq!(blank_note("one\r\ntwo", "one\ntwo"), Some("Only the line endings differ."));
        assert_eq!(blank_note("one\ntwo", "one\ntwo\n"), Some("Only the line endings differ."));
        assert_eq!(blank_note("one  two", "one two"), Some("Only white space differs."));
        assert_eq!(blank_note("one two", "one 2"), None);
    }
}
