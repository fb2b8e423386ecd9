//! The program itself: killed while it brings calls, and what it leaves of its key.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use oorandom::Rand64;

use super::stand_in::StandIn;
use super::{COMPARED, contents, same};
use crate::server::app::is_in_folder;
use crate::server::import::program;

fn connect(db: &Path, stand_in: &StandIn) -> Command {
    let mut command = Command::new(program());
    command.args(["connect", "atoms", "--organisation", "Mirror", "--key-env", "CALLSCOPE_TEST_KEY"]);
    command.args(["--base", &stand_in.base]).arg("--db").arg(db).env("CALLSCOPE_TEST_KEY", &stand_in.key);
    command
}

fn sync(db: &Path, stand_in: &StandIn) -> Command {
    let mut command = Command::new(program());
    command.arg("sync").arg("--db").arg(db).env("CALLSCOPE_TEST_KEY", &stand_in.key).stdin(Stdio::null());
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_it_goes_on_and_both_end_the_same_without_the_key_anywhere() {
    let stand_in = StandIn::with(3_000).await;
    // Some of it goes wrong besides.
    stand_in.fail_one_in(100);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mirror.db");
    let mut texts = Vec::new();
    let output = connect(&file, &stand_in).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    texts.extend([output.stdout, output.stderr]);
    let mut random = Rand64::new(20);
    let mut killed = 0;
    for round in 0..20 {
        let mut child = sync(&file, &stand_in).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(random.rand_range(15..400))).await;
        killed += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        texts.extend([output.stdout, output.stderr]);
        stand_in.write(3_000 + round * 10..3_010 + round * 10, round * 20..round * 20 + 5).await;
    }
    assert!(killed >= 10, "only {killed} were killed at work");
    texts.push(aborted(&file, &stand_in, folder.path()));
    let output = sync(&file, &stand_in).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    texts.extend([output.stdout, output.stderr]);
    let db = callscope_server::db::Database::open(&file).await.unwrap();
    let organisation = db.organisations().await.unwrap().remove(0).id;
    let ours = contents(&db, &organisation, &COMPARED).await;
    let theirs = contents(&stand_in.db, &stand_in.organisation_id, &COMPARED).await;
    assert_eq!(theirs[2].len(), 3_200);
    same(&theirs, &ours);
    db.close().await;
    // Of the key nothing, in no word and on no page.
    let key = stand_in.key.as_bytes();
    assert!(texts.iter().all(|text| text.windows(key.len()).all(|part| part != key)));
    assert!(is_in_folder(folder.path(), "CALL-000001") && !is_in_folder(folder.path(), &stand_in.key));
}

