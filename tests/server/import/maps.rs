//! Maps: what they refuse, and how they read times.

use callscope_server::db::Database;
use callscope_server::import::Map;

use super::{import_all, refusals, texts};

const LEAST: [(&str, &str); 7] = [
    ("organisation", "organisation = \"Small\"\n"),
    ("time_zone", "time_zone = \"Europe/Berlin\"\n"),
    ("started", "started = { column = \"started\" }\n"),
    ("id", "id = { column = \"id\" }\n"),
    ("duration", "duration = { value = \"1\" }\n"),
    ("status", "status = { value = \"completed\" }\n"),
    ("outcome", "outcome = { value = \"other\" }\n"),
];

/// The least map, with one line replaced.
fn with(key: &str, line: &str) -> String {
    LEAST.iter().map(|(name, text)| if *name == key { line } else { text }).collect()
}

#[test]
fn the_least_map_is_enough() {
    let map = Map::parse(&with("", "")).unwrap();
    assert_eq!((map.organisation.as_str(), map.time_zone.as_str(), map.format), ("Small", "Europe/Berlin", None));
}

#[test]
fn a_key_that_is_needed_is_named_where_it_is_missing() {
    for (key, _) in LEAST {
        let error = format!("{:#}", Map::parse(&with(key, "")).unwrap_err());
        assert!(error.contains(&format!("missing field `{key}`")), "{error}");
    }
}

