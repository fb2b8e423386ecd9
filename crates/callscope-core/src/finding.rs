//! What the audit of an answer found: partial failure as data.

use serde::Serialize;

/// How much a finding matters to whoever reads the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Severity {
    /// Something to know: the figures shown are right, but less than they could be.
    Note,
    /// Two figures of the answer contradict each other, or one cannot be.
    Warning,
}

/// The stable name of a kind of finding, for tests, logs and those who embed reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum FindingCode {
    /// A field has a value of another type than it should.
    WrongType,
    /// A count is negative, fractional or not finite.
    NotACount,
    /// A percentage lies outside 0–100.
    OutOfBounds,
    /// A date cannot be read.
    BadDate,
    /// A part of the answer that the newer form of the documents has is absent.
    MissingPart,
    /// Hours of the day are absent and were taken as zero.
    MissingHours,
    /// An hour of the day comes twice, or is none.
    BadHour,
    /// The same date comes twice.
    RepeatedDate,
    /// Dates inside the range are absent and were taken as zero.
    MissingDates,
    /// A date lies outside the range that was asked for.
    DateOutsideRange,
    /// The days do not sum to the total.
    DaysSum,
    /// The hours do not sum to the total.
    HoursSum,
    /// The minutes of the hours do not sum to the total.
    MinutesSum,
    /// The agents do not sum to the total.
    AgentsSum,
    /// The outcomes do not sum to the total.
    OutcomesSum,
    /// Resolved calls of the days do not sum to the resolved calls of the outcomes.
    ResolvedSum,
    /// More calls were resolved than were made.
    ResolvedAboveTotal,
    /// A rate differs from the counts it is made of.
    RateAgainstCounts,
    /// An agent's outcomes do not sum to its calls.
    AgentOutcomes,
    /// An agent's percentage differs from its counts.
    AgentPercent,
    /// The same agent comes twice.
    RepeatedAgent,
    /// The number of active agents differs from the agents listed with calls.
    ActiveAgents,
    /// Minutes differ from calls times average duration.
    MinutesAgainstDuration,
    /// Response time differs between the two places that give it.
    ResponseTimeTwice,
    /// Escalation reasons are not sorted by count.
    ReasonsOrder,
    /// Reasons count more calls than were transferred.
    ReasonsSum,
    /// A reason's percentage differs from its counts.
    ReasonPercent,
    /// An agent has a status that the documents do not list.
    UnknownStatus,
    /// The number of sessions differs from the total of calls.
    SessionsAgainstCalls,
    /// Organisations of the scope are not counted.
    OrganisationsLeftOut,
    /// Fields that the documents do not name were left out.
    UnknownFields,
    /// No telemetry or sentiment in this period: figures that need them are unknown.
    NoTelemetry,
    /// The server did not apply a filter that was asked for.
    FilterIgnored,
    /// The server did not say by which time zone it cut days and hours.
    ZoneUnknown,
    /// Hangups by source do not sum to the calls.
    HangupsSum,
    /// More calls were answered than were made.
    AnsweredAboveTotal,
    /// A printed delta is not B minus A.
    DeltaDisagrees,
    /// A printed delta is a change in percent, or in percentage points.
    DeltaIsPercentage,
    /// The figures of the two versions are of different days.
    PeriodsDiffer,
    /// The answer is about other days than those that were asked for.
    PeriodNotAsked,
    /// A version is compared with itself.
    SameVersion,
    /// An address is none that may be opened.
    BadAddress,
    /// A row has no id or no start.
    BadRow,
    /// How calls ended for the caller is taken from status and end reason.
    OutcomeDerived,
}

/// One thing that the audit found, in a sentence, with the numbers that disagree.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Finding {
    /// The stable name of what was found.
    pub code: FindingCode,
    /// How much it matters.
    pub severity: Severity,
    /// One plain sentence.
    pub sentence: String,
    /// What the rest of the answer, or the rule, would have it be.
    pub expected: Option<f64>,
    /// What the answer says.
    pub found: Option<f64>,
}

impl Finding {
    /// A note without numbers.
    pub fn note(code: FindingCode, sentence: impl Into<String>) -> Self {
        Self { code, severity: Severity::Note, sentence: sentence.into(), expected: None, found: None }
    }

    /// So many fields that Callscope does not know were left out; none where there were none.
    pub(crate) fn unknown_fields(count: usize) -> Option<Self> {
        let (fields, were) = if count == 1 { ("field", "was") } else { ("fields", "were") };
        let sentence = format!("{count} {fields} unknown to Callscope {were} left out.");
        (count > 0).then(|| Self::note(FindingCode::UnknownFields, sentence))
    }

    /// A warning without numbers.
    pub fn warning(code: FindingCode, sentence: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::note(code, sentence) }
    }

    /// The same finding with the two numbers that disagree.
    #[must_use]
    pub fn with_numbers(mut self, expected: f64, found: f64) -> Self {
        self.expected = Some(expected);
        self.found = Some(found);
        self
    }
}
