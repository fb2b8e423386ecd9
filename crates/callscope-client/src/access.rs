//! How a server is asked: by cookie or token, with a time limit, and once for all who want the same.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use callscope_core::session;
use futures_util::future::{Either, FutureExt as _, LocalBoxFuture, Shared, WeakShared, select};
use gloo_net::http::{Request, RequestBuilder, Response};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Promise};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::RequestCredentials;

use crate::cancel::AbortOnDrop;
use crate::error::{ClientError, Problem};
use crate::retry::{ATTEMPTS, Failure, with_retries};

/// An attempt that takes longer is given up.
const TIMEOUT_MS: u32 = 30_000;

/// How requests show who asks.
#[derive(Clone, Debug)]
pub struct Access {
    credentials: RequestCredentials,
    tokens: Option<Arc<SendWrapper<Tokens>>>,
}

impl Default for Access {
    fn default() -> Self {
        Self::new(RequestCredentials::Include, None)
    }
}

/// Where Bearer tokens come from.
#[derive(Debug)]
struct Tokens {
    /// Gives a token, or a promise of one.
    source: Function,
    /// The last one, or the one that is awaited; until it is refused.
    known: RefCell<Option<Shared<Token>>>,
}

/// What a request gave.
type Answer = Result<Rc<[u8]>, ClientError>;
type Token = LocalBoxFuture<'static, Result<String, ClientError>>;
type UnderWay = WeakShared<LocalBoxFuture<'static, Answer>>;

thread_local! {
    /// Reading that is under way, by who asks for what.
    static UNDER_WAY: RefCell<Vec<(String, UnderWay)>> = const { RefCell::new(Vec::new()) };
}

/// What a request does to what stands at its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    fn of(self, url: &str) -> RequestBuilder {
        match self {
            Self::Get => Request::get(url),
            Self::Post => Request::post(url),
            Self::Put => Request::put(url),
            Self::Patch => Request::patch(url),
            Self::Delete => Request::delete(url),
        }
    }
}

/// What is asked of a server.
struct Question {
    method: Method,
    url: String,
    /// JSON, where there is a body.
    body: Option<String>,
    /// Whether asking twice is the same as asking once.
    is_repeatable: bool,
    credentials: RequestCredentials,
}

impl Access {
    /// With cookies as `credentials` says; and with a token, where something gives one: a function without
    /// arguments that returns it or a promise of it.
    pub fn new(credentials: RequestCredentials, tokens: Option<Function>) -> Self {
        let kept = |source| Arc::new(SendWrapper::new(Tokens { source, known: RefCell::default() }));
        Self { credentials, tokens: tokens.map(kept) }
    }

    /// Reads an address, again where that can help. Who asks for what somebody is asking for already waits for the
    /// same answer.
    pub(crate) async fn get(&self, url: &str) -> Answer {
        self.request(Method::Get, url, None, true).await
    }

    /// Changes something, once: where the answer is lost, the change may still have been made.
    pub(crate) async fn send(&self, method: Method, url: &str, body: Option<String>) -> Answer {
        self.request(method, url, body, false).await
    }

    /// Asks by a body what does not fit into an address, or must not stand in one; again where that can help.
    pub(crate) async fn ask(&self, url: &str, body: &impl serde::Serialize) -> Answer {
        self.request(Method::Post, url, Some(json(body)?), true).await
    }

    /// Asks with the token that is known; where it is refused, once more with a newer one. All requests are of one
    /// type, so that their code is compiled once.
    fn request(
        &self,
        method: Method,
        url: &str,
        body: Option<String>,
        is_repeatable: bool,
    ) -> LocalBoxFuture<'static, Answer> {
        let question =
            Rc::new(Question { method, url: url.to_owned(), body, is_repeatable, credentials: self.credentials });
        let tokens = self.tokens.clone();
        Box::pin(async move {
            let Some(tokens) = tokens else { return answer(&question, None).await };
            let token = tokens.token().await?;
            match answer(&question, Some(token.clone())).await {
                Err(error) if error.problem == Problem::SignedOut => {
                    let newer = tokens.after(&token).await?;
                    if newer == token { Err(error) } else { answer(&question, Some(newer)).await }
                }
                answer => answer,
            }
        })
    }
}

