//! The verdict, and every figure of both versions side by side.

use callscope_client::Source;
use callscope_core::compare::{
    Claim, Comparison, DeltaCheck, Figure, FigureKind, FigureWords, delta_checks, headings, needed,
};
use leptos::prelude::*;

use super::answers::{Answers, Given};
use super::spread::spread_line;
use crate::piece::{Derived, Element, State, el, live, several};

/// What may be said, in plain sentences.
pub(super) fn verdict_card(given: Given) -> AnyView {
    live(move || {
        let answers = given.get();
        let verdict = answers.verdict();
        let span = |span: &callscope_core::compare::Span| {
            let tag = if span.is_strong { "strong" } else { "span" };
            el(tag).child(span.text.clone())
        };
        let sentence =
            |spans: &Vec<callscope_core::compare::Span>| el("p").child(spans.iter().map(span).collect::<Vec<_>>());
        let sentences: Vec<Element> = verdict.sentences.iter().map(sentence).collect();
        let [a, b] = answers.labels();
        el("section")
            .class("card verdict")
            .attr("aria-label", "Verdict")
            // Whoever chooses without seeing hears what it comes to.
            .attr("aria-live", "polite")
            .child(sentences)
            .child(el("p").class("legend").child(side("A", a)).child(side("B", b)))
            .child((!verdict.rests_on.is_empty()).then(|| el("small").child(format!("Rests on {}.", verdict.rests_on))))
            .any()
    })
}

fn side(letter: &'static str, name: String) -> Element {
    el("span").child(el("b").child(letter)).child(el("span").attr("dir", "auto").child(name))
}

/// All figures as a table.
pub(super) fn figures_card(given: Given, source: State<Source>) -> AnyView {
    let head =
        el("header").class("card-head").child(el("h2").child("All figures")).child(el("span").class("note").child(
            "an interval that holds zero is no clear difference; calls still lacking are for 80 % power at one look",
        ));
    let body = live(move || {
        let answers = given.get();
        several(vec![table(&answers).any(), el("p").class("note").child(server_deltas(&answers.comparison)).any()])
    });
    // Another comparison needs other calls.
    let question = Derived::new(move || given.get().question.clone());
    let spread = live(move || {
        question.get();
        spread_line(given, source)
    });
    el("section").class("card figures").child(head).child(body).child(spread).any()
}

fn table(answers: &Answers) -> Element {
    let heading = |heading: &'static str| {
        let class = if heading == "Figure" || heading == "Verdict" { "" } else { "figure" };
        el("th").attr("scope", "col").class(class).child(heading)
    };
    let headings = el("thead").child(el("tr").child(Vec::from(headings(answers.basis).map(heading))));
    let rows: Vec<Element> = answers.figures.iter().map(|figure| row(answers, figure)).collect();
    // Wider than a phone: it scrolls by itself, by keyboard too.
    el("div")
        .class("scroll")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", "All figures, table")
        .child(el("table").class("compared").child(headings).child(el("tbody").child(rows)))
}

fn row(answers: &Answers, figure: &Figure) -> Element {
    let FigureWords { a, b, difference, relative, interval, chance, claim } = figure.words();
    let cell = |text: String| el("td").class("figure").child(text);
    let class = match figure.is_clearly_better() {
        Some(true) => "pill better",
        Some(false) => "pill worse",
        None => "pill",
    };
    let relative = (!relative.is_empty()).then(|| el("small").child(format!(" {relative}")));
    let is_judged = figure.interval.is_some() || figure.claim == Claim::TooFewCalls;
    let said = if is_judged { el("span").class(class).child(claim) } else { el("small").child(claim) };
    let one_look = figure.is_clear_at_one_look.then(|| " clear at one look".to_owned());
    let needed = || Some(format!(" {}", needed(&answers.comparison, figure)?.words()));
    let beside = one_look.or_else(needed).map(|words| el("small").child(words));
    el("tr")
        .child(el("th").attr("scope", "row").attr("dir", "auto").child(figure.kind.label()))
        .child(cell(a))
        .child(cell(b))
        .child(el("td").class("figure").child(difference).child(relative))
        .child(cell(interval))
        .child(cell(chance))
        .child(el("td").child(said).child(beside))
}

/// How the server's own deltas stand to B minus A.
fn server_deltas(comparison: &Comparison) -> String {
    let said = |(kind, check): (FigureKind, DeltaCheck)| {
        (check != DeltaCheck::Unknown).then(|| format!("{} {}", kind.label(), check.label()))
    };
    let said: Vec<String> = delta_checks(comparison).into_iter().filter_map(said).collect();
    if said.is_empty() {
        return "The server printed no deltas of its own.".to_owned();
    }
    format!("The server's own deltas, recomputed: {}.", said.join(", "))
}
