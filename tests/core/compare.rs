//! The comparison of two versions: the documents' example from bytes to sentence.

use callscope_core::compare::{
    Asked, Basis, Claim, Comparison, ConfounderKind, DeltaCheck, Figure, FigureKind, Needed, Spread, VersionFacts,
    confounders, delta_checks, figures, hangup_mix, needed, parse, verdict, with_spread,
};
use callscope_core::period::{DateRange, parse_date};
use callscope_core::{Finding, FindingCode};
use serde_json::{Value, json};

const A: &str = "5f4dcc3b5aa765d61d8327deb882cf99";
const B: &str = "6a1f2b3c4d5e6f7890abcdef12345678";

/// The figures of the documents' example.
pub(crate) fn example() -> Value {
    let version = |id: &str, calls: u64, answered: u64, ms: u64, rate: f64, cost: f64, hangups: [u64; 3]| {
        json!({
            "orgId": "org_9f8e7d6c5b4a3210", "agentId": "60d0fe4f5311236168a109ca", "versionId": id,
            "totalCalls": calls, "answeredCalls": answered, "avgDurationMs": ms, "completionRate": rate,
            "totalCost": cost,
            "hangupSourceDistribution": {"user": hangups[0], "agent": hangups[1], "system": hangups[2]},
            "period": {"dateFrom": "2024-05-01", "dateTo": "2024-05-31"}
        })
    };
    json!({
        "status": true,
        "data": {
            "configDiff": {
                "unchangedSections": ["intents", "entities"],
                "diffs": [{"section": "dialog", "changes": [
                    {"path": "dialog.nodes[3].actions[0].parameters.timeout", "oldValue": 3000, "newValue": 5000},
                    {"path": "dialog.nodes[5].actions[1].type", "oldValue": "sendMessage", "newValue": "playAudio"}
                ]}]
            },
            "metrics": {
                "versionA": version(A, 1250, 1100, 32_000, 0.88, 450.75, [800, 300, 150]),
                "versionB": version(B, 1400, 1250, 28_000, 0.89, 480.5, [900, 280, 220]),
                "deltas": {
                    "totalCalls": 150, "answeredCalls": 150, "avgDurationMs": -4000, "completionRate": 0.01,
                    "totalCost": 29.75
                }
            }
        }
    })
}

fn asked() -> Asked {
    let day = |text| parse_date(text).unwrap();
    let range = DateRange::new(day("2024-05-01"), day("2024-05-31")).unwrap();
    Asked { version_a: A.to_owned(), version_b: B.to_owned(), range: Some(range) }
}

#[track_caller]
fn read(answer: &Value) -> (Comparison, Vec<Finding>) {
    parse(&serde_json::to_vec(answer).unwrap(), &asked()).unwrap()
}

#[track_caller]
fn figure(comparison: &Comparison, kind: &FigureKind) -> Figure {
    figures(comparison, Basis::Fixed).into_iter().find(|figure| figure.kind == *kind).unwrap()
}

#[track_caller]
fn near(found: Option<f64>, expected: f64, tolerance: f64) {
    assert!(found.is_some_and(|found| (found - expected).abs() <= tolerance), "{found:?} is not {expected}");
}

#[test]
fn the_documents_example_says_what_may_be_said() {
    let (comparison, findings) = read(&example());
    assert_eq!(findings, []);
    let completion = figure(&comparison, &FigureKind::Completion);
    near(completion.difference, 0.0129, 0.000_05);
    let interval = completion.interval.unwrap();
    near(Some(interval.low), -0.0113, 0.000_05);
    near(Some(interval.high), 0.0373, 0.000_05);
    assert_eq!(completion.claim, Claim::NoClearDifference);
    near(completion.chance_b_higher, 0.8517, 0.000_1);
    near(completion.calls_needed, 9556.0, 1.0);
    let system = figure(&comparison, &FigureKind::EndedBy("system".to_owned()));
    assert_eq!((system.claim, system.is_clearly_better()), (Claim::Higher, Some(false)));
    near(system.a, 0.12, 1e-12);
    near(system.b, 220.0 / 1400.0, 1e-12);
}

