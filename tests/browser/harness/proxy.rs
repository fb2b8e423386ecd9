//! A bad connection: what lies between browser and server, and answers late, in part, or not at all.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::Server;
use super::wire::{Message, answer, send};

/// What happens to a request.
#[derive(Clone, Debug)]
pub(in crate::browser) enum Plan {
    /// The answer comes after this time.
    Late(Duration),
    /// The connection ends in the middle of the answer.
    Cut,
    /// Nothing ever comes.
    Hang,
    /// Another answer: status, headers with their line ends, body.
    Instead(&'static str, &'static str, &'static str),
}

/// A plan for requests of a kind.
struct Rule {
    /// What stands in the request's path and query.
    part: String,
    plan: Plan,
    /// So many requests more.
    left: usize,
}

/// What the proxy knows.
#[derive(Default)]
struct State {
    rules: Vec<Rule>,
    /// Path and query of the requests that came in.
    asked: Vec<String>,
    /// Those that were to be answered late and had been given up by then.
    given_up: usize,
}

/// A proxy before a server; it ends with the test's runtime.
#[derive(Clone)]
pub(in crate::browser) struct Proxy {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Proxy {
    pub(in crate::browser) async fn before(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self { port: listener.local_addr().unwrap().port(), state: Arc::default() };
        let (upstream, state) = (server.port(), Arc::clone(&proxy.state));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pass(stream, upstream, Arc::clone(&state)));
            }
        });
        proxy
    }

    pub(in crate::browser) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Plans for the next `count` requests whose address holds `part`.
    pub(in crate::browser) fn plan(&self, part: &str, count: usize, plan: Plan) {
        self.state.lock().unwrap().rules.push(Rule { part: part.to_owned(), plan, left: count });
    }

    /// From now on everything passes.
    pub(in crate::browser) fn calm(&self) {
        self.state.lock().unwrap().rules.clear();
    }

    /// How many requests came in whose address holds `part`.
    pub(in crate::browser) fn asked(&self, part: &str) -> usize {
        self.state.lock().unwrap().asked.iter().filter(|target| target.contains(part)).count()
    }

    /// How many late answers nobody waited for any more.
    pub(in crate::browser) fn given_up(&self) -> usize {
        self.state.lock().unwrap().given_up
    }
}

impl State {
    fn plan(&mut self, target: &str) -> Option<Plan> {
        self.asked.push(target.to_owned());
        let rule = self.rules.iter_mut().find(|rule| rule.left > 0 && target.contains(&rule.part))?;
        rule.left -= 1;
        Some(rule.plan.clone())
    }
}

async fn pass(mut stream: TcpStream, upstream: u16, state: Arc<Mutex<State>>) {
    let Some(request) = Message::read(&mut stream).await else { return };
    let plan = state.lock().unwrap().plan(request.target());
    match plan {
        Some(Plan::Hang) => {
            // Until the browser gives up.
            stream.read_u8().await.ok();
        }
        Some(Plan::Instead(status, headers, body)) => {
            send(&mut stream, &answer(status, headers, body.as_bytes())).await;
        }
        Some(Plan::Cut) => {
            let whole = from_server(&request, upstream).await;
            stream.write_all(&whole[..whole.len().saturating_sub(200)]).await.ok();
        }
        Some(Plan::Late(wait)) => {
            let whole = from_server(&request, upstream).await;
            let is_wanted = tokio::select! {
                () = tokio::time::sleep(wait) => true,
                _ = stream.read_u8() => false,
            };
            if is_wanted {
                send(&mut stream, &whole).await;
            } else {
                state.lock().unwrap().given_up += 1;
            }
        }
        None => {
            let whole = from_server(&request, upstream).await;
            send(&mut stream, &whole).await;
        }
    }
}

/// The server's answer, whole; empty where it does not answer.
async fn from_server(request: &Message, port: u16) -> Vec<u8> {
    let mut whole = Vec::new();
    if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)).await
        && stream.write_all(&request.closing()).await.is_ok()
    {
        stream.read_to_end(&mut whole).await.ok();
    }
    whole
}
