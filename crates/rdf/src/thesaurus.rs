//! The code lists of `ontology/codes`, embedded, and read once into the domain's thesaurus.

use pes_domain::thesaurus::Concept;
use pes_domain::{Code, List, Rules, Thesaurus};
use sophia::api::prelude::*;
use sophia::api::term::SimpleTerm;
use sophia::turtle::parser::turtle;
use std::collections::BTreeMap;

const PREF_LABEL: &str = "http://www.w3.org/2004/02/skos/core#prefLabel";
const ALT_LABEL: &str = "http://www.w3.org/2004/02/skos/core#altLabel";
const BROADER: &str = "http://www.w3.org/2004/02/skos/core#broader";
const IN_SCHEME: &str = "http://www.w3.org/2004/02/skos/core#inScheme";
const NOTATION: &str = "http://www.w3.org/2004/02/skos/core#notation";
const INSEE: &str = "https://w3id.org/pes/ns#insee-cj";
const APPLIES_TO: &str = "https://w3id.org/pes/ns#appliesTo";

macro_rules! lists {
    ($($list:ident = $file:literal;)*) => {
        /// The Turtle of a code list, as it is served under `/code/{list}`.
        pub fn turtle_of(list: List) -> &'static str {
            match list {
                $(List::$list => include_str!(concat!("../../../ontology/codes/", $file, ".ttl")),)*
            }
        }
    };
}

lists! {
    AccordAnswer = "accord-answer";
    AffiliationState = "affiliation-state";
    ArticleCategory = "article-category";
    CallType = "call-type";
    Category = "category";
    ContactMedium = "contact-medium";
    ContractType = "contract-type";
    Direction = "direction";
    DocumentKind = "document-kind";
    EventState = "event-state";
    ExchangeMethod = "exchange-method";
    ExchangeState = "exchange-state";
    ExchangeType = "exchange-type";
    IntegrationType = "integration-type";
    Kind = "kind";
    Label = "label";
    LegalForm = "legal-form";
    ProjectStage = "project-stage";
    Reach = "reach";
    RelationKind = "relation-kind";
    Role = "role";
    Sector = "sector";
    Skill = "skill";
    TargetPublic = "target-public";
    Theme = "theme";
}

/// Reads all code lists. It takes some milliseconds: once, at start.
pub fn thesaurus() -> Thesaurus {
    Thesaurus::new(List::ALL.into_iter().flat_map(|list| concepts(turtle_of(list))).collect())
}

/// The rules by which records are judged, over the embedded lists and communes.
pub fn rules() -> Rules {
    Rules::new(thesaurus())
}

/// What a list says of one concept, before it is complete.
#[derive(Default)]
struct Said {
    label: String,
    label_en: String,
    alternatives: Vec<String>,
    broader: Option<Code>,
    applies_to: Vec<Code>,
    is_concept: bool,
}

fn concepts(text: &str) -> Vec<Concept> {
    let mut all: BTreeMap<Code, Said> = BTreeMap::new();
    turtle::parse_str(text)
        .for_each_triple(|triple| {
            let (subject, predicate) = (triple.s(), triple.p());
            let code = subject.iri().and_then(|iri| Code::read(iri.as_str()));
            if let (Some(code), Some(predicate)) = (code, predicate.iri()) {
                all.entry(code).or_default().take(predicate.as_str(), triple.o().as_simple());
            }
        })
        .expect("the embedded lists are Turtle: a test reads them all");
    let concept = |(code, said): (Code, Said)| said.is_concept.then(|| said.concept(code));
    all.into_iter().filter_map(concept).collect()
}

impl Said {
    fn take(&mut self, predicate: &str, object: SimpleTerm<'_>) {
        match (predicate, object) {
            (PREF_LABEL, SimpleTerm::LiteralLanguage(text, language, _)) if language.as_str() == "fr" => {
                self.label = text.to_string()
            }
            (PREF_LABEL, SimpleTerm::LiteralLanguage(text, _, _)) => self.label_en = text.to_string(),
            (ALT_LABEL, SimpleTerm::LiteralLanguage(text, _, _)) => self.alternatives.push(text.to_string()),
            // Old files name a legal form by the number that INSEE gave it.
            (NOTATION, SimpleTerm::LiteralDatatype(text, datatype)) if datatype.as_str() == INSEE => {
                self.alternatives.push(text.to_string())
            }
            (BROADER, SimpleTerm::Iri(iri)) => self.broader = Code::read(iri.as_str()),
            (APPLIES_TO, SimpleTerm::Iri(iri)) => self.applies_to.extend(Code::read(iri.as_str())),
            (IN_SCHEME, _) => self.is_concept = true,
            _ => {}
        }
    }

    fn concept(self, code: Code) -> Concept {
        let Self { label, label_en, alternatives, broader, applies_to, .. } = self;
        Concept { code, label, label_en, alternatives, broader, applies_to }
    }
}
