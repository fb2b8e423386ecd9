//! What every call of an agent is asked after it ends: read and set at once, and the version that is
//! live.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use callscope_core::agents::wire::{PublishedAnswer, Version};
use callscope_core::postcall::PostCallConfig;
use callscope_core::postcall::wire::{ConfigAnswer, Template, TemplatesAnswer};
use callscope_core::session::ErrorAnswer;
use callscope_core::wire::Field;
use serde_json::{Map, Value};

use super::AppState;
use super::agents;
use super::caller::Caller;
use super::error::ApiError;
use super::versions;
use crate::db::now_ms;

/// Where the configuration of a version holds it.
const SECTION: &str = "analytics";
pub(super) const CONFIG: &str = "postCallAnalyticsConfig";

/// What the live version of an agent asks.
#[utoipa::path(get, path = "/atoms/v1/agent/{id}/post-call-analytics", tag = "Post-call metrics", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."),
), responses(
    (status = 200, body = ConfigAnswer), (status = 401, body = ErrorAnswer), (status = 403, body = ErrorAnswer),
    (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ConfigAnswer>, ApiError> {
    let agent = agents::find(&state, &caller, &id).await?;
    let config = live(&state, &agent.id).await?;
    Ok(Json(ConfigAnswer { status: Field::Value(true), data: Field::Value(config) }))
}

/// Publishes and activates a version that asks something else. What the body does not name stays as it
/// was.
#[utoipa::path(post, path = "/atoms/v1/agent/{id}/post-call-analytics", tag = "Post-call metrics", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."),
), request_body(content = Object, description = "summaryPrompt, dispositionMetrics and any other part of the configuration."), responses(
    (status = 200, body = ConfigAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer),
    (status = 500, body = ErrorAnswer),
))]
pub(super) async fn set(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    change: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<ConfigAnswer>, ApiError> {
    let Json(change) = change.map_err(|_| ApiError::bad_request("The body must be a JSON object."))?;
    check(&Value::Object(change.clone()))?;
    let agent = agents::find(&state, &caller, &id).await?;
    let apply = |mut config: Value| {
        let place = place(&mut config);
        for (name, value) in change {
            place.insert(name, value);
        }
        config
    };
    state.db.publish_live(&agent.id, "Post-call metrics", apply, now_ms()).await?;
    let config = live(&state, &agent.id).await?;
    Ok(Json(ConfigAnswer { status: Field::Value(true), data: Field::Value(config) }))
}

/// Lets a version take the agent's calls. One that does so already stays as it is.
#[utoipa::path(patch, path = "/atoms/v1/agent/{id}/versions/{versionId}/activate", tag = "Versions", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."), ("versionId" = String, Path, description = "The version."),
), responses(
    (status = 200, body = PublishedAnswer), (status = 401, body = ErrorAnswer), (status = 403, body = ErrorAnswer),
    (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn activate(
    State(state): State<AppState>,
    caller: Caller,
    Path((id, version_id)): Path<(String, String)>,
) -> Result<Json<PublishedAnswer>, ApiError> {
    let agent = agents::find(&state, &caller, &id).await?;
    let now = now_ms();
    let rows = state.db.versions(&agent.id).await?;
    if versions::find(&rows, "versionId", &version_id)?.version.checked_ms > now {
        return Err(ApiError::conflict("The security check of this version is not done yet.", Value::Null));
    }
    state.db.activate(&agent.id, &version_id, now).await?;
    let rows = state.db.versions(&agent.id).await?;
    let version: Version = versions::described(versions::find(&rows, "versionId", &version_id)?);
    Ok(Json(PublishedAnswer { status: Field::Value(true), data: Field::Value(version) }))
}

/// Metrics to begin with.
#[utoipa::path(get, path = "/atoms/v1/disposition-metric-templates", tag = "Post-call metrics", security(("session" = []), ("key" = [])), responses(
    (status = 200, body = TemplatesAnswer), (status = 401, body = ErrorAnswer), (status = 429, body = ErrorAnswer),
    (status = 500, body = ErrorAnswer),
))]
pub(super) async fn templates(_: Caller) -> Json<TemplatesAnswer> {
    const TEMPLATES: [(&str, &str, &str); 5] = [
        ("call_resolved", "BOOLEAN", "Was everything that the caller asked for settled by the end of the call?"),
        (
            "follow_up_needed",
            "BOOLEAN",
            "Did the agent or the caller say that somebody has to do something after the call?",
        ),
        (
            "satisfaction_score",
            "INTEGER",
            "How content did the caller sound at the end, from 1 (not at all) to 5 (very)? Where it cannot be told, answer 3.",
        ),
        (
            "call_summary",
            "STRING",
            "What did the caller want, and how did the call end? Answer in at most two sentences.",
        ),
        (
            "callback_time",
            "STRING",
            "When did the caller want to be called back, in the caller's own words? Where no time was named, answer with the word no.",
        ),
    ];
    let template = |(identifier, kind, prompt): (&str, &str, &str)| Template {
        identifier: identifier.into(),
        prompt: prompt.into(),
        kind: kind.into(),
    };
    let list: Vec<Template> = TEMPLATES.into_iter().map(template).collect();
    Json(TemplatesAnswer { success: Field::Value(true), data: list.into() })
}

/// Refuses what could not be edited without losing something.
pub(super) fn check(config: &Value) -> Result<(), ApiError> {
    PostCallConfig::read(config).map(|_| ()).map_err(|error| ApiError::parameter("dispositionMetrics", error))
}

/// What the configuration of a version asks after a call.
pub(super) fn of(config: &Value) -> Option<&Value> {
    config.get(SECTION)?.get(CONFIG)
}

/// A configuration with other parts in the place of its own: what is asked after a call as a whole, and
/// sections by their names.
pub(super) fn applied(mut config: Value, parts: Map<String, Value>) -> Value {
    for (name, value) in parts {
        if name == CONFIG {
            object(object(&mut config).entry(SECTION).or_insert(Value::Null)).insert(name, value);
        } else {
            object(&mut config).insert(name, value);
        }
    }
    config
}

/// What the live version of an agent asks; an empty object where it asks nothing or none is live.
pub(super) async fn live(state: &AppState, agent_id: &str) -> Result<Value, ApiError> {
    let config = state.db.live_config(agent_id).await?;
    Ok(of(&config).cloned().unwrap_or_else(|| Value::Object(Map::new())))
}

/// The place of the post-call configuration in that of a version, made where it is not there.
fn place(config: &mut Value) -> &mut Map<String, Value> {
    object(object(object(config).entry(SECTION).or_insert(Value::Null)).entry(CONFIG).or_insert(Value::Null))
}

/// The members of an object, in the place of whatever else stands there.
fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(members) => members,
        _ => unreachable!("it was made an object"),
    }
}
