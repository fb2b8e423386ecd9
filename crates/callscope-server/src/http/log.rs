//! A line for each request: method, route, status, time. The route is the pattern that the address
//! fits, without query, cookie or body: ids, tokens and numbers of people stay out.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

pub(super) async fn logged(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("file", MatchedPath::as_str).to_owned();
    let started = Instant::now();
    let response = next.run(request).await;
    let millis = started.elapsed().as_millis() as u64;
    let status = response.status().as_u16();
    if status >= 500 {
        tracing::warn!(%method, route, status, millis, "request");
    } else {
        tracing::info!(%method, route, status, millis, "request");
    }
    response
}
