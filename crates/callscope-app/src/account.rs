//! Who is signed in, and where answers come from.

use std::sync::Arc;

use callscope_client::{Api, ClientError, Problem, Source};
use callscope_core::people::CodeUse;
use callscope_core::session::{Credentials, Session};
use callscope_ui::piece::State;
use callscope_ui::usage::Now;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::{samples_apart, settings};

/// How things stand between the page and its server.
#[derive(Clone, Debug)]
pub(crate) enum Standing {
    /// Not known yet.
    Checking,
    /// There is no server, or it does not answer.
    NoServer(ClientError),
    /// Nobody is signed in; with the session that ended, whose page stays behind the sign-in.
    SignedOut(Option<Session>),
    /// Somebody is.
    SignedIn(Session),
}

/// The account, for every part of the app.
#[derive(Clone, Copy)]
pub(crate) struct Account {
    pub(crate) standing: State<Standing>,
    pub(crate) source: State<Source>,
    /// Counts up to have everything asked anew.
    pub(crate) refresh: State<u32>,
    /// Counts up with every step that decides who is shown: an answer to an older one is too late.
    step: StoredValue<u32>,
}

impl Account {
    /// Asks the server who is signed in.
    pub(crate) fn provide() -> Self {
        let api = Arc::new(Api::new(settings::bases()));
        let account = Self {
            standing: State::new(Standing::Checking),
            source: State::new(Source::Server(api)),
            refresh: State::new(0),
            step: StoredValue::new(0),
        };
        provide_context(account);
        account
    }

    /// The account that the app provides.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// How things stand.
    pub(crate) fn standing(self) -> Standing {
        self.standing.get()
    }

    /// The session shown: the one that is open, or the one that just ended.
    pub(crate) fn session(self) -> Option<Session> {
        match self.standing.get() {
            Standing::SignedIn(session) | Standing::SignedOut(Some(session)) => Some(session),
            _ => None,
        }
    }

    /// Whether there is one.
    pub(crate) fn has_session(self) -> bool {
        self.standing.with(|standing| matches!(standing, Standing::SignedIn(_) | Standing::SignedOut(Some(_))))
    }

    /// Has everything asked anew.
    pub(crate) fn ask_anew(self) {
        self.refresh.update(|count| *count += 1);
    }

    /// The instant that counts as now.
    pub(crate) fn now(self) -> Now {
        let local = self.source.with(|source| match source {
            Source::Local(local) => local.now_ms(),
            Source::Server(_) => None,
        });
        Now(local.unwrap_or_else(callscope_ui::now_ms))
    }

    /// Begins a step; whether it is still the last one, the returned question tells.
    fn begin(self) -> impl Fn() -> bool {
        self.advance();
        let mine = self.step.get_value();
        move || self.step.try_get_value() == Some(mine)
    }

    /// Has answers to all steps so far come too late.
    fn advance(self) {
        self.step.update_value(|step| *step += 1);
    }

    /// Asks again who is signed in.
    pub(crate) fn check(self) {
        let source = self.source.get_untracked();
        let is_last = self.begin();
        self.standing.set(Standing::Checking);
        spawn_local(async move {
            let standing = match source.session().await {
                Ok(session) => Standing::SignedIn(session),
                Err(error) if error.problem == Problem::SignedOut => Standing::SignedOut(None),
                Err(error) => Standing::NoServer(error),
            };
            if is_last() {
                self.standing.set(standing);
            }
        });
    }

    /// Signs in; the page behind goes on just where it was.
    pub(crate) async fn sign_in(self, credentials: Credentials) -> Result<(), ClientError> {
        let Source::Server(api) = self.source.get_untracked() else { return Ok(()) };
        self.begun(api.sign_in(&credentials).await?);
        Ok(())
    }

    /// Uses a code; signed in then.
    pub(crate) async fn use_code(self, used: CodeUse) -> Result<(), ClientError> {
        let Source::Server(api) = self.source.get_untracked() else { return Ok(()) };
        self.begun(api.use_code(&used).await?);
        Ok(())
    }

    fn begun(self, session: Session) {
        self.advance();
        self.standing.set(Standing::SignedIn(session));
        self.ask_anew();
    }

    /// Takes it that nobody is signed in any more.
    pub(crate) fn left(self) {
        self.advance();
        self.standing.set(Standing::SignedOut(None));
    }

    /// Signs out here and on the server.
    pub(crate) async fn sign_out(self) -> Result<(), ClientError> {
        if let Source::Server(api) = self.source.get_untracked() {
            api.sign_out().await?;
        }
        self.left();
        Ok(())
    }

    /// Asks what the person may see by now, without a word where that fails.
    pub(crate) fn renew(self) {
        let source = self.source.get_untracked();
        let is_last = self.begin();
        spawn_local(async move {
            if let Ok(session) = source.session().await
                && is_last()
            {
                self.standing.set(Standing::SignedIn(session));
            }
        });
    }

    /// The session turned out to have ended.
    pub(crate) fn ended(self) {
        let standing = match self.standing.get_untracked() {
            Standing::SignedIn(session) => Standing::SignedOut(Some(session)),
            other => other,
        };
        self.standing.set(standing);
    }

    /// Shows the samples instead of a server's answers.
    pub(crate) async fn open_samples(self) -> Result<(), ClientError> {
        let is_last = self.begin();
        let samples = Source::Local(samples_apart::load(&settings::samples()).await?);
        let session = samples.session().await?;
        if !is_last() {
            return Ok(());
        }
        self.source.set(samples);
        self.standing.set(Standing::SignedIn(session));
        Ok(())
    }

    /// Goes back to the server.
    pub(crate) fn leave_samples(self) {
        self.source.set(Source::Server(Arc::new(Api::new(settings::bases()))));
        self.check();
    }
}
