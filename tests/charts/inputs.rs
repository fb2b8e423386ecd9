//! Figures to draw: a month of a plausible fleet, the hard cases, and random ones from a seed.

use callscope_charts::{DailyInput, MeasureText, Scene, Size, Theme, daily};
use callscope_core::period::{ClockChange, Date, DateRange, add_days};
use callscope_core::usage::{AgentStatus, AgentUsage, DayVolume, EscalationReason, HourVolume, OutcomeCounts, Release};

pub(super) fn size(width: u32, height: u32) -> Size {
    Size { width_css_px: f64::from(width), height_css_px: f64::from(height) }
}

/// Everything that the chart of days is made of.
#[derive(Clone)]
pub(super) struct Volume {
    pub(super) range: DateRange,
    pub(super) days: Vec<DayVolume>,
    pub(super) previous: Vec<DayVolume>,
    pub(super) releases: Vec<Release>,
    pub(super) clock_changes: Vec<ClockChange>,
    pub(super) unfinished: Option<Date>,
}

impl Volume {
    /// The days of a range, each with the calls and the resolved ones that are given for its index.
    pub(super) fn of(first: Date, len: i32, volume: impl Fn(i32) -> (Option<u64>, Option<u64>)) -> Self {
        let range = DateRange::new(first, add_days(first, len - 1)).unwrap();
        let day = |(i, date)| {
            let (calls, resolved) = volume(i);
            DayVolume { date, calls, resolved }
        };
        let days = (0..).zip(range.days()).map(day).collect();
        Self { range, days, previous: Vec::new(), releases: Vec::new(), clock_changes: Vec::new(), unfinished: None }
    }

    /// The chart of them.
    pub(super) fn chart(&self, size: Size, theme: &Theme, measure: &dyn MeasureText) -> Scene {
        let input = DailyInput {
            range: self.range,
            days: &self.days.clone().into(),
            previous: &self.previous.clone().into(),
            releases: &self.releases,
            clock_changes: &self.clock_changes,
            unfinished: self.unfinished,
        };
        daily(&input, size, theme, measure)
    }
}

/// Calls of a weekday, with an unevenness that looks natural and is the same every time.
fn weekday_calls(date: Date, offset: i32) -> u64 {
    const CALLS: [u64; 7] = [1_312, 1_418, 1_391, 1_377, 1_290, 642, 508];
    let usual = CALLS[date.weekday().number_days_from_monday() as usize];
    usual + u64::from((offset * 7_919 % 113).unsigned_abs())
}

/// Thirty days with quiet weekends, the thirty before them, two releases within two days, a third,
/// and the night on which the clock is set forward.
pub(super) fn month() -> Volume {
    let first = Date::constant(2026, 3, 2);
    let calls = |i| weekday_calls(add_days(first, i), i) + if i >= 16 { 160 } else { 0 };
    let mut month = Volume::of(first, 30, |i| (Some(calls(i)), Some(calls(i) * (76 + i as u64 / 6) / 100)));
    let before = month.range.previous();
    let calls = |i| weekday_calls(add_days(before.first(), i), i + 40) * 9 / 10;
    month.previous = Volume::of(before.first(), 30, |i| (Some(calls(i)), Some(calls(i) * 3 / 4))).days;
    let release = |day, agent_name: &str, label: &str| Release {
        date: Date::constant(2026, 3, day),
        agent_name: agent_name.to_owned(),
        label: label.to_owned(),
    };
    month.releases = vec![
        release(9, "Claims intake", "v12"),
        release(17, "Claims intake", "v13 shorter greeting"),
        release(18, "Appointment desk", "v7"),
    ];
    month.clock_changes = vec![ClockChange { date: Date::constant(2026, 3, 29), shift_secs: 3_600 }];
    month.unfinished = Some(month.range.last());
    month
}

/// Twenty-four hours with a peak in the morning and one after lunch.
pub(super) fn hours() -> Vec<HourVolume> {
    const CALLS: [u64; 24] = [
        96, 61, 44, 38, 52, 118, 402, 1_180, 2_466, 3_391, 3_574, 3_102, 2_288, 2_740, 3_015, 2_822, 2_301, 1_690,
        1_208, 874, 655, 471, 302, 174,
    ];
    let hour = |(hour, calls): (usize, u64)| HourVolume {
        hour: hour as u8,
        calls: Some(calls),
        minutes: Some(calls as f64 * (2.1 + hour as f64 * 0.02)),
    };
    CALLS.into_iter().enumerate().map(hour).collect()
}

