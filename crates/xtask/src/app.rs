//! Building the app and the server, and writing the samples.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode::{BROTLI_MODE_FONT, BROTLI_MODE_GENERIC};

use crate::cut::cut_app;
use crate::shell::{cargo, program, root, run, step};
use crate::{tools, widget};

/// What makes the module a fifth smaller: the standard library is built for size together with the
/// app, and a panic ends it at once instead of composing a message nobody reads. Cargo calls both
/// unstable, so they are allowed for this one build, by a compiler that `rust-toolchain.toml` pins;
/// `trunk serve` does without them and has the messages.
///
/// Nor does it carry where in the sources a panic would have been: those are paths of the machine that
/// built it. (The first flag is that of `.cargo/config.toml`, which a variable replaces.)
///
/// Its relocations and names stay in what cargo links: [`crate::cut`] needs them, and leaves them out.
pub(crate) const SMALL: [(&str, &str); 7] = [
    (
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        "--cfg=erase_components -Zlocation-detail=none -Clink-args=--emit-relocs",
    ),
    ("CARGO_PROFILE_WASM_STRIP", "none"),
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_PROFILE_WASM_PANIC", "immediate-abort"),
    ("CARGO_UNSTABLE_PANIC_IMMEDIATE_ABORT", "true"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
];

/// Builds the app for release into `dist/`, with compressed files beside the others.
///
/// # Errors
/// Where a tool is missing or the build fails.
pub(crate) fn build() -> anyhow::Result<()> {
    let tools = step("tools for the app", tools::for_building)?;
    step("the app", || {
        let mut trunk = program("trunk");
        trunk.args(["build", "--release", "--features", "split", "--color", "never"]).envs(SMALL);
        trunk.arg("--config").arg(without_hooks()?);
        run(tools.on(&mut trunk))?;
        cut_app(&tools, &root().join("dist"))?;
        minify(&tools.esbuild, &root().join("dist"))
    })?;
    step("the widget", || {
        widget::build(&tools, &root().join("dist/callscope"))?;
        widget::package(&root().join("dist/callscope"))?;
        widget::join_demo(&tools, &root().join("dist/demo"))
    })?;
    compress(&root().join("dist"))
}

/// The settings of trunk without its hooks: they would be run with what makes the module small, and it is cargo's
/// whole world that this is about.
fn without_hooks() -> anyhow::Result<PathBuf> {
    let mut settings: toml::Table = std::fs::read_to_string(root().join("Trunk.toml"))?.parse()?;
    settings.remove("hooks");
    settings.remove("watch");
    let mut build = toml::Table::new();
    if let Some(toml::Value::Table(own)) = settings.remove("build") {
        build = own;
    }
    build.insert("target".to_owned(), root().join("index.html").display().to_string().into());
    build.insert("dist".to_owned(), root().join("dist").display().to_string().into());
    settings.insert("build".to_owned(), build.into());
    let folder = root().join("target/trunk");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("Trunk.toml");
    std::fs::write(&path, toml::to_string(&settings)?)?;
    Ok(path)
}

/// Builds the widget beside an app that is being worked on.
///
/// # Errors
/// Where a tool is missing or the build fails.
pub(crate) fn build_widget_quickly(folder: &Path) -> anyhow::Result<()> {
    let tools = tools::for_building()?;
    widget::build_quickly(&tools, &folder.join("callscope"))?;
    widget::join_demo(&tools, &folder.join("demo"))
}

/// Builds the server for release and returns its path.
///
/// # Errors
/// Where the build fails.
pub(crate) fn build_server() -> anyhow::Result<PathBuf> {
    step("the server", || run(cargo().args(["build", "--release", "--package", "callscope-server"])))?;
    Ok(root().join("target/release/callscope-server"))
}

/// Writes the sample answers from the server's demo data, narrowed to a few thousand calls.
///
/// # Errors
/// Where the build fails or the files cannot be written.
pub(crate) fn write_samples() -> anyhow::Result<()> {
    let server = build_server()?;
    run(program(server).args(["sample", "www/sample"]))
}

/// Makes the scripts and style sheets of a folder small, in their places.
fn minify(esbuild: &Path, folder: &Path) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "js" || kind == "css") {
            let mut minify = program(esbuild);
            minify.args(["--minify", "--charset=utf8", "--log-level=warning", "--allow-overwrite"]);
            run(minify.arg(&path).arg(format!("--outfile={}", path.display())))?;
        }
    }
    Ok(())
}

