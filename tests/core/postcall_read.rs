//! Answers about versions and drafts, of accounts with versions and of accounts with branches.

use callscope_core::diff;
use callscope_core::postcall::{
    Branch, MetricType, SecurityCheck, changed_config, parse_branches, parse_draft, parse_draft_config, parse_drafts,
    parse_live, parse_published, parse_revisions, parse_templates, parse_version,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn bytes(data: &Value) -> Vec<u8> {
    serde_json::to_vec(&json!({"status": true, "data": data})).unwrap()
}

fn asks(identifier: &str) -> Value {
    json!({"dispositionMetrics": [{"identifier": identifier}], "successMetrics": [{"kept": [null]}]})
}

#[test]
fn what_is_live_is_read_from_the_resolved_configuration() {
    let agent = json!({
        "_id": "a", "activeVersionId": "v2",
        "postCallAnalyticsConfig": asks("of_the_agent_itself"),
        "_resolvedConfig": {"postCallAnalyticsConfig": asks("resolved")},
    });
    let live = parse_live(&bytes(&agent)).unwrap();
    assert_eq!((live.version_id.as_deref(), live.config), (Some("v2"), asks("resolved")));
    // A configuration may be in sections; without one, the agent's own counts.
    let sections = json!({"_resolvedConfig": {"analytics": {"postCallAnalyticsConfig": asks("x")}}});
    assert_eq!(parse_live(&bytes(&sections)).unwrap().config, asks("x"));
    let own = json!({"postCallAnalyticsConfig": asks("own"), "_resolvedConfig": {}});
    assert_eq!(parse_live(&bytes(&own)).unwrap().config, asks("own"));
    let none = parse_live(&bytes(&json!({"_resolvedConfig": {"postCallAnalyticsConfig": null}}))).unwrap();
    assert_eq!((none.version_id, none.config), (None, json!({})));
}

#[test]
fn a_version_says_how_its_check_stands() {
    let check_of = |described: Value| {
        let mut version = json!({"_id": "v1", "versionNumber": 1});
        version.as_object_mut().unwrap().extend(described.as_object().unwrap().clone());
        let answer = json!({"version": version, "resolvedConfig": {"postCallAnalyticsConfig": asks("a")}});
        let state = parse_version(&bytes(&answer)).unwrap();
        assert_eq!((state.version.id.as_str(), state.version.number, state.config), ("v1", Some(1), asks("a")));
        state.check
    };
    let of_status = |status: &str| check_of(json!({"securityCheck": {"status": status}}));
    assert_eq!(check_of(json!({})), SecurityCheck::Passed);
    assert_eq!(of_status("passed"), SecurityCheck::Passed);
    for pending in ["pending", "scanning", "in_progress", "running", "queued"] {
        assert_eq!(of_status(pending), SecurityCheck::Pending, "{pending}");
    }
    for failed in ["failed", "rejected", "blocked"] {
        assert_eq!(of_status(failed), SecurityCheck::Failed(None), "{failed}");
    }
    let told = check_of(json!({"securityCheck": {"status": "failed", "reason": "asks for card numbers"}}));
    assert_eq!(told, SecurityCheck::Failed(Some("asks for card numbers".to_owned())));
    // What is not published yet waits for something, whatever it is.
    assert_eq!(check_of(json!({"status": "scanning"})), SecurityCheck::Pending);
    assert_eq!(check_of(json!({"status": "published", "securityCheck": null})), SecurityCheck::Passed);
}

#[test]
fn a_revision_of_a_branch_is_a_version() {
    let revision = json!({"_id": "r7", "revisionNumber": 7, "label": "Warmer", "status": "published"});
    let answer = json!({"revision": revision, "resolvedConfig": {"postCallAnalyticsConfig": asks("a")}});
    let state = parse_version(&bytes(&answer)).unwrap();
    assert_eq!((state.version.id.as_str(), state.version.number), ("r7", Some(7)));
    assert_eq!(state.version.title(), "v7 · Warmer");
    assert_eq!(state.config, asks("a"));
}

#[test]
fn publishing_gives_a_version_or_has_one_to_come() {
    let version = json!({"_id": "v3", "versionNumber": 3, "isActive": false});
    let published = parse_published(&bytes(&version)).unwrap().unwrap();
    assert_eq!((published.id.as_str(), published.is_active), ("v3", false));
    let of_branch = json!({"state": "committed", "revision": {"_id": "r1", "revisionNumber": 1}});
    assert_eq!(parse_published(&bytes(&of_branch)).unwrap().unwrap().id, "r1");
    for state in [json!({"state": "scanning"}), json!({"state": "scanning", "revision": null})] {
        assert_eq!(parse_published(&bytes(&state)), Ok(None), "{state}");
    }
    assert!(parse_published(&bytes(&json!({}))).is_err());
    assert!(parse_published(b"{}").is_err());
}

#[test]
fn only_published_revisions_are_listed() {
    let list = json!({"revisions": [
        {"_id": "r3", "revisionNumber": 3, "status": "draft"},
        {"_id": "r2", "revisionNumber": 2, "status": "published"},
        {"_id": "r1", "revisionNumber": 1},
        "no revision", {"revisionNumber": 9},
    ], "total": 5});
    let found = parse_revisions(&bytes(&list)).unwrap();
    assert_eq!(found.iter().map(|of| of.id.as_str()).collect::<Vec<_>>(), ["r2", "r1"]);
}

#[test]
fn branches_say_which_is_live_and_which_has_a_draft() {
    let main = json!({"_id": "b1", "name": "main", "isDefault": true, "headRevisionId": "r2"});
    let list = json!({"branches": [
        {"branch": main, "isLive": true, "hasOpenDraft": true},
        {"branch": {"_id": "b2"}},
        {"name": "without a branch"}, null,
    ]});
    let main = Branch {
        id: "b1".to_owned(),
        name: "main".to_owned(),
        is_live: true,
        is_default: true,
        head_revision_id: Some("r2".to_owned()),
        has_draft: true,
    };
    let other = Branch { id: "b2".to_owned(), name: "b2".to_owned(), ..Branch::default() };
    assert_eq!(parse_branches(&bytes(&list)).unwrap(), [main, other]);
}

#[test]
fn drafts_are_read_as_documents_and_vendor_name_them() {
    let list = json!([
        {"draftId": "d1", "draftName": "Warmer", "draftRevision": 4, "sourceVersionId": "v2", "updatedAt": "2026-11-03T10:00:00Z"},
        {"_id": "d2", "draftRevision": "4"}, {"draftName": "without an id"}, 3,
    ]);
    for drafts in [list.clone(), json!({ "drafts": list })] {
        let drafts = parse_drafts(&bytes(&drafts)).unwrap();
        assert_eq!(drafts.iter().map(|of| of.id.as_str()).collect::<Vec<_>>(), ["d1", "d2"]);
        let [first, second] = &*drafts else { panic!("{drafts:?}") };
        assert_eq!((first.name.as_deref(), first.revision), (Some("Warmer"), Some(4)));
        assert_eq!((first.source_version_id.as_deref(), &first.config), (Some("v2"), &None));
        assert_eq!((second.revision, second.updated_at.as_deref()), (None, None));
    }
}

#[test]
fn a_draft_asks_what_its_answer_says_and_nothing_where_it_says_so() {
    let draft = |rest: Value| {
        let mut all = json!({"draftId": "d", "draftRevision": 1});
        all.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        parse_draft(&bytes(&all)).unwrap().config
    };
    assert_eq!(draft(json!({})), None);
    assert_eq!(draft(json!({"_resolvedConfig": {"postCallAnalyticsConfig": asks("a")}})), Some(asks("a")));
    assert_eq!(draft(json!({"postCallAnalyticsConfig": asks("b")})), Some(asks("b")));
    assert_eq!(draft(json!({"_resolvedConfig": {}})), Some(json!({})));
    let of_branch = json!({
        "latest": {"_id": "d9", "draftRevision": 2, "_resolvedConfig": {"analytics": {"postCallAnalyticsConfig": asks("c")}}},
        "editHistory": [], "editCount": 2,
    });
    let read = parse_draft(&bytes(&of_branch)).unwrap();
    assert_eq!((read.id.as_str(), read.revision, read.config), ("d9", Some(2), Some(asks("c"))));
    let error = parse_draft(&bytes(&json!({"draftRevision": 1}))).unwrap_err();
    assert!(error.to_string().contains("the draft has no id"), "{error}");
}

#[test]
fn a_diff_tells_what_a_draft_asks() {
    let whole = json!({"sections": {"analytics": {"after": {"postCallAnalyticsConfig": asks("new")}}}});
    assert_eq!(parse_draft_config(&bytes(&whole)), Ok(Some(asks("new"))));
    let emptied = json!({"sections": {"analytics": {"after": {}}}});
    assert_eq!(parse_draft_config(&bytes(&emptied)), Ok(Some(json!({}))));
    assert_eq!(parse_draft_config(&bytes(&json!({"sections": {"workflow": {"after": {}}}}))), Ok(None));
}

/// The changes of a configuration, applied to what it was, give what it is: or nothing where they could be read
/// in two ways, never something else.
#[test]
fn changes_are_applied_only_where_they_can_be_read_in_one_way() {
    let of = |config: &Value| json!({"analytics": {"postCallAnalyticsConfig": config}});
    let apply = |before: &Value, after: &Value| {
        let diff = diff::compute(&of(before), &of(after));
        assert!(diff.change_count() > 0);
        changed_config(before.clone(), &diff)
    };
    let before = json!({"dispositionMetrics": [{"identifier": "a", "x": 1}], "flag": true});
    let renamed = json!({"dispositionMetrics": [{"identifier": "b", "x": 1}], "flag": false});
    assert_eq!(apply(&before, &renamed), Some(renamed));
    let gained = json!({"dispositionMetrics": [{"identifier": "a", "x": 1, "y": {"z": null}}]});
    assert_eq!(apply(&before, &gained), Some(gained));
    let grown = json!({"dispositionMetrics": [{"identifier": "a", "x": 1}, {"identifier": "b"}], "flag": true});
    assert_eq!(apply(&before, &grown), None);
}

#[test]
fn templates_without_a_name_or_a_prompt_are_left_out() {
    let list = json!([
        {"identifier": "sentiment", "dispositionMetricType": "ENUM", "dispositionMetricPrompt": "How did it sound?"},
        {"identifier": "free", "dispositionMetricPrompt": "What was said?"},
        {"identifier": "", "dispositionMetricPrompt": "p"}, {"identifier": "n"}, null,
    ]);
    for answer in [list.clone(), json!({ "templates": list })] {
        let templates = parse_templates(&bytes(&answer)).unwrap();
        let read: Vec<_> = templates.iter().map(|of| (of.identifier(), of.kind())).collect();
        assert_eq!(read, [("sentiment", Some(MetricType::Enum)), ("free", Some(MetricType::Text))]);
    }
}

proptest! {
    #[test]
    fn any_json_is_read_or_refused(any in super::properties::answers::any_json()) {
        for answer in [bytes(&any), serde_json::to_vec(&any).unwrap(), bytes(&json!({"latest": any, "branches": [any], "revisions": any, "version": any}))] {
            let _ = (parse_live(&answer), parse_version(&answer), parse_published(&answer), parse_revisions(&answer));
            let _ = (parse_branches(&answer), parse_drafts(&answer), parse_draft(&answer), parse_draft_config(&answer));
            let _ = parse_templates(&answer);
        }
    }
}
