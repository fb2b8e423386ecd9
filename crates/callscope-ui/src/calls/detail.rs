//! One call: what was said, heard, found out, and how long it took.

use std::sync::Arc;

use callscope_core::calls::{CallDetail, Latencies, Message, Speaker};
use callscope_core::{Finding, format};
use leptos::prelude::*;

use super::answers::Given;
use super::list::words;
use crate::findings::findings_list;
use crate::piece::{Callback, Element, State, button, el, live, several, text};

/// A call with what was found out about its answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    pub(super) detail: CallDetail,
    pub(super) findings: Vec<Finding>,
}

/// The cards of a call.
pub(super) fn call_cards(given: Given, shown: &Arc<Shown>) -> AnyView {
    let detail = &shown.detail;
    several(vec![
        findings_list(&shown.findings),
        facts(given, detail),
        el("div").class("pair").child(transcript(detail)).child(beside(detail)).any(),
    ])
}

/// What is known of the call in a few figures.
fn facts(given: Given, detail: &CallDetail) -> AnyView {
    let call = detail.call.clone();
    let answers = given.get();
    let known = |text: Option<String>| text.unwrap_or_else(|| format::UNKNOWN.to_owned());
    let number = |number: Option<&String>| {
        let number = number.cloned();
        text(move || given.number(number.as_ref()))
    };
    let fact = |name: &'static str, value: AnyView| el("div").child(el("dt").child(name)).child(el("dd").child(value));
    let plain = |words: String| el("span").attr("dir", "auto").child(words).any();
    let cost = call.cost_credits.map(|cost| format!("{} credits", format::number(cost, 4)));
    let version = call.version_number.map(|number| format!("v{number}")).or_else(|| call.version_id.clone());
    let mut list = vec![
        fact("Started", plain(answers.started_in_full(&call))),
        fact("Agent", plain(answers.agent_name(call.agent_id.as_deref()))),
        fact("Version", plain(known(version))),
        fact("From", number(call.from.as_ref())),
        fact("To", number(call.to.as_ref())),
        fact("Type", plain(known(call.call_type.as_deref().map(words)))),
        fact("Status", plain(known(call.status.as_deref().map(words)))),
        fact("Outcome", plain(call.outcome().label().to_owned())),
        fact("Ended because", plain(known(call.disconnection_reason.as_deref().map(words)))),
        fact("Duration", plain(known(call.duration_ms.map(|ms| format::clock(ms as f64 / 1000.0))))),
        fact("Cost", plain(known(cost))),
    ];
    let handed_over = call.telemetry.as_ref().and_then(|telemetry| telemetry.escalation_reason.clone());
    list.extend(handed_over.map(|reason| fact("Handed over", plain(reason))));
    list.extend(detail.failure_reason.clone().map(|reason| fact("Failed because", plain(reason))));
    list.extend(call.campaign_id.clone().map(|id| fact("Campaign", plain(id))));
    let is_open = given.are_numbers_open;
    let numbers = button("quiet", move |_| is_open.update(|open| *open = !*open))
        .says("aria-pressed", move || is_open.get())
        .child("Show numbers");
    let test = call.is_test.then(|| el("span").class("pill").child("test call"));
    let head = el("header")
        .class("card-head")
        .child(el("h2").attr("dir", "auto").child(call.id))
        .child(el("span").class("note").child(test))
        .child(el("span").class("tools").child(numbers));
    el("section").class("card").child(head).child(el("dl").class("facts").child(list)).any()
}

fn transcript(detail: &CallDetail) -> Element {
    let lines: Vec<Element> = detail.transcript.iter().map(line).collect();
    let body = if lines.is_empty() {
        el("p").class("nothing").child("Nothing that was said was kept.")
    } else {
        el("ol").class("said").child(lines)
    };
    let summary = detail.summary.clone().map(|summary| el("p").class("summary").attr("dir", "auto").child(summary));
    let head = el("header").class("card-head").child(el("h2").child("Transcript"));
    el("section").class("card").child(head).child(summary).child(body)
}

fn line(message: &Message) -> Element {
    let class = match message.speaker {
        Speaker::Agent => "agent",
        Speaker::Caller => "caller",
        Speaker::Other(_) => "",
    };
    let time = message.after_ms.map(|ms| el("small").child(format::clock(ms as f64 / 1000.0)));
    el("li")
        .class(class)
        .child(el("b").child(message.speaker.label().to_owned()))
        .child(time)
        .child(el("p").attr("dir", "auto").child(message.text.clone()))
}

/// Recordings, latencies and answers.
fn beside(detail: &CallDetail) -> Element {
    let column = el("div").child(recordings(detail));
    column.child(latencies(&detail.latencies)).child(answers(detail))
}

