//! Takes French text apart into words as they are compared: what is indexed and what is typed go the same way.
//!
//! Accents are folded before the stemmer runs, not after: who types without accents has to reach the same stem. The stemmer
//! then no longer sees `é`, so the endings it would have taken off by it are shortened here ([`shortened`]).

use pes_domain::code::fold;
use std::borrow::Cow;
use tantivy::tokenizer::{
    Language, RawTokenizer, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
};

/// The analyzer that drops stop words and stems.
pub(crate) const STEMS: &str = "pes-stems";
/// The analyzer that drops stop words and keeps each other word as it is written.
pub(crate) const FORMS: &str = "pes-forms";
/// The analyzer that keeps stop words alone.
pub(crate) const STOPS: &str = "pes-stops";

/// No word is longer, in bytes; longer ones are not words.
const LONGEST: usize = 60;
/// Up to so many parts between hyphens are written together too.
const MOST_JOINED: usize = 3;

/// What is elided before a vowel. Everything else before an apostrophe belongs to the word: *aujourd'hui*, *prud'hommes*.
const ELISIONS: &[&str] =
    &["c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu"];

/// What makes one word with the next one, whatever stands between them: *co working*, *éco-lieu*. None of them is a word by itself.
const PREFIXES: &[&str] =
    &["agro", "anti", "co", "eco", "inter", "micro", "mini", "multi", "neo", "peri", "pluri", "socio", "tele"];

/// Words without which a search says the same. Single letters count among them.
const STOP_WORDS: &[&str] = &[
    "afin", "ai", "alors", "apres", "au", "aucun", "aussi", "autre", "autres", "aux", "avec", "avoir", "ayant", "car",
    "ce", "cela", "ces", "cet", "cette", "ceux", "chaque", "chez", "comme", "comment", "dans", "de", "depuis", "des",
    "donc", "dont", "du", "elle", "elles", "en", "entre", "est", "et", "etaient", "etait", "ete", "etre", "eu", "eux",
    "ici", "il", "ils", "je", "la", "le", "les", "leur", "leurs", "lors", "lui", "ma", "mais", "me", "meme", "memes",
    "mes", "moi", "mon", "ne", "ni", "nos", "notre", "nous", "on", "ont", "ou", "par", "pas", "plus", "pour", "puis",
    "quand", "que", "quel", "quelle", "quelles", "quels", "qui", "quoi", "sa", "sans", "se", "ses", "si", "sois",
    "soit", "son", "sont", "sous", "suis", "sur", "ta", "te", "tes", "toi", "ton", "tous", "tout", "toute", "toutes",
    "tu", "un", "une", "vers", "vos", "votre", "vous",
];

/// What the stemmer is given in the place of an ending: *réparée*, *menuisière*, *productrice*, *paysanne*, *vélos*. The longest first.
const ENDINGS: &[(&str, &str)] = &[
    ("trices", "teur"),
    ("trice", "teur"),
    ("annes", "an"),
    ("ieres", "ier"),
    ("anne", "an"),
    ("iere", "ier"),
    ("ees", "e"),
    ("ee", "e"),
    ("as", "a"),
    ("es", "e"),
    ("is", "i"),
    ("os", "o"),
    ("us", "u"),
];

/// A word as somebody wrote it, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// The word; or the words that stood between hyphens. Never empty, and none is.
    pub(crate) parts: Vec<String>,
    /// The parts written together, where there are a few: who writes *éco-lieu* means *écolieu*.
    pub(crate) joined: Option<String>,
}

impl Word {
    fn of(parts: Vec<String>) -> Option<Self> {
        let is_compound = (2..=MOST_JOINED).contains(&parts.len());
        let joined = is_compound.then(|| parts.concat()).filter(|joined| joined.len() <= LONGEST);
        (!parts.is_empty()).then_some(Self { parts, joined })
    }

    /// Whether nothing of it says anything.
    pub(crate) fn is_stop_word(&self) -> bool {
        self.parts.iter().all(|part| is_stop_word(part))
    }
}

/// The words of a text, in its order.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let folded = fold(text);
    let is_within = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '-' | '.' | '\u{2010}' | '\u{2011}');
    let mut runs = folded.split(|c: char| !is_within(c)).peekable();
    let mut words = Vec::new();
    while let Some(run) = runs.next() {
        // Between two runs stands one sign: with nothing between two signs, those words are apart.
        let next = runs.peek().filter(|next| next.starts_with(char::is_alphabetic) && is_prefix(run));
        if let Some(next) = next {
            words.extend(compound(&format!("{run}-{next}")));
            runs.next();
            continue;
        }
        match acronym(run) {
            Some(letters) => words.extend(Word::of(vec![letters])),
            None => words.extend(run.split('.').filter_map(compound)),
        }
    }
    words
}

/// Whether a word makes one with the next one.
fn is_prefix(run: &str) -> bool {
    PREFIXES.contains(&without_elision(run).as_str())
}

