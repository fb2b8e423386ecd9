//! The eight figures of the period, each with its change against the previous one.

use callscope_core::format;
use callscope_core::usage::{Change, Delta, UsageChange, UsageReport};
use leptos::prelude::*;

use crate::chart::Spark;

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
    if unit.is_empty() || unit == "min" { number } else { format!("{number}\u{202f}{unit}") }
}

/// All tiles of a report.
#[component]
pub(super) fn Tiles(
    /// The report shown.
    report: Signal<Option<UsageReport>>,
    /// Its change.
    change: Signal<Option<UsageChange>>,
    /// Whether the previous period is compared.
    compared: Signal<bool>,
) -> impl IntoView {
    let of =
        move |pick: fn(&UsageChange) -> Change| Signal::derive(move || change.with(|change| change.as_ref().map(pick)));
    let daily = move |value: fn(u64, u64) -> Option<f64>| {
        Signal::derive(move || {
            report.with(|report| {
                let days = report.iter().flat_map(|report| &report.days);
                days.map(|day| value(day.calls?, day.resolved?)).collect::<Vec<_>>()
            })
        })
    };
    let none = Signal::derive(Vec::new);
    let agents = Signal::derive(move || {
        report.with(|report| {
            let listed = report.as_ref().map_or(0, |report| report.agents.len());
            (listed > 0).then(|| format!("of {}", format::count(listed as u64)))
        })
    });
    let plain = Signal::derive(|| None::<String>);
    view! {
        <div class="tiles">
            <Tile label="Calls" style=COUNT change=of(|c| c.calls) compared=compared spark=daily(|calls, _| Some(calls as f64)) after=plain/>
            <Tile label="Minutes" style=COUNT change=of(|c| c.minutes) compared=compared spark=none after=plain/>
            <Tile
                label="Resolution rate"
                style=RATE
                change=of(|c| c.resolution_rate)
                compared=compared
                spark=daily(|calls, resolved| (calls > 0).then(|| resolved as f64 / calls as f64))
                after=plain
            />
            <Tile label="Average duration" style=CLOCK change=of(|c| c.average_duration_secs) compared=compared spark=none after=plain/>
            <Tile label="Active agents" style=COUNT change=of(|c| c.active_agents) compared=compared spark=none after=agents/>
            <Tile label="Response time" style=MILLIS change=of(|c| c.response_time_ms) compared=compared spark=none after=plain/>
            <Tile label="Positive sentiment" style=RATE change=of(|c| c.positive_sentiment) compared=compared spark=none after=plain/>
            <Tile label="Escalation rate" style=RATE change=of(|c| c.escalation_rate) compared=compared spark=none after=plain/>
        </div>
    }
}

#[component]
fn Tile(
    label: &'static str,
    style: Style,
    change: Signal<Option<Change>>,
    compared: Signal<bool>,
    spark: Signal<Vec<Option<f64>>>,
    after: Signal<Option<String>>,
) -> impl IntoView {
    let value = move || change.get().and_then(|change| change.now);
    let number = move || value().map_or_else(|| format::UNKNOWN.to_owned(), |value| (style.write)(value).0);
    let unit = move || after.get().or_else(|| value().map(|value| (style.write)(value).1.to_owned()));
    let has_spark = Memo::new(move |_| spark.with(|values| values.iter().flatten().count() > 1));
    view! {
        <article class="card tile">
            <h3>{label}</h3>
            <p class="figure-large"><span>{number}</span>" "<small>{unit}</small></p>
            <p class="delta-line">
                {move || change.get().map(|change| delta(change, style, compared.get()))}
            </p>
            <Show when=move || has_spark.get()><Spark values=spark/></Show>
        </article>
    }
}

/// The pill with the change, and what it is against.
fn delta(change: Change, style: Style, compared: bool) -> AnyView {
    if change.now.is_none() {
        return view! { <span class="pill">{style.unknown}</span>" unknown, not zero" }.into_any();
    }
    if !compared {
        return ().into_any();
    }
    let before = format!(" {} before", written(style, change.before));
    let (text, interval) = match change.delta {
        Delta::Unknown => (format::UNKNOWN.to_owned(), None),
        Delta::Relative { fraction: None, absolute } => (format::signed(absolute, 0), None),
        Delta::Relative { fraction: Some(fraction), .. } => (format::change(fraction), None),
        Delta::Points { difference, interval } => (format::points(difference), interval),
    };
    let verdict = change.is_clearly_better();
    let meaning = match (verdict, interval) {
        (Some(true), _) => "clearly better",
        (Some(false), _) => "clearly worse",
        (None, Some(_)) => "no clear difference",
        (None, None) => "",
    };
    let range = interval.map(|interval| {
        let ends = (format::signed(interval.low * 100.0, 1), format::signed(interval.high * 100.0, 1));
        view! { <span class="interval" title="95 % interval of the difference, in percentage points">{format!("{} to {} pp · {meaning}", ends.0, ends.1)}</span> }
    });
    view! {
        <span class="pill" class:better=verdict == Some(true) class:worse=verdict == Some(false)>{text}</span>
        <span>{before}</span>
        {range}
    }
    .into_any()
}
