//! The sample answers: a session and its calls, from which every report is computed on the page by
//! the same code that the server runs.

use std::rc::Rc;

use callscope_core::Finding;
use callscope_core::calls::{Outcome, UsageFacts, UsageSummary};
use callscope_core::period::Zone;
use callscope_core::session::{self, Session};
use callscope_core::usage::wire::{Answer, Context, ReleaseMark};
use callscope_core::usage::{self, AgentEntry, UsageReport};
use callscope_core::wire::Field;
use serde_json::Value;

use crate::access::Access;
use crate::api::UsageRequest;
use crate::error::{ClientError, Problem};
use crate::local::Local;

/// The calls of the samples. Written by `cargo xtask sample`.
#[derive(Clone, Debug)]
struct SampleFile {
    /// The instant that counts as now, in Unix milliseconds.
    now_ms: i64,
    agents: Vec<SampleAgent>,
    reasons: Vec<String>,
    releases: Vec<SampleRelease>,
    /// Each a list: start (seconds before now), duration (ms), outcome, agent, reason, response time
    /// (ms), positive sentiment, corrections, cached and all tokens, confidence, tool calls and
    /// their errors.
    calls: Vec<Value>,
}

#[derive(Clone, Debug)]
struct SampleAgent {
    id: String,
    organisation_id: String,
    name: String,
    status: String,
}

#[derive(Clone, Debug)]
struct SampleRelease {
    agent: usize,
    label: String,
    at_ms: i64,
}

impl SampleFile {
    fn read(mut file: Value) -> Option<Self> {
        let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
        let agent = |value: &Value| {
            Some(SampleAgent {
                id: text(value, "id")?,
                organisation_id: text(value, "organisationId")?,
                name: text(value, "name")?,
                status: text(value, "status")?,
            })
        };
        let release = |value: &Value| {
            let at_ms = value.get("atMs")?.as_i64()?;
            Some(SampleRelease { agent: value.get("agent")?.as_u64()? as usize, label: text(value, "label")?, at_ms })
        };
        let list = |name: &str| file.get(name).and_then(Value::as_array);
        let reasons = list("reasons")?.iter().filter_map(|reason| reason.as_str().map(str::to_owned)).collect();
        let agents = list("agents")?.iter().map(agent).collect::<Option<_>>()?;
        let releases = list("releases")?.iter().map(release).collect::<Option<_>>()?;
        let now_ms = file.get("nowMs")?.as_i64()?;
        let Some(Value::Array(calls)) = file.get_mut("calls").map(Value::take) else { return None };
        Some(Self { now_ms, agents, reasons, releases, calls })
    }
}

/// Two counts that belong together.
fn pair(value: &Value) -> Option<(u64, u64)> {
    Some((value.get(0)?.as_u64()?, value.get(1)?.as_u64()?))
}

/// The files of the samples as they lie beside the page.
#[derive(Clone, Debug)]
pub struct SampleFiles {
    session: Rc<[u8]>,
    calls: Rc<[u8]>,
}

impl SampleFiles {
    /// Loads them from the folder beside the page.
    ///
    /// # Errors
    /// Where they are not there.
    pub async fn load(folder: &str) -> Result<Self, ClientError> {
        let access = Access::default();
        let session = access.get(&format!("{folder}/session.json")).await?;
        Ok(Self { session, calls: access.get(&format!("{folder}/calls.json")).await? })
    }
}

/// The sample answers, loaded.
#[derive(Clone, Debug)]
pub struct Samples {
    session: Session,
    file: SampleFile,
}

impl Samples {
    /// Reads the samples.
    ///
    /// # Errors
    /// Where they are not what they should be.
    pub fn read(files: &SampleFiles) -> Result<Self, ClientError> {
        let session = session::parse(&files.session)?;
        let file = serde_json::from_slice(&files.calls).ok().and_then(SampleFile::read);
        let unreadable = || ClientError::new(Problem::BadAnswer, "The samples cannot be read.");
        Ok(Self { session, file: file.ok_or_else(unreadable)? })
    }

    fn report(&self, request: &UsageRequest) -> Result<(UsageReport, Vec<Finding>), ClientError> {
        let zone = &request.zone;
        let narrowing = &request.asked.narrowing;
        let is_wanted = |agent: &SampleAgent| {
            self.is_in_scope(&agent.organisation_id, request)
                && narrowing.agent_id.as_ref().is_none_or(|wanted| agent.id == *wanted)
        };
        let mut summary = UsageSummary::default();
        for call in &self.file.calls {
            let Some((facts, agent)) = self.facts(call).filter(|(_, agent)| is_wanted(agent)) else { continue };
            let facts = UsageFacts { agent_id: Some(agent.id.as_str().into()), ..facts };
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

    /// The facts of a call and its agent; none where the call is not written as it should be.
    fn facts(&self, call: &Value) -> Option<(UsageFacts<'_>, &SampleAgent)> {
        let index = |place: usize| call.get(place)?.as_u64().map(|index| index as usize);
        let agent = self.file.agents.get(index(3)?)?;
        let started_ms = self.file.now_ms - call.get(0)?.as_i64()? * 1000;
        let facts = UsageFacts {
            response_ms: call.get(5)?.as_f64(),
            positive_sentiment: call.get(6)?.as_bool(),
            corrections: index(7).map(|corrections| corrections as u32),
            tokens: pair(call.get(8)?),
            transcript_confidence: call.get(9)?.as_f64(),
            tool_calls: pair(call.get(10)?),
            escalation_reason: index(4).and_then(|reason| self.file.reasons.get(reason)).map(String::as_str),
            ..UsageFacts::bare(started_ms, call.get(1)?.as_u64()?, *Outcome::ALL.get(index(2)?)?)
        };
        Some((facts, agent))
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

impl Local for Samples {
    fn session(&self) -> Session {
        self.session.clone()
    }

    /// The samples do not age.
    fn now_ms(&self) -> Option<i64> {
        Some(self.file.now_ms)
    }

    fn is_sample(&self) -> bool {
        true
    }

    fn usage(&self, request: &UsageRequest) -> Result<(UsageReport, Vec<Finding>), ClientError> {
        self.report(request)
    }
}

fn entry(agent: &SampleAgent) -> AgentEntry {
    AgentEntry { id: agent.id.clone(), name: agent.name.clone(), status: agent.status.clone() }
}
