//! Two configurations → what changed between them.

use serde_json::{Map, Value};

use super::model::{ConfigChange, ConfigDiff, SectionDiff};
use super::path::{Path, Step};

/// What changed between two configurations: objects whose members are the sections.
///
/// A change is as small as it can be: a member of an object, an element of a list, down to single
/// values. What is on one side only, or is of another type, is one change with all that it holds.
/// Members come in the order of their names. `5` and `5.0` are the same number.
///
/// In lists, what is equal at the beginning and at the end is set aside, so that one inserted
/// element is one change and not one for each that it moved. What remains is compared by index, and
/// where one side has more, the rest was added or removed. Pairs thus have one index on both sides,
/// and what is on one side only has the index of that side. Elements are not matched any further: a
/// pair with two indexes would have no path.
///
/// What is no object at all is taken as a section named `config`.
pub fn compute(before: &Value, after: &Value) -> ConfigDiff {
    let mut diff = ConfigDiff::default();
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        diff.add_section("config", Some(before), Some(after));
        return diff;
    };
    for name in names(old, new) {
        diff.add_section(name, old.get(name), new.get(name));
    }
    diff
}

impl ConfigDiff {
    /// Compares the two sides of a section, and files it where it belongs.
    pub(super) fn add_section(&mut self, name: &str, old: Option<&Value>, new: Option<&Value>) {
        let mut found = Changes { path: Path::from(vec![Step::Key(name.to_owned())]), changes: Vec::new() };
        found.between(old, new);
        match found.changes {
            changes if changes.is_empty() => self.unchanged.push(name.to_owned()),
            changes => self.sections.push(SectionDiff { name: name.to_owned(), changes }),
        }
    }
}

/// Walks both sides at once.
struct Changes {
    /// Where it is.
    path: Path,
    /// What it found.
    changes: Vec<ConfigChange>,
}

impl Changes {
    fn between(&mut self, old: Option<&Value>, new: Option<&Value>) {
        match (old, new) {
            (Some(Value::Object(old)), Some(Value::Object(new))) => {
                for name in names(old, new) {
                    self.at(Step::Key(name.clone()), old.get(name), new.get(name));
                }
            }
            (Some(Value::Array(old)), Some(Value::Array(new))) => self.lists(old, new),
            (Some(old), Some(new)) if same(old, new) => {}
            (None, None) => {}
            _ => self.changes.push(ConfigChange { path: self.path.clone(), old: old.cloned(), new: new.cloned() }),
        }
    }

    fn at(&mut self, step: Step, old: Option<&Value>, new: Option<&Value>) {
        self.path.push(step);
        self.between(old, new);
        self.path.pop();
    }

    fn lists(&mut self, old: &[Value], new: &[Value]) {
        let start = old.iter().zip(new).take_while(|(old, new)| same(old, new)).count();
        let (old, new) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
        let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| same(old, new)).count();
        let (old_length, new_length) = (old.len() - end, new.len() - end);
        for i in 0..old_length.max(new_length) {
            let old = old.get(i).filter(|_| i < old_length);
            let new = new.get(i).filter(|_| i < new_length);
            self.at(Step::Index(start + i), old, new);
        }
    }
}

