//! What changed between two texts, so that a person sees it.
//!
//! Texts of several lines are compared by line, and lines that were replaced by word; a text of one
//! line is compared by word, and where it is very long, first by clause. What two texts share by
//! chance, a few words between long changes, is not shown as shared: it would be confetti.

mod align;
mod edit;
mod tokens;

/// On which side a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// On both.
    Same,
    /// On the old side only.
    Removed,
    /// On the new side only.
    Added,
}

/// A piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'t> {
    /// On which side it is.
    pub kind: SegmentKind,
    /// The piece, never empty.
    pub text: &'t str,
}

/// What belongs on one line. A break of lines is in the last piece, where there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line<'t> {
    /// The pieces, in order.
    pub segments: Vec<Segment<'t>>,
}

impl Line<'_> {
    /// The side that the whole line is on; none where its pieces are on different ones.
    pub fn kind(&self) -> Option<SegmentKind> {
        let first = self.segments.first()?.kind;
        self.segments.iter().all(|segment| segment.kind == first).then_some(first)
    }
}

/// What changed between two texts.
///
/// All same and removed pieces in a row are the old text, all same and added ones the new text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextDiff<'t> {
    /// Whether the texts have several lines. If not, all is in one line.
    pub is_by_line: bool,
    /// The lines, in order.
    pub lines: Vec<Line<'t>>,
}

impl<'t> TextDiff<'t> {
    /// All pieces in order.
    pub fn segments(&self) -> impl Iterator<Item = &Segment<'t>> {
        self.lines.iter().flat_map(|line| &line.segments)
    }

    fn push(&mut self, kind: SegmentKind, text: &'t str) {
        for text in text.split_inclusive('\n') {
            let is_begun = |line: &&mut Line| line.segments.last().is_some_and(|last| !last.text.ends_with('\n'));
            match self.lines.last_mut().filter(is_begun) {
                Some(line) => line.segments.push(Segment { kind, text }),
                None => self.lines.push(Line { segments: vec![Segment { kind, text }] }),
            }
        }
    }
}

/// What changed from an old text to a new one.
///
/// The time is bounded by the length of the texts: in stretches that are large and differ much, what
/// they share by chance is not searched for, and they are said to be replaced.
pub fn text_changes<'t>(old: &'t str, new: &'t str) -> TextDiff<'t> {
    let is_by_line = old.contains('\n') || new.contains('\n');
    let mut diff = TextDiff { is_by_line, lines: Vec::new() };
    let mut done = 0;
    for edit in edit::edits(old, new, is_by_line) {
        diff.push(SegmentKind::Same, old.get(done..edit.old.start).unwrap_or_default());
        done = edit.old.end;
        diff.push(SegmentKind::Removed, old.get(edit.old).unwrap_or_default());
        diff.push(SegmentKind::Added, new.get(edit.new).unwrap_or_default());
    }
    diff.push(SegmentKind::Same, old.get(done..).unwrap_or_default());
    diff
}
