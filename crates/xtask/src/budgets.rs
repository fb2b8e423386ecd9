//! What the app weighs, and how long a person waits for it.

use anyhow::Context as _;

use crate::shell::{cargo, run as run_program, say, step};
use crate::{app, test};

/// What a first visit may transfer under brotli at most: wasm, js and css together.
const MOST_TRANSFER_BYTES: u64 = 200 * 1000;

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

/// Prints the app's weight.
///
/// # Errors
/// Where it is too heavy.
pub(crate) fn weight() -> anyhow::Result<()> {
    step("weight of the app", || {
        let app::Weights { first, pages } = app::weights()?;
        let line = |(name, plain, packed): &(String, u64, u64)| {
            say(format_args!("{packed:>9} bytes under brotli, {plain:>9} plain  {name}"));
        };
        first.iter().for_each(line);
        let total: u64 = first.iter().map(|(_, _, packed)| packed).sum();
        say(format_args!("{total:>9} bytes in all on a first visit, of {MOST_TRANSFER_BYTES}"));
        say("Loaded when the page is first opened:");
        pages.iter().for_each(line);
        anyhow::ensure!(total <= MOST_TRANSFER_BYTES, "the app is too heavy: {total} of {MOST_TRANSFER_BYTES} bytes");
        Ok(())
    })
    .context("budgets")
}
