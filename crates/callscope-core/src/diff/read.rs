//! Bytes → wire → model, collecting findings on the way; and the model → wire.

use serde_json::Value;

use super::model::{ConfigChange, ConfigDiff, SectionDiff};
use super::path::{Path, Step};
use super::wire::{DraftDiff, SectionChanges, SectionStates, ValueChange, VersionDiff};
use crate::error::{Error, ErrorKind};
use crate::format::UNKNOWN;
use crate::wire::{Field, Object, Open, Reader, Text, shortened};
use crate::{Finding, FindingCode};

/// Reads the answer of `GET /agent/{id}/versions/diff`: what changed between two versions.
///
/// Wrong parts are left out and said as findings; the rest is kept.
///
/// # Errors
/// Where the bytes are no JSON, end too early, or are not such an answer at all.
pub fn parse(bytes: &[u8]) -> Result<(ConfigDiff, Vec<Finding>), Error> {
    parse_as(bytes, read)
}

/// Reads the answer of `GET /agent/{id}/drafts/{draftId}/diff`: what changed from a version to a
/// draft. It holds the sections as they were and as they are; the changes are computed here.
///
/// # Errors
/// Where the bytes are no JSON, end too early, or are not such an answer at all.
pub fn parse_draft(bytes: &[u8]) -> Result<(ConfigDiff, Vec<Finding>), Error> {
    parse_as(bytes, read_draft)
}

fn parse_as<T: Object + PartialEq>(
    bytes: &[u8],
    read: fn(&mut Reader, Field<T>) -> Option<ConfigDiff>,
) -> Result<(ConfigDiff, Vec<Finding>), Error> {
    let (data, unknown_fields) = decode::<T>(bytes)?;
    let mut reader = Reader::default();
    let diff = match data {
        Field::Value(data) if data == T::default() => None,
        data => read(&mut reader, data),
    };
    let diff = diff.ok_or_else(|| Error::new(ErrorKind::Shape, "the answer holds no configuration diff"))?;
    reader.findings.extend(Finding::unknown_fields(unknown_fields));
    Ok((diff, reader.findings))
}

/// Decodes the answer, with its envelope or without, and counts the fields it could not place.
fn decode<T: Object>(bytes: &[u8]) -> Result<(Field<T>, usize), Error> {
    let mut value: Value = serde_json::from_slice(bytes)?;
    let mut unknown = 0;
    // Some gateways strip the envelope.
    if let Some(data) = value.get_mut("data").map(Value::take) {
        let members = value.as_object().into_iter().flat_map(|members| members.keys());
        unknown = members.filter(|name| !matches!(name.as_str(), "data" | "status")).count();
        value = data;
    }
    let data = Field::take(value, &mut unknown);
    Ok((data, unknown))
}

/// The changes between two versions, taken out of whatever answer holds them; none where there
/// are none to read.
pub(crate) fn read(reader: &mut Reader, field: Field<VersionDiff>) -> Option<ConfigDiff> {
    let answer = reader.take(field, "configDiff")?;
    for (name, is_missing) in
        [("diffs", is_unknown(&answer.diffs)), ("unchangedSections", is_unknown(&answer.unchanged_sections))]
    {
        if is_missing {
            note_missing(reader, format!("The configuration diff lacks '{name}'."));
        }
    }
    let mut diff = ConfigDiff::default();
    for section in reader.list(answer.diffs, "diffs") {
        let section = section_changes(reader, section);
        match diff.sections.iter_mut().find(|other| other.name == section.name) {
            Some(other) => other.changes.extend(section.changes),
            None => diff.sections.push(section),
        }
    }
    let unchanged = reader.list(answer.unchanged_sections, "unchangedSections");
    // A section that is listed as unchanged although it has changes has changes.
    let is_changed = |name: &String| diff.sections.iter().any(|section| section.name == *name);
    diff.unchanged = unchanged.into_iter().filter(|name| !is_changed(name)).collect();
    Some(diff)
}

