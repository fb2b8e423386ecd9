//! What changed, in one model, however it was told.

use serde::Serialize;
use serde_json::Value;

use super::path::{Path, Step};
use crate::format;

/// What changed in a configuration from the old side to the new one. Written out it has the
/// documents' shape.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ConfigDiff {
    /// The sections that changed, with their changes.
    #[serde(rename = "diffs")]
    pub sections: Vec<SectionDiff>,
    /// The names of the sections that did not.
    #[serde(rename = "unchangedSections")]
    pub unchanged: Vec<String>,
}

/// What changed in one section.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SectionDiff {
    /// The section's name.
    #[serde(rename = "section")]
    pub name: String,
    /// Its changes; none where a server says that it changed, but not how.
    pub changes: Vec<ConfigChange>,
}

/// One value that changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ConfigChange {
    /// Where it stands. Mostly begins with the section's name, but not with every server: see
    /// [`Path::within`]. In a list that grew or shrank, on the side that has the value.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub path: Path,
    /// What it was; `None` where it was absent, which is not the same as null.
    #[serde(rename = "oldValue", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(type = "unknown", optional))]
    pub old: Option<Value>,
    /// What it is; `None` where it is absent.
    #[serde(rename = "newValue", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(type = "unknown", optional))]
    pub new: Option<Value>,
}

/// How a value changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was absent.
    Added,
    /// It is absent now.
    Removed,
    /// It is another one.
    Changed,
}

impl ChangeKind {
    /// The kind in a word for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

impl ConfigChange {
    /// How the value changed. Where a server gives neither side, it says no more than that it did.
    pub fn kind(&self) -> ChangeKind {
        match (&self.old, &self.new) {
            (None, Some(_)) => ChangeKind::Added,
            (Some(_), None) => ChangeKind::Removed,
            _ => ChangeKind::Changed,
        }
    }

    /// Both sides, where both are texts: what [`text_changes`](super::text_changes) takes.
    pub fn texts(&self) -> Option<(&str, &str)> {
        Some((self.old.as_ref()?.as_str()?, self.new.as_ref()?.as_str()?))
    }

    /// Whether the change says something of the value at these steps: the change is there, within
    /// it, or of something that holds it.
    fn touches(&self, section: &str, steps: &[Step]) -> bool {
        let own = self.path.steps_within(section);
        own.starts_with(steps) || steps.starts_with(own)
    }

    fn touches_metrics(&self) -> bool {
        let on_the_way = self.path.steps().iter().any(|step| matches!(step, Step::Key(key) if is_of_metrics(key)));
        on_the_way || [&self.old, &self.new].into_iter().flatten().any(holds_metrics)
    }
}

impl ConfigDiff {
    /// How much changed, in a few words.
    pub fn summary(&self) -> String {
        let of = |count: usize, noun: &str| {
            format!("{} {noun}{}", format::count(count as u64), if count == 1 { "" } else { "s" })
        };
        // Of some sections a server says that they changed, and not how.
        let unsaid = self.sections.iter().filter(|section| section.changes.is_empty()).count();
        match (self.change_count(), self.sections.len() - unsaid, unsaid) {
            (0, _, 0) => "nothing changed".to_owned(),
            (changes, sections, 0) => format!("{} in {}", of(changes, "change"), of(sections, "section")),
            (0, _, unsaid) => format!("{} changed, the server does not say how", of(unsaid, "section")),
            (changes, sections, unsaid) => format!(
                "{} in {}; {} more changed, the server does not say how",
                of(changes, "change"),
                of(sections, "section"),
                of(unsaid, "section")
            ),
        }
    }

