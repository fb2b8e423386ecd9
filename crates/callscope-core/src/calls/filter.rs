//! Which calls are meant.

use super::{CallRecord, Outcome};
use crate::compare::hangup_source;
use crate::period::Zone;

/// How long a call lasted, in the documents' classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DurationClass {
    /// Under half a minute.
    UnderHalfMinute,
    /// From half a minute to a whole one.
    UnderMinute,
    /// From one minute to five.
    UnderFive,
    /// Five minutes and more.
    FromFive,
}

impl DurationClass {
    /// All, from the shortest.
    pub const ALL: [Self; 4] = [Self::UnderHalfMinute, Self::UnderMinute, Self::UnderFive, Self::FromFive];

    /// The name on the wire and in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::UnderHalfMinute => "0-30",
            Self::UnderMinute => "30-60",
            Self::UnderFive => "1-5",
            Self::FromFive => "5+",
        }
    }

    /// The name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::UnderHalfMinute => "Under 30 s",
            Self::UnderMinute => "30 to 60 s",
            Self::UnderFive => "1 to 5 min",
            Self::FromFive => "5 min and more",
        }
    }

    /// The class of a name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.key() == key)
    }

    /// From how many milliseconds on, and below how many; none for no end.
    pub fn bounds_ms(self) -> (u64, Option<u64>) {
        match self {
            Self::UnderHalfMinute => (0, Some(30_000)),
            Self::UnderMinute => (30_000, Some(60_000)),
            Self::UnderFive => (60_000, Some(300_000)),
            Self::FromFive => (300_000, None),
        }
    }

    fn holds(self, duration_ms: u64) -> bool {
        let (from, below) = self.bounds_ms();
        duration_ms >= from && below.is_none_or(|below| duration_ms < below)
    }
}

/// By what a list of calls is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CallSort {
    /// When they started.
    #[default]
    Started,
    /// When they were last written to.
    Updated,
    /// How long they lasted.
    Duration,
    /// How long answers took; calls without such a figure come last.
    Latency,
}

impl CallSort {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Started, Self::Updated, Self::Duration, Self::Latency];

    /// The name on the wire.
    pub fn key(self) -> &'static str {
        match self {
            Self::Started => "createdAt",
            Self::Updated => "updatedAt",
            Self::Duration => "callDuration",
            Self::Latency => "avgLatency",
        }
    }

    /// The order of a name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.key() == key)
    }
}

/// Which calls are meant. What is not said is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CallFilter {
    /// The agent.
    pub agent_id: Option<String>,
    /// The campaign.
    pub campaign_id: Option<String>,
    /// The version.
    pub version_id: Option<String>,
    /// The status.
    pub status: Option<String>,
    /// The type.
    pub call_type: Option<String>,
    /// Why it ended.
    pub disconnection_reason: Option<String>,
    /// Who ended it, by the names of a comparison.
    pub hangup_source: Option<String>,
    /// How long it lasted.
    pub duration: Option<DurationClass>,
    /// How it ended for the person who called.
    pub outcome: Option<Outcome>,
    /// Why it was handed over.
    pub escalation_reason: Option<String>,
    /// The local hour in which it started, 0–23.
    pub hour: Option<u8>,
    /// The first instant, in Unix milliseconds.
    pub from_ms: Option<i64>,
    /// The last instant, itself inside.
    pub to_ms: Option<i64>,
}

/// A part of a filter, as a person reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "named as the fields of the filter")]
pub enum FilterPart {
    Agent,
    Campaign,
    Version,
    Status,
    Type,
    DisconnectionReason,
    HangupSource,
    Duration,
    Outcome,
    EscalationReason,
    Hour,
    Days,
}

impl FilterPart {
    /// The name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Campaign => "campaign",
            Self::Version => "version",
            Self::Status => "status",
            Self::Type => "type",
            Self::DisconnectionReason => "end reason",
            Self::HangupSource => "who ended the call",
            Self::Duration => "duration",
            Self::Outcome => "outcome",
            Self::EscalationReason => "reason for handing over",
            Self::Hour => "hour of the day",
            Self::Days => "days",
        }
    }
}

impl CallFilter {
    /// The first part of the filter that a call does not fit; none where it is meant. A server that
    /// sends such a call has not applied that part. `zone` is that of the hours.
    pub fn refuses(&self, call: &CallRecord, zone: &Zone) -> Option<FilterPart> {
        let differs = |wanted: &Option<String>, is: Option<&String>| wanted.is_some() && wanted.as_ref() != is;
        let source = || hangup_source(call.disconnection_reason.as_deref());
        let is_inside = |from: Option<i64>, to: Option<i64>| {
            from.is_none_or(|from| call.started_ms >= from) && to.is_none_or(|to| call.started_ms <= to)
        };
        let parts = [
            (FilterPart::Agent, differs(&self.agent_id, call.agent_id.as_ref())),
            (FilterPart::Version, differs(&self.version_id, call.version_id.as_ref())),
            (FilterPart::Status, differs(&self.status, call.status.as_ref())),
            (FilterPart::Type, differs(&self.call_type, call.call_type.as_ref())),
            (FilterPart::DisconnectionReason, differs(&self.disconnection_reason, call.disconnection_reason.as_ref())),
            (FilterPart::HangupSource, self.hangup_source.as_deref().is_some_and(|wanted| wanted != source())),
            (FilterPart::Duration, self.duration.is_some_and(|class| !class.holds(call.duration_ms.unwrap_or(0)))),
            (FilterPart::Outcome, self.outcome.is_some_and(|wanted| wanted != call.outcome())),
            (
                FilterPart::EscalationReason,
                differs(&self.escalation_reason, call.telemetry.as_ref().and_then(|of| of.escalation_reason.as_ref())),
            ),
            (FilterPart::Hour, self.hour.is_some_and(|hour| zone.local(call.started_ms).hour != hour)),
            (FilterPart::Days, !is_inside(self.from_ms, self.to_ms)),
            // Not every server says of a call which campaign it belongs to.
            (FilterPart::Campaign, call.campaign_id.is_some() && differs(&self.campaign_id, call.campaign_id.as_ref())),
        ];
        parts.into_iter().find(|(_, refuses)| *refuses).map(|(part, _)| part)
    }
}
