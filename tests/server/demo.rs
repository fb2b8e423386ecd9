//! The demo data: the same each time, of the promised size, with everything planted in it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use callscope_core::calls::Outcome;
use callscope_core::period::{Date, Weekday, Zone, add_days, iso_date};
use callscope_core::stats::{Proportion, newcombe};
use callscope_server::db::{CallRow, Database};
use callscope_server::demo::{ACCOUNT, Demo, SECOND_ACCOUNT, SEED, fill, generate};
use callscope_server::http::Config;

use super::app::{Ask, TestApp, at};

const NOW: &str = "2026-11-21T09:00:00Z";
const DAY_MS: i64 = 86_400_000;
const STORY: &str = "Card services";

static DEMO: LazyLock<Demo> = LazyLock::new(|| generate(SEED, at(NOW)));

fn days_ago(call: &CallRow) -> i64 {
    (at(NOW) - call.started_ms) / DAY_MS
}

fn zone(name: &str) -> Zone {
    callscope_server::zone(name, at(NOW) - 91 * DAY_MS, at(NOW)).unwrap()
}

/// Each call with the local time at its organisation.
fn local_calls() -> impl Iterator<Item = (&'static CallRow, Date, u8)> {
    let zones: BTreeMap<&str, Zone> = DEMO
        .organisations
        .iter()
        .map(|organisation| (organisation.id.as_str(), zone(&organisation.time_zone)))
        .collect();
    DEMO.calls.iter().map(move |call| {
        let local = zones[call.organisation_id.as_str()].local(call.started_ms);
        (call, local.date, local.hour)
    })
}

fn agent_id(name: &str) -> &'static str {
    DEMO.agents.iter().find(|agent| agent.name == name).map(|agent| agent.id.as_str()).unwrap()
}

fn calls_of(agent: &str) -> Vec<&'static CallRow> {
    DEMO.calls.iter().filter(|call| call.agent_id.as_deref() == Some(agent)).collect()
}

fn has_telemetry(call: &CallRow) -> bool {
    call.response_ms.is_some()
        || call.positive_sentiment.is_some()
        || call.corrections.is_some()
        || call.tokens.is_some()
        || call.transcript_confidence.is_some()
        || call.tool_calls.is_some()
}

fn share(calls: &[&CallRow], holds: impl Fn(&CallRow) -> bool) -> f64 {
    calls.iter().filter(|call| holds(call)).count() as f64 / calls.len() as f64
}

#[test]
fn the_same_seed_and_now_give_the_same() {
    let again = generate(SEED, at(NOW));
    assert!(again.calls == DEMO.calls, "the calls differ");
    assert_eq!((&again.agents, &again.versions), (&DEMO.agents, &DEMO.versions));
    assert_eq!((&again.organisations, &again.reseller), (&DEMO.organisations, &DEMO.reseller));
    assert!(generate(SEED + 1, at(NOW)).calls != DEMO.calls, "another seed gives the same");
    // Another moment moves the calls along, and leaves the ids of everything as they were.
    let later = generate(SEED, at(NOW) + 3_600_000);
    assert!(later.calls != DEMO.calls, "another moment gives the same");
    assert_eq!((&later.agents, &later.organisations), (&DEMO.agents, &DEMO.organisations));
}

#[test]
fn there_are_three_organisations_of_which_two_share_a_reseller() {
    let resellers: Vec<Option<&str>> =
        DEMO.organisations.iter().map(|organisation| organisation.reseller_id.as_deref()).collect();
    assert_eq!(resellers, [Some(DEMO.reseller.id.as_str()), Some(DEMO.reseller.id.as_str()), None]);
    let zones: BTreeSet<&str> = DEMO.organisations.iter().map(|organisation| organisation.time_zone.as_str()).collect();
    assert_eq!(zones.len(), 3, "{zones:?}");
}

