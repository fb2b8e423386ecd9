//! What calls answered to the post-call metrics: shares, means, over time, per version.

use std::collections::{BTreeMap, BTreeSet};

use super::config::{Metric, MetricType};
use crate::calls::{CallRecord, MetricAnswer};
use crate::period::{Date, Zone};
use crate::stats::{Interval, Moments, Proportion, mean_interval, wilson};

/// Different answers that are told apart; of a metric with more, the further ones are counted together.
const MOST_VALUES: usize = 50;
/// A longer answer is a text of its own, none of several.
const LONGEST_VALUE: usize = 60;
/// So many different answers are still read as choices where the configuration does not say what they are.
const MOST_CHOICES: usize = 12;

/// How the answers to a metric are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Each is one of a few: their shares are of interest.
    Shares,
    /// Each is a whole number: their mean is.
    Number,
    /// Each stands for itself.
    Texts,
}

/// How the answers to a metric are told apart.
#[derive(Clone, Debug, Default, PartialEq)]
struct Reading {
    is_boolean: bool,
    /// Answers that are told apart however many and however long they are.
    choices: BTreeSet<String>,
}

impl Reading {
    fn of(metric: &Metric) -> Self {
        let is_boolean = metric.kind() == Some(MetricType::Boolean);
        Self { is_boolean, choices: metric.choices().into_iter().collect() }
    }

    /// A server may write a boolean in its own way.
    fn plain<'v>(&self, value: &'v str) -> &'v str {
        match value {
            "True" | "TRUE" if self.is_boolean => "true",
            "False" | "FALSE" if self.is_boolean => "false",
            other => other,
        }
    }
}

/// Answers to one metric.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answered {
    /// Calls with an answer.
    pub calls: u64,
    /// The first and the last day of those calls; none without any.
    pub days: Option<(Date, Date)>,
    /// Calls by their answer, where it is one of a few.
    values: BTreeMap<Box<str>, u64>,
    /// Calls whose answer is none of those.
    others: u64,
    /// The answers that are whole numbers.
    numbers: Moments,
}

impl Answered {
    fn add(&mut self, value: &str, date: Date, reading: &Reading) {
        self.calls = self.calls.saturating_add(1);
        let (first, last) = self.days.unwrap_or((date, date));
        self.days = Some((first.min(date), last.max(date)));
        if let Ok(number) = value.parse::<i64>() {
            self.numbers.push(number as f64);
        }
        let plain = reading.plain(value);
        let is_told = || {
            let is_short = plain.chars().count() <= LONGEST_VALUE;
            reading.choices.contains(plain) || (self.values.len() < MOST_VALUES && is_short)
        };
        let is_told = is_told();
        if let Some(count) = self.values.get_mut(plain) {
            *count = count.saturating_add(1);
        } else if is_told {
            self.values.insert(plain.into(), 1);
        } else {
            self.others = self.others.saturating_add(1);
        }
    }

    /// How many of the calls with an answer gave this one.
    pub fn share(&self, value: &str) -> Proportion {
        Proportion { successes: self.values.get(value).copied().unwrap_or(0), trials: self.calls }
    }

    /// The 95 % interval of that share, 0–1, by Wilson's method; unknown without an answer.
    pub fn share_interval(&self, value: &str) -> Option<Interval> {
        wilson(self.share(value))
    }

    /// The answers, the most frequent first, with their calls.
    pub fn by_frequency(&self) -> Vec<(&str, u64)> {
        let mut values: Vec<(&str, u64)> = self.values.iter().map(|(value, count)| (&**value, *count)).collect();
        values.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        values
    }

