//! How like two names are, and how much of what they share is their own.

use super::fit::{Bits, By, Fit, bits, each};
use super::name::{Name, Role, Word};
use super::spelling::are_initials;
use super::{Nearness, Rarity, Traits};

/// How one name is the other; the closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// Nothing is left over on either side.
    Whole,
    /// One is a part of the other that a sign keeps apart: *Le Repaire – café associatif*.
    Part,
    /// One says besides what sort of structure it is: *Café associatif Le Repaire*.
    Label,
    /// The same, behind the name: *Les Loriots compagnie*.
    LabelBehind,
    /// One is the acronym of the other: of so many letters, and told by the other or found.
    Initials { letters: usize, is_told: bool },
    /// One has words of its own beyond the other's.
    Within,
    /// One is a whole, a circle, an office of the other: *Les Amis du Repaire*.
    Rank,
    /// Each has words that the other has not.
    Crossing,
    /// They share no word.
    Apart,
}

/// How sure it is that words that were not the same are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// As they stand, or with enough others beside them.
    Sure,
    /// A typing error, an abbreviation.
    Spelling,
    /// A letter in a short word that is all the name has of its own.
    Letter,
}

/// How like two names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Likeness {
    pub how: How,
    pub certainty: Certainty,
    /// How many words of their own they share; counted down, so that the least is the likest.
    own: std::cmp::Reverse<usize>,
    /// How many words they share.
    pub shared: usize,
}

impl Likeness {
    const APART: Self = Self { how: How::Apart, certainty: Certainty::Sure, own: std::cmp::Reverse(0), shared: 0 };

    /// How many words that tell them from others the names share.
    pub(super) fn own(&self) -> usize {
        self.own.0
    }

    /// How like the names of two structures are: the likest pair of names, and whether one is the other's acronym.
    pub(super) fn of(one: &Traits, other: &Traits, nearness: Nearness, rarity: &Rarity) -> Self {
        let setting = Setting { sides: [one, other], nearness, rarity };
        let names = one.names.iter().flat_map(|a| other.names.iter().map(move |b| (a, b)));
        let likest = names.map(|(a, b)| setting.with_parts(a, b)).min().unwrap_or(Self::APART);
        match likest.how {
            How::Whole if setting.have_two_legal_names() => Self { how: How::Crossing, ..likest },
            How::Whole | How::Part | How::Label | How::LabelBehind => likest,
            _ => setting.initials().unwrap_or(likest),
        }
    }
}

/// What names are compared against.
#[derive(Clone, Copy)]
struct Setting<'a> {
    sides: [&'a Traits; 2],
    nearness: Nearness,
    rarity: &'a Rarity,
}

