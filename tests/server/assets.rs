//! The app's files: what is served, how it is kept, and what never is.

use std::path::Path;

use callscope_server::http::Config;
use tempfile::TempDir;

use super::app::{Ask, TestApp};

const PAGE: &str = "<!doctype html><title>The page</title>";
const NOTHING: &str = "There is nothing at this address.";
const KEPT: &str = "public, max-age=31536000, immutable";
const ASKED_ANEW: &str = "no-cache";

/// A built app in a folder, and beside the folder a file that is nobody's business.
fn built() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let dist = root.path().join("dist");
    std::fs::create_dir_all(dist.join("sample")).unwrap();
    std::fs::write(root.path().join("secret.txt"), "SECRET").unwrap();
    let files = [
        ("index.html", PAGE),
        ("boot.js", "boot()"),
        ("callscope-app-6b1e0a3c2f4d5e6f.js", "app()"),
        ("callscope-app-6b1e0a3c2f4d5e6f_bg.wasm", "\0asm"),
        ("app-0123456789abcdef.css", "a{}"),
        ("sample/usage.json", "{}"),
    ];
    for (name, content) in files {
        std::fs::write(dist.join(name), content).unwrap();
    }
    // Compressed at build time; the letters stand for the bytes.
    for name in ["index.html", "callscope-app-6b1e0a3c2f4d5e6f_bg.wasm"] {
        std::fs::write(dist.join(format!("{name}.br")), format!("br of {name}")).unwrap();
        std::fs::write(dist.join(format!("{name}.gz")), format!("gz of {name}")).unwrap();
    }
    root
}

async fn app(root: &Path) -> TestApp {
    TestApp::empty(Config { assets: Some(root.join("dist")), ..Config::default() }).await
}

#[tokio::test]
async fn files_are_served_with_their_kind() {
    let root = built();
    let app = app(root.path()).await;
    for (path, content, kind, kept) in [
        ("/", PAGE, "text/html", ASKED_ANEW),
        ("/index.html", PAGE, "text/html", ASKED_ANEW),
        ("/boot.js", "boot()", "text/javascript", ASKED_ANEW),
        ("/boot.js?v=2", "boot()", "text/javascript", ASKED_ANEW),
        ("/sample/usage.json", "{}", "application/json", ASKED_ANEW),
        ("/callscope-app-6b1e0a3c2f4d5e6f.js", "app()", "text/javascript", KEPT),
        ("/callscope-app-6b1e0a3c2f4d5e6f_bg.wasm", "\0asm", "application/wasm", KEPT),
        ("/app-0123456789abcdef.css", "a{}", "text/css", KEPT),
    ] {
        let answer = app.send(Ask::get(path)).await;
        assert_eq!((answer.status, answer.text().as_str()), (200, content), "{path}");
        assert_eq!(answer.header("content-type"), Some(kind), "{path}");
        assert_eq!(answer.header("cache-control"), Some(kept), "{path}");
        let head = app.send(Ask::new("HEAD", path)).await;
        assert_eq!((head.status, head.text().as_str()), (200, ""), "{path}");
        let modified = answer.header("last-modified").expect("Last-Modified").to_owned();
        let again = app.send(Ask::get(path).header("if-modified-since", &modified)).await;
        assert_eq!((again.status, again.header("cache-control")), (304, Some(kept)), "{path}");
    }
}

#[tokio::test]
async fn a_compressed_twin_is_served_to_who_can_read_it() {
    let root = built();
    let app = app(root.path()).await;
    let wasm = "callscope-app-6b1e0a3c2f4d5e6f_bg.wasm";
    for (path, name, kind) in [
        ("/", "index.html", "text/html"),
        ("/index.html", "index.html", "text/html"),
        ("/usage", "index.html", "text/html"),
        ("/callscope-app-6b1e0a3c2f4d5e6f_bg.wasm", wasm, "application/wasm"),
    ] {
        for (accepted, encoding) in [
            ("br", Some("br")),
            ("gzip", Some("gzip")),
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip;q=1, br;q=0.5", Some("gzip")),
            ("br;q=0, gzip;q=0", None),
            ("identity", None),
            ("zstd", None),
        ] {
            let answer = app.send(Ask::get(path).header("accept-encoding", accepted)).await;
            assert_eq!(answer.status, 200, "{path} {accepted}");
            assert_eq!(answer.header("content-encoding"), encoding, "{path} {accepted}");
            assert_eq!(answer.header("content-type"), Some(kind), "{path} {accepted}");
            let compressed = |encoding: &str| format!("{} of {name}", if encoding == "br" { "br" } else { "gz" });
            let plain = if name == "index.html" { PAGE } else { "\0asm" };
            assert_eq!(answer.text(), encoding.map_or_else(|| plain.to_owned(), compressed), "{path} {accepted}");
        }
    }
    let answer = app.send(Ask::get("/boot.js").header("accept-encoding", "br, gzip")).await;
    assert_eq!((answer.text().as_str(), answer.header("content-encoding")), ("boot()", None));
}

