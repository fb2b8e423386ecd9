//! The server's addresses, and what is asked at them.

use callscope_core::Finding;
use callscope_core::agents::{self, AgentSummary, AgentVersion};
use callscope_core::compare::{self, Comparison};
use callscope_core::people::CodeUse;
use callscope_core::period::{Zone, iso_date};
use callscope_core::session::{self, Credentials, Session};
use callscope_core::usage::{self, Asked, Narrowing, UsageReport};
use js_sys::{Date, encode_uri_component};
use wasm_bindgen::JsValue;

use crate::access::{Access, Method, json};
use crate::error::ClientError;

/// Agents of a page, and pages at most: a server that never ends its list does not hold the page up.
const PAGE: usize = 500;
const MOST_PAGES: usize = 20;

/// Where the parts of the API live, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bases {
    /// Agents, versions, calls: `/atoms/v1`.
    pub atoms: String,
    /// Usage metrics: `/v1`.
    pub usage: String,
    /// Sign-in: `/session`.
    pub session: String,
    /// What `/members` and `/audit` stand below; nothing for the root.
    pub people: String,
}

impl Default for Bases {
    fn default() -> Self {
        Self {
            atoms: "/atoms/v1".to_owned(),
            usage: "/v1".to_owned(),
            session: "/session".to_owned(),
            people: String::new(),
        }
    }
}

/// What a usage report is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageRequest {
    /// The organisation; none for all that may be seen.
    pub organisation_id: Option<String>,
    /// The reseller.
    pub reseller_id: Option<String>,
    /// The first instant, in Unix milliseconds.
    pub from_ms: i64,
    /// The last instant, itself inside.
    pub to_ms: i64,
    /// The zone by which days and hours are cut.
    pub zone: Zone,
    /// The days and what the report is narrowed to.
    pub asked: Asked,
}

/// What a comparison is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompareRequest {
    /// The agent.
    pub agent_id: String,
    /// Its two versions and the days.
    pub asked: compare::Asked,
    /// IANA name of the zone by which days are cut; none for the server's own.
    pub time_zone: Option<String>,
}

/// A server.
#[derive(Clone, Debug)]
pub struct Api {
    pub(crate) bases: Bases,
    pub(crate) access: Access,
}

impl Api {
    /// A server by its addresses.
    pub fn new(bases: Bases) -> Self {
        Self::with_access(bases, Access::default())
    }

    /// A server by its addresses, asked in another way than with the session cookie.
    pub fn with_access(bases: Bases, access: Access) -> Self {
        Self { bases, access }
    }

    /// The usage report of a scope and period, checked.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn usage(&self, request: &UsageRequest) -> Result<(UsageReport, Vec<Finding>), ClientError> {
        let url = format!("{}/metrics?{}", self.bases.usage, query(request));
        let bytes = self.access.get(&url).await?;
        Ok(usage::parse(&bytes, &request.asked)?)
    }

    /// All agents that may be seen, page by page; of one organisation where it is named.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn agents(&self, organisation_id: Option<&str>) -> Result<Vec<AgentSummary>, ClientError> {
        let mut agents: Vec<AgentSummary> = Vec::new();
        for page in 1..=MOST_PAGES {
            let pairs = [
                ("page", Some(page.to_string())),
                ("offset", Some(PAGE.to_string())),
                ("organizationId", organisation_id.map(str::to_owned)),
            ];
            let bytes = self.access.get(&format!("{}/agent?{}", self.bases.atoms, written(pairs))).await?;
            let (read, _) = agents::parse_agents(&bytes)?;
            let is_last = read.entries.is_empty() || read.total.is_none_or(|total| total <= (page * PAGE) as u64);
            agents.extend(read.entries);
            if is_last {
                break;
            }
        }
        Ok(agents)
    }

    /// The newest published versions of an agent, at most 100, the newest first.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn versions(&self, agent_id: &str) -> Result<Vec<AgentVersion>, ClientError> {
        crate::versioning::published(self, agent_id, 100, false).await
    }

    /// The comparison of two versions, checked.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn compare(&self, request: &CompareRequest) -> Result<(Comparison, Vec<Finding>), ClientError> {
        let CompareRequest { agent_id, asked, time_zone } = request;
        let pairs = [
            ("versionA", Some(asked.version_a.clone())),
            ("versionB", Some(asked.version_b.clone())),
            ("dateFrom", asked.range.map(|range| iso_date(range.first()))),
            ("dateTo", asked.range.map(|range| iso_date(range.last()))),
            ("timeZone", time_zone.clone()),
        ];
        let agent = encoded(agent_id);
        let url = format!("{}/agent/{agent}/versions/compare-metrics?{}", self.bases.atoms, written(pairs));
        Ok(compare::parse(&self.access.get(&url).await?, asked)?)
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// [`SignedOut`](crate::Problem::SignedOut) where nobody is; else what failed.
    pub async fn session(&self) -> Result<Session, ClientError> {
        Ok(session::parse(&self.access.get(&self.bases.session).await?)?)
    }

    /// Signs in.
    ///
    /// # Errors
    /// [`SignedOut`](crate::Problem::SignedOut) where address or password is wrong; else what failed.
    pub async fn sign_in(&self, credentials: &Credentials) -> Result<Session, ClientError> {
        self.begin(&self.bases.session, &json(credentials)?).await
    }

    /// Uses a code: one comes to an organisation, or sets another password. Signed in then.
    ///
    /// # Errors
    /// [`SignedOut`](crate::Problem::SignedOut) where address, code or password is wrong; else what failed.
    pub async fn use_code(&self, used: &CodeUse) -> Result<Session, ClientError> {
        self.begin(&format!("{}/code", self.bases.session), &json(used)?).await
    }

    async fn begin(&self, url: &str, body: &str) -> Result<Session, ClientError> {
        Ok(session::parse(&self.access.send(Method::Post, url, Some(body.to_owned())).await?)?)
    }

    /// Signs out.
    ///
    /// # Errors
    /// Says what failed; the session may then still be open.
    pub async fn sign_out(&self) -> Result<(), ClientError> {
        self.access.send(Method::Delete, &self.bases.session, None).await.map(drop)
    }
}

/// An instant as addresses hold it.
pub(crate) fn instant(ms: i64) -> String {
    Date::new(&JsValue::from_f64(ms as f64)).to_iso_string().into()
}

fn query(request: &UsageRequest) -> String {
    let Narrowing { agent_id, hour } = &request.asked.narrowing;
    let pairs = [
        ("startDate", Some(instant(request.from_ms))),
        ("endDate", Some(instant(request.to_ms))),
        ("timeZone", Some(request.zone.name().to_owned())),
        ("organizationId", request.organisation_id.clone()),
        ("resellerId", request.reseller_id.clone()),
        ("agentId", agent_id.clone()),
        ("hour", hour.map(|hour| hour.to_string())),
    ];
    written(pairs)
}

/// A query of the parameters that are given.
pub(crate) fn written<const N: usize>(pairs: [(&str, Option<String>); N]) -> String {
    let pairs = pairs.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", encoded(&value?))));
    pairs.collect::<Vec<_>>().join("&")
}

/// A text as a part of an address.
pub(crate) fn encoded(text: &str) -> String {
    encode_uri_component(text).into()
}
