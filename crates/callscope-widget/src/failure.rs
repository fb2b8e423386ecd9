//! What JavaScript is thrown.

use js_sys::{Error, Reflect};
use wasm_bindgen::JsValue;

/// A real `Error` with a stable `code`.
pub(crate) fn error(code: &str, message: &str) -> JsValue {
    let error = Error::new(message);
    Reflect::set(&error, &"code".into(), &code.into()).ok();
    error.into()
}
