//! Proofs against nodes, and the keys they declare later.

use crate::bed::{bed, key};
use pes_changeset::KeySet;
use pes_store::evidence::{self, Found};
use pes_store::nodes;

fn found(text: &str, at: i64) -> Found {
    Found { node: "paca".into(), text: text.into(), found: at, lifted: None }
}

#[test]
fn the_first_proof_is_kept_until_its_node_is_out_of_quarantine() {
    let bed = bed();
    bed.pin_all(["paca", "alliance"]);
    assert!(bed.write(|link| evidence::insert(link, &found("one", 1))));
    assert!(!bed.write(|link| evidence::insert(link, &found("two", 2))), "it is in quarantine already");
    assert_eq!(bed.read(|link| evidence::find(link, "paca")), Some(found("one", 1)));
    assert!(bed.write(|link| evidence::lift(link, "paca", 3)));
    assert!(!bed.write(|link| evidence::lift(link, "paca", 4)), "it is out");
    assert_eq!(bed.read(evidence::all), [Found { lifted: Some(3), ..found("one", 1) }], "the proof stays");
    assert!(bed.write(|link| evidence::insert(link, &found("three", 5))), "and again");
    assert_eq!(bed.read(|link| evidence::find(link, "paca")), Some(found("three", 5)));
    assert!(!bed.write(|link| evidence::lift(link, "alliance", 6)));
}

#[test]
fn later_keys_take_the_place_of_those_that_were_pinned() {
    let bed = bed();
    let (paca, other) = (bed.pin("paca"), bed.pin("alliance"));
    let keys = KeySet {
        root: key(60).public(),
        log: key(61).public(),
        transport: key(62).public(),
        prefixes: vec!["https://paca.test/id/".into(), "https://paca.test/x/".into()],
        next_root: None,
    };
    bed.write(|link| nodes::change_keys(link, &paca.id, &keys));
    let changed = bed.read(|link| nodes::find(link, &paca.id)).unwrap();
    assert_eq!(changed.keys(), keys);
    assert_eq!((changed.id, changed.origin, changed.pinned_at), (paca.id, paca.origin, paca.pinned_at));
    assert_eq!(bed.read(|link| nodes::find(link, &other.id)), Some(other), "nobody else's are touched");
}
