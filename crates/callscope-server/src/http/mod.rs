//! The API and the app's files over HTTP.

mod agents;
mod assets;
mod caller;
mod calls;
mod config;
mod drafts;
mod error;
mod headers;
mod health;
mod limit;
mod log;
mod metrics;
mod openapi;
mod origin;
mod postcall;
mod query;
mod recordings;
mod scope;
mod session;
mod versions;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, patch, post};
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::db::Database;

pub use config::{Config, ConfigError, Origin};
pub use openapi::document as openapi_document;
pub use session::COOKIE;

/// What every request can reach.
#[derive(Clone)]
pub struct AppState {
    db: Database,
    config: Arc<Config>,
    limits: Arc<limit::Limits>,
}

/// Everything the server answers, ready to be served or called in a test.
pub fn router(db: Database, config: Config) -> Router {
    let assets = config.assets.clone();
    let limits = Arc::new(limit::Limits::new(config.requests_per_minute));
    let state = AppState { db, config: Arc::new(config), limits };
    let api = Router::new()
        .route("/session", post(session::sign_in).get(session::show).delete(session::sign_out))
        .route("/v1/metrics", get(metrics::metrics))
        .nest("/atoms/v1", atoms())
        .route("/openapi.json", get(openapi::serve))
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(DefaultBodyLimit::max(64 * 1024))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(30)))
        .layer(from_fn_with_state(state.clone(), origin::only_from_here))
        .layer(from_fn(headers::never_stored));
    let app = Router::new()
        .merge(api)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .fallback_service(assets::files(assets));
    app.layer(origin::shared_with(&state.config))
        .layer(from_fn_with_state(state.clone(), headers::guarded))
        .layer(from_fn(log::logged))
        .with_state(state)
}

/// What the vendor of the agents calls its own API.
fn atoms() -> Router<AppState> {
    Router::new()
        .route("/conversation", get(calls::list))
        .route("/conversation/search", post(calls::search))
        .route("/conversation/{call_id}", get(calls::show))
        .route("/conversation/{call_id}/recording", get(recordings::play))
        .route("/agent", get(agents::list))
        .route("/agent/{id}", get(agents::show))
        .route("/agent/{id}/post-call-analytics", get(postcall::show).post(postcall::set))
        .route("/disposition-metric-templates", get(postcall::templates))
        .route("/agent/{id}/versions/{version_id}/activate", patch(postcall::activate))
        .route("/agent/{id}/drafts", get(drafts::list).post(drafts::create))
        .route("/agent/{id}/drafts/{draft_id}", get(drafts::show).patch(drafts::rename).delete(drafts::discard))
        .route("/agent/{id}/drafts/{draft_id}/config", patch(drafts::change))
        .route("/agent/{id}/drafts/{draft_id}/diff", get(drafts::compare))
        .route("/agent/{id}/drafts/{draft_id}/publish", post(drafts::publish))
        .route("/agent/{id}/versions", get(versions::list))
        .route("/agent/{id}/versions/diff", get(versions::diff))
        .route("/agent/{id}/versions/compare-metrics", get(versions::compare))
        .route("/agent/{id}/versions/{version_id}", get(versions::show))
        .method_not_allowed_fallback(error::method_not_allowed)
}