/// Puts a `.br` and a `.gz` beside every file that gets smaller by it.
fn compress(folder: &Path) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            compress(&path)?;
            continue;
        }
        let kind = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if ["js", "css", "html", "wasm", "json", "svg"].contains(&kind.as_str()) {
            compress_file(&path).with_context(|| format!("cannot compress {}", path.display()))?;
        }
    }
    Ok(())
}

fn compress_file(path: &Path) -> anyhow::Result<()> {
    let bytes = std::fs::read(path)?;
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    std::fs::write(beside(".br"), brotli(&bytes)?)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&bytes)?;
    std::fs::write(beside(".gz"), gzip.finish()?)?;
    Ok(())
}

/// The bytes under brotli at its strongest: the smallest of what the ways of looking at them give.
///
/// # Errors
/// None that happen in memory.
pub(crate) fn brotli(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    // Small signed numbers follow each other in a module, as they do in a font; yet neither always wins.
    let modes = [BROTLI_MODE_FONT, BROTLI_MODE_GENERIC];
    let ways = modes.into_iter().flat_map(|mode| [16, 18].map(|lgblock| (mode, lgblock)));
    let packed = ways.map(|(mode, lgblock)| {
        let mut out = Vec::new();
        let parameters = BrotliEncoderParams { quality: 11, lgwin: 24, lgblock, mode, ..Default::default() };
        brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters).map(|_| out)
    });
    let packed = packed.collect::<Result<Vec<_>, _>>()?;
    packed.into_iter().min_by_key(Vec::len).context("nothing was packed")
}

/// What a module with its script weighs: each file's name, its bytes as they are, and those under brotli.
pub(crate) struct Weights {
    /// The files that are loaded at first.
    pub(crate) first: Vec<(String, u64, u64)>,
    /// The code that is loaded when what it shows is first opened.
    pub(crate) parts: Vec<(String, u64, u64)>,
}

/// The weight of the app that is built.
///
/// # Errors
/// Where the app is not built.
pub(crate) fn weights() -> anyhow::Result<Weights> {
    // The page of a frame is no part of the app.
    let is_part = |name: &str| name.starts_with("callscope-") && !name.starts_with("callscope-app-");
    weights_in(&root().join("dist"), |name| !name.starts_with("embed."), is_part)
}

/// The weight of the widget that is built.
///
/// # Errors
/// Where the widget is not built.
pub(crate) fn widget_weights() -> anyhow::Result<Weights> {
    let is_part = |name: &str| name != "callscope.js" && !name.ends_with("_bg.wasm");
    // The functions are no part of what is shown.
    weights_in(&root().join("dist/callscope"), |name| !name.contains("functions"), is_part)
}

fn weights_in(
    folder: &Path,
    is_ours: impl Fn(&str) -> bool,
    is_part: impl Fn(&str) -> bool,
) -> anyhow::Result<Weights> {
    let mut weights = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("{} is not there", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let kind = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if ["wasm", "js", "css"].contains(&kind.as_str()) && is_ours(&name) {
            let bytes = std::fs::read(&path)?;
            weights.push((name, bytes.len() as u64, brotli(&bytes)?.len() as u64));
        }
    }
    weights.sort();
    anyhow::ensure!(!weights.is_empty(), "{} holds nothing: build first with `cargo xtask build`", folder.display());
    let (parts, first) = weights.into_iter().partition(|(name, ..)| is_part(name));
    Ok(Weights { first, parts })
}
