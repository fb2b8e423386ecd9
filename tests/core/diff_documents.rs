//! Configuration diffs in the documents' two shapes → one model, and back.

use callscope_core::diff::wire::DiffAnswer;
use callscope_core::diff::{
    ChangeKind, ConfigChange, ConfigDiff, Path, SectionDiff, compute, parse, parse_draft, to_wire,
};
use callscope_core::wire::Field;
use callscope_core::{ErrorKind, Finding, FindingCode};
use serde_json::{Value, json};

/// The `configDiff` of the documents' example.
fn example() -> Value {
    json!({
        "unchangedSections": ["intents", "entities"],
        "diffs": [{"section": "dialog", "changes": [
            {"path": "dialog.nodes[3].actions[0].parameters.timeout", "oldValue": 3000, "newValue": 5000},
            {"path": "dialog.nodes[5].actions[1].type", "oldValue": "sendMessage", "newValue": "playAudio"},
        ]}],
    })
}

fn change(path: &str, old: Option<Value>, new: Option<Value>) -> ConfigChange {
    ConfigChange { path: Path::parse(path), old, new }
}

fn section(name: &str, changes: Vec<ConfigChange>) -> SectionDiff {
    SectionDiff { name: name.to_owned(), changes }
}

type Parse = fn(&[u8]) -> Result<(ConfigDiff, Vec<Finding>), callscope_core::Error>;

#[track_caller]
fn check(parse: Parse, answer: &Value, sections: &[SectionDiff], unchanged: &[&str], codes: &[FindingCode]) {
    let (diff, findings) = parse(answer.to_string().as_bytes()).unwrap();
    assert_eq!(diff.sections, sections);
    assert_eq!(diff.unchanged, unchanged);
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), codes, "{findings:#?}");
    assert!(findings.iter().all(|finding| finding.sentence.ends_with('.')), "{findings:#?}");
}

#[test]
fn the_documents_example_is_read() {
    let dialog = section(
        "dialog",
        vec![
            change("dialog.nodes[3].actions[0].parameters.timeout", Some(json!(3000)), Some(json!(5000))),
            change("dialog.nodes[5].actions[1].type", Some(json!("sendMessage")), Some(json!("playAudio"))),
        ],
    );
    let enveloped = json!({"status": true, "data": example()});
    check(parse, &enveloped, std::slice::from_ref(&dialog), &["intents", "entities"], &[]);
    check(parse, &example(), std::slice::from_ref(&dialog), &["intents", "entities"], &[]);
    assert_eq!(dialog.changes[0].path.within("dialog").to_string(), "nodes[3].actions[0].parameters.timeout");
}

#[test]
fn the_documents_example_is_written() {
    let (diff, _) = parse(example().to_string().as_bytes()).unwrap();
    assert_eq!(serde_json::to_value(to_wire(&diff)).unwrap(), example());
}

#[test]
fn absent_and_null_stay_apart() {
    use ChangeKind::{Added, Changed, Removed};
    let changes = json!([
        {"path": "a", "newValue": 1}, {"path": "a", "oldValue": null, "newValue": 1},
        {"path": "a", "oldValue": 1, "newValue": null}, {"path": "a", "oldValue": 1}, {"path": "a"},
    ]);
    let answer = json!({"unchangedSections": [], "diffs": [{"section": "a", "changes": changes}]});
    let (diff, findings) = parse(answer.to_string().as_bytes()).unwrap();
    let kinds: Vec<_> = diff.sections[0].changes.iter().map(ConfigChange::kind).collect();
    assert_eq!((kinds, findings), (vec![Added, Changed, Changed, Removed, Changed], vec![]));
    assert_eq!(serde_json::to_value(to_wire(&diff)).unwrap(), answer);
}

#[test]
fn a_bad_part_loses_only_itself() {
    use FindingCode::{MissingPart, UnknownFields, WrongType};
    let answer = json!({"data": {
        "unchangedSections": ["voice", 7, "dialog"],
        "diffs": [
            {"section": "dialog", "changes": [{"path": "dialog.x", "newValue": {"any": [1]}}, 5, {"path": 3, "oldValue": 1}]},
            "no section",
            {"section": ["llm"], "changes": [{"path": "llm.model", "oldValue": "a", "newValue": "b", "by": "me"}]},
            {"changes": [{"path": "[3]", "oldValue": 1, "newValue": 2}]},
            {"section": "dialog", "changes": [{"path": "y", "oldValue": 1, "newValue": 2}]},
            {"section": "audio"},
        ],
        "at": "now",
    }, "trace": "x"});
    let dialog = vec![
        change("dialog.x", None, Some(json!({"any": [1]}))),
        change("", Some(json!(1)), None),
        change("y", Some(json!(1)), Some(json!(2))),
    ];
    let sections = [
        section("dialog", dialog),
        section("llm", vec![change("llm.model", Some(json!("a")), Some(json!("b")))]),
        section("–", vec![change("[3]", Some(json!(1)), Some(json!(2)))]),
        section("audio", vec![]),
    ];
    // In the order in which they are met: an entry of `diffs`, one of `changes`, a path, two names, a silent
    // section, an unchanged one; then what nobody knows: "by", "at" and "trace".
    let codes = [WrongType, WrongType, WrongType, WrongType, WrongType, MissingPart, WrongType, UnknownFields];
    check(parse, &answer, &sections, &["voice"], &codes);
    let (_, findings) = parse(answer.to_string().as_bytes()).unwrap();
    assert!(findings.last().unwrap().sentence.starts_with("3 fields"), "{findings:#?}");
}

