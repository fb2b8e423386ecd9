//! Rows of every format: what is taken, what is refused, where and why.

use std::io::Write as _;

use callscope_server::db::Database;
use callscope_server::import::{Map, Refusal, Report};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::{contents, import_all, input, map, refusals, texts};

/// What is stored of the calls, a line each, unknown values as `?`.
const CALLS: &str = "SELECT calls.id || ' | ' || (started_ms - 1778061600000) || ' | ' || duration_ms || ' | ' || outcome
    || ' | ' || coalesce(agents.name, '?') || ' | ' || coalesce(versions.label, '?') || ' | ' || coalesce(from_number, '?')
    || ' | ' || is_test || ' | ' || coalesce(cost, '?') || ' | ' || coalesce(corrections, '?')
    || ' | ' || coalesce(escalation_reason, '?')
    FROM calls LEFT JOIN agents ON agents.id = calls.agent_id LEFT JOIN versions ON versions.id = calls.version_id
    ORDER BY started_ms, calls.id";

const REFUSED: &[(u64, &str)] = &[
    (7, "id: there is none"),
    (8, "started: 'yesterday' is no time of the form rfc3339"),
    (9, "duration: -1 cannot be"),
    (10, "duration: '1,5' is no number"),
    (11, "duration: 'NaN' is no number"),
    (12, "duration: 'inf' is no number"),
    (13, "duration: 1e300 cannot be"),
    (14, "duration: there is none"),
    (15, "outcome: 'won' is none of resolved, transferred, abandoned or other"),
    (16, "status: there is none"),
    (17, "agent: the column 'agent' is missing"),
    (18, "is_test: 'maybe' is neither true nor false"),
    (19, "cost: 'cheap' is no number"),
    (20, "corrections: '-1' is no count"),
    (21, "corrections: '1.5' is no count"),
    (22, "the column 'caller' is not UTF-8"),
    (23, "started: '2026-05-06T10:00:00' is no time of the form rfc3339"),
    (24, "started: '2026-02-30T10:00:00Z' is no time of the form rfc3339"),
    (29, "started: the column 'started' is missing"),
];

const TAKEN: &[&str] = &[
    "A1 | 0 | 60000 | resolved | a1 | v1 | ? | 0 | 0.25 | 0 | ?",
    "A2 | 60000 | 90500 | transferred | a1 | v1 | ? | 0 | ? | ? | wants \"a person\", now",
    "A,3 | 120000 | 60000 | abandoned | a1 | v1 | two\r\nlines | 0 | ? | ? | ?",
    "a1 | 240000 | 60000 | resolved | ? | ? | ? | 0 | ? | ? | ?",
    "=1+1 | 300000 | 60000 | resolved | <b>Anna</b> | ? | \"'; DROP TABLE calls; --\" | 0 | ? | ? | ?",
    "A6 | 360000 | 60000 | resolved | קביעת תורים | v2, beta | ? | 1 | ? | ? | ?",
    "A7 | 43199999 | 0 | resolved | a1 | v1 | ? | 0 | ? | ? | ?",
];

#[track_caller]
fn check_hostile(report: &Report, calls: &[String]) {
    let found = refusals(report);
    // The reasons first: a line that is wrong is another fault than a row that is taken wrongly.
    let reasons = |list: &[(u64, &str)]| list.iter().map(|(_, reason)| (*reason).to_owned()).collect::<Vec<_>>();
    assert_eq!(reasons(&found), reasons(REFUSED));
    assert_eq!(found, REFUSED, "the lines");
    assert_eq!((report.read, report.taken, report.known, report.refused), (27, 7, 1, 19));
    let taken: Vec<String> =
        TAKEN.iter().map(|line| line.replace("\"'; DROP TABLE calls; --\"", "'; DROP TABLE calls; --")).collect();
    assert_eq!(calls, taken);
}

#[tokio::test]
async fn a_hostile_table_is_read_row_by_row() {
    let db = Database::in_memory().await.unwrap();
    let report = import_all(&db, &map("import/table.toml"), &[input("import/hostile.csv")]).await.unwrap();
    check_hostile(&report, &texts(&db, CALLS).await);
}

