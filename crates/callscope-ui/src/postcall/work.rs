//! What the page holds while somebody works on it, and what is done to it.

use std::sync::Arc;

use callscope_client::{ClientError, Problem, Publication, PublishOutcome, PublishStep, Versioning, Written};
use callscope_core::agents::AgentVersion;
use callscope_core::postcall::{DraftState, Lint, lint};
use futures_util::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::asking::Desk;
use super::editing::Editing;
use super::selection::PostCallSelection;
use crate::piece::{Derived, State};

/// What a draft and its version are called where nobody says otherwise.
const DEFAULT_NAME: &str = "Post-call metrics";

/// How writing a draft goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Saving {
    #[default]
    Idle,
    UnderWay,
    /// The server has it, as reading it back showed.
    Saved,
    Failed(ClientError),
}

/// How publishing goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Publishing {
    #[default]
    Idle,
    UnderWay(PublishStep),
    /// Stopped at a step by an error; begun again it goes on.
    Failed(PublishStep, ClientError),
    Ended(Box<PublishOutcome>),
}

/// The draft that is open, and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OpenDraft {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) source_version_id: Option<String>,
    /// Whether the server did not say what the draft asks, and what is live stands in its place.
    pub(super) is_from_live: bool,
}

/// Everything that the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Work {
    pub(super) desk: State<Arc<Desk>>,
    pub(super) selection: Derived<PostCallSelection>,
    pub(super) on_select: Callback<PostCallSelection>,
    pub(super) on_signed_out: Callback<()>,
    /// Asks for everything anew; what is typed stays.
    pub(super) ask_again: Callback<()>,
    pub(super) draft: State<Option<OpenDraft>>,
    pub(super) editing: State<Option<Editing>>,
    pub(super) saving: State<Saving>,
    /// The draft as somebody else changed it, where that is in the way.
    pub(super) conflict: State<Option<Arc<DraftState>>>,
    pub(super) publishing: State<Publishing>,
    /// What the version will be called.
    pub(super) label: State<String>,
    /// The live version that may be published over although the draft did not begin from it.
    pub(super) accepted: State<Option<String>>,
    /// What is wrong with what is typed.
    pub(super) lints: Derived<Vec<Lint>>,
    under_way: StoredValue<Option<AbortHandle>>,
}

impl Work {
    pub(super) fn new(
        selection: Derived<PostCallSelection>,
        on_select: Callback<PostCallSelection>,
        on_signed_out: Callback<()>,
        ask_again: Callback<()>,
    ) -> Self {
        let editing = State::new(None::<Editing>);
        let found = move || editing.with(|editing| editing.as_ref().map(|of| lint(&of.config())).unwrap_or_default());
        let work = Self {
            desk: State::new(Arc::default()),
            selection,
            on_select,
            on_signed_out,
            ask_again,
            draft: State::new(None),
            editing,
            saving: State::new(Saving::default()),
            conflict: State::new(None),
            publishing: State::new(Publishing::default()),
            label: State::new(String::new()),
            accepted: State::new(None),
            lints: Derived::new(found),
            under_way: StoredValue::new(None),
        };
        on_cleanup(move || work.abort());
        work
    }

    fn abort(self) {
        if let Some(handle) = self.under_way.try_get_value().flatten() {
            handle.abort();
        }
    }

    /// Whether something is typed that the server does not have.
    pub(super) fn is_unsaved(self) -> bool {
        self.editing.with(|editing| editing.as_ref().is_some_and(Editing::is_unsaved))
    }

    /// Whether a request that changes something is under way.
    pub(super) fn is_busy(self) -> bool {
        self.saving.with(|saving| *saving == Saving::UnderWay)
            || self.publishing.with(|publishing| matches!(publishing, Publishing::UnderWay(_)))
    }

    /// Takes a draft as the server has it. What is typed into the same draft and not saved stays.
    pub(super) fn open(self, draft: &DraftState) -> Result<(), callscope_core::Error> {
        let is_same = self.draft.with_untracked(|open| open.as_ref().is_some_and(|open| open.id == draft.id));
        let is_unsaved = self.editing.with_untracked(|editing| editing.as_ref().is_some_and(Editing::is_unsaved));
        if is_same && is_unsaved {
            return Ok(());
        }
        let desk = self.desk.get_untracked();
        let config = draft.config.as_ref().unwrap_or(&desk.live.config);
        let editing = Editing::new(config, draft.revision)?;
        self.draft.set(Some(OpenDraft {
            id: draft.id.clone(),
            name: draft.name.clone(),
            source_version_id: draft.source_version_id.clone(),
            is_from_live: draft.config.is_none(),
        }));
        self.editing.set(Some(editing));
        if !is_same {
            self.forget();
        }
        Ok(())
    }

