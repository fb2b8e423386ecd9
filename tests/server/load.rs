//! Many people at once, over real connections to a server of this process.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use callscope_core::session::Role;
use callscope_server::db::Database;
use callscope_server::demo;
use callscope_server::http::{Config, router};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const CLIENTS: usize = 64;
/// Requests of each of them.
const REQUESTS: usize = 12;
/// What all ask for where their times are compared.
const REPORT: [&str; 1] = ["/v1/metrics"];
/// What people look at.
const VARIOUS: [&str; 4] = [
    "/v1/metrics?timeZone=Asia/Kathmandu",
    "/atoms/v1/agent",
    "/atoms/v1/conversation?limit=50",
    "/atoms/v1/conversation?limit=50&page=40&sortBy=createdAt",
];

/// Sends a request over a connection and gives the status and the length of what came back.
async fn ask(stream: &mut TcpStream, address: &str, key: &str) -> (u16, usize) {
    let request = format!("GET {address} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let (mut got, mut part) = (Vec::new(), vec![0; 65_536]);
    loop {
        let read = stream.read(&mut part).await.unwrap();
        assert!(read > 0, "the server hung up on {address}");
        got.extend_from_slice(&part[..read]);
        if let Some(answer) = whole(&got) {
            return answer;
        }
    }
}

/// The status of an answer and the length of its body, once all of it is there.
fn whole(got: &[u8]) -> Option<(u16, usize)> {
    let end = got.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&got[..end]).unwrap().to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
    let length: usize = length.parse().unwrap();
    (got.len() == end + length).then(|| (head[9..12].parse().unwrap(), length))
}

/// How long each request of one client took.
async fn client(server: SocketAddr, key: String, addresses: &[&str]) -> Vec<Duration> {
    let mut stream = TcpStream::connect(server).await.unwrap();
    let mut times = Vec::new();
    for address in addresses.iter().cycle().take(REQUESTS) {
        let began = Instant::now();
        let (status, length) = ask(&mut stream, address, &key).await;
        times.push(began.elapsed());
        assert!(status == 200 && length > 500, "{address}: {status}, {length} bytes");
    }
    times
}

/// All clients at once: how long each of their requests took.
async fn many(server: SocketAddr, key: &str, addresses: &'static [&'static str]) -> Vec<Duration> {
    let clients = (0..CLIENTS).map(|_| tokio::spawn(client(server, key.to_owned(), addresses)));
    let mut times = Vec::new();
    for client in clients.collect::<Vec<_>>() {
        times.extend(client.await.unwrap());
    }
    times
}

fn at_share(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    times[((times.len() - 1) as f64 * share).round() as usize]
}

/// Two cores do two things at once: 64 who ask all the time wait for 32 others each, and nobody twice as long.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_people_are_answered_in_turn() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(&folder.path().join("calls.db")).await.unwrap();
    demo::fill(&db, 1, super::app::at("2026-06-01T12:00:00Z")).await.unwrap();
    let key = db.create_key("load", None, Role::Viewer).await.unwrap().expose().to_owned();
    let router = router(db.clone(), Config { requests_per_minute: u32::MAX, ..Config::default() });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap();
    let served =
        tokio::spawn(
            async move { axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await },
        );
    // The first one finds out once what is kept for all.
    client(server, key.clone(), &REPORT).await;
    let median = at_share(&mut client(server, key.clone(), &REPORT).await, 0.5);
    let began = Instant::now();
    let mut times = many(server, &key, &REPORT).await;
    let (p99, took) = (at_share(&mut times, 0.99), began.elapsed());
    println!("alone {median:.1?}, of {} requests 99 % within {p99:.1?}, all in {took:.1?}", times.len());
    assert_eq!(times.len(), CLIENTS * REQUESTS);
    assert!(p99 <= median * CLIENTS as u32, "99 % within {p99:?}, alone {median:?}");
    many(server, &key, &VARIOUS).await;
    served.abort();
}
