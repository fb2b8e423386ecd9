//! The same calls, figures and intervals on every platform, boiled down to digests.
//!
//! Reads no file and no clock, so that the tests of other targets take this file in as it is and
//! hold [`digests`] against the same `golden/bits.txt`.

use callscope_core::calls::{AgentId, Outcome, UsageFacts, UsageSummary};
use callscope_core::export::{Cell, Column, Table, to_csv};
use callscope_core::format;
use callscope_core::period::{Date, DateRange, Transition, Zone, add_days};
use callscope_core::stats::{
    Moments, Proportion, always_valid, bootstrap_mean_difference, calls_needed, chance_b_higher, chi_square,
    fisher_exact, newcombe, pooled_test, welch, wilson,
};
use callscope_core::usage::{AgentEntry, answer};

/// One line for each part: its name and the FNV-1a digest of everything in it.
pub(crate) fn digests() -> String {
    let answer = answer(&summary(), range(), &directory());
    let parts = [
        ("metrics", serde_json::to_string(&answer.metrics)),
        ("daily", serde_json::to_string(&answer.daily_volume)),
        ("hourly", serde_json::to_string(&answer.hourly_distribution)),
        ("outcomes", serde_json::to_string(&answer.resolution_breakdown)),
        ("agents", serde_json::to_string(&answer.agent_performance)),
        ("insights", serde_json::to_string(&answer.ai_insights)),
        ("reasons", serde_json::to_string(&answer.escalation_reasons)),
        ("answer", serde_json::to_string(&answer)),
        ("figures", Ok(figures())),
        ("csv", Ok(to_csv(&table()))),
        ("intervals", Ok(intervals())),
        ("rates", Ok(rates())),
        ("mixes", Ok(mixes())),
        ("means", Ok(means())),
    ];
    let texts = parts.into_iter().map(|(name, text)| (name, text.unwrap_or_else(|error| error.to_string())));
    let lines = texts.map(|(name, text)| format!("{name} {} {:016x}\n", text.len(), fnv1a(text.as_bytes())));
    lines.collect::<Vec<_>>().concat()
}

fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A linear congruential generator (Knuth's MMIX constants), of which the upper bits are used.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    /// 0–1 in steps that no binary fraction hits.
    fn fraction(&mut self) -> f64 {
        self.below(10_000) as f64 / 9_999.0
    }

    fn sometimes<T>(&mut self, percent: u64, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(100) < percent).then(|| value(self))
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> Option<&'a str> {
        of.get(self.below(of.len() as u64) as usize).copied()
    }
}

/// Four weeks around the end of summer time in Berlin.
fn range() -> DateRange {
    let first = Date::constant(2024, 10, 14);
    DateRange::new(first, add_days(first, 27)).unwrap_or_else(|_| DateRange::day(first))
}

fn zone() -> Zone {
    let changes = [
        Transition { at_secs: 1_711_846_800, offset_secs: 7200 },
        Transition { at_secs: 1_729_990_800, offset_secs: 3600 },
    ];
    Zone::new("Europe/Berlin", 3600, &changes).unwrap_or_else(|_| Zone::utc())
}

/// The last agent is not in the directory.
const AGENTS: [&str; 4] = ["front", "billing", "night", "gone"];
const REASONS: [&str; 4] =
    ["asks for a person", "refund above the limit", "identity not confirmed", "zweite Bürgschaft"];

fn directory() -> Vec<AgentEntry> {
    [("front", "Front desk", "active"), ("billing", "Billing", "inactive"), ("night", "Night line", "active")]
        .map(|(id, name, status)| AgentEntry { id: id.to_owned(), name: name.to_owned(), status: status.to_owned() })
        .to_vec()
}

fn summary() -> UsageSummary {
    let zone = zone();
    let (start_ms, end_ms) = range().instants_ms(&zone);
    let mut dice = Dice(20_241_027);
    let mut summary = UsageSummary::default();
    for _ in 0..2000 {
        let outcome = match dice.below(10) {
            0..6 => Outcome::Resolved,
            6..8 => Outcome::Transferred,
            8 => Outcome::Abandoned,
            _ => Outcome::Other,
        };
        let call = UsageFacts {
            started_ms: start_ms + dice.below((end_ms - start_ms) as u64) as i64,
            duration_ms: if outcome == Outcome::Abandoned { 0 } else { dice.below(600_000) },
            outcome,
            agent_id: dice.sometimes(90, |dice| dice.pick(&AGENTS)).flatten().map(AgentId::from),
            response_ms: dice.sometimes(70, |dice| 200.0 + 900.0 * dice.fraction()),
            positive_sentiment: dice.sometimes(60, |dice| dice.below(3) > 0),
            corrections: dice.sometimes(80, |dice| dice.below(3) as u32),
            tokens: dice.sometimes(70, |dice| (dice.below(3000), 3000 + dice.below(4000))),
            transcript_confidence: dice.sometimes(75, Dice::fraction),
            tool_calls: dice.sometimes(50, |dice| (4 + dice.below(3), dice.below(4))),
            escalation_reason: dice.sometimes(80, |dice| dice.pick(&REASONS)).flatten(),
        };
        summary.add(&call, &zone);
    }
    summary
}

