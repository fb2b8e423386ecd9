//! Who is in the demo, and what happens to whom.

use callscope_core::period::DAY_MS;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

use super::calls;
use super::{Demo, config, details, id};
use crate::db::{Agent, Organisation, Reseller, Version};

pub(super) const HEALTH: &str = "Harbour Health";
const BANK: &str = "North Star Bank";
pub(super) const ENERGY: &str = "Lumen Energy";

/// So many days up to now have calls.
pub(super) const DAYS: i64 = 90;
/// So many calls in all.
pub(super) const CALLS: usize = 40_000;

/// An agent of the demo.
pub(super) struct AgentPlan {
    pub(super) organisation: &'static str,
    pub(super) name: &'static str,
    pub(super) status: &'static str,
    /// Its share of the calls that are not part of the story, in no unit.
    pub(super) weight: f64,
    /// Mean duration of its answered calls.
    pub(super) mean_secs: f64,
    /// Resolved and transferred shares of its calls.
    pub(super) resolved: f64,
    pub(super) transferred: f64,
    pub(super) is_story: bool,
    /// The campaign that every third of its calls is made for, from the agent to the customer.
    pub(super) campaign: Option<&'static str>,
}

const fn agent(
    organisation: &'static str,
    name: &'static str,
    weight: f64,
    mean_secs: f64,
    resolved: f64,
    transferred: f64,
) -> AgentPlan {
    AgentPlan {
        organisation,
        name,
        status: "active",
        weight,
        mean_secs,
        resolved,
        transferred,
        is_story: false,
        campaign: None,
    }
}

pub(super) const AGENTS: [AgentPlan; 14] = [
    AgentPlan { is_story: true, ..agent(BANK, "Card services", 0.0, 32.0, 0.80, 0.08) },
    agent(BANK, "Account enquiries", 22.0, 142.0, 0.82, 0.07),
    agent(BANK, "Loans and mortgages", 9.0, 231.0, 0.68, 0.19),
    agent(BANK, "Fraud line", 6.0, 188.0, 0.61, 0.28),
    agent(BANK, "Kundenservice Zürich – Überweisungen und Daueraufträge", 4.0, 156.0, 0.77, 0.11),
    AgentPlan { status: "deleted", ..agent(BANK, "Branch finder (2025)", 2.0, 48.0, 0.88, 0.02) },
    agent(HEALTH, "Appointments", 18.0, 118.0, 0.86, 0.05),
    agent(HEALTH, "Réception – résultats d’analyses", 6.0, 97.0, 0.79, 0.09),
    agent(HEALTH, "קביעת תורים", 4.0, 126.0, 0.81, 0.08),
    agent(HEALTH, "予約受付（小児科）", 3.0, 134.0, 0.83, 0.06),
    AgentPlan { status: "pending", ..agent(HEALTH, "Vaccination campaign", 0.0, 60.0, 0.9, 0.01) },
    AgentPlan { campaign: Some("autumn-readings"), ..agent(ENERGY, "Meter readings", 14.0, 74.0, 0.91, 0.02) },
    agent(
        ENERGY,
        "Outage reports and planned maintenance, northern and coastal service area including the islands, evenings and weekends",
        8.0,
        109.0,
        0.74,
        0.13,
    ),
    AgentPlan { status: "inactive", ..agent(ENERGY, "Tariff advice", 4.0, 203.0, 0.65, 0.17) },
];

/// One version of the story's agent.
pub(super) struct StoryVersion {
    pub(super) label: &'static str,
    pub(super) calls: usize,
    pub(super) answered: usize,
    /// Hangups by user, agent and system; they sum to the calls.
    pub(super) hangups: [usize; 3],
    /// Mean duration over all calls, and mean cost of a call.
    pub(super) mean_secs: f64,
    pub(super) cost: f64,
}

