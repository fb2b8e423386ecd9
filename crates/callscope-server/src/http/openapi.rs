//! The description of the API, made from the code.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};

use super::session::COOKIE;

#[derive(OpenApi)]
#[openapi(
    info(title = "Callscope", description = "Reports on voice agents. Errors name the parameter at fault."),
    paths(
        super::session::sign_in,
        super::session::show,
        super::session::sign_out,
        super::metrics::metrics,
        super::calls::list,
        super::calls::show,
        super::calls::search,
        super::recordings::play,
        super::agents::list,
        super::agents::show,
        super::drafts::create,
        super::drafts::list,
        super::drafts::show,
        super::drafts::change,
        super::drafts::rename,
        super::drafts::discard,
        super::drafts::compare,
        super::drafts::publish,
        super::postcall::show,
        super::postcall::set,
        super::postcall::activate,
        super::postcall::templates,
        super::versions::list,
        super::versions::show,
        super::versions::diff,
        super::versions::compare,
    ),
    modifiers(&Schemes)
)]
struct Api;

/// The two ways to show who one is.
struct Schemes;

impl utoipa::Modify for Schemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE)));
        let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        components.add_security_scheme("session", cookie);
        components.add_security_scheme("key", bearer);
    }
}

/// The whole document.
pub fn document() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

pub(super) async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}
