//! The tools that the project needs besides cargo, and how they are brought.
//!
//! What is there in the right version is used. The rest is installed into a cache of its own, so
//! that nothing of the person's is replaced; what only the distribution has is installed through its
//! package manager where that may be done, and named exactly where it may not.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::shell::{program, quiet_output, root, run, say};

/// Trunk: builds and serves the app. Later versions need a newer compiler.
const TRUNK: &str = "0.21.14";
/// Binaryen, for `wasm-opt`. Debian's 108 breaks modules of today.
const BINARYEN: &str = "132.0.0";
/// esbuild, which makes scripts and style sheets small.
const ESBUILD: &str = "0.25.12";
/// The oldest `wasm-opt` of the person's own that is taken.
const OLDEST_WASM_OPT: u32 = 119;
/// The vendor's client for Python: the last version that compares versions.
pub(crate) const VENDOR_CLIENT: &str = "5.1.0";
/// The version that the documents on calls are written for.
pub(crate) const OLDER_VENDOR_CLIENT: &str = "4.3.1";
/// Frameworks that hold reports in the pages of the demo.
const REACT: &str = "19.2.0";
const VUE: &str = "3.5.22";
/// What the widget's package is tried with.
const VITE: &str = "7.1.12";
const TYPESCRIPT: &str = "5.9.3";
const REACT_TYPES: &str = "19.2.2";
/// The driver of Firefox.
const GECKODRIVER: &str = "0.36.0";
/// axe-core: finds what people with disabilities stumble over.
const AXE: &str = "4.10.3";

/// Where the tools for building the app lie, as a `PATH`.
pub(crate) struct BuildTools {
    path: OsString,
    /// esbuild.
    pub(crate) esbuild: PathBuf,
}

impl BuildTools {
    /// Sets the search path of a program, so that it finds these tools first.
    pub(crate) fn on<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("PATH", &self.path)
    }
}

/// Brings what building the app needs.
///
/// # Errors
/// Names what could not be installed.
pub(crate) fn for_building() -> anyhow::Result<BuildTools> {
    toolchain_part("target", "wasm32-unknown-unknown")?;
    toolchain_part("component", "rust-src")?;
    let folders = [
        cargo_tool("trunk", TRUNK, "6 minutes", true)?,
        cargo_tool("wasm-bindgen", &wasm_bindgen_version()?, "3 minutes", false)?,
        wasm_opt()?,
    ];
    let own = std::env::var_os("PATH").unwrap_or_default();
    let folders = folders.into_iter().flatten().chain(std::env::split_paths(&own));
    let esbuild = npm_package("esbuild", ESBUILD)?.join(".bin/esbuild");
    Ok(BuildTools { path: std::env::join_paths(folders)?, esbuild })
}

/// Adds a target or a component to the pinned toolchain, where it lacks it.
fn toolchain_part(kind: &str, name: &str) -> anyhow::Result<()> {
    let installed = quiet_output(program("rustup").args([kind, "list", "--installed"])).unwrap_or_default();
    if installed.lines().any(|line| line == name) {
        return Ok(());
    }
    say(format_args!("Installing the {kind} {name} (seconds)"));
    run(program("rustup").args([kind, "add", name]))
}

/// The version of wasm-bindgen that the app is locked to: the tool must be the same.
fn wasm_bindgen_version() -> anyhow::Result<String> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).context("Cargo.lock is not there")?;
    let after = lock.split("name = \"wasm-bindgen\"\n").nth(1).context("Cargo.lock has no wasm-bindgen")?;
    let version = after.split('"').nth(1).context("Cargo.lock has no version of wasm-bindgen")?;
    Ok(version.to_owned())
}

/// The folder to add to the search path for a tool from the crate registry; none where the right
/// version is in it already.
fn cargo_tool(name: &str, version: &str, time: &str, locked: bool) -> anyhow::Result<Option<PathBuf>> {
    let is_version = |path: &Path| {
        let said = quiet_output(program(path).arg("--version")).unwrap_or_default();
        said.split_whitespace().any(|word| word == version)
    };
    if is_version(Path::new(name)) {
        return Ok(None);
    }
    let folder = cache()?.join(format!("{name}-{version}"));
    let bin = folder.join("bin");
    if is_version(&bin.join(name)) {
        return Ok(Some(bin));
    }
    let package = if name == "wasm-bindgen" { "wasm-bindgen-cli" } else { name };
    say(format_args!("Installing {package} {version} into {} (about {time}, once)", folder.display()));
    let mut install = crate::shell::cargo();
    install.args(["install", package, "--version", version, "--root"]).arg(&folder);
    // Where the registry lacks a locked dependency, the newest that fits does as well.
    if locked {
        install.arg("--locked");
    }
    run(&mut install)?;
    Ok(Some(bin))
}

fn cache() -> anyhow::Result<PathBuf> {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home);
    Ok(base.context("neither XDG_CACHE_HOME nor HOME is set")?.join("callscope-tools"))
}

fn wasm_opt() -> anyhow::Result<Option<PathBuf>> {
    let said = quiet_output(program("wasm-opt").arg("--version")).unwrap_or_default();
    let version = said.split_whitespace().find_map(|word| word.parse::<u32>().ok());
    if version.is_some_and(|version| version >= OLDEST_WASM_OPT) {
        return Ok(None);
    }
    let modules = npm_package("binaryen", BINARYEN)?;
    Ok(Some(modules.join(".bin")))
}

/// The `node_modules` folder that holds a package from the npm registry.
fn npm_package(name: &str, version: &str) -> anyhow::Result<PathBuf> {
    npm_packages(&[(name, version)])
}

