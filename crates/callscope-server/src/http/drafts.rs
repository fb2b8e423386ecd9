//! Drafts of an agent's configuration: made, changed, compared, thrown away, published.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use callscope_core::agents::wire::{
    DraftAnswer, DraftDetail, DraftDetailAnswer, DraftDiffAnswer, DraftEdit, DraftsAnswer, NothingAnswer,
    PublishedAnswer, Version,
};
use callscope_core::diff::wire::{DraftDiff, SectionStates};
use callscope_core::diff::{self};
use callscope_core::session::ErrorAnswer;
use callscope_core::wire::{Field, Open, Text};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::AppState;
use super::agents;
use super::caller::Caller;
use super::error::ApiError;
use super::query::Query;
use super::versions;
use crate::db::{Changed, Draft, Publication, VersionRow, now_ms};

/// What a draft is made of.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewDraft {
    /// The version that it begins from; this or a draft.
    source_version_id: Option<String>,
    /// The draft that it begins from.
    source_draft_id: Option<String>,
    /// What it is called, 1 to 100 signs.
    draft_name: Option<String>,
}

/// Another name.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Renamed {
    /// 1 to 100 signs.
    draft_name: String,
}

/// What a draft is published as.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Publish {
    /// The label of the version.
    label: Option<String>,
    /// What changed in it.
    description: Option<String>,
    /// Whether it goes live at once, where no security check is to be awaited.
    activate: bool,
}

/// Makes a draft of a version, or of another draft.
#[utoipa::path(post, path = "/atoms/v1/agent/{id}/drafts", tag = "Drafts", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."),
), request_body = NewDraft, responses(
    (status = 201, body = DraftAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer),
    (status = 500, body = ErrorAnswer),
))]
pub(super) async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    body: Result<Json<NewDraft>, JsonRejection>,
) -> Result<(StatusCode, Json<DraftAnswer>), ApiError> {
    let Json(new) = body.map_err(|_| ApiError::bad_request("The body must be a JSON object with sourceVersionId."))?;
    let name = name(new.draft_name.as_deref().unwrap_or("Draft"))?;
    let agent = agents::find(&state, &caller, &id).await?;
    let rows = state.db.versions(&agent.id).await?;
    let (source, config) = match (&new.source_version_id, &new.source_draft_id) {
        (_, Some(draft)) => {
            let draft = find(&state, &agent.id, draft).await?;
            (draft.source_version_id, draft.config)
        }
        (Some(version), None) => {
            let row = versions::find(&rows, "sourceVersionId", version)?;
            (Some(version.clone()), versions::config(row)?)
        }
        (None, None) => return Err(ApiError::parameter("sourceVersionId", "is missing")),
    };
    let draft = state.db.create_draft(&agent.id, source.as_deref(), name, config, now_ms()).await?;
    Ok((StatusCode::CREATED, answer(&draft)))
}