/// The words written one after the other, without what is elided: how names are compared, and where they begin.
pub(crate) fn line(text: &str) -> String {
    words(text).into_iter().flat_map(|word| word.parts).collect::<Vec<_>>().join(" ")
}

/// Whether a search says the same without it.
pub(crate) fn is_stop_word(word: &str) -> bool {
    let is_letter = word.len() == 1 && !word.as_bytes()[0].is_ascii_digit();
    is_letter || STOP_WORDS.binary_search(&word).is_ok()
}

/// The stem of a word that is folded already.
pub(crate) fn stem(word: &str) -> String {
    let mut analyzer = TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(Language::French)).build();
    let shortened = shortened(word);
    let mut stream = analyzer.token_stream(&shortened);
    stream.next().map(|token| token.text.clone()).unwrap_or_default()
}

/// Teaches an index both analyzers.
pub(crate) fn register(tokenizers: &TokenizerManager) {
    let of = |keeps| French { keeps, waiting: Vec::new(), token: Token::default() };
    let stems = TextAnalyzer::builder(of(Keeps::ToStem)).filter(Stemmer::new(Language::French));
    tokenizers.register(STEMS, stems.build());
    tokenizers.register(FORMS, TextAnalyzer::builder(of(Keeps::Forms)).build());
    tokenizers.register(STOPS, TextAnalyzer::builder(of(Keeps::Stops)).build());
}

/// The letters of `s.c.i.c` or `a.m.a.p.`, if that is what it is.
fn acronym(run: &str) -> Option<String> {
    let letters: Vec<&str> = run.trim_end_matches('.').split('.').collect();
    let is_one = letters.len() > 1 && letters.iter().all(|letter| letter.chars().count() == 1);
    is_one.then(|| letters.concat())
}

fn compound(run: &str) -> Option<Word> {
    let parts = run.split(['-', '\u{2010}', '\u{2011}']).map(without_elision);
    Word::of(parts.filter(|part| !part.is_empty() && part.len() <= LONGEST).collect())
}

/// The word without what is elided before it; other apostrophes are dropped and the word stays one.
fn without_elision(part: &str) -> String {
    let mut rest = part;
    while let Some((head, tail)) = rest.split_once('\'') {
        if !head.is_empty() && !ELISIONS.contains(&head) {
            break;
        }
        rest = tail;
    }
    rest.replace('\'', "")
}

/// A folded word with the endings that the stemmer knows by their accent, or not at all, in a form it knows.
fn shortened(word: &str) -> Cow<'_, str> {
    let known = ENDINGS.iter().find_map(|(ending, short)| Some((word.strip_suffix(ending)?, *short)));
    match known.filter(|(rest, _)| rest.len() >= 2) {
        Some((rest, "")) => Cow::Borrowed(rest),
        Some((rest, short)) => Cow::Owned(format!("{rest}{short}")),
        None => Cow::Borrowed(word),
    }
}

/// What is kept of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeps {
    /// Words, as the stemmer is given them.
    ToStem,
    /// Words, as they are written.
    Forms,
    /// Stop words.
    Stops,
}

#[derive(Clone)]
struct French {
    keeps: Keeps,
    /// The words still to be given, last first.
    waiting: Vec<String>,
    token: Token,
}

struct FrenchStream<'a>(&'a mut French);

impl Tokenizer for French {
    type TokenStream<'a> = FrenchStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> FrenchStream<'a> {
        self.token.reset();
        self.waiting.clear();
        for word in words(text) {
            let all = word.parts.into_iter().chain(word.joined);
            self.waiting.extend(all.filter(|word| is_stop_word(word) == (self.keeps == Keeps::Stops)));
        }
        self.waiting.reverse();
        FrenchStream(self)
    }
}

