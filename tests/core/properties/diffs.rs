//! Configurations, their diffs, paths and texts of any kind.

use callscope_core::ErrorKind;
use callscope_core::diff::{
    ChangeKind, ConfigChange, ConfigDiff, Path, SegmentKind, Step, compute, parse, parse_draft, render, text_changes,
    to_wire,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use super::config;

/// Few names and few values, so that two of them have much in common.
fn any_config() -> impl Strategy<Value = Value> {
    let key = select(vec!["a", "b", "a.b", "[0]", "", "\"", "dispositionMetrics", "größe"]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..3_i64).prop_map(Value::from),
        select(vec![0.0, 1.0, 0.5, -1e300]).prop_map(Value::from),
        select(vec!["", "0", "a b c", "a\nb"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((key.clone(), inner), 0..5)
                .prop_map(|members| members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

/// Answers that are nearly right.
fn any_answer() -> impl Strategy<Value = Value> {
    let key = select(vec![
        "data",
        "status",
        "unchangedSections",
        "diffs",
        "section",
        "changes",
        "path",
        "oldValue",
        "newValue",
        "sections",
        "before",
        "after",
        "changed",
        "hasChanges",
        "other",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-c.\\[\\]0-9\"]{0,8}|.{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((key.clone(), inner), 0..6)
                .prop_map(|members| members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        any::<u32>().prop_map(|index| Step::Index(index as usize)),
        "[a-b.\\[\\]\"'\\\\0-1]{0,5}|.{0,4}".prop_map(Step::Key),
    ];
    vec(step, 0..6)
}

/// Does to a configuration what a diff says: what is on both sides first, then what went, from the
/// back, then what came, from the front.
fn applied(mut config: Value, diff: &ConfigDiff) -> Value {
    let changes: Vec<&ConfigChange> = diff.sections.iter().flat_map(|section| &section.changes).collect();
    let of = |kind| changes.iter().copied().filter(move |change| change.kind() == kind);
    of(ChangeKind::Changed).for_each(|change| apply(&mut config, change));
    of(ChangeKind::Removed).collect::<Vec<_>>().into_iter().rev().for_each(|change| apply(&mut config, change));
    of(ChangeKind::Added).for_each(|change| apply(&mut config, change));
    config
}

fn apply(config: &mut Value, change: &ConfigChange) {
    let (last, way) = change.path.steps().split_last().unwrap();
    let holder = way.iter().fold(config, |value, step| match step {
        Step::Key(key) => &mut value[key],
        Step::Index(index) => &mut value[index],
    });
    match (holder, last, &change.old, &change.new) {
        (Value::Object(members), Step::Key(key), old, new) => {
            assert_eq!(members.remove(key), *old);
            members.extend(new.clone().map(|new| (key.clone(), new)));
        }
        (Value::Array(items), Step::Index(index), None, Some(new)) => items.insert(*index, new.clone()),
        (Value::Array(items), Step::Index(index), Some(old), None) => assert_eq!(items.remove(*index), *old),
        (Value::Array(items), Step::Index(index), Some(old), Some(new)) => {
            assert_eq!(std::mem::replace(&mut items[*index], new.clone()), *old);
        }
        (holder, ..) => panic!("{:?} is not in {holder}", change.path),
    }
}

fn object(value: Value) -> Value {
    if value.is_object() { value } else { serde_json::json!({ "all": value }) }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn paths_read_back_as_they_were(steps in any_steps()) {
        let path = Path::from(steps);
        prop_assert_eq!(Path::parse(&path.to_string()), path);
    }

    #[test]
    fn any_text_is_a_path(text in ".{0,20}|[a.\\[\\]\"'\\\\0-9]{0,20}") {
        let path = Path::parse(&text);
        prop_assert_eq!(path.steps().is_empty(), text.is_empty());
        prop_assert_eq!(Path::parse(&path.to_string()), path.clone());
        let parents: Vec<_> = std::iter::successors(Some(path.clone()), Path::parent).collect();
        prop_assert_eq!(parents.len(), path.steps().len() + 1);
        prop_assert!(parents.iter().all(|parent| path.starts_with(parent)));
    }

    #[test]
    fn a_diff_leads_from_one_side_to_the_other(old in any_config(), new in any_config()) {
        let (old, new) = (object(old), object(new));
        let diff = compute(&old, &new);
        prop_assert!(compute(&applied(old.clone(), &diff), &new).is_empty(), "{:#?}", diff);
        prop_assert_eq!(compute(&new, &old), diff.clone().swapped());
        let names = diff.sections.iter().map(|section| &section.name).chain(&diff.unchanged);
        let (mut names, mut all): (Vec<_>, Vec<_>) = (names.collect(), [&old, &new].iter().flat_map(|of| of.as_object().unwrap().keys()).collect());
        for list in [&mut names, &mut all] {
            list.sort();
        }
        all.dedup();
        prop_assert_eq!(names, all);
        for section in &diff.sections {
            prop_assert!(!section.changes.is_empty());
            for change in &section.changes {
                prop_assert!(diff.touches(&change.path) && change.path.steps()[0] == Step::Key(section.name.clone()));
            }
        }
    }

    #[test]
    fn a_configuration_does_not_differ_from_itself(config in any_config()) {
        prop_assert!(compute(&config, &config).is_empty());
        prop_assert!(!render(&config).is_empty() || config == "");
    }

    #[test]
    fn a_diff_goes_over_the_wire_unharmed(old in any_config(), new in any_config()) {
        let diff = compute(&object(old), &object(new));
        let (read, findings) = parse(&serde_json::to_vec(&to_wire(&diff)).unwrap()).unwrap();
        prop_assert_eq!((read, findings), (diff, vec![]));
    }

    /// The two shapes tell the same.
    #[test]
    fn a_draft_is_read_as_it_would_be_computed(old in any_config(), new in any_config()) {
        let (old, new) = (object(old), object(new));
        let diff = compute(&old, &new);
        let side = |side: &Value, name: &str, as_what: &str| side.get(name).map(|value| (as_what.to_owned(), value.clone()));
        let states = diff.sections.iter().map(|section| (&section.name, true)).chain(diff.unchanged.iter().map(|name| (name, false)));
        let sections: Value = states.map(|(name, changed)| {
            let mut states: Value = [side(&old, name, "before"), side(&new, name, "after")].into_iter().flatten().collect();
            states["changed"] = Value::from(changed);
            (name.clone(), states)
        }).collect();
        let answer = serde_json::json!({"status": true, "data": {"sections": sections, "hasChanges": !diff.is_empty()}});
        let (read, findings) = parse_draft(&serde_json::to_vec(&answer).unwrap()).unwrap();
        prop_assert_eq!((read, findings), (diff, vec![]));
    }

    #[test]
    fn any_answer_is_read_or_refused(answer in any_answer()) {
        for parse in [parse, parse_draft] {
            match parse(answer.to_string().as_bytes()) {
                Ok((diff, findings)) => {
                    prop_assert!(findings.iter().all(|finding| finding.sentence.ends_with('.')));
                    prop_assert!(diff.unchanged.iter().all(|name| diff.sections.iter().all(|of| of.name != *name)));
                    let _ = (diff.touches_metrics(), diff.change_count());
                }
                Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Shape),
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..100)) {
        for parse in [parse, parse_draft] {
            prop_assert!(parse(&bytes).is_err_and(|error| !error.to_string().is_empty()));
        }
    }

    /// Every piece in its place: both texts come out again, and no two neighbours are of one kind.
    #[test]
    fn both_texts_come_out_of_their_diff(
        (old, new) in prop_oneof![
            ("[ab \n]{0,40}", "[ab \n]{0,40}"),
            ("(one|two|three| |, |\n){0,30}", "(one|two|four| |. |\n){0,30}"),
            ("\\PC{0,20}", "\\PC{0,20}"),
            (".{0,20}", ".{0,20}"),
        ],
    ) {
        let diff = text_changes(&old, &new);
        let side = |other| diff.segments().filter(|of| of.kind != other).map(|of| of.text).collect::<String>();
        prop_assert_eq!(side(SegmentKind::Added), old.as_str());
        prop_assert_eq!(side(SegmentKind::Removed), new.as_str());
        prop_assert!(diff.lines.iter().all(|line| !line.segments.is_empty()));
        for line in &diff.lines {
            prop_assert!(line.segments.windows(2).all(|pair| pair[0].kind != pair[1].kind));
            prop_assert!(line.segments.iter().rev().skip(1).all(|of| !diff.is_by_line || !of.text.ends_with('\n')));
        }
        prop_assert!(old != new || diff.segments().all(|of| of.kind == SegmentKind::Same));
    }
}
