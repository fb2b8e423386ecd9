//! Values and whole diffs as texts for people.

use serde_json::Value;

use super::model::ConfigDiff;
use crate::export::indented;

/// A text of more letters stands for itself: quotes and `\n` would only make it harder to read.
const LONG: usize = 80;

/// A value as a person reads it: long texts and those of several lines as they are, short ones in
/// quotes, so that `"5"` is not `5` and an empty one is seen; anything else as indented JSON.
pub fn render(value: &Value) -> String {
    match value {
        Value::String(text) if text.contains('\n') || text.chars().nth(LONG).is_some() => text.clone(),
        _ => indented(value),
    }
}

/// All changes as indented JSON in the documents' shape, to be read raw or copied.
pub fn raw(diff: &ConfigDiff) -> String {
    indented(diff)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_type_is_told_apart() {
        #[track_caller]
        fn check(value: &Value, text: &str) {
            assert_eq!(render(value), text);
        }
        check(&json!(null), "null");
        check(&json!(true), "true");
        check(&json!(5), "5");
        check(&json!(-0.25), "-0.25");
        check(&json!(u64::MAX), "18446744073709551615");
        check(&json!("5"), "\"5\"");
        check(&json!(""), "\"\"");
        check(&json!("say \"hi\"\t"), "\"say \\\"hi\\\"\\t\"");
        check(&json!("two\nlines"), "two\nlines");
        check(&json!("é".repeat(80)), &format!("\"{}\"", "é".repeat(80)));
        check(&json!("é".repeat(81)), &"é".repeat(81));
        check(&json!([]), "[]");
        check(&json!({}), "{}");
        check(&json!({"b": [1, 0.5], "a": "x"}), "{\n  \"a\": \"x\",\n  \"b\": [\n    1,\n    0.5\n  ]\n}");
    }
}