#[test]
fn there_are_fourteen_agents_of_every_kind() {
    assert_eq!(DEMO.agents.len(), 14);
    assert_eq!(DEMO.agents.iter().map(|agent| &agent.id).collect::<BTreeSet<_>>().len(), 14);
    let organisations: BTreeSet<&str> =
        DEMO.organisations.iter().map(|organisation| organisation.id.as_str()).collect();
    assert!(DEMO.agents.iter().all(|agent| organisations.contains(agent.organisation_id.as_str())));
    let of_status = |status: &str| DEMO.agents.iter().filter(|agent| agent.status == status).collect::<Vec<_>>();
    let counts = ["active", "deleted", "pending", "inactive"].map(|status| of_status(status).len());
    assert_eq!(counts, [11, 1, 1, 1]);
    assert!(!calls_of(&of_status("deleted")[0].id).is_empty(), "the deleted agent has no calls");
    let idle: Vec<&str> =
        DEMO.agents.iter().filter(|agent| calls_of(&agent.id).is_empty()).map(|agent| agent.name.as_str()).collect();
    assert_eq!(idle, ["Vaccination campaign"]);
    let longest = DEMO.agents.iter().map(|agent| agent.name.chars().count()).max();
    assert!(longest > Some(100), "{longest:?}");
    for (script, letters) in [("Latin with marks", 'À'..='ÿ'), ("Hebrew", 'א'..='ת'), ("Japanese", '一'..='龯')] {
        let holds = |name: &str| name.chars().any(|letter| letters.contains(&letter));
        assert!(DEMO.agents.iter().any(|agent| holds(&agent.name)), "no name is {script}");
    }
}

#[test]
fn there_are_forty_thousand_calls_that_fit_together() {
    assert_eq!(DEMO.calls.len(), 40_000);
    assert_eq!(DEMO.calls.iter().map(|call| &call.id).collect::<BTreeSet<_>>().len(), 40_000);
    let organisation_of: BTreeMap<&str, &str> =
        DEMO.agents.iter().map(|agent| (agent.id.as_str(), agent.organisation_id.as_str())).collect();
    let agent_of: BTreeMap<&str, &str> =
        DEMO.versions.iter().map(|version| (version.id.as_str(), version.agent_id.as_str())).collect();
    for call in &DEMO.calls {
        let agent = call.agent_id.as_deref().unwrap();
        assert_eq!(organisation_of[agent], call.organisation_id, "{call:?}");
        assert_eq!(agent_of[call.version_id.as_deref().unwrap()], agent, "{call:?}");
        assert!(call.started_ms >= at(NOW) - 90 * DAY_MS && call.started_ms < at(NOW), "{call:?}");
        assert!(["completed", "no_answer", "failed"].contains(&call.status.as_str()), "{call:?}");
        assert!(call.disconnection_reason.is_some() && call.cost.is_some_and(|cost| cost > 0.0), "{call:?}");
        assert!(call.status == "completed" || !has_telemetry(call) || call.duration_ms > 0, "{call:?}");
        assert!(call.tokens.is_none_or(|(cached, all)| cached <= all), "{call:?}");
        assert!(call.tool_calls.is_none_or(|(made, failed)| failed <= made), "{call:?}");
    }
    let busy: BTreeSet<i64> = DEMO.calls.iter().map(days_ago).collect();
    assert_eq!(busy, (0..90).collect(), "every day has calls");
}

#[test]
fn days_and_hours_are_busy_as_they_are() {
    let (mut by_weekday, mut by_hour) = (BTreeMap::<u8, usize>::new(), [0_usize; 24]);
    // Twelve whole weeks, so that every weekday comes as often.
    let weeks = local_calls().filter(|(call, ..)| (1..85).contains(&days_ago(call)));
    for (_, date, hour) in weeks {
        let number = match date.weekday() {
            Weekday::Monday => 0,
            Weekday::Saturday => 2,
            Weekday::Sunday => 3,
            _ => 1,
        };
        *by_weekday.entry(number).or_default() += 1;
        by_hour[usize::from(hour)] += 1;
    }
    let (monday, others, saturday, sunday) = (by_weekday[&0], by_weekday[&1] / 4, by_weekday[&2], by_weekday[&3]);
    assert!(monday > others && others > saturday && saturday > sunday, "{by_weekday:?}");
    assert!(sunday * 6 > monday && sunday * 3 < monday, "{by_weekday:?}");
    let busiest = (0..24).max_by_key(|hour| by_hour[*hour]).unwrap();
    assert!((9..=11).contains(&busiest), "{by_hour:?}");
    assert!(by_hour[12] < by_hour[11] && by_hour[12] < by_hour[14], "lunch is quieter: {by_hour:?}");
    assert!((1..5).all(|hour| by_hour[hour] * 20 < by_hour[10]), "{by_hour:?}");
}

