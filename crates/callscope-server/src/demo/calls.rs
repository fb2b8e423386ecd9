//! The demo's calls, one by one.

use callscope_core::calls::Outcome;
use callscope_core::period::{DAY_MS, Weekday, Zone, add_days};
use rand::Rng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

use super::plan::{AGENTS, AgentPlan, CALLS, DAYS, STORY, StoryVersion, switch_days, version_id};
use super::{OutcomeShares, id};
use crate::db::{CallRow, Organisation};

/// On this day before now nearly nothing worked.
const OUTAGE_DAYS_AGO: i64 = 9;
/// From and to, in days before now: no telemetry was kept.
const WITHOUT_TELEMETRY_DAYS_AGO: (i64, i64) = (52, 66);

/// How busy the hours are, 0–23.
const HOURS: [f64; 24] = [
    0.4, 0.2, 0.1, 0.1, 0.2, 0.5, 1.5, 4.0, 8.0, 10.5, 11.0, 9.5, 7.0, 8.0, 9.0, 8.5, 7.5, 6.0, 4.5, 3.5, 2.5, 1.8,
    1.2, 0.7,
];

const REASONS: [(&str, f64); 7] = [
    ("wants a person", 5.0),
    ("billing dispute", 3.0),
    ("identity could not be verified", 2.5),
    ("several requests at once", 1.5),
    ("complaint about an earlier call", 1.0),
    ("technical fault that needs a visit", 0.8),
    ("language not supported", 0.4),
];

/// Everything that the calls of one organisation are drawn from.
struct Clock<'o> {
    organisation: &'o Organisation,
    zone: Zone,
    now_ms: i64,
}

pub(super) fn generate(rng: &mut ChaCha8Rng, organisations: &[Organisation], now_ms: i64) -> Vec<CallRow> {
    let mut calls = Vec::with_capacity(CALLS);
    for organisation in organisations {
        let zone =
            crate::zone(&organisation.time_zone, now_ms - (DAYS + 1) * DAY_MS, now_ms).unwrap_or_else(|_| Zone::utc());
        let clock = Clock { organisation, zone, now_ms };
        for (index, agent) in AGENTS.iter().enumerate().filter(|(_, agent)| id(agent.organisation) == organisation.id) {
            if agent.is_story {
                story(rng, &clock, agent, index, &mut calls);
            } else {
                ordinary(rng, &clock, agent, index, &mut calls);
            }
        }
    }
    top_up(rng, organisations, now_ms, &mut calls);
    calls
}

/// How many calls an ordinary agent has.
fn share(agent: &AgentPlan) -> usize {
    let story: usize = STORY.iter().map(|version| version.calls).sum();
    let weights: f64 = AGENTS.iter().map(|agent| agent.weight).sum();
    (agent.weight / weights * (CALLS - story) as f64) as usize
}

fn ordinary(rng: &mut ChaCha8Rng, clock: &Clock<'_>, agent: &AgentPlan, index: usize, calls: &mut Vec<CallRow>) {
    for _ in 0..share(agent) {
        calls.push(ordinary_call(rng, clock, agent, index, calls.len()));
    }
}

/// What rounding left out goes to the first ordinary agent.
fn top_up(rng: &mut ChaCha8Rng, organisations: &[Organisation], now_ms: i64, calls: &mut Vec<CallRow>) {
    let Some((index, agent)) = AGENTS.iter().enumerate().find(|(_, agent)| agent.weight > 0.0) else { return };
    let Some(organisation) = organisations.iter().find(|organisation| organisation.id == id(agent.organisation)) else {
        return;
    };
    let zone =
        crate::zone(&organisation.time_zone, now_ms - (DAYS + 1) * DAY_MS, now_ms).unwrap_or_else(|_| Zone::utc());
    let clock = Clock { organisation, zone, now_ms };
    while calls.len() < CALLS {
        calls.push(ordinary_call(rng, &clock, agent, index, calls.len()));
    }
}

