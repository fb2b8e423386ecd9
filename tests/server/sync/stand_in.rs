//! A server that plays the vendor, with a layer of faults before it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use callscope_core::calls::Outcome;
use callscope_core::session::Role;
use callscope_server::db::{
    Agent, CallAnalytics, CallDetails, CallRow, Database, MetricResult, Organisation, Said, StageLatencies, Version,
    insert_agent, insert_calls, insert_version, put_details,
};
use callscope_server::http::{Config, router};
use oorandom::Rand64;
use sqlx::SqliteConnection;

/// What may go wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    TooMany,
    Failed,
    /// The connection ends in the middle of the body.
    Cut,
    /// The body ends early, and nothing says so.
    Short,
    /// A page of a proxy instead.
    Html,
    /// Nothing within the client's patience.
    Late,
    /// The page before this one.
    Repeated,
}

pub(super) const FAULTS: [Fault; 7] =
    [Fault::TooMany, Fault::Failed, Fault::Cut, Fault::Short, Fault::Html, Fault::Late, Fault::Repeated];

/// When what goes wrong.
pub(super) struct Schedule {
    random: Rand64,
    /// One in so many requests; 0 for none.
    pub(super) one_in: u64,
    pub(super) happened: Vec<Fault>,
    /// Every request from this one on is refused with 401.
    pub(super) ends_after: Option<usize>,
    pub(super) asked: usize,
    /// Paths that never answer well.
    pub(super) never: Vec<String>,
}

impl Schedule {
    fn next(&mut self, is_list: bool) -> Option<Fault> {
        if self.one_in == 0 || self.random.rand_range(0..self.one_in) > 0 {
            return None;
        }
        let fault = FAULTS[self.random.rand_range(0..FAULTS.len() as u64) as usize];
        // An answer that does not come takes the client's whole patience: two are enough.
        let lates = self.happened.iter().filter(|before| **before == Fault::Late).count();
        if (fault == Fault::Late && lates >= 2) || (fault == Fault::Repeated && !is_list) {
            return None;
        }
        self.happened.push(fault);
        Some(fault)
    }
}

/// A vendor with one account.
pub(super) struct StandIn {
    pub(super) db: Database,
    pub(super) key: String,
    pub(super) base: String,
    pub(super) organisation_id: String,
    pub(super) schedule: Arc<Mutex<Schedule>>,
}

impl StandIn {
    /// A vendor whose account has so many calls, some of them with everything.
    pub(super) async fn with(calls: usize) -> Self {
        let db = Database::in_memory().await.unwrap();
        let organisation = Organisation {
            id: "vendor-org".to_owned(),
            name: "At the vendor".to_owned(),
            time_zone: "UTC".to_owned(),
            reseller_id: None,
        };
        db.put_organisation(&organisation).await.unwrap();
        let mut transaction = db.begin().await.unwrap();
        for (id, status) in [("agent-a", "active"), ("agent-b", "inactive"), ("agent-c", "deleted")] {
            put_agent(&mut transaction, id, status).await;
        }
        for number in 0..calls {
            put_call(&mut transaction, number).await;
        }
        transaction.commit().await.unwrap();
        Self::over(db, &organisation.id).await
    }

    /// A vendor over a database that is there.
    pub(super) async fn over(db: Database, organisation_id: &str) -> Self {
        Self::configured(db, organisation_id, Config::default()).await
    }

    /// The same, with a configuration of its own.
    pub(super) async fn configured(db: Database, organisation_id: &str, config: Config) -> Self {
        let key = db.create_key("vendor", Some(organisation_id), Role::Editor).await.unwrap().expose().to_owned();
        let schedule = calm();
        let config = Config { requests_per_minute: 10_000_000, ..config };
        let app = router(db.clone(), config).layer(from_fn_with_state(Arc::clone(&schedule), faulty));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/atoms/v1", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { db, key, base, organisation_id: organisation_id.to_owned(), schedule }
    }

    pub(super) fn fail_one_in(&self, one_in: u64) {
        self.schedule.lock().unwrap().one_in = one_in;
    }

    /// Writes new calls, and changes calls that are there.
    pub(super) async fn write(&self, new: std::ops::Range<usize>, changed: std::ops::Range<usize>) {
        let mut transaction = self.db.begin().await.unwrap();
        for number in new {
            put_call(&mut transaction, number).await;
        }
        for number in changed {
            let details = details(number + 1);
            put_details(&mut transaction, ("vendor-org", &call_id(number)), &details).await.unwrap();
            let sql = "UPDATE calls SET cost = coalesce(cost, 0) + 0.1, updated_ms = (SELECT max(updated_ms) + 1 FROM calls) WHERE id = ?";
            sqlx::query(sql).bind(call_id(number)).execute(&mut *transaction).await.unwrap();
        }
        transaction.commit().await.unwrap();
    }
}

/// Nothing goes wrong.
pub(super) fn calm() -> Arc<Mutex<Schedule>> {
    let random = Rand64::new(7);
    Arc::new(Mutex::new(Schedule {
        random,
        one_in: 0,
        happened: Vec::new(),
        ends_after: None,
        asked: 0,
        never: Vec::new(),
    }))
}

async fn put_agent(connection: &mut SqliteConnection, id: &str, status: &str) {
    let agent = Agent {
        id: id.to_owned(),
        organisation_id: "vendor-org".to_owned(),
        name: format!("The {id}"),
        status: status.to_owned(),
    };
    insert_agent(connection, &agent).await.unwrap();
    for number in 1..=3 {
        let at_ms = 1_760_000_000_000 + number * 86_400_000;
        let version = Version {
            config: serde_json::json!({"postCallAnalyticsConfig": {"dispositionMetrics": []}, "of": number})
                .to_string(),
            published_ms: Some(at_ms),
            description: (number == 2).then(|| "the middle one".to_owned()),
            ..Version::bare(
                format!("{id}-v{number}"),
                id.to_owned(),
                format!("label {number}"),
                (number < 3).then_some(at_ms + 5),
            )
        };
        insert_version(connection, &version).await.unwrap();
    }
}

