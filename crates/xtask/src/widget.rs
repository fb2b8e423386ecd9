//! Building the widget: the module, the script that holds it, and what else lies beside them.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::app::SMALL;
use crate::cut::{Module, bind, hasten, shorten};
use crate::shell::{cargo, program, root, run};
use crate::tools::{self, BuildTools};

/// What the widget is called, and its files.
const NAME: &str = "callscope";
/// The style sheets that it has, in their order.
const STYLES: [&str; 3] = ["www/css/tokens.css", "www/css/views.css", "www/css/widget.css"];

/// Builds the widget for release into a folder.
///
/// # Errors
/// Where a tool is missing or the build fails.
pub(crate) fn build(tools: &BuildTools, to: &Path) -> anyhow::Result<()> {
    let mut build = cargo();
    build.args(["build", "--target", "wasm32-unknown-unknown", "--profile", "wasm"]);
    run(build.args(["--package", "callscope-widget", "--features", "split"]).envs(SMALL))?;
    let linked = root().join("target/wasm32-unknown-unknown/wasm/callscope_widget.wasm");
    let mark = mark_of(&linked)?;
    let stem = format!("{NAME}-{mark}");
    std::fs::remove_dir_all(to).ok();
    std::fs::create_dir_all(to)?;
    let work = work();
    Module { linked: &linked, stem: &stem, mark: &mark, work: &work, to }.cut(tools)?;
    script(tools, &stem, to, true)?;
    functions(tools, to)
}

/// What the module of the functions is built with in place of what makes it small: all of it is built for speed, which is
/// worth more to who sums a million calls than the bytes.
const FAST: &str = "profile.wasm.opt-level=3";
/// The same of the standard library: its sorting and comparing is done for every report.
const FAST_STD: (&str, &str) = ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "");
/// What has it look at sixteen bytes in one step. Engines that cannot refuse such a module, so there are two.
const WIDE: &str = " -Ctarget-feature=+simd128";

/// Builds the module of the pure functions, its twin, and their scripts into a folder.
///
/// # Errors
/// Where a tool is missing or the build fails.
pub(crate) fn functions(tools: &BuildTools, to: &Path) -> anyhow::Result<()> {
    let work = root().join("target/cut-functions");
    std::fs::remove_dir_all(&work).ok();
    let plain = functions_module(tools, &work.join("plain"), to, false)?;
    let wide = functions_module(tools, &work.join("wide"), to, true)?;
    let script = work.join("plain/functions_module.js");
    let is_same = std::fs::read(&script)? == std::fs::read(work.join("wide/functions_module.js"))?;
    anyhow::ensure!(is_same, "the two modules of the functions need scripts that differ");
    let worker = format!("functions-worker-{}.js", mark_of(&script)?);
    for (from, name) in [("functions.js", "functions.js"), ("worker.js", worker.as_str())] {
        let mut join = program(&tools.esbuild);
        join.args(["--bundle", "--format=esm", "--minify", "--charset=utf8", "--log-level=warning"]);
        join.arg(format!("--alias:callscope-functions-module={}", script.display()));
        let file = to.join(name);
        run(join.arg(root().join("www/widget").join(from)).arg(format!("--outfile={}", file.display())))?;
        let mut text = std::fs::read_to_string(&file)?;
        for (mark, name) in [("WIDE_WASM", &wide), ("PLAIN_WASM", &plain), ("WORKER_SCRIPT", &worker)] {
            text = text.replace(&format!("CALLSCOPE_{mark}"), name);
        }
        std::fs::write(&file, text)?;
    }
    Ok(())
}

/// Builds the module of the functions, leaves its script in `work`, and gives the name of its file.
fn functions_module(tools: &BuildTools, work: &Path, to: &Path, is_wide: bool) -> anyhow::Result<String> {
    const SCRIPT: &str = "functions_module";
    let mut build = cargo();
    build.args(["build", "--target", "wasm32-unknown-unknown", "--profile", "wasm", "--package", "callscope-widget"]);
    build.args(["--no-default-features", "--features", "functions", "--config", FAST]).envs(SMALL).envs([FAST_STD]);
    let folder = if is_wide { "target/wide" } else { "target" };
    if is_wide {
        let flags = SMALL.iter().filter(|(name, _)| name.ends_with("_RUSTFLAGS"));
        build.envs(flags.map(|(name, flags)| (*name, format!("{flags}{WIDE}"))));
        build.arg("--target-dir").arg(root().join(folder));
    }
    run(&mut build)?;
    let linked = root().join(folder).join("wasm32-unknown-unknown/wasm/callscope_widget.wasm");
    std::fs::create_dir_all(work)?;
    bind(tools, &linked, work, SCRIPT)?;
    let bound = work.join(format!("{SCRIPT}_bg.wasm"));
    shorten(&bound, &work.join(format!("{SCRIPT}.js")))?;
    let kind = if is_wide { "wide-" } else { "" };
    let name = format!("{NAME}-functions-{kind}{}_bg.wasm", mark_of(&linked)?);
    hasten(tools, &bound, &to.join(&name))?;
    Ok(name)
}

