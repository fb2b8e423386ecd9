//! The same bits on every platform.
//!
//! The expected digests are the ones this code once computed itself. That is right here: what is
//! claimed is only that every platform computes the same bits, and for that any one of them may
//! serve as the measure. Whether the values are right is the business of the other tests.

use expect_test::expect_file;

use super::bits_inputs::digests;

#[test]
fn every_platform_computes_the_same_bits() {
    expect_file!["../golden/bits.txt"].assert_eq(&digests());
}
