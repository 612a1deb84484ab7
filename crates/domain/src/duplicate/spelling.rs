//! Whether two words are one, of which one was typed wrong, heard, cut short, or brought down to initials.
//!
//! All of this is asked only of words that nothing else brought together, and what it finds is not certain: the caller asks for more.

use super::name::{Role, Word};

/// Whether one is the other with a typing error, or what is left of it where an accent was lost.
///
/// Roads not taken: one measure over the whole name, for which *Mille Pas* and *Deux Pas* are alike; and a share of letters, by which long
/// words would forgive more than anybody mistypes.
pub(super) fn is_mistyped(one: &str, other: &str) -> bool {
    let (a, b) = (one.as_bytes(), other.as_bytes());
    let shorter = a.len().min(b.len());
    // Three letters have too many neighbours, and digits are never near: 33 is not 34.
    if shorter < 4 || a.len().abs_diff(b.len()) > 2 || a.iter().chain(b).any(u8::is_ascii_digit) {
        return false;
    }
    // Of four letters, one exchanged makes another word: *pont*, *port*.
    let same_letters = || sorted(a) == sorted(b);
    if shorter == 4 && a.len() == b.len() && !same_letters() {
        return false;
    }
    let begins_alike = a[0] == b[0] || a[1] == b[0] || a[0] == b[1];
    match distance(a, b) {
        0 | 1 => begins_alike || shorter >= 8,
        2 if shorter >= 9 && a[0] == b[0] => true,
        _ => lost_vowels(a, b) || lost_vowels(b, a) || (sound(one).len() >= 3 && sound(one) == sound(other)),
    }
}

/// Whether two words of four letters differ in one that is not the first.
pub(super) fn is_one_letter_apart(one: &str, other: &str) -> bool {
    let (a, b) = (one.as_bytes(), other.as_bytes());
    let is_word = |word: &[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_alphabetic);
    is_word(a) && is_word(b) && a[0] == b[0] && distance(a, b) <= 1
}

