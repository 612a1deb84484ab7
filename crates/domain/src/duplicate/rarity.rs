//! Which words many structures have in their names: learnt from those that are known.

use super::Traits;
use super::name::{Name, Role};
use std::collections::HashMap;

/// From how many structures on a word may be common.
const MANY: u32 = 10;
/// And one in so many of all.
const SHARE: u32 = 200;

/// In how many names each word is. Empty, it knows no common word but the built-in ones.
#[derive(Debug, Clone, Default)]
pub struct Rarity {
    structures: u32,
    words: HashMap<String, u32>,
}

impl Rarity {
    /// Takes note of a structure.
    pub fn note(&mut self, traits: &Traits) {
        self.structures += 1;
        for word in words(&traits.names) {
            *self.words.entry(word.to_owned()).or_default() += 1;
        }
    }

    /// Forgets a structure that was noted.
    pub fn forget(&mut self, traits: &Traits) {
        self.structures = self.structures.saturating_sub(1);
        for word in words(&traits.names) {
            if let Some(count) = self.words.get_mut(word) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    self.words.remove(word);
                }
            }
        }
    }

    /// Whether so many have the word in their names that it tells nobody from others: a trade, a region, a brand of many.
    pub fn is_common(&self, word: &str) -> bool {
        self.words.get(word).is_some_and(|count| *count >= MANY.max(self.structures / SHARE))
    }
}

/// The words of names, each once.
pub(super) fn words(names: &[Name]) -> Vec<&str> {
    let own = names.iter().flat_map(|name| name.words.iter().filter(|word| word.role == Role::Own));
    let mut all: Vec<&str> = own.map(|word| word.stem.as_str()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::Structure;
    use crate::{Rules, Thesaurus};

    fn traits(name: &str) -> Traits {
        Traits::of(&Structure { name: name.into(), ..Structure::default() }, &Rules::new(Thesaurus::default()))
    }

    #[test]
    fn a_word_is_common_from_so_many_on() {
        let mut rarity = Rarity::default();
        (1..MANY).for_each(|_| rarity.note(&traits("Les Loriots du Loriot")));
        assert!(!rarity.is_common("loriot"), "each structure counts once");
        rarity.note(&traits("Loriot"));
        assert!(rarity.is_common("loriot") && !rarity.is_common("merle"));
        rarity.forget(&traits("Loriot"));
        assert!(!rarity.is_common("loriot"));
    }

    #[test]
    fn among_many_it_takes_more() {
        let mut rarity = Rarity { structures: MANY * SHARE, ..Rarity::default() };
        (0..MANY).for_each(|_| rarity.note(&traits("Loriot")));
        assert!(rarity.is_common("loriot"));
        rarity.structures += 2 * SHARE;
        assert!(!rarity.is_common("loriot"));
    }

    #[test]
    fn what_is_forgotten_leaves_nothing() {
        let mut rarity = Rarity::default();
        rarity.note(&traits("Les Loriots"));
        rarity.forget(&traits("Les Loriots"));
        assert!(rarity.words.is_empty() && rarity.structures == 0);
    }
}
