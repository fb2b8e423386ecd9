//! Calls: how a page of them is read, which are meant, what each contributes to the reports, and how
//! they become a usage report.

mod agent;
mod detail;
mod filter;
mod instant;
mod loaded;
mod mean;
mod paged;
mod record;
mod rollup;
mod scan;
mod summary;
pub mod wire;

pub use agent::AgentId;
pub use detail::{CallDetail, CallRows, Latencies, Message, Recordings, Speaker, parse_call, parse_call_rows};
pub use filter::{CallFilter, CallSort, DurationClass, FilterPart};
pub use instant::parse_ms as parse_instant_ms;
pub use loaded::LoadedCalls;
pub use mean::Mean;
pub use paged::{PagedCalls, PagedSums};
pub use record::{COMPLETED, CallRecord, MetricAnswer, Telemetry};
pub(crate) use rollup::ByQuarter;
pub use rollup::{AgentQuarters, DayRollup, QUARTER_MS, WholeDay};
pub use scan::{PageInfo, scan, scan_plainly, scan_usage};
pub(crate) use summary::update;
pub use summary::{AgentTally, DayTally, HourTally, ReasonTally, UsageSummary};

/// How a call ended for the person who called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The agent settled it.
    Resolved,
    /// It was handed to a person.
    Transferred,
    /// The caller gave up.
    Abandoned,
    /// Anything else.
    Other,
}

impl Outcome {
    /// All outcomes, in the order the reports show them.
    pub const ALL: [Self; 4] = [Self::Resolved, Self::Transferred, Self::Abandoned, Self::Other];

    /// The outcome's name in files and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Transferred => "transferred",
            Self::Abandoned => "abandoned",
            Self::Other => "other",
        }
    }

    /// The outcome's name as a person reads it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Resolved => "Resolved",
            Self::Transferred => "Transferred",
            Self::Abandoned => "Abandoned",
            Self::Other => "Other",
        }
    }

    /// The outcome of a name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.key() == key)
    }
}

/// What the usage figures need of one call. Borrowed, so that rows of a database or of a page of
/// JSON pass through without a copy. `None` is unknown, never zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsageFacts<'a> {
    /// When the call started, in Unix milliseconds.
    pub started_ms: i64,
    /// How long it lasted, in milliseconds; 0 where nobody answered.
    pub duration_ms: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// The agent that handled it.
    pub agent_id: Option<AgentId<'a>>,
    /// Mean time to the first token of the language model, in milliseconds.
    pub response_ms: Option<f64>,
    /// Whether the caller's sentiment was positive.
    pub positive_sentiment: Option<bool>,
    /// How often the caller had to correct the agent.
    pub corrections: Option<u32>,
    /// Tokens read from the cache, and all tokens.
    pub tokens: Option<(u64, u64)>,
    /// Mean confidence of the transcript, 0–1.
    pub transcript_confidence: Option<f64>,
    /// Tool calls, and those of them that failed.
    pub tool_calls: Option<(u64, u64)>,
    /// Why the call was handed over, where that was recorded.
    pub escalation_reason: Option<&'a str>,
}

impl UsageFacts<'_> {
    /// A call of which only the beginning, the length and the end are known.
    pub fn bare(started_ms: i64, duration_ms: u64, outcome: Outcome) -> Self {
        Self {
            started_ms,
            duration_ms,
            outcome,
            agent_id: None,
            response_ms: None,
            positive_sentiment: None,
            corrections: None,
            tokens: None,
            transcript_confidence: None,
            tool_calls: None,
            escalation_reason: None,
        }
    }
}

/// Seconds as whole milliseconds; none where no call lasts as long, or less than nothing.
fn millis_of_secs(secs: f64) -> Option<u64> {
    const MOST_SECS: f64 = 1e9;
    let millis = secs * 1000.0;
    // Most are whole: nothing has to be rounded.
    let round = || if millis.fract() == 0.0 { millis as u64 } else { libm::round(millis) as u64 };
    (0.0..MOST_SECS).contains(&secs).then(round)
}
