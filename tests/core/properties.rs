//! What holds for any input.

use callscope_core::FindingCode;
use callscope_core::Severity;
use callscope_core::calls::{Outcome, UsageFacts, UsageSummary};
use callscope_core::export::{Cell, Column, Table, defused, to_csv};
use callscope_core::period::{Date, DateRange, Preset, Transition, Zone, add_days, days_between, iso_date, parse_date};
use callscope_core::stats::{Proportion, newcombe, wilson};
use callscope_core::usage::{
    AgentEntry, Asked, Change, Delta, Narrowing, OutcomeCounts, Totals, UsageReport, answer, compare, parse, wire,
};
use callscope_core::wire::Field;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use super::usage_inputs::{FULL_DAYS, asked, good, pointers, put};

/// A failing case is shown at its smallest and becomes a test of its own; no file remembers it.
fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

// Calls.

/// Two weeks around the end of summer time in Berlin.
fn berlin() -> (Zone, DateRange) {
    let change = Transition { at_secs: 1_729_990_800, offset_secs: 3600 };
    let range = DateRange::new(Date::constant(2024, 10, 20), Date::constant(2024, 11, 2)).unwrap();
    (Zone::new("Europe/Berlin", 7200, &[change]).unwrap(), range)
}

#[derive(Clone, Debug)]
struct Call {
    facts: UsageFacts<'static>,
    /// In which of three summaries it is counted first.
    shard: usize,
}

/// Calls inside the range with everything known or not; figures lie inside their bounds.
fn calls() -> impl Strategy<Value = Vec<Call>> {
    let (zone, range) = berlin();
    let (start_ms, end_ms) = range.instants_ms(&zone);
    let handled = (
        start_ms..end_ms,
        0..3_600_000_u64,
        select(Outcome::ALL.to_vec()),
        option::of(select(vec!["a", "b", "Ⅽ, \"c\""])),
        option::of(select(vec!["price", "lost card", "=1+1"])),
    );
    let telemetry = (
        option::of(0.0..1e5),
        option::of(any::<bool>()),
        option::of(0..4_u32),
        option::of((0..1000_u64, 0..1000_u64)),
        option::of(0.0..=1.0),
        option::of((0..50_u64, 0..50_u64)),
    );
    let call = (handled, telemetry, 0..3_usize).prop_map(|(handled, telemetry, shard)| {
        let (started_ms, duration_ms, outcome, agent_id, escalation_reason) = handled;
        let (response_ms, positive_sentiment, corrections, tokens, transcript_confidence, tool_calls) = telemetry;
        let tokens = tokens.map(|(cached, others)| (cached, cached + others));
        let facts = UsageFacts {
            agent_id,
            response_ms,
            positive_sentiment,
            corrections,
            tokens,
            transcript_confidence,
            tool_calls,
            escalation_reason,
            ..UsageFacts::bare(started_ms, duration_ms, outcome)
        };
        Call { facts, shard }
    });
    vec(call, 0..60)
}

fn summed<'a>(calls: impl IntoIterator<Item = &'a Call>) -> UsageSummary {
    let mut summary = UsageSummary::default();
    for call in calls {
        summary.add(&call.facts, &berlin().0);
    }
    summary
}

