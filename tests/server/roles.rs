//! Every route of the API, asked by every role: who may not is told so, and who may is let through.

use std::collections::BTreeSet;

use callscope_core::session::Role;
use callscope_server::http::{Config, openapi_document};
use serde_json::{Value, json};

use super::app::{Ask, PASSWORD, TestApp};

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Least {
    /// Whoever comes.
    Anybody,
    /// Whoever is signed in, for themselves.
    Oneself,
    /// Whoever sees any organisation, for what they see.
    Own,
    /// Whoever may see the agent.
    Viewer,
    Editor,
    Admin,
}

use Least::{Admin, Anybody, Editor, Oneself, Own, Viewer};

/// What is asked holds no thing that is there: whoever is let through is told that, and nothing changes.
const ROUTES: &[(&str, &str, Least)] = &[
    ("post", "/session", Anybody),
    ("post", "/session/code", Anybody),
    ("delete", "/session", Anybody),
    ("get", "/session", Oneself),
    ("post", "/session/password", Oneself),
    ("delete", "/session/all", Oneself),
    ("get", "/v1/metrics", Own),
    ("get", "/atoms/v1/conversation", Own),
    ("post", "/atoms/v1/conversation/search", Own),
    ("get", "/atoms/v1/conversation/{callId}", Own),
    ("get", "/atoms/v1/conversation/{callId}/recording", Own),
    ("get", "/atoms/v1/agent", Own),
    ("get", "/atoms/v1/disposition-metric-templates", Own),
    ("get", "/atoms/v1/agent/{id}", Viewer),
    ("get", "/atoms/v1/agent/{id}/post-call-analytics", Viewer),
    ("post", "/atoms/v1/agent/{id}/post-call-analytics", Editor),
    ("get", "/atoms/v1/agent/{id}/drafts", Viewer),
    ("post", "/atoms/v1/agent/{id}/drafts", Editor),
    ("get", "/atoms/v1/agent/{id}/drafts/{draftId}", Viewer),
    ("patch", "/atoms/v1/agent/{id}/drafts/{draftId}", Editor),
    ("delete", "/atoms/v1/agent/{id}/drafts/{draftId}", Editor),
    ("patch", "/atoms/v1/agent/{id}/drafts/{draftId}/config", Editor),
    ("get", "/atoms/v1/agent/{id}/drafts/{draftId}/diff", Viewer),
    ("post", "/atoms/v1/agent/{id}/drafts/{draftId}/publish", Editor),
    ("get", "/atoms/v1/agent/{id}/versions", Viewer),
    ("get", "/atoms/v1/agent/{id}/versions/diff", Viewer),
    ("get", "/atoms/v1/agent/{id}/versions/compare-metrics", Viewer),
    ("get", "/atoms/v1/agent/{id}/versions/{versionId}", Viewer),
    ("patch", "/atoms/v1/agent/{id}/versions/{versionId}/activate", Editor),
    ("get", "/atoms/v1/agent/{id}/diff", Viewer),
    ("get", "/atoms/v1/agent/{id}/branches", Viewer),
    ("get", "/atoms/v1/agent/{id}/branches/{branchId}", Viewer),
    ("post", "/atoms/v1/agent/{id}/branches/{branchId}/live", Editor),
    ("get", "/atoms/v1/agent/{id}/branches/{branchId}/draft", Viewer),
    ("put", "/atoms/v1/agent/{id}/branches/{branchId}/draft", Editor),
    ("delete", "/atoms/v1/agent/{id}/branches/{branchId}/draft", Editor),
    ("post", "/atoms/v1/agent/{id}/branches/{branchId}/draft/publish", Editor),
    ("post", "/atoms/v1/agent/{id}/branches/{branchId}/draft/publish/cancel", Editor),
    ("get", "/atoms/v1/agent/{id}/branches/{branchId}/revisions", Viewer),
    ("get", "/atoms/v1/agent/{id}/branches/{branchId}/revisions/{revisionId}", Viewer),
    ("get", "/members", Admin),
    ("post", "/members", Admin),
    ("patch", "/members/{userId}", Admin),
    ("delete", "/members/{userId}", Admin),
    ("delete", "/members/{userId}/sessions", Admin),
    ("post", "/members/{userId}/password", Admin),
    ("delete", "/members/invitations/{id}", Admin),
    ("get", "/audit", Admin),
];

/// Who asks: nobody; a person or a key of a role in alpha; or an admin of gamma, who may nothing in alpha.
const CALLERS: &[(&str, Option<Role>)] = &[
    ("nobody", None),
    ("viewer", Some(Role::Viewer)),
    ("editor", Some(Role::Editor)),
    ("admin", Some(Role::Admin)),
    ("key-viewer", Some(Role::Viewer)),
    ("key-editor", Some(Role::Editor)),
    ("key-admin", Some(Role::Admin)),
    ("stranger", None),
];