fn recordings(detail: &CallDetail) -> Element {
    let head = el("header").class("card-head").child(el("h2").child("Recording"));
    let card = el("section").class("card").child(head);
    let both = [("Both voices", &detail.recordings.mono), ("A voice on each side", &detail.recordings.stereo)];
    let players: Vec<Element> = both.into_iter().filter_map(|(name, of)| Some(player(name, of.as_ref()?))).collect();
    if players.is_empty() {
        return card.child(el("p").class("nothing").attr("role", "status").child(no_recording(detail)));
    }
    card.child(players)
}

/// Whether a recording may still come: of a call that was answered, until it was long ago.
pub(super) fn no_recording(detail: &CallDetail) -> &'static str {
    let was_answered = detail.call.duration_ms.is_some_and(|ms| ms > 0);
    if was_answered { "Not ready yet. It appears here by itself." } else { "Nobody answered, so nothing was recorded." }
}

/// The browser's own player, where its policy lets it be one; another server's is a link.
fn player(name: &'static str, address: &str) -> Element {
    let own = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    let is_own = address.starts_with('/') || address.strip_prefix(&own).is_some_and(|rest| rest.starts_with('/'));
    let label = el("p").class("note").child(name);
    if is_own {
        let has_failed = State::new(false);
        let audio = el("audio")
            .attr("controls", "")
            .attr("preload", "metadata")
            .attr("aria-label", name)
            .attr("src", address.to_owned())
            .on("error", move |_| has_failed.set(true));
        let problem = move || if has_failed.get() { "This recording cannot be loaded." } else { "" }.to_owned();
        let problem = el("p").class("problem").attr("role", "alert").child(text(problem));
        return el("div").class("player").child(label).child(audio).child(problem);
    }
    let link = el("a").attr("href", address.to_owned()).attr("target", "_blank").attr("rel", "noopener noreferrer");
    el("div").class("player").child(label).child(link.child("Open on the other server"))
}

/// How long the stages and the turns took, as bars with their figures beside them.
fn latencies(of: &Latencies) -> Element {
    let head = el("header").class("card-head").child(el("h2").child("Latency"));
    let stages = [("Transcriber", of.transcriber_ms), ("Agent", of.agent_ms), ("Synthesizer", of.synthesizer_ms)];
    let stages = stages.into_iter().filter_map(|(name, ms)| Some((name.to_owned(), ms?)));
    let turns = of.turns.iter().map(|(turn, ms)| (format!("Turn {turn}"), *ms));
    let bars: Vec<(String, f64)> = stages.chain(turns).collect();
    let longest = bars.iter().map(|(_, ms)| *ms).fold(0.0, f64::max);
    let card = el("section").class("card").child(head);
    if bars.is_empty() {
        return card.child(el("p").class("nothing").child("It was not measured."));
    }
    let bar = |(name, ms): (String, f64)| {
        let width = ms / longest.max(1.0) * 100.0;
        let drawn = el("span").class("part accent").style("width", move || format!("{width:.2}%"));
        el("tr")
            .child(el("th").attr("scope", "row").child(name))
            .child(el("td").class("bars").child(el("span").class("stack").attr("aria-hidden", "true").child(drawn)))
            .child(el("td").class("figure").child(format::millis(ms)))
    };
    let rows: Vec<Element> = bars.into_iter().map(bar).collect();
    card.child(el("table").class("latencies").child(el("tbody").child(rows)))
}

fn answers(detail: &CallDetail) -> Element {
    let head = el("header").class("card-head").child(el("h2").child("After the call"));
    let card = el("section").class("card").child(head);
    if detail.call.answers.is_empty() {
        return card.child(el("p").class("nothing").child("Nothing was found out, or not yet."));
    }
    let row = |answer: &callscope_core::calls::MetricAnswer| {
        let sure = answer.confidence.map(|of| format!("{} sure", format::percent(of)));
        let value = answer.value.clone().unwrap_or_else(|| format::UNKNOWN.to_owned());
        el("div").child(el("dt").attr("dir", "auto").child(words(&answer.identifier))).child(
            el("dd").child(el("span").attr("dir", "auto").child(value)).child(sure.map(|sure| el("small").child(sure))),
        )
    };
    let rows: Vec<Element> = detail.call.answers.iter().map(row).collect();
    card.child(el("dl").class("facts single").child(rows))
}

/// The way back to the list.
pub(super) fn back(on_back: Callback<()>) -> AnyView {
    live(move || button("boxed", move |_| on_back.run(())).attr("id", "back").child("← All calls").any())
}
