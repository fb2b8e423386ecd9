//! Files as a whole: in any order, twice, cut off, or not there.

use std::cell::RefCell;
use std::io::Write as _;
use std::path::PathBuf;

use callscope_server::db::Database;
use callscope_server::import::{Progress, import, organisation_id};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::{contents, import_all, input, map};

const HEADING: &str = "id,started,seconds,status,outcome,agent,version,caller,test,cost,corrections,reason";

/// A table of so many good calls.
fn table(prefix: &str, count: usize) -> String {
    let row = |number: usize| {
        let (minute, second) = (number / 60 % 60, number % 60);
        format!("{prefix}{number},2026-05-06T10:{minute:02}:{second:02}Z,60,completed,ok,a{},v1,,,,,\n", number % 7)
    };
    format!("{HEADING}\n") + &(0..count).map(row).collect::<String>()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_second_import_adds_nothing() {
    let db = Database::in_memory().await.unwrap();
    let files = [input("import/hostile.csv"), input("import/hostile.tsv")];
    let first = import_all(&db, &map("import/table.toml"), &files).await.unwrap();
    assert_eq!((first.taken, first.known), (10, 1));
    let before = contents(&db).await;
    let second = import_all(&db, &map("import/table.toml"), &files).await.unwrap();
    assert_eq!((second.read, second.taken, second.known), (first.read, 0, 11));
    assert_eq!((second.refused, &second.refusals), (first.refused, &first.refusals));
    assert_eq!(contents(&db).await, before);
}

#[tokio::test]
async fn files_that_overlap_count_each_call_once() {
    let folder = tempfile::tempdir().unwrap();
    let (short, long) = (folder.path().join("short.csv"), folder.path().join("long.csv"));
    std::fs::write(&short, table("c", 40)).unwrap();
    std::fs::write(&long, table("c", 100)).unwrap();
    let mut found = Vec::new();
    for files in [vec![short.clone(), long.clone()], vec![long, short]] {
        let db = Database::in_memory().await.unwrap();
        let report = import_all(&db, &map("import/table.toml"), &files).await.unwrap();
        assert_eq!((report.read, report.taken, report.known, report.refused), (140, 100, 40, 0));
        found.push(contents(&db).await);
    }
    assert_eq!(found[0], found[1]);
}

/// Content that breaks off in the middle, or is no such content, after a good file.
#[tokio::test]
async fn a_file_that_breaks_off_leaves_the_database_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.csv");
    std::fs::write(&good, table("good", 50)).unwrap();
    let whole = packed(table("bad", 3000).as_bytes());
    let json = packed(b"{\"id\":\"1\"}\n{\"id\":\"2\"}\n");
    let mut flipped = whole.clone();
    let middle = whole.len() / 2;
    flipped[middle] ^= 0xff;
    let cut = |bytes: &[u8], length: usize| bytes[..length].to_vec();
    for (name, content) in [
        ("in its heading.csv.gz", cut(&whole, 5)),
        ("after its heading.csv.gz", cut(&whole, 12)),
        ("in the middle.csv.gz", cut(&whole, middle)),
        ("before its sum.csv.gz", cut(&whole, whole.len() - 8)),
        ("in its sum.csv.gz", cut(&whole, whole.len() - 1)),
        ("damaged.csv.gz", flipped),
        ("json in its sum.ndjson.gz", cut(&json, json.len() - 3)),
        ("empty.csv", Vec::new()),
        ("blank.csv", b"\r\n\r\n".to_vec()),
    ] {
        let bad = folder.path().join(name);
        std::fs::write(&bad, content).unwrap();
        let db = Database::in_memory().await.unwrap();
        import_all(&db, &map("import/table.toml"), &[input("import/hostile.csv")]).await.unwrap();
        let before = contents(&db).await;
        let error = import_all(&db, &map("import/table.toml"), &[good.clone(), bad]).await.unwrap_err();
        assert!(error.contains(name), "{name}: {error}");
        assert_eq!(contents(&db).await, before, "{name}");
        // The next one works, over the same connection.
        let report = import_all(&db, &map("import/table.toml"), std::slice::from_ref(&good)).await.unwrap();
        assert_eq!(report.taken, 50, "{name}");
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_imports_nothing_of_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::in_memory().await.unwrap();
    for missing in [folder.path().join("missing.csv"), folder.path().to_owned()] {
        let files = [input("import/hostile.csv"), missing.clone()];
        let error = import_all(&db, &map("import/table.toml"), &files).await.unwrap_err();
        assert!(error.contains(&missing.display().to_string()), "{error}");
        assert_eq!(contents(&db).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_table_without_rows_is_no_mistake() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [("a.csv", HEADING), ("b.tsv", "id\tstarted\r\n"), ("c.ndjson", ""), ("d.jsonl", "\n\n")] {
        let file = folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        let db = Database::in_memory().await.unwrap();
        let report = import_all(&db, &map("import/table.toml"), &[file]).await.unwrap();
        assert_eq!((report.read, report.refused), (0, 0), "{name}");
    }
}

#[tokio::test]
async fn two_maps_of_one_organisation_fill_one_and_others_stay_apart() {
    let db = Database::in_memory().await.unwrap();
    let table = map("import/table.toml");
    import_all(&db, &table, &[input("import/hostile.csv")]).await.unwrap();
    import_all(&db, &map("import/nested.toml"), &[input("import/nested.ndjson")]).await.unwrap();
    assert_eq!(db.organisations().await.unwrap().len(), 1);
    let mut other = table.clone();
    other.organisation = "Another".to_owned();
    // The same ids, in another organisation: other calls.
    let report = import_all(&db, &other, &[input("import/hostile.csv")]).await.unwrap();
    assert_eq!((report.taken, report.known), (7, 1));
    let ids: Vec<String> = db.organisations().await.unwrap().into_iter().map(|organisation| organisation.id).collect();
    assert_eq!(ids, [organisation_id("Another"), organisation_id("Suite")]);
    assert_eq!(db.count_calls().await.unwrap(), 7 + 4 + 7);
}

/// Notes what it is told.
#[derive(Default)]
struct Noted(RefCell<Vec<(String, u64, Vec<u64>)>>);

impl Progress for Noted {
    fn file(&self, name: &str, total_bytes: u64) {
        self.0.borrow_mut().push((name.to_owned(), total_bytes, Vec::new()));
    }

    fn at(&self, bytes_read: u64) {
        self.0.borrow_mut().last_mut().unwrap().2.push(bytes_read);
    }
}

#[tokio::test]
async fn progress_is_told_in_bytes_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = table("c", 3000);
    let contents = [("a.csv", text.as_bytes().to_vec()), ("b.csv.gz", packed(text.as_bytes()))];
    let files: Vec<PathBuf> = contents.iter().map(|(name, _)| folder.path().join(name)).collect();
    for (file, (_, bytes)) in files.iter().zip(&contents) {
        std::fs::write(file, bytes).unwrap();
    }
    let db = Database::in_memory().await.unwrap();
    let noted = Noted::default();
    import(&db, &map("import/table.toml"), &files, &noted).await.unwrap();
    let noted = noted.0.into_inner();
    assert_eq!(noted.len(), 2);
    for ((name, total, steps), (file, (_, bytes))) in noted.iter().zip(files.iter().zip(&contents)) {
        assert_eq!((name, *total), (&file.display().to_string(), bytes.len() as u64));
        assert!(steps.len() > 3 && steps.is_sorted() && steps[0] > 0, "{name} {steps:?}");
        assert_eq!(steps.last(), Some(total), "{name}");
    }
}
