//! Two versions of one agent: their figures, what may be claimed of the differences, and what else
//! differs between them.

mod audit;
mod check;
mod confounders;
mod day;
mod figures;
mod mix;
mod model;
mod read;
mod spread;
mod table;
mod tally;
mod verdict;
pub mod wire;

pub use check::{DeltaCheck, delta_checks};
pub use confounders::{Confounder, ConfounderKind, confounders};
pub use day::VersionDay;
pub use figures::{Basis, Claim, Figure, FigureKind, SYSTEM, Unit, figures};
pub use mix::{HangupMix, SourceShare, hangup_mix};
pub use model::{Comparison, ComparisonContext, PrintedDeltas, RunDay, VersionFigures, VersionRun};
pub use read::{Asked, named_versions, parse, parse_tree};
pub use spread::{Spread, with_spread};
pub use table::{FigureWords, headings, table};
pub use tally::{VersionFacts, VersionTally, deltas, hangup_source};
pub use verdict::{MissingCalls, Needed, Span, Verdict, needed, verdict};
