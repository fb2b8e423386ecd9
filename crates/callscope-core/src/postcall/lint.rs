//! What is wrong with post-call metrics before they are published, and how it is mended.
//!
//! One metric whose answer does not fit its type discards the answers of all metrics of that call, so
//! what makes an answer unfit is a warning. The five authoring rules are the vendor's ("Post-call
//! metrics", its documentation); the others follow from the shape of the configuration.

use super::config::{Metric, MetricType, PostCallConfig};
use crate::finding::Severity;

/// Which rule is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "kebab-case"))]
pub enum LintRule {
    /// An identifier is missing or has other signs than it may.
    Identifier,
    /// Two metrics have one identifier.
    Duplicate,
    /// The type is missing or none that the documents name.
    UnknownType,
    /// There is no prompt.
    NoPrompt,
    /// An enum has no choices.
    NoChoices,
    /// A choice is empty or stands there twice.
    RepeatedChoice,
    /// The options that the prompt names are not the choices.
    OptionsDiffer,
    /// The first authoring rule: an answer that the prompt allows is not among the choices.
    UnlistedValue,
    /// The second: the prompt tells to leave the answer out.
    Omission,
    /// The third: the fallback that the prompt names is of another type.
    FallbackType,
    /// The fourth: the prompt refers to another metric.
    RefersToAnother,
    /// The fifth: a weight or an average is asked for and not spelled out.
    UnspelledWeights,
    /// The prompt names options, and the type is any text.
    OptionsOfText,
    /// A rating without its scale.
    NoScale,
    /// A prompt of a few words, or one that asks for an opinion.
    Vague,
    /// More metrics than are advised.
    TooMany,
}

/// Something that is wrong, and how it is mended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct Lint {
    /// The metric, by its place; none where it is about all.
    pub metric: Option<usize>,
    /// Which rule is broken.
    pub rule: LintRule,
    /// A warning may cost the answers of whole calls; a note makes them worse.
    pub severity: Severity,
    /// What is wrong, in a sentence.
    pub sentence: String,
    /// What to do, in a sentence.
    pub fix: String,
}

/// As many metrics as the vendor advises at most.
const MOST: usize = 5;
/// Prompts of fewer words say too little.
const FEWEST_WORDS: usize = 5;

/// Everything that is wrong with a configuration, metric by metric.
pub fn lint(config: &PostCallConfig) -> Vec<Lint> {
    let metrics = config.metrics();
    let mut found: Vec<Lint> = Vec::new();
    for (at, metric) in metrics.iter().enumerate() {
        let mut note = |rule, severity, sentence: String, fix: String| {
            found.push(Lint { metric: Some(at), rule, severity, sentence, fix });
        };
        identifier(metric, metrics.get(..at).unwrap_or_default(), &mut note);
        shape(metric, &mut note);
        choices(metric, &mut note);
        wording(metric, &metrics, &mut note);
    }
    if metrics.len() > MOST {
        found.push(Lint {
            metric: None,
            rule: LintRule::TooMany,
            severity: Severity::Note,
            sentence: format!("{} metrics are asked after every call.", metrics.len()),
            fix: format!("Keep the {MOST} that somebody acts on: every further one slows the analysis down."),
        });
    }
    found
}

/// Takes what is wrong: rule, severity, sentence, fix.
type Note<'n> = dyn FnMut(LintRule, Severity, String, String) + 'n;

const SUCH_AS: &str = "Give it one of lower-case letters, digits and underscores, such as call_resolved.";

/// Whether a name holds a letter.
fn is_telling(name: &str) -> bool {
    name.chars().any(|c| c.is_ascii_lowercase())
}

fn identifier(metric: &Metric, before: &[Metric], note: &mut Note<'_>) {
    let name = metric.identifier();
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() {
        note(LintRule::Identifier, Severity::Warning, "It has no identifier.".to_owned(), SUCH_AS.to_owned());
    } else if !name.chars().all(is_plain) {
        let suggested: String = name
            .trim()
            .chars()
            .map(|c| if is_plain(c.to_ascii_lowercase()) { c.to_ascii_lowercase() } else { '_' })
            .collect();
        let sentence =
            format!("The identifier '{name}' has signs other than lower-case letters, digits and underscores.");
        let fix = if is_telling(&suggested) { format!("Name it {suggested}.") } else { SUCH_AS.to_owned() };
        note(LintRule::Identifier, Severity::Warning, sentence, fix);
    } else if !is_telling(name) {
        let sentence = format!("The identifier '{name}' says nothing.");
        note(LintRule::Identifier, Severity::Warning, sentence, SUCH_AS.to_owned());
    }
    if !name.is_empty() && before.iter().any(|other| other.identifier() == name) {
        let sentence = format!("Another metric is called '{name}' too, and only one of the answers is kept.");
        note(
            LintRule::Duplicate,
            Severity::Warning,
            sentence,
            format!("Name one of them otherwise, such as {name}_2."),
        );
    }
}