/// The folder that holds packages which belong together; it is called after the first one.
fn npm_packages(packages: &[(&str, &str)]) -> anyhow::Result<PathBuf> {
    let (name, version) = packages.first().context("no package")?;
    let folder = cache()?.join(format!("{name}-{version}"));
    let modules = folder.join("node_modules");
    if packages.iter().all(|(name, _)| modules.join(name).join("package.json").is_file()) {
        return Ok(modules);
    }
    distribution_package("npm", "npm", "npm --version")?;
    say(format_args!("Installing {name} {version} into {} (seconds, once)", folder.display()));
    std::fs::create_dir_all(&folder)?;
    let mut install = program("npm");
    install.args(["install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--prefix"]).arg(&folder);
    run(install.args(packages.iter().map(|(name, version)| format!("{name}@{version}"))))?;
    Ok(modules)
}

/// The folder of what a fresh project of today is built with: Vite and TypeScript, and the types of React.
///
/// # Errors
/// Where it cannot be installed.
pub(crate) fn vite() -> anyhow::Result<PathBuf> {
    npm_packages(&[("vite", VITE), ("typescript", TYPESCRIPT), ("@types/react", REACT_TYPES)])
}

/// The folder that React lies in.
///
/// # Errors
/// Where it cannot be installed.
pub(crate) fn react() -> anyhow::Result<PathBuf> {
    npm_packages(&[("react-dom", REACT), ("react", REACT)])
}

/// The folder that Vue lies in.
///
/// # Errors
/// Where it cannot be installed.
pub(crate) fn vue() -> anyhow::Result<PathBuf> {
    npm_package("vue", VUE)
}

/// What driving a real browser needs.
pub(crate) struct BrowserTools {
    /// The browser.
    pub(crate) chromium: PathBuf,
    /// Its driver.
    pub(crate) chromedriver: PathBuf,
    /// The script of axe-core.
    pub(crate) axe: PathBuf,
}

/// Brings what driving a real browser needs.
///
/// # Errors
/// Names what could not be installed.
pub(crate) fn for_browser() -> anyhow::Result<BrowserTools> {
    let chromium = distribution_package("chromium", "chromium", "chromium --version")?;
    let chromedriver = distribution_package("chromedriver", "chromium-driver", "chromedriver --version")?;
    let axe = npm_package("axe-core", AXE)?.join("axe-core/axe.min.js");
    Ok(BrowserTools { chromium, chromedriver, axe })
}

/// Firefox and its driver; none, with the reason printed, where they cannot be had.
pub(crate) fn firefox() -> Option<(PathBuf, PathBuf)> {
    let had = || -> anyhow::Result<(PathBuf, PathBuf)> {
        let firefox = distribution_package("firefox-esr", "firefox-esr", "firefox-esr --version")?;
        let driver = match cargo_tool("geckodriver", GECKODRIVER, "2 minutes", true)? {
            Some(folder) => folder.join("geckodriver"),
            None => PathBuf::from("geckodriver"),
        };
        Ok((firefox, driver))
    };
    had().inspect_err(|error| say(format_args!("The tests in Firefox are skipped: {error:#}"))).ok()
}

/// The Python that has a version of the vendor's own client, in an environment of its own; none, with the reason
/// printed, where there is no Python to make it with.
///
/// # Errors
/// Where Python is there and the environment cannot be made.
pub(crate) fn vendor_client(version: &str) -> anyhow::Result<Option<PathBuf>> {
    let folder = cache()?.join(format!("smallestai-{version}"));
    let python = folder.join("bin/python");
    let has_client = || quiet_output(program(&python).args(["-c", "import smallestai"])).is_some();
    if has_client() {
        return Ok(Some(python));
    }
    let Some(base) = found("python3") else {
        say("There is no Python here: the tests with the vendor's own client will be skipped.");
        return Ok(None);
    };
    say(format_args!("Installing smallestai {version} into {} (a minute, once)", folder.display()));
    if quiet_output(program(&base).args(["-c", "import ensurepip"])).is_none() {
        distribution_package("python3-venv", "python3-venv", "python3 -c 'import ensurepip'").ok();
    }
    run(program(&base).args(["-m", "venv", "--clear"]).arg(&folder))?;
    let package = format!("smallestai=={version}");
    run(program(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", &package]))?;
    anyhow::ensure!(has_client(), "smallestai is installed but cannot be imported");
    Ok(Some(python))
}

/// A program of the distribution, installed where it is missing and that may be done.
fn distribution_package(name: &str, package: &str, check: &str) -> anyhow::Result<PathBuf> {
    if let Some(path) = found(name) {
        return Ok(path);
    }
    let is_root = quiet_output(program("id").arg("-u")).is_some_and(|id| id == "0");
    let prefix: &[&str] = if is_root { &[] } else { &["sudo", "-n"] };
    let may = is_root || quiet_output(program("sudo").args(["-n", "true"])).is_some();
    let by_hand = format!("install it with `apt-get install {package}` (then `{check}` must work), and try again");
    anyhow::ensure!(may && found("apt-get").is_some(), "{name} is missing: {by_hand}");
    say(format_args!("Installing {package} with apt-get (about a minute, once)"));
    let apt = |arguments: &[&str]| {
        let words: Vec<&str> = prefix.iter().copied().chain(["apt-get"]).chain(arguments.iter().copied()).collect();
        let (first, rest) = words.split_first().context("no program")?;
        run(program(first).args(rest).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update", "-q"])?;
    apt(&["install", "-q", "-y", "--no-install-recommends", package]).with_context(|| by_hand.clone())?;
    found(name).with_context(|| format!("{name} is still missing: {by_hand}"))
}

/// A program in the search path.
fn found(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
