//! The reader of pages that decides what is a page and what a row of it says.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::PageInfo;
use crate::calls::{AgentId, CallRecord, MetricAnswer, Outcome, Telemetry, UsageFacts, instant};
use crate::error::{Error, ErrorKind};

/// Reads a page, and gives every row that is an object to `each`, which says whether it is a call.
///
/// # Errors
/// Where the bytes are no JSON, end too early, or hold no list of calls.
pub(super) fn rows(bytes: &[u8], each: &mut dyn FnMut(Row<'_>) -> bool) -> Result<PageInfo, Error> {
    let mut page = Page { info: PageInfo::default(), has_logs: false, each };
    let mut json = serde_json::Deserializer::from_slice(bytes);
    (&mut page).deserialize(&mut json)?;
    json.end()?;
    if !page.has_logs {
        return Err(Error::new(ErrorKind::Shape, "the answer holds no list of calls"));
    }
    Ok(page.info)
}

/// Reads the one row that bytes begin with: it, where it is an object, and how many bytes it takes.
pub(super) fn first_row(bytes: &[u8]) -> Option<(Option<Row<'_>>, usize)> {
    let mut rows = serde_json::Deserializer::from_slice(bytes).into_iter::<Lenient<Row<'_>>>();
    let row = rows.next()?.ok()?;
    Some((row.0, rows.byte_offset()))
}

/// What a page says of all pages: the number of their calls, and whether there is another one.
#[derive(Default)]
pub(super) struct OfAllPages {
    pub(super) total: Option<u64>,
    pub(super) has_more: Option<bool>,
}

/// What the value of `pagination` says; none where it is no JSON.
pub(super) fn pagination(bytes: &[u8]) -> Option<OfAllPages> {
    let of = serde_json::from_slice::<Lenient<Pagination<'_>>>(bytes).ok()?.0.unwrap_or_default();
    Some(OfAllPages { total: of.total.count(), has_more: of.has_more.truth() })
}

/// What the value of `total` says; none where it is no JSON.
pub(super) fn total(bytes: &[u8]) -> Option<OfAllPages> {
    let of = serde_json::from_slice::<Scalar<'_>>(bytes).ok()?;
    Some(OfAllPages { total: of.count(), has_more: None })
}

/// The answer, and its `data`: both hold the same names, of which only some are used.
struct Page<'s> {
    info: PageInfo,
    has_logs: bool,
    each: &'s mut dyn FnMut(Row<'_>) -> bool,
}

impl<'de> DeserializeSeed<'de> for &mut Page<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Page<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer with a list of calls")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match name.as_ref() {
                "data" => map.next_value_seed(&mut *self)?,
                "logs" => map.next_value_seed(Logs(&mut *self))?,
                "pagination" => {
                    let of = map.next_value::<Lenient<Pagination<'de>>>()?.0.unwrap_or_default();
                    self.info.total = of.total.count().or(self.info.total);
                    self.info.has_more = of.has_more.truth().or(self.info.has_more);
                }
                "total" => self.info.total = map.next_value::<Scalar<'de>>()?.count().or(self.info.total),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// The list of calls.
struct Logs<'p, 's>(&'p mut Page<'s>);

impl<'de> DeserializeSeed<'de> for Logs<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Logs<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of calls")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        self.0.has_logs = true;
        while let Some(row) = rows.next_element::<Lenient<Row<'de>>>()? {
            self.0.info.count(row.0.is_some_and(&mut *self.0.each));
        }
        Ok(())
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Pagination<'a> {
    #[serde(borrow)]
    total: Scalar<'a>,
    #[serde(borrow)]
    has_more: Scalar<'a>,
}