impl Setting<'_> {
    /// Two names, or a part of one and the other.
    fn with_parts(&self, one: &Name, other: &Name) -> Likeness {
        let whole = self.names(one, other);
        if whole.how == How::Whole {
            return whole;
        }
        let of = |long: &Name, short: &Name| {
            let parts = 0..long.parts.len();
            parts.filter_map(|at| self.part(long, at, short)).min().unwrap_or(Likeness::APART)
        };
        whole.min(of(one, other)).min(of(other, one))
    }

    /// A part of a name that is a whole name, where the rest of it does not make it the name of a circle or an office.
    fn part(&self, long: &Name, at: usize, short: &Name) -> Option<Likeness> {
        let rest = long.parts.iter().enumerate().filter(|(other, _)| *other != at).flat_map(|(_, part)| &part.words);
        if rest.into_iter().any(|word| word.sort.is_rank()) {
            return None;
        }
        let likeness = self.names(&long.parts[at], short);
        (likeness.how == How::Whole && likeness.own() > 0).then_some(Likeness { how: How::Part, ..likeness })
    }

    fn names(&self, one: &Name, other: &Name) -> Likeness {
        if one.bare.is_empty() || other.bare.is_empty() {
            return Likeness::APART;
        }
        if one.bare == other.bare || one.spelt == other.spelt {
            let all = bits(&one.words, |word| word.role == Role::Own);
            return self.likeness(How::Whole, Certainty::Sure, self.telling(one, all), all);
        }
        let fit = Fit::of(one, other);
        if fit.pairs.is_empty() { Likeness::APART } else { self.fitted(&fit) }
    }

    fn fitted(&self, fit: &Fit<'_>) -> Likeness {
        let telling = |by: Option<By>| {
            let of = |side: usize| self.telling(fit.names[side], fit.paired(side, by));
            of(0).min(of(1))
        };
        let (mut own, exact) = (telling(None), telling(Some(By::Same)));
        let by_initials = fit.count(By::Initials) > 0;
        if by_initials && fit.count(By::Same) == 0 {
            return Likeness::APART;
        }
        own = own.max(usize::from(by_initials));
        // Where it is, said in the name, is no part of it, but only beside something of its own: *Fablab* is not *Fablab de Laon*.
        let left = if own > 0 { self.without_place(fit) } else { fit.left };
        let (how, certainty) = match left {
            [0, 0] => self.whole(fit, own, exact),
            [0, extra] => (self.extra(fit, 1, extra), self.certainty(fit, own, exact)),
            [extra, 0] => (self.extra(fit, 0, extra), self.certainty(fit, own, exact)),
            _ => (How::Crossing, Certainty::Sure),
        };
        self.likeness(how, certainty, own, fit.paired(0, None))
    }

    fn likeness(&self, how: How, certainty: Certainty, own: usize, shared: Bits) -> Likeness {
        Likeness { how, certainty, own: std::cmp::Reverse(own), shared: shared.count_ones() as usize }
    }

    /// Names of which nothing is left over. Common words in another order are another name, and so are several errors with nothing sure beside.
    fn whole(&self, fit: &Fit<'_>, own: usize, exact: usize) -> (How, Certainty) {
        let (letters, errors) = (fit.count(By::OneLetter), fit.count(By::Mistyped) + fit.small_errors);
        let is_turned = own == 0 && !fit.is_in_order();
        let is_guess = exact == 0 && (letters > 0 || errors > 1) || (letters > 0 && errors > 0);
        let how = if is_turned || is_guess { How::Crossing } else { How::Whole };
        (how, self.certainty(fit, own, exact))
    }

    fn certainty(&self, fit: &Fit<'_>, own: usize, exact: usize) -> Certainty {
        let errors = fit.count(By::OneLetter) + fit.count(By::Mistyped) + fit.small_errors;
        let cut = fit.count(By::Abbreviated) + fit.count(By::Initials);
        if errors + cut == 0 || exact >= 2 {
            return Certainty::Sure;
        }
        let longest = each(fit.paired(0, None)).map(|at| &fit.names[0].words[at]).filter(|word| self.tells(word));
        let is_short = longest.map(|word| word.raw.len()).max().unwrap_or_default() <= 5;
        if errors > 0 && exact == 0 && own <= 1 && is_short { Certainty::Letter } else { Certainty::Spelling }
    }

    /// What the words are that one side has beyond the other.
    fn extra(&self, fit: &Fit<'_>, side: usize, extra: Bits) -> How {
        let (long, short) = (fit.names[side], fit.names[1 - side]);
        let words = || each(extra).map(|at| &long.words[at]);
        if words().any(|word| word.sort.is_rank()) {
            How::Rank
        } else if opens_with_article(long, short) || self.is_label_before(long, extra) {
            How::Label
        } else if is_label_behind(long, extra) {
            How::LabelBehind
        } else {
            How::Within
        }
    }

    /// Whether the words stand before the name and only say what sort of structure it is. A preposition between makes them part of the name:
    /// *Le Café du Repaire*.
    fn is_label_before(&self, long: &Name, extra: Bits) -> bool {
        let all_general = each(extra).all(|at| long.words[at].sort.is_general());
        let kept = bits(&long.words, |word| word.role == Role::Own) & !extra;
        if !all_general || kept == 0 {
            return false;
        }
        let last = extra.ilog2();
        let is_bound = |from: u32, to: u32| long.words[from as usize..to as usize].iter().any(is_preposition);
        let start = kept.trailing_zeros();
        if last < start && !is_bound(last, start) {
            return true;
        }
        // Or among other words that say so: *Épicerie sociale et solidaire L’Escale*.
        let telling = bits(&long.words, |word| self.tells(word)) & kept;
        let first = if telling == 0 { start } else { telling.trailing_zeros() };
        let own_before = (kept | extra) & ((1 << first) - 1);
        last < first && !is_bound(own_before.ilog2(), first)
    }

    /// Words left over, but for those that say where the structures are, where that is the same.
    fn without_place(&self, fit: &Fit<'_>) -> [Bits; 2] {
        if self.nearness != Nearness::Same {
            return fit.left;
        }
        [0, 1].map(|side| fit.left[side] & !bits(&fit.names[side].words, |word| self.is_place(word)))
    }

    fn is_place(&self, word: &Word) -> bool {
        self.sides.iter().any(|side| side.place_words.iter().any(|place| *place == word.stem || *place == word.raw))
    }

    /// Whether a word tells its bearer from others.
    fn tells(&self, word: &Word) -> bool {
        let is_mark = word.raw.len() <= 2 && !word.raw.bytes().all(|byte| byte.is_ascii_alphabetic());
        word.role == Role::Own
            && !word.sort.is_general()
            && !is_mark
            && !self.rarity.is_common(&word.stem)
            && !self.is_place(word)
    }

    /// How many of these words tell their bearer from others. Four common words together are one.
    fn telling(&self, name: &Name, words: Bits) -> usize {
        let count = each(words).filter(|at| self.tells(&name.words[*at])).count();
        let common = || {
            let of_weight = |word: &&Word| word.role == Role::Own && word.raw.len() > 2 && !self.is_place(word);
            let mut all: Vec<&str> =
                each(words).map(|at| &name.words[at]).filter(of_weight).map(|word| word.stem.as_str()).collect();
            all.sort_unstable();
            all.dedup();
            all.len()
        };
        if count == 0 && common() >= 4 { 1 } else { count }
    }

    /// Whether both have a legal name, these are not alike, and the name they share is so short that it may be two acronyms.
    fn have_two_legal_names(&self) -> bool {
        let [one, other] = self.sides;
        let ([a, legal_a, ..], [b, legal_b, ..]) = (one.names.as_slice(), other.names.as_slice()) else { return false };
        a.bare.len().max(b.bare.len()) <= 6 && self.names(legal_a, legal_b).how >= How::Crossing
    }

    /// Whether one goes by the acronym of the other.
    fn initials(&self) -> Option<Likeness> {
        let [one, other] = self.sides;
        let found = self.acronym(one, other).or_else(|| self.acronym(other, one))?;
        Some(self.likeness(found, Certainty::Sure, 1, 1))
    }

    fn acronym(&self, short: &Traits, long: &Traits) -> Option<How> {
        // Who has another name beside, which is not the other's, is another with the same initials.
        let is_like = |name: &Name| long.names.iter().all(|other| self.names(name, other).how < How::Crossing);
        let names = short
            .names
            .iter()
            .enumerate()
            .filter(|(at, _)| short.names.iter().enumerate().all(|(other, name)| other == *at || is_like(name)));
        names.flat_map(|(_, name)| self.letters(short, name)).find_map(|letters| {
            let how = |is_told: bool| How::Initials { letters: letters.len(), is_told };
            let is_told = letters.len() >= 3 && long.acronym.as_deref() == Some(letters.as_str());
            let is_other = short.acronym.is_some() && long.acronym.is_some() && short.acronym != long.acronym;
            let fits = |name: &Name| {
                let is_long = name.words.iter().filter(|word| word.role != Role::Small).count() >= 2;
                is_long && letters != name.bare && are_initials(&letters, &name.words)
            };
            let is_found = || letters.len() >= 3 && !is_other && long.names.iter().any(fits);
            if is_told { Some(how(true)) } else { is_found().then(|| how(false)) }
        })
    }

    /// The letters that a name may be as an acronym: with and without the legal form, and without the place.
    fn letters(&self, of: &Traits, name: &Name) -> Vec<String> {
        let is_place = |word: &Word| of.place_words.contains(&word.stem);
        let placeless: String = name.own().filter(|word| !is_place(word)).map(|word| word.raw.as_str()).collect();
        let mut all = vec![name.bare.clone(), name.whole.clone(), placeless];
        all.retain(|letters| (2..=24).contains(&letters.len()));
        all
    }
}