#[test]
fn the_hangup_mix_of_the_example_names_the_system() {
    let (comparison, _) = read(&example());
    let mix = hangup_mix(&comparison).unwrap();
    let test = mix.test.as_ref().unwrap();
    near(Some(test.statistic), 11.4, 0.05);
    near(Some(test.p), 0.003, 0.000_5);
    assert_eq!((test.degrees_of_freedom, mix.is_clear()), (2, true));
    assert_eq!(mix.sources[mix.stands_out.unwrap()].name, "system");
}

#[test]
fn a_call_of_the_example_gets_cheaper_and_a_minute_dearer() {
    let (comparison, _) = read(&example());
    for (kind, a, b, is_up) in [
        (FigureKind::CostPerCall, 0.3606, 0.3432, false),
        (FigureKind::CostPerAnsweredCall, 0.4098, 0.3844, false),
        (FigureKind::CostPerMinute, 0.6761, 0.7355, true),
    ] {
        let figure = figure(&comparison, &kind);
        near(figure.a, a, 0.000_05);
        near(figure.b, b, 0.000_05);
        assert_eq!(figure.difference.unwrap() > 0.0, is_up);
        assert_eq!((figure.claim, figure.interval), (Claim::NeedsCalls, None));
    }
    near(figure(&comparison, &FigureKind::AverageDuration).relative, -0.125, 1e-12);
    assert_eq!(figure(&comparison, &FigureKind::Calls).claim, Claim::Volume);
}

#[test]
fn the_examples_sentence_leads_with_what_is_clear() {
    let (comparison, _) = read(&example());
    let figures = figures(&comparison, Basis::Fixed);
    let verdict = verdict(&comparison, &figures, Basis::Fixed);
    assert_eq!(
        verdict.plain(),
        "A larger share of B's calls than of A's was ended by system: 15.7\u{202f}% against 12.0\u{202f}%, clearly higher. \
         B's completion rate is 1.3 points higher, which may be chance: about 8,231 more calls per version, \
         28 weeks at the volume of these days, would probably settle it."
    );
    let Some(Needed::Calls(missing)) = needed(&comparison, &figures[0]) else { panic!("calls are missing") };
    assert_eq!((missing.a, missing.b), (9556 - 1250, 9556 - 1400));
    // (9,556 − 1,250 + 9,556 − 1,400) calls at 2,650 in 31 days.
    near(missing.days, 192.6, 0.1);
}

/// While calls come in, a look is taken every day: what one look would call clear is said as just that.
#[test]
fn what_is_watched_needs_more_than_one_look() {
    let (comparison, _) = read(&example());
    let figures = figures(&comparison, Basis::AlwaysValid);
    let system = figures.iter().find(|figure| figure.kind == FigureKind::EndedBy("system".to_owned())).unwrap();
    assert!(system.is_clear_at_one_look && system.claim == Claim::NoClearDifference);
    // As in the fixed interval, −1.13 to +3.73 points: not clear at one look either.
    assert!(!figures[0].is_clear_at_one_look && figures[0].kind == FigureKind::Completion);
    let said = verdict(&comparison, &figures, Basis::AlwaysValid).plain();
    let system = "A larger share of B's calls than of A's was ended by system: 15.7\u{202f}% against \
                  12.0\u{202f}%; one look would call that clear, but calls may still come in.";
    assert!(said.contains(system), "{said}");
    assert!(!said.contains("does not differ clearly"), "{said}");
}