/// Every formatter over values of every size and sign.
fn figures() -> String {
    let mut dice = Dice(7);
    let mut lines = Vec::new();
    for _ in 0..500 {
        let size = [1e-3, 1.0, 1e3, 1e6, 1e9, 1e14].get(dice.below(6) as usize).copied().unwrap_or_default();
        let value = (dice.fraction() - 0.5) * size;
        lines.extend([
            format::number(value, dice.below(6) as usize),
            format::signed(value, 2),
            format::percent(value),
            format::points(value),
            format::change(value),
            format::clock(value),
            format::seconds(value),
            format::compact(value),
            value.to_string(),
        ]);
    }
    lines.join("\n")
}

fn table() -> Table {
    let summary = summary();
    let headings = ["Date", "Calls", "Share of all"].map(Column::figure);
    let share = |calls: u64| calls as f64 / summary.calls() as f64;
    let row = |date| {
        let calls = summary.day(date).calls;
        vec![Cell::Text(format::long_date(date)), Cell::Count(calls), Cell::Measure(share(calls), 3)]
    };
    Table { caption: String::new(), columns: headings.to_vec(), rows: range().days().map(row).collect() }
}

/// Counts of a rate, often none or all of up to so many.
fn counts(dice: &mut Dice, most: u64) -> Proportion {
    let trials = 1 + dice.below(most);
    let successes = match dice.below(8) {
        0 => 0,
        1 => trials,
        _ => dice.below(trials + 1),
    };
    Proportion { successes, trials }
}

fn bits(values: impl IntoIterator<Item = f64>) -> String {
    let words: Vec<String> = values.into_iter().map(|value| format!("{:016x}", value.to_bits())).collect();
    words.join(" ") + "\n"
}

/// The bits of both ends of intervals, edge cases included.
fn intervals() -> String {
    let mut dice = Dice(10);
    let pairs = (0..500).map(|_| (counts(&mut dice, 3000), counts(&mut dice, 3000)));
    let ends = pairs.flat_map(|(a, b)| [wilson(a), wilson(b), newcombe(a, b)]).flatten();
    ends.map(|interval| bits([interval.low, interval.high])).collect()
}

/// Everything that is said of two rates, of few calls and of millions.
fn rates() -> String {
    let mut dice = Dice(11);
    let mut line = |most: u64| {
        let (a, b) = (counts(&mut dice, most), counts(&mut dice, most));
        let ends = always_valid(a, b).map(|interval| [interval.low, interval.high]);
        let test = pooled_test(a, b).map(|test| [test.z, test.p]);
        let others = [chance_b_higher(a, b), fisher_exact(a, b), calls_needed(a, b)];
        bits(ends.into_iter().chain(test).flatten().chain(others.into_iter().flatten()))
    };
    [30, 3000, 2_000_000].into_iter().flat_map(|most| [most; 20]).map(&mut line).collect()
}

/// Tests of mixes of two to nine classes.
fn mixes() -> String {
    let mut dice = Dice(12);
    let mut line = |classes: u64| {
        let [a, b] = [(); 2].map(|()| (0..classes).map(|_| dice.below(400)).collect::<Vec<_>>());
        chi_square(&a, &b).map(|test| bits([test.statistic, test.p, test.cramers_v, test.smallest_expected]))
    };
    (0..80).filter_map(|round| line(2 + round % 8)).collect()
}

/// Intervals of the differences of means of a few values and of some thousand.
fn means() -> String {
    let mut dice = Dice(13);
    let mut line = |count: u64| {
        let [a, b] = [(); 2].map(|()| (0..count).map(|_| dice.fraction() * dice.fraction() * 97.0).collect::<Vec<_>>());
        let moments = [&a, &b].map(|values| {
            let mut moments = Moments::default();
            values.iter().copied().for_each(|value| moments.push(value));
            moments
        });
        let [of_a, of_b] = moments;
        let ends = [welch(&of_a, &of_b), bootstrap_mean_difference(&a, &b, count)].into_iter().flatten();
        bits(ends.flat_map(|interval| [interval.low, interval.high]))
    };
    // Beyond 5000 values the bootstrap draws groups of them.
    [2, 3, 5, 20, 70, 150, 5003].map(&mut line).concat()
}