/// Two versions of one agent. The newer completes a little more of its calls, but not clearly; the
/// system ends clearly more of them; a call costs less while a minute costs more.
pub(super) const STORY: [StoryVersion; 2] = [
    StoryVersion { label: "v1", calls: 1250, answered: 1100, hangups: [700, 400, 150], mean_secs: 32.0, cost: 0.361 },
    StoryVersion { label: "v2", calls: 1400, answered: 1250, hangups: [780, 400, 220], mean_secs: 28.0, cost: 0.343 },
];
/// The second version of the story went live so many days before now.
const STORY_SWITCH_DAYS: i64 = 42;

/// When the older and the newer version of an agent went live, in days before now.
pub(super) fn switch_days(index: usize) -> i64 {
    if AGENTS.get(index).is_some_and(|agent| agent.is_story) {
        STORY_SWITCH_DAYS
    } else {
        12 + (index as i64 * 11) % 60
    }
}

pub(super) fn generate(seed: u64, now_ms: i64) -> Demo {
    let reseller = Reseller { id: id("reseller Meridian Voice"), name: "Meridian Voice".to_owned() };
    let organisation = |name: &str, zone: &str, reseller_id: Option<&Reseller>| Organisation {
        id: id(name),
        name: name.to_owned(),
        time_zone: zone.to_owned(),
        reseller_id: reseller_id.map(|reseller| reseller.id.clone()),
    };
    let organisations = vec![
        organisation(BANK, zone_with_clock_change(now_ms), Some(&reseller)),
        organisation(HEALTH, "Europe/Paris", Some(&reseller)),
        organisation(ENERGY, "America/Chicago", None),
    ];
    let agents = AGENTS.iter().map(|plan| Agent {
        id: id(plan.name),
        organisation_id: id(plan.organisation),
        name: plan.name.to_owned(),
        status: plan.status.to_owned(),
    });
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut calls = calls::generate(&mut rng, &organisations, now_ms);
    let mut details = Vec::new();
    for (number, call) in calls.iter_mut().enumerate() {
        if let Some((of_call, mean_ms)) = details::of(call, number) {
            call.latency_ms = Some(mean_ms.round());
            details.push((number, of_call));
        }
    }
    Demo { reseller, agents: agents.collect(), versions: versions(now_ms), calls, details, organisations }
}

fn versions(now_ms: i64) -> Vec<Version> {
    let of_agent = |(i, plan): (usize, &AgentPlan)| {
        let version = |label: &str, days: i64| {
            let is_new = label == "v2";
            let live_ms = now_ms - days * DAY_MS;
            let live = (plan.weight > 0.0 || plan.is_story).then_some(live_ms);
            let bare = Version::bare(version_id(plan.name, label), id(plan.name), label.to_owned(), live);
            Version {
                description: is_new.then(|| config::description(plan).to_owned()),
                config: config::of(plan, is_new).to_string(),
                // Published the day before it went live.
                published_ms: Some(live_ms - DAY_MS),
                published_by: Some("Robin Vale".to_owned()),
                ..bare
            }
        };
        [version("v1", DAYS + 20 + i as i64), version("v2", switch_days(i))]
    };
    AGENTS.iter().enumerate().flat_map(of_agent).collect()
}

pub(super) fn version_id(agent: &str, label: &str) -> String {
    id(&format!("{agent} {label}"))
}

/// A zone whose clock changed in the days that the demo shows, where there is one.
fn zone_with_clock_change(now_ms: i64) -> &'static str {
    let names = ["Europe/Berlin", "America/New_York", "Australia/Sydney", "America/Santiago"];
    let changed = |name: &&&str| {
        crate::zone(name, now_ms, now_ms).is_ok_and(|now| {
            let then = crate::zone(name, now_ms - DAYS * DAY_MS, now_ms - DAYS * DAY_MS);
            let secs = now_ms / 1000;
            then.is_ok_and(|then| then.offset_secs_at(secs - DAYS * 86_400) != now.offset_secs_at(secs))
        })
    };
    names.iter().find(changed).copied().unwrap_or("Europe/Berlin")
}
