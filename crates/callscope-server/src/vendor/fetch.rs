//! Requests to a vendor: bounded in size, time and number, tried again where that can help, and never with the
//! key in anything that is written down.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::Rng as _;
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, Semaphore};

/// Requests under way at once.
const MOST_AT_ONCE: usize = 4;
/// No answer of the vendor is longer.
const MOST_BYTES: usize = 64 << 20;
/// Nobody waits longer because a server asks for it.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// A vendor's address, of which nothing is asked in the clear but on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(String);

/// Why an address is none that a key may be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the base must be an https address without a query (http only for this machine)")]
pub struct BaseError;

impl std::str::FromStr for Base {
    type Err = BaseError;

    fn from_str(text: &str) -> Result<Self, BaseError> {
        let url = Url::parse(text.trim()).map_err(|_| BaseError)?;
        let host = url.host_str().ok_or(BaseError)?;
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        let is_here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_here);
        let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        if !is_safe || !is_plain || url.password().is_some() {
            return Err(BaseError);
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

impl Base {
    /// The address, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a key is read from when it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// An environment variable.
    Environment(String),
    /// A file.
    File(PathBuf),
}

impl KeyPlace {
    /// As it is stored: `env:NAME` or `file:PATH`.
    pub fn written(&self) -> String {
        match self {
            Self::Environment(name) => format!("env:{name}"),
            Self::File(path) => format!("file:{}", path.display()),
        }
    }

    /// What was stored.
    pub fn read(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("env", name) => Some(Self::Environment(name.to_owned())),
            ("file", path) => Some(Self::File(path.into())),
            _ => None,
        }
    }

    /// The key that is there now.
    ///
    /// # Errors
    /// Where there is none; says where it was looked for.
    pub fn key(&self) -> anyhow::Result<Key> {
        let text = match self {
            Self::Environment(name) => {
                // Who gives the key in the place of its name does not want to read it here.
                let is_name =
                    name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
                let told = if is_name { name } else { "variable of that name (give its name, not the key)" };
                std::env::var(name).map_err(|_| anyhow::anyhow!("the environment has no {told}"))?
            }
            Self::File(path) => std::fs::read_to_string(path)
                .map_err(|error| anyhow::anyhow!("cannot read the key from {}: {error}", path.display()))?,
        };
        let key = text.trim();
        // What cannot stand in a header is no key, and its characters belong in no message.
        let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
        anyhow::ensure!(is_key, "there is no key in {}", self.written());
        Ok(Key(key.into()))
    }
}

/// A vendor's key, a program's secret, or a token. It is in memory only, and `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Arc<str>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

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
        Self { request: Duration::from_secs(20), first_wait: Duration::from_millis(250), tries: 2 };
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
pub struct Passed {
    /// The status.
    pub status: u16,
    /// The JSON.
    pub bytes: Vec<u8>,
    /// How long to wait before asking again, in seconds, where it says so.
    pub retry_after_secs: Option<u64>,
}

/// How a request shows that it may be made.
#[derive(Clone, Debug)]
pub(super) enum Leave {
    Key(Key),
    Token(Arc<Tokens>),
}

/// What became of one try.
enum Tried {
    Answered(Vec<u8>),
    /// It may go well another time, and not before this.
    Again(String, Option<Duration>),
    Failed(VendorError),
}

/// Asks a vendor. Clones share the connections and the limit of requests under way.
#[derive(Clone, Debug)]
pub(super) struct Fetch {
    http: reqwest::Client,
    base: Base,
    leave: Leave,
    patience: Patience,
    under_way: Arc<Semaphore>,
}

impl Fetch {
    pub(super) fn new(base: Base, leave: Leave, patience: Patience) -> anyhow::Result<Self> {
        let builder = reqwest::Client::builder();
        // In the clear it stays on this machine: no proxy of the environment hears of it.
        let builder = if base.as_str().starts_with("http:") { builder.no_proxy() } else { builder };
        let http = builder
            // An address that a server names is none that a key was given for.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .user_agent(concat!("callscope/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { http, base, leave, patience, under_way: Arc::new(Semaphore::new(MOST_AT_ONCE)) })
    }

