//! Requests to a vendor: bounded in size, time and number, tried again where that can help, and never with the
//! key in anything that is written down.

use std::sync::Arc;
use std::time::Duration;

use rand::Rng as _;
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde::de::IgnoredAny;
use tokio::sync::Semaphore;

use super::key::{Base, Key};
use super::oauth::ClientCredentials;

/// Requests under way at once.
const MOST_AT_ONCE: usize = 4;
/// No answer of the vendor is longer.
const MOST_BYTES: usize = 64 << 20;
/// Nobody waits longer because a server asks for it.
const LONGEST_WAIT: Duration = Duration::from_mins(5);
/// Nobody at a page waits longer for others to be answered first.
const LONGEST_TURN: Duration = Duration::from_secs(5);

/// How long a request may take, and how often it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// A request with its whole answer.
    pub request: Duration,
    /// The wait before the second try; each further one is twice as long.
    pub first_wait: Duration,
    /// Tries in all.
    pub tries: u32,
}

impl Patience {
    /// Somebody waits at a terminal.
    pub const AT_A_TERMINAL: Self =
        Self { request: Duration::from_secs(15), first_wait: Duration::from_millis(500), tries: 3 };
    /// Somebody waits before a page, and can ask again.
    pub const AT_A_PAGE: Self =
        Self { request: Duration::from_secs(10), first_wait: Duration::from_millis(250), tries: 2 };
}

impl Default for Patience {
    fn default() -> Self {
        Self { request: Duration::from_mins(1), first_wait: Duration::from_millis(500), tries: 8 }
    }
}

/// Why a vendor gave no answer. None of it holds a key or a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VendorError {
    /// The key is none, or none any more.
    #[error("the vendor does not accept the key (401): it is wrong, expired or withdrawn")]
    Unauthorized,
    /// The key may not see it.
    #[error("the key may not see {0} (403)")]
    Forbidden(String),
    /// There is no such thing.
    #[error("the vendor has no {0} (404)")]
    NotFound(String),
    /// It was not asked, or led elsewhere: nothing was done.
    #[error("it was not asked: {0}")]
    NotSent(&'static str),
    /// The account has branches, not versions.
    #[error("this account has branches, not versions (409)")]
    Branches,
    /// It was tried often enough.
    #[error("{path}: {why}, {tries} times in a row")]
    GaveUp {
        /// What was asked for.
        path: String,
        /// What went wrong last.
        why: String,
        /// How often it was tried.
        tries: u32,
    },
    /// The answer is another than it may be.
    #[error("{path}: {why}")]
    BadAnswer {
        /// What was asked for.
        path: String,
        /// What is wrong with it.
        why: String,
    },
}

/// What a vendor answered to something that was passed on, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forwarded {
    /// The status.
    pub status: u16,
    /// The JSON.
    pub bytes: Vec<u8>,
    /// How long to wait before asking again, in seconds, where it says so.
    pub retry_after_secs: Option<u64>,
}

/// How a request shows that it may be made.
#[derive(Clone, Debug)]
pub(super) enum Auth {
    Key(Key),
    Token(Arc<ClientCredentials>),
}

/// Why one try gave no answer.
pub(super) enum Stopped {
    /// It may go well another time, and not before this.
    Again(String, Option<Duration>),
    /// There is no connection; it may go well another time.
    Unsent,
    Failed(VendorError),
}

/// Asks a vendor. Clones share the connections and the limit of requests under way.
#[derive(Clone, Debug)]
pub(super) struct Fetch {
    http: reqwest::Client,
    base: Base,
    auth: Auth,
    patience: Patience,
    under_way: Arc<Semaphore>,
}

impl Fetch {
    pub(super) fn new(base: Base, auth: Auth, patience: Patience) -> anyhow::Result<Self> {
        let builder = reqwest::Client::builder();
        // In the clear it stays on this machine: no proxy of the environment hears of it.
        let builder = if base.as_str().starts_with("http:") { builder.no_proxy() } else { builder };
        let http = builder
            // An address that a server names is none that a key was given for.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .user_agent(concat!("callscope/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { http, base, auth, patience, under_way: Arc::new(Semaphore::new(MOST_AT_ONCE)) })
    }

    /// The same connections and limit, for who waits longer or less long.
    pub(super) fn with(&self, patience: Patience) -> Self {
        Self { patience, ..self.clone() }
    }