/// What the program leaves where it is made to write down its memory: nothing of it is in the folder, and the system
/// was told to write none. Gives what it said.
fn aborted(db: &Path, stand_in: &StandIn, folder: &Path) -> Vec<u8> {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -c unlimited; exec \"$0\" sync --follow 60s --db \"$1\""]).arg(program()).arg(db);
    shell.current_dir(folder).env("CALLSCOPE_TEST_KEY", &stand_in.key).stdin(Stdio::null());
    let child = shell.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let limits = format!("/proc/{}/limits", child.id());
    // The shell's own limit at first, until the program is there.
    let is_closed = || {
        let limits = std::fs::read_to_string(&limits).unwrap_or_default();
        let line = limits.lines().find(|line| line.starts_with("Max core file size")).map(str::to_owned);
        line.is_some_and(|line| line.split_whitespace().filter(|part| *part == "0").count() == 2)
    };
    let closed = (0..4_000).any(|_| {
        std::thread::sleep(Duration::from_millis(5));
        is_closed()
    });
    Command::new("kill").args(["-ABRT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(closed, "a core of the process may be written");
    [output.stdout, output.stderr].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_says_what_is_wrong() {
    let stand_in = StandIn::with(3).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mirror.db");
    let said = |command: &mut Command| {
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).unwrap())
    };
    let (is_good, text) = said(&mut sync(&file, &stand_in));
    assert!(!is_good && text.contains("nothing is connected"), "{text}");
    let (is_good, text) = said(connect(&file, &stand_in).env("CALLSCOPE_TEST_KEY", "sk-wrong"));
    assert!(!is_good && text.contains("does not accept the key") && !text.contains("sk-wrong"), "{text}");
    let (is_good, text) = said(connect(&file, &stand_in).env_remove("CALLSCOPE_TEST_KEY"));
    assert!(!is_good && text.contains("the environment has no CALLSCOPE_TEST_KEY"), "{text}");
    let elsewhere = ["connect", "atoms", "--organisation", "M", "--key-env", "X", "--base", "http://api.example.com"];
    let (is_good, text) = said(Command::new(program()).args(elsewhere).arg("--db").arg(&file));
    assert!(!is_good && text.contains("https"), "{text}");
    let (is_good, text) = said(connect(&file, &stand_in).args(["--time-zone", "Nowhere/Here"]));
    assert!(!is_good && text.contains("there is no zone 'Nowhere/Here'"), "{text}");
    assert!(said(&mut connect(&file, &stand_in)).0);
    let (is_good, text) = said(&mut sync(&file, &stand_in));
    assert!(
        is_good && text.contains("Mirror: 3 agents, 9 versions; 3 new calls, 0 changed; what was said in 3"),
        "{text}"
    );
    // One process at a time.
    let turn = callscope_server::sync::Turn::take(&file).unwrap();
    let (is_good, text) = said(&mut sync(&file, &stand_in));
    assert!(turn.is_some() && !is_good && text.contains("another process is bringing the calls"), "{text}");
    drop(turn);
    let connections = |what: &str| {
        let mut command = Command::new(program());
        command.args(["connections", what]).arg("--db").arg(&file).env("CALLSCOPE_TEST_KEY", &stand_in.key);
        command
    };
    let (_, text) = said(&mut connections("list"));
    assert!(text.contains("key from env:CALLSCOPE_TEST_KEY") && text.contains("3 calls; up to date at"), "{text}");
    assert!(said(&mut connections("test")).0);
    let (is_good, text) = said(connections("test").env("CALLSCOPE_TEST_KEY", "sk-wrong"));
    assert!(!is_good && text.contains("does not accept the key"), "{text}");
    assert!(said(connections("remove").args(["--organisation", "Mirror"])).0);
    assert!(said(&mut connections("list")).1.contains("Nothing is connected."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_the_server_calls_come_by_themselves_and_old_ones_can_be_deleted() {
    let stand_in = StandIn::with(40).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mirror.db");
    assert!(connect(&file, &stand_in).status().unwrap().success());
    let mut command = Command::new(program());
    command.args(["serve", "--sync", "1s", "--listen", "127.0.0.1:0", "--log-json"]).arg("--db").arg(&file);
    command.env("CALLSCOPE_TEST_KEY", &stand_in.key).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let db = callscope_server::db::Database::open(&file).await.unwrap();
    let until = async |count: u64| {
        for _ in 0..200 {
            if db.count_calls().await.unwrap() == count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("there are {} calls, not {count}", db.count_calls().await.unwrap());
    };
    until(40).await;
    stand_in.write(40..47, 0..3).await;
    until(47).await;
    // What is deleted does not come back.
    let prune = |day: &str| {
        let mut command = Command::new(program());
        command.args(["prune", "--before", day]).arg("--db").arg(&file);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(prune("2025-10-20").contains("Mirror: 0 calls before 2025-10-20 deleted"), "{}", prune("2025-10-20"));
    assert!(prune("2030-01-01").contains("47 calls"));
    stand_in.write(47..48, 3..5).await;
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(db.count_calls().await.unwrap(), 0, "what was deleted came back");
    db.close().await;
    child.kill().unwrap();
    let log = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
    assert!(log.contains("synced") && !log.contains(&stand_in.key), "{log}");
}
