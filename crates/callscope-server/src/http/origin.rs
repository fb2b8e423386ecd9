//! Which pages may call: same origin, and a configured list.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::cors::CorsLayer;

use super::error::ApiError;
use super::{AppState, Config, session};

/// Refuses requests that change something and come from a page of another origin, so that no other
/// page can act in the name of whoever is signed in.
pub(super) async fn only_from_here(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && !is_from_here(request.headers(), &state.config) {
        return Err(ApiError::forbidden("This request comes from a page that may not make it."));
    }
    Ok(next.run(request).await)
}

fn is_from_here(headers: &HeaderMap, config: &Config) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(origin) = headers.get(header::ORIGIN) {
        let origin = origin.to_str().unwrap_or_default();
        let listed = config.public_origin.iter().chain(&config.allowed_origins).any(|of| of.as_str() == origin);
        let own = text(header::HOST).is_some_and(|host| {
            config.public_origin.is_none() && origin.split_once("://").is_some_and(|(_, authority)| authority == host)
        });
        return listed || own;
    }
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => matches!(site, "same-origin" | "none"),
        // No browser: it holds no cookie that somebody else could ride on.
        None => !session::is_carried(headers),
    }
}

/// Cross-origin answers with credentials, for the configured pages alone.
pub(super) fn shared_with(config: &Config) -> CorsLayer {
    let origins: Vec<HeaderValue> =
        config.allowed_origins.iter().filter_map(|origin| HeaderValue::from_str(origin.as_str()).ok()).collect();
    if origins.is_empty() {
        return CorsLayer::new();
    }
    CorsLayer::new()
        .allow_origin(origins)
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION, header::IF_NONE_MATCH])
        .expose_headers([header::RETRY_AFTER, header::ETAG])
}
