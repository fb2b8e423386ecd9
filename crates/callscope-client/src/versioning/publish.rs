//! Publishing that proves itself: nothing is called live before it was read back and found to be what was
//! wanted, to the byte.
//!
//! Every step may fail, and of a request whose answer is lost nobody knows whether it arrived. So the
//! procedure begins each time by finding out how things stand, and does what is left to do: begun again
//! after any failure it goes on, and publishes nothing twice.

use callscope_core::agents::AgentVersion;
use callscope_core::postcall::{DraftState, LiveConfig, SecurityCheck, VersionState, is_same};
use serde_json::Value;

use crate::error::{ClientError, Problem};

/// A security check is awaited for so many seconds; then people are told that it goes on.
const MOST_WAITS: u32 = 180;

/// What is published.
#[derive(Clone, Debug, PartialEq)]
pub struct Publication {
    /// The draft.
    pub draft_id: String,
    /// What it asks, and what is to be live in the end.
    pub config: Value,
    /// What the version is called.
    pub label: String,
    /// The version that was live when the person looked: where another one is by now, somebody published
    /// meanwhile, and what they changed would be undone unseen.
    pub live_version_id: Option<String>,
    /// The versions that there were then.
    pub known_version_ids: Vec<String>,
}

/// A step, told as it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublishStep {
    /// Reading the draft and the live version.
    Reading,
    /// Making a version of the draft.
    Publishing,
    /// Waiting for the security check.
    Checking,
    /// Letting the version go live, where publishing did not.
    Activating,
    /// Reading back what is live.
    Proving,
}

impl PublishStep {
    /// All, in their order.
    pub const ALL: [Self; 5] = [Self::Reading, Self::Publishing, Self::Checking, Self::Activating, Self::Proving];
}

/// How publishing ended.
#[derive(Clone, Debug, PartialEq)]
pub enum PublishOutcome {
    /// The version is live, and what it asks is what was wanted: it was read back.
    Live(AgentVersion),
    /// Another version went live since the person looked. Nothing was published.
    OtherLive(LiveConfig),
    /// The version was published, and before it could go live another one did: letting it go live would take
    /// back unseen what that one changed.
    Overtaken(AgentVersion, LiveConfig),
    /// The draft is another one than what was to be published. Nothing was published.
    DraftChanged(DraftState),
    /// The draft is gone and no version holds what was wanted: somebody threw it away.
    DraftGone,
    /// The version was published and did not pass its security check; it is not live.
    CheckFailed(AgentVersion, Option<String>),
    /// The version was published, and its security check goes on; it is not live yet.
    StillChecking(AgentVersion),
    /// The version was published and holds something else than what was wanted, which is here; whether it
    /// is live stands in the version.
    Differs(AgentVersion, Value),
    /// The version was published and let go live, and yet another one is.
    NotLive(AgentVersion, LiveConfig),
}

/// What publishing needs of an account.
pub(super) trait Desk {
    /// Which version is live, and what it asks.
    async fn live(&self) -> Result<LiveConfig, ClientError>;
    /// The draft; [`Problem::NotFound`] where it is none any more.
    async fn draft(&self, id: &str) -> Result<DraftState, ClientError>;
    /// The published versions, the newest first.
    async fn published(&self) -> Result<Vec<AgentVersion>, ClientError>;
    /// A version with what it asks.
    async fn version(&self, id: &str) -> Result<VersionState, ClientError>;
    /// Makes a version of the draft; its id, where there is one already.
    async fn make_version(&self, draft_id: &str, label: &str) -> Result<Option<String>, ClientError>;
    /// Lets a version go live.
    async fn activate(&self, version_id: &str) -> Result<(), ClientError>;
    /// Waits a second.
    async fn wait(&self);
}

/// Publishes, lets go live and proves it, from wherever an earlier attempt came to.
pub(super) async fn publish(
    desk: &impl Desk,
    wanted: &Publication,
    step: &mut dyn FnMut(PublishStep),
) -> Result<PublishOutcome, ClientError> {
    step(PublishStep::Reading);
    let made = match desk.draft(&wanted.draft_id).await {
        Ok(draft) => {
            if draft.config.as_ref().is_some_and(|config| !is_same(config, &wanted.config)) {
                return Ok(PublishOutcome::DraftChanged(draft));
            }
            let live = desk.live().await?;
            // An earlier attempt may have got through on an account that keeps its drafts.
            match find(desk, wanted).await? {
                Some(made) => Some(made),
                None if live.version_id != wanted.live_version_id => return Ok(PublishOutcome::OtherLive(live)),
                None => {
                    step(PublishStep::Publishing);
                    desk.make_version(&wanted.draft_id, &wanted.label).await?
                }
            }
        }
        Err(error) if error.problem == Problem::NotFound => match find(desk, wanted).await? {
            Some(made) => Some(made),
            None => return Ok(PublishOutcome::DraftGone),
        },
        Err(error) => return Err(error),
    };
    step(PublishStep::Checking);
    let version = match checked(desk, wanted, made).await? {
        Checked::Passed(state) => state,
        Checked::Ended(outcome) => return Ok(outcome),
    };
    if !is_same(&version.config, &wanted.config) {
        return Ok(PublishOutcome::Differs(version.version, version.config));
    }
    go_live(desk, version, wanted.live_version_id.as_ref(), step).await
}

