//! A program that runs beside the test and ends with it.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How a thread got its turns on a processor.
#[derive(Clone, Copy, Default)]
pub(in crate::browser) struct Turns {
    /// How long it ran, in milliseconds.
    pub(in crate::browser) ran_ms: f64,
    /// How long it waited for a processor that others had, the browser's own other threads among them, in milliseconds.
    pub(in crate::browser) waited_ms: f64,
}

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

    /// How the first threads of those of its programs that were started with an argument got their turns so far, by the
    /// number of the program. Empty where the system does not tell.
    pub(super) fn turns(&self, argument: &str) -> BTreeMap<u32, Turns> {
        let programs = std::fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
        let each = programs.filter(|program| self.is_mine(program, argument)).filter_map(|program| {
            // https://docs.kernel.org/scheduler/sched-stats.html: nanoseconds running and waiting, number of turns
            let text = std::fs::read_to_string(program.join("schedstat")).ok()?;
            let mut millis = text.split(' ').map_while(|part| Some(part.parse::<f64>().ok()? / 1e6));
            let turns = Turns { ran_ms: millis.next()?, waited_ms: millis.next()? };
            Some((program.file_name()?.to_str()?.parse().ok()?, turns))
        });
        each.collect()
    }

    /// Whether a folder of `/proc` is of a program of the group that was started with an argument.
    fn is_mine(&self, program: &Path, argument: &str) -> bool {
        let file = |name: &str| std::fs::read_to_string(program.join(name)).unwrap_or_default();
        // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the group is the third after the name in brackets.
        let stat = file("stat");
        let group = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(2)?.parse().ok());
        group == Some(self.child.id()) && file("cmdline").contains(argument)
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
