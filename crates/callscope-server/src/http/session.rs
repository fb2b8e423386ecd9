//! Sign-in, sign-out, and the cookie between.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::IntoResponse;
use callscope_core::people::{CodeUse, PasswordChange};
use callscope_core::session::{
    Credentials, ErrorAnswer, OrganisationSync, Session, SessionAnswer, SessionOrganisation, SessionReseller,
    SessionUser,
};

use super::AppState;
use super::caller::Address;
use super::error::ApiError;
use crate::db::{ABSOLUTE_LIMIT_MS, Access, Connection, Secret, SignInRefused, User, now_ms};

/// The name of the session cookie.
pub const COOKIE: &str = "callscope_session";

type SetCookie = [(HeaderName, String); 1];

/// The session token that a request carries.
fn token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

/// Whether a request carries a session cookie at all, valid or not.
pub(super) fn is_carried(headers: &HeaderMap) -> bool {
    token(headers).is_some()
}

/// The person behind the cookie.
pub(super) async fn user(headers: &HeaderMap, state: &AppState) -> Result<User, ApiError> {
    let Some(token) = token(headers) else {
        return Err(ApiError::unauthorized("Nobody is signed in."));
    };
    let user = state.db.user_of_session(token).await?;
    user.ok_or_else(|| ApiError::unauthorized("The session has ended; sign in again."))
}

/// Sign in.
#[utoipa::path(post, path = "/session", tag = "Session", request_body = Credentials, responses(
    (status = 200, body = SessionAnswer, description = "Signed in; the cookie is set."),
    (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn sign_in(
    State(state): State<AppState>,
    Address(address): Address,
    headers: HeaderMap,
    credentials: Result<Json<Credentials>, JsonRejection>,
) -> Result<(SetCookie, Json<SessionAnswer>), ApiError> {
    let Json(credentials) = credentials
        .map_err(|_| ApiError::bad_request("The body must be JSON with the texts 'email' and 'password'."))?;
    if credentials.email.trim().is_empty() || credentials.email.len() > 254 {
        return Err(ApiError::parameter("email", "must be an e-mail address"));
    }
    if credentials.password.is_empty() || credentials.password.len() > 1024 {
        return Err(ApiError::parameter("password", "must have between 1 and 1024 bytes"));
    }
    let signed_in = state.db.sign_in(&credentials.email, &credentials.password, &address).await;
    let wrong = || ApiError::unauthorized("The e-mail address or the password is wrong.");
    let (secret, user) = signed_in.map_err(|why| refused(why, wrong()))?;
    start_session(&headers, &secret, user, &state).await
}

/// Why nobody was signed in, or no password was changed; `wrong` where what was shown is wrong.
fn refused(why: SignInRefused, wrong: ApiError) -> ApiError {
    match why {
        SignInRefused::WrongCredentials => wrong,
        SignInRefused::HasAccount => {
            ApiError::unauthorized("This address has an account already: give the password of that account.")
        }
        SignInRefused::BadPassword(why) => ApiError::parameter("password", why),
        SignInRefused::TooManyAttempts { wait_secs } => {
            ApiError::too_many(wait_secs, format!("Too many attempts; try again in {wait_secs} seconds."))
        }
        SignInRefused::Failed(error) => ApiError::internal(&error),
    }
}

/// A session that has begun, in the place of the one before.
async fn start_session(
    headers: &HeaderMap,
    secret: &Secret,
    user: User,
    state: &AppState,
) -> Result<(SetCookie, Json<SessionAnswer>), ApiError> {
    // The old session ends: a token that somebody planted or kept is worth nothing afterwards.
    if let Some(old) = token(headers) {
        state.db.end_session(old).await?;
    }
    let access = state.db.access_of_user(&user.id).await?;
    let cookie = cookie(secret.expose(), ABSOLUTE_LIMIT_MS / 1000, state);
    let data = answer(user, access, state).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(data)))
}