/// The drafts of an agent, the newest first.
#[utoipa::path(get, path = "/atoms/v1/agent/{id}/drafts", tag = "Drafts", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."),
), responses(
    (status = 200, body = DraftsAnswer), (status = 401, body = ErrorAnswer), (status = 403, body = ErrorAnswer),
    (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<DraftsAnswer>, ApiError> {
    let agent = agents::find(&state, &caller, &id).await?;
    let drafts: Vec<Version> = state.db.drafts(&agent.id).await?.iter().map(described).collect();
    Ok(Json(DraftsAnswer { status: Field::Value(true), data: drafts.into() }))
}

/// A draft with its configuration and what was changed in it.
#[utoipa::path(get, path = "/atoms/v1/agent/{id}/drafts/{draftId}", tag = "Drafts", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."), ("draftId" = String, Path, description = "The draft."),
    ("limit" = Option<u64>, Query, description = "Changes at most, 1-100; default 20."),
), responses(
    (status = 200, body = DraftDetailAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer),
    (status = 500, body = ErrorAnswer),
))]
pub(super) async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path((id, draft_id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Json<DraftDetailAnswer>, ApiError> {
    let query = Query::read(query.as_deref(), &["limit"])?;
    let limit = query.number("limit", (1, 100), 20)?;
    let agent = agents::find(&state, &caller, &id).await?;
    let draft = find(&state, &agent.id, &draft_id).await?;
    let edits = state.db.draft_edits(&draft.id, limit).await?;
    let edit = |edit: &crate::db::DraftEdit| DraftEdit {
        revision: edit.revision.into(),
        changed_sections: edit.changed.clone().into(),
        timestamp: written(edit.at_ms),
    };
    let data = DraftDetail {
        latest: Field::Value(described(&draft)),
        resolved_config: Field::Value(resolved(&draft.config)),
        edit_history: edits.iter().map(edit).collect::<Vec<_>>().into(),
        edit_count: (draft.revision - 1).into(),
    };
    Ok(Json(DraftDetailAnswer { status: Field::Value(true), data: Field::Value(data) }))
}

/// Changes the configuration of a draft: the parts that the body names, the others stay. With
/// expectedRevision only where nobody changed it since.
#[utoipa::path(patch, path = "/atoms/v1/agent/{id}/drafts/{draftId}/config", tag = "Drafts", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."), ("draftId" = String, Path, description = "The draft."),
), request_body(content = Object, description = "postCallAnalyticsConfig, and sections by their names."), responses(
    (status = 200, body = DraftAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer),
    (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn change(
    State(state): State<AppState>,
    caller: Caller,
    Path((id, draft_id)): Path<(String, String)>,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<DraftAnswer>, ApiError> {
    let Json(mut body) = body.map_err(|_| ApiError::bad_request("The body must be a JSON object."))?;
    let expected = match body.remove("expectedRevision") {
        None => None,
        Some(revision) => {
            let wrong = || ApiError::parameter("expectedRevision", "must be a whole number from 1 on");
            Some(revision.as_u64().filter(|revision| *revision > 0).ok_or_else(wrong)?)
        }
    };
    if let Some(config) = body.get(super::postcall::CONFIG) {
        super::postcall::check(config)?;
    }
    let agent = agents::find(&state, &caller, &id).await?;
    let wanted = Value::Object(body.clone());
    let apply = |config: Value| super::postcall::applied(config, body);
    match state.db.change_draft((&agent.id, &draft_id), expected, apply, now_ms()).await? {
        Changed::Done(draft) => Ok(answer(&draft)),
        Changed::Missing => Err(missing()),
        Changed::Conflict(draft) => Err(conflict(expected, &draft, &wanted)),
    }
}

/// Gives a draft another name.
#[utoipa::path(patch, path = "/atoms/v1/agent/{id}/drafts/{draftId}", tag = "Drafts", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."), ("draftId" = String, Path, description = "The draft."),
), request_body = Renamed, responses(
    (status = 200, body = DraftAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer),
    (status = 500, body = ErrorAnswer),
))]
pub(super) async fn rename(
    State(state): State<AppState>,
    caller: Caller,
    Path((id, draft_id)): Path<(String, String)>,
    body: Result<Json<Renamed>, JsonRejection>,
) -> Result<Json<DraftAnswer>, ApiError> {
    let Json(renamed) = body.map_err(|_| ApiError::bad_request("The body must be a JSON object with draftName."))?;
    let name = name(&renamed.draft_name)?;
    let agent = agents::find(&state, &caller, &id).await?;
    let draft = state.db.rename_draft(&agent.id, &draft_id, name).await?;
    Ok(answer(&draft.ok_or_else(missing)?))
}

/// Throws a draft away.
#[utoipa::path(delete, path = "/atoms/v1/agent/{id}/drafts/{draftId}", tag = "Drafts", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."), ("draftId" = String, Path, description = "The draft."),
), responses(
    (status = 200, body = NothingAnswer), (status = 401, body = ErrorAnswer), (status = 403, body = ErrorAnswer),
    (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn discard(
    State(state): State<AppState>,
    caller: Caller,
    Path((id, draft_id)): Path<(String, String)>,
) -> Result<Json<NothingAnswer>, ApiError> {
    let agent = agents::find(&state, &caller, &id).await?;
    if !state.db.delete_draft(&agent.id, &draft_id).await? {
        return Err(missing());
    }
    Ok(Json(NothingAnswer { status: Field::Value(true), data: Field::Null }))
}

/// What a draft changes against a version; the one that it began from unless another is named.
#[utoipa::path(get, path = "/atoms/v1/agent/{id}/drafts/{draftId}/diff", tag = "Drafts", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."), ("draftId" = String, Path, description = "The draft."),
    ("compareTo" = Option<String>, Query, description = "The version."),
), responses(
    (status = 200, body = DraftDiffAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer),
    (status = 500, body = ErrorAnswer),
))]
pub(super) async fn compare(
    State(state): State<AppState>,
    caller: Caller,
    Path((id, draft_id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Json<DraftDiffAnswer>, ApiError> {
    let query = Query::read(query.as_deref(), &["compareTo"])?;
    let agent = agents::find(&state, &caller, &id).await?;
    let draft = find(&state, &agent.id, &draft_id).await?;
    let rows = state.db.versions(&agent.id).await?;
    let other = query.get("compareTo").map(str::to_owned).or(draft.source_version_id.clone());
    let before = match other {
        Some(version) => versions::config(versions::find(&rows, "compareTo", &version)?)?,
        None => Value::Null,
    };
    let diff = states(&before, &draft.config);
    Ok(Json(DraftDiffAnswer { status: Field::Value(true), data: Field::Value(diff) }))
}

/// Makes a version of a draft, which is no draft any more then.
#[utoipa::path(post, path = "/atoms/v1/agent/{id}/drafts/{draftId}/publish", tag = "Drafts", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The agent."), ("draftId" = String, Path, description = "The draft."),
), request_body = Publish, responses(
    (status = 201, body = PublishedAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer),
    (status = 500, body = ErrorAnswer),
))]
pub(super) async fn publish(
    State(state): State<AppState>,
    caller: Caller,
    Path((id, draft_id)): Path<(String, String)>,
    body: Result<Json<Publish>, JsonRejection>,
) -> Result<(StatusCode, Json<PublishedAnswer>), ApiError> {
    let Json(publish) =
        body.map_err(|_| ApiError::bad_request("The body must be a JSON object with label, description, activate."))?;
    let agent = agents::find(&state, &caller, &id).await?;
    let publication = Publication {
        label: publish.label.filter(|label| !label.trim().is_empty()),
        description: publish.description,
        activate: publish.activate,
        check_ms: state.config.check_ms,
    };
    let version = state.db.publish_draft((&agent.id, &draft_id), &publication, now_ms()).await?.ok_or_else(missing)?;
    let rows = state.db.versions(&agent.id).await?;
    let row: &VersionRow = versions::find(&rows, "draftId", &version)?;
    let answer = PublishedAnswer { status: Field::Value(true), data: Field::Value(versions::described(row)) };
    Ok((StatusCode::CREATED, Json(answer)))
}