pub(super) fn call_id(number: usize) -> String {
    format!("CALL-{number:06}")
}

async fn put_call(connection: &mut SqliteConnection, number: usize) {
    let of = |every: usize| number.is_multiple_of(every);
    let agent = ["agent-a", "agent-b", "agent-c"][number % 3];
    let outcome = Outcome::ALL[number % Outcome::ALL.len()];
    let call = CallRow {
        organisation_id: "vendor-org".to_owned(),
        id: call_id(number),
        // Several at the same instant, across the edges of pages.
        started_ms: 1_761_000_000_000 + (number / 7) as i64 * 61_003,
        agent_id: (!of(17)).then(|| agent.to_owned()),
        version_id: (!of(17) && !of(5)).then(|| format!("{agent}-v{}", number % 2 + 1)),
        duration_ms: (number * 337 % 600_000) as u64,
        status: if of(4) { "no_answer" } else { "completed" }.to_owned(),
        outcome,
        disconnection_reason: (!of(6)).then(|| "user_hangup".to_owned()),
        call_type: Some("telephony_inbound".to_owned()),
        to_number: Some("+12025550100".to_owned()),
        from_number: Some(format!("+120255501{:02}", number % 100)),
        is_test: of(29),
        cost: (!of(8)).then(|| number as f64 / 7.0),
        response_ms: (!of(3)).then(|| 300.0 + number as f64 / 3.0),
        positive_sentiment: (!of(2)).then(|| of(9)),
        corrections: Some((number % 4) as u32),
        tokens: Some((number as u64, number as u64 * 3 + 1)),
        transcript_confidence: Some(0.5 + (number % 50) as f64 / 101.0),
        tool_calls: Some((3, (number % 3) as u64)),
        escalation_reason: (outcome == Outcome::Transferred).then(|| "wants a person".to_owned()),
        campaign_id: of(11).then(|| "spring".to_owned()),
        latency_ms: Some(700.25 + number as f64),
    };
    insert_calls(connection, std::slice::from_ref(&call)).await.unwrap();
    if of(10) {
        put_details(connection, ("vendor-org", &call.id), &details(number)).await.unwrap();
    }
}

fn details(number: usize) -> CallDetails {
    let said =
        |role: &str, after_ms| Said { role: role.to_owned(), content: format!("{role} says {number} <b>"), after_ms };
    let answer = MetricResult {
        identifier: "resolved".to_owned(),
        value: number.is_multiple_of(2).to_string(),
        confidence: Some(0.75),
    };
    CallDetails {
        transcript: vec![said("agent", 0), said("user", 1_250), said("supervisor", 3_000)],
        latencies: StageLatencies {
            transcriber_ms: Some(110.5),
            agent_ms: Some(420.0),
            synthesizer_ms: None,
            turns_ms: vec![650.0, 701.125],
        },
        analytics: CallAnalytics { summary: Some(format!("About {number}.")), answers: vec![answer] },
        failure_reason: number.is_multiple_of(4).then(|| "nobody took it".to_owned()),
        ..CallDetails::default()
    }
}

async fn faulty(State(schedule): State<Arc<Mutex<Schedule>>>, mut request: Request, next: Next) -> Response {
    let is_list = request.uri().path().ends_with("/conversation");
    let fault = {
        let mut schedule = schedule.lock().unwrap();
        schedule.asked += 1;
        if schedule.ends_after.is_some_and(|ends| schedule.asked > ends) {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        if schedule.never.iter().any(|path| request.uri().path().ends_with(path)) {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        schedule.next(is_list)
    };
    match fault {
        None => next.run(request).await,
        Some(Fault::TooMany) => (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "0")]).into_response(),
        Some(Fault::Failed) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(Fault::Html) => ([(header::CONTENT_TYPE, "text/html")], "<html>busy</html>").into_response(),
        Some(Fault::Late) => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            next.run(request).await
        }
        Some(Fault::Repeated) => {
            *request.uri_mut() = page_before(request.uri());
            next.run(request).await
        }
        Some(fault @ (Fault::Cut | Fault::Short)) => {
            request.headers_mut().remove(header::ACCEPT_ENCODING);
            let (mut parts, body) = next.run(request).await.into_parts();
            let whole = to_bytes(body, usize::MAX).await.unwrap();
            let start = whole.slice(..whole.len() / 2);
            if fault == Fault::Short {
                parts.headers.remove(header::CONTENT_LENGTH);
                return Response::from_parts(parts, Body::from(start));
            }
            // The length is promised, and the body is not.
            parts.headers.insert(header::CONTENT_LENGTH, whole.len().into());
            Response::from_parts(parts, Body::from_stream(Halved(Some(start))))
        }
    }
}

/// The start of a body, and then a broken connection.
struct Halved(Option<axum::body::Bytes>);

impl futures_util::Stream for Halved {
    type Item = std::io::Result<axum::body::Bytes>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        let broken = || Err(std::io::Error::other("broken"));
        std::task::Poll::Ready(Some(self.0.take().map_or_else(broken, Ok)))
    }
}

fn page_before(uri: &Uri) -> Uri {
    let text = uri.to_string();
    let Some((start, rest)) = text.split_once("page=") else { return uri.clone() };
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let page: u64 = rest[..digits].parse().unwrap_or(1);
    format!("{start}page={}{}", page.saturating_sub(1).max(1), &rest[digits..]).parse().unwrap()
}
