//! The types for TypeScript: made of core's own, and as they lie in the package.

use callscope_core::compare::{
    Basis, Claim, Comparison, ComparisonContext, Figure, FigureKind, PrintedDeltas, RunDay, VersionFigures, VersionRun,
};
use callscope_core::diff::{ConfigChange, ConfigDiff, SectionDiff};
use callscope_core::postcall::{Lint, LintRule};
use callscope_core::stats::Interval;
use callscope_core::usage::{
    AgentUsage, DayVolume, EscalationReason, HourVolume, Insights, Narrowing, OutcomeCounts, Release, ServerContext,
    Totals, UsageReport,
};
use callscope_core::{Finding, FindingCode, Severity};
use expect_test::expect_file;
use ts_rs::{Config, TS};

/// A type as it stands in the file.
fn declared<T: TS>(config: &Config) -> String {
    let docs = T::docs().unwrap_or_default();
    format!("{docs}export {}\n", T::decl(config))
}

/// Every type, in the order in which one reads them.
macro_rules! all {
    ($config:expr, $($name:ty),* $(,)?) => { vec![$(declared::<$name>($config)),*] };
}

#[test]
fn the_types_of_the_package_are_those_of_core() {
    let config = Config::new().with_large_int("number");
    let types = all![
        &config,
        UsageReport,
        Totals,
        DayVolume,
        HourVolume,
        OutcomeCounts,
        AgentUsage,
        Insights,
        EscalationReason,
        ServerContext,
        Narrowing,
        Release,
        Comparison,
        VersionFigures,
        PrintedDeltas,
        ConfigDiff,
        SectionDiff,
        ConfigChange,
        ComparisonContext,
        VersionRun,
        RunDay,
        Figure,
        FigureKind,
        Claim,
        Basis,
        Interval,
        Lint,
        LintRule,
        Finding,
        FindingCode,
        Severity,
    ];
    let head =
        "// Made of the types of crates/callscope-core; `UPDATE_EXPECT=1 cargo test typescript::` writes it anew.\n";
    let text = format!("{head}\n{}", types.join("\n"));
    let text = text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n";
    expect_file!["../www/widget/types.d.ts"].assert_eq(&text);
}
