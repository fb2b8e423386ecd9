//! The usage report: its wire shape, its checked model, its audit, and how it changes between two
//! periods.
//!
//! The shape is that of `GET /v1/metrics`. Two forms of it are in use: the older one lacks
//! `aiInsights`, `escalationReasons` and some metrics and lists only some hours. Both are read;
//! what is missing is unknown or zero-filled, and said as a finding.

mod audit;
mod build;
mod change;
mod model;
mod read;
pub mod wire;

pub use build::{AgentEntry, answer};
pub use change::{Better, Change, Delta, UsageChange, compare};
pub use model::{
    AgentStatus, AgentUsage, DayVolume, EscalationReason, HourVolume, Insights, Narrowing, OutcomeCounts, Release,
    ServerContext, Totals, UsageReport,
};
pub use read::{Asked, check_answer, named_days, parse, parse_tree};
