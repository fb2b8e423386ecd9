//! The app's files: compressed at build time, hashed names kept for ever, the page itself never.

use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{any, get};
use tower::ServiceExt as _;
use tower_http::services::{ServeDir, ServeFile};

use super::Origin;
use super::error::ApiError;

/// The page of a single report, for those who can hold no more than a frame.
pub(super) const EMBED: &str = "/embed";
/// Where the page of a single report has the origins that may hold it.
const PARENTS: &str = r#"name="callscope-parents" content=""#;

/// Serves a folder. An address without a file's ending is one of the app's pages and gets
/// `index.html`; addresses of the API and of files that are not there get nothing. `parents` may hold the page of a
/// single report in a frame.
pub(super) fn files(folder: Option<PathBuf>, parents: &[Origin]) -> Router {
    let Some(folder) = folder else {
        return Router::new().fallback(async || nothing_here());
    };
    let parents = parents.iter().map(Origin::as_str).collect::<Vec<_>>().join(" ");
    let page = folder.clone();
    let embed = get(async move || embed(&page, &parents).await);
    Router::new().route(EMBED, embed).fallback_service(any(move |request: Request| {
        let folder = folder.clone();
        async move { file(&folder, request).await }
    }))
}

/// The page of a single report. Origins are letters, digits and a few signs: they need no escaping.
async fn embed(folder: &Path, parents: &str) -> Response {
    let Ok(page) = tokio::fs::read_to_string(folder.join("embed.html")).await else { return nothing_here() };
    let page = page.replacen(PARENTS, &format!("{PARENTS}{parents}"), 1);
    cached(Html(page).into_response(), false)
}

async fn file(folder: &Path, request: Request) -> Response {
    let path = request.uri().path();
    let is_api = ["/v1", "/atoms", "/session", "/healthz", "/readyz", "/openapi.json"]
        .iter()
        .any(|api| path.strip_prefix(api).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    if is_api || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return nothing_here();
    }
    // A folder of pages that are not the app's has a first page of its own.
    if matches!(path, "/demo" | "/demo/") {
        return Redirect::temporary("/demo/index.html").into_response();
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_page = !last.contains('.') || path == "/index.html";
    let is_kept = !is_page && is_hashed(last);
    let served = if is_page {
        let page = ServeFile::new(folder.join("index.html")).precompressed_br().precompressed_gzip();
        page.oneshot(request).await
    } else {
        let files = ServeDir::new(folder).append_index_html_on_directories(false);
        files.precompressed_br().precompressed_gzip().oneshot(request).await
    };
    let Ok(response) = served;
    if matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) {
        return nothing_here();
    }
    cached(response.map(Body::new), is_kept)
}

fn nothing_here() -> Response {
    let mut response = ApiError::not_found("There is nothing at this address.").into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A name with a digest in it never changes its content; every other file is asked for anew each time.
fn cached(mut response: Response, is_kept: bool) -> Response {
    let is_good = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let value = match (is_good, is_kept) {
        (true, true) => "public, max-age=31536000, immutable",
        (true, false) => "no-cache",
        (false, _) => "no-store",
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// Whether a file's name carries the digest that the bundler puts there: `-` and 13 or more hex digits.
fn is_hashed(name: &str) -> bool {
    name.split(['-', '_', '.']).any(|part| part.len() >= 13 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn hashed_names_are_told_from_others() {
        assert!(is_hashed("callscope-app-6b1e0a3c2f4d5e6f.js"));
        assert!(is_hashed("callscope-app-6b1e0a3c2f4d5e6f_bg.wasm"));
        assert!(!is_hashed("boot.js"));
        assert!(!is_hashed("index.html"));
        assert!(!is_hashed("sample/calls.json"));
    }
}
