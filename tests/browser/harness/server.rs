//! The server, with a database of its own for each test.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::process::Process;
use super::{environment, keep};

/// A server that ends with the test.
pub(in crate::browser) struct Server {
    folder: Arc<TempDir>,
    process: Arc<Mutex<Option<Process>>>,
    port: u16,
    /// What it is told besides.
    options: &'static [&'static str],
}

impl Server {
    /// A server with the demo data.
    pub(in crate::browser) async fn demo() -> Self {
        Self::demo_with(&[]).await
    }

    /// The same, told something besides.
    pub(in crate::browser) async fn demo_with(options: &'static [&'static str]) -> Self {
        let folder = TempDir::new().unwrap();
        let made = demo_database().await;
        std::fs::copy(made, folder.path().join("calls.db")).unwrap();
        let (kept, own) = (made.with_extension("recordings"), folder.path().join("calls.recordings"));
        std::os::unix::fs::symlink(kept, own).unwrap();
        Self::over(folder, options).await
    }

    /// A server with nothing in its database but what `prepare` puts there with the server's own commands.
    pub(in crate::browser) async fn prepared(prepare: impl FnOnce(&Path)) -> Self {
        let folder = TempDir::new().unwrap();
        prepare(&folder.path().join("calls.db"));
        Self::over(folder, &[]).await
    }

    async fn over(folder: TempDir, options: &'static [&'static str]) -> Self {
        let mut server = Self { folder: Arc::new(folder), process: Arc::default(), port: 0, options };
        // Until the console has been read: questions that are under way at a test's end are no errors.
        keep((Arc::clone(&server.folder), Arc::clone(&server.process)));
        server.start().await;
        server
    }

    /// Starts, or starts again at the same address.
    pub(in crate::browser) async fn start(&mut self) {
        let log = self.folder.path().join("server.log");
        let mut command = Command::new(environment::server());
        command.arg("serve").arg("--db").arg(self.database()).arg("--assets").arg(environment::dist());
        command.args(["--log-json", "--listen", &format!("127.0.0.1:{}", self.port)]).args(self.options);
        let mut process = Process::start(&mut command, &log);
        self.port = process.number_after("\"address\":\"127.0.0.1:").await.unwrap();
        *self.process.lock().unwrap() = Some(process);
    }

    /// Stops without a word.
    pub(in crate::browser) fn stop(&self) {
        self.process.lock().unwrap().take();
    }

    pub(in crate::browser) fn port(&self) -> u16 {
        self.port
    }

    /// Scheme, host and port.
    pub(in crate::browser) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(in crate::browser) fn database(&self) -> PathBuf {
        self.folder.path().join("calls.db")
    }

    /// Whether a text stands anywhere in what the server wrote: its log, its database, and what lies beside it.
    pub(in crate::browser) fn has_written(&self, text: &str) -> bool {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let holds = |path: PathBuf| {
            let bytes = std::fs::read(path).unwrap_or_default();
            bytes.windows(text.len()).any(|part| part == text.as_bytes())
        };
        files.filter(|path| path.is_file()).any(holds)
    }

    async fn connection(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(self.database()).connect().await.unwrap()
    }

    /// Runs a statement behind the server's back, and says how many rows it touched.
    pub(in crate::browser) async fn sql(&self, statement: &str) -> u64 {
        let mut connection = self.connection().await;
        let done = sqlx::query(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        done.rows_affected()
    }

    /// The one text that a statement gives.
    pub(in crate::browser) async fn text(&self, statement: &str) -> String {
        let mut connection = self.connection().await;
        let row = sqlx::query(statement).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        row.get(0)
    }
}

/// A database with the demo data: made once, copied for each test.
async fn demo_database() -> &'static Path {
    static MADE: OnceCell<PathBuf> = OnceCell::const_new();
    let made = MADE.get_or_init(|| async {
        let folder = TempDir::new().unwrap();
        let fresh = folder.path().join("calls.db");
        command("demo", &fresh, &[], "");
        // What was written last may still lie beside the file; a copy needs all of it inside.
        let mut connection = SqliteConnectOptions::new().filename(&fresh).connect().await.unwrap();
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        // One name for all runs, put there in one step: nothing piles up, and runs do not meet halfway.
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let (beside, made) = (kept.join(format!("demo-{}.db", std::process::id())), kept.join("demo.db"));
        std::fs::copy(&fresh, &beside).unwrap();
        std::fs::rename(&beside, &made).unwrap();
        let recordings = made.with_extension("recordings");
        std::fs::create_dir_all(&recordings).unwrap();
        for file in std::fs::read_dir(fresh.with_extension("recordings")).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), recordings.join(file.file_name())).unwrap();
        }
        made
    });
    made.await
}

/// Runs a command of the server to its end, with words on its standard input, and gives what it said.
pub(in crate::browser) fn command(name: &str, database: &Path, arguments: &[&str], input: &str) -> String {
    let mut command = Command::new(environment::server());
    command.args(name.split(' ')).arg("--db").arg(database).args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