fn shape(metric: &Metric, note: &mut Note<'_>) {
    match metric.kind() {
        Some(MetricType::Other(name)) => {
            let sentence = format!("'{name}' is no type that the documents name.");
            let fix = "Choose STRING, BOOLEAN, INTEGER, ENUM or DATETIME.";
            note(LintRule::UnknownType, Severity::Warning, sentence, fix.to_owned());
        }
        None => {
            let fix = "Choose STRING, BOOLEAN, INTEGER, ENUM or DATETIME.";
            note(LintRule::UnknownType, Severity::Warning, "It has no type.".to_owned(), fix.to_owned());
        }
        Some(_) => {}
    }
    if metric.prompt().trim().is_empty() {
        let fix = "Write the question that is to be answered about the call.";
        note(LintRule::NoPrompt, Severity::Warning, "It has no prompt.".to_owned(), fix.to_owned());
    }
}

fn choices(metric: &Metric, note: &mut Note<'_>) {
    let options = options(metric.prompt());
    if metric.kind() != Some(MetricType::Enum) {
        if metric.kind() == Some(MetricType::Text) && options.len() > 1 {
            let sentence = "The prompt names options, but any text may be the answer.".to_owned();
            let fix = format!("Make it an ENUM with the choices {}.", options.join(", "));
            note(LintRule::OptionsOfText, Severity::Note, sentence, fix);
        }
        return;
    }
    let choices = metric.choices();
    if choices.is_empty() {
        let fix = if options.is_empty() {
            "List every value that the answer may have.".to_owned()
        } else {
            format!("List the options of the prompt: {}.", options.join(", "))
        };
        note(LintRule::NoChoices, Severity::Warning, "It is an ENUM without choices.".to_owned(), fix);
        return;
    }
    let repeated = choices
        .iter()
        .enumerate()
        .find(|(at, choice)| choice.trim().is_empty() || choices.iter().take(*at).any(|before| before == *choice));
    if let Some((_, choice)) = repeated {
        let what =
            if choice.trim().is_empty() { "is empty".to_owned() } else { format!("'{choice}' stands there twice") };
        let sentence = format!("A choice {what}.");
        note(LintRule::RepeatedChoice, Severity::Warning, sentence, "Remove it.".to_owned());
    }
    let unlisted: Vec<&str> = options.iter().filter(|option| !choices.contains(option)).map(String::as_str).collect();
    let unnamed: Vec<&str> = choices.iter().filter(|choice| !options.contains(choice)).map(String::as_str).collect();
    let differ = !unlisted.is_empty() || !unnamed.is_empty();
    if differ && !options.is_empty() {
        let mut parts = Vec::new();
        if !unlisted.is_empty() {
            parts.push(format!("only the prompt names {}", unlisted.join(", ")));
        }
        if !unnamed.is_empty() {
            parts.push(format!("only the choices have {}", unnamed.join(", ")));
        }
        let sentence = format!("The options of the prompt are not the choices: {}.", parts.join("; "));
        note(LintRule::OptionsDiffer, Severity::Warning, sentence, "Name the same values in both.".to_owned());
    }
}

/// The values after "Options:" in a prompt, up to the end of the sentence.
fn options(prompt: &str) -> Vec<String> {
    let lower = prompt.to_ascii_lowercase();
    let Some(at) = lower.find("options:") else { return Vec::new() };
    let rest = prompt.get(at + "options:".len()..).unwrap_or_default();
    let list = rest.split(['.', '\n', ';', '?']).next().unwrap_or_default();
    let clean = |part: &str| {
        let part = part.trim();
        let part = part.strip_prefix("or ").or_else(|| part.strip_prefix("and ")).unwrap_or(part);
        part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | ')')).to_owned()
    };
    list.split(',').map(clean).filter(|part| !part.is_empty()).collect()
}

