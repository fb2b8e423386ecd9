//! Texts cut into lines or words, and those numbered.

use std::ops::Range;

use imara_diff::Token;

/// A text, cut.
pub(super) struct Tokens<'t> {
    text: &'t str,
    /// Where each piece ends, in bytes.
    ends: Vec<usize>,
}

impl<'t> Tokens<'t> {
    /// Lines with their breaks.
    pub(super) fn lines(text: &'t str) -> Self {
        Self::cut(text, |letter| letter == b'\n')
    }

    /// What stands between the signs that end sentences and parts of them, in prose and in code.
    pub(super) fn clauses(text: &'t str) -> Self {
        Self::cut(text, |letter| matches!(letter, b'.' | b'?' | b'!' | b',' | b';' | b'}'))
    }

    /// Cuts after letters of ASCII, whose bytes are in no other letter.
    fn cut(text: &'t str, is_end: fn(u8) -> bool) -> Self {
        let is_cut = |(at, letter): &(usize, u8)| is_end(*letter) || at + 1 == text.len();
        Self { text, ends: text.bytes().enumerate().filter(is_cut).map(|(at, _)| at + 1).collect() }
    }

    /// Words, runs of spaces, single breaks of lines, and single other signs.
    pub(super) fn words(text: &'t str) -> Self {
        let mut ends = Vec::new();
        let mut last = None;
        for (at, letter) in text.char_indices() {
            let kind = kind(letter);
            if last.is_some_and(|last| last != kind || kind == Kind::Alone) {
                ends.push(at);
            }
            last = Some(kind);
        }
        if !text.is_empty() {
            ends.push(text.len());
        }
        Self { text, ends }
    }

    /// The bytes that a range of pieces takes.
    pub(super) fn bytes(&self, tokens: Range<u32>) -> Range<usize> {
        let start_of = |token: u32| match token.checked_sub(1) {
            Some(before) => self.ends.get(before as usize).copied().unwrap_or(self.text.len()),
            None => 0,
        };
        start_of(tokens.start)..start_of(tokens.end)
    }

    fn pieces(&self) -> impl Iterator<Item = &'t str> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let piece = self.text.get(start..*end).unwrap_or_default();
            start = *end;
            piece
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Space,
    Alone,
}

/// Coarse on purpose: exact classes of letters would be tables that every page downloads. Whatever
/// is not ASCII belongs to words, marks above and below letters too, which must not be parted from
/// them; but for punctuation, and for scripts without spaces, where each sign stands alone.
fn kind(letter: char) -> Kind {
    match letter {
        '_' | '0'..='9' | 'a'..='z' | 'A'..='Z' => Kind::Word,
        _ if letter.is_whitespace() && letter != '\n' => Kind::Space,
        // Signs of ASCII and of Latin, the dots of Devanagari, quotes and dashes.
        '\0'..='\u{7f}' | '\u{a1}'..='\u{bf}' | '\u{964}' | '\u{965}' | '\u{2010}'..='\u{205e}'
        // Chinese and Japanese, with their punctuation.
        | '\u{3001}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ff01}'..='\u{ff0f}' => Kind::Alone,
        _ => Kind::Word,
    }
}

/// The pieces of both texts as numbers, the same for equal pieces, and how many numbers there are.
/// By sorting: in the browser that is less code than a map.
pub(super) fn numbered(old: &Tokens<'_>, new: &Tokens<'_>) -> (Vec<Token>, Vec<Token>, u32) {
    let mut known: Vec<&str> = old.pieces().chain(new.pieces()).collect();
    known.sort_unstable();
    known.dedup();
    let number = |piece| Token(known.binary_search(&piece).unwrap_or_default() as u32);
    (old.pieces().map(number).collect(), new.pieces().map(number).collect(), known.len() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_where_people_would() {
        #[track_caller]
        fn check(text: &str, pieces: &[&str]) {
            assert_eq!(Tokens::words(text).pieces().collect::<Vec<_>>(), pieces);
        }
        check("", &[]);
        check("Say  it, {{first_name}}!", &["Say", "  ", "it", ",", " ", "{", "{", "first_name", "}", "}", "!"]);
        check("a\r\n\n b", &["a", "\r", "\n", "\n", " ", "b"]);
        check("naïve – “größe”", &["naïve", " ", "–", " ", "“", "größe", "”"]);
        check("नमस्ते। दुनिया", &["नमस्ते", "।", " ", "दुनिया"]);
        check("日本、カ", &["日", "本", "、", "カ"]);
    }

    #[test]
    fn lines_keep_their_breaks() {
        let pieces = |text| Tokens::lines(text).pieces().collect::<Vec<_>>();
        assert_eq!(pieces("a\n\nb"), ["a\n", "\n", "b"]);
        assert_eq!(pieces("a\n"), ["a\n"]);
        assert!(pieces("").is_empty());
        assert_eq!(Tokens::clauses("Ah, é! {a}").pieces().collect::<Vec<_>>(), ["Ah,", " é!", " {a}"]);
        assert_eq!(Tokens::lines("a\n\nb").bytes(1..3), 2..4);
        assert_eq!(Tokens::lines("a\n\nb").bytes(0..0), 0..0);
    }
}
