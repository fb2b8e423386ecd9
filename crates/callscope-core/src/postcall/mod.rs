//! What every call is asked after it ends: the configuration as people edit it, and what is wrong with it.

mod changes;
mod config;
mod lint;
mod read;
mod results;
pub mod wire;

pub use changes::changes;
pub use config::{Metric, MetricType, PostCallConfig, is_same};
pub use lint::{Lint, LintRule, lint};
pub use read::{
    Branch, DraftState, LiveConfig, SecurityCheck, VersionState, changed_beside, changed_config, parse_branches,
    parse_draft, parse_draft_config, parse_drafts, parse_live, parse_published, parse_revisions, parse_templates,
    parse_version,
};
pub use results::{Answered, MetricResult, MetricResults, Spread};