    /// Passes something on, once, and gives what the vendor answers, whatever that is: only it knows what became of
    /// something that was to be changed.
    pub(super) async fn forward(
        &self,
        method: Method,
        path_and_query: &str,
        body: Option<Vec<u8>>,
    ) -> Result<Forwarded, VendorError> {
        let path = path_and_query.split('?').next().unwrap_or_default();
        let request = self.http.request(method, format!("{}{path_and_query}", self.base.as_str()));
        let request = match body {
            Some(body) => request.header("Content-Type", "application/json").body(body),
            None => request,
        };
        let turn = tokio::time::timeout(LONGEST_TURN, self.under_way.acquire()).await;
        let Ok(Ok(_permit)) = turn else { return Err(VendorError::NotSent("too much is under way there already")) };
        let response = self.send(request).await.map_err(|stopped| match stopped {
            Stopped::Failed(error) => error,
            Stopped::Again(why, _) => bad(path, &why),
            Stopped::Unsent => VendorError::NotSent("there is no connection"),
        })?;
        let status = response.status();
        if status == StatusCode::UNAUTHORIZED {
            return Err(VendorError::Unauthorized);
        }
        if status.is_redirection() {
            return Err(VendorError::NotSent("it leads elsewhere; that is not followed"));
        }
        let retry_after =
            response.headers().get("retry-after").and_then(|text| retry_after(text.to_str().ok()?.trim()));
        let bytes = read(response).await.map_err(|why| bad(path, &why))?;
        let is_json = serde_json::from_slice::<IgnoredAny>(&bytes).is_ok();
        // A refusal and a failure are told by the status, in whatever words; and that something was done without any.
        let bytes = match status {
            _ if is_json => bytes,
            status if status.is_success() && !bytes.is_empty() => {
                return Err(bad(path, &format!("the answer ({status}) is no JSON")));
            }
            status => unsaid(status).into_bytes(),
        };
        let status = if status == StatusCode::NO_CONTENT { StatusCode::OK } else { status };
        Ok(Forwarded { status: status.as_u16(), bytes, retry_after_secs: retry_after.map(|wait| wait.as_secs()) })
    }

