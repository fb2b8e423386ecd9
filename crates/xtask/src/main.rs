//! The project's own commands: `cargo xtask run`, `test`, `build`, `budgets`, `sample`.

mod app;
mod budgets;
mod cut;
mod run;
mod shell;
mod test;
mod tools;

use clap::{Parser, Subcommand};

/// The project's own commands.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring what is missing, build the app, and serve it with demo data.
    Run(run::Options),
    /// Run every check and test there is, the real browser included.
    Test(test::Options),
    /// Print what the app weighs and how fast it is, and fail where it is too much.
    Budgets,
    /// Build the app into dist/, compressed and ready to be served.
    Build,
    /// Write the sample answers in www/sample/ anew.
    Sample,
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Budgets => budgets::run(),
        Command::Build => app::build(),
        Command::Sample => app::write_samples(),
    }
}
