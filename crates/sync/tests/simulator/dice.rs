//! Chance that replays.

/// A small generator of numbers (SplitMix64): a seed replays a whole run.
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// So many times in a hundred.
    pub fn hits(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A place in something whose length is not known yet.
    pub fn next_place(&mut self) -> usize {
        usize::try_from(self.next() >> 33).unwrap()
    }

    pub fn share(&mut self) -> f64 {
        self.below(1_000) as f64 / 1_000.0
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}
