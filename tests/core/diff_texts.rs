//! What changed between two texts, as it is shown.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use callscope_core::diff::{SegmentKind, TextDiff, text_changes};

/// The diff with `[-removed-]` and `{+added+}`, a line a line.
fn written(diff: &TextDiff<'_>) -> Vec<String> {
    let piece = |text: &mut String, kind, piece: &str| match kind {
        SegmentKind::Same => text.push_str(piece),
        SegmentKind::Removed => write!(text, "[-{piece}-]").unwrap(),
        SegmentKind::Added => write!(text, "{{+{piece}+}}").unwrap(),
    };
    let line = |line: &callscope_core::diff::Line<'_>| {
        let mut text = String::new();
        line.segments.iter().for_each(|segment| piece(&mut text, segment.kind, segment.text));
        text
    };
    diff.lines.iter().map(line).collect()
}

#[track_caller]
fn check(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(written(&text_changes(old, new)), expected);
}

#[track_caller]
fn check_rebuilds(diff: &TextDiff<'_>, old: &str, new: &str) {
    let side = |other| diff.segments().filter(|of| of.kind != other).map(|of| of.text).collect::<String>();
    assert!(side(SegmentKind::Added) == old, "the old text is another one");
    assert!(side(SegmentKind::Removed) == new, "the new text is another one");
    assert!(diff.segments().all(|segment| !segment.text.is_empty()));
}

#[test]
fn one_line_is_compared_by_word() {
    check("", "", &[]);
    check("same", "same", &["same"]);
    check("", "new", &["{+new+}"]);
    check("old", "", &["[-old-]"]);
    check("Say hello to the caller.", "Say good day to the caller.", &["Say [-hello-]{+good day+} to the caller."]);
    check(
        "Ask for {{name}} and date",
        "Ask for {{first_name}} and date",
        &["Ask for {{[-name-]{+first_name+}}} and date"],
    );
    check("Was it resolved by the end?", "Was it resolved, by the end?", &["Was it resolved{+,+} by the end?"]);
}

#[test]
fn what_is_shared_by_chance_is_replaced_too() {
    check("sendMessage", "playAudio", &["[-sendMessage-]{+playAudio+}"]);
    check(
        "Please call the customer back today",
        "Never phone the client twice anyway, though",
        &["[-Please call the customer back today-]{+Never phone the client twice anyway, though+}"],
    );
    check(
        "We will gladly assist or help you with that now",
        "We will gladly serve or direct you with that now",
        &["We will gladly [-assist or help-]{+serve or direct+} you with that now"],
    );
}

#[test]
fn several_lines_are_compared_by_line_and_then_by_word() {
    let old = "You are Ada.\n\nGreet the caller by name.\nAsk for the order number.\nNever guess.\n";
    let new = "You are Ada.\n\nGreet the caller politely by name.\nNever guess.\nEnd with a summary.\n";
    check(
        old,
        new,
        &[
            "You are Ada.\n",
            "\n",
            "Greet the caller {+politely +}by name.\n",
            "[-Ask for the order number.\n-]",
            "Never guess.\n",
            "{+End with a summary.\n+}",
        ],
    );
    check("a\nb", "a\nb\n", &["a\n", "b{+\n+}"]);
    check("one two three", "one two\nthree", &["one two[- -]{+\n+}", "three"]);
}

#[test]
fn paragraphs_with_little_in_common_stay_whole() {
    use SegmentKind::{Added, Removed, Same};
    let old = "Intro\nAlways verify the account.\nThen read out the balance.\nEnd\n";
    let new = "Intro\nTransfer to a person at once.\nDo not mention prices ever again.\nEnd\n";
    check(
        old,
        new,
        &[
            "Intro\n",
            "[-Always verify the account.\n-]",
            "[-Then read out the balance.\n-]",
            "{+Transfer to a person at once.\n+}",
            "{+Do not mention prices ever again.\n+}",
            "End\n",
        ],
    );
    let diff = text_changes(old, new);
    let kinds: Vec<_> = diff.lines.iter().map(callscope_core::diff::Line::kind).collect();
    assert_eq!(kinds, [Same, Removed, Removed, Added, Added, Same].map(Some));
}

