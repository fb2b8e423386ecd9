//! The API and the app's files over HTTP.

mod acting;
mod agents;
mod assets;
mod branches;
mod caller;
mod calls;
mod config;
mod drafts;
mod error;
mod headers;
mod health;
mod limit;
mod log;
mod members;
mod metrics;
mod openapi;
mod origin;
mod postcall;
mod query;
mod recordings;
mod relay;
mod reports;
mod scope;
mod session;
mod unchanged;
mod versions;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{delete, get, patch, post};
use tower_http::compression::CompressionLayer;

use crate::db::Database;

pub use config::{Config, ConfigError, Origin};
pub use openapi::document as openapi_document;
pub use session::COOKIE;

/// The longest body of a request.
const MOST_BYTES: usize = 64 * 1024;

/// What every request can reach.
#[derive(Clone)]
pub struct AppState {
    db: Database,
    config: Arc<Config>,
    limits: Arc<limit::Limits>,
    reports: reports::Reports,
}

/// Everything the server answers, ready to be served or called in a test.
pub fn router(db: Database, config: Config) -> Router {
    let assets = config.assets.clone();
    let limits = Arc::new(limit::Limits::new(config.requests_per_minute));
    let state = AppState { db, config: Arc::new(config), limits, reports: reports::Reports::default() };
    let api = Router::new()
        .route("/session", post(session::sign_in).get(session::show).delete(session::sign_out))
        .route("/session/all", delete(session::sign_out_everywhere))
        .route("/session/code", post(session::use_code))
        .route("/session/password", post(session::change_password))
        .route("/members", get(members::list).post(members::invite))
        .route("/members/{user_id}", patch(members::change).delete(members::remove))
        .route("/members/{user_id}/sessions", delete(members::end_sessions))
        .route("/members/{user_id}/password", post(members::allow_new_password))
        .route("/members/invitations/{id}", delete(members::withdraw))
        .route("/audit", get(members::audit))
        .route("/v1/metrics", get(metrics::metrics))
        .nest("/atoms/v1", atoms(&state))
        .route("/openapi.json", get(openapi::serve))
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(from_fn(unchanged::tagged))
        .layer(CompressionLayer::new())
        .layer(from_fn(error::in_time))
        .layer(from_fn_with_state(state.clone(), origin::only_from_here))
        .layer(from_fn(headers::never_stored));
    let app = Router::new()
        .merge(api)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .fallback_service(assets::files(assets, &state.config.frame_ancestors));
    app.layer(origin::shared_with(&state.config))
        .layer(from_fn_with_state(state.clone(), headers::guarded))
        .layer(from_fn(log::logged))
        .with_state(state)
}

/// What the vendor of the agents calls its own API.
fn atoms(state: &AppState) -> Router<AppState> {
    // Who may, what is put on record, and where it goes is decided before any of these.
    let agent = branches::routes()
        .route("/", get(agents::show))
        .route("/post-call-analytics", get(postcall::show).post(postcall::set))
        .route("/drafts", get(drafts::list).post(drafts::create))
        .route("/drafts/{draftId}", get(drafts::show).patch(drafts::rename).delete(drafts::discard))
        .route("/drafts/{draftId}/config", patch(drafts::change))
        .route("/drafts/{draftId}/diff", get(drafts::compare))
        .route("/drafts/{draftId}/publish", post(drafts::publish))
        .route("/versions", get(versions::list))
        .route("/versions/diff", get(versions::diff))
        .route("/versions/compare-metrics", get(versions::compare))
        .route("/versions/{versionId}", get(versions::show))
        .route("/versions/{versionId}/activate", patch(postcall::activate))
        .method_not_allowed_fallback(error::method_not_allowed)
        .route_layer(from_fn_with_state(state.clone(), acting::at_agent));
    Router::new()
        .route("/conversation", get(calls::list))
        .route("/conversation/search", post(calls::search))
        .route("/conversation/{call_id}", get(calls::show))
        .route("/conversation/{call_id}/recording", get(recordings::play))
        .route("/agent", get(agents::list))
        .route("/disposition-metric-templates", get(postcall::templates))
        .nest("/agent/{id}", agent)
        .method_not_allowed_fallback(error::method_not_allowed)
}
