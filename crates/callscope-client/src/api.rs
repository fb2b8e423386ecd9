//! The server's addresses and how they are asked.

use callscope_core::Finding;
use callscope_core::agents::{self, AgentSummary, AgentVersion};
use callscope_core::compare::{self, Comparison};
use callscope_core::people::CodeUse;
use callscope_core::period::{Zone, iso_date};
use callscope_core::session::{self, Credentials, Session};
use callscope_core::usage::{self, Asked, Narrowing, UsageReport};
use futures_util::future::{Either, select};
use gloo_net::http::{Request, RequestBuilder, Response};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Date, encode_uri_component};
use wasm_bindgen::JsValue;
use web_sys::RequestCredentials;

use crate::cancel::AbortOnDrop;
use crate::error::{ClientError, Problem};
use crate::retry::{Failure, with_retries};

/// An attempt that takes longer is given up.
const TIMEOUT_MS: u32 = 30_000;
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
}

impl Api {
    /// A server by its addresses.
    pub fn new(bases: Bases) -> Self {
        Self { bases }
    }

    /// The usage report of a scope and period, checked.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn usage(&self, request: &UsageRequest) -> Result<(UsageReport, Vec<Finding>), ClientError> {
        let url = format!("{}/metrics?{}", self.bases.usage, query(request));
        let bytes = get(&url).await?;
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
            let bytes = get(&format!("{}/agent?{}", self.bases.atoms, written(pairs))).await?;
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
        Ok(compare::parse(&get(&url).await?, asked)?)
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// [`Problem::SignedOut`] where nobody is; else what failed.
    pub async fn session(&self) -> Result<Session, ClientError> {
        Ok(session::parse(&get(&self.bases.session).await?)?)
    }

    /// Signs in.
    ///
    /// # Errors
    /// [`Problem::SignedOut`] where address or password is wrong; else what failed.
    pub async fn sign_in(&self, credentials: &Credentials) -> Result<Session, ClientError> {
        self.begin(&self.bases.session, &json(credentials)?).await
    }

    /// Uses a code: one comes to an organisation, or sets another password. Signed in then.
    ///
    /// # Errors
    /// [`Problem::SignedOut`] where address, code or password is wrong; else what failed.
    pub async fn use_code(&self, used: &CodeUse) -> Result<Session, ClientError> {
        self.begin(&format!("{}/code", self.bases.session), &json(used)?).await
    }

    async fn begin(&self, url: &str, body: &str) -> Result<Session, ClientError> {
        let request = |builder| with_body(builder, body);
        let bytes = attempt(Request::post(url), request).await.map_err(|failure| failure.error)?;
        Ok(session::parse(&bytes)?)
    }

    /// Signs out.
    ///
    /// # Errors
    /// Says what failed; the session may then still be open.
    pub async fn sign_out(&self) -> Result<(), ClientError> {
        let done = attempt(Request::delete(&self.bases.session), RequestBuilder::build).await;
        done.map(|_| ()).map_err(|failure| failure.error)
    }
}

/// Reads an address, again where that can help.
pub(crate) async fn get(url: &str) -> Result<Vec<u8>, ClientError> {
    with_retries(|| attempt(Request::get(url), RequestBuilder::build)).await
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

/// What a request does to what stands at its address.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Method {
    Post,
    Put,
    Patch,
    Delete,
}

/// Changes something, once: where the answer is lost, the change may still have been made.
pub(crate) async fn send(method: Method, url: &str, body: Option<String>) -> Result<Vec<u8>, ClientError> {
    let builder = match method {
        Method::Post => Request::post(url),
        Method::Put => Request::put(url),
        Method::Patch => Request::patch(url),
        Method::Delete => Request::delete(url),
    };
    let finish = |builder: RequestBuilder| match &body {
        Some(body) => with_body(builder, body),
        None => builder.build(),
    };
    attempt(builder, finish).await.map_err(|failure| failure.error)
}

/// Asks by a body what does not fit into an address, or must not stand in one; again where that can help.
pub(crate) async fn ask(url: &str, body: &impl serde::Serialize) -> Result<Vec<u8>, ClientError> {
    let body = json(body)?;
    with_retries(|| attempt(Request::post(url), |builder| with_body(builder, &body))).await
}

/// Something as JSON.
pub(crate) fn json(body: &impl serde::Serialize) -> Result<String, ClientError> {
    let wrong = |_| ClientError::new(Problem::BadRequest, "The question cannot be written.");
    serde_json::to_string(body).map_err(wrong)
}

fn with_body(builder: RequestBuilder, body: &str) -> Result<Request, gloo_net::Error> {
    builder.header("Content-Type", "application/json").body(body)
}

/// Makes a request once, with the session cookie, a time limit, and an abort when dropped.
async fn attempt(
    builder: RequestBuilder,
    finish: impl Fn(RequestBuilder) -> Result<Request, gloo_net::Error>,
) -> Result<Vec<u8>, Failure> {
    let abort = AbortOnDrop::new();
    let builder = builder
        .credentials(RequestCredentials::Include)
        .header("Accept", "application/json")
        .abort_signal(abort.signal().as_ref());
    let request = finish(builder).map_err(|_| network())?;
    let answer = Box::pin(async {
        let response = request.send().await.map_err(|_| network())?;
        read(&response).await
    });
    match select(answer, TimeoutFuture::new(TIMEOUT_MS)).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => {
            let sentence = format!("The server did not answer within {} seconds.", TIMEOUT_MS / 1000);
            Err(Failure { error: ClientError::new(Problem::Timeout, sentence), status: None })
        }
    }
}

async fn read(response: &Response) -> Result<Vec<u8>, Failure> {
    let status = response.status();
    // A connection that breaks off in the body shows here.
    let bytes = response.binary().await.map_err(|_| network())?;
    if response.ok() {
        return Ok(bytes);
    }
    if session::parse_error_type(&bytes).as_deref() == Some("versioning_v2_migration_required") {
        return Err(Failure { error: ClientError::branches(), status: Some(status) });
    }
    let retry_after = response.headers().get("Retry-After").and_then(|text| text.trim().parse().ok());
    let error = ClientError::of_status(status, &session::parse_errors(&bytes), retry_after);
    Err(Failure { error, status: Some(status) })
}

fn network() -> Failure {
    let sentence = "The server cannot be reached, or the connection broke off.";
    Failure { error: ClientError::new(Problem::Network, sentence), status: None }
}