    /// Leaves the draft; what came of publishing it stays to be read.
    pub(super) fn close(self) {
        if self.draft.with_untracked(Option::is_none) {
            return;
        }
        self.abort();
        self.draft.set(None);
        self.editing.set(None);
        let outcome = self.publishing.get_untracked();
        self.forget();
        if matches!(outcome, Publishing::Ended(_)) {
            self.publishing.set(outcome);
        }
    }

    fn forget(self) {
        self.saving.set(Saving::Idle);
        self.conflict.set(None);
        self.publishing.set(Publishing::Idle);
        self.label.set(String::new());
        self.accepted.set(None);
    }

    /// Changes what is typed.
    pub(super) fn edit<T>(self, change: impl FnOnce(&mut Editing) -> T) -> Option<T> {
        let mut editing = self.editing.try_get_untracked().flatten()?;
        let result = change(&mut editing);
        self.editing.set(Some(editing));
        if self.saving.with_untracked(|saving| *saving == Saving::Saved) {
            self.saving.set(Saving::Idle);
        }
        // What was said of publishing was of another text.
        if matches!(self.publishing.get_untracked(), Publishing::Ended(_)) {
            self.publishing.set(Publishing::Idle);
        }
        Some(result)
    }

    /// What is typed, as it goes over the wire.
    pub(super) fn typed(self) -> Option<Value> {
        self.editing.with_untracked(|editing| editing.as_ref().map(Editing::written))
    }

    /// The live version where it is none that the draft began from: somebody published since.
    pub(super) fn overtaken_by(self) -> Option<String> {
        let source = self.draft.with(|draft| draft.as_ref().and_then(|draft| draft.source_version_id.clone()))?;
        let live = self.desk.with(|desk| desk.live.version_id.clone())?;
        (live != source && self.accepted.with(|accepted| accepted.as_ref() != Some(&live))).then_some(live)
    }

    /// Writes what is typed to the draft.
    pub(super) fn save(self) {
        self.run(move |versioning| async move {
            self.write(&versioning, None).await;
        });
    }

    /// Writes what is typed over what somebody else wrote, which was shown.
    pub(super) fn keep_mine(self) {
        let theirs = self.conflict.get_untracked();
        self.run(move |versioning| async move {
            self.write(&versioning, theirs.as_deref()).await;
        });
    }

    /// Goes on with what somebody else wrote.
    pub(super) fn take_theirs(self) {
        let Some(theirs) = self.conflict.get_untracked() else { return };
        let Some(config) = &theirs.config else { return };
        if let Ok(editing) = Editing::new(config, theirs.revision) {
            self.editing.set(Some(editing));
            self.conflict.set(None);
            self.saving.set(Saving::Idle);
        }
    }

    /// Whether the draft holds what is typed in the end.
    async fn write(self, versioning: &Versioning, over: Option<&DraftState>) -> bool {
        let Some((draft, typed)) = self.draft.get_untracked().zip(self.typed()) else { return false };
        let own = self.editing.with_untracked(|editing| editing.as_ref().and_then(|editing| editing.revision));
        let revision = over.map_or(own, |over| over.revision);
        self.saving.set(Saving::UnderWay);
        match versioning.write(&draft.id, &typed, revision).await {
            Ok(Written::Done(revision)) => {
                // More may have been typed meanwhile: only what was written is saved.
                let Some(Some(mut editing)) = self.editing.try_get_untracked() else { return false };
                editing.set_saved(typed, revision);
                self.editing.set(Some(editing));
                self.conflict.set(None);
                self.saving.set(Saving::Saved);
                true
            }
            Ok(Written::Conflict(theirs)) => {
                self.conflict.set(Some(Arc::new(theirs)));
                self.saving.set(Saving::Idle);
                false
            }
            Err(error) => {
                self.told(&error);
                self.saving.set(Saving::Failed(error));
                false
            }
        }
    }

    /// Publishes what is typed, from wherever an earlier attempt came to.
    pub(super) fn publish(self) {
        self.run(move |versioning| async move {
            if self.is_unsaved_now() && !self.write(&versioning, None).await {
                return;
            }
            let Some(publication) = self.publication() else { return };
            let step = StoredValue::new(PublishStep::Reading);
            let mut told = |at| {
                step.set_value(at);
                self.publishing.set(Publishing::UnderWay(at));
            };
            match versioning.publish(&publication, &mut told).await {
                Ok(outcome) => self.ended(outcome),
                Err(error) => {
                    self.told(&error);
                    self.publishing.set(Publishing::Failed(step.get_value(), error));
                }
            }
        });
    }