    /// The answers in the order in which they are read, with their calls. Those that could have been given and
    /// were not are there with no call: the choices of an ENUM, both values of a BOOLEAN.
    pub fn in_order(&self, declared: Option<&Metric>) -> Vec<(String, u64)> {
        let mut values: Vec<(String, u64)> =
            self.by_frequency().into_iter().map(|(value, calls)| (value.to_owned(), calls)).collect();
        let numbers: Option<Vec<i64>> = values.iter().map(|(value, _)| value.parse().ok()).collect();
        if numbers.is_some() && values.len() <= MOST_CHOICES {
            values.sort_by_key(|(value, _)| value.parse::<i64>().unwrap_or(i64::MAX));
        }
        let Some(metric) = declared else { return values };
        match metric.kind() {
            Some(MetricType::Boolean) => {
                let both = ["true", "false"].map(|value| (value.to_owned(), self.share(value).successes));
                values.retain(|(value, _)| !matches!(&**value, "true" | "false"));
                both.into_iter().chain(values).collect()
            }
            Some(MetricType::Enum) => {
                for choice in metric.choices() {
                    if !values.iter().any(|(value, _)| *value == choice) {
                        values.push((choice, 0));
                    }
                }
                values
            }
            _ => values,
        }
    }

    /// Calls whose answer was not told apart from others.
    pub fn others(&self) -> u64 {
        self.others
    }

    /// The mean of the whole numbers; unknown without one.
    pub fn mean(&self) -> Option<f64> {
        self.numbers.mean()
    }

    /// The 95 % interval of that mean; unknown for fewer than two.
    pub fn mean_interval(&self) -> Option<Interval> {
        mean_interval(&self.numbers)
    }

    /// Calls whose answer is a whole number.
    pub fn whole_numbers(&self) -> u64 {
        self.numbers.count()
    }
}

/// What one metric was answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricResult {
    /// By all calls.
    pub all: Answered,
    /// By the calls of each local day.
    pub days: BTreeMap<Date, Answered>,
    /// By the calls of each version, by its id; those without one under none.
    pub versions: BTreeMap<Option<String>, Answered>,
    /// Calls that were asked and have no answer.
    pub empty: u64,
    confidence: Moments,
}

impl MetricResult {
    /// How sure the model was on average, 0–1; unknown where it never says.
    pub fn confidence(&self) -> Option<f64> {
        self.confidence.mean()
    }

    /// How the answers are read: as the configuration says, else by what they are.
    pub fn spread(&self, declared: Option<&MetricType>) -> Spread {
        let all = &self.all;
        match declared {
            Some(MetricType::Integer) => Spread::Number,
            Some(MetricType::Boolean | MetricType::Enum) => Spread::Shares,
            Some(MetricType::Datetime) => Spread::Texts,
            _ if all.calls > 0 && all.whole_numbers() == all.calls => Spread::Number,
            // Each answer but a few comes several times: that is no free text.
            _ if all.others == 0 && all.values.len() <= MOST_CHOICES && all.values.len() as u64 * 2 <= all.calls => {
                Spread::Shares
            }
            _ => Spread::Texts,
        }
    }
}

/// What calls answered, metric by metric.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricResults {
    /// Calls that were taken in.
    pub calls: u64,
    /// Those of them with any answer.
    pub answered: u64,
    /// How the answers to metrics are read that the live version asks.
    readings: BTreeMap<String, Reading>,
    metrics: BTreeMap<String, MetricResult>,
    /// The numbers of versions by their ids, where calls say them.
    numbers: BTreeMap<String, u64>,
}

impl MetricResults {
    /// No calls yet. The metrics as they are asked now say how answers are read.
    pub fn of(asked: &[Metric]) -> Self {
        let readings = asked.iter().map(|metric| (metric.identifier().to_owned(), Reading::of(metric))).collect();
        Self { readings, ..Self::default() }
    }

