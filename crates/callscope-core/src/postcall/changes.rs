//! What differs between two configurations, metric by metric rather than place by place.

use serde_json::{Map, Value};

use super::config::{IDENTIFIER, METRICS};
use crate::diff::{self, ConfigDiff};

/// What stands for the order of metrics where only that changed.
const ORDER: &str = "order of metrics";

/// What changed from one configuration to another. Metrics are told apart by their identifiers: one that was
/// taken out is one change, however many move up. Where identifiers do not tell them apart, places do.
pub fn changes(before: &Value, after: &Value) -> ConfigDiff {
    match (named(before), named(after)) {
        (Some((mut old, was)), Some((mut new, is))) => {
            let stays = |names: &[String], other: &[String]| -> Vec<Value> {
                names.iter().filter(|name| other.contains(name)).cloned().map(Value::from).collect()
            };
            let (was_common, is_common) = (stays(&was, &is), stays(&is, &was));
            if was_common != is_common {
                old.insert(ORDER.to_owned(), in_words(&was_common));
                new.insert(ORDER.to_owned(), in_words(&is_common));
            }
            diff::compute(&Value::Object(old), &Value::Object(new))
        }
        _ => diff::compute(before, after),
    }
}

fn in_words(names: &[Value]) -> Value {
    Value::from(names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "))
}

/// A configuration with its metrics under their identifiers, and those in their order; none where two metrics
/// have the same, or one has none.
fn named(config: &Value) -> Option<(Map<String, Value>, Vec<String>)> {
    let mut config = config.as_object()?.clone();
    let list = config.get(METRICS).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut metrics = Map::new();
    let mut names = Vec::new();
    for metric in list {
        let name = metric.get(IDENTIFIER)?.as_str().filter(|name| !name.is_empty())?.to_owned();
        names.push(name.clone());
        if metrics.insert(name, metric).is_some() {
            return None;
        }
    }
    if !metrics.is_empty() || config.get(METRICS).is_some_and(Value::is_array) {
        config.insert(METRICS.to_owned(), Value::Object(metrics));
    }
    Some((config, names))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diff::ChangeKind;

    fn metric(name: &str, prompt: &str) -> Value {
        json!({"identifier": name, "dispositionMetricPrompt": prompt})
    }

    fn of(metrics: &[Value]) -> Value {
        json!({"dispositionMetrics": metrics, "mine": [1]})
    }

    fn told(before: &Value, after: &Value) -> Vec<(String, ChangeKind)> {
        let found = changes(before, after);
        found.sections.iter().flat_map(|of| &of.changes).map(|of| (of.path.to_string(), of.kind())).collect()
    }

    #[test]
    fn metrics_are_compared_with_themselves_wherever_they_stand() {
        let (a, b, c) = (metric("a", "p"), metric("b", "q"), metric("c", "r"));
        let before = of(&[a.clone(), b.clone(), c.clone()]);
        assert_eq!(told(&before, &before), []);
        let gone = told(&before, &of(&[b.clone(), c.clone()]));
        assert_eq!(gone, [("dispositionMetrics.a".to_owned(), ChangeKind::Removed)]);
        let other = told(&before, &of(&[metric("new", "n"), a.clone(), b.clone(), metric("c", "s")]));
        let expected = [
            ("dispositionMetrics.c.dispositionMetricPrompt".to_owned(), ChangeKind::Changed),
            ("dispositionMetrics.new".to_owned(), ChangeKind::Added),
        ];
        assert_eq!(other, expected);
        let moved = changes(&before, &of(&[c, a, b]));
        let change = &moved.sections[0].changes[0];
        assert_eq!((moved.change_count(), &change.new), (1, &Some(json!("c, a, b"))));
    }

    #[test]
    fn places_count_where_identifiers_tell_nothing_apart() {
        let twice = of(&[metric("a", "p"), metric("a", "q")]);
        let found = told(&twice, &of(&[metric("a", "p"), metric("a", "s")]));
        assert_eq!(found, [("dispositionMetrics[1].dispositionMetricPrompt".to_owned(), ChangeKind::Changed)]);
        assert_eq!(told(&of(&[json!({})]), &of(&[json!(3)])).len(), 1);
        // A list that is there and empty is told from none.
        assert_eq!(told(&json!({}), &json!({"dispositionMetrics": []})).len(), 1);
        assert_eq!(told(&json!([]), &json!({})).len(), 1);
    }
}
