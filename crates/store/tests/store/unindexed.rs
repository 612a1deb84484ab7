//! Records at which the search index has to look again: noted once, forgotten when they were looked at, and not when they changed meanwhile.

use crate::bed::{Bed, bed};
use pes_store::unindexed::{self, Unindexed};

impl Bed {
    fn note(&self, record: &str) {
        self.write(|link| unindexed::note(link, record));
    }

    fn some(&self, limit: u64) -> Vec<Unindexed> {
        self.read(|link| unindexed::some(link, limit))
    }

    fn names(&self) -> Vec<String> {
        self.some(100).into_iter().map(|one| one.record).collect()
    }
}

#[test]
fn a_record_is_noted_once_however_often_it_changes() {
    let bed = bed();
    assert!(bed.names().is_empty());
    ["b", "a", "b", "b"].into_iter().for_each(|record| bed.note(record));
    assert_eq!(bed.names(), ["a", "b"]);
    assert_eq!(bed.some(1).len(), 1, "in portions");
}

#[test]
fn what_was_looked_at_is_forgotten_and_nothing_else() {
    let bed = bed();
    ["a", "b", "c"].into_iter().for_each(|record| bed.note(record));
    let looked_at = bed.some(2);
    bed.write(|link| unindexed::done(link, &looked_at));
    assert_eq!(bed.names(), ["c"]);
    bed.write(|link| unindexed::done(link, &looked_at));
    bed.write(|link| unindexed::done(link, &[]));
    assert_eq!(bed.names(), ["c"]);
}

/// Who looked at a record before it changed has not seen the change.
#[test]
fn what_changes_while_it_is_looked_at_is_looked_at_again() {
    let bed = bed();
    bed.note("a");
    let looked_at = bed.some(10);
    bed.note("a");
    bed.write(|link| unindexed::done(link, &looked_at));
    assert_eq!(bed.names(), ["a"]);
}
