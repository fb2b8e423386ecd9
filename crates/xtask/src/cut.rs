//! Cutting a module: the code of some views is loaded when they are first shown.
//!
//! Trunk knows no such thing. So its build only gives the page and its files their names; the module
//! that cargo linked for it is cut here, bound, optimised, and put in the place of the whole one.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasm_split_cli_support::{Options, transform};

use crate::shell::{program, root, run};
use crate::tools::BuildTools;

/// What the features of today's modules are called; without them `wasm-opt` refuses the module.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-bulk-memory-opt",
    "--enable-simd",
];
/// `-Os` four times, and functions of one caller kept apart unless they are small: a larger module than with `-Oz`, and
/// a smaller download. The first kilobyte of the memory is never used, so that offsets fold. Nobody reads by whom a module
/// was made, and for which engines.
const SIZE: [&str; 9] = [
    "--strip-debug",
    "-Os",
    "-Os",
    "-Os",
    "-Os",
    "--one-caller-inline-max-function-size=60",
    "--low-memory-unused",
    "--strip-target-features",
    "--strip-producers",
];

/// What makes a module fast.
const SPEED: [&str; 3] = ["--strip-debug", "-O4", "--low-memory-unused"];

/// A module to be cut.
pub(crate) struct Module<'m> {
    /// As cargo links it. Its relocations say what needs what.
    pub(crate) linked: &'m Path,
    /// What its script is called, without the ending.
    pub(crate) stem: &'m str,
    /// What the files of parts that stand apart have in their names.
    pub(crate) mark: &'m str,
    /// Where the pieces are made; its script and the loader of its parts lie there afterwards.
    pub(crate) work: &'m Path,
    /// Where its files go.
    pub(crate) to: &'m Path,
}

impl Module<'_> {
    /// Puts the module without the parts that stand apart into its place, and theirs beside it.
    ///
    /// # Errors
    /// Where a tool fails or a file is not where it should be.
    pub(crate) fn cut(&self, tools: &BuildTools) -> anyhow::Result<()> {
        std::fs::remove_dir_all(self.work).ok();
        std::fs::create_dir_all(self.work)?;
        let main = self.work.join("main.wasm");
        let parts = self.split(&main)?;
        bind(tools, &main, self.work, self.stem)?;
        let bound = format!("{}_bg.wasm", self.stem);
        shorten(&self.work.join(&bound), &self.work.join(format!("{}.js", self.stem)))?;
        optimise(tools, &self.work.join(&bound), &self.to.join(&bound))?;
        let mut loader = std::fs::read_to_string(self.work.join(LOADER))?;
        for part in parts {
            let from = part.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let name = from.trim_start_matches("split_").trim_end_matches(".wasm");
            let to = format!("callscope-{name}-{}.wasm", self.mark);
            optimise(tools, &part, &self.to.join(&to))?;
            widen(&self.to.join(&to))?;
            loader = loader.replace(&from, &to);
        }
        std::fs::write(self.work.join(LOADER), loader)?;
        Ok(())
    }

    /// Cuts the linked module; gives the files of the parts that stand apart.
    fn split(&self, main: &Path) -> anyhow::Result<Vec<PathBuf>> {
        let linked = std::fs::read(self.linked).with_context(|| self.linked.display().to_string())?;
        let (loader, script) = (format!("./{LOADER}"), format!("./{}.js", self.stem));
        let mut options = Options::new(&linked);
        options.output_dir = self.work;
        options.main_out_path = main;
        options.link_name = &loader;
        options.main_module = &script;
        let cut = transform(options).map_err(|error| anyhow::anyhow!("the module cannot be cut: {error:#}"))?;
        Ok(cut.split_modules)
    }
}

/// Replaces the app's module in `dist` by one without the pages that stand apart, and puts theirs beside it.
///
/// # Errors
/// Where a tool fails or a file is not where it should be.
pub(crate) fn cut_app(tools: &BuildTools, dist: &Path) -> anyhow::Result<()> {
    let stem = stem_of(dist)?;
    let module = Module {
        linked: &root().join("target/wasm32-unknown-unknown/wasm/callscope-app.wasm"),
        stem: &stem,
        mark: stem.rsplit('-').next().unwrap_or_default(),
        work: &root().join("target/cut"),
        to: dist,
    };
    module.cut(tools)?;
    join_scripts(tools, module.work, &stem, dist)
}

/// The script that loads what stands apart.
const LOADER: &str = "loader.js";

/// What trunk called the app's script, without its ending.
fn stem_of(dist: &Path) -> anyhow::Result<String> {
    for entry in std::fs::read_dir(dist)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix(".js")
            && stem.starts_with("callscope-app-")
        {
            return Ok(stem.to_owned());
        }
    }
    anyhow::bail!("{} holds no script of the app", dist.display())
}

