//! The router called in-process, with a database of its own, and a small world of accounts in it.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request};
use callscope_core::calls::Outcome;
use callscope_core::session::Role;
use callscope_server::db::{
    Agent, CallRow, Database, Organisation, Reseller, Version, insert_agent, insert_calls, insert_version,
};
use callscope_server::http::{COOKIE, Config, router};
use serde_json::Value;
use tower::ServiceExt as _;

/// The password of every account of the small world.
pub(super) const PASSWORD: &str = "correct horse battery";
/// The host that requests are sent to.
pub(super) const HOST: &str = "callscope.test:8787";

/// A server in this process.
pub(super) struct TestApp {
    router: Router,
    pub(super) db: Database,
}

impl TestApp {
    /// A server with nothing in its database.
    pub(super) async fn empty(config: Config) -> Self {
        Self::over(Database::in_memory().await.unwrap(), config)
    }

    /// A server with the small world in its database.
    pub(super) async fn small_world(config: Config) -> Self {
        let app = Self::empty(config).await;
        fill_small_world(&app.db).await;
        app
    }

    /// A server over a database that is there already.
    pub(super) fn over(db: Database, config: Config) -> Self {
        Self { router: router(db.clone(), config), db }
    }

    pub(super) async fn send(&self, ask: Ask) -> Answer {
        let response = self.router.clone().oneshot(ask.request()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// Signs in with the password of the small world and returns the session token.
    #[track_caller]
    pub(super) fn sign_in(&self, email: &str) -> impl Future<Output = String> {
        let ask = Ask::sign_in(email, PASSWORD);
        async move {
            let answer = self.send(ask).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            answer.token()
        }
    }

    /// The report of an address, which must be answered with 200.
    pub(super) async fn report(&self, query: &str, token: &str) -> Value {
        let answer = self.send(Ask::get(&format!("/v1/metrics?{query}")).token(token)).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        answer.json()
    }

    /// Runs a statement behind the server's back.
    pub(super) async fn sql(&self, statement: &str) -> u64 {
        let mut transaction = self.db.begin().await.unwrap();
        let done = sqlx::query(statement).execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
        done.rows_affected()
    }

    /// The one number that a statement gives.
    pub(super) async fn number(&self, statement: &str) -> i64 {
        let mut transaction = self.db.begin().await.unwrap();
        sqlx::query_scalar(statement).fetch_one(&mut *transaction).await.unwrap()
    }
}

/// A request to be sent.
#[derive(Clone)]
pub(super) struct Ask {
    method: &'static str,
    path: String,
    pub(super) headers: Vec<(String, String)>,
    body: Vec<u8>,
    address: SocketAddr,
}

impl Ask {
    pub(super) fn new(method: &'static str, path: &str) -> Self {
        let address = "192.0.2.1:50000".parse().unwrap();
        Self { method, path: path.to_owned(), headers: Vec::new(), body: Vec::new(), address }
    }

    pub(super) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub(super) fn sign_in(email: &str, password: &str) -> Self {
        Self::new("POST", "/session").json(&serde_json::json!({ "email": email, "password": password }))
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn token(self, token: &str) -> Self {
        self.header("cookie", &format!("{COOKIE}={token}"))
    }

    pub(super) fn key(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    pub(super) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(&body.to_string())
    }

    pub(super) fn body(mut self, body: &str) -> Self {
        self.body = body.as_bytes().to_vec();
        self
    }

    /// The address that the connection comes from.
    pub(super) fn from(mut self, address: &str) -> Self {
        self.address = SocketAddr::new(address.parse().unwrap(), 50_000);
        self
    }

    fn request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(&self.path).header("host", HOST);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.extension(ConnectInfo(self.address)).body(Body::from(self.body)).unwrap()
    }
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.brief()))
    }

    /// The beginning of the body, for the sentence of a check.
    pub(super) fn brief(&self) -> String {
        self.text().chars().take(200).collect()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The token in the cookie that was set.
    #[track_caller]
    pub(super) fn token(&self) -> String {
        let cookie = self.header("set-cookie").expect("a cookie is set");
        let (name, rest) = cookie.split_once('=').unwrap();
        assert_eq!(name, COOKIE);
        rest.split(';').next().unwrap().to_owned()
    }

    /// The one sentence of an error in the documents' shape, with nothing beside it.
    #[track_caller]
    pub(super) fn error(&self) -> String {
        let answer = self.json();
        assert_eq!(self.header("content-type"), Some("application/json"), "{answer}");
        let sentences = answer["errors"].as_array().expect("a list of errors").clone();
        assert_eq!(answer, serde_json::json!({ "status": false, "errors": sentences }));
        assert_eq!(sentences.len(), 1, "{answer}");
        let sentence = sentences[0].as_str().unwrap().to_owned();
        assert!(!sentence.is_empty());
        sentence
    }

    #[track_caller]
    pub(super) fn check_error(&self, status: u16, sentence: &str) {
        assert_eq!(self.status, status, "{}", self.brief());
        assert_eq!(self.error(), sentence);
    }
}

