//! Words of a file as concepts of our lists, by their labels and other names; what no list has becomes a tag, and is counted.
//!
//! A list is taken by its name: where this version does not have it yet, its words become tags, and concepts as soon as it has it.

use pes_domain::code::fold;
use pes_domain::{Code, List, Rules, Tag, Thesaurus};
use std::collections::BTreeMap;

/// A list, by name, and the field of a structure that takes its concepts.
pub(crate) type Target = (&'static str, &'static str);

/// Where the words of each sort of column are looked up, in this order.
pub(crate) const LEGAL_FORM: &[Target] = &[("legal-form", "legal-form")];
pub(crate) const CATEGORY: &[Target] = &[("category", "categories"), ("label", "label"), ("legal-form", "legal-form")];
pub(crate) const INTEGRATION: &[Target] = &[("integration-type", "integration-type"), ("category", "categories")];
pub(crate) const SPECIFICS: &[Target] = &[
    ("legal-form", "legal-form"),
    ("integration-type", "integration-type"),
    ("category", "categories"),
    ("label", "label"),
];
/// Not among labels: who writes "bio" among keywords claims no certificate by it.
pub(crate) const KEYWORDS: &[Target] =
    &[("theme", "themes"), ("sector", "sectors"), ("skill", "skills"), ("category", "categories")];
pub(crate) const THEMES: &[Target] = &[("theme", "themes"), ("sector", "sectors")];
pub(crate) const ACTIVITIES: &[Target] = &[("sector", "sectors"), ("skill", "skills")];

/// How many concepts or tags a field takes; one that takes a single one is not named.
const LIMITS: [(&str, usize); 6] =
    [("tags", 20), ("themes", 20), ("sectors", 20), ("skills", 40), ("categories", 10), ("label", 20)];

/// What a word is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A concept, for this field.
    Concept(&'static str, Code),
    /// A word of no list.
    Tag(Tag),
    /// Neither.
    Nothing,
}

/// The words of a cell: what semicolons, bars and lines keep apart.
pub(crate) fn words(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', '|', '\n']).map(str::trim).filter(|word| !word.is_empty())
}

/// What a word means: a concept as a whole, or each of its parts that commas keep apart for itself.
pub(crate) fn meanings(thesaurus: &Thesaurus, targets: &[Target], word: &str) -> Vec<(String, Meaning)> {
    if let Some(concept) = concept(thesaurus, targets, word) {
        return vec![(word.to_owned(), concept)];
    }
    let parts = word.split(',').map(str::trim).filter(|part| !part.is_empty());
    let meaning = |part: &str| {
        let tag = || Tag::of(part).map_or(Meaning::Nothing, Meaning::Tag);
        (part.to_owned(), concept(thesaurus, targets, part).unwrap_or_else(tag))
    };
    parts.map(meaning).collect()
}

fn concept(thesaurus: &Thesaurus, targets: &[Target], word: &str) -> Option<Meaning> {
    // Old bases write `dev_logiciel` where people write two words.
    let spelt = word.replace('_', " ");
    let known = targets.iter().filter_map(|(name, field)| Some((list(name)?, *field)));
    known
        .flat_map(|(list, field)| [word, spelt.as_str()].map(|word| (list, field, word)))
        .find_map(|(list, field, word)| Some(Meaning::Concept(field, find(thesaurus, list, word)?)))
}

/// The concept of a word: as it is, without its plural, or by its notation.
fn find(thesaurus: &Thesaurus, list: List, word: &str) -> Option<Code> {
    let singular: Vec<&str> = word.split(' ').map(|part| part.strip_suffix('s').unwrap_or(part)).collect();
    let by_word = thesaurus.find(list, word).or_else(|| thesaurus.find(list, &singular.join(" ")));
    let notation = Code::new(list, fold(word).replace(' ', "-"));
    by_word.cloned().or_else(|| thesaurus.has(&notation).then_some(notation))
}

/// A list by its name, where this version has it.
fn list(name: &str) -> Option<List> {
    List::ALL.into_iter().find(|list| list.name() == name)
}

/// The words of a row by the field that takes them, with the column of the first.
#[derive(Default)]
pub(crate) struct Words(pub(crate) BTreeMap<&'static str, (&'static str, Vec<String>)>);

impl Words {
    /// Takes a concept; tells the limit where there is no room for it. Of two of a kind of which a structure has one the narrower stays;
    /// one that has nothing to do with it is kept as a tag.
    pub(crate) fn take(
        &mut self,
        rules: &Rules,
        column: &'static str,
        field: &'static str,
        code: &Code,
    ) -> Option<usize> {
        let is_single = LIMITS.iter().all(|(limited, _)| *limited != field);
        let standing = self.0.get(field).filter(|_| is_single).and_then(|(_, values)| values.first());
        let Some(standing) = standing.map(|notation| Code::new(code.list(), notation)) else {
            return self.keep(column, field, code.notation());
        };
        if !rules.thesaurus.meet(&standing, code) {
            let tag = Tag::of(rules.thesaurus.label(code))?;
            return self.keep(column, "tags", tag.as_str());
        }
        if rules.thesaurus.depth(code) > rules.thesaurus.depth(&standing) {
            self.0.insert(field, (column, vec![code.notation().to_owned()]));
        }
        None
    }

