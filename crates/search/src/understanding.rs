//! What words mean besides themselves: places of the gazetteer, concepts of the thesaurus.
//!
//! Nothing here knows what the index holds. Whether a word that is also a commune's name is meant as the commune is decided where
//! both can be counted ([`crate::look`]).

use crate::analyzer::{self, Word, is_stop_word, line, stem};
use pes_domain::code::fold;
use pes_domain::place::{Area, AreaKind};
use pes_domain::territories::REGIONS;
use pes_domain::{Code, List, Rules};
use std::collections::HashMap;

/// So many words of what was typed may be one place or one concept.
const MOST_WORDS: usize = 8;
/// After these a place is a place, whatever else its name may mean.
const BEFORE_A_PLACE: &[&str] =
    &["a", "alentours", "autour", "cote", "dans", "en", "environs", "pres", "proximite", "sur", "vers"];
/// Between such a word and the name.
const ARTICLES: &[&str] = &["d", "de", "des", "du", "l", "la", "le", "les"];
/// Ordinary words that are names of departments, communes or former communes too. Written small and without *à* or *dans* before them they are
/// words: *pas cher*, *un lot*, *mer du nord*.
const ORDINARY: &[&str] = &[
    "agneaux",
    "aigle",
    "attaques",
    "aube",
    "avion",
    "avoine",
    "bar",
    "bars",
    "bio",
    "blanc",
    "bois",
    "bonne",
    "bourg",
    "bruyeres",
    "cabannes",
    "campagne",
    "cellier",
    "cendre",
    "chambre",
    "champagne",
    "champs",
    "change",
    "charge",
    "charmes",
    "chars",
    "chemin",
    "cher",
    "conte",
    "contes",
    "corps",
    "cote",
    "coteau",
    "couronne",
    "cours",
    "couture",
    "creche",
    "creuse",
    "croix",
    "diamant",
    "don",
    "drap",
    "ecole",
    "entrelacs",
    "etain",
    "falaise",
    "fleche",
    "fontaine",
    "force",
    "fosses",
    "frais",
    "gaillard",
    "garde",
    "gorges",
    "grand",
    "grenade",
    "haye",
    "hopital",
    "jardin",
    "landes",
    "ligne",
    "lire",
    "lot",
    "machine",
    "maire",
    "manche",
    "marche",
    "marines",
    "mene",
    "mer",
    "mere",
    "monastere",
    "monnaie",
    "montagne",
    "monts",
    "moule",
    "mure",
    "nord",
    "ormes",
    "pace",
    "palais",
    "parc",
    "pas",
    "passage",
    "peintre",
    "pierre",
    "place",
    "plaisir",
    "planche",
    "pommiers",
    "pont",
    "port",
    "portes",
    "publier",
    "quartier",
    "rives",
    "roche",
    "rouge",
    "rousses",
    "rue",
    "sablons",
    "salle",
    "salon",
    "sens",
    "serre",
    "serres",
    "signes",
    "simple",
    "somme",
    "syndicat",
    "table",
    "terrasse",
    "titre",
    "tonnerre",
    "touches",
    "tour",
    "trait",
    "tresses",
    "union",
    "val",
    "vif",
    "ville",
    "villes",
    "vue",
];
/// A commune with fewer people is a word wherever any entry that is elsewhere says it.
const SMALL: u32 = 2_000;

/// All words with a meaning.
pub(crate) struct Lexicon {
    /// Stems of labels and alternatives, in a row.
    concepts: HashMap<String, Vec<Code>>,
    /// Labels and alternatives as they are looked up ([`line`]), in alphabetical order.
    labels: Vec<(String, Code)>,
    /// Departments, regions, intercommunalities and their names, in the same way.
    areas: Vec<(String, Area)>,
}

/// A place among what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlaceRead {
    pub(crate) label: String,
    pub(crate) areas: Vec<Area>,
    /// What was typed beside it.
    pub(crate) rest: String,
    /// The one word that may as well mean something else.
    pub(crate) doubtful: Option<Doubt>,
    /// Its name in words, those apart that say nothing.
    pub(crate) said: Vec<String>,
}

/// A word that is the name of a place, and may be a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Doubt {
    pub(crate) word: String,
    pub(crate) kind: Likeness,
}

/// What the word looks like, as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// An ordinary word, written like one.
    Word,
    /// A village that few know, written like a word.
    Village,
    /// A name.
    Name,
}

