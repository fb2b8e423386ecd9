//! Sixteen bytes in one step.

#![expect(clippy::inline_always, reason = "a step of the innermost loop")]

use wide::u8x16;

pub(super) const WIDTH: usize = 16;

/// What bytes are compared with. It lies in memory: an engine for WebAssembly makes constants of sixteen bytes anew each
/// time, in several steps.
pub(in crate::calls::scan) struct Marks {
    quote: u8x16,
    backslash: u8x16,
    last_control: u8x16,
    zero: u8x16,
    nine: u8x16,
}

impl Marks {
    pub(in crate::calls::scan) fn new() -> Self {
        let all = |byte: u8| u8x16::splat(std::hint::black_box(byte));
        Self { quote: all(b'"'), backslash: all(b'\\'), last_control: all(0x1f), zero: all(b'0'), nine: all(9) }
    }
}

/// Where the first byte stands that is not ordinary.
#[inline(always)]
pub(super) fn special(chunk: [u8; WIDTH], marks: &Marks) -> Option<usize> {
    let found = specials_of(chunk, marks);
    (found != 0).then(|| found.trailing_zeros() as usize)
}

/// A bit for each of 32 bytes that is not ordinary.
#[inline(always)]
pub(super) fn specials(chunks: &[u8; 2 * WIDTH], marks: &Marks) -> u32 {
    let (first, second) = halves(chunks);
    specials_of(second, marks) << WIDTH | specials_of(first, marks)
}

#[inline(always)]
fn halves(chunks: &[u8; 2 * WIDTH]) -> ([u8; WIDTH], [u8; WIDTH]) {
    match chunks.as_chunks() {
        ([first, second], _) => (*first, *second),
        _ => ([0; WIDTH], [0; WIDTH]),
    }
}

#[inline(always)]
fn specials_of(chunk: [u8; WIDTH], marks: &Marks) -> u32 {
    let bytes = u8x16::from(chunk);
    let is_control = bytes.min(marks.last_control).simd_eq(bytes);
    // The highest bit of each byte counts: that of one beyond ASCII is its own.
    let found = bytes.simd_eq(marks.quote) | bytes.simd_eq(marks.backslash) | is_control | bytes;
    found.to_bitmask()
}

/// How many digits there are at the beginning.
#[inline(always)]
pub(super) fn digits(chunk: [u8; WIDTH], marks: &Marks) -> usize {
    let from_zero = u8x16::from(chunk) - marks.zero;
    let are_digits = from_zero.min(marks.nine).simd_eq(from_zero);
    are_digits.to_bitmask().trailing_ones() as usize
}

/// Up to 31 bytes that others may begin with.
#[derive(Clone, Copy)]
pub(super) struct Start {
    halves: (u8x16, u8x16),
    /// A bit for each byte of the halves that must be the same.
    counting: (u32, u32),
}

impl Start {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut start = [0; 2 * WIDTH];
        start.iter_mut().zip(bytes).for_each(|(to, byte)| *to = *byte);
        let (first, second) = halves(&start);
        let all: u32 = (1 << bytes.len()) - 1;
        Self { halves: (first.into(), second.into()), counting: (all & 0xffff, all >> WIDTH) }
    }

    #[inline(always)]
    pub(super) fn is(&self, chunks: &[u8; 2 * WIDTH]) -> bool {
        let (first, second) = halves(chunks);
        let differ = |start: u8x16, chunk: [u8; WIDTH]| !start.simd_eq(u8x16::from(chunk)).to_bitmask();
        // Most have no second half.
        differ(self.halves.0, first) & self.counting.0 == 0
            && (self.counting.1 == 0 || differ(self.halves.1, second) & self.counting.1 == 0)
    }
}
