//! A draft as it is edited: what was typed, and what the server has of it.

use callscope_core::postcall::{Metric, MetricType, PostCallConfig, is_same};
use serde_json::Value;

/// A metric in the form. Its key stays the same wherever it is moved to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) key: u64,
    pub(super) metric: Metric,
    /// Its choices as they are typed, one on a line; kept while another type is chosen.
    pub(super) choices: String,
    /// Its choices as they came: those that nobody touched stay as they are.
    came: Vec<String>,
}

/// A draft that is worked on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Editing {
    /// What the server had when it was read or written last.
    saved: Value,
    /// Its revision, where the server counts them.
    pub(super) revision: Option<u64>,
    /// Everything but the metrics.
    frame: PostCallConfig,
    rows: Vec<Row>,
    next_key: u64,
    /// The metrics that were removed, the last one last, and where each stood.
    removed: Vec<(usize, Row)>,
}

impl Editing {
    /// A draft as the server has it.
    ///
    /// # Errors
    /// Where it could not be edited without losing something; says why.
    pub(super) fn new(saved: &Value, revision: Option<u64>) -> Result<Self, callscope_core::Error> {
        let frame = PostCallConfig::read(saved)?;
        let mut editing = Self {
            saved: saved.clone(),
            revision,
            rows: Vec::new(),
            next_key: 0,
            removed: Vec::new(),
            frame: frame.clone(),
        };
        for metric in frame.metrics() {
            let row = editing.row(metric);
            editing.rows.push(row);
        }
        Ok(editing)
    }

    fn row(&mut self, metric: Metric) -> Row {
        self.next_key += 1;
        let came = metric.choices();
        Row { key: self.next_key, metric, choices: came.join("\n"), came }
    }

    /// The keys of the metrics in their order.
    pub(super) fn keys(&self) -> Vec<u64> {
        self.rows.iter().map(|row| row.key).collect()
    }

    /// A metric by its key.
    pub(super) fn get(&self, key: u64) -> Option<&Row> {
        self.rows.iter().find(|row| row.key == key)
    }

    /// Where a metric stands, from 0 on.
    pub(super) fn at(&self, key: u64) -> Option<usize> {
        self.rows.iter().position(|row| row.key == key)
    }

    /// The configuration as it is typed. What nobody touched is in it as it came.
    pub(super) fn config(&self) -> PostCallConfig {
        let mut config = self.frame.clone();
        let metrics: Vec<Metric> = self.rows.iter().map(|row| row.metric.clone()).collect();
        if metrics != config.metrics() {
            config.set_metrics(metrics);
        }
        config
    }

    /// The same as it goes over the wire.
    pub(super) fn written(&self) -> Value {
        self.config().written()
    }

    /// Whether the server has something else.
    pub(super) fn is_unsaved(&self) -> bool {
        !is_same(&self.written(), &self.saved)
    }

    /// Takes note that the server has this now.
    pub(super) fn set_saved(&mut self, saved: Value, revision: Option<u64>) {
        (self.saved, self.revision) = (saved, revision);
    }

    /// Adds a metric at the end and gives its key.
    pub(super) fn add(&mut self, metric: Metric) -> u64 {
        let row = self.row(metric);
        let key = row.key;
        self.rows.push(row);
        key
    }

    /// An identifier that no metric has yet.
    pub(super) fn free_identifier(&self, wanted: &str) -> String {
        let is_free = |name: &String| self.rows.iter().all(|row| row.metric.identifier() != name);
        let numbered = (2..).map(|number| format!("{wanted}_{number}"));
        std::iter::once(wanted.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
    }

    /// Takes a metric out. It can be put back.
    pub(super) fn remove(&mut self, key: u64) {
        if let Some(at) = self.at(key) {
            self.removed.push((at, self.rows.remove(at)));
        }
    }

    /// The identifier of the metric that was taken out last.
    pub(super) fn removed(&self) -> Option<&str> {
        self.removed.last().map(|(_, row)| row.metric.identifier())
    }

    /// Puts the metric that was taken out last back in its place, and gives its key.
    pub(super) fn put_back(&mut self) -> Option<u64> {
        let (at, row) = self.removed.pop()?;
        let key = row.key;
        self.rows.insert(at.min(self.rows.len()), row);
        Some(key)
    }

    /// Moves a metric one place up or down, where there is one.
    pub(super) fn shift(&mut self, key: u64, is_up: bool) {
        let Some(at) = self.at(key) else { return };
        let to = if is_up { at.checked_sub(1) } else { Some(at + 1) };
        if let Some(to) = to.filter(|to| *to < self.rows.len()) {
            self.rows.swap(at, to);
        }
    }

    fn change(&mut self, key: u64, change: impl FnOnce(&mut Row)) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.key == key) {
            change(row);
        }
    }

    /// Gives a metric another name.
    pub(super) fn set_identifier(&mut self, key: u64, identifier: &str) {
        self.change(key, |row| row.metric.set_identifier(identifier));
    }

    /// Gives a metric another question.
    pub(super) fn set_prompt(&mut self, key: u64, prompt: &str) {
        self.change(key, |row| row.metric.set_prompt(prompt));
    }

    /// Gives a metric another type. Choices that were typed come back with the type that has them.
    pub(super) fn set_kind(&mut self, key: u64, kind: &MetricType) {
        self.change(key, |row| {
            row.metric.set_kind(kind);
            if *kind == MetricType::Enum && !row.choices.trim().is_empty() {
                row.metric.set_choices(&choices(&row.choices, &row.came));
            }
        });
    }

    /// Gives a metric other choices, one on a line.
    pub(super) fn set_choices(&mut self, key: u64, typed: &str) {
        self.change(key, |row| {
            typed.clone_into(&mut row.choices);
            row.metric.set_choices(&choices(typed, &row.came));
        });
    }

    /// Says whether the vendor's own model answers.
    pub(super) fn set_internal_model(&mut self, is_used: bool) {
        self.frame.set_internal_model(is_used);
    }

    /// Says whether a reasoning model answers.
    pub(super) fn set_reasoning_model(&mut self, is_used: bool) {
        self.frame.set_reasoning_model(is_used);
    }
}