    /// The same connections and limit, for who waits longer or less long.
    pub(super) fn with(&self, patience: Patience) -> Self {
        Self { patience, ..self.clone() }
    }

    /// Passes something on, once, and gives what the vendor answers, whatever that is: only it knows what became of
    /// something that was to be changed.
    pub(super) async fn pass(
        &self,
        method: Method,
        path_and_query: &str,
        body: Option<Vec<u8>>,
    ) -> Result<Passed, VendorError> {
        let path = path_and_query.split('?').next().unwrap_or_default();
        let request = self.http.request(method, format!("{}{path_and_query}", self.base.as_str()));
        let request = match body {
            Some(body) => request.header("Content-Type", "application/json").body(body),
            None => request,
        };
        let _permit = self.under_way.acquire().await.map_err(|_| bad(path, "this process is ending"))?;
        let response = self.send(request).await.map_err(|tried| match tried {
            Tried::Failed(error) => error,
            Tried::Again(why, _) => bad(path, &why),
            Tried::Answered(_) => bad(path, "no answer"),
        })?;
        let status = response.status();
        if status == StatusCode::UNAUTHORIZED {
            return Err(VendorError::Unauthorized);
        }
        if status.is_redirection() {
            return Err(bad(path, "it leads elsewhere; that is not followed"));
        }
        let retry_after =
            response.headers().get("retry-after").and_then(|text| retry_after(text.to_str().ok()?.trim()));
        let bytes = read(response).await.map_err(|why| bad(path, &why))?;
        // A vendor that fails may do so in any words; its status says enough.
        if !status.is_server_error() && serde_json::from_slice::<IgnoredAny>(&bytes).is_err() {
            return Err(bad(path, &format!("the answer ({status}) is no JSON")));
        }
        Ok(Passed { status: status.as_u16(), bytes, retry_after_secs: retry_after.map(|wait| wait.as_secs()) })
    }

    /// Sends a request with what shows that it may be made.
    async fn send(&self, request: RequestBuilder) -> Result<Response, Tried> {
        let token = match &self.leave {
            Leave::Key(key) => key.clone(),
            Leave::Token(tokens) => tokens.token(&self.http, &self.base).await?,
        };
        let request = request.timeout(self.patience.request).header("Accept", "application/json");
        let sent = request.bearer_auth(&token.0).send().await;
        // `reqwest` names the whole address in its errors.
        let response = sent.map_err(|error| Tried::Again(cause(&error.without_url()), None))?;
        if let Leave::Token(tokens) = &self.leave
            && response.status() == StatusCode::UNAUTHORIZED
            && tokens.forget(&token).await
        {
            return Err(Tried::Again("the token is not accepted any more".to_owned(), None));
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
                Tried::Answered(bytes) => return Ok(bytes),
                Tried::Failed(error) => return Err(error),
                Tried::Again(why, at_least) => (why, at_least),
            };
            if tries >= self.patience.tries {
                return Err(VendorError::GaveUp { path: path.to_owned(), why, tries });
            }
            // Spread, so that those who were refused together do not come back together.
            let spread = wait.mul_f64(rand::rng().random_range(0.5..1.5));
            tokio::time::sleep(at_least.map_or(spread, |at_least| at_least.max(spread)).min(LONGEST_WAIT)).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    async fn try_once(&self, path: &str, query: &[(&str, String)]) -> Tried {
        let Ok(_permit) = self.under_way.acquire().await else {
            return Tried::Again("this process is ending".to_owned(), None);
        };
        let request = self.http.get(format!("{}{path}", self.base.as_str())).query(query);
        let response = match self.send(request).await {
            Ok(response) => response,
            Err(tried) => return tried,
        };
        // The reason of a conflict stands in its body.
        let is_conflict = response.status() == StatusCode::CONFLICT;
        if let Some(refused) = refused(path, &response).filter(|_| !is_conflict) {
            return refused;
        }
        let is_json = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        let is_json = is_json.is_some_and(|kind| kind.contains("json"));
        let bytes = match read(response).await {
            Ok(bytes) => bytes,
            Err(why) => return Tried::Again(why, None),
        };
        if is_conflict {
            let text = String::from_utf8_lossy(&bytes);
            let is_of_branches = text.contains("versioning_v2_migration_required");
            return Tried::Failed(if is_of_branches { VendorError::Branches } else { bad(path, "conflict (409)") });
        }
        if !is_json {
            return Tried::Again("the answer is no JSON".to_owned(), None);
        }
        // A body that was cut is no JSON either, and depth is bounded by the parser.
        match serde_json::from_slice::<IgnoredAny>(&bytes) {
            Ok(_) => Tried::Answered(bytes),
            Err(error) => Tried::Again(format!("the answer is broken JSON ({error})"), None),
        }
    }
}

/// Tokens for the credentials of a program (OAuth 2.0, RFC 6749 section 4.4), one at a time, in memory only and
/// renewed before it ends.
#[derive(Debug)]
pub(super) struct Tokens {
    client_id: String,
    secret: Key,
    audience: String,
    kept: Mutex<Option<Token>>,
}

#[derive(Debug)]
struct Token {
    key: Key,
    asked_at: Instant,
    renew_at: Instant,
}

/// What a token is asked for with. (It is sent, never shown.)
#[derive(Serialize)]
struct TokenRequest<'s> {
    client_id: &'s str,
    client_secret: &'s str,
    audience: &'s str,
    grant_type: &'static str,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    expires_in: Option<f64>,
}

impl Tokens {
    pub(super) fn new(client_id: String, secret: Key, audience: String) -> Self {
        Self { client_id, secret, audience, kept: Mutex::new(None) }
    }