/// Words in a row, with the concepts they are the name of; none: a single word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) words: Vec<Word>,
    pub(crate) codes: Vec<Code>,
}

impl Span {
    /// The words one by one, where they are the name of nothing after all.
    pub(crate) fn told_apart(self) -> Vec<Self> {
        if self.words.len() < 2 || !self.codes.is_empty() {
            return vec![self];
        }
        let words = self.words.into_iter().filter(|word| !word.is_stop_word());
        words.map(|word| Self { words: vec![word], codes: Vec::new() }).collect()
    }
}

impl Lexicon {
    pub(crate) fn new(rules: &Rules) -> Self {
        let (mut concepts, mut labels) = (HashMap::<String, Vec<Code>>::new(), Vec::new());
        for concept in List::ALL.into_iter().flat_map(|list| rules.thesaurus.list(list)) {
            for name in concept.alternatives.iter().chain([&concept.label]) {
                let known = concepts.entry(stems(&analyzer::words(name))).or_default();
                if !known.contains(&concept.code) {
                    known.push(concept.code.clone());
                }
                labels.push((line(name), concept.code.clone()));
            }
        }
        labels.retain(|(label, _)| !label.is_empty());
        concepts.remove("");
        labels.sort();
        Self { concepts, labels, areas: areas(rules) }
    }

    /// The place somebody named at the end or at the beginning of what they typed: the longest name there is, one that is surely a
    /// place before one that may be none, one at the end before one at the beginning.
    pub(crate) fn place(&self, typed: &str, rules: &Rules) -> Option<PlaceRead> {
        let is_between = |c: char| c.is_whitespace() || ",;".contains(c);
        let words: Vec<&str> = typed.split(is_between).filter(|word| !word.is_empty()).collect();
        let longest = words.len().min(MOST_WORDS);
        let at_end = (1..=longest).rev().find_map(|count| {
            let (rest, name) = words.split_at(words.len() - count);
            self.place_of(name, rest, rules)
        });
        // A number at the beginning counts something, as in *24 heures*.
        let is_number = |word: &&str| word.len() < 5 && word.starts_with(|c: char| c.is_ascii_digit());
        let first = if words.first().is_some_and(is_number) { 0 } else { longest };
        let at_beginning = (1..=first).rev().find_map(|count| {
            let (name, rest) = words.split_at(count);
            let read = self.place_of(name, &[], rules)?;
            // Whatever stands first is written large.
            let doubtful = read
                .doubtful
                .map(|doubt| if rest.is_empty() { doubt } else { doubt.written_small(&read.areas, rules) });
            Some(PlaceRead { rest: rest.join(" "), doubtful, ..read })
        });
        let mut both = at_end.into_iter().chain(at_beginning).collect::<Vec<_>>();
        both.sort_by_key(|read| read.doubtful.is_some());
        both.into_iter().next()
    }

    fn place_of(&self, name: &[&str], rest: &[&str], rules: &Rules) -> Option<PlaceRead> {
        let name = name.join(" ");
        let (label, areas) = self.named(&name, rules)?;
        let said: Vec<String> = analyzer::words(&name).into_iter().flat_map(|word| word.parts).collect();
        let said: Vec<String> = said.into_iter().filter(|word| !is_stop_word(word)).collect();
        let before = rest.iter().map(|word| fold(word)).rfind(|word| !ARTICLES.contains(&word.as_str()));
        let is_said = before.is_some_and(|word| BEFORE_A_PLACE.contains(&word.as_str()));
        let doubtful = match said.as_slice() {
            [word] if !is_said && !word.contains(|c: char| c.is_ascii_digit()) => Some(word.clone()),
            _ => None,
        };
        let doubtful = doubtful.map(|word| {
            let doubt = Doubt { word, kind: Likeness::Name };
            let is_large =
                name.split([' ', '\'', '’']).next_back().is_some_and(|last| last.starts_with(char::is_uppercase));
            if is_large { doubt } else { doubt.written_small(&areas, rules) }
        });
        let rest = if is_said { before_what_says_so(rest) } else { rest };
        Some(PlaceRead { label, areas, rest: rest.join(" "), doubtful, said })
    }

