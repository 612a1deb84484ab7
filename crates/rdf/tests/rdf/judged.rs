//! The pairs of `tests/judged/concern.csv`, on the real code lists and communes: how often the rule for concern is right.

use crate::separated;
use pes_domain::judging::{Question, Score, concern_pair};
use time::macros::date;

#[test]
fn demands_concern_whom_they_should() {
    let (rules, mut score) = (pes_rdf::rules(), Score::new(Question::Concern));
    for row in separated::rows(include_str!("../../../../tests/judged/concern.csv")) {
        score.note(concern_pair(&row, &rules, date!(2026 - 12 - 01)).unwrap()).unwrap();
    }
    println!("{score}");
    assert_eq!(score.pairs(), 221);
    assert!(score.precision().unwrap() >= 0.95, "{score}");
    assert!(score.recall().unwrap() >= 0.95, "{score}");
}
