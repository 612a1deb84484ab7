//! Holds templates and catalogue against each other: every sentence a template calls is there.

use super::TEMPLATES;
use pes_files::Sort;
use pes_words::Catalogue;

/// The names of the sentences that a template calls.
fn called(template: &str) -> impl Iterator<Item = &str> {
    template.split("{{t \"").skip(1).filter_map(|rest| rest.split('"').next())
}

#[test]
fn every_sentence_of_a_template_is_in_the_catalogue() {
    let catalogue = Catalogue::french();
    for (name, template) in TEMPLATES {
        for sentence in called(template) {
            assert!(catalogue.has(sentence), "{name} calls {sentence}");
        }
    }
}

#[test]
fn every_problem_and_every_failure_has_words() {
    let catalogue = Catalogue::french();
    for key in ["absent", "sign-in", "forbidden", "stale", "form", "too-often", "inner"] {
        assert!(catalogue.has(&format!("failure-{key}")) && catalogue.has(&format!("failure-{key}-title")), "{key}");
    }
    let whys = [
        "missing",
        "too-long",
        "too-short",
        "too-many",
        "not-text",
        "not-in-list",
        "method-does-not-fit",
        "not-a-link",
        "not-an-email",
        "not-a-phone",
        "not-a-siren",
        "not-a-siret",
        "siret-of-another",
        "not-an-rna",
        "not-a-naf",
        "not-a-rome",
        "not-a-date",
        "not-a-time",
        "not-a-rule",
        "not-among-times",
        "answer-does-not-fit",
        "its-own",
        "too-early",
        "over",
        "not-yet",
        "not-a-number",
        "not-a-commune",
        "several-communes",
        "not-a-point",
        "wider-than-record",
        "not-a-record",
        "not-a-picture",
        "not-a-file",
        "empty-file",
        "file-disagrees",
        "not-plain-text",
        "choose-again",
        "file-has-macros",
        "no-room",
        "too-heavy",
        "too-many-points",
    ];
    for why in whys {
        assert!(catalogue.has(&format!("problem-{why}")), "{why}");
    }
}

#[test]
fn every_sort_and_size_of_a_file_has_words() {
    let catalogue = Catalogue::french();
    for sort in Sort::ALL {
        assert!(catalogue.has(&format!("file-sort-{}", sort.ending())), "{sort:?}");
    }
    for unit in ["bytes", "kilo", "mega"] {
        assert!(catalogue.has(&format!("file-size-{unit}")), "{unit}");
    }
}

#[test]
fn no_page_speaks_of_nodes_hubs_or_triples() {
    for (name, template) in TEMPLATES {
        let text = template.to_lowercase();
        for word in ["nœud", "noeud", " hub", "triple", "rdf"] {
            assert!(!text.contains(word), "{name} says {word}");
        }
    }
}