    /// A token that is good for a while. Who comes while one is asked for waits for that one.
    async fn token(&self, http: &reqwest::Client, base: &Base) -> Result<Key, Tried> {
        let mut kept = self.kept.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| Instant::now() < token.renew_at) {
            return Ok(token.key.clone());
        }
        let token = self.ask(http, base).await?;
        let key = token.key.clone();
        *kept = Some(token);
        Ok(key)
    }

    async fn ask(&self, http: &reqwest::Client, base: &Base) -> Result<Token, Tried> {
        const PATH: &str = "/oauth/token";
        let body = TokenRequest {
            client_id: &self.client_id,
            client_secret: &self.secret.0,
            audience: &self.audience,
            grant_type: "client_credentials",
        };
        let asked_at = Instant::now();
        let request = http.post(format!("{}{PATH}", base.as_str())).timeout(Duration::from_secs(15));
        let body = serde_json::to_vec(&body).map_err(|_| Tried::Failed(bad(PATH, "it cannot be asked")))?;
        let request = request.header("Content-Type", "application/json").body(body);
        let sent = request.header("Accept", "application/json").send().await;
        let response = sent.map_err(|error| Tried::Again(cause(&error.without_url()), None))?;
        // A wrong name or secret is told by any of these.
        if matches!(response.status().as_u16(), 400 | 401 | 403) {
            return Err(Tried::Failed(VendorError::Unauthorized));
        }
        if let Some(refused) = refused(PATH, &response) {
            return Err(refused);
        }
        let bytes = read(response).await.map_err(|why| Tried::Again(why, None))?;
        // What is wrong with it is not repeated: it may hold the token.
        let answer: TokenAnswer =
            serde_json::from_slice(&bytes).map_err(|_| Tried::Failed(bad(PATH, "the answer holds no token")))?;
        let is_token =
            !answer.access_token.is_empty() && answer.access_token.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_token {
            return Err(Tried::Failed(bad(PATH, "the answer holds no token")));
        }
        let lasts = Duration::from_secs_f64(answer.expires_in.unwrap_or(3600.0).clamp(0.0, 86_400.0 * 30.0));
        // Five minutes before it ends, or where it lasts less than ten half-way.
        let renew_at = asked_at + lasts.saturating_sub(Duration::from_mins(5)).max(lasts / 2);
        Ok(Token { key: Key(answer.access_token.into()), asked_at, renew_at })
    }