/// What a prompt says that an answer may be where there is none.
const FALLBACKS: [&str; 7] = ["none", "null", "n/a", "not applicable", "unknown", "empty", "not mentioned"];

fn wording(metric: &Metric, metrics: &[Metric], note: &mut Note<'_>) {
    let prompt = metric.prompt().to_lowercase();
    if prompt.trim().is_empty() {
        return;
    }
    fallback(metric, &prompt, note);
    let leaves_out = [
        "omit",
        "skip if",
        "skip this",
        "leave blank",
        "leave it blank",
        "leave empty",
        "do not answer",
        "don't answer",
    ];
    if let Some(word) = leaves_out.into_iter().find(|word| has_words(&prompt, word)) {
        let sentence = format!("The prompt tells to leave the answer out ('{word}'), and every metric must have one.");
        let fix = "Say which value to give instead, of the metric's own type.";
        note(LintRule::Omission, Severity::Warning, sentence, fix.to_owned());
    }
    let others = metrics
        .iter()
        .map(Metric::identifier)
        .filter(|other| !other.is_empty() && *other != metric.identifier() && (other.contains('_') || other.len() > 8));
    if let Some(other) = others.into_iter().find(|other| has_words(&prompt, &other.to_lowercase())) {
        let sentence = format!("The prompt refers to '{other}', but no metric knows the answer of another.");
        note(LintRule::RefersToAnother, Severity::Warning, sentence, "Ask for it in full here.".to_owned());
    }
    let has_digit = prompt.chars().any(|c| c.is_ascii_digit());
    let weighs = ["weighted", "average", "overall score", "combined score"];
    if let Some(word) = weighs.into_iter().find(|word| has_words(&prompt, word) && !has_digit) {
        let sentence = format!("The prompt asks for something '{word}' without saying how it is made.");
        let fix = "Spell out what counts how much, in numbers.";
        note(LintRule::UnspelledWeights, Severity::Warning, sentence, fix.to_owned());
    }
    let rates = ["rate", "score", "rating", "scale"].into_iter().any(|word| has_words(&prompt, word));
    if metric.kind() == Some(MetricType::Integer) && rates && !has_digit {
        let fix = "Say from which number to which, and what the ends mean, such as 1 (not at all) to 5 (very).";
        note(
            LintRule::NoScale,
            Severity::Note,
            "The prompt asks for a rating without its scale.".to_owned(),
            fix.to_owned(),
        );
    }
    if prompt.split_whitespace().count() < FEWEST_WORDS {
        let sentence = "The prompt is too short to say what is meant.".to_owned();
        let fix = "Say what to look for in the call, and which answer it stands for.";
        note(LintRule::Vague, Severity::Note, sentence, fix.to_owned());
    }
}

/// The first and the third authoring rule: what the prompt allows as an answer must be one.
fn fallback(metric: &Metric, prompt: &str, note: &mut Note<'_>) {
    let Some(word) = FALLBACKS.into_iter().find(|word| has_words(prompt, word)) else { return };
    match metric.kind() {
        Some(MetricType::Enum) => {
            let is_listed = metric.choices().iter().any(|choice| choice.to_lowercase().replace('_', " ") == word);
            if !is_listed && !metric.choices().is_empty() {
                let sentence = format!("The prompt allows '{word}', which is not among the choices.");
                note(
                    LintRule::UnlistedValue,
                    Severity::Warning,
                    sentence,
                    format!("Add the choice {}.", word.replace(' ', "_")),
                );
            }
        }
        Some(kind @ (MetricType::Boolean | MetricType::Integer | MetricType::Datetime)) => {
            let example = match kind {
                MetricType::Boolean => "false",
                MetricType::Integer => "0",
                _ => "1970-01-01T00:00:00Z",
            };
            let sentence = format!("The prompt allows '{word}', which is no value of the type {}.", kind.key());
            let fix = format!("Name a value of the type for that case, such as {example}.");
            note(LintRule::FallbackType, Severity::Warning, sentence, fix);
        }
        _ => {}
    }
}

/// Whether a text holds some words as words, not as parts of others.
fn has_words(text: &str, words: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(words).any(|(at, found)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + found.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}
