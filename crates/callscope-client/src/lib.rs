//! The API over HTTP, from the browser.
//!
//! [`Source`] answers the pages' questions: a server by [`Api`], or where there is none the [`Samples`], or what
//! a page around brought ([`Given`]). Dropping a request's future cancels the request. Only reading is tried again, and only
//! where trying again can help.

mod access;
mod api;
mod calls;
mod cancel;
mod error;
mod given;
mod local;
mod people;
mod retry;
mod samples;
mod versioning;

pub use access::Access;
pub use api::{Api, Bases, CompareRequest, UsageRequest};
pub use calls::{CallPage, CallsRequest};
pub use error::{ClientError, Problem};
pub use given::Given;
pub use local::Local;
pub use samples::{SampleFiles, Samples};
pub use versioning::{Publication, PublishOutcome, PublishStep, VersionModel, Versioning, Written};

use crate::given::{agents_in, calls_in, comparison_in, versions_in};
use crate::local::not_held;
use std::ops::ControlFlow;
use std::sync::Arc;

use callscope_core::Finding;
use callscope_core::agents::{AgentSummary, AgentVersion};
use callscope_core::calls::{CallDetail, CallRecord};
use callscope_core::compare::Comparison;
use callscope_core::session::Session;
use callscope_core::usage::UsageReport;

/// Where answers come from.
#[derive(Clone)]
pub enum Source {
    /// A server.
    Server(Arc<Api>),
    /// Answers that are there already: samples that came with the app, or what a page around brought.
    Local(Arc<dyn Local>),
}

impl Source {
    /// The usage report of a scope and period, checked.
    ///
    /// # Errors
    /// Says what failed and whether signing in or waiting would help.
    pub async fn usage(&self, request: &UsageRequest) -> Result<(UsageReport, Vec<Finding>), ClientError> {
        match self {
            Self::Server(api) => api.usage(request).await,
            Self::Local(local) => local.usage(request),
        }
    }

    /// All agents that may be seen; of one organisation where it is named.
    ///
    /// # Errors
    /// As [`Source::usage`].
    pub async fn agents(&self, organisation_id: Option<&str>) -> Result<Vec<AgentSummary>, ClientError> {
        match self {
            Self::Server(api) => api.agents(organisation_id).await,
            Self::Local(local) => Ok(agents_in(local.json()?)),
        }
    }

    /// The published versions of an agent, the newest first.
    ///
    /// # Errors
    /// As [`Source::usage`].
    pub async fn versions(&self, agent_id: &str) -> Result<Vec<AgentVersion>, ClientError> {
        match self {
            Self::Server(api) => api.versions(agent_id).await,
            Self::Local(local) => Ok(versions_in(local.json()?)),
        }
    }

    /// The comparison of two versions, checked.
    ///
    /// # Errors
    /// As [`Source::usage`].
    pub async fn compare(&self, request: &CompareRequest) -> Result<(Comparison, Vec<Finding>), ClientError> {
        match self {
            Self::Server(api) => api.compare(request).await,
            Self::Local(local) => comparison_in(local.json()?, request),
        }
    }

    /// A page of calls, those of the filter alone.
    ///
    /// # Errors
    /// As [`Source::usage`].
    pub async fn calls(&self, request: &CallsRequest) -> Result<CallPage, ClientError> {
        match self {
            Self::Server(api) => api.calls(request).await,
            Self::Local(local) => calls_in(local.json()?, request),
        }
    }

    /// All calls of a request from a page on; see [`Api::all_calls`].
    ///
    /// # Errors
    /// As [`Source::usage`].
    pub async fn all_calls(
        &self,
        request: &CallsRequest,
        from_page: u64,
        each: &mut dyn FnMut(u64, CallPage) -> ControlFlow<()>,
    ) -> Result<(), ClientError> {
        match self {
            Self::Server(api) => api.all_calls(request, from_page, each).await,
            Self::Local(_) => Err(not_held()),
        }
    }

    /// One call with everything that is known of it.
    ///
    /// # Errors
    /// As [`Source::usage`].
    pub async fn call(&self, id: &str) -> Result<(CallDetail, Vec<Finding>), ClientError> {
        match self {
            Self::Server(api) => api.call(id).await,
            Self::Local(_) => Err(not_held()),
        }
    }

    /// Some calls by their ids, at most 100.
    ///
    /// # Errors
    /// As [`Source::usage`].
    pub async fn find_calls(&self, ids: &[String]) -> Result<Vec<CallRecord>, ClientError> {
        match self {
            Self::Server(api) => api.find_calls(ids).await,
            Self::Local(_) => Err(not_held()),
        }
    }

    /// The configurations of an agent.
    ///
    /// # Errors
    /// As [`Source::usage`].
    pub async fn versioning(&self, agent_id: &str) -> Result<Versioning, ClientError> {
        match self {
            Self::Server(api) => Versioning::of(Arc::clone(api), agent_id).await,
            Self::Local(_) => Err(not_held()),
        }
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// As [`Source::usage`].
    pub async fn session(&self) -> Result<Session, ClientError> {
        match self {
            Self::Server(api) => api.session().await,
            Self::Local(local) => Ok(local.session()),
        }
    }

    /// Whether this is the sample data.
    pub fn is_sample(&self) -> bool {
        matches!(self, Self::Local(local) if local.is_sample())
    }
}