    /// Opens a sound at an address that the vendor named, from a range of bytes on where one is asked for. The key goes
    /// to the vendor's own address alone.
    pub(super) async fn open(&self, address: &str, range: Option<&str>) -> Result<Response, VendorError> {
        /// A recording is read while it is heard.
        const LONGEST: Duration = Duration::from_mins(30);
        const WHAT: &str = "the recording";
        let base = Url::parse(self.base.as_str()).map_err(|_| bad(WHAT, "the base is none"))?;
        let url = base.join(address).map_err(|_| bad(WHAT, "its address is none"))?;
        let is_own = url.origin() == base.origin();
        if !is_own && url.scheme() != "https" {
            return Err(bad(WHAT, "its address is not safe"));
        }
        let request = self.http.get(url).timeout(LONGEST);
        let request = match range {
            Some(range) => request.header("Range", range),
            None => request,
        };
        let request = match &self.auth {
            Auth::Key(key) if is_own => request.bearer_auth(&key.0),
            _ => request,
        };
        let response = request.send().await.map_err(|error| bad(WHAT, &cause(&error.without_url())))?;
        match response.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => Ok(response),
            StatusCode::NOT_FOUND => Err(VendorError::NotFound(WHAT.to_owned())),
            status => Err(bad(WHAT, &format!("refused ({status})"))),
        }
    }

    /// Sends a request with what shows that it may be made.
    async fn send(&self, request: RequestBuilder) -> Result<Response, Stopped> {
        let token = match &self.auth {
            Auth::Key(key) => key.clone(),
            Auth::Token(tokens) => tokens.token(&self.http, &self.base).await?,
        };
        let request = request.timeout(self.patience.request).header("Accept", "application/json");
        let sent = request.bearer_auth(&token.0).send().await;
        // `reqwest` names the whole address in its errors.
        let response = sent.map_err(|error| {
            if error.is_connect() { Stopped::Unsent } else { Stopped::Again(cause(&error.without_url()), None) }
        })?;
        if let Auth::Token(tokens) = &self.auth
            && response.status() == StatusCode::UNAUTHORIZED
            && tokens.forget(&token).await
        {
            return Err(Stopped::Again("the token is not accepted any more".to_owned(), None));
        }
        Ok(response)
    }

    /// The JSON at a path below the base.
    pub(super) async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Vec<u8>, VendorError> {
        let mut wait = self.patience.first_wait;
        let mut tries = 0;
        loop {
            tries += 1;
            let (why, at_least) = match self.try_once(path, query).await {
                Ok(bytes) => return Ok(bytes),
                Err(Stopped::Failed(error)) => return Err(error),
                Err(Stopped::Again(why, at_least)) => (why, at_least),
                Err(Stopped::Unsent) => ("no connection".to_owned(), None),
            };
            if tries >= self.patience.tries {
                return Err(VendorError::GaveUp { path: path.to_owned(), why, tries });
            }
            // Who waits before a page asks again when they like.
            if at_least.is_some_and(|at_least| at_least > self.patience.request) {
                return Err(VendorError::GaveUp { path: path.to_owned(), why, tries });
            }
            // Spread, so that those who were refused together do not come back together.
            let spread = wait.mul_f64(rand::rng().random_range(0.5..1.5));
            tokio::time::sleep(at_least.map_or(spread, |at_least| at_least.max(spread)).min(LONGEST_WAIT)).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    async fn try_once(&self, path: &str, query: &[(&str, String)]) -> Result<Vec<u8>, Stopped> {
        let again = |why: String| Stopped::Again(why, None);
        let _permit = self.under_way.acquire().await.map_err(|_| again("this process is ending".to_owned()))?;
        let response = self.send(self.http.get(format!("{}{path}", self.base.as_str())).query(query)).await?;
        // The reason of a conflict stands in its body.
        let is_conflict = response.status() == StatusCode::CONFLICT;
        if let Some(refused) = refused(path, &response).filter(|_| !is_conflict) {
            return Err(refused);
        }
        let is_json = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        let is_json = is_json.is_some_and(|kind| kind.contains("json"));
        let bytes = read(response).await.map_err(again)?;
        if is_conflict {
            let text = String::from_utf8_lossy(&bytes);
            let is_of_branches = text.contains("versioning_v2_migration_required");
            return Err(Stopped::Failed(if is_of_branches {
                VendorError::Branches
            } else {
                bad(path, "conflict (409)")
            }));
        }
        if !is_json {
            return Err(again("the answer is no JSON".to_owned()));
        }
        // A body that was cut is no JSON either, and depth is bounded by the parser.
        match serde_json::from_slice::<IgnoredAny>(&bytes) {
            Ok(_) => Ok(bytes),
            Err(error) => Err(again(format!("the answer is broken JSON ({error})"))),
        }
    }
}

/// What a status says by itself, in the documents' shape.
fn unsaid(status: StatusCode) -> String {
    if status.is_success() {
        return r#"{"status":true,"data":null}"#.to_owned();
    }
    format!(r#"{{"status":false,"errors":["The vendor refused it ({})."]}}"#, status.as_u16())
}

/// What a status says, where it is none of success.
pub(super) fn refused(path: &str, response: &Response) -> Option<Stopped> {
    let status = response.status();
    let at_least = response.headers().get("retry-after").and_then(|text| retry_after(text.to_str().ok()?.trim()));
    if at_least.is_some_and(|at_least| at_least > LONGEST_WAIT) {
        return Some(Stopped::Failed(bad(path, "the vendor asks to come back much later")));
    }
    Some(match status {
        status if status.is_success() => return None,
        StatusCode::UNAUTHORIZED => Stopped::Failed(VendorError::Unauthorized),
        StatusCode::FORBIDDEN => Stopped::Failed(VendorError::Forbidden(path.to_owned())),
        StatusCode::NOT_FOUND => Stopped::Failed(VendorError::NotFound(path.to_owned())),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
            Stopped::Again(format!("too many requests ({status})"), at_least)
        }
        status if status.is_server_error() => Stopped::Again(format!("the vendor failed ({status})"), at_least),
        status if status.is_redirection() => Stopped::Failed(bad(path, "it leads elsewhere; that is not followed")),
        status => Stopped::Failed(bad(path, &format!("refused ({status})"))),
    })
}

/// A number of seconds, or an instant.
fn retry_after(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(Duration::try_from(at.duration_since(jiff::Timestamp::now())).unwrap_or_default())
}

pub(super) fn bad(path: &str, why: &str) -> VendorError {
    VendorError::BadAnswer { path: path.to_owned(), why: why.to_owned() }
}

/// The whole body, where it is not too long.
pub(super) async fn read(mut response: Response) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| cause(&error.without_url()))? {
        if bytes.len() + chunk.len() > MOST_BYTES {
            return Err(format!("the answer is longer than {} MB", MOST_BYTES >> 20));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What went wrong with a connection, in a word.
pub(super) fn cause(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    what.to_owned()
}
