//! What the page holds while somebody works on it, and what is done to it.

use std::sync::Arc;

use callscope_client::{ClientError, Problem, Publication, PublishOutcome, PublishStep, Versioning, Written};
use callscope_core::agents::AgentVersion;
use callscope_core::postcall::{DraftState, Lint, lint};
use leptos::prelude::*;
use serde_json::Value;

use super::asking::Desk;
use super::editing::Editing;
use super::selection::PostCallSelection;
use crate::browser::focus_soon;
use crate::piece::{Callback, Derived, State};
use crate::task::Task;

/// What a draft and its version are called where nobody says otherwise.
const DEFAULT_NAME: &str = "Post-call metrics";

/// What somebody wanted of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Save,
    Begin,
    Discard,
}

/// How it goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Saving {
    #[default]
    Idle,
    UnderWay(Wish),
    /// The server has it; whether reading it back showed that.
    Saved {
        is_proven: bool,
    },
    Failed(Wish, ClientError),
}

/// How publishing goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Publishing {
    #[default]
    Idle,
    UnderWay(PublishStep),
    /// Stopped at a step by an error; begun again it goes on.
    Failed(PublishStep, ClientError),
    /// What came of it, and how often the desk had been read by then.
    Ended(Box<PublishOutcome>, u32),
}

