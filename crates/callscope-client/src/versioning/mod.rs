//! Drafts and versions of an agent's configuration, by whichever way its account keeps them.
//!
//! An account has either versions with drafts beside them, or branches with one open draft each and
//! revisions behind it; the older way answers 409 where the newer one is in force. What is done with
//! either is the same: read what is live, open a draft, write it, publish it, let it go live. Writing is
//! never tried again by itself: whether the first attempt arrived is for the caller to find out.

mod branches;
mod publish;
mod versions;

use std::sync::Arc;

use callscope_core::agents::AgentVersion;
use callscope_core::diff::{self, ConfigDiff};
use callscope_core::postcall::{
    Branch, DraftState, LiveConfig, Metric, VersionState, is_same, parse_live, parse_templates, parse_version,
};
use gloo_timers::future::TimeoutFuture;
use serde_json::Value;

pub use publish::{Publication, PublishOutcome, PublishStep};
pub(crate) use versions::published;

use crate::api::{Api, encoded};
use crate::error::{ClientError, Problem};

/// How an account keeps the configurations of its agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionModel {
    /// Numbered versions, one of them live, and any number of drafts.
    Versions,
    /// Branches, one of them live; this is the one that is worked on.
    Branches(Branch),
}

/// What became of a draft that was written.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// It was written.
    Done {
        /// Its revision, where the server counts them.
        revision: Option<u64>,
        /// Whether reading it back showed that it holds what was written; a server may not tell.
        is_proven: bool,
    },
    /// Somebody else changed it since; this is how it stands.
    Conflict(DraftState),
}

/// An agent's configurations.
#[derive(Clone, Debug)]
pub struct Versioning {
    api: Arc<Api>,
    agent_id: String,
    model: VersionModel,
}