impl Tokens {
    /// The last token, or one that is asked for: once for all who want it.
    async fn token(&self) -> Result<String, ClientError> {
        let known = self.known.borrow().clone();
        let asked = known.unwrap_or_else(|| {
            let asked = asked_of(&self.source).shared();
            self.known.borrow_mut().insert(asked).clone()
        });
        let answer = asked.await;
        if answer.is_err() {
            // The next request asks again.
            self.forget(Result::is_err);
        }
        answer
    }

    /// The one that follows a token that was refused; another request may have brought it by now.
    async fn after(&self, refused: &str) -> Result<String, ClientError> {
        self.forget(|token| token.as_ref().is_ok_and(|token| token == refused));
        self.token().await
    }

    fn forget(&self, is_meant: impl Fn(&Result<String, ClientError>) -> bool) {
        self.known.borrow_mut().take_if(|known| known.peek().is_some_and(&is_meant));
    }
}

/// What the source gives: a token, or a promise of one.
fn asked_of(source: &Function) -> Token {
    let given = source.call0(&JsValue::UNDEFINED);
    Box::pin(async move {
        let given = match given {
            // A value that is no promise is one that is kept already.
            Ok(given) => JsFuture::from(Promise::resolve(&given)).await,
            thrown => thrown,
        };
        // What no header may hold would throw where the header is made.
        let is_token = |token: &String| !token.is_empty() && token.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        let token = given.ok().and_then(|token| token.as_string()).filter(is_token);
        let none =
            || ClientError::new(Problem::SignedOut, "The page around gave no token that a server can be asked with.");
        token.ok_or_else(none)
    })
}

/// The answer to a question: the one that is under way already where it only reads, or a new one. It ends when nobody
/// waits for it any more.
fn answer(question: &Rc<Question>, token: Option<String>) -> LocalBoxFuture<'static, Answer> {
    let begin = |token: Option<String>| -> LocalBoxFuture<'static, Answer> {
        let question = Rc::clone(question);
        Box::pin(async move {
            let once = || attempt(&question, token.as_deref());
            let most = if question.is_repeatable { ATTEMPTS } else { 1 };
            with_retries(most, once).await.map(Rc::from)
        })
    };
    if question.method != Method::Get {
        return begin(token);
    }
    let key = format!("{:?} {} {}", question.credentials, token.as_deref().unwrap_or_default(), question.url);
    let request = UNDER_WAY.with_borrow_mut(|under_way| {
        under_way.retain(|(_, request)| request.upgrade().is_some_and(|request| request.peek().is_none()));
        let found = under_way.iter().find(|(known, _)| *known == key).and_then(|(_, request)| request.upgrade());
        found.unwrap_or_else(|| {
            let request: Shared<_> = begin(token).shared();
            under_way.extend(request.downgrade().map(|weak| (key, weak)));
            request
        })
    });
    request.boxed_local()
}

/// Something as JSON.
pub(crate) fn json(body: &impl serde::Serialize) -> Result<String, ClientError> {
    let wrong = |_| ClientError::new(Problem::BadRequest, "The question cannot be written.");
    serde_json::to_string(body).map_err(wrong)
}

/// Makes a request once, with a time limit, and an abort when dropped.
async fn attempt(question: &Question, token: Option<&str>) -> Result<Vec<u8>, Failure> {
    let abort = AbortOnDrop::new();
    let mut builder = question.method.of(&question.url);
    builder = builder.credentials(question.credentials).header("Accept", "application/json");
    builder = builder.abort_signal(abort.signal().as_ref());
    if let Some(token) = token {
        builder = builder.header("Authorization", &format!("Bearer {token}"));
    }
    let request = match &question.body {
        Some(body) => builder.header("Content-Type", "application/json").body(body),
        None => builder.build(),
    };
    let request = request.map_err(|_| network())?;
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
