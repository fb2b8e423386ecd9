//! Eight bytes in one step, as a whole number.

#![expect(clippy::inline_always, reason = "a step of the innermost loop")]

pub(super) const WIDTH: usize = 8;

/// Nothing that would have to be kept.
pub(in crate::calls::scan) struct Marks;

impl Marks {
    pub(in crate::calls::scan) fn new() -> Self {
        Self
    }
}

/// Where the first byte stands that is not ordinary.
#[inline(always)]
pub(super) fn special(chunk: [u8; WIDTH], _: &Marks) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // The lowest byte that is found is one that is there: a borrow only reaches bytes above it.
    let zero = |eight: u64| eight.wrapping_sub(ONES) & !eight;
    let eight = u64::from_le_bytes(chunk);
    let found = zero(eight ^ (ONES * u64::from(b'"')))
        | zero(eight ^ (ONES * u64::from(b'\\')))
        | (eight.wrapping_sub(ONES * 0x20) & !eight)
        | eight;
    let found = found & HIGH;
    (found != 0).then(|| (found.trailing_zeros() / 8) as usize)
}

/// The bit of the first of 32 bytes that is not ordinary; none where all are.
#[inline(always)]
pub(super) fn specials(chunks: &[u8; 32], marks: &Marks) -> u32 {
    let (eights, _) = chunks.as_chunks::<WIDTH>();
    let found = eights.iter().zip((0..).step_by(WIDTH)).find_map(|(eight, at)| Some(at + special(*eight, marks)?));
    found.map_or(0, |at| 1 << at)
}

/// How many digits there are at the beginning.
#[inline(always)]
pub(super) fn digits(chunk: [u8; WIDTH], _: &Marks) -> usize {
    chunk.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Up to 31 bytes that others may begin with.
#[derive(Clone, Copy)]
pub(super) struct Start {
    bytes: [u64; 4],
    /// The bits of the bytes that must be the same.
    counting: [u64; 4],
}

impl Start {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let (mut start, mut counting) = ([[0; WIDTH]; 4], [[0; WIDTH]; 4]);
        start.as_flattened_mut().iter_mut().zip(bytes).for_each(|(to, byte)| *to = *byte);
        counting.as_flattened_mut().iter_mut().zip(bytes).for_each(|(to, _)| *to = u8::MAX);
        Self { bytes: start.map(u64::from_le_bytes), counting: counting.map(u64::from_le_bytes) }
    }

    #[inline(always)]
    pub(super) fn is(&self, chunks: &[u8; 32]) -> bool {
        let (eights, _) = chunks.as_chunks::<WIDTH>();
        let differing = |of: ((&[u8; WIDTH], u64), u64)| (u64::from_le_bytes(*of.0.0) ^ of.0.1) & of.1;
        eights.iter().zip(self.bytes).zip(self.counting).all(|of| differing(of) == 0)
    }
}
