//! The configuration of post-call metrics, edited in place: whatever else stands in it, known to
//! Callscope or not, comes back exactly as it was.

use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};

pub(super) const METRICS: &str = "dispositionMetrics";
pub(super) const IDENTIFIER: &str = "identifier";
const PROMPT: &str = "dispositionMetricPrompt";
const TYPE: &str = "dispositionMetricType";
/// Where older configurations hold the type.
const OLDER_TYPE: &str = "dispositionValues";
const CHOICES: &str = "choices";
const INTERNAL_MODEL: &str = "useInternalAnalyticsModel";
const REASONING_MODEL: &str = "useReasoningModel";

/// What kind of value a metric has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetricType {
    /// Any text.
    Text,
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// One of its choices.
    Enum,
    /// A date and time.
    Datetime,
    /// A type that the documents do not name.
    Other(String),
}

impl MetricType {
    /// Those that the documents name, in their order.
    pub const KNOWN: [Self; 5] = [Self::Text, Self::Boolean, Self::Integer, Self::Enum, Self::Datetime];

    /// The name on the wire.
    pub fn key(&self) -> &str {
        match self {
            Self::Text => "STRING",
            Self::Boolean => "BOOLEAN",
            Self::Integer => "INTEGER",
            Self::Enum => "ENUM",
            Self::Datetime => "DATETIME",
            Self::Other(name) => name,
        }
    }

    /// The type of a name.
    pub fn from_key(key: &str) -> Self {
        Self::KNOWN.into_iter().find(|kind| kind.key() == key).unwrap_or_else(|| Self::Other(key.to_owned()))
    }
}

/// One metric: a question about a call, and what its answer may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric(Map<String, Value>);

impl Metric {
    /// A metric with an identifier, a type and a prompt.
    pub fn new(identifier: &str, kind: &MetricType, prompt: &str) -> Self {
        let mut metric = Self(Map::new());
        metric.set_identifier(identifier);
        metric.set_prompt(prompt);
        metric.set_kind(kind);
        metric
    }

    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn set(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    /// The name under which its answers are found; empty where it has none.
    pub fn identifier(&self) -> &str {
        self.text(IDENTIFIER)
    }

    /// The question; empty where it has none.
    pub fn prompt(&self) -> &str {
        self.text(PROMPT)
    }

    /// What kind of value it has; none where it does not say.
    pub fn kind(&self) -> Option<MetricType> {
        let older = || self.0.get(OLDER_TYPE)?.get("type")?.as_str();
        self.0.get(TYPE).and_then(Value::as_str).or_else(older).map(MetricType::from_key)
    }

    /// The values that an answer may have; empty for any but enums. What is no text is written as JSON.
    pub fn choices(&self) -> Vec<String> {
        let list = self.0.get(CHOICES).and_then(Value::as_array);
        let text = |choice: &Value| choice.as_str().map_or_else(|| choice.to_string(), str::to_owned);
        list.into_iter().flatten().map(text).collect()
    }

    /// Gives it another name.
    pub fn set_identifier(&mut self, identifier: &str) {
        self.set(IDENTIFIER, identifier.into());
    }

    /// Gives it another question.
    pub fn set_prompt(&mut self, prompt: &str) {
        self.set(PROMPT, prompt.into());
    }

    /// Gives it another type. Only an enum has choices.
    pub fn set_kind(&mut self, kind: &MetricType) {
        self.set(TYPE, kind.key().into());
        // One place for the type, where two could contradict each other; what else stands there stays.
        if let Some(older) = self.0.get_mut(OLDER_TYPE).and_then(Value::as_object_mut) {
            older.remove("type");
        }
        if *kind != MetricType::Enum {
            self.0.remove(CHOICES);
        }
    }

    /// Gives it other choices.
    pub fn set_choices(&mut self, choices: &[&str]) {
        self.set(CHOICES, choices.iter().map(|choice| Value::from(*choice)).collect::<Vec<_>>().into());
    }
}

/// The configuration of an agent's post-call metrics.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PostCallConfig(Map<String, Value>);

impl PostCallConfig {
    /// Takes a configuration as it stands in an agent or a draft; nothing at all is an empty one.
    ///
    /// # Errors
    /// Where it is no object, its metrics are no list, or one of them is no object: then it cannot be
    /// edited without losing something.
    pub fn read(value: &Value) -> Result<Self, Error> {
        let wrong = |what: &str| Error::new(ErrorKind::Shape, format!("the post-call configuration {what}"));
        let config = match value {
            Value::Null => Map::new(),
            Value::Object(members) => members.clone(),
            _ => return Err(wrong("is no object")),
        };
        match config.get(METRICS) {
            None | Some(Value::Null) => {}
            Some(Value::Array(metrics)) if metrics.iter().all(Value::is_object) => {}
            Some(Value::Array(_)) => return Err(wrong("holds a metric that is no object")),
            Some(_) => return Err(wrong("holds metrics that are no list")),
        }
        Ok(Self(config))
    }

