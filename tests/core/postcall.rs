//! The linter of post-call metrics: of each rule a case that keeps it and one that breaks it.

use callscope_core::postcall::{LintRule, PostCallConfig, lint};
use proptest::prelude::*;
use serde_json::{Value, json};

fn metric(identifier: &str, kind: &str, prompt: &str, choices: &[&str]) -> Value {
    let mut metric =
        json!({"identifier": identifier, "dispositionMetricType": kind, "dispositionMetricPrompt": prompt});
    if !choices.is_empty() {
        metric["choices"] = json!(choices);
    }
    metric
}

fn rules(metrics: &[Value]) -> Vec<LintRule> {
    let config = PostCallConfig::read(&json!({ "dispositionMetrics": metrics })).unwrap();
    let found = lint(&config);
    assert!(found.iter().all(|of| of.sentence.ends_with('.') && of.fix.ends_with('.')), "{found:?}");
    found.into_iter().map(|of| of.rule).collect()
}

const SOUND: &str = "Did the agent settle what the caller asked for in this call?";

/// The examples of the documents, of which one has its options as any text.
#[test]
fn the_documents_examples_pass_but_for_options_of_a_text() {
    let outcome =
        "What was the outcome of this call? Options: resolved, escalated, transferred, abandoned, callback_scheduled";
    let satisfaction =
        "Rate the customer's apparent satisfaction from 1 to 5, based on their tone and language throughout the call.";
    let category =
        "What was the primary issue category? Options: billing, technical, account, product_info, complaint, other";
    let choices = ["billing", "technical", "account", "product_info", "complaint", "other"];
    let found = rules(&[
        metric("call_outcome", "STRING", outcome, &[]),
        metric("satisfaction_score", "INTEGER", satisfaction, &[]),
        metric("follow_up_needed", "BOOLEAN", "Does this call require any follow-up action from the team?", &[]),
        metric("issue_category", "ENUM", category, &choices),
    ]);
    assert_eq!(found, [LintRule::OptionsOfText]);
}

#[test]
fn each_rule_is_kept_by_one_and_broken_by_another() {
    let both = ["yes", "no"];
    let ask = "Was the caller content at the end? Options: yes, no";
    let cases: &[(LintRule, Value, Value)] = &[
        (LintRule::Identifier, metric("call_2", "BOOLEAN", SOUND, &[]), metric("Call-2", "BOOLEAN", SOUND, &[])),
        (LintRule::UnknownType, metric("a", "DATETIME", SOUND, &[]), metric("a", "FLOAT", SOUND, &[])),
        (LintRule::NoPrompt, metric("a", "BOOLEAN", SOUND, &[]), metric("a", "BOOLEAN", " ", &[])),
        (LintRule::NoChoices, metric("a", "ENUM", ask, &both), metric("a", "ENUM", ask, &[])),
        (LintRule::RepeatedChoice, metric("a", "ENUM", ask, &both), metric("a", "ENUM", ask, &["yes", "no", "no"])),
        (LintRule::OptionsDiffer, metric("a", "ENUM", ask, &both), metric("a", "ENUM", ask, &["yes", "never"])),
        (
            LintRule::UnlistedValue,
            metric("a", "ENUM", "Which plan did the caller choose, or none if there was none?", &["basic", "none"]),
            metric("a", "ENUM", "Which plan did the caller choose, or none if there was none?", &["basic", "plus"]),
        ),
        (
            LintRule::Omission,
            metric("a", "STRING", "What did the caller ask for first? Where nothing, answer nothing.", &[]),
            metric("a", "STRING", "What did the caller ask for first? Omit if nothing was asked.", &[]),
        ),
        (
            LintRule::FallbackType,
            metric("a", "INTEGER", "How many cards did the caller mention? Where it cannot be told, answer 0.", &[]),
            metric("a", "INTEGER", "How many cards did the caller mention? Otherwise answer N/A.", &[]),
        ),
        (
            LintRule::UnspelledWeights,
            metric("a", "INTEGER", "The average of politeness (50 %) and clarity (50 %), each 0 to 10?", &[]),
            metric("a", "INTEGER", "What is the weighted result of politeness and clarity?", &[]),
        ),
        (
            LintRule::OptionsOfText,
            metric("a", "STRING", "What did the caller want, in one sentence?", &[]),
            metric("a", "STRING", ask, &[]),
        ),
        (
            LintRule::NoScale,
            metric("a", "INTEGER", "Rate how content the caller sounded, 1 to 5.", &[]),
            metric("a", "INTEGER", "Rate how content the caller sounded at the end.", &[]),
        ),
        (LintRule::Vague, metric("a", "BOOLEAN", SOUND, &[]), metric("a", "BOOLEAN", "Was it good?", &[])),
    ];
    for (rule, kept, broken) in cases {
        assert!(!rules(std::slice::from_ref(kept)).contains(rule), "{rule:?} is kept by {kept}");
        assert!(rules(std::slice::from_ref(broken)).contains(rule), "{rule:?} is broken by {broken}");
    }
}

#[test]
fn a_name_without_a_letter_is_none_and_is_not_suggested() {
    assert_eq!(rules(&[metric("__1", "BOOLEAN", SOUND, &[])]), [LintRule::Identifier]);
    for name in ["قرار", "🙂", "__"] {
        let config = json!({ "dispositionMetrics": [metric(name, "BOOLEAN", SOUND, &[])] });
        let found = lint(&PostCallConfig::read(&config).unwrap());
        assert!(found[0].fix.contains("such as call_resolved"), "{name}: {found:?}");
    }
}

#[test]
fn metrics_are_looked_at_together_too() {
    let named = |name: &str| metric(name, "BOOLEAN", SOUND, &[]);
    assert_eq!(rules(&[named("a"), named("b")]), []);
    assert_eq!(rules(&[named("a"), named("a")]), [LintRule::Duplicate]);
    let of_another = metric("b", "BOOLEAN", "Is call_resolved true and was the caller content as well?", &[]);
    assert_eq!(rules(&[named("call_resolved"), of_another.clone()]), [LintRule::RefersToAnother]);
    assert_eq!(rules(&[named("resolved"), of_another]), []);
    let names: Vec<Value> = (0..6).map(|number| named(&format!("m{number}"))).collect();
    assert_eq!(rules(&names), [LintRule::TooMany]);
    assert_eq!(rules(&names[..5]), []);
}

proptest! {
    #[test]
    fn unknown_keys_come_back_whatever_they_hold(extra in super::properties::answers::any_json(), of_metric in super::properties::answers::any_json()) {
        let mut before = json!({"dispositionMetrics": [metric("a", "BOOLEAN", SOUND, &[])], "extra": extra});
        before["dispositionMetrics"][0]["mine"] = of_metric;
        let mut config = PostCallConfig::read(&before).unwrap();
        let metrics = config.metrics();
        config.set_metrics(metrics);
        prop_assert_eq!(config.written(), before);
    }

    #[test]
    fn any_json_is_linted_or_refused(any in super::properties::answers::any_json()) {
        for value in [any.clone(), json!({"dispositionMetrics": any}), json!({"dispositionMetrics": [any]})] {
            if let Ok(config) = PostCallConfig::read(&value) {
                let _ = lint(&config);
            }
        }
    }
}
