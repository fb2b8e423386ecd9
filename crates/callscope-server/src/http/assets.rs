//! The app's files: compressed at build time, hashed names kept for ever, the page itself never.

use std::path::PathBuf;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use tower_http::services::{ServeDir, ServeFile};

use super::error::ApiError;

/// Serves a folder; addresses without a file in it that look like a page get `index.html`.
pub(super) fn files(folder: Option<PathBuf>) -> Router {
    let Some(folder) = folder else {
        return Router::new().fallback(nothing_here);
    };
    let page = ServeFile::new(folder.join("index.html")).precompressed_br().precompressed_gzip();
    let files = ServeDir::new(folder).precompressed_br().precompressed_gzip().fallback(page);
    Router::new().fallback_service(files).layer(from_fn(cached)).layer(from_fn(only_pages))
}

async fn nothing_here() -> ApiError {
    ApiError::not_found("There is nothing at this address.")
}

/// Addresses of the API and of files that are not there must not turn into the page.
async fn only_pages(request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return nothing_here().await.into_response();
    }
    let path = request.uri().path().to_owned();
    let is_api = ["/v1/", "/atoms/", "/session/"].iter().any(|prefix| path.starts_with(prefix));
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_file = last.contains('.');
    let response = if is_api { nothing_here().await.into_response() } else { next.run(request).await };
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let wanted_page = !is_file || last.to_ascii_lowercase().ends_with(".html");
    if response.status() == StatusCode::OK && is_page && !wanted_page {
        return nothing_here().await.into_response();
    }
    response
}

/// A name with a digest in it never changes its content; every other is asked for anew each time.
async fn cached(request: Request, next: Next) -> Response {
    let hashed = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let value = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    }
    response
}

/// Whether a file's name carries the digest that the bundler puts there: `-` and 13 or more hex digits.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '_', '.']).any(|part| part.len() >= 13 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn hashed_names_are_told_from_others() {
        assert!(is_hashed("/callscope-app-6b1e0a3c2f4d5e6f.js"));
        assert!(is_hashed("/callscope-app-6b1e0a3c2f4d5e6f_bg.wasm"));
        assert!(!is_hashed("/boot.js"));
        assert!(!is_hashed("/index.html"));
        assert!(!is_hashed("/sample/calls.json"));
    }
}
