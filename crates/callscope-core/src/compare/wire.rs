//! The answer of `GET /agent/{id}/versions/compare-metrics` as it goes over the wire.

use crate::diff::wire::VersionDiff;
use crate::wire::{Field, List, Number, Open, Text, objects};

objects! {
    /// The whole answer.
    ComparisonAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// The comparison, in the documents' shape.
        data "data": Field<Comparison> = Comparison,
        /// What this project's server adds about how the versions ran. Other servers lack it.
        callscope "callscope": Field<RunContext> = Option<RunContext>,
    }
    /// The comparison.
    Comparison {
        /// What changed in the configuration from A to B.
        config_diff "configDiff": Field<VersionDiff> = VersionDiff,
        /// The figures.
        metrics "metrics": Field<ComparedMetrics> = ComparedMetrics,
    }
    /// The figures of both versions.
    ComparedMetrics {
        /// Of the version that is compared with.
        version_a "versionA": Field<VersionMetrics> = VersionMetrics,
        /// Of the version that is compared.
        version_b "versionB": Field<VersionMetrics> = VersionMetrics,
        /// B minus A.
        deltas "deltas": Field<Deltas> = Deltas,
    }
    /// The figures of one version.
    VersionMetrics {
        /// The organisation.
        org_id "orgId": Text = String,
        /// The agent.
        agent_id "agentId": Text = String,
        /// The version.
        version_id "versionId": Text = String,
        /// Calls that it took.
        total_calls "totalCalls": Number = u64,
        /// Those of them that were answered.
        answered_calls "answeredCalls": Number = u64,
        /// Mean duration over all its calls, in milliseconds.
        avg_duration_ms "avgDurationMs": Number = Option<f64>,
        /// Answered / all, 0-1.
        completion_rate "completionRate": Number = Option<f64>,
        /// Cost of all its calls, in credits.
        total_cost "totalCost": Number = Option<f64>,
        /// Calls by who ended them.
        hangup_source_distribution "hangupSourceDistribution": Field<Open<f64>> = std::collections::BTreeMap<String, u64>,
        /// The days that the figures are of.
        period "period": Field<ComparedPeriod> = ComparedPeriod,
    }
    /// A range of local days; both may be open.
    ComparedPeriod {
        /// The first day, `YYYY-MM-DD`.
        date_from "dateFrom": Text = Option<String>,
        /// The last day, itself inside.
        date_to "dateTo": Text = Option<String>,
    }
    /// B minus A.
    Deltas {
        /// Of the calls.
        total_calls "totalCalls": Number = i64,
        /// Of the answered calls.
        answered_calls "answeredCalls": Number = i64,
        /// Of the mean duration, in milliseconds.
        avg_duration_ms "avgDurationMs": Number = Option<f64>,
        /// Of the completion rate, as a fraction.
        completion_rate "completionRate": Number = Option<f64>,
        /// Of the cost, in credits.
        total_cost "totalCost": Number = Option<f64>,
    }
    /// How the versions ran; an addition of this project's server.
    RunContext {
        /// The zone by which days and hours were cut.
        time_zone "timeZone": Text = String,
        /// When the last call counted started, RFC 3339 in UTC.
        calls_through "callsThrough": Text = Option<String>,
        /// How the version that is compared with ran.
        version_a "versionA": Field<Run> = Run,
        /// How the version that is compared ran.
        version_b "versionB": Field<Run> = Run,
    }
    /// When and on what a version ran.
    Run {
        /// Its number and label.
        label "label": Text = String,
        /// The local day on which it last went live, `YYYY-MM-DD`.
        activated "activated": Text = Option<String>,
        /// Whether it takes the agent's calls now.
        is_live "isLive": Field<bool> = bool,
        /// Its calls by day, in order; days without a call are left out.
        days "days": List<RunDay> = Vec<RunDay>,
        /// Its calls by weekday, Monday first.
        weekdays "weekdays": List<f64> = Vec<u64>,
        /// Its calls by hour of the day.
        hours "hours": List<f64> = Vec<u64>,
        /// Its calls by type.
        types "types": Field<Open<f64>> = std::collections::BTreeMap<String, u64>,
        /// Its test calls.
        test_calls "testCalls": Number = u64,
    }
    /// The calls of one day.
    RunDay {
        /// The local date, `YYYY-MM-DD`.
        date "date": Text = String,
        /// Calls that started on it.
        calls "calls": Number = u64,
        /// Those of them that were answered.
        answered "answered": Number = u64,
    }
}
