//! A line for each request: method, path, status, time. No query, no cookie, no body: ids, tokens
//! and numbers of people stay out.

use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

pub(super) async fn logged(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let started = Instant::now();
    let response = next.run(request).await;
    let millis = started.elapsed().as_millis() as u64;
    let status = response.status().as_u16();
    if status >= 500 {
        tracing::warn!(%method, path, status, millis, "request");
    } else {
        tracing::info!(%method, path, status, millis, "request");
    }
    response
}
