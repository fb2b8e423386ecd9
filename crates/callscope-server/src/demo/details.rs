//! What was said in the demo's calls, what was found out afterwards, and how long answers took.

use callscope_core::calls::Outcome;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::plan::{AGENTS, AgentPlan, HEALTH};
use super::sounds;
use crate::db::{CallAnalytics, CallDetails, CallRow, MetricResult, Said, StageLatencies};

/// What callers of an organisation want: what they say, what the agent answers, and under which reason
/// the call is filed.
type Request = (&'static str, &'static str, &'static str);

const OF_HEALTH: [Request; 4] = [
    (
        "I'd like to move my appointment to next week.",
        "There is a place on Tuesday at half past nine. Shall I book it?",
        "change",
    ),
    (
        "Are my blood results back yet?",
        "They came in this morning. The practice will call you about them today.",
        "information",
    ),
    (
        "I need a repeat prescription.",
        "I have asked for it. It will be ready at the desk tomorrow after two.",
        "request",
    ),
    (
        "Nobody called me back last week, and that is not good enough.",
        "I am sorry. I have put you first on today's list.",
        "complaint",
    ),
];
const OF_BANK: [Request; 4] = [
    (
        "My card was declined in a shop just now.",
        "The limit for today was reached. I can raise it until midnight.",
        "information",
    ),
    ("I have lost my card.", "I have blocked it. A new one is on its way and arrives within four days.", "request"),
    ("I want to change the address you write to.", "Done. The confirmation goes to your new address.", "change"),
    (
        "There is a charge here that I never made.",
        "I have marked it as disputed. You will see the money again in two days.",
        "complaint",
    ),
];
const OF_ENERGY: [Request; 4] = [
    (
        "I'm calling to give you my meter reading.",
        "Thank you, it is entered. Your next bill will be based on it.",
        "request",
    ),
    (
        "The power has been out in our street for an hour.",
        "We know of it. The crew expects it back before six.",
        "information",
    ),
    (
        "We are moving house at the end of the month.",
        "I have ended the contract there and begun one at the new address.",
        "change",
    ),
    (
        "My bill is twice what it was last year.",
        "The estimate was wrong. I have asked for a corrected bill.",
        "complaint",
    ),
];

/// The details of a call that was answered, and the mean wait for an answer. The same for the same
/// number.
pub(super) fn of(call: &CallRow, number: usize) -> Option<(CallDetails, f64)> {
    if call.status != "completed" {
        return None;
    }
    let agent = AGENTS.iter().find(|plan| Some(super::id(plan.name)) == call.agent_id)?;
    // A stream of its own: the calls themselves stay as they are.
    let mut rng = ChaCha8Rng::seed_from_u64(number as u64);
    let request = *requests(agent).choose(&mut rng)?;
    let transcript = transcript(&mut rng, agent, call, request);
    let latencies = latencies(&mut rng, &transcript, call);
    let mean_ms = latencies.turns_ms.iter().sum::<f64>() / latencies.turns_ms.len().max(1) as f64;
    let (recording, recording_dual) = sounds::names(number);
    let details = CallDetails {
        analytics: analytics(&mut rng, call, request),
        transcript,
        latencies,
        recording: Some(recording),
        recording_dual: Some(recording_dual),
        recording_ready_ms: call.started_ms.saturating_add_unsigned(call.duration_ms) + 20_000,
        failure_reason: None,
    };
    Some((details, mean_ms))
}

fn requests(agent: &AgentPlan) -> &'static [Request; 4] {
    match agent.organisation {
        HEALTH => &OF_HEALTH,
        super::plan::ENERGY => &OF_ENERGY,
        _ => &OF_BANK,
    }
}

/// What was said, spread over the length of the call.
fn transcript(rng: &mut ChaCha8Rng, agent: &AgentPlan, call: &CallRow, (wish, answer, _): Request) -> Vec<Said> {
    let greeting = format!("Hello, this is {} of {}. How can I help you today?", "Robin", agent.organisation);
    let mut lines: Vec<(&str, String)> = vec![("agent", greeting), ("user", wish.to_owned())];
    lines.push(("agent", "I can help with that. May I have your date of birth first?".to_owned()));
    let (day, month) = (rng.random_range(1..=28), rng.random_range(1..=12));
    lines.push(("user", format!("The {day}.{month}.1979.")));
    if call.corrections.unwrap_or(0) > 0 {
        lines.push(("agent", "Thank you. You said the twelfth?".to_owned()));
        lines.push(("user", format!("No, the {day}.")));
    }
    match call.outcome {
        Outcome::Transferred => {
            let reason = call.escalation_reason.as_deref().unwrap_or("this needs a colleague");
            lines.push(("agent", format!("Thank you. I will pass you on, as {reason}. Please hold the line.")));
            lines.push(("user", "All right.".to_owned()));
        }
        Outcome::Resolved => {
            lines.push(("agent", answer.to_owned()));
            lines.push(("user", "Good, thank you.".to_owned()));
            lines.push(("agent", "Is there anything else? Then I wish you a good day.".to_owned()));
        }
        Outcome::Abandoned | Outcome::Other => {
            lines.push(("agent", "Thank you. One moment, please.".to_owned()));
            lines.push(("user", "I will call again later.".to_owned()));
        }
    }
    let step = call.duration_ms / (lines.len() as u64 + 1);
    let said =
        |(at, (role, content)): (u64, (&str, String))| Said { role: role.to_owned(), content, after_ms: at * step };
    (0_u64..).zip(lines).map(said).collect()
}

/// Three stages that sum to what the caller waits for, a turn for each answer of the agent.
fn latencies(rng: &mut ChaCha8Rng, transcript: &[Said], call: &CallRow) -> StageLatencies {
    let model = call.response_ms.unwrap_or(520.0);
    let (hearing, speaking) = (110.0 + 60.0 * rng.random::<f64>(), 170.0 + 90.0 * rng.random::<f64>());
    let answers = transcript.iter().filter(|said| said.role == "agent").count().saturating_sub(1);
    let turns = (0..answers).map(|_| ((hearing + model + speaking) * (0.75 + 0.5 * rng.random::<f64>())).round());
    let whole = |ms: f64| Some(ms.round());
    StageLatencies {
        transcriber_ms: whole(hearing),
        agent_ms: whole(model),
        synthesizer_ms: whole(speaking),
        turns_ms: turns.collect(),
    }
}

/// The answers to what `config` asks after each call.
fn analytics(rng: &mut ChaCha8Rng, call: &CallRow, (wish, _, reason): Request) -> CallAnalytics {
    let is_resolved = call.outcome == Outcome::Resolved;
    let satisfaction = match (is_resolved, call.positive_sentiment) {
        (true, Some(false)) | (false, Some(true)) => 3,
        (true, _) => rng.random_range(4..=5),
        (false, _) => rng.random_range(1..=3),
    };
    let mut answer = |identifier: &str, value: String| MetricResult {
        identifier: identifier.to_owned(),
        value,
        confidence: Some(((0.62 + 0.37 * rng.random::<f64>()) * 100.0).round() / 100.0),
    };
    let answers = vec![
        answer("resolved", is_resolved.to_string()),
        answer("reason", reason.to_owned()),
        answer("satisfaction", satisfaction.to_string()),
    ];
    let end = match call.outcome {
        Outcome::Resolved => "It was settled in the call.",
        Outcome::Transferred => "The call was handed to a person.",
        Outcome::Abandoned | Outcome::Other => "The caller left before it was settled.",
    };
    CallAnalytics { summary: Some(format!("The caller said: \u{201c}{wish}\u{201d} {end}")), answers }
}
