//! Bytes → wire → model, collecting findings on the way.

use super::audit;
use super::model::{Comparison, ComparisonContext, PrintedDeltas, RunDay, VersionFigures, VersionRun};
use super::wire;
use crate::error::{Error, ErrorKind};
use crate::period::DateRange;
use crate::wire::{Field, List, Number, Open, Reader};
use crate::{Finding, FindingCode};

/// What was asked of the server, to hold the answer against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The version that is compared with.
    pub version_a: String,
    /// The version that is compared.
    pub version_b: String,
    /// The local days; none for all there are.
    pub range: Option<DateRange>,
}

/// Reads and checks the answer of `GET /agent/{id}/versions/compare-metrics`.
///
/// Absent and wrong parts are left out and said as findings; the rest is kept.
///
/// # Errors
/// Where the bytes are no JSON, end too early, are not such an answer at all, or are about other
/// versions than those that were asked for: figures under the wrong name would mislead.
pub fn parse(bytes: &[u8], asked: &Asked) -> Result<(Comparison, Vec<Finding>), Error> {
    parse_tree(serde_json::from_slice(bytes)?, asked)
}

/// The same of an answer that somebody else has read already.
///
/// # Errors
/// As [`parse`].
pub fn parse_tree(answer: serde_json::Value, asked: &Asked) -> Result<(Comparison, Vec<Finding>), Error> {
    let (answer, unknown_fields) = decode(answer)?;
    let (comparison, mut findings) = check_answer(answer, asked)?;
    findings.extend(Finding::unknown_fields(unknown_fields));
    Ok((comparison, findings))
}

/// The ids of A and B that an answer names; `A` and `B` where it names none.
pub fn named_versions(answer: &serde_json::Value) -> [String; 2] {
    let metrics = answer.get("data").unwrap_or(answer).get("metrics");
    [("versionA", "A"), ("versionB", "B")].map(|(side, letter)| {
        let id = metrics.and_then(|metrics| metrics.get(side)?.get("versionId")?.as_str());
        id.unwrap_or(letter).to_owned()
    })
}

fn check_answer(answer: wire::ComparisonAnswer, asked: &Asked) -> Result<(Comparison, Vec<Finding>), Error> {
    let data = match answer.data {
        Field::Value(data) => data,
        Field::Wrong(what) => return Err(Error::new(ErrorKind::Shape, format!("'data' is {what}, not an object"))),
        _ => return Err(Error::new(ErrorKind::Shape, "the answer has no 'data'")),
    };
    if data.metrics.value().is_none() && data.config_diff.value().is_none() {
        return Err(Error::new(ErrorKind::Shape, "the answer holds neither figures nor a configuration diff"));
    }
    let mut reader = Reader::default();
    let mut comparison = comparison(&mut reader, data);
    same_versions(&comparison, asked)?;
    comparison.context = context(&mut reader, answer.callscope);
    let mut findings = reader.findings;
    audit::audit(&comparison, asked, &mut findings);
    Ok((comparison, findings))
}

/// Decodes the answer, with its envelope or without, and counts the fields it could not place.
fn decode(value: serde_json::Value) -> Result<(wire::ComparisonAnswer, usize), Error> {
    if !value.is_object() {
        return Err(Error::new(ErrorKind::Shape, "the answer is no comparison"));
    }
    let has_envelope = value.get("data").is_some();
    let mut unknown = 0;
    if has_envelope {
        let answer = Field::<wire::ComparisonAnswer>::take(value, &mut unknown).into_value().unwrap_or_default();
        return Ok((answer, unknown));
    }
    // Some gateways strip the envelope.
    let data = Field::take(value, &mut unknown);
    Ok((wire::ComparisonAnswer { data, ..wire::ComparisonAnswer::default() }, unknown))
}

/// Refuses figures of a version that was not asked for. An answer that names none is taken at its word.
fn same_versions(comparison: &Comparison, asked: &Asked) -> Result<(), Error> {
    let sides = [("A", &comparison.a, &asked.version_a), ("B", &comparison.b, &asked.version_b)];
    for (side, figures, wanted) in sides {
        if let Some(id) = figures.version_id.as_ref().filter(|id| *id != wanted) {
            let sentence = format!("the server answered with figures of version {id} for {side}, not of {wanted}");
            return Err(Error::new(ErrorKind::Shape, sentence));
        }
    }
    Ok(())
}

fn comparison(reader: &mut Reader, data: wire::Comparison) -> Comparison {
    let config = crate::diff::read(reader, data.config_diff);
    let metrics = reader.take(data.metrics, "metrics").unwrap_or_default();
    let deltas = reader.take(metrics.deltas, "deltas").unwrap_or_default();
    Comparison {
        a: version(reader, metrics.version_a, "versionA"),
        b: version(reader, metrics.version_b, "versionB"),
        printed: PrintedDeltas {
            calls: reader.take(deltas.total_calls, "deltas.totalCalls"),
            answered: reader.take(deltas.answered_calls, "deltas.answeredCalls"),
            average_duration_ms: reader.take(deltas.avg_duration_ms, "deltas.avgDurationMs"),
            completion_rate: reader.take(deltas.completion_rate, "deltas.completionRate"),
            cost_credits: reader.take(deltas.total_cost, "deltas.totalCost"),
        },
        config,
        context: None,
    }
}