fn ordinary_call(rng: &mut ChaCha8Rng, clock: &Clock<'_>, agent: &AgentPlan, index: usize, number: usize) -> CallRow {
    let started_ms = moment(rng, clock, (0, DAYS));
    let days_ago = (clock.now_ms - started_ms) / DAY_MS;
    let is_outage =
        clock.zone.local(started_ms).date == add_days(clock.zone.local(clock.now_ms).date, -(OUTAGE_DAYS_AGO as i32));
    let abandoned = (1.0 - agent.resolved - agent.transferred) * 0.75;
    let shares: OutcomeShares = if is_outage {
        [(Outcome::Resolved, 0.12), (Outcome::Transferred, 0.03), (Outcome::Abandoned, 0.35), (Outcome::Other, 0.5)]
    } else {
        let other = 1.0 - agent.resolved - agent.transferred - abandoned;
        [
            (Outcome::Resolved, agent.resolved),
            (Outcome::Transferred, agent.transferred),
            (Outcome::Abandoned, abandoned),
            (Outcome::Other, other),
        ]
    };
    let outcome = weighted(rng, &shares, Outcome::Other);
    let is_new = days_ago < switch_days(index);
    let duration_ms = match outcome {
        Outcome::Abandoned => exponential_ms(rng, 14.0),
        Outcome::Other => 0,
        _ => exponential_ms(rng, agent.mean_secs * 0.8) + (agent.mean_secs * 200.0) as u64,
    };
    let mut call = bare_call(clock, agent, number, started_ms);
    call.version_id = Some(version_id(agent.name, if is_new { "v2" } else { "v1" }));
    call.duration_ms = duration_ms;
    call.outcome = outcome;
    let status = match outcome {
        Outcome::Resolved | Outcome::Transferred => "completed",
        Outcome::Abandoned => "no_answer",
        Outcome::Other => "failed",
    };
    status.clone_into(&mut call.status);
    call.disconnection_reason = Some(ending(rng, outcome).to_owned());
    call.is_test = rng.random_bool(0.01);
    call.cost = Some(0.04 + duration_ms as f64 / 60_000.0 * 0.09);
    if outcome == Outcome::Transferred && rng.random_bool(0.85) {
        call.escalation_reason = Some(weighted(rng, &REASONS, "wants a person").to_owned());
    }
    if duration_ms > 0 && has_telemetry(clock, started_ms) {
        telemetry(rng, is_new, &mut call);
    }
    call
}

fn has_telemetry(clock: &Clock<'_>, started_ms: i64) -> bool {
    let (from, to) = WITHOUT_TELEMETRY_DAYS_AGO;
    !(from..to).contains(&((clock.now_ms - started_ms) / DAY_MS))
}

/// Calls of the story: their counts are exact, only their moments are drawn.
fn story(rng: &mut ChaCha8Rng, clock: &Clock<'_>, agent: &AgentPlan, index: usize, calls: &mut Vec<CallRow>) {
    let switch = switch_days(index);
    let spans = [(switch, DAYS), (0, switch)];
    for (version, span) in STORY.iter().zip(spans) {
        let mut order: Vec<usize> = (0..version.calls).collect();
        order.shuffle(rng);
        for rank in order {
            let started_ms = moment(rng, clock, span);
            let mut call = bare_call(clock, agent, calls.len(), started_ms);
            call.version_id = Some(version_id(agent.name, version.label));
            tell(rng, clock, version, rank, &mut call);
            calls.push(call);
        }
    }
}

/// The call of a rank: the first so many are answered, and the hangups are dealt out in turn.
fn tell(rng: &mut ChaCha8Rng, clock: &Clock<'_>, version: &StoryVersion, rank: usize, call: &mut CallRow) {
    let is_answered = rank < version.answered;
    if is_answered { "completed" } else { "no_answer" }.clone_into(&mut call.status);
    // Unanswered calls come last in rank, and the last hangups are the system's.
    let [user, agent, _] = version.hangups;
    let reason = match rank {
        _ if rank < user => "user_hangup",
        _ if rank < user + agent => "agent_hangup",
        _ => "system_error",
    };
    call.disconnection_reason = Some(reason.to_owned());
    call.outcome = match rank {
        _ if !is_answered => Outcome::Abandoned,
        _ if rank % 11 == 3 => Outcome::Transferred,
        _ if rank % 17 == 5 => Outcome::Other,
        _ => Outcome::Resolved,
    };
    if call.outcome == Outcome::Transferred {
        call.escalation_reason = Some(weighted(rng, &REASONS, "wants a person").to_owned());
    }
    // The mean over all calls comes out exactly: a spread that is symmetric in rank.
    let place = (rank as f64 + 0.5) / version.answered as f64;
    if is_answered {
        let mean_answered = version.mean_secs * version.calls as f64 / version.answered as f64;
        call.duration_ms = (mean_answered * (0.5 + place) * 1000.0).round() as u64;
        if has_telemetry(clock, call.started_ms) {
            telemetry(rng, version.label == "v2", call);
        }
    }
    call.cost = Some(version.cost);
}