#[test]
fn the_clock_of_an_organisation_changes_within_the_days() {
    for now in [NOW, "2026-05-20T12:00:00Z", "2027-04-20T00:00:00Z", "2025-12-15T23:00:00Z"] {
        let demo = generate(SEED, at(now));
        let changes = |name: &str| {
            let zone = callscope_server::zone(name, at(now) - 90 * DAY_MS, at(now)).unwrap();
            zone.offset_secs_at(at(now) / 1000) != zone.offset_secs_at(at(now) / 1000 - 90 * 86_400)
        };
        let bank = &demo.organisations[0];
        assert!(changes(&bank.time_zone), "{now}: {}", bank.time_zone);
        assert_eq!(demo.calls.len(), 40_000, "{now}");
    }
    let bank = &DEMO.organisations[0];
    assert_eq!(bank.time_zone, "Europe/Berlin");
    // On the day itself calls come at both sides of the change.
    let change = at("2026-10-25T01:00:00Z");
    let on_the_day = |call: &&CallRow| call.organisation_id == bank.id && (call.started_ms - change).abs() < DAY_MS / 2;
    let (before, after): (Vec<_>, Vec<_>) =
        DEMO.calls.iter().filter(on_the_day).partition(|call| call.started_ms < change);
    assert!(before.len() > 5 && after.len() > 20, "{} {}", before.len(), after.len());
}

#[test]
fn one_day_shows_an_outage() {
    for organisation in &DEMO.organisations {
        let outage = add_days(zone(&organisation.time_zone).local(at(NOW)).date, -9);
        let mut by_day: BTreeMap<Date, Vec<&CallRow>> = BTreeMap::new();
        let story = agent_id(STORY);
        let ordinary = local_calls()
            .filter(|(call, ..)| call.organisation_id == organisation.id && call.agent_id.as_deref() != Some(story));
        for (call, date, _) in ordinary {
            by_day.entry(date).or_default().push(call);
        }
        assert!(by_day[&outage].len() > 50, "{}: {}", organisation.name, by_day[&outage].len());
        for (date, calls) in by_day.iter().filter(|(_, calls)| calls.len() > 20) {
            let resolved = share(calls, |call| call.outcome == Outcome::Resolved);
            let is_out = *date == outage;
            assert!(
                if is_out { resolved < 0.3 } else { resolved > 0.5 },
                "{} {}: {resolved}",
                organisation.name,
                iso_date(*date)
            );
        }
        let failed = share(&by_day[&outage], |call| call.outcome == Outcome::Other);
        assert!(failed > 0.3, "{}: {failed}", organisation.name);
    }
}

#[test]
fn two_weeks_have_no_telemetry() {
    let (without, with): (Vec<&CallRow>, Vec<&CallRow>) =
        DEMO.calls.iter().partition(|call| (52..66).contains(&days_ago(call)));
    assert!(without.len() > 4000, "{}", without.len());
    let agents: BTreeSet<&str> = without
        .iter()
        .filter(|call| has_telemetry(call))
        .map(|call| DEMO.agents.iter().find(|agent| Some(&agent.id) == call.agent_id.as_ref()).unwrap().name.as_str())
        .collect();
    assert_eq!(agents, BTreeSet::new(), "these kept telemetry all the same");
    let talked: Vec<&CallRow> = with.into_iter().filter(|call| call.duration_ms > 0).collect();
    assert!(share(&talked, has_telemetry) > 0.99);
    // Where there is telemetry, not every part of it is known.
    let felt = share(&talked, |call| call.positive_sentiment.is_some());
    assert!((0.88..0.96).contains(&felt), "{felt}");
}

#[test]
fn hand_overs_have_reasons_but_not_all() {
    let transferred: Vec<&CallRow> = DEMO.calls.iter().filter(|call| call.outcome == Outcome::Transferred).collect();
    let reasons: BTreeSet<&str> = transferred.iter().filter_map(|call| call.escalation_reason.as_deref()).collect();
    assert_eq!(reasons.len(), 7, "{reasons:?}");
    let known = share(&transferred, |call| call.escalation_reason.is_some());
    assert!((0.8..0.95).contains(&known), "{known}");
    let others = DEMO.calls.iter().filter(|call| call.outcome != Outcome::Transferred);
    assert_eq!(others.filter(|call| call.escalation_reason.is_some()).count(), 0);
}