/// The names of both sides, each once, in order.
fn names<'v>(old: &'v Map<String, Value>, new: &'v Map<String, Value>) -> Vec<&'v String> {
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether two values are the same, however their numbers are written.
fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Number(old), Value::Number(new)) => {
            old == new || old.is_f64() != new.is_f64() && old.as_f64() == new.as_f64()
        }
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new))
        }
        (Value::Object(old), Value::Object(new)) => {
            old.len() == new.len() && old.iter().all(|(name, old)| new.get(name).is_some_and(|new| same(old, new)))
        }
        _ => old == new,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Checks the changes, each as `path: old → new`, and that the other way round they mirror.
    #[track_caller]
    fn check(old: &Value, new: &Value, expected: &[&str]) {
        let text = |value: &Option<Value>| value.as_ref().map_or_else(|| "absent".to_owned(), Value::to_string);
        let diff = compute(old, new);
        let changes = diff.sections.iter().flat_map(|section| &section.changes);
        let written = changes.map(|change| format!("{}: {} → {}", change.path, text(&change.old), text(&change.new)));
        assert_eq!(written.collect::<Vec<_>>(), expected);
        assert_eq!(compute(new, old), diff.swapped());
    }

    #[test]
    fn sections_are_the_members_of_the_whole() {
        let diff = compute(&json!({"b": 1, "a": {"x": [1]}, "c": 1}), &json!({"d": 2, "b": 2, "a": {"x": [1]}}));
        let sections: Vec<_> = diff.sections.iter().map(|of| (of.name.as_str(), of.changes.len())).collect();
        assert_eq!(sections, [("b", 1), ("c", 1), ("d", 1)]);
        assert_eq!((diff.unchanged, diff.sections.len()), (vec!["a".to_owned()], 3));
    }

    #[test]
    fn changes_are_as_small_as_they_can_be() {
        check(
            &json!({"dialog": {"nodes": [0, {"type": "say", "ms": 3000}], "greet": "Hi"}, "same": [1, {"x": 2}]}),
            &json!({"dialog": {"nodes": [0, {"type": "play", "ms": 5000}], "greet": "Hi"}, "same": [1.0, {"x": 2}]}),
            &["dialog.nodes[1].ms: 3000 → 5000", "dialog.nodes[1].type: \"say\" → \"play\""],
        );
    }

    #[test]
    fn an_inserted_element_is_one_change() {
        let list = |items: Value| json!({"s": {"list": items}});
        check(&list(json!(["a", "b", "c"])), &list(json!(["a", "x", "b", "c"])), &["s.list[1]: absent → \"x\""]);
        check(&list(json!(["a", "b", "c"])), &list(json!(["b", "c"])), &["s.list[0]: \"a\" → absent"]);
        check(
            &list(json!(["a"])),
            &list(json!(["a", "b", {"c": 1}])),
            &["s.list[1]: absent → \"b\"", "s.list[2]: absent → {\"c\":1}"],
        );
        check(&list(json!([1, 1])), &list(json!([1])), &["s.list[1]: 1 → absent"]);
        check(
            &list(json!(["a", {"k": 1}, "z"])),
            &list(json!(["a", {"k": 2}, "new", "z"])),
            &["s.list[1].k: 1 → 2", "s.list[2]: absent → \"new\""],
        );
        check(&list(json!([])), &list(json!([[]])), &["s.list[0]: absent → []"]);
    }

    #[test]
    fn another_type_is_one_change() {
        check(
            &json!({"s": {"x": {"a": 1, "b": 2}}}),
            &json!({"s": {"x": [1, 2]}}),
            &["s.x: {\"a\":1,\"b\":2} → [1,2]"],
        );
        check(&json!({"s": {"x": "1"}}), &json!({"s": {"x": 1}}), &["s.x: \"1\" → 1"]);
        check(&json!({"s": {"x": null}}), &json!({"s": {}}), &["s.x: null → absent"]);
        check(&json!({"s": {"x": null}}), &json!({"s": {"x": {}}}), &["s.x: null → {}"]);
        check(&json!({"s": null}), &json!({}), &["s: null → absent"]);
        check(&json!({"s": {"a.b": {"[0]": 1}}}), &json!({"s": {"a.b": {"[0]": 2}}}), &["s[\"a.b\"][\"[0]\"]: 1 → 2"]);
    }

    #[test]
    fn what_is_no_object_is_one_section() {
        check(&json!([1, 2]), &json!([1, 3]), &["config[1]: 2 → 3"]);
        check(&json!(null), &json!({"a": 1}), &["config: null → {\"a\":1}"]);
        assert_eq!(compute(&json!(5), &json!(5.0)).unchanged, ["config"]);
    }

    #[test]
    fn numbers_are_the_same_however_they_are_written() {
        check(&json!({"s": [5, 0.5]}), &json!({"s": [5.0, 0.5]}), &[]);
        // Beyond 2^53 two counts must not be taken as one for their like floats.
        check(
            &json!({"s": u64::MAX}),
            &json!({"s": u64::MAX - 1}),
            &["s: 18446744073709551615 → 18446744073709551614"],
        );
    }
}