    /// Takes a call in, by the clock of a zone. Of several answers to one metric the first counts.
    pub fn add(&mut self, call: &CallRecord, zone: &Zone) {
        self.calls = self.calls.saturating_add(1);
        self.answered = self.answered.saturating_add(u64::from(!call.answers.is_empty()));
        if let (Some(id), Some(number)) = (&call.version_id, call.version_number) {
            self.numbers.entry(id.clone()).or_insert(number);
        }
        let date = zone.local(call.started_ms).date;
        for (at, answer) in call.answers.iter().enumerate() {
            let is_again = call.answers.iter().take(at).any(|before| before.identifier == answer.identifier);
            if !is_again {
                self.take(answer, date, call.version_id.as_ref());
            }
        }
    }

    fn take(&mut self, answer: &MetricAnswer, date: Date, version_id: Option<&String>) {
        let metric = self.metrics.entry(answer.identifier.clone()).or_default();
        let Some(value) = answer.value.as_deref().map(str::trim).filter(|value| !value.is_empty()) else {
            metric.empty = metric.empty.saturating_add(1);
            return;
        };
        let plain = Reading::default();
        let reading = self.readings.get(&answer.identifier).unwrap_or(&plain);
        for answered in [
            &mut metric.all,
            metric.days.entry(date).or_default(),
            metric.versions.entry(version_id.cloned()).or_default(),
        ] {
            answered.add(value, date, reading);
        }
        if let Some(confidence) = answer.confidence {
            metric.confidence.push(confidence);
        }
    }

    /// The metrics that any call answered, by their identifiers.
    pub fn metrics(&self) -> &BTreeMap<String, MetricResult> {
        &self.metrics
    }

    /// The versions whose calls answered, by their ids.
    pub fn versions(&self) -> BTreeSet<&str> {
        self.metrics.values().flat_map(|metric| metric.versions.keys()).filter_map(Option::as_deref).collect()
    }