#[test]
fn every_agent_with_calls_has_two_versions_with_calls() {
    for agent in &DEMO.agents {
        let versions: Vec<_> = DEMO.versions.iter().filter(|version| version.agent_id == agent.id).collect();
        let calls = calls_of(&agent.id);
        assert_eq!(
            versions.iter().map(|version| version.label.as_str()).collect::<Vec<_>>(),
            ["v1", "v2"],
            "{}",
            agent.name
        );
        if calls.is_empty() {
            assert!(versions.iter().all(|version| version.activated_ms.is_none()), "{}", agent.name);
            continue;
        }
        let [old, new] = [0, 1].map(|index| versions[index].activated_ms.unwrap());
        assert!(old < at(NOW) - 90 * DAY_MS && (at(NOW) - 90 * DAY_MS..at(NOW)).contains(&new), "{}", agent.name);
        for version in versions {
            let its: Vec<_> = calls.iter().filter(|call| call.version_id.as_ref() == Some(&version.id)).collect();
            assert!(its.len() >= 20, "{} {}: {}", agent.name, version.label, its.len());
            let live = if version.label == "v1" { old..new } else { new..at(NOW) };
            let outside = its.iter().filter(|call| !live.contains(&call.started_ms)).count();
            assert_eq!(outside, 0, "{} {}", agent.name, version.label);
        }
    }
}

