//! Codes of our lists, and free tags.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The base of all codes' IRIs: `{base}{list}/{notation}`.
pub const CODE_BASE: &str = "https://w3id.org/pes/code/";
/// The base of all tags' IRIs: `{base}{slug}`. The same word on two nodes is the same tag.
pub const TAG_BASE: &str = "https://w3id.org/pes/tag/";

/// A code list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each list tells of itself in ontology/codes")]
pub enum List {
    AccordAnswer,
    AffiliationState,
    ArticleCategory,
    CallType,
    Category,
    ContactMedium,
    ContractType,
    Direction,
    DocumentKind,
    EventState,
    ExchangeMethod,
    ExchangeState,
    ExchangeType,
    IntegrationType,
    Kind,
    Label,
    LegalForm,
    ProjectStage,
    Reach,
    RelationKind,
    Role,
    Sector,
    Skill,
    TargetPublic,
    Theme,
}

impl List {
    /// All lists.
    pub const ALL: [Self; 25] = [
        Self::AccordAnswer,
        Self::AffiliationState,
        Self::ArticleCategory,
        Self::CallType,
        Self::Category,
        Self::ContactMedium,
        Self::ContractType,
        Self::Direction,
        Self::DocumentKind,
        Self::EventState,
        Self::ExchangeMethod,
        Self::ExchangeState,
        Self::ExchangeType,
        Self::IntegrationType,
        Self::Kind,
        Self::Label,
        Self::LegalForm,
        Self::ProjectStage,
        Self::Reach,
        Self::RelationKind,
        Self::Role,
        Self::Sector,
        Self::Skill,
        Self::TargetPublic,
        Self::Theme,
    ];

    /// Its name: of its file, and in IRIs.
    pub fn name(self) -> &'static str {
        match self {
            Self::AccordAnswer => "accord-answer",
            Self::AffiliationState => "affiliation-state",
            Self::ArticleCategory => "article-category",
            Self::CallType => "call-type",
            Self::Category => "category",
            Self::ContactMedium => "contact-medium",
            Self::ContractType => "contract-type",
            Self::Direction => "direction",
            Self::DocumentKind => "document-kind",
            Self::EventState => "event-state",
            Self::ExchangeMethod => "exchange-method",
            Self::ExchangeState => "exchange-state",
            Self::ExchangeType => "exchange-type",
            Self::IntegrationType => "integration-type",
            Self::Kind => "kind",
            Self::Label => "label",
            Self::LegalForm => "legal-form",
            Self::ProjectStage => "project-stage",
            Self::Reach => "reach",
            Self::RelationKind => "relation-kind",
            Self::Role => "role",
            Self::Sector => "sector",
            Self::Skill => "skill",
            Self::TargetPublic => "target-public",
            Self::Theme => "theme",
        }
    }
}

/// A concept of one of our lists, by its notation. That it exists is the thesaurus' to say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Code {
    list: List,
    /// Shared: what many declared is held once.
    notation: Arc<str>,
}

impl Code {
    /// A code of a list.
    pub fn new(list: List, notation: impl AsRef<str>) -> Self {
        Self { list, notation: Arc::from(notation.as_ref()) }
    }

    /// Reads the IRI of a concept, if it is one of our lists.
    pub fn read(iri: &str) -> Option<Self> {
        let (list, notation) = iri.strip_prefix(CODE_BASE)?.split_once('/')?;
        let list = List::ALL.into_iter().find(|one| one.name() == list)?;
        is_slug(notation).then(|| Self::new(list, notation))
    }

    /// Its list.
    pub fn list(&self) -> List {
        self.list
    }

    /// Its notation, unique in the list.
    pub fn notation(&self) -> &str {
        &self.notation
    }
}

impl fmt::Display for Code {
    /// The concept's IRI.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{CODE_BASE}{}/{}", self.list.name(), self.notation)
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.to_string()
    }
}

impl TryFrom<String> for Code {
    type Error = String;

    fn try_from(iri: String) -> Result<Self, String> {
        Self::read(&iri).ok_or_else(|| format!("{iri} is no concept of ours"))
    }
}

/// A free word, as its slug.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tag(String);

impl Tag {
    /// The longest slug.
    pub const LENGTH: usize = 64;

    /// The tag of a word as it was typed; `None` if no letter or digit is in it, or too many.
    pub fn of(word: &str) -> Option<Self> {
        let slug = fold(word)
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|s| !s.is_empty())
            .collect::<Vec<_>>()
            .join("-");
        Self::read(&slug)
    }

    /// Reads a slug.
    pub fn read(slug: &str) -> Option<Self> {
        (is_slug(slug) && slug.len() <= Self::LENGTH).then(|| Self(slug.to_owned()))
    }

    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Lower-case letters, digits, and single hyphens between them.
fn is_slug(text: &str) -> bool {
    text.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

/// A text as it is compared: lower case, without accents, ligatures taken apart, one kind of apostrophe.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' => out.push('a'),
            'ç' => out.push('c'),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'î' | 'ï' | 'í' | 'ì' => out.push('i'),
            'ñ' => out.push('n'),
            'ô' | 'ö' | 'ó' | 'ò' | 'õ' => out.push('o'),
            'ù' | 'û' | 'ü' | 'ú' => out.push('u'),
            'ÿ' | 'ý' => out.push('y'),
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            '’' | 'ʼ' | '‘' => out.push('\''),
            '\u{300}'..='\u{36f}' => {}
            c if c.is_whitespace() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_concept_is_read_from_its_iri() {
        let code = Code::new(List::Skill, "premises");
        assert_eq!(code.to_string(), "https://w3id.org/pes/code/skill/premises");
        assert_eq!(Code::read(&code.to_string()), Some(code.clone()));
        for bad in [
            "https://w3id.org/pes/code/skill/",
            "https://w3id.org/pes/code/skill/a/b",
            "https://w3id.org/pes/code/other/a",
            "https://w3id.org/pes/code/skill/A",
            "skill/a",
        ] {
            assert_eq!(Code::read(bad), None, "{bad}");
        }
        let json = serde_json::to_string(&code).unwrap();
        assert_eq!(serde_json::from_str::<Code>(&json).unwrap(), code);
        assert!(serde_json::from_str::<Code>("\"x\"").is_err());
    }

    #[test]
    fn the_same_word_is_the_same_tag() {
        for word in ["Éco-construction", "eco construction", "  ÉCO’CONSTRUCTION!"] {
            assert_eq!(Tag::of(word).unwrap().as_str(), "eco-construction");
        }
        assert_eq!(Tag::of("œuvre").unwrap().as_str(), "oeuvre");
        assert_eq!(Tag::of("!?"), None);
        assert_eq!(Tag::of(&"a".repeat(65)), None);
        assert!(Tag::of(&"a".repeat(64)).is_some());
        assert_eq!(Tag::read("a--b"), None);
    }

    #[test]
    fn folding_takes_away_what_people_leave_out() {
        assert_eq!(fold("L’Épicerie Noël\u{a0}ÇÀ"), "l'epicerie noel ca");
        assert_eq!(fold("e\u{301}"), "e");
    }
}
