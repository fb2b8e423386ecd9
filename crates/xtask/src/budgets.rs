//! What the app weighs, and how long a person waits for it.

use anyhow::Context as _;

use crate::shell::{cargo, run as run_program, say, step};
use crate::{app, test};

/// What a first visit may transfer under brotli at most: wasm, js and css together.
const MOST_TRANSFER_BYTES: u64 = 169 * 1000;

/// What a page with one report may transfer under brotli at most, wasm and js together.
const MOST_WIDGET_BYTES: u64 = 160 * 1000;

/// Builds the app and holds it against its budgets.
///
/// # Errors
/// Says which budget is exceeded.
pub(crate) fn run() -> anyhow::Result<()> {
    app::build()?;
    let environment = test::environment()?;
    weight()?;
    step("speed", || {
        let mut speed = cargo();
        speed.args(["test", "--package", "callscope-tests", "--", "browser::speed", "--nocapture", "--test-threads=1"]);
        run_program(environment.on(&mut speed))
    })
}

/// Prints what the app and the widget weigh.
///
/// # Errors
/// Where one of them is too heavy.
pub(crate) fn weight() -> anyhow::Result<()> {
    step("weight", || {
        let total = weigh("the app, on a first visit", &app::weights()?);
        let widget = weigh("the widget, in a page with one report", &app::widget_weights()?);
        anyhow::ensure!(total <= MOST_TRANSFER_BYTES, "the app is too heavy: {total} of {MOST_TRANSFER_BYTES} bytes");
        anyhow::ensure!(widget <= MOST_WIDGET_BYTES, "the widget is too heavy: {widget} of {MOST_WIDGET_BYTES} bytes");
        Ok(())
    })
    .context("budgets")
}

/// Prints each file, and gives what is loaded at first in all.
fn weigh(what: &str, weights: &app::Weights) -> u64 {
    let line = |(name, plain, packed): &(String, u64, u64)| {
        say(format_args!("{packed:>9} bytes under brotli, {plain:>9} plain  {name}"));
    };
    weights.first.iter().for_each(line);
    let total: u64 = weights.first.iter().map(|(_, _, packed)| packed).sum();
    say(format_args!("{total:>9} bytes in all: {what}"));
    say("Loaded when it is first shown:");
    weights.parts.iter().for_each(line);
    total
}