fn merged(a: &UsageSummary, b: &UsageSummary) -> UsageSummary {
    let mut both = a.clone();
    both.merge(b);
    both
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn merging_is_adding_in_any_order(calls in calls()) {
        let whole = summed(&calls);
        let [a, b, c] = [0, 1, 2].map(|shard| summed(calls.iter().filter(|call| call.shard == shard)));
        prop_assert_eq!(&merged(&merged(&a, &b), &c), &whole);
        prop_assert_eq!(&merged(&a, &merged(&b, &c)), &whole);
        prop_assert_eq!(merged(&a, &b), merged(&b, &a));
        prop_assert_eq!(&merged(&whole, &UsageSummary::default()), &whole);
        prop_assert_eq!(&summed(calls.iter().rev()), &whole);
    }

    /// Also values that are no measurement leave the summary mergeable and its figures finite.
    #[test]
    fn no_measurement_breaks_a_mean(values in vec(prop_oneof![prop::num::f64::ANY, select(vec![f64::NAN, f64::INFINITY, -f64::INFINITY])], 0..20), cut in 0..20_usize) {
        let call = |value: f64| Call {
            facts: UsageFacts { response_ms: Some(value), ..UsageFacts::bare(0, 0, Outcome::Other) },
            shard: 0,
        };
        let calls: Vec<Call> = values.iter().copied().map(call).collect();
        let (a, b) = calls.split_at(cut.min(calls.len()));
        prop_assert_eq!(merged(&summed(a), &summed(b)), summed(&calls));
        let mean = summed(&calls).response_ms();
        prop_assert_eq!(mean.is_some(), values.iter().any(|value| value.is_finite()));
        prop_assert!(mean.is_none_or(f64::is_finite));
    }

    #[test]
    fn every_way_of_counting_gives_the_total(calls in calls()) {
        let summary = summed(&calls);
        let total = calls.len() as u64;
        let days: Vec<_> = berlin().1.days().map(|date| summary.day(date)).collect();
        prop_assert_eq!(summary.calls(), total);
        prop_assert_eq!(days.iter().map(|day| day.calls).sum::<u64>(), total);
        prop_assert_eq!(days.iter().map(|day| day.resolved).sum::<u64>(), summary.ended(Outcome::Resolved));
        prop_assert_eq!(summary.hours().iter().map(|hour| hour.calls).sum::<u64>(), total);
        prop_assert_eq!(summary.hours().iter().map(|hour| hour.duration_ms).sum::<u64>(), summary.duration_ms());
        prop_assert_eq!(Outcome::ALL.into_iter().map(|outcome| summary.ended(outcome)).sum::<u64>(), total);
        let without_agent = calls.iter().filter(|call| call.facts.agent_id.is_none()).count() as u64;
        prop_assert_eq!(summary.agents().values().map(|agent| agent.calls).sum::<u64>() + without_agent, total);
        for agent in summary.agents().values() {
            prop_assert_eq!(Outcome::ALL.into_iter().map(|outcome| agent.ended(outcome)).sum::<u64>(), agent.calls);
        }
        let reasons = summary.reasons().values().map(|reason| reason.calls).sum::<u64>();
        prop_assert!(reasons <= summary.ended(Outcome::Transferred));
        prop_assert_eq!(summary.last_started_ms(), calls.iter().map(|call| call.facts.started_ms).max());
    }

    /// What one side writes, the other reads without a warning and with the same figures.
    #[test]
    fn an_answer_is_read_as_it_was_meant(calls in calls(), in_envelope in any::<bool>()) {
        let (_, range) = berlin();
        let summary = summed(&calls);
        let directory = ["a", "b", "idle"].map(|id| AgentEntry {
            id: id.to_owned(),
            name: format!("Agent {id}"),
            status: "active".to_owned(),
        });
        let data = answer(&summary, range, &directory);
        let bytes = if in_envelope {
            let context = wire::Context { time_zone: "Europe/Berlin".into(), ..wire::Context::default() };
            serde_json::to_vec(&wire::Answer { data: Field::Value(data), callscope: Field::Value(context) }).unwrap()
        } else {
            serde_json::to_vec(&data).unwrap()
        };
        let (report, findings) = parse(&bytes, &Asked { range, narrowing: Narrowing::default() }).unwrap();

        let mut expected = Vec::new();
        let without_agent = calls.iter().filter(|call| call.facts.agent_id.is_none()).count();
        if without_agent > 0 {
            expected.push(FindingCode::AgentsSum);
        }
        let unknown = [summary.response_ms(), summary.positive_sentiment(), summary.uncorrected(),
            summary.cached_token_share(), summary.transcript_confidence(), summary.tool_success()];
        if !calls.is_empty() && unknown.contains(&None) {
            expected.push(FindingCode::NoTelemetry);
        }
        if !in_envelope {
            expected.push(FindingCode::ZoneUnknown);
        }
        let found: Vec<_> = findings.iter().map(|finding| finding.code).collect();
        prop_assert_eq!(found, expected, "{:#?}", findings);
        prop_assert!(findings.iter().all(|finding| finding.severity == Severity::Note));

        check_counts(&report, &summary, range)?;
    }
}