    fn is_unsaved_now(self) -> bool {
        self.editing.with_untracked(|editing| editing.as_ref().is_some_and(Editing::is_unsaved))
    }

    fn publication(self) -> Option<Publication> {
        let (draft, config) = self.draft.get_untracked().zip(self.typed())?;
        let desk = self.desk.get_untracked();
        let label = self.label.get_untracked().trim().to_owned();
        let seen = self.accepted.get_untracked().or(draft.source_version_id).or(desk.live.version_id.clone());
        Some(Publication {
            draft_id: draft.id,
            config,
            label: if label.is_empty() { DEFAULT_NAME.to_owned() } else { label },
            live_version_id: seen,
            known_version_ids: desk.published.iter().map(|version| version.id.clone()).collect(),
        })
    }

    fn ended(self, outcome: PublishOutcome) {
        match outcome {
            PublishOutcome::DraftChanged(theirs) => {
                self.publishing.set(Publishing::Idle);
                self.conflict.set(Some(Arc::new(theirs)));
            }
            // What is live now is asked for, and both sides are shown.
            PublishOutcome::OtherLive(_) => {
                self.publishing.set(Publishing::Idle);
                self.ask_again.run(());
            }
            PublishOutcome::Live(version) => self.is_live(version),
            other => self.publishing.set(Publishing::Ended(Box::new(other))),
        }
    }

    /// The draft is a version now, and the page shows what is live.
    fn is_live(self, version: AgentVersion) {
        self.publishing.set(Publishing::Ended(Box::new(PublishOutcome::Live(version))));
        self.editing.set(None);
        self.on_select.run(self.selection.get_untracked().live());
        self.ask_again.run(());
    }

    /// A name that no draft has yet.
    pub(super) fn free_name(self) -> String {
        let desk = self.desk.get_untracked();
        let is_free = |name: &String| !desk.drafts.iter().any(|draft| draft.name.as_ref() == Some(name));
        let numbered = (2..).map(|number| format!("{DEFAULT_NAME} {number}"));
        std::iter::once(DEFAULT_NAME.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
    }

    /// Begins a draft of a version and opens it; with a configuration in it where one is given.
    pub(super) fn begin(self, version_id: String, name: String, config: Option<Value>) {
        self.run(move |versioning| async move {
            self.saving.set(Saving::UnderWay);
            match begin(&versioning, &version_id, &name, config).await {
                Ok(id) => {
                    self.editing.set(None);
                    self.publishing.set(Publishing::Idle);
                    self.saving.set(Saving::Idle);
                    self.on_select.run(self.selection.get_untracked().of_draft(id));
                    self.ask_again.run(());
                }
                Err(error) => {
                    self.told(&error);
                    self.saving.set(Saving::Failed(error));
                }
            }
        });
    }

    /// Throws the draft away.
    pub(super) fn discard(self) {
        let Some(draft) = self.draft.get_untracked() else { return };
        self.run(move |versioning| async move {
            self.saving.set(Saving::UnderWay);
            match versioning.discard(&draft.id).await {
                // It is gone, whoever threw it away.
                Err(error) if error.problem != Problem::NotFound => {
                    self.told(&error);
                    self.saving.set(Saving::Failed(error));
                }
                _ => {
                    self.editing.set(None);
                    self.saving.set(Saving::Idle);
                    self.on_select.run(self.selection.get_untracked().live());
                    self.ask_again.run(());
                }
            }
        });
    }

    fn told(self, error: &ClientError) {
        if error.problem == Problem::SignedOut {
            self.on_signed_out.run(());
        }
    }

    /// Does one thing at a time. It ends with the page, not with the button that began it.
    fn run<F: Future<Output = ()> + 'static>(self, act: impl FnOnce(Versioning) -> F) {
        let is_busy = untrack(|| self.is_busy());
        let Some(versioning) = self.desk.get_untracked().versioning.clone().filter(|_| !is_busy) else { return };
        let (task, handle) = abortable(act(versioning));
        self.under_way.set_value(Some(handle));
        spawn_local(async move {
            task.await.ok();
        });
    }
}

async fn begin(
    versioning: &Versioning,
    version_id: &str,
    name: &str,
    config: Option<Value>,
) -> Result<String, ClientError> {
    let draft = versioning.begin(version_id, name).await?;
    if let Some(config) = config {
        versioning.write(&draft.id, &config, draft.revision).await?;
    }
    Ok(draft.id)
}