/// The draft that is open, and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OpenDraft {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) source_version_id: Option<String>,
    /// Whether the server did not say what the draft asks, and what is live stands in its place.
    pub(super) is_from_live: bool,
    /// The live version that the draft is known to go beyond: the one it began from, else the one that was live
    /// when it was opened.
    seen_live: Option<String>,
    /// The versions that there were when it was opened: any other that asks the same was made of it.
    known_version_ids: Vec<String>,
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
    /// How often the desk was read.
    pub(super) reads: State<u32>,
    /// Whether the focus goes to the draft that opens next: somebody began it here.
    pub(super) wants_focus: State<bool>,
    task: Task,
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
        Self {
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
            reads: State::new(0),
            wants_focus: State::new(false),
            task: Task::new(),
        }
    }

    /// Takes what can be chosen as it is now. Of another agent nothing is under way.
    pub(super) fn take_desk(self, latest: Arc<Desk>) {
        let before = self.desk.get_untracked();
        let id = |desk: &Desk| desk.agent.as_ref().map(|agent| agent.id.clone());
        if before.is_asked && id(&before) != id(&latest) {
            self.task.stop();
            self.draft.set(None);
            self.editing.set(None);
            self.forget();
        }
        self.reads.update(|reads| *reads += 1);
        self.desk.set(latest.or_before(&before));
    }

    /// Whether something is typed that the server does not have: not saved, or saved and then changed or thrown
    /// away by somebody else.
    pub(super) fn is_unsaved(self) -> bool {
        let is_gone = |publishing: &Publishing| matches!(publishing, Publishing::Ended(outcome, _) if **outcome == PublishOutcome::DraftGone);
        self.conflict.with(Option::is_some)
            || (self.draft.with(Option::is_some) && self.publishing.with(is_gone))
            || self.editing.with(|editing| editing.as_ref().is_some_and(Editing::is_unsaved))
    }

    /// Whether a request that changes something is under way.
    pub(super) fn is_busy(self) -> bool {
        self.saving.with(|saving| matches!(saving, Saving::UnderWay(_))) || self.is_publishing()
    }

    fn is_publishing(self) -> bool {
        self.publishing.with(|publishing| matches!(publishing, Publishing::UnderWay(_)))
    }

    /// Whether what is typed must not change: something is under way that ends with another form.
    pub(super) fn is_shut(self) -> bool {
        let is_leaving = |saving: &Saving| matches!(saving, Saving::UnderWay(Wish::Begin | Wish::Discard));
        // Another draft was chosen, and is awaited.
        let chosen = self.selection.with(|selection| selection.draft_id.clone());
        let is_another = self.draft.with(|open| open.as_ref().is_some_and(|open| Some(&open.id) != chosen.as_ref()));
        self.is_publishing() || is_another || self.saving.with(is_leaving)
    }

    /// Whether this draft is still the one that is open. Between a request and its answer another may be.
    fn is_open(self, id: &str) -> bool {
        self.draft.try_get_untracked().flatten().is_some_and(|open| open.id == id)
    }

    /// Takes a draft as the server has it. What is typed into the same draft and not saved stays.
    pub(super) fn open(self, draft: &DraftState) -> Result<(), callscope_core::Error> {
        let before = self.draft.get_untracked().filter(|open| open.id == draft.id);
        // An answer may be older than what was written since it was asked for.
        let own = self.editing.with_untracked(|editing| editing.as_ref().and_then(|editing| editing.revision));
        let is_older = draft.revision.zip(own).is_some_and(|(there, own)| there < own);
        if before.is_some() && (is_older || untrack(|| self.is_unsaved() || self.is_publishing())) {
            return Ok(());
        }
        let desk = self.desk.get_untracked();
        let config = draft.config.as_ref().unwrap_or(&desk.live.config);
        let editing = Editing::new(config, draft.revision)?;
        let is_same = before.is_some();
        let (seen_live, known_version_ids) = match before {
            Some(before) => (before.seen_live, before.known_version_ids),
            None => (
                draft.source_version_id.clone().or_else(|| desk.live.version_id.clone()),
                desk.published.iter().map(|version| version.id.clone()).collect(),
            ),
        };
        if !is_same {
            self.task.stop();
            self.forget();
        }
        self.draft.set(Some(OpenDraft {
            id: draft.id.clone(),
            name: draft.name.clone(),
            source_version_id: draft.source_version_id.clone(),
            is_from_live: draft.config.is_none(),
            seen_live,
            known_version_ids,
        }));
        self.editing.set(Some(editing));
        Ok(())
    }

    /// Leaves the draft; what came of publishing it stays to be read.
    pub(super) fn close(self) {
        if self.draft.with_untracked(Option::is_none) {
            return;
        }
        self.task.stop();
        self.draft.set(None);
        self.editing.set(None);
        let outcome = self.publishing.get_untracked();
        self.forget();
        if matches!(outcome, Publishing::Ended(..)) {
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
        if self.saving.with_untracked(|saving| matches!(saving, Saving::Saved { .. })) {
            self.saving.set(Saving::Idle);
        }
        // What was said of publishing was of another text.
        if matches!(self.publishing.get_untracked(), Publishing::Ended(..)) {
            self.publishing.set(Publishing::Idle);
        }
        Some(result)
    }

    /// What is typed, as it goes over the wire.
    pub(super) fn typed(self) -> Option<Value> {
        self.editing.with(|editing| editing.as_ref().map(Editing::written))
    }

    /// The live version where it is none that the draft is known to go beyond: publishing would take it back.
    pub(super) fn overtaken_by(self) -> Option<String> {
        let seen = self.draft.with(|draft| draft.as_ref().map(|draft| draft.seen_live.clone()))?;
        let live = self.desk.with(|desk| desk.live.version_id.clone())?;
        let is_known = seen.as_ref() == Some(&live) || self.accepted.with(|accepted| accepted.as_ref() == Some(&live));
        (!is_known).then_some(live)
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

    /// Writes what is typed, and gives what was written; nothing where the draft does not hold it.
    async fn write(self, versioning: &Versioning, over: Option<&DraftState>) -> Option<Value> {
        let (draft, typed) = self.draft.get_untracked().zip(untrack(|| self.typed()))?;
        let own = self.editing.with_untracked(|editing| editing.as_ref().and_then(|editing| editing.revision));
        let revision = over.map_or(own, |over| over.revision);
        self.saving.set(Saving::UnderWay(Wish::Save));
        let written = versioning.write(&draft.id, &typed, revision).await;
        if !self.is_open(&draft.id) {
            return None;
        }
        match written {
            Ok(Written::Done { revision, is_proven }) => {
                // More may have been typed meanwhile: only what was written is saved.
                let mut editing = self.editing.get_untracked()?;
                editing.set_saved(typed.clone(), revision);
                self.editing.set(Some(editing));
                self.conflict.set(None);
                self.saving.set(Saving::Saved { is_proven });
                Some(typed)
            }
            Ok(Written::Conflict(theirs)) => {
                self.conflict.set(Some(Arc::new(theirs)));
                self.saving.set(Saving::Idle);
                None
            }
            Err(error) => {
                self.failed(Wish::Save, error);
                None
            }
        }
    }

    /// Publishes what is typed, from wherever an earlier attempt came to.
    pub(super) fn publish(self) {
        self.run(move |versioning| async move {
            // From here on nothing can be typed: what is published is what stands there.
            self.publishing.set(Publishing::UnderWay(PublishStep::Reading));
            let config = if untrack(|| self.is_unsaved()) {
                self.write(&versioning, None).await
            } else {
                untrack(|| self.typed())
            };
            let publication = config.and_then(|config| self.publication(config));
            match publication {
                Some(publication) => self.go_live(&versioning, &publication).await,
                None => self.publishing.set(Publishing::Idle),
            }
        });
    }

    async fn go_live(self, versioning: &Versioning, publication: &Publication) {
        let mut step = PublishStep::Reading;
        let outcome = versioning.publish(publication, &mut self.told_of(&mut step)).await;
        if self.is_open(&publication.draft_id) {
            self.take_outcome(step, outcome);
        }
    }

    /// Says how far publishing is, and keeps it.
    fn told_of(self, step: &mut PublishStep) -> impl FnMut(PublishStep) {
        move |at| {
            *step = at;
            self.publishing.set(Publishing::UnderWay(at));
        }
    }

    fn take_outcome(self, step: PublishStep, outcome: Result<PublishOutcome, ClientError>) {
        match outcome {
            Ok(outcome) => self.ended(outcome),
            Err(error) => {
                self.told(&error);
                self.publishing.set(Publishing::Failed(step, error));
            }
        }
    }

    /// Lets a version go live that was published before.
    pub(super) fn let_live(self, version_id: String) {
        let here = self.selection.get_untracked();
        let seen =
            self.accepted.get_untracked().or_else(|| self.desk.with_untracked(|desk| desk.live.version_id.clone()));
        self.run(move |versioning| async move {
            self.publishing.set(Publishing::UnderWay(PublishStep::Checking));
            let mut step = PublishStep::Checking;
            let outcome = versioning.let_live(&version_id, seen.as_ref(), &mut self.told_of(&mut step)).await;
            if self.selection.get_untracked() == here {
                self.take_outcome(step, outcome);
            } else {
                self.publishing.set(Publishing::Idle);
            }
        });
    }

    /// Goes on with a version that was made: with its draft where that is open, else with the version alone.
    pub(super) fn go_on(self, version_id: String) {
        if self.draft.with_untracked(Option::is_some) { self.publish() } else { self.let_live(version_id) }
    }

    fn publication(self, config: Value) -> Option<Publication> {
        let draft = self.draft.get_untracked()?;
        let label = self.label.get_untracked().trim().to_owned();
        Some(Publication {
            draft_id: draft.id,
            config,
            label: if label.is_empty() { DEFAULT_NAME.to_owned() } else { label },
            live_version_id: self.accepted.get_untracked().or(draft.seen_live),
            known_version_ids: draft.known_version_ids,
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
            other => self.end_with(other),
        }
    }

    fn end_with(self, outcome: PublishOutcome) {
        self.publishing.set(Publishing::Ended(Box::new(outcome), self.reads.get_untracked()));
        focus_soon("outcome", "");
    }

    /// Lets the version that was published take the place of one that went live meanwhile, which was shown.
    pub(super) fn go_over(self, version_id: String, live_version_id: Option<String>) {
        self.accepted.set(live_version_id);
        self.go_on(version_id);
    }

    /// The draft is a version now, and the page shows what is live.
    fn is_live(self, version: AgentVersion) {
        self.end_with(PublishOutcome::Live(version));
        self.leave_for(self.selection.get_untracked().live());
    }

    /// Goes on with something else than the draft, which is done with.
    fn leave_for(self, next: PostCallSelection) {
        self.conflict.set(None);
        self.editing.set(None);
        self.on_select.run(next);
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
    pub(super) fn begin(self, version_id: String, config: Option<Value>) {
        let (name, here) = (self.free_name(), self.selection.get_untracked());
        self.run(move |versioning| async move {
            self.saving.set(Saving::UnderWay(Wish::Begin));
            let begun = versioning.begin(&version_id, &name, config.as_ref()).await;
            if self.selection.get_untracked() != here {
                return self.saving.set(Saving::Idle);
            }
            match begun {
                Ok(draft) => {
                    self.publishing.set(Publishing::Idle);
                    self.saving.set(Saving::Idle);
                    self.wants_focus.set(true);
                    self.leave_for(here.of_draft(draft.id));
                }
                Err(error) => self.failed(Wish::Begin, error),
            }
        });
    }

    /// Begins a draft of what is live with what is typed.
    pub(super) fn carry_over(self) {
        let (live, typed) = (self.desk.with_untracked(|desk| desk.live.version_id.clone()), untrack(|| self.typed()));
        if let (Some(live), Some(typed)) = (live, typed) {
            self.begin(live, Some(typed));
        }
    }

    /// Throws the draft away.
    pub(super) fn discard(self) {
        let Some(draft) = self.draft.get_untracked() else { return };
        self.run(move |versioning| async move {
            self.saving.set(Saving::UnderWay(Wish::Discard));
            let discarded = versioning.discard(&draft.id).await;
            if !self.is_open(&draft.id) {
                return;
            }
            match discarded {
                // It is gone, whoever threw it away.
                Err(error) if error.problem != Problem::NotFound => self.failed(Wish::Discard, error),
                _ => {
                    self.saving.set(Saving::Idle);
                    self.leave_for(self.selection.get_untracked().live());
                }
            }
        });
    }

    fn failed(self, wish: Wish, error: ClientError) {
        self.told(&error);
        self.saving.set(Saving::Failed(wish, error));
    }

    fn told(self, error: &ClientError) {
        if error.problem == Problem::SignedOut {
            self.on_signed_out.run(());
        }
    }

    /// Does one thing at a time.
    fn run<F: Future<Output = ()> + 'static>(self, act: impl FnOnce(Versioning) -> F) {
        let is_busy = untrack(|| self.is_busy());
        let Some(versioning) = self.desk.get_untracked().versioning.clone().filter(|_| !is_busy) else { return };
        self.task.begin(act(versioning));
    }
}