impl TokenStream for FrenchStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(word) = self.0.waiting.pop() else { return false };
        self.0.token.text.clear();
        let text = if self.0.keeps == Keeps::ToStem { shortened(&word) } else { Cow::Borrowed(word.as_str()) };
        self.0.token.text.push_str(&text);
        self.0.token.position = self.0.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        &self.0.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.0.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.parts.join("+")).collect()
    }

    #[test]
    fn stop_words_are_looked_up_in_their_order_and_are_folded() {
        assert!(STOP_WORDS.is_sorted());
        assert!(STOP_WORDS.iter().all(|word| fold(word) == **word));
        for word in ["de", "ici", "à", "vous", "l", "y"].map(fold) {
            assert!(is_stop_word(&word), "{word}");
        }
        for word in ["bio", "7", "or", "sel", "eau"] {
            assert!(!is_stop_word(word), "{word}");
        }
    }

    #[test]
    fn text_is_taken_apart_where_words_end() {
        assert_eq!(parts("L’Épicerie, c’est (tout) bon!"), ["epicerie", "est", "tout", "bon"]);
        assert_eq!(parts("Saint-Rémy-de-Provence"), ["saint+remy+de+provence"]);
        assert_eq!(parts("contact@mesclun.example/amap_nice"), ["contact", "mesclun", "example", "amap", "nice"]);
        assert_eq!(parts("24h/24, 7j/7 – 1er étage"), ["24h", "24", "7j", "7", "1er", "etage"]);
        assert_eq!(parts(" ' - . '' -- … "), [""; 0]);
        assert_eq!(parts("'citation' -tiret- .point."), ["citation", "tiret", "point"]);
    }

    #[test]
    fn what_is_elided_goes_and_other_apostrophes_are_closed_up() {
        assert_eq!(parts("l'eau d’ici jusqu’aux prud’hommes"), ["eau", "ici", "aux", "prudhommes"]);
        assert_eq!(parts("aujourd'hui rock’n’roll"), ["aujourdhui", "rocknroll"]);
        assert_eq!(parts("d'l'eau"), ["eau"]);
        assert_eq!(parts("l’éco-lieu d’aide-à-domicile"), ["eco+lieu", "aide+a+domicile"]);
    }

    #[test]
    fn an_acronym_is_one_word() {
        assert_eq!(parts("S.C.I.C. et A.M.A.P"), ["scic", "et", "amap"]);
        assert_eq!(parts("M. Dupont, etc."), ["m", "dupont", "etc"]);
        assert_eq!(parts("v2.0"), ["v2", "0"]);
    }

    #[test]
    fn a_few_parts_are_written_together_too() {
        let joined = |text: &str| words(text)[0].joined.clone();
        assert_eq!(joined("éco-construction").as_deref(), Some("ecoconstruction"));
        assert_eq!(joined("porte-à-porte").as_deref(), Some("porteaporte"));
        assert_eq!((joined("a-b-c-d"), joined("mot")), (None, None));
        assert_eq!(joined(&format!("{}-{}", "a".repeat(40), "b".repeat(40))), None);
    }

    #[test]
    fn what_is_no_word_by_itself_makes_one_with_the_next() {
        assert_eq!(parts("un éco lieu, du co working"), ["un", "eco+lieu", "du", "co+working"]);
        assert_eq!(parts("l’inter réseau et l'éco-lieu"), ["inter+reseau", "et", "eco+lieu"]);
        assert_eq!(words("co  working").len(), 2, "two spaces are two words");
        assert_eq!(parts("co, working; éco 2024 co"), ["co", "working", "eco", "2024", "co"]);
        assert_eq!(words("co working")[0].joined.as_deref(), Some("coworking"));
        assert_eq!(line("Co working de l’éco lieu"), "co working de eco lieu");
    }

    #[test]
    fn what_is_too_long_is_no_word() {
        assert_eq!(parts(&format!("avant {} après", "x".repeat(61))), ["avant", "apres"]);
        assert_eq!(parts(&"é".repeat(60)).len(), 1);
    }

    #[test]
    fn a_name_is_looked_up_as_it_is_read() {
        assert_eq!(line("L’Atelier du Vieux-Port (S.C.I.C.)"), "atelier du vieux port scic");
        assert_eq!(line("  "), "");
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        let families = [
            "ressourcerie ressourceries",
            "association associations associatif associative",
            "menuisier menuisiers menuisière menuisières",
            "producteur producteurs productrice productrices",
            "paysan paysans paysanne paysannes",
            "local locaux locale locales",
            "partagé partagée partagés partagées partage partages",
            "coopérative coopératives coopératif coopération",
            "bénévole bénévoles",
            "vélo vélos",
            "ami amis amie amies",
            "menu menus",
            "repas",
        ];
        for family in families {
            let stems: Vec<String> = family.split(' ').map(|word| stem(&fold(word))).collect();
            assert!(stems.iter().all(|other| *other == stems[0]), "{family}: {stems:?}");
        }
        for (one, other) in [("pain", "paysan"), ("jardin", "jardinerie"), ("boulanger", "bois")] {
            assert_ne!(stem(one), stem(other));
        }
    }

    #[test]
    fn what_is_indexed_and_what_is_typed_go_the_same_way() {
        let tokenizers = TokenizerManager::default();
        register(&tokenizers);
        let tokens = |name: &str, text: &str| {
            let mut analyzer = tokenizers.get(name).expect("it was registered");
            let mut tokens = Vec::new();
            analyzer.token_stream(text).process(&mut |token| tokens.push((token.text.clone(), token.position)));
            tokens
        };
        let text = "Les menuisières de l’éco-lieu";
        let stems: Vec<String> = ["menuisieres", "eco", "lieu", "ecolieu"].map(stem).into();
        assert_eq!(tokens(STEMS, text).into_iter().map(|(text, _)| text).collect::<Vec<_>>(), stems);
        let forms = ["menuisieres", "eco", "lieu", "ecolieu"].map(str::to_owned);
        assert_eq!(tokens(FORMS, text), forms.into_iter().zip(0..).collect::<Vec<_>>());
        let stops = ["les", "de"].map(str::to_owned);
        assert_eq!(tokens(STOPS, text), stops.into_iter().zip(0..).collect::<Vec<_>>());
    }
}
