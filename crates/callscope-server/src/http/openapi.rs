//! The description of the API, made from the code.

use axum::Json;
use axum::http::Method;
use utoipa::OpenApi;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, Object, Ref, Required, Response, ResponseBuilder};

use super::branches;
use super::session::COOKIE;

#[derive(OpenApi)]
#[openapi(
    info(title = "Callscope", description = "Reports on voice agents. Errors name the parameter at fault."),
    paths(
        super::session::sign_in,
        super::session::show,
        super::session::sign_out,
        super::session::use_code,
        super::session::change_password,
        super::session::sign_out_everywhere,
        super::members::list,
        super::members::invite,
        super::members::withdraw,
        super::members::change,
        super::members::remove,
        super::members::end_sessions,
        super::members::allow_new_password,
        super::members::audit,
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
    modifiers(&Schemes, &DescribeBranches, &DescribeVendorFailure)
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

/// What is passed on to an account with branches, whose answers are the vendor's own.
struct DescribeBranches;

impl utoipa::Modify for DescribeBranches {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        for (method, path, summary) in branches::ROUTES {
            let path = format!("/atoms/v1/agent/{{id}}{path}");
            let answer = ResponseBuilder::new().description("The vendor's own words.").build();
            let mut operation = OperationBuilder::new()
                .tag("Branches")
                .summary(Some(summary))
                .security(SecurityRequirement::new("session", [""; 0]))
                .security(SecurityRequirement::new("key", [""; 0]))
                .response("200", answer.clone())
                .response("202", answer);
            for name in path.split(['{', '}']).skip(1).step_by(2) {
                let place = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True);
                operation = operation.parameter(place);
            }
            for status in ["400", "401", "403", "404", "409", "429", "500", "502"] {
                operation = operation.response(status, refused("The vendor's refusal, or this server's own."));
            }
            if method == Method::PUT || path.ends_with("/publish") {
                let body = ContentBuilder::new().schema(Some(Object::new())).build();
                operation =
                    operation.request_body(Some(RequestBodyBuilder::new().content("application/json", body).build()));
            }
            let method = match method {
                Method::POST => HttpMethod::Post,
                Method::PUT => HttpMethod::Put,
                Method::DELETE => HttpMethod::Delete,
                _ => HttpMethod::Get,
            };
            openapi.paths.add_path_operation(path, vec![method], operation.build());
        }
    }
}

/// That the vendor behind an agent may fail.
struct DescribeVendorFailure;

impl utoipa::Modify for DescribeVendorFailure {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut openapi.paths.paths {
            let is_answered_here = path.ends_with("/versions/diff") || path.ends_with("/versions/compare-metrics");
            let is_of_agent = path.starts_with("/atoms/v1/agent/{id}") && !is_answered_here;
            if path != "/v1/metrics" && !is_of_agent {
                continue;
            }
            let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
            for operation in operations.into_iter().flatten() {
                let response = refused("The account at the vendor gives no answer, or none that can be used.");
                operation.responses.responses.insert("502".to_owned(), response.into());
            }
        }
    }
}

/// An answer in the shape of all errors.
fn refused(description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ErrorAnswer"))).build();
    ResponseBuilder::new().description(description).content("application/json", content).build()
}

/// The whole document.
pub fn document() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

pub(super) async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}