#[tokio::test]
async fn line_ends_and_compression_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(input("import/hostile.csv")).unwrap();
    let packed = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let (head, tail) = bytes.split_at(700);
    let unix: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != b'\r').collect();
    for (name, content) in [
        ("a.csv.gz", packed(&bytes)),
        // Gzip is known by its bytes, not by its name; and it may come in pieces.
        ("b.csv", packed(&bytes)),
        ("c.CSV.GZ", [packed(head), packed(tail)].concat()),
        ("unix.csv", unix.clone()),
        ("no-mark.txt", bytes.strip_prefix("\u{feff}".as_bytes()).unwrap().to_vec()),
    ] {
        let file = folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        let db = Database::in_memory().await.unwrap();
        let report = import_all(&db, &map("import/table.toml"), &[file]).await.unwrap();
        let mut calls = texts(&db, CALLS).await;
        if name == "unix.csv" {
            calls[2] = calls[2].replace("two\nlines", "two\r\nlines");
        }
        check_hostile(&report, &calls);
    }
}

#[tokio::test]
async fn tabs_separate_and_quotes_are_letters() {
    let db = Database::in_memory().await.unwrap();
    let report = import_all(&db, &map("import/table.toml"), &[input("import/hostile.tsv")]).await.unwrap();
    assert_eq!(refusals(&report), [(4, "outcome: there is none")]);
    assert_eq!((report.read, report.taken, report.known, report.refused), (4, 3, 0, 1));
    let expected = [
        "T1 | 0 | 60000 | resolved | say \"hi\" | v1 | \"unclosed | 0 | ? | ? | ?",
        "T2 | 60000 | 60000 | abandoned | a, b | v1 | ? | 0 | ? | ? | \"\"",
        "\"T4\" | 180000 | 60000 | other | a1 | v1 | it's | 1 | 0.001 | 7 | ?",
    ];
    assert_eq!(texts(&db, CALLS).await, expected);
}