    /// How many values changed.
    pub fn change_count(&self) -> usize {
        self.sections.iter().map(|section| section.changes.len()).sum()
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// Whether something changed at a path, within it, or around it. The path begins with the
    /// name of its section, and may be no more than that.
    pub fn touches(&self, path: &Path) -> bool {
        let Some((Step::Key(name), steps)) = path.steps().split_first() else { return !self.is_empty() };
        let mut sections = self.sections.iter().filter(|section| section.name == *name);
        // A section of which a server only says that it changed may have changed anywhere.
        sections.any(|of| of.changes.is_empty() || of.changes.iter().any(|change| change.touches(name, steps)))
    }

    /// Whether what is asked after a call changed: then the answers of the two sides must not be
    /// compared.
    pub fn touches_metrics(&self) -> bool {
        let of_metrics = |section: &SectionDiff| {
            is_of_metrics(&section.name) || section.changes.iter().any(ConfigChange::touches_metrics)
        };
        self.sections.iter().any(of_metrics)
    }

    /// The same seen from the new side.
    #[must_use]
    pub fn swapped(mut self) -> Self {
        for change in self.sections.iter_mut().flat_map(|section| &mut section.changes) {
            std::mem::swap(&mut change.old, &mut change.new);
        }
        self
    }
}

/// Whether a part of the configuration holds post-call metrics: the block of that name in versions,
/// the object in drafts, and its lists.
fn is_of_metrics(name: &str) -> bool {
    matches!(name, "analytics" | "postCallAnalyticsConfig" | "dispositionMetrics" | "successMetrics")
}

/// Whether a value that came or went as a whole has post-call metrics in it.
fn holds_metrics(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, value)| is_of_metrics(name) || holds_metrics(value)),
        Value::Array(items) => items.iter().any(holds_metrics),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::compute;
    use super::*;

    #[test]
    fn absent_and_null_are_two_things() {
        #[track_caller]
        fn check(old: Option<Value>, new: Option<Value>, kind: ChangeKind) {
            assert_eq!(ConfigChange { old, new, ..ConfigChange::default() }.kind(), kind);
        }
        check(None, Some(json!(1)), ChangeKind::Added);
        check(None, Some(Value::Null), ChangeKind::Added);
        check(Some(Value::Null), Some(json!(1)), ChangeKind::Changed);
        check(Some(json!(1)), Some(Value::Null), ChangeKind::Changed);
        check(Some(Value::Null), None, ChangeKind::Removed);
        check(None, None, ChangeKind::Changed);
    }

    #[test]
    fn a_path_is_touched_from_within_and_from_around() {
        let diff = compute(
            &json!({"dialog": {"nodes": [{"type": "a"}], "x": 1}, "voice": {"id": "v"}}),
            &json!({"dialog": {"nodes": [{"type": "b"}], "x": 1}, "voice": {"id": "v"}}),
        );
        for (path, is_touched) in [
            ("dialog", true),
            ("dialog.nodes", true),
            ("dialog.nodes[0].type", true),
            ("dialog.nodes[0].type.deeper", true),
            ("dialog.nodes[1]", false),
            ("dialog.x", false),
            ("voice", false),
            ("", true),
        ] {
            assert_eq!(diff.touches(&Path::parse(path)), is_touched, "{path}");
        }
        assert!(!ConfigDiff::default().touches(&Path::default()));
    }

    #[test]
    fn changed_metrics_are_noticed_wherever_they_stand() {
        #[track_caller]
        fn check(old: &Value, new: &Value, touches: bool) {
            assert_eq!(compute(old, new).touches_metrics(), touches, "{old} {new}");
        }
        let metric =
            |prompt: &str| json!({"dispositionMetrics": [{"identifier": "a", "dispositionMetricPrompt": prompt}]});
        check(&json!({"analytics": {"x": 1}}), &json!({"analytics": {"x": 2}}), true);
        check(&json!({"agent": metric("A?")}), &json!({"agent": metric("B?")}), true);
        check(&json!({"agent": metric("A?"), "x": 1}), &json!({"agent": metric("A?"), "x": 2}), false);
        check(&json!({"config": {}}), &json!({"config": {"postCallAnalyticsConfig": metric("A?")}}), true);
        check(&json!({"config": [[metric("A?")]]}), &json!({"config": []}), true);
        check(&json!({"llm": {"prompt": "analytics"}}), &json!({"llm": {"prompt": "more"}}), false);
    }
}
