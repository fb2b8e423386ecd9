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
        let weights = app::weights()?;
        for (name, plain, packed) in &weights {
            say(format_args!("{packed:>9} bytes under brotli, {plain:>9} plain  {name}"));
        }
        let total: u64 = weights.iter().map(|(_, _, packed)| packed).sum();
        say(format_args!("{total:>9} bytes in all, of {MOST_TRANSFER_BYTES}"));
        anyhow::ensure!(total <= MOST_TRANSFER_BYTES, "the app is too heavy: {total} of {MOST_TRANSFER_BYTES} bytes");
        Ok(())
    })
    .context("budgets")
}