/// The changes from a version to a draft; none where there are none to read.
fn read_draft(reader: &mut Reader, field: Field<DraftDiff>) -> Option<ConfigDiff> {
    let answer = reader.take(field, "data")?;
    let Open(sections) = reader.take(answer.sections, "sections").unwrap_or_default();
    let mut diff = ConfigDiff::default();
    for (name, states) in sections {
        if let Some(states) = reader.needed(states, "sections", "An entry") {
            section_states(reader, &mut diff, name, states);
        }
    }
    let has_changes = reader.take(answer.has_changes, "hasChanges");
    if has_changes == Some(true) && diff.is_empty() {
        note_missing(reader, "The answer says that something changed, but not what.".to_owned());
    }
    Some(diff)
}

fn section_changes(reader: &mut Reader, section: SectionChanges) -> SectionDiff {
    let is_silent = is_unknown(&section.changes);
    let changes = reader.list(section.changes, "diffs.changes");
    let changes: Vec<_> = changes.into_iter().map(|change| value_change(reader, change)).collect();
    let name = reader.needed(section.section, "diffs", "The section's name");
    let name = name.or_else(|| changes.iter().find_map(first_key)).unwrap_or_else(|| UNKNOWN.to_owned());
    if is_silent {
        note_silent(reader, &name);
    }
    SectionDiff { name, changes }
}

/// What a section that has no name is called: its paths mostly begin with it.
fn first_key(change: &ConfigChange) -> Option<String> {
    match change.path.steps().first()? {
        Step::Key(name) => Some(name.clone()),
        Step::Index(_) => None,
    }
}

fn value_change(reader: &mut Reader, change: ValueChange) -> ConfigChange {
    let path = reader.needed(change.path, "diffs.changes", "A path").unwrap_or_default();
    ConfigChange { path: Path::parse(&path), old: present(change.old_value), new: present(change.new_value) }
}

fn section_states(reader: &mut Reader, diff: &mut ConfigDiff, name: String, states: SectionStates) {
    let says_changed = reader.take(states.changed, &format!("sections.{}.changed", shortened(&name)));
    let known = diff.sections.len();
    let (old, new) = (present(states.before), present(states.after));
    diff.add_section(&name, old.as_ref(), new.as_ref());
    if says_changed == Some(true) && diff.sections.len() == known {
        note_silent(reader, &name);
        diff.unchanged.pop();
        diff.sections.push(SectionDiff { name, changes: Vec::new() });
    }
}

/// A value that may be any, null as well.
fn present(field: Field<Value>) -> Option<Value> {
    match field {
        Field::Value(value) => Some(value),
        Field::Null => Some(Value::Null),
        Field::Missing | Field::Wrong(_) => None,
    }
}

fn is_unknown<T>(field: &Field<T>) -> bool {
    matches!(field, Field::Missing | Field::Null)
}

fn note_silent(reader: &mut Reader, section: &str) {
    note_missing(reader, format!("The answer says that '{}' changed, but not how.", shortened(section)));
}

fn note_missing(reader: &mut Reader, sentence: String) {
    reader.findings.push(Finding::note(FindingCode::MissingPart, sentence));
}

/// The changes as the documents write them.
pub fn to_wire(diff: &ConfigDiff) -> VersionDiff {
    let change = |change: &ConfigChange| ValueChange {
        path: Text::Value(change.path.to_string()),
        old_value: value(change.old.as_ref()),
        new_value: value(change.new.as_ref()),
    };
    let section = |section: &SectionDiff| SectionChanges {
        section: section.name.as_str().into(),
        changes: section.changes.iter().map(change).collect::<Vec<_>>().into(),
    };
    VersionDiff {
        unchanged_sections: diff.unchanged.clone().into(),
        diffs: diff.sections.iter().map(section).collect::<Vec<_>>().into(),
    }
}

fn value(value: Option<&Value>) -> Field<Value> {
    match value {
        None => Field::Missing,
        Some(Value::Null) => Field::Null,
        Some(value) => Field::Value(value.clone()),
    }
}
