//! The demo's recordings: a few short files with a tone for each voice, which all its calls share.

use std::path::Path;

use anyhow::Context as _;
use hound::{SampleFormat, WavSpec, WavWriter};

/// How many there are.
const COUNT: usize = 4;
const RATE_HZ: u32 = 8_000;
const SECS: u32 = 6;

/// The names of the files of a call: both voices in one channel, and a channel for each.
pub(super) fn names(number: usize) -> (String, String) {
    let of = number % COUNT + 1;
    (format!("demo-{of}.wav"), format!("demo-{of}-dual.wav"))
}

/// Writes the files into a folder.
///
/// # Errors
/// Where the folder cannot be made or a file not be written.
pub fn write_recordings(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for number in 0..COUNT {
        let (mono, dual) = names(number);
        write(&folder.join(mono), number, false)?;
        write(&folder.join(dual), number, true)?;
    }
    Ok(())
}

fn write(path: &Path, number: usize, is_dual: bool) -> anyhow::Result<()> {
    let channels = if is_dual { 2 } else { 1 };
    let spec = WavSpec { channels, sample_rate: RATE_HZ, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let cannot = || format!("cannot write {}", path.display());
    let mut writer = WavWriter::create(path, spec).with_context(cannot)?;
    for at in 0..RATE_HZ * SECS {
        let [agent, caller] = voices(at, number);
        if is_dual {
            writer.write_sample(agent).with_context(cannot)?;
            writer.write_sample(caller).with_context(cannot)?;
        } else {
            writer.write_sample(agent / 2 + caller / 2).with_context(cannot)?;
        }
    }
    writer.finalize().with_context(cannot)
}

/// Agent and caller at a sample: they take turns of a second and a half, each with a tone of its own.
fn voices(at: u32, number: usize) -> [i16; 2] {
    let secs = f64::from(at) / f64::from(RATE_HZ);
    let is_agent = ((secs / 1.5) as u32).is_multiple_of(2);
    let hertz = if is_agent { 220.0 } else { 330.0 } + 15.0 * number as f64;
    // Syllables: the tone swells five times a second.
    let swell = libm::sin(secs * 5.0 * std::f64::consts::PI).abs();
    let sample = (libm::sin(secs * hertz * std::f64::consts::TAU) * swell * 6_000.0) as i16;
    if is_agent { [sample, 0] } else { [0, sample] }
}