    /// The number of a version; none where no call says it.
    pub fn version_number(&self, id: &str) -> Option<u64> {
        self.numbers.get(id).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(day: i64, version: Option<&str>, answers: &[(&str, Option<&str>)]) -> CallRecord {
        let answer = |(identifier, value): &(&str, Option<&str>)| MetricAnswer {
            identifier: (*identifier).to_owned(),
            value: value.map(str::to_owned),
            confidence: Some(0.5),
        };
        CallRecord {
            id: String::new(),
            started_ms: day * 86_400_000,
            version_id: version.map(str::to_owned),
            version_number: version.map(|_| 7),
            answers: answers.iter().map(answer).collect(),
            ..CallRecord::default()
        }
    }

    fn results(calls: &[CallRecord]) -> MetricResults {
        let mut results = MetricResults::default();
        for call in calls {
            results.add(call, &Zone::utc());
        }
        results
    }

    #[test]
    fn answers_are_counted_by_day_and_version() {
        let of = results(&[
            call(0, Some("a"), &[("ok", Some("true")), ("score", Some("4"))]),
            call(0, Some("b"), &[("ok", Some("false")), ("score", Some("2"))]),
            call(1, None, &[("ok", Some(" true ")), ("ok", Some("false")), ("score", None)]),
            call(1, None, &[]),
        ]);
        assert_eq!((of.calls, of.answered, of.version_number("a")), (4, 3, Some(7)));
        assert_eq!(Vec::from_iter(of.versions()), ["a", "b"]);
        let ok = &of.metrics()["ok"];
        assert_eq!(ok.all.share("true"), Proportion { successes: 2, trials: 3 });
        assert_eq!(ok.all.by_frequency(), [("true", 2), ("false", 1)]);
        assert_eq!((ok.days.len(), ok.versions[&None].calls, ok.confidence()), (2, 1, Some(0.5)));
        let days = [0, 1].map(|day| Zone::utc().local(day * 86_400_000).date);
        assert_eq!((ok.all.days, ok.versions[&None].days), (Some((days[0], days[1])), Some((days[1], days[1]))));
        let score = &of.metrics()["score"];
        assert_eq!((score.all.mean(), score.all.whole_numbers(), score.empty), (Some(3.0), 2, 1));
        assert_eq!(score.spread(None), Spread::Number);
        // Two values, one apart: mean 3, standard error 1, and 12.706 of them with one degree of freedom.
        let interval = score.all.mean_interval().unwrap();
        assert!((interval.high - 3.0 - 12.706_204_736).abs() < 1e-6, "{interval:?}");
    }

    #[test]
    fn answers_stand_in_the_order_in_which_they_are_read() {
        let of = |values: &[&str]| {
            let calls: Vec<CallRecord> = values.iter().map(|value| call(0, None, &[("it", Some(value))])).collect();
            results(&calls).metrics()["it"].all.clone()
        };
        let in_order = |of: &Answered, declared: Option<&Metric>| -> Vec<String> {
            of.in_order(declared).iter().map(|(value, calls)| format!("{value} {calls}")).collect()
        };
        assert_eq!(in_order(&of(&["5", "10", "5", "3"]), None), ["3 1", "5 2", "10 1"]);
        let boolean = Metric::new("it", &MetricType::Boolean, "");
        assert_eq!(in_order(&of(&["false", "maybe"]), Some(&boolean)), ["true 0", "false 1", "maybe 1"]);
        let mut choices = Metric::new("it", &MetricType::Enum, "");
        choices.set_choices(&["b", "never", "never"]);
        assert_eq!(in_order(&of(&["a", "b", "b"]), Some(&choices)), ["b 2", "a 1", "never 0"]);
        // Of many numbers the most frequent are told.
        let many: Vec<String> = (0..13).map(|number| number.to_string()).chain(["9".to_owned()]).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(in_order(&of(&many), None)[0], "9 2");
    }

    #[test]
    fn answers_are_read_as_they_are_asked() {
        let long = "x".repeat(90);
        let mut choices = Metric::new("why", &MetricType::Enum, "");
        choices.set_choices(&[&long, "True"]);
        let mut of = MetricResults::of(&[Metric::new("ok", &MetricType::Boolean, ""), choices]);
        // More different answers than are told apart, and then a choice.
        for number in 0..60 {
            of.add(&call(0, None, &[("why", Some(&format!("other {number}"))), ("ok", Some("TRUE"))]), &Zone::utc());
        }
        of.add(&call(0, None, &[("why", Some(&long)), ("ok", Some("False"))]), &Zone::utc());
        of.add(&call(0, None, &[("why", Some("True"))]), &Zone::utc());
        let why = &of.metrics()["why"].all;
        assert_eq!((why.share(&long).successes, why.share("True").successes, why.others()), (1, 1, 10));
        let ok = &of.metrics()["ok"].all;
        assert_eq!((ok.share("true").successes, ok.share("false").successes), (60, 1));
        // Without a spread nothing is known of the mean's.
        let same = results(&[call(0, None, &[("n", Some("5"))]), call(0, None, &[("n", Some("5"))])]);
        assert_eq!(same.metrics()["n"].all.mean_interval(), None);
    }

    #[test]
    fn texts_are_told_from_choices() {
        let texts: Vec<CallRecord> =
            (0..80).map(|at| call(0, None, &[("why", Some(&format!("reason {at}")))])).collect();
        let why = results(&texts).metrics()["why"].clone();
        assert_eq!((why.all.others(), why.spread(None)), (30, Spread::Texts));
        assert_eq!(why.spread(Some(&MetricType::Enum)), Spread::Shares);
        let few: Vec<CallRecord> = (0..9).map(|at| call(0, None, &[("why", Some(["a", "b", "c"][at % 3]))])).collect();
        assert_eq!(results(&few).metrics()["why"].spread(Some(&MetricType::Text)), Spread::Shares);
        let long = "x".repeat(61);
        let one = results(&[call(0, None, &[("why", Some(&long))])]);
        assert_eq!(one.metrics()["why"].all.others(), 1);
    }
}
