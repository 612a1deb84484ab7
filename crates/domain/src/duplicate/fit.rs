//! Which words of one name are which of another: the same, joined or cut, mistyped, abbreviated, or brought down to initials.
//!
//! What is certain is paired first, and a word is paired once. The order of words does not count here: people turn names round.

use super::name::{Name, Role, Word};
use super::spelling::{
    are_initials, distance, is_abbreviated, is_clipped, is_elided, is_mistyped, is_one_letter_apart,
};

/// Words of a name, one bit each.
pub(super) type Bits = u64;

/// How words came to be paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// They are the same, but for plural, article or the space between them.
    Same,
    /// A typing error.
    Mistyped,
    /// One letter of four.
    OneLetter,
    /// One is cut short.
    Abbreviated,
    /// One is the initials of the others.
    Initials,
}

/// Words of one name that are words of the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub words: [Bits; 2],
    pub by: By,
}

/// Two names laid over each other.
#[derive(Debug, Clone)]
pub(super) struct Fit<'a> {
    pub names: [&'a Name; 2],
    pub pairs: Vec<Pair>,
    /// Words of their own that are not paired.
    pub left: [Bits; 2],
    /// How many words are small ones mistyped, and so no words of the name.
    pub small_errors: usize,
}

impl<'a> Fit<'a> {
    /// Lays two names over each other.
    pub(super) fn of(one: &'a Name, other: &'a Name) -> Self {
        let own = |name: &Name| bits(&name.words, |word| word.role == Role::Own);
        let mut fit = Self { names: [one, other], pairs: Vec::new(), left: [own(one), own(other)], small_errors: 0 };
        fit.pair(By::Same, |a, b| a.stem == b.stem);
        fit.pair(By::Same, |a, b| is_elided(&a.stem, &b.stem));
        fit.join(0);
        fit.join(1);
        fit.pair(By::Mistyped, |a, b| is_mistyped(&a.raw, &b.raw) || is_mistyped(&a.stem, &b.stem));
        fit.pair(By::Abbreviated, |a, b| is_abbreviated(a, b) || is_abbreviated(b, a));
        // From here on the names have to have something in common already.
        if fit.pairs.len() >= 2 {
            fit.pair(By::Abbreviated, |a, b| is_clipped(&a.raw, &b.raw) || is_clipped(&b.raw, &a.raw));
        }
        if !fit.pairs.is_empty() {
            fit.pair(By::OneLetter, |a, b| is_one_letter_apart(&a.raw, &b.raw));
            fit.drop_small_errors(0);
            fit.drop_small_errors(1);
        }
        fit.bring_down(0);
        fit.bring_down(1);
        fit
    }

    /// How many pairs came about so.
    pub(super) fn count(&self, by: By) -> usize {
        self.pairs.iter().filter(|pair| pair.by == by).count()
    }

    /// Whether paired words follow each other in both names alike.
    pub(super) fn is_in_order(&self) -> bool {
        let mut places: Vec<[u32; 2]> = self.pairs.iter().map(|pair| pair.words.map(Bits::trailing_zeros)).collect();
        places.sort_unstable();
        places.is_sorted_by_key(|[_, there]| *there)
    }

    /// The words of a side that were paired, or those paired in one way.
    pub(super) fn paired(&self, side: usize, by: Option<By>) -> Bits {
        let pairs = self.pairs.iter().filter(|pair| by.is_none_or(|by| pair.by == by));
        pairs.fold(0, |all, pair| all | pair.words[side])
    }

    fn take(&mut self, words: [Bits; 2], by: By) {
        self.left = [self.left[0] & !words[0], self.left[1] & !words[1]];
        self.pairs.push(Pair { words, by });
    }

    /// Pairs each word that is left with the first that is left and fits.
    fn pair(&mut self, by: By, fits: impl Fn(&Word, &Word) -> bool) {
        let [one, other] = self.names;
        for a in each(self.left[0]) {
            let found = each(self.left[1]).find(|b| fits(&one.words[a], &other.words[*b]));
            if let Some(b) = found {
                self.take([1 << a, 1 << b], by);
            }
        }
    }