    /// The territories of a name or number, and what they are called.
    fn named(&self, name: &str, rules: &Rules) -> Option<(String, Vec<Area>)> {
        let gazetteer = rules.gazetteer;
        // *d'Aix-en-Provence*: the gazetteer wants the name alone.
        let bare = fold(name);
        let bare = ["d'", "l'"].iter().find_map(|elided| bare.strip_prefix(elided));
        let mut communes = gazetteer.find(name);
        if let (true, Some(bare)) = (communes.is_empty(), bare) {
            communes = gazetteer.find(bare);
        }
        let mut areas: Vec<Area> = communes.iter().map(|commune| Area::new(AreaKind::Commune, &commune.code)).collect();
        let department = Area::new(AreaKind::Department, name.to_uppercase());
        areas.extend(gazetteer.area_name(&department).is_some().then_some(department));
        let key = line(name);
        let begin = self.areas.partition_point(|(other, _)| *other < key);
        areas.extend(self.areas[begin..].iter().take_while(|(other, _)| *other == key).map(|(_, area)| area.clone()));
        let is_postcode = communes.len() > 1 && name.len() == 5 && name.bytes().all(|byte| byte.is_ascii_digit());
        let first = areas.first()?;
        let label = if is_postcode { name } else { gazetteer.area_name(first)? };
        Some((label.to_owned(), areas))
    }

    /// Takes words apart into names of concepts, the longest first, and single words. Stop words are left out, unless there is
    /// nothing else.
    pub(crate) fn spans(&self, words: &[Word]) -> Vec<Span> {
        let stems: Vec<String> = words.iter().map(|word| stems(std::slice::from_ref(word))).collect();
        let (mut spans, mut at) = (Vec::new(), 0);
        while at < words.len() {
            let longest = MOST_WORDS.min(words.len() - at);
            let named = (1..=longest).rev().find_map(|count| {
                let codes = self.concepts.get(&in_a_row(&stems[at..at + count]))?;
                // What stands around the name is no part of it.
                let is_around = words[at].is_stop_word() || words[at + count - 1].is_stop_word();
                (!is_around).then_some((count, codes.clone()))
            });
            let (count, codes) = named.unwrap_or((1, Vec::new()));
            if !codes.is_empty() || !words[at].is_stop_word() {
                spans.push(Span { words: words[at..at + count].to_vec(), codes });
            }
            at += count;
        }
        if spans.is_empty() {
            spans = words.iter().map(|word| Span { words: vec![word.clone()], codes: Vec::new() }).collect();
        }
        spans
    }

    /// Concepts of which a name begins so, in the order of those names.
    pub(crate) fn concepts_beginning(&self, start: &str) -> impl Iterator<Item = &Code> {
        beginning(&self.labels, start).map(|(_, code)| code)
    }

    /// Departments, regions and intercommunalities whose name begins so.
    pub(crate) fn areas_beginning(&self, start: &str) -> impl Iterator<Item = &Area> {
        beginning(&self.areas, start).map(|(_, area)| area)
    }
}

impl Doubt {
    /// The same of a name that is written like a word.
    fn written_small(self, areas: &[Area], rules: &Rules) -> Self {
        let is_known = |area: &Area| match area.kind {
            AreaKind::Commune => rules.gazetteer.commune(&area.code).is_some_and(|one| one.population >= SMALL),
            _ => true,
        };
        let kind = if ORDINARY.binary_search(&self.word.as_str()).is_ok() {
            Likeness::Word
        } else if areas.iter().any(is_known) {
            Likeness::Name
        } else {
            Likeness::Village
        };
        Self { kind, ..self }
    }
}

/// What was typed before *près de*, *à*, *dans le*: those say where, and are in no entry.
fn before_what_says_so<'a, 'b>(rest: &'a [&'b str]) -> &'a [&'b str] {
    let says_where = |word: &&str| {
        let word = fold(word);
        ARTICLES.contains(&word.as_str()) || BEFORE_A_PLACE.contains(&word.as_str()) || word == "aux"
    };
    let end = rest.iter().rposition(|word| !says_where(word)).map_or(0, |last| last + 1);
    &rest[..end]
}

fn beginning<'a, T>(sorted: &'a [(String, T)], start: &str) -> impl Iterator<Item = &'a (String, T)> {
    let begin = sorted.partition_point(|(other, _)| other.as_str() < start);
    sorted[begin..].iter().take_while(move |(other, _)| other.starts_with(start))
}

fn areas(rules: &Rules) -> Vec<(String, Area)> {
    let kinds = [AreaKind::Department, AreaKind::Region, AreaKind::Epci];
    let named = kinds.into_iter().flat_map(|kind| rules.gazetteer.areas(kind));
    let named = named.map(|(area, name)| (line(name), area.clone()));
    let called = REGIONS.iter().map(|(name, code)| ((*name).to_owned(), Area::new(AreaKind::Region, *code)));
    let mut areas: Vec<_> = named.chain(called).filter(|(name, _)| !name.is_empty()).collect();
    areas.sort();
    areas
}

