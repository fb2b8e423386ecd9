//! Replaced stretches of text, made readable.

use std::ops::Range;

use super::align::{Effort, align};
use super::tokens::Tokens;

/// A stretch of the old text, in bytes, and what stands in its place in the new one.
#[derive(Clone)]
pub(super) struct Edit {
    pub(super) old: Range<usize>,
    pub(super) new: Range<usize>,
}

/// Two stretches of the texts that are compared.
struct Stretch<'t> {
    /// Where they are.
    at: Edit,
    old: &'t str,
    new: &'t str,
}

impl<'t> Stretch<'t> {
    fn new(old: &'t str, new: &'t str, at: Edit) -> Self {
        Self { old: part(old, &at.old), new: part(new, &at.new), at }
    }

    /// The edits of words, unless there are too many words to compare.
    fn by_word(&self, effort: &mut Effort) -> Option<Vec<Edit>> {
        let (old_words, new_words) = (Tokens::words(self.old), Tokens::words(self.new));
        let hunks = align(&old_words, &new_words, effort)?;
        let edits =
            hunks.into_iter().map(|hunk| Edit { old: old_words.bytes(hunk.before), new: new_words.bytes(hunk.after) });
        let edits = joined(self.old, self.new, edits);
        if is_mostly_other(self.old, self.new, &edits) {
            return Some(vec![self.at.clone()]);
        }
        let shift = |range: Range<usize>, by: usize| range.start + by..range.end + by;
        let moved =
            |edit: Edit| Edit { old: shift(edit.old, self.at.old.start), new: shift(edit.new, self.at.new.start) };
        Some(edits.into_iter().map(moved).collect())
    }
}

/// The edits from one text to another.
pub(super) fn edits(old: &str, new: &str, is_by_line: bool) -> Vec<Edit> {
    let mut effort = Effort::default();
    let all = Stretch::new(old, new, Edit { old: 0..old.len(), new: 0..new.len() });
    if is_by_line {
        return by_part(&all, Tokens::lines, &mut effort);
    }
    all.by_word(&mut effort).unwrap_or_else(|| by_part(&all, Tokens::clauses, &mut effort))
}

/// The edits of lines or clauses, and within those of words.
fn by_part<'t>(all: &Stretch<'t>, cut: fn(&'t str) -> Tokens<'t>, effort: &mut Effort) -> Vec<Edit> {
    let (old_parts, new_parts) = (cut(all.old), cut(all.new));
    let Some(hunks) = align(&old_parts, &new_parts, effort) else { return vec![all.at.clone()] };
    let stretch = |before: Range<u32>, after: Range<u32>| {
        Stretch::new(all.old, all.new, Edit { old: old_parts.bytes(before), new: new_parts.bytes(after) })
    };
    let mut edits = Vec::new();
    for hunk in hunks {
        let whole = stretch(hunk.before.clone(), hunk.after.clone());
        match whole.by_word(effort) {
            Some(found) => edits.extend(found),
            // A name that was replaced in every line of a long text.
            None if hunk.before.len() == hunk.after.len() => {
                for (before, after) in hunk.before.zip(hunk.after) {
                    let pair = stretch(before..before + 1, after..after + 1);
                    edits.extend(pair.by_word(effort).unwrap_or_else(|| vec![pair.at]));
                }
            }
            None => edits.push(whole.at),
        }
    }
    edits
}

/// Joins edits with less than half of either between them: that is shared by chance, or too short to
/// be read on its own.
fn joined(old: &str, new: &str, edits: impl Iterator<Item = Edit>) -> Vec<Edit> {
    // Each with its weight, and with that of what is shared before it.
    let mut kept: Vec<(Edit, usize, usize)> = Vec::new();
    let mut done = 0;
    for mut edit in edits {
        let shared = part(old, &(done..edit.old.start));
        done = edit.old.end;
        let mut size = weight(part(old, &edit.old)).max(weight(part(new, &edit.new)));
        // Lines that both texts have stay lines.
        let mut before = if shared.contains('\n') { usize::MAX } else { weight(shared) };
        while let Some((last, last_size, last_before)) = kept.pop_if(|last| before < last.1.min(size).div_ceil(2)) {
            edit = Edit { old: last.old.start..edit.old.end, new: last.new.start..edit.new.end };
            (size, before) = (last_size + before + size, last_before);
        }
        kept.push((edit, size, before));
    }
    kept.into_iter().map(|(edit, ..)| edit).collect()
}

/// Whether edits leave little of two texts as it was. Then the one and the other is what a person wants
/// to read.
fn is_mostly_other(old: &str, new: &str, edits: &[Edit]) -> bool {
    let old_weight = weight(old);
    let removed: usize = edits.iter().map(|edit| weight(part(old, &edit.old))).sum();
    old_weight.saturating_sub(removed) * 3 < old_weight.max(weight(new))
}

fn part<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    text.get(range.clone()).unwrap_or_default()
}

/// How much of a text is seen, in bytes.
fn weight(text: &str) -> usize {
    text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count()
}
