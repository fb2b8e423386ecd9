//! What the tests are given from outside.

use std::path::{Path, PathBuf};

fn given(name: &str) -> PathBuf {
    let value = std::env::var_os(name);
    PathBuf::from(value.unwrap_or_else(|| panic!("{name} is not set: run these tests with `cargo xtask test`")))
}

/// The server's binary.
pub(super) fn server() -> PathBuf {
    given("CALLSCOPE_SERVER")
}

/// The folder of the built app.
pub(super) fn dist() -> PathBuf {
    given("CALLSCOPE_DIST")
}

/// The browser.
pub(super) fn chromium() -> PathBuf {
    given("CALLSCOPE_CHROMIUM")
}

/// Its driver.
pub(super) fn chromedriver() -> PathBuf {
    given("CALLSCOPE_CHROMEDRIVER")
}

/// Firefox and its driver, where the tests are to run in it.
pub(super) fn firefox() -> Option<(PathBuf, PathBuf)> {
    let is_wanted = std::env::var("CALLSCOPE_BROWSER").is_ok_and(|browser| browser == "firefox");
    is_wanted.then(|| (given("CALLSCOPE_FIREFOX"), given("CALLSCOPE_GECKODRIVER")))
}

/// The script of axe-core.
pub(super) fn axe() -> PathBuf {
    given("CALLSCOPE_AXE")
}

/// The root of the project.
pub(in crate::browser) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}