    /// The configuration as it goes out.
    pub fn written(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// The metrics, in order.
    pub fn metrics(&self) -> Vec<Metric> {
        let list = self.0.get(METRICS).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(|metric| Some(Metric(metric.as_object()?.clone()))).collect()
    }

    /// Puts other metrics in their place.
    pub fn set_metrics(&mut self, metrics: Vec<Metric>) {
        let metrics: Vec<Value> = metrics.into_iter().map(|metric| Value::Object(metric.0)).collect();
        self.0.insert(METRICS.to_owned(), metrics.into());
    }

    /// Whether the vendor's own model answers, rather than the agent's; so where it does not say.
    pub fn uses_internal_model(&self) -> bool {
        self.0.get(INTERNAL_MODEL).and_then(Value::as_bool).unwrap_or(true)
    }

    /// Whether a reasoning model answers: better, slower, dearer; not so where it does not say.
    pub fn uses_reasoning_model(&self) -> bool {
        self.0.get(REASONING_MODEL).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Says whether the vendor's own model answers.
    pub fn set_internal_model(&mut self, is_used: bool) {
        self.0.insert(INTERNAL_MODEL.to_owned(), is_used.into());
    }

    /// Says whether a reasoning model answers.
    pub fn set_reasoning_model(&mut self, is_used: bool) {
        self.0.insert(REASONING_MODEL.to_owned(), is_used.into());
    }
}

/// Whether two configurations are the same to the byte, as they go over the wire: members in the order of
/// their names, which carries no meaning in JSON.
pub fn is_same(a: &Value, b: &Value) -> bool {
    let bytes = |value: &Value| value.to_string();
    bytes(a) == bytes(b)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_edited_comes_back_as_it_was() {
        let before = json!({
            "dispositionMetrics": [
                {"identifier": "a", "dispositionMetricPrompt": "p", "dispositionMetricType": "ENUM",
                 "choices": ["x", "y"], "weight": 3},
                {"identifier": "b", "dispositionValues": {"type": "INTEGER", "unit": "s"}},
            ],
            "successMetrics": [{"identifier": "s", "successMetricType": "PASS_FAIL"}],
            "summaryPrompt": "old", "useReasoningModel": true, "somethingNew": {"deep": [1, null]}
        });
        let mut config = PostCallConfig::read(&before).unwrap();
        assert_eq!(config.written(), before);
        let mut metrics = config.metrics();
        assert_eq!(
            (metrics[0].choices(), metrics[1].kind()),
            (vec!["x".to_owned(), "y".to_owned()], Some(MetricType::Integer))
        );
        metrics.swap(0, 1);
        metrics[1].set_prompt("another");
        config.set_metrics(metrics);
        let mut expected = before.clone();
        expected["dispositionMetrics"] = json!([
            {"identifier": "b", "dispositionValues": {"type": "INTEGER", "unit": "s"}},
            {"identifier": "a", "dispositionMetricPrompt": "another", "dispositionMetricType": "ENUM",
             "choices": ["x", "y"], "weight": 3},
        ]);
        assert_eq!(config.written(), expected);
        assert!(config.uses_internal_model() && config.uses_reasoning_model());
    }

    #[test]
    fn another_type_takes_what_belonged_to_the_old_one_along() {
        let mut metric = Metric::new("a", &MetricType::Enum, "p");
        metric.set_choices(&["x"]);
        metric.set_kind(&MetricType::Boolean);
        assert_eq!((metric.kind(), metric.choices().len()), (Some(MetricType::Boolean), 0));
        assert_eq!(MetricType::from_key("FLOAT").key(), "FLOAT");
        // What is no text is read as JSON; what stood beside the older place of the type stays.
        let older = json!([{"choices": [1, "x"], "dispositionValues": {"type": "ENUM", "unit": "s"}}]);
        let mut metric = PostCallConfig::read(&json!({ "dispositionMetrics": older })).unwrap().metrics().remove(0);
        assert_eq!((metric.choices(), metric.kind()), (vec!["1".to_owned(), "x".to_owned()], Some(MetricType::Enum)));
        metric.set_kind(&MetricType::Integer);
        let mut config = PostCallConfig::default();
        config.set_metrics(vec![metric]);
        let expected = json!([{"dispositionMetricType": "INTEGER", "dispositionValues": {"unit": "s"}}]);
        assert_eq!(config.written(), json!({ "dispositionMetrics": expected }));
    }

    #[test]
    fn what_could_not_be_edited_without_a_loss_is_refused() {
        for wrong in [json!(7), json!([]), json!({"dispositionMetrics": {}}), json!({"dispositionMetrics": [1]})] {
            assert!(PostCallConfig::read(&wrong).is_err(), "{wrong}");
        }
        assert_eq!(PostCallConfig::read(&Value::Null).unwrap().metrics(), []);
    }
}
