//! The code lists as they are: what the networks need is in them, people find it by the words they type, and the rules between
//! lists are those of the design.

use pes_domain::{Code, List, Rules};
use std::sync::OnceLock;

fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(pes_rdf::rules)
}

fn found(list: List, word: &str) -> Option<String> {
    rules().thesaurus.find(list, word).map(|code| code.notation().to_owned())
}

#[test]
fn every_concept_has_a_french_and_an_english_label_and_a_place_in_its_list() {
    for list in List::ALL {
        let concepts: Vec<_> = rules().thesaurus.list(list).collect();
        assert!(!concepts.is_empty(), "{}", list.name());
        for concept in concepts {
            let code = &concept.code;
            assert!(!concept.label.trim().is_empty() && !concept.label_en.trim().is_empty(), "{code}");
            assert!(rules().thesaurus.depth(code) < 3, "{code} lies too deep");
            assert!(concept.broader.as_ref().is_none_or(|above| rules().thesaurus.has(above)), "{code}");
            assert!(
                code.notation().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{code}"
            );
        }
    }
}

#[test]
fn there_are_some_hundred_and_fifty_skills_in_fourteen_families() {
    let skills: Vec<_> = rules().thesaurus.list(List::Skill).collect();
    let families = skills.iter().filter(|skill| skill.broader.is_none()).count();
    assert_eq!(families, 14);
    assert!((150..=200).contains(&skills.len()), "{}", skills.len());
}

#[test]
fn sectors_are_a_tree_of_three_levels_under_sixteen() {
    let sectors: Vec<_> = rules().thesaurus.list(List::Sector).collect();
    let at_depth = |depth| sectors.iter().filter(|sector| rules().thesaurus.depth(&sector.code) == depth).count();
    assert_eq!(at_depth(0), 16);
    assert!(at_depth(1) > 50 && at_depth(2) > 100);
}

/// The table of the design: eleven methods, each valid for some types only; a partnership or a question takes none.
#[test]
fn methods_fit_the_types_they_fit() {
    let table: [(&str, &[&str]); 11] = [
        ("euros", &["product", "service"]),
        ("gift", &["product"]),
        ("barter", &["product", "service"]),
        ("pooling", &["product", "service", "skill"]),
        ("volunteering", &["service", "skill"]),
        ("complementary-currency", &["product", "service"]),
        ("employment", &["skill"]),
        ("civic-service", &["skill"]),
        ("internship", &["service", "skill"]),
        ("loan", &["product"]),
        ("rental", &["product", "service"]),
    ];
    let methods: Vec<_> = rules().thesaurus.list(List::ExchangeMethod).collect();
    assert_eq!(methods.len(), table.len());
    for (method, types) in table {
        let concept = rules().thesaurus.get(&Code::new(List::ExchangeMethod, method)).unwrap();
        let mut fits: Vec<&str> = concept.applies_to.iter().map(Code::notation).collect();
        let mut expected = types.to_vec();
        fits.sort_unstable();
        expected.sort_unstable();
        assert_eq!(fits, expected, "{method}");
    }
}

#[test]
fn five_types_two_directions_and_the_contracts_of_the_design_are_there() {
    let notations = |list| rules().thesaurus.list(list).map(|one| one.code.notation().to_owned()).collect::<Vec<_>>();
    let mut types = notations(List::ExchangeType);
    types.sort();
    assert_eq!(types, ["partnership", "product", "question", "service", "skill"]);
    let mut directions = notations(List::Direction);
    directions.sort();
    assert_eq!(directions, ["demand", "offer"]);
    for contract in ["cdi", "cdd", "cddi", "apprenticeship", "internship", "civic-service", "volunteering"] {
        assert!(notations(List::ContractType).contains(&contract.to_owned()), "{contract}");
    }
    for call in ["call-for-tenders", "call-for-projects", "call-for-partners", "group-purchase"] {
        assert!(notations(List::CallType).contains(&call.to_owned()), "{call}");
    }
}

/// People type what they say, without minding accents and capitals.
#[test]
fn a_concept_is_found_by_the_words_people_type() {
    let typed = [
        (List::Skill, "graphisme et mise en page", "graphic-design"),
        (List::Skill, "GRAPHISTE", "graphic-design"),
        (List::Skill, "maconnerie", "masonry"),
        (List::Skill, "Maçonnerie", "masonry"),
        (List::Skill, "électricité", "electrical-work"),
        (List::Skill, "electricite", "electrical-work"),
        (List::ContractType, "CDI", "cdi"),
        (List::ContractType, "alternance", "apprenticeship"),
        (List::ContractType, "stage", "internship"),
        (List::LegalForm, "SCIC", "scic"),
        (List::LegalForm, "scop", "scop"),
        (List::ExchangeMethod, "troc", "barter"),
        (List::ExchangeMethod, "don", "gift"),
        (List::ExchangeMethod, "mutualisation", "pooling"),
        (List::Theme, "circuits courts", "short-supply-chains"),
        (List::Role, "trésorière", "treasurer"),
    ];
    for (list, word, notation) in typed {
        assert_eq!(found(list, word).as_deref(), Some(notation), "{word}");
    }
    assert_eq!(found(List::Skill, "zzz"), None);
    assert_eq!(found(List::Skill, ""), None);
}

#[test]
fn concepts_meet_up_and_down_the_tree_and_never_as_siblings() {
    let skill = |notation: &str| Code::new(List::Skill, notation);
    let thesaurus = &rules().thesaurus;
    assert!(thesaurus.meet(&skill("building"), &skill("masonry")));
    assert!(thesaurus.meet(&skill("masonry"), &skill("building")));
    assert!(thesaurus.meet(&skill("masonry"), &skill("masonry")));
    assert!(!thesaurus.meet(&skill("masonry"), &skill("joinery")));
    assert!(!thesaurus.meet(&skill("building"), &Code::new(List::Sector, "housing")));
    let sector = |notation: &str| Code::new(List::Sector, notation);
    assert!(thesaurus.meet(&sector("food"), &sector("food-short-chain-amap")), "two levels apart");
    assert!(!thesaurus.meet(&sector("food-short-chain-amap"), &sector("food-short-chain-farm-shops")));
}

#[test]
fn each_list_is_a_file_of_turtle_that_names_its_concepts() {
    for list in List::ALL {
        let turtle = pes_rdf::thesaurus::turtle_of(list);
        assert!(turtle.contains("skos:ConceptScheme"), "{}", list.name());
        for concept in rules().thesaurus.list(list) {
            assert!(turtle.contains(&format!("\"{}\"", concept.code.notation())), "{}", concept.code);
        }
    }
}
