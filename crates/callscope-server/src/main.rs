//! The command line of the server.

mod cli;

use clap::Parser as _;
use rustix::process::{Resource, Rlimit, setrlimit};

#[tokio::main]
async fn main() -> std::process::ExitCode {
    keep_memory_private();
    match cli::run(cli::Cli::parse()).await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            cli::complain(&error);
            std::process::ExitCode::FAILURE
        }
    }
}

/// Keys of vendors are in memory: whatever ends this process writes none of it to a file, and no other process of the
/// same person looks into it. A system that refuses is no reason not to serve.
fn keep_memory_private() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    setrlimit(Resource::Core, none).ok();
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable).ok();
}