/// The choices of a text with one on a line; empty lines are none, and blanks around one belong to it only where
/// it came with them.
fn choices<'t>(typed: &'t str, came: &[String]) -> Vec<&'t str> {
    let plain = |line: &'t str| if came.iter().any(|came| came == line) { line } else { line.trim() };
    typed.lines().map(plain).filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    impl Editing {
        fn rows(&self) -> &[Row] {
            &self.rows
        }
    }

    fn editing() -> Editing {
        let saved = json!({
            "dispositionMetrics": [
                {"identifier": "a", "dispositionMetricPrompt": "p", "dispositionMetricType": "ENUM", "choices": ["x", " y "], "mine": 1},
                {"identifier": "b", "dispositionMetricPrompt": "q", "dispositionMetricType": "BOOLEAN"},
            ],
            "successMetrics": [{"deep": [null]}],
        });
        Editing::new(&saved, Some(3)).unwrap()
    }

    fn names(editing: &Editing) -> Vec<&str> {
        editing.rows().iter().map(|row| row.metric.identifier()).collect()
    }

    #[test]
    fn what_is_not_touched_is_not_unsaved() {
        let mut of = editing();
        assert!(!of.is_unsaved());
        of.set_prompt(2, "other");
        assert!(of.is_unsaved());
        of.set_prompt(2, "q");
        assert!(!of.is_unsaved());
        // A configuration without metrics has none to write.
        assert!(!Editing::new(&json!({}), None).unwrap().is_unsaved());
        assert!(!Editing::new(&json!({"dispositionMetrics": null}), None).unwrap().is_unsaved());
    }

    #[test]
    fn metrics_move_go_and_come_back_with_their_keys() {
        let mut of = editing();
        of.shift(1, true);
        assert_eq!(names(&of), ["a", "b"]);
        of.shift(1, false);
        assert_eq!(names(&of), ["b", "a"]);
        of.remove(2);
        assert_eq!((names(&of), of.removed()), (vec!["a"], Some("b")));
        assert_eq!(of.put_back(), Some(2));
        assert_eq!((names(&of), of.removed()), (vec!["b", "a"], None));
        assert_eq!(of.put_back(), None);
        let key = of.add(Metric::new(&of.free_identifier("a"), &MetricType::Text, ""));
        assert_eq!((names(&of), of.get(key).map(|row| row.key)), (vec!["b", "a", "a_2"], Some(3)));
        of.set_identifier(9, "nobody");
        assert_eq!(of.rows().len(), 3);
    }

    #[test]
    fn typed_choices_outlive_another_type_and_what_is_unknown_stays() {
        let mut of = editing();
        of.set_choices(1, "x\n y \n  z \n");
        assert_eq!(of.rows()[0].metric.choices(), ["x", " y ", "z"]);
        of.set_choices(1, "x\n\n  new \n");
        assert_eq!(of.rows()[0].metric.choices(), ["x", "new"]);
        assert_eq!(of.rows()[0].choices, "x\n\n  new \n");
        of.set_kind(1, &MetricType::Boolean);
        assert!(of.rows()[0].metric.choices().is_empty());
        of.set_kind(1, &MetricType::Enum);
        assert_eq!(of.rows()[0].metric.choices(), ["x", "new"]);
        let written = of.written();
        assert_eq!(
            (&written["dispositionMetrics"][0]["mine"], &written["successMetrics"][0]["deep"]),
            (&json!(1), &json!([null]))
        );
    }

    #[test]
    fn what_was_saved_is_what_counts() {
        let mut of = editing();
        of.set_reasoning_model(true);
        let written = of.written();
        assert!(of.is_unsaved());
        of.set_saved(written, Some(4));
        assert!(!of.is_unsaved() && of.revision == Some(4));
        of.set_internal_model(false);
        assert!(of.is_unsaved());
    }
}
