//! The project's own rules, as tests: who may use whom, and what may not stand in a file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// The root of the project.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Each member of the workspace with what it depends on, tests and builds left out.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    let normal = |package: &cargo_metadata::Package| {
        let normal = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        normal.map(|dependency| dependency.name.clone()).collect()
    };
    metadata.packages.iter().map(|package| (package.name.to_string(), normal(package))).collect()
}

#[test]
fn crates_use_only_the_crates_they_may() {
    let allowed = BTreeMap::from([
        ("callscope-core", vec![]),
        ("callscope-charts", vec!["callscope-core"]),
        ("callscope-client", vec!["callscope-core"]),
        ("callscope-server", vec!["callscope-core"]),
        ("callscope-ui", vec!["callscope-core", "callscope-charts", "callscope-client"]),
        ("callscope-app", vec!["callscope-core", "callscope-client", "callscope-ui"]),
        ("callscope-widget", vec!["callscope-core", "callscope-client", "callscope-ui"]),
        ("callscope-bench", vec!["callscope-core", "callscope-charts", "callscope-ui"]),
        ("callscope-tests", vec![]),
        // Stands in for a library; nobody names it.
        ("wasm-streams", vec![]),
        ("xtask", vec![]),
    ]);
    for (name, uses) in dependencies() {
        let allowed = allowed.get(name.as_str()).unwrap_or_else(|| panic!("{name} has no place in the house yet"));
        let inner = uses.iter().filter(|of| of.starts_with("callscope-"));
        let wrong: Vec<_> = inner.filter(|of| !allowed.contains(&of.as_str())).collect();
        assert!(wrong.is_empty(), "{name} may not use {wrong:?}");
    }
}

#[test]
fn libraries_stay_in_their_rooms() {
    let rooms: [(&str, &[&str]); 12] = [
        ("plotters", &["callscope-charts"]),
        ("plotters-canvas", &["callscope-ui"]),
        ("plotters-backend", &["callscope-charts", "callscope-ui"]),
        ("leptos", &["callscope-ui", "callscope-app", "callscope-widget", "callscope-bench"]),
        (
            "web-sys",
            &[
                "callscope-client",
                "callscope-ui",
                "callscope-app",
                "callscope-widget",
                "callscope-bench",
                "wasm-streams",
            ],
        ),
        ("js-sys", &["callscope-client", "callscope-ui", "callscope-app", "callscope-widget"]),
        ("serde-wasm-bindgen", &["callscope-widget"]),
        ("gloo-net", &["callscope-client"]),
        ("axum", &["callscope-server"]),
        ("sqlx", &["callscope-server"]),
        ("tokio", &["callscope-server"]),
        ("jiff", &["callscope-server"]),
    ];
    let dependencies = dependencies();
    for (library, homes) in rooms {
        let users = dependencies.iter().filter(|(_, uses)| uses.contains(library)).map(|(name, _)| name.as_str());
        let strangers: Vec<_> = users.filter(|name| !homes.contains(name)).collect();
        assert!(strangers.is_empty(), "{library} belongs to {homes:?}, but {strangers:?} use it");
    }
}

#[test]
fn versions_are_stated_once() {
    for manifest in files("toml").into_iter().filter(|path| path.ends_with("Cargo.toml")) {
        if manifest.parent() == Some(&root()) {
            continue;
        }
        let text = std::fs::read_to_string(&manifest).unwrap();
        let dependencies = text.lines().skip_while(|line| !line.contains("dependencies]"));
        let own = dependencies
            .filter(|line| !line.starts_with('['))
            .filter(|line| line.contains("version = \"") || line.contains(" = \""));
        let own: Vec<_> = own.take_while(|line| !line.starts_with("[lints]")).collect();
        assert!(own.is_empty(), "{}: {own:?} belong into the workspace's table", manifest.display());
    }
}

/// Trunk refuses to start where a path that it should watch is not there.
#[test]
fn trunk_watches_what_every_clone_has() {
    let text = std::fs::read_to_string(root().join("Trunk.toml")).unwrap();
    let watched = text.lines().find_map(|line| line.strip_prefix("watch = [")).unwrap();
    let paths: Vec<&str> = watched.split('"').skip(1).step_by(2).collect();
    assert!(paths.len() > 2 && !text.contains("ignore ="), "{paths:?}");
    for path in paths {
        let is_made = ["target", "dist", "data"].contains(&path);
        assert!(!is_made && root().join(path).exists(), "{path} is not in every clone");
    }
}

#[test]
fn views_have_no_style_attribute_and_pages_no_inline_script() {
    for file in files("rs").into_iter().filter(|path| path.starts_with(root().join("crates"))) {
        let text = std::fs::read_to_string(&file).unwrap();
        for word in [" style=", "inner_html"] {
            assert!(
                !text.contains(word),
                "{} has '{word}', which the policy blocks or which is markup",
                file.display()
            );
        }
    }
    let page = std::fs::read_to_string(root().join("index.html")).unwrap();
    assert!(!page.contains("<script") && !page.contains("<style") && !page.contains("style="), "index.html");
}

/// The framework's own elements and signals are compiled anew for every type: the download doubles.
#[test]
fn views_are_made_of_pieces() {
    let pieces = root().join("crates/callscope-ui/src/piece");
    for file in files("rs").into_iter().filter(|path| path.starts_with(root().join("crates"))) {
        let text = std::fs::read_to_string(&file).unwrap();
        for word in ["view! {", "RwSignal::new", "Memo::new", "NodeRef::"] {
            assert!(
                file.starts_with(&pieces) || !text.contains(word),
                "{} has '{word}'; `callscope_ui::piece` has what it needs",
                file.display()
            );
        }
    }
}

#[test]
fn the_map_names_every_crate() {
    let map = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for name in dependencies().keys().filter(|name| *name != "callscope-tests") {
        assert!(map.contains(&format!("crates/{name}")), "ARCHITECTURE.md does not name crates/{name}");
    }
}

#[test]
fn ci_runs_the_command_of_the_readme_and_nothing_else() {
    let ci = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    let lines = ci.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let commands: Vec<_> = lines.filter(|line| !line.starts_with("set ") && !line.starts_with("cd ")).collect();
    assert_eq!(commands, ["exec cargo xtask test"]);
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains("cargo xtask test") && readme.contains("cargo xtask run"));
}

/// Every file of a kind, built things left out.
fn files(kind: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !["target", "dist", "data", ".git"].contains(&name.as_str()) {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == kind) {
                found.push(path);
            }
        }
    }
    found
}