/// A call as it stands in the list.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Row<'a> {
    #[serde(borrow)]
    pub(super) call_id: Scalar<'a>,
    #[serde(borrow)]
    pub(super) created_at: Scalar<'a>,
    /// Seconds.
    #[serde(borrow)]
    pub(super) duration: Scalar<'a>,
    #[serde(borrow)]
    pub(super) status: Scalar<'a>,
    #[serde(borrow, rename = "type")]
    pub(super) call_type: Scalar<'a>,
    #[serde(borrow)]
    pub(super) from: Scalar<'a>,
    #[serde(borrow)]
    pub(super) to: Scalar<'a>,
    #[serde(borrow)]
    pub(super) agent_id: Scalar<'a>,
    #[serde(borrow)]
    pub(super) campaign_id: Scalar<'a>,
    #[serde(borrow)]
    pub(super) version_id: Scalar<'a>,
    #[serde(borrow)]
    pub(super) version_number: Scalar<'a>,
    #[serde(borrow)]
    pub(super) disconnection_reason: Scalar<'a>,
    #[serde(borrow)]
    pub(super) is_test: Scalar<'a>,
    #[serde(borrow)]
    pub(super) call_cost: Scalar<'a>,
    #[serde(borrow)]
    pub(super) turn_latency_metrics: Lenient<Latency<'a>>,
    #[serde(borrow)]
    pub(super) post_call_analytics: Lenient<Analytics<'a>>,
    #[serde(borrow)]
    pub(super) callscope: Lenient<Additions<'a>>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Latency<'a> {
    #[serde(borrow)]
    pub(super) avg_latency: Scalar<'a>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Analytics<'a> {
    #[serde(borrow)]
    pub(super) disposition_metrics: LenientList<Answer<'a>>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Answer<'a> {
    #[serde(borrow)]
    pub(super) identifier: Scalar<'a>,
    #[serde(borrow)]
    pub(super) value: Scalar<'a>,
    #[serde(borrow)]
    pub(super) confidence: Scalar<'a>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Additions<'a> {
    #[serde(borrow)]
    pub(super) outcome: Scalar<'a>,
    #[serde(borrow)]
    pub(super) response_ms: Scalar<'a>,
    #[serde(borrow)]
    pub(super) positive_sentiment: Scalar<'a>,
    #[serde(borrow)]
    pub(super) corrections: Scalar<'a>,
    #[serde(borrow)]
    pub(super) cached_tokens: Scalar<'a>,
    #[serde(borrow)]
    pub(super) all_tokens: Scalar<'a>,
    #[serde(borrow)]
    pub(super) transcript_confidence: Scalar<'a>,
    #[serde(borrow)]
    pub(super) tool_calls: Scalar<'a>,
    #[serde(borrow)]
    pub(super) tool_errors: Scalar<'a>,
    #[serde(borrow)]
    pub(super) escalation_reason: Scalar<'a>,
}

impl Row<'_> {
    /// The call's id and what the usage figures need of it; none without an id or a start.
    pub(super) fn usage_facts(&self) -> Option<(&[u8], UsageFacts<'_>)> {
        let id = self.call_id.filled()?;
        let started_ms = self.created_at.str().and_then(instant::parse_ms)?;
        let duration_ms = self.duration.number().and_then(crate::calls::millis_of_secs).unwrap_or(0);
        let suggested = Outcome::suggested_by(self.status.filled(), self.disconnection_reason.filled());
        let bare = UsageFacts {
            agent_id: self.agent_id.filled().map(AgentId::from),
            ..UsageFacts::bare(started_ms, duration_ms, suggested)
        };
        Some((id.as_bytes(), self.callscope.0.as_ref().map_or(bare, |additions| additions.added_to(bare))))
    }

    /// The call; none without an id or a start.
    pub(super) fn record(self) -> Option<CallRecord> {
        let id = self.call_id.text()?;
        let started_ms = self.created_at.str().and_then(instant::parse_ms)?;
        let answers = self.post_call_analytics.0.map(|of| of.disposition_metrics.0).unwrap_or_default();
        Some(CallRecord {
            id,
            started_ms,
            duration_ms: self.duration.number().and_then(crate::calls::millis_of_secs),
            status: self.status.text(),
            call_type: self.call_type.text(),
            from: self.from.text(),
            to: self.to.text(),
            agent_id: self.agent_id.text(),
            campaign_id: self.campaign_id.text(),
            version_id: self.version_id.text(),
            version_number: self.version_number.count(),
            disconnection_reason: self.disconnection_reason.text(),
            is_test: self.is_test.truth().unwrap_or(false),
            cost_credits: self.call_cost.number(),
            average_latency_ms: self.turn_latency_metrics.0.and_then(|of| of.avg_latency.number()),
            answers: answers.into_iter().filter_map(Answer::answer).collect(),
            telemetry: self.callscope.0.as_ref().map(Additions::telemetry),
        })
    }
}

impl Answer<'_> {
    fn answer(self) -> Option<MetricAnswer> {
        let confidence = self.confidence.number().filter(|confidence| (0.0..=1.0).contains(confidence));
        Some(MetricAnswer { identifier: self.identifier.text()?, value: self.value.written(), confidence })
    }
}

impl Additions<'_> {
    /// What a call contributes to the usage figures, with what is said here.
    pub(super) fn added_to<'b>(&'b self, bare: UsageFacts<'b>) -> UsageFacts<'b> {
        UsageFacts {
            outcome: self.outcome().unwrap_or(bare.outcome),
            response_ms: self.response_ms.number(),
            positive_sentiment: self.positive_sentiment.truth(),
            corrections: self.corrections(),
            tokens: self.cached_tokens.count().zip(self.all_tokens.count()),
            transcript_confidence: self.transcript_confidence.number(),
            tool_calls: self.tool_calls.count().zip(self.tool_errors.count()),
            escalation_reason: self.escalation_reason.filled(),
            ..bare
        }
    }

    fn outcome(&self) -> Option<Outcome> {
        self.outcome.str().and_then(Outcome::from_key)
    }

    fn corrections(&self) -> Option<u32> {
        self.corrections.count().and_then(|count| u32::try_from(count).ok())
    }

    /// The same, to be kept.
    fn telemetry(&self) -> Telemetry {
        let said = self.added_to(UsageFacts::bare(0, 0, Outcome::Other));
        Telemetry {
            outcome: self.outcome(),
            response_ms: said.response_ms,
            positive_sentiment: said.positive_sentiment,
            corrections: said.corrections,
            tokens: said.tokens,
            transcript_confidence: said.transcript_confidence,
            tool_calls: said.tool_calls,
            escalation_reason: said.escalation_reason.map(str::to_owned),
        }
    }
}

