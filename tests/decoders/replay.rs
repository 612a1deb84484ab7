//! Replays a decoder's corpus, and spoils what is in it: a bit, a byte, a cut, a part twice, a part of another.
//!
//! Ordinary tests do so for a moment; `PES_FUZZ_SECONDS=60 cargo test -p pes-changeset --test decoders` for as long as one likes. What
//! finds deeper is `cargo fuzz`, with the same decoders and corpora: see `fuzz/README.md`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A decoder: whether it took the bytes. It panics where it took what it does not write back, or refuses what it wrote.
pub type Decoder = fn(&[u8]) -> bool;

/// How often each sample is spoilt in an ordinary test.
const TIMES: u64 = 100;

/// Replays one decoder.
///
/// # Panics
/// When the decoder does, or takes nothing of its corpus, which then is none.
pub fn replay(name: &str, decoder: Decoder) {
    let samples = corpus(name);
    let taken = samples.iter().filter(|sample| decoder(sample)).count();
    assert!(taken > 0, "{name} takes nothing of its corpus");
    let until = std::env::var("PES_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).map(Duration::from_secs);
    let begun = Instant::now();
    let mut dice = Dice(1);
    let mut round = 0;
    while until.map_or(round < TIMES, |until| begun.elapsed() < until) {
        for sample in &samples {
            let other = &samples[dice.below(samples.len())];
            let mut spoilt = sample.clone();
            for _ in 0..=dice.below(3) {
                spoil(&mut spoilt, other, &mut dice);
            }
            decoder(&spoilt);
        }
        round += 1;
    }
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Changes something.
fn spoil(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    if bytes.is_empty() {
        return bytes.push(dice.byte());
    }
    let at = dice.below(bytes.len());
    let end = (at + 1 + dice.below(64)).min(bytes.len());
    match dice.below(8) {
        0 => bytes[at] ^= 1 << dice.below(8),
        1 => bytes[at] = dice.byte(),
        2 => bytes.insert(at, dice.byte()),
        3 => drop(bytes.drain(at..end)),
        4 => bytes.truncate(at),
        5 => {
            let part = bytes[at..end].to_vec();
            bytes.splice(at..at, part);
        }
        6 => bytes[at] = [b'\n', b' ', b'"', b'<', b'>', b'\\', 0, 0xff][dice.below(8)],
        _ => {
            let from = dice.below(other.len().max(1)).min(other.len());
            let part = other[from..(from + 64).min(other.len())].to_vec();
            bytes.splice(at..end, part);
        }
    }
}

/// A small generator of numbers (SplitMix64): each run spoils the same way.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}