/// Lets a version go live that was published before, and proves it.
pub(super) async fn let_live(
    desk: &impl Desk,
    version_id: &str,
    seen_live: Option<&String>,
    step: &mut dyn FnMut(PublishStep),
) -> Result<PublishOutcome, ClientError> {
    step(PublishStep::Checking);
    let state = desk.version(version_id).await?;
    match state.check.clone() {
        SecurityCheck::Passed => go_live(desk, state, seen_live, step).await,
        SecurityCheck::Pending => Ok(PublishOutcome::StillChecking(state.version)),
        SecurityCheck::Failed(why) => Ok(PublishOutcome::CheckFailed(state.version, why)),
    }
}

/// Lets a version go live where it is not, unless another one did than the person saw.
async fn go_live(
    desk: &impl Desk,
    state: VersionState,
    seen_live: Option<&String>,
    step: &mut dyn FnMut(PublishStep),
) -> Result<PublishOutcome, ClientError> {
    if !state.version.is_active {
        let live = desk.live().await?;
        if live.version_id.as_ref() != Some(&state.version.id) {
            if live.version_id.as_ref() != seen_live {
                return Ok(PublishOutcome::Overtaken(state.version, live));
            }
            step(PublishStep::Activating);
            if let Some(outcome) = activated(desk, &state).await? {
                return Ok(outcome);
            }
        }
    }
    step(PublishStep::Proving);
    prove(desk, &state.config, state.version).await
}

/// A version of those that were not known before that asks what is wanted: the one that was made. A foreign
/// one that asks the same is as good a proof.
async fn find(desk: &impl Desk, wanted: &Publication) -> Result<Option<String>, ClientError> {
    let published = desk.published().await?;
    for version in published.iter().filter(|version| !wanted.known_version_ids.contains(&version.id)) {
        if is_same(&desk.version(&version.id).await?.config, &wanted.config) {
            return Ok(Some(version.id.clone()));
        }
    }
    Ok(None)
}

enum Checked {
    Passed(VersionState),
    Ended(PublishOutcome),
}

/// Waits until the security check of the version is over. A version that has no id yet is looked for.
async fn checked(desk: &impl Desk, wanted: &Publication, made: Option<String>) -> Result<Checked, ClientError> {
    let mut made = made;
    let mut last = None;
    for _ in 0..MOST_WAITS {
        if made.is_none() {
            made = find(desk, wanted).await?;
        }
        if let Some(id) = &made {
            let state = desk.version(id).await?;
            match state.check.clone() {
                SecurityCheck::Passed => return Ok(Checked::Passed(state)),
                SecurityCheck::Failed(why) => {
                    return Ok(Checked::Ended(PublishOutcome::CheckFailed(state.version, why)));
                }
                SecurityCheck::Pending => last = Some(state.version),
            }
        }
        desk.wait().await;
    }
    let late = || ClientError::new(Problem::Timeout, "The new version does not appear among the published ones.");
    last.map(|version| Checked::Ended(PublishOutcome::StillChecking(version))).ok_or_else(late)
}

/// Lets a version go live. A server may need a moment more after its check.
async fn activated(desk: &impl Desk, state: &VersionState) -> Result<Option<PublishOutcome>, ClientError> {
    const MOST_TRIES: u32 = 10;
    for _ in 0..MOST_TRIES {
        match desk.activate(&state.version.id).await {
            Ok(()) => return Ok(None),
            Err(error) if error.problem == Problem::Conflict => desk.wait().await,
            Err(error) => return Err(error),
        }
    }
    Ok(Some(PublishOutcome::StillChecking(state.version.clone())))
}

/// What is live is read back, and only that decides.
async fn prove(desk: &impl Desk, wanted: &Value, version: AgentVersion) -> Result<PublishOutcome, ClientError> {
    let live = desk.live().await?;
    Ok(if live.version_id.as_ref() != Some(&version.id) {
        PublishOutcome::NotLive(version, live)
    } else if is_same(&live.config, wanted) {
        PublishOutcome::Live(AgentVersion { is_active: true, ..version })
    } else {
        PublishOutcome::Differs(AgentVersion { is_active: true, ..version }, live.config)
    })
}

#[cfg(test)]
mod tests;
