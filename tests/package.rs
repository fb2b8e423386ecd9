//! The widget's npm package: what is in it, and that a fresh project of today takes it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// The package's folder. What is built lies in it, where everything is built.
fn package() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("www/widget")
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

fn npm() -> Command {
    let mut npm = Command::new("npm");
    npm.args(["--offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]);
    npm
}

#[test]
fn the_package_holds_what_it_should_and_nothing_else() {
    let said = run(npm().args(["pack", "--dry-run", "--json"]).current_dir(package()));
    let packed: Value = serde_json::from_str(&said).unwrap();
    let files = packed[0]["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap());
    // Digests of what is built stand in its names.
    let is_mark = |part: &str| part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let unmarked = |path: &str| {
        path.split_inclusive(['-', '_', '.'])
            .map(|part| {
                let bare = part.trim_end_matches(['-', '_', '.']);
                if is_mark(bare) { part.replace(bare, "*") } else { part.to_owned() }
            })
            .collect::<String>()
    };
    let mut files: Vec<String> = files.map(unmarked).collect();
    files.sort();
    files.dedup_by(|a, b| a.starts_with("dist/callscope-chunk") && b.starts_with("dist/callscope-chunk"));
    let expected = [
        "LICENSE",
        "README.md",
        "callscope.d.ts",
        "dist/callscope-*_bg.wasm",
        "dist/callscope-calls-*.wasm",
        "dist/callscope-chunk_3-*.wasm",
        "dist/callscope-compare-*.wasm",
        "dist/callscope.js",
        "package.json",
        "react.d.ts",
    ];
    assert_eq!(files, expected);
    let version = packed[0]["version"].as_str().unwrap();
    assert_eq!(version, env!("CARGO_PKG_VERSION"), "the package and the workspace are of one version");
}

/// Everything that the types say, used as it should be.
const PAGE: &str = r#"
import { mount, version, type ReportError, type ReportHandle } from "callscope";

const report = document.createElement("callscope-report");
Object.assign(report, { view: "usage", timeZone: "Asia/Kolkata" });
report.compact = true;
report.theme = "dark";
report.data = { data: {} };
report.getToken = async () => "token";
report.addEventListener("callscope-select", (event) => console.log(event.detail.kind, event.detail.value));
report.addEventListener("click", (event) => console.log(event.clientX));
document.addEventListener("callscope-unauthorized", () => report.refresh());
document.addEventListener("callscope-error", (event) => {
  const code: string = event.detail.code;
  console.log(code, event.detail.retryAfterSeconds ?? 0);
});
document.body.append(report);

const handle: ReportHandle = await mount(document.body, { view: "compare", versionA: "1", versionB: "2", hour: 7 });
handle.update({ view: "daily", theme: "inherit", range: "7d" });
try {
  const picture: Blob = await handle.exportPng({ scale: 3, theme: "light" });
  console.log(picture.size, version);
} catch (error) {
  console.log((error as ReportError).code);
}
// @ts-expect-error there is no such view
handle.update({ view: "usge" });
// @ts-expect-error there is no such theme of a picture
await handle.exportPng({ theme: "auto" });
handle.destroy();
"#;

/// The same in the JSX of React.
const REACT_PAGE: &str = r#"
import type {} from "callscope/react";

export const page = (
  <callscope-report view="daily" timeZone="UTC" compact oncallscope-select={(event) => event.detail.value.length} />
);
// @ts-expect-error there is no such view
export const wrong = <callscope-report view="usge" />;
"#;

const SETTINGS: &str = r#"{
  "compilerOptions": {
    "strict": true, "noEmit": true, "target": "ES2022", "module": "ESNext", "moduleResolution": "Bundler",
    "lib": ["ES2022", "DOM", "DOM.Iterable"], "jsx": "react-jsx", "jsxImportSource": "react", "types": [],
    "noUncheckedIndexedAccess": true, "exactOptionalPropertyTypes": false, "skipLibCheck": false
  },
  "include": ["*.ts", "*.tsx"]
}"#;

#[test]
fn a_fresh_vite_project_takes_the_package() {
    let modules = PathBuf::from(std::env::var("CALLSCOPE_VITE").expect("CALLSCOPE_VITE says where Vite is"));
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    run(npm().args(["pack", "--pack-destination"]).arg(folder.path()).current_dir(package()));
    let files = [
        ("package.json", r#"{ "name": "fresh", "private": true, "type": "module" }"#),
        ("index.html", r#"<!doctype html><script type="module" src="/page.ts"></script>"#),
        ("page.ts", PAGE),
        ("react.tsx", REACT_PAGE),
        ("tsconfig.json", SETTINGS),
    ];
    for (name, text) in files {
        std::fs::write(at(name), text).unwrap();
    }
    let tarball = format!("./callscope-{}.tgz", env!("CARGO_PKG_VERSION"));
    run(npm().args(["install", &tarball]).current_dir(folder.path()));
    // The types of React, as a project of it has them.
    std::fs::create_dir_all(at("node_modules/@types")).unwrap();
    std::os::unix::fs::symlink(modules.join("@types/react"), at("node_modules/@types/react")).unwrap();
    std::os::unix::fs::symlink(modules.join("csstype"), at("node_modules/csstype")).unwrap();
    run(Command::new("node").arg(modules.join("typescript/bin/tsc")).args(["-p", "."]).current_dir(folder.path()));
    run(Command::new("node")
        .arg(modules.join("vite/bin/vite.js"))
        .args(["build", "--target", "es2022"])
        .current_dir(folder.path()));
    let built: Vec<String> = std::fs::read_dir(at("dist/assets"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    // The module and each of its parts come along, under names of Vite's.
    let modules = built.iter().filter(|name| Path::new(name).extension().is_some_and(|kind| kind == "wasm")).count();
    let packed = std::fs::read_dir(package().join("dist")).unwrap();
    let expected = packed.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|kind| kind == "wasm"));
    assert_eq!(modules, expected.count(), "{built:?}");
}
