//! The answers about calls as they go over the wire: `GET /conversation`, `GET /conversation/{callId}`
//! and `POST /conversation/search`.

use crate::wire::{Field, List, Number, Open, Text, objects};

objects! {
    /// The answer of the list of calls.
    CallsAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// A page of the list.
        data "data": Field<CallPage> = CallPage,
    }
    /// A page of calls.
    CallPage {
        /// The calls.
        logs "logs": List<CallLog> = Vec<CallLog>,
        /// Which page it is.
        pagination "pagination": Field<Pagination> = Pagination,
    }
    /// Where a page lies in its list.
    Pagination {
        /// Calls on all pages.
        total "total": Number = u64,
        /// The number of the page, from 1 on.
        page "page": Number = u64,
        /// Calls of a page at most.
        limit "limit": Number = u64,
        /// Whether there is another page.
        has_more "hasMore": Field<bool> = bool,
        /// How many pages there are.
        total_pages "totalPages": Number = u64,
    }
    /// The answer of a search by ids.
    FoundAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// What was found.
        data "data": Field<FoundCalls> = FoundCalls,
    }
    /// The calls of a search by ids.
    FoundCalls {
        /// Those that were found.
        logs "logs": List<CallLog> = Vec<CallLog>,
        /// How many were found.
        total "total": Number = u64,
        /// How many ids were asked for.
        requested_count "requestedCount": Number = u64,
    }
    /// The answer about one call.
    CallAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// The call.
        data "data": Field<CallLog> = CallLog,
    }
    /// A call. In lists what was said and how long each stage took is left out.
    CallLog {
        /// The record's id.
        #[serde(rename = "_id")]
        record_id "_id": Text = String,
        /// The call's id.
        call_id "callId": Text = String,
        /// `completed`, `failed`, `in_progress`, `no_answer`, `busy` and any other.
        #[serde(rename = "status")]
        state "status": Text = String,
        /// How long it lasted, in seconds.
        duration "duration": Number = f64,
        /// The number that called.
        from "from": Text = Option<String>,
        /// The number that was called.
        to "to": Text = Option<String>,
        /// `telephony_inbound`, `telephony_outbound`, `webcall`, `chat` and any other.
        #[serde(rename = "type")]
        call_type "type": Text = Option<String>,
        /// The agent that handled it.
        agent_id "agentId": Text = Option<String>,
        /// The campaign that it belongs to.
        campaign_id "campaignId": Text = Option<String>,
        /// The agent's version.
        version_id "versionId": Text = Option<String>,
        /// That version's number.
        version_number "versionNumber": Number = Option<u64>,
        /// Whether it was a test.
        is_test "isTest": Field<bool> = bool,
        /// Why it ended: `user_hangup`, `agent_hangup`, `timeout` and any other.
        disconnection_reason "disconnectionReason": Text = Option<String>,
        /// Why it failed, where it did.
        call_failure_reason "callFailureReason": Text = Option<String>,
        /// How often it was tried again.
        retry_count "retryCount": Number = Option<u64>,
        /// When it started, RFC 3339 in UTC.
        created_at "createdAt": Text = String,
        /// When it was last written to, RFC 3339 in UTC.
        updated_at "updatedAt": Text = String,
        /// What it cost, in credits.
        call_cost "callCost": Number = Option<f64>,
        /// Where the recording of both voices in one channel is; empty until it is there.
        recording_url "recordingUrl": Text = String,
        /// Where the recording with a channel for each voice is; empty until it is there.
        recording_dual_url "recordingDualUrl": Text = String,
        /// What was found out after the call, by name.
        disposition_metrics "dispositionMetrics": Field<Open<String>> = Object,
        /// The same with how sure each answer is, and a summary.
        post_call_analytics "postCallAnalytics": Field<Analytics> = Option<Analytics>,
        /// How long callers waited for answers.
        turn_latency_metrics "turnLatencyMetrics": Field<TurnLatency> = Option<TurnLatency>,
        /// What was said.
        #[serde(skip_serializing_if = "Field::is_missing")]
        transcript "transcript": List<Message> = Vec<Message>,
        /// Mean time of speech to text, in milliseconds.
        #[serde(rename = "average_transcriber_latency", skip_serializing_if = "Field::is_missing")]
        transcriber_ms "average_transcriber_latency": Number = Option<f64>,
        /// Mean time of the language model, in milliseconds.
        #[serde(rename = "average_agent_latency", skip_serializing_if = "Field::is_missing")]
        agent_ms "average_agent_latency": Number = Option<f64>,
        /// Mean time of text to speech, in milliseconds.
        #[serde(rename = "average_synthesizer_latency", skip_serializing_if = "Field::is_missing")]
        synthesizer_ms "average_synthesizer_latency": Number = Option<f64>,
        /// What the usage figures need beyond it. An addition of this server.
        callscope "callscope": Field<Additions> = Option<Additions>,
    }
    /// What was found out after a call.
    Analytics {
        /// What it was about.
        summary "summary": Text = Option<String>,
        /// The answer to each question.
        disposition_metrics "dispositionMetrics": List<MetricResult> = Vec<MetricResult>,
    }
    /// The answer to one question.
    MetricResult {
        /// The question's name.
        identifier "identifier": Text = String,
        /// The answer as text.
        value "value": Text = Option<String>,
        /// How sure it is, 0-1.
        confidence "confidence": Number = Option<f64>,
    }
    /// How long a caller waited for answers, in milliseconds.
    TurnLatency {
        /// The mean.
        avg_latency "avgLatency": Number = Option<f64>,
        /// The median.
        median_latency "medianLatency": Number = Option<f64>,
        /// The shortest.
        min_latency "minLatency": Number = Option<f64>,
        /// The longest.
        max_latency "maxLatency": Number = Option<f64>,
        /// How many turns were measured.
        turns "turns": Number = Option<u64>,
        /// Each turn.
        transitions "transitions": List<Transition> = Vec<Transition>,
    }
    /// From the end of what a caller said to the beginning of the answer.
    Transition {
        /// The number of the turn, from 1 on.
        turn "turn": Number = u64,
        /// How long it took, in milliseconds.
        latency "latency": Number = f64,
    }
    /// Something that was said.
    Message {
        /// Who said it: `agent`, `user` and any other.
        role "role": Text = String,
        /// What.
        content "content": Text = String,
        /// When, RFC 3339 in UTC.
        timestamp "timestamp": Text = Option<String>,
    }
    /// What the documents' call logs do not hold.
    Additions {
        /// How it ended for the person who called: `resolved`, `transferred`, `abandoned`, `other`.
        outcome "outcome": Text = String,
        /// Mean time to the first token of the language model, in milliseconds.
        response_ms "responseMs": Number = Option<f64>,
        /// Whether the caller's sentiment was positive.
        positive_sentiment "positiveSentiment": Field<bool> = Option<bool>,
        /// How often the caller corrected the agent.
        corrections "corrections": Number = Option<u64>,
        /// Tokens read from the cache.
        cached_tokens "cachedTokens": Number = Option<u64>,
        /// All tokens.
        all_tokens "allTokens": Number = Option<u64>,
        /// Mean confidence of the transcript, 0-1.
        transcript_confidence "transcriptConfidence": Number = Option<f64>,
        /// Tool calls.
        tool_calls "toolCalls": Number = Option<u64>,
        /// Those of them that failed.
        tool_errors "toolErrors": Number = Option<u64>,
        /// Why it was handed over.
        escalation_reason "escalationReason": Text = Option<String>,
    }
}
