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
use std::fmt;
use std::path::Path;

use anyhow::Context as _;
use callscope_core::period::{Date, parse_date};
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
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

/// Rules of which the first that applies counts; one rule or a list of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules(pub(super) Vec<Rule>);

/// By hand, so that the error of a wrong rule names what is wrong in it.
impl<'de> Deserialize<'de> for Rules {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Rules;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a rule or a list of rules")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Rules, A::Error> {
                Rule::deserialize(MapAccessDeserializer::new(map)).map(|rule| Rules(vec![rule]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Rules, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Rules)
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
}

impl Rules {
    /// Whether every rule says where its value comes from, and says it once.
    fn check(&self, name: &str) -> anyhow::Result<()> {
        anyhow::ensure!(!self.0.is_empty(), "{name}: has no rule");
        for rule in &self.0 {
            let sources = [rule.column.is_some(), rule.template.is_some(), rule.value.is_some()];
            let count = sources.into_iter().filter(|is_given| *is_given).count();
            anyhow::ensure!(count == 1, "{name}: a rule must have one of column, template and value, not {count}");
            check_template(name, rule.template.as_deref())?;
        }
        Ok(())
    }
}

/// Whether every brace of a template has its other.
fn check_template(name: &str, template: Option<&str>) -> anyhow::Result<()> {
    let mut is_open = false;
    for c in template.unwrap_or_default().chars().filter(|c| matches!(c, '{' | '}')) {
        anyhow::ensure!((c == '{') != is_open, "{name}: the braces of the template do not match");
        is_open = !is_open;
    }
    anyhow::ensure!(!is_open, "{name}: the template lacks a closing brace");
    Ok(())
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
    pub(super) agent: Option<Rules>,
    #[serde(default)]
    pub(super) agent_name: Option<Rules>,
    #[serde(default)]
    pub(super) version: Option<Rules>,
    #[serde(default)]
    pub(super) disconnection_reason: Option<Rules>,
    #[serde(default, rename = "type")]
    pub(super) call_type: Option<Rules>,
    #[serde(default)]
    pub(super) to: Option<Rules>,
    #[serde(default)]
    pub(super) from: Option<Rules>,
    #[serde(default)]
    pub(super) is_test: Option<Rules>,
    #[serde(default)]
    pub(super) cost: Option<Rules>,
    #[serde(default)]
    pub(super) response_time_ms: Option<Rules>,
    #[serde(default)]
    pub(super) sentiment: Option<Rules>,
    #[serde(default)]
    pub(super) corrections: Option<Rules>,
    #[serde(default)]
    pub(super) cached_tokens: Option<Rules>,
    #[serde(default)]
    pub(super) all_tokens: Option<Rules>,
    #[serde(default)]
    pub(super) transcript_confidence: Option<Rules>,
    #[serde(default)]
    pub(super) tool_calls: Option<Rules>,
    #[serde(default)]
    pub(super) tool_errors: Option<Rules>,
    #[serde(default)]
    pub(super) escalation_reason: Option<Rules>,
    #[serde(default)]
    pub(super) campaign: Option<Rules>,
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
        let map: Self = serde_path_to_error::deserialize(toml::Deserializer::parse(text)?)
            .map_err(|error| anyhow::anyhow!("{}: {}", error.path(), error.inner()))?;
        anyhow::ensure!(!map.organisation.trim().is_empty(), "organisation: must not be empty");
        crate::zone(&map.time_zone, 0, 0).context("time_zone")?;
        map.check()?;
        Ok(map)
    }

    fn check(&self) -> anyhow::Result<()> {
        let started = [self.started.column.is_some(), self.started.template.is_some()];
        let count = started.into_iter().filter(|is_given| *is_given).count();
        anyhow::ensure!(count == 1, "started: must have one of column and template, not {count}");
        check_template("started", self.started.template.as_deref())?;
        for (name, rules) in self.needed() {
            rules.check(name)?;
        }
        for (name, rules) in self.optional() {
            if let Some(rules) = rules {
                rules.check(name)?;
            }
        }
        Ok(())
    }

    fn needed(&self) -> [(&'static str, &Rules); 4] {
        [("id", &self.id), ("duration", &self.duration), ("status", &self.status), ("outcome", &self.outcome)]
    }

    fn optional(&self) -> [(&'static str, Option<&Rules>); 18] {
        [
            ("agent", self.agent.as_ref()),
            ("agent_name", self.agent_name.as_ref()),
            ("version", self.version.as_ref()),
            ("disconnection_reason", self.disconnection_reason.as_ref()),
            ("type", self.call_type.as_ref()),
            ("to", self.to.as_ref()),
            ("from", self.from.as_ref()),
            ("is_test", self.is_test.as_ref()),
            ("cost", self.cost.as_ref()),
            ("response_time_ms", self.response_time_ms.as_ref()),
            ("sentiment", self.sentiment.as_ref()),
            ("corrections", self.corrections.as_ref()),
            ("cached_tokens", self.cached_tokens.as_ref()),
            ("all_tokens", self.all_tokens.as_ref()),
            ("transcript_confidence", self.transcript_confidence.as_ref()),
            ("tool_calls", self.tool_calls.as_ref()),
            ("tool_errors", self.tool_errors.as_ref()),
            ("escalation_reason", self.escalation_reason.as_ref()),
        ]
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