#[tokio::test]
async fn a_cache_between_is_told_that_compression_differs() {
    let root = built();
    let app = app(root.path()).await;
    for path in ["/", "/usage", "/callscope-app-6b1e0a3c2f4d5e6f_bg.wasm", "/callscope-app-6b1e0a3c2f4d5e6f.js"] {
        for accepted in ["br", "gzip", "identity"] {
            let answer = app.send(Ask::get(path).header("accept-encoding", accepted)).await;
            let vary = answer.headers.get_all("vary").iter().any(|value| {
                value.to_str().unwrap().to_ascii_lowercase().split(',').any(|name| name.trim() == "accept-encoding")
            });
            assert!(vary, "{path} {accepted}: {:?}", answer.header("vary"));
        }
    }
}

#[tokio::test]
async fn an_address_of_a_page_gets_the_page() {
    let root = built();
    let app = app(root.path()).await;
    let mut wrong = Vec::new();
    for path in [
        "/usage",
        "/usage?range=7d",
        "/compare/",
        "/calls/0b1c2d3e-0000-4000-8000-00000000000a",
        "/%D7%A7",
        "/session-notes",
        "/v1x",
        // An id that looks like the digest in a file's name: still the page, never kept.
        "/calls/507f1f77bcf86cd799439011",
        "/agents/CALL-6b1e0a3c2f4d5e6f",
    ] {
        let answer = app.send(Ask::get(path)).await;
        let is_page = (answer.status, answer.text().as_str()) == (200, PAGE);
        let kept = answer.header("cache-control");
        if !is_page || answer.header("content-type") != Some("text/html") || kept != Some(ASKED_ANEW) {
            wrong.push(format!("{path}: {} {kept:?} {}", answer.status, answer.text()));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_there_never_turns_into_the_page() {
    let root = built();
    let app = app(root.path()).await;
    let mut wrong = Vec::new();
    for path in [
        "/v1",
        "/v1/",
        "/v1/calls",
        "/v1/metrics/",
        "/v1/index.html",
        "/atoms/v1/agents",
        "/session/x",
        "/missing.js",
        "/missing.html",
        "/sample/missing.json",
        "/favicon.ico",
        "/.env",
        "/callscope-app-0000000000000000_bg.wasm",
        "/boot.js/usage.js",
    ] {
        for ask in [
            Ask::get(path),
            Ask::get(path).header("range", "bytes=0-5"),
            Ask::get(path).header("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT"),
        ] {
            let answer = app.send(ask.clone()).await;
            if answer.status != 404 || answer.header("cache-control") == Some(KEPT) {
                wrong.push(format!("{} {:?} {path} {}", answer.status, ask.headers, answer.text()));
                continue;
            }
            answer.check_error(404, NOTHING);
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        for path in ["/usage", "/boot.js", "/v1/calls"] {
            app.send(Ask::new(method, path)).await.check_error(404, NOTHING);
        }
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_is_reached() {
    let root = built();
    let app = app(root.path()).await;
    let whole = root.path().join("secret.txt");
    for path in [
        "/../secret.txt",
        "/sample/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/%252e%252e/secret.txt",
        "/....//secret.txt",
        "//secret.txt",
        "/sample/%2e%2e/%2e%2e/secret.txt",
        "/.%00./secret.txt",
        "/secret.txt%00.js",
        &format!("/{}", whole.display()),
        &whole.display().to_string().replace('/', "%2f"),
        "/%2e%2e",
        "/..",
    ] {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let answer = app.send(Ask::get(&path)).await;
        assert!(!answer.text().contains("SECRET"), "{path}");
        if path.contains("secret") {
            answer.check_error(404, NOTHING);
        }
    }
    // A folder is no list of its files.
    for path in ["/sample", "/sample/"] {
        let answer = app.send(Ask::get(path)).await;
        assert!(!answer.text().contains("usage.json"), "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_server_without_files_serves_the_api_alone() {
    let app = TestApp::empty(Config::default()).await;
    for path in ["/", "/index.html", "/usage"] {
        app.send(Ask::get(path)).await.check_error(404, NOTHING);
    }
    assert_eq!(app.send(Ask::get("/healthz")).await.text(), "ok\n");
}
