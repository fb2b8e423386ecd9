//! One call with everything that is known of it.

use super::record::{CallRecord, MetricAnswer, Telemetry};
use super::wire::{Additions, CallAnswer, CallLog};
use super::{Outcome, millis_of_secs, parse_instant_ms};
use crate::error::{Error, ErrorKind};
use crate::wire::{Field, Reader};
use crate::{Finding, FindingCode};

/// A call with what was said, what was found out, and how long it took. `None` is unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallDetail {
    /// What lists of calls hold too.
    pub call: CallRecord,
    /// What was said, in order.
    pub transcript: Vec<Message>,
    /// Where its recordings are.
    pub recordings: Recordings,
    /// How long each stage and each turn took.
    pub latencies: Latencies,
    /// What it was about.
    pub summary: Option<String>,
    /// Why it failed, where it did.
    pub failure_reason: Option<String>,
    /// When it was last written to, in Unix milliseconds.
    pub updated_ms: Option<i64>,
}

/// A page of calls, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallRows {
    /// The rows in their order: each as it came, with the call, or with why it is none.
    pub rows: Vec<(serde_json::Value, Result<CallDetail, Error>)>,
    /// Rows on all pages, where the answer says so.
    pub total: Option<u64>,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who said it.
    pub speaker: Speaker,
    /// What.
    pub text: String,
    /// When, in milliseconds after the call started; unknown where it is not said, or before it.
    pub after_ms: Option<u64>,
}

/// Who says something in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The agent.
    Agent,
    /// The person on the other side.
    Caller,
    /// Anyone else, by the name that is given.
    Other(String),
}

impl Speaker {
    /// The name for people.
    pub fn label(&self) -> &str {
        match self {
            Self::Agent => "Agent",
            Self::Caller => "Caller",
            Self::Other(name) => name,
        }
    }
}

/// Where the recordings of a call are; none until they are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recordings {
    /// Both voices in one channel.
    pub mono: Option<String>,
    /// A channel for each voice.
    pub stereo: Option<String>,
}

/// How long the answers of a call took, in milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Latencies {
    /// Speech to text, on average.
    pub transcriber_ms: Option<f64>,
    /// The language model, on average.
    pub agent_ms: Option<f64>,
    /// Text to speech, on average.
    pub synthesizer_ms: Option<f64>,
    /// From the end of what the caller said to the beginning of the answer: each turn with its number.
    pub turns: Vec<(u64, f64)>,
    /// The median of the turns.
    pub median_ms: Option<f64>,
}

/// Reads and checks the answer of `GET /conversation/{callId}`.
///
/// # Errors
/// Where the bytes are no JSON, end too early, or are about no call: without an id or a start.
pub fn parse_call(bytes: &[u8]) -> Result<(CallDetail, Vec<Finding>), Error> {
    let value: serde_json::Value = serde_json::from_slice(bytes)?;
    let mut unknown = 0;
    let log = match value.get("data") {
        Some(_) => Field::<CallAnswer>::take(value, &mut unknown).into_value().unwrap_or_default().data,
        // Some gateways strip the envelope.
        None => Field::take(value, &mut unknown),
    };
    let Field::Value(log) = log else { return Err(Error::new(ErrorKind::Shape, "the answer is about no call")) };
    let mut reader = Reader::default();
    let detail = detail(&mut reader, log)?;
    Ok((detail, reader.findings))
}

