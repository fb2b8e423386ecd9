//! The program itself: killed in the middle of an import, and its sentences.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use callscope_server::db::Database;

use super::{contents, input};

/// The program, built beside this test.
pub(in crate::server) fn program() -> PathBuf {
    let deps = std::env::current_exe().unwrap();
    let program = deps.parent().and_then(Path::parent).unwrap().join("callscope-server");
    assert!(program.is_file(), "{} is not there: run `cargo build -p callscope-server` first", program.display());
    program
}

fn import(db: &Path, map: &Path, file: &Path) -> Command {
    let mut command = Command::new(program());
    command.arg("import").arg("--db").arg(db).arg("--map").arg(map).arg(file).stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> (bool, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.success(), text(stdout), text(stderr))
}

async fn contents_of(file: &Path) -> Vec<String> {
    let db = Database::open(file).await.unwrap();
    let contents = contents(&db).await;
    db.close().await;
    contents
}

#[tokio::test]
async fn killed_in_the_middle_it_leaves_the_database_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (file, pipe) = (folder.path().join("test.db"), folder.path().join("calls.csv"));
    let map = input("import/table.toml");
    assert!(run(&mut import(&file, &map, &input("import/hostile.csv"))).0);
    let before = contents_of(&file).await;
    assert!(before.len() > 7);
    // Rows come through a pipe that is never closed, so that the program stands in its transaction.
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut child = import(&file, &map, &pipe).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut rows = std::fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    writeln!(rows, "id,started,seconds,status,outcome,agent,version,caller,test,cost,corrections,reason").unwrap();
    let long = "x".repeat(16_000);
    for number in 0..6000 {
        writeln!(rows, "K{number},2026-05-07T10:00:00Z,60,completed,ok,killed,v9,{long},,,,").unwrap();
    }
    // More than the memory for changed pages holds is written ahead: it must be undone, not only forgotten.
    let written_ahead = || std::fs::metadata(folder.path().join("test.db-wal")).map_or(0, |found| found.len());
    let started = Instant::now();
    while written_ahead() < 500_000 {
        assert!(started.elapsed() < Duration::from_mins(1), "only {} bytes were written", written_ahead());
        assert!(child.try_wait().unwrap().is_none(), "the import ended by itself");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
    drop(rows);
    assert_eq!(contents_of(&file).await, before);
    // The next import works.
    let (success, said, _) = run(&mut import(&file, &map, &input("import/hostile.tsv")));
    assert!(success && said.starts_with("4 rows read: 3 taken, 0 already there, 1 refused.\n"), "{said}");
    assert!(contents_of(&file).await.len() > before.len());
}

#[tokio::test]
async fn it_says_what_it_did_and_what_was_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    let map = input("import/table.toml");
    let (success, said, complained) = run(&mut import(&file, &map, &input("import/hostile.csv")));
    assert!(success && complained.is_empty(), "{complained}");
    assert!(said.starts_with("27 rows read: 7 taken, 1 already there, 19 refused.\n"), "{said}");
    assert_eq!(said.lines().count(), 1 + 19);
    let before = contents_of(&file).await;
    let broken = folder.path().join("broken.toml");
    std::fs::write(&broken, "organisation = \"x\"\n").unwrap();
    for (map, calls, named) in [
        (&broken, &input("import/hostile.csv"), "missing field"),
        (&folder.path().join("no.toml"), &input("import/hostile.csv"), "no.toml"),
        (&map, &folder.path().join("no.csv"), "no.csv"),
    ] {
        let (success, said, complained) = run(&mut import(&file, map, calls));
        assert!(!success && said.is_empty(), "{said}");
        assert!(complained.starts_with("error: ") && complained.contains(named), "{complained}");
    }
    assert_eq!(contents_of(&file).await, before);
}

#[test]
fn a_password_is_read_from_standard_input_and_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    assert!(run(&mut import(&file, &input("import/table.toml"), &input("import/hostile.csv"))).0);
    let add = |email: &str, organisation: &str, password: &str| {
        let mut command = Command::new(program());
        command.args(["user", "add", "--email", email, "--organisation", organisation, "--db"]).arg(&file);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(password.as_bytes()).ok();
        let output = child.wait_with_output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    };
    for (email, organisation, password, success, named) in [
        ("ann@callscope.example", "Suite", "a long password\r\n", true, "Added ann@callscope.example"),
        ("ann@callscope.example", "Suite", "a long password\n", false, "already an account"),
        ("guy@callscope.example", "Suite", "short\n", false, "at least 10 characters"),
        ("guy@callscope.example", "Nothing", "a long password\n", false, "there are: Suite"),
        ("guy", "Suite", "a long password\n", false, "is not an e-mail address"),
    ] {
        let (succeeded, said) = add(email, organisation, password);
        assert_eq!(succeeded, success, "{said}");
        assert!(said.contains(named) && !said.contains(password.trim()), "{said}");
    }
}