#[tokio::test]
async fn json_is_read_by_the_path_of_its_fields() {
    let db = Database::in_memory().await.unwrap();
    let report = import_all(&db, &map("import/nested.toml"), &[input("import/nested.ndjson")]).await.unwrap();
    let found = refusals(&report);
    let expected = [
        (4, "the line is not JSON: "),
        (5, "the line is not a JSON object"),
        (6, "the line is not a JSON object"),
        (7, "the line is not JSON: "),
        (8, "started: '' is no time of the form unix_ms"),
        (9, "started: 'soon' is no time of the form unix_ms"),
        (10, "the line is not JSON: "),
        (11, "duration: '[1]' is no number"),
        (14, "started: '99999999999999999' is no time of the form unix_ms"),
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for ((line, reason), (expected_line, beginning)) in found.into_iter().zip(expected) {
        assert!(
            line == expected_line && reason.starts_with(beginning),
            "{line} {reason}, not {expected_line} {beginning}"
        );
    }
    assert_eq!((report.read, report.taken, report.known, report.refused), (13, 4, 0, 9));
    let statement = "SELECT calls.id || ' | ' || duration_ms || ' | ' || calls.status || ' | ' || outcome || ' | ' ||
        coalesce(agents.name, '?') || ' | ' || coalesce(response_ms, '?') || ' | ' || coalesce(positive_sentiment, '?')
        || ' | ' || coalesce(cached_tokens || '/' || all_tokens, '?') || ' | ' || coalesce(transcript_confidence, '?')
        || ' | ' || coalesce(tool_calls || '/' || tool_errors, '?')
        FROM calls LEFT JOIN agents ON agents.id = calls.agent_id ORDER BY started_ms";
    let expected = [
        "x/1 | 60000 | completed | transferred | 予約受付 | 500.5 | 1 | 1/4 | 0.5 | 2/1",
        "/2 | 0 | no_answer | other | ? | ? | ? | ? | ? | ?",
        "x/7 | 1 | completed | resolved | 予約受付 | ? | 0 | ? | ? | ?",
        "\0<i>/9 | 2 | completed | resolved | ? | ? | ? | ? | ? | ?",
    ];
    assert_eq!(texts(&db, statement).await, expected);
}

/// A map of four columns, and rows of a table that it fits.
const SMALL: &str = r#"
organisation = "Small"
time_zone = "UTC"
started = { column = "started" }
id = { column = "id" }
duration = { column = "seconds" }
status = { value = "completed" }
outcome = { column = "outcome" }
agent = { column = "agent" }
agent_name = { column = "name" }
version = { column = "version" }
"#;
const HEADING: &str = "id,started,seconds,outcome,agent,name,version";

/// Imports a text as a file of a name.
async fn import_text(db: &Database, map: &str, name: &str, text: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    import_all(db, &Map::parse(map).unwrap(), &[file]).await.unwrap()
}

#[tokio::test]
async fn twenty_refusals_are_told_and_the_others_counted() {
    let db = Database::in_memory().await.unwrap();
    let bad = (0..25).map(|number| format!("B{number},never,1,other,,,\n")).collect::<Vec<_>>().concat();
    let good = "G,2026-05-06T10:00:00Z,1,other,,,\n";
    let report = import_text(&db, SMALL, "calls.csv", &format!("{HEADING}\n{bad}{good}")).await;
    assert_eq!((report.read, report.taken, report.refused, report.refusals.len()), (26, 1, 25, 20));
    let lines: Vec<u64> = report.refusals.iter().map(|refusal| refusal.line).collect();
    assert_eq!(lines, (2..22).collect::<Vec<u64>>());
    let said = report.to_string();
    assert!(said.starts_with("26 rows read: 1 taken, 0 already there, 25 refused.\n"), "{said}");
    assert!(said.ends_with("  and 5 more.\n"), "{said}");
    assert!(said.contains("calls.csv line 21: started: 'never' is no time of the form rfc3339\n"), "{said}");
    let refusal = Refusal { file: "f".to_owned(), line: 3, reason: "r".to_owned() };
    let short = Report { read: 1, refused: 1, refusals: vec![refusal], ..Report::default() };
    assert_eq!(short.to_string(), "1 rows read: 0 taken, 0 already there, 1 refused.\n  f line 3: r\n");
}

#[tokio::test]
async fn no_reason_is_longer_than_a_line() {
    let db = Database::in_memory().await.unwrap();
    let long = "x".repeat(5000);
    let rows = [
        format!("1,{long},1,other,,,"),
        format!("2,2026-05-06T10:00:00Z,{long},other,,,"),
        format!("3,2026-05-06T10:00:00Z,1,{long},,,"),
        "4,2026-05-06T10:00:00Z,1e308,other,,,".to_owned(),
        "5,2026-05-06T10:00:00Z,-1e308,other,,,".to_owned(),
    ];
    let report = import_text(&db, SMALL, "calls.csv", &format!("{HEADING}\n{}\n", rows.join("\n"))).await;
    assert_eq!(report.refused, 5);
    for (_, reason) in refusals(&report) {
        assert!(reason.chars().count() <= 120, "{reason}");
    }
}

#[tokio::test]
async fn a_line_without_end_is_one_row_and_the_next_is_read() {
    let db = Database::in_memory().await.unwrap();
    let good = |id: &str| {
        format!("{{\"id\":\"{id}\",\"started\":\"2026-05-06T10:00:00Z\",\"seconds\":1,\"outcome\":\"other\"}}\n")
    };
    // What stands beyond the longest line may look like a row of its own.
    let endless = format!("{{\"id\":\"{}\n", "x".repeat(4 * 1024 * 1024 - 7) + good("smuggled").trim_end());
    let text = format!("{}{endless}{}", good("a"), good("b"));
    let report = import_text(&db, SMALL, "calls.ndjson", &text).await;
    let lines: Vec<u64> = report.refusals.iter().map(|refusal| refusal.line).collect();
    assert_eq!(texts(&db, "SELECT id FROM calls ORDER BY id").await, ["a", "b"]);
    assert_eq!((report.read, report.taken, lines), (3, 2, vec![2]));
}

#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_the_first_row() {
    for (name, text) in [
        (
            "calls.ndjson",
            "\u{feff}{\"id\":\"a\",\"started\":\"2026-05-06T10:00:00Z\",\"seconds\":1,\"outcome\":\"other\"}\n"
                .to_owned(),
        ),
        ("calls.csv", format!("\u{feff}\"id\"{}\na,2026-05-06T10:00:00Z,1,other,,,\n", &HEADING[2..])),
        ("calls.tsv", format!("\u{feff}{HEADING}\na,2026-05-06T10:00:00Z,1,other,,,\n").replace(',', "\t")),
    ] {
        let db = Database::in_memory().await.unwrap();
        let report = import_text(&db, SMALL, name, &text).await;
        assert_eq!((report.taken, refusals(&report)), (1, vec![]), "{name}");
    }
}