async fn find(state: &AppState, agent_id: &str, id: &str) -> Result<Draft, ApiError> {
    state.db.draft(agent_id, id).await?.ok_or_else(missing)
}

fn missing() -> ApiError {
    ApiError::not_found("draftId: this agent has no such draft.")
}

/// Both sides of a conflict: what stands there now, and what was to be written.
fn conflict(expected: Option<u64>, draft: &Draft, wanted: &Value) -> ApiError {
    let mine = super::postcall::applied(draft.config.clone(), wanted.as_object().cloned().unwrap_or_default());
    let diffs = diff::to_wire(&diff::compute(&draft.config, &mine)).diffs;
    let conflict = json!({"conflict": {
        "expectedRevision": expected, "latestRevision": draft.revision, "diffs": diffs,
    }});
    ApiError::conflict("The draft was changed by somebody else since it was read.", conflict)
}

fn name(name: &str) -> Result<&str, ApiError> {
    let name = name.trim();
    let fits = (1..=100).contains(&name.chars().count());
    if fits { Ok(name) } else { Err(ApiError::parameter("draftName", "must have 1 to 100 signs")) }
}

fn answer(draft: &Draft) -> Json<DraftAnswer> {
    Json(DraftAnswer { status: Field::Value(true), data: Field::Value(described(draft)) })
}

fn described(draft: &Draft) -> Version {
    Version {
        id: draft.id.as_str().into(),
        agent: draft.agent_id.as_str().into(),
        status: "draft".into(),
        draft_id: draft.id.as_str().into(),
        draft_name: draft.name.as_str().into(),
        draft_revision: draft.revision.into(),
        source_version_id: draft.source_version_id.clone().into(),
        is_pinned: Field::Value(false),
        is_active: Field::Value(false),
        created_at: written(draft.created_ms),
        updated_at: written(draft.updated_ms),
        ..Version::default()
    }
}

/// The configuration as it is read: what is asked after a call stands at its top, too.
fn resolved(config: &Value) -> Value {
    let mut resolved = config.clone();
    if let (Some(members), Some(post_call)) = (resolved.as_object_mut(), super::postcall::of(config)) {
        members.insert(super::postcall::CONFIG.to_owned(), post_call.clone());
    }
    resolved
}

/// Every section of either side, as it was and as it is.
fn states(before: &Value, after: &Value) -> DraftDiff {
    let names = |of: &Value| of.as_object().map(|of| of.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let mut names: Vec<String> = names(before).into_iter().chain(names(after)).collect();
    names.sort_unstable();
    names.dedup();
    let side = |of: &Value, name: &str| of.get(name).cloned().map_or(Field::Missing, Field::Value);
    let section = |name: &String| {
        let changed = before.get(name) != after.get(name);
        let states =
            SectionStates { before: side(before, name), after: side(after, name), changed: Field::Value(changed) };
        (name.clone(), Field::Value(states))
    };
    let sections: Vec<_> = names.iter().map(section).collect();
    let has_changes = names.iter().any(|name| before.get(name) != after.get(name));
    DraftDiff { sections: Field::Value(Open(sections)), has_changes: Field::Value(has_changes) }
}

fn written(ms: i64) -> Text {
    crate::rfc3339(ms).into()
}
