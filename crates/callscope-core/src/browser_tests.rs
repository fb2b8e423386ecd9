//! The same bits in the browser as natively, where `tests/core/bits.rs` holds the same file.

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[path = "../../../tests/core/bits_inputs.rs"]
mod bits_inputs;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_browser_computes_the_same_bits() {
    assert_eq!(bits_inputs::digests(), include_str!("../../../tests/golden/bits.txt"));
}
