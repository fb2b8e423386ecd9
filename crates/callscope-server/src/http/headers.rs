//! The policy that every answer carries.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::{AppState, Config};

/// What pages of ours may do: run their own files and `WebAssembly`, and talk to this server.
/// Pictures may come from memory, which is how charts are saved; recordings come from this server.
///
/// The page of a single report may also be held by pages of this server: it is made for frames.
fn policy(config: &Config, is_embed: bool) -> String {
    let own = is_embed.then_some("'self'");
    let ancestors: Vec<&str> =
        own.into_iter().chain(config.frame_ancestors.iter().map(super::Origin::as_str)).collect();
    let ancestors = if ancestors.is_empty() { "'none'".to_owned() } else { ancestors.join(" ") };
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; \
         connect-src 'self'; media-src 'self'; font-src 'self'; manifest-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors {ancestors}"
    )
}

/// Adds the policy and the other headers that keep a page to itself.
pub(super) async fn guarded(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_embed = request.uri().path() == super::assets::EMBED;
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy(&state.config, is_embed)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if state.config.frame_ancestors.is_empty() {
        let who = if is_embed { "SAMEORIGIN" } else { "DENY" };
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static(who));
    }
    if state.config.allowed_origins.is_empty() {
        let name = HeaderName::from_static("cross-origin-resource-policy");
        headers.insert(name, HeaderValue::from_static("same-origin"));
    }
    if state.config.is_https() {
        let value = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}

/// Answers of the API are of one person and one moment.
pub(super) async fn never_stored(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