fn check_counts(report: &UsageReport, summary: &UsageSummary, range: DateRange) -> Result<(), TestCaseError> {
    prop_assert_eq!(report.totals.calls, Some(summary.calls()));
    prop_assert_eq!(report.totals.active_agents, Some(summary.agents().len() as u64));
    let days: Vec<_> = report.days.iter().map(|day| (day.date, day.calls, day.resolved)).collect();
    let counted = range.days().map(|date| (date, summary.day(date)));
    prop_assert_eq!(days, counted.map(|(date, day)| (date, Some(day.calls), Some(day.resolved))).collect::<Vec<_>>());
    for ((hour, volume), tally) in (0..).zip(&report.hours).zip(summary.hours()) {
        prop_assert_eq!((volume.hour, volume.calls), (hour, Some(tally.calls)));
    }
    prop_assert_eq!(report.hours.len(), 24);
    let outcomes = report.outcomes.unwrap();
    for outcome in Outcome::ALL {
        prop_assert_eq!(outcomes.of(outcome), Some(summary.ended(outcome)));
    }
    for agent in &report.agents {
        let tally = summary.agents().get(&agent.id).copied().unwrap_or_default();
        prop_assert_eq!(agent.calls, Some(tally.calls));
        for outcome in Outcome::ALL {
            prop_assert_eq!(agent.outcomes.of(outcome), Some(tally.ended(outcome)));
        }
    }
    prop_assert!(summary.agents().keys().all(|id| report.agents.iter().any(|agent| agent.id == *id)));
    prop_assert_eq!(report.escalation_reasons.len(), summary.reasons().len());
    for reason in &report.escalation_reasons {
        prop_assert_eq!(reason.calls, summary.reasons().get(&reason.reason).map(|tally| tally.calls));
    }
    let minutes = summary.duration_ms() as f64 / 60_000.0;
    prop_assert!((report.totals.minutes.unwrap() - minutes).abs() < 1e-6);
    Ok(())
}

// Answers.

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        select(vec![
            "data",
            "callscope",
            "metrics",
            "totalCalls",
            "totalMinutes",
            "resolutionRate",
            "dailyVolume",
            "date",
            "hourlyDistribution",
            "hour",
            "calls",
            "minutes",
            "resolutionBreakdown",
            "resolved",
            "transferred",
            "agentPerformance",
            "agentId",
            "agentName",
            "status",
            "aiInsights",
            "trainingSessions",
            "escalationReasons",
            "reason",
            "count",
            "percentOfTotal",
            "timeZone",
            "releases",
            "label",
        ])
        .prop_map(str::to_owned),
        ".{0,6}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0..30_i64).prop_map(Value::from),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}(T.{0,3})?|[0-9+]{1,3}:00|.{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((key.clone(), inner), 0..6).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// A report of whatever came in has the shape that pages rely on, and no figure beyond its bounds.
fn check_report(report: &UsageReport, range: DateRange) -> Result<(), TestCaseError> {
    prop_assert!(report.days.is_empty() || report.days.iter().map(|day| day.date).eq(range.days()));
    prop_assert!(report.hours.is_empty() || report.hours.iter().map(|hour| hour.hour).eq(0..24));
    let (totals, insights) = (&report.totals, &report.insights);
    let fractions = [
        totals.resolution_rate,
        totals.positive_sentiment,
        totals.escalation_rate,
        insights.uncorrected_calls,
        insights.cached_token_share,
        insights.transcript_confidence,
        insights.tool_call_success,
    ];
    let of_agents = report.agents.iter().map(|agent| agent.positive_sentiment);
    let of_reasons = report.escalation_reasons.iter().map(|reason| reason.share);
    for fraction in fractions.into_iter().chain(of_agents).chain(of_reasons).flatten() {
        prop_assert!((0.0..=1.0).contains(&fraction), "{}", fraction);
    }
    let amounts = [totals.minutes, totals.average_duration_secs, totals.response_time_ms, insights.response_latency_ms];
    let of_hours = report.hours.iter().map(|hour| hour.minutes);
    for amount in amounts.into_iter().chain(of_hours).flatten() {
        prop_assert!(amount >= 0.0 && amount.is_finite(), "{}", amount);
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200)) {
        if let Err(error) = parse(&bytes, &asked(FULL_DAYS)) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn any_json_is_read_or_refused(json in any_json(), wrapped in any::<bool>()) {
        let text = if wrapped { format!("{{\"data\":{json}}}") } else { json.to_string() };
        let asked = asked(FULL_DAYS);
        if let Ok((report, _)) = parse(text.as_bytes(), &asked) {
            check_report(&report, asked.range)?;
        }
    }

    /// Values anywhere in a good answer may be replaced by anything, and it is still read.
    #[test]
    fn a_spoilt_answer_is_still_read(spoilt in vec((any::<prop::sample::Index>(), any_json()), 1..6)) {
        let mut answer = good();
        for (index, json) in spoilt {
            let all = pointers(&answer["data"]);
            if !all.is_empty() {
                put(&mut answer, &format!("/data{}", index.get(&all)), Some(json));
            }
        }
        let asked = asked(FULL_DAYS);
        let (report, findings) = parse(answer.to_string().as_bytes(), &asked).unwrap();
        check_report(&report, asked.range)?;
        prop_assert!(findings.iter().all(|finding| finding.sentence.ends_with('.')));
    }

    /// Cut anywhere, an answer is an error that says so, and never half a report.
    #[test]
    fn a_cut_answer_is_refused(cut in any::<prop::sample::Index>()) {
        let text = good().to_string();
        let error = parse(&text.as_bytes()[..cut.index(text.len())], &asked(FULL_DAYS)).unwrap_err();
        prop_assert_eq!(error.kind(), callscope_core::ErrorKind::Syntax);
    }
}