#[tokio::test]
async fn agents_and_versions_are_made_once_and_versions_know_their_first_call() {
    let db = Database::in_memory().await.unwrap();
    let row = |id: &str, day: &str, agent: &str, name: &str, version: &str| {
        format!("{id},{day}T10:00:00Z,1,resolved,{agent},{name},{version}\n")
    };
    let first = [
        HEADING.to_owned() + "\n",
        row("1", "2026-05-06", "a", "Anna", "v1"),
        row("2", "2026-05-04", "a", "Anna", "v1"),
        row("3", "2026-05-05", "a", "Anna", "v2"),
        row("4", "2026-05-05", "b", "", "v1"),
        row("5", "2026-05-05", "", "Nobody", "v1"),
    ];
    let report = import_text(&db, SMALL, "calls.csv", &first.concat()).await;
    assert_eq!((report.taken, report.refused), (5, 0));
    let second = [
        HEADING.to_owned() + "\n",
        row("6", "2026-05-03", "a", "Anna Renamed", "v1"),
        row("7", "2026-05-07", "b", "", "v1"),
    ];
    assert_eq!(import_text(&db, SMALL, "calls.csv", &second.concat()).await.taken, 2);
    assert_eq!(
        texts(&db, "SELECT name || ' ' || status FROM agents ORDER BY name").await,
        ["Anna Renamed active", "b active"]
    );
    let versions = "SELECT agents.name || ' ' || label || ' ' || date(activated_ms / 1000, 'unixepoch')
        FROM versions JOIN agents ON agents.id = agent_id ORDER BY 1";
    let expected = ["Anna Renamed v1 2026-05-03", "Anna Renamed v2 2026-05-05", "b v1 2026-05-05"];
    assert_eq!(texts(&db, versions).await, expected);
    let alone = "SELECT calls.id FROM calls WHERE agent_id IS NULL AND version_id IS NULL";
    assert_eq!(texts(&db, alone).await, ["5"]);
}

#[tokio::test]
async fn a_quote_that_is_not_closed_takes_no_call_away_in_silence() {
    let row = |id: &str, name: &str| format!("{id},2026-05-06T10:00:00Z,60,resolved,desk,{name},v1\n");
    let db = Database::in_memory().await.unwrap();
    let open = format!("{HEADING}\n{}{}{}", row("m1", "Desk"), row("m2", "\"open"), row("m3", "Desk"));
    let report = import_text(&db, SMALL, "open.csv", &open).await;
    assert_eq!((report.taken, report.refused), (1, 1), "{report}");
    assert!(report.refusals[0].reason.contains("a quote is not closed"), "{report}");
    // A quote inside a value is a letter, also in the last row.
    let letter = format!("{HEADING}\n{}", row("m4", "5\" screen"));
    let report = import_text(&db, SMALL, "letter.csv", &letter).await;
    assert_eq!((report.taken, report.refused), (1, 0), "{report}");
}

#[tokio::test]
async fn a_comma_too_many_is_refused_rather_than_shifted() {
    let row = |id: &str, tail: &str| format!("{id},2026-05-06T10:00:00Z,60,resolved,desk,Desk,{tail}\n");
    let db = Database::in_memory().await.unwrap();
    let text = format!("{HEADING}\n{}{}", row("c1", "version x, y"), row("c2", "v1,,"));
    let report = import_text(&db, SMALL, "comma.csv", &text).await;
    assert_eq!((report.taken, report.refused), (1, 1), "{report}");
    assert_eq!(report.refusals[0].reason, "the row has 8 values, the heading 7 names");
}

#[tokio::test]
async fn an_import_that_takes_nothing_leaves_nothing() {
    let db = Database::in_memory().await.unwrap();
    let before = contents(&db).await;
    let text = format!("{HEADING}\nx,\u{1b}[31mnow,60,resolved,desk,Desk,v1\n");
    let report = import_text(&db, SMALL, "colour.csv", &text).await;
    assert_eq!((report.taken, report.refused), (0, 1), "{report}");
    assert!(!report.to_string().contains('\u{1b}'), "{report:?}");
    assert_eq!(contents(&db).await, before);
}

#[tokio::test]
async fn rows_without_end_fill_no_memory() {
    let db = Database::in_memory().await.unwrap();
    for filling in ["\n".repeat(20_000_000), format!("\"{}", "x".repeat(20_000_000))] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("endless.csv");
        std::fs::write(&file, format!("{HEADING}\n{filling}")).unwrap();
        let error = import_all(&db, &Map::parse(SMALL).unwrap(), &[file]).await.unwrap_err();
        assert!(error.contains("no row ends within 16 MB"), "{error}");
    }
}