/// Use a code: come to an organisation, or set another password. The person is signed in then.
#[utoipa::path(post, path = "/session/code", tag = "Session", request_body = CodeUse, responses(
    (status = 200, body = SessionAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn use_code(
    State(state): State<AppState>,
    Address(address): Address,
    headers: HeaderMap,
    body: Result<Json<CodeUse>, JsonRejection>,
) -> Result<(SetCookie, Json<SessionAnswer>), ApiError> {
    let Json(used) = body.map_err(|_| {
        ApiError::bad_request("The body must be JSON with the texts \"email\", \"code\" and \"password\".")
    })?;
    let done = state.db.use_code(&used, &address).await;
    let wrong = || ApiError::unauthorized("The e-mail address or the code is wrong, or the code has ended.");
    let (secret, user) = done.map_err(|why| refused(why, wrong()))?;
    start_session(&headers, &secret, user, &state).await
}

/// Change one's own password. All other sessions end.
#[utoipa::path(post, path = "/session/password", tag = "Session", security(("session" = [])), request_body = PasswordChange, responses(
    (status = 200, body = SessionAnswer), (status = 400, body = ErrorAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn change_password(
    State(state): State<AppState>,
    Address(address): Address,
    headers: HeaderMap,
    body: Result<Json<PasswordChange>, JsonRejection>,
) -> Result<(SetCookie, Json<SessionAnswer>), ApiError> {
    let user = user(&headers, &state).await?;
    let Json(change) =
        body.map_err(|_| ApiError::bad_request("The body must be JSON with the texts \"current\" and \"password\"."))?;
    let done = state.db.change_password(&user, &change, &address).await;
    // Not 401: the session is good.
    let wrong = || ApiError::parameter("current", "this is not the password");
    let secret = done.map_err(|why| refused(why, wrong()))?;
    start_session(&headers, &secret, user, &state).await
}

/// End all sessions of one's own, this one among them.
#[utoipa::path(delete, path = "/session/all", tag = "Session", security(("session" = [])), responses(
    (status = 204, description = "Signed out everywhere."), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn sign_out_everywhere(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let user = user(&headers, &state).await?;
    state.db.end_sessions_of(&user, &user.email).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie("", 0, &state))]))
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "Session", responses(
    (status = 200, body = SessionAnswer), (status = 401, body = ErrorAnswer),
    (status = 429, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn show(State(state): State<AppState>, headers: HeaderMap) -> Result<Json<SessionAnswer>, ApiError> {
    let user = user(&headers, &state).await?;
    state.limits.check(&user.id)?;
    let access = state.db.access_of_user(&user.id).await?;
    Ok(Json(answer(user, access, &state).await?))
}

/// Sign out.
#[utoipa::path(delete, path = "/session", tag = "Session", responses(
    (status = 204, description = "Signed out; the session has ended on the server."),
    (status = 403, body = ErrorAnswer), (status = 500, body = ErrorAnswer),
))]
pub(super) async fn sign_out(State(state): State<AppState>, headers: HeaderMap) -> Result<impl IntoResponse, ApiError> {
    if let Some(token) = token(&headers) {
        state.db.end_session(token).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie("", 0, &state))]))
}

fn cookie(token: &str, max_age_secs: i64, state: &AppState) -> String {
    let secure = if state.config.is_https() { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_secs}{secure}")
}

async fn answer(user: User, access: Access, state: &AppState) -> Result<SessionAnswer, ApiError> {
    let connections = state.db.connections().await?;
    let connection = |id: &str| connections.iter().find(|of| of.organisation_id == id);
    let organisation = |organisation: crate::db::Organisation| SessionOrganisation {
        role: access.roles.get(&organisation.id).copied(),
        has_reports_only: connection(&organisation.id).is_some_and(|of| !of.vendor.gives_calls()),
        sync: connection(&organisation.id).filter(|of| of.vendor.gives_calls()).map(sync),
        id: organisation.id,
        name: organisation.name,
        time_zone: organisation.time_zone,
        reseller_id: organisation.reseller_id,
    };
    let reseller = |reseller: crate::db::Reseller| SessionReseller { id: reseller.id, name: reseller.name };
    let data = Session {
        user: SessionUser { email: user.email, name: user.name },
        organisations: access.organisations.iter().cloned().map(organisation).collect(),
        resellers: access.resellers.into_iter().map(reseller).collect(),
    };
    Ok(SessionAnswer { status: true, data })
}

/// How far the calls of a connected account have been brought.
fn sync(of: &Connection) -> OrganisationSync {
    /// A run that stored nothing for so long is none any more.
    const LONGEST_PAUSE_MS: i64 = 5 * 60 * 1000;
    /// What is read within this time is as good as read at once.
    const SHORT_MS: i64 = 15 * 60 * 1000;
    let is_long = of.synced_ms.is_none_or(|synced_ms| now_ms() - synced_ms > SHORT_MS);
    let missing_ms = of.mark_ms.filter(|_| of.is_walked && of.is_reading && is_long);
    let walked_ms = of.walked_ms.filter(|_| !of.is_walked);
    OrganisationSync {
        synced_at: of.synced_ms.and_then(crate::rfc3339),
        is_complete: of.is_walked,
        walked_to: walked_ms.and_then(crate::rfc3339),
        missing_since: missing_ms.and_then(crate::rfc3339),
        is_running: of.touched_ms.is_some_and(|touched_ms| now_ms() - touched_ms < LONGEST_PAUSE_MS),
        failure: of.failure.clone(),
        kept_aside: of.kept_aside,
    }
}
