//! The map: which column is what.
//!
//! A field of a call is a rule, or a list of rules of which the first that applies counts:
//!
//! ```toml
//! [[outcome]]
//! when = { result = "AGENT", server = { not = "NO_SERVER" } }
//! value = "resolved"
//! [[outcome]]
//! value = "other"
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use callscope_core::period::{Date, parse_date};
use serde::Deserialize;
use uuid::Uuid;

/// How a file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileFormat {
    /// Comma-separated, RFC 4180.
    Csv,
    /// Tab-separated, without quotes.
    Tsv,
    /// A JSON object a line.
    Ndjson,
}

impl FileFormat {
    /// The format that a file's name says; CSV where it says none.
    pub(super) fn of_name(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        match name.rsplit('.').next() {
            Some("tsv" | "tab") => Self::Tsv,
            Some("ndjson" | "jsonl") => Self::Ndjson,
            _ => Self::Csv,
        }
    }
}

/// One rule or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

/// Rules of which the first that applies counts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "OneOrMany<Rule>")]
pub(super) struct Rules(pub(super) Vec<Rule>);

impl From<OneOrMany<Rule>> for Rules {
    fn from(rules: OneOrMany<Rule>) -> Self {
        match rules {
            OneOrMany::One(rule) => Self(vec![rule]),
            OneOrMany::Many(rules) => Self(rules),
        }
    }
}

/// Where a value comes from, and when.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Rule {
    /// Columns with the values they must have for the rule to apply.
    pub(super) when: BTreeMap<String, Condition>,
    /// Applies only to calls that start before this local day.
    pub(super) before: Option<LocalDay>,
    /// The column that holds the value.
    pub(super) column: Option<String>,
    /// A text with `{column}` in the places of values.
    pub(super) template: Option<String>,
    /// The value itself.
    pub(super) value: Option<String>,
    /// What the values are called here; others stay as they are.
    pub(super) names: BTreeMap<String, String>,
    /// Values that mean "unknown". An empty one always does.
    pub(super) none: Vec<String>,
}

/// What a column must hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Condition {
    /// This value.
    Is(String),
    /// One of these.
    OneOf(Vec<String>),
    /// None of these.
    Not {
        /// The value or values.
        not: Values,
    },
}

/// A value or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Values {
    One(String),
    Many(Vec<String>),
}

impl Condition {
    pub(super) fn holds(&self, value: &str) -> bool {
        match self {
            Self::Is(wanted) => wanted == value,
            Self::OneOf(wanted) => wanted.iter().any(|wanted| wanted == value),
            Self::Not { not: Values::One(unwanted) } => unwanted != value,
            Self::Not { not: Values::Many(unwanted) } => unwanted.iter().all(|unwanted| unwanted != value),
        }
    }
}

/// A local day, written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct LocalDay(pub(super) Date);

impl TryFrom<String> for LocalDay {
    type Error = callscope_core::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        parse_date(&text).map(Self)
    }
}

/// When a call started.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Started {
    #[serde(default)]
    pub(super) column: Option<String>,
    #[serde(default)]
    pub(super) template: Option<String>,
    /// `rfc3339`, `unix`, `unix_ms`, or a strftime pattern of the local time.
    #[serde(default = "rfc3339")]
    pub(super) format: String,
}

fn rfc3339() -> String {
    "rfc3339".to_owned()
}

/// In what a duration is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) enum DurationUnit {
    /// Seconds.
    #[default]
    #[serde(rename = "s")]
    Seconds,
    /// Milliseconds.
    #[serde(rename = "ms")]
    Millis,
    /// Minutes.
    #[serde(rename = "min")]
    Minutes,
}

impl DurationUnit {
    /// Milliseconds in one.
    pub(super) fn millis(self) -> f64 {
        match self {
            Self::Seconds => 1000.0,
            Self::Millis => 1.0,
            Self::Minutes => 60_000.0,
        }
    }
}

/// Which column of a file is what. Read from TOML; `id`, `started`, `duration`, `status` and
/// `outcome` are needed, everything else is unknown where the map does not say it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// The organisation's name; it is made where it is not there.
    pub organisation: String,
    /// The IANA name of its time zone, by which local times are read.
    pub time_zone: String,
    /// The file's format; by its name where not said.
    #[serde(default)]
    pub format: Option<FileFormat>,
    #[serde(default)]
    pub(super) duration_unit: DurationUnit,
    pub(super) started: Started,
    pub(super) id: Rules,
    pub(super) duration: Rules,
    pub(super) status: Rules,
    pub(super) outcome: Rules,
    #[serde(default)]
    pub(super) agent: Rules,
    #[serde(default)]
    pub(super) agent_name: Rules,
    #[serde(default)]
    pub(super) version: Rules,
    #[serde(default)]
    pub(super) disconnection_reason: Rules,
    #[serde(default, rename = "type")]
    pub(super) call_type: Rules,
    #[serde(default)]
    pub(super) to: Rules,
    #[serde(default)]
    pub(super) from: Rules,
    #[serde(default)]
    pub(super) is_test: Rules,
    #[serde(default)]
    pub(super) cost: Rules,
    #[serde(default)]
    pub(super) response_time_ms: Rules,
    #[serde(default)]
    pub(super) sentiment: Rules,
    #[serde(default)]
    pub(super) corrections: Rules,
    #[serde(default)]
    pub(super) cached_tokens: Rules,
    #[serde(default)]
    pub(super) all_tokens: Rules,
    #[serde(default)]
    pub(super) transcript_confidence: Rules,
    #[serde(default)]
    pub(super) tool_calls: Rules,
    #[serde(default)]
    pub(super) tool_errors: Rules,
    #[serde(default)]
    pub(super) escalation_reason: Rules,
}

impl Map {
    /// Reads a map file.
    ///
    /// # Errors
    /// Names the key at fault.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read the map {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("the map {} is wrong", path.display()))
    }

    /// Reads a map.
    ///
    /// # Errors
    /// Names the key at fault.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let map: Self = toml::from_str(text)?;
        anyhow::ensure!(!map.organisation.trim().is_empty(), "organisation: must not be empty");
        crate::zone(&map.time_zone, 0, 0).context("time_zone")?;
        Ok(map)
    }
}

/// The id of an imported organisation: the same name always gives the same.
pub fn organisation_id(name: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("organisation {name}").as_bytes()).to_string()
}

/// The id of something inside an organisation: the same key always gives the same.
pub(super) fn inner_id(kind: &str, organisation_id: &str, key: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{kind} {organisation_id} {key}").as_bytes()).to_string()
}