/// Words at random, of so many. About one in twelve ends its line, or its sentence where there are no lines.
fn prose(random: &mut oorandom::Rand32, words: u32, bytes: usize, breaks: bool) -> String {
    let mut text = String::new();
    while text.len() < bytes {
        // Small numbers are frequent, as some words are.
        let word = random.rand_range(0..words).min(random.rand_range(0..words));
        write!(text, "w{word:x}").unwrap();
        text.push_str(match random.rand_range(0..12) {
            0 if breaks => "\n",
            0 => ". ",
            _ => " ",
        });
    }
    text
}

/// Pairs of texts of 200 KB that have little in common, or much but nowhere in the same order.
fn large() -> Vec<(&'static str, String, String)> {
    const SIZE: usize = 200_000;
    let random = &mut oorandom::Rand32::new(7);
    let mut cases = Vec::new();
    for (name, words, breaks) in [
        ("prose in lines", 3000, true),
        ("prose in one line", 3000, false),
        ("thirty words", 30, false),
        ("two words", 2, false),
        ("two words in lines", 2, true),
    ] {
        cases.push((name, prose(random, words, SIZE, breaks), prose(random, words, SIZE, breaks)));
    }
    let text = prose(random, 3000, SIZE, false);
    let every_second: String =
        text.split_inclusive(' ').enumerate().map(|(i, w)| if i % 2 == 0 { w } else { "x " }).collect();
    cases.push(("every second word", text.clone(), every_second));
    cases.push(("reversed", text.clone(), text.split_inclusive(' ').rev().collect()));
    let (head, tail) = text.split_at(SIZE / 2);
    cases.push(("halves exchanged", text.clone(), format!("{tail}{head}")));
    let mut sign = |from: &[char]| (0..SIZE).map(|_| from[random.rand_range(0..2) as usize]).collect::<String>();
    cases.push(("two signs", sign(&['!', '?']), sign(&['!', '?'])));
    cases.push(("short lines", sign(&['a', '\n']), sign(&['a', '\n'])));
    cases.push(("no line is empty", "a\nb\n".repeat(SIZE / 4), "b\nb\na\n".repeat(SIZE / 6)));
    cases.push(("nothing shared", "a ".repeat(SIZE / 2), "b\n".repeat(SIZE / 2)));
    cases
}

/// Far above what it takes, even unoptimised on a busy machine, and far below what an unbounded
/// search would.
#[test]
fn large_texts_take_no_long_time() {
    const MOST: Duration = Duration::from_secs(5);
    for (name, old, new) in large() {
        let start = Instant::now();
        let diff = text_changes(&old, &new);
        let took = start.elapsed();
        println!("{name}: {took:?}, {} pieces", diff.segments().count());
        assert!(took < MOST, "{name}: {took:?}");
        check_rebuilds(&diff, &old, &new);
    }
}

/// The bound on the work must not cost a large text its small changes.
#[test]
fn small_changes_of_large_texts_are_found() {
    #[track_caller]
    fn check(words: u32, breaks: bool, every: usize, most: f64) {
        let old = prose(&mut oorandom::Rand32::new(11), words, 200_000, breaks);
        let change = |(i, word): (usize, &str)| if i % every == 1 { format!("new{word}") } else { word.to_owned() };
        let new: String = old.split_inclusive(' ').enumerate().map(change).collect();
        let diff = text_changes(&old, &new);
        check_rebuilds(&diff, &old, &new);
        let removed: usize = diff.segments().filter(|of| of.kind == SegmentKind::Removed).map(|of| of.text.len()).sum();
        assert!((removed as f64) < most * old.len() as f64, "{removed} of {}", old.len());
    }
    for breaks in [true, false] {
        check(20_000, breaks, 40, 1.0 / 30.0);
        check(300, breaks, 40, 1.0 / 30.0);
        check(3000, breaks, 10, 0.2);
        check(3000, breaks, 4, 0.4);
    }
    // The halves stay, though in another order.
    let text = prose(&mut oorandom::Rand32::new(11), 3000, 200_000, false);
    let (head, tail) = text.split_at(text.len() / 2);
    let exchanged = format!("{tail}{head}");
    let diff = text_changes(&text, &exchanged);
    let same: usize = diff.segments().filter(|of| of.kind == SegmentKind::Same).map(|of| of.text.len()).sum();
    assert!(same > text.len() * 49 / 100, "{same}");
}
