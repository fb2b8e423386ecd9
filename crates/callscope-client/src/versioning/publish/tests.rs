use std::cell::{Cell, RefCell};

use futures_util::FutureExt as _;
use serde_json::json;

use super::*;

/// An account whose requests may be cut: before they arrive, or after, when only the answer is lost.
#[derive(Default)]
struct Account {
    draft: RefCell<Option<Value>>,
    versions: RefCell<Vec<(String, Value)>>,
    live: RefCell<String>,
    /// How often a version is asked about before its check is over, and whether that ends well.
    checks_left: Cell<u32>,
    fails_check: bool,
    /// Whether publishing activates where there is no check.
    activates: bool,
    /// So often activating is refused.
    refusals_left: Cell<u32>,
    /// Whether activating does anything.
    ignores_activation: bool,
    /// What the account makes of a configuration that is published.
    alters: Option<Value>,
    requests: Cell<u32>,
    /// The request that is cut, and whether it arrives.
    cut: Cell<Option<(u32, bool)>>,
}

fn lost() -> ClientError {
    ClientError::new(Problem::Network, "lost")
}

fn version(id: &str, is_active: bool) -> AgentVersion {
    AgentVersion {
        id: id.to_owned(),
        number: None,
        label: None,
        description: None,
        published_at: None,
        activated_at: None,
        is_active,
    }
}

impl Account {
    fn new() -> Self {
        Self {
            draft: RefCell::new(Some(asked("new"))),
            versions: RefCell::new(vec![("v1".to_owned(), asked("old"))]),
            live: RefCell::new("v1".to_owned()),
            ..Self::default()
        }
    }

    /// Answers a request, unless it is the one that is cut.
    fn answer<T>(&self, act: impl FnOnce() -> Result<T, ClientError>) -> Result<T, ClientError> {
        let number = self.requests.get();
        self.requests.set(number + 1);
        match self.cut.get() {
            Some((at, arrives)) if at == number => {
                self.cut.set(None);
                if arrives {
                    act().ok();
                }
                Err(lost())
            }
            _ => act(),
        }
    }

    fn publish(&self) -> Result<PublishOutcome, ClientError> {
        self.publish_over("v1")
    }

    /// Publishes for somebody who saw this version live.
    fn publish_over(&self, live: &str) -> Result<PublishOutcome, ClientError> {
        let wanted = Publication {
            draft_id: "d".to_owned(),
            config: asked("new"),
            label: "more".to_owned(),
            live_version_id: Some(live.to_owned()),
            known_version_ids: vec!["v1".to_owned(), "v2".to_owned()],
        };
        publish(self, &wanted, &mut |_| {}).now_or_never().expect("nothing here waits")
    }

    fn made(&self) -> usize {
        self.versions.borrow().iter().filter(|(id, _)| id.starts_with("made")).count()
    }
}

fn asked(what: &str) -> Value {
    json!({ "dispositionMetrics": [{ "identifier": what }] })
}

impl Desk for Account {
    async fn live(&self) -> Result<LiveConfig, ClientError> {
        self.answer(|| {
            let live = self.live.borrow().clone();
            let config = self.versions.borrow().iter().find(|(id, _)| *id == live).map(|(_, config)| config.clone());
            Ok(LiveConfig { version_id: Some(live), config: config.unwrap() })
        })
    }

    async fn draft(&self, id: &str) -> Result<DraftState, ClientError> {
        self.answer(|| match self.draft.borrow().clone() {
            Some(config) => Ok(DraftState { id: id.to_owned(), config: Some(config), ..DraftState::default() }),
            None => Err(ClientError::new(Problem::NotFound, "no such draft")),
        })
    }

    async fn published(&self) -> Result<Vec<AgentVersion>, ClientError> {
        self.answer(|| {
            let live = self.live.borrow().clone();
            Ok(self.versions.borrow().iter().rev().map(|(id, _)| version(id, *id == live)).collect())
        })
    }