/// Makes the script that the browser needs to run a module.
pub(crate) fn bind(tools: &BuildTools, main: &Path, work: &Path, stem: &str) -> anyhow::Result<()> {
    let mut bind = program("wasm-bindgen");
    // The parts find each other by the linker's exports.
    bind.args(["--target=web", "--no-typescript", "--keep-lld-exports", "--no-demangle", "--out-name", stem]);
    run(tools.on(bind.arg("--out-dir").arg(work).arg(main)))
}

/// Gives the functions that a module takes from its script names of a letter or two, and the script as well: there are
/// hundreds, their names are long, and each of them is downloaded twice.
pub(crate) fn shorten(module: &Path, script: &Path) -> anyhow::Result<()> {
    let bytes = std::fs::read(module)?;
    let mut text = std::fs::read_to_string(script)?;
    let mut short = wasm_encoder::Module::new();
    for payload in wasmparser::Parser::new(0).parse_all(&bytes) {
        match payload? {
            wasmparser::Payload::ImportSection(section) => {
                let mut imports = wasm_encoder::ImportSection::new();
                for (number, import) in section.into_imports().enumerate() {
                    let import = import?;
                    let name =
                        if import.name.starts_with("__wb") { format!("_{number:x}") } else { import.name.to_owned() };
                    // Each name stands alone in the script: no other one begins with it, as a digest ends it.
                    text = text.replace(&format!("{}:", import.name), &format!("{name}:"));
                    let is_of_script = import.module.ends_with("_bg.js");
                    let from = if is_of_script { "_" } else { import.module };
                    if is_of_script {
                        text = text.replace(&format!("\"{}\":", import.module), &format!("\"{from}\":"));
                    }
                    let kind = RoundtripReencoder.entity_type(import.ty)?;
                    imports.import(from, &name, kind);
                }
                short.section(&imports);
            }
            // What only a linker or a cutter reads; `wasm-opt` would stumble over it.
            wasmparser::Payload::CustomSection(section)
                if section.name().starts_with("reloc.") || section.name() == "linking" => {}
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    let data =
                        bytes.get(range.start as usize..range.end as usize).context("a section ends too early")?;
                    short.section(&wasm_encoder::RawSection { id, data });
                }
            }
        }
    }
    std::fs::write(script, text)?;
    Ok(std::fs::write(module, short.finish())?)
}

/// Bundlers turn files up to this length into `data:` addresses, which strict policies refuse to load.
const INLINED_BYTES: usize = 4096;

/// Fills a small part up with a section that means nothing, and weighs nothing when it is packed.
fn widen(part: &Path) -> anyhow::Result<()> {
    let mut bytes = std::fs::read(part)?;
    if bytes.len() <= INLINED_BYTES {
        let section = wasm_encoder::CustomSection { name: "filling".into(), data: vec![0; INLINED_BYTES].into() };
        wasm_encoder::Section::append_to(&section, &mut bytes);
        std::fs::write(part, bytes)?;
    }
    Ok(())
}

/// Makes a module as small as it gets.
pub(crate) fn optimise(tools: &BuildTools, from: &Path, to: &Path) -> anyhow::Result<()> {
    rewrite(tools, &SIZE, from, to)
}

/// Makes a module as fast as `wasm-opt` can.
///
/// # Errors
/// Where it fails.
pub(crate) fn hasten(tools: &BuildTools, from: &Path, to: &Path) -> anyhow::Result<()> {
    rewrite(tools, &SPEED, from, to)
}

fn rewrite(tools: &BuildTools, how: &[&str], from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut optimise = program("wasm-opt");
    run(tools.on(optimise.args(FEATURES).args(how).arg(from).arg("-o").arg(to)))
}

/// Makes one script of the app's and the loader, which need each other, without what nobody calls.
fn join_scripts(tools: &BuildTools, work: &Path, stem: &str, dist: &Path) -> anyhow::Result<()> {
    let entry = work.join("entry.js");
    std::fs::write(&entry, format!("export {{ default, initSync }} from \"./{stem}.js\";\n"))?;
    let mut join = program(&tools.esbuild);
    join.args(["--bundle", "--format=esm", "--minify", "--charset=utf8", "--log-level=warning"]);
    // Each part names the loader anew; it is one and the same.
    join.arg("--log-override:duplicate-object-key=silent");
    run(join
        .arg(&entry)
        .arg(format!("--outfile={}", dist.join(format!("{stem}.js")).display()))
        .arg("--allow-overwrite"))
}