// Tables.

fn any_cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        ".{0,8}".prop_map(Cell::Text),
        "[ =+@\t\r\n\",;'a-]{0,6}".prop_map(Cell::Text),
        any::<u64>().prop_map(Cell::Count),
        any::<f64>().prop_map(|value| Cell::measure(Some(value), 2)),
        Just(Cell::Unknown),
    ]
}

/// What a reader of the file should see in a cell.
fn in_file(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => defused(text).into_owned(),
        Cell::Count(count) => count.to_string(),
        Cell::Measure(value, _) => value.to_string(),
        Cell::Unknown => String::new(),
    }
}

/// A table of two to five columns: of a single one, an unknown cell would be an empty line, which
/// readers of CSV pass over.
fn any_table() -> impl Strategy<Value = Table> {
    (2..6_usize).prop_flat_map(|width| {
        let headings = vec("[a-zA-Z0-9 \",\r\n()%]{1,8}", width);
        let rows = vec(vec(any_cell(), width), 0..8);
        (headings, rows).prop_map(|(headings, rows)| Table {
            caption: String::new(),
            columns: headings.into_iter().map(Column::text).collect(),
            rows,
        })
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_table_comes_back_from_csv(table in any_table()) {
        let text = to_csv(&table);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let found: Vec<Vec<String>> =
            reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        let headings = table.columns.iter().map(|column| column.heading.clone()).collect();
        let rows = table.rows.iter().map(|row| row.iter().map(in_file).collect());
        prop_assert_eq!(found, std::iter::once(headings).chain(rows).collect::<Vec<Vec<String>>>());
        for cell in table.rows.iter().flatten() {
            if let Cell::Measure(value, _) = cell {
                prop_assert_eq!(in_file(cell).parse::<f64>().unwrap().to_bits(), value.to_bits());
            }
        }
    }

    /// Defusing puts an apostrophe before what would run, and leaves all else alone.
    #[test]
    fn no_text_runs_in_a_spreadsheet(text in "[ =+@\t\r\n＝－'a-]{0,6}|.{0,8}") {
        let safe = defused(&text);
        let first = text.trim_start_matches(' ').chars().next();
        let runs = first.is_some_and(|first| "=+-@\t\r\n＝＋－＠".contains(first));
        prop_assert_eq!(&*safe, if runs { format!("'{text}") } else { text.clone() });
        prop_assert_eq!(defused(&safe), &*safe);
    }
}

// Dates and zones.

const DAY_SECS: i64 = 86_400;

fn any_date() -> impl Strategy<Value = Date> {
    (0..60_000).prop_map(|days| add_days(Date::constant(1950, 1, 1), days))
}

/// Any table of transitions that is allowed: any offsets at any instants.
fn wild_zone() -> impl Strategy<Value = Zone> {
    let transition = (-100_000_000_i64..2_000_000_000, -86_399..=86_399_i32)
        .prop_map(|(at_secs, offset_secs)| Transition { at_secs, offset_secs });
    // Some of them very near each other.
    let near =
        (0..400_000_i64, -86_399..=86_399_i32).prop_map(|(at_secs, offset_secs)| Transition { at_secs, offset_secs });
    (-86_399..=86_399_i32, vec(prop_oneof![transition, near], 0..12)).prop_map(|(first, mut transitions)| {
        transitions.sort_by_key(|transition| transition.at_secs);
        Zone::new("Test/Wild", first, &transitions).unwrap()
    })
}

/// A table as zones in use have it: at most one change of up to three hours in every three days from
/// 1970 on, that neither repeats a midnight nor skips the hours before one.
fn mild_zone() -> impl Strategy<Value = Zone> {
    let change = (3..12_i64, 0..DAY_SECS, prop_oneof![Just(3600_i32), Just(1800), 1..10_800], any::<bool>());
    (-43_200..=43_200_i32, vec(change, 0..10)).prop_map(|(first_offset_secs, changes)| {
        let (mut day, mut offset) = (0, first_offset_secs);
        let mut transitions = Vec::new();
        for (days_later, second_of_day, shift, is_back) in changes {
            day += days_later;
            let is_back = if offset.abs() > 43_200 { offset > 0 } else { is_back };
            let shift = if is_back { -shift } else { shift };
            // Both what the clock shows before the change and what it shows after lie on this day.
            let second_of_day = second_of_day.max(-i64::from(shift)).min(DAY_SECS - 1 - i64::from(shift.max(0)));
            let at_secs = day * DAY_SECS + second_of_day - i64::from(offset);
            offset += shift;
            transitions.push(Transition { at_secs, offset_secs: offset });
        }
        Zone::new("Test/Mild", first_offset_secs, &transitions).unwrap()
    })
}

/// Days that the transitions of the zones above fall on, and some before and after.
fn any_range() -> impl Strategy<Value = DateRange> {
    (-10..120_i32, 0..20_i32).prop_map(|(first, more)| {
        let first = add_days(Date::constant(1970, 1, 1), first);
        DateRange::new(first, add_days(first, more)).unwrap()
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_date_is_read_as_it_was_written(date in any_date()) {
        prop_assert_eq!(parse_date(&iso_date(date)).unwrap(), date);
    }

    #[test]
    fn the_previous_period_is_the_nearest_on_the_same_weekdays(range in any_range()) {
        let previous = range.previous();
        prop_assert_eq!(previous.len_days(), range.len_days());
        prop_assert_eq!(previous.first().weekday(), range.first().weekday());
        prop_assert!((0..7).contains(&(days_between(previous.last(), range.first()) - 1)));
        prop_assert_eq!(range.days().count() as i32, range.len_days());
        prop_assert!(range.days().all(|date| range.contains(date) && !previous.contains(date)));
    }

    #[test]
    fn presets_are_ranges_up_to_today(today in any_date()) {
        for preset in Preset::ALL {
            let range = preset.range(today);
            prop_assert_eq!(DateRange::new(range.first(), today).unwrap(), range);
        }
    }

    /// A day begins at the first instant that shows its date or a later one, in any zone at all.
    #[test]
    fn days_begin_in_order_and_fill_the_span(zone in wild_zone(), range in any_range()) {
        let mut length_secs = 0;
        for date in range.days() {
            let start_ms = zone.start_of_day_ms(date);
            prop_assert!(zone.local(start_ms).date >= date, "{} {:?}", date, zone);
            prop_assert!(zone.local(start_ms - 1).date < date, "{} {:?}", date, zone);
            prop_assert!(zone.day_length_secs(date) >= 0, "{} {:?}", date, zone);
            length_secs += zone.day_length_secs(date);
        }
        let (start_ms, end_ms) = range.instants_ms(&zone);
        prop_assert_eq!(length_secs * 1000, end_ms - start_ms);
    }

    /// In zones as they are, an instant shows the date of the day it lies in, the wall shows the
    /// instant plus the offset, and the lengths of days tell the changes of clock.
    #[test]
    fn instants_show_their_day(zone in mild_zone(), range in any_range(), seed in vec(0.0..1.0, 8)) {
        for date in range.days() {
            let (start_ms, end_ms) = DateRange::day(date).instants_ms(&zone);
            prop_assert!(end_ms > start_ms);
            let inside = seed.iter().map(|part| start_ms + ((end_ms - start_ms) as f64 * part) as i64);
            for at_ms in inside.chain([start_ms, end_ms - 1]) {
                let local = zone.local(at_ms);
                prop_assert_eq!(local.date, date, "{} in {:?}", at_ms, zone);
                let shown_secs = i64::from(days_between(Date::constant(1970, 1, 1), local.date)) * DAY_SECS
                    + i64::from(local.hour) * 3600
                    + i64::from(local.minute) * 60;
                let wall_secs = at_ms.div_euclid(1000) + i64::from(zone.offset_secs_at(at_ms.div_euclid(1000)));
                prop_assert_eq!(wall_secs - wall_secs.rem_euclid(60), shown_secs);
            }
            let shifts: i64 =
                zone.clock_changes(DateRange::day(date)).iter().map(|change| i64::from(change.shift_secs)).sum();
            prop_assert_eq!(zone.day_length_secs(date), DAY_SECS - shifts);
        }
        let changes = zone.clock_changes(range);
        prop_assert!(changes.iter().all(|change| range.contains(change.date) && change.shift_secs != 0));
    }
}

// Changes between periods.

/// A report whose rates are those of its counts, with anything unknown.
fn any_totals() -> impl Strategy<Value = UsageReport> {
    let figures = (
        option::of(prop_oneof![Just(0.0), 0.0..1e6]),
        option::of(prop_oneof![Just(0.0), 0.0..1e4]),
        option::of(0..500_u64),
        option::of(0.0..1e4),
        option::of(0.0..=1.0),
    );
    (option::of(prop_oneof![[0..300_u64, 0..300, 0..300, 0..300], [0..12_u64, 0..12, 0..12, 0..12]]), figures).prop_map(
        |(counts, figures)| {
            let (minutes, average_duration_secs, active_agents, response_time_ms, positive_sentiment) = figures;
            let outcomes = counts.map(|[resolved, transferred, abandoned, other]| OutcomeCounts {
                resolved: Some(resolved),
                transferred: Some(transferred),
                abandoned: Some(abandoned),
                other: Some(other),
            });
            let rate = |outcome| outcomes?.proportion(outcome)?.rate();
            let totals = Totals {
                calls: outcomes.and_then(OutcomeCounts::sum),
                minutes,
                resolution_rate: rate(Outcome::Resolved),
                average_duration_secs,
                active_agents,
                response_time_ms,
                positive_sentiment,
                escalation_rate: rate(Outcome::Transferred),
            };
            UsageReport { totals, outcomes, ..UsageReport::default() }
        },
    )
}

fn all_changes(now: &UsageReport, before: Option<&UsageReport>) -> [Change; 8] {
    let change = compare(now, before);
    [
        change.calls,
        change.minutes,
        change.average_duration_secs,
        change.active_agents,
        change.response_time_ms,
        change.resolution_rate,
        change.escalation_rate,
        change.positive_sentiment,
    ]
}

fn all_figures(totals: &Totals) -> [Option<f64>; 8] {
    [
        totals.calls.map(|calls| calls as f64),
        totals.minutes,
        totals.average_duration_secs,
        totals.active_agents.map(|agents| agents as f64),
        totals.response_time_ms,
        totals.resolution_rate,
        totals.escalation_rate,
        totals.positive_sentiment,
    ]
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// The difference, where both sides are known.
fn difference(delta: Delta) -> Option<f64> {
    match delta {
        Delta::Unknown => None,
        Delta::Relative { absolute, .. } => Some(absolute),
        Delta::Points { difference, .. } => Some(difference),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_delta_leads_from_before_to_now(now in any_totals(), before in any_totals()) {
        let changes = all_changes(&now, Some(&before));
        prop_assert_eq!(changes.map(|change| change.now), all_figures(&now.totals));
        prop_assert_eq!(changes.map(|change| change.before), all_figures(&before.totals));
        for (i, change) in changes.into_iter().enumerate() {
            let (Some(is), Some(was)) = (change.now, change.before) else {
                prop_assert_eq!(change.delta, Delta::Unknown);
                continue;
            };
            match change.delta {
                Delta::Relative { absolute, fraction } if i < 5 => {
                    prop_assert!(near(was + absolute, is));
                    prop_assert_eq!(fraction.is_none(), was.abs() <= 0.0);
                    prop_assert!(fraction.is_none_or(|fraction| near(was * (1.0 + fraction), is)));
                }
                Delta::Points { difference, interval } if i >= 5 => {
                    prop_assert!(near(was + difference, is));
                    prop_assert!(interval.is_none_or(|i| (i.low..=i.high).contains(&difference)));
                }
                other => prop_assert!(false, "figure {i} has {other:?}"),
            }
            prop_assert!(difference(change.delta).is_some_and(f64::is_finite));
        }
    }

    /// A rate has an interval exactly where there are enough calls; other figures are never clear.
    #[test]
    fn only_rates_of_enough_calls_are_clear(now in any_totals(), before in any_totals()) {
        let change = compare(&now, Some(&before));
        for (of, outcome) in [(change.resolution_rate, Outcome::Resolved), (change.escalation_rate, Outcome::Transferred)] {
            let counts = |report: &UsageReport| report.outcomes?.proportion(outcome);
            let enough = counts(&before).zip(counts(&now)).is_some_and(|(was, is)| was.enough(is));
            let has_interval = matches!(of.delta, Delta::Points { interval: Some(_), .. });
            prop_assert_eq!(has_interval, enough);
            prop_assert!(of.is_clearly_better().is_none() || enough);
        }
        for of in [change.calls, change.minutes, change.average_duration_secs, change.active_agents,
            change.response_time_ms, change.positive_sentiment]
        {
            prop_assert_eq!(of.is_clearly_better(), None);
        }
    }

    /// Looked at from the other side, every difference turns its sign, and better becomes worse.
    #[test]
    fn comparing_the_other_way_round_turns_the_sign(now in any_totals(), before in any_totals()) {
        let (there, back) = (all_changes(&now, Some(&before)), all_changes(&before, Some(&now)));
        for (there, back) in there.into_iter().zip(back) {
            prop_assert_eq!(difference(there.delta), difference(back.delta).map(|difference| 0.0 - difference));
            prop_assert_eq!(there.is_clearly_better(), back.is_clearly_better().map(|is_better| !is_better));
        }
        for same in all_changes(&now, Some(&now)) {
            prop_assert_eq!(difference(same.delta), same.now.map(|_| 0.0));
            prop_assert_eq!(same.is_clearly_better(), None);
        }
        for alone in all_changes(&now, None) {
            prop_assert_eq!((alone.before, alone.delta), (None, Delta::Unknown));
        }
    }

    /// More resolved calls of as many can only be better, more escalated ones only worse.
    #[test]
    fn better_is_the_right_way(few in 0..150_u64, more in 0..150_u64) {
        let report = |[resolved, transferred]: [u64; 2]| {
            let rate = |count| Some(count as f64 / 300.0);
            let totals = Totals {
                resolution_rate: rate(resolved),
                escalation_rate: rate(transferred),
                ..Totals::default()
            };
            let outcomes = OutcomeCounts {
                resolved: Some(resolved),
                transferred: Some(transferred),
                abandoned: Some(0),
                other: Some(300 - resolved - transferred),
            };
            UsageReport { totals, outcomes: Some(outcomes), ..UsageReport::default() }
        };
        let (was, is) = (few, few + more);
        let resolution = compare(&report([is, 0]), Some(&report([was, 0]))).resolution_rate;
        let escalation = compare(&report([0, is]), Some(&report([0, was]))).escalation_rate;
        prop_assert_ne!(resolution.is_clearly_better(), Some(false));
        prop_assert_ne!(escalation.is_clearly_better(), Some(true));
        if more >= 60 {
            prop_assert_eq!(resolution.is_clearly_better(), Some(true));
            prop_assert_eq!(escalation.is_clearly_better(), Some(false));
        }
    }
}

// Intervals.

fn any_proportion() -> impl Strategy<Value = Proportion> {
    (1..5000_u64).prop_flat_map(|trials| (0..=trials).prop_map(move |successes| Proportion { successes, trials }))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn intervals_hold_their_rates(a in any_proportion(), b in any_proportion()) {
        let (rate_a, rate_b) = (a.rate().unwrap(), b.rate().unwrap());
        let of_a = wilson(a).unwrap();
        prop_assert!(0.0 <= of_a.low && of_a.high <= 1.0);
        prop_assert!(of_a.low - 1e-12 <= rate_a && rate_a <= of_a.high + 1e-12, "{:?} of {:?}", of_a, a);
        let (there, back) = (newcombe(a, b).unwrap(), newcombe(b, a).unwrap());
        prop_assert!(there.low - 1e-12 <= rate_b - rate_a && rate_b - rate_a <= there.high + 1e-12);
        prop_assert!(near(there.low, -back.high) && near(there.high, -back.low));
        prop_assert_eq!(a.enough(b), b.enough(a));
    }
}