#[test]
fn a_wrong_map_names_the_key() {
    let more = |text: &str| with("", "") + text;
    let mut wrong = Vec::new();
    for (map, named) in [
        (more("agnet = { column = \"x\" }"), "agnet"),
        (more("[agnet]\ncolumn = \"x\""), "agnet"),
        (with("organisation", "organisation = \"  \"\n"), "organisation"),
        (with("organisation", "organisation = 7\n"), "organisation"),
        (with("time_zone", "time_zone = \"Mars/Olympus\"\n"), "time_zone"),
        (with("time_zone", "time_zone = \"\"\n"), "time_zone"),
        (more("format = \"xlsx\""), "format"),
        (more("duration_unit = \"h\""), "duration_unit"),
        (with("id", "id = { colunm = \"id\" }\n"), "colunm"),
        (with("id", "[id]\ncolunm = \"id\"\n"), "colunm"),
        (with("id", "id = \"id\"\n"), "id"),
        (with("started", "started = { column = \"x\", fromat = \"unix\" }\n"), "fromat"),
        (more("[[version]]\nbefore = \"soon\"\nvalue = \"v1\""), "version"),
        (more("[agent]\ncolumn = \"x\"\nwhen = { y = 7 }"), "agent"),
        (more("[agent]\ncolumn = \"x\"\nwhen = { y = { nto = \"z\" } }"), "agent"),
        // These could never give a value: better said once than for every row.
        (with("started", "started = { format = \"unix\" }\n"), "started"),
        (with("id", "id = { none = [\"x\"] }\n"), "id"),
        (with("id", "id = { template = \"CALL-{id\" }\n"), "id"),
    ] {
        match Map::parse(&map) {
            Ok(_) => wrong.push(format!("{named}: taken")),
            Err(error) if !format!("{error:#}").contains(named) => wrong.push(format!("{named}: {error:#}")),
            Err(_) => {}
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_file_of_a_wrong_map_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.toml");
    let error = format!("{:#}", Map::read(&file).unwrap_err());
    assert!(error.starts_with("cannot read the map ") && error.contains("wrong.toml"), "{error}");
    std::fs::write(&file, with("outcome", "")).unwrap();
    let error = format!("{:#}", Map::read(&file).unwrap_err());
    assert!(error.contains("wrong.toml is wrong") && error.contains("`outcome`"), "{error}");
}

/// A time as it is written, its form, and the instant that it is; none where it is refused.
const TIMES: &[(&str, &str, Option<&str>)] = &[
    ("rfc3339", "2026-05-06T10:00:00Z", Some("2026-05-06T10:00:00Z")),
    ("rfc3339", "2026-05-06T10:00:00.125+02:00", Some("2026-05-06T08:00:00.125Z")),
    ("rfc3339", "2026-05-06T10:00:00", None),
    ("rfc3339", "2026-05-06", None),
    ("unix", "1778061600", Some("2026-05-06T10:00:00Z")),
    ("unix", "-1", Some("1969-12-31T23:59:59Z")),
    ("unix", "1778061600000000000", None),
    ("unix", "", None),
    ("unix_ms", "1778061600125", Some("2026-05-06T10:00:00.125Z")),
    ("unix_ms", "1e12", None),
    ("%Y-%m-%d %H:%M:%S", "2026-05-06 10:00:00", Some("2026-05-06T08:00:00Z")),
    ("%Y-%m-%d %H:%M:%S", "2026-01-06 10:00:00", Some("2026-01-06T09:00:00Z")),
    ("%Y-%m-%d %H:%M:%S", "2026-05-06 24:00:00", None),
    ("%Y-%m-%d %H:%M:%S", "2026-05-06 10:00:00 and more", None),
    ("%d.%m.%y %I:%M %p", "06.05.26 10:00 PM", Some("2026-05-06T20:00:00Z")),
    ("%Y-%m-%d", "2026-05-06", Some("2026-05-05T22:00:00Z")),
    // An hour that was skipped, and one that came twice: the first.
    ("%Y-%m-%d %H:%M:%S", "2026-03-29 02:30:00", Some("2026-03-29T01:30:00Z")),
    ("%Y-%m-%d %H:%M:%S", "2026-10-25 02:30:00", Some("2026-10-25T00:30:00Z")),
    // Where the time says its offset, that counts and not the map's zone.
    ("%Y-%m-%dT%H:%M:%S%z", "2026-05-06T10:00:00-0500", Some("2026-05-06T15:00:00Z")),
    ("%Y-%m-%d %H:%M:%S %:z", "2026-05-06 10:00:00 +09:00", Some("2026-05-06T01:00:00Z")),
    ("%Q nonsense", "2026-05-06", None),
];

#[tokio::test]
async fn times_are_read_by_their_form_and_the_maps_zone() {
    let mut wrong = Vec::new();
    for (format, text, expected) in TIMES {
        let map = with("started", &format!("started = {{ column = \"started\", format = \"{format}\" }}\n"));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calls.csv");
        std::fs::write(&file, format!("id,started\n1,{text}\n")).unwrap();
        let db = Database::in_memory().await.unwrap();
        let report = import_all(&db, &Map::parse(&map).unwrap(), &[file]).await.unwrap();
        let started = "SELECT cast(started_ms AS TEXT) FROM calls";
        let found = texts(&db, started)
            .await
            .pop()
            .map(|ms| jiff::Timestamp::from_millisecond(ms.parse().unwrap()).unwrap().to_string());
        if found.as_deref() != *expected {
            wrong.push(format!("{format} {text}: {found:?} and not {expected:?}"));
        }
        if expected.is_none() {
            let refused = format!("started: '{text}' is no time of the form {format}");
            assert_eq!(refusals(&report), [(2, refused.as_str())]);
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn the_unit_of_durations_is_the_maps() {
    for (unit, amount, millis) in [
        ("", "1.5", "1500"),
        ("duration_unit = \"s\"", "0", "0"),
        ("duration_unit = \"ms\"", "1.5", "2"),
        ("duration_unit = \"min\"", "1.5", "90000"),
    ] {
        let map = with("duration", "duration = { column = \"length\" }\n");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calls.csv");
        std::fs::write(&file, format!("id,started,length\n1,2026-05-06T10:00:00Z,{amount}\n")).unwrap();
        let db = Database::in_memory().await.unwrap();
        let map = Map::parse(&format!("{unit}\n{map}")).unwrap();
        assert_eq!(import_all(&db, &map, &[file]).await.unwrap().taken, 1);
        assert_eq!(texts(&db, "SELECT cast(duration_ms AS TEXT) FROM calls").await, [millis], "{unit}");
    }
}
