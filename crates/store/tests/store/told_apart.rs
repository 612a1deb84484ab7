//! Pairs that were told apart: each once, whichever of the two comes first, until it is taken back or one of them is no more.

use crate::bed::{Bed, bed, exchange};
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::told_apart;

impl Bed {
    fn tell_apart(&self, one: &str, other: &str, since: i64) {
        self.write(|link| told_apart::put(link, (one, other), "nora", since));
    }

    fn pairs(&self) -> Vec<(String, String)> {
        self.read(told_apart::all).into_iter().map(|one| (one.one, one.other)).collect()
    }
}

fn pair(one: &str, other: &str) -> (String, String) {
    (one.into(), other.into())
}

#[test]
fn a_pair_is_one_row_in_whatever_order_it_is_told() {
    let bed = bed();
    assert!(bed.pairs().is_empty());
    bed.tell_apart("b", "a", 1);
    bed.tell_apart("a", "b", 2);
    bed.tell_apart("c", "a", 3);
    assert_eq!(bed.pairs(), [pair("a", "c"), pair("a", "b")], "the last first");
    assert_eq!(bed.read(told_apart::all)[1].since, 2, "said again, it is said now");
    assert_eq!(bed.read(|link| told_apart::from(link, "a")).len(), 2);
    assert_eq!(bed.read(|link| told_apart::from(link, "c")), ["a"]);
    assert!(bed.read(|link| told_apart::from(link, "d")).is_empty());
}

#[test]
fn it_is_taken_back_pair_by_pair_and_twice_is_once() {
    let bed = bed();
    bed.tell_apart("a", "b", 1);
    bed.tell_apart("a", "c", 1);
    for _ in 0..2 {
        bed.write(|link| told_apart::remove(link, ("b", "a")));
        assert_eq!(bed.pairs(), [pair("a", "c")]);
    }
    bed.write(|link| told_apart::remove(link, ("x", "y")));
    assert_eq!(bed.pairs().len(), 1);
}

#[test]
fn what_is_erased_is_forgotten_here_too() {
    let bed = bed();
    let record = exchange("own", "Un four");
    let name = record.iri.to_string();
    bed.write(|link| {
        own_records::put(link, &OwnRecord { moderation: Moderation::Published, author: None, version: 0, record })
    });
    bed.tell_apart(&name, "a", 1);
    bed.tell_apart("zzz", &name, 1);
    bed.tell_apart("a", "b", 1);
    bed.write(|link| own_records::erase(link, &name));
    assert_eq!(bed.pairs(), [pair("a", "b")]);
}