const ARTICLES: [&str; 6] = ["le", "la", "les", "l", "un", "une"];

/// Whether the longer name is some words and then the shorter from its article on: what stands before an article says what bears the name.
fn opens_with_article(long: &Name, short: &Name) -> bool {
    let is_article = |word: &Word| ARTICLES.contains(&word.raw.as_str());
    let at = long.words.len().saturating_sub(short.words.len());
    let tail = &long.words[at..];
    let is_same = tail.len() == short.words.len() && tail.iter().zip(&short.words).all(|(a, b)| a.stem == b.stem);
    let opens = [tail, &short.words].iter().all(|words| words.first().is_some_and(is_article));
    at > 0 && is_same && opens && long.words[at - 1].role != Role::Small
}

/// Whether the words stand behind the name and only say what sort of structure it is; not where a branch would be called so.
fn is_label_behind(long: &Name, extra: Bits) -> bool {
    let kept = bits(&long.words, |word| word.role == Role::Own) & !extra;
    let is_label = |at: usize| long.words[at].sort.is_general() && !long.words[at].sort.is_branch();
    kept != 0 && extra.trailing_zeros() > kept.ilog2() && each(extra).all(is_label)
}

fn is_preposition(word: &Word) -> bool {
    ["de", "du", "des", "d", "a", "au", "aux", "pour", "et", "en", "sur"].contains(&word.raw.as_str())
        && word.role == Role::Small
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Place;
    use crate::structure::{Site, Structure};
    use crate::{Gazetteer, Rules, Thesaurus};

    fn traits(name: &str, commune: &str) -> Traits {
        let place = Place::find("x", commune, Gazetteer::embedded()).ok();
        let sites = vec![Site { place, ..Site::default() }];
        Traits::of(&Structure { name: name.into(), sites, ..Structure::default() }, &Rules::new(Thesaurus::default()))
    }

    fn likeness(one: &str, other: &str, rarity: &Rarity) -> Likeness {
        let (one, other) = (traits(one, "Gap"), traits(other, "Gap"));
        Likeness::of(&one, &other, super::super::locality::nearness(&one.spots, &other.spots), rarity)
    }

    /// How one name is the other in one commune, and how many words of their own they share.
    fn how(one: &str, other: &str) -> (How, usize) {
        let there = likeness(one, other, &Rarity::default());
        let back = likeness(other, one, &Rarity::default());
        assert_eq!((there.how, there.own()), (back.how, back.own()), "{one} / {other}");
        (there.how, there.own())
    }

    #[test]
    fn words_of_their_own_are_counted() {
        assert_eq!(how("Le Jardin du Héron bleu", "Jardin du Heron Bleu"), (How::Whole, 2));
        assert_eq!(how("L’Épicerie solidaire", "Épicerie solidaire"), (How::Whole, 0));
        assert_eq!(how("Fablab de Gap", "FABLAB GAP"), (How::Whole, 0), "a commune tells nobody from others in it");
        assert_eq!(
            how("Réseau d’échange de savoir et d’outils", "Réseau échanges savoirs outils"),
            (How::Whole, 1),
            "four common words"
        );
    }

    #[test]
    fn what_is_left_over_makes_the_difference() {
        assert_eq!(how("Ferme du Loriot", "Ferme du Merle").0, How::Crossing);
        assert_eq!(how("Le Loriot", "Le Loriot bleu").0, How::Within);
        assert_eq!(how("Le Loriot", "Librairie Le Loriot").0, How::Label);
        assert_eq!(how("Le Loriot", "Loriot compagnie").0, How::LabelBehind);
        assert_eq!(how("Le Loriot", "Loriot Formation").0, How::Within, "a branch");
        assert_eq!(how("Le Loriot", "La Librairie du Loriot").0, How::Within, "a preposition binds");
        assert_eq!(how("Le Loriot", "Le Loriot – gens d’ici").0, How::Part);
        assert_eq!(how("Le Loriot", "Union des Loriots").0, How::Rank);
        assert_eq!(how("Le Loriot", "Le Loriot – section jeunes").0, How::Rank);
        assert_eq!(how("Le Loriot de Gap", "Le Loriot").0, How::Whole);
        assert_eq!(how("Le Loriot", "La Bobine").0, How::Apart);
        assert_eq!(how("!?", "La Bobine").0, How::Apart);
    }

    #[test]
    fn initials_are_found_or_told() {
        assert_eq!(
            how("GRIP", "Groupement régional d’initiatives paysannes").0,
            How::Initials { letters: 4, is_told: false }
        );
        assert_eq!(
            how("GRIP", "Groupement régional d’initiatives paysannes (GRIP)").0,
            How::Initials { letters: 4, is_told: true }
        );
    }

    #[test]
    fn a_guess_is_less_sure_the_shorter_the_name() {
        let certainty = |one: &str, other: &str| likeness(one, other, &Rarity::default()).certainty;
        assert_eq!(certainty("Le Loriot", "Le Loriot"), Certainty::Sure);
        assert_eq!(
            certainty("Le Loriot du Merlon bleu", "Le Loirot du Merlon bleu"),
            Certainty::Sure,
            "two more are beside it"
        );
        assert_eq!(certainty("Le Loriot", "Le Loirot"), Certainty::Spelling);
        assert_eq!(certainty("La Garde", "La Gare"), Certainty::Letter);
        assert_eq!(certainty("Cie Loriot", "Compagnie Loriot"), Certainty::Sure);
    }

    #[test]
    fn a_word_that_many_have_is_nobodys_own() {
        let mut rarity = Rarity::default();
        for number in 0..20 {
            rarity.note(&traits(&format!("Loriot {number}"), "Gap"));
        }
        assert_eq!(likeness("Le Loriot", "Loriot", &Rarity::default()).own(), 1);
        assert_eq!(likeness("Le Loriot", "Loriot", &rarity).own(), 0);
        assert_eq!(likeness("Librairie Le Loriot", "Le Loriot", &rarity).how, How::Label);
    }
}
