//! The project's own commands: `cargo xtask run`, `test`, `build`, `budgets`, `bench`, `sample`.

mod app;
mod bench;
mod budgets;
mod cut;
mod run;
mod scale;
mod shell;
mod test;
mod tools;
mod widget;

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
    /// Time the product's charts and sums beside other libraries, in one browser.
    Bench(bench::Options),
    /// Build the app and the widget into dist/, compressed and ready to be served.
    Build,
    /// Build the widget into a folder, quickly: what `trunk serve` does beside the app.
    Widget {
        /// The folder; its name is taken from the variable that trunk sets where none is given.
        #[arg(env = "TRUNK_STAGING_DIR")]
        folder: std::path::PathBuf,
    },
    /// Write the sample answers in www/sample/ anew.
    Sample,
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Budgets => budgets::run(),
        Command::Bench(options) => bench::run(&options),
        Command::Build => app::build(),
        Command::Widget { folder } => app::build_widget_quickly(&folder),
        Command::Sample => app::write_samples(),
    }
}