/// The stems of words that say something; the same for all forms of a name.
fn stems(words: &[Word]) -> String {
    let parts = words.iter().flat_map(|word| &word.parts).filter(|part| !is_stop_word(part));
    in_a_row(&parts.map(|part| stem(part)).collect::<Vec<_>>())
}

fn in_a_row(stems: &[String]) -> String {
    stems.iter().filter(|stem| !stem.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use pes_domain::Thesaurus;
    use pes_domain::thesaurus::Concept;

    fn rules() -> Rules {
        let concept = |list, notation: &str, label: &str, alternatives: &[&str]| Concept {
            code: Code::new(list, notation),
            label: label.into(),
            label_en: String::new(),
            alternatives: alternatives.iter().map(ToString::to_string).collect(),
            broader: None,
            applies_to: Vec::new(),
        };
        Rules::new(Thesaurus::new(vec![
            concept(List::Skill, "building", "Bâtiment", &["BTP", "corps de métier"]),
            concept(List::Sector, "building", "Bâtiment et travaux publics", &["bâtiments"]),
            concept(List::Skill, "trade", "Métier", &["…"]),
        ]))
    }

    /// Label, territories, what is left, and the doubtful word.
    fn place(typed: &str) -> Option<(String, Vec<String>, String, Option<String>)> {
        let rules = rules();
        let read = Lexicon::new(&rules).place(typed, &rules)?;
        let doubtful = read.doubtful.map(|doubt| doubt.word);
        Some((read.label, read.areas.iter().map(Area::to_form).collect(), read.rest, doubtful))
    }

    fn sure(label: &str, area: &str, rest: &str) -> Option<(String, Vec<String>, String, Option<String>)> {
        Some((label.into(), vec![area.into()], rest.into(), None))
    }

    #[test]
    fn a_place_is_read_at_the_end_or_at_the_beginning() {
        assert_eq!(place("amap Aix-en-Provence"), sure("Aix-en-Provence", "commune:13001", "amap"));
        assert_eq!(place("amap aix en provence"), sure("Aix-en-Provence", "commune:13001", "amap"));
        assert_eq!(place("Aix en Provence, amap bio"), sure("Aix-en-Provence", "commune:13001", "amap bio"));
        assert_eq!(place("fournil d’Aix-en-Provence"), sure("Aix-en-Provence", "commune:13001", "fournil"));
        assert_eq!(place("amap 06300"), sure("Nice", "commune:06088", "amap"));
        assert_eq!(place("06300 amap"), sure("Nice", "commune:06088", "amap"));
        assert_eq!(place("repair café 06"), sure("Alpes-Maritimes", "department:06", "repair café"));
        assert_eq!(place("garage 2a"), sure("Corse-du-Sud", "department:2A", "garage"));
        assert_eq!(place("fablab Paris 11e"), sure("Paris 11e Arrondissement", "commune:75111", "fablab"));
        assert_eq!(
            place("scop paca"),
            Some(("Provence-Alpes-Côte d'Azur".into(), vec!["region:93".into()], "scop".into(), Some("paca".into())))
        );
    }

    #[test]
    fn one_word_is_doubtful_unless_something_says_that_it_is_a_place() {
        let doubtful = |typed: &str| place(typed).expect("a place").3;
        assert_eq!(doubtful("amap Nice").as_deref(), Some("nice"));
        assert_eq!(doubtful("Nice").as_deref(), Some("nice"));
        assert_eq!(doubtful("le Jardin").as_deref(), Some("jardin"), "articles say nothing");
        for typed in [
            "amap à Nice",
            "amap a nice",
            "amap près de Nice",
            "amap dans le Var",
            "amap Nice 06",
            "amap La Ciotat Nice 06000",
        ] {
            assert_eq!(doubtful(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_word_is_a_name_as_it_is_written() {
        assert!(ORDINARY.is_sorted() && ORDINARY.iter().all(|word| fold(word) == **word));
        let rules = rules();
        let kind = |typed: &str| Lexicon::new(&rules).place(typed, &rules).and_then(|read| Some(read.doubtful?.kind));
        for typed in [
            "nice",
            "amap nice",
            "amap Nice",
            "Nice",
            "die",
            "gap",
            "cours de chant Gap",
            "vélo Cher",
            "Cher",
            "le Bar",
            "paca",
        ] {
            assert_eq!(kind(typed), Some(Likeness::Name), "{typed}");
        }
        let words = [
            "vélo pas cher",
            "mer du nord",
            "lot de vaisselle",
            "Lot de vaisselle",
            "sens",
            "Sens du collectif",
            "bio",
        ];
        for typed in words {
            assert_eq!(kind(typed), Some(Likeness::Word), "{typed}");
        }
        assert_eq!(kind("cuisine aast"), Some(Likeness::Village));
        assert_eq!(kind("vélo à Sens"), None, "said to be a place");
    }

    #[test]
    fn what_says_where_is_not_looked_for() {
        for typed in [
            "amap à Nice",
            "amap près de Nice",
            "amap autour de Nice",
            "amap à côté de Nice",
            "amap à proximité de Nice",
            "amap aux environs de Nice",
            "amap, à Nice",
        ] {
            let (label, _, rest, _) = place(typed).expect("a place");
            assert_eq!((label.as_str(), rest.as_str()), ("Nice", "amap"), "{typed}");
        }
        assert_eq!(place("autour de Nice").expect("a place").2, "", "nothing but a place");
        assert_eq!(place("café de la Nice").expect("a place").2, "café de la", "an article alone says nothing");
    }

    #[test]
    fn what_no_place_is_called_is_none() {
        for typed in ["", "ressourcerie", "24 heures", "06", "atelier 7", "Atlantis", "99999", "paris texas plage"] {
            let read = place(typed);
            let expected = match typed {
                "06" => sure("Alpes-Maritimes", "department:06", ""),
                "paris texas plage" => read.clone().filter(|read| read.0 == "Paris" && read.3.is_some()),
                _ => None,
            };
            assert_eq!(read, expected, "{typed}");
        }
    }

    #[test]
    fn a_name_that_means_several_territories_means_them_all() {
        let (label, areas, ..) = place("amap Loire").expect("a department");
        assert!(areas.contains(&"department:42".to_owned()), "{label}: {areas:?}");
        let (label, areas, ..) = place("amap Saint-Denis").expect("communes");
        assert!(label == "Saint-Denis" && areas.len() > 1, "{areas:?}");
        let (label, areas, ..) = place("amap 04300").expect("a postcode of several villages");
        assert!(label == "04300" && areas.len() > 1, "{areas:?}");
    }

    fn spans(typed: &str) -> Vec<(String, usize)> {
        let spans = Lexicon::new(&rules()).spans(&analyzer::words(typed));
        let said = |span: &Span| span.words.iter().flat_map(|word| &word.parts).cloned().collect::<Vec<_>>().join(" ");
        spans.iter().map(|span| (said(span), span.codes.len())).collect()
    }

    #[test]
    fn names_of_concepts_are_taken_together_the_longest_first() {
        let told =
            |told: &[(&str, usize)]| told.iter().map(|(said, codes)| ((*said).to_owned(), *codes)).collect::<Vec<_>>();
        assert_eq!(spans("atelier corps de métiers"), told(&[("atelier", 0), ("corps de metiers", 1)]));
        assert_eq!(spans("btp et métier"), told(&[("btp", 1), ("metier", 1)]));
        assert_eq!(spans("Bâtiments"), told(&[("batiments", 2)]), "of two lists");
        assert_eq!(spans("bâtiment et travaux publics"), told(&[("batiment et travaux publics", 1)]));
        assert_eq!(spans("un atelier pour tous"), told(&[("atelier", 0)]));
        assert_eq!(spans("pour tous"), told(&[("pour", 0), ("tous", 0)]), "there is nothing else");
        assert_eq!(spans(""), []);
    }

    #[test]
    fn names_are_listed_by_how_they_begin() {
        let lexicon = Lexicon::new(&rules());
        let codes: Vec<String> = lexicon.concepts_beginning("b").map(ToString::to_string).collect();
        assert_eq!(codes.len(), 4, "two labels and two other words: {codes:?}");
        assert_eq!(lexicon.concepts_beginning("travaux").count(), 0, "a word within is no beginning");
        let areas: Vec<&Area> = lexicon.areas_beginning("alpes m").collect();
        assert_eq!(areas, [&Area::new(AreaKind::Department, "06")]);
        assert!(lexicon.areas_beginning("paca").any(|area| *area == Area::new(AreaKind::Region, "93")));
    }
}
