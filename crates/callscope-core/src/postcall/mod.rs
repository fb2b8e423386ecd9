//! What every call is asked after it ends: the configuration as people edit it, and what is wrong with it.

mod config;
mod lint;
pub mod wire;

pub use config::{Metric, MetricType, PostCallConfig};
pub use lint::{Lint, LintRule, lint};
