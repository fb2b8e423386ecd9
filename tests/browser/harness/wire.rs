//! As much of HTTP/1.1 as the tests' own servers need: one request to a connection.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A request as it came in, or an answer.
pub(super) struct Message {
    /// The first line and the headers, with the empty line after them.
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Message {
    /// Reads a message; none where the connection ends before it is whole.
    pub(super) async fn read(stream: &mut TcpStream) -> Option<Self> {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            if stream.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        };
        let mut body = bytes.split_off(end);
        let head = String::from_utf8(bytes).ok()?;
        let length = header(&head, "content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
        while body.len() < length {
            if stream.read_buf(&mut body).await.ok()? == 0 {
                return None;
            }
        }
        Some(Self { head, body })
    }

    /// Path and query.
    pub(super) fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The request as it is passed on: the server closes the connection after its answer.
    pub(super) fn closing(&self) -> Vec<u8> {
        let lines = self.head.lines().filter(|line| !line.to_lowercase().starts_with("connection:"));
        let kept: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        let mut bytes = format!("{}\r\nConnection: close\r\n\r\n", kept.join("\r\n")).into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut pairs = head.lines().filter_map(|line| line.split_once(':'));
    pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// An answer of one's own.
pub(super) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// Sends an answer and ends the connection; says whether the other side took it.
pub(super) async fn send(stream: &mut TcpStream, bytes: &[u8]) -> bool {
    stream.write_all(bytes).await.is_ok() && stream.shutdown().await.is_ok()
}
