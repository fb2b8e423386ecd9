//! The sample answers: a session and its calls, from which every report is computed on the page by
//! the same code that the server runs.

use callscope_core::Finding;
use callscope_core::calls::{Outcome, UsageFacts, UsageSummary};
use callscope_core::period::Zone;
use callscope_core::session::{self, Session};
use callscope_core::usage::wire::{Answer, Context, ReleaseMark};
use callscope_core::usage::{self, AgentEntry, UsageReport};
use callscope_core::wire::Field;
use serde::Deserialize;

use crate::api::{UsageRequest, get};
use crate::error::{ClientError, Problem};

/// The calls of the samples. Written by `cargo xtask sample`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SampleFile {
    /// The instant that counts as now, in Unix milliseconds.
    now_ms: i64,
    agents: Vec<SampleAgent>,
    reasons: Vec<String>,
    releases: Vec<SampleRelease>,
    calls: Vec<SampleCall>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SampleAgent {
    id: String,
    organisation_id: String,
    name: String,
    status: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SampleRelease {
    agent: usize,
    label: String,
    at_ms: i64,
}

/// Start (seconds before now), duration (ms), outcome, agent, reason, response time (ms), positive
/// sentiment, corrections, cached and all tokens, confidence, tool calls and their errors.
#[derive(Clone, Debug, Deserialize)]
struct SampleCall(
    i64,
    u64,
    usize,
    usize,
    Option<usize>,
    Option<f64>,
    Option<bool>,
    Option<u32>,
    Option<(u64, u64)>,
    Option<f64>,
    Option<(u64, u64)>,
);

/// The sample answers, loaded.
#[derive(Clone, Debug)]
pub struct Samples {
    session: Session,
    file: SampleFile,
}

impl Samples {
    /// Loads the samples from the folder beside the page.
    ///
    /// # Errors
    /// Where the files are not there or cannot be read.
    pub async fn load(folder: &str) -> Result<Self, ClientError> {
        let session = session::parse(&get(&format!("{folder}/session.json")).await?)?;
        let calls = get(&format!("{folder}/calls.json")).await?;
        let unreadable = |error| ClientError::new(Problem::BadAnswer, format!("The samples cannot be read: {error}."));
        Ok(Self { session, file: serde_json::from_slice(&calls).map_err(unreadable)? })
    }

    /// The instant that counts as now, in Unix milliseconds: the samples do not age.
    pub fn now_ms(&self) -> i64 {
        self.file.now_ms
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    pub(crate) fn usage(&self, request: &UsageRequest) -> Result<(UsageReport, Vec<Finding>), ClientError> {
        let zone = &request.zone;
        let narrowing = &request.asked.narrowing;
        let is_wanted = |agent: &SampleAgent| {
            self.is_in_scope(&agent.organisation_id, request)
                && narrowing.agent_id.as_ref().is_none_or(|wanted| agent.id == *wanted)
        };
        let mut summary = UsageSummary::default();
        for call in &self.file.calls {
            let Some(agent) = self.file.agents.get(call.3).filter(|agent| is_wanted(agent)) else { continue };
            let facts = self.facts(call, agent);
            let is_inside = (request.from_ms..=request.to_ms).contains(&facts.started_ms);
            if is_inside && narrowing.hour.is_none_or(|hour| zone.local(facts.started_ms).hour == hour) {
                summary.add(&facts, zone);
            }
        }
        let directory: Vec<AgentEntry> = self.file.agents.iter().filter(|agent| is_wanted(agent)).map(entry).collect();
        let context = Context {
            time_zone: zone.name().into(),
            agent_id: narrowing.agent_id.clone().into(),
            hour: narrowing.hour.map(f64::from).into(),
            releases: self.releases(request, zone, &is_wanted).into(),
            ..Context::default()
        };
        let data = usage::answer(&summary, request.asked.range, &directory);
        let answer = Answer { data: Field::Value(data), callscope: Field::Value(context) };
        Ok(usage::check_answer(answer, &request.asked)?)
    }

    fn is_in_scope(&self, organisation_id: &str, request: &UsageRequest) -> bool {
        let organisation = self.session.organisations.iter().find(|organisation| organisation.id == organisation_id);
        organisation.is_some_and(|organisation| {
            request.organisation_id.as_ref().is_none_or(|wanted| organisation.id == *wanted)
                && request.reseller_id.as_ref().is_none_or(|wanted| organisation.reseller_id.as_ref() == Some(wanted))
        })
    }

    fn facts<'s>(&'s self, call: &SampleCall, agent: &'s SampleAgent) -> UsageFacts<'s> {
        UsageFacts {
            started_ms: self.file.now_ms - call.0 * 1000,
            duration_ms: call.1,
            outcome: Outcome::ALL.get(call.2).copied().unwrap_or(Outcome::Other),
            agent_id: Some(&agent.id),
            response_ms: call.5,
            positive_sentiment: call.6,
            corrections: call.7,
            tokens: call.8,
            transcript_confidence: call.9,
            tool_calls: call.10,
            escalation_reason: call.4.and_then(|reason| self.file.reasons.get(reason)).map(String::as_str),
        }
    }

    fn releases(
        &self,
        request: &UsageRequest,
        zone: &Zone,
        is_wanted: &dyn Fn(&SampleAgent) -> bool,
    ) -> Vec<ReleaseMark> {
        let inside =
            self.file.releases.iter().filter(|release| (request.from_ms..=request.to_ms).contains(&release.at_ms));
        let mark = |release: &SampleRelease| {
            let agent = self.file.agents.get(release.agent).filter(|agent| is_wanted(agent))?;
            let date = callscope_core::period::iso_date(zone.local(release.at_ms).date);
            Some(ReleaseMark {
                date: date.into(),
                agent_name: agent.name.as_str().into(),
                label: release.label.as_str().into(),
            })
        };
        inside.filter_map(mark).collect()
    }
}

fn entry(agent: &SampleAgent) -> AgentEntry {
    AgentEntry { id: agent.id.clone(), name: agent.name.clone(), status: agent.status.clone() }
}
