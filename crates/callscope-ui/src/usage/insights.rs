//! Quality of the models, under names that say what is measured.

use callscope_core::format;
use callscope_core::usage::Insights;
use leptos::prelude::*;

use super::answers::Given;
use crate::piece::{Element, IntoChild as _, el, live};

/// One line: the honest name, what the documents call it, and what it is.
struct Line {
    name: &'static str,
    wire: &'static str,
    meaning: &'static str,
    figure: fn(&Insights) -> Option<String>,
}

const LINES: [Line; 6] = [
    Line {
        name: "Calls without a correction",
        wire: "intent accuracy",
        meaning: "callers never had to correct the agent, among calls with correction data",
        figure: |insights| insights.uncorrected_calls.map(format::percent),
    },
    Line {
        name: "Tool-call success",
        wire: "entity extraction",
        meaning: "calls of tools that ended without an error",
        figure: |insights| insights.tool_call_success.map(format::percent),
    },
    Line {
        name: "Transcript confidence",
        wire: "speech recognition",
        meaning: "the recogniser's own confidence, averaged over calls; not a measured accuracy",
        figure: |insights| insights.transcript_confidence.map(format::percent),
    },
    Line {
        name: "Cached-token share",
        wire: "context retention",
        meaning: "tokens read from the model's cache; says what was saved, not what was remembered",
        figure: |insights| insights.cached_token_share.map(format::percent),
    },
    Line {
        name: "Time to first token",
        wire: "response latency",
        meaning: "mean wait for the language model; without recognition and speech",
        figure: |insights| insights.response_latency_ms.map(format::millis),
    },
    Line {
        name: "Sessions",
        wire: "training sessions",
        meaning: "number of call sessions in the period; nothing is trained",
        figure: |insights| insights.sessions.map(format::count),
    },
];

/// The card with all of them.
pub(super) fn insights_card(given: Given) -> AnyView {
    let rows = live(move || {
        let insights = given.answers.get().report.insights;
        LINES.iter().map(|line| row(line, &insights)).collect::<Vec<Element>>().into_child()
    });
    let note = el("span").class("note").child("what each figure really measures");
    el("section")
        .class("card")
        .child(el("header").class("card-head").child(el("h2").child("Models")).child(note))
        .child(el("dl").class("insights").child(rows))
        .any()
}

fn row(line: &'static Line, insights: &Insights) -> Element {
    let figure = (line.figure)(insights);
    let class = if figure.is_some() { "" } else { "unknown" };
    let spoken = figure.is_none().then(|| el("span").class("for-ears").child(" unknown"));
    let meaning = el("small").child(format!("“{}”: {}", line.wire, line.meaning));
    let figure = figure.unwrap_or_else(|| format::UNKNOWN.to_owned());
    el("div").child(el("dt").child(line.name).child(meaning)).child(el("dd").class(class).child(figure).child(spoken))
}
