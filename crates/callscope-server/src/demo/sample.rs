//! The demo as files beside the app, for looking around without a server.

use std::path::Path;

use anyhow::Context as _;
use callscope_core::calls::Outcome;
use callscope_core::session::{Session, SessionAnswer, SessionOrganisation, SessionReseller, SessionUser};
use serde_json::{Value, json};

use super::{Demo, SEED, generate};
use crate::db::CallRow;

/// The instant that counts as now in the samples: 2026-11-15 12:00 UTC.
const NOW_MS: i64 = 1_794_744_000_000;
/// One call in so many is kept: enough for every chart, small enough to load.
const ONE_IN: usize = 8;

/// Writes `session.json` and `calls.json` into a folder.
///
/// # Errors
/// Where a file cannot be written.
pub fn write(folder: &Path) -> anyhow::Result<()> {
    let demo = generate(SEED, NOW_MS);
    std::fs::create_dir_all(folder)?;
    for (name, value) in [("session.json", session(&demo)?), ("calls.json", calls(&demo))] {
        let path = folder.join(name);
        std::fs::write(&path, format!("{value}\n")).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn session(demo: &Demo) -> anyhow::Result<Value> {
    let organisation = |organisation: &crate::db::Organisation| SessionOrganisation {
        role: None,
        has_reports_only: false,
        sync: None,
        id: organisation.id.clone(),
        name: organisation.name.clone(),
        time_zone: organisation.time_zone.clone(),
        reseller_id: organisation.reseller_id.clone(),
    };
    let data = Session {
        user: SessionUser { email: String::new(), name: "Sample".to_owned() },
        organisations: demo.organisations.iter().map(organisation).collect(),
        resellers: vec![SessionReseller { id: demo.reseller.id.clone(), name: demo.reseller.name.clone() }],
    };
    Ok(serde_json::to_value(SessionAnswer { status: true, data })?)
}

fn calls(demo: &Demo) -> Value {
    let mut reasons: Vec<&str> = demo.calls.iter().filter_map(|call| call.escalation_reason.as_deref()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let agents = demo.agents.iter().map(|agent| {
        json!({"id": agent.id, "organisationId": agent.organisation_id, "name": agent.name, "status": agent.status})
    });
    let agent_index = |id: &str| demo.agents.iter().position(|agent| agent.id == id);
    let releases = demo.versions.iter().filter_map(|version| {
        let at_ms = version.activated_ms?;
        Some(json!({"agent": agent_index(&version.agent_id)?, "label": version.label, "atMs": at_ms}))
    });
    let kept = demo.calls.iter().step_by(ONE_IN);
    let rows = kept.filter_map(|call| Some(row(call, agent_index(call.agent_id.as_deref()?)?, &reasons)));
    json!({
        "nowMs": NOW_MS,
        "agents": agents.collect::<Vec<_>>(),
        "reasons": reasons,
        "releases": releases.collect::<Vec<_>>(),
        "calls": rows.collect::<Vec<_>>(),
    })
}

/// A call as a list, in the order that the client's samples read.
fn row(call: &CallRow, agent: usize, reasons: &[&str]) -> Value {
    let outcome = Outcome::ALL.into_iter().position(|outcome| outcome == call.outcome);
    let reason = call.escalation_reason.as_deref().and_then(|reason| reasons.iter().position(|known| *known == reason));
    let rounded = |value: Option<f64>, scale: f64| value.map(|value| (value * scale).round() / scale);
    json!([
        (NOW_MS - call.started_ms) / 1000,
        call.duration_ms,
        outcome,
        agent,
        reason,
        rounded(call.response_ms, 1.0),
        call.positive_sentiment,
        call.corrections,
        call.tokens,
        rounded(call.transcript_confidence, 1000.0),
        call.tool_calls,
    ])
}
