//! The eight figures of the period, each with its change against the previous one.

use callscope_core::format;
use callscope_core::stats::Interval;
use callscope_core::usage::{Change, Delta};
use leptos::prelude::*;

use super::answers::{Answers, Given};
use crate::chart::spark;
use crate::piece::{Element, IntoChild as _, el, live, nothing};

/// How a tile's figure is written.
#[derive(Clone, Copy)]
struct Style {
    /// The figure with its unit apart: `80.0` and `%`.
    write: fn(f64) -> (String, &'static str),
    /// What is said where the figure is unknown.
    unknown: &'static str,
}

const COUNT: Style = Style { write: |value| (format::number(value, 0), ""), unknown: "no data" };
const RATE: Style = Style { write: |value| (format::number(value * 100.0, 1), "%"), unknown: "no data" };
const CLOCK: Style = Style { write: |value| (format::clock(value), "min"), unknown: "no calls" };
const MILLIS: Style = Style { write: |value| (format::number(value, 0), "ms"), unknown: "no telemetry" };

fn written(style: Style, value: Option<f64>) -> String {
    let Some(value) = value else { return format::UNKNOWN.to_owned() };
    let (number, unit) = (style.write)(value);
    if unit.is_empty() || unit == "min" { number } else { format::with_unit(number, unit) }
}

/// One tile.
struct Tile {
    label: &'static str,
    style: Style,
    change: Change,
    spark: Vec<Option<f64>>,
    /// Beside the figure, in the place of a unit.
    after: Option<String>,
}

/// What the figures can be compared with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    NotAsked,
    /// The previous period had no call: every change would be one from nothing.
    NoCalls,
    Known,
}

impl Before {
    fn of(answers: &Answers) -> Self {
        match &answers.previous {
            None => Self::NotAsked,
            Some(report) if report.is_without_calls() => Self::NoCalls,
            Some(_) => Self::Known,
        }
    }
}

/// All tiles of a report.
pub(super) fn tiles(given: Given) -> AnyView {
    live(move || {
        let answers = given.answers.get();
        let before = Before::of(&answers);
        let tiles: Vec<Element> = figures(&answers).into_iter().map(|tile| shown(tile, before)).collect();
        el("div").class("tiles").child(tiles).any()
    })
}

fn figures(answers: &Answers) -> [Tile; 8] {
    let change = answers.change();
    let daily = |value: fn(u64, u64) -> Option<f64>| {
        answers.report.days.iter().map(|day| value(day.calls?, day.resolved?)).collect::<Vec<_>>()
    };
    let tile = |label, style, change| Tile { label, style, change, spark: Vec::new(), after: None };
    let listed = answers.report.agents.len();
    [
        Tile { spark: daily(|calls, _| Some(calls as f64)), ..tile("Calls", COUNT, change.calls) },
        tile("Minutes", COUNT, change.minutes),
        Tile {
            spark: daily(|calls, resolved| (calls > 0).then(|| resolved as f64 / calls as f64)),
            ..tile("Resolution rate", RATE, change.resolution_rate)
        },
        tile("Average duration", CLOCK, change.average_duration_secs),
        Tile {
            after: (listed > 0).then(|| format!("of {}", format::count(listed as u64))),
            ..tile("Active agents", COUNT, change.active_agents)
        },
        tile("Response time", MILLIS, change.response_time_ms),
        tile("Positive sentiment", RATE, change.positive_sentiment),
        tile("Escalation rate", RATE, change.escalation_rate),
    ]
}

fn shown(tile: Tile, before: Before) -> Element {
    let written = tile.change.now.map(tile.style.write);
    let number = written.as_ref().map_or_else(|| format::UNKNOWN.to_owned(), |(number, _)| number.clone());
    let unit = tile.after.or_else(|| written.map(|(_, unit)| unit.to_owned()));
    let has_spark = tile.spark.iter().flatten().count() > 1;
    let figure = el("p").class("figure-large").child(el("span").child(number));
    el("article")
        .class("card tile")
        .child(el("h2").child(tile.label))
        .child(figure.child(el("small").child(format!(" {}", unit.unwrap_or_default()))))
        .child(el("p").class("delta-line").child(delta(tile.change, tile.style, before)))
        .child(has_spark.then(|| spark(tile.spark)))
}

/// A tile in words, for files and pictures.
pub(super) struct TileWords {
    pub(super) label: &'static str,
    pub(super) value: String,
    pub(super) before: String,
    pub(super) change: String,
    /// Whether the change is clearly good news (`true`) or bad.
    pub(super) is_better: Option<bool>,
}

/// All tiles of a report in words.
pub(super) fn words(answers: &Answers) -> Vec<TileWords> {
    let before = Before::of(answers);
    let words = |tile: Tile| TileWords {
        label: tile.label,
        value: written(tile.style, tile.change.now),
        before: if before == Before::Known { written(tile.style, tile.change.before) } else { String::new() },
        change: if before == Before::Known { delta_words(&tile.change.delta).0 } else { String::new() },
        is_better: tile.change.is_clearly_better().filter(|_| before == Before::Known),
    };
    figures(answers).into_iter().map(words).collect()
}

/// A change as it is written, and its interval where it has one.
fn delta_words(delta: &Delta) -> (String, Option<Interval>) {
    match *delta {
        Delta::Unknown => (format::UNKNOWN.to_owned(), None),
        // Exactly as before: no percents are needed to say so.
        Delta::Relative { absolute, .. } if absolute.abs() <= 0.0 => ("±0".to_owned(), None),
        Delta::Relative { fraction: None, absolute } => (format::signed(absolute, 0), None),
        Delta::Relative { fraction: Some(fraction), .. } => (format::change(fraction), None),
        Delta::Points { difference, interval, .. } => (format::points(difference), interval),
    }
}

/// The pill with the change, and what it is against.
fn delta(change: Change, style: Style, before: Before) -> AnyView {
    if change.now.is_none() {
        let pill = el("span").class("pill").child(style.unknown);
        return vec![pill.any(), " unknown, not zero".into_child()].into_child();
    }
    match before {
        Before::NotAsked => return nothing(),
        Before::NoCalls => return "no calls before".into_child(),
        Before::Known => {}
    }
    let before = format!(" {} before", written(style, change.before));
    let too_few = matches!(change.delta, Delta::Points { is_too_few: true, .. });
    let too_few = too_few.then(|| el("span").class("interval").child("too few calls to tell"));
    let (text, interval) = delta_words(&change.delta);
    let verdict = change.is_clearly_better();
    let meaning = match (verdict, interval) {
        (Some(true), _) => "clearly better",
        (Some(false), _) => "clearly worse",
        (None, Some(_)) => "no clear difference",
        (None, None) => "",
    };
    let range = interval.map(|interval| {
        let words = format!("{} · {meaning}", format::points_range(interval.low, interval.high));
        let title = "95 % interval of the difference, in percentage points";
        el("span").class("interval").attr("title", title).child(words)
    });
    let class = match verdict {
        Some(true) => "pill better",
        Some(false) => "pill worse",
        None => "pill",
    };
    let pill = el("span").class(class).child(text);
    vec![pill.any(), el("span").child(before).any(), range.into_child(), too_few.into_child()].into_child()
}
