//! Who is calling: a person by cookie, or a program by key.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::error::ApiError;
use super::{AppState, session};
use crate::db::Access;

/// A caller who showed a valid session or key, within the limit of requests.
#[derive(Debug)]
pub(super) struct Caller {
    /// What the caller may see.
    pub(super) access: Access,
}

impl Caller {
    /// Whether an organisation is one that the caller may see.
    pub(super) fn may_see(&self, organisation_id: &str) -> bool {
        self.access.organisations.iter().any(|organisation| organisation.id == organisation_id)
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        if let Some(key) = bearer(&parts.headers) {
            let Some((id, organisation)) = state.db.key(key).await? else {
                return Err(ApiError::unauthorized("This API key is not valid."));
            };
            state.limits.check(&id)?;
            return Ok(Self { access: state.db.access_of_key(organisation.as_deref()).await? });
        }
        let user = session::user(&parts.headers, state).await?;
        state.limits.check(&user.id)?;
        Ok(Self { access: state.db.access_of_user(&user.id).await? })
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