fn bare_call(clock: &Clock<'_>, agent: &AgentPlan, number: usize, started_ms: i64) -> CallRow {
    let campaign = agent.campaign.filter(|_| number.is_multiple_of(3));
    let call_type = if campaign.is_some() { "telephony_outbound" } else { "telephony_inbound" };
    CallRow {
        organisation_id: clock.organisation.id.clone(),
        id: format!("CALL-DEMO-{number:06}"),
        started_ms,
        agent_id: Some(id(agent.name)),
        version_id: None,
        duration_ms: 0,
        status: String::new(),
        outcome: Outcome::Other,
        disconnection_reason: None,
        call_type: Some(call_type.to_owned()),
        // From the ranges that are kept free for fiction.
        to_number: Some(format!("+1202555{:04}", 100 + number % 100)),
        from_number: Some(format!("+1202555{:04}", 100 + number * 7 % 100)),
        is_test: false,
        cost: None,
        response_ms: None,
        positive_sentiment: None,
        corrections: None,
        tokens: None,
        transcript_confidence: None,
        tool_calls: None,
        escalation_reason: None,
        campaign_id: campaign.map(str::to_owned),
        latency_ms: None,
    }
}

fn telemetry(rng: &mut ChaCha8Rng, is_new: bool, call: &mut CallRow) {
    let base = if is_new { 430.0 } else { 520.0 };
    call.response_ms = Some(base + 240.0 * rng.random::<f64>());
    let positive = if call.outcome == Outcome::Resolved { 0.68 } else { 0.24 };
    call.positive_sentiment = rng.random_bool(0.92).then(|| rng.random_bool(positive));
    call.corrections = Some(u32::from(rng.random_bool(0.17)) + u32::from(rng.random_bool(0.04)));
    let all = 400 + call.duration_ms / 50;
    call.tokens = Some(((all as f64 * (0.35 + 0.3 * rng.random::<f64>())) as u64, all));
    call.transcript_confidence = Some(0.86 + 0.12 * rng.random::<f64>());
    let made = rng.random_range(0..4_u64);
    call.tool_calls = Some((made, u64::from(made > 0 && rng.random_bool(0.06))));
}

fn ending(rng: &mut ChaCha8Rng, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Transferred => "transfer_complete",
        Outcome::Abandoned => "user_hangup",
        Outcome::Other if rng.random_bool(0.5) => "system_error",
        Outcome::Other => "dial_no_answer",
        Outcome::Resolved if rng.random_bool(0.55) => "user_hangup",
        Outcome::Resolved => "agent_hangup",
    }
}

/// A moment between two numbers of days before now, busy as days and hours are.
fn moment(rng: &mut ChaCha8Rng, clock: &Clock<'_>, (to, from): (i64, i64)) -> i64 {
    let (earliest, latest) = (clock.now_ms - from * DAY_MS, clock.now_ms - to * DAY_MS);
    let hours: [(usize, f64); 24] = std::array::from_fn(|hour| (hour, HOURS.get(hour).copied().unwrap_or(0.0)));
    // Drawn anew until the day is busy enough and the moment lies inside; bounded, so that it ends.
    for _ in 0..1000 {
        let date = clock.zone.local(rng.random_range(earliest..latest)).date;
        let busy = match date.weekday() {
            Weekday::Saturday => 0.45,
            Weekday::Sunday => 0.25,
            Weekday::Monday => 1.0,
            _ => 0.85,
        };
        let hour = weighted(rng, &hours, 12) as i64;
        let moment = clock.zone.start_of_day_ms(date) + hour * 3_600_000 + rng.random_range(0..3_600_000);
        if rng.random_bool(busy) && (earliest..latest).contains(&moment) {
            return moment;
        }
    }
    earliest
}

fn exponential_ms(rng: &mut ChaCha8Rng, mean_secs: f64) -> u64 {
    let share: f64 = rng.random();
    (-libm::log(1.0 - share) * mean_secs * 1000.0).min(3_600_000.0) as u64
}

/// One of several, each as often as its weight says.
fn weighted<T: Copy>(rng: &mut ChaCha8Rng, choices: &[(T, f64)], otherwise: T) -> T {
    let total: f64 = choices.iter().map(|(_, weight)| weight).sum();
    let mut left = rng.random::<f64>() * total;
    for (choice, weight) in choices {
        left -= weight;
        if left < 0.0 {
            return *choice;
        }
    }
    otherwise
}
