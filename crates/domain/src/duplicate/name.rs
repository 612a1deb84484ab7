//! A structure's name taken apart: its words, each with what it says, and the names that a longer one is made of.

use super::spelling::{are_initials, distance, is_mistyped};
use super::words::{self, Sort};
use crate::code::fold;

/// How many words of a name are looked at.
const WORDS: usize = 48;

/// A name, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// All its words, in order; at most [`WORDS`].
    pub words: Vec<Word>,
    /// The letters of the words of its own.
    pub bare: String,
    /// All its letters, but for those of a legal form.
    pub spelt: String,
    /// All its letters.
    pub whole: String,
    /// What colons, brackets, hyphens and the like keep apart, where there are several: *Le Repaire – café associatif*.
    pub parts: Vec<Name>,
}

/// A word of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// As typed, folded; initials written with points are one word.
    pub raw: String,
    /// Spelt out, without plural.
    pub stem: String,
    pub role: Role,
    pub sort: Sort,
    /// Whether a point follows it.
    pub is_dotted: bool,
}

/// What a word is in its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// An article, a preposition.
    Small,
    /// Part of a legal form: who takes another stays who they are.
    Form,
    /// What is compared.
    Own,
}

/// A department, as names tell it: by number or by name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Department<'a> {
    pub code: &'a str,
    pub name: &'a str,
}

impl Name {
    /// Takes a name apart. The number of the structure's department is read as its name: *UDAF 26*.
    pub(super) fn of(text: &str, department: Option<Department<'_>>) -> Self {
        let typed = typed_words(text);
        let plain = with_roles(&typed);
        let words = match department.filter(|one| typed.len() > 1 && typed.iter().any(|word| word.raw == one.code)) {
            Some(department) => with_roles(&spell_out(&typed, department)),
            None => plain.clone(),
        };
        let parts = segments(text);
        Self {
            words,
            bare: letters(&plain, |role| role == Role::Own),
            spelt: letters(&plain, |role| role != Role::Form),
            whole: letters(&plain, |_| true),
            parts: if parts.len() > 1 {
                parts.into_iter().map(|part| Self::of(part, department)).collect()
            } else {
                Vec::new()
            },
        }
    }

    /// The words of its own.
    pub(super) fn own(&self) -> impl Iterator<Item = &Word> {
        self.words.iter().filter(|word| word.role == Role::Own)
    }

    /// The acronym that a name tells beside itself, and the name without it: *GRIP – Groupement régional d’initiatives paysannes*.
    pub(super) fn without_acronym(&self) -> Option<(String, Self)> {
        let [first, second] = self.parts.as_slice() else { return None };
        let is_told = |short: &Self, long: &Self| {
            let is_one = short.own().count() == 1 && (3..=10).contains(&short.bare.len());
            is_one && long.own().count() > 1 && are_initials(&short.bare, &long.words)
        };
        let told = [(first, second), (second, first)].into_iter().find(|(short, long)| is_told(short, long));
        told.map(|(short, long)| (short.bare.clone(), long.clone()))
    }
}

fn letters(words: &[Word], counts: impl Fn(Role) -> bool) -> String {
    words.iter().filter(|word| counts(word.role)).map(|word| word.raw.as_str()).collect()
}

/// A word and the sign that follows it.
#[derive(Debug, Clone)]
struct Typed {
    raw: String,
    sign: char,
}

/// The words as they were typed. Initials with points, or three and more letters apart, are one word; *p'tit* is one too.
fn typed_words(text: &str) -> Vec<Typed> {
    let folded = fold(text).replace('&', " et ").replace('@', "a").replace("p'tit", "ptit");
    let mut words: Vec<Typed> = Vec::new();
    let mut is_inside = false;
    for letter in folded.chars() {
        match (letter.is_alphanumeric(), words.last_mut()) {
            (true, Some(word)) if is_inside => word.raw.push(letter),
            (true, _) => words.push(Typed { raw: letter.to_string(), sign: ' ' }),
            (false, Some(word)) if is_inside => word.sign = letter,
            _ => {}
        }
        is_inside = letter.is_alphanumeric();
    }
    words.truncate(WORDS);
    join_initials(words)
}

