//! What can go wrong between a page and its server.

use std::fmt;

/// What went wrong, coarsely: enough to decide what the page offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No connection, or it broke off.
    Network,
    /// The server took too long.
    Timeout,
    /// 400: a parameter is wrong.
    BadRequest,
    /// 401: nobody is signed in, or the session has ended.
    SignedOut,
    /// 403: signed in, but not allowed.
    Forbidden,
    /// 404: there is no such thing, or no such server.
    NotFound,
    /// The samples hold nothing of the kind.
    NotInSamples,
    /// 409: the account works with branches, which have no versions of the older kind.
    Branches,
    /// 409, 423: it does not fit to how things stand; somebody else changed them, or they are locked.
    Conflict,
    /// 429: too often.
    TooMany,
    /// 5xx: the server failed.
    Server,
    /// An answer that cannot be read.
    BadAnswer,
}

impl Problem {
    /// Its stable name, for those who embed reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::BadRequest => "bad-request",
            Self::SignedOut => "signed-out",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::NotInSamples => "not-held",
            Self::Branches => "branches",
            Self::Conflict => "conflict",
            Self::TooMany => "too-many-requests",
            Self::Server => "server",
            Self::BadAnswer => "bad-answer",
        }
    }
}

/// A request that gave no answer. Its text is for people; addresses do not stand in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ClientError {
    /// What went wrong.
    pub problem: Problem,
    /// A sentence for the page.
    pub sentence: String,
    /// How long the server asked to wait, in seconds.
    pub retry_after_secs: Option<u32>,
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl ClientError {
    pub(crate) fn new(problem: Problem, sentence: impl Into<String>) -> Self {
        Self { problem, sentence: sentence.into(), retry_after_secs: None }
    }

    /// Whether asking again may give an answer: after a lost connection and the passing troubles
    /// of servers and gateways, and after nothing else.
    pub(crate) fn is_passing(&self, status: Option<u16>) -> bool {
        matches!(self.problem, Problem::Network) || matches!(status, Some(429 | 502 | 503 | 504))
    }

    /// The account was moved to branches: its old versions can no longer be listed.
    pub(crate) fn branches() -> Self {
        let sentence = "This account works with branches of its agents instead of versions. Its server no longer lists \
                        versions, so there is nothing to choose from here; nothing is lost, and its calls are still there.";
        Self::new(Problem::Branches, sentence)
    }

    /// The problem of a status that is no success.
    pub(crate) fn of_status(status: u16, errors: &[String], retry_after_secs: Option<u32>) -> Self {
        let (problem, otherwise) = match status {
            400 | 405 | 415 | 422 => (Problem::BadRequest, "The server did not understand the request."),
            401 => (Problem::SignedOut, "Nobody is signed in."),
            403 => (Problem::Forbidden, "You may not see this."),
            404 => (Problem::NotFound, "The server does not know this address."),
            409 => (Problem::Conflict, "Somebody else changed it meanwhile."),
            423 => (Problem::Conflict, "Configurations are locked for a while. Nothing was changed."),
            429 => (Problem::TooMany, "Too many requests."),
            502..=504 => (Problem::Server, "The server is not reachable at the moment."),
            _ => (Problem::Server, "The server failed."),
        };
        let sentence = if errors.is_empty() { otherwise.to_owned() } else { errors.join(" ") };
        Self { problem, sentence, retry_after_secs }
    }
}

impl From<callscope_core::Error> for ClientError {
    fn from(error: callscope_core::Error) -> Self {
        Self::new(Problem::BadAnswer, format!("The server's answer cannot be read: {error}."))
    }
}