/// Reads the answer of `GET /conversation` with everything that it holds of each call. Rows that are no calls
/// are told apart, with the reason: whoever keeps calls keeps those aside.
///
/// # Errors
/// Where the bytes are no JSON, end too early, or hold no list of calls.
pub fn parse_call_rows(bytes: &[u8]) -> Result<CallRows, Error> {
    let mut answer: serde_json::Value = serde_json::from_slice(bytes)?;
    let mut data = answer.get_mut("data").map(serde_json::Value::take).unwrap_or(answer);
    let total = |of: &serde_json::Value| of.get("total").and_then(serde_json::Value::as_u64);
    let total = data.get("pagination").and_then(total).or_else(|| total(&data));
    let Some(serde_json::Value::Array(rows)) = data.get_mut("logs").map(serde_json::Value::take) else {
        return Err(Error::new(ErrorKind::Shape, "the answer holds no list of calls"));
    };
    let read = |row: serde_json::Value| {
        let call = match Field::<CallLog>::take(row.clone(), &mut 0) {
            Field::Value(log) => detail(&mut Reader::default(), log),
            _ => Err(Error::new(ErrorKind::Shape, "the row is no call")),
        };
        (row, call)
    };
    Ok(CallRows { rows: rows.into_iter().map(read).collect(), total })
}

fn detail(reader: &mut Reader, mut log: CallLog) -> Result<CallDetail, Error> {
    let transcript = std::mem::take(&mut log.transcript);
    let (latencies, average_latency_ms) = latencies(reader, &mut log);
    let analytics = reader.take(std::mem::take(&mut log.post_call_analytics), "postCallAnalytics").unwrap_or_default();
    let results = reader.list(analytics.disposition_metrics, "postCallAnalytics.dispositionMetrics");
    let answers = results.into_iter().filter_map(|result| {
        let identifier = result.identifier.into_value()?;
        let confidence = result.confidence.into_value().filter(|confidence| (0.0..=1.0).contains(confidence));
        Some(MetricAnswer { identifier, value: result.value.into_value(), confidence })
    });
    let answers: Vec<MetricAnswer> = answers.collect();
    let recordings = Recordings {
        mono: address(reader, &mut log.recording_url),
        stereo: address(reader, &mut log.recording_dual_url),
    };
    let updated_at = reader.text(std::mem::take(&mut log.updated_at), "updatedAt");
    let updated_ms = updated_at.as_deref().and_then(parse_instant_ms);
    let failure_reason = reader.text(std::mem::take(&mut log.call_failure_reason), "callFailureReason");
    let call = CallRecord { average_latency_ms, answers, ..record(reader, log)? };
    let messages = reader.list(transcript, "transcript");
    let message = |message: super::wire::Message| {
        let speaker = match message.role.into_value().unwrap_or_default().as_str() {
            "agent" | "assistant" => Speaker::Agent,
            "user" => Speaker::Caller,
            other => Speaker::Other(other.to_owned()),
        };
        let at_ms = message.timestamp.into_value().as_deref().and_then(parse_instant_ms);
        let after_ms = at_ms.and_then(|at| u64::try_from(at.saturating_sub(call.started_ms)).ok());
        Some(Message { speaker, text: message.content.into_value()?, after_ms })
    };
    let transcript = messages.into_iter().filter_map(message).collect();
    let summary = analytics.summary.into_value().filter(|summary| !summary.is_empty());
    Ok(CallDetail { call, transcript, recordings, latencies, summary, failure_reason, updated_ms })
}

fn record(reader: &mut Reader, log: CallLog) -> Result<CallRecord, Error> {
    let missing = |what: &str| Error::new(ErrorKind::Shape, format!("the call has no {what}"));
    let id = reader.text(log.call_id, "callId").filter(|id| !id.is_empty()).ok_or_else(|| missing("id"))?;
    let created_at = reader.text(log.created_at, "createdAt");
    let started_ms = created_at.as_deref().and_then(parse_instant_ms).ok_or_else(|| missing("start"))?;
    let text = |reader: &mut Reader, field, place| reader.text(field, place).filter(|text: &String| !text.is_empty());
    Ok(CallRecord {
        id,
        started_ms,
        duration_ms: reader.amount(&log.duration, "duration").and_then(millis_of_secs),
        status: text(reader, log.state, "status"),
        call_type: text(reader, log.call_type, "type"),
        from: text(reader, log.from, "from"),
        to: text(reader, log.to, "to"),
        agent_id: text(reader, log.agent_id, "agentId"),
        campaign_id: text(reader, log.campaign_id, "campaignId"),
        version_id: text(reader, log.version_id, "versionId"),
        version_number: reader.count(&log.version_number, "versionNumber"),
        disconnection_reason: text(reader, log.disconnection_reason, "disconnectionReason"),
        is_test: reader.take(log.is_test, "isTest").unwrap_or(false),
        cost_credits: reader.amount(&log.call_cost, "callCost"),
        average_latency_ms: None,
        answers: Vec::new(),
        telemetry: reader.take(log.callscope, "callscope").map(telemetry),
    })
}

