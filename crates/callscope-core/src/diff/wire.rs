//! What changed in a configuration, in the two shapes in which servers tell it.

use serde_json::Value;

use crate::wire::{Field, List, Open, Text, objects};

objects! {
    /// The answer of `GET /agent/{id}/versions/diff`.
    DiffAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// What changed from version A to version B.
        data "data": Field<VersionDiff> = VersionDiff,
    }
    /// What changed between two versions, section by section.
    VersionDiff {
        /// The sections that did not change.
        unchanged_sections "unchangedSections": List<String> = Vec<String>,
        /// The sections that did.
        diffs "diffs": List<SectionChanges> = Vec<SectionChanges>,
    }
    /// What changed in one section.
    SectionChanges {
        /// The section's name.
        section "section": Text = String,
        /// The values that changed.
        changes "changes": List<ValueChange> = Vec<ValueChange>,
    }
    /// One value that changed.
    ValueChange {
        /// Where it stands, such as `dialog.nodes[3].type`.
        path "path": Text = String,
        /// What it was; absent where it was absent.
        #[serde(skip_serializing_if = "Field::is_missing")]
        old_value "oldValue": Field<Value> = Option<Value>,
        /// What it is; absent where it is absent.
        #[serde(skip_serializing_if = "Field::is_missing")]
        new_value "newValue": Field<Value> = Option<Value>,
    }
    /// What changed from a version to a draft: the sections as they were and as they are.
    DraftDiff {
        /// The sections by name.
        sections "sections": Field<Open<SectionStates>> = std::collections::BTreeMap<String, SectionStates>,
        /// Whether anything changed.
        has_changes "hasChanges": Field<bool> = bool,
    }
    /// One section on both sides.
    SectionStates {
        /// As it was; absent where it was absent.
        #[serde(skip_serializing_if = "Field::is_missing")]
        before "before": Field<Value> = Option<Value>,
        /// As it is; absent where it is absent.
        #[serde(skip_serializing_if = "Field::is_missing")]
        after "after": Field<Value> = Option<Value>,
        /// Whether it changed.
        changed "changed": Field<bool> = bool,
    }
}
