//! The pairs of `tests/judged` whose structures stand in the file itself: how often the rule for duplicates is right.

use crate::separated;
use pes_domain::judging::{Question, Score, duplicate_pair};
use pes_domain::thesaurus::Concept;
use pes_domain::{Code, List, Rules, Thesaurus};

/// The legal forms that the file names, each below its sort.
const FORMS: [(&str, &str); 5] = [
    ("declared-association", "association"),
    ("scic-sas", "cooperative"),
    ("scop-sarl", "cooperative"),
    ("sas", "company"),
    ("informal", "informal"),
];

fn rules() -> Rules {
    let concept = |notation: &str, broader: Option<&str>| Concept {
        code: Code::new(List::LegalForm, notation),
        label: notation.into(),
        label_en: notation.into(),
        alternatives: vec![],
        broader: broader.map(|above| Code::new(List::LegalForm, above)),
        applies_to: vec![],
    };
    let tops = ["association", "cooperative", "company"].into_iter().map(|top| concept(top, None));
    let below = FORMS.into_iter().map(|(notation, above)| concept(notation, (notation != above).then_some(above)));
    Rules::new(Thesaurus::new(tops.chain(below).collect()))
}

#[test]
fn duplicates_are_told_from_those_that_look_alike() {
    let (rules, mut score) = (rules(), Score::new(Question::Duplicates));
    for row in separated::rows(include_str!("../../../../tests/judged/duplicates-noise.csv")) {
        score.note(duplicate_pair(&row, &rules, |_, _| Err("the set names no file".into())).unwrap()).unwrap();
    }
    println!("{score}");
    assert_eq!(score.pairs(), 300);
    assert!(score.precision().unwrap() >= 0.97, "{score}");
    assert!(score.recall().unwrap() >= 0.9, "{score}");
}

#[test]
fn cells_may_hold_commas_quotes_and_line_ends() {
    let rows = separated::rows("\u{feff}a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n,\n");
    let cell = |row: usize, column: &str| rows[row][column].as_str();
    assert_eq!((rows.len(), cell(0, "a"), cell(0, "b"), cell(1, "b")), (2, "1", "x, \"y\"\nz", ""));
}