    /// Has another token asked for where this one was refused; false where it was brand-new, so that another one
    /// would be no better.
    async fn forget(&self, refused: &Key) -> bool {
        let mut kept = self.kept.lock().await;
        let Some(token) = kept.take_if(|token| token.key.0 == refused.0) else { return true };
        token.asked_at.elapsed() > Duration::from_secs(5)
    }
}

/// What a status says, where it is none of success.
fn refused(path: &str, response: &Response) -> Option<Tried> {
    let status = response.status();
    let at_least = response.headers().get("retry-after").and_then(|text| retry_after(text.to_str().ok()?.trim()));
    if at_least.is_some_and(|at_least| at_least > LONGEST_WAIT) {
        return Some(Tried::Failed(bad(path, "the vendor asks to come back much later")));
    }
    Some(match status {
        status if status.is_success() => return None,
        StatusCode::UNAUTHORIZED => Tried::Failed(VendorError::Unauthorized),
        StatusCode::FORBIDDEN => Tried::Failed(VendorError::Forbidden(path.to_owned())),
        StatusCode::NOT_FOUND => Tried::Failed(VendorError::NotFound(path.to_owned())),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
            Tried::Again(format!("too many requests ({status})"), at_least)
        }
        status if status.is_server_error() => Tried::Again(format!("the vendor failed ({status})"), at_least),
        status if status.is_redirection() => Tried::Failed(bad(path, "it leads elsewhere; that is not followed")),
        status => Tried::Failed(bad(path, &format!("refused ({status})"))),
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

fn bad(path: &str, why: &str) -> VendorError {
    VendorError::BadAnswer { path: path.to_owned(), why: why.to_owned() }
}

/// The whole body, where it is not too long.
async fn read(mut response: Response) -> Result<Vec<u8>, String> {
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
fn cause(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    what.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_sent_in_the_clear_to_this_machine_alone() {
        let read = |text: &str| text.parse::<Base>().map(|base| base.as_str().to_owned());
        assert_eq!(read("https://api.example.com/atoms/v1/"), Ok("https://api.example.com/atoms/v1".to_owned()));
        for here in ["http://127.0.0.1:8787/x", "http://localhost/x", "http://[::1]:9/x"] {
            assert_eq!(read(here), Ok(here.to_owned()));
        }
        for wrong in [
            "http://api.example.com",
            "http://127.0.0.1.example.com",
            "https://user:secret@example.com",
            "https://example.com/?key=1",
            "ftp://example.com",
            "file:///etc/passwd",
            "example.com",
            "",
        ] {
            assert_eq!(read(wrong), Err(BaseError), "{wrong}");
        }
    }

    #[test]
    fn a_place_of_a_key_is_stored_and_the_key_is_not_shown() {
        let places = [KeyPlace::Environment("A_B".to_owned()), KeyPlace::File("/run/a key:x".into())];
        for place in places {
            assert_eq!(KeyPlace::read(&place.written()), Some(place));
        }
        assert_eq!(KeyPlace::read("literal"), None);
        let file = std::env::temp_dir().join(format!("callscope-key-{}", std::process::id()));
        std::fs::write(&file, "sk-4711\n").unwrap();
        let key = KeyPlace::File(file.clone()).key().unwrap();
        assert_eq!((&*key.0, format!("{key:?}")), ("sk-4711", "Key(…)".to_owned()));
        std::fs::write(&file, "two\nlines").unwrap();
        let error = KeyPlace::File(file.clone()).key().unwrap_err().to_string();
        assert!(!error.contains("two"), "{error}");
        std::fs::remove_file(file).unwrap();
        assert!(KeyPlace::Environment("CALLSCOPE_NO_SUCH_KEY".to_owned()).key().is_err());
    }
}