/// How many letters are lost, put in, exchanged or turned round: Damerau's distance, each pair of letters turned once.
pub(crate) fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut before = above.clone();
    for i in 1..=a.len() {
        let mut line = vec![i];
        for j in 1..=b.len() {
            let changed = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(above[j] + 1).min(line[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            line.push(least);
        }
        before = std::mem::replace(&mut above, line);
    }
    above[b.len()]
}

/// Whether one is the other without one or two of the letters that bear accents.
fn lost_vowels(short: &[u8], long: &[u8]) -> bool {
    if short.len() < 5 || !(1..=2).contains(&long.len().saturating_sub(short.len())) {
        return false;
    }
    let mut kept = 0;
    for letter in long {
        if short.get(kept) == Some(letter) {
            kept += 1;
        } else if !b"aeiouyc".contains(letter) {
            return false;
        }
    }
    kept == short.len()
}

fn sorted(word: &[u8]) -> Vec<u8> {
    let mut letters = word.to_vec();
    letters.sort_unstable();
    letters
}

/// Spellings of one sound in French, the longer first.
const SOUNDS: [(&str, &str); 17] = [
    ("eaux", "o"),
    ("eau", "o"),
    ("aux", "o"),
    ("au", "o"),
    ("ph", "f"),
    ("qu", "k"),
    ("ch", "$"),
    ("ck", "k"),
    ("c", "k"),
    ("y", "i"),
    ("ai", "e"),
    ("ei", "e"),
    ("z", "s"),
    ("h", ""),
    ("x", "ks"),
    ("en", "an"),
    ("em", "am"),
];

/// Roughly how a word sounds: what is written down from the telephone.
fn sound(word: &str) -> String {
    let mut heard = SOUNDS.iter().fold(word.to_owned(), |heard, (spelt, sound)| heard.replace(spelt, sound));
    let mut last = None;
    heard.retain(|letter| last.replace(letter) != Some(letter));
    heard.trim_end_matches(['e', 's', 't', 'd']).to_owned()
}

/// Whether one is the other after an article whose apostrophe was lost: *louvre*, *ouvre*.
pub(super) fn is_elided(one: &str, other: &str) -> bool {
    let without = |long: &str, short: &str| {
        long.strip_prefix(['l', 'd']) == Some(short)
            && short.len() >= 4
            && short.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h'])
    };
    without(one, other) || without(other, one)
}

/// Whether a word stands for a longer one: *Coop.* by its point, *Gd* by its first letter, last letter and consonants.
pub(super) fn is_abbreviated(short: &Word, long: &Word) -> bool {
    let (a, b) = (short.raw.as_bytes(), long.raw.as_bytes());
    if a.len() >= b.len() || a[0] != b[0] || a[0].is_ascii_digit() {
        return false;
    }
    if short.is_dotted && b.starts_with(a) {
        return true;
    }
    let is_contraction =
        (2..=5).contains(&a.len()) && b.len() >= 4 && a.last() == b.last() && (short.is_dotted || a.len() <= 3);
    let mut rest = b.iter();
    is_contraction
        && a[1..a.len() - 1].iter().all(|letter| !is_vowel(*letter))
        && a.iter().all(|letter| rest.any(|other| other == letter))
}

/// Whether a register cut a word short, without a point: *informat* for *informatique*.
pub(super) fn is_clipped(short: &str, long: &str) -> bool {
    let is_long = short.len() >= 5 && long.len() >= short.len() + 3;
    is_long && long.starts_with(short) && short.bytes().last().is_some_and(|letter| !is_vowel(letter))
}

fn is_vowel(letter: u8) -> bool {
    b"aeiouy".contains(&letter)
}

/// Whether letters are the initials of words: each word gives its first letter or stands whole, as in *CGSCOP*; small words and legal forms
/// may be passed over. Two letters have to be initials.
///
/// All ways to share the letters out are followed at once, so that a long name of small words costs no more than another.
pub(super) fn are_initials(letters: &str, words: &[Word]) -> bool {
    let letters = letters.as_bytes();
    if letters.len() >= u64::BITS as usize {
        return false;
    }
    // After how many letters one may be, as bits: with no, one, and two or more of them taken as initials.
    let mut reached: [u64; 3] = [1, 0, 0];
    for word in words {
        let mut next = if word.role == Role::Own { [0; 3] } else { reached };
        for (taken, places) in reached.into_iter().enumerate() {
            for at in (0..letters.len()).filter(|at| places & 1 << at != 0) {
                next[2.min(taken + 1)] |= first_letter(word, &letters[at..]) << at;
                next[taken] |= whole_word(word, &letters[at..]) << at;
            }
        }
        reached = next;
    }
    reached[2] & 1 << letters.len() != 0
}

/// The letters used, as a bit, if they begin with the first of the word.
fn first_letter(word: &Word, letters: &[u8]) -> u64 {
    if letters.first() == word.raw.as_bytes().first() { 1 << 1 } else { 0 }
}

/// The letters used, as bits, if they begin with the word, or with what follows an article grown onto it.
fn whole_word(word: &Word, letters: &[u8]) -> u64 {
    let raw = word.raw.as_bytes();
    let bare = if raw.len() > 3 && matches!(raw[0], b'd' | b'l') { &raw[1..] } else { raw };
    let used = |spelt: &[u8]| if spelt.len() > 1 && letters.starts_with(spelt) { 1 << spelt.len() } else { 0 };
    used(raw) | used(bare)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicate::name::Name;

    #[test]
    fn typing_errors_are_small_and_not_in_small_words() {
        for (one, other) in [
            ("semaphore", "semahpore"),
            ("semaphore", "semphore"),
            ("loriots", "lorriots"),
            ("vieux", "viux"),
            ("mille", "milel"),
            ("mutuel", "mutel"),
            ("craateur", "createur"),
            ("cereales", "crales"),
            ("hirondelles", "irondellez"),
            ("kiosque", "kiosk"),
            ("cordelle", "cordele"),
        ] {
            assert!(is_mistyped(one, other) && is_mistyped(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("pont", "port"),
            ("fees", "fets"),
            ("lac", "sac"),
            ("bocal", "local"),
            ("gris", "bleu"),
            ("pruniers", "cerisiers"),
            ("2012", "2013"),
            ("terre33", "terre34"),
            ("marmite", "marmotte"),
        ] {
            assert!(!is_mistyped(one, other) && !is_mistyped(other, one), "{one} {other}");
        }
        assert!(is_one_letter_apart("fees", "fets") && !is_one_letter_apart("lacs", "sacs"));
        assert!(!is_one_letter_apart("le12", "le13"));
    }

    #[test]
    fn letters_turned_round_are_one_error() {
        for (one, other, errors) in
            [("abcd", "abcd", 0), ("abcd", "abdc", 1), ("abcd", "acd", 1), ("abcd", "bd", 2), ("", "ab", 2)]
        {
            assert_eq!(distance(one.as_bytes(), other.as_bytes()), errors, "{one} {other}");
            assert_eq!(distance(other.as_bytes(), one.as_bytes()), errors, "{other} {one}");
        }
    }

    #[test]
    fn an_article_may_have_grown_on() {
        assert!(is_elided("louvre", "ouvre") && is_elided("habitat", "dhabitat"));
        assert!(!is_elided("lard", "ard") && !is_elided("lpont", "pont") && !is_elided("ouvre", "ouvre"));
    }

    fn word(text: &str) -> Word {
        Name::of(text, None).words.remove(0)
    }

    #[test]
    fn words_are_cut_short_with_a_point_or_by_their_consonants() {
        for (short, long) in [("Th.", "Théâtre"), ("Bd", "Boulevard"), ("Fed.", "Fédération"), ("Ctl.", "Central")]
        {
            assert!(is_abbreviated(&word(short), &word(long)), "{short} {long}");
        }
        for (short, long) in
            [("Th", "Théâtre"), ("Fourmi", "Fourmilière"), ("Bar", "Bazar"), ("2", "24"), ("Lac", "Lac")]
        {
            assert!(!is_abbreviated(&word(short), &word(long)), "{short} {long}");
        }
        assert!(is_clipped("informat", "informatique") && is_clipped("develop", "developpement"));
        assert!(
            !is_clipped("fourmi", "fourmiliere")
                && !is_clipped("info", "informatique")
                && !is_clipped("artisan", "artisanat")
        );
    }

    #[test]
    fn initials_are_those_of_all_words() {
        let fits = |letters: &str, name: &str| are_initials(letters, &Name::of(name, None).words);
        for (letters, name) in [
            ("rphmt", "Réseau Partage et Habitat du Mont Tirelle"),
            ("mda", "Maison des associations"),
            ("cgscop", "Confédération générale des Scop"),
            ("fnschlm", "Fédération nationale des sociétés coopératives d’HLM"),
            ("fnschlm", "Federation Nationale des Societes Cooperatives dHLM"),
            ("urscoplr", "Union régionale des Scop Loire Rance"),
            ("adel", "Association de développement de l’économie locale"),
            ("del", "Association de développement de l’économie locale"),
        ] {
            assert!(fits(letters, name), "{letters} {name}");
        }
        for (letters, name) in [
            ("rphm", "Réseau Partage et Habitat du Mont Tirelle"),
            ("rphmtx", "Réseau Partage et Habitat du Mont Tirelle"),
            ("tirelle", "Tirelle"),
            ("", "Réseau Partage"),
        ] {
            assert!(!fits(letters, name), "{letters} {name}");
        }
        assert!(!fits(&"d".repeat(30), &"de ".repeat(40)) && !fits(&"x".repeat(80), "Réseau Partage"));
    }
}
