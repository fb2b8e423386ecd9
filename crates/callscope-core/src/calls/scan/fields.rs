//! The fields of a row: their names, and what is kept of their values.

use std::borrow::Cow;

use super::plain::{Additions, Lenient, Row, Scalar};
use super::quick::{Cursor, Number, Read};
use crate::calls::{AgentId, Outcome, UsageFacts, instant};

/// A field of a row by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    // Texts that the usage figures need come first, as `UsageFields::give` takes them.
    CallId,
    CreatedAt,
    Status,
    DisconnectionReason,
    AgentId,
    Duration,
    Type,
    From,
    To,
    CampaignId,
    VersionId,
    VersionNumber,
    IsTest,
    CallCost,
    TurnLatencyMetrics,
    PostCallAnalytics,
    Callscope,
    /// One that nobody asks for.
    Other,
}

impl Field {
    /// Its bit among those that were seen of a row; none of one that nobody asks for, which may stand there twice.
    #[expect(clippy::inline_always, reason = "once a field")]
    #[inline(always)]
    pub(super) fn bit(self) -> u32 {
        if self == Self::Other { 0 } else { 1 << self as u32 }
    }

    pub(super) fn of(name: &[u8]) -> Self {
        match name {
            b"callId" => Self::CallId,
            b"createdAt" => Self::CreatedAt,
            b"duration" => Self::Duration,
            b"status" => Self::Status,
            b"type" => Self::Type,
            b"from" => Self::From,
            b"to" => Self::To,
            b"agentId" => Self::AgentId,
            b"campaignId" => Self::CampaignId,
            b"versionId" => Self::VersionId,
            b"versionNumber" => Self::VersionNumber,
            b"disconnectionReason" => Self::DisconnectionReason,
            b"isTest" => Self::IsTest,
            b"callCost" => Self::CallCost,
            b"turnLatencyMetrics" => Self::TurnLatencyMetrics,
            b"postCallAnalytics" => Self::PostCallAnalytics,
            b"callscope" => Self::Callscope,
            _ => Self::Other,
        }
    }
}

/// Some fields of a row.
pub(super) trait Fields<'a>: Default {
    /// Makes ready for another row: one value is kept for all, since it is large.
    fn clear(&mut self);

    /// Takes a text, all of whose bytes are ASCII.
    fn text(&mut self, field: Field, text: &'a [u8]);

    /// Takes a number.
    fn number(&mut self, field: Field, number: Number<'a>);

    /// Reads any other value, and tells where the reader stands behind it.
    fn read(&mut self, field: Field, cursor: Cursor<'a>) -> Read<Cursor<'a>>;
}

/// All that a row may say.
impl<'a> Fields<'a> for Row<'a> {
    fn clear(&mut self) {
        *self = Self::default();
    }

    fn text(&mut self, field: Field, text: &'a [u8]) {
        if let (Some(scalar), Ok(text)) = (self.scalar(field), std::str::from_utf8(text)) {
            *scalar = Scalar::Text(text.into());
        }
    }

    fn number(&mut self, field: Field, number: Number<'a>) {
        if let Some(scalar) = self.scalar(field) {
            *scalar = Scalar::Number(number.value());
        }
    }

    fn read(&mut self, field: Field, mut cursor: Cursor<'a>) -> Read<Cursor<'a>> {
        match field {
            Field::TurnLatencyMetrics => self.turn_latency_metrics = cursor.lenient(Cursor::latency)?,
            Field::PostCallAnalytics => {
                self.post_call_analytics = cursor.lenient(|cursor| cursor.analytics(true))?;
            }
            Field::Callscope => self.callscope = cursor.lenient(Cursor::additions)?,
            _ => match self.scalar(field) {
                Some(scalar) => *scalar = cursor.scalar()?,
                None => cursor.skip_any()?,
            },
        }
        Ok(cursor)
    }
}

impl<'a> Row<'a> {
    /// Where the value of a field is kept that has no parts.
    fn scalar(&mut self, field: Field) -> Option<&mut Scalar<'a>> {
        Some(match field {
            Field::CallId => &mut self.call_id,
            Field::CreatedAt => &mut self.created_at,
            Field::Duration => &mut self.duration,
            Field::Status => &mut self.status,
            Field::Type => &mut self.call_type,
            Field::From => &mut self.from,
            Field::To => &mut self.to,
            Field::AgentId => &mut self.agent_id,
            Field::CampaignId => &mut self.campaign_id,
            Field::VersionId => &mut self.version_id,
            Field::VersionNumber => &mut self.version_number,
            Field::DisconnectionReason => &mut self.disconnection_reason,
            Field::IsTest => &mut self.is_test,
            Field::CallCost => &mut self.call_cost,
            Field::TurnLatencyMetrics | Field::PostCallAnalytics | Field::Callscope | Field::Other => return None,
        })
    }
}

/// What the usage figures need of a row, as it stands there. The rest is only looked at: it must be what it should be.
#[derive(Default)]
pub(super) struct UsageFields<'a> {
    /// Texts of the first fields, without the quotes, each empty where there is none.
    texts: [&'a [u8]; Field::AgentId as usize + 1],
    duration_secs: Option<f64>,
    additions: Lenient<Additions<'a>>,
}

#[expect(clippy::inline_always, reason = "the innermost loop of all")]
impl<'a> Fields<'a> for UsageFields<'a> {
    #[inline(always)]
    fn clear(&mut self) {
        self.texts = Default::default();
        self.duration_secs = None;
        // Of most rows there is none, and it is large.
        if self.additions.0.is_some() {
            self.additions = Lenient::default();
        }
    }

    #[inline(always)]
    fn text(&mut self, field: Field, text: &'a [u8]) {
        if let Some(kept) = self.texts.get_mut(field as usize) {
            *kept = text;
        }
    }

    #[inline(always)]
    fn number(&mut self, field: Field, number: Number<'a>) {
        if field == Field::Duration {
            self.duration_secs = Some(number.value());
        }
    }

    #[inline(never)]
    fn read(&mut self, field: Field, mut cursor: Cursor<'a>) -> Read<Cursor<'a>> {
        match field {
            Field::Callscope => self.additions = cursor.lenient(Cursor::additions)?,
            Field::TurnLatencyMetrics => drop(cursor.lenient(Cursor::latency)?),
            Field::PostCallAnalytics => drop(cursor.lenient(|cursor| cursor.analytics(false))?),
            Field::Other => cursor.skip_any()?,
            // A number that is usual was read before.
            _ => {
                if let Scalar::Text(Cow::Borrowed(text)) = cursor.scalar()? {
                    self.text(field, text.as_bytes());
                }
            }
        }
        Ok(cursor)
    }
}

impl UsageFields<'_> {
    /// Gives the call's id and what the usage figures need of it; none without an id or a start.
    #[inline]
    pub(super) fn give(&self, each: &mut impl FnMut(&[u8], &UsageFacts<'_>)) -> Option<()> {
        let [id, created_at, status, disconnection_reason, agent_id] = self.texts;
        if id.is_empty() {
            return None;
        }
        let started_ms = instant::parse_ms_of_bytes(created_at)?;
        let duration_ms = self.duration_secs.and_then(crate::calls::millis_of_secs).unwrap_or(0);
        let suggested = Outcome::suggested_by_bytes(status, disconnection_reason);
        let bare =
            UsageFacts { agent_id: AgentId::of_text(agent_id), ..UsageFacts::bare(started_ms, duration_ms, suggested) };
        match &self.additions.0 {
            None => each(id, &bare),
            Some(additions) => each(id, &additions.added_to(bare)),
        }
        Some(())
    }
}
