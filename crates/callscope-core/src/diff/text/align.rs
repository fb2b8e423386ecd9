//! Which pieces of two texts belong to each other.
//!
//! The time of Myers' algorithm grows with the product of length and changes: two long inputs with
//! little in common would take seconds, and nobody could read what it found in them. What cannot
//! be searched in a moment is not searched.

use imara_diff::{Algorithm, Diff, Hunk, NoSliderHeuristic, Token};

use super::tokens::{Tokens, numbered};

/// How many pieces may still be searched: what bounds the time without a clock.
pub(super) struct Effort(usize);

impl Effort {
    /// So many pieces, of both sides together, take a millisecond at worst and nothing of the effort.
    const FREE: usize = 1_000;

    fn is_enough_for(&mut self, pieces: usize) -> bool {
        let left = if pieces <= Self::FREE { Some(self.0) } else { self.0.checked_sub(pieces) };
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

impl Default for Effort {
    fn default() -> Self {
        Self(30_000)
    }
}

/// The ranges of pieces that differ, in order; none where finding them would take too long.
pub(super) fn align(old: &Tokens<'_>, new: &Tokens<'_>, effort: &mut Effort) -> Option<Vec<Hunk>> {
    let (old, new, count) = numbered(old, new);
    let start = equal(old.iter(), new.iter());
    let (old_rest, new_rest) = (old.get(start..)?, new.get(start..)?);
    let end = equal(old_rest.iter().rev(), new_rest.iter().rev());
    if !effort.is_enough_for(old_rest.len() + new_rest.len() - 2 * end) {
        return None;
    }
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Myers, &old, &new, count);
    // What might begin with the end of the line before ends with its own.
    diff.postprocess_with(&old, &new, NoSliderHeuristic);
    Some(diff.hunks().collect())
}

/// How many pieces are equal from the beginning on.
fn equal<'t>(old: impl Iterator<Item = &'t Token>, new: impl Iterator<Item = &'t Token>) -> usize {
    old.zip(new).take_while(|(old, new)| old == new).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effort_is_spent_on_large_inputs_only() {
        let mut effort = Effort::default();
        assert!((0..100).all(|_| effort.is_enough_for(Effort::FREE)));
        assert!(!effort.is_enough_for(30_001) && effort.is_enough_for(20_000) && effort.is_enough_for(10_000));
        assert!(!effort.is_enough_for(Effort::FREE + 1) && effort.is_enough_for(Effort::FREE));
    }
}
