//! The answer of `GET /v1/metrics` as it goes over the wire.
//!
//! Every field is a [`Field`]: absent, null and wrong values are kept apart, and none of them loses
//! the rest. The server writes these types, the browser reads them.

use crate::wire::{Field, List, Number, Text, objects};

objects! {
    /// The whole answer.
    Answer {
        /// The report, in the documents' shape.
        data "data": Field<Usage> = Usage,
        /// What this project's server adds about how the report was made. Other servers lack it.
        callscope "callscope": Field<Context> = Option<Context>,
    }
    /// The report.
    Usage {
        /// The figures of the whole period.
        metrics "metrics": Field<Metrics> = Metrics,
        /// Calls by day, in order.
        daily_volume "dailyVolume": List<Day> = Vec<Day>,
        /// Calls by hour of the day, 24 entries.
        hourly_distribution "hourlyDistribution": List<Hour> = Vec<Hour>,
        /// Calls by how they ended.
        resolution_breakdown "resolutionBreakdown": Field<Outcomes> = Outcomes,
        /// Calls by agent.
        agent_performance "agentPerformance": List<Agent> = Vec<Agent>,
        /// Quality of the models. Absent in the older form.
        ai_insights "aiInsights": Field<AiInsights> = Option<AiInsights>,
        /// Why calls were handed over, most frequent first. Absent in the older form.
        escalation_reasons "escalationReasons": List<Reason> = Vec<Reason>,
    }
    /// The figures of the whole period.
    Metrics {
        /// Calls that started in the period.
        total_calls "totalCalls": Number = u64,
        /// How long they lasted, in minutes.
        total_minutes "totalMinutes": Number = f64,
        /// Resolved calls, in percent of all.
        resolution_rate "resolutionRate": Number = Option<f64>,
        /// Mean duration over all calls, in seconds.
        avg_duration "avgDuration": Number = Option<f64>,
        /// Agents with at least one call.
        active_agents "activeAgents": Number = u64,
        /// Mean time to the first token of the language model, in milliseconds.
        response_time "responseTime": Number = Option<f64>,
        /// Calls with positive sentiment, in percent of those with sentiment.
        sentiment_percent "sentimentPercent": Number = Option<f64>,
        /// Transferred calls, in percent of all.
        escalation_rate "escalationRate": Number = Option<f64>,
    }
    /// The calls of one day.
    Day {
        /// The local date, `YYYY-MM-DD`.
        date "date": Text = String,
        /// Calls that started on it.
        total_calls "totalCalls": Number = u64,
        /// Those of them that were resolved.
        resolved_calls "resolvedCalls": Number = u64,
    }
    /// The calls of one hour of the day.
    Hour {
        /// The hour, `HH:00`.
        hour "hour": Text = String,
        /// Calls that started in it.
        calls "calls": Number = u64,
        /// How long they lasted, in minutes.
        minutes "minutes": Number = f64,
    }
    /// Calls by how they ended.
    Outcomes {
        /// Settled by the agent.
        resolved "resolved": Number = u64,
        /// Handed to a person.
        transferred "transferred": Number = u64,
        /// Given up by the caller.
        abandoned "abandoned": Number = u64,
        /// Anything else.
        other "other": Number = u64,
    }
    /// The calls of one agent.
    Agent {
        /// The agent's id.
        agent_id "agentId": Text = String,
        /// The agent's name.
        agent_name "agentName": Text = String,
        /// Calls it handled.
        total_calls "totalCalls": Number = u64,
        /// Calls it resolved.
        resolved "resolved": Number = u64,
        /// Calls it handed over.
        transferred "transferred": Number = u64,
        /// Calls given up.
        abandoned "abandoned": Number = u64,
        /// Other calls.
        other "other": Number = u64,
        /// Resolved, in percent of its calls.
        resolved_percent "resolvedPercent": Number = Option<f64>,
        /// Transferred, in percent of its calls.
        transferred_percent "transferredPercent": Number = Option<f64>,
        /// Abandoned, in percent of its calls.
        abandoned_percent "abandonedPercent": Number = Option<f64>,
        /// Other, in percent of its calls.
        other_percent "otherPercent": Number = Option<f64>,
        /// Mean duration of its calls, in seconds.
        avg_duration "avgDuration": Number = Option<f64>,
        /// Its calls with positive sentiment, in percent.
        sentiment_percent "sentimentPercent": Number = Option<f64>,
        /// `active`, `inactive`, `cancelled`, `pending` or `deleted`.
        status "status": Text = String,
    }
    /// Quality of the models, under the documents' names.
    AiInsights {
        /// Calls without a correction by the caller, in percent.
        intent_accuracy "intentAccuracy": Number = Option<f64>,
        /// Mean share of tokens read from the cache, in percent.
        context_retention "contextRetention": Number = Option<f64>,
        /// Mean confidence of the transcripts, in percent.
        speech_recognition "speechRecognition": Number = Option<f64>,
        /// Tool calls without an error, in percent.
        entity_extraction "entityExtraction": Number = Option<f64>,
        /// Mean time to the first token, in milliseconds; the same as `responseTime`.
        response_latency "responseLatency": Number = Option<f64>,
        /// Number of call sessions in the period.
        training_sessions "trainingSessions": Number = u64,
    }
    /// One reason for handing calls over.
    Reason {
        /// The reason in words.
        reason "reason": Text = String,
        /// Calls with this reason.
        count "count": Number = u64,
        /// Calls with this reason, in percent of all that were handed over.
        percent_of_total "percentOfTotal": Number = Option<f64>,
        /// Mean time before the hand-over, in seconds.
        avg_time_before_escalation "avgTimeBeforeEscalation": Number = Option<f64>,
    }
    /// How the report was made; an addition of this project's server.
    Context {
        /// The zone by which days and hours were cut.
        time_zone "timeZone": Text = String,
        /// When the last call counted started, RFC 3339 in UTC.
        calls_through "callsThrough": Text = Option<String>,
        /// The agent that the report was narrowed to.
        agent_id "agentId": Text = Option<String>,
        /// The hour of the day, 0–23, that the report was narrowed to.
        hour "hour": Number = Option<u8>,
        /// Organisations of the scope whose calls are not counted, by name.
        left_out "leftOut": Text = Option<String>,
        /// Versions that went live in the period, in order of time.
        releases "releases": List<ReleaseMark> = Vec<ReleaseMark>,
    }
    /// A version that went live.
    ReleaseMark {
        /// The local date, `YYYY-MM-DD`.
        date "date": Text = String,
        /// The agent's name.
        agent_name "agentName": Text = String,
        /// The version's label.
        label "label": Text = String,
    }
}
