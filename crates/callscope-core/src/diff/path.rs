//! Where in a configuration a value stands: `dialog.nodes[3].actions[0].type`.

use std::fmt::{self, Write};

use serde::{Serialize, Serializer};

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into an object, by the member's name.
    Key(String),
    /// Into a list, from 0 on.
    Index(usize),
}

/// Where in a configuration a value stands, from the outside in. The empty path is the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Vec<Step>);

impl Path {
    /// Reads `dialog.nodes[3].type`, also with quoted keys such as `dialog["a.b"]`.
    ///
    /// Any text is a path: what fits no rule stays, as it is, in a key. Written out again it reads
    /// back as the same path, though perhaps with other quotes.
    pub fn parse(text: &str) -> Self {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (step, after) = bracket(rest).unwrap_or_else(|| bare(rest));
            steps.push(step);
            rest = match after.strip_prefix('.') {
                // A dot promises one more key, and a bracket may stand in its place.
                Some("") => {
                    steps.push(Step::Key(String::new()));
                    ""
                }
                Some(next) => next,
                None => after,
            };
        }
        Self(steps)
    }

    /// Its steps, from the outside in.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Where the value stands that holds this one; none for the whole.
    pub fn parent(&self) -> Option<Self> {
        let (_, parent) = self.0.split_last()?;
        Some(Self(parent.to_vec()))
    }

    /// Whether the value is the other one or stands within it.
    pub fn starts_with(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The path within a section: without the section's name, where it begins with that.
    #[must_use]
    pub fn within(&self, section: &str) -> Self {
        Self(self.steps_within(section).to_vec())
    }

    pub(super) fn steps_within(&self, section: &str) -> &[Step] {
        match self.0.split_first() {
            Some((Step::Key(name), rest)) if name == section => rest,
            _ => &self.0,
        }
    }

    pub(super) fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    pub(super) fn pop(&mut self) {
        self.0.pop();
    }
}

impl From<Vec<Step>> for Path {
    fn from(steps: Vec<Step>) -> Self {
        Self(steps)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if key.is_empty() || key.bytes().any(|letter| matches!(letter, b'.' | b'[')) => {
                    quoted(f, key)?;
                }
                Step::Key(key) => {
                    f.write_str(if i > 0 { "." } else { "" })?;
                    f.write_str(key)?;
                }
            }
        }
        Ok(())
    }
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

fn quoted(f: &mut fmt::Formatter<'_>, key: &str) -> fmt::Result {
    f.write_str("[\"")?;
    for letter in key.chars() {
        if matches!(letter, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(letter)?;
    }
    f.write_str("\"]")
}

/// A key up to the next dot or bracket.
fn bare(text: &str) -> (Step, &str) {
    let is_end = |(at, letter): (usize, u8)| match letter {
        b'.' => true,
        // A bracket that is none belongs to the key.
        b'[' => text.get(at..).and_then(bracket).is_some(),
        _ => false,
    };
    let end = text.bytes().enumerate().position(is_end).unwrap_or(text.len());
    let (key, rest) = text.split_at(end);
    (Step::Key(key.to_owned()), rest)
}

/// `[3]`, `["a.b"]`, `['a.b']` or `[name]` at the beginning of a text, and what follows it.
fn bracket(text: &str) -> Option<(Step, &str)> {
    let inner = text.strip_prefix('[')?;
    if let Some(quote @ (b'"' | b'\'')) = inner.bytes().next() {
        return in_quotes(inner.get(1..)?, char::from(quote));
    }
    let (inner, rest) = inner.split_at(inner.bytes().position(|letter| matches!(letter, b'[' | b']'))?);
    let rest = rest.strip_prefix(']').filter(|_| !inner.is_empty())?;
    Some((index(inner).unwrap_or_else(|| Step::Key(inner.to_owned())), rest))
}

/// A number as indexes are written. The same on every machine, whatever its `usize`.
fn index(text: &str) -> Option<Step> {
    let is_written_so = text == "0" || !text.starts_with(['0', '+']);
    is_written_so.then_some(Step::Index(text.parse::<u32>().ok()? as usize))
}

fn in_quotes(text: &str, quote: char) -> Option<(Step, &str)> {
    let mut key = String::new();
    let mut letters = text.chars();
    loop {
        match letters.next()? {
            '\\' => key.push(letters.next()?),
            letter if letter == quote => break,
            letter => key.push(letter),
        }
    }
    Some((Step::Key(key), letters.as_str().strip_prefix(']')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Step {
        Step::Key(name.to_owned())
    }

    #[track_caller]
    fn check(text: &str, steps: &[Step], written: &str) {
        let path = Path::parse(text);
        assert_eq!((path.steps(), path.to_string().as_str()), (steps, written));
        assert_eq!(Path::parse(written), path, "read back");
    }

    #[test]
    fn paths_are_read_and_written() {
        use Step::Index;
        let action = [key("dialog"), key("nodes"), Index(3), key("actions"), Index(0), key("type")];
        check("dialog.nodes[3].actions[0].type", &action, "dialog.nodes[3].actions[0].type");
        check("", &[], "");
        check("a", &[key("a")], "a");
        check("[0][12].x", &[Index(0), Index(12), key("x")], "[0][12].x");
        check("a[\"b.c\"].d", &[key("a"), key("b.c"), key("d")], "a[\"b.c\"].d");
        check("a['it\\'s']", &[key("a"), key("it's")], "a.it's");
        check("['x[0]']", &[key("x[0]")], "[\"x[0]\"]");
        check("a[\"q\\\".\\\\\"]", &[key("a"), key("q\".\\")], "a[\"q\\\".\\\\\"]");
        check("größe.名前", &[key("größe"), key("名前")], "größe.名前");
    }

    #[test]
    fn odd_pieces_stay_as_keys() {
        use Step::Index;
        check("nodes.3.type", &[key("nodes"), key("3"), key("type")], "nodes.3.type");
        check("a[name]b", &[key("a"), key("name"), key("b")], "a.name.b");
        check("a.[1]", &[key("a"), Index(1)], "a[1]");
        check("a..b", &[key("a"), key(""), key("b")], "a[\"\"].b");
        check("a.", &[key("a"), key("")], "a[\"\"]");
        check(".", &[key(""), key("")], "[\"\"][\"\"]");
        check("a[", &[key("a[")], "[\"a[\"]");
        check("a[]", &[key("a[]")], "[\"a[]\"]");
        check("a[[2]", &[key("a["), Index(2)], "[\"a[\"][2]");
        check(
            "a[007][-1][99999999999]",
            &[key("a"), key("007"), key("-1"), key("99999999999")],
            "a.007.-1.99999999999",
        );
        check("a[\"b", &[key("a[\"b")], "[\"a[\\\"b\"]");
    }

    #[test]
    fn a_path_has_a_parent_and_a_form_within_its_section() {
        let path = Path::parse("dialog.nodes[3]");
        assert_eq!(path.parent(), Some(Path::parse("dialog.nodes")));
        assert_eq!(Path::default().parent(), None);
        assert!(path.starts_with(&Path::parse("dialog.nodes")) && path.starts_with(&Path::default()));
        assert!(!path.starts_with(&Path::parse("dialog.node")));
        assert_eq!(path.within("dialog").to_string(), "nodes[3]");
        assert_eq!(path.within("nodes"), path);
        assert_eq!(Path::parse("dialog").within("dialog"), Path::default());
    }
}