impl Versioning {
    /// Finds out how the account of an agent keeps its configurations.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn of(api: Arc<Api>, agent_id: &str) -> Result<Self, ClientError> {
        let model = match versions::published(&api, agent_id, 1, true).await {
            Ok(_) => VersionModel::Versions,
            Err(error) if error.problem == Problem::Branches => {
                VersionModel::Branches(branches::live(&api, agent_id).await?)
            }
            Err(error) => return Err(error),
        };
        Ok(Self { api, agent_id: agent_id.to_owned(), model })
    }

    /// How the account keeps them.
    pub fn model(&self) -> &VersionModel {
        &self.model
    }

    /// The agent.
    pub fn agent_id(&self) -> &str {
        &self.agent_id
    }

    /// Which version is live, and what it asks.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn live(&self) -> Result<LiveConfig, ClientError> {
        Ok(parse_live(&self.api.access.get(&agent_url(&self.api, &self.agent_id)).await?)?)
    }

    /// The published versions, the newest first, at most 100.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn published(&self) -> Result<Vec<AgentVersion>, ClientError> {
        match &self.model {
            VersionModel::Versions => versions::published(&self.api, &self.agent_id, 100, true).await,
            VersionModel::Branches(branch) => branches::revisions(&self.api, &self.agent_id, branch).await,
        }
    }

    /// A version: how it stands and what it asks.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn version(&self, id: &str) -> Result<VersionState, ClientError> {
        let url = match &self.model {
            VersionModel::Versions => format!("versions/{}", encoded(id)),
            VersionModel::Branches(branch) => format!("branches/{}/revisions/{}", encoded(&branch.id), encoded(id)),
        };
        let url = format!("{}/{url}", agent_url(&self.api, &self.agent_id));
        Ok(parse_version(&self.api.access.get(&url).await?)?)
    }

    /// What changed in the whole configuration from one version to another.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn changes(&self, from: &str, to: &str) -> Result<ConfigDiff, ClientError> {
        let pair = (encoded(from), encoded(to));
        let query = match &self.model {
            VersionModel::Versions => format!("versions/diff?versionA={}&versionB={}", pair.0, pair.1),
            VersionModel::Branches(_) => format!("diff?a={}&b={}", pair.0, pair.1),
        };
        let url = format!("{}/{query}", agent_url(&self.api, &self.agent_id));
        Ok(diff::parse(&self.api.access.get(&url).await?)?.0)
    }

    /// The drafts that somebody works on.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn drafts(&self) -> Result<Vec<DraftState>, ClientError> {
        match &self.model {
            VersionModel::Versions => versions::drafts(&self.api, &self.agent_id).await,
            VersionModel::Branches(branch) => branches::drafts(&self.api, &self.agent_id, branch).await,
        }
    }

    /// A draft with what it asks.
    ///
    /// # Errors
    /// [`Problem::NotFound`] where it was published or thrown away; else what failed.
    pub async fn draft(&self, id: &str) -> Result<DraftState, ClientError> {
        match &self.model {
            VersionModel::Versions => versions::draft(&self.api, &self.agent_id, id).await,
            VersionModel::Branches(branch) => branches::draft(self, branch).await,
        }
    }

    /// What a draft changes in the whole configuration, against the version that it began from.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn draft_changes(&self, id: &str) -> Result<ConfigDiff, ClientError> {
        match &self.model {
            VersionModel::Versions => versions::draft_changes(&self.api, &self.agent_id, id).await,
            VersionModel::Branches(branch) => branches::draft_changes(self, branch).await,
        }
    }

    /// Begins a draft from a version, with another configuration in it where one is given. On a branch it begins
    /// from the branch's newest revision, whichever is named.
    ///
    /// # Errors
    /// Says what failed. A draft that could not take the configuration is of no use and is thrown away again.
    pub async fn begin(&self, version_id: &str, name: &str, config: Option<&Value>) -> Result<DraftState, ClientError> {
        let draft = self.begun(version_id, name).await?;
        let Some(config) = config else { return Ok(draft) };
        let error = match self.write(&draft.id, config, draft.revision).await {
            Ok(Written::Done { .. }) => return Ok(draft),
            Ok(Written::Conflict(_)) => ClientError::new(Problem::Conflict, "Somebody else changed the new draft."),
            Err(error) => error,
        };
        self.discard(&draft.id).await.ok();
        Err(error)
    }

    async fn begun(&self, version_id: &str, name: &str) -> Result<DraftState, ClientError> {
        match &self.model {
            VersionModel::Versions => versions::begin(&self.api, &self.agent_id, version_id, name).await,
            VersionModel::Branches(branch) => branches::begin(self, branch).await,
        }
    }

    /// Writes what a draft asks, where nobody changed it since `revision`, and reads it back.
    ///
    /// # Errors
    /// Says what failed; whether it was written is then unknown, and writing the same again does no harm.
    pub async fn write(&self, id: &str, config: &Value, revision: Option<u64>) -> Result<Written, ClientError> {
        let written = match &self.model {
            VersionModel::Versions => versions::write(&self.api, &self.agent_id, id, config, revision).await,
            VersionModel::Branches(branch) => {
                branches::write(&self.api, &self.agent_id, branch, config, revision).await
            }
        };
        let is_refused = match written {
            Ok(()) => false,
            // An attempt whose answer was lost may have arrived: then it stands there as wanted.
            Err(error) if error.problem == Problem::Conflict => true,
            Err(error) => return Err(error),
        };
        let stands = self.draft(id).await?;
        let is_same = stands.config.as_ref().map(|there| is_same(there, config));
        Ok(if is_same.unwrap_or(!is_refused) {
            Written::Done { revision: stands.revision, is_proven: is_same.is_some() }
        } else {
            Written::Conflict(stands)
        })
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn discard(&self, id: &str) -> Result<(), ClientError> {
        match &self.model {
            VersionModel::Versions => versions::discard(&self.api, &self.agent_id, id).await,
            VersionModel::Branches(branch) => branches::discard(&self.api, &self.agent_id, branch).await,
        }
    }

    /// Publishes a draft, lets it go live, and proves that it did; told of every step as it begins.
    /// Asked again after a failure, it finds out how far it came and goes on from there: nothing is
    /// published twice.
    ///
    /// # Errors
    /// Says what failed; asking again goes on.
    pub async fn publish(
        &self,
        publication: &Publication,
        step: &mut dyn FnMut(PublishStep),
    ) -> Result<PublishOutcome, ClientError> {
        publish::publish(self, publication, step).await
    }

    /// Lets a version go live that was published before, and proves it; told of every step as it begins.
    /// `seen_live` is the version that was live when the person looked.
    ///
    /// # Errors
    /// Says what failed; asking again goes on.
    pub async fn let_live(
        &self,
        version_id: &str,
        seen_live: Option<&String>,
        step: &mut dyn FnMut(PublishStep),
    ) -> Result<PublishOutcome, ClientError> {
        publish::let_live(self, version_id, seen_live, step).await
    }

    /// Metrics to begin with.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn templates(&self) -> Result<Vec<Metric>, ClientError> {
        Ok(parse_templates(
            &self.api.access.get(&format!("{}/disposition-metric-templates", self.api.bases.atoms)).await?,
        )?)
    }
}

impl publish::Desk for Versioning {
    async fn live(&self) -> Result<LiveConfig, ClientError> {
        Self::live(self).await
    }

    async fn draft(&self, id: &str) -> Result<DraftState, ClientError> {
        Self::draft(self, id).await
    }

    async fn published(&self) -> Result<Vec<AgentVersion>, ClientError> {
        Self::published(self).await
    }

    async fn version(&self, id: &str) -> Result<VersionState, ClientError> {
        Self::version(self, id).await
    }

    async fn make_version(&self, draft_id: &str, label: &str) -> Result<Option<String>, ClientError> {
        match &self.model {
            VersionModel::Versions => versions::publish(&self.api, &self.agent_id, draft_id, label).await,
            VersionModel::Branches(branch) => branches::publish(&self.api, &self.agent_id, branch, label).await,
        }
    }

    async fn activate(&self, version_id: &str) -> Result<(), ClientError> {
        match &self.model {
            VersionModel::Versions => versions::activate(&self.api, &self.agent_id, version_id).await,
            VersionModel::Branches(branch) => branches::make_live(&self.api, &self.agent_id, branch).await,
        }
    }

    async fn wait(&self) {
        TimeoutFuture::new(1_000).await;
    }
}

fn agent_url(api: &Api, agent_id: &str) -> String {
    format!("{}/agent/{}", api.bases.atoms, encoded(agent_id))
}
