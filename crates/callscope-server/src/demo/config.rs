//! The configurations of the demo's versions.

use serde_json::{Value, json};

use super::plan::AgentPlan;

/// The configuration of a version: the older one, or the newer one with the changes of its story.
pub(super) fn of(agent: &AgentPlan, is_new: bool) -> Value {
    let mut config = base(agent);
    if is_new {
        let changes = if agent.is_story { STORY } else { ORDINARY };
        for (pointer, value) in changes {
            if let (Some(place), Ok(value)) = (config.pointer_mut(pointer), serde_json::from_str(value)) {
                *place = value;
            }
        }
    }
    config
}

/// What the newer version changed, in a few words.
pub(super) fn description(agent: &AgentPlan) -> &'static str {
    if agent.is_story {
        "Shorter prompt, longer timeout, a recording in the place of a message"
    } else {
        "Faster voice"
    }
}

/// Places in the configuration, and what stands there in the newer version, as JSON.
type Changes = &'static [(&'static str, &'static str)];

const STORY: Changes = &[
    ("/dialog/nodes/3/actions/0/parameters/timeout", "5000"),
    ("/dialog/nodes/5/actions/1/type", "\"playAudio\""),
    (
        "/prompt/text",
        "\"You answer calls about bank cards. Greet the caller in one short sentence and ask what they need.\\n\
         Never read out a whole card number; the last four digits are enough.\\n\
         If a card is lost, block it first and ask questions later.\\n\
         Hand the call to a person when the caller asks for one.\"",
    ),
    ("/llm/temperature", "0.2"),
];
const ORDINARY: Changes = &[("/voice/speed", "1.1"), ("/timeouts/silenceSeconds", "6")];

fn base(agent: &AgentPlan) -> Value {
    let topic = if agent.is_story { "bank cards" } else { agent.name };
    let action = |kind: &str, timeout: u32| json!({"type": kind, "parameters": {"timeout": timeout}});
    let node = |name: &str, actions: Vec<Value>| json!({"name": name, "actions": actions});
    json!({
        "dialog": {"nodes": [
            node("greeting", vec![action("say", 1000)]),
            node("request", vec![action("listen", 3000)]),
            node("identity", vec![action("ask", 4000)]),
            node("lookup", vec![action("callTool", 3000)]),
            node("answer", vec![action("say", 1000)]),
            node("closing", vec![action("say", 1000), action("sendMessage", 2000)]),
        ]},
        "prompt": {"text": format!(
            "You answer calls about {topic}. Greet the caller kindly, say your name and the name of the company, and \
             ask how you can help today.\nNever read out a whole card number; the last four digits are enough.\n\
             Hand the call to a person when the caller asks for one."
        )},
        "llm": {"model": "electron", "temperature": 0.4},
        "voice": {"id": "magnus", "speed": 1.0},
        "timeouts": {"silenceSeconds": 8, "maximumSeconds": 1800},
        "intents": ["question", "complaint", "change of details"],
        "entities": ["name", "date", "amount"],
        "analytics": {"postCallAnalyticsConfig": {"dispositionMetrics": [
            {"identifier": "resolved", "dispositionMetricPrompt": "Was the caller's request settled? Answer true or false.",
             "dispositionMetricType": "BOOLEAN"},
            {"identifier": "reason", "dispositionMetricPrompt": "What did the caller want first? Options: information, request, change, complaint, other.",
             "dispositionMetricType": "ENUM", "choices": ["information", "request", "change", "complaint", "other"]},
            {"identifier": "satisfaction", "dispositionMetricPrompt": "How content did the caller sound at the end, from 1 (not at all) to 5 (very)? Where it cannot be told, answer 3.",
             "dispositionMetricType": "INTEGER"},
        ], "useInternalAnalyticsModel": true, "useReasoningModel": false}},
    })
}