fn telemetry(additions: Additions) -> Telemetry {
    let count = |number: crate::wire::Number| {
        number.into_value().filter(|count| *count >= 0.0 && count.fract() == 0.0).map(|count| count as u64)
    };
    Telemetry {
        outcome: additions.outcome.into_value().as_deref().and_then(Outcome::from_key),
        response_ms: additions.response_ms.into_value(),
        positive_sentiment: additions.positive_sentiment.into_value(),
        corrections: count(additions.corrections).and_then(|count| u32::try_from(count).ok()),
        tokens: count(additions.cached_tokens).zip(count(additions.all_tokens)),
        transcript_confidence: additions.transcript_confidence.into_value(),
        tool_calls: count(additions.tool_calls).zip(count(additions.tool_errors)),
        escalation_reason: additions.escalation_reason.into_value(),
    }
}

/// No answer takes a day: what is longer is no measurement.
const LONGEST_MS: f64 = 86_400_000.0;

/// How long the answers took, and the mean over the turns as the server gives it.
fn latencies(reader: &mut Reader, log: &mut CallLog) -> (Latencies, Option<f64>) {
    let of = reader.take(std::mem::take(&mut log.turn_latency_metrics), "turnLatencyMetrics").unwrap_or_default();
    let transitions = reader.list(of.transitions, "turnLatencyMetrics.transitions");
    let turn = |(index, transition): (usize, super::wire::Transition)| {
        let latency = transition.latency.into_value().filter(|latency| (0.0..LONGEST_MS).contains(latency))?;
        let number = transition.turn.into_value().filter(|turn| (0.0..1e6).contains(turn)).map(|turn| turn as u64);
        Some((number.unwrap_or(index as u64 + 1), latency))
    };
    let average = reader.amount(&of.avg_latency, "turnLatencyMetrics.avgLatency");
    let latencies = Latencies {
        transcriber_ms: reader.amount(&log.transcriber_ms, "average_transcriber_latency"),
        agent_ms: reader.amount(&log.agent_ms, "average_agent_latency"),
        synthesizer_ms: reader.amount(&log.synthesizer_ms, "average_synthesizer_latency"),
        turns: transitions.into_iter().enumerate().filter_map(turn).collect(),
        median_ms: reader.amount(&of.median_latency, "turnLatencyMetrics.medianLatency"),
    };
    (latencies, average)
}

/// The address of a recording, where there is one that a browser may open: of the web, or of the same
/// server. Anything else is said and left out.
fn address(reader: &mut Reader, field: &mut crate::wire::Text) -> Option<String> {
    let address = reader.text(std::mem::take(field), "recordingUrl").filter(|address| !address.trim().is_empty())?;
    let lower = address.trim().to_ascii_lowercase();
    // A backslash is a slash to a browser, and control characters are none at all.
    let is_plain = !lower.chars().any(|c| c == '\\' || c.is_control());
    let is_own = is_plain && lower.starts_with('/') && !lower.starts_with("//");
    if is_own || lower.starts_with("https://") || lower.starts_with("http://") {
        return Some(address.trim().to_owned());
    }
    let sentence = "The address of a recording is none of the web; it is not opened.";
    reader.findings.push(Finding::warning(FindingCode::BadAddress, sentence));
    None
}
