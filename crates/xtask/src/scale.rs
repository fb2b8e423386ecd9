//! What the server's answers cost as calls get more: the benchmark of its crate, held against bars.

use anyhow::Context as _;
use serde_json::Value;

use crate::shell::{cargo, root, run as run_program, say, step};

/// A bar: some work may take at most so many times as long as some other.
struct Bar {
    work: &'static str,
    than: &'static str,
    most: f64,
}

const BARS: [Bar; 9] = [
    // Reports, comparisons and counts are told from sums, which get no more as calls do.
    Bar { work: "answers/metrics of 1000000", than: "answers/metrics of 1000000, from the calls", most: 1.0 / 20.0 },
    Bar { work: "answers/metrics of 1000000", than: "answers/metrics of 100000", most: 1.2 },
    Bar {
        work: "answers/comparison of 1000000",
        than: "answers/comparison of 1000000, from the calls",
        most: 1.0 / 20.0,
    },
    Bar { work: "answers/comparison of 1000000", than: "answers/comparison of 100000", most: 1.5 },
    Bar { work: "answers/agents of 1000000", than: "answers/agents of 1000000, from the calls", most: 1.0 / 20.0 },
    Bar { work: "answers/agents of 1000000", than: "answers/agents of 100000", most: 1.5 },
    Bar { work: "answers/page 10000 of 1000000", than: "answers/page 1 of 1000000", most: 2.0 },
    Bar {
        work: "answers/page 10000 of 1000000, of some days",
        than: "answers/page 1 of 1000000, of some days",
        most: 2.0,
    },
    Bar { work: "bringing/import", than: "bringing/SQLite alone", most: 2.0 },
];

/// Runs the benchmark, and gives the bars that were missed.
///
/// # Errors
/// Where it fails, or told nothing of a bar.
pub(crate) fn measured() -> anyhow::Result<Vec<String>> {
    step("answers and imports", || {
        run_program(cargo().args(["bench", "--package", "callscope-server", "--bench", "scale", "--", "--noplot"]))
    })?;
    let mut missed = Vec::new();
    say("\nMedians, ms");
    for Bar { work, than, most } in BARS {
        let (own, other) = (median_ms(work)?, median_ms(than)?);
        say(format_args!("{work:<44} {own:>9.2}   {than:<44} {other:>9.2}   {:.4} of at most {most:.4}", own / other));
        if own > most * other {
            missed.push(format!("{work}: at most {most:.2} × {than}"));
        }
    }
    for bar in &missed {
        say(format_args!("missed: {bar}"));
    }
    Ok(missed)
}

/// The median of a work, as criterion keeps it.
fn median_ms(work: &str) -> anyhow::Result<f64> {
    let kept = root().join("target/criterion").join(work).join("new/estimates.json");
    let text = std::fs::read(&kept).with_context(|| format!("{} is not there", kept.display()))?;
    let estimates: Value = serde_json::from_slice(&text)?;
    let nanos = estimates.pointer("/median/point_estimate").and_then(Value::as_f64);
    nanos.map(|nanos| nanos / 1e6).with_context(|| format!("{} tells no median", kept.display()))
}