#[test]
fn printed_deltas_are_recomputed() {
    let (comparison, _) = read(&example());
    let names: Vec<_> = delta_checks(&comparison).into_iter().map(|(kind, check)| (kind, check.label())).collect();
    assert_eq!(
        names,
        [
            (FigureKind::Calls, "agrees"),
            (FigureKind::Answered, "agrees"),
            (FigureKind::AverageDuration, "agrees"),
            (FigureKind::Completion, "agrees after rounding"),
            (FigureKind::Cost, "agrees"),
        ]
    );
    let mut answer = example();
    let deltas = &mut answer["data"]["metrics"]["deltas"];
    deltas["totalCalls"] = json!(12);
    deltas["answeredCalls"] = json!(151);
    deltas["completionRate"] = json!(1.29);
    deltas["totalCost"] = json!(null);
    let (comparison, findings) = read(&answer);
    let checks = delta_checks(&comparison).map(|(_, check)| check);
    assert_eq!(checks[0], DeltaCheck::IsPercentage);
    assert_eq!(checks[1], DeltaCheck::Disagrees { expected: 150.0, printed: 151.0 });
    assert_eq!((checks[3], checks[4]), (DeltaCheck::IsPercentage, DeltaCheck::Unknown));
    let codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [FindingCode::DeltaIsPercentage, FindingCode::DeltaDisagrees, FindingCode::DeltaIsPercentage]);
}

#[test]
fn contradictions_are_found_with_both_numbers() {
    let mut answer = example();
    let a = &mut answer["data"]["metrics"]["versionA"];
    a["answeredCalls"] = json!(1300);
    a["hangupSourceDistribution"]["user"] = json!(801);
    let b = &mut answer["data"]["metrics"]["versionB"];
    b["completionRate"] = json!(0.80);
    b["period"]["dateTo"] = json!("2024-05-30");
    answer["data"]["metrics"]["deltas"] = json!({});
    let (comparison, findings) = read(&answer);
    let found: Vec<_> = findings.iter().map(|finding| (finding.code, finding.expected, finding.found)).collect();
    assert_eq!(
        found,
        [
            (FindingCode::AnsweredAboveTotal, Some(1250.0), Some(1300.0)),
            (FindingCode::HangupsSum, Some(1250.0), Some(1251.0)),
            (FindingCode::RateAgainstCounts, Some(1250.0 / 1400.0), Some(0.8)),
            (FindingCode::PeriodsDiffer, None, None),
        ]
    );
    // Counts that cannot be give no interval; the printed rate of A stays, B's is counted.
    let completion = figure(&comparison, &FigureKind::Completion);
    assert_eq!((completion.a, completion.interval, completion.claim), (Some(0.88), None, Claim::NeedsCalls));
    near(completion.b, 1250.0 / 1400.0, 1e-12);
}

#[test]
fn every_field_may_be_missing() {
    let paths = ["/data/configDiff", "/data/metrics", "/data/metrics/versionA", "/data/metrics/deltas"];
    for path in paths {
        let mut answer = example();
        *answer.pointer_mut(path).unwrap() = Value::Null;
        let (comparison, _) = read(&answer);
        let figures = figures(&comparison, Basis::Fixed);
        assert!(!verdict(&comparison, &figures, Basis::Fixed).plain().is_empty());
    }
    let names = ["totalCalls", "answeredCalls", "avgDurationMs", "completionRate", "totalCost", "period"];
    for name in names.into_iter().chain(["hangupSourceDistribution", "orgId"]) {
        for wrong in [Value::Null, json!("x"), json!([]), json!(-3.5)] {
            let mut answer = example();
            answer["data"]["metrics"]["versionA"][name] = wrong.clone();
            let (comparison, findings) = read(&answer);
            assert_eq!(findings.is_empty(), wrong.is_null() || name == "orgId", "{name} {wrong} {findings:?}");
            assert_eq!(figures(&comparison, Basis::AlwaysValid).len(), figures(&comparison, Basis::Fixed).len());
        }
    }
}

#[test]
fn figures_of_another_version_are_refused() {
    let mut answer = example();
    answer["data"]["metrics"]["versionB"]["versionId"] = json!("another");
    let error = parse(&serde_json::to_vec(&answer).unwrap(), &asked()).unwrap_err();
    assert!(error.to_string().contains("another") && error.to_string().contains(B), "{error}");
}

#[test]
fn few_calls_are_told_from_no_difference() {
    let mut answer = example();
    let a = &mut answer["data"]["metrics"]["versionA"];
    (a["totalCalls"], a["answeredCalls"]) = (json!(12), json!(11));
    a["hangupSourceDistribution"] = json!({"user": 7, "agent": 3, "system": 2});
    let (comparison, _) = read(&answer);
    let figures = figures(&comparison, Basis::Fixed);
    assert!(figures[..4].iter().all(|figure| figure.claim == Claim::TooFewCalls && figure.interval.is_some()));
    let said = verdict(&comparison, &figures, Basis::Fixed).plain();
    assert!(said.contains("12 and 1,400 calls") && said.contains("too few"), "{said}");
}