/// Builds the widget as it is while it is worked on: quickly, whole, with messages where it panics.
///
/// # Errors
/// Where a tool is missing or the build fails.
pub(crate) fn build_quickly(tools: &BuildTools, to: &Path) -> anyhow::Result<()> {
    run(cargo().args(["build", "--target", "wasm32-unknown-unknown", "--package", "callscope-widget"]))?;
    let linked = root().join("target/wasm32-unknown-unknown/debug/callscope_widget.wasm");
    let work = work();
    std::fs::remove_dir_all(&work).ok();
    std::fs::create_dir_all(&work)?;
    std::fs::create_dir_all(to)?;
    bind(tools, &linked, &work, NAME)?;
    let bound = format!("{NAME}_bg.wasm");
    std::fs::copy(work.join(&bound), to.join(&bound))?;
    script(tools, NAME, to, false)
}

fn work() -> PathBuf {
    root().join("target/cut-widget")
}

/// Puts what was built where the npm package has it, with the project's licence.
///
/// # Errors
/// Where a file cannot be copied.
pub(crate) fn package(from: &Path) -> anyhow::Result<()> {
    let package = root().join("www/widget");
    let to = package.join("dist");
    std::fs::remove_dir_all(&to).ok();
    std::fs::create_dir_all(&to)?;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        std::fs::copy(&path, to.join(path.file_name().unwrap_or_default()))?;
    }
    std::fs::copy(root().join("LICENSE"), package.join("LICENSE"))?;
    Ok(())
}

/// The digest of a file, as it stands in names: FNV-1a of 64 bits.
fn mark_of(file: &Path) -> anyhow::Result<String> {
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    Ok(format!("{:016x}", bytes.iter().fold(0xcbf2_9ce4_8422_2325, fold)))
}

/// Joins the pages of the demo that are written for a framework with that framework.
///
/// # Errors
/// Where a framework cannot be had.
pub(crate) fn join_demo(tools: &BuildTools, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for (page, modules) in [("react.jsx", tools::react()?), ("vue.mjs", tools::vue()?)] {
        let mut join = program(&tools.esbuild);
        join.args(["--bundle", "--format=esm", "--minify", "--charset=utf8", "--log-level=warning", "--jsx=automatic"]);
        join.args(["--define:process.env.NODE_ENV=\"production\"", "--define:__VUE_OPTIONS_API__=false"]);
        join.args(["--define:__VUE_PROD_DEVTOOLS__=false", "--define:__VUE_PROD_HYDRATION_MISMATCH_DETAILS__=false"]);
        join.env("NODE_PATH", &modules).arg(root().join("www/demo").join(page));
        let name = Path::new(page).with_extension("js");
        run(join.arg(format!("--outfile={}", to.join(name).display())).arg("--allow-overwrite"))?;
    }
    Ok(())
}

/// Joins the element, the module's own script, the loader of its parts and the style sheets into one script.
fn script(tools: &BuildTools, stem: &str, to: &Path, is_small: bool) -> anyhow::Result<()> {
    let work = work();
    let styles = work.join("styles.css");
    let text = STYLES.iter().map(|path| std::fs::read_to_string(root().join(path)).context(*path));
    std::fs::write(&styles, text.collect::<anyhow::Result<String>>()?)?;
    run(program(&tools.esbuild)
        .args(["--minify", "--charset=utf8", "--log-level=warning", "--allow-overwrite"])
        .arg(&styles)
        .arg(format!("--outfile={}", styles.display())))?;
    let mut join = program(&tools.esbuild);
    join.args(["--bundle", "--format=esm", "--charset=utf8", "--log-level=warning", "--loader:.css=text"]);
    // Each part names the loader anew; it is one and the same.
    join.arg("--log-override:duplicate-object-key=silent");
    if is_small {
        join.arg("--minify");
    }
    let version = format!("--define:CALLSCOPE_VERSION=\"{}\"", env!("CARGO_PKG_VERSION"));
    let module = format!("--define:CALLSCOPE_MODULE=\"{stem}_bg\"");
    run(join
        .arg(version)
        .arg(module)
        .arg(format!("--alias:callscope-module={}", work.join(format!("{stem}.js")).display()))
        .arg(format!("--alias:callscope-styles={}", styles.display()))
        .arg(root().join("www/widget/element.js"))
        .arg(format!("--outfile={}", to.join(format!("{NAME}.js")).display()))
        .arg("--allow-overwrite"))
}