#[test]
fn absent_parts_are_said() {
    use FindingCode::{MissingPart, WrongType};
    let changed = section("a", vec![change("a.x", None, Some(json!(1)))]);
    let diffs = json!([{"section": "a", "changes": [{"path": "a.x", "newValue": 1}]}]);
    check(parse, &json!({"diffs": diffs}), std::slice::from_ref(&changed), &[], &[MissingPart]);
    check(parse, &json!({"unchangedSections": ["b"], "diffs": null}), &[], &["b"], &[MissingPart]);
    check(parse, &json!({"unchangedSections": ["b"], "diffs": {}}), &[], &["b"], &[WrongType]);
    check(parse, &json!({"unchangedSections": [], "diffs": []}), &[], &[], &[]);
}

#[test]
fn a_draft_is_compared_here() {
    use FindingCode::{MissingPart, UnknownFields, WrongType};
    let states = json!({
        "llm": {"before": {"model": "a", "t": 0.5}, "after": {"model": "b", "t": 0.5}, "changed": true},
        "voice": {"before": {"id": 1}, "after": {"id": 1.0}, "changed": false},
        "audio": {"after": {"x": null}, "changed": true},
        "widget": {"before": null, "changed": true},
        "privacy": {"changed": true, "by": "me"},
        "timeouts": {"before": [1], "after": [1], "changed": true},
        "detection": {"before": 1, "after": 2},
        "language": {"before": "de", "after": "en", "changed": false},
        "broken": 5,
        "odd": {"before": 1, "after": 1, "changed": "no"},
    });
    let sections = [
        section("audio", vec![change("audio", None, Some(json!({"x": null})))]),
        section("detection", vec![change("detection", Some(json!(1)), Some(json!(2)))]),
        section("language", vec![change("language", Some(json!("de")), Some(json!("en")))]),
        section("llm", vec![change("llm.model", Some(json!("a")), Some(json!("b")))]),
        section("privacy", vec![]),
        section("timeouts", vec![]),
        section("widget", vec![change("widget", Some(Value::Null), None)]),
    ];
    let codes = [WrongType, WrongType, MissingPart, MissingPart, UnknownFields];
    let answer = json!({"status": true, "data": {"sections": states, "hasChanges": true}});
    check(parse_draft, &answer, &sections, &["odd", "voice"], &codes);
    check(parse_draft, &json!({"sections": {}, "hasChanges": false}), &[], &[], &[]);
    check(parse_draft, &json!({"sections": {}, "hasChanges": true}), &[], &[], &[MissingPart]);
    check(parse_draft, &json!({"sections": [1], "hasChanges": false}), &[], &[], &[WrongType]);
}

#[test]
fn what_is_no_diff_is_an_error() {
    for parse in [parse, parse_draft] {
        for (text, kind, message) in [
            ("", ErrorKind::Syntax, "the answer ends too early (line 1, column 0)"),
            ("<html>", ErrorKind::Syntax, "the answer is not JSON (line 1, column 1)"),
            ("7", ErrorKind::Shape, "the answer holds no configuration diff"),
            ("[]", ErrorKind::Shape, "the answer holds no configuration diff"),
            ("{}", ErrorKind::Shape, "the answer holds no configuration diff"),
            ("{\"data\": null}", ErrorKind::Shape, "the answer holds no configuration diff"),
            ("{\"data\": [1]}", ErrorKind::Shape, "the answer holds no configuration diff"),
            ("{\"data\": {\"id\": 1}}", ErrorKind::Shape, "the answer holds no configuration diff"),
        ] {
            let error = parse(text.as_bytes()).unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (kind, message), "{text}");
        }
    }
}

#[test]
fn thousands_of_changes_are_told() {
    let config = |of: u64| {
        let node = |i: u64| json!({"id": i, "text": format!("line {}", i * of), "a.b": {"[x]": i + of}});
        json!({"dialog": {"nodes": (1..=1000).map(node).collect::<Vec<_>>()}, "voice": {"id": "v"}})
    };
    let diff = compute(&config(1), &config(2));
    assert_eq!((diff.change_count(), diff.sections.len()), (2000, 1));
    assert_eq!(diff.sections[0].changes[1999].path.to_string(), "dialog.nodes[999].text");
    let answer = DiffAnswer { status: Field::Value(true), data: Field::Value(to_wire(&diff)) };
    let (read, findings) = parse(serde_json::to_string(&answer).unwrap().as_bytes()).unwrap();
    assert_eq!((read, findings), (diff, vec![]));
}