/// Whether a text stands in any file of a folder. Files beside a database come and go while it is looked for.
pub(super) fn is_in_folder(folder: &std::path::Path, text: &str) -> bool {
    let holds = |entry: std::io::Result<std::fs::DirEntry>| match std::fs::read(entry.unwrap().path()) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        read => read.unwrap().windows(text.len()).any(|part| part == text.as_bytes()),
    };
    std::fs::read_dir(folder).unwrap().any(holds)
}

/// Milliseconds of an instant.
#[track_caller]
pub(super) fn at(instant: &str) -> i64 {
    instant.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

/// A call of which only the least is known.
pub(super) fn call(organisation: &str, agent: &str, id: &str, started: &str, outcome: Outcome) -> CallRow {
    CallRow {
        organisation_id: organisation.to_owned(),
        id: id.to_owned(),
        started_ms: at(started),
        agent_id: Some(agent.to_owned()),
        version_id: None,
        duration_ms: 60_000,
        status: "completed".to_owned(),
        outcome,
        disconnection_reason: None,
        call_type: None,
        to_number: None,
        from_number: None,
        is_test: false,
        cost: None,
        response_ms: None,
        positive_sentiment: None,
        corrections: None,
        tokens: None,
        transcript_confidence: None,
        tool_calls: None,
        escalation_reason: None,
        campaign_id: None,
        latency_ms: None,
    }
}

pub(super) async fn put_calls(db: &Database, calls: &[CallRow]) {
    let mut transaction = db.begin().await.unwrap();
    let new = insert_calls(&mut transaction, calls).await.unwrap();
    assert_eq!(new, calls.len() as u64, "some are there already");
    transaction.commit().await.unwrap();
}

/// Reseller `red` has the organisations `alpha` and `beta`, reseller `blue` has `delta`; `gamma`
/// stands alone. `ann` sees alpha, `guy` gamma, `rex` all of red, `eve` alpha and gamma, `nil` nothing.
/// On 2026-05-06, alpha has 4 calls, beta 2, gamma 1, delta 8.
pub(super) async fn fill_small_world(db: &Database) {
    let reseller = |id: &str| Reseller { id: id.to_owned(), name: format!("Reseller {id}") };
    for id in ["red", "blue"] {
        db.put_reseller(&reseller(id)).await.unwrap();
    }
    let organisations = [
        ("alpha", "Europe/Berlin", Some("red")),
        ("beta", "Europe/Paris", Some("red")),
        ("gamma", "America/New_York", None),
        ("delta", "Asia/Tokyo", Some("blue")),
    ];
    for (id, zone, reseller) in organisations {
        let organisation = Organisation {
            id: id.to_owned(),
            name: format!("Organisation {id}"),
            time_zone: zone.to_owned(),
            reseller_id: reseller.map(str::to_owned),
        };
        db.put_organisation(&organisation).await.unwrap();
    }
    put_agents(db).await;
    let on_the_day = |organisation: &str, agent: &str, number: usize| {
        let outcome = Outcome::ALL[number % 4];
        call(organisation, agent, &format!("CALL-{organisation}-{number}"), "2026-05-06T15:00:00Z", outcome)
    };
    let calls =
        [("alpha", "alpha-one", 4), ("beta", "beta-one", 2), ("gamma", "gamma-one", 1), ("delta", "delta-one", 8)];
    let calls: Vec<CallRow> = calls
        .into_iter()
        .flat_map(|(organisation, agent, count)| (0..count).map(move |number| on_the_day(organisation, agent, number)))
        .collect();
    put_calls(db, &calls).await;
    for (name, seen) in
        [("ann", vec!["alpha"]), ("guy", vec!["gamma"]), ("eve", vec!["alpha", "gamma"]), ("nil", vec![])]
    {
        let user = db.add_user(&format!("{name}@callscope.example"), name, PASSWORD).await.unwrap();
        for organisation in seen {
            db.add_member(&user.id, organisation, Role::Editor).await.unwrap();
        }
    }
    let rex = db.add_user("rex@callscope.example", "rex", PASSWORD).await.unwrap();
    db.add_reseller_member(&rex.id, "red", Role::Editor).await.unwrap();
}

async fn put_agents(db: &Database) {
    let mut transaction = db.begin().await.unwrap();
    for organisation in ["alpha", "beta", "gamma", "delta"] {
        for number in ["one", "two"] {
            let id = format!("{organisation}-{number}");
            let agent = Agent {
                id: id.clone(),
                organisation_id: organisation.to_owned(),
                name: format!("Agent {id}"),
                status: "active".to_owned(),
            };
            insert_agent(&mut transaction, &agent).await.unwrap();
            let live = Some(at("2026-05-06T00:30:00Z"));
            let version = Version::bare(format!("{id}-v1"), id, "v1".to_owned(), live);
            insert_version(&mut transaction, &version).await.unwrap();
        }
    }
    transaction.commit().await.unwrap();
}