/// Whether a caller is let through.
fn is_let_through(caller: &str, role: Option<Role>, least: Least) -> bool {
    let is_person = !caller.starts_with("key") && caller != "nobody";
    match least {
        Anybody => true,
        Oneself => is_person,
        Own => caller != "nobody",
        Viewer => role.is_some(),
        Editor => role >= Some(Role::Editor),
        Admin => role == Some(Role::Admin),
    }
}

struct World {
    app: TestApp,
    keys: Vec<(&'static str, String)>,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::small_world(Config { requests_per_minute: 100_000, ..Config::default() }).await;
        let mut keys = Vec::new();
        for (caller, role) in CALLERS {
            match (caller.strip_prefix("key-"), role) {
                (Some(_), Some(role)) => {
                    let key = app.db.create_key(caller, Some("alpha"), *role).await.unwrap();
                    keys.push((*caller, key.expose().to_owned()));
                }
                (None, role) if *caller != "nobody" => {
                    let user = app.db.add_user(&format!("{caller}@callscope.example"), "", PASSWORD).await.unwrap();
                    let place = if role.is_some() { "alpha" } else { "gamma" };
                    app.db.add_member(&user.id, place, role.unwrap_or(Role::Admin)).await.unwrap();
                }
                _ => {}
            }
        }
        Self { app, keys }
    }

    async fn ask(&self, caller: &str, token: Option<&str>, (method, path, _): (&str, &str, Least)) -> u16 {
        let mut path = path.replace("{id}", if path.starts_with("/members") { "none" } else { "alpha-one" });
        for name in ["{draftId}", "{versionId}", "{branchId}", "{revisionId}", "{callId}", "{userId}"] {
            path = path.replace(name, "none");
        }
        if path.starts_with("/members") || path == "/audit" {
            path.push_str("?organizationId=alpha");
        }
        let body = match path.split('?').next().unwrap() {
            "/members" | "/members/none" => {
                json!({ "organizationId": "alpha", "email": "none", "role": "viewer", "isDisabled": true })
            }
            "/session/password" => json!({ "current": "", "password": "" }),
            path if path.ends_with("/post-call-analytics") => json!([]),
            _ => json!({}),
        };
        let method = match method {
            "post" => "POST",
            "put" => "PUT",
            "patch" => "PATCH",
            "delete" => "DELETE",
            _ => "GET",
        };
        let mut ask = Ask::new(method, &path).header("sec-fetch-site", "same-origin");
        if method != "GET" {
            ask = ask.json(&body);
        }
        if let Some((_, key)) = self.keys.iter().find(|(name, _)| *name == caller) {
            ask = ask.key(key);
        }
        if let Some(token) = token {
            ask = ask.token(token);
        }
        self.app.send(ask).await.status
    }
}

#[test]
fn every_route_is_in_the_table() {
    let document = serde_json::to_value(openapi_document()).unwrap();
    let of_path = |(path, item): (&String, &Value)| {
        item.as_object().unwrap().keys().map(|method| (method.clone(), path.clone())).collect::<Vec<_>>()
    };
    let described: BTreeSet<_> = document["paths"].as_object().unwrap().iter().flat_map(of_path).collect();
    let listed: BTreeSet<_> = ROUTES.iter().map(|(method, path, _)| (*method, *path)).collect();
    let listed = listed.into_iter().map(|(method, path)| (method.to_owned(), path.to_owned()));
    assert_eq!(listed.collect::<BTreeSet<_>>(), described);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_role_is_let_through_where_it_may_and_nowhere_else() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    let mut refused = 0;
    for (caller, role) in CALLERS {
        let is_person = !caller.starts_with("key") && *caller != "nobody";
        let mut token = None;
        for route in ROUTES {
            // Some of them end the session.
            if is_person && token.is_none() {
                token = Some(world.app.sign_in(&format!("{caller}@callscope.example")).await);
            }
            let status = world.ask(caller, token.as_deref(), *route).await;
            if route.1.starts_with("/session") && route.0 == "delete" {
                token = None;
            }
            // Signing in with nothing is refused to everybody.
            let is_sign_in = route.2 == Anybody && route.0 == "post";
            let is_refused = matches!(status, 401 | 403) && !is_sign_in;
            refused += usize::from(is_refused);
            let expected = is_let_through(caller, *role, route.2);
            if is_refused == expected || status >= 500 || (is_refused && *caller == "nobody" && status != 401) {
                wrong.push(format!("{caller}: {} {} {status}", route.0, route.1));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(refused > 100, "{refused}");
    // Each change that somebody was let through to is on record, and no other.
    let changes = ROUTES.iter().filter(|(method, _, least)| *least == Editor && *method != "get").count() as i64;
    let let_through = CALLERS.iter().filter(|(caller, role)| is_let_through(caller, *role, Editor)).count() as i64;
    let on_record = world.app.number("SELECT count(*) FROM audit WHERE agent_id = 'alpha-one'").await;
    assert_eq!((on_record, let_through), (changes * let_through, 4));
    // Nothing of all that was done, and what was tried without being allowed left no trace of a deed.
    let done =
        world.app.number("SELECT count(*) FROM audit WHERE outcome = 'done' AND action <> 'sessions.ended'").await;
    assert_eq!(done, 0);
}