    async fn version(&self, id: &str) -> Result<VersionState, ClientError> {
        self.answer(|| {
            let left = self.checks_left.get();
            let check = match (id.starts_with("made"), left) {
                (true, 1..) => {
                    self.checks_left.set(left - 1);
                    SecurityCheck::Pending
                }
                (true, 0) if self.fails_check => SecurityCheck::Failed(Some("an insult".to_owned())),
                _ => SecurityCheck::Passed,
            };
            let config = self.versions.borrow().iter().find(|(of, _)| of == id).map(|(_, config)| config.clone());
            let is_live = *self.live.borrow() == id;
            Ok(VersionState { version: version(id, is_live), check, config: config.unwrap() })
        })
    }

    async fn make_version(&self, _: &str, _: &str) -> Result<Option<String>, ClientError> {
        self.answer(|| {
            let Some(config) = self.draft.borrow_mut().take() else {
                return Err(ClientError::new(Problem::NotFound, "no such draft"));
            };
            let id = format!("made{}", self.made());
            let config = self.alters.clone().unwrap_or(config);
            self.versions.borrow_mut().push((id.clone(), config));
            if self.activates && self.checks_left.get() == 0 {
                *self.live.borrow_mut() = id.clone();
            }
            Ok(Some(id))
        })
    }

    async fn activate(&self, version_id: &str) -> Result<(), ClientError> {
        self.answer(|| {
            if self.refusals_left.get() > 0 {
                self.refusals_left.set(self.refusals_left.get() - 1);
                return Err(ClientError::new(Problem::Conflict, "not yet"));
            }
            if !self.ignores_activation {
                version_id.clone_into(&mut self.live.borrow_mut());
            }
            Ok(())
        })
    }

    async fn wait(&self) {}
}

#[test]
fn whatever_request_is_cut_publishing_goes_on_makes_one_version_and_says_live_when_it_is() {
    let mut cuts = 0;
    for (checks, activates, refusals) in [(0, true, 0), (0, false, 0), (3, true, 0), (3, false, 2)] {
        for arrives in [false, true] {
            for at in 0.. {
                let account = Account { activates, ..Account::new() };
                account.checks_left.set(checks);
                account.refusals_left.set(refusals);
                account.cut.set(Some((at, arrives)));
                let first = account.publish();
                if account.cut.get().is_some() {
                    // There is no such request any more: it went through.
                    assert!(matches!(first, Ok(PublishOutcome::Live(_))), "{first:?}");
                    break;
                }
                assert_eq!(first, Err(lost()), "request {at}, arrives: {arrives}");
                let again = account.publish().unwrap();
                assert!(matches!(again, PublishOutcome::Live(_)), "request {at}, arrives: {arrives}: {again:?}");
                assert_eq!((account.made(), &**account.live.borrow()), (1, "made0"), "request {at}");
                cuts += 1;
            }
        }
    }
    // At least the five steps of each of the four kinds of account, cut both ways.
    assert!(cuts >= 40, "{cuts}");
}

#[test]
fn where_somebody_published_meanwhile_nothing_is_published_unseen() {
    let account = Account::new();
    account.versions.borrow_mut().push(("v2".to_owned(), asked("theirs")));
    *account.live.borrow_mut() = "v2".to_owned();
    let PublishOutcome::OtherLive(live) = account.publish().unwrap() else { panic!("it was published") };
    assert_eq!((live.config, account.made()), (asked("theirs"), 0));
    // Who has seen it may publish over it.
    assert!(matches!(account.publish_over("v2").unwrap(), PublishOutcome::Live(_)));
}

#[test]
fn a_version_that_went_live_during_the_check_is_not_taken_back_unseen() {
    let account = Account::new();
    account.checks_left.set(u32::MAX);
    assert!(matches!(account.publish().unwrap(), PublishOutcome::StillChecking(_)));
    account.checks_left.set(0);
    account.versions.borrow_mut().push(("v2".to_owned(), asked("theirs")));
    *account.live.borrow_mut() = "v2".to_owned();
    let outcome = account.publish().unwrap();
    let PublishOutcome::Overtaken(version, live) = outcome else { panic!("{outcome:?}") };
    assert_eq!((&*version.id, live.config, &**account.live.borrow()), ("made0", asked("theirs"), "v2"));
    // Who has seen it may let theirs take its place; no second version is made.
    assert!(matches!(account.publish_over("v2").unwrap(), PublishOutcome::Live(_)));
    assert_eq!(account.made(), 1);
}

