//! The app on a server that knows files and nothing else.

use std::path::{Component, Path};

use tokio::net::{TcpListener, TcpStream};

use super::environment;
use super::wire::{Message, answer, send};

/// The built app without any API.
pub(in crate::browser) struct StaticFiles {
    port: u16,
}

impl StaticFiles {
    pub(in crate::browser) async fn serve() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(give(stream));
            }
        });
        Self { port }
    }

    pub(in crate::browser) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

async fn give(mut stream: TcpStream) {
    let Some(request) = Message::read(&mut stream).await else { return };
    let path = request.target().split('?').next().unwrap_or_default().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let is_inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let bytes = std::fs::read(environment::dist().join(path)).ok().filter(|_| is_inside);
    let written = match bytes {
        // As a CDN does: whoever asks may have them.
        Some(bytes) => {
            answer("200 OK", &format!("Content-Type: {}\r\nAccess-Control-Allow-Origin: *\r\n", kind(path)), &bytes)
        }
        None => answer("404 Not Found", "Content-Type: text/html\r\n", b"<h1>Not found</h1>"),
    };
    send(&mut stream, &written).await;
}

fn kind(path: &str) -> &'static str {
    match Path::new(path).extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
