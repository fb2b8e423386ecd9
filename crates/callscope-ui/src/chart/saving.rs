//! Saving, as code of its own: most who look at a report save nothing of it.

use std::sync::Arc;

use callscope_client::ClientError;
use callscope_core::format::written_in;
use web_sys::{Element, HtmlCanvasElement};

use super::menu::{ExportInput, Kind};
use super::save;
use crate::canvas::Shade;

/// What is wanted of something that can be saved.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Wanted {
    /// A file, or something on the clipboard.
    Saved(Kind),
    /// A picture, so many pixels to a CSS pixel.
    Picture(f64),
    /// The same as SVG.
    Svg,
    /// The table as CSV.
    Csv,
}

/// What comes of it.
#[derive(Default)]
pub(super) enum Made {
    /// Nothing to be handed on: it was saved, or there is nothing of the kind.
    #[default]
    Nothing,
    Picture(HtmlCanvasElement),
    Text(String),
}

fn made(input: &ExportInput, wanted: Wanted, near: &Element, shade: Shade) -> Made {
    let made = match wanted {
        // Programs read files of text: they are written in one way everywhere.
        Wanted::Saved(kind @ (Kind::Csv | Kind::Json | Kind::Copy)) => {
            written_in(&Arc::default(), || save::save(input, kind, near, shade));
            None
        }
        Wanted::Saved(kind) => {
            save::save(input, kind, near, shade);
            None
        }
        Wanted::Picture(scale) => save::picture_of(input, near, scale, shade).map(Made::Picture),
        Wanted::Svg => save::svg_of(input, near, shade).map(Made::Text),
        Wanted::Csv => Some(Made::Text(written_in(&Arc::default(), || save::csv_of(input)))),
    };
    made.unwrap_or_default()
}

/// Waits until the code is there.
///
/// # Errors
/// Where it cannot be loaded.
pub(super) async fn ready_to_save() -> Result<(), ClientError> {
    #[cfg(feature = "split")]
    split::ready().await.map_err(|_| crate::apart::code_not_loaded())?;
    Ok(())
}

/// What is made of what can be saved. The code is there by then.
#[cfg(not(feature = "split"))]
pub(super) fn make(input: &ExportInput, wanted: Wanted, near: &Element, shade: Shade) -> Made {
    made(input, wanted, near, shade)
}

#[cfg(feature = "split")]
pub(super) use split::make;

#[cfg(feature = "split")]
#[expect(clippy::unnecessary_wraps, reason = "loading may fail, and the macro wants the same result on both sides")]
mod split {
    use wasm_split_helpers::{SplitLoaderError, wasm_split};
    use web_sys::Element;

    use super::{ExportInput, Made, Wanted};
    use crate::apart::there;
    use crate::canvas::Shade;

    #[wasm_split(saving, fallible, preload(load))]
    fn saving(input: &ExportInput, wanted: Wanted, near: &Element, shade: Shade) -> Result<Made, SplitLoaderError> {
        Ok(super::made(input, wanted, near, shade))
    }

    /// Loads the code.
    pub(super) async fn ready() -> Result<(), SplitLoaderError> {
        load().await
    }

    pub(crate) fn make(input: &ExportInput, wanted: Wanted, near: &Element, shade: Shade) -> Made {
        there(saving(input, wanted, near, shade)).unwrap_or_default()
    }
}
