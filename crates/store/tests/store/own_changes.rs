//! The order in which this node's structures and people changed: each once, by its last change, whatever became of it.

use crate::bed::{self, Bed, bed};
use pes_domain::{Body, Kind, RecordIri};
use pes_store::own_changes;
use pes_store::own_records::{self, Moderation, OwnRecord};

impl Bed {
    fn save(&self, record: &pes_domain::Record) {
        let own = OwnRecord { moderation: Moderation::Published, author: None, version: 1, record: record.clone() };
        self.write(|link| own_records::put(link, &own));
    }

    fn changes(&self, after: i64, limit: u64) -> Vec<(String, i64)> {
        let changes = self.read(|link| own_changes::after(link, after, limit));
        changes.into_iter().map(|change| (change.record, change.number)).collect()
    }
}

fn structure() -> pes_domain::Record {
    bed::record("own", Kind::Structure, Body::Exchange(bed::plain_exchange("what it says does not matter here")))
}

#[test]
fn each_change_has_a_higher_number_and_a_record_only_its_last() {
    let bed = bed();
    assert!(bed.changes(0, 10).is_empty());
    let (one, other) = (structure(), structure());
    [&one, &other, &one].into_iter().for_each(|record| bed.save(record));
    let all = bed.changes(0, 10);
    assert_eq!(
        all.iter().map(|(record, _)| record.clone()).collect::<Vec<_>>(),
        [other.iri.to_string(), one.iri.to_string()]
    );
    assert!(all[0].1 < all[1].1);
    assert_eq!(bed.changes(0, 1), all[..1], "in portions");
    assert_eq!(bed.changes(all[0].1, 10), all[1..]);
    assert!(bed.changes(all[1].1, 10).is_empty());
}

#[test]
fn what_is_erased_has_changed() {
    let bed = bed();
    let one = structure();
    bed.save(&one);
    let before = bed.changes(0, 10)[0].1;
    bed.write(|link| own_records::erase(link, &one.iri.to_string()));
    assert_eq!(bed.changes(before, 10), [(one.iri.to_string(), before + 1)]);
}

#[test]
fn kinds_that_declare_nothing_are_not_numbered() {
    let bed = bed();
    bed.write(|link| own_records::erase(link, &RecordIri::mint("https://pes.example.org", Kind::Exchange).to_string()));
    bed.write(|link| own_records::erase(link, "no name of a record"));
    assert!(bed.changes(0, 10).is_empty());
}
