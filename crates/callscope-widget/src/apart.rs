//! Views whose code is loaded when they are first shown, where the build cut it out.

#[cfg(not(feature = "split"))]
pub(crate) use crate::view::{calls as calls_apart, compare as compare_apart};

#[cfg(feature = "split")]
pub(crate) use split::{calls_apart, compare_apart};

#[cfg(feature = "split")]
#[expect(clippy::unnecessary_wraps, reason = "loading may fail, and the macro wants the same result on both sides")]
mod split {
    use callscope_ui::apart::{apart, there};
    use callscope_ui::piece::nothing;
    use leptos::prelude::AnyView;
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    use crate::view::Shown;

    #[wasm_split(compare, fallible, preload(load_compare))]
    fn compare(shown: Shown, has_controls: bool) -> Result<AnyView, SplitLoaderError> {
        Ok(crate::view::compare(shown, has_controls))
    }

    #[wasm_split(calls, fallible, preload(load_calls))]
    fn calls(shown: Shown, has_controls: bool) -> Result<AnyView, SplitLoaderError> {
        Ok(crate::view::calls(shown, has_controls))
    }

    /// Two versions of an agent.
    pub(crate) fn compare_apart(shown: Shown, has_controls: bool) -> AnyView {
        apart("Compare", shown.on_missing_code(), load_compare, move || {
            there(compare(shown, has_controls)).unwrap_or_else(nothing)
        })
    }

    /// The calls themselves.
    pub(crate) fn calls_apart(shown: Shown, has_controls: bool) -> AnyView {
        apart("Calls", shown.on_missing_code(), load_calls, move || {
            there(calls(shown, has_controls)).unwrap_or_else(nothing)
        })
    }
}