/// A value that has no parts, as it came; lists and objects are read over.
#[derive(Debug, Default, PartialEq)]
pub(super) enum Scalar<'a> {
    #[default]
    Nothing,
    Truth(bool),
    Number(f64),
    Text(Cow<'a, str>),
}

impl Scalar<'_> {
    fn str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text that says something, as it stands.
    fn filled(&self) -> Option<&str> {
        self.str().filter(|text| !text.is_empty())
    }

    /// A text that says something: an empty one is none.
    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text.into_owned()),
            _ => None,
        }
    }

    /// Whatever it is, as text.
    fn written(self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Truth(truth) => Some(truth.to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::Text(text) => Some(text.into_owned()),
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) if number.is_finite() => Some(*number),
            _ => None,
        }
    }

    fn count(&self) -> Option<u64> {
        const MOST: f64 = 9_007_199_254_740_992.0;
        self.number().filter(|number| (0.0..MOST).contains(number) && number.fract() == 0.0).map(|number| number as u64)
    }

    fn truth(&self) -> Option<bool> {
        match self {
            Self::Truth(truth) => Some(*truth),
            _ => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Truth(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Scalar::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Number(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nothing)
    }
}

/// An object; none where something else stands in its place.
#[derive(Debug, PartialEq)]
pub(super) struct Lenient<T>(pub(super) Option<T>);

impl<T> Default for Lenient<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(LenientVisitor(std::marker::PhantomData)).map(Self)
    }
}

/// Gives anything but an object to the visitor of scalars, which reads over it.
macro_rules! read_over {
    ($out:expr) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("any value")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($out)
        }

        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($out)
        }

        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($out)
        }

        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($out)
        }

        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($out)
        }

        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok($out)
        }
    };
}

struct LenientVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for LenientVisitor<T> {
    type Value = Option<T>;

    read_over!(None);

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        ScalarVisitor.visit_seq(items).map(|_| None)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Some)
    }
}

/// A list of objects; empty where something else stands in its place.
#[derive(Debug, PartialEq)]
pub(super) struct LenientList<T>(pub(super) Vec<T>);

impl<T> Default for LenientList<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for LenientList<T> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(ListVisitor(std::marker::PhantomData)).map(Self)
    }
}

struct ListVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    read_over!(Vec::new());

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<Lenient<T>>()? {
            list.extend(item.0);
        }
        Ok(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        ScalarVisitor.visit_map(members).map(|_| Vec::new())
    }
}