    /// Pairs two to four words of a side, one after the other, with one that they are when written together: *Bik’Lab*, *Biklab*.
    fn join(&mut self, side: usize) {
        for length in 2..=4 {
            let words: Vec<usize> = each(self.left[side]).collect();
            for run in words.windows(length) {
                let taken = run.iter().fold(0, |all: Bits, at| all | 1 << *at);
                let is_close = run[length - 1] - run[0] <= length + 1;
                if taken & self.left[side] != taken || !is_close {
                    continue;
                }
                let joined: String = run.iter().map(|at| self.names[side].words[*at].raw.as_str()).collect();
                if let Some(whole) = self.written_together(1 - side, &joined) {
                    self.take(sided(side, taken, 1 << whole), By::Same);
                }
            }
        }
    }

    fn written_together(&self, side: usize, joined: &str) -> Option<usize> {
        let stem = super::words::stem(joined);
        let is_whole = |word: &Word| {
            word.raw == joined || word.stem == stem || (joined.len() >= 12 && is_mistyped(joined, &word.raw))
        };
        each(self.left[side]).find(|at| is_whole(&self.names[side].words[*at]))
    }

    /// Takes away words that are small words of the other side with a typing error: *dse* for *des*.
    fn drop_small_errors(&mut self, side: usize) {
        let [mine, theirs] = [self.names[side], self.names[1 - side]];
        for at in each(self.left[side]) {
            let raw = mine.words[at].raw.as_bytes();
            let is_short = (2..=4).contains(&raw.len()) && raw.iter().all(u8::is_ascii_alphabetic);
            let is_near = |word: &Word| {
                word.role == Role::Small && word.raw.len() >= 2 && distance(raw, word.raw.as_bytes()) <= 1
            };
            if is_short && theirs.words.iter().any(is_near) {
                self.left[side] &= !(1 << at);
                self.small_errors += 1;
            }
        }
    }

    /// Pairs a word of a side with words of the other whose initials it is: *CSC d’Ancelme*.
    fn bring_down(&mut self, side: usize) {
        for at in each(self.left[side]) {
            let letters = &self.names[side].words[at].raw;
            if (2..=6).contains(&letters.len())
                && let Some(run) = self.with_initials(1 - side, letters)
            {
                self.take(sided(side, 1 << at, run), By::Initials);
            }
        }
    }

    /// The words of a side, one after the other and not paired yet, whose initials these letters are.
    fn with_initials(&self, side: usize, letters: &str) -> Option<Bits> {
        let words = &self.names[side].words;
        let is_free = |at: usize| words[at].role != Role::Own || self.left[side] & 1 << at != 0;
        let fits = |from: usize, to: usize| {
            let run = &words[from..to];
            let ends = [&run[0], &run[run.len() - 1]];
            ends.iter().all(|word| word.role != Role::Small) && (from..to).all(&is_free) && are_initials(letters, run)
        };
        let longest = 3 * letters.len();
        let starts = 0..words.len();
        let mut runs = starts.flat_map(|from| (from + 2..=words.len().min(from + longest)).map(move |to| (from, to)));
        let (from, to) = runs.find(|(from, to)| fits(*from, *to))?;
        let own = (from..to).filter(|at| words[*at].role == Role::Own).fold(0, |all: Bits, at| all | 1 << at);
        (own != 0).then_some(own)
    }
}

/// The words of a name that are so.
pub(super) fn bits(words: &[Word], is_so: impl Fn(&Word) -> bool) -> Bits {
    words.iter().enumerate().filter(|(_, word)| is_so(word)).fold(0, |all, (at, _)| all | 1 << at)
}

/// The places of these words, first to last.
pub(super) fn each(words: Bits) -> impl Iterator<Item = usize> {
    (0..Bits::BITS as usize).filter(move |at| words & 1 << at != 0)
}

