//! Two answers to start from, and how a test bends them.

use callscope_core::Finding;
use callscope_core::period::{DateRange, parse_date};
use callscope_core::usage::{Asked, Narrowing, UsageReport, parse};
use serde_json::Value;

/// The newer form, in its envelope: three days, three agents, every part, free of contradictions.
pub(super) const FULL: &str = include_str!("../suite/usage_full.json");
/// The older form, without envelope: no `aiInsights`, no `escalationReasons`, five of eight
/// metrics, four of 24 hours.
pub(super) const OLDER: &str = include_str!("../suite/usage_older.json");

/// The days of [`FULL`].
pub(super) const FULL_DAYS: (&str, &str) = ("2024-05-06", "2024-05-08");

pub(super) fn asked((first, last): (&str, &str)) -> Asked {
    let range = DateRange::new(parse_date(first).unwrap(), parse_date(last).unwrap()).unwrap();
    Asked { range, narrowing: Narrowing::default() }
}

#[track_caller]
pub(super) fn read(answer: &Value, asked: &Asked) -> (UsageReport, Vec<Finding>) {
    parse(answer.to_string().as_bytes(), asked).unwrap()
}

/// [`FULL`] together with what this project's server adds: an answer without any finding.
pub(super) fn good() -> Value {
    let mut answer: Value = serde_json::from_str(FULL).unwrap();
    answer["callscope"] = serde_json::json!({
        "timeZone": "Europe/Berlin",
        "callsThrough": "2024-05-08T18:59:12Z",
        "agentId": null,
        "hour": null,
        "releases": [{ "date": "2024-05-07", "agentName": "Front desk", "label": "v8" }],
    });
    answer
}

/// Puts a value where a JSON pointer points to, making a field that is not there; a list takes one
/// more element at `-`. `None` takes the place out.
#[track_caller]
pub(super) fn put(answer: &mut Value, pointer: &str, value: Option<Value>) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/").replace("~0", "~");
    match (answer.pointer_mut(parent).unwrap(), value) {
        (Value::Object(fields), Some(value)) => drop(fields.insert(key, value)),
        (Value::Object(fields), None) => drop(fields.remove(&key).unwrap()),
        (Value::Array(items), Some(value)) if key == "-" => items.push(value),
        (Value::Array(items), Some(value)) => items[key.parse::<usize>().unwrap()] = value,
        (Value::Array(items), None) => drop(items.remove(key.parse().unwrap())),
        (other, _) => panic!("{parent} is {other}"),
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The pointers of everything inside a value, outer ones first.
pub(super) fn pointers(value: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, out: &mut Vec<String>) {
        let children: Vec<(String, &Value)> = match value {
            Value::Object(fields) => {
                fields.iter().map(|(key, child)| (format!("{at}/{}", escaped(key)), child)).collect()
            }
            Value::Array(items) => items.iter().enumerate().map(|(i, child)| (format!("{at}/{i}"), child)).collect(),
            _ => Vec::new(),
        };
        for (pointer, child) in children {
            out.push(pointer.clone());
            walk(child, &pointer, out);
        }
    }
    let mut out = Vec::new();
    walk(value, "", &mut out);
    out
}