    pub(crate) fn keep(&mut self, column: &'static str, field: &'static str, value: &str) -> Option<usize> {
        let limit = LIMITS.iter().find(|(limited, _)| *limited == field).map_or(1, |(_, limit)| *limit);
        let (_, values) = self.0.entry(field).or_insert((column, Vec::new()));
        if values.iter().any(|known| known == value) {
            return None;
        }
        if values.len() >= limit {
            return Some(limit);
        }
        values.push(value.to_owned());
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pes_domain::{Draft, Kind, Record, RecordIri};
    use std::sync::OnceLock;
    use time::macros::utc_datetime;

    fn thesaurus() -> &'static Thesaurus {
        static ALL: OnceLock<Thesaurus> = OnceLock::new();
        ALL.get_or_init(pes_rdf::thesaurus::thesaurus)
    }

    fn one(targets: &[Target], word: &str) -> Meaning {
        let mut all = meanings(thesaurus(), targets, word);
        assert_eq!(all.len(), 1, "{word}");
        all.remove(0).1
    }

    fn legal(notation: &str) -> Meaning {
        Meaning::Concept("legal-form", Code::new(List::LegalForm, notation))
    }

    #[test]
    fn legal_forms_are_known_by_label_other_name_and_number() {
        for (word, notation) in [
            ("Coopérative", "cooperative"),
            ("coopératives", "cooperative"),
            ("SCOP SARL", "scop-sarl"),
            ("sarl scop", "scop-sarl"),
            ("5458", "scop-sarl"),
            ("9260", "local-law-association"),
            ("association loi 1901", "declared-association"),
        ] {
            assert_eq!(one(LEGAL_FORM, word), legal(notation), "{word}");
        }
    }

    #[test]
    fn what_no_list_has_is_a_tag_and_what_is_no_word_nothing() {
        assert_eq!(one(KEYWORDS, "edition_jeux"), Meaning::Tag(Tag::of("edition jeux").unwrap()));
        assert_eq!(one(KEYWORDS, "!?"), Meaning::Nothing);
        assert_eq!(one(KEYWORDS, &"a".repeat(65)), Meaning::Nothing);
        assert_eq!(one(LEGAL_FORM, "Confrérie"), Meaning::Tag(Tag::of("confrerie").unwrap()));
    }

    #[test]
    fn a_phrase_is_looked_up_whole_and_then_in_parts() {
        let label = &thesaurus().list(List::Theme).next().unwrap().label;
        assert!(matches!(one(KEYWORDS, label), Meaning::Concept("themes", _)));
        let parts = meanings(thesaurus(), THEMES, "Logiciels libres, Zorglub, machins");
        let told: Vec<&str> = parts.iter().map(|(part, _)| part.as_str()).collect();
        assert_eq!(told, ["Logiciels libres", "Zorglub", "machins"]);
        assert!(matches!(parts[0].1, Meaning::Concept("themes", _)) && matches!(parts[2].1, Meaning::Tag(_)));
        assert_eq!(words("a; b|c\n;d, e").collect::<Vec<_>>(), ["a", "b", "c", "d, e"]);
    }

    #[test]
    fn of_two_legal_forms_the_narrower_stays_and_a_stranger_is_a_tag() {
        let rules = pes_rdf::rules();
        let mut words = Words::default();
        let legal = |notation: &str| Code::new(List::LegalForm, notation);
        for notation in ["cooperative", "scop-sarl", "cooperative", "foundation"] {
            assert_eq!(words.take(&rules, "Statut juridique", "legal-form", &legal(notation)), None, "{notation}");
        }
        assert_eq!(words.0["legal-form"], ("Statut juridique", vec!["scop-sarl".to_owned()]));
        assert_eq!(words.0["tags"].1, ["fondation"]);
    }

    #[test]
    fn a_field_takes_each_word_once_and_so_many() {
        let mut words = Words::default();
        for at in 0..20 {
            assert_eq!(words.keep("mots", "tags", &at.to_string()), None);
        }
        assert_eq!((words.keep("mots", "tags", "7"), words.keep("mots", "tags", "20")), (None, Some(20)));
        assert_eq!(words.keep("mots", "naf", "62.01Z"), None);
        assert_eq!(words.keep("mots", "naf", "62.02A"), Some(1));
    }

    /// Where a list is added, its field has to be one that a structure keeps: else its words would be lost.
    #[test]
    fn every_list_that_is_there_has_a_field_that_keeps_its_concepts() {
        let rules = pes_rdf::rules();
        let all = [LEGAL_FORM, CATEGORY, INTEGRATION, SPECIFICS, KEYWORDS, THEMES, ACTIVITIES].concat();
        for (name, field) in all {
            let Some(list) = list(name) else { continue };
            let concept = rules.thesaurus.list(list).next().unwrap().code.notation().to_owned();
            let draft: Draft =
                [("name".to_owned(), "x".to_owned()), (field.to_owned(), concept.clone())].into_iter().collect();
            let (iri, now) = (RecordIri::mint("https://a.test", Kind::Structure), utc_datetime!(2026-11-28 12:00));
            let record = Record::raise(Kind::Structure, (iri, now), &draft, now, &rules).unwrap();
            assert_eq!(record.lower().all(field), [concept], "{name} → {field}");
        }
    }
}
