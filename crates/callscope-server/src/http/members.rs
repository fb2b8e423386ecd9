//! Who may do what in an organisation, for those who may say so.
//!
//! Nobody changes what they may do themselves: who administers an organisation does not lock it by a slip. An account that
//! also sees what the asker does not administer can be taken out of an organisation and cannot be closed, signed out
//! or given another password: that would reach where the asker may not.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use callscope_core::agents::wire::NothingAnswer;
use callscope_core::people::{
    AuditAnswer, Code, CodeAnswer, Member, MemberChange, Members, MembersAnswer, NewInvitation,
};
use callscope_core::session::{ErrorAnswer, Role};
use callscope_core::wire::Field;

use super::AppState;
use super::caller::Caller;
use super::error::ApiError;
use super::query::Query;
use crate::db::{InviteError, MemberChanged, NewCode, User};

/// The people of an organisation.
#[utoipa::path(get, path = "/members", tag = "People", security(("session" = []), ("key" = [])), params(
    ("organizationId" = String, Query, description = "The organisation."),
), responses(
    (status = 200, body = MembersAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn list(
    State(state): State<AppState>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<MembersAnswer>, ApiError> {
    let organisation_id = administered_of(&caller, query.as_deref())?;
    let mut members = state.db.members(&organisation_id).await?;
    for member in &mut members {
        member.is_self = is_self(&caller, &member.id);
        member.is_ours = is_ours(&state, &caller, &member.id).await?;
    }
    let invitations = state.db.invitations(&organisation_id).await?;
    Ok(Json(MembersAnswer { status: true, data: Members { members, invitations } }))
}

/// Asks somebody to come, by a code that can be used once within a week. It is told to nobody else: hand it over.
#[utoipa::path(post, path = "/members", tag = "People", security(("session" = []), ("key" = [])), request_body = NewInvitation, responses(
    (status = 201, body = CodeAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn invite(
    State(state): State<AppState>,
    caller: Caller,
    body: Result<Json<NewInvitation>, JsonRejection>,
) -> Result<(StatusCode, Json<CodeAnswer>), ApiError> {
    let Json(new) = body.map_err(|_| {
        ApiError::bad_request(
            "The body must be a JSON object with organizationId, email and role (viewer, editor, admin).",
        )
    })?;
    let organisation_id = administered(&caller, Some(&new.organization_id))?;
    let email = new.email.trim().to_lowercase();
    let members = state.db.members(&organisation_id).await?;
    if members.iter().any(|member| member.email == email && member.reseller.is_none()) {
        return Err(ApiError::parameter("email", "this person is here already: change the role instead"));
    }
    let made = state.db.invite(&organisation_id, &new.email, new.role, &caller.actor()).await;
    let made = made.map_err(|error| match error {
        InviteError::BadAddress(why) => ApiError::parameter("email", why),
        InviteError::Failed(error) => ApiError::internal(&error),
    })?;
    Ok((StatusCode::CREATED, answer(&made)))
}

/// Takes an invitation back.
#[utoipa::path(delete, path = "/members/invitations/{id}", tag = "People", security(("session" = []), ("key" = [])), params(
    ("id" = String, Path, description = "The invitation."),
    ("organizationId" = String, Query, description = "The organisation."),
), responses(
    (status = 200, body = NothingAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer),
    (status = 500, body = ErrorAnswer),
))]
pub(super) async fn withdraw(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<NothingAnswer>, ApiError> {
    let organisation_id = administered_of(&caller, query.as_deref())?;
    if !state.db.withdraw_invitation(&organisation_id, &id, &caller.who).await? {
        return Err(ApiError::not_found("There is no such invitation: it was used or taken back."));
    }
    Ok(nothing())
}

/// Gives somebody another role, closes an account, or opens it again.
#[utoipa::path(patch, path = "/members/{userId}", tag = "People", security(("session" = []), ("key" = [])), params(
    ("userId" = String, Path, description = "The account."),
), request_body = MemberChange, responses(
    (status = 200, body = NothingAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer),
    (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn change(
    State(state): State<AppState>,
    caller: Caller,
    Path(user_id): Path<String>,
    body: Result<Json<MemberChange>, JsonRejection>,
) -> Result<Json<NothingAnswer>, ApiError> {
    let Json(change) = body.map_err(|_| {
        ApiError::bad_request("The body must be a JSON object with organizationId and role or isDisabled.")
    })?;
    let organisation_id = administered(&caller, Some(&change.organization_id))?;
    let (user, _) = other(&state, &caller, &organisation_id, &user_id).await?;
    if change.is_disabled.is_some() {
        must_be_ours(&state, &caller, &user).await?;
    }
    // Either may be refused: nothing is left half done.
    if change.is_disabled.is_some() && change.role.is_some() {
        return Err(ApiError::bad_request("Change the role or isDisabled, one at a time."));
    }
    if let Some(role) = change.role {
        changed(state.db.set_role(&organisation_id, &user, role, &caller.who).await?)?;
    }
    if let Some(is_disabled) = change.is_disabled
        && !state.db.set_disabled(&user, is_disabled, &caller.who).await?
    {
        changed(MemberChanged::LastAdmin)?;
    }
    Ok(nothing())
}

/// Takes somebody out of an organisation. The account stays.
#[utoipa::path(delete, path = "/members/{userId}", tag = "People", security(("session" = []), ("key" = [])), params(
    ("userId" = String, Path, description = "The account."),
    ("organizationId" = String, Query, description = "The organisation."),
), responses(
    (status = 200, body = NothingAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer),
    (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    Path(user_id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<NothingAnswer>, ApiError> {
    let organisation_id = administered_of(&caller, query.as_deref())?;
    let (user, _) = other(&state, &caller, &organisation_id, &user_id).await?;
    changed(state.db.remove_member(&organisation_id, &user, &caller.who).await?)?;
    Ok(nothing())
}

/// Ends all sessions of somebody.
#[utoipa::path(delete, path = "/members/{userId}/sessions", tag = "People", security(("session" = []), ("key" = [])), params(
    ("userId" = String, Path, description = "The account."),
    ("organizationId" = String, Query, description = "The organisation."),
), responses(
    (status = 200, body = NothingAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer),
    (status = 500, body = ErrorAnswer),
))]
pub(super) async fn end_sessions(
    State(state): State<AppState>,
    caller: Caller,
    Path(user_id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<NothingAnswer>, ApiError> {
    let organisation_id = administered_of(&caller, query.as_deref())?;
    let (user, _) = other(&state, &caller, &organisation_id, &user_id).await?;
    must_be_ours(&state, &caller, &user).await?;
    state.db.end_sessions_of(&user, &caller.who).await?;
    Ok(nothing())
}

/// Makes a code by which somebody sets another password. The present one is good until then.
#[utoipa::path(post, path = "/members/{userId}/password", tag = "People", security(("session" = []), ("key" = [])), params(
    ("userId" = String, Path, description = "The account."),
    ("organizationId" = String, Query, description = "The organisation."),
), responses(
    (status = 201, body = CodeAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer),
    (status = 500, body = ErrorAnswer),
))]
pub(super) async fn allow_new_password(
    State(state): State<AppState>,
    caller: Caller,
    Path(user_id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<(StatusCode, Json<CodeAnswer>), ApiError> {
    let organisation_id = administered_of(&caller, query.as_deref())?;
    let (user, member) = other(&state, &caller, &organisation_id, &user_id).await?;
    must_be_ours(&state, &caller, &user).await?;
    if member.is_disabled {
        return Err(ApiError::bad_request("This account is closed: open it first."));
    }
    let made = state.db.allow_new_password(&user, &organisation_id, &caller.actor()).await;
    Ok((StatusCode::CREATED, answer(&made.map_err(|error| ApiError::internal(&error))?)))
}

/// What was done in an organisation, and by whom: the newest first.
#[utoipa::path(get, path = "/audit", tag = "People", security(("session" = []), ("key" = [])), params(
    ("organizationId" = String, Query, description = "The organisation."),
    ("page" = Option<u64>, Query, description = "Which page, from 1 on."),
    ("limit" = Option<u64>, Query, description = "Entries of a page, 1-100; default 50."),
), responses(
    (status = 200, body = AuditAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn audit(
    State(state): State<AppState>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<AuditAnswer>, ApiError> {
    let query = Query::read(query.as_deref(), &["organizationId", "page", "limit"])?;
    let organisation_id = administered(&caller, query.get("organizationId"))?;
    let (page, limit) = (query.number("page", (1, 1_000_000), 1)?, query.number("limit", (1, 100), 50)?);
    let data = state.db.audit(&organisation_id, (page - 1) * limit, limit).await?;
    Ok(Json(AuditAnswer { status: true, data }))
}

/// The organisation that a query names, and nothing else, where the caller administers it.
fn administered_of(caller: &Caller, query: Option<&str>) -> Result<String, ApiError> {
    administered(caller, Query::read(query, &["organizationId"])?.get("organizationId"))
}

/// The organisation that is named, where the caller administers it.
fn administered(caller: &Caller, organisation_id: Option<&str>) -> Result<String, ApiError> {
    let id = organisation_id.ok_or_else(|| ApiError::parameter("organizationId", "is missing"))?;
    if !caller.may_see(id) {
        return Err(ApiError::forbidden("organizationId: you may not see this organisation"));
    }
    caller.must(Role::Admin, id)?;
    Ok(id.to_owned())
}

fn is_self(caller: &Caller, user_id: &str) -> bool {
    caller.user.as_ref().is_some_and(|user| user.id == user_id)
}

/// Somebody else of an organisation.
async fn other(
    state: &AppState,
    caller: &Caller,
    organisation_id: &str,
    user_id: &str,
) -> Result<(User, Member), ApiError> {
    let member = state.db.members(organisation_id).await?.into_iter().find(|member| member.id == user_id);
    let missing = || ApiError::not_found("There is nobody of this id in the organisation.");
    let member = member.ok_or_else(missing)?;
    if is_self(caller, user_id) {
        return Err(ApiError::forbidden("Nobody changes this of their own account: ask another admin."));
    }
    Ok((state.db.user(user_id).await?.ok_or_else(missing)?, member))
}

/// Whether the caller administers everything that an account sees.
async fn is_ours(state: &AppState, caller: &Caller, user_id: &str) -> Result<bool, ApiError> {
    Ok(caller.access.administers_all_of(&state.db.access_of_user(user_id).await?))
}

async fn must_be_ours(state: &AppState, caller: &Caller, user: &User) -> Result<(), ApiError> {
    if is_ours(state, caller, &user.id).await? {
        return Ok(());
    }
    Err(ApiError::forbidden("This account also sees organisations that you do not administer: remove it from yours."))
}

fn changed(what: MemberChanged) -> Result<(), ApiError> {
    match what {
        MemberChanged::Done => Ok(()),
        MemberChanged::Missing => Err(ApiError::forbidden(
            "This person sees the organisation by its reseller: that is changed where the server runs.",
        )),
        MemberChanged::LastAdmin => {
            Err(ApiError::conflict("Nobody would administer the organisation any more.", serde_json::Value::Null))
        }
    }
}

fn answer(made: &NewCode) -> Json<CodeAnswer> {
    let expires_at = crate::rfc3339(made.expires_ms).unwrap_or_default();
    let data = Code { email: made.email.clone(), code: made.code.expose().to_owned(), expires_at };
    Json(CodeAnswer { status: true, data })
}

fn nothing() -> Json<NothingAnswer> {
    Json(NothingAnswer { status: Field::Value(true), data: Field::Null })
}
