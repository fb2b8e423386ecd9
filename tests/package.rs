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
                let is_number = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
                if is_mark(bare) || is_number { part.replace(bare, "*") } else { part.to_owned() }
            })
            .collect::<String>()
    };
    let mut files: Vec<String> = files.map(unmarked).collect();
    files.sort();
    files.dedup();
    let expected = [
        "LICENSE",
        "README.md",
        "callscope.d.ts",
        "dist/callscope-*_bg.wasm",
        "dist/callscope-calls-*.wasm",
        "dist/callscope-chunk_*-*.wasm",
        "dist/callscope-compare-*.wasm",
        "dist/callscope-functions-*_bg.wasm",
        "dist/callscope-functions-wide-*_bg.wasm",
        "dist/callscope-saving-*.wasm",
        "dist/callscope.js",
        "dist/functions-worker-*.js",
        "dist/functions.js",
        "functions.d.ts",
        "package.json",
        "react.d.ts",
        "types.d.ts",
    ];
    assert_eq!(files, expected);
    let version = packed[0]["version"].as_str().unwrap();
    assert_eq!(version, env!("CARGO_PKG_VERSION"), "the package and the workspace are of one version");
}

/// Everything that the types say, used as it should be.
const PAGE: &str = r#"
import { mount, version, type ReportError, type ReportHandle } from "callscope";

import { aggregateCalls, compare, lintMetrics, parseComparison, parseUsage, type UsageReport } from "callscope/functions";

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
const usage: UsageReport = parseUsage(new Uint8Array(), { from: "2024-05-01", to: "2024-05-31" }).report;
const calls: number | null = usage.totals.calls;
const changed: boolean = compare("{}").figures.some((figure) => figure.claim === "higher" && figure.label !== "");
const label: string | null = parseComparison({}).comparison.context?.a.label ?? null;
const { refused } = await aggregateCalls([new ArrayBuffer(8)], { timeZone: "Asia/Kolkata" });
console.log(calls, changed, label, refused, lintMetrics({}).map((lint) => lint.fix), usage.days[0]?.date.length);
// @ts-expect-error the parts of a report are checked
console.log(usage.totals.callz);
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

/// The functions as a data team calls them, outside of any browser: what they give, and what they throw.
const SCRIPT: &str = r#"
import { readFile } from "node:fs/promises";
import { aggregateCalls, compare, lintMetrics, parseComparison, parseUsage } from "callscope/functions";

const code = (act) => { try { act(); return null; } catch (error) { return error instanceof Error ? error.code : "no error"; } };
const usage = parseUsage(await readFile("usage.json"));
const side = (id, calls, answered) => ({ agentId: "g", versionId: id, totalCalls: calls, answeredCalls: answered,
  avgDurationMs: 60000, completionRate: answered / calls, totalCost: 1, hangupSourceDistribution: { user: calls } });
const comparison = { data: { metrics: { versionA: side("1", 1000, 700), versionB: side("2", 1000, 800) } } };
const call = (id, at, duration) => ({ callId: id, createdAt: at, status: "completed", duration });
const pages = [
  { data: { logs: [call("a", "2024-05-01T20:00:00Z", 60), call("b", "2024-05-02T10:00:00Z", 120)] } },
  JSON.stringify({ data: { logs: [call("b", "2024-05-02T10:00:00Z", 120), call("c", "2024-05-03T10:00:00Z", 0), {}] } }),
];
const sum = await aggregateCalls(pages, { timeZone: "Asia/Kolkata" });
const judged = compare(comparison, { isOver: true });
console.log(JSON.stringify({
  calls: usage.report.totals.calls,
  days: [usage.report.days.length, usage.report.days[0].date],
  unknown: usage.report.insights.sessions,
  hangups: parseComparison(comparison).comparison.a.hangups,
  claim: judged.figures[0].claim, label: judged.figures[0].label, basis: judged.basis, verdict: judged.verdict,
  sum: [sum.report.totals.calls, sum.report.totals.minutes, sum.calls, sum.refused],
  dates: sum.report.days.map((day) => [day.date, day.calls]),
  lints: lintMetrics({ dispositionMetrics: [{ identifier: "has space", dispositionMetricPrompt: "x", dispositionMetricType: "ENUM" }] }).map((lint) => lint.rule),
  codes: [code(() => parseUsage("{")), code(() => parseUsage("[]")), code(() => parseUsage("{}", { from: "2024-05-01" })),
    code(() => parseUsage({ data: {} })), code(() => lintMetrics("7"))],
  zone: await aggregateCalls(pages, { timeZone: "Mars/Olympus" }).catch((error) => error.code),
}));
"#;

/// Runs the functions in Node, in a project that has the package.
fn in_node(project: &Path) {
    let report = r#"{"status":true,"data":{"metrics":{"totalCalls":60},"dailyVolume":[
        {"date":"2024-05-01","total":20,"resolved":10},{"date":"2024-05-02","total":40,"resolved":20}]}}"#;
    std::fs::write(project.join("usage.json"), report).unwrap();
    std::fs::write(project.join("script.mjs"), SCRIPT).unwrap();
    let said = run(Command::new("node").arg("script.mjs").current_dir(project));
    let given: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(given["calls"], 60);
    assert_eq!(given["days"], serde_json::json!([2, "2024-05-01"]));
    assert_eq!(given["unknown"], Value::Null);
    assert_eq!(given["hangups"], serde_json::json!([["user", 1000]]));
    // 70 % against 80 % of a thousand calls each: Newcombe's interval lies far above zero.
    assert_eq!([&given["claim"], &given["label"], &given["basis"]], ["higher", "Completion rate", "fixed"]);
    assert!(given["verdict"].as_str().unwrap().contains("clearly higher"), "{}", given["verdict"]);
    // Call b stands in both pages and counts once; the row without an id counts for nothing. In India it is the next day.
    assert_eq!(given["sum"], serde_json::json!([3, 3, 3, 1]));
    assert_eq!(given["dates"], serde_json::json!([["2024-05-02", 2], ["2024-05-03", 1]]));
    assert!(given["lints"].as_array().unwrap().contains(&"identifier".into()), "{}", given["lints"]);
    assert_eq!(given["codes"], serde_json::json!(["bad-json", "bad-shape", "bad-value", "bad-shape", "bad-shape"]));
    assert_eq!(given["zone"], "bad-value");
}

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
    in_node(folder.path());
    // The modules and each of their parts come along, under names of Vite's.
    let modules = built.iter().filter(|name| Path::new(name).extension().is_some_and(|kind| kind == "wasm")).count();
    let packed = std::fs::read_dir(package().join("dist")).unwrap();
    let expected = packed.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|kind| kind == "wasm"));
    assert_eq!(modules, expected.count(), "{built:?}");
}