fn join_initials(words: Vec<Typed>) -> Vec<Typed> {
    let is_initial =
        |word: &Typed| word.raw.len() == 1 && word.sign != '\'' && !word.raw.as_bytes()[0].is_ascii_digit();
    let mut joined = Vec::with_capacity(words.len());
    let mut rest = words.as_slice();
    while let [word, others @ ..] = rest {
        let length = rest.iter().take_while(|word| is_initial(word)).count();
        let has_points = length >= 2 && rest[..length - 1].iter().all(|word| word.sign == '.');
        if has_points || length >= 3 {
            joined.push(Typed { raw: rest[..length].iter().map(|word| word.raw.as_str()).collect(), sign: ' ' });
            rest = &rest[length..];
        } else {
            joined.push(word.clone());
            rest = others;
        }
    }
    joined
}

fn spell_out(typed: &[Typed], department: Department<'_>) -> Vec<Typed> {
    let name = typed_words(department.name);
    let spelt =
        typed.iter().flat_map(|word| if word.raw == department.code { name.clone() } else { vec![word.clone()] });
    spelt.take(WORDS).collect()
}

/// Tells small words and legal forms from the others. Where nothing else is left, a legal form is the name: *Coop de France*.
fn with_roles(typed: &[Typed]) -> Vec<Word> {
    let phrase = in_phrases(typed);
    let mut words: Vec<Word> = typed.iter().enumerate().map(|(at, word)| Word::of(word, at, phrase[at])).collect();
    // *Union X* is a form as *Coopérative X* is; a *union des X*, *union départementale*, is a union of several.
    if let [union, next, ..] = words.as_mut_slice()
        && union.raw == "union"
        && next.role == Role::Own
        && !next.sort.is_rank()
        && !["ale", "aire", "ive"].iter().any(|ending| next.raw.ends_with(ending))
    {
        union.role = Role::Form;
    }
    for fallback in [Role::Form, Role::Small] {
        if words.iter().all(|word| word.role != Role::Own) {
            words.iter_mut().filter(|word| word.role == fallback).for_each(|word| word.role = Role::Own);
        }
    }
    words
}

/// Which words belong to a phrase for a legal form, typing errors in its long words forgiven.
fn in_phrases(typed: &[Typed]) -> Vec<bool> {
    let is_word =
        |(typed, word): (&Typed, &&str)| typed.raw == **word || (word.len() >= 8 && is_mistyped(&typed.raw, word));
    let mut inside = vec![false; typed.len()];
    for at in 0..typed.len() {
        let rest = &typed[at..];
        let begins = |phrase: &&Vec<&str>| phrase.len() <= rest.len() && rest.iter().zip(phrase.iter()).all(is_word);
        if let Some(phrase) = words::phrases().iter().find(begins) {
            inside[at..at + phrase.len()].fill(true);
        }
    }
    inside
}

impl Word {
    fn of(typed: &Typed, at: usize, is_in_phrase: bool) -> Self {
        let (raw, stem) = (typed.raw.as_str(), words::stem(&typed.raw));
        let is_elided = typed.sign == '\'' && (raw.len() == 1 || raw == "qu");
        let is_long_form = raw.len() >= 9
            && ["cooperative", "association"].iter().any(|form| distance(raw.as_bytes(), form.as_bytes()) <= 1);
        let role = if is_elided || words::is_small(raw) {
            Role::Small
        } else if is_in_phrase || words::is_form(raw) || is_long_form || (at == 0 && raw == "ste") {
            Role::Form
        } else {
            Role::Own
        };
        let sort = Sort::of(raw, stem);
        Self { raw: raw.to_owned(), stem: stem.to_owned(), role, sort, is_dotted: typed.sign == '.' }
    }
}