fn version(reader: &mut Reader, field: Field<wire::VersionMetrics>, side: &str) -> VersionFigures {
    if matches!(field, Field::Missing | Field::Null) {
        let sentence = format!("The answer lacks the figures of {side}; they are unknown.");
        reader.findings.push(Finding::note(FindingCode::MissingPart, sentence));
    }
    let metrics = reader.take(field, side).unwrap_or_default();
    let place = |name: &str| format!("{side}.{name}");
    let duration_ms = reader.amount(&metrics.avg_duration_ms, &place("avgDurationMs"));
    VersionFigures {
        version_id: reader.text(metrics.version_id, &place("versionId")),
        calls: reader.count(&metrics.total_calls, &place("totalCalls")),
        answered: reader.count(&metrics.answered_calls, &place("answeredCalls")),
        average_duration_secs: duration_ms.map(|ms| ms / 1000.0),
        printed_completion_rate: rate(reader, metrics.completion_rate, &place("completionRate")),
        cost_credits: reader.amount(&metrics.total_cost, &place("totalCost")),
        hangups: open_counts(reader, metrics.hangup_source_distribution, &place("hangupSourceDistribution")),
        period: period(reader, metrics.period, &place("period")),
    }
}

/// A fraction 0–1.
fn rate(reader: &mut Reader, number: Number, place: &str) -> Option<f64> {
    let rate = reader.take(number, place)?;
    if (0.0..=1.0).contains(&rate) {
        return Some(rate);
    }
    reader.warn(FindingCode::OutOfBounds, format!("{place} is {rate}, outside 0–1; it was left out."));
    None
}

/// Counts under open names. One that is no count makes the whole unknown: shares of a rest would lie.
fn open_counts(reader: &mut Reader, field: Field<Open<f64>>, place: &str) -> Option<Vec<(String, u64)>> {
    let Open(members) = reader.take(field, place)?;
    let count = |(name, number): (String, Number)| {
        let count = reader.count(&number, &format!("{place}.{name}"))?;
        Some((name, count))
    };
    members.into_iter().map(count).collect()
}

fn period(reader: &mut Reader, field: Field<wire::ComparedPeriod>, place: &str) -> Option<DateRange> {
    let period = reader.take(field, place)?;
    if period.date_from.value().is_none() || period.date_to.value().is_none() {
        return None;
    }
    let (first, last) = (reader.date(period.date_from, place)?, reader.date(period.date_to, place)?);
    DateRange::new(first, last).ok()
}

fn context(reader: &mut Reader, field: Field<wire::RunContext>) -> Option<ComparisonContext> {
    let context = reader.take(field, "callscope")?;
    Some(ComparisonContext {
        time_zone: reader.text(context.time_zone, "callscope.timeZone"),
        calls_through: reader.text(context.calls_through, "callscope.callsThrough"),
        a: run(reader, context.version_a, "callscope.versionA"),
        b: run(reader, context.version_b, "callscope.versionB"),
    })
}

fn run(reader: &mut Reader, field: Field<wire::Run>, side: &str) -> VersionRun {
    let run = reader.take(field, side).unwrap_or_default();
    let place = |name: &str| format!("{side}.{name}");
    let days = reader.list(run.days, &place("days"));
    let mut days: Vec<RunDay> = days.into_iter().filter_map(|day| run_day(reader, day, side)).collect();
    days.sort_unstable_by_key(|day| day.date);
    VersionRun {
        label: reader.text(run.label, &place("label")),
        activated: run.activated.value().is_some().then(|| reader.date(run.activated, side)).flatten(),
        is_live: reader.take(run.is_live, &place("isLive")),
        days,
        weekdays: counts(reader, run.weekdays, &place("weekdays")),
        hours: counts(reader, run.hours, &place("hours")),
        types: open_counts(reader, run.types, &place("types")).unwrap_or_default(),
        test_calls: reader.count(&run.test_calls, &place("testCalls")),
    }
}

fn run_day(reader: &mut Reader, day: wire::RunDay, side: &str) -> Option<RunDay> {
    Some(RunDay {
        date: reader.date(day.date, side)?,
        calls: reader.count(&day.calls, side)?,
        answered: reader.count(&day.answered, side)?,
    })
}

/// A list of so many counts; unknown where it has another length.
fn counts<const N: usize>(reader: &mut Reader, list: List<f64>, place: &str) -> Option<[u64; N]> {
    let numbers = reader.take(list, place)?;
    let counts: Option<Vec<u64>> = numbers.into_iter().map(|number| reader.count(&number, place)).collect();
    counts?.try_into().ok()
}