/// Twenty-four hours with the same figures.
pub(super) fn even_hours(calls: Option<u64>, minutes: Option<f64>) -> Vec<HourVolume> {
    (0..24).map(|hour| HourVolume { hour, calls, minutes }).collect()
}

pub(super) fn counts([resolved, transferred, abandoned, other]: [u64; 4]) -> OutcomeCounts {
    OutcomeCounts {
        resolved: Some(resolved),
        transferred: Some(transferred),
        abandoned: Some(abandoned),
        other: Some(other),
    }
}

/// An agent whose calls are the sum of its outcomes.
pub(super) fn agent(name: &str, ended: [u64; 4]) -> AgentUsage {
    AgentUsage {
        id: format!("agent:{name}"),
        name: name.to_owned(),
        status: AgentStatus::Active,
        calls: Some(ended.iter().sum()),
        outcomes: counts(ended),
        average_duration_secs: Some(143.7),
        positive_sentiment: Some(0.612),
    }
}

/// An agent of which nothing but its name is known.
pub(super) fn unknown_agent(name: &str) -> AgentUsage {
    AgentUsage {
        calls: None,
        outcomes: OutcomeCounts::default(),
        average_duration_secs: None,
        positive_sentiment: None,
        status: AgentStatus::Unknown,
        ..agent(name, [0; 4])
    }
}

pub(super) fn fleet() -> Vec<AgentUsage> {
    vec![
        agent("Claims intake", [9_412, 1_377, 1_105, 210]),
        agent("Appointment desk", [7_020, 604, 988, 131]),
        agent("Billing questions – regional lines, evenings and weekends", [4_116, 1_290, 744, 96]),
        agent("Order status", [3_300, 188, 402, 57]),
        agent("Roadside assistance", [1_204, 699, 151, 40]),
        agent("After-hours triage", [388, 402, 97, 12]),
        agent("Survey calls", [211, 0, 340, 0]),
        agent("Pilot", [2, 1, 0, 0]),
    ]
}

/// So many agents, the busiest first.
pub(super) fn thousands() -> Vec<AgentUsage> {
    (0..5_000_u64).map(|i| agent(&format!("Agent {i:04}"), [20_000 - 4 * i, 900 - i % 700, i % 90, i % 7])).collect()
}

/// Names that break layouts: from right to left, wide, combined, empty, overlong, markup.
pub(super) const NAMES: [&str; 12] = [
    "מוקד תביעות – צפון",
    "وكيل المواعيد المسائية للمناطق الشمالية والساحلية",
    "東京コールセンター夜間受付担当・保険金請求および住所変更のご案内",
    "예약 안내 데스크",
    "👩🏽‍💼 Empfang Süd 🏖️",
    "e\u{301}cole d'e\u{301}te\u{301}",
    "",
    "  spaced  out  ",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "</text><script>alert(1)</script>",
    "\"quoted\" & 'quoted' <b>",
    "\u{202e}override\u{202c} \u{0}\u{7}\u{1b}\u{fffe}\u{ffff}",
];

pub(super) fn reason(reason: &str, calls: Option<u64>, average_secs_before: Option<f64>) -> EscalationReason {
    EscalationReason { reason: reason.to_owned(), calls, average_secs_before, share: Some(0.125) }
}

pub(super) fn reasons() -> Vec<EscalationReason> {
    vec![
        reason("Asked for a person", Some(1_604), Some(88.5)),
        reason("Identity could not be verified", Some(911), Some(141.0)),
        reason("Policy not found", Some(702), Some(96.2)),
        reason("Complaint about an earlier call, or several of them at once", Some(313), Some(203.9)),
        reason("Language not supported", Some(244), Some(31.0)),
        reason("Tool failed", Some(187), Some(64.4)),
    ]
}

