//! What stands in the place of figures: waiting, failed, nothing there.

use callscope_client::{ClientError, Problem};
use leptos::prelude::*;

use crate::piece::{Callback, Element, button, el};

/// Cards without figures, while the first answer is awaited.
pub fn skeleton() -> AnyView {
    let tiles: Vec<Element> = (0..8).map(|_| el("div").class("card bone")).collect();
    el("div")
        .class("skeleton")
        .attr("role", "status")
        .attr("aria-label", "Loading")
        .child(el("div").class("tiles").child(tiles))
        .child(el("div").class("card bone tall"))
        .child(el("div").class("card bone tall"))
        .any()
}

/// A card without a figure.
pub fn bone() -> AnyView {
    let card = el("div").class("card bone tall");
    el("div").class("skeleton").attr("role", "status").attr("aria-label", "Loading").child(card).any()
}

/// A way on from what failed: a button's label, and what it does.
#[derive(Clone, Copy)]
pub struct Way {
    label: &'static str,
    go: Callback<()>,
}

impl Way {
    /// A way with a name of its own.
    pub fn new(label: &'static str, go: Callback<()>) -> Self {
        Self { label, go }
    }

    /// Asks the same once more.
    pub fn again(go: Callback<()>) -> Self {
        Self::new("Try again", go)
    }

    /// Its button.
    pub(crate) fn button(self, class: &'static str) -> Element {
        button(class, move |_| self.go.run(())).child(self.label)
    }
}

/// A server's sentence as people read it: the name of the parameter that it begins with is one of the API.
pub fn told(sentence: &str) -> String {
    let is_name = |name: &&str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let parts = sentence.split_once(':').filter(|(name, _)| is_name(name));
    let words = parts.and_then(|(_, words)| words.strip_prefix(' ')).unwrap_or(sentence);
    let mut signs = words.chars();
    signs.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), signs.as_str()))
}

/// What failed, and what can be done about it, the likeliest first.
pub fn failed(error: &ClientError, ways: &[Way]) -> AnyView {
    let heading = match error.problem {
        Problem::Forbidden => "You may not see this",
        Problem::NotFound => "There is nothing at this address",
        Problem::BadRequest => "The server refused the question",
        Problem::BadAnswer => "The answer cannot be read",
        Problem::NotInSamples => "This is not among what is held here",
        Problem::Branches => "This account has branches, not versions",
        Problem::Conflict => "It does not fit to how things stand now",
        Problem::TooMany => "Too many requests",
        Problem::SignedOut => "You are signed out",
        Problem::Network | Problem::Timeout => "No connection to the server",
        Problem::Server => "The server failed",
    };
    let wait = error.retry_after_secs.map(|secs| format!(" The server asks to wait {}.", wait_words(secs)));
    el("div")
        .class("card state")
        .attr("role", "alert")
        .child(el("h2").child(heading))
        .child(el("p").child(told(&error.sentence)).child(wait))
        .child(ways_on(ways))
        .any()
}

/// A time to wait as people say it: whole seconds, minutes or hours, rounded up.
fn wait_words(secs: u32) -> String {
    let (count, unit) = match secs {
        0..=119 => (secs, "second"),
        120..=7_199 => (secs.div_ceil(60), "minute"),
        7_200..=172_799 => (secs.div_ceil(3_600), "hour"),
        _ => return "for more than a day".to_owned(),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// A period without calls.
pub fn empty(period: &str) -> AnyView {
    let why =
        format!("Nothing started in {period}. Choose a longer period, another organisation, or clear the filters.");
    message("No calls in this period", why)
}

/// Why there is nothing to show.
pub fn message(heading: &'static str, why: String) -> AnyView {
    message_with(heading, why, &[])
}

/// The same, with what can be done about it.
pub fn message_with(heading: &'static str, why: String, ways: &[Way]) -> AnyView {
    el("div").class("card state").child(el("h2").child(heading)).child(el("p").child(why)).child(ways_on(ways)).any()
}

/// The ways on, the likeliest first.
fn ways_on(ways: &[Way]) -> Option<Element> {
    let buttons = ways.iter().enumerate().map(|(at, way)| way.button(if at == 0 { "primary" } else { "boxed" }));
    (!ways.is_empty()).then(|| el("div").class("ways").child(buttons.collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::{told, wait_words};

    #[test]
    fn a_sentence_begins_with_no_name_of_a_parameter() {
        for (sentence, expected) in [
            ("versionA: this agent has no such version.", "This agent has no such version."),
            ("the answer has no 'data'", "The answer has no 'data'"),
            ("In Berlin: at 09:00: nothing.", "In Berlin: at 09:00: nothing."),
            ("09:00 is no hour.", "09:00 is no hour."),
            ("limit:5 is too much.", "Limit:5 is too much."),
            ("", ""),
        ] {
            assert_eq!(told(sentence), expected);
        }
    }

    #[test]
    fn a_wait_is_said_in_the_unit_that_people_would_use() {
        assert_eq!(wait_words(1), "1 second");
        assert_eq!(wait_words(90), "90 seconds");
        assert_eq!(wait_words(121), "3 minutes");
        assert_eq!(wait_words(7_201), "3 hours");
        assert_eq!(wait_words(u32::MAX), "for more than a day");
    }
}