fn sided(side: usize, mine: Bits, theirs: Bits) -> [Bits; 2] {
    if side == 0 { [mine, theirs] } else { [theirs, mine] }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How two names fit: how their words were paired, and the words that are left on each side.
    fn fit(one: &str, other: &str) -> (Vec<By>, [Vec<String>; 2]) {
        let names = [Name::of(one, None), Name::of(other, None)];
        let fit = Fit::of(&names[0], &names[1]);
        let left = [0, 1].map(|side| each(fit.left[side]).map(|at| names[side].words[at].raw.clone()).collect());
        (fit.pairs.iter().map(|pair| pair.by).collect(), left)
    }

    #[track_caller]
    fn whole(one: &str, other: &str, by: &[By]) {
        for (a, b) in [(one, other), (other, one)] {
            let (found, left) = fit(a, b);
            assert_eq!((found.as_slice(), left.concat()), (by, Vec::<String>::new()), "{a} / {b}");
        }
    }

    #[test]
    fn words_are_paired_whatever_their_order_and_plural() {
        whole("Les Jardins du Loriot", "Le loriot des jardin", &[By::Same; 2]);
        whole("L’Ouvre-Boîtes", "LOuvre Boites", &[By::Same; 2]);
        whole("Les Quatre Vents", "Les 4 vents", &[By::Same; 2]);
    }

    #[test]
    fn words_are_joined_and_cut() {
        whole("Le Bik’Lab", "LE BIKLAB", &[By::Same]);
        whole("Éco-lieu des Possibles", "Ecolieu Les Possibles", &[By::Same; 2]);
        assert_eq!(fit("Anim’Action", "Animation").1.concat().len(), 3, "near is not enough where words are joined");
    }

    #[test]
    fn words_are_mistyped_and_cut_short() {
        whole("Le Héron bleu", "Le Heorn bleu", &[By::Same, By::Mistyped]);
        whole("La Combe aux Fées", "La Combe aux Féts", &[By::Same, By::OneLetter]);
        whole("Cie du Th. de l’Alambic", "Compagnie du Théâtre de l’Alambic", &[By::Same; 3]);
        whole("Spect. de l’Alambic", "Spectacle de l’Alambic", &[By::Same, By::Abbreviated]);
        whole("Ateliers du Loriot informat", "Atelier du Loriot informatique", &[By::Same, By::Same, By::Abbreviated]);
        whole("La Halle dss Trois Loriots", "La Halle des Trois Loriots", &[By::Same; 3]);
        let (_, left) = fit("Le Pont", "Le Port");
        assert_eq!(left.concat(), ["pont", "port"]);
    }

    #[test]
    fn words_are_brought_down_to_initials() {
        whole("CSC d’Ancelme", "Centre social et culturel d’Ancelme", &[By::Same, By::Initials]);
        whole(
            "Les Amis de N.-D. des Loriots",
            "Les Amis de Notre-Dame des Loriots",
            &[By::Same, By::Same, By::Initials],
        );
        whole("MDA de la Sonde", "Maison des associations de la Sonde", &[By::Same, By::Initials]);
        let (pairs, _) = fit("CSC d’Ancelme", "Centre social d’Ancelme");
        assert_eq!(pairs, [By::Same]);
    }

    #[test]
    fn order_is_known() {
        let names = ["La Fabrique du Jardin", "Le Jardin de la Fabrique", "Fabrique et Jardin"]
            .map(|name| Name::of(name, None));
        assert!(!Fit::of(&names[0], &names[1]).is_in_order());
        assert!(Fit::of(&names[0], &names[2]).is_in_order());
    }

    #[test]
    fn a_word_is_paired_once() {
        let (pairs, left) = fit("Loriot Loriot", "Loriot");
        assert_eq!((pairs.len(), left.concat()), (1, vec!["loriot".to_owned()]));
        let long = "mot ".repeat(100);
        assert_eq!(fit(&long, &long).1.concat(), Vec::<String>::new());
    }
}