#[test]
fn no_calls_are_said_and_open_sources_kept() {
    let mut answer = example();
    let b = &mut answer["data"]["metrics"]["versionB"];
    (b["totalCalls"], b["answeredCalls"], b["totalCost"]) = (json!(0), json!(0), json!(0));
    b["hangupSourceDistribution"] = json!({});
    let (comparison, _) = read(&answer);
    let all = figures(&comparison, Basis::Fixed);
    assert!(verdict(&comparison, &all, Basis::Fixed).plain().contains("B took no call"));
    assert!(
        all.iter()
            .filter(|figure| figure.kind != FigureKind::Cost)
            .all(|figure| figure.relative.is_none_or(f64::is_finite))
    );
    let mut answer = example();
    answer["data"]["metrics"]["versionB"]["hangupSourceDistribution"]["carrier"] = json!(3);
    let (comparison, _) = read(&answer);
    let names: Vec<_> = hangup_mix(&comparison).unwrap().sources.into_iter().map(|source| source.name).collect();
    assert_eq!(names, ["user", "agent", "system", "carrier"]);
}

#[test]
fn what_else_differs_is_said() {
    let mut answer = example();
    let run = |first: &str, last: &str, weekdays: [u64; 7], tests: u64| {
        json!({
            "label": "v", "isLive": false, "weekdays": weekdays, "hours": vec![10; 24],
            "days": [{"date": first, "calls": 600, "answered": 500}, {"date": last, "calls": 650, "answered": 600}],
            "types": {"telephony_inbound": 1250}, "testCalls": tests
        })
    };
    answer["callscope"] = json!({
        "timeZone": "Asia/Kolkata",
        "versionA": run("2024-05-01", "2024-05-16", [250, 250, 250, 250, 250, 0, 0], 0),
        "versionB": run("2024-05-16", "2024-05-31", [150, 150, 150, 150, 150, 250, 250], 90),
    });
    let (comparison, _) = read(&answer);
    let found = confounders(&comparison);
    let kinds: Vec<_> = found.iter().map(|confounder| confounder.kind).collect();
    assert_eq!(kinds, [ConfounderKind::Period, ConfounderKind::Weekdays, ConfounderKind::TestCalls]);
    assert_eq!(found[0].sentence, "A ran 1–16 May 2024, B 16–31 May 2024: one after the other.");
    assert!(found[1].sentence.contains("20.0\u{202f}% of B's calls, 0.0\u{202f}% of A's"), "{}", found[1].sentence);
    assert!(!found.iter().any(|confounder| confounder.sentence.contains("because")));
}

/// An answer whose two versions ran on the days given, with what they completed on each.
fn by_day(days_a: &[(&str, u64, u64)], days_b: &[(&str, u64, u64)]) -> serde_json::Value {
    let mut answer = example();
    for (side, days) in [("versionA", days_a), ("versionB", days_b)] {
        let (calls, answered) = days.iter().fold((0, 0), |sum, day| (sum.0 + day.1, sum.1 + day.2));
        let figures = &mut answer["data"]["metrics"][side];
        (figures["totalCalls"], figures["answeredCalls"]) = (json!(calls), json!(answered));
        let days: Vec<_> = days
            .iter()
            .map(|(date, calls, answered)| json!({"date": date, "calls": calls, "answered": answered}))
            .collect();
        answer["callscope"][side] = json!({"label": "v", "isLive": false, "days": days});
    }
    answer
}

fn one_day(answer: &serde_json::Value) -> Option<String> {
    let (comparison, _) = read(answer);
    let found = confounders(&comparison);
    found.into_iter().find(|found| found.kind == ConfounderKind::OneDay).map(|found| found.sentence)
}

