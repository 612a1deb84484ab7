//! The yardstick of the database: bare inserts are durable rows, and statements are counted by what they do.

use crate::bed::{self, bed, exchange};
use pes_changeset::Channel;
use pes_domain::List;
use pes_store::records::{self, Sheet};
use pes_store::yardstick::{Bare, count_statements, counted};
use pes_store::{Database, Store};

#[test]
fn bare_inserts_are_rows_of_a_table_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::of_test(folder.path());
    let mut bare = Bare::open(&database).unwrap();
    bare.insert(["one", "two"].into_iter()).unwrap();
    bare.insert(["three"].into_iter()).unwrap();
    assert!(Bare::open(&database).is_err(), "the table is there already");
    if let Database::File(path) = database {
        let bytes =
            [std::fs::read(&path).unwrap(), std::fs::read(folder.path().join("pes.sqlite-wal")).unwrap()].concat();
        assert!(bytes.windows(5).any(|window| window == b"three"));
    }
}

/// Counting is for the whole process, and other tests of this file may run beside it: what is counted is that or more.
#[test]
fn statements_are_counted_by_what_they_do() {
    let folder = tempfile::tempdir().unwrap();
    count_statements(true).unwrap();
    let store = Store::open(Database::of_test(folder.path())).unwrap();
    let before = counted();
    store.write(|link| records::remove(link, "a:record", Channel::Public)).unwrap();
    store.read(|link| records::of_channel(link, "a:record", Channel::Public)).unwrap();
    let after = counted();
    count_statements(false).unwrap();
    assert!(after.changes > before.changes, "{before:?} {after:?}");
    assert!(after.selects - before.selects >= 2, "{before:?} {after:?}");
}

#[test]
fn a_first_sheet_brings_all_its_facets_and_there_is_one_first() {
    let bed = bed();
    bed.pin("paca");
    let record = exchange("paca", "Local");
    let sheet = Sheet { channel: Channel::Public, node: bed::node("paca").id, version: 1, record: record.clone() };
    bed.write(|link| records::insert(link, &sheet));
    let iri = record.iri.to_string();
    let found = |facet: &str, value: &str| bed.read(|link| records::with_facet(link, facet, value));
    assert_eq!(found(List::ExchangeType.name(), "service"), std::slice::from_ref(&iri));
    assert_eq!(found("direction", "demand"), std::slice::from_ref(&iri));
    assert!(found("direction", "offer").is_empty());
    let why = bed.refused(|link| records::insert(link, &sheet));
    assert!(why.to_uppercase().contains("UNIQUE"), "{why}");
}
