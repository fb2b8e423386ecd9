//! The answer of `GET /v1/metrics` as it goes over the wire.
//!
//! Every field is a [`Field`]: absent, null and wrong values are kept apart, and none of them loses
//! the rest. The server writes these types, the browser reads them.

use serde::{Deserialize, Serialize};

use crate::wire::{Field, List, Number, Object, Text};

/// Declares structs of tolerant fields, named as on the wire, with their schema for `OpenAPI`.
macro_rules! objects {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty = $schema:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name {
            $($(#[$field_doc])*
            #[cfg_attr(feature = "openapi", schema(value_type = $schema))]
            pub $field: $kind,)*
        }
        impl Object for $name {}
    )*};
}

objects! {
    /// The whole answer.
    Answer {
        /// The report, in the documents' shape.
        data: Field<Usage> = Usage,
        /// What this project's server adds about how the report was made. Other servers lack it.
        callscope: Field<Context> = Option<Context>,
    }
    /// The report.
    Usage {
        /// The figures of the whole period.
        metrics: Field<Metrics> = Metrics,
        /// Calls by day, in order.
        daily_volume: List<Day> = Vec<Day>,
        /// Calls by hour of the day, 24 entries.
        hourly_distribution: List<Hour> = Vec<Hour>,
        /// Calls by how they ended.
        resolution_breakdown: Field<Outcomes> = Outcomes,
        /// Calls by agent.
        agent_performance: List<Agent> = Vec<Agent>,
        /// Quality of the models. Absent in the older form.
        ai_insights: Field<AiInsights> = Option<AiInsights>,
        /// Why calls were handed over, most frequent first. Absent in the older form.
        escalation_reasons: List<Reason> = Vec<Reason>,
    }
    /// The figures of the whole period.
    Metrics {
        /// Calls that started in the period.
        total_calls: Number = u64,
        /// How long they lasted, in minutes.
        total_minutes: Number = f64,
        /// Resolved calls, in percent of all.
        resolution_rate: Number = Option<f64>,
        /// Mean duration over all calls, in seconds.
        avg_duration: Number = Option<f64>,
        /// Agents with at least one call.
        active_agents: Number = u64,
        /// Mean time to the first token of the language model, in milliseconds.
        response_time: Number = Option<f64>,
        /// Calls with positive sentiment, in percent of those with sentiment.
        sentiment_percent: Number = Option<f64>,
        /// Transferred calls, in percent of all.
        escalation_rate: Number = Option<f64>,
    }
    /// The calls of one day.
    Day {
        /// The local date, `YYYY-MM-DD`.
        date: Text = String,
        /// Calls that started on it.
        total_calls: Number = u64,
        /// Those of them that were resolved.
        resolved_calls: Number = u64,
    }
    /// The calls of one hour of the day.
    Hour {
        /// The hour, `HH:00`.
        hour: Text = String,
        /// Calls that started in it.
        calls: Number = u64,
        /// How long they lasted, in minutes.
        minutes: Number = f64,
    }
    /// Calls by how they ended.
    Outcomes {
        /// Settled by the agent.
        resolved: Number = u64,
        /// Handed to a person.
        transferred: Number = u64,
        /// Given up by the caller.
        abandoned: Number = u64,
        /// Anything else.
        other: Number = u64,
    }
    /// The calls of one agent.
    Agent {
        /// The agent's id.
        agent_id: Text = String,
        /// The agent's name.
        agent_name: Text = String,
        /// Calls it handled.
        total_calls: Number = u64,
        /// Calls it resolved.
        resolved: Number = u64,
        /// Calls it handed over.
        transferred: Number = u64,
        /// Calls given up.
        abandoned: Number = u64,
        /// Other calls.
        other: Number = u64,
        /// Resolved, in percent of its calls.
        resolved_percent: Number = Option<f64>,
        /// Transferred, in percent of its calls.
        transferred_percent: Number = Option<f64>,
        /// Abandoned, in percent of its calls.
        abandoned_percent: Number = Option<f64>,
        /// Other, in percent of its calls.
        other_percent: Number = Option<f64>,
        /// Mean duration of its calls, in seconds.
        avg_duration: Number = Option<f64>,
        /// Its calls with positive sentiment, in percent.
        sentiment_percent: Number = Option<f64>,
        /// `active`, `inactive`, `cancelled`, `pending` or `deleted`.
        status: Text = String,
    }
    /// Quality of the models, under the documents' names.
    AiInsights {
        /// Calls without a correction by the caller, in percent.
        intent_accuracy: Number = Option<f64>,
        /// Mean share of tokens read from the cache, in percent.
        context_retention: Number = Option<f64>,
        /// Mean confidence of the transcripts, in percent.
        speech_recognition: Number = Option<f64>,
        /// Tool calls without an error, in percent.
        entity_extraction: Number = Option<f64>,
        /// Mean time to the first token, in milliseconds; the same as `responseTime`.
        response_latency: Number = Option<f64>,
        /// Number of call sessions in the period.
        training_sessions: Number = u64,
    }
    /// One reason for handing calls over.
    Reason {
        /// The reason in words.
        reason: Text = String,
        /// Calls with this reason.
        count: Number = u64,
        /// Calls with this reason, in percent of all that were handed over.
        percent_of_total: Number = Option<f64>,
        /// Mean time before the hand-over, in seconds.
        avg_time_before_escalation: Number = Option<f64>,
    }
    /// How the report was made; an addition of this project's server.
    Context {
        /// The zone by which days and hours were cut.
        time_zone: Text = String,
        /// When the last call counted started, RFC 3339 in UTC.
        calls_through: Text = Option<String>,
        /// The agent that the report was narrowed to.
        agent_id: Text = Option<String>,
        /// The hour of the day, 0–23, that the report was narrowed to.
        hour: Number = Option<u8>,
        /// Versions that went live in the period, in order of time.
        releases: List<ReleaseMark> = Vec<ReleaseMark>,
    }
    /// A version that went live.
    ReleaseMark {
        /// The local date, `YYYY-MM-DD`.
        date: Text = String,
        /// The agent's name.
        agent_name: Text = String,
        /// The version's label.
        label: Text = String,
    }
}
