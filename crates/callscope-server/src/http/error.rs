//! Errors as they go out: a status and `{"status": false, "errors": [...]}`.

use std::time::Duration;

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use callscope_core::session::ErrorAnswer;
use serde_json::{Value, json};

/// An answer other than the one asked for. Its sentence goes to the caller: nothing of the inside
/// may stand in it.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    sentence: String,
    retry_after_secs: Option<u64>,
    /// What the caller needs to go on, beside the sentence.
    data: Option<Box<Value>>,
}

impl ApiError {
    fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        Self { status, sentence: sentence.into(), retry_after_secs: None, data: None }
    }

    /// 400: a parameter is wrong; it is named first.
    pub(super) fn parameter(name: &str, what: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, format!("{name}: {what}"))
    }

    /// 400: the request as a whole is wrong.
    pub(super) fn bad_request(what: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, what)
    }

    /// 401: nobody is signed in.
    pub(super) fn unauthorized(what: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, what)
    }

    /// 403: the caller may not.
    pub(super) fn forbidden(what: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, what)
    }

    /// 404: there is no such thing.
    pub(super) fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, what)
    }

    /// 409: it does not fit to how things stand, which `data` says where it is not null.
    pub(super) fn conflict(what: impl Into<String>, data: Value) -> Self {
        Self { data: (!data.is_null()).then(|| Box::new(data)), ..Self::new(StatusCode::CONFLICT, what) }
    }

    /// 429: too often.
    pub(super) fn too_many(wait_secs: u64, what: impl Into<String>) -> Self {
        Self { retry_after_secs: Some(wait_secs.max(1)), ..Self::new(StatusCode::TOO_MANY_REQUESTS, what) }
    }

    /// 502: the vendor behind the organisation gave no answer, or none that can be used.
    pub(super) fn vendor(what: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, format!("The account at the vendor: {what}."))
    }

    /// 500: the server failed; why is logged here and not said.
    pub(super) fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "The server failed; the error is in its log.")
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        Self::internal(&error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let errors = vec![self.sentence];
        let mut response = match self.data {
            Some(data) => (self.status, Json(json!({"status": false, "errors": errors, "data": data}))).into_response(),
            None => (self.status, Json(ErrorAnswer { status: false, errors })).into_response(),
        };
        if let Some(secs) = self.retry_after_secs {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// 405 in the documents' shape.
pub(super) async fn method_not_allowed() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "This address does not know that method.")
}

/// Gives an answer that takes too long up, in the documents' shape. What it was to change may be changed all the same.
pub(super) async fn in_time(request: Request, next: Next) -> Response {
    const LONGEST: Duration = Duration::from_secs(30);
    let late = |_| {
        let what = "The answer takes too long; whether something was changed is not known.";
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, what).into_response()
    };
    tokio::time::timeout(LONGEST, next.run(request)).await.unwrap_or_else(late)
}
