//! Who is calling: a person by cookie, or a program by key.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use callscope_core::session::Role;

use super::error::ApiError;
use super::{AppState, session};
use crate::db::{Access, Actor, ActorId, User};

/// A caller who showed a valid session or key, within the limit of requests.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// What the caller may see and do.
    pub(super) access: Access,
    /// The person; none where it is a program with a key.
    pub(super) user: Option<User>,
    /// Who it is, as what was done is put on record.
    pub(super) who: String,
    /// The account or the key.
    id: ActorId,
}

impl Caller {
    /// Whether an organisation is one that the caller may see.
    pub(super) fn may_see(&self, organisation_id: &str) -> bool {
        self.access.organisations.iter().any(|organisation| organisation.id == organisation_id)
    }

    /// Who it is, as it can be asked again later.
    pub(super) fn actor(&self) -> Actor {
        Actor { name: self.who.clone(), id: Some(self.id.clone()) }
    }

    /// Refuses who may not do in an organisation what a role may.
    pub(super) fn must(&self, role: Role, organisation_id: &str) -> Result<(), ApiError> {
        if self.access.allows(organisation_id, role) {
            return Ok(());
        }
        let needed = role.name();
        Err(ApiError::forbidden(format!("For this you need the role {needed} in this organisation.")))
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        // Asked and counted before, on the way here.
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        if let Some(key) = bearer(&parts.headers) {
            let Some(key) = state.db.key(key).await? else {
                return Err(ApiError::unauthorized("This API key is not valid."));
            };
            state.limits.check(&key.id)?;
            let access = state.db.access_of_key(key.organisation_id.as_deref(), key.role).await?;
            return Ok(Self { access, user: None, who: key.shown(), id: ActorId::Key(key.id) });
        }
        let user = session::user(&parts.headers, state).await?;
        state.limits.check(&user.id)?;
        let access = state.db.access_of_user(&user.id).await?;
        Ok(Self { access, who: user.email.clone(), id: ActorId::User(user.id.clone()), user: Some(user) })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// Where a request comes from, for the throttle of sign-ins.
#[derive(Debug)]
pub(super) struct Address(pub(super) String);

impl FromRequestParts<AppState> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let forwarded = || {
            let entries = parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
            entries.rsplit(',').next().map(|entry| entry.trim().to_owned())
        };
        let forwarded = if state.config.behind_proxy { forwarded() } else { None };
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_string());
        Ok(Self(forwarded.or(peer).unwrap_or_else(|| "unknown".to_owned())))
    }
}