/// A version of the story in exact numbers: label, calls, answered, hangups by user, agent and
/// system, mean duration in seconds, mean cost.
type Told = (&'static str, usize, usize, [usize; 3], f64, f64);

const TOLD: [Told; 2] =
    [("v1", 1250, 1100, [700, 400, 150], 32.0, 0.361), ("v2", 1400, 1250, [780, 400, 220], 28.0, 0.343)];

#[test]
fn the_story_has_its_exact_numbers() {
    let all = calls_of(agent_id(STORY));
    assert_eq!(all.len(), 1250 + 1400);
    for (label, calls, answered, hangups, mean_secs, cost) in TOLD {
        let version =
            DEMO.versions.iter().find(|version| version.agent_id == agent_id(STORY) && version.label == label);
        let id = &version.unwrap().id;
        let its: Vec<&CallRow> = all.iter().copied().filter(|call| call.version_id.as_ref() == Some(id)).collect();
        assert_eq!(its.len(), calls, "{label}");
        assert_eq!(its.iter().filter(|call| call.status == "completed").count(), answered, "{label}");
        let ended_by =
            |reason: &str| its.iter().filter(|call| call.disconnection_reason.as_deref() == Some(reason)).count();
        assert_eq!(["user_hangup", "agent_hangup", "system_error"].map(ended_by), hangups, "{label}");
        let mean = its.iter().map(|call| call.duration_ms as f64 / 1000.0).sum::<f64>() / calls as f64;
        assert!((mean - mean_secs).abs() < 0.001, "{label}: {mean}");
        let mean = its.iter().filter_map(|call| call.cost).sum::<f64>() / calls as f64;
        assert!((mean - cost).abs() < 1e-9, "{label}: {mean}");
        let spread: BTreeSet<u64> = its.iter().map(|call| call.duration_ms).collect();
        assert!(spread.len() > 500, "{label}: durations are of a kind");
    }
}

#[test]
fn the_story_is_what_it_says_it_is() {
    let of = |number: usize, trials: usize| Proportion { successes: number as u64, trials: trials as u64 };
    let [
        (_, calls_a, answered_a, [.., system_a], secs_a, cost_a),
        (_, calls_b, answered_b, [.., system_b], secs_b, cost_b),
    ] = TOLD;
    let completion = newcombe(of(answered_a, calls_a), of(answered_b, calls_b)).unwrap();
    assert!(!completion.excludes_zero() && answered_b * calls_a > answered_a * calls_b, "{completion:?}");
    let system = newcombe(of(system_a, calls_a), of(system_b, calls_b)).unwrap();
    assert!(system.excludes_zero() && system_b * calls_a > system_a * calls_b, "{system:?}");
    assert!(cost_b < cost_a && cost_b / secs_b > cost_a / secs_a, "a call costs less, a minute more");
}

async fn total(app: &TestApp, token: &str, query: &str) -> u64 {
    let report = app.report(&format!("startDate=2026-08-22&endDate=2026-11-21&timeZone=UTC{query}"), token).await;
    report["data"]["metrics"]["totalCalls"].as_u64().unwrap()
}

#[tokio::test]
async fn filled_into_a_database_it_is_seen_by_two_accounts() {
    let db = Database::in_memory().await.unwrap();
    assert!(fill(&db, SEED, at(NOW)).await.unwrap());
    assert!(!fill(&db, SEED + 1, at(NOW) + DAY_MS).await.unwrap(), "what is there is left as it is");
    assert_eq!(db.count_calls().await.unwrap(), 40_000);
    let app = TestApp::over(db, Config::default());
    let sign_in = async |(email, password): (&str, &str)| {
        let answer = app.send(Ask::sign_in(email, password)).await;
        (answer.token(), callscope_core::session::parse(&answer.body).unwrap())
    };
    let (token, session) = sign_in(ACCOUNT).await;
    let names: Vec<&str> = session.organisations.iter().map(|organisation| organisation.name.as_str()).collect();
    assert_eq!(names, ["Harbour Health", "Lumen Energy", "North Star Bank"]);
    assert_eq!(session.resellers.iter().map(|reseller| &reseller.name).collect::<Vec<_>>(), ["Meridian Voice"]);
    assert_eq!(total(&app, &token, "").await, 40_000);
    let mut summed = [0, 0];
    for organisation in &session.organisations {
        let expected = DEMO.calls.iter().filter(|call| call.organisation_id == organisation.id).count() as u64;
        assert_eq!(total(&app, &token, &format!("&organizationId={}", organisation.id)).await, expected);
        summed[usize::from(organisation.reseller_id.is_some())] += expected;
    }
    assert_eq!(summed.iter().sum::<u64>(), 40_000);
    assert_eq!(total(&app, &token, &format!("&resellerId={}", DEMO.reseller.id)).await, summed[1]);
    let (second, narrow) = sign_in(SECOND_ACCOUNT).await;
    let health = &narrow.organisations[0];
    assert_eq!((narrow.organisations.len(), health.name.as_str(), narrow.resellers.len()), (1, "Harbour Health", 0));
    let expected = DEMO.calls.iter().filter(|call| call.organisation_id == health.id).count() as u64;
    assert_eq!(total(&app, &second, "").await, expected);
    for organisation in session.organisations.iter().filter(|organisation| organisation.id != health.id) {
        let ask = Ask::get(&format!("/v1/metrics?organizationId={}", organisation.id)).token(&second);
        app.send(ask).await.check_error(403, "organizationId: you may not see this organisation");
    }
    let ask = Ask::get(&format!("/v1/metrics?resellerId={}", DEMO.reseller.id)).token(&second);
    app.send(ask).await.check_error(403, "resellerId: you may not see this reseller");
    let ask = Ask::get(&format!("/v1/metrics?agentId={}", agent_id(STORY))).token(&second);
    app.send(ask).await.check_error(403, "agentId: there is no such agent among those that you may see");
}

#[tokio::test]
async fn a_filling_that_broke_off_is_finished_by_the_next() {
    let db = Database::in_memory().await.unwrap();
    // The program ended between its two accounts: the second is there, the one that says "complete" is not.
    db.add_user(SECOND_ACCOUNT.0, "Noor Haddad", SECOND_ACCOUNT.1).await.unwrap();
    let filled = fill(&db, SEED, at(NOW)).await.map_err(|error| error.to_string());
    assert_eq!(filled, Ok(true));
    let app = TestApp::over(db, Config::default());
    for ((email, password), organisations) in [(ACCOUNT, 3), (SECOND_ACCOUNT, 1)] {
        let answer = app.send(Ask::sign_in(email, password)).await;
        let session = callscope_core::session::parse(&answer.body).unwrap();
        assert_eq!(session.organisations.len(), organisations, "{email}");
    }
}
