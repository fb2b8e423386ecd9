//! A program that runs beside the test and ends with it.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running program with everything that it started.
pub(super) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program; what it prints goes to a file.
    pub(super) fn start(command: &mut Command, log: &Path) -> Self {
        let file = File::create(log).unwrap();
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {:?}: {error}", command.get_program()));
        Self { child, log: log.to_owned() }
    }

    /// Waits until the program has printed a mark, and returns the number that follows it; what it
    /// printed instead where it ended.
    pub(super) async fn number_after(&mut self, mark: &str) -> Result<u16, String> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let log = std::fs::read_to_string(&self.log).unwrap_or_default();
            let rest = log.split_once(mark).map(|(_, rest)| rest);
            // The digits are whole only where something follows them.
            let digits = rest.and_then(|rest| rest.split_once(|c: char| !c.is_ascii_digit()));
            if let Some(number) = digits.and_then(|(digits, _)| digits.parse().ok()) {
                return Ok(number);
            }
            if self.child.try_wait().unwrap().is_some() {
                return Err(log);
            }
            assert!(Instant::now() < until, "a program does not say '{mark}': {log}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The group and not the program alone: a browser is many processes.
        Command::new("kill").args(["-KILL", "--", &format!("-{}", self.child.id())]).status().ok();
        self.child.wait().ok();
    }
}
