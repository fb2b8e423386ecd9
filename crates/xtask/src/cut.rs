//! Cutting a module: the code of some views is loaded when they are first shown.
//!
//! Trunk knows no such thing. So its build only gives the page and its files their names; the module
//! that cargo linked for it is cut here, bound, optimised, and put in the place of the whole one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasm_split_cli_support::{Options, transform};

use crate::shell::{program, root, run};
use crate::tools::BuildTools;

/// What the features of today's modules are called; without them `wasm-opt` refuses the module.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-bulk-memory-opt",
];
/// Twice `-Os`, and functions of one caller kept apart unless they are tiny: a larger module than with
/// `-Oz`, and a smaller download. The first kilobyte of the memory is never used, so that offsets fold.
const SIZE: [&str; 5] =
    ["--strip-debug", "-Os", "-Os", "--one-caller-inline-max-function-size=20", "--low-memory-unused"];

/// A library behind the framework that exports classes nobody makes: streams of functions on a server. What it exports
/// is kept by everything that makes a module small, and so is all that may be called from there.
const UNUSED_LIBRARY: &str = "wasm_streams";
/// What its exports have in their names.
const UNUSED_CLASS: &str = "intounderlying";
/// A function that does nothing but trap: no locals, `unreachable`, `end`.
const TRAP: [u8; 3] = [0x00, 0x00, 0x0b];

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
        prune(&self.work.join(format!("{}.js", self.stem)), &self.to.join(&bound))?;
        let mut loader = std::fs::read_to_string(self.work.join(LOADER))?;
        for part in parts {
            let from = part.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let name = from.trim_start_matches("split_").trim_end_matches(".wasm");
            let to = format!("callscope-{name}-{}.wasm", self.mark);
            optimise(tools, &part, &self.to.join(&to))?;
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

/// Gives the functions that a module takes from its script names of a letter or two: there are hundreds, their names
/// are long, and each of them is downloaded twice.
pub(crate) fn shorten(module: &Path, script: &Path) -> anyhow::Result<()> {
    let bytes = std::fs::read(module)?;
    let mut text = std::fs::read_to_string(script)?;
    let mut short = wasm_encoder::Module::new();
    let unused = functions_of(UNUSED_LIBRARY, &bytes)?;
    let mut imported = 0;
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
                    let kind = RoundtripReencoder.entity_type(import.ty)?;
                    imported += u32::from(matches!(kind, wasm_encoder::EntityType::Function(_)));
                    imports.import(import.module, &name, kind);
                }
                short.section(&imports);
            }
            wasmparser::Payload::ExportSection(section) => {
                let mut exports = wasm_encoder::ExportSection::new();
                for export in section {
                    let export = export?;
                    if !export.name.contains(UNUSED_CLASS) {
                        exports.export(export.name, RoundtripReencoder.export_kind(export.kind)?, export.index);
                    }
                }
                short.section(&exports);
            }
            wasmparser::Payload::CodeSectionStart { range, .. } => {
                let mut code = wasm_encoder::CodeSection::new();
                let data = bytes.get(range.start as usize..range.end as usize).context("the code ends too early")?;
                let bodies = wasmparser::CodeSectionReader::new(wasmparser::BinaryReader::new(data, 0))?;
                for (index, body) in (imported..).zip(bodies) {
                    let body = body?;
                    code.raw(if unused.contains(&index) { &TRAP } else { body.as_bytes() });
                }
                short.section(&code);
            }
            wasmparser::Payload::CodeSectionEntry(_) => {}
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

/// Takes out of a script what its module no longer asks for: the functions that only code called which is gone.
pub(crate) fn prune(script: &Path, module: &Path) -> anyhow::Result<()> {
    let bytes = std::fs::read(module)?;
    let mut asked = BTreeSet::new();
    for payload in wasmparser::Parser::new(0).parse_all(&bytes) {
        if let wasmparser::Payload::ImportSection(section) = payload? {
            for import in section.into_imports() {
                asked.insert(import?.name);
            }
        }
    }
    let text = std::fs::read_to_string(script)?;
    let mut kept = String::with_capacity(text.len());
    // The functions stand in one object, each from its name to the line that closes it.
    let (mut is_among, mut is_left_out) = (false, false);
    for line in text.lines() {
        let name =
            line.strip_prefix("        ").filter(|line| !line.starts_with(' ')).and_then(|line| line.split_once(':'));
        match name {
            Some((name, _)) if is_among => {
                is_left_out = name.starts_with('_') && name != "__proto__" && !asked.contains(name)
            }
            _ => is_among = is_among && line != "    };" || line == "    const import0 = {",
        }
        if !is_among || !is_left_out {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    Ok(std::fs::write(script, kept)?)
}

/// The functions that have the name of a library in theirs, by their indices.
fn functions_of(library: &str, module: &[u8]) -> anyhow::Result<BTreeSet<u32>> {
    let mut found = BTreeSet::new();
    for payload in wasmparser::Parser::new(0).parse_all(module) {
        let wasmparser::Payload::CustomSection(section) = payload? else { continue };
        let wasmparser::KnownCustom::Name(names) = section.as_known() else { continue };
        for part in names {
            let wasmparser::Name::Function(functions) = part? else { continue };
            for function in functions {
                let function = function?;
                if function.name.contains(library) {
                    found.insert(function.index);
                }
            }
        }
    }
    Ok(found)
}

/// Makes a module as small as it gets.
pub(crate) fn optimise(tools: &BuildTools, from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut optimise = program("wasm-opt");
    run(tools.on(optimise.args(FEATURES).args(SIZE).arg(from).arg("-o").arg(to)))
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
