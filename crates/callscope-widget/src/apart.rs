//! Views whose code is loaded when they are first shown, where the build cut it out.

/// Two versions of an agent.
#[cfg(not(feature = "split"))]
pub(crate) fn compare_apart(input: callscope_ui::compare::CompareInput) -> leptos::prelude::AnyView {
    callscope_ui::compare::compare_view(input)
}

/// The calls themselves.
#[cfg(not(feature = "split"))]
pub(crate) fn calls_apart(input: callscope_ui::calls::CallsInput) -> leptos::prelude::AnyView {
    callscope_ui::calls::calls_view(input)
}

#[cfg(feature = "split")]
pub(crate) use split::{calls_apart, compare_apart};

#[cfg(feature = "split")]
#[expect(clippy::unnecessary_wraps, reason = "loading may fail, and the macro wants the same result on both sides")]
mod split {
    use callscope_ui::apart::apart;
    use callscope_ui::calls::CallsInput;
    use callscope_ui::compare::CompareInput;
    use callscope_ui::piece::nothing;
    use futures_util::FutureExt as _;
    use leptos::prelude::AnyView;
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    #[wasm_split(compare, fallible, preload(load_compare))]
    fn compare(input: CompareInput) -> Result<AnyView, SplitLoaderError> {
        Ok(callscope_ui::compare::compare_view(input))
    }

    #[wasm_split(calls, fallible, preload(load_calls))]
    fn calls(input: CallsInput) -> Result<AnyView, SplitLoaderError> {
        Ok(callscope_ui::calls::calls_view(input))
    }

    /// Two versions of an agent.
    pub(crate) fn compare_apart(input: CompareInput) -> AnyView {
        apart("Compare", load_compare, move || {
            compare(input).now_or_never().and_then(Result::ok).unwrap_or_else(nothing)
        })
    }

    /// The calls themselves.
    pub(crate) fn calls_apart(input: CallsInput) -> AnyView {
        apart("Calls", load_calls, move || calls(input).now_or_never().and_then(Result::ok).unwrap_or_else(nothing))
    }
}