/// 90 % everywhere but on one day of B, where half of the calls went wrong: clearly lower with that
/// day (86 % against 90 %), no difference at all without it.
#[test]
fn a_difference_of_a_single_day_is_said() {
    let a = [("2024-05-01", 500, 450), ("2024-05-02", 500, 450)];
    let outage = [("2024-05-03", 900, 810), ("2024-05-04", 100, 50)];
    let said = one_day(&by_day(&a, &outage)).unwrap();
    assert!(said.contains("Sat 4 May 2024") && said.contains("0.0\u{202f}pp instead of −4.0\u{202f}pp"), "{said}");
    // The same loss spread over the days is of no single day.
    let spread = [("2024-05-03", 500, 430), ("2024-05-04", 500, 430)];
    assert_eq!(one_day(&by_day(&a, &spread)), None);
    // Days that do not add up to the figures tell nothing of them.
    let mut cut = by_day(&a, &outage);
    cut["callscope"]["versionB"]["days"][0]["calls"] = json!(899);
    assert_eq!(one_day(&cut), None);
}

/// Calls of the example: as many as it counts, each as long and dear as their mean, but for two that lie
/// as far above as below.
fn spread(calls: u64, mean_ms: u64, mean_cost: f64) -> Spread {
    let mut spread = Spread::default();
    for number in 0..calls {
        let off = match number {
            0 => 1,
            1 => -1,
            _ => 0,
        };
        spread.add(&VersionFacts {
            started_ms: 0,
            duration_ms: mean_ms.saturating_add_signed(off * 8000),
            is_answered: true,
            disconnection_reason: None,
            cost_credits: Some(mean_cost * (1.0 + off as f64 / 4.0)),
            call_type: None,
            is_test: false,
        });
    }
    spread
}

#[test]
fn the_calls_themselves_give_duration_and_cost_their_intervals() {
    let (comparison, _) = read(&example());
    let (a, b) = (spread(1250, 32_000, 0.361), spread(1400, 28_000, 0.343));
    let find = |figures: &[Figure], kind: FigureKind| figures.iter().find(|of| of.kind == kind).unwrap().clone();
    let mut fixed = figures(&comparison, Basis::Fixed);
    with_spread(&mut fixed, &comparison, [&a, &b], Basis::Fixed).unwrap();
    let duration = find(&fixed, FigureKind::AverageDuration);
    // Two calls 8 s off the mean: variances 128/1249 and 128/1399; 1.961 × √(0.1025/1250 + 0.0915/1400) = 0.0238 s.
    let interval = duration.interval.unwrap();
    near(Some(interval.low), -4.0238, 0.000_2);
    near(Some(interval.high), -3.9762, 0.000_2);
    assert_eq!((duration.claim, duration.is_clearly_better()), (Claim::Lower, None));
    let cost = find(&fixed, FigureKind::CostPerCall);
    assert_eq!((cost.claim, cost.is_clearly_better()), (Claim::Lower, Some(true)));
    let said = verdict(&comparison, &fixed, Basis::Fixed).plain();
    assert!(said.contains("B's average duration is 28.0\u{202f}s against 32.0\u{202f}s, clearly lower."), "{said}");
    assert!(duration.words().interval.ends_with("one look"));
    // What has no spread of its own stays as it was.
    assert_eq!(find(&fixed, FigureKind::CostPerMinute).claim, Claim::NeedsCalls);
    // Where calls may still come, one look settles nothing.
    let mut watched = figures(&comparison, Basis::AlwaysValid);
    with_spread(&mut watched, &comparison, [&a, &b], Basis::AlwaysValid).unwrap();
    let duration = find(&watched, FigureKind::AverageDuration);
    assert!(duration.is_clear_at_one_look && duration.claim == Claim::NoClearDifference);
}

#[test]
fn calls_of_another_comparison_are_refused() {
    let (comparison, _) = read(&example());
    let mut figures = figures(&comparison, Basis::Fixed);
    let (a, b) = (spread(1250, 32_000, 0.361), spread(1399, 28_000, 0.343));
    let error = with_spread(&mut figures, &comparison, [&a, &b], Basis::Fixed).unwrap_err();
    assert!(error.to_string().starts_with("1399 calls of B were loaded, but the comparison counts 1400"), "{error}");
}