#[test]
fn a_version_that_was_published_before_goes_live_again() {
    let account = Account::new();
    account.versions.borrow_mut().push(("v2".to_owned(), asked("theirs")));
    *account.live.borrow_mut() = "v2".to_owned();
    let seen = |id: &str| Some(id.to_owned());
    let go = |id: &str, live: &str| {
        let_live(&account, id, seen(live).as_ref(), &mut |_| {}).now_or_never().expect("nothing here waits").unwrap()
    };
    assert!(matches!(go("v1", "v0"), PublishOutcome::Overtaken(version, live)
        if version.id == "v1" && live.version_id == seen("v2")));
    assert_eq!(&**account.live.borrow(), "v2");
    assert!(matches!(go("v1", "v2"), PublishOutcome::Live(version) if version.id == "v1"));
    assert_eq!(&**account.live.borrow(), "v1");
    account.versions.borrow_mut().push(("made0".to_owned(), asked("new")));
    account.checks_left.set(1);
    assert!(matches!(go("made0", "v1"), PublishOutcome::StillChecking(_)));
    assert!(matches!(go("made0", "v1"), PublishOutcome::Live(_)));
    // Asked again it is still live, and nothing is done.
    assert!(matches!(go("made0", "v1"), PublishOutcome::Live(_)));
}

#[test]
fn a_draft_that_is_another_or_gone_is_said() {
    let account = Account::new();
    *account.draft.borrow_mut() = Some(asked("theirs"));
    let outcome = account.publish().unwrap();
    assert!(matches!(&outcome, PublishOutcome::DraftChanged(draft) if draft.config == Some(asked("theirs"))));
    *account.draft.borrow_mut() = None;
    assert_eq!((account.publish().unwrap(), account.made()), (PublishOutcome::DraftGone, 0));
}

#[test]
fn a_version_that_is_not_what_was_wanted_does_not_go_live() {
    let account = Account { alters: Some(asked("altered")), ..Account::new() };
    let outcome = account.publish().unwrap();
    assert!(
        matches!(&outcome, PublishOutcome::Differs(version, read) if !version.is_active && *read == asked("altered"))
    );
    assert_eq!(&**account.live.borrow(), "v1");
    // Where publishing lets it go live at once, that is said.
    let account = Account { alters: Some(asked("altered")), activates: true, ..Account::new() };
    assert!(matches!(account.publish().unwrap(), PublishOutcome::Differs(version, _) if version.is_active));
}

#[test]
fn a_check_that_fails_or_does_not_end_is_said() {
    let account = Account { fails_check: true, ..Account::new() };
    let outcome = account.publish().unwrap();
    assert!(matches!(outcome, PublishOutcome::CheckFailed(_, Some(why)) if why == "an insult"));
    let account = Account::new();
    account.checks_left.set(u32::MAX);
    assert!(matches!(account.publish().unwrap(), PublishOutcome::StillChecking(_)));
    assert_eq!(&**account.live.borrow(), "v1");
}

#[test]
fn an_activation_that_is_refused_or_does_nothing_is_never_called_live() {
    let account = Account::new();
    account.refusals_left.set(u32::MAX);
    assert!(matches!(account.publish().unwrap(), PublishOutcome::StillChecking(_)));
    let account = Account { ignores_activation: true, ..Account::new() };
    let outcome = account.publish().unwrap();
    assert!(matches!(outcome, PublishOutcome::NotLive(_, live) if live.version_id.as_deref() == Some("v1")));
}

#[test]
fn names_in_another_order_are_the_same_and_another_byte_is_not() {
    let same = |a: &str, b: &str| is_same(&serde_json::from_str(a).unwrap(), &serde_json::from_str(b).unwrap());
    assert!(same(r#"{"a": 1, "b": [true]}"#, r#"{"b":[true],"a":1}"#));
    assert!(!same(r#"{"a": 1}"#, r#"{"a": 1.0}"#));
    assert!(!same(r#"{"a": "x"}"#, r#"{"a": "x "}"#));
    assert!(!same(r#"{"a": [1, 2]}"#, r#"{"a": [2, 1]}"#));
}