/// What colons, brackets, commas, strokes and hyphens between spaces keep apart.
fn segments(text: &str) -> Vec<&str> {
    let is_hyphen = |c: char| matches!(c, '-' | '–' | '—');
    let mut parts = Vec::new();
    let (mut from, mut before) = (0, ' ');
    for (at, sign) in text.char_indices() {
        let after = text[at + sign.len_utf8()..].chars().next().unwrap_or(' ');
        if ":(),;/|«»\"".contains(sign) || (is_hyphen(sign) && (before.is_whitespace() || after.is_whitespace())) {
            parts.push(&text[from..at]);
            from = at + sign.len_utf8();
        }
        before = sign;
    }
    parts.push(&text[from..]);
    parts.retain(|part| part.contains(char::is_alphanumeric));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::of(text, None)
    }

    fn own(text: &str) -> Vec<String> {
        name(text).own().map(|word| word.stem.clone()).collect()
    }

    #[test]
    fn small_words_and_legal_forms_are_not_its_own() {
        for (text, words) in [
            ("L’Atelier des Trois Loriots", vec!["atelier", "3", "loriot"]),
            ("Association La Conserverie de la Nacelle", vec!["conserverie", "nacelle"]),
            ("Les Loriots - association loi 1901", vec!["loriot"]),
            ("Société coopérative d’intérêt collectif Les Paniers", vec!["panier"]),
            ("SCOP ARL Les Bâtisseurs", vec!["batisseur"]),
            ("Cooprative Agricole Dijon", vec!["dijon"]),
            ("Union Loriots.Coop", vec!["loriot"]),
            ("Union des Loriots", vec!["union", "loriot"]),
            ("Union départementale des Loriots", vec!["union", "departementale", "loriot"]),
            ("École Ste Mélise & Cie", vec!["ecole", "sainte", "melise", "compagnie"]),
            ("Ste Mélise", vec!["melise"]),
            ("C.R.T. Loriots", vec!["crt", "loriot"]),
            ("A R P E G E", vec!["arpege"]),
            ("Les Amis de N.-D. des Loriots", vec!["ami", "nd", "loriot"]),
            ("Un p’tit vélo", vec!["petit", "velo"]),
            ("Le 1", vec!["le", "1"]),
        ] {
            assert_eq!(own(text), words, "{text}");
        }
    }

    #[test]
    fn where_nothing_else_is_left_the_form_is_the_name() {
        assert_eq!(own("Coop"), ["coop"]);
        assert_eq!(own("La Coopérative"), ["cooperative"]);
        assert!(own("!?").is_empty() && name("").bare.is_empty());
    }

    #[test]
    fn letters_are_kept_three_ways() {
        let one = name("SCIC L’Eau vive");
        assert_eq!(
            (one.bare.as_str(), one.spelt.as_str(), one.whole.as_str()),
            ("eauvive", "leauvive", "scicleauvive")
        );
    }

    #[test]
    fn the_number_of_the_department_is_its_name() {
        let drome = Department { code: "26", name: "Drôme" };
        let stems = |text: &str| Name::of(text, Some(drome)).own().map(|word| word.stem.clone()).collect::<Vec<_>>();
        assert_eq!(stems("UDAF 26"), ["udaf", "drome"]);
        assert_eq!(stems("UDAF 27"), ["udaf", "27"]);
        assert_eq!(stems("26"), ["26"], "alone it is a name");
        assert_eq!(Name::of("UDAF 26", Some(drome)).bare, "udaf26");
    }

    #[test]
    fn a_long_name_is_made_of_parts() {
        let parts = |text: &str| name(text).parts.into_iter().map(|part| part.bare).collect::<Vec<_>>();
        assert_eq!(parts("Le Repaire – café associatif"), ["repaire", "cafeassociatif"]);
        assert_eq!(parts("Le Repaire (gens d’ici, et d’ailleurs)"), ["repaire", "gensici", "ailleurs"]);
        assert!(parts("Saint-Aubrin").is_empty() && parts("Le Repaire -").is_empty());
    }

    #[test]
    fn an_acronym_may_be_told_in_the_name() {
        for text in [
            "GRIP – Groupement régional d’initiatives paysannes",
            "Groupement régional d’initiatives paysannes (G.R.I.P.)",
        ] {
            let (acronym, rest) = name(text).without_acronym().unwrap();
            assert_eq!((acronym.as_str(), rest.own().count()), ("grip", 4), "{text}");
        }
        assert_eq!(name("Grain – Groupement régional").without_acronym(), None);
        assert_eq!(name("Groupement régional").without_acronym(), None);
    }

    #[test]
    fn names_of_any_length_and_alphabet_are_taken_apart() {
        assert_eq!(name(&"mot ".repeat(1_000)).words.len(), WORDS);
        let provence = Department { code: "04", name: "Alpes-de-Haute-Provence" };
        assert_eq!(Name::of(&"04 ".repeat(100), Some(provence)).words.len(), WORDS);
        for text in ["Łódź – Жук", "’’’", "日本 (協会)", "İ.Ş.", "é́", "-–—"] {
            let _ = name(text);
        }
    }
}
