//! A call of a vendor as it is kept here.

use callscope_core::calls::{CallDetail, CallRecord, Speaker, Telemetry};
use serde_json::Value;

use crate::db::{
    AT_VENDOR, CallAnalytics, CallDetails, CallRow, Connection, MetricResult, Said, StageLatencies, SyncedCall,
};

/// A row of a list.
pub(super) fn synced(of: &Connection, row: &Value, detail: &CallDetail) -> SyncedCall {
    let call = call(of, &detail.call, detail.call.average_latency_ms);
    let ended_ms = call.started_ms.saturating_add_unsigned(call.duration_ms);
    let updated_ms = detail.updated_ms.unwrap_or(ended_ms);
    SyncedCall { call, details: details(of, detail), updated_ms, row: lasting(row) }
}

/// A row as it tells whether a call has changed: addresses of recordings are made anew each time they are told.
fn lasting(row: &Value) -> String {
    let mut row = row.clone();
    for name in ["recordingUrl", "recordingDualUrl"] {
        if let Some(Value::String(address)) = row.get_mut(name)
            && let Some((before, _)) = address.split_once('?')
        {
            *address = before.to_owned();
        }
    }
    row.to_string()
}

/// What is kept of a row that is no call: all of it, or its names alone where people are to be left out.
pub(super) fn kept_aside(of: &Connection, row: &Value) -> String {
    match row {
        Value::Object(members) if !(of.keeps_numbers && of.keeps_transcripts) => {
            let names: Vec<&str> = members.keys().map(String::as_str).collect();
            format!("names: {}", names.join(", "))
        }
        _ => row.to_string(),
    }
}

fn call(of: &Connection, record: &CallRecord, latency_ms: Option<f64>) -> CallRow {
    let Telemetry {
        response_ms,
        positive_sentiment,
        corrections,
        tokens,
        transcript_confidence,
        tool_calls,
        escalation_reason,
        ..
    } = record.telemetry.clone().unwrap_or_default();
    let number = |number: &Option<String>| number.clone().filter(|_| of.keeps_numbers);
    CallRow {
        organisation_id: of.organisation_id.clone(),
        id: record.id.clone(),
        started_ms: record.started_ms,
        agent_id: record.agent_id.clone(),
        // A version is of an agent.
        version_id: record.version_id.clone().filter(|_| record.agent_id.is_some()),
        duration_ms: record.duration_ms.unwrap_or(0),
        status: record.status.clone().unwrap_or_else(|| "unknown".to_owned()),
        outcome: record.outcome(),
        disconnection_reason: record.disconnection_reason.clone(),
        call_type: record.call_type.clone(),
        to_number: number(&record.to),
        from_number: number(&record.from),
        is_test: record.is_test,
        cost: record.cost_credits,
        response_ms,
        positive_sentiment,
        corrections,
        tokens,
        transcript_confidence,
        tool_calls,
        escalation_reason,
        campaign_id: record.campaign_id.clone(),
        latency_ms,
    }
}

/// What is known of a call beside; what was said only where it is kept.
pub(super) fn details(of: &Connection, detail: &CallDetail) -> CallDetails {
    let said = detail.transcript.iter().map(|message| Said {
        role: match &message.speaker {
            Speaker::Agent => "agent".to_owned(),
            Speaker::Caller => "user".to_owned(),
            Speaker::Other(name) => name.clone(),
        },
        content: message.text.clone(),
        after_ms: message.after_ms.unwrap_or(0),
    });
    let answer = |answer: &callscope_core::calls::MetricAnswer| MetricResult {
        identifier: answer.identifier.clone(),
        value: answer.value.clone().unwrap_or_default(),
        confidence: answer.confidence,
    };
    CallDetails {
        transcript: if of.keeps_transcripts { said.collect() } else { Vec::new() },
        latencies: StageLatencies {
            transcriber_ms: detail.latencies.transcriber_ms,
            agent_ms: detail.latencies.agent_ms,
            synthesizer_ms: detail.latencies.synthesizer_ms,
            turns_ms: detail.latencies.turns.iter().map(|(_, latency_ms)| *latency_ms).collect(),
        },
        analytics: CallAnalytics {
            // What a call was about is told in words of the call.
            summary: detail.summary.clone().filter(|_| of.keeps_transcripts),
            answers: detail.call.answers.iter().map(answer).collect(),
        },
        failure_reason: detail.failure_reason.clone(),
        // What was said can be heard in it.
        recording: detail.recordings.mono.as_ref().filter(|_| of.keeps_transcripts).map(|_| AT_VENDOR.to_owned()),
        recording_dual: detail
            .recordings
            .stereo
            .as_ref()
            .filter(|_| of.keeps_transcripts)
            .map(|_| AT_VENDOR.to_owned()),
        ..CallDetails::default()
    }
}