/// Numbers that look random and are the same for the same seed (G. Steele et al., "Fast splittable
/// pseudorandom number generators", OOPSLA 2014).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    pub(super) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// How large the counts of an input are; the largest that a file can hold among them.
    fn magnitude(&mut self) -> u64 {
        self.pick(&[1, 2, 5, 12, 180, 1_000, 9_999, 40_000, 1_234_567, 3_000_000_000, 1 << 60])
    }

    /// A count that is missing in one of so many cases.
    fn count(&mut self, magnitude: u64, missing_one_in: u64) -> Option<u64> {
        let count = self.below(magnitude.saturating_add(1));
        (!self.one_in(missing_one_in)).then_some(count)
    }

    fn missing_one_in(&mut self) -> u64 {
        self.pick(&[2, 5, 30, u64::MAX, u64::MAX])
    }

    fn name(&mut self) -> String {
        if self.one_in(3) { self.pick(&NAMES).to_owned() } else { format!("Line {}", self.below(40_000)) }
    }

    pub(super) fn days(&mut self) -> Volume {
        let len = self.pick(&[1, 2, 3, 6, 7, 8, 14, 28, 30, 31, 60, 90, 180, 366, 730, 1_100, 3_660]);
        let first = add_days(Date::constant(2019, 1, 1), self.below(2_500) as i32);
        let (magnitude, missing) = (self.magnitude(), self.missing_one_in());
        let mut volumes: Vec<_> = (0..len)
            .map(|_| {
                let calls = self.count(magnitude, missing);
                (calls, calls.and_then(|calls| self.count(calls, missing)))
            })
            .collect();
        // A chart of which nothing is known is a case of its own.
        volumes[0].0 = Some(magnitude);
        let mut days = Volume::of(first, len, |i| volumes[i as usize]);
        if self.one_in(2) {
            let volumes: Vec<_> = (0..len).map(|_| (self.count(magnitude, missing), None)).collect();
            days.previous = Volume::of(days.range.previous().first(), len, |i| volumes[i as usize]).days;
        }
        for _ in 0..self.below(6) {
            // Some of them lie outside of the range.
            let date = add_days(first, self.below(len as u64 + 4) as i32 - 2);
            days.releases.push(Release { date, agent_name: self.name(), label: self.name() });
        }
        for _ in 0..self.below(3) {
            let shift_secs = self.pick(&[3_600, -3_600, 1_800, -7_200]);
            days.clock_changes.push(ClockChange { date: add_days(first, self.below(len as u64) as i32), shift_secs });
        }
        days
    }

    pub(super) fn hours(&mut self) -> Vec<HourVolume> {
        let (magnitude, missing) = (self.magnitude(), self.missing_one_in());
        let mut hours: Vec<_> = (0..24)
            .map(|hour| {
                let calls = self.count(magnitude, missing);
                HourVolume { hour, calls, minutes: calls.map(|calls| calls as f64 * 0.37) }
            })
            .collect();
        hours[9].calls = Some(magnitude);
        hours[9].minutes = Some(magnitude as f64 * 0.37);
        hours
    }

    pub(super) fn outcome_counts(&mut self, missing_one_in: u64) -> OutcomeCounts {
        let mut count = || {
            let magnitude = self.magnitude();
            self.count(magnitude, missing_one_in)
        };
        OutcomeCounts { resolved: count(), transferred: count(), abandoned: count(), other: count() }
    }

    pub(super) fn agents(&mut self) -> Vec<AgentUsage> {
        let missing = self.missing_one_in();
        let len = 1 + self.below(20);
        let agent = |i| {
            let outcomes = self.outcome_counts(missing);
            let known = [outcomes.resolved, outcomes.transferred, outcomes.abandoned, outcomes.other];
            let calls = known.into_iter().flatten().sum();
            let calls = (!self.one_in(missing)).then_some(calls);
            AgentUsage { calls, outcomes, id: format!("agent {i}"), ..agent(&self.name(), [0; 4]) }
        };
        (0..len).map(agent).collect()
    }

    pub(super) fn reasons(&mut self) -> Vec<EscalationReason> {
        let (magnitude, missing) = (self.magnitude(), self.missing_one_in());
        (0..=self.below(15))
            .map(|_| {
                let secs = self.below(90_000) as f64 / 100.0;
                let secs = (!self.one_in(missing)).then_some(secs);
                reason(&self.name(), self.count(magnitude, missing), secs)
            })
            .collect()
    }

    /// Values of a sparkline.
    pub(super) fn values(&mut self) -> Vec<Option<f64>> {
        let (magnitude, missing) = (self.magnitude(), self.missing_one_in());
        (0..self.below(120)).map(|_| self.count(magnitude, missing).map(|count| count as f64 / 8.0)).collect()
    }
}
